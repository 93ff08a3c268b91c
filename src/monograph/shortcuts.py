"""The SPARQL updates that replace or remove a document and keep the shortcuts true, each one request.

A shortcut (``drug mg:hasAdverseEffect concept``) stands exactly as long as one asserted fact of its kind in any
document bears it; an indication under investigation bears none. Which ones a new graph brings and which an old one
takes with it is found before the update, within the store's lock, for engines are slow at it: one ``NOT EXISTS`` over
a store of a million quads took 28 s. :data:`SELECT_ALL` says the same in SPARQL, and ``monograph check`` compares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import NamedNode

from monograph.vocabulary import SHORTCUTS, expand, fact_class, graph_name, mg, value

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple

__all__ = ["GRAPH", "SELECT_ALL", "Edge", "borne", "insert_update", "put_update", "remove_update", "select_borne"]

#: subject, predicate, object (IRIs), and the class of the facts that bear it
Edge: TypeAlias = tuple[str, str, str, str]

GRAPH: Final = graph_name("shortcuts")
#: triples in a pair of braces: Virtuoso's parser has no more memory beyond 5,000
_LONGEST_BLOCK: Final = 1000

_PREDICATES = {fact_class(kind): mg(name) for kind, name in sorted(SHORTCUTS.items())}
_ROWS = " ".join(f"(<{cls}> <{predicate}>)" for cls, predicate in _PREDICATES.items())
_TYPE, _SUBJECT, _OBJECT = expand("rdf:type"), mg("hasSubject"), mg("hasObject")
_POLARITY, _ROLE = mg("polarity"), mg("role")
_GUARD = frozenset(NamedNode(iri) for iri in (_TYPE, _SUBJECT, _OBJECT, _POLARITY, _ROLE))
_ASSERTED = value("polarity", "asserted")
#: roles of an indication in which the drug is not said to help against the condition
NO_HELP: Final = frozenset({"investigational", "diagnosis"})
_NO_HELP = frozenset(value("role", role) for role in NO_HELP)


def _fact(variable: str) -> str:
    """The guarded pattern: an asserted fact of ?class about ?s and ?o that is no trial's or diagnosis's indication."""
    no_help = " ".join(f"MINUS {{ {variable} <{_ROLE}> <{role}> }}" for role in sorted(_NO_HELP))
    stated = f"{variable} <{_OBJECT}> ?o ; <{_SUBJECT}> ?s ; a ?class ; <{_POLARITY}> <{_ASSERTED}> ."
    return f"{stated} {no_help}"


#: the shortcuts that should stand, from all documents: ?s ?p ?o
SELECT_ALL: Final = (
    f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES (?class ?p) {{ {_ROWS} }} GRAPH ?g {{ {_fact('?f')} }} }} "
    "ORDER BY ?s ?p ?o"
)


def borne(quads: Iterable[Quad | Triple]) -> set[Edge]:
    """The shortcuts that the facts in one document's graph bear, with the class of fact of each."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        if quad.predicate in _GUARD:
            said[str(quad.subject)][quad.predicate.value].add(str(quad.object)[1:-1])
    out: set[Edge] = set()
    for fact in said.values():
        if _ASSERTED in fact[_POLARITY] and fact[_ROLE].isdisjoint(_NO_HELP):
            for cls in fact[_TYPE] & _PREDICATES.keys():
                out.update((s, _PREDICATES[cls], o, cls) for s in fact[_SUBJECT] for o in fact[_OBJECT])
    return out


def put_update(document: str, quads: Iterable[Quad], made: Iterable[Edge], lost: Iterable[Edge]) -> str:
    """Replaces the graph of ``document`` (an IRI) by ``quads``, which bear the shortcuts ``made``.

    ``lost`` are shortcuts that no document bears then.
    """
    rows = [f"{q.subject} {q.predicate} {q.object}" for q in quads]
    return f"{remove_update(document, lost)} ;\n{insert_update([(document, rows)], made)}"


def insert_update(documents: Iterable[tuple[str, Sequence[str]]], made: Iterable[Edge]) -> str:
    """Adds documents (IRI, and its triples as in N-Triples without the dot), which bear the shortcuts ``made``.

    Doing it twice is as doing it once.
    """
    edges = [f"<{s}> <{p}> <{o}>" for s, p, o in sorted({edge[:3] for edge in made})]
    blocks = (_block(graph, rows) for graph, rows in (*documents, (GRAPH, edges)))
    return f"INSERT DATA {{\n{''.join(blocks)}}}"


def _block(graph: str, rows: Sequence[str]) -> str:
    return "".join(
        "GRAPH <{}> {{\n{}\n}}\n".format(graph, " .\n".join(rows[at : at + _LONGEST_BLOCK]))
        for at in range(0, len(rows), _LONGEST_BLOCK)
    )


def remove_update(document: str, lost: Iterable[Edge]) -> str:
    """Removes the graph of ``document`` (an IRI) and the shortcuts ``lost``."""
    rows = " . ".join(f"<{s}> <{p}> <{o}>" for s, p, o, _ in sorted(lost))
    return (f"DELETE DATA {{ GRAPH <{GRAPH}> {{ {rows} }} }} ;\n" if rows else "") + f"DROP SILENT GRAPH <{document}>"


def select_borne(document: str, edges: Iterable[Edge]) -> str:
    """Which of ``edges`` a document other than ``document`` bears: ?s ?p ?o."""
    rows = " ".join(f"(<{s}> <{p}> <{o}> <{c}>)" for s, p, o, c in sorted(edges))
    return (
        f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES (?s ?p ?o ?class) {{ {rows} }} "
        f"GRAPH ?g {{ {_fact('?f')} }} FILTER(?g != <{document}>) }}"
    )
