"""How often, at which intervals and for how long: the parts of a dose statement that tell of time."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from monograph.extraction.dose_tokens import CUES, Cursor, Part

__all__ = ["Timing"]

#: hours; what is repeated sooner is one occasion
_SHORTEST_GAP: Final = 0.25


class Timing(Cursor):
    """Reads the parts that tell of time, each at a place of the tokens; with each, where it ends."""

    def _doses(self, begin: int, low: float, high: float | None, at: int) -> tuple[Part | None, int] | None:
        """ "3 equal doses a day", "2 doses"."""
        while self._is_adjective(at):
            at += 1
        if self._text(at) not in {"doses", "portions", "parts", "dose", "intakes", "applications"}:
            return None
        end = self.tokens[at].end
        first = next((k for k, token in enumerate(self.tokens) if token.start == begin), 0)
        if self._text(first - 1) == "or" and high is None and self._text(first - 2) in {"single", "a single", "one"}:
            low, high = 1.0, low  # "as a single or two divided doses"
        if self._is(at + 1, "day"):
            return Part("times", begin, self.tokens[at + 1].end, low, high, unit="{dose}"), at + 2
        if self._is(at + 1, "per"):
            return None
        return Part("doses", begin, end, low, high, unit="{dose}"), at + 1

    def _divided(self, at: int) -> tuple[Part | None, int] | None:
        """ "in two divided doses", "split into 2 to 4 doses", "as one dose or two"."""
        ahead = at + 1
        if self._text(ahead) in {"up to", "at least"}:
            ahead += 1
        token = self._at(ahead)
        if token is None or token.value is None or "article" in token.roles:
            return None
        got = self._range(ahead)
        if got is None:
            return None
        low, high, _, after = got
        while self._is_adjective(after):
            after += 1
        parted = self.tokens[at].text.startswith(("divided", "split", "shared"))
        if parted and (self._at(after) is None or self._text(after) in {".", ",", ";", ")"}):
            return Part("times", self.tokens[at].start, self.tokens[after - 1].end, low, high, text="divided"), after
        if self._text(after).removesuffix(" of") not in {"doses", "portions", "parts", "dose"}:
            return None
        if self._text(after + 1) == "or" and (more := self._value(after + 2)) is not None and more[0] > low:
            high, after = more[0], more[1] - 1
        end = self.tokens[after].end
        if self._is(after + 1, "day"):
            after, end = after + 1, self.tokens[after + 1].end
        return Part("times", self.tokens[at].start, end, low, high, text="divided"), after + 1

    def _times(self, begin: int, low: float, high: float | None, at: int) -> tuple[Part | None, int] | None:
        """ "three times a day", "3x daily", "twice a week"."""
        token = self._at(at)
        end = self.tokens[at - 1].end
        if token is not None and token.text == "-":
            at, token = at + 1, self._at(at + 1)
        if token is not None and ("day" in token.roles or token.text in {"during the day", "night", "day"}):
            return Part("times", begin, token.end, low, high), at + 1
        if token is not None and "cycle" in token.roles:
            hours = float(token.roles["cycle"]["hours"])
            return Part("interval", begin, token.end, round(hours / (high or low), 2), round(hours / low, 2)), at + 1
        if token is not None and "every" in token.roles and (got := self._every(at)) is not None and got[0] is not None:
            return replace(got[0], start=begin), got[1]
        return Part("times?", begin, end, low, high), at

    def _often(self, at: int) -> tuple[Part | None, int] | None:
        """ "once a day", "once or twice daily", "twice weekly", "once every 3 weeks"."""
        token = self.tokens[at]
        low, high, after = float(token.roles["often"]["n"]), None, at + 1
        if self._text(after) in {"or", "to", "-"}:
            if self._is(after + 1, "often"):
                high, after = float(self.tokens[after + 1].roles["often"]["n"]), after + 2
            elif (more := self._value(after + 1)) is not None and self._is(more[1], "times"):
                high, after = more[0], more[1] + 1
        while self._text(after) in {"only", "more"}:
            after += 1
        if self._is(after, "moment"):
            return Part("times", token.start, self.tokens[after].end, low, high, text="moment"), after + 1
        got = self._times(token.start, low, high, after)
        if got is not None and got[0] is not None and got[0].kind == "times?":
            return replace(got[0], kind="once" if low == 1 and high is None else "times?"), got[1]
        return got

    def _rate(self, at: int) -> tuple[Part | None, int] | None:
        token = self.tokens[at]
        low, high, after = float(token.roles["rate"]["n"]), None, at + 1
        if self._text(after) in {"or", "to", "-"} and self._is(after + 1, "rate"):
            high, after = float(self.tokens[after + 1].roles["rate"]["n"]), after + 2
        return Part("times", token.start, self.tokens[after - 1].end, low, high), after

    def _hours(self, at: int) -> float:
        return float(self.tokens[at].roles["time"]["hours"])

    def _every(self, at: int) -> tuple[Part | None, int] | None:
        begin, ahead = self.tokens[at].start, at + 1
        while self._text(ahead) in {"about", "at least", "around"}:
            ahead += 1
        if self._is(ahead, "time"):
            hours = self._hours(ahead)
            return (Part("interval", begin, self.tokens[ahead].end, hours, hours), ahead + 1) if hours != 24 else None
        got = self._range(ahead)
        if got is None:
            return None
        low, high, _, after = got
        after += self._text(after) == "-"
        if not self._is(after, "time"):
            return None
        hours = self._hours(after)
        part = Part("interval", begin, self.tokens[after].end, low * hours, (high or low) * hours)
        if (
            self._text(after + 1) == "or"
            and (more := self._value(after + 2)) is not None
            and high is None
            and low < more[0]
        ):
            follows_unit = self._is(more[1], "unit") or self._is(more[1], "times") or self._is(more[1], "time")
            if not follows_unit:  # "every week or two"
                return replace(part, high=more[0] * hours, end=self.tokens[more[1] - 1].end), more[1]
        return part, after + 1

    def _gap(self, at: int) -> tuple[Part | None, int] | None:
        """ "may be repeated after 2 hours", "wait 4 hours"."""
        got = self._range(at + 1)
        if got is None or not self._is(got[3], "time") or self._hours(got[3]) > 744:
            return None
        hours, end = self._hours(got[3]), self.tokens[got[3]].end
        if got[0] * hours < _SHORTEST_GAP:
            return None
        return Part("gap", self.tokens[at].start, end, got[0] * hours, (got[1] or got[0]) * hours), got[3] + 1

    def _span(self, begin: int, low: float, high: float | None, at: int) -> tuple[Part | None, int] | None:
        """A time that no word of duration opens: an interval ("4 hours apart"), a course, or nothing."""
        hours, end = self._hours(at), self.tokens[at].end
        if self._is(at + 1, "apart") and low * hours >= _SHORTEST_GAP and self._text(at + 1) != "later":
            return Part("gap", begin, self.tokens[at + 1].end, low * hours, (high or low) * hours), at + 2
        ahead = at + 1 + (self._text(at + 1) == "-")
        if self._text(ahead).startswith("interval"):
            return Part("interval", begin, self.tokens[ahead].end, low * hours, (high or low) * hours), ahead + 1
        if self._is(at + 1, "maximum") and self._text(at + 1).startswith(("at ", "as a maximum")):
            iso = self.tokens[at].roles["time"]["iso"]  # "eight days at the longest"
            return Part("duration", begin, self.tokens[at + 1].end, text=f"P{high or low:g}{iso}"), at + 2
        if self._is(ahead, "loose"):
            iso = self.tokens[at].roles["time"]["iso"]
            return Part("duration", begin, self.tokens[ahead].end, text=f"P{high or low:g}{iso}"), ahead + 1
        begun = next(k for k, token in enumerate(self.tokens) if token.start == begin)
        bound = "least" if self._is(begun - 1, "least") or self._is(begun - 2, "least") else ""
        if self._text(begun - 1) == "after":
            bound = "after"
        return Part("span", begin, end, low * hours, (high or low) * hours, text=bound), at + 1

    def _duration(self, at: int) -> tuple[Part | None, int] | None:
        begin, ahead = self.tokens[at], at + 1
        if begin.text.startswith("lasts") and self._text(at - 1) not in {"treatment", "course", "therapy", "cycle"}:
            return None  # what lasts is an effect
        if self._text(ahead) == "at least" and self._is(ahead + 1, "cycle"):
            ahead += 1
        if self._is(ahead, "cycle") and (long := self._text(ahead)).startswith("a "):
            iso = {"d": "P1D", "w": "P1W", "f": "P2W", "m": "P1M", "y": "P1Y"}[long[2]]
            return Part("duration", begin.start, self.tokens[ahead].end, 1, text=iso), ahead + 1
        while self._text(ahead) in {"the", "about", "a further", "another", "at least", "up to", "the first", "first", "at most", "around", "next", "a maximum of"}:  # fmt: skip
            ahead += 1
        got = self._range(ahead)
        counted = (before := self._at(at - 1)) is not None and before.value is not None  # "after two further weeks"
        opened = begin.text.endswith(("further", "another", "next", "first")) and not counted
        if got is None and opened and self._is(ahead, "time"):
            got = 1.0, None, "", ahead
        if got is None:
            return None
        low, high, _, after = got
        after += self._text(after) == "-"
        if self._text(after + 1) in {"old", "of age", "olds"}:
            return None
        if not self._is(after, "time") or (self._text(after + 1) in {"old", "of age", "olds", "and", "apart", "or"} and self.tokens[after].roles["time"]["iso"] == "Y"):  # fmt: skip
            return None
        roles = self.tokens[after].roles["time"]
        count, iso = (high or low), roles["iso"]
        if begin.text.startswith("over") and iso == "Y":
            return None  # an age
        if self.tokens[after].text.startswith("fortnight"):
            count *= 2
        if iso in {"H", "M"} and float(roles["hours"]) <= 1:
            text = f"PT{count:g}{iso}"
            if begin.text.startswith("over") or iso == "M":
                return Part("span", begin.start, self.tokens[after].end), after + 1
        else:
            text = f"P{count:g}{iso}"
        cues = frozenset(role for role in CUES if role in begin.roles)
        return Part("duration", begin.start, self.tokens[after].end, low, high, text=text, roles=cues), after + 1

    def _step(self, at: int) -> tuple[Part | None, int] | None:
        """A step of a schedule: "day 1", "weeks 3 and 4", "days 4 to 7"."""
        token = self.tokens[at]
        if token.text not in {"day", "days", "week", "weeks", "month", "months", "night", "nights"}:
            return None
        got = self._range(at + 1, between=True)
        if got is not None and self._is(got[3], "unit"):
            got = self._range(at + 1)  # "on day one and 100 mg a day afterwards"
        if got is None or "article" in self.tokens[at + 1].roles or self.tokens[at + 1].text in {"half"}:
            return None
        before = self._text(at - 1)
        if before in {"by", "until", "before", "to"}:
            return None
        end = got[3]
        dates = got[1] is not None and self._text(end - 2) in {"and", "or"} and got[1] - got[0] > 1
        while self._text(end) in {",", "and"} and (more := self._value(end + 1)) is not None:
            if any(self._is(more[1], role) for role in ("unit", "time", "times")):
                break
            dates, end = True, more[1]
        if dates:  # "at weeks 0 and 4", "on days 1, 8 and 15" tell on which days it is given
            return Part("dates", token.start, self.tokens[end - 1].end), end
        onwards = self._text(end) in {"onwards", "on", "onward"} and (before == "from" or self._text(end) != "on")
        end += onwards or self._text(end) == "on"
        text = "onwards" if onwards else ""
        return Part("step", token.start, self.tokens[end - 1].end, got[0], got[1], text=text), end

    def _is_adjective(self, at: int) -> bool:
        return self._is(at, "adjective")
