"""The parts of a dose statement put together, clause by clause: which amount, how often, for what purpose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from monograph.extraction.dose_grammar import MILLIGRAMS, Part, parts
from monograph.extraction.dose_groups import OPENERS, SCHEDULE, groups, has, ready
from monograph.extraction.dose_roles import WEEK, by_part, role_of
from monograph.extraction.dose_rows import STEP

__all__ = ["BEFORE", "Clause", "Dose", "dose_clauses"]

#: roles that "5 mg twice or 10 mg once a day" share
_LASTING: Final = frozenset(["start", "titration", "maximum"])
_CORE: Final = SCHEDULE | {"amount", "doses", "times?", "fraction"}
#: hours; what comes so seldom is a check-up or a course, where no word tells that it is given
_RARE: Final = 700
#: hours; what comes again sooner is one occasion
_SHORTEST: Final = 0.25
_GIVEN: Final = re.compile(r"\b(?:inject|infus|implant|insert|given|swallow|taken|course)")
#: where and how a drug is given
_PLACE: Final = re.compile(
    r"\b(?:vein|muscle|under the skin|tongue|by mouth|drip|nostril|vagina|rectum|cheek|inject|infus|inhal|hour before|minutes before)"
)
#: words for those who take it: they tell of no dosing where no dose is named
_PEOPLE: Final = frozenset(["adult", "adults", "child", "children", "elderly", "infants", "newborns", "women", "patients", "people", "as"])  # fmt: skip
#: what a single dose is taken before: "two puffs 15 minutes before exercise"
BEFORE: Final = re.compile(
    r"\b(?:minutes?|hours?) (?P<what>(?:before|prior to) (?:exercise|exertion|sex(?:ual (?:intercourse|activity))?|(?:the |your |an? )?(?:[a-z]+ )?(?:surgery|operation|procedure|exposure|travel\w*|journey|flight))\b)"
)
_LATER: Final = re.compile(r"\b(?:days?|weeks?|months?) (?:later|after (?:the|that|your) )")
_CHANGED: Final = re.compile(r"\b(?:changed?|replaced?|removed?)\b")
#: words that tell that doses are spoken of
_TELLING: Final = frozenset(["take", "dosing", "total", "start", "maintain", "titrate", "taper"])


@dataclass(frozen=True, slots=True)
class Dose:
    """``low`` (to ``high``) of ``unit`` (UCUM), ``per`` kg or m2."""

    low: float
    high: float | None
    unit: str
    per: str | None


@dataclass(frozen=True, slots=True)
class Clause:
    """What one clause ``start:end`` of a sentence states of a dose.

    ``own`` is a single dose or step, ``total`` a day's. ``sure`` tells how much the clause says that it is about dosing:
    2 names amount and schedule or role, 1 needs a word or a section that speaks of taking, 0 states nothing.
    """

    start: int
    end: int
    #: where its last amount or schedule ends
    core: int
    role: str = "maintenance"
    own: Dose | None = None
    total: Dose | None = None
    times: tuple[float, float | None] | None = None
    interval: tuple[float, float] | None = None
    duration: str | None = None
    condition: tuple[int, int] | None = None
    needed: str | None = None
    food: str | None = None
    sure: int = 0
    told: bool = False
    #: taken at one time of the day, and nothing else is said of how often
    once: bool = False

    @property
    def stated(self) -> Dose | None:
        """The dose that the clause names, a single one before a day's."""
        return self.own or self.total

    @property
    def amount(self) -> float:
        """The dose that the clause names, in milligrams or units."""
        return self.stated.low * MILLIGRAMS.get(self.stated.unit, 1.0) if self.stated else 0.0

    def a_day(self) -> float:
        """What is taken a day, in milligrams or units, as far as the clause tells; 0 where it names no amount."""
        if self.own is None:
            return self.amount
        return self.amount * (self.times[0] if self.times else 24 / self.interval[0] if self.interval else 0.0)


@lru_cache(maxsize=512)
def dose_clauses(low: str) -> tuple[Clause, ...]:
    """The clauses of a lower-case sentence that state a dose or a schedule, in order."""
    parted, joined, continued = groups(ready(low, parts(low)))
    out: list[Clause] = []
    previous: Clause | None = None
    begin = 0
    told = False
    for index, group in enumerate(parted):
        end = len(low) if index + 1 == len(parted) else _boundary(group, parted[index + 1])
        told = told or any(p.roles & _TELLING and p.text not in _PEOPLE for p in group)
        follows = any(p.kind == "then" for p in group[:3])
        joins = index in joined and group[0].kind in {"comma", "and", "or"}
        clause = _clause(low, group, begin, end, joined=previous is not None and (follows or joins))
        begin = end
        if clause is None:
            continue
        again = follows or index in continued
        if again and clause.stated is None and previous is not None and clause.role != "maximum":
            clause = replace(clause, own=previous.own, sure=2)
        whole = group[0].kind == "or" and clause.duration and (clause.times or clause.interval)
        lasts = index in joined and not whole
        if lasts and clause.role == "maintenance" and previous is not None and previous.role in _LASTING:
            alike = previous.role != "start" or not has(group, "then")
            goes_on = group[0].kind == "and" and previous.role == "start" and clause.amount > previous.amount
            clause = replace(clause, role="titration" if goes_on else previous.role if alike else clause.role)
        dropped = previous is not None and any("taper" in p.roles for p in group)
        if (follows or dropped) and previous is not None and clause.stated and previous.stated:
            more = clause.a_day() > previous.a_day() > 0 and clause.stated.unit == previous.stated.unit
            less = (
                0 < clause.a_day() < (previous.a_day() or previous.amount)
                and clause.stated.unit == previous.stated.unit
            )
            if previous.role == "maintenance" and out and follows:
                out[-1] = replace(previous, role="start", sure=2)
            if less and (previous.role == "taper" or any("taper" in p.roles for p in group)):
                clause = replace(clause, role="taper")
            elif (follows and clause.role in {"maintenance", "start"}) or (
                less and any(p.kind == "step" for p in group)
            ):
                step = previous.role != "maximum" and _once_later(low, clause)
                clause = replace(clause, role="titration" if more or step else "maintenance")
        if clause.role == "titration" and out and previous is not None and previous.role == "maintenance":
            out[-1] = replace(previous, role="start")
        if previous is not None and out and clause.own == previous.own is not None and clause.once and previous.once:
            # "250 mg in the morning and 250 mg at night"
            clause = replace(
                previous, times=(2.0, None), interval=clause.interval, end=clause.end, core=clause.core, once=False
            )
            out.pop()
        if clause.stated is None and previous is not None and out and _same_again(clause, previous, group):
            # "50 mg at once; the dose may be repeated after 2 hours"
            clause = replace(previous, interval=clause.interval, end=clause.end, core=clause.core)
            out.pop()
        out.append(clause)
        previous = clause
    if any(p.text == STEP for group in parted for p in group[:2]):
        out = _as_the_last(out)
    return tuple(replace(clause, told=True) for clause in out) if told else tuple(out)


def _as_the_last(found: list[Clause]) -> list[Clause]:
    """The clauses, steps without a schedule with that of the step behind them: "0.5 mg, then 1 mg once a week"."""
    out: list[Clause] = []
    for at in range(len(found) - 1, -1, -1):
        clause, last = found[at], out[-1] if out else None
        bare = clause.own is not None and not (clause.times or clause.interval or clause.total)
        if last is not None and bare and last.own is not None and clause.role in {"start", "titration", "maintenance"}:
            role = "titration" if any(c.role == "start" for c in found[:at]) else clause.role
            clause = replace(clause, role=role, times=last.times, interval=last.interval)
        out.append(clause)
    return out[::-1]


def _once_later(low: str, clause: Clause) -> bool:
    """Whether a dose is given but once, days after the one before: "followed by 40 mg two weeks later"."""
    again = clause.times or clause.interval or clause.total or clause.duration
    return not again and _LATER.search(low, clause.start, clause.end) is not None


def _same_again(clause: Clause, previous: Clause, group: Sequence[Part]) -> bool:
    """Whether a clause tells when the dose of the one before is given again."""
    repeats = clause.interval is not None and clause.times is None and has(group, "again", "gap")
    return repeats and previous.own is not None and previous.interval is None and previous.times is None


def _boundary(group: Sequence[Part], after: Sequence[Part]) -> int:
    """Where a clause ends: at the word that joins the next one, else behind its own last part."""
    return after[0].start if after[0].kind in OPENERS | {"then", "step"} else max(group[-1].end, 0)


def _clause(low: str, group: Sequence[Part], begin: int, end: int, *, joined: bool) -> Clause | None:
    amounts = _amounts(group)
    times = _times(group)
    every = _every(group)
    day = any(p.kind == "day" or (p.kind == "times" and p.unit == "{dose}") for p in group)
    if not amounts and (has(group, "amount", "other") or any(p.text.startswith("adjust") for p in group)):
        return None  # what is said of doses above a limit; how often a dose is looked at
    role, cued = role_of(group, amounts, low[begin:end])
    if role == "maximum" and every is not None and every.low < _SHORTEST:
        every = None
    if not amounts and times is None and every is None:
        return None
    once = times == (1.0, None) and not any(p.kind == "times" for p in group)
    own, total = _own_and_total(group, amounts, None if once else times, day=day, role=role)
    if once and total is not None and own is None:
        own, total = total, None
    if day and times is None and own is not None and total is None and role != "maximum":
        one = amounts[0].text in {"one", "a"} or (own.unit.startswith("{") and own.low == 1 and own.high is None)
        times = (1.0, None) if one else None
        if (times is None and role not in {"titration", "taper"}) or (times is None and by_part(group) is None):
            own, total = None, own
    if role == "maximum" and every is not None and every.low == every.high == 24 and times is None:
        every, day = None, True
    if role == "maximum" and day and own is not None and total is None and times is None:
        own, total = None, own
    if (
        own is not None
        and own.unit.startswith("{")
        and amounts[0].text == "a"
        and every is not None
        and _CHANGED.search(low[begin:end])
    ):
        own = None  # "the patch is changed every 3 days" counts no patches
    if total is not None and own is None and day and every is not None and every.low >= WEEK and role == "maintenance":
        every = None  # "50 mg daily on days 1 to 21, repeated every 28 days"
    if own is not None and own.unit.startswith("{") and has(group, "again"):
        if every is None or every.kind == "gap":
            own = None  # "a second tablet may follow after 2 hours" is the same dose again
        if own is None and times is None:
            return None
    sure = 0
    scheduled = times is not None or every is not None
    stated = own or total
    if stated:
        if scheduled or cued or "/" in stated.unit or has(group, "single", "once", "dates", "needed"):
            sure = 2
        elif day:
            sure = 1
        elif has(group, "total") or (
            amounts[0].text != "a" and (has(group[:2], "then") or BEFORE.search(low, amounts[0].end, end))
        ):
            sure = 2
        elif (amounts[0].text != "a" and (has(group, "dosing") or _beside_drug(low, amounts[0]))) or (
            (group[0].kind == "amount" and group[0].start < 3) or (joined and amounts[0].text != "a")
        ):
            sure = 1
    elif role in {"titration", "taper"} and times is None and _taken_so(group, every):
        return None
    elif times is not None or (every is not None and (every.kind == "interval" or "again" in low[every.start : every.end] or "repeat" in low[every.start : every.end])):  # fmt: skip
        if (role == "maximum" or has(group, "over")) and every is not None and times is None:
            return None
        if every is not None and every.low >= _RARE and not (joined or _GIVEN.search(low[begin:end])):
            return None
        sure = 1
    if not sure:
        return None
    duration = next((p.text for p in group if p.kind == "duration"), None)
    condition = next(((p.start, p.end) for p in group if p.kind == "condition"), None)
    core = max(p.end for p in group if p.kind in _CORE)
    return Clause(
        begin,
        end,
        core,
        role,
        own,
        total,
        times,
        (every.low, every.high if every.high is not None else every.low) if every else None,
        duration,
        condition,
        next((p.text for p in group if p.kind == "needed"), None),
        next((p.text for p in group if p.kind == "food"), None),
        sure,
        any(p.roles & _TELLING and (stated or p.text not in _PEOPLE) for p in group),
        once,
    )


def _beside_drug(low: str, amount: Part) -> bool:
    """Whether an amount is one of the drug: "20 mg of X", "X 20 mg/kg"; the subject is marked in the text.

    "X 20 mg" may as well be the name of a tablet, where nothing tells which way it is given.
    """
    if low[amount.end : amount.end + 5].startswith(" of \x01"):
        return True
    ahead = low[: amount.start].rstrip(" ,")
    if ahead.endswith("\x01:"):
        return True
    return ahead.endswith("\x01") and (amount.per is not None or _PLACE.search(low) is not None)


def _taken_so(group: Sequence[Part], every: Part | None) -> bool:
    """Whether an interval is that of taking, not of changing: "reduce the amount given every other day"."""
    at = group.index(every) if every is not None else 0
    changes = [k for k, p in enumerate(group[:at]) if p.roles & {"titrate", "taper"}]
    return bool(changes) and any("take" in p.roles for p in group[changes[-1] : at])


def _every(group: Sequence[Part]) -> Part | None:
    """The interval between doses, else what must at least lie between two."""
    for kind in ("interval", "gap"):
        if found := next((p for p in group if p.kind == kind), None):
            return found
    if has(group, "again"):
        return next(
            (p for p in group if p.kind == "span" and p.text in {"least", "after"} and _SHORTEST <= p.low <= _RARE),
            None,
        )
    return None


def _amounts(group: Sequence[Part]) -> list[Part]:
    """The amounts of a clause: a step behind "by" or "to", not what it starts from, nor what lies above a limit."""
    found = [p for p in group if p.kind == "amount"]
    limited = has(group, "forbidden", "maximum")
    out = []
    for part in found:
        before = _before(group, part)
        above = before is not None and "over" in before.roles
        named = above and before is not None and before.text.startswith("dos") and not has(group, "forbidden")
        if (above and (named or not limited)) or (before is not None and before.text == "less than" and not limited):
            continue
        out.append(part)
    if has(group, "maximum") and not out:
        out = [p for p in group if p.unit == "{dose}"]
    else:
        out = [p for p in out if p.unit != "{dose}"]
    # "a tablet" is less surely a dose than any number, and none at all where nothing says how often
    often = any(p.kind in SCHEDULE for p in group)
    return [p for p in out if p.text != "a" or not p.unit.startswith("{")] or (out if often else [])


def _before(group: Sequence[Part], part: Part) -> Part | None:
    at = group.index(part)
    return group[at - 1] if at else None


def _times(group: Sequence[Part]) -> tuple[float, float | None] | None:
    every = [p for p in group if p.kind == "times" and not (p.unit == "{dose}" and has(group, "maximum"))]
    if every and all(p.text == "moment" for p in every):
        return sum(p.low for p in every), None
    if every:
        return every[0].low, every[0].high
    doses = next((p for p in group if p.kind == "doses"), None)
    if doses is not None and has(group, "day", "total") and not has(group, "maximum"):
        return doses.low, doses.high
    partial = next((p for p in group if p.kind == "times?"), None)
    if partial is not None and has(group, "day", "step"):
        return partial.low, partial.high
    if any(p.kind == "food" and p.text.endswith(("each meal", "every meal", "meals")) for p in group):
        return None  # "one with each meal and one at bedtime"
    moments = [p for p in group if p.kind == "moment"]
    for at, part in enumerate(group):
        if part in moments[1:] and group[at - 1].kind == "take":
            moments.remove(part)  # "each morning and take it off at bedtime"
    if moments and any(p.kind in {"amount", "interval"} for p in group):
        return (1.0 if len(moments) == 1 or not has(group, "and") else float(len(moments))), None
    return None


def _own_and_total(
    group: Sequence[Part], amounts: Sequence[Part], times: tuple[float, float | None] | None, *, day: bool, role: str
) -> tuple[Dose | None, Dose | None]:
    """Which amount is a single dose and which a day's total."""
    if not amounts:
        return None, None
    total: Part | None = None
    divided = any(p.text == "divided" or p.kind == "doses" for p in group)
    by = by_part(group)
    stepwise = role in {"titration", "taper"} and by is not None
    for part in amounts:
        at = group.index(part)
        after = group[at + 1] if at + 1 < len(group) else None
        said = after is not None and after.kind == "day"
        daily = any("total" in p.roles for p in group[max(0, at - 4) : at] if p.end <= part.start)
        daily = daily or (after is not None and "total" in after.roles and "da" in after.text)
        if stepwise:
            break
        each = after is not None and after.kind == "times" and after.text != "divided" and after.unit != "{dose}"
        if daily and each and after is not None and after.low > 1:
            continue  # "the daily dose is 50 mg twice daily": that much is taken each time
        if daily or (said and (divided or times is not None or len(amounts) > 1)) or (divided and day and not said):
            total = part
            break
    rest = [p for p in amounts if p is not total]
    own = rest[0] if rest else None
    if total is not None and own is not None and (own.start < total.start and role == "maximum"):
        own = None
    if own is not None and by is not None and len(rest) > 1:
        own = next((p for p in rest if p.start > by.start), own)
    elif own is not None and len(rest) > 1 and role in {"titration", "taper"}:
        own = rest[-1]  # "from 5 mg to 10 mg"
    if total is not None and divided and own is not None and own.start > total.start and own.unit != total.unit:
        own = None
    if total is not None and own is not None and own.unit != total.unit:
        # "a daily dose of 4 tablets (160 mg)": one unit holds for both
        named = any("total" in p.roles for p in group if p.end <= min(own.start, total.start))
        if named and not own.unit.startswith("{"):
            own, total = None, own
        else:
            total = None
    if total is None and divided and own is not None and times is not None and not stepwise and not day:
        # "40 mg in two doses": the amount is what is divided
        own, total = None, own
    return _dose(own), _dose(total)


def _dose(part: Part | None) -> Dose | None:
    return Dose(part.low, part.high, part.unit, part.per) if part is not None else None
