"""``vocab``: adds vocabularies to the index that linking looks into, lists them, and takes them out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monograph.cli.output import FORMATS, Table, emit
from monograph.cli.session import Session, Verb, Verbs, counted, message, output_option, pass_session, store_option

if TYPE_CHECKING:
    from collections import Counter

    from monograph.vocabularies.index import VocabularyInfo

__all__ = ["vocab"]

#: files of a folder that tell of it
_ABOUT = re.compile(r"\.|licen[cs]e|readme", re.IGNORECASE)


@click.group(
    cls=Verbs,
    examples=("monograph vocab add symp.obo mondo.sssom.tsv", "monograph vocab list"),
    notes=(
        "The index stands beside the store: monograph.db has monograph.vocabularies.db, or $MONOGRAPH_VOCABULARIES.",
    ),
)
def vocab() -> None:
    """Keeps the vocabularies that names are linked with.

    They are your own copies: monograph downloads none, and ships none.
    """


@vocab.command(
    cls=Verb,
    examples=(
        "monograph vocab add symp.obo",
        "monograph vocab add vocabularies/ --store drugs.db",
        "monograph vocab add conditions.csv --description conditions.yaml --name conditions",
    ),
    notes=("docs/vocabularies.md tells which formats are read and how a table is described.",),
)
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("--name", metavar="NAME", help="What to call it, instead of the name that the file gives.")
@click.option("--reader", metavar="NAME", help="Read the files as this format instead of detecting it.")
@click.option("--description", metavar="YAML", help="Describes the columns of a table.")
@store_option
@pass_session
def add(
    session: Session,
    paths: tuple[str, ...],
    name: str | None,
    reader: str | None,
    description: str | None,
    store: str | None,
) -> int:
    """Adds vocabularies to the index.

    FILE is an ontology (OBO, OBO-JSON, OWL, SKOS), a SSSOM mapping set, MeSH, or a table; a folder stands for the
    files in it, of a release those that are needed. A vocabulary of a name that is there already is replaced. A file
    that cannot be used is reported and the others are added.
    """
    from dataclasses import replace

    from monograph.errors import MonographError
    from monograph.vocabularies.index import Index, index_path
    from monograph.vocabularies.reading import PartOfAnother, read_vocabulary

    named, files = {Path(path) for path in paths}, _files(paths)
    if name is not None and len(files) > 1:
        raise MonographError(f"--name {name} for {len(files)} files - add them one by one, each with its name")
    added: dict[str, tuple[VocabularyInfo, Path]] = {}
    parts: list[PartOfAnother] = []
    failed = 0
    with Index(index_path(store)) as index:
        for file in session.track(files, "adding"):
            try:
                vocabulary = read_vocabulary(file, reader=reader, description=description)
                info = index.add(replace(vocabulary, name=name or vocabulary.name))
            except PartOfAnother as error:
                if file in named:
                    raise
                session.detail(str(error))
                parts.append(error)
                continue
            except MonographError as error:
                if len(files) == 1:
                    raise
                failed += 1
                message(f"error: {error}")
                continue
            if info.name in added:
                session.say(f"{file}: is the vocabulary {info.name}, as {added[info.name][1]} is, and replaces it")
            added[info.name] = (info, file)
            _tell_dropped(session, file, vocabulary.dropped)
    if parts and not added and not failed:
        raise parts[0]
    infos = [info for info, _ in added.values()]
    if added:
        emit(_table(infos), "table")
    due = len(files) - len(parts)
    names = counted(sum(info.names for info in infos), "name")
    session.say(f"{due - failed:,} of {counted(due, 'file')} added, {names}")
    return 2 if not added else 1 if failed else 0


def _tell_dropped(session: Session, file: Path, dropped: Counter[str]) -> None:
    for reason, number in dropped.most_common(5):
        session.detail(f"{file}: left out {number:,} {reason}")
    if left := dropped.total():
        session.say(f"{file}: {counted(left, 'item')} left out" + ("" if session.verbosity else " (-v: which)"))


@vocab.command(name="list", cls=Verb, examples=("monograph vocab list", "monograph vocab list --format json"))
@click.option("-f", "--format", type=click.Choice(FORMATS), default="table", show_default=True, help="How to write it.")
@output_option
@store_option
@pass_session
def list_(session: Session, format: str, output: str | None, store: str | None) -> None:
    """Lists the vocabularies of the index.

    Each stands with its version, its licence, and the numbers of its terms, their names, and its mappings.
    """
    from monograph.vocabularies.index import Index, index_path

    with Index(index_path(store), read_only=True) as index:
        found = index.vocabularies()
    emit(_table(found, whole=format != "table"), format, output)
    session.say(f"{len(found):,} {'vocabulary' if len(found) == 1 else 'vocabularies'}")


@vocab.command(cls=Verb, examples=("monograph vocab remove symp", "monograph vocab remove symp mondo --store drugs.db"))
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@store_option
@pass_session
def remove(session: Session, names: tuple[str, ...], store: str | None) -> None:
    """Takes vocabularies out of the index.

    Links that were made with them stay in the store until they are made anew. NAME is one that `monograph vocab list`
    prints.
    """
    from monograph.vocabularies.index import Index, index_path

    with Index(index_path(store, must_exist=True)) as index:
        for name in names:
            index.remove(name)
    session.say(f"{len(names):,} removed")


def _files(paths: tuple[str, ...]) -> list[Path]:
    from monograph.errors import SourceError

    out: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not _ABOUT.match(p.name))
            if not inside:
                raise SourceError(f"no file in folder {path} - name a folder that holds vocabularies")
            out.update(dict.fromkeys(inside))
        elif path.is_file():
            out[path] = None
        else:
            raise SourceError(f"no such file: {path} - check the path")
    return list(out)


def _table(found: list[VocabularyInfo], *, whole: bool = False) -> Table:
    columns = ["vocabulary", "title", "version", "licence", "terms", "names", "mappings"]
    rows: list[list[str | int]] = [[v.name, v.title, v.version, v.license, v.terms, v.names, v.mappings] for v in found]
    if whole:
        columns += ["reader", "source", "sha256"]
        rows = [[*row, v.reader, v.source, v.sha256] for row, v in zip(rows, found, strict=True)]
    return Table(columns, rows, flexible=("title", "licence", "version"), optional=("licence", "version"))
