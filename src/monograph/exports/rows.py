"""A quad with its terms as text: what choosing and sorting work on, for strings compare faster than terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from monograph.vocabulary import expand

__all__ = ["Row", "named", "rows_of"]


class Row(NamedTuple):
    """``subject``, ``path`` and ``graph`` are IRIs (or ``_:`` labels); ``object`` is as N-Triples writes it."""

    subject: str
    path: str
    object: str
    graph: str
    quad: Quad


def rows_of(quads: Iterable[Quad]) -> Iterator[Row]:
    """A row a quad, in the order of ``quads``; blank nodes, which only OWL axioms have, come last."""
    anonymous: list[Quad] = []
    for quad in quads:
        subject, path, object_, graph = quad
        if isinstance(subject, BlankNode) or isinstance(object_, BlankNode):
            anonymous.append(quad)
        else:
            yield Row(subject.value, path.value, str(object_), _value(graph), quad)
    if anonymous:
        # Named by their content (RDFC-1.0), so that they are the same at each run.
        dataset = pyoxigraph.Dataset(anonymous)
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        for quad in dataset:
            subject = quad.subject
            name = subject.value if isinstance(subject, NamedNode) else str(subject)
            yield Row(name, quad.predicate.value, str(quad.object), _value(quad.graph_name), quad)


def named(node: str, path: str, value: NamedNode | Literal, graph: str) -> Row:
    """A row made here; ``path`` is a CURIE."""
    predicate = NamedNode(expand(path))
    return Row(node, predicate.value, str(value), graph, Quad(NamedNode(node), predicate, value, NamedNode(graph)))


def _value(graph: object) -> str:
    return graph.value if isinstance(graph, NamedNode) else ""
