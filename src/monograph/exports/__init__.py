"""The graph as files: Turtle, N-Triples, N-Quads, TriG, JSON-LD and RDF/XML, whole or one drug.

The same content gives the same bytes at every run, on every machine and from any order of loading. Each file says
what it was made from, and that it is no medical advice: as triples, and in Turtle and TriG as leading comments too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from monograph.errors import MonographError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph

__all__ = ["FORMATS", "Quads", "export", "turtle"]

#: format -> suffix of its files
FORMATS: dict[str, str] = {
    "turtle": ".ttl",
    "ntriples": ".nt",
    "nquads": ".nq",
    "trig": ".trig",
    "json-ld": ".jsonld",
    "rdfxml": ".rdf",
}


class Quads(Protocol):
    """What is exported: anything that lists its quads, such as a :class:`monograph.store.Store`."""

    def quads(self) -> Iterable[pyoxigraph.Quad]: ...


def export(
    store: Quads, format: str = "turtle", *, drug: str | None = None, quotes: bool = True, ontology: bool = False
) -> bytes:
    """The graph of ``store`` in ``format``, one of :data:`FORMATS`.

    ``drug`` (a name, CURIE or IRI) takes only what is said of that drug, with all that it needs to stand alone.
    ``quotes=False`` leaves the sentences of the sources out; offsets and hashes stay. ``ontology`` puts the whole
    ontology in, not only the labels of the value sets that the data use. N-Quads and TriG keep the named graphs, the
    others hold their union. Raises UnknownName for an unknown drug, and MonographError for an unknown format.
    """
    from monograph.exports.selection import select
    from monograph.exports.writing import write

    if format not in FORMATS:
        raise MonographError(f"unknown format '{format}' - choose one of {', '.join(FORMATS)}")
    return write(select(store.quads(), drug=drug, quotes=quotes, ontology=ontology), format)


def turtle(triples: Iterable[pyoxigraph.Triple]) -> bytes:
    """``triples``, such as a CONSTRUCT gives, as Turtle in the same order and style; without a description."""
    from pyoxigraph import Quad

    from monograph.exports.rows import rows_of
    from monograph.exports.writing import write

    return write(rows_of(Quad(t.subject, t.predicate, t.object) for t in triples), "turtle", commented=False)
