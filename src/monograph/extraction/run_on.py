"""Label text whose items run on without separators: where one ends and the next begins, by the words themselves.

"rash facial swelling asthma (wheezing) hives" is four; an item ends with a word that names a symptom or state, unless
what follows belongs to it.
"""

from __future__ import annotations

import itertools
import re
from functools import cache

from monograph.extraction.label_items import known_items
from monograph.extraction.rules import table
from monograph.screening import screened

__all__ = ["capital_items", "circumstances", "listed_capitals", "openers", "run_on"]

_TOKEN = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[^\s()\[\],;]+|[,;]")
_JOINS = frozenset(
    ["of", "in", "on", "or", "and", "with", "to", "that", "which", "from", "after", "caused", "by", "not", "lasting",
     "for", "than", "at", "is", "are", "gets", "get", "lasts", "relievers", "reliever", "reducers", "reducer",
     "medicine", "medicines", "medication", "occurs", "occur", "continues", "worsens", "appears", "appear", "does",
     "do", "may", "can", "when", "while", "during", "if", "due", ",", ";", "-", "and/or", "as", "such"]
)  # fmt: skip
_OPENS = frozenset(["feel", "have", "vomit", "take", "had", "are", "get", "cough", "taking", "experience"])
_NEEDS_MORE = frozenset(
    ["trouble", "difficulty", "loss", "change", "changes", "increase", "decrease", "shortness", "problem",
     "problems", "minor", "severe", "heart", "blood", "history", "sexual", "side", "weight", "vomit", "liver",
     "kidney", "skin", "high", "low"]
)  # fmt: skip
#: what begins another name, though its first word may end one: "chills increase of liver enzymes"
_NEW_NAME = screened(r"(?:increase|decrease|loss|lack|rise|fall|changes?) (?:of|in) |cold sores?\b")
#: words that build clauses: text that has them is prose, not items run together
_CLAUSE = screened(r"\b(?:because|which|but|however|so that|although|if you(?:'ve| have had)|when you)\b")
_CIRCUMSTANCE = screened(
    r"\s(?=(?:you (?:have|are|had|need)|(?<!you )(?<!or )(?<!and )(?<!to )(?<!who )(?<!ever )(?:take|have had|have|are)) )"
)
_SEPARATOR = re.compile(r"[,;]\s|\sand\s")
#: with fewer items nothing runs on; four words are no shorter
_FEWEST, _SHORTEST = 3, 4
_SUBJECT = re.compile(r"\s(?=you (?:have|are|had|get|take|need|experience|develop|notice)\b)")


#: a word in a capital after one that ends in a small letter, a digit or a bracket
_CAPITAL = re.compile(
    r"(?<=[a-z0-9)\]:]) (?=[A-Z][a-z’'-]+)(?!(?:Diseases?|Disorders?|States|Conditions|System|Disturbances)\b)"
)
#: with fewer, capitals are those of names
_FEWEST_CAPITALS = 3


def capital_items(text: str) -> list[tuple[int, int]]:
    """The items of label text that only their capitals part ("Acute bursitis Psoriatic arthritis Epicondylitis").

    The first is what stands before them; an empty list where the capitals are those of names.
    """
    cuts = []
    for m in _CAPITAL.finditer(text):
        word = text[: m.start()].rsplit(" ", 1)[-1].lower().lstrip("(")
        inside = text.count("(", 0, m.start()) > text.count(")", 0, m.start())
        if not inside and word not in _JOINS and word not in {"the", "a", "an", "de", "van", "st"}:
            cuts.append(m.end())
    if len(cuts) < _FEWEST_CAPITALS:
        return []
    return list(itertools.pairwise([0, *cuts, len(text)]))


#: a capital, and the word before it
_NEXT_CAPITAL = re.compile(r"(?P<word>[\w’'/-]+[)\]]?) (?=[A-Z][a-z’'-]+)")


def listed_capitals(text: str, low: str) -> str:
    """``low`` with a separator where the next item of a list begins that only the capitals of ``text`` part.

    In "Hypersensitivity reactions Suicidal thoughts" a capital follows a small letter; in "Status Epilepticus Suicidal
    Behavior" it follows a word that names a state. Both texts have one length.
    """
    cuts = []
    for m in _NEXT_CAPITAL.finditer(text):
        word = m.group("word").rstrip(")]").rsplit("/", 1)[-1]
        following = text[m.end() : m.end() + 30].split()[0].lower().rstrip(",;.")
        small = word[:1].islower() and word not in _JOINS and word not in {"the", "a", "an"}
        if small or (_names(word.lower()) and following not in _words("heads", "bare") and word.lower() not in _JOINS):
            cuts.append(m.end() - 1)
    return "".join(";" if at in set(cuts) else letter for at, letter in enumerate(low)) if cuts else low


@cache
def openers() -> re.Pattern[str]:
    """Words that begin a new statement inside run-on label text (``rules/openers.tsv``)."""
    return re.compile(r"(?<=[\w)\]:])\s+(?=(?:" + "|".join(row["at"] for row in table("openers")) + r"))")


@cache
def _words(name: str, type_: str) -> frozenset[str]:
    return frozenset(w for row in table(name) if row["type"] == type_ for w in row["words"].split())


@cache
def _suffixes() -> tuple[str, ...]:
    return tuple(_words("heads", "suffix"))


def run_on(low: str, start: int, end: int) -> list[tuple[int, int]]:
    """The items that run on in ``low[start:end]``, or an empty list where separators divide them as usual."""
    if end - start < _SHORTEST:
        return []
    known = known_items(low, start, end)
    tokens = [(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(low, start, end)]
    if known and (len(tokens) < _SHORTEST or _SEPARATOR.search(low, start, end)):
        return known  # beside separators only what is known parts the row
    begins = {a for a, _ in known}
    if len(tokens) < _SHORTEST or _CLAUSE.search(low, start, end):
        return []
    persons = " you " in low
    cuts = [start]
    for (a, b, word), (next_a, _, following) in itertools.pairwise(tokens):
        new = persons and _SUBJECT.match(low, b) is not None
        opens = following in _OPENS and word not in _JOINS | {"you", "may", "can", "who", "not", "to", "have", "ever"}
        closes = _closes(low, tokens, a, b, word) and following not in _JOINS and following[0] not in "([,;"
        bare = following in _words("heads", "bare") and _NEW_NAME.match(low, next_a) is None
        closes = closes and not bare  # "panic disorder" is one name
        if closes and following in _OPENS and following in {"are", "get"} and word.endswith("s"):
            closes = opens = False
        if new or opens or closes or next_a in begins:
            cuts.append(next_a)
    items = [(a, b) for a, b in zip(cuts, [*cuts[1:], end], strict=True) if low[a:b].strip()]
    if len(items) < _FEWEST:
        return known
    separators = len(_SEPARATOR.findall(low, start, end))
    return items if len(items) >= separators + (4 if separators else _FEWEST) else known


def circumstances(low: str, start: int, end: int) -> list[tuple[int, int]]:
    """Conditions of a person that run on ("you have asthma you are taking a diuretic"), or the stretch as it is."""
    cuts = [start, *(m.end() for m in _CIRCUMSTANCE.finditer(low, start + 4, end))]
    items = [(a, b) for a, b in zip(cuts, [*cuts[1:], end], strict=True) if low[a:b].strip()]
    return items if len(items) >= 3 else [(start, end)]


_NEXT = re.compile(r"\s([a-z-]+)")
_PLACED = re.compile(r"\b(?:of|in|on)(?: the| your)?\s$")


def _closes(low: str, tokens: list[tuple[int, int, str]], start: int, end: int, word: str) -> bool:
    """Whether an item may end with ``word``."""
    if word.startswith("("):
        before = low[:start].split()
        return bool(before) and _names(before[-1])
    if word in _words("modifiers", "body"):
        after = _NEXT.match(low, end)
        placed = _PLACED.search(low[max(0, start - 14) : start])
        before = low[:start].split()[-1:]
        described = before and before[0] in _words("modifiers", "adjective")
        goes_on = after and after.group(1) in _words("heads", "head") - _words("modifiers", "adjective")
        back_pain = word == "back" and after and after.group(1) in {"pain", "ache"}
        return (
            bool(placed or described)
            and not back_pain
            and not (goes_on and after and after.group(1) not in {"pain", "fever"})
        )
    if word == "cold" and low[max(0, start - 7) : start] == "common ":
        return True
    return _names(word)


def _names(word: str) -> bool:
    adjective = word in _words("modifiers", "adjective") or word in _NEEDS_MORE
    return not adjective and (word in _words("heads", "head") or (len(word) > 6 and word.endswith(_suffixes())))
