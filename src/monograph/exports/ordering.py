"""One order for the quads of an export, whatever order they come in, made for reading.

The description of the dataset stands first, then documents, drugs, each fact with its evidence, gaps, what facts
point to, mappings, and terms of the ontology. Facts stand in the order of their labels: by drug, kind and object.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from monograph.exports.rows import Row
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

_LABEL = expand("rdfs:label")
_DERIVED = expand("prov:wasDerivedFrom")
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


def ordered(rows: Iterable[Row], *, graphs: bool) -> list[Row]:
    """``rows`` in reading order without repetition; ``graphs`` keeps graphs together, else they are one."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.graph if graphs else "", row.subject].append(row)
    labels: dict[str, str] = {}
    derived: list[tuple[str, str]] = []
    for (_, subject), own in groups.items():
        for row in own:
            if row.path == _LABEL:
                labels[subject] = min(row.object, labels.get(subject, row.object))
            elif row.path == _DERIVED:
                derived.append((row.object[1:-1], subject))
    keys = {subject: _key(subject, labels.get(subject, "")) for _, subject in groups}
    # Evidence stands after its fact; what several facts share, after the first of them.
    owners: dict[str, str] = {}
    for evidence, fact in derived:
        owners[evidence] = min(keys[fact], owners.get(evidence, keys[fact]))
    for evidence, owner in owners.items():
        for node in (evidence, f"{evidence}#quote", f"{evidence}#position"):
            keys[node] = f"{owner}\x01{node}"
    out: list[Row] = []
    for place in sorted(groups, key=lambda place: (_place(place[0]), keys[place[1]])):
        distinct = {(_PATHS.get(row.path, row.path), row.object): row for row in groups[place]}
        out.extend(distinct[saying] for saying in sorted(distinct))
    return out


def _key(iri: str, label: str) -> str:
    rank = _rank(iri)
    by_label = rank not in (_RANK[_DOCUMENT], _TERM)
    return f"{rank}{label if by_label else ''}\x00{iri}"


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
