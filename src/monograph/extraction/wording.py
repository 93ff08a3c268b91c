"""What the words of a phrase are: the word lists of ``rules/heads.tsv``, ``modifiers.tsv``, ``normal_forms.tsv``, ``drug_classes.tsv``."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from monograph.extraction.rules import table

__all__ = ["clinical", "drug_class_names", "is_agent", "is_analyte", "normal_forms", "severities", "word_list"]


@cache
def word_list(name: str, type_: str) -> frozenset[str]:
    """The words of one type in the table with this name."""
    return frozenset(w for row in table(name) if row["type"] == type_ for w in row["words"].split())


@cache
def _suffixes() -> tuple[str, ...]:
    return tuple(word_list("heads", "suffix"))


@cache
def normal_forms() -> dict[str, str]:
    """Lay wording -> the noun phrase that names the concept."""
    return {row["wording"]: row["concept"] for row in table("normal_forms")}


@cache
def drug_class_names() -> tuple[str, ...]:
    """The drug classes of ``rules/drug_classes.tsv`` in lower case, in the table's order."""
    return tuple(row["name"].lower() for row in table("drug_classes") if row["type"] == "class")


@cache
def severities() -> dict[str, str]:
    """Word -> the severity that it states."""
    return dict(pair.split("=") for pair in word_list("modifiers", "severity"))


@lru_cache(maxsize=4096)
def clinical(phrase: str) -> bool:
    """Whether a phrase looks like a symptom, sign, disease or state, by its words (heads.tsv, normal_forms.tsv)."""
    low = phrase.lower()
    if low in normal_forms() or _DEGREE.sub("", low) in normal_forms():
        return True
    heads, suffixes = word_list("heads", "head"), _suffixes()
    parts = low.split()
    if len(parts) > 1 and parts[-2] in word_list("modifiers", "sign") and parts[-1] in word_list("modifiers", "body"):
        return True  # "pinpoint pupils"
    if len(parts) > 1 and parts[-2] in word_list("heads", "how") and parts[-1] in word_list("heads", "faculty"):
        return True  # "strange thoughts"
    words = _PLAIN_WORD.findall(low)
    return not heads.isdisjoint(words) or any(len(w) > 6 and w.endswith(suffixes) for w in words)


def is_agent(word: str) -> bool:
    """Whether a word names what causes something of its own, in the body or from outside: a germ, a gland, a protein."""
    return word in word_list("heads", "agent")


#: how much of it: "unusually thirsty"
_DEGREE = re.compile(r"^(?:very|so|too|quite|rather|more|really|extremely|unusually|severely|increasingly) ")
_PLAIN_WORD = re.compile(r"[a-z-]+")


def is_analyte(tokens: tuple[str, ...]) -> bool:
    """Whether the words name nothing but what is measured in blood or urine."""
    return bool(tokens) and set(tokens) <= word_list("heads", "analyte") | {"liver", "blood", "kidney"}
