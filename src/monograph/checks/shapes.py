"""The store held against the SHACL shapes of ``ontology/shapes.ttl``, a document at a time, so that memory is bounded.

A document's graph is joined by the types of the value sets' members and by the class tree; then the shortcuts of each
drug, with the facts about it, are held against their own shape, and so are the links of each thing with their records.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from monograph.checks.findings import Finding
from monograph.errors import MonographError
from monograph.graph import document_iri
from monograph.results import Triples
from monograph.shortcuts import GRAPH
from monograph.vocabulary import compact, expand, graph_name, mg

if TYPE_CHECKING:
    import rdflib

    from monograph.store import Store

__all__ = ["check_shapes"]

_SHAPES: Final = "https://w3id.org/monograph/shapes#"
_SHORTCUT: Final = _SHAPES + "Shortcut"
_MAPPINGS: Final = [_SHAPES + "Mapping", _SHAPES + "MappingsStand"]
_LINKS: Final = graph_name("links")
_STRING: Final = expand("xsd:string")
_LEVELS: Final = {"Violation": "error", "Warning": "warning", "Info": "info"}


def check_shapes(store: Store) -> Iterator[Finding]:
    """Findings of the shapes on ``store``, by document, then on shortcuts by drug, then on links."""
    for info in store.documents():
        rows = store.triples(document_iri(info.identifier))
        yield from _validate(_graph(rows), None, info.identifier)
    drugs = store.query(f"SELECT DISTINCT ?s FROM <{GRAPH}> WHERE {{ ?s ?p ?o }} ORDER BY ?s") if _any(store) else ()
    assert not isinstance(drugs, bool)
    for (drug,) in drugs:
        iri = str(getattr(drug, "value", drug))
        about = store.query(
            f"CONSTRUCT {{ <{iri}> ?p ?o . ?f ?q ?v }} WHERE {{ "
            f"{{ GRAPH <{GRAPH}> {{ <{iri}> ?p ?o }} }} UNION "
            f"{{ VALUES ?q {{ rdf:type mg:hasSubject mg:hasObject mg:polarity mg:role }} "
            f"?f mg:hasSubject <{iri}> ; ?q ?v }} }}"
        )
        assert isinstance(about, Triples)
        yield from _validate(_graph(about), [_SHORTCUT], compact(iri))
    if links := store.triples(_LINKS):
        yield from _validate(_graph(links), _MAPPINGS, "links")


def _any(store: Store) -> bool:
    return store.query(f"ASK {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}") is True


def _validate(data: rdflib.Graph, shapes: list[str] | None, where: str) -> list[Finding]:
    """The violations in ``data`` of ``shapes``, or of all, sorted."""
    import pyshacl

    _, report, text = pyshacl.validate(
        data,
        shacl_graph=_shapes(),
        inference="none",
        advanced=False,
        meta_shacl=False,
        use_shapes=shapes,
        do_owl_imports=False,
    )
    if not hasattr(report, "subjects"):
        raise MonographError(f"the shapes cannot be applied: {' '.join(str(text).split())[:200]}")
    return sorted(_findings(report, data, where))


def _findings(report: Any, data: rdflib.Graph, where: str) -> Iterator[Finding]:
    from rdflib import RDF, RDFS
    from rdflib.namespace import SH

    for result in report.subjects(RDF.type, SH.ValidationResult):
        node, path, value = (report.value(result, p) for p in (SH.focusNode, SH.resultPath, SH.value))
        severity = str(report.value(result, SH.resultSeverity)).rsplit("#", 1)[-1]
        message = min((str(text) for text in report.objects(result, SH.resultMessage)), default="breaks its shape")
        label = data.value(node, RDFS.label)
        about = f"{compact(str(path))} {_short(value)}".strip() if path is not None else _short(value)
        shown = f"{label}: {message}" if label is not None else message
        yield Finding(
            _LEVELS.get(severity, "error"),  # type: ignore[arg-type]
            "shape",
            where if compact(str(node)) == where else f"{where}: {compact(str(node))}",
            shown + (f" ({about})" if about and str(value) != str(node) else ""),
        )


def _short(value: Any) -> str:
    from rdflib import BNode, URIRef

    if value is None or isinstance(value, BNode):
        return ""
    return compact(str(value)) if isinstance(value, URIRef) else repr(str(value)[:60])


def _graph(rows: Iterable[Any]) -> rdflib.Graph:
    """``rows`` with what the shapes need of the ontology, as a graph of rdflib."""
    from rdflib import Graph

    out = Graph()
    for row in rows:
        out.add((_term(row.subject), _term(row.predicate), _term(row.object)))
    for triple in _ontology():
        out.add(triple)
    return out


def _term(term: Any) -> Any:
    """A term of pyoxigraph as one of rdflib; strings stay plain, for rdflib tells them from typed ones."""
    from pyoxigraph import BlankNode, NamedNode
    from rdflib import BNode, Literal, URIRef

    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if term.language is not None:
        return Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    return Literal(term.value) if datatype == _STRING else Literal(term.value, datatype=URIRef(datatype))


@cache
def _ontology() -> tuple[Any, ...]:
    """The class tree and the types of the members of the value sets."""
    from rdflib import Graph, URIRef

    wanted = {URIRef(expand("rdf:type")), URIRef(expand("rdfs:subClassOf"))}
    graph = Graph()
    for name in ("monograph.ttl", "values.ttl"):
        graph.parse(data=files("monograph.ontology").joinpath(name).read_text(encoding="utf-8"), format="turtle")
    own = mg("")
    return tuple(
        sorted((s, p, o) for s, p, o in graph if p in wanted and str(s).startswith(own) and str(o).startswith(own))
    )


@cache
def _shapes() -> rdflib.Graph:
    import rdflib

    # It warns of each literal that does not fit its datatype; the shapes report those.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    text = files("monograph.ontology").joinpath("shapes.ttl").read_text(encoding="utf-8")
    return rdflib.Graph().parse(data=text, format="turtle")
