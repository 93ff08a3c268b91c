"""Mappings as RDF and back: the SKOS match itself, and beside it the SSSOM record that tells where it comes from.

A record is a named node whose IRI is the hash of its row, so that the same links are the same triples. A denied match
has a record and no SKOS triple. Terms of vocabularies stand with their label, their CURIE as ``skos:notation``, and
what is above them as ``skos:broader``, so that questions about a class of terms can be answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad

from monograph.mappings.model import Mapping
from monograph.vocabularies.prefixes import iri_of, standard
from monograph.vocabulary import compact, digest, expand, graph_name, mint

if TYPE_CHECKING:
    from monograph.store import Store
    from monograph.vocabularies.index import Index

__all__ = ["LINKS", "link_quads", "read_links", "with_hierarchy"]

LINKS: Final = graph_name("links")

_NODES: Final = {"subject": "sssom:subject_id", "predicate": "sssom:predicate_id", "object": "sssom:object_id",
                 "justification": "sssom:mapping_justification"}  # fmt: skip
_TEXTS: Final = {
    "subject_label": "sssom:subject_label",
    "object_label": "sssom:object_label",
    "author": "sssom:author_label",
    "comment": "sssom:comment",
    "tool": "sssom:mapping_tool",
    "tool_version": "sssom:mapping_tool_version",
    "object_source": "sssom:object_source",
    "object_source_version": "sssom:object_source_version",
    "match_string": "sssom:match_string",
}
_DECIMAL: Final = NamedNode(expand("xsd:decimal"))


def link_quads(
    mappings: Iterable[Mapping], graph: str = LINKS, parents: Table[str, Iterable[str]] | None = None
) -> list[Quad]:
    """The quads of ``mappings``, sorted, in the named graph ``graph``; ``parents`` are the terms right above CURIEs."""
    name = NamedNode(graph)
    found: set[Quad] = set()

    def say(subject: str, predicate: str, value: NamedNode | Literal) -> None:
        found.add(Quad(NamedNode(subject), NamedNode(expand(predicate)), value, name))

    labels: dict[str, str] = {}
    for mapping in mappings:
        for node, predicate, value in _record(mapping):
            say(node, predicate, value)
        if not mapping.negated:
            say(_iri(mapping.subject), mapping.predicate, NamedNode(_iri(mapping.object)))
        labels[mapping.object] = mapping.object_label or labels.get(mapping.object, "")
    for curie, label in labels.items():
        say(_iri(curie), "skos:notation", Literal(curie))
        if label:
            say(_iri(curie), "rdfs:label", Literal(label, language="en"))
    for curie, above in (parents or {}).items():
        for parent in above:
            say(_iri(curie), "skos:broader", NamedNode(_iri(parent)))
    return sorted(found, key=lambda q: (str(q.subject), str(q.predicate), str(q.object)))


def with_hierarchy(index: Index, curies: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Each of ``curies`` and every term above one, with the terms directly above it."""
    out: dict[str, tuple[str, ...]] = {}
    left = list(curies)
    while left:
        if (curie := left.pop()) not in out:
            out[curie] = index.parents(curie)
            left.extend(out[curie])
    return out


def read_links(store: Store, graph: str = LINKS) -> list[Mapping]:
    """The mappings whose records stand in a graph of ``store``, sorted."""
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in store.triples(graph):
        said[_value(row.subject)][_value(row.predicate)] = _value(row.object)
    out = []
    for node in said.values():
        if node.get(expand("rdf:type")) != expand("sssom:Mapping"):
            continue
        values = {field: node.get(expand(predicate), "") for field, predicate in {**_NODES, **_TEXTS}.items()}
        for field in _NODES:
            values[field] = standard(values[field]) or compact(values[field])
        confidence = node.get(expand("sssom:confidence"))
        mapping = Mapping(**values)  # type: ignore[arg-type]
        mapping = replace(mapping, confidence=None if confidence is None else float(confidence))
        out.append(replace(mapping, negated=expand("sssom:predicate_modifier") in node))
    return sorted(out, key=lambda m: (m.subject, -(m.confidence or 0), m.object, m.predicate))


def _record(mapping: Mapping) -> Iterable[tuple[str, str, NamedNode | Literal]]:
    content = [mapping.subject, mapping.predicate, mapping.object, mapping.negated, mapping.justification]
    node = mint("mapping", digest([*content, mapping.comment, mapping.author]))
    yield node, "rdf:type", NamedNode(expand("sssom:Mapping"))
    shown = f"{mapping.subject_label or mapping.subject} - {mapping.object_label or mapping.object}"
    yield node, "rdfs:label", Literal(shown, language="en")
    for field, predicate in _NODES.items():
        if value := getattr(mapping, field):
            yield node, predicate, NamedNode(_iri(value))
    for field, predicate in _TEXTS.items():
        if value := getattr(mapping, field):
            yield node, predicate, Literal(value)
    if mapping.confidence is not None:
        yield node, "sssom:confidence", Literal(f"{mapping.confidence:.4g}", datatype=_DECIMAL)
    if mapping.negated:
        yield node, "sssom:predicate_modifier", Literal("Not")


def _iri(curie: str) -> str:
    """The IRI of a CURIE: of an outside vocabulary, else of a prefix of ours."""
    return iri_of(curie) if standard(curie) == curie else expand(curie)


def _value(term: object) -> str:
    return str(getattr(term, "value", term))
