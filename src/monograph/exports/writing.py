"""Quads to bytes: pyoxigraph's writers over quads in one order, and JSON-LD with compact names."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph
from pyoxigraph import RdfFormat

from monograph.exports.description import comments
from monograph.exports.jsonld import write_jsonld
from monograph.exports.ordering import ordered
from monograph.exports.rows import Row
from monograph.vocabulary import expand, prefixes

__all__ = ["write"]

_WRITERS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "rdfxml": RdfFormat.RDF_XML,
}
#: written as "a"
_TYPE = expand("rdf:type")
# Readers of JSON-LD often pass over named graphs without a word (rdflib's Graph does), so it holds the union.
_WITH_GRAPHS = frozenset({"trig", "nquads"})

_DECLARATIONS = re.compile(rb"(?:@prefix [^\n]*\n)*")


def write(rows: Iterable[Row], format: str, *, commented: bool = True) -> bytes:
    """``rows`` in one of the formats of :data:`monograph.exports.FORMATS`; order and repetition make no odds.

    ``commented`` puts the description of the dataset at the head of Turtle and TriG, as comments.
    """
    in_order = ordered(rows, graphs=format in _WITH_GRAPHS)
    if format == "json-ld":
        return write_jsonld(in_order)
    used = _prefixes_of(in_order)
    text = _serialize(in_order, format, used)
    if format in ("ntriples", "nquads"):
        # Sorted lines: what diff, comm and sort -m work on.
        return b"".join(sorted(text.splitlines(keepends=True)))
    if format == "rdfxml":
        return text
    tidy = _tidy(text, used, blank_lines=format == "turtle")
    return comments(in_order).encode() + b"\n" + tidy if commented else tidy


def _serialize(rows: list[Row], format: str, used: dict[str, str]) -> bytes:
    quads = [row.quad for row in rows] if format in _WITH_GRAPHS else [row.quad.triple for row in rows]
    out = pyoxigraph.serialize(quads, format=_WRITERS[format], prefixes=used)
    assert out is not None
    return out


def _prefixes_of(rows: list[Row]) -> dict[str, str]:
    """The declared prefixes of which ``rows`` hold names, sorted."""
    iris = {row.subject for row in rows}
    iris.update(row.path for row in rows if row.path != _TYPE)
    iris.update(text[text.rindex("<") + 1 : -1] for row in rows if (text := row.object)[-1] == ">")
    spaces = {iri[: cut + 1] for iri in iris for cut in (iri.rfind("/"), iri.rfind("#"), iri.find("#"))}
    return {prefix: space for prefix, space in prefixes().items() if space in spaces}


def _tidy(text: bytes, used: dict[str, str], *, blank_lines: bool) -> bytes:
    """Turtle with its prefixes sorted, four spaces for a tab, and a blank line after each subject."""
    head = _DECLARATIONS.match(text)
    body = text[head.end() :] if head else text
    # A line end inside a literal is written as \n, so these stand between statements only.
    body = body.replace(b"\n\t\t", b"\n        ").replace(b"\n\t", b"\n    ")
    if blank_lines:
        body = body.replace(b" .\n", b" .\n\n").rstrip(b"\n") + b"\n"
    body = _ESCAPED_PERCENT.sub(lambda found: _plain_percent(body, found), body)
    declared = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in used.items())
    return declared.encode() + b"\n" + body


_ESCAPED_PERCENT = re.compile(rb"\\%")


def _plain_percent(body: bytes, found: re.Match[bytes]) -> bytes:
    # pyoxigraph escapes the percent sign of an encoded name (drug:a\%27b); the plain form is as valid, and is what
    # people type. In a literal a backslash is always doubled, so a single one before % stands in a name.
    return b"\\%" if body[found.start() - 1 : found.start()] == b"\\" else b"%"
