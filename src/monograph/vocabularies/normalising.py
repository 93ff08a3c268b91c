"""The key of a name: one string for all its spellings, so that a comparison is one look-up.

Case, accents, hyphens, apostrophes, spaces, plurals, British and American spelling and Roman numbers of types do not
count: ``Pre-eclampsia`` and ``preeclampsia``, ``Alzheimer's diseases`` and ``Alzheimer disease``, ``Diarrhoea`` and
``diarrhea`` have one key each. Signs of stereo forms count, and so does every word: ``(R)-baclofen`` is not
``baclofen``. The rules for words are rows of ``spelling.tsv``.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

__all__ = ["bag", "key", "rules", "turned", "word", "words"]

_TOKEN: Final = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[+±%<>]")
_DIGIT: Final = re.compile(r"\d")
_POSSESSIVE: Final = re.compile(r"['’`´](?:s\b)?")
_SIGN: Final = re.compile(r"\(([+±-])(?:/-)?\)")
_SIGNS: Final = {"+": " + ", "-": " minus ", "±": " ± "}
_GREEK: Final = str.maketrans(
    {
        chr(code): unicodedata.name(chr(code)).rsplit(" ", 1)[1].lower().replace("lamda", "lambda")
        for code in (*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA))
    }
)
#: words before a Roman number
_NUMBERED: Final = frozenset(["type", "stage", "grade", "class", "factor", "phase", "bipolar"])
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
#: words that say nothing where the order of words is not looked at
_EMPTY: Final = frozenset(["of", "the", "a", "an", "in", "to", "on", "for"])


@cache
def rules() -> tuple[dict[str, str], ...]:
    """The rows of ``spelling.tsv`` by column."""
    text = files("monograph.vocabularies").joinpath("spelling.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def _step(name: str) -> tuple[re.Pattern[str], list[tuple[re.Pattern[str], str]]]:
    """The rules of a step, and one pattern that finds out whether any of them fits."""
    chosen = [(r["pattern"], r["becomes"]) for r in rules() if r["step"] == name]
    fits = re.compile("|".join(f"(?:{pattern})" for pattern, _ in chosen))
    return fits, [(re.compile(pattern), becomes) for pattern, becomes in chosen]


@lru_cache(maxsize=1 << 18)
def word(text: str) -> str:
    """One lower-case word in the singular and in American spelling."""
    if len(text) < 4:
        return text
    fits, endings = _step("plural")
    if fits.search(text):
        for pattern, becomes in endings:
            if pattern.search(text):
                text = text if becomes == "=" else pattern.sub(becomes, text)
                break
    if len(text) < 4:
        return text
    fits, spellings = _step("spelling")
    if fits.search(text):
        for pattern, becomes in spellings:
            text = pattern.sub(becomes, text)
    return text


def words(name: str) -> list[str]:
    """The words of ``name``, each as :func:`word` gives it, in their order."""
    low = name.lower()
    if not low.isascii():
        low = unicodedata.normalize("NFKD", low.translate(_GREEK)).casefold()
        low = "".join(c for c in low if not unicodedata.combining(c)).replace("−", "-").replace("–", "-")
    if "'" in low or "’" in low or "`" in low:
        low = _POSSESSIVE.sub("", low)
    if "(" in low:
        low = _SIGN.sub(lambda m: _SIGNS[m[1]], low)
    found = [word(w) for w in _TOKEN.findall(low)]
    if not _NUMBERED.isdisjoint(found):
        for i in range(1, len(found)):
            if found[i] in _ROMAN and found[i - 1] in _NUMBERED:
                found[i] = _ROMAN[found[i]]
    return found


def key(name: str) -> str:
    """The key of ``name``; '' where it holds no letter or digit."""
    found = words(name)
    if len(found) == 1:
        return found[0]
    joined = "".join(found)
    if _DIGIT.search(joined):  # "1 2" is not "12"
        joined = "".join(
            f",{w}" if i and w[0].isdigit() and found[i - 1][-1].isdigit() else w for i, w in enumerate(found)
        )
    return joined


def turned(name: str) -> str:
    """A name of a thesaurus as one says it: ``Diabetes Mellitus, Type 2`` gives ``Type 2 Diabetes Mellitus``."""
    return " ".join(reversed(name.split(", "))) if ", " in name else name


def bag(name: str) -> str:
    """The words of ``name`` in alphabetical order, for names whose words stand in another order.

    ``Abdomen, acute`` and ``acute abdomen`` have one bag. '' where there is only one word.
    """
    found = sorted(w for w in words(name) if w not in _EMPTY)
    return " ".join(found) if len(found) > 1 else ""
