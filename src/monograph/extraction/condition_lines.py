"""Conditions that a line without a list mark names, or a table's row or subhead over a few words that forbid."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from monograph.extraction.allergies import ALLERGY
from monograph.extraction.conditions import ADVICE_ONLY, PERSON, STATES, conditions_in
from monograph.extraction.context import Context
from monograph.extraction.interactants import names_anything
from monograph.extraction.making import Maker
from monograph.extraction.populations import mentions
from monograph.extraction.reading import Sentence
from monograph.extraction.wording import clinical
from monograph.facts import Fact, Kind
from monograph.screening import screened

__all__ = ["line_conditions", "verdict_conditions"]


def line_conditions(maker: Maker, index: int, sentences: tuple[Sentence, ...], context: Context) -> Iterator[Fact]:
    """The conditions that a line without a list mark names, in a section that is about nothing else.

    Either a few words without a verb ("Stomach ulcer"), or a clause that its lead-in completes ("you have had a stroke").
    """
    section = context.section.name if context.section else ""
    if section not in {"contraindication", "precaution"} or not sentences or context.items is not None:
        return
    first = sentences[0]
    kind: Kind = "contraindication" if section == "contraindication" and not _past_it(maker, index) else "precaution"
    if first.text.endswith((":", "?")):
        return
    row = section == "contraindication" and ";" in first.low
    if row and len(parted := _PARTED.split(first.low)) > 2 and all(_names_state(part) for part in parted):
        at = 0
        for part in parted:
            begin = first.low.index(part, at)
            at = begin + len(part)
            yield from conditions_in(maker, first, begin, at, kind, "conditions:line", list_item=True)
        return
    if section == "contraindication" and all(s.text.endswith(".") and _names_state(s.low) for s in sentences):
        for line in sentences:  # "Systemic fungal infections and known hypersensitivity to components."
            yield from conditions_in(maker, line, 0, len(line.low), kind, "conditions:line", list_item=True)
        return
    if (dash := first.text.find("—")) > 2 and _VERB.search(first.low, 0, dash) is None:
        yield from conditions_in(maker, first, 0, dash, kind, "conditions:line", list_item=True)
        return
    if mark := re.match(r"[-–•*·]\s+", first.text):
        yield from conditions_in(maker, first, mark.end(), len(first.low), kind, "conditions:line", list_item=True)
        return
    if (who := _WHO.match(first.low)) and len(first.text) <= 200 and _TELLS.search(first.low, who.end()) is None:
        yield from conditions_in(maker, first, who.end(), len(first.low), kind, "conditions:line", list_item=True)
        return
    if PERSON.match(first.low) is None:
        bare = _VERB.search(first.low) is None and not first.text.endswith(".") and len(first.text.split()) <= 12
        asked = context.lead and _ASKED_IF.search(context.lead[-1].low) is not None and len(first.low.split()) <= 7
        if bare and len(sentences) == 1 and (asked or clinical(re.sub(r"^known ", "", first.low))):
            yield from conditions_in(maker, first, 0, len(first.low), kind, "conditions:line", list_item=True)
        return
    cuts = [0, *(m.end() for m in _NEXT_PERSON.finditer(first.low)), len(first.low)]
    for start, stop in itertools.pairwise(cuts):
        end = told.start() if (told := _TOLD_OF_IT.search(first.low, start + 15, stop)) else stop
        clause = first.low[start:end]
        if len(clause) <= 300 and _MAIN.search(clause) is None and not ADVICE_ONLY.search(clause):
            yield from conditions_in(maker, first, start, end, kind, "conditions:line", list_item=True)


_PARTED = re.compile(r";\s+")


def _names_state(part: str) -> bool:
    """Whether a part of a row between semicolons is a few words that name a condition: "cardiogenic shock"."""
    bare = re.sub(r"\([^()]*\)", "", part)
    return len(bare.split()) <= 16 and _VERB.search(bare) is None and bool(clinical(bare) or ALLERGY.search(bare))


#: a lead-in that asks for conditions, whatever else it says
_ASKED_IF = re.compile(r"\b(?:if|of|have|had|with|if you|you are)(?: any of)?(?: the following| these)?:$")
#: what a table says of the person whom its row names
_FORBIDS = screened(
    r"^(?:it |they )?(?:must|should|do|can|may)(?:n't| not|not)\b|^never\b|^not (?:to be )?(?:take|taken|use|used|suitable|for|allowed|given|recommended|advised|to)\b|^avoid\b|forbidden"
    r"|\b(?:must|should|can|may)(?:n't| not|not) (?:be )?(?:take|taken|use|used|given|have|receive)\b|contra-?indicated|\bnot (?:suitable|allowed|for (?:you|them))\b"
)
_CARES = screened(
    r"\b(?:with|take|special|extra|great|more) (?:special |great )?(?:care|caution)\b|^caution\b|^careful|\bcarefully\b|start (?:low|with)|^(?:lower|reduced|smaller) dose"
    r"|^(?:tell|ask|talk|speak|check)\b|^only (?:after|if|with|under)\b|under (?:close )?supervision|^(?:close |regular |more )?(?:monitoring|blood tests|checks)\b"
)
_TELLS = re.compile(
    r"\b(?:is|are|was|were|can|may|might|should|must|will|needs?|requires?|take|tell|do|does|get|show|often|usually)\b"
)
_WHO = re.compile(
    r"^(?:people|patients|persons|those|anyone|adults|men|women|users)\s+"
    r"(?:with|who (?:has|have) (?:ever |already )?had|who (?:have|has)|who are|who is|who)\s+"
)


def verdict_conditions(maker: Maker, index: int, sentences: tuple[Sentence, ...]) -> Iterator[Fact]:
    """The condition that a table's row or a subhead names, where a few words after it say "must not take it"."""
    blocks = maker.reading.document.blocks
    if index == 0 or len(sentences) != 1 or len(sentences[0].text.split()) > 14 or sentences[0].text.endswith(":"):
        return
    if blocks[index - 1].kind == "item" or blocks[index].kind == "item":
        return
    if _ADVISES.search(blocks[index].column_head or ""):
        return  # what to do about the effect that the row names
    head, colon, told = sentences[0].low.partition(": ")
    verdict = (told if colon else head).strip()
    forbids = _FORBIDS.search(verdict)
    if forbids is None and _CARES.search(verdict) is None:
        return
    if names_anything(verdict):
        return  # "Avoid alcohol" forbids another thing
    before = sentences if colon else maker.reading.sentences[index - 1]
    if len(before) != 1 or len(before[0].text.split()) > 14 or (not colon and before[0].text.endswith((".", ":", "?"))):
        return
    low = head if colon else before[0].low
    if (not clinical(low) and not STATES.search(low)) or (mentions(low) and not clinical(low)):
        return
    start = who.end() if (who := _WHO.match(low)) else 0
    kind: Kind = "contraindication" if forbids else "precaution"
    yield from conditions_in(maker, before[0], start, len(low), kind, "conditions:verdict", list_item=True)


_ADVISES = re.compile(r"(?i)\b(?:what (?:you can|to|you should|should (?:you|i))|advice|action|tips)\b")
#: where the next clause begins in lines that a converter ran together
_NEXT_PERSON = screened(
    r",? or (?=if (?:you|your child|the child)(?:'ve|'re)? (?:are|have|had|suffer|take)\b)|(?<=[a-z)\d]) (?=if (?:you|your child|the child)(?:'ve|'re)? (?:are|have|had|suffer|take|think|know|weigh)\b)"
)


#: subheads of leaflets that a converter ran into the text before
_NEXT_PART = screened(
    r"\bwarnings and precautions\b|\bother medicines and\b|\btalk to (?:your|a) doctor[^.]{0,60}\bbefore\b"
)


def _past_it(maker: Maker, index: int) -> bool:
    """Whether the part on whom the drug is not for has ended before this block, without a heading of its own."""
    blocks = maker.reading.document.blocks
    for at in range(index - 1, max(-1, index - 40), -1):
        if blocks[at].section != blocks[index].section or blocks[at].kind == "heading":
            return False
        if any(_NEXT_PART.search(s.low) for s in maker.reading.sentences[at]):
            return True
    return False


#: what the doctor does about it, or when it may be taken all the same, behind a condition
_TOLD_OF_IT = screened(r",? your doctor (?:may|might|can|will)\b|,? except (?:when|if)\b")
_MAIN = re.compile(
    r", (?:(?:you|tell|talk|ask|speak|do not|don't|contact|call|check|see|your|this|it|the)\b|\x01)|\b(?:should|must|cannot|may be|will)\b|\byour doctor (?:may|might|can)\b|[^,] (?:tell|talk to|ask|consult) (?:your|a)\b"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|can|may|might|should|must|will|take|tell|call|stop|do|you|your|if|when|use|see|talk|ask|read|include)\b|\x01 (?:can|may)"
)
