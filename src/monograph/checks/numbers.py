"""Which numbers a stretch of English text names: in digits, in words, and as the little words of regimens."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

__all__ = ["numbers_in"]

_ONES: Final = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS: Final[dict[str, float]] = {
    **{word: float(n) for n, word in enumerate(_ONES)},
    **{word: 20.0 + 10 * n for n, word in enumerate(_TENS)},
    "hundred": 100.0,
    "thousand": 1000.0,
    "dozen": 12.0,
    "half": 0.5,
    "quarter": 0.25,
    "once": 1.0,
    "twice": 2.0,
    "thrice": 3.0,
    "single": 1.0,
    "a": 1.0,
    "an": 1.0,
    "daily": 1.0,
    "nightly": 1.0,
    "every": 1.0,
    "each": 1.0,
    "per": 1.0,
    "½": 0.5,
    "¼": 0.25,
    "¾": 0.75,
    "⅓": 1 / 3,
}
_DIGITS = re.compile(r"\d{1,3}(?:[,\u202f\u2009\u00a0 ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.·]\d+)?|[½¼¾⅓]")
_FRACTION = re.compile(r"(\d+)\s*[/⁄]\s*(\d+)")
_WORD = re.compile(r"[a-z]+")


def numbers_in(text: str) -> frozenset[float]:
    """Every number that ``text`` names, each reading of a spelling that has two (``1,000``, ``twenty-five``)."""
    found: set[float] = set()
    for match in _DIGITS.finditer(text):
        token = match.group()
        if token in _WORDS:
            found.add(_WORDS[token])
            continue
        found.add(float(re.sub(r"[,\s]", "", token).replace("·", ".")))
        found.update(float(part) for part in re.findall(r"\d+(?:\.\d+)?", token))
    for over, under in _FRACTION.findall(text):
        if int(under):
            found.add(int(over) / int(under))
    words = _WORD.findall(text.lower())
    found.update(_WORDS[word] for word in words if word in _WORDS)
    for tens, ones in pairwise(words):
        if tens in _TENS and ones in _ONES[1:10]:
            found.add(_WORDS[tens] + _WORDS[ones])
        if ones == "hundred" and tens in _ONES[1:10]:
            found.add(_WORDS[tens] * 100)
    return frozenset(found)
