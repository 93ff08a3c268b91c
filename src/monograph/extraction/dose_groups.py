"""The parts of a dose statement made ready and cut into groups: one group for each clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from monograph.extraction.dose_grammar import Part
from monograph.extraction.dose_rows import climbing, columns

__all__ = ["AT_FIRST", "OPENERS", "SCHEDULE", "groups", "has", "ready"]

SCHEDULE: Final = frozenset(["times", "interval", "gap", "day", "moment", "once"])
#: parts with which a clause may open before its amount
OPENERS: Final = frozenset(["comma", "or", "and", "take", "dosing", "count", "colon", "than", "link", "if", "upto", "single", "total", "maintain", "start"])  # fmt: skip
#: adverbs of a beginning, which may stand behind what they belong to
AT_FIRST: Final = frozenset(["at first", "initially", "first", "at once", "straight away", "immediately", "to start with", "to begin with", "for the first", "as a first dose"])  # fmt: skip
_MOVED: Final = frozenset(["put", "bring", "brings", "brought", "move", "moves", "push", "take", "takes"])
_EXAMPLE: Final = frozenset(["for example", "such as", "eg", "e.g."])
_TREATMENTS: Final = ("treatment", "therapy", "dose", "dosing", "medicine", "he", "she", "who", "patient", "\x01")
#: how words of a limit begin that stand behind what they limit
_BEHIND: Final = ("at ", "being ", "is ", "are ", "as a ", "and no more", "tops")
#: characters between two amounts of a list
_LIST_GAP: Final = 8
#: parts that a list of doses has
_VALUES: Final = frozenset(["amount", "count"])
_INCREMENTS: Final = ("increment", "steps", "stages")
#: words with which what holds under a condition begins: "if you take X the usual dose is"
_DOSE_IS: Final = re.compile(
    r"(?<=\bthe )(?:(?:recommended|usual|starting|initial|maximum|daily|first|normal|total) ){0,4}(?:dos(?:e|age)|amount)(?: of \x01+)?"
    r"(?: for [a-z ]{1,30})? (?:is|are|should|may|can|must|will)\b"
)
_IMPERATIVE: Final = frozenset(["take", "use", "give", "inject", "apply", "swallow", "inhale", "start", "begin", "the"])


def has(group: Sequence[Part], *kinds: str) -> bool:
    """Whether a group holds a part of one of these kinds or roles."""
    return any(p.kind in kinds or not p.roles.isdisjoint(kinds) for p in group)


def ready(low: str, found: Sequence[Part]) -> list[Part]:
    """The parts as they are grouped: conditions as one part each, and without what is said a second time."""
    out = [
        replace(p, kind="other") if p.kind == "amount" and "own" not in p.roles and _of_another(low, p) else p
        for p in _outside_conditions(low, columns(low, found))
    ]
    for step in (
        climbing,
        _put_up,
        _uncounted,
        _listed,
        _by_increments,
        _without_echo,
        _limits_last,
        _limit_first,
        _order,
    ):
        out = step(out)
    return out


def _put_up(found: list[Part]) -> list[Part]:
    """ "Your doctor may put the dose up to 20 mg" raises it."""
    out: list[Part] = []
    for part in found:
        if part.kind == "upto" and out and out[-1].text in _MOVED:
            part = replace(part, kind="titrate", roles=frozenset(["titrate"]))
        out.append(part)
    return out


def _of_another(low: str, amount: Part) -> bool:
    """Whether an amount is one of another drug, which is marked in the text: "500 mg of X", "X 500 mg"."""
    behind = low[amount.end : amount.end + 5].removeprefix(" of").lstrip()
    return behind.startswith("\x02") or low[: amount.start].endswith("\x02 ")


def _uncounted(found: list[Part]) -> list[Part]:
    """Without limits of which nobody knows what they count: "fifteen a day at most"."""
    out: list[Part] = []
    for part in found:
        out.append(part)
        kinds = [p.kind for p in out[-3:]]
        if kinds == ["count", "day", "maximum"] or kinds == ["maximum", "count", "day"]:
            del out[-3:]
    return out


def _limit_first(found: list[Part]) -> list[Part]:
    """The word of a limit before its amount: "four injections a day at most"."""
    out: list[Part] = []
    for part in found:
        if part.kind == "maximum" and part.text.startswith(_BEHIND) and out:
            cut = len(out) - 1 - (out[-1].kind == "day" and len(out) > 1)
            if out[cut].kind == "amount":
                out.insert(cut, replace(part, start=out[cut].start, end=out[cut].start))
                continue
        out.append(part)
    return out


def _listed(found: list[Part]) -> list[Part]:
    """ "5 mg, 10 mg or 20 mg" is a range."""
    out: list[Part] = []
    for part in found:
        out.append(part)
        if part.kind == "amount" and part.high and len(out) > 2 and out[-2].kind == "comma":
            while len(out) > 2 and out[-2].kind == "comma":
                before = out[-3]  # "5 mg, 10 mg or 20 mg": the last two are a range already
                alike = before.kind == "amount" and before.unit == part.unit and before.high is None
                if not alike or before.low >= out[-1].low:
                    break
                out[-3:] = [replace(out[-1], start=before.start, low=before.low, roles=before.roles)]
            continue
        if part.kind != "amount" or len(out) < 3 or out[-2].kind != "or":
            continue
        first = len(out) - 3
        while first >= 2 and out[first].kind in _VALUES and out[first - 1].kind == "comma":
            first -= 2
        values = [p for p in out[first:-2] if p.kind in _VALUES]
        if len(values) > 1 and out[-3].kind in _VALUES and all(p.unit in {"", part.unit} for p in values):
            least, most = min(p.low for p in values), part.high or part.low
            if least < most:
                out[first:] = [replace(part, start=out[first].start, low=least, high=most, roles=out[first].roles)]
    return out


def _by_increments(found: list[Part]) -> list[Part]:
    """ "in 25 mg per day increments" is by 25 mg."""
    out: list[Part] = []
    for part in found:
        cut = len(out) - (bool(out) and out[-1].kind == "day")
        if cut and part.text.startswith(_INCREMENTS) and out[cut - 1].kind == "amount":
            by = Part("by", out[cut - 1].start, out[cut - 1].start, roles=frozenset(["by"]))
            out[cut - 1 :] = [by, replace(out[cut - 1], end=part.end)]
        else:
            out.append(part)
    return out


def _without_echo(found: list[Part]) -> list[Part]:
    """Without a bracket that says in tablets what is given already in mg: "97 mg twice a day (one tablet …)"."""
    out: list[Part] = []
    at = 0
    while at < len(found):
        part = found[at]
        before = _until_stop(out[::-1], 0) if part.kind == "link" and part.text in _EXAMPLE else []
        timed = before and {p.kind for p in _until_stop(found, at)} <= {"link", "comma", "and", "moment"}
        if has(before, "times", "interval") and (timed or has(before, "amount")):
            # "twice a day, for example one in the morning and one at night"
            at = next((k for k in range(at, len(found)) if found[k].kind in {"stop", "then"}), len(found))
            continue
        if part.text == "(" and part.kind == "bracket":
            close = next((k for k in range(at + 1, len(found)) if found[k].text == ")"), None)
            before = _until_stop(out[::-1], 0)
            if close is not None and has(before, "amount"):
                inner = [p for p in found[at + 1 : close] if p.kind == "amount"]
                outer = next(p for p in before if p.kind == "amount")
                counted = bool(inner) and all(p.unit.startswith("{") for p in inner) and not outer.unit.startswith("{")
                again = has(before, *SCHEDULE) or len(inner) > 1 or not has(found[at:close], "times", "interval")
                one = len(inner) == 1 and not inner[0].unit.startswith("{") and outer.unit.startswith("{")
                one = one and has(before, *SCHEDULE) and not has(found[at:close], "day", "total", *SCHEDULE)
                if (counted and again) or one:
                    at = close + 1
                    continue
        out.append(part)
        at += 1
    return out


def _limits_last(found: list[Part]) -> list[Part]:
    """A limit in brackets behind what the rest of the sentence says: "1.4 mg/m2 (at most 2 mg) once a week"."""
    out = list(found)
    for at, part in enumerate(found):
        if part.text != "(" or part.kind != "bracket":
            continue
        close = next((k for k in range(at + 1, len(found)) if found[k].text == ")"), None)
        if close is None or close + 1 >= len(found) or found[close + 1].kind in {"stop", "then", "comma"}:
            continue
        inner = found[at + 1 : close]
        limit = inner[0].kind == "upto" or "maximum" in inner[0].roles if inner else False
        if not limit or not has(inner, "amount") or not has(found[:at], "amount"):
            continue
        end = next((k for k in range(close + 1, len(found)) if found[k].kind in {"stop", "then"}), len(found))
        place = found[end - 1].end
        first = replace(inner[0], kind="maximum", start=place, end=place, roles=frozenset(["maximum"]))
        return [*found[:at], *found[close + 1 : end], Part("stop", place, place), first, *inner[1:], *found[end:]]
    return out


def _order(found: list[Part]) -> list[Part]:
    """What follows is put behind the word that says so: "and every 4 hours after that", "and 5 mg a day thereafter"."""
    out = list(found)
    for at in range(2, len(out)):
        if "then" not in out[at].roles or (at + 1 < len(out) and out[at + 1].kind not in {"stop", "comma", "bracket"}):
            continue
        first = at
        while first and out[first - 1].kind in {"interval", "times", "amount", "day", "moment"}:
            first -= 1
        if 0 < first < at and out[first - 1].kind in {"and", "comma"}:
            out[first : at + 1] = [replace(out[at], kind="then"), *out[first:at]]
    return out


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
        while after < len(found) and (
            found[after].kind not in {"comma", "stop", "colon", "then"} or _between_names(low, found[after])
        ):
            word = found[after]
            if word.start - part.start > len("unless the ") and _DOSE_IS.match(low, word.start):
                break
            if word.text in _IMPERATIVE and low[: word.start].rstrip().rsplit(" ", 1)[-1] not in {"you", "to", "not", "they", "or", "and", "also", "the", "cannot", "still", "may", "can", "should", "must", "will", "only", "already", "currently"}:  # fmt: skip
                break
            if word.kind == "maximum":
                break
            after += 1
        end = found[after].start if after < len(found) else len(low)
        begun = any("start" in p.roles and not _illness_starts(low, p) for p in found[at:after]) and not any(
            p.kind == "amount" for p in found[at:after]
        )
        roles = frozenset(["start"] if begun else [])
        out.append(Part("condition", part.start, end, text=low[part.start : end].strip(" ,;:"), roles=roles))
        at = after
    return out


def _illness_starts(low: str, part: Part) -> bool:
    """Whether what starts is no treatment: "when the headache starts"."""
    return part.text in {"starts", "begins"} and not low[: part.start].rstrip().endswith(_TREATMENTS)


def _between_names(low: str, comma: Part) -> bool:
    """Whether a mark parts other drugs or opens a list: "if you take X, Y or Z", "if you are treated for: ..."."""
    if comma.kind == "colon":
        return low[: comma.start].endswith(" for") and ":" in low[comma.end :]
    return low[: comma.start].endswith("\x02") and low[comma.end :].lstrip().startswith("\x02")


def groups(found: Sequence[Part]) -> tuple[list[list[Part]], frozenset[int], frozenset[int]]:
    """The parts cut into clauses; which of them go on with the role of the one before, and which with its dose."""
    out: list[list[Part]] = []
    joined: set[int] = set()
    continued: set[int] = set()
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
        begun = has(cur, "start") and bool(ahead) and ahead[0].kind == "interval"
        if part.kind == "then" and ahead and (kinds & (SCHEDULE - {"gap"}) or (has_amount and (follows or begun))):
            flush()
        elif (
            (part.kind == "step" and has_amount and follows and not _belongs(cur, part, ahead))
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
            or (part.kind == "maintain" and has_amount and has(cur, "start") and _comes(ahead))
        ):
            flush(carry=True)
        elif part.kind == "upto" and has_amount and scheduled and ahead and ahead[0].kind == "amount":
            flush()
            part = replace(part, kind="maximum", roles=frozenset(["maximum"]))
        elif (
            part.kind == "amount"
            and has_amount
            and (
                scheduled
                or (cur[-1].kind in {"comma", "and"} and (has(cur, "start", "single", "once") or _apart(cur, part)))
                or (cur[-1].kind == "or" and _otherwise(cur, part))
                or (
                    cur[-1].kind == "and"
                    and [p.text for p in ahead[:2] if p.kind in {"span", "again"}][-1:] == ["later"]
                )
            )
        ):
            since = _since_amount(cur)
            # "80 mg a day in four doses of 20 mg" is one regimen
            portions = cur[-1].text == "divided" and part.start - cur[-1].end <= len(" of ")
            linked = portions or any("link" in p.roles for p in since) or _in_other_words(cur, ahead)
            if not linked:
                flush(carry=True, amount=True)
                joined.add(len(out))
        elif part.kind in {"times", "interval"} and has_amount and not follows and _other_schedule(cur, part):
            flush(carry=True)
            continued.add(len(out))
        cur.append(part)
    flush()
    return out, frozenset(joined), frozenset(continued)


def _until_stop(found: Sequence[Part], at: int) -> list[Part]:
    out = []
    for part in found[at:]:
        if part.kind in {"stop", "then"}:
            break
        out.append(part)
    return out


def _comes(ahead: Sequence[Part]) -> bool:
    """Whether an amount comes next, at most after a word of dosing."""
    return next((p.kind for p in ahead if p.kind not in {"take", "dosing", "comma", "colon"}), "") == "amount"


def _belongs(cur: Sequence[Part], part: Part, ahead: Sequence[Part]) -> bool:
    """Whether a step is that of the amount before it: "200 mg on day one and 100 mg after that"."""
    return part.start - cur[-1].end <= len(" on ") and ahead[0].kind in {"and", "comma", "then", "or"}


def _apart(cur: Sequence[Part], part: Part) -> bool:
    """Whether words lie between the last amount and this one, so that they are no list: "10 mg before, 5 mg after"."""
    last = next(p for p in reversed(cur) if p.kind == "amount")
    return part.start - last.end > _LIST_GAP and last.unit == part.unit


def _otherwise(cur: Sequence[Part], part: Part) -> bool:
    """Whether an amount behind "or" is of another schedule or measure: "30 mg/kg as a single dose or 10 mg/kg daily"."""
    last = next(p for p in reversed(cur) if p.kind == "amount")
    return last.per != part.per or any(p.kind == "single" for p in _since_amount(cur))


def _other_schedule(cur: Sequence[Part], part: Part) -> bool:
    """Whether a schedule is another one than the clause has: "once daily on days 1 to 3, twice daily after that"."""
    if cur[-1].kind not in {"comma", "and", "then"}:
        return False
    known = [p for p in cur if p.kind == part.kind]
    return bool(known) and all((p.low, p.high) != (part.low, part.high) for p in known) and part.text != "divided"


def _in_other_words(cur: Sequence[Part], ahead: Sequence[Part]) -> bool:
    """Whether a bracket has opened behind a day's dose, which tells how it is taken: "600 mg a day (300 mg …)"."""
    if cur[-1].text != "(" or len(cur) < 3:
        return False
    told = cur[-2].kind == "day" or cur[-2].text == "divided"
    return told and any(p.kind in {"times", "interval"} for p in ahead) and not has(cur, "interval")


def _since_amount(cur: Sequence[Part]) -> list[Part]:
    out: list[Part] = []
    for part in reversed(cur):
        if part.kind == "amount":
            break
        out.append(part)
    return out
