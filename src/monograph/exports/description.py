"""What an export says of itself: title, disclaimer, tool, and the documents that it was made from."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import version

from pyoxigraph import Literal, NamedNode, Quad, Triple

from monograph.vocabulary import DISCLAIMER, expand, graph_name, mg, mint, name_of

__all__ = ["comments", "describe"]

_DATASET = NamedNode(graph_name("dataset"))
_TYPE = NamedNode(expand("rdf:type"))
_LABEL = NamedNode(expand("rdfs:label"))
_DOCUMENT = NamedNode(mg("Document"))

#: what the comment on a source says, in this order
_SOURCE_LINES = {
    "publisher": "dcterms:publisher",
    "source": "dcterms:source",
    "licence": "dcterms:license",
    "stated on": "dcterms:issued",
    "retrieved on": "mg:retrieved",
    "SHA-256": "mg:sha256",
}


def describe(data: Iterable[Quad], *, drug: str | None) -> list[Triple]:
    """The triples about the dataset that ``data`` is; ``drug`` is named in its title where it is about one."""
    rows = list(data)
    documents = {q.subject for q in rows if q.predicate == _TYPE and q.object == _DOCUMENT}
    facts = {q.subject for q in rows if q.predicate.value == mg("statedIn")}
    tool = f"monograph {version('monograph')}"
    agent = NamedNode(mint("software", tool))
    title = f"What drug documents state about {drug}" if drug else "What drug documents state"
    made_of = f"{_count(len(facts), 'fact')} from {_count(len(documents), 'document')}, each with its evidence."

    def english(text: str) -> Literal:
        return Literal(text, language="en")

    about: list[tuple[str, NamedNode | Literal]] = [
        ("rdf:type", NamedNode(expand("void:Dataset"))),
        ("rdf:type", NamedNode(expand("dcat:Dataset"))),
        ("dcterms:title", english(title)),
        ("dcterms:description", english(made_of)),
        ("dcterms:rights", english(DISCLAIMER)),
        ("prov:wasAttributedTo", agent),
        *(("dcterms:source", node) for node in documents if isinstance(node, NamedNode)),
    ]
    return [
        *(Triple(_DATASET, NamedNode(expand(path)), value) for path, value in about),
        Triple(agent, _TYPE, NamedNode(expand("prov:SoftwareAgent"))),
        Triple(agent, _LABEL, english(tool)),
    ]


def comments(quads: Iterable[Quad]) -> str:
    """The same for people: ``#`` lines for the head of a Turtle or TriG file, from the description in ``quads``."""
    said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    documents: set[str] = set()
    for subject, path, value, _ in quads:
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            if subject == _DATASET or path.value in _SOURCES:
                said[subject.value, path.value].append(value.value)
            if path == _TYPE and value == _DOCUMENT:
                documents.add(subject.value)
    dataset = _DATASET.value

    def first(node: str, path: str) -> str:
        # On one line: a line break in a source's title would end the comment.
        return " ".join(min(said[node, expand(path)], default="").split())

    agent = name_of(first(dataset, "prov:wasAttributedTo"))
    lines = [first(dataset, "dcterms:title"), f"Made by {agent}: {first(dataset, 'dcterms:description')}", ""]
    lines += textwrap.wrap(first(dataset, "dcterms:rights"), 100)
    for document in sorted(documents):
        lines += ["", f"Source: {first(document, 'dcterms:title') or name_of(document)}"]
        lines += [f"  {what}: {stated}" for what, path in _SOURCE_LINES.items() if (stated := first(document, path))]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


_SOURCES = frozenset(expand(path) for path in (*_SOURCE_LINES.values(), "dcterms:title"))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
