"""JSON-LD with its context inside: compact names, one node object a subject."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from itertools import groupby
from typing import Any

from pyoxigraph import Literal, NamedNode

from monograph.exports.rows import Row
from monograph.vocabulary import expand, prefixes

__all__ = ["write_jsonld"]

_TYPE = expand("rdf:type")
_STRING = expand("xsd:string")
_INTEGER = expand("xsd:integer")


def write_jsonld(rows: Iterable[Row]) -> bytes:
    """The triples of ``rows``, ordered so that subjects stand together, as one document with a local context."""
    by_length = sorted(prefixes().items(), key=lambda item: (-len(item[1]), item))
    used: set[str] = set()

    @cache
    def short(iri: str) -> str:
        for prefix, namespace in by_length:
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                used.add(prefix)
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    nodes = [_node(list(own), short) for _, own in groupby(rows, key=lambda row: row.subject)]
    context = {prefix: namespace for prefix, namespace in prefixes().items() if prefix in used}
    return (json.dumps({"@context": context, "@graph": nodes}, ensure_ascii=False, indent=1) + "\n").encode()


def _node(own: list[Row], short: Callable[[str], str]) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": _identifier(own[0].quad.subject, short)}
    for predicate, group in groupby(own, key=lambda row: row.path):
        if predicate == _TYPE:
            values = [_identifier(row.quad.object, short) for row in group]
            node["@type"] = values if len(values) > 1 else values[0]
        else:
            objects = [_object(row.quad.object, short) for row in group]
            node[short(predicate)] = objects if len(objects) > 1 else objects[0]
    return node


def _identifier(node: Any, short: Callable[[str], str]) -> str:
    return short(node.value) if isinstance(node, NamedNode) else str(node)


def _object(node: Any, short: Callable[[str], str]) -> Any:
    if not isinstance(node, Literal):
        return {"@id": _identifier(node, short)}
    if node.language:
        return {"@value": node.value, "@language": node.language}
    kind = node.datatype.value
    if kind == _STRING:
        return node.value
    if kind == _INTEGER and node.value == str(int(node.value)):
        return int(node.value)
    return {"@value": node.value, "@type": short(kind)}
