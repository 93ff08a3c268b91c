"""Populations that a sentence names, with age bounds in years, by ``rules/populations.tsv``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from monograph.extraction.quantities import NUMBER, number
from monograph.extraction.rules import compile_pattern, table
from monograph.facts import AgeGroup

__all__ = ["Mention", "mentions", "populations_of"]

_AGE = re.compile(
    rf"(?:,? ?\(?(?:who are |who're |that are |of |from )?(?:the )?(?:aged?|ages|age of|of age|at)?\s*)"
    rf"(?:(?P<between>between )?(?P<a>{NUMBER})(?: (?P<unit>years?|months?|weeks?))?(?:\s*(?:-|to|and|through)\s*(?P<b>{NUMBER}))(?: (?P<unit2>years?|months?|weeks?)(?: of age| old)?)?"
    rf"|(?P<over>over|above|older than|more than|at least|from|of)\s+(?:the age of |age |aged )?(?P<c>{NUMBER})(?: (?P<unit3>years?|months?|weeks?)(?: of age| old)?)?"
    rf"|(?P<under>under|below|younger than|less than|up to|until)\s+(?:the age of |age |aged )?(?P<d>{NUMBER})(?: (?P<unit4>years?|months?|weeks?)(?: of age| old)?)?"
    rf"|(?P<e>{NUMBER})(?: (?P<unit5>years?|months?|weeks?))?(?: of age| old)?(?: and| or|,) (?P<dir>over|older|above|up|upwards|under|younger|more)(?: of age)?)"
)
_BARE_AGE = re.compile(
    rf"\b(?:from|of|at) (?={NUMBER}(?: to {NUMBER})? years)|\b(?:people|patients|those|anyone|persons?|individuals|you(?: are|'re)?|if|are) (?:who are )?(?:aged?|ages|over|under|older than|younger than|above|below)\b"
)
_YEARS = {"y": 1.0, "m": 1 / 12, "w": 1 / 52}


@dataclass(frozen=True, slots=True)
class Mention:
    """A population and its place in a sentence."""

    group: AgeGroup
    start: int
    end: int


@cache
def _any_name() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _patterns()))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["population"].replace("-", " "), compile_pattern(row["pattern"])) for row in table("populations"))


@lru_cache(maxsize=1024)
def mentions(low: str) -> tuple[Mention, ...]:
    """The populations that a lower-case sentence names, in order; the more specific name of one place wins."""
    out: list[Mention] = []
    if _any_name().search(low) is None and _BARE_AGE.search(low) is None:
        return ()
    for name, pattern in _patterns():
        for m in pattern.finditer(low):
            if any(o.start < m.end() and m.start() < o.end for o in out):
                continue
            group, end = _with_age(low, name, m.end())
            out.append(Mention(group, m.start(), end))
    for m in _BARE_AGE.finditer(low):
        at = re.search(r"(?:aged?|ages|over|under|older|younger|above|below|from|of|at)\s?$", m.group())
        start = m.start() + (at.start() if at else 0)
        if any(o.start <= start < o.end for o in out):
            continue
        group, end = _with_age(low, "people", start)
        if group.min_age is not None or group.max_age is not None:
            out.append(Mention(group, m.start(), end))
    return tuple(sorted(out, key=lambda mention: mention.start))


def populations_of(low: str) -> tuple[AgeGroup, ...]:
    """The groups that a sentence names, each once."""
    return tuple(dict.fromkeys(m.group for m in mentions(low)))


def _with_age(low: str, name: str, at: int) -> tuple[AgeGroup, int]:
    """``name`` with the ages that follow it at ``at``: "children over 12", "adults aged 18 to 65"."""
    m = _AGE.match(low, at)
    if m is None or name in {
        "pregnancy",
        "breastfeeding",
        "first trimester",
        "third trimester",
        "people of reproductive potential",
    }:
        return AgeGroup(name), at
    unit = next(
        (u for u in (m.group("unit"), m.group("unit2"), m.group("unit3"), m.group("unit4"), m.group("unit5")) if u), "y"
    )
    factor = _YEARS[unit[0]]
    label = "" if unit[0] == "y" else f" {unit.rstrip('s')}s"
    if m.group("b"):
        first = number(m.group("a"))
        last = number(m.group("b"))
        own = _YEARS[(m.group("unit") or unit)[0]]
        shared = _YEARS[(m.group("unit2") or unit)[0]] if m.group("unit2") else own
        low_factor = own if m.group("unit") else shared
        return AgeGroup(f"{name} {first:g} to {last:g}{label}", _age(first * low_factor), _age(last * shared)), m.end()
    if m.group("c"):
        return AgeGroup(f"{name} over {number(m.group('c')):g}{label}", _age(number(m.group("c")) * factor)), m.end()
    if m.group("d"):
        return AgeGroup(
            f"{name} under {number(m.group('d')):g}{label}", None, _age(number(m.group("d")) * factor)
        ), m.end()
    bound = number(m.group("e"))
    if m.group("dir") in {"under", "younger"}:
        return AgeGroup(f"{name} under {bound:g}{label}", None, _age(bound * factor)), m.end()
    return AgeGroup(f"{name} over {bound:g}{label}", _age(bound * factor)), m.end()


def _age(years: float) -> float:
    return round(years, 3)
