"""``query``: a bundled or own question, asked of the store or straight of raw sources."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monograph.cli.output import FORMATS, Table, emit, target
from monograph.cli.session import Session, counted, loader_option, output_option, pass_session, store_option, verb
from monograph.errors import QueryError

if TYPE_CHECKING:
    from monograph.catalog import Query
    from monograph.cli.output import Cell
    from monograph.results import Solutions, Term, Triples
    from monograph.store import Store

__all__ = ["query"]


@verb(
    "monograph query",
    "monograph query withdrawal-symptoms -p drug=baclofen",
    "monograph query withdrawal-symptoms articles/ --format csv -o withdrawal.csv",
    "echo 'SELECT ?drug WHERE { ?drug a mg:Drug }' | monograph query -",
    notes=(
        "A name given with -p may be a name, a CURIE or an IRI; -p drug=A -p drug=B asks for both. What comes out is "
        "what documents state, not medical advice; no row means that no document here states it.",
    ),
)
@click.argument("question", required=False, metavar="[NAME|FILE|-]")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the query.")
@click.option(
    "-f",
    "--format",
    type=click.Choice([*FORMATS, "turtle"]),
    default="table",
    show_default=True,
    help="turtle is for CONSTRUCT.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many rows.")
@click.option("--iri", is_flag=True, help="Show IRIs beside labels; csv, tsv and json always hold both.")
@output_option
@store_option
@loader_option
@pass_session
def query(
    session: Session,
    question: str | None,
    sources: tuple[str, ...],
    params: tuple[str, ...],
    format: str,
    limit: int | None,
    iri: bool,
    output: str | None,
    store: str | None,
    loader: str | None,
) -> int:
    """Answers a question from the graph.

    NAME is a bundled query, FILE one of your own (.rq), - reads it from standard input; without any, the bundled ones
    are listed with their questions. With SOURCE the question is asked of these documents instead of the store.
    """
    if question is None:
        return _list(session, format, output)
    bindings = _parameters(params)
    if sources:
        from monograph import loading
        from monograph.building import build
        from monograph.cli.build import report_failures
        from monograph.store import memory_store

        with memory_store() as opened:
            report = build(opened, session.track(loading.sources(sources), "reading"), loader=loader)
            report_failures(report.failures)
            if not report.built:
                return 2
            _answer(session, opened, question, bindings, format, limit, iri, output)
            return report.exit_code
    from monograph.store import open_store

    with open_store(store, read_only=True) as opened:
        _answer(session, opened, question, bindings, format, limit, iri, output)
    return 0


def _answer(
    session: Session,
    store: Store,
    question: str,
    bindings: dict[str, list[str]],
    format: str,
    limit: int | None,
    iris: bool,
    output: str | None,
) -> None:
    from monograph.answering import answer
    from monograph.results import Triples

    result = answer(store, _question(question), bindings, limit)
    if format == "turtle":
        if not isinstance(result, Triples):
            raise QueryError("turtle is for CONSTRUCT and DESCRIBE - choose csv, tsv, json, markdown or table")
        from monograph.exports import turtle

        with target(output) as stream:
            stream.write(turtle(result))
        session.say(counted(len(result), "triple"))
        return
    table = _table(result, people=format in ("table", "markdown"), iris=iris)
    emit(table, format, output)
    session.say(counted(len(table.rows), "row"))


def _list(session: Session, format: str, output: str | None) -> int:
    """The bundled queries with the questions that they answer."""
    from monograph.catalog import bundled

    if format == "turtle":
        raise QueryError("the list of queries has no turtle - choose csv, tsv, json, markdown or table")
    rows = [[one.name, one.summary, ", ".join(parameter.name for parameter in one.parameters)] for one in bundled()]
    emit(
        Table(["query", "question", "parameters"], rows, flexible=("question",), optional=("parameters",)),
        format,
        output,
    )
    session.say(f"{counted(len(rows), 'query').replace('querys', 'queries')}; ask one with: monograph query NAME")
    return 0


def _question(question: str) -> Query:
    """The query that is meant: standard input, a file, or a bundled one."""
    from monograph.catalog import find, parse

    if question == "-":
        return parse(sys.stdin.buffer.read().decode("utf-8", "replace"), "stdin")
    path = Path(question)
    if path.suffix in (".rq", ".sparql") or path.is_file():
        try:
            return parse(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise QueryError(f"cannot read {path} ({reason}) - name a file that holds a SPARQL query") from error
    return find(question)


def _parameters(params: tuple[str, ...]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or not name or not value:
            raise QueryError(f"'{param}' is no parameter - write -p NAME=VALUE, such as -p drug=baclofen")
        out.setdefault(name, []).append(value)
    return out


def _table(result: Solutions | Triples | bool, *, people: bool, iris: bool) -> Table:
    """Any answer as a table; for people a thing is its label, without columns that are empty in all rows."""
    from monograph.results import Solutions

    if isinstance(result, bool):
        return Table(["answer"], [[result]])
    if not isinstance(result, Solutions):
        rows: list[list[Cell]] = sorted(
            [_cell(term, people) for term in (t.subject, t.predicate, t.object)] for t in result
        )
        return Table(["subject", "predicate", "object"], rows)
    rows = [[_cell(term, people) for term in row] for row in result]
    names = list(result.variables)
    if not people or iris:
        return Table(names, rows, optional=("fact",))
    labels = {name: names.index(f"{name}Label") for name in names if f"{name}Label" in names}
    kept = [
        i
        for i, name in enumerate(names)
        if name.removesuffix("Label") not in labels.keys() - {name}
        and (not rows or any(row[at] is not None for row in rows for at in (i, labels.get(name, i))))
    ]

    def cell(row: list[Cell], i: int) -> Cell:
        label = row[labels[names[i]]] if names[i] in labels else None
        return row[i] if label is None else label

    return Table(
        [names[i] for i in kept],
        [[cell(row, i) for i in kept] for row in rows],
        optional=("fact", "document"),
        ditto=("quote",),
    )


def _cell(term: Term | None, people: bool) -> Cell:
    from pyoxigraph import Literal, NamedNode

    from monograph.vocabulary import compact, expand

    if isinstance(term, NamedNode):
        return compact(term.value) if people else term.value
    if not isinstance(term, Literal):
        return None if term is None else str(term)
    kind = term.datatype.value
    try:
        if kind == expand("xsd:integer"):
            return int(term.value)
        if kind in (expand("xsd:decimal"), expand("xsd:double")):
            number = float(term.value)
            return int(number) if number.is_integer() else number
    except (ValueError, OverflowError):  # an ill-formed number is shown as it is written
        return term.value
    return term.value == "true" if kind == expand("xsd:boolean") else term.value
