"""``build`` and ``extract``: from sources to a store, or to facts on stdout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monograph.cli.output import Table, emit, target
from monograph.cli.session import (
    Session,
    counted,
    jobs_option,
    loader_option,
    message,
    output_option,
    pass_session,
    store_option,
    verb,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monograph.building import Built, Failure
    from monograph.document import Document
    from monograph.extraction import Extraction
    from monograph.facts import Fact, Gap
    from monograph.store import Store

__all__ = ["build", "extract", "report_failures"]


class FirstUse:
    """The store, opened when the first document goes in: where none does, none is made."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._store: Store | None = None

    def put(self, document: Document, facts: Iterable[Fact], gaps: Iterable[Gap] = (), *, quotes: bool = True) -> None:
        if self._store is None:
            from monograph.store import open_store

            self._store = open_store(self._path)
        self._store.put(document, facts, gaps, quotes=quotes)

    def __enter__(self) -> FirstUse:
        return self

    def __exit__(self, *_: object) -> None:
        if self._store is not None:
            self._store.close()


@verb(
    "monograph build",
    "monograph build articles/ --store drugs.db",
    "cat articles/baclofen.md | monograph build - --quiet",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@store_option
@loader_option
@jobs_option
@click.option("--no-quotes", is_flag=True, help="Keep the sources' sentences out; offsets and hashes stay.")
@pass_session
def build(
    session: Session, sources: tuple[str, ...], store: str | None, loader: str | None, jobs: int | None, no_quotes: bool
) -> int:
    """Builds the graph from documents.

    Loads them, extracts their facts, holds each fact against its text, and stores. SOURCE is a file, a folder, a
    glob, or - for standard input; without one, the bundled article is taken. A document that is built again replaces
    what was there. One that cannot be used is reported and left out.
    """
    from monograph import loading
    from monograph.building import build as build_store
    from monograph.building import jobs_for

    paths = loading.sources(sources) if sources else loading.examples()[:1]
    with FirstUse(store) as opened:
        report = build_store(
            opened,
            session.track(paths, "building"),
            loader=loader,
            quotes=not no_quotes,
            jobs=jobs_for(paths, jobs),
        )
    report_failures(report.failures)
    if report.built:
        emit(_summary(report.built), "table")
    session.say(
        f"{counted(len(report.built), 'document')}, {counted(report.facts, 'fact')}, {counted(report.gaps, 'gap')}; "
        f"{counted(report.passed_over, 'statement')} passed over, {counted(len(report.failures), 'source')} left out"
    )
    return report.exit_code


@verb(
    "monograph extract articles/baclofen.md",
    "monograph extract articles/baclofen.md --format jsonl | head -n 3",
    "monograph extract articles/ --format turtle -o facts.ttl",
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "-f",
    "--format",
    type=click.Choice(["table", "jsonl", "turtle"]),
    default="table",
    show_default=True,
    help="A table, one JSON record a line, or the graph.",
)
@output_option
@loader_option
@jobs_option
@pass_session
def extract(
    session: Session, sources: tuple[str, ...], format: str, output: str | None, loader: str | None, jobs: int | None
) -> int:
    """Prints the facts of a source; stores nothing.

    Each fact stands with the sentence that states it. SOURCE is a file, a folder, a glob, or - for standard input.
    This is what documents state, not medical advice.
    """
    from monograph import loading
    from monograph.building import Failure, jobs_for, read_all
    from monograph.facts import write_jsonl

    failures: list[Failure] = []
    read_in: list[tuple[Document, Extraction]] = []
    paths = loading.sources(sources)
    for _, outcomes in read_all(session.track(paths, "extracting"), loader=loader, jobs=jobs_for(paths, jobs)):
        for outcome in outcomes:
            if isinstance(outcome, Failure):
                failures.append(outcome)
            else:
                read_in.append(outcome)
    report_failures(failures)
    if not read_in:
        return 2
    facts = [fact for _, extraction in read_in for fact in extraction.facts]
    if format == "table":
        emit(facts_table(facts, documents=len(read_in)), "table", output)
    elif format == "jsonl":
        with target(output) as stream:
            for line in write_jsonl(facts):
                stream.write(line.encode() + b"\n")
    else:
        from monograph.exports import export
        from monograph.store import memory_store

        with memory_store() as store:
            for document, extraction in read_in:
                store.put(document, extraction.facts, extraction.gaps)
            turtle = export(store, "turtle")
        with target(output) as stream:
            stream.write(turtle)
    passed_over = sum(extraction.passed_over for _, extraction in read_in)
    session.say(
        f"{counted(len(facts), 'fact')} from {counted(len(read_in), 'document')}; "
        f"{counted(passed_over, 'statement')} passed over, {counted(len(failures), 'source')} left out"
    )
    return 1 if failures else 0


def report_failures(failures: Sequence[Failure]) -> None:
    """One line on stderr for each source that was left out, quiet or not."""
    for failure in failures:
        message(f"error: {failure.reason}")


def facts_table(facts: Sequence[Fact], *, documents: int) -> Table:
    """A row a fact: what it says, how, and the place that states it."""
    from monograph.cli.describing import qualifiers, said

    subjects = len({fact.drug for fact in facts}) > 1
    columns = [*(["drug"] if subjects else []), "kind", "value", "how", "quote", "at"]
    rows = [
        [
            *([fact.drug] if subjects else []),
            fact.kind,
            said(fact),
            qualifiers(fact),
            fact.quote,
            f"{fact.document}:{fact.start}-{fact.end}" if documents > 1 else f"{fact.start}-{fact.end}",
        ]
        for fact in facts
    ]
    return Table(columns, rows, flexible=("value", "how", "quote"), optional=("at",), ditto=("quote",))


def _summary(built: Sequence[Built]) -> Table:
    columns = ["document", "drug", "facts", "gaps", "passed_over"]
    return Table(
        columns, [[one.identifier, one.drug, one.facts, one.gaps, one.passed_over] for one in built], flexible=("drug",)
    )
