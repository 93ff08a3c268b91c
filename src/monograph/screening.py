"""Regular expressions that first look for the words without which they cannot match.

A search for a fixed string is some fifty times cheaper than one for a pattern, and few sentences hold the words of a
rule. The words are read off the parsed pattern, so nobody has to list them: for ``(?:stop|withdraw)\\w*\\s+(.+)`` they
are "stop" and "withdraw", one of which every match must hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

__all__ = ["Screened", "required_words", "screened"]

_parser: Any = import_module("re._parser")
_codes: Any = import_module("re._constants")
#: a set of more words costs as much as the pattern itself
_MOST = 40


@dataclass(frozen=True, slots=True)
class Screened:
    """A compiled ``regex`` with the ``words`` one of which a text must hold to match; none means that it is unknown."""

    regex: re.Pattern[str]
    words: tuple[str, ...]

    @property
    def pattern(self) -> str:
        return self.regex.pattern

    def may_match(self, text: str) -> bool:
        """Whether ``text`` holds one of the words."""
        if not self.words:
            return True
        for word in self.words:  # noqa: SIM110 - a generator costs twice as much here
            if word in text:
                return True
        return False

    def search(self, text: str, pos: int = 0) -> re.Match[str] | None:
        return self.regex.search(text, pos) if self.may_match(text) else None

    def match(self, text: str, pos: int = 0) -> re.Match[str] | None:
        return self.regex.match(text, pos)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.regex.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.regex.finditer(text) if self.may_match(text) else iter(())


def screened(pattern: str | re.Pattern[str]) -> Screened:
    """``pattern`` with its required words; raises re.error on a malformed one."""
    regex = re.compile(pattern) if isinstance(pattern, str) else pattern
    return Screened(regex, required_words(regex.pattern))


def required_words(pattern: str) -> tuple[str, ...]:
    """Strings of which every match of ``pattern`` holds at least one, in its case; empty where none can be named."""
    found = _required(_parser.parse(pattern)) or set()
    least = tuple(sorted(w for w in found if not any(o != w and o in w for o in found)))
    return least if len(least) <= _MOST and all(len(w) > 1 or not w.isascii() or w in "\x01\x02" for w in least) else ()


def _required(nodes: Any) -> set[str] | None:
    """The best set of strings that a sequence of parsed nodes requires: the longest, then the fewest."""
    best: set[str] | None = None
    run = ""

    def offer(words: set[str] | None) -> None:
        nonlocal best
        if words and (best is None or _worth(words) > _worth(best)):
            best = words

    for code, argument in nodes:
        if code is _codes.LITERAL:
            run += chr(argument)
            continue
        if run:
            offer({run})
            run = ""
        if code is _codes.SUBPATTERN:
            offer(_required(argument[3]))
        elif code is _codes.BRANCH:
            branches = [_required(branch) for branch in argument[1]]
            if all(branches):
                offer({word for branch in branches if branch for word in branch})
        elif code in (_codes.MAX_REPEAT, _codes.MIN_REPEAT):
            if argument[0] > 0:
                offer(_required(argument[2]))
        elif code is _codes.ASSERT and argument[0] == 1:
            offer(_required(argument[1]))
    if run:
        offer({run})
    return best


def _worth(words: set[str]) -> tuple[int, int]:
    shortest = min(len(word) for word in words)
    return min(shortest, 4), -len(words)
