"""What a sentence says of the drug in pregnancy, breastfeeding, children and other groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.assertion import Assertion, assess
from monograph.extraction.context import Context
from monograph.extraction.making import Maker
from monograph.extraction.populations import Mention, mentions
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import rules
from monograph.facts import Fact

__all__ = ["sentence_populations"]

_ABOUT_DRUG = re.compile(
    r"\x01|\b(?:it|its|this (?:medicine|medication|drug|product)|the (?:medicine|drug|medication|product)|taking|using|doses?|use|treatment|safety|to take|may take|can take|amounts?|levels?)\b"
)
_SPLIT = re.compile(
    r",? (?:and|but) (?=(?:has|have|is|are|it|you|ask|talk|they|may|can|should) )|;\s|, (?:but|however|so)\s"
)


def sentence_populations(maker: Maker, sentence: Sentence, context: Context, known: list[Fact]) -> Iterator[Fact]:
    """The population facts of a sentence; ``known`` are its other facts: what it denies of a group is said there."""
    low = sentence.low
    found = mentions(low)
    section = context.section.name if context.section else "none"
    if section in {"other-drugs", "disease", "lifestyle"} or sentence.text.endswith("?"):
        return
    implied = section == "population" and not found
    if not found and not implied:
        return
    if not _ABOUT_DRUG.search(low) and not re.match(r"(?:children|adults|if pregnant|do not)", low):
        return
    denied = any(f.polarity == "negated" and f.kind != "population" for f in known)
    dosed = {group for f in known if f.kind == "regimen" for group in f.population}
    for rule in rules("population_statements"):
        m = rule.pattern.search(low)
        if m is None:
            continue
        if rule.role == "none":
            return
        if rule.identifier.endswith("can-be-used") and any(f.kind == "indication" for f in known):
            continue  # "used for X in adults" limits the indication
        if denied and rule.options.get("beside") != "denial":
            continue
        if rule.options.get("needs") == "subject" and not re.search(
            r"\x01|\b(?:it|this (?:medicine|drug|medication)|the (?:drug|medicine)|side effects)\b", low
        ):
            continue
        groups = [f for f in found if f.group not in dosed and _wanted(f, low, rule.options.get("only"))]
        if not groups:
            continue
        said = assess(low, m.start(), m.end())
        if said.blocked and said.rule in {"assertion:placebo-subject", "assertion:disease-subject"}:
            continue
        if rule.identifier.endswith("harm") and said.polarity == "negated":
            continue
        polarity = rule.options.get("polarity", "asserted")
        hedged = re.search(
            r"\b(?:may be|might be|suggests?|thought|believed|possibly|probably|likely|appears?|seems?)\b", low
        )
        span = _clause(low, m.start(), m.end(), [g.start for g in groups])
        if span is not None and hedged is not None and not span[0] <= hedged.start() < span[1]:
            span = None  # the hedge stands in the other clause: both are quoted
        if len(sentence.text) <= 320 and span is None:
            span = (0, len(sentence.text))
        begin, end = span or (0, min(len(sentence.text), 500))
        statement = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\d+\]", "", sentence.text[begin:end]).strip(" ,;")
        if hedged and polarity == "not-established":
            polarity = "asserted"  # "little research, but it may be safe": something is said, with a hedge
        for group in dict.fromkeys(g.group for g in groups):
            yield maker.fact(
                "population",
                group.name,
                sentence,
                rule.identifier,
                span=(begin, end),
                assertion=Assertion(polarity, "hedged" if hedged else "stated"),  # type: ignore[arg-type]
                population=(group,),
                statement=statement[:400],
            )
        return


def _wanted(mention: Mention, low: str, only: str | None) -> bool:
    name = mention.group.name
    if only is not None:
        return any(name.startswith(o) for o in only.split(","))
    if name == "infants":
        # "the baby" of a pregnant or nursing reader is told of under pregnancy and breastfeeding
        return not re.search(r"pregnan|breast|placenta|womb|unborn", low)
    if name in {"men", "women"}:
        return re.search(r"sperm|only|not (?:be )?(?:used|take)", low) is not None and "fertil" not in low
    return True


def _clause(low: str, start: int, end: int, groups: list[int]) -> tuple[int, int] | None:
    """The clause around a statement, where it names the population itself; None for the whole sentence."""
    cuts = [m.start() for m in _SPLIT.finditer(low)]
    before = max((c for c in cuts if c <= start), default=0)
    after = min((c for c in cuts if c >= end), default=len(low))
    if before == 0 and after < len(low) and any(before <= g < after for g in groups):
        return before, after
    return None
