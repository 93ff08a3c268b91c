"""On what occasion symptoms come (after stopping the drug, after too much of it, as signs of an allergy to it), and
whether a use is forbidden.
"""

from __future__ import annotations

import re
from functools import lru_cache

from monograph.extraction.rules import candidates
from monograph.facts import Kind
from monograph.screening import screened

__all__ = ["company_of", "forbidden_use", "occasion", "occasion_at", "occasion_before"]

_SENTENCE_PART = re.compile(r"[;.](?:\s|$)")


@lru_cache(maxsize=512)
def occasion(low: str) -> Kind | None:
    """The kind of symptom of which a lower-case text tells by its occasion (``rules/occasions.tsv``), or None."""
    return _told(low, of="")


def occasion_before(low: str) -> Kind | None:
    """The kind of symptom that a sentence says the one before it has told of ("These may be signs of an allergy.")."""
    return _told(low, of="before")


def _told(low: str, of: str) -> Kind | None:
    for rule in candidates("occasions", low):
        if rule.options.get("of", "") == of and rule.pattern.search(low):
            return rule.role  # type: ignore[return-value]
    return None


def occasion_at(low: str, start: int) -> Kind | None:
    """The same for the part of a sentence, between semicolons, in which ``start`` stands."""
    begin = max((m.end() for m in _SENTENCE_PART.finditer(low, 0, start)), default=0)
    end = next((m.start() for m in _SENTENCE_PART.finditer(low, start)), len(low))
    return occasion(low[begin:end])


#: with what else, or in whom, an effect occurs: "low blood sugar, seen very commonly when it is taken with insulin"
_WITH = screened(
    r"\b(?:(?:when|if) (?:(?:it|\x01[\x01 ]*|this medicine) is )?(?:used|taken|given|combined) |"
    r"(?:in|by) (?:people|patients|those|adults|women|men)\b[^.;:(),]{0,40}? (?:taking|using|on|receiving) (?:it|\x01[\x01 ]*|this medicine|the medicine) )"
    r"(?:together |along |in combination |alongside )*with [^.;:()]{3,90}"
)


def company_of(low: str, text: str, end: int) -> str | None:
    """What an effect that is named up to ``end`` is tied to in its own clause: its use together with something else."""
    if (told := _WITH.search(low, end)) is None:
        return None
    between = re.sub(r"\([^()]*\)", "", low[end : told.start()])
    alone = between.count(",") <= 1 and re.search(r"[.;:]|\b(?:and|or|but)\b", between) is None
    return text[told.start() : told.end()].strip(" ,") if alone else None


#: a use that is forbidden or ruled out is no use
_FORBIDDEN = re.compile(
    r"\b(?:never|not|no|nobody|no one|cannot|n't|avoid\w*|out of the question|unsuitable|unsafe|contra-?indicated|ruled out)\b(?! (?:only|just|merely))"
    r"(?: [\w\x01\x02'-]+){0,4}? (?:us(?:e|ed|ing)|take[ns]?|taking|give[n]?|place|suitable|recommended|have|indicated|approved|in|for)\b"
)
_CLAUSE = re.compile(r"[;.:,](?:\s|$)|\b(?:but|although|though|yet)\b|\band (?=is|are|it|they)")
#: why it is used: "when another medicine is not suitable"
_OTHERS_FAIL = re.compile(
    r"\b(?:when|if|because) (?!you\b|\x01|it\b|this\b)[^,;.:]{1,40}? (?:is|are|was|were|has been|have been)(?: not|n't) "
    r"(?:suitable|enough|tolerated|possible|appropriate|adequate|working|effective)\b"
)


def forbidden_use(low: str, end: int) -> bool:
    """Whether what stands before ``end`` in its clause forbids a use, or says that there is none."""
    begin = max((m.end() for m in (*_CLAUSE.finditer(low, 0, end), *_OTHERS_FAIL.finditer(low, 0, end))), default=0)
    return _FORBIDDEN.search(low, begin, end) is not None
