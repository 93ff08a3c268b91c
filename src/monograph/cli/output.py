"""How results leave: to stdout or a file that appears whole, as a table for people or in a format for programs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from monograph.errors import MonographError

__all__ = ["FORMATS", "Table", "emit", "target"]

FORMATS = ("table", "csv", "tsv", "json", "markdown")

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Table:
    """Rows under named columns.

    On a terminal, ``flexible`` columns are wrapped first (all are, where none is named), ``optional`` ones are left
    out where it is narrower than 100 columns, and in ``ditto`` ones a cell like the one above is a ditto mark.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    flexible: Collection[str] = ()
    optional: Collection[str] = ()
    ditto: Collection[str] = ()


@contextlib.contextmanager
def target(path: str | None) -> Iterator[BinaryIO]:
    """Where to write: stdout for None and ``-``, else a file that takes its name once it is complete."""
    if path is None or path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    final = Path(path)
    if final.exists() and not final.is_file():
        if final.is_dir():
            raise MonographError(f"{path} is a folder - name a file")
        with final.open("wb") as device:
            yield device
        return
    partial = final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        stream = partial.open("wb")
    except OSError as error:
        raise MonographError(f"cannot write {path} ({error.strerror}) - check the folder and its rights") from error
    try:
        with stream:
            yield stream
        partial.replace(final)
    finally:
        partial.unlink(missing_ok=True)


def emit(table: Table, format: str, path: str | None = None) -> None:
    """Writes ``table``; as format ``table`` it is drawn on a terminal, and plain text of any width elsewhere."""
    if format == "table" and path is None and sys.stdout.isatty():
        _draw(table)
        return
    render = {"table": _plain, "csv": _csv, "tsv": _tsv, "json": _json, "markdown": _markdown}[format]
    with target(path) as stream:
        for line in render(table):
            stream.write(line.encode() + b"\n")


def _text(cell: Cell) -> str:
    """A cell on one line; control characters, which could steer a terminal, are made visible."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    flat = " ".join(str(cell).split())
    return "".join(c if c.isprintable() or c in "\u00a0\u00ad" else "\N{REPLACEMENT CHARACTER}" for c in flat)


def _draw(table: Table) -> None:
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    console = Console(highlight=False)
    shown = [(i, name) for i, name in enumerate(table.columns) if console.width >= 100 or name not in table.optional]
    drawn = Drawn(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for i, name in shown:
        numbers = any(_is_number(row[i]) for row in table.rows) and all(
            row[i] is None or _is_number(row[i]) for row in table.rows
        )
        wraps = name in table.flexible or not (table.flexible or numbers)
        drawn.add_column(
            name.replace("_", " "),
            justify="right" if numbers else "left",
            no_wrap=not wraps,
            min_width=12 if wraps and name in table.flexible else None,
            overflow="fold",
        )
    above: Sequence[Cell] | None = None
    for row in table.rows:
        cells = [
            "\N{DITTO MARK}" if above and name in table.ditto and row[i] and row[i] == above[i] else _text(row[i])
            for i, name in shown
        ]
        drawn.add_row(*map(Text, cells))
        above = row
    console.print(drawn)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float)


def _plain(table: Table) -> Iterator[str]:
    rows = [[_text(cell) for cell in row] for row in table.rows]
    # A cell that is longer than most pushes its row out instead of stretching the column.
    widths = [min(40, max(len(row[i]) for row in (table.columns, *rows))) for i in range(len(table.columns))]
    for row in (list(table.columns), *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


_NUMBER = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?")


def _guarded(cell: Cell) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def _csv(table: Table) -> Iterator[str]:
    def field(cell: Cell) -> str:
        text = _guarded(cell)
        return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text

    for row in (table.columns, *table.rows):
        yield ",".join(map(field, row))


def _tsv(table: Table) -> Iterator[str]:
    for row in (table.columns, *table.rows):
        yield "\t".join(re.sub(r"[\t\r\n]+", " ", _guarded(cell)) for cell in row)


def _json(table: Table) -> Iterator[str]:
    records: Iterable[dict[str, Any]] = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    yield "[" + ",\n ".join(lines) + "]"


def _markdown(table: Table) -> Iterator[str]:
    def row_of(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    yield row_of(table.columns)
    yield row_of("---" for _ in table.columns)
    for row in table.rows:
        yield row_of(_text(cell).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for cell in row)
