"""A fact in a table: what it says, and how, in few words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.facts import AgeGroup, Fact

__all__ = ["qualifiers", "said"]


def said(fact: Fact) -> str:
    """What the fact states: its value, with the statement where neither value nor quote says it."""
    if fact.statement and _plain(fact.statement) not in _plain(fact.quote) and fact.statement != fact.value:
        return f"{fact.value}: {fact.statement}" if fact.value else fact.statement
    return fact.value


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def qualifiers(fact: Fact) -> str:
    """Under what conditions and how surely it is stated; a denial stands first."""
    return "; ".join(_parts(fact))


def _parts(fact: Fact) -> Iterator[str]:
    if fact.polarity != "asserted":
        yield fact.polarity.replace("-", " ").upper()
    if fact.certainty == "hedged":
        yield f"hedged ({fact.speaker})" if fact.speaker else "hedged"
    yield from (part for part in (fact.role, fact.severity) if part)
    if fact.frequency:
        low, high = fact.frequency.low, fact.frequency.high
        bounds = " to ".join(f"{bound:g}" for bound in (low, high) if bound is not None)
        band = fact.frequency.band or "frequency"
        yield f"{band} ({bounds})" if bounds else band
    yield from _dose(fact)
    if fact.low is not None or fact.high is not None:
        yield f"{_span(fact.low, fact.high)} {fact.unit or ''}".strip()
    if fact.population:
        yield ", ".join(_group(group) for group in fact.population)
    yield from (part for part in (fact.route, fact.form) if part)
    if fact.indication:
        yield f"for {', '.join(fact.indication)}"
    if fact.trigger:
        yield f"on {fact.trigger.replace('-', ' ')}"
    if fact.part_of:
        yield f"symptom of {fact.part_of}"
    if fact.condition:
        yield f"if: {fact.condition}"
    yield from (str(part) for part in (fact.year, fact.design) if part)
    if fact.comparator:
        yield f"against {fact.comparator}"
    if fact.outcome:
        yield f"outcome: {fact.outcome}"


def _dose(fact: Fact) -> Iterator[str]:
    unit = (fact.dose_unit or "").strip("{}") + (f"/{fact.per}" if fact.per else "")
    if fact.dose_value is not None:
        yield f"{_span(fact.dose_value, fact.dose_max)} {unit}".strip()
    if fact.times_per_day is not None:
        yield f"{_span(fact.times_per_day, fact.times_per_day_max)} x a day"
    if fact.interval_hours:
        yield f"every {_span(*fact.interval_hours)} h"
    if fact.duration:
        yield f"for {_period(fact.duration)}"
    if fact.daily_dose is not None:
        yield f"{fact.daily_dose:g} {unit} a day"


def _span(low: float | None, high: float | None) -> str:
    ends = [f"{end:g}" for end in (low, high) if end is not None]
    return "-".join(dict.fromkeys(ends))


def _group(group: AgeGroup) -> str:
    if group.min_age is None and group.max_age is None:
        return group.name
    if group.max_age is None:
        return f"{group.name} (from {group.min_age:g} years)"
    if group.min_age is None:
        return f"{group.name} (to {group.max_age:g} years)"
    return f"{group.name} ({group.min_age:g}-{group.max_age:g} years)"


_UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year"}


def _period(duration: str) -> str:
    """``P3D`` in words; other ISO 8601 durations as they are."""
    if match := re.fullmatch(r"P(\d+)([DWMY])", duration):
        number, unit = int(match[1]), _UNITS[match[2]]
        return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return duration
