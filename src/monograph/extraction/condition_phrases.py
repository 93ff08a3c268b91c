"""Conditions that are phrases rather than names: "wear contact lenses", "weigh 60 kg or less", "not able to eat or drink"."""

from __future__ import annotations

import re

from monograph.extraction.concepts import phrase_end
from monograph.extraction.condition_names import is_none
from monograph.extraction.interactants import interactants
from monograph.extraction.reading import Sentence

__all__ = ["circumstance", "end_of_condition", "examples_apart", "whole_phrase"]

#: items that tell what to do or what happens, and no condition of a person
_NO_CONDITION = re.compile(
    r"^(?:if )?you (?:notice|feel|get|start|become|develop|experience|miss|forget|need (?:more|help|advice)|want|stop)\b"
    r"|^(?:swallow|chew|crush|apply|inject|wash|put|open|place|should not|must not|causes?|does not|take|use|do not|don't|tell|talk|ask|call|contact|see|speak|stop|keep|avoid|always|never|make sure|store|eat|remember|(?:carefully )?follow (?:your|the)|read|check)\b"
    r"|^(?:any|all|other|it|this|the|these|those|symptoms?|signs?|side effects?)\b(?! (?:disease|disorder|problem))"
)
#: a bound belongs to what it bounds, and "not able to" to each verb after it
_WEIGHED = re.compile(
    r"(?:if )?(?:you |your child |the child |they )?(?P<name>weighs? (?:less than |more than |under |over |below |above )?\d+ ?(?:kg|kilograms?|kilos?|pounds?|lbs?|stones?)(?: or (?:less|more|under|over|below|above))?)"
)
_UNABLE = re.compile(
    r"(?:if )?(?:(?:you|your child|the child)(?:'re| are| is)? )?(?:are |is )?(?P<name>(?:not able to|unable to|cannot|can't) [a-z]+(?: (?:or|and) [a-z]+)?)"
)


#: asides, and what is said of a circumstance
_SAID_OF_IT = re.compile(r"\s*\([^()]*\)|,? (?:which|that) (?:may|might|can|could) .*$|, your doctor .*$")


def whole_phrase(text: str) -> str | None:
    """The condition where a bound, or "not able to", belongs to all of it."""
    plain = text.strip(" .,;")
    told = _WEIGHED.fullmatch(plain) or _UNABLE.fullmatch(plain)
    return told.group("name") if told else None


def circumstance(sentence: Sentence, start: int, end: int) -> str | None:
    """A circumstance of the person as a short phrase ("wear contact lenses"); None for an instruction or an aside."""
    text = _SAID_OF_IT.sub("", sentence.low[start:end]).strip(" .,;*")
    if len(text) > 80 or _NO_CONDITION.search(text) or interactants(sentence, start, end, item=True):
        return None
    name = re.sub(
        r"^(?:if )?(?:(?:you(?:'re|'ve)?|your child|the child)(?![a-z]))?\s*(?:(?:are|is|have|has|had|ever|been|an?|the|any)\s+)*"
        r"(?:(?:in|on|for) (?:an? |the )?(?=(?:child|babies|newborn|infant|adult|wom[ae]n|m[ae]n|people)))?",
        "",
        text,
    ).strip(" .,;")
    name = re.sub(r"\b(of|in|into|on|to|from|with) your(?= (?:[a-z]+ )?[a-z]+$)", r"\1 the", name)
    if re.search(r"\b(?:you|your|doctor|pharmacist|medicines?|medication|drugs?)\b", name) or "\x01" in name:
        return None
    if is_none(name) or name.endswith((" and", " or", " as", " that")):
        return None
    return name if len(name) > 3 and len(name.split()) <= 9 else None


_SUCH_AS = re.compile(r",? (?:such as|including|for example|especially) ")


def examples_apart(low: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches before and after "such as": what introduces examples, and the examples."""
    out, at = [], start
    for m in _SUCH_AS.finditer(low, start, end):
        if low.count("(", start, m.start()) == low.count(")", start, m.start()):
            out.append((at, m.start()))
            at = m.end()
    return [(a, b) for a, b in [*out, (at, end)] if b - a > 2]


def end_of_condition(low: str, start: int, limit: int, *, list_item: bool) -> int:
    """Where what names a condition from ``start`` on ends, ``limit`` at the latest: before a reason, an advice, a new row."""
    cut = re.search(
        r"(?<!e\.g)\.(?:\s|$)|;\s|\s-{1,2}\s|\swho\b|,? (?:the (?:type|kind|form) (?:that|which)\b)|, as (?!well)|,? (?:because|as (?:it|this|dizziness|the)|since|tell|talk|ask|contact (?:your|a|the)|follow your|he/she|your doctor|please|unless|before|"
        r"except|should not|must not|should|while)\b" + (r"|:\s" if list_item else ""),
        low[start:limit],
    )
    end = start + cut.start() if cut else limit
    if cut is None:
        end = min(limit, max(phrase_end(low, start, limit), start))
        if end - start < 4:
            end = limit
    return end
