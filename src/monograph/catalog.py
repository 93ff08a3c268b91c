"""The catalogue of questions: SPARQL files with a ``#+`` header, and how their parameters are filled.

A bundled query is a file of ``queries/`` that any SPARQL 1.1 tool runs as it is. ``queries/README.md`` tells how to
write one; :mod:`monograph.answering` runs one on a store. ``python -m monograph.catalog`` prints the catalogue as RDF.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal, NoReturn, cast

from monograph.errors import QueryError, UnknownName
from monograph.sparql import outline
from monograph.vocabulary import BASE, prefixes

if TYPE_CHECKING:
    from pyoxigraph import Literal as RdfLiteral
    from pyoxigraph import NamedNode

__all__ = ["ANY", "Parameter", "Query", "as_turtle", "bind", "bundled", "find", "parse", "query_iri"]

#: the class of a parameter that takes a thing of any class
ANY: Final = "owl:Thing"

_DATATYPES: Final = ("xsd:string", "xsd:integer", "xsd:decimal")
_KEYS: Final = ("summary", "description", "tags", "example")
_HEADER: Final = re.compile(r"#\+\s*(?P<key>[A-Za-z]+)(?:\s+(?P<name>\S+))?\s*:\s*(?P<value>.*?)\s*")
_PARAMETER: Final = re.compile(
    r'(?P<node>iri|literal)\s+(?P<type>\S+)\s+(?P<need>optional|required)\s+"(?P<text>[^"]+)"'
)
_NAME: Final = re.compile(r"[a-z][A-Za-z0-9]*")
_SLOT: Final = re.compile(r"\bVALUES\s+\?(\w+)\s*\{\s*UNDEF\s*\}", re.IGNORECASE)
_FORMS: Final = {"SELECT": "Select", "ASK": "Ask", "CONSTRUCT": "Construct"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A slot of a query. ``type`` is a CURIE: the class of an IRI (:data:`ANY` for any), the datatype of a literal."""

    name: str
    node: Literal["iri", "literal"]
    type: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the SPARQL that answers it. ``example`` is a call: pairs of parameter and value."""

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    example: tuple[tuple[str, str], ...]
    text: str

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name; raises QueryError, with those that there are, where there is none."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(parameter.name for parameter in self.parameters)
        hint = f"it takes: {known}" if known else "it takes none"
        raise QueryError(f"{self.name}: no parameter '{name}' - {hint}")


def parse(text: str, where: str) -> Query:
    """The query that ``text`` holds; ``where`` is a file name or another word for its place, for messages.

    A text without any ``#+`` line is a plain query: each of its slots is an optional parameter that takes any thing.
    Raises QueryError on a header with an unknown, missing or repeated key, and on one that does not fit the slots.
    """
    name = re.split(r"[/\\]", where)[-1].removesuffix(".rq")
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.startswith("#+")]
    if not lines:
        return Query(name, "", "", (), _plain_parameters(text, where), (), text)
    said: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in lines:
        _read_line(line, f"{where}, line {number}", said, parameters)
    for key in _KEYS:
        if not said.get(key) and (key != "example" or parameters):
            _refuse(where, f"the header has no '{key}'", f"add a line such as: #+ {key}: …")
    query = Query(
        name,
        said["summary"],
        said["description"],
        tuple(tag.strip() for tag in said["tags"].split(",") if tag.strip()),
        tuple(parameters),
        _example(said.get("example", ""), where),
        text,
    )
    _check_slots(query, where)
    for key, _ in query.example:
        query.parameter(key)
    for parameter in parameters:
        if parameter.required and parameter.name not in dict(query.example):
            _refuse(where, f"the example leaves out the required '{parameter.name}'", "give it a value")
    return query


def bind(query: Query, values: Mapping[str, Sequence[NamedNode | RdfLiteral]]) -> str:
    """The text of ``query`` with its slots filled; a slot without values stays open and means all.

    Raises QueryError on a parameter that it does not have and on a required one without a value.
    """
    for name in values:
        query.parameter(name)
    text = query.text
    for parameter in query.parameters:
        terms = values.get(parameter.name, ())
        if terms:
            filled = f"VALUES ?{parameter.name} {{ {' '.join(str(term) for term in terms)} }}"
            parts = _slot(parameter.name).split(text)
            if len(parts) != 2:
                _refuse(query.name, f"{len(parts) - 1} slots for '{parameter.name}'", "a parameter has exactly one")
            text = filled.join(parts)
        elif parameter.required:
            example = " ".join(f"-p {name}={value}" for name, value in query.example)
            _refuse(query.name, f"the parameter '{parameter.name}' is required", f"give it, as in: {example}")
    return text


@cache
def bundled() -> tuple[Query, ...]:
    """The bundled queries, sorted by name."""
    found = sorted(
        (entry for entry in files("monograph.queries").iterdir() if entry.name.endswith(".rq")),
        key=lambda entry: entry.name,
    )
    return tuple(parse(entry.read_text(encoding="utf-8"), entry.name) for entry in found)


def find(name: str) -> Query:
    """The bundled query of this name; raises UnknownName with the three nearest."""
    known = {query.name: query for query in bundled()}
    if name in known:
        return known[name]
    nearest = ", ".join(get_close_matches(name, known, 3, 0.0))
    raise UnknownName(f"no query '{name}' - the nearest are: {nearest}; monograph query lists all")


def query_iri(name: str) -> str:
    """The IRI of a bundled query."""
    return f"{BASE}queries/{name}"


def as_turtle() -> str:
    """The catalogue as RDF: one SHACL executable a query, one named node a parameter, the same bytes every time."""
    used = ("dcterms", "mg", "owl", "rdfs", "schema", "sh", "xsd")
    lines = ["# Generated from the headers of the .rq files: python -m monograph.catalog > queries/queries.ttl"]
    lines += [f"@prefix {prefix}: <{prefixes()[prefix]}> ." for prefix in used]
    for query in bundled():
        lines += ["", *_executable(query)]
        for order, parameter in enumerate(query.parameters, 1):
            lines += ["", *_described(query, parameter, order)]
    return "\n".join(lines) + "\n"


def _read_line(line: str, where: str, said: dict[str, str], parameters: list[Parameter]) -> None:
    match = _HEADER.fullmatch(line)
    if match is None:
        _refuse(where, f"{line!r} is no header line", "write: #+ key: value")
    key, name, value = match["key"], match["name"], match["value"]
    if key == "param":
        if any(parameter.name == name for parameter in parameters):
            _refuse(where, f"the parameter '{name}' is described twice", "keep one line")
        parameters.append(_parameter(name or "", value, where))
    elif key not in _KEYS or name is not None:
        _refuse(
            where, f"unknown key '{key}{f' {name}' if name else ''}'", f"the keys are {', '.join(_KEYS)}, param NAME"
        )
    elif key in said:
        _refuse(where, f"the key '{key}' stands twice", "keep one line")
    else:
        said[key] = value


def _parameter(name: str, value: str, where: str) -> Parameter:
    match = _PARAMETER.fullmatch(value)
    if match is None or not _NAME.fullmatch(name):
        _refuse(where, f"the parameter '{name}' is not described", '#+ param drug: iri mg:Subject optional "…"')
    node, type_ = cast("Literal['iri', 'literal']", match["node"]), match["type"]
    if node == "literal" and type_ not in _DATATYPES:
        _refuse(where, f"the datatype {type_} of '{name}' is not known", f"take one of {', '.join(_DATATYPES)}")
    if node == "iri" and type_.partition(":")[0] not in prefixes():
        _refuse(where, f"the class {type_} of '{name}' has no known prefix", "write a CURIE such as mg:Subject")
    return Parameter(name, node, type_, match["need"] == "required", match["text"])


def _plain_parameters(text: str, where: str) -> tuple[Parameter, ...]:
    names = _SLOT.findall(text)
    for name in names:
        if names.count(name) > 1:
            _refuse(where, f"{names.count(name)} slots for '{name}'", "a parameter has exactly one")
    return tuple(Parameter(name, "iri", ANY, False, "") for name in names)


def _example(value: str, where: str) -> tuple[tuple[str, str], ...]:
    """``drug=baclofen; severity=serious`` as pairs."""
    pairs = [part.strip().partition("=") for part in value.split(";") if part.strip()]
    for name, equals, filled in pairs:
        if not (name and equals and filled):
            _refuse(where, "the example is no call", "write it as: #+ example: drug=baclofen; route=oral")
    return tuple((name, filled) for name, _, filled in pairs)


def _check_slots(query: Query, where: str) -> None:
    slots = _SLOT.findall(query.text)
    described = [parameter.name for parameter in query.parameters]
    for name in sorted({*slots, *described}):
        if name not in described:
            _refuse(where, f"the slot ?{name} is not described", f"add a line: #+ param {name}: …")
        if slots.count(name) != 1:
            _refuse(
                where,
                f"{slots.count(name)} slots for '{name}'",
                f"write VALUES ?{name} {{ UNDEF }} exactly once",
            )


@cache
def _slot(name: str) -> re.Pattern[str]:
    return re.compile(rf"\bVALUES\s+\?{re.escape(name)}\s*\{{\s*UNDEF\s*\}}", re.IGNORECASE)


def _executable(query: Query) -> list[str]:
    form = outline(query.text).form
    if form not in _FORMS:
        _refuse(query.name, f"a bundled query is no {form}", f"write one of {', '.join(_FORMS)}")
    kind = _FORMS[form]
    lines = [
        f"<{query_iri(query.name)}> a sh:SPARQLExecutable , sh:SPARQL{kind}Executable ;",
        f'    rdfs:label "{query.name}" ;',
        f"    rdfs:comment {_quoted(query.summary)}@en ;",
        f"    dcterms:description {_quoted(query.description)}@en ;",
        "    schema:keywords " + " , ".join(_quoted(tag) for tag in query.tags) + " ;",
        f"    sh:prefixes <{BASE}prefixes> ;",
    ]
    if query.parameters:
        listed = " , ".join(f"<{query_iri(query.name)}#{parameter.name}>" for parameter in query.parameters)
        lines.append(f"    sh:parameter {listed} ;")
    return [*lines, f"    sh:{kind.lower()} {_quoted(query.text)} ."]


def _described(query: Query, parameter: Parameter, order: int) -> list[str]:
    node = "sh:nodeKind sh:IRI" if parameter.node == "iri" else f"sh:datatype {parameter.type}"
    if parameter.node == "iri" and parameter.type != ANY:
        node += f" ; sh:class {parameter.type}"
    return [
        f"<{query_iri(query.name)}#{parameter.name}> a sh:Parameter ;",
        f"    sh:path <{BASE}queries#{parameter.name}> ;",
        f'    sh:name "{parameter.name}" ;',
        f"    sh:description {_quoted(parameter.description)}@en ;",
        f"    {node} ;",
        f"    sh:optional {str(not parameter.required).lower()} ;",
        f"    sh:order {order} .",
    ]


def _quoted(text: str) -> str:
    from pyoxigraph import Literal as RdfLiteral

    return str(RdfLiteral(text))


def _refuse(where: str, wrong: str, advice: str) -> NoReturn:
    raise QueryError(f"{where}: {wrong} - {advice}")


if __name__ == "__main__":
    print(as_turtle(), end="")
