"""Body weights for which a dose holds: "children weighing 10 to less than 20 kg", "60 kg or more"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

__all__ = ["Band", "bands", "shown"]

_NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?"
_KILOS = r" ?(?:kg|kilograms?|kilos?)\b(?: ?\([^()]{1,25}\))?"
_LESS = r"(?:less than|lower than|lighter than|under|below|up to|(?:no|not) more than|at most|<|≤)"
_MORE = r"(?:at least|more than|greater than|heavier than|over|above|equal to|≥|>|=)"
_BOUND = rf"(?:{_LESS}|{_MORE})(?: or equal to)? ?"
_OPEN = r",? (?:or|and) (?:more|less|over|above|greater|heavier|higher|under|below|lighter|lower|up)\b"
_ATOM = rf"(?:{_BOUND})?{_NUMBER}(?:{_KILOS})?(?:{_OPEN})?"
_BAND = re.compile(
    rf"(?:between |from )?(?:{_ATOM}(?:,? (?:to|and|but|up to) |,? ?- ?|,? (?=[<≤])))?(?:{_BOUND})?{_NUMBER}{_KILOS}(?:{_OPEN})?"
)
_LIMITED = re.compile(rf"{_BOUND}|{_OPEN}| to |-| and ")
#: words that tell of a body's weight right before a band
_WEIGHS = re.compile(r"\bweigh(?:s|ing|t)?\b[^.;]{0,25}$")
#: what weighs is no body, or not for good: "5 mg per 10 kg", "a weight gain of more than 2 kg"; or is one case of some
_NO_BAND = re.compile(
    r"(?:\b(?:per|every|each)|/) ?$|\b(?:gain\w*|los[est]\w*|lift\w*)\b[^.;]{0,30}$|\b(?:any|one|two|all) of (?:these|the following)\b"
)
_FAR: Final = 60


@dataclass(frozen=True, slots=True)
class Band:
    """A band of body weights at ``start:end``; whether it ``leads`` what holds for it, rather than follows it."""

    start: int
    end: int
    leads: bool


@lru_cache(maxsize=512)
def bands(low: str) -> tuple[Band, ...]:
    """The bands of body weight that a lower-case text names, in order."""
    if "kg" not in low and "kilo" not in low:
        return ()
    out = []
    for m in _BAND.finditer(low):
        before = low[max(0, m.start() - _FAR) : m.start()]
        if _NO_BAND.search(before) or not (_LIMITED.search(m.group()) or _WEIGHS.search(before)):
            continue
        behind = low[m.end() :].lstrip(" \t\n")
        led = behind[:1] in {":", "|"} or behind.lstrip(":,-)= ")[:1].isdigit()
        out.append(Band(m.start(), m.end(), led))
    return tuple(out)


def shown(text: str) -> str:
    """A band as the condition of a dose: "weighing 10 to less than 20 kg"."""
    return f"weighing {' '.join(text.split()).strip(' ,')}"
