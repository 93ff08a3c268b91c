"""Numbers, units and spans of time in running text (lower case), as numbers with UCUM units."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from monograph.extraction.rules import table
from monograph.screening import screened

__all__ = ["NUMBER", "NUMBER_WORDS", "hours", "number", "unit_code", "unit_routes", "units"]

NUMBER_WORDS = {
    "half": 0.5, "a half": 0.5, "one half": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15,
    "twenty": 20, "twenty-four": 24, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "a couple of": 2, "couple of": 2,
}  # fmt: skip
_SPELT = "|".join(sorted((w for w in NUMBER_WORDS if w not in {"a", "an"}), key=len, reverse=True))
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\d?[½¼¾]|\b(?:{_SPELT})\b)"


def number(text: str) -> float:
    """The number that ``text`` writes in digits or words; raises KeyError on what is no number."""
    text = text.strip().lower()
    if text[-1:] in "½¼¾":
        return float(text[:-1] or 0) + {"½": 0.5, "¼": 0.25, "¾": 0.75}[text[-1]]
    if text[:1].isdecimal() or text[:1] == ".":
        return float("".join(text.replace(",", "").split()))
    return float(NUMBER_WORDS[text])


@cache
def units() -> Mapping[str, str]:
    """Units as written and their UCUM codes."""
    return {row["wording"]: row["ucum"] for row in table("dose_units")}


@cache
def unit_routes() -> Mapping[str, str]:
    """By which route units are given that go only one way: puffs are inhaled."""
    return {row["ucum"]: row["route"] for row in table("dose_units") if row["route"]}


def unit_code(wording: str) -> str:
    """The UCUM code of a unit as written; raises KeyError on an unknown one."""
    return units()[wording.lower()]


_SPAN = screened(
    rf"(?P<low>{NUMBER}|\ban?\b)(?:\s*(?:-|to|or|and)\s*(?P<high>{NUMBER}))?\s*-?\s*(?P<unit>minutes?|mins?|hours?|hrs?|h\b|days?|weeks?|months?)\b"
)
_UCUM_TIME = {"mi": "min", "ho": "h", "hr": "h", "h": "h", "da": "d", "we": "wk", "mo": "mo"}


def hours(low: str, start: int = 0) -> tuple[float, float | None, str, int, int] | None:
    """The first time span in a text: shortest, longest (or None), UCUM unit, place."""
    m = _SPAN.search(low, start)
    if m is None:
        return None
    unit = _UCUM_TIME[m.group("unit")[:2]]
    return number(m.group("low")), number(m.group("high")) if m.group("high") else None, unit, m.start(), m.end()
