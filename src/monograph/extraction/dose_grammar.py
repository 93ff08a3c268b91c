"""From tokens to the parts of a dose statement: amounts, how often, intervals, durations, and the words between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from monograph.extraction.dose_timing import Timing
from monograph.extraction.dose_tokens import CUES, Part, Token, tokens

__all__ = ["Part", "parts"]

#: how many milligrams a unit of mass has
MILLIGRAMS: Final = {"g": 1000.0, "mg": 1.0, "ug": 0.001, "ng": 0.000001}
_DRINKS: Final = frozenset(["water", "juice", "milk", "yoghurt", "yogurt", "saline"])
#: units of what a tablet holds
_MASSES: Final = frozenset([*MILLIGRAMS, "[iU]"])
#: words that may stand between a count and what is counted: "two film-coated tablets"
_BETWEEN_LONGEST: Final = 3
#: a drug's name has at most so many words: "5-ala hcl"
_NAME_LONGEST: Final = 5
#: what of a body a dose may be reckoned by
_BODY: Final = frozenset(["kg", "m2", "[lb_av]"])


def parts(low: str) -> list[Part]:
    """The parts of a lower-case sentence, in order."""
    return list(_Parser(tokens(low)).run())


class _Parser(Timing):
    def __init__(self, found: list[Token]) -> None:
        super().__init__(found)
        #: the unit of the last strength or count: of what "one to be taken daily" takes one
        self.counted = ""

    def run(self) -> Iterator[Part]:
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            got = self._part(at, token)
            if got is None:
                at += 1
                continue
            part, at = got
            if part is not None:
                if part.unit.startswith("{") and part.unit != "{dose}":
                    self.counted = part.unit
                yield part

    def _part(self, at: int, token: Token) -> tuple[Part | None, int] | None:
        roles = token.roles
        if token.value is not None:
            got = self._number(at)
            if got is not None and got[0] is not None and got[0].kind == "amount" and self._text(at - 1) == "to":
                return replace(got[0], roles=frozenset(["to"])), got[1]
            return got
        if not roles:
            if token.text in {";", ".", ":"}:
                return Part("stop" if token.text != ":" else "colon", token.start, token.end), at + 1
            kind = {",": "comma", "(": "bracket", ")": "bracket"}.get(token.text)
            return (Part(kind, token.start, token.end, text=token.text), at + 1) if kind else None
        if "between" in roles and (got := self._number(at + 1, between=True)) is not None:
            return got
        if "rate" in roles:
            return self._rate(at)
        if "often" in roles:
            return self._often(at)
        if "every" in roles and (got := self._every(at)) is not None:
            return got
        if "after" in roles and (got := self._gap(at)) is not None:
            return got
        if "for" in roles and (got := self._duration(at)) is not None:
            return got
        if "cycle" in roles and not (token.text.startswith("a ") and self._is_span(at)):
            hours = float(roles["cycle"]["hours"])
            return Part("interval", token.start, token.end, hours, hours), at + 1
        for kind in ("day", "moment"):
            if kind in roles:
                return Part(kind, token.start, token.end), at + 1
        if "time" in roles and (got := self._step(at)) is not None:
            return got
        if "unit" in roles and (token.unit or "").startswith("{") and "take" not in roles:
            self.counted = token.unit or ""
        if "divided" in roles and (got := self._divided(at)) is not None:
            return got
        more = self._value(at + 2) if "single" in roles and self._text(at + 1) == "or" else None
        if more is not None and (not self._is(more[1], "unit") or "dose" in self._text(more[1])):
            after = more[1] + self._text(more[1]).startswith("dose")  # "as one dose or two"
            return Part("times", token.start, self.tokens[after - 1].end, 1, more[0], text="divided"), after
        cues = frozenset(role for role in CUES if role in roles)
        if "dosing" in cues and self._text(at - 1) in {"you", "who", "they", "we", "i", "to", "not", "or"}:
            cues -= {"dosing"}
        if cues:
            first = next(role for role in CUES if role in cues)
            return Part(first, token.start, token.end, text=token.text, roles=cues), at + 1
        return None

    def _is_span(self, at: int) -> bool:
        """Whether "a week" at ``at`` is a stretch of time ("after a week") and no rate ("twice a week")."""
        return at > 0 and not self.tokens[at - 1].roles.keys().isdisjoint({"than", "for", "divided"})

    # numbers

    def _number(self, at: int, *, between: bool = False) -> tuple[Part | None, int] | None:
        start = self._at(at)
        if start is None or start.value is None:
            return None
        got = self._range(at, between=between)
        if got is None:
            return None
        low, high, lower, after = got
        begin = start.start
        follower = self._at(after)
        if follower is None:
            return (None if "article" in start.roles else Part("count", begin, start.end, low, high)), after
        if "hourly" in follower.roles:
            return Part("interval", begin, follower.end, low, high if high is not None else low), after + 1
        hyphen = after + 1 if follower.text == "-" else after
        if self._is(hyphen, "hourly"):
            return Part("interval", begin, self.tokens[hyphen].end, low, high if high is not None else low), hyphen + 1
        if self._text(hyphen) in {"weekly", "monthly"} and hyphen > after:
            hours = float(self.tokens[hyphen].roles["cycle"]["hours"])
            return Part("interval", begin, self.tokens[hyphen].end, low * hours, (high or low) * hours), hyphen + 1
        if follower.text in {"am", "pm"}:
            return Part("moment", begin, follower.end), after + 1
        if "times" in follower.roles:
            return self._times(begin, low, high, after + 1)
        if "doses" in follower.text or self._is_adjective(after):
            doses = self._doses(begin, low, high, after)
            if doses is not None:
                return doses
        amount = self._amount(begin, low, high, lower, hyphen if self._is(hyphen, "unit") else after)
        if amount is not None:
            return amount
        if "article" in start.roles:
            return None
        if self._is(hyphen, "time"):
            return self._span(begin, low, high, hyphen)
        if "%" in follower.text:
            return Part("fraction", begin, follower.end, roles=frozenset(["fraction"])), after + 1
        limited = self._is(after, "day") and (self._is(at - 1, "maximum") or self._is(after + 1, "maximum"))
        limited = limited or (self._text(after) == "after" and self._text(after + 1) in {"each", "every"})
        if self.counted and (limited or self._is(after, "moment") or self._is(after, "rate")):
            # "one tablet in the morning and two at night", "one capsule, up to a maximum of 8 a day"
            return Part("amount", begin, self.tokens[after - 1].end, low, high, self.counted), after
        return Part("count", begin, self.tokens[after - 1].end, low, high), after

    def _article(self, begin: int, at: int) -> str:
        """Marks what only "a" counts: less surely a dose than "one tablet"."""
        places = range(max(0, begin - 1), at)
        return "a" if any(self._is(k, "article") and self._text(k - 1) != "half" for k in places) else ""

    # time

    # amounts

    def _amount(
        self, begin: int, low: float, high: float | None, lower: str, at: int
    ) -> tuple[Part | None, int] | None:
        """The amount whose number ended before ``at``; None where nothing is counted."""
        token = self._at(at)
        if token is None:
            return None
        own = self._range(at + 1) if self._is(at, "adjective") and low == 1 and high is None else None
        if own is not None and self._is(own[3], "unit") and self._text(own[3] + 1) == "dose":
            unit, end = self.tokens[own[3]].unit or "", self.tokens[own[3] + 1].end  # "one single 1 gram dose"
            return Part("amount", begin, end, own[0], own[1], unit, roles=frozenset(["single"])), own[3] + 2
        if token.value is not None and token.unit is None and not lower:
            return self._of_strength(begin, low, high, at)
        if "unit" not in token.roles:
            return self._counted_later(begin, low, high, at)
        unit, after = token.unit or "", at + 1
        if "concentration" in (self.tokens[after].roles if after < len(self.tokens) else {}):
            return None, after + 1
        if lower and lower != unit:
            if lower not in MILLIGRAMS or unit not in MILLIGRAMS or high is None:
                return None, after
            high, unit = round(high * MILLIGRAMS[unit] / MILLIGRAMS[lower], 6), lower
            if high <= low:
                high = None
        if unit in {"mL", "L"} and self._is(after, "per") and self.tokens[after].roles["per"]["per"] == "min":
            return None, after + 1  # what kidneys clear
        first = next((k for k in range(at, -1, -1) if self.tokens[k].start == begin), at)
        pair = self._strengths(first) if unit in _MASSES else None
        if pair is not None and (ahead := self._countable(pair)) is not None:
            if self.tokens[ahead].text.endswith("s"):
                return Part("strength", begin, self.tokens[ahead].end), ahead + 1
            # "a 24 mg/26 mg tablet": so much of each in one tablet
            return Part(
                "amount", begin, self.tokens[ahead].end, 1, None, self.tokens[ahead].unit or "", text="one"
            ), ahead + 1
        if pair is not None and self._text(at + 1) == "/":
            return None, pair  # "97 mg/103 mg twice a day" is no amount of either
        part = Part("amount", begin, token.end, low, high, unit, text=self._article(at, at))
        part, after = self._bracket(part, after)
        if not unit.startswith("{"):
            part, after = self._form(part, after)
        elif unit != "{dose}":
            part, after = self._holding(part, after)
        part, after = self._per(part, after)
        if part.per is not None:
            part, after = self._bracket(part, after)  # "1 mg per pound (2 mg/kg)"
        if (drunk := self._drunk(after)) is not None:
            return None, drunk
        if self._text(after) == "-" and not unit.startswith("{"):
            after += 1
        return part, after

    def _drunk(self, at: int) -> int | None:
        """Where a drink or food ends of which so much is said at ``at``: "100 mL (half a glass) of water"; else None."""
        if self._text(at) == "(":
            at = next((k + 1 for k in range(at + 1, min(at + 6, len(self.tokens))) if self._text(k) == ")"), at)
        at += self._text(at) == "more"
        return at + 1 if self._is(at, "drink") or self._text(at) in _DRINKS else None

    def _of_strength(self, begin: int, low: float, high: float | None, at: int) -> tuple[Part | None, int] | None:
        """ "one 250 mg tablet" is 250 mg, "two 5 mg tablets" two tablets, "one or two 500mg tablets" as well."""
        if (pair := self._strengths(at)) is not None:
            ahead = self._countable(pair)
            if ahead is None:
                return None
            named = self.tokens[ahead].unit or ""
            return Part("amount", begin, self.tokens[ahead].end, low, high, named, text="one"), ahead + 1
        got = self._range(at)
        if got is None or not self._is(got[3], "unit"):
            return None
        unit = self.tokens[got[3]].unit or ""
        if unit.startswith("{"):
            return None
        after = got[3] + 1
        ahead = self._countable(after)
        if ahead is None:
            return None
        if low == 1 and high is None:
            inner = Part("amount", begin, self.tokens[ahead].end, got[0], got[1], unit, text="one")
            return self._bracket(inner, ahead + 1)
        return Part("amount", begin, self.tokens[ahead].end, low, high, self.tokens[ahead].unit or ""), ahead + 1

    def _strengths(self, at: int) -> int | None:
        """Where the strengths of a combination end that begin at ``at``: "50 mg/850 mg or 50 mg/1000 mg"; else None."""
        end: int | None = None
        while (one := self._value(at)) is not None:
            after, several = one[1], False
            while True:
                after += self._is(after, "unit") and self.tokens[after].unit in _MASSES
                if self._text(after) != "/" or (more := self._value(after + 1)) is None:
                    break
                after, several = more[1], True
            if not several or self.tokens[after - 1].unit not in _MASSES:
                break
            end = after
            if self._text(after) not in {"or", "/", ","}:
                break
            at = after + 1
        return end

    def _countable(self, at: int) -> int | None:
        """Where, at most a few plain words on, something that is counted stands: "film-coated tablets"."""
        for ahead in range(at, min(at + _BETWEEN_LONGEST + 1, len(self.tokens))):
            token = self.tokens[ahead]
            if "unit" in token.roles:
                return ahead if (token.unit or "").startswith("{") and token.unit != "{dose}" else None
            if token.roles and set(token.roles) - {"adjective", "single"} and token.text != "coated":
                return None
            if token.value is not None or (not token.text[0].isalpha() and token.text[0] not in "\x01-"):
                return None
            if token.text in {"of", "to", "into", "more"}:
                return None
        return None

    def _counted_later(self, begin: int, low: float, high: float | None, at: int) -> tuple[Part | None, int] | None:
        ahead = self._countable(at)
        if ahead is None:
            if self._text(at) == "to" and self._text(at + 1) in {"be"} and self.counted:
                return Part("amount", begin, self.tokens[at - 1].end, low, high, self.counted), at
            return None
        part = Part(
            "amount",
            begin,
            self.tokens[ahead].end,
            low,
            high,
            self.tokens[ahead].unit or "",
            text=self._article(at, ahead),
        )
        after = ahead + 1
        part, after = self._bracket(part, after)
        part, after = self._holding(part, after)
        return self._per(part, after)

    def _bracket(self, part: Part, at: int) -> tuple[Part, int]:
        """What brackets add: the unit again, or the same amount in other words, of which the mass counts."""
        if self._text(at) == "of" and self._text(at + 2) == "(" and self._text(at + 1)[:1] == "\x01":
            at += 2  # "one sachet of the drug (3 g)"
        if self._text(at) != "(":
            return part, at
        close = next((k for k in range(at + 1, min(at + 14, len(self.tokens))) if self._text(k) == ")"), None)
        if close is None:
            return part, at
        inner = at + 1
        while self._text(inner) in {"or", "that is", "ie", "equal to", "equivalent to", "=", "about", "total", "i.e."}:
            inner += 1
        if self._is(inner, "unit") and inner + 1 == close:
            return replace(part, end=self.tokens[close].end), close + 1
        got = self._number(inner)
        if got is None or got[0] is None or got[0].kind not in {"amount", "strength"}:
            return part, at
        same = got[0]
        if self._text(got[1]) == "of" and close - got[1] <= _BETWEEN_LONGEST:
            got = same, close  # "8 capsules (2 g of the medicine)"
        counted = part.unit.startswith("{") and not same.unit.startswith("{") and same.unit != "mL"
        if counted and got[1] == close and self._text(inner + 1) != "x":
            return replace(same, start=part.start, end=self.tokens[close].end, kind="amount"), close + 1
        return replace(part, end=self.tokens[close].end), close + 1

    def _form(self, part: Part, at: int) -> tuple[Part, int]:
        """A form behind a mass: "a 7.5 mg tablet" is a dose, "40 mg tablets" a strength, "a 5 mg dose" an amount."""
        if self._text(at) in {"dose", "doses"}:
            return replace(part, end=self.tokens[at].end), at + 1
        if self._text(at) == "-":
            at += 1
        ahead = self._countable(at)
        strength = ahead is not None and self.tokens[ahead].text.endswith("s") and self._text(ahead + 1) == ":"
        if ahead is None or (ahead > at + 1 and not strength):
            if ahead is None and self._text(at) == "spoonful":
                return part, at + 1
            return part, at
        word = self.tokens[ahead]
        if word.text.endswith("s") and part.unit != "mL":
            self.counted = word.unit or ""
            return replace(part, kind="strength", end=word.end), ahead + 1
        return replace(part, end=word.end, text="one"), ahead + 1

    def _holding(self, part: Part, at: int) -> tuple[Part, int]:
        """ "one tablet of 200 mg" is 200 mg, "two tablets of 200 mg" two tablets."""
        if self._text(at) != "of" and self._strengths(at) is None:
            return part, at
        ahead = at + (self._text(at) == "of")
        for _ in range(2):
            if (token := self._at(ahead)) is not None and not token.roles and token.value is None:
                ahead += 1  # "one tablet of baclofen 10 mg"
        if (pair := self._strengths(ahead)) is not None:
            return replace(part, end=self.tokens[pair - 1].end, text=part.text.replace("a", "one")), pair
        got = self._range(ahead)
        if got is None or not self._is(got[3], "unit"):
            return part, at
        unit, after = self.tokens[got[3]].unit or "", got[3] + 1
        if unit.startswith("{"):
            return part, at
        if part.low == 1 and part.high is None:
            end = self.tokens[after - 1].end
            return replace(part, low=got[0], high=got[1], unit=unit, end=end, text="one"), after
        return replace(part, end=self.tokens[after - 1].end), after

    def _per(self, part: Part, at: int) -> tuple[Part, int]:
        """Per kg, m2, hour or minute, also behind the drug's name ("1 unit of insulin per kg")."""
        ahead = at
        if self._text(ahead) == "of":
            ahead += 1
            for _ in range(2):
                if (token := self._at(ahead)) is not None and not token.roles and token.value is None:
                    ahead += 1
        else:
            ahead = self._behind_name(at)
        found = False
        while self._is(ahead, "per") or self._is(ahead, "weighing"):
            found = True
            per = self.tokens[ahead].roles["per"]["per"] if self._is(ahead, "per") else part.per or "kg"
            if per in {"h", "min"}:
                if self._text(ahead + 1) in {"before", "after", "later", "earlier", "or"}:
                    break
                part = replace(part, unit=f"{part.unit}/{per}" if "/" not in part.unit else part.unit)
            elif part.per is None:
                part = replace(part, per=per)
            part = replace(part, end=self.tokens[ahead].end)
            ahead += 1
        return part, ahead if found else at

    def _behind_name(self, at: int) -> int:
        """Where "per kg" stands behind a name without "of" ("40 micrograms zentralin per kilogram"), else ``at``."""
        for ahead in range(at, min(at + _NAME_LONGEST, len(self.tokens))):
            token = self.tokens[ahead]
            if "per" in token.roles:
                return ahead if token.roles["per"]["per"] in _BODY else at
            if token.roles or not (token.text[0].isalnum() or token.text[0] in "\x01-"):
                return at
        return at
