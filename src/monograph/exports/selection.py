"""What goes into an export: the data, or one drug's part of them, with the description of the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from monograph.errors import UnknownName
from monograph.exports.description import describe
from monograph.vocabulary import ONTOLOGY, expand, graph_name, mg, mint, name_of, prefixes

__all__ = ["select"]

_OA = prefixes()["oa"]
_TYPE = NamedNode(expand("rdf:type"))
_SUBJECT = NamedNode(mg("hasSubject"))
_ABOUT = NamedNode(mg("about"))
_IN_DOCUMENT = NamedNode(mg("inDocument"))

_ONTOLOGY = NamedNode(graph_name("ontology"))
_MAPPINGS = NamedNode(graph_name("mappings"))
_SHORTCUTS = NamedNode(graph_name("shortcuts"))
_DATASET = NamedNode(graph_name("dataset"))
_COMMON = frozenset({_ONTOLOGY, _MAPPINGS, _SHORTCUTS, _DATASET})

#: properties whose values are text of the source
_QUOTING = frozenset(NamedNode(iri) for iri in (_OA + "exact", _OA + "prefix", _OA + "suffix", mg("leadIn")))
_QUOTE_SELECTOR = NamedNode(_OA + "TextQuoteSelector")

#: what is kept of a member of a value set where the ontology stays out
_NAMING = frozenset(NamedNode(expand(c)) for c in ("rdf:type", "rdfs:label", "skos:prefLabel", "skos:notation"))

_Graph = NamedNode | BlankNode | DefaultGraph
_Node = NamedNode | BlankNode | Triple | Literal


def select(
    quads: Iterable[Quad], *, drug: str | None = None, quotes: bool = True, ontology: bool = False
) -> list[Quad]:
    """The quads to write, unsorted: see :func:`monograph.exports.export`. Raises UnknownName for an unknown drug."""
    held = list(quads)
    data = [q for q in held if q.graph_name not in _COMMON]
    if drug is not None:
        data = _of_drug(data, drug)
    if not quotes:
        data = _without_quotes(data)
    subjects = {q.subject for q in data}
    used = subjects | {q.object for q in data}
    drugs = {q.object for q in data if q.predicate == _SUBJECT}
    for quad in held:
        graph = quad.graph_name
        if graph == _ONTOLOGY:
            if ontology or (quad.subject in used and quad.predicate in _NAMING and _is_term(quad.subject)):
                data.append(quad)
        elif (graph == _SHORTCUTS and (drug is None or quad.subject in drugs)) or (
            graph == _MAPPINGS and (drug is None or quad.subject in used)
        ):
            data.append(quad)
    data.extend(Quad(t.subject, t.predicate, t.object, _DATASET) for t in describe(data, drug=drug))
    return data


def _is_term(node: _Node) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(ONTOLOGY)


def _of_drug(data: list[Quad], name: str) -> list[Quad]:
    """Every fact about the drug and every gap of its documents, with all nodes that these lead to."""
    about = _resolve(data, name)
    facts = {(q.subject, q.graph_name) for q in data if q.predicate == _SUBJECT and q.object == about}
    documents = {q.subject for q in data if q.predicate == _ABOUT and q.object == about}
    gaps = {(q.subject, q.graph_name) for q in data if q.predicate == _IN_DOCUMENT and q.object in documents}
    by_subject: defaultdict[tuple[_Node, _Graph], list[Quad]] = defaultdict(list)
    for quad in data:
        by_subject[quad.subject, quad.graph_name].append(quad)
    reached: dict[tuple[_Node, _Graph], None] = dict.fromkeys([*facts, *gaps])
    queue = list(reached)
    while queue:
        place = queue.pop()
        for quad in by_subject[place]:
            following = (quad.object, quad.graph_name)
            if isinstance(quad.object, NamedNode) and following in by_subject and following not in reached:
                reached[following] = None
                queue.append(following)
    return [quad for place in reached for quad in by_subject[place]]


def _resolve(data: list[Quad], name: str) -> NamedNode:
    """The subject of facts that ``name``, a CURIE or an IRI, stands for; else UnknownName with the three nearest."""
    known = {q.object for q in data if q.predicate == _SUBJECT and isinstance(q.object, NamedNode)}
    iris = [mint("drug", name), mint("drug-class", name)] if name.strip() else []
    prefix, colon, local = name.partition(":")
    if colon:
        iris = [name.strip("<>"), *iris]
        if prefix in prefixes():
            iris = [prefixes()[prefix] + local, *iris]
    for iri in iris:
        for node in known:
            if node.value == iri:
                return node
    names = sorted({name_of(node.value) for node in known})
    nearest = get_close_matches(name.casefold(), names, 3, 0.0)
    hint = f"did you mean {', '.join(nearest)}?" if nearest else "the store holds no facts"
    raise UnknownName(f"no drug '{name}' in the store - {hint}")


def _without_quotes(data: list[Quad]) -> list[Quad]:
    selectors = {q.subject for q in data if q.predicate == _TYPE and q.object == _QUOTE_SELECTOR}
    return [q for q in data if q.predicate not in _QUOTING and q.subject not in selectors and q.object not in selectors]
