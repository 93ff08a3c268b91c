"""How much of what a document states was found, and how much of what was found it states: facts against a gold list.

A gold list (``docs/gold.md``) names what a document states, each entry with its place. A fact is right when an entry of
its kind names the same thing, or when both stand at the same place and share most of their words; free text counts by
place, a regimen by place and numbers. What an article states twice is owed once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monograph.errors import SourceError
from monograph.facts import Fact

__all__ = ["GOLD_KEYS", "Gold", "Place", "Score", "Tally", "evaluate", "read_gold"]

#: key of a gold list -> the kind of fact that its entries are
GOLD_KEYS: Mapping[str, str] = {
    "indications": "indication",
    "adverse_effects": "adverse-effect",
    "overdose_symptoms": "overdose-symptom",
    "withdrawal_symptoms": "withdrawal-symptom",
    "allergic_symptoms": "allergic-symptom",
    "routes": "route",
    "regimens": "regimen",
    "populations": "population",
    "interactions": "interaction",
    "contraindications": "contraindication",
    "cautions": "precaution",
    "drug_class": "drug-class",
    "brand_names": "brand-name",
    "half_life_hours": "half-life",
    "onset": "onset",
    "mechanism": "mechanism",
    "history": "history",
}
#: kinds whose wording is free, so that their place decides
_BY_PLACE = frozenset({"population", "mechanism", "onset", "history", "half-life", "contraindication", "precaution"})
#: kinds of which a denied or foreign claim would do harm
_RISKY = frozenset(
    {"adverse-effect", "indication", "withdrawal-symptom", "overdose-symptom", "contraindication", "interaction"}
)
#: a longer quote points at nothing
_LONGEST_QUOTE = 550
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+", "a an the of in on to or and with your you by for from be is are may can feeling feel very sudden"
    )
)
Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a gold list owes: its names as word sets, the kinds that count as right, and its place."""

    kind: str
    kinds: frozenset[str]
    name: str
    words: Words
    variants: tuple[Words, ...]
    start: int
    end: int
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold list: what is owed, claims that the text denies, and spans that hold no fact."""

    entries: tuple[_Entry, ...]
    denied: tuple[tuple[int, int, Words, str], ...] = ()
    empty: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one kind: entries ``owed`` and ``found``, facts ``predicted`` and ``right``."""

    owed: int = 0
    found: int = 0
    predicted: int = 0
    right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.owed + other.owed,
            self.found + other.found,
            self.predicted + other.predicted,
            self.right + other.right,
        )

    @property
    def precision(self) -> float:
        """Share of facts that are right, 0 where there is none."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of what is owed that was found, 0 where nothing is owed."""
        return self.found / self.owed if self.owed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """An entry that was missed, or a fact that is wrong, with where it stands and why it is listed."""

    kind: str
    name: str
    start: int
    end: int
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The counts of each kind, and what the counts hide: ``bad_quotes``, ``denied`` and ``invented`` should be empty.

    ``denied`` are facts asserted where the text denies them, ``invented`` facts from a span that holds none,
    ``bad_quotes`` facts whose quote is not in the text at its offsets.
    """

    kinds: Mapping[str, Tally]
    missed: tuple[Place, ...] = ()
    wrong: tuple[Place, ...] = ()
    bad_quotes: tuple[Place, ...] = ()
    denied: tuple[Place, ...] = ()
    invented: tuple[Place, ...] = ()
    total: Tally = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(self.kinds.values(), Tally()))


def read_gold(path: Path, text: str) -> Gold:
    """The gold list at ``path`` for the document with this ``text``.

    Raises SourceError where it cannot be read, or where an entry's quote is not in the text at its offset: the message
    names the entry.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"{path}: is no gold list ({error}) - see docs/gold.md for the format") from error
    if not isinstance(raw, dict):
        raise SourceError(f"{path}: is no gold list (not a JSON object) - see docs/gold.md for the format")
    for key in (*GOLD_KEYS, "negated", "not_facts"):
        for number, entry in enumerate(_listed(raw.get(key)), 1):
            quote, at = entry.get("quote"), entry.get("offset")
            if quote and at is not None and text[at : at + len(quote)] != quote:
                raise SourceError(
                    f"{path}: {key} entry {number} quotes '{quote[:60]}', which does not stand at offset {at} of the "
                    "document - correct the offset, or name the document that the list is of"
                )
    return Gold(
        tuple(_entries(raw)),
        tuple(
            (*_span(e), _words(str(e.get("claim", ""))), str(e.get("claim", ""))) for e in _listed(raw.get("negated"))
        ),
        tuple((*_span(e), str(e.get("why") or "holds no fact")) for e in _listed(raw.get("not_facts"))),
    )


def evaluate(gold: Gold, facts: Iterable[Fact], text: str) -> Score:
    """Scores ``facts`` of the document with this ``text``; denied and open facts count for populations only."""
    said = list(facts)
    counted: dict[tuple[object, ...], Fact] = {}
    for fact in said:
        if fact.polarity == "asserted" or fact.kind == "population":
            counted.setdefault(_identity(fact), fact)
    predicted = list(counted.values())
    found = [any(_same(entry, fact) for fact in predicted) for entry in gold.entries]
    right = [any(_same(entry, fact) for entry in gold.entries) for fact in predicted]
    kinds = {}
    for kind in GOLD_KEYS.values():
        owed: dict[object, bool] = {}
        for entry, hit in zip(gold.entries, found, strict=True):
            if entry.kind == kind:
                placed = kind in _BY_PLACE or kind == "regimen"
                key: object = (entry.start, entry.end) if placed else entry.words
                owed[key] = owed.get(key, False) or hit
        mine = [hit for fact, hit in zip(predicted, right, strict=True) if fact.kind == kind]
        kinds[kind] = Tally(len(owed), sum(owed.values()), len(mine), sum(mine))
    scored = set(GOLD_KEYS.values())
    return Score(
        kinds,
        missed=tuple(
            Place(e.kind, e.name, e.start, e.end) for e, hit in zip(gold.entries, found, strict=True) if not hit
        ),
        wrong=tuple(_place(f, f.rule) for f, hit in zip(predicted, right, strict=True) if not hit and f.kind in scored),
        bad_quotes=tuple(
            _place(f, "quote") for f in said if text[f.start : f.end] != f.quote or f.end - f.start > _LONGEST_QUOTE
        ),
        denied=tuple(_denied(gold, said)),
        invented=tuple(_invented(gold, said)),
    )


def _denied(gold: Gold, facts: Sequence[Fact]) -> Iterator[Place]:
    for start, end, claim, told in gold.denied:
        for fact in facts:
            there = _overlap(start, end, fact.start, fact.end) and _words(fact.value) & claim
            if there and fact.polarity == "asserted" and fact.kind in _RISKY:
                yield _place(fact, told)


def _invented(gold: Gold, facts: Sequence[Fact]) -> Iterator[Place]:
    for start, end, why in gold.empty:
        for fact in facts:
            if fact.polarity == "asserted" and fact.kind in _RISKY and start <= fact.start < end:
                yield _place(fact, why)


def _place(fact: Fact, why: str | None) -> Place:
    return Place(fact.kind, fact.value, fact.start, fact.end, why)


def _identity(fact: Fact) -> tuple[object, ...]:
    words = _words(fact.value)
    if fact.kind in _BY_PLACE:
        return fact.kind, words, fact.start, fact.end
    return fact.kind, words, fact.dose_value, fact.times_per_day, fact.daily_dose


def _listed(value: object) -> list[Mapping[str, Any]]:
    entries = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [e for e in entries if isinstance(e, dict) and e.get("offset") is not None]


def _span(entry: Mapping[str, Any]) -> tuple[int, int]:
    start = int(entry["offset"])
    return start, start + max(1, int(entry.get("length") or len(entry.get("quote") or "") or 1))


def _entries(raw: Mapping[str, Any]) -> Iterator[_Entry]:
    for key, kind in GOLD_KEYS.items():
        for entry in _listed(raw.get(key)):
            if str(entry.get("kind", "")).startswith(("implied", "food, not")):
                continue  # owed by nobody
            name = str(entry.get("name") or entry.get("text") or entry.get("event") or entry.get("value") or "")
            names = [name, *entry.get("aliases", [])]
            start, end = _span(entry)
            variants = tuple(v for n in names for v in _variants(n))
            kinds = frozenset({kind, *entry.get("also", [])})
            yield _Entry(kind, kinds, name, _words(name), variants, start, end, entry)


def _same(entry: _Entry, fact: Fact) -> bool:
    """Whether a fact is what an entry owes."""
    if fact.kind not in entry.kinds:
        return False
    near = _overlap(entry.start, entry.end, fact.start, fact.end)
    if entry.kind == "half-life":
        return near and bool(_numbers(fact.low, fact.high) & _numbers(entry.raw.get("value")))
    if entry.kind == "population":
        return near and bool(_stems(entry.words) & _stems(_words(fact.value)))
    if entry.kind in _BY_PLACE:
        return near or _share(entry.words, _words(fact.value)) >= 0.8
    if entry.kind == "regimen":
        return near and _same_numbers(entry.raw, fact)
    mine = _words(fact.value)
    if any(_share(variant, mine) >= 0.8 for variant in entry.variants):
        return True
    return near and any(_share(_stems(variant), _stems(mine)) >= 0.5 for variant in entry.variants)


def _same_numbers(entry: Mapping[str, Any], fact: Fact) -> bool:
    doses = _numbers(entry.get("dose_value"), entry.get("daily_dose_value"))
    given = _numbers(fact.dose_value, fact.dose_max, fact.daily_dose)
    times, said = _numbers(entry.get("times_per_day")), _numbers(fact.times_per_day)
    if (doses and given and not doses & given) or (times and said and not times & said):
        return False
    return not doses or bool(given)


def _overlap(start: int, end: int, other_start: int, other_end: int) -> bool:
    return start < other_end and other_start < end


def _words(name: str) -> Words:
    """The words of a name that say something: lower case, no plural s, brackets opened."""
    low = re.sub(r"\(([^)]*)\)", r" \1 ", name.lower().replace("’", "'"))
    found = re.findall(r"[a-z0-9]+(?:'[a-z]+)?", low)
    return frozenset(
        w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in found if w not in _EMPTY_WORDS
    )


def _variants(name: str) -> list[Words]:
    """A name whole, without its brackets, and each bracket alone: all name the same thing."""
    inside = re.findall(r"\(([^)]*)\)", name)
    return [w for w in {_words(name), _words(re.sub(r"\([^)]*\)", " ", name)), *map(_words, inside)} if w]


def _share(one: Words, other: Words) -> float:
    """Dice coefficient of two word sets, 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _stems(words: Words) -> Words:
    """The first four letters of each word: "dizzy" and "dizziness" meet where they stand at the same place."""
    return frozenset(w[:4] for w in words)


def _numbers(*values: object) -> set[float]:
    """The numbers among the values, lists opened."""
    flat = [x for value in values for x in (value if isinstance(value, list) else [value])]
    return {
        float(x)
        for x in flat
        if isinstance(x, int | float) or (isinstance(x, str) and re.fullmatch(r"\d+(?:\.\d+)?", x))
    }
