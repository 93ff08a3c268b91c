"""Numbers, doses, frequencies and durations in running text (lower case), as numbers with UCUM units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from monograph.extraction.rules import table
from monograph.screening import screened

__all__ = ["Dose", "Interval", "doses", "durations", "hours", "interval", "number", "times_per_day", "unit_code"]

_NUMBER_WORDS = {
    "half": 0.5, "a half": 0.5, "one half": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15,
    "twenty": 20, "twenty-four": 24, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "a couple of": 2, "couple of": 2,
}  # fmt: skip
_SPELT = "|".join(sorted((w for w in _NUMBER_WORDS if w not in {"a", "an"}), key=len, reverse=True))
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\d?[½¼¾]|\b(?:{_SPELT})\b)"
_RANGE = rf"(?P<low>{NUMBER})(?:\s*(?:-|to|or|and)\s*(?P<high>{NUMBER}))?"


def number(text: str) -> float:
    """The number that ``text`` writes in digits or words; raises KeyError on what is no number."""
    text = text.strip().lower()
    if text[-1:] in "½¼¾":
        return float(text[:-1] or 0) + {"½": 0.5, "¼": 0.25, "¾": 0.75}[text[-1]]
    if text[:1].isdigit():
        return float(text.replace(",", ""))
    return float(_NUMBER_WORDS[text])


@cache
def _units() -> dict[str, str]:
    return {row["wording"]: row["ucum"] for row in table("dose_units")}


def unit_code(wording: str) -> str:
    """The UCUM code of a unit as written; raises KeyError on an unknown one."""
    return _units()[wording.lower()]


@cache
def _dose_pattern() -> re.Pattern[str]:
    units = "|".join(re.escape(u) for u in sorted(_units(), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w.,])(?:(?P<between>between|from)\s+)?(?P<low>{NUMBER})(?:(?:\s*(?P<lowunit>{units})\b)?"
        rf"\s*(?:-|to|or|and)\s*(?P<high>{NUMBER}))?"
        rf"(?P<strength>\s+\d+(?:\.\d+)?\s?(?:mg|mcg|g|micrograms?|milligrams?)(?=\s+(?:tablet|capsule|patch|caplet)))?"
        rf"\s*-?\s*(?P<unit>{units})\b(?:\s*\((?:mg|mcg|g|ml|iu)\))?"
        rf"(?P<per>\s*(?:/|per|for (?:each|every)|of body weight per)\s*(?:kg|kilogram|kilo|m2|m²|square met)\w*)?"
    )


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount ``low`` (to ``high``) of ``unit`` (UCUM), ``per`` kg or m2, at ``start:end`` of the text."""

    low: float
    high: float | None
    unit: str
    per: str | None
    start: int
    end: int


#: how many milligrams a unit of mass has
_MILLIGRAMS = {"g": 1000.0, "mg": 1.0, "ug": 0.001, "ng": 0.000001}


def doses(low: str) -> Iterator[Dose]:
    """The amounts that a text names, in order.

    "one 250 mg tablet" is 250 mg, "two 250 mg tablets" two tablets: nothing is computed but the unit of a range
    ("500 mg to 1 g" is 500 to 1000 mg).
    """
    for m in _dose_pattern().finditer(low):
        between = m.group("between") is not None
        joined = re.search(r"(?:and|or)\s*$", low[m.start("low") : m.start("high")]) if m.group("high") else None
        if m.group("high") and joined and joined.group().startswith("and") and not between:
            # "5 mg and 10 mg tablets" is no range
            yield Dose(number(m.group("high")), None, unit_code(m.group("unit")), None, m.start("high"), m.end())
            continue
        per = None
        if m.group("per"):
            per = "m2" if re.search(r"m2|m²|square", m.group("per")) else "kg"
        first, unit = number(m.group("low")), unit_code(m.group("unit"))
        high = number(m.group("high")) if m.group("high") else None
        if (own := m.group("lowunit")) and unit_code(own) != unit:
            if unit_code(own) not in _MILLIGRAMS or unit not in _MILLIGRAMS:
                continue  # two units that are no range
            if high is not None:
                high = round(high * _MILLIGRAMS[unit] / _MILLIGRAMS[unit_code(own)], 6)
            unit = unit_code(own)
        if high is not None and high <= first:
            high = None
        if m.group("strength") and first == 1 and high is None:
            strength = re.match(r"\s+(\d+(?:\.\d+)?)\s?([a-z]+)", m.group("strength"))
            if strength:
                first, unit = float(strength.group(1)), unit_code(strength.group(2))
        yield Dose(first, high, unit, per, m.start(), m.end())


_ONCE = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
_DAY = r"(?:a day|per day|each day|every day|daily|in a day|/ ?day|a night|nightly|every night|each night|in 24 hours|every 24 hours|each morning|every morning|a 24-hour period)"
_TIMES = screened(
    rf"(?P<word>once|twice|thrice)(?: (?:or|to) (?P<word2>twice|(?:three|3|four|4) times))?\s*(?P<day>{_DAY})"
    rf"|(?P<n>{NUMBER})(?:\s*(?:-|to|or)\s*(?P<m>{NUMBER}))?\s*(?:equal(?:ly)? )?(?:divided |separate |single )*(?:times|doses)\s*(?:{_DAY}|during the day|throughout the day|over 24 hours)"
    rf"|(?:in|into|divided (?:in|into)|as) (?P<k>{NUMBER})(?:\s*(?:-|to|or)\s*(?P<l>{NUMBER}))? (?:equal(?:ly)? |separate |smaller |divided |single )*(?:doses|portions|parts)"
    rf"|\bonce-daily\b|\btwice-daily\b"
)
_WEEK = screened(r"(?P<word>once|twice)(?: a| per| each| every)?(?: weekly| week)\b|\bweekly\b|\b(?:every|each) week\b")
_DAILY = screened(rf"\b{_DAY}|\b(?:in the morning|in the evening|at (?:bedtime|night)|before bed(?:time)?)\b")
_EVERY = screened(
    rf"every\s+(?:(?P<other>other|second|alternate)\s+(?P<unit1>day|night|week)|(?P<low>{NUMBER})(?:\s*(?:-|to|or)\s*(?P<high>{NUMBER}))?[\s-]*(?P<unit>hours?|hrs?|days?|nights?|weeks?|months?))"
    rf"|(?P<low2>{NUMBER})(?:\s*(?:-|to|or)\s*(?P<high2>{NUMBER}))?[ -]?hourly|(?P<alternate>alternate (?:days|nights))"
)


def times_per_day(low: str) -> tuple[float, float | None, tuple[int, int]] | None:
    """How often a day (at least, at most) and where the text says so, or None."""
    if m := _TIMES.search(low):
        if m.group("word"):
            high = None
            if m.group("word2"):
                high = _ONCE.get(m.group("word2")) or number(m.group("word2").split()[0])
            return _ONCE[m.group("word")], high, m.span()
        if m.group("n"):
            return number(m.group("n")), number(m.group("m")) if m.group("m") else None, m.span()
        if m.group("k"):
            return number(m.group("k")), number(m.group("l")) if m.group("l") else None, m.span()
        return (1.0 if m.group().startswith("once") else 2.0), None, m.span()
    return None


@dataclass(frozen=True, slots=True)
class Interval:
    """A dosing interval in hours, shortest and longest, and its place."""

    low: float
    high: float
    start: int
    end: int


def interval(low: str) -> Interval | None:
    """The interval between doses that a text names ("every 4 to 6 hours", "on alternate days"), or None."""
    if m := _EVERY.search(low):
        if m.group("other") or m.group("alternate"):
            hours = 336.0 if m.group("unit1") == "week" else 48.0
            return Interval(hours, hours, *m.span())
        if m.group("low2"):
            first = number(m.group("low2"))
            return Interval(first, number(m.group("high2")) if m.group("high2") else first, *m.span())
        factor = {"h": 1, "d": 24, "n": 24, "w": 168, "m": 730}[m.group("unit")[0]]
        first = number(m.group("low")) * factor
        return Interval(first, number(m.group("high")) * factor if m.group("high") else first, *m.span())
    if m := _WEEK.search(low):
        hours = 84.0 if m.group("word") == "twice" else 168.0
        return Interval(hours, hours, *m.span())
    return None


def daily(low: str) -> re.Match[str] | None:
    """Where a text says "a day", "daily", "at bedtime"."""
    return _DAILY.search(low)


_DURATION = screened(
    rf"\b(?:for|during|over|lasts?(?: for)?|lasting|course of|of)\s+(?:the first |at least |up to |about |around |a (?:further|total of) |another |the next )?"
    rf"(?P<low>{NUMBER})(?:\s*(?:-|to|or)\s*(?P<high>{NUMBER}))?[\s-]*(?P<unit>days?|weeks?|months?|years?|nights?)\b"
    rf"|\b(?P<low2>{NUMBER})[ -](?P<unit2>day|week|month|year)(?:'s)?[ -](?:course|treatment|supply)"
)


def durations(low: str) -> Iterator[tuple[str, int, int]]:
    """Durations of treatment as ISO 8601 (of a range its longer end), with their places."""
    for m in _DURATION.finditer(low):
        unit = (m.group("unit") or m.group("unit2"))[0].upper()
        if unit == "Y" and not m.group().startswith("for "):
            continue  # "children over 12 years" is an age
        count = number(m.group("high") or m.group("low") or m.group("low2"))
        unit = "D" if unit == "N" else unit
        yield f"P{count:g}{unit}", m.start(), m.end()


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
