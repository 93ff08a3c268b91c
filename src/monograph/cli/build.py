"""``build`` and ``extract``: from sources to a store, or to facts on stdout."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

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
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from monograph.building import BuildReport, Failure
    from monograph.document import Document
    from monograph.extraction import Extraction
    from monograph.facts import Fact
    from monograph.finished import Finished, Key
    from monograph.store import Store

__all__ = ["build", "extract", "load", "report_failures"]


class FirstUse:
    """The store, opened when the first document goes in: where none does, none is made."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._store: Store | None = None

    def put_all(self, batch: Sequence[Finished], records: Mapping[Key, Sequence[str]] | None = None) -> None:
        self._opened().put_all(batch, records)

    def built(self, key: Key) -> tuple[str, ...] | None:
        from monograph.store import exists

        return self._opened().built(key) if self._store is not None or exists(self._path) else None

    def close(self) -> None:
        if self._store is not None:
            self._store.close()

    def _opened(self) -> Store:
        if self._store is None:
            from monograph.store import open_store

            self._store = open_store(self._path)
        return self._store


@verb(
    "monograph build",
    "monograph build articles/ --store drugs.db",
    "cat articles/baclofen.md | monograph build - --quiet",
    "monograph build articles/ --shards shards/",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@store_option
@click.option("--shards", metavar="FOLDER", help="Write N-Quads files there instead of into a store.")
@loader_option
@jobs_option
@click.option("--spark", metavar="MASTER", help="Let Apache Spark write the shards: a master's URL, or 'configured'.")
@click.option("--no-quotes", is_flag=True, help="Keep the sources' sentences out; offsets and hashes stay.")
@click.option("--again", is_flag=True, help="Make also what is there already from the same bytes.")
@pass_session
def build(
    session: Session,
    sources: tuple[str, ...],
    store: str | None,
    shards: str | None,
    loader: str | None,
    jobs: int | None,
    spark: str | None,
    no_quotes: bool,
    again: bool,
) -> int:
    """Builds the graph from documents.

    Loads them, extracts their facts, holds each fact against its text, and stores. SOURCE is a file, a folder, a
    glob, an archive, or - for standard input; without one, the bundled article is taken. A document that is built again
    replaces what was there; one that cannot be used is reported and left out. A build that was stopped goes on where it
    was: what is there of the same bytes is not made again.
    """
    from monograph import loading
    from monograph.building import build as build_store
    from monograph.building import jobs_for
    from monograph.cli.progress import Progress
    from monograph.shards import Shards

    if shards is not None and store is not None:
        raise click.UsageError("--store and --shards are two places to build to - give one")
    paths = loading.sources(sources) if sources else loading.examples()[:1]
    options: dict[str, Any] = {"loader": loader, "quotes": not no_quotes, "again": again}
    if spark is not None:
        if shards is None:
            raise click.UsageError("--spark writes shards - say where with --shards, and monograph load takes them")
        report = _on_spark(spark, shards, paths, **options)
    else:
        target = Shards(shards) if shards is not None else FirstUse(store)
        with closing(target), Progress(session, "building", paths) as progress:
            report = build_store(target, paths, jobs=jobs_for(paths, jobs), done=progress.advance, **options)
    report_failures(report.failures)
    if report.built:
        emit(_summary(report), "table")
    unchanged = f"{counted(report.unchanged, 'document')} there already, " if report.unchanged else ""
    session.say(
        f"{counted(len(report.built), 'document')}, {counted(report.facts, 'fact')}, {counted(report.gaps, 'gap')}; "
        f"{unchanged}{counted(report.passed_over, 'statement')} passed over, "
        f"{counted(len(report.failures), 'source')} left out"
    )
    return report.exit_code


def _on_spark(master: str, shards: str, paths: Sequence[Path | str], **options: Any) -> BuildReport:
    """A build by a session of Spark that ends with it; other machines may have other working directories."""
    from os.path import abspath

    from monograph import spark
    from monograph.loading import STDIN

    with spark.session(None if master == "configured" else master) as session:
        return spark.build(session, abspath(shards), [p if p == STDIN else abspath(p) for p in paths], **options)


@verb("monograph load shards/ --store drugs.db")
@click.argument("shards", metavar="FOLDER")
@store_option
@pass_session
def load(session: Session, shards: str, store: str | None) -> int:
    """Loads shards into a store.

    FOLDER holds what monograph build --shards wrote, here or on a cluster. A document that the store holds already is
    replaced.
    """
    from monograph.shards import read_shards
    from monograph.store import open_store

    documents = facts = 0
    with open_store(store) as opened:
        for batch in read_shards(shards):
            opened.put_all(batch)
            documents += len(batch)
            facts += sum(one.facts for one in batch)
    session.say(f"{counted(documents, 'document')}, {counted(facts, 'fact')}")
    return 0


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
    from monograph.cli.progress import Progress
    from monograph.facts import write_jsonl

    failures: list[Failure] = []
    read_in: list[tuple[Document, Extraction]] = []
    paths = loading.sources(sources)
    with Progress(session, "extracting", paths) as progress:
        for part, outcomes in read_all(paths, loader=loader, jobs=jobs_for(paths, jobs)):
            for outcome in outcomes:
                if isinstance(outcome, Failure):
                    failures.append(outcome)
                else:
                    read_in.append(outcome)
            progress.advance(part)
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


#: more documents than these are summed up, not listed
_LISTED = 60


def _summary(report: BuildReport) -> Table:
    columns = ["document", "drug", "facts", "gaps", "passed_over"]
    rows: list[list[str | int]] = [[b.identifier, b.drug, b.facts, b.gaps, b.passed_over] for b in report.built]
    if len(rows) > _LISTED:
        drugs = len({b.drug for b in report.built})
        rows = [[counted(len(rows), "document"), counted(drugs, "drug"), report.facts, report.gaps, report.passed_over]]
    return Table(columns, rows, flexible=("drug",))
