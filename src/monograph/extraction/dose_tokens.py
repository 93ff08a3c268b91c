"""Dose statements as typed tokens: numbers, units, and the words and phrases of ``rules/dose_words.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from monograph.extraction.quantities import NUMBER_WORDS, number, units
from monograph.extraction.rules import table

__all__ = ["CUES", "Cursor", "Part", "Token", "spelt_out", "tokens"]

_parser: Any = import_module("re._parser")
_codes: Any = import_module("re._constants")
_WORD = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d{1,3}(?:[ \xa0\u2009\u202f]\d{3})+(?=[ \xa0]?(?:mg|micrograms?|mcg|iu|units?|ml)\b(?! ?-?(?:tablet|capsule|film|caplet|sachet|chew|strip)))"
    r"|\d+(?:[.·]\d+)?|(?<![\d.])\.\d+|[½¼¾⅓⅔]|(?:\b[a-z]\.){2,}[a-z]?|\(s\)|q(?=\d)|x(?=\d)"
    r"|[^\W\d_][\w²']*|[\x01\x02]+(?:'s)?|\S"
)
_JOINED = re.compile(r"(\d{1,3})([ \xa0\u2009\u202f])(?=\d)")
#: words behind which a number stands for itself: "600 mg weekly 1 300 mg", where 1 marks a footnote, "week 2 300 mg"
_OWN_NUMBER: Final = frozenset(["daily", "weekly", "monthly", "day", "week", "month", "x", "mg", "ml", "step", "dose", "cycle", "table"])  # fmt: skip
#: of each rule at most so many phrases are spelt out
_MOST = 4000

_A_DAY: Final = frozenset(["/day", "/ day", "/d", "/ d", "per day"])

Roles = Mapping[str, Mapping[str, str]]
_NO_ROLES: Roles = {}
#: roles of words that the clauses look at as they stand
CUES: Final = (
    "maximum", "forbidden", "over", "upto", "start", "titrate", "taper", "by", "fraction", "then", "maintain", "link",
    "take", "dosing", "if", "needed", "food", "or", "and", "total", "single", "not", "again", "least", "loose",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A word or phrase ``low[start:end]``; ``roles`` has what it may be, with the options of each role."""

    text: str
    start: int
    end: int
    roles: Roles
    #: what a number counts
    value: float | None = None
    #: the UCUM code of a unit
    unit: str | None = None


def tokens(low: str) -> list[Token]:
    """The tokens of a lower-case text in order; of several phrases that begin at one word the longest."""
    words = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(low) if m.group() != "(s)"]
    words = _unjoined(words)
    words = [(w.replace(".", "") if len(w) > 2 and w[1] == "." and w[0].isalpha() else w, a, z) for w, a, z in words]
    first, count, at = _phrases(), len(words), 0
    out: list[Token] = []
    while at < count:
        text, start, end = words[at]
        node = first.get(text)
        if node is None:
            out.append(Token(text, start, end, _NO_ROLES, _digits(text)))
            at += 1
            continue
        found, after = None, at + 1
        ahead = at
        while node is not None:
            if node.meaning is not None:
                found, after = node.meaning, ahead + 1
            ahead += 1
            if ahead < count and words[ahead][0] == "-" and "-" not in node.next and ahead + 1 < count:
                ahead += 1  # "once-daily" is read as "once daily"
            node = node.next.get(words[ahead][0]) if ahead < count else None
        if found is None:
            out.append(Token(text, start, end, _NO_ROLES, _digits(text)))
        else:
            roles, value, unit = found
            out.append(Token(low[start : words[after - 1][2]], start, words[after - 1][2], roles, value, unit))
        at = after
    return out


def _unjoined(words: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The words, with a footnote's or a week's number apart from the one that follows it after a space."""
    out: list[tuple[str, int, int]] = []
    for text, start, end in words:
        joined = _JOINED.match(text) if out and out[-1][0] in _OWN_NUMBER else None
        if joined is None:
            out.append((text, start, end))
        else:
            out += [(joined.group(1), start, start + joined.end(1)), (text[joined.end() :], start + joined.end(), end)]
    return out


def _digits(text: str) -> float | None:
    head = text[0]
    if head.isdecimal() or head in "½¼¾⅓⅔" or (head == "." and len(text) > 1):
        return number(text.replace("·", "."))
    return None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a dose statement at ``start:end`` of the text.

    ``kind`` is ``amount``, ``strength`` (what a tablet holds), ``count`` (a bare number), ``times`` (a day),
    ``interval`` (hours), ``day``, ``moment``, ``duration``, ``step`` (of a schedule), ``stop``, ``comma``, or the role
    of a word. ``low`` and ``high`` are its numbers, ``text`` an ISO 8601 duration or the words.
    """

    kind: str
    start: int
    end: int
    low: float = 0.0
    high: float | None = None
    unit: str = ""
    per: str | None = None
    text: str = ""
    roles: frozenset[str] = frozenset()


class Cursor:
    """Looks at the tokens of a statement by their places."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found

    def _at(self, at: int) -> Token | None:
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def _is(self, at: int, role: str) -> bool:
        return 0 <= at < len(self.tokens) and role in self.tokens[at].roles

    def _text(self, at: int) -> str:
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def _value(self, at: int) -> tuple[float, int] | None:
        """The number at ``at`` and where it ends: "2", "two", "1 1/2", "one and a half", "half a"."""
        token = self._at(at)
        if token is None or token.value is None:
            return None
        value, after = token.value, at + 1
        if self._text(after) == "/" and (below := self._at(after + 1)) is not None and below.value in {2.0, 3.0, 4.0}:
            return value / below.value, after + 2
        follower = self._at(after)
        if follower is not None and follower.text in {"½", "¼", "¾"} and follower.start <= token.end + 1:
            return value + (follower.value or 0), after + 1
        if self._text(after) == "and" and self._text(after + 1) == "a half":
            return value + 0.5, after + 2
        if value == 0.5:
            after += self._text(after) == "of" and self._text(after + 1) in {"a", "an", "one"}
            after += self._text(after) in {"a", "an", "one"}
        return value, after

    def _range(self, at: int, *, between: bool = False) -> tuple[float, float | None, str, int] | None:
        """A number or range: its ends, the unit that its lower end carries, and where it ends."""
        first = self._value(at)
        if first is None:
            return None
        low, after = first
        lower = ""
        ahead = after
        if self._is(ahead, "unit"):
            lower = self.tokens[ahead].unit or ""
            ahead += 1
            while lower and self._is(ahead, "per"):
                ahead += 1
            if lower and self._text(ahead) in _A_DAY and self._text(ahead + 1) in {"to", "-"}:
                ahead += 1  # "0.05 mg/kg/day to 0.15 mg/kg/day"
        joiner = self._text(ahead)
        joins = joiner in {"-", "to", "or", "up to", "through"} or (between and joiner == "and")
        if joins and self._text(ahead + 1) in {"about", "around", "even", "at most"}:
            ahead += 1
        if joins and (second := self._value(ahead + 1)) is not None and not self._is(ahead + 1, "article"):
            high, end = second
            if lower and not self._is(end, "unit"):
                return low, None, "", after
            if joiner == "or" and lower and not self._same_schedule(end):
                return low, None, "", after
            if high > low or lower:
                return low, high, lower, end
        return low, None, "", after

    def _same_schedule(self, at: int) -> bool:
        """Whether "5 mg or 10 mg" are two doses of one schedule: nothing tells them apart before the second."""
        return self._is(at, "unit")


class _Node:
    """What may follow a word of a phrase, and what the phrase up to here means."""

    __slots__ = ("meaning", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.meaning: tuple[Roles, float | None, str | None] | None = None


@cache
def _phrases() -> Mapping[str, _Node]:
    """The words with which a phrase may begin, each with what follows it."""
    root = _Node()
    for row in table("dose_words"):
        options = dict(pair.split("=", 1) for pair in row["options"].split(";") if "=" in pair)
        for phrase in spelt_out(row["pattern"]):
            _add(root, phrase, {row["role"]: options}, None, None)
    for wording, unit in units().items():
        _add(root, wording, {"unit": {}}, None, unit)
    for word, value in NUMBER_WORDS.items():
        _add(root, word, {"article" if word in {"a", "an"} else "number": {}}, float(value), None)
    return root.next


def _add(root: _Node, phrase: str, roles: Roles, value: float | None, unit: str | None) -> None:
    node = root
    for word in _WORD.findall(phrase):
        node = node.next.setdefault(word, _Node())
    known = node.meaning
    if known is not None:
        # a phrase may have several roles; the row that comes first gives the options of one that is named twice
        roles, value, unit = {**roles, **known[0]}, value if known[1] is None else known[1], unit or known[2]
    node.meaning = (roles, value, unit)


def spelt_out(pattern: str) -> Iterator[str]:
    """The phrases that a finite pattern stands for; raises ValueError on one that is not finite or stands for too many."""
    found = list(dict.fromkeys(" ".join(p.split()) for p in _spell(_parser.parse(pattern), pattern)))
    yield from (p for p in found if p)


def _spell(nodes: Any, pattern: str) -> list[str]:
    out = [""]
    for code, argument in nodes:
        if code is _codes.LITERAL:
            more = [chr(argument)]
        elif code is _codes.SUBPATTERN:
            more = _spell(argument[3], pattern)
        elif code is _codes.BRANCH:
            more = [text for branch in argument[1] for text in _spell(branch, pattern)]
        elif code in (_codes.MAX_REPEAT, _codes.MIN_REPEAT):
            low, high, what = argument
            inner = _spell(what, pattern)
            # of what may come round again and again, up to two in a row are known
            high = min(int(high), 2) if high is not _codes.MAXREPEAT else 2
            more = [""] if low == 0 else []
            rounds = [""]
            for _ in range(high):
                rounds = [a + b for a in rounds for b in inner]
                more += rounds
        elif code is _codes.IN:
            more = [chr(value) for kind, value in argument if kind is _codes.LITERAL]
        elif code is _codes.AT:
            continue
        else:
            raise ValueError(f"not a finite pattern: {pattern}")
        out = [a + b for a in out for b in more]
        if len(out) > _MOST:
            raise ValueError(f"stands for more than {_MOST} phrases: {pattern}")
    return out
