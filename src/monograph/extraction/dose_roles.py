"""Which role a clause on doses has: a start, a step up or down, a maximum, or what is taken on."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

from monograph.extraction.dose_grammar import Part
from monograph.extraction.dose_groups import has

__all__ = ["WEEK", "by_part", "role_of"]

#: hours
WEEK: Final = 168
_RAISED: Final = ("increas", "rais", "rising", "rises", "doubl", "tripl", "build", "built", "titrat")
_BEGUN_THEN: Final = re.compile(
    r"\b(?:begun|begin|started|starting|beginning|start) (?:as soon as|within|on the first sign|at the first sign)|\ball at once\b"
)
#: what some need is the most that is given
_MAY_BE_NEEDED: Final = re.compile(
    r"\b(?:may|might|can) (?:sometimes |occasionally )?be (?:necessary|needed|required)\b"
)

#: "no single dose of it may be larger than", "do not use it more often than once a day"
_NO_MORE: Final = re.compile(
    r"\bno (?:single |one )?dose\b[^.;,]{0,40} (?:more|greater|higher|larger|bigger) than\b"
    r"|\b(?:do not|don't|must not|should not|never) (?:take|use|give|apply)\b[^.;,]{0,30} more (?:often|frequently) than (?:once|twice|\w+ times)\b"
)


def by_part(group: Sequence[Part]) -> Part | None:
    """Where a clause says by how much a dose changes."""
    for one, two in itertools.pairwise(group):
        if "by" in one.roles and ({"amount", "fraction", "maximum", "upto"} & {two.kind}):
            return one
    return None


def role_of(group: Sequence[Part], amounts: Sequence[Part], low: str) -> tuple[str, bool]:
    """The role of a clause ``low``, and whether a word of it says so."""
    kinds = [(p, p.roles) for p in group]
    changed = next((p for p, roles in kinds if "taper" in roles), None)
    changed = changed or next((p for p, roles in kinds if "titrate" in roles), None)
    if changed is not None and (by := by_part(group)) is not None and changed.start < by.start:
        return ("taper" if "taper" in changed.roles else "titration"), True
    bounds = [one for one, two in itertools.pairwise(group) if "maximum" in two.roles and one.kind == "duration"]
    limits = [p for p, roles in kinds if "maximum" in roles]
    if len(limits) > len(bounds) or (has(group, "forbidden") and has(group, "over")):
        return "maximum", True
    if _NO_MORE.search(low):
        return "maximum", True
    step = next((p for p in group if p.kind == "step"), None)
    if step is not None and any(p.kind == "interval" and p.low >= WEEK for p in group):
        step = None  # "on day 1 of every 3 weeks" is a day of a cycle
    taper = next((p for p, roles in kinds if "taper" in roles), None)
    if taper is not None and taper.text.startswith("reduction") and has(group, "start"):
        taper = None  # "patients who need a reduction of 45 % may start at 40 mg"
    reached = any("to" in p.roles for p in amounts) and not has(group, "by", "fraction")
    if taper is not None and not reached and has(group, "by", "fraction", "interval"):
        return "taper", True
    if step is not None and step.text == "onwards" and step.low > 1:
        return "maintenance", True
    if step is not None:
        return ("start" if step.low == 1 else "titration"), True
    begin = next((p for p, roles in kinds if "start" in roles), None)
    if (
        begin is not None
        and begin.text == "first"
        and amounts
        and begin.start > amounts[-1].end
        and begin.start - amounts[-1].end > 12
    ):
        begin = None  # "one tablet, moistened with water first"
    if begin is not None and amounts and begin.start > amounts[-1].end and _BEGUN_THEN.search(low):
        begin = None  # "5 mg twice a day, begun as soon as the rash shows", "or all at once"
    if begin is not None and amounts and any(p.text == "maintenance" for p in _between(group, begin, amounts[0])):
        begin = None  # "begin a maintenance dose of 40 mg"
    if has(group, "upto") and amounts and _MAY_BE_NEEDED.search(low):
        return "maximum", True
    titrate = next((p for p, roles in kinds if "titrate" in roles), None)
    adjusted = titrate is not None and titrate.text.startswith(("adjust", "reach"))
    if titrate is not None and adjusted and (not amounts or amounts[0].end < titrate.start):
        titrate = None
    if begin is not None and (titrate is None or titrate.start > (amounts[0].start if amounts else begin.start)):
        return "start", True
    if (
        titrate is not None
        and len(amounts) == 1
        and amounts[0].end < titrate.start
        and titrate.text.startswith(_RAISED)
    ):
        return "start", True  # "5 mg a day is doubled after a week"
    if titrate is not None and (amounts or has(group, "interval", "fraction")):
        return "titration", True
    if begin is not None:
        return "start", True
    return "maintenance", False


def _between(group: Sequence[Part], first: Part, last: Part) -> list[Part]:
    """The parts of a clause from one to another, which stands behind it."""
    return [p for p in group if first.end <= p.start < last.start]
