"""The parts of a dose statement made ready and cut into groups: one group for each clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from monograph.extraction.dose_grammar import Part

__all__ = ["AT_FIRST", "OPENERS", "SCHEDULE", "groups", "has", "ready"]

SCHEDULE: Final = frozenset(["times", "interval", "gap", "day", "moment", "once"])
#: parts with which a clause may open before its amount
OPENERS: Final = frozenset(["comma", "or", "and", "take", "dosing", "count", "colon", "than", "link", "if", "upto", "single", "total", "maintain", "start"])  # fmt: skip
#: adverbs of a beginning, which may stand behind what they belong to
AT_FIRST: Final = frozenset(["at first", "initially", "first", "at once", "straight away", "immediately", "to start with", "to begin with", "for the first", "as a first dose"])  # fmt: skip
_IMPERATIVE: Final = frozenset(["take", "use", "give", "inject", "apply", "swallow", "inhale", "start", "begin", "the"])


def has(group: Sequence[Part], *kinds: str) -> bool:
    """Whether a group holds a part of one of these kinds or roles."""
    return any(p.kind in kinds or not p.roles.isdisjoint(kinds) for p in group)


def ready(low: str, found: Sequence[Part]) -> list[Part]:
    """The parts as they are grouped: conditions as one part each."""
    return _outside_conditions(low, found)


def _outside_conditions(low: str, found: Sequence[Part]) -> list[Part]:
    """The parts without what stands in a condition ("if you take 5 mg a day, …"), which becomes one part."""
    out: list[Part] = []
    at = 0
    while at < len(found):
        part = found[at]
        if part.kind != "if":
            out.append(part)
            at += 1
            continue
        after = at + 1
        while after < len(found) and found[after].kind not in {"comma", "stop", "colon", "then"}:
            word = found[after]
            if word.text in _IMPERATIVE and low[: word.start].rstrip().rsplit(" ", 1)[-1] not in {"you", "to", "not", "they", "or", "and", "also", "the"}:  # fmt: skip
                break
            if word.kind == "maximum":
                break
            after += 1
        end = found[after].start if after < len(found) else len(low)
        out.append(Part("condition", part.start, end, text=low[part.start : end].strip(" ,;:")))
        at = after
    return out


def groups(found: Sequence[Part]) -> tuple[list[list[Part]], frozenset[int]]:
    """The parts cut into clauses; which of them go on with the role of the one before."""
    out: list[list[Part]] = []
    joined: set[int] = set()
    cur: list[Part] = []

    def flush(*, carry: bool = False, amount: bool = False) -> None:
        """Closes a clause; what follows its last comma or joining word may belong to the next one already."""
        nonlocal cur
        cut = len(cur)
        while carry and cut and cur[cut - 1].kind in OPENERS and cur[cut - 1].text not in AT_FIRST:
            cut -= 1
        tail = [p.kind for p in cur[cut:]]
        if "comma" in tail:
            cut = len(cur) - 1 - tail[::-1].index("comma")
        elif joins := [k for k, kind in enumerate(tail) if kind in {"or", "and"}]:
            cut += joins[0]
        elif not amount:
            cut = len(cur)
        rest = cur[cut:]
        if cur[:cut]:
            out.append(cur[:cut])
        cur = rest

    for at, part in enumerate(found):
        if part.kind == "over" and any("not" in p.roles for p in cur) and not any(p.kind == "condition" for p in cur):
            part = replace(part, kind="maximum", roles=frozenset(["maximum"]))
        kinds = {p.kind for p in cur}
        has_amount, scheduled = "amount" in kinds, bool(kinds & SCHEDULE)
        ahead = _until_stop(found, at + 1)
        follows = any(p.kind == "amount" for p in ahead)
        if part.kind == "stop":
            if cur:
                cur.append(part)
            flush()
            continue
        if (part.kind == "then" and bool(kinds & (SCHEDULE - {"gap"}))) or (
            part.kind == "then" and has_amount and follows
        ):
            flush()
        elif (
            (part.kind == "step" and has_amount and follows)
            or (
                "maximum" in part.roles
                and (has_amount or scheduled)
                and (follows or any(p.kind == "times" for p in ahead))
            )
            or (
                part.kind in {"titrate", "taper"}
                and has_amount
                and (follows or (scheduled and any(p.kind == "interval" for p in ahead)))
            )
            or (part.kind == "start" and part.text not in AT_FIRST and has_amount and scheduled and follows)
        ):
            flush(carry=True)
        elif part.kind == "upto" and has_amount and scheduled and ahead and ahead[0].kind == "amount":
            flush()
            part = replace(part, kind="maximum", roles=frozenset(["maximum"]))
        elif (
            part.kind == "amount"
            and has_amount
            and (scheduled or (has(cur, "start", "single", "once") and cur[-1].kind in {"comma", "and"}))
        ):
            since = _since_amount(cur)
            # "80 mg a day in four doses of 20 mg" is one regimen
            portions = cur[-1].text == "divided" and part.start - cur[-1].end <= len(" of ")
            linked = portions or any("link" in p.roles for p in since)
            if not linked:
                flush(carry=True, amount=True)
                joined.add(len(out))
        cur.append(part)
    flush()
    return out, frozenset(joined)


def _until_stop(found: Sequence[Part], at: int) -> list[Part]:
    out = []
    for part in found[at:]:
        if part.kind in {"stop", "then"}:
            break
        out.append(part)
    return out


def _since_amount(cur: Sequence[Part]) -> list[Part]:
    out: list[Part] = []
    for part in reversed(cur):
        if part.kind == "amount":
            break
        out.append(part)
    return out
