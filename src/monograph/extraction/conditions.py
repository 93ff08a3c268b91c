"""Contraindications ("do not take it if you …") and precautions ("tell your doctor before if you …"): the conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.assertion import Assertion
from monograph.extraction.concepts import clinical, phrase_end, split
from monograph.extraction.context import Context
from monograph.extraction.interactions import interactants, names_nothing_else
from monograph.extraction.making import Maker
from monograph.extraction.populations import mentions
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import rules
from monograph.extraction.run_on import circumstances
from monograph.facts import Fact, Kind

__all__ = ["item_conditions", "sentence_conditions"]

_ALLERGY = re.compile(
    r"\b(?:allerg(?:y|ic|ies)|hypersensitiv\w*|allergic reactions?|bad reaction|serious reaction)\b(?: reactions?)?(?: to| from)?"
)
_LEAD = re.compile(
    r"^(?:if )?(?:you(?:'re|'ve| are| have| had)?|your child|they)?\s*(?:(?:are|have|has|had|ever had|ever|suffer from|suffering from|a|an|been told (?:you have|that you have)|currently|any|now have|previously had|think you (?:may )?have|know that you have|also have|experience|develop|taking)\s+)*"
)
_CUES = re.compile(
    r"\bif\b|\bwhen\b|caution|careful|closely|contra|suitable|recommended|should not|must not|tell your|intoleran"
)
#: several conditions in one sentence, of which pregnancy may be one
_IF_LIST = re.compile(r",.*\bor\b|,.*,")
_TAKING = re.compile(
    r"^(?:if )?(?:you(?:'re| are| have)?\s+)?(?:also |currently |already |recently )*(?:taking|take|taken|using|use|on)\b"
)
_ADVICE_ONLY = re.compile(
    r"\b(?:warning applies|applies to you|any (?:other )?(?:questions|concerns|symptoms|side effects|doubts)|not sure|unsure|expiry|expired|damaged|appearance|seal|bothers|tamper|missed|worried|surgery on|change in the)\b"
)


def item_conditions(maker: Maker, item: Sentence, context: Context, role: str, rule: str) -> Iterator[Fact]:
    """The conditions that a list item names; an item on medicines taken is an interaction."""
    kind: Kind = "contraindication" if role == "contraindication" else "precaution"
    if _ADVICE_ONLY.search(item.low) or re.match(r"(?:if )?you (?:notice|feel|get|start|become|develop)\b", item.low):
        return
    if (found := interactants(item, item=True)) and names_nothing_else(item.low, found):
        for one in found:
            yield maker.fact("interaction", one.name, item, rule, role=one.type, statement=item.text[:300])
        return
    yield from _conditions(maker, item, 0, len(item.low), kind, rule, list_item=True)


def sentence_conditions(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The contraindications and precautions that a sentence states."""
    section = context.section.name if context.section else "none"
    if section in {"other-drugs", "disease", "lifestyle"}:
        return
    if _CUES.search(sentence.low) is None:
        return
    for rule in rules("condition_statements"):
        m = rule.pattern.search(sentence.low)
        if m is None:
            continue
        if rule.role == "none":
            return
        if (only := rule.options.get("sections")) and section not in only.split(","):
            continue
        start, limit = m.span("object")
        kind: Kind = rule.role  # type: ignore[assignment]
        for begin, end in circumstances(sentence.low, start, limit):
            if _ADVICE_ONLY.search(sentence.low[begin:end]):
                continue
            yield from _conditions(maker, sentence, begin, end, kind, rule.identifier)
        return


def _conditions(
    maker: Maker, sentence: Sentence, start: int, limit: int, kind: Kind, rule: str, *, list_item: bool = False
) -> Iterator[Fact]:
    low = sentence.low
    text = low[start:limit]
    if _TAKING.match(text.strip()):
        for found in interactants(sentence, start, limit, item=list_item):
            yield maker.fact(
                "interaction", found.name, sentence, rule, role=found.type, statement=sentence.text[start:limit].strip(),
                span=None if list_item else (start, limit), population=(),
            )  # fmt: skip
        return
    if (m := _ALLERGY.search(text)) and not re.search(r"symptoms|signs", text[: m.start()]):
        yield maker.fact(
            kind, _allergy(maker, sentence, start + m.start(), limit), sentence, rule, assertion=Assertion(), population=(),
            span=maker.quote_span(sentence, start, limit),
        )  # fmt: skip
        return
    groups = mentions(text) if list_item or not _IF_LIST.search(text) else ()
    if groups and any(
        g.group.name.startswith(("pregnan", "breastfeeding", "first", "second", "third", "people of repro"))
        for g in groups
    ):
        return
    lead = _LEAD.match(text)
    begin = start + (lead.end() if lead else 0)
    end = _end(low, begin, limit)
    found_any = False
    for concept in split(low, begin, end, sentence.text):
        name = re.sub(
            r"^(?:medical |family |familial |personal )*(?:or (?:family|familial) )?history of ",
            "history of ",
            concept.name,
        )
        plain = re.sub(r"^history of ", "", name)
        if re.search(r"\b(?:pregnan|breast-?feed)", name):
            continue  # said under the population
        if not (
            clinical(plain)
            or re.search(
                r"\b(?:age|surgery|dialysis|transplant|weigh|older|years|kidney|liver|heart|lung|drink|alcohol|drug abuse|intolerance)\b",
                plain,
            )
        ):
            continue
        found_any = True
        yield maker.fact(
            kind, name, sentence, rule, assertion=Assertion(), population=(),
            severity=None, condition=concept.condition, span=maker.quote_span(sentence, start, end),
        )  # fmt: skip
    if not found_any and list_item and len(text) < 80 and not interactants(sentence, item=True) and _circumstance(text):
        name = re.sub(r"^(?:if )?(?:you(?:'re|'ve| are| have)?\s+)?", "", text).strip(" .,;")
        yield maker.fact(kind, name, sentence, rule, assertion=Assertion(), population=())


def _circumstance(text: str) -> bool:
    """A circumstance of the person, rather than an instruction or an aside."""
    return (
        re.search(
            r"\b(?:age|aged|years|older|under \d|over \d|surgery|operation|dialysis|planning|smok\w+|drink\w*)\b", text
        )
        is not None
    )


def _end(low: str, start: int, limit: int) -> int:
    cut = re.search(
        r"\.(?:\s|$)|;\s|\s-\s|,? (?:because|as (?:it|this)|since|tell|talk|ask|contact|follow|he/she|your doctor|please|unless|before|except|should not|must not|while)\b",
        low[start:limit],
    )
    end = start + cut.start() if cut else limit
    if cut is None:
        end = min(limit, max(phrase_end(low, start, limit), start))
        if end - start < 4:
            end = limit
    return end


def _allergy(maker: Maker, sentence: Sentence, start: int, limit: int) -> str:
    """ "allergy to …" with the drug's name, or with what else is named."""
    text = sentence.low[start:limit]
    m = re.search(r"\bto (?P<what>[^.;(]+)", text)
    if m is None:
        return f"allergy to {maker.subject.name}"
    what = sentence.text[start + m.start("what") : start + m.end("what")].lower()
    masked = m.group("what")
    if re.match(r"(?:it|\x01|this (?:medicine|drug|medication|product)|the (?:medicine|drug|active))", masked):
        rest = re.search(r"or (?:to )?(\x02[\x02 ]*)", masked)
        other = what[rest.start(1) : rest.end(1)].strip() if rest else None
        return f"allergy to {maker.subject.name}" + (f" or {other}" if other else "")
    what = re.split(r"\s(?:or any|in the past|before|or have|when|if|such as|e\.g)\b|,", what)[0].strip()
    return f"allergy to {what}"[:90]
