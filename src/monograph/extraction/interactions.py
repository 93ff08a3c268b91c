"""What the drug interacts with: other drugs, classes, foods, alcohol, supplements, and the effect that is stated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from monograph.extraction.assertion import Assertion, denies_what_it_does
from monograph.extraction.concepts import phrase_end
from monograph.extraction.context import SILENT, Context
from monograph.extraction.making import Maker
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import OTHER, rules, table
from monograph.facts import Fact

__all__ = [
    "Interactant",
    "headed_interactions",
    "interactants",
    "item_interactions",
    "names_nothing_else",
    "sentence_interactions",
]

#: a mention of this drug, by name or as "it"
_OWN = re.compile(r"\x01|\b(?:it|its|this (?:medicine|medication|drug|product)|the (?:medicine|drug|medication))\b")
#: what alcohol or another drug does is no effect of the drug, but it is an interaction
_NOT_HERE = frozenset({"assertion:alcohol-subject", "assertion:disease-subject"})
_RUN = re.compile(rf"{OTHER}+(?:[ -]{OTHER}+)*")
_CLASS_PHRASE = re.compile(
    r"\b(?:(?:other |certain |some |any |any other |most |many |medicines? |drugs? )*"
    r"(?:medicines?|medications?|drugs?|tablets|remedies|products|preparations|treatments)"
    r" (?:to (?:treat|prevent|suppress|reduce|lower|help|control)|for (?!you|your|a while|example)|that (?:lower|raise|increase|reduce|affect|make|cause|slow|suppress|thin|treat|contain|prolong|weaken|relax)|which (?:lower|raise|increase|reduce|affect)|used (?:to|for|in)|called|known as|containing) "
    r"(?P<what>[^,.;:()\[\]]+))"
)
_EXAMPLES = re.compile(
    r"\b(?:such as|like|e\.g\.,?|for example|including|includes?)\s|\((?:e\.g|such as|for example|like|including)"
)


@dataclass(frozen=True, slots=True)
class Interactant:
    """What is interacted with, its type, and its place in the sentence."""

    name: str
    type: str
    start: int
    end: int


@cache
def _named() -> re.Pattern[str]:
    names = sorted((row["name"].lower() for row in table("interactants")), key=len, reverse=True)
    return re.compile(r"(?<![a-z])(?<!breast )(?<!human )(?:" + "|".join(re.escape(n) for n in names) + r")(?![a-z])")


def _written(name: str) -> str:
    """A class name with its acronym in capitals (``NSAIDs``), as the table writes it."""
    for row in table("drug_classes"):
        if row["name"].isupper() and re.search(rf"\b{row['name'].lower()}s?\b", name):
            return re.sub(rf"\b{row['name'].lower()}(s?)\b", row["name"] + r"\1", name)
    return name


@cache
def _anything() -> re.Pattern[str]:
    """Anything at all that may be interacted with, other than a drug by name."""
    return re.compile(f"{_named().pattern}|{_class_names().pattern}|{_CLASS_PHRASE.pattern}")


@cache
def _types() -> dict[str, str]:
    return {row["name"].lower(): row["type"] for row in table("interactants")}


@cache
def _class_names() -> re.Pattern[str]:
    names = sorted(
        (row["name"].lower() for row in table("drug_classes") if row["type"] == "class"), key=len, reverse=True
    )
    return re.compile(
        r"(?<![a-z-])(?:(?:tricyclic|oral|hormonal|other|certain|some|potassium-sparing|loop|thiazide|strong|opioid|prescription|nonprescription) )*(?:"
        + "|".join(re.escape(n) for n in names)
        + r")e?s?(?: (?:medicines?|medications?|drugs?|tablets))?(?![a-z-])"
    )


def interactants(
    sentence: Sentence, start: int = 0, end: int | None = None, *, item: bool = False
) -> list[Interactant]:
    """What ``sentence[start:end]`` names that a drug may interact with. In a list item, a class that is only there to
    introduce its examples ("antibiotics such as …") is left out."""
    low = sentence.low
    stop = len(low) if end is None else end
    out: list[Interactant] = []
    for m in _RUN.finditer(low, start, stop):
        out.append(Interactant(sentence.text[m.start() : m.end()].strip().lower(), "drug", m.start(), m.end()))
    drugs = bool(out)
    classes = [m.span() for m in _class_names().finditer(low, start, stop)]
    for m in _named().finditer(low, start, stop):
        if any(a <= m.start() < b for a, b in classes):
            continue
        type_ = _types()[m.group()]
        name = "alcohol" if type_ == "alcohol" else m.group()
        name = "grapefruit" if name.startswith("grapefruit") else name
        name = "St John's wort".lower() if name.startswith("st") and name.endswith("wort") else name
        out.append(Interactant(name, type_, m.start(), m.end()))
    named = len(out)
    for m in _CLASS_PHRASE.finditer(low, start, stop):
        if item and drugs:
            continue
        begin = m.start()
        finish = phrase_end(low, m.start("what"), m.end())
        if cut := _EXAMPLES.search(low, m.start("what"), finish):
            finish = cut.start()
        phrase = low[begin:finish].strip(" ,[(")
        phrase = re.sub(r"^(?:other|certain|some|any|any other|most|many)\s+", "", phrase)
        pieces = re.split(r"\s+or\s+", phrase) if re.search(r"\bto treat\b|\bfor\b", phrase) else [phrase]
        stem = re.match(r".*?\b(?:to treat|for|to prevent)\s+", pieces[0])
        for k, piece in enumerate(pieces):
            name = piece if k == 0 or stem is None else stem.group() + piece
            out.append(Interactant(re.sub(r"\s*\([^)]*\)?", "", name).strip(), "drug-class", begin, finish))
    if not (item and drugs):
        for m in _class_names().finditer(low, start, stop):
            if any(o.start <= m.start() < o.end for o in out) or re.search(r"\x02, an? $", low[: m.start()]):
                continue
            name = re.sub(r"^(?:other|certain|some|prescription|nonprescription)\s+", "", m.group())
            name = _written(name)
            if len(name) > 2 and name not in {
                "hormone",
                "vitamin",
                "vitamins",
                "mineral",
                "minerals",
                "supplement",
                "supplements",
                "enzyme",
                "vaccines",
            }:
                out.append(Interactant(name, "drug-class", m.start(), m.end()))
    if item and not out and named == 0 and (whole := re.match(r"^[^,.;:(]{3,60}", low)):
        phrase = whole.group().strip()
        if re.search(
            r"(?:medicines?|medications?|drugs?|pills?|tablets|blockers?|inhibitors?|ics|ants|ives|ics)$", phrase
        ):
            out.append(Interactant(phrase, "drug-class", 0, whole.end()))
    seen: dict[tuple[str, str], Interactant] = {}
    for found in out:
        seen.setdefault((found.name, found.type), found)
    return list(seen.values())


def item_interactions(maker: Maker, sentence: Sentence, context: Context, rule: str) -> Iterator[Fact]:
    """The interactions of an item in a list that the lead-in says holds interacting things."""
    lead = context.lead[-1] if context.lead else None
    effect = _effect(lead) if lead is not None else None
    for found in interactants(sentence, item=True):
        said = maker.assess(sentence, found.start, found.end, passing=_NOT_HERE)
        if said.blocked:
            continue
        yield maker.fact(
            "interaction",
            found.name,
            sentence,
            rule,
            assertion=said,
            role=found.type,
            statement=effect or sentence.text[:300],
        )


def sentence_interactions(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The interactions that a sentence states."""
    low = sentence.low
    if context.section is not None and context.section.name in SILENT:
        return
    if OTHER not in low and _anything().search(low) is None:
        return
    for rule in rules("interaction_statements"):
        m = rule.pattern.search(low)
        if m is None:
            continue
        if rule.role == "none":
            return
        found = interactants(sentence)
        others = {f.name for f in found if f.type == "drug"}
        if len(others) > 1 and rule.identifier.endswith("affects-level") and not _OWN.search(low):
            return  # what one other drug does to another
        section = context.section.name if context.section else None
        if (only := rule.options.get("sections")) and section not in only.split(","):
            continue
        if reach := rule.options.get("lead"):
            found = [f for f in found if f.start < int(reach)]
        if wanted := rule.options.get("types"):
            found = [f for f in found if f.type in wanted.split(",")]
        if not found:
            continue
        subjectless = not sentence.has_subject and not re.search(
            r"\b(?:it|this (?:medicine|medication|drug|product)|the (?:medicine|drug)|combination|taking|side effects|using this)\b",
            low,
        )
        if subjectless and section not in {
            "interaction",
            "precaution",
            "advice",
            "regimen",
            "discuss",
            "contraindication",
        }:
            continue
        for one in found:
            said = maker.assess(sentence, one.start, one.end, passing=_NOT_HERE)
            if said.blocked and rule.options.get("ask") != "1":
                continue
            if rule.options.get("action") == "1":
                said = Assertion()
            elif said.polarity == "asserted" and denies_what_it_does(low, one.end):
                said = Assertion("negated")
            yield maker.fact(
                "interaction",
                one.name,
                sentence,
                rule.identifier,
                span=maker.quote_span(sentence, m.start(), max(m.end(), one.end)),
                assertion=said,
                role=one.type,
                statement=sentence.text[:300],
            )
        return


_LEFT_OVER = re.compile(r"\b(?:and|or|with|other|the|an?|taking|mixing|using)\b|[\s,;/&.:()-]+")


def names_nothing_else(low: str, found: list[Interactant]) -> bool:
    """Whether a heading or an item names the interactants ``found`` and nothing more."""
    for one in sorted(found, key=lambda f: -f.start):
        low = low[: one.start] + low[one.end :]
    return not _LEFT_OVER.sub(" ", low).strip()


def headed_interactions(maker: Maker, index: int, sentences: tuple[Sentence, ...], context: Context) -> Iterator[Fact]:
    """Interactions of a paragraph whose heading names what interacts, in a section on interactions.

    ("Warfarin" as the term of a definition list, "It can thin the blood too much." as what is said of it.)
    """
    document = maker.reading.document
    block = document.blocks[index]
    if context.section is None or context.section.name != "interaction" or block.section is None or index == 0:
        return
    before = document.blocks[index - 1]
    if before.kind != "heading" or not (heads := maker.reading.sentences[index - 1]) or heads[0].has_subject:
        return
    found = interactants(heads[0])
    if not found or not names_nothing_else(heads[0].low, found):
        return
    place = replace(
        maker.reading.evidence(sentences[0]),
        start=before.start,
        quote=document.text[before.start : maker.reading.evidence(sentences[0]).end],
    )
    for one in found:
        fact = maker.fact(
            "interaction", one.name, sentences[0], "interactions:heading", role=one.type, statement=sentences[0].text
        )
        yield replace(fact, evidence=(place,))


def _effect(lead: Sentence) -> str | None:
    """What the lead-in says happens: "may increase the effects of …"."""
    if m := re.search(
        r"\b(?:may|can|might|could) (?:increase|decrease|reduce|affect|raise|lower|change|make)[^:.]*", lead.low
    ):
        return lead.text[m.start() : m.end()].strip()
    return None
