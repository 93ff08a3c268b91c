"""The Fact: one statement of a document about a drug, with the places that state it.

Its JSON Lines form (:meth:`Fact.as_json`, :func:`read_jsonl`) is what ``monograph extract --format jsonl`` prints.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any, Literal, get_args

__all__ = [
    "KINDS",
    "AgeGroup",
    "Evidence",
    "Fact",
    "Frequency",
    "Gap",
    "GapKind",
    "Kind",
    "Polarity",
    "merge",
    "read_jsonl",
    "write_jsonl",
]

Kind = Literal[
    "indication",
    "adverse-effect",
    "withdrawal-symptom",
    "overdose-symptom",
    "allergic-symptom",
    "contraindication",
    "precaution",
    "interaction",
    "regimen",
    "route",
    "dose-form",
    "drug-class",
    "brand-name",
    "synonym",
    "mechanism",
    "half-life",
    "onset",
    "duration",
    "excretion",
    "population",
    "advice",
    "history",
    "study",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

Polarity = Literal["asserted", "negated", "not-established"]
Certainty = Literal["stated", "hedged"]
SubjectType = Literal["drug", "combination", "drug-class"]


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A place that states a fact: ``text[start:end] == quote``, its section's heading and its citation mark."""

    start: int
    end: int
    quote: str
    section: str | None = None
    citation: str | None = None
    lead_in: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class AgeGroup:
    """A population to which a fact is limited, with its age bounds in years where they are stated."""

    name: str
    min_age: float | None = None
    max_age: float | None = None


@dataclass(frozen=True, slots=True)
class Frequency:
    """A frequency band as stated, with its bounds as shares of patients (0 to 1) where they are stated.

    ``band`` is None where a source gives nothing but figures, as the table of a trial does.
    """

    band: str | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One statement about ``drug``. ``None`` or an empty tuple means: not stated.

    ``subject_type`` says whether ``drug`` is a drug, a fixed combination or a class. ``speaker`` is who is quoted
    ("experts"). Doses are in ``dose_unit`` (UCUM; tablets are ``{tablet}``), ``daily_dose`` (to ``daily_dose_max``)
    too; ``per`` is ``kg`` or ``m2``; ``interval_hours`` is a pair (shortest, longest), ``duration`` an ISO 8601
    duration. ``low`` and ``high`` are in ``unit`` (UCUM). ``evidence[0]`` is the fact's own place.
    """

    kind: Kind
    drug: str
    value: str
    statement: str | None = None
    polarity: Polarity = "asserted"
    certainty: Certainty = "stated"
    speaker: str | None = None
    role: str | None = None
    severity: str | None = None
    frequency: Frequency | None = None
    population: tuple[AgeGroup, ...] = ()
    route: str | None = None
    form: str | None = None
    indication: tuple[str, ...] = ()
    condition: str | None = None
    trigger: str | None = None
    part_of: str | None = None
    dose_value: float | None = None
    dose_max: float | None = None
    dose_unit: str | None = None
    per: str | None = None
    times_per_day: float | None = None
    times_per_day_max: float | None = None
    interval_hours: tuple[float, float] | None = None
    duration: str | None = None
    daily_dose: float | None = None
    daily_dose_max: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    year: int | None = None
    design: str | None = None
    comparator: str | None = None
    outcome: str | None = None
    evidence: tuple[Evidence, ...]
    document: str
    rule: str
    subject_type: SubjectType = "drug"
    identifiers: tuple[tuple[str, str], ...] = ()

    @property
    def quote(self) -> str:
        return self.evidence[0].quote

    @property
    def start(self) -> int:
        return self.evidence[0].start

    @property
    def end(self) -> int:
        return self.evidence[0].end

    def content(self) -> dict[str, Any]:
        """What the fact says and in which document, without where and by which rule: the key of its identity."""
        return {
            name: value if value.__class__ is str else _plain(value)
            for name, value in zip(_CONTENT, _key(self), strict=True)
            if value is not None and value != ()
        }

    def as_json(self) -> dict[str, Any]:
        """The record of the JSON Lines contract: content, then the own quote and place, then all evidence."""
        first = self.evidence[0]
        out = self.content()
        out.update(quote=first.quote, start=first.start, end=first.end)
        for name in ("lead_in", "section", "citation"):
            if (value := getattr(first, name)) is not None:
                out[name] = value
        out["evidence"] = [_plain(e) for e in self.evidence]
        out["rule"] = self.rule
        if self.identifiers:
            out["identifiers"] = [{"curie": c, "match": m} for c, m in self.identifiers]
        return out

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Fact:
        """The fact of a JSON Lines record; raises KeyError or TypeError on a record that is none."""
        known = {f.name for f in fields(cls)}
        values = {k: v for k, v in row.items() if k in known}
        values["evidence"] = tuple(Evidence(**e) for e in row["evidence"])
        values["population"] = tuple(AgeGroup(**p) for p in row.get("population", ()))
        if frequency := row.get("frequency"):
            values["frequency"] = Frequency(**frequency)
        values["indication"] = tuple(row.get("indication", ()))
        if interval := row.get("interval_hours"):
            values["interval_hours"] = (interval[0], interval[1])
        values["identifiers"] = tuple((i["curie"], i["match"]) for i in row.get("identifiers", ()))
        return cls(**values)


GapKind = Literal["empty-list", "empty-section", "absent-section"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a document announces what it does not hold, or lacks a section that such documents have.

    ``label`` is the announcement or the missing section's name; ``evidence`` is its place, where it has one.
    """

    kind: GapKind
    label: str
    document: str
    section: str | None = None
    evidence: Evidence | None = None


#: the fields that make a fact what it is, in the order of the record
_CONTENT = tuple(f.name for f in fields(Fact) if f.name not in {"evidence", "rule", "identifiers"})


_key = attrgetter(*_CONTENT)


def _plain(value: Any) -> Any:
    """``value`` as JSON types, dataclasses as objects without their empty fields."""
    if isinstance(value, Evidence | AgeGroup | Frequency):
        return {f.name: _plain(v) for f in fields(value) if (v := getattr(value, f.name)) is not None and v != ()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def merge(facts: Iterable[Fact]) -> list[Fact]:
    """Facts that say the same made one with all their evidence, in the order of their first place."""
    kept: dict[Any, Fact] = {}
    places: dict[Any, dict[tuple[int, int], Evidence]] = {}
    for fact in facts:
        key = _key(fact)
        if key not in kept:
            kept[key] = fact
            continue
        if key not in places:
            places[key] = {(e.start, e.end): e for e in reversed(kept[key].evidence)}
        for evidence in fact.evidence:
            places[key].setdefault((evidence.start, evidence.end), evidence)
    for key, found in places.items():
        if len(found) > len(kept[key].evidence):
            kept[key] = replace(kept[key], evidence=tuple(found[place] for place in sorted(found)))
    return sorted(kept.values(), key=lambda f: (f.start, f.end, KINDS.index(f.kind), f.value))


def write_jsonl(facts: Iterable[Fact]) -> Iterator[str]:
    """One line of JSON a fact, without its line end; the same facts give the same bytes."""
    for fact in facts:
        yield json.dumps(fact.as_json(), ensure_ascii=False, separators=(", ", ": "))


def read_jsonl(lines: Iterable[str]) -> Iterator[Fact]:
    """The facts of JSON Lines; blank lines are passed over."""
    for line in lines:
        if line.strip():
            yield Fact.from_json(json.loads(line))
