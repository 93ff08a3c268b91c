"""The clauses of a sentence, as far as a word of denial reaches: breaks between clauses, and asides between commas.

No parser: a comma or "and" ends a clause where a new subject with its verb, a bare verb or a command follows, a
colon, a semicolon or "but" ends one always, and an aside (", which …,") neither reaches out nor is reached.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from monograph.screening import screened

__all__ = ["Clauses", "clauses"]

_VERB = (
    r"(?:is|are|was|were|has|have|had|may|might|can|cannot|could|will|would|should|must|does|do|did|\w+n't|"
    r"causes?|caused|occurs?|occurred|happens?|leads?|led|makes?|made|gives?|gave|brings?|raises?|lowers?|eases?|"
    r"relieves?|treats?|prevents?|remains?|became|began|seems?|appears?|affects?|affected|saw|showed|damages?|slows?|"
    r"harms?|calms?|keeps?|needs?|works?|suffer|developed|stays?|increases?|reduces?|follows?|comes?|goes|went|came|got|"
    r"grew|tends?|requires?|protects?|produces?|triggers?|worsens?|improves?|exists?|lies?|stands?|arises?|arose|proved|turned|fell|rose|lost|get|gets)"
)
_COMMAND = (
    r"(?:please |then |so |and )*(?:tell|ask|talk|speak|call|see a|see your|stop|do not|don't|never|always|take|use|avoid|"
    r"contact|get medical|get help|seek|show|let|check|wait|consult|drink|eat|go to|keep|make sure|mention)"
)
_PRONOUN = (
    r"(?:it|they|you|we|he|she|there|nobody|no one|none|others|\x01+|\x02+|"
    rf"(?:this|these|those|some|most|many)(?= (?:[\w'-]+ ){{0,4}}?{_VERB}\b))"
)
#: always ends a clause
_HARD = screened(
    r"[;:](?=\s)|\?(?=\s|$)|[.!]\s|\s-\s|,?\s(?:(?<!all )(?<!nothing )(?<!anything )but|however|although|(?<!as )though|even though|"
    r"whereas|nevertheless|nonetheless|or else|otherwise)\b"
    r"|,?\s(?<!not )(?<!has )(?<!have )(?<!as )yet\b(?! to)"
)
#: ends a clause in which something was said already
_SOFT = screened(
    rf"(?<!such)(?<! well)\s(?:because|unless|so that|since(?= (?:it|this|they|\x01|the))|as(?= (?:it|this|they|\x01|an? \w+ (?:may|can)|the \w+ (?:may|can))))\b(?! of \x01)"
    rf"|,(?: and| or| so| then| as| since)?(?= {_PRONOUN}(?!\w))"
    rf"|,(?= {_COMMAND}\b)"
    r"|,(?: (?:and|or|as|since))?(?= (?:which|who|whom|whose|in whom|in which|so|because|where|while)\b)"
    r"|,(?= not )"
)
#: a verb of its own behind "before", if a verb was said before
_BEFORE = screened(rf"\s(?:before|until|till)(?= (?:\x01+|it|they) (?:\w+ly )?{_VERB}\b)")
_AND_PRONOUN = screened(rf",?\s(?:and|or)(?= {_PRONOUN} {_VERB}\b)")
#: a verb of the same subject
_SAME_SUBJECT = screened(rf",?\s(?:and|or)(?= (?:\w+ly |also |often |then |so |thus )*{_VERB}\b)")
#: the same, if a verb was said before or the clause is one that opens a sentence
_NEW_SUBJECT = screened(
    rf",(?: and| or| so| then| as| since)? (?=(?:(?!(?:and|or|nor|but|that|who|which|whose|to|however|although|though|yet|whereas)\b)[\w'%\x01\x02-]+ ){{1,6}}?{_VERB}\b)"
)
_NEW_SUBJECT_AND = screened(
    rf", (?=(?:(?!(?:nor|but|that|who|which|whose|to|however|although|though|yet|whereas)\b)[\w'%\x01\x02-]+,? ){{1,9}}?{_VERB}\b)"
)
_AND_SUBJECT = screened(
    r"\sand (?=(?:(?!(?:and|or|nor|that|who|which|to|of)\b)[\w'-]+ ){1,3}?(?:is|are|was|were|may|can|has|have|might|could|will)\b)"
)
_ANY_VERB = re.compile(rf"\b{_VERB}\b|n't\b|\w{{3,}}s (?:the|your|an?|you|it|them)\b")
_SAYS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|may|might|can|could|will|would|should|must|does|did|came|comes?|put|made|gave|got|"
    r"turned|began|followed|occurred|happens?|seems?|appears?|stems?|belongs?|goes)\b"
)
_FRONTED = re.compile(
    r"\s*(?:although|though|while|if|when|whenever|because|since|as|unless|for|contrary|compared|even|once|by|other than|apart|"
    r"aside|except|in|with|without|on|at|among|after|before|during|despite|unlike|like|under|off|to|until|besides|"
    r"beyond|left|first|originally|early|rarely|rather)\b"
)
#: a word before a fronted clause: "However, if left untreated, it …"
_OPENER = re.compile(
    r"\s*(?:however|therefore|thus|hence|but|and|so|also|moreover|still|then|besides|nevertheless|sometimes)"
)
#: what stands between commas and neither reaches out nor is reached
_ASIDE = screened(
    r", (?:and |but )?(?:which|who|whose|whom|in whom|though|although|even(?= (?:if|when|though|with|in|at|so|then|for|among|after))|unlike|however|by contrast|in contrast|if|when|while|where|"
    r"rarely|mostly|not|for instance|for example|too|as well|at first|in turn|it seems|perhaps|like)\b[^;:.]{0,90}?,(?=\s)"
)
_APPOSED = re.compile(
    r"^(?:[\w'\x01\x02-]+ ){0,3}[\w'\x01\x02-]+(?P<aside>, (?:the|a|an|also|often|another|usually|its|once|given|sold|one)\b[^,;:.]{2,80},)(?=\s)"
)
#: how much a break ends: 0 the same subject goes on, 1 another one begins, 2 the thought ends
_LEVEL = {"same": 0, "hard": 2}
#: beyond this level a reach knows no asides either
_ALL = 2


@dataclass(frozen=True, slots=True)
class Clauses:
    """``begins`` are the offsets at which clauses begin; ``breaks`` are between them, as (start, end, hard)."""

    low: str
    begins: tuple[int, ...]
    breaks: tuple[tuple[int, int, int], ...]
    asides: tuple[tuple[int, int], ...]

    def reach(self, start: int, end: int, *, level: int = 0) -> tuple[int, int, tuple[tuple[int, int], ...]]:
        """First and last offset of the clause around ``low[start:end]``, and the asides in it; ``wide``: to hard breaks."""
        first, last = 0, len(self.low)
        around = next(((a, b) for a, b in self.asides if a <= start < b), None)
        if level > _ALL:
            around = None
        if around is not None:
            first, last = around
        for a, b, strength in self.breaks:
            if strength < level:
                continue
            if around is None and any(x <= a < y for x, y in self.asides):
                continue
            if b <= start:
                first = max(first, b)
            elif a >= end:
                last = min(last, a)
                break
        return first, last, tuple(s for s in self.asides if s != around and first <= s[0] < last)

    def says(self, start: int, end: int) -> bool:
        """Whether a stretch holds a verb that says something; a row of names holds none."""
        return _SAYS.search(self.low, start, end) is not None

    def phrase_end(self, start: int) -> int:
        """Where a phrase that begins at ``start`` ends: at a comma, a break or a verb."""
        m = _PHRASE_END.search(self.low, start)
        return m.start() if m else len(self.low)


_PHRASE_END = re.compile(rf"[,;:.]|\s(?:{_VERB}|but|because|in people|in patients|which|that|when|if)\b")


@lru_cache(maxsize=512)
def clauses(low: str) -> Clauses:
    """The clauses of a sentence in lower case, drugs masked."""
    asides = [
        m.span()
        for m in _ASIDE.finditer(low)
        if not (_OPENER.fullmatch(low, 0, m.start()) and _FRONTED.match(low, m.start() + 1))
    ]
    if (m := _APPOSED.match(low)) and not any(a <= m.start("aside") < b for a, b in asides):
        asides.append(m.span("aside"))
    candidates = [(*m.span(), "hard") for m in _HARD.finditer(low)]
    candidates += [(*m.span(), "soft") for m in _SOFT.finditer(low)]
    candidates += [(*m.span(), "same") for m in _SAME_SUBJECT.finditer(low)]
    if "," in low:
        candidates += [(*m.span(), "subject") for m in _NEW_SUBJECT.finditer(low)]
        candidates += [(*m.span(), "fronted") for m in _NEW_SUBJECT_AND.finditer(low)]
    candidates += [(*m.span(), "and") for m in _AND_PRONOUN.finditer(low)]
    candidates += [(*m.span(), "and") for m in _BEFORE.finditer(low)]
    candidates += [(*m.span(), "and") for m in _AND_SUBJECT.finditer(low)]
    candidates.sort()
    breaks: list[tuple[int, int, int]] = []
    begin = 0
    for start, end, sort in candidates:
        if start < begin:
            continue
        inside = any(a <= start < b for a, b in asides)
        if inside and sort != "hard" and low[start] == "," and any(a == start or b == start + 1 for a, b in asides):
            continue
        said = low[begin:start]
        if sort != "hard" and low[start] != ":":
            spoken = _ANY_VERB.search(low, 0 if low.startswith(", and", start) else begin, start) is not None
            fronted = _FRONTED.match(said) is not None
            if sort == "fronted" and not fronted:
                continue
            if sort in {"subject", "and"} and not (spoken or (fronted and sort == "subject")):
                continue
            if sort == "soft" and not said.strip():
                continue
        breaks.append((start, end, _LEVEL.get(sort, 1)))
        if not inside:
            begin = end
    begins = [0, *(b + (1 if low[b : b + 1] == " " else 0) for _, b, _ in breaks), *(a + 2 for a, _ in asides)]
    return Clauses(low, tuple(sorted(set(begins))), tuple(breaks), tuple(sorted(asides)))
