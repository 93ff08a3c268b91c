"""Quads to bytes: pyoxigraph's writers over quads in one order, and JSON-LD with compact names."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph
from pyoxigraph import BlankNode, Quad, RdfFormat

from monograph.exports.description import comments
from monograph.exports.jsonld import write_jsonld
from monograph.exports.ordering import ordered
from monograph.vocabulary import prefixes

__all__ = ["write"]

_WRITERS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "rdfxml": RdfFormat.RDF_XML,
}
# Readers of JSON-LD often pass over named graphs without a word (rdflib's Graph does), so it holds the union.
_WITH_GRAPHS = frozenset({"trig", "nquads"})

# pyoxigraph escapes the percent sign of an encoded name (drug:a\%27b); the plain form is as valid and is the CURIE
# that people type. In a literal a backslash is always doubled, so a single one before % stands in a name.
_ESCAPED_PERCENT = re.compile(rb"(?<!\\)\\%(?=[0-9A-Fa-f]{2})")
_DECLARATIONS = re.compile(rb"(?:@prefix [^\n]*\n)*")


def write(quads: Iterable[Quad], format: str) -> bytes:
    """``quads`` in one of the formats of :data:`monograph.exports.FORMATS`; order and repetition make no odds."""
    graphs = format in _WITH_GRAPHS
    rows = ordered(_with_stable_blank_nodes(list(quads)), graphs=graphs)
    if format == "json-ld":
        return write_jsonld(rows)
    if format in ("ntriples", "nquads"):
        # Sorted lines: what diff, comm and sort -m work on.
        lines = _serialize(rows, format).splitlines(keepends=True)
        return b"".join(sorted(lines))
    if format == "rdfxml":
        return _serialize(rows, format)
    return comments(rows).encode() + b"\n" + _tidy(_serialize(rows, format), blank_lines=format == "turtle")


def _serialize(rows: list[Quad], format: str) -> bytes:
    items = rows if format in _WITH_GRAPHS else [row.triple for row in rows]
    out = pyoxigraph.serialize(items, format=_WRITERS[format], prefixes=prefixes())
    assert out is not None
    return out


def _tidy(text: bytes, *, blank_lines: bool) -> bytes:
    """Turtle with only the prefixes that it uses, sorted, four spaces for a tab, and a blank line after a subject."""
    head = _DECLARATIONS.match(text)
    body = text[head.end() :] if head else text
    body = _ESCAPED_PERCENT.sub(b"%", body)
    # A line end inside a literal is written as \n, so these stand between statements only.
    body = body.replace(b"\n\t\t", b"\n        ").replace(b"\n\t", b"\n    ")
    if blank_lines:
        body = body.replace(b" .\n", b" .\n\n").rstrip(b"\n") + b"\n"
    used = [
        f"@prefix {prefix}: <{namespace}> .\n".encode()
        for prefix, namespace in prefixes().items()
        if re.search(rb"(?:^|[\s^])" + prefix.encode() + rb":", body)
    ]
    return b"".join(used) + b"\n" + body


def _with_stable_blank_nodes(quads: list[Quad]) -> list[Quad]:
    """The data hold no blank nodes, but OWL axioms do: theirs are named by their content (RDFC-1.0)."""
    anonymous = [q for q in quads if isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode)]
    if not anonymous:
        return quads
    dataset = pyoxigraph.Dataset(anonymous)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    named = [q for q in quads if not (isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode))]
    return [*named, *dataset]
