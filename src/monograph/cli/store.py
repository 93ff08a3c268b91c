"""``info`` and ``remove``: what a store holds, and taking a document out of it."""

from __future__ import annotations

import click

from monograph.cli.output import FORMATS, Table, emit
from monograph.cli.session import Session, counted, output_option, pass_session, store_option, verb

__all__ = ["info", "remove"]


@verb("monograph remove baclofen-72ad6d", "monograph remove baclofen-72ad6d --store drugs.db --quiet")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@store_option
@pass_session
def remove(session: Session, documents: tuple[str, ...], store: str | None) -> None:
    """Takes documents out of the store.

    Their facts go with them. DOCUMENT is an identifier that `monograph info` lists.
    """
    from monograph.store import open_store

    with open_store(store) as opened:
        for identifier in documents:
            opened.remove(identifier)
    session.say(f"{counted(len(documents), 'document')} removed")


@verb("monograph info", "monograph info --format json")
@click.option("-f", "--format", type=click.Choice(FORMATS), default="table", show_default=True, help="How to write it.")
@output_option
@store_option
@pass_session
def info(session: Session, format: str, output: str | None, store: str | None) -> None:
    """Lists what the store holds and from where.

    Each document stands with its source, its dates, and how many facts were made of it.
    """
    from monograph.store import open_store

    with open_store(store, read_only=True) as opened:
        documents = opened.documents()
    columns = ["document", "title", "drugs", "publisher", "stated", "retrieved", "licence", "facts", "gaps", "source"]
    rows: list[list[str | int | None]] = [
        [
            one.identifier,
            one.title,
            ", ".join(one.drugs),
            one.publisher,
            _date(one.issued),
            _date(one.retrieved),
            one.license,
            one.facts,
            one.gaps,
            one.source,
        ]
        for one in documents
    ]
    if format == "table":
        empty = {i for i in range(len(columns)) if all(row[i] in (None, "") for row in rows)}
        empty |= {columns.index("licence"), columns.index("source")}
        rows = [[cell for i, cell in enumerate(row) if i not in empty] for row in rows]
        columns = [name for i, name in enumerate(columns) if i not in empty]
    emit(Table(columns, rows, flexible=("title", "drugs", "publisher")), format, output)
    session.say(f"{counted(len(documents), 'document')}, {counted(sum(one.facts for one in documents), 'fact')}")


def _date(moment: str | None) -> str | None:
    return moment[:10] if moment else moment
