"""What of a store can be linked: its drugs, drug classes, substances and concepts, and the kinds that they may be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monograph.results import Solutions
from monograph.vocabulary import compact, fact_class, mg

if TYPE_CHECKING:
    from monograph.store import Store
    from monograph.vocabularies.model import TermKind

__all__ = ["Thing", "things"]

_KINDS: Final[dict[str, tuple[TermKind, ...]]] = {
    mg("Drug"): ("drug",),
    mg("DrugClass"): ("drug-class",),
    mg("Substance"): ("substance", "drug"),
    mg("ClinicalConcept"): ("phenotype",),
}
#: a concept that any of these is about may be a disease; one that is only ever an effect is a symptom or finding
_OF_DISEASES: Final = frozenset(
    [*(fact_class(k) for k in ("indication", "contraindication", "precaution", "interaction")), mg("forIndication")]
)


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """A node that can be linked: its CURIE, its name as a document spells it, its IRI, and the kinds it may be."""

    curie: str
    name: str
    iri: str
    kinds: frozenset[TermKind]


def things(store: Store) -> list[Thing]:
    """The drugs, drug classes, substances and concepts of ``store``, sorted by CURIE; combinations have none."""
    classes = " ".join(f"<{iri}>" for iri in _KINDS)
    named = _rows(
        store,
        f"SELECT DISTINCT ?thing ?class ?label ?other WHERE {{ VALUES ?class {{ {classes} }} ?thing a ?class ; "
        "rdfs:label ?label . FILTER NOT EXISTS { ?thing a mg:DrugCombination } "
        "OPTIONAL { ?thing skos:altLabel ?other } }",
    )
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for thing, role in _rows(
        store,
        "SELECT DISTINCT ?thing ?role WHERE { { ?fact mg:hasObject ?thing ; a ?role } UNION "
        "{ ?fact mg:forIndication ?thing BIND(mg:forIndication AS ?role) } ?thing a mg:ClinicalConcept }",
    ):
        roles[thing].add(role)
    found: dict[str, Thing] = {}
    for iri, cls, label, other in sorted(named):
        kinds = frozenset(_KINDS[cls])
        if cls == mg("ClinicalConcept") and roles[iri] & _OF_DISEASES:
            kinds |= {"disease"}
        name = other if other.casefold() == label else label  # capitals tell an abbreviation from a word
        known = found.get(iri)
        found[iri] = Thing(compact(iri), known.name if known and known.name != label else name, iri, kinds)
    return sorted(found.values())


def _rows(store: Store, text: str) -> list[tuple[str, ...]]:
    result = store.query(text)
    assert isinstance(result, Solutions)
    return [tuple("" if term is None else str(getattr(term, "value", term)) for term in row) for row in result]
