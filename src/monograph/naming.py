"""Which IRI a fact, its evidence and each thing it names have, and the name that an IRI stands for.

Names become IRIs by :func:`monograph.vocabulary.mint` or, where a value set of the ontology has a member of that name,
the member's IRI. Both fold case, so identity never hangs on a spelling: :func:`canonical` is a fact with each name
spelt as its IRI gives it back, and the fact's IRI is the digest of that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote, unquote

from monograph import vocabulary
from monograph.facts import KINDS, AgeGroup, Fact, Gap, Kind, SubjectType
from monograph.vocabulary import INTERACTANT_SPACE, OBJECT_SPACE, ONTOLOGY, digest, mint, name_of

__all__ = [
    "KIND_OF_CLASS",
    "SUBJECT_CLASS",
    "age_group",
    "age_group_iri",
    "broader_groups",
    "canonical",
    "closed_name",
    "decimal_text",
    "document_iri",
    "evidence_iri",
    "fact_iri",
    "gap_iri",
    "member",
    "node",
    "node_class",
    "object_space",
    "reference_iri",
    "spelt",
    "subject_iri",
    "subject_type",
    "subject_type_of",
    "value_members",
]

#: fact class -> kind
KIND_OF_CLASS: Final[dict[str, Kind]] = {vocabulary.fact_class(kind): kind for kind in KINDS}

#: type of subject -> local name of its class
SUBJECT_CLASS: Final[dict[SubjectType, str]] = {
    "drug": "Drug",
    "combination": "DrugCombination",
    "drug-class": "DrugClass",
}

#: space of a minted node -> (local name of its class, scheme of the value set that is looked in first)
_SPACES: Final[dict[str, tuple[str, str | None]]] = {
    "drug": ("Drug", None),
    "drug-class": ("DrugClass", None),
    "concept": ("ClinicalConcept", None),
    "substance": ("Substance", None),
    "population": ("Population", "population"),
    "route": ("RouteOfAdministration", "route"),
    "dose-form": ("DoseForm", "form"),
}

_PLUS = " + "


@cache
def _notations() -> dict[str, str]:
    """IRI -> notation, the name that facts carry, of each member of the ontology's value sets."""
    from pyoxigraph import RdfFormat, parse

    text = files("monograph.ontology").joinpath("values.ttl").read_bytes()
    notation = vocabulary.expand("skos:notation")
    rows = parse(text, format=RdfFormat.TURTLE)
    return {q.subject.value: q.object.value for q in rows if q.predicate.value == notation}


@cache
def value_members(scheme: str) -> dict[str, str]:
    """IRI -> name of each member of a value set of the ontology: ``value_members("route")``."""
    start = f"{ONTOLOGY}{scheme}-"
    return {iri: name for iri, name in sorted(_notations().items()) if iri.startswith(start)}


@lru_cache(maxsize=4096)
def member(scheme: str, name: str) -> str:
    """The IRI of the member of a value set that ``name`` names."""
    return vocabulary.value(scheme, name)


@lru_cache(maxsize=65536)
def node(space: str, name: str) -> str:
    """The IRI of what ``name`` names: the value set's member where there is one, else minted in ``space``.

    Raises ValueError on an empty name.
    """
    scheme = _SPACES[space][1]
    if scheme is not None and (iri := member(scheme, name)) in value_members(scheme):
        return iri
    return mint(space, name)


def node_class(iri: str) -> str | None:
    """Local name of the class of a minted node; None for a member of a value set and for other IRIs."""
    if not iri.startswith(f"{vocabulary.BASE}id/"):
        return None
    space = iri[len(vocabulary.BASE) + 3 :].split("/", 1)[0]
    if space == "drug" and _PLUS in name_of(iri):
        return "DrugCombination"
    return _SPACES[space][0] if space in _SPACES else None


@lru_cache(maxsize=65536)
def spelt(iri: str) -> str:
    """The canonical name of a node, minted or of an open value set (populations, routes, dose forms)."""
    if iri.startswith(ONTOLOGY):
        return _notations().get(iri) or iri[len(ONTOLOGY) :].partition("-")[2]
    return name_of(iri)


def closed_name(scheme: str, iri: str) -> str:
    """The name of a member of a closed value set (polarity, role, severity …), which keeps its hyphens."""
    return unquote(iri.removeprefix(f"{ONTOLOGY}{scheme}-"))


def object_space(kind: Kind, role: str | None) -> str | None:
    """Where the object of a fact of this kind and role lives; None where such facts have no object."""
    if kind == "interaction":
        return INTERACTANT_SPACE.get(role or "", OBJECT_SPACE[kind])
    return OBJECT_SPACE.get(kind)


def subject_iri(fact: Fact) -> str:
    """The IRI of the fact's drug, combination or class."""
    return node("drug-class" if fact.subject_type == "drug-class" else "drug", fact.drug)


def subject_type(fact: Fact) -> SubjectType:
    """The type of the fact's subject: a name with a plus between drugs is a combination's."""
    return "combination" if fact.subject_type == "drug" and _PLUS in spelt(subject_iri(fact)) else fact.subject_type


def subject_type_of(iri: str, classes: Iterable[str]) -> SubjectType:
    """The type of subject that a node with these classes (IRIs) is."""
    if f"{vocabulary.BASE}id/drug-class/" in iri:
        return "drug-class"
    return "combination" if vocabulary.mg("DrugCombination") in classes else "drug"


def document_iri(identifier: str) -> str:
    """The IRI of a document, which is its named graph's too."""
    return mint("document", identifier)


def reference_iri(document: str, mark: str) -> str:
    """The IRI of the entry ``mark`` in the list of references of the document with this IRI."""
    return f"{document}#reference-{quote(mark, safe='')}"


def evidence_iri(sha256: str, start: int, end: int) -> str:
    """The IRI of a place in the source whose bytes have this SHA-256."""
    return f"{vocabulary.BASE}id/evidence/{digest([sha256, start, end])}"


def fact_iri(fact: Fact) -> str:
    """The IRI of a fact: the digest of its content and document, whatever its place and the case of its names."""
    return f"{vocabulary.BASE}id/fact/{digest(canonical(fact).content())}"


def gap_iri(gap: Gap) -> str:
    """The IRI of a gap: the digest of its kind, label, section and document."""
    return f"{vocabulary.BASE}id/gap/{digest([gap.document, gap.kind, gap.label, gap.section])}"


def canonical(fact: Fact) -> Fact:
    """``fact`` with each name that becomes a node spelt as the node gives it back, lists and evidence sorted."""
    space = object_space(fact.kind, fact.role)

    def named(where: str, name: str | None) -> str | None:
        return None if name is None else spelt(node(where, name))

    def closed(scheme: str, name: str | None) -> str | None:
        return None if name is None else closed_name(scheme, member(scheme, name))

    frequency = fact.frequency
    groups = {age_group(age_group_iri(g), g.min_age, g.max_age) for g in fact.population}
    if frequency is not None:
        frequency = replace(frequency, band=closed("frequency", frequency.band))
    told: dict[str, Any] = {
        "drug": spelt(subject_iri(fact)),
        "subject_type": subject_type(fact),
        "value": fact.value if space is None else spelt(node(space, fact.value)),
        "role": closed("role", fact.role),
        "severity": closed("severity", fact.severity),
        "frequency": frequency,
        "population": tuple(sorted(groups, key=str)),
        "route": named("route", fact.route),
        "form": named("dose-form", fact.form),
        "indication": tuple(sorted({spelt(node("concept", name)) for name in fact.indication})),
        "trigger": closed("trigger", fact.trigger),
        "part_of": named("concept", fact.part_of),
        "evidence": tuple(sorted(fact.evidence, key=lambda e: (e.start, e.end))),
    }
    changed = {name: value for name, value in told.items() if value != getattr(fact, name)}
    return replace(fact, **changed) if changed else fact


def age_group_iri(group: AgeGroup) -> str:
    """The IRI of a population; stated age bounds are part of it, as two sources may bound one word differently."""
    return node("population", group.name + _bounds(group.min_age, group.max_age))


def age_group(iri: str, min_age: float | None, max_age: float | None) -> AgeGroup:
    """The population that :func:`age_group_iri` named, given the bounds that stand at its node."""
    return AgeGroup(spelt(iri).removesuffix(_bounds(min_age, max_age)), min_age, max_age)


def broader_groups(group: AgeGroup) -> list[str]:
    """The members of the value set of populations that the name of ``group`` holds, longest names first."""
    words = f" {spelt(age_group_iri(replace(group, min_age=None, max_age=None)))} "
    out: list[str] = []
    for iri, name in sorted(value_members("population").items(), key=lambda item: (-len(item[1]), item[0])):
        if f" {name} " in words:
            out.append(iri)
            words = words.replace(f" {name} ", "  ")
    return out


def decimal_text(number: float) -> str:
    """``number`` in the one spelling of xsd:decimal that stores keep; raises ValueError where there is none."""
    if not math.isfinite(number):
        raise ValueError(f"{number} is no decimal number")
    text = format(Decimal(repr(float(number))).normalize(), "f")
    return "0" if text in {"-0", "0"} else text


def _bounds(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return f" from {decimal_text(low or 0)} years"
    return (
        f" up to {decimal_text(high)} years" if low is None else f" {decimal_text(low)} to {decimal_text(high)} years"
    )
