"""Rows of amounts in dose statements: of several drugs, or one step after another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from monograph.extraction.dose_grammar import Part

__all__ = ["STEP", "climbing", "columns"]

#: marks the word before a step of a row of rising doses
STEP: Final = "step"
#: fewer amounts are no row of steps
_STEPS: Final = 3
#: amounts of a row have no more between them
_SIDE_BY_SIDE: Final = 3
#: the heads of a row stand no farther before its amounts
_COLUMNS: Final = 120
_NAMES: Final = re.compile(r"\x01+|\x02+")


def columns(low: str, found: Sequence[Part]) -> list[Part]:
    """Amounts in a row behind as many names of drugs are of one each: "X Y 20 mg 500 mg"."""
    out = list(found)
    first = 0
    while first < len(out):
        last = first
        while (
            last < len(out)
            and out[last].kind == "amount"
            and (last == first or out[last].start - out[last - 1].end < _SIDE_BY_SIDE)
        ):
            last += 1
        if last - first > 1:
            ahead = low[max(0, out[first].start - _COLUMNS) : out[first].start].rpartition(":")[2]
            names = _NAMES.findall(ahead)
            if len(names) == last - first and any(n[0] == "\x02" for n in names):
                for at, name in enumerate(names, first):
                    own = name[0] == "\x01"
                    out[at] = replace(
                        out[at], kind="amount" if own else "other", roles=frozenset(["own"] if own else [])
                    )
        first = max(last, first + 1)
    return out


def climbing(found: list[Part]) -> list[Part]:
    """ "Every 4 weeks: 0.5 mg, then 1 mg, 2 mg and finally 4 mg once a week" names a step with each amount."""
    chain = _chain(found)
    if len(chain) < _STEPS:
        return found
    out = list(found[: chain[-1]])
    first = chain[0]
    while first and out[first - 1].kind not in {"stop", "bracket", "amount"}:
        first -= 1
    kept = [p for p in out[first : chain[0]] if p.kind not in {"titrate", "interval"}]
    place = found[chain[0]].start
    steps = [Part("start", place, place, roles=frozenset(["start"])), out[chain[0]]]
    for at in chain[1:]:
        begin = found[at].start
        steps += [Part("then", begin, begin, text=STEP, roles=frozenset(["then"])), found[at]]
    return [*out[:first], *kept, *steps, *found[chain[-1] + 1 :]]


def _chain(found: Sequence[Part]) -> list[int]:
    """The places of amounts that rise one after another, with nothing between them but "then"."""
    chain: list[int] = []
    then = False
    for at, part in enumerate(found):
        last = found[chain[-1]] if chain else None
        if part.kind == "amount":
            rises = last is not None and part.unit == last.unit and part.per == last.per and part.low > last.low
            if last is not None and not (rises and last.high is None):
                if len(chain) >= _STEPS and then:
                    return chain
                chain, then = [], False
            chain.append(at)
        elif part.kind not in {"comma", "and"} and "then" not in part.roles:
            if len(chain) >= _STEPS and then:
                return chain
            chain, then = [], False
        then = then or "then" in part.roles
    return chain if then else []
