"""One order for the quads of an export, whatever order they come in, made for reading.

The description of the dataset stands first, then documents, drugs, each fact with its evidence, gaps, what facts
point to, mappings, and terms of the ontology. Facts stand in the order of their labels: by drug, kind and object.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad

from monograph.vocabulary import BASE, ONTOLOGY, expand, graph_name

__all__ = ["ordered"]

_SPACES = (
    "graph",
    "document",
    "drug",
    "drug-class",
    "fact",
    "gap",
    "evidence",
    "concept",
    "substance",
    "population",
    "route",
    "dose-form",
)
_RANK = {f"{BASE}id/{space}/": chr(ord("a") + i) for i, space in enumerate(_SPACES)}
_OTHER, _TERM = "y", "z"
_DATASET, _COMMON, _DOCUMENT = graph_name("dataset"), graph_name(""), f"{BASE}id/document/"

_LABEL = NamedNode(expand("rdfs:label"))
_DERIVED = NamedNode(expand("prov:wasDerivedFrom"))
#: the order of properties where it helps a reader: what it is, what it says, and at last where from
_FIRST = (
    "rdf:type",
    "rdfs:label",
    "dcterms:title",
    "mg:hasSubject",
    "mg:hasObject",
    "mg:name",
    "mg:statement",
    "mg:polarity",
    "mg:certainty",
)
_LAST = ("mg:statedIn", "prov:wasDerivedFrom", "mg:rule")
_PATHS = {
    **{expand(path): chr(1 + i) for i, path in enumerate(_FIRST)},
    **{expand(path): f"~{i}" for i, path in enumerate(_LAST)},
}


def ordered(quads: Iterable[Quad], *, graphs: bool) -> list[Quad]:
    """``quads`` in reading order without repetition; ``graphs`` keeps graphs together, else they are one."""
    rows = list(quads)
    labels: dict[str, str] = {}
    owners: dict[str, str] = {}
    for subject, predicate, object_, _ in rows:
        if predicate == _LABEL:
            label = object_.value
            if label < labels.get(subject.value, "\U0010ffff"):
                labels[subject.value] = label
    keys: dict[str, str] = {}

    def key(iri: str) -> str:
        if (known := keys.get(iri)) is None:
            rank = _rank(iri)
            label = "" if rank == _RANK[_DOCUMENT] else labels.get(iri, "")
            known = keys[iri] = f"{rank}{label}\x00{iri}"
        return known

    for subject, predicate, object_, _ in rows:
        if predicate == _DERIVED:
            owner = key(subject.value)
            if owner < owners.get(object_.value, "\U0010ffff"):
                owners[object_.value] = owner
    # Evidence stands after its fact; what several facts share, after the first of them.
    for evidence, owner in owners.items():
        keys[evidence] = f"{owner}\x01{evidence}"
        for part in ("#quote", "#position"):
            keys[evidence + part] = f"{owner}\x01{evidence}{part}"

    decorated = []
    for quad in rows:
        subject, predicate, object_, graph = quad
        path = predicate.value
        place = _place(graph.value) if graphs and isinstance(graph, NamedNode) else ""
        decorated.append((place, key(subject.value), _PATHS.get(path, path), str(object_), quad))
    decorated.sort(key=lambda row: row[:4])
    out: list[Quad] = []
    last = None
    for row in decorated:
        if row[:4] != last:
            out.append(row[4])
            last = row[:4]
    return out


def _place(graph: str) -> str:
    """The description first, then documents, then what is derived from them."""
    return ("0" if graph == _DATASET else "2" if graph.startswith(_COMMON) else "1") + graph


def _rank(iri: str) -> str:
    if iri.startswith(ONTOLOGY):
        return _TERM
    if iri.startswith(BASE):
        at = iri.find("/", len(BASE) + 3)
        return _RANK.get(iri[: at + 1], _OTHER)
    return _OTHER
