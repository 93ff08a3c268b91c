"""Regular expressions that first look for the words without which they cannot match.

A search for a fixed string is some fifty times cheaper than one for a pattern, and few sentences hold the words of a
rule. The words are read off the parsed pattern, so nobody has to list them: ``(?:stop|withdraw)\\w*\\s+(?:it|them)``
has the groups ("stop", "withdraw") and ("it", "them"), and every match holds a word of each.

Each group of all patterns is a bit. Which bits a text has is found once, by its words (most of which were met before),
so that to ask whether a pattern may match costs a look-up, however many patterns there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from operator import itemgetter
from typing import Any, Generic, TypeVar

from monograph.errors import MonographError

__all__ = ["Choice", "Screened", "Words", "bits", "required_words", "screened", "word_groups"]

_parser: Any = import_module("re._parser")
_codes: Any = import_module("re._constants")
#: a pattern is known by its best groups; a group of more words tells too little
_GROUPS, _MOST = 8, 250
#: a longer word of the text counts as one that holds everything
_LONGEST_TOKEN = 120
#: what is kept: the bits of so many words, of texts of so many characters, and so many answers of a choice
_TOKENS_KEPT, _TEXT_KEPT, _ANSWERS_KEPT = 60_000, 4_000_000, 10_000

#: a word met before is held to at most so many new strings one by one; with more it is looked up anew
_FEW = 60

_bit_of: dict[tuple[str, ...], int] = {}
#: the strings of the groups by their first three letters, each with whether it must begin a word, and its bits
_words_by_start: dict[str, dict[tuple[str, bool], int]] = {}
_bits_of_token: dict[str, int] = {}
#: the words of all groups with their bits, and for each word of a text its bits with how many of those it was held to
_words: list[tuple[str, int]] = []
_met: dict[str, tuple[int, int]] = {}
_bits_of_text: dict[str, int] = {}
_state = {"kept": 0, "digit": 0}
#: in a group, any digit; and what stands before a string that must begin a word
_DIGIT, _BEGINS = "\\d", "\b"
#: classes that hold nothing of a word
_OUTSIDE = [
    (_codes.CATEGORY, _codes.CATEGORY_SPACE),
    (_codes.CATEGORY, _codes.CATEGORY_NOT_WORD),
    (_codes.LITERAL, 32),
]


class Screened:
    """A regular expression with the groups of words of each of which a text must hold one to match.

    It is compiled for the first text that may match: most of the rules are not needed for one article.
    """

    __slots__ = ("_best", "_needs", "_regex", "pattern", "where")

    def __init__(self, pattern: str, where: str = "") -> None:
        self.pattern = pattern
        self.where = where
        self._regex: re.Pattern[str] | None = None
        self._needs = -1
        self._best = 0

    @property
    def regex(self) -> re.Pattern[str]:
        if self._regex is None:
            try:
                self._regex = re.compile(self.pattern)
            except re.error as problem:
                raise self._unreadable(problem) from problem
        return self._regex

    def _unreadable(self, problem: re.error) -> MonographError:
        where = self.where or f"pattern {self.pattern[:60]!r}"
        return MonographError(f"{where}: no regular expression ({problem}) - mend the pattern of that row")

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the best group, one of which a text must hold; none where they are unknown."""
        return required_words(self.pattern)

    @property
    def needs(self) -> int:
        """The bits that a text must have to match; read off the pattern when it is first used."""
        if self._needs < 0:
            try:
                groups = word_groups(self.pattern)[:_GROUPS]
            except re.error as problem:
                raise self._unreadable(problem) from problem
            self._best = _register(groups[:1])
            self._needs = _register(groups)
        return self._needs

    @property
    def best(self) -> int:
        """The bit of the group that the fewest texts have; 0 where none is known."""
        return self._best if self.needs else 0

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
        return (self._regex or self.regex).search(text, pos, endpos) if known & needs == needs else None

    def match(self, text: str, pos: int = 0, endpos: int = 2**62) -> re.Match[str] | None:
        return (self._regex or self.regex).match(text, pos, endpos)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.regex.fullmatch(text)

    def finditer(self, text: str, pos: int = 0, endpos: int = 2**62) -> Iterator[re.Match[str]]:
        return self.regex.finditer(text, pos, endpos) if self.may_match(text) else iter(())


def screened(pattern: str, where: str = "") -> Screened:
    """``pattern`` with its required words; a malformed one raises MonographError at its first use, naming ``where``."""
    return Screened(pattern, where)


Item = TypeVar("Item")


class Choice(Generic[Item]):
    """Which of several items, each with its pattern, a text may match, without asking each."""

    def __init__(self, items: Iterable[Item], pattern: Callable[[Item], Screened]) -> None:
        #: the items by the bit of their best group; those that need nothing come always
        self._by_bit: dict[int, list[tuple[int, int, Item]]] = {}
        self._always: list[tuple[int, int, Item]] = []
        self._best = self._bits = 0
        #: what was answered for the bits that matter here: sentences differ more than their answers do
        self._answers: dict[int, tuple[Item, ...]] = {}
        for number, item in enumerate(items):
            needs = pattern(item).needs
            best = pattern(item).best
            (self._by_bit.setdefault(best, []) if best else self._always).append((number, needs, item))
            self._best |= best
            self._bits |= needs

    def of(self, text: str) -> tuple[Item, ...]:
        """The items whose patterns may match ``text``, in their order."""
        if (known := _bits_of_text.get(text)) is None:
            known = bits(text)
        known &= self._bits
        if (answer := self._answers.get(known)) is None:
            if len(self._answers) > _ANSWERS_KEPT:
                self._answers.clear()
            answer = self._answers[known] = self._among(known)
        return answer

    def _among(self, known: int) -> tuple[Item, ...]:
        """The items that need no other bits than those ``known``."""
        found = self._always.copy()
        left = known & self._best
        while left:
            bit = left & -left
            left ^= bit
            found += [row for row in self._by_bit[bit] if known & row[1] == row[1]]
        found.sort(key=_first)
        return tuple(row[2] for row in found)


_first = itemgetter(0)


class Words:
    """Whether a word of a text (what stands between white space) passes a test; those that fail are remembered."""

    def __init__(self, test: Callable[[str], bool]) -> None:
        self._test = test
        self._failed: set[str] = set()

    def any(self, text: str) -> bool:
        """Whether one of the words of ``text`` passes."""
        words = set(text.split())
        if words <= self._failed:
            return False
        words -= self._failed
        if any(map(self._test, words)):
            return True
        if len(self._failed) > _TOKENS_KEPT:
            self._failed.clear()
        self._failed |= words
        return False


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


_A_DIGIT = re.compile(r"\d")
_NONE: dict[tuple[str, bool], int] = {}


def _of_token(token: str) -> int:
    if len(token) > _LONGEST_TOKEN:
        return (1 << len(_bit_of)) - 1
    found, looked_for = _met.get(token, (0, -1))
    if looked_for < 0 or len(_words) - looked_for > _FEW:
        inside = False
        for start, letter in enumerate(token):
            for size in (1, 2, 3):
                for (word, begins), held in _words_by_start.get(token[start : start + size], _NONE).items():
                    if not (begins and inside) and (size < 3 or token.startswith(word, start)):
                        found |= held
                if start + size == len(token):
                    break
            inside = _in_word(letter)
        if _has_digit(token):
            found |= _state["digit"]
    else:
        for word, bit in _words[looked_for:]:  # the patterns that were first used since then
            if word.lstrip(_BEGINS) in token or (word == _DIGIT and _has_digit(token)):
                at = token.find(plain := word.lstrip(_BEGINS))
                while plain != word and at > 0 and _in_word(token[at - 1]):
                    at = token.find(plain, at + 1)
                if at >= 0 or word == _DIGIT:
                    found |= bit
    if len(_met) > _TOKENS_KEPT:
        _met.clear()
        _bits_of_token.clear()
    _met[token] = found, len(_words)
    _bits_of_token[token] = found
    return found


def _register(groups: list[tuple[str, ...]]) -> int:
    """The bits of ``groups``; what was found without those of a new one is looked at again when it is met again."""
    needs = 0
    for group in groups:
        if group not in _bit_of:
            bit = _bit_of[group] = 1 << len(_bit_of)
            for word in group:
                plain = word.lstrip(_BEGINS)
                if word == _DIGIT:
                    _state["digit"] |= bit
                else:
                    known = _words_by_start.setdefault(plain[:3], {})
                    known[plain, plain != word] = known.get((plain, plain != word), 0) | bit
                _words.append((word, bit))
            _bits_of_token.clear()
            _bits_of_text.clear()
        needs |= _bit_of[group]
    return needs


def _has_digit(token: str) -> bool:
    return _A_DIGIT.search(token) is not None


def required_words(pattern: str) -> tuple[str, ...]:
    """Strings of which every match of ``pattern`` holds at least one, in its case; empty where none can be named."""
    groups = word_groups(pattern)
    return next((tuple(word.lstrip(_BEGINS) for word in group) for group in groups if _DIGIT not in group), ())


def word_groups(pattern: str) -> list[tuple[str, ...]]:
    """Groups of words without white space of each of which every match holds at least one, the best first."""
    parsed = _parser.parse(pattern)
    if parsed.state.flags & re.IGNORECASE:
        return []
    found: dict[tuple[str, ...], None] = {}
    for words in _groups(parsed, begins=False)[0]:
        group = tuple(sorted(w for w in words if not any(o != w and o in w for o in words)))
        if len(group) <= _MOST and not any(len(w) == 1 and w.isascii() and w.isalnum() for w in group):
            found[group] = None
    return sorted(found, key=_worth)


def _groups(nodes: Any, *, begins: bool) -> tuple[list[set[str]], bool]:
    """What a sequence of parsed nodes requires: sets of strings without white space.

    ``begins`` says, going in and coming out, whether a letter that comes next must begin a word.
    """
    out: list[set[str]] = []
    run = ""
    for code, argument in [*nodes, (None, None)]:
        if code is _codes.LITERAL:
            letter = chr(argument)
            if not run.strip(_BEGINS) and begins and _in_word(letter):
                run = _BEGINS
            elif run[-1:].isspace() and _in_word(letter):
                run += _BEGINS
            run += letter
            begins = not _in_word(letter)
            continue
        out += [{part} for part in run.split()]
        run = ""
        if code is _codes.SUBPATTERN:
            held, begins = _groups(argument[3], begins=begins)
            out += held if not argument[1] & re.IGNORECASE else []
        elif code is _codes.BRANCH:
            ways = [_groups(branch, begins=begins) for branch in argument[1]]
            best = [min(held, key=_worth, default=set[str]()) for held, _ in ways]
            if all(best):
                out.append(set().union(*best))
            begins = all(after for _, after in ways)
        elif code in (_codes.MAX_REPEAT, _codes.MIN_REPEAT):
            # what comes round again does not stand where the first one stood
            held, after = _groups(argument[2], begins=begins and argument[1] == 1)
            if argument[0] > 0:
                out += held
            begins = after and (begins or argument[0] > 0)
        elif code is _codes.ASSERT:
            out += _groups(argument[1], begins=False)[0]
        elif code is _codes.IN:
            if letters := _letters(argument):
                out.append(letters)
            begins = all(item in _OUTSIDE for item in argument) or (
                bool(letters) and not any(_in_word(letter) or letter == _DIGIT for letter in letters or ())
            )
        elif code is _codes.AT:
            begins = begins or argument in {_codes.AT_BOUNDARY, _codes.AT_BEGINNING, _codes.AT_BEGINNING_STRING}
        elif code is not None and code is not _codes.ASSERT_NOT:
            begins = False
    return out, begins


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


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


#: words and marks that most sentences hold, or many
_COMMON = frozenset(
    re.findall(
        r"\S+",
        """
        a an and any are as at be been but by can do does for from had has have he if in is it its may might more not of
        on one or other so some such take taken taking than that the their them there these this to use used was were
        they what when which who will with you your drug medicine medication treatment effect people patients \x01 , . -
        """,
    )
)


def _worth(words: set[str] | tuple[str, ...]) -> float:
    """Sorts groups, those that tell most first: rare words, few of them."""
    return sum((_frequency(word) for word in words), 0.0)


def _frequency(word: str) -> float:
    """About how often a text holds a word: seldom a long one, more often what need not begin a word."""
    letters = word.lstrip(_BEGINS)
    if word == _DIGIT:
        return 0.22
    if len(letters) == 1 and letters.isascii() and letters.isalnum():
        return 1000.0
    if letters in _COMMON:
        return 0.25 if letters != word else 0.35
    if not _in_word(letters[0]):
        return 0.06
    return float(2.0 ** -(min(len(letters), 8) + 0.5 + (letters != word)))
