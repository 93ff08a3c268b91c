"""Asks a store a question: what a user calls things becomes terms of the graph, and the query runs.

A thing may be named by any of its labels, by a CURIE or by its IRI. Whatever is given becomes a typed RDF term before
it meets the query, so no value can change what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from monograph.catalog import ANY, Parameter, Query, bind, find, parse
from monograph.errors import QueryError, UnknownName
from monograph.results import Solutions, Triples
from monograph.vocabularies.prefixes import iri_of, standard
from monograph.vocabulary import expand, prefixes

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

    from monograph.store import Store

__all__ = ["answer", "resolve"]

#: what a thing can be called by, best first
_NAMES: Final = (
    "rdfs:label",
    "skos:notation",
    "skos:prefLabel",
    "dcterms:identifier",
    "dcterms:title",
    "skos:altLabel",
)
_NUMBER: Final = {"xsd:integer": r"[+-]?\d+", "xsd:decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)"}


def answer(
    store: Store,
    query: Query | str,
    params: Mapping[str, Sequence[str]] | None = None,
    limit: int | None = None,
) -> Solutions | Triples | bool:
    """What ``store`` holds on a question.

    ``query`` is a query, the name of a bundled one, or SPARQL. ``params`` gives each parameter one or more values, of
    which any may hold: names, CURIEs or IRIs for things, plain text for literals. At most ``limit`` rows or triples
    are returned. Raises UnknownName, with the three nearest, on a name that the store does not know, and QueryError
    on a parameter that the query does not have, lacks or cannot take, and on a text that cannot be run.
    """
    if isinstance(query, str):
        query = find(query) if re.fullmatch(r"[\w-]+", query) else parse(query, "query")
    values: dict[str, list[NamedNode | Literal]] = {}
    for name, given in (params or {}).items():
        parameter = query.parameter(name)
        values[name] = [term for value in given for term in resolve(store, parameter, value)]
    result = store.query(bind(query, values))
    if limit is None or isinstance(result, bool):
        return result
    if isinstance(result, Solutions):
        return replace(result, rows=result.rows[:limit])
    return replace(result, triples=result.triples[:limit])


def resolve(store: Store, parameter: Parameter, value: str) -> list[NamedNode | Literal]:
    """The terms that ``value`` means for ``parameter``: one, or several where a name is shared.

    An IRI (``https://…`` or in angle brackets) is taken as it is, known or not, and so is an identifier of an outside
    vocabulary (``HP:0001250``) where any thing may be given. Raises as :func:`answer` does.
    """
    if parameter.node == "literal":
        return [_literal(parameter, value)]
    if re.match(r"<|https?://", value):
        return [_node(parameter, value.removeprefix("<").removesuffix(">"))]
    prefix, colon, _ = value.partition(":")
    if parameter.type == ANY and (outside := standard(value)) is not None:
        return [_node(parameter, iri_of(outside))]
    if colon and prefix in prefixes():
        node = _node(parameter, expand(value))
        if _known(store, parameter, node):
            return [node]
    elif found := _named(store, parameter, value):
        return list(found)
    raise _unknown(store, parameter, value)


def _literal(parameter: Parameter, value: str) -> Literal:
    from pyoxigraph import Literal, NamedNode

    if not re.fullmatch(_NUMBER.get(parameter.type, r"(?s).*"), value):
        what = {"xsd:integer": "whole number", "xsd:decimal": "number"}[parameter.type]
        raise QueryError(f"{parameter.name}: {value!r} is no {what} - write it in digits")
    # Plain xsd:string is written without its datatype, as the graph writes it.
    if parameter.type == "xsd:string":
        return Literal(value)
    return Literal(value, datatype=NamedNode(expand(parameter.type)))


def _node(parameter: Parameter, iri: str) -> NamedNode:
    from pyoxigraph import NamedNode

    try:
        return NamedNode(iri)
    except ValueError as error:
        raise QueryError(f"{parameter.name}: {iri!r} is no IRI - write a name, a CURIE or an IRI") from error


def _known(store: Store, parameter: Parameter, node: NamedNode) -> bool:
    pattern = f"{node} ?property ?value" if parameter.type == ANY else _of(parameter.type, str(node))
    return store.query(f"ASK {{ {pattern} }}") is True


def _named(store: Store, parameter: Parameter, value: str) -> list[NamedNode]:
    """The things of the parameter's class that go by the name, by the best kind of name that any has."""
    from pyoxigraph import Literal

    spellings = dict.fromkeys((value, _folded(value)))
    rows = _names(store, parameter, [Literal(s) for s in spellings] + [Literal(s, language="en") for s in spellings])
    rows = rows or [row for row in _names(store, parameter) if _folded(row[2]) == _folded(value)]
    for kind in _NAMES:
        if found := {thing for thing, how, _ in rows if how == expand(kind)}:
            return sorted(found, key=str)
    return []


def _unknown(store: Store, parameter: Parameter, value: str) -> UnknownName:
    prefix, _, local = value.partition(":")
    wanted = _folded(local.replace("_", " ") if prefix in prefixes() else value)
    names = {_folded(name): name for _, _, name in _names(store, parameter)}
    nearest = [names[name] for name in get_close_matches(wanted, names, 3, 0.0)]
    hint = f"the nearest are: {', '.join(nearest)}" if nearest else "the store holds none"
    return UnknownName(f"{parameter.name}: no {value!r} in the store - {hint}")


def _names(
    store: Store, parameter: Parameter, among: Sequence[Literal] | None = None
) -> list[tuple[NamedNode, str, str]]:
    """Things of the parameter's class, kind of name, and name; only these names where ``among`` is given."""
    from pyoxigraph import Literal, NamedNode

    names = "UNDEF" if among is None else " ".join(str(name) for name in among)
    pattern = "" if parameter.type == ANY else _of(parameter.type, "?thing")
    result = store.query(
        f"SELECT DISTINCT ?thing ?how ?name WHERE {{ VALUES ?name {{ {names} }} VALUES ?how {{ {' '.join(_NAMES)} }} "
        f"?thing ?how ?name . {pattern} }} ORDER BY ?name ?thing ?how"
    )
    return [
        (thing, how.value, name.value)
        for thing, how, name in (result if isinstance(result, Solutions) else ())
        if isinstance(thing, NamedNode) and isinstance(how, NamedNode) and isinstance(name, Literal)
    ]


def _of(cls: str, thing: str) -> str:
    """A pattern that holds ``thing`` to a class and those below it."""
    return f"?class rdfs:subClassOf* {cls} . {thing} a ?class ."


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
