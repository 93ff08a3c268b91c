"""What an export says of itself: title, disclaimer, tool, and the documents that it was made from."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import version

from pyoxigraph import Literal, NamedNode

from monograph.exports.rows import Row, named
from monograph.vocabulary import DISCLAIMER, expand, graph_name, mg, mint, name_of

__all__ = ["DESCRIBED", "comments", "describe"]

_DATASET = graph_name("dataset")
_TYPE = expand("rdf:type")
_DOCUMENT = f"<{mg('Document')}>"

#: what each export says of itself anew, instead of what the store says of itself
DESCRIBED = frozenset(
    expand(path)
    for path in ("dcterms:title", "dcterms:description", "dcterms:rights", "dcterms:source", "prov:wasAttributedTo")
)

#: what the comment on a source says, in this order
_SOURCE_LINES = {
    "publisher": "dcterms:publisher",
    "source": "dcterms:source",
    "licence": "dcterms:license",
    "stated on": "dcterms:issued",
    "retrieved on": "mg:retrieved",
    "SHA-256": "mg:sha256",
}


def describe(data: Iterable[Row], *, drug: str | None) -> list[Row]:
    """The rows about the dataset that ``data`` is; ``drug`` is named in its title where it is about one."""
    documents: set[str] = set()
    facts = 0
    for row in data:
        if row.path == _TYPE and row.object == _DOCUMENT:
            documents.add(row.subject)
        facts += row.path == mg("statedIn")
    tool = f"monograph {version('monograph')}"
    agent = mint("software", tool)
    title = f"What drug documents state about {drug}" if drug else "What drug documents state"
    made_of = f"{_count(facts, 'fact')} from {_count(len(documents), 'document')}, each with its evidence."

    def english(text: str) -> Literal:
        return Literal(text, language="en")

    about: list[tuple[str, NamedNode | Literal]] = [
        ("rdf:type", NamedNode(expand("void:Dataset"))),
        ("rdf:type", NamedNode(expand("dcat:Dataset"))),
        ("dcterms:title", english(title)),
        ("dcterms:description", english(made_of)),
        ("dcterms:rights", english(DISCLAIMER)),
        ("prov:wasAttributedTo", NamedNode(agent)),
        *(("dcterms:source", NamedNode(node)) for node in sorted(documents)),
    ]
    return [
        *(named(_DATASET, path, value, _DATASET) for path, value in about),
        named(agent, "rdf:type", NamedNode(expand("prov:SoftwareAgent")), _DATASET),
        named(agent, "rdfs:label", english(tool), _DATASET),
    ]


def comments(rows: Iterable[Row]) -> str:
    """The same for people: ``#`` lines for the head of a Turtle or TriG file, from the description in ``rows``."""
    said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    documents: set[str] = set()
    for row in rows:
        if row.path in _SOURCES or row.subject == _DATASET:
            value = row.quad.object
            if isinstance(value, NamedNode | Literal):
                said[row.subject, row.path].append(value.value)
        elif row.path == _TYPE and row.object == _DOCUMENT:
            documents.add(row.subject)

    def first(node: str, path: str) -> str:
        # On one line: a line break in a source's title would end the comment.
        return " ".join(min(said[node, expand(path)], default="").split())

    agent = name_of(first(_DATASET, "prov:wasAttributedTo"))
    lines = [first(_DATASET, "dcterms:title"), f"Made by {agent}: {first(_DATASET, 'dcterms:description')}", ""]
    lines += textwrap.wrap(first(_DATASET, "dcterms:rights"), 100)
    for document in sorted(documents):
        lines += ["", f"Source: {first(document, 'dcterms:title') or name_of(document)}"]
        lines += [f"  {what}: {stated}" for what, path in _SOURCE_LINES.items() if (stated := first(document, path))]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


_SOURCES = frozenset(expand(path) for path in (*_SOURCE_LINES.values(), "dcterms:title"))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
