"""Regular expressions that first look for the words without which they cannot match.

A search for a fixed string is some fifty times cheaper than one for a pattern, and few sentences hold the words of a
rule. The words are read off the parsed pattern, so nobody has to list them: ``(?:stop|withdraw)\\w*\\s+(?:it|them)``
has the groups ("stop", "withdraw") and ("it", "them"), and every match holds a word of each.

Each group of all patterns is a bit. Which bits a text has is found once, by its words (most of which were met before),
so that to ask whether a pattern may match costs a look-up, however many patterns there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

__all__ = ["Screened", "bits", "required_words", "screened", "word_groups"]

_parser: Any = import_module("re._parser")
_codes: Any = import_module("re._constants")
#: a pattern is known by its best groups; a group of more words tells too little
_GROUPS, _MOST = 3, 250
#: a longer word of the text counts as one that holds everything
_LONGEST_TOKEN = 120
#: what is kept: the bits of so many words, and of texts of so many characters
_TOKENS_KEPT, _TEXT_KEPT = 60_000, 4_000_000

_bit_of: dict[tuple[str, ...], int] = {}
_bits_of_word: dict[str, int] = {}
_bits_of_token: dict[str, int] = {}
_bits_of_text: dict[str, int] = {}
_state = {"longest": 0, "kept": 0}
#: stands for any digit in a group
_DIGIT = "\\d"


class Screened:
    """A compiled ``regex`` with the groups of words of each of which a text must hold one to match."""

    __slots__ = ("_needs", "regex")

    def __init__(self, regex: re.Pattern[str]) -> None:
        self.regex = regex
        self._needs = -1

    @property
    def pattern(self) -> str:
        return self.regex.pattern

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the best group, one of which a text must hold; none where they are unknown."""
        return required_words(self.regex.pattern)

    @property
    def needs(self) -> int:
        """The bits that a text must have to match; read off the pattern when it is first used."""
        if self._needs < 0:
            self._needs = _register(word_groups(self.regex)[:_GROUPS])
        return self._needs

    def may_match(self, text: str) -> bool:
        """Whether ``text`` holds a word of each group."""
        needs = self._needs if self._needs >= 0 else self.needs
        if (known := _bits_of_text.get(text)) is None:
            known = bits(text)
        return known & needs == needs

    def search(self, text: str, pos: int = 0, endpos: int = 2**62) -> re.Match[str] | None:
        needs = self._needs if self._needs >= 0 else self.needs
        if (known := _bits_of_text.get(text)) is None:
            known = bits(text)
        return self.regex.search(text, pos, endpos) if known & needs == needs else None

    def match(self, text: str, pos: int = 0, endpos: int = 2**62) -> re.Match[str] | None:
        return self.regex.match(text, pos, endpos)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.regex.fullmatch(text)

    def finditer(self, text: str, pos: int = 0, endpos: int = 2**62) -> Iterator[re.Match[str]]:
        return self.regex.finditer(text, pos, endpos) if self.may_match(text) else iter(())


def screened(pattern: str | re.Pattern[str], flags: int = 0) -> Screened:
    """``pattern`` with its required words; raises re.error on a malformed one."""
    return Screened(re.compile(pattern, flags) if isinstance(pattern, str) else pattern)


def bits(text: str) -> int:
    """A bit for each group of which ``text`` holds a word."""
    known = _bits_of_text.get(text)
    if known is None:
        known = 0
        for token in set(text.split()):
            found = _bits_of_token.get(token)
            known |= _of_token(token) if found is None else found
        _state["kept"] += len(text)
        if _state["kept"] > _TEXT_KEPT:
            _bits_of_text.clear()
            _state["kept"] = len(text)
        _bits_of_text[text] = known
    return known


def _of_token(token: str) -> int:
    if len(token) > _LONGEST_TOKEN:
        return (1 << len(_bit_of)) - 1
    found = 0
    for start in range(len(token)):
        for end in range(start + 1, min(len(token), start + _state["longest"]) + 1):
            found |= _bits_of_word.get(token[start:end], 0)
    if any(letter.isdecimal() for letter in token):
        found |= _bits_of_word.get(_DIGIT, 0)
    if len(_bits_of_token) > _TOKENS_KEPT:
        _bits_of_token.clear()
    _bits_of_token[token] = found
    return found


def _register(groups: list[tuple[str, ...]]) -> int:
    """The bits of ``groups``; what was found with fewer bits is forgotten where one is new."""
    needs = 0
    for group in groups:
        if group not in _bit_of:
            bit = _bit_of[group] = 1 << len(_bit_of)
            for word in group:
                _bits_of_word[word] = _bits_of_word.get(word, 0) | bit
                _state["longest"] = max(_state["longest"], len(word))
            _bits_of_token.clear()
            _bits_of_text.clear()
        needs |= _bit_of[group]
    return needs


def required_words(pattern: str) -> tuple[str, ...]:
    """Strings of which every match of ``pattern`` holds at least one, in its case; empty where none can be named."""
    return next((group for group in word_groups(re.compile(pattern)) if _DIGIT not in group), ())


def word_groups(pattern: re.Pattern[str]) -> list[tuple[str, ...]]:
    """Groups of words without white space of each of which every match holds at least one, the best first."""
    if pattern.flags & re.IGNORECASE:
        return []
    found: dict[tuple[str, ...], None] = {}
    for words in _groups(_parser.parse(pattern.pattern)):
        group = tuple(sorted(w for w in words if not any(o != w and o in w for o in words)))
        if len(group) <= _MOST and not any(len(w) == 1 and w.isascii() and w.isalnum() for w in group):
            found[group] = None
    return sorted(found, key=_worth)


def _groups(nodes: Any) -> list[set[str]]:
    """What a sequence of parsed nodes requires: sets of strings without white space."""
    out: list[set[str]] = []
    run = ""

    for code, argument in [*nodes, (None, None)]:
        if code is _codes.LITERAL:
            run += chr(argument)
            continue
        out += [{part} for part in run.split()]
        run = ""
        if code is _codes.SUBPATTERN:
            if not argument[1] & re.IGNORECASE:
                out += _groups(argument[3])
        elif code is _codes.BRANCH:
            branches = [min(_groups(branch), key=_worth, default=None) for branch in argument[1]]
            if all(branches):
                out.append({word for branch in branches if branch for word in branch})
        elif code in (_codes.MAX_REPEAT, _codes.MIN_REPEAT):
            if argument[0] > 0:
                out += _groups(argument[2])
        elif code is _codes.ASSERT:
            out += _groups(argument[1])
        elif code is _codes.IN and (letters := _letters(argument)):
            out.append(letters)
    return out


def _letters(items: Any) -> set[str] | None:
    """The characters of a small class, of which one must stand in the text."""
    out: set[str] = set()
    for code, argument in items:
        if code is _codes.LITERAL and not chr(argument).isspace():
            out.add(chr(argument))
        elif code is _codes.RANGE and argument[1] - argument[0] < 12:
            out.update(map(chr, range(argument[0], argument[1] + 1)))
        elif code is _codes.CATEGORY and argument is _codes.CATEGORY_DIGIT:
            out.add(_DIGIT)
        else:
            return None
    return out


def _worth(words: set[str] | tuple[str, ...] | None) -> tuple[bool, int, int, tuple[str, ...]]:
    """Sorts groups, those that tell most first: long words, few of them."""
    words = words or ()
    shortest = min((len(word) if word != _DIGIT else 1 for word in words), default=0)
    letter = any(len(w) == 1 and w.isascii() and w.isalnum() for w in words)
    return letter or not words, -min(shortest, 4), len(words), tuple(sorted(words))
