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
from typing import TYPE_CHECKING, Any, BinaryIO

from monograph.errors import MonographError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["FORMATS", "Table", "emit", "target"]

FORMATS = ("table", "csv", "tsv", "json", "markdown")

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Table:
    """Rows under named columns.

    On a terminal, ``flexible`` columns are wrapped first (all are, where none is named), ``optional`` ones are left
    out where all do not fit, and in ``ditto`` ones a cell like the one above is a ditto mark.
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
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    flat = " ".join(str(cell).split())
    return "".join(c if c.isprintable() or c in "\u00a0\u00ad" else "\N{REPLACEMENT CHARACTER}" for c in flat)


def _draw(table: Table) -> None:
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    console = Console(highlight=False)
    shown = list(table.columns)
    widths = _widths(table, shown)
    if _total(widths) > console.width:
        shown = [name for name in shown if name not in table.optional]
        widths = _widths(table, shown)
    if _total(widths) > console.width and len(shown) > 3:
        _draw_records(console, table)
        return
    widths = _spread(table, widths, console.width)
    drawn = Drawn(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in shown:
        drawn.add_column(
            _words(name),
            justify="right" if _is_numeric(_column(table, name)) else "left",
            width=widths[name],
            overflow="fold",
        )
    above: dict[str, Cell] = {}
    for row in table.rows:
        cells = dict(zip(table.columns, row, strict=True))
        texts = [
            "\N{DITTO MARK}" if name in table.ditto and _repeats(cells[name], above.get(name)) else _text(cells[name])
            for name in shown
        ]
        drawn.add_row(*map(Text, texts))
        above = cells
    console.print(drawn)


def _draw_records(console: Console, table: Table) -> None:
    """One line a cell, for rows that no table of this width can show."""
    from rich.table import Table as Drawn
    from rich.text import Text

    heads = [_words(name) for name in table.columns]
    for row in table.rows:
        record = Drawn(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        record.add_column(style="bold", no_wrap=True, min_width=max(map(len, heads)))
        record.add_column(overflow="fold")
        for head, cell in zip(heads, row, strict=True):
            if text := _text(cell):
                record.add_row(Text(head), Text(text))
        console.print(record)
        console.print()


def _column(table: Table, name: str) -> list[Cell]:
    at = list(table.columns).index(name)
    return [row[at] for row in table.rows]


def _is_fixed(table: Table, name: str) -> bool:
    return bool(table.flexible) and name not in table.flexible


def _widths(table: Table, names: Sequence[str]) -> dict[str, int]:
    """How narrow each column may be: as its longest cell where it is fixed, else so that it can still be read."""
    out: dict[str, int] = {}
    for name in names:
        cells = [_words(name), *map(_text, _column(table, name))]
        longest = max(map(len, cells))
        word = max((len(word) for cell in cells for word in cell.split()), default=1)
        roomy = (18 if table.flexible else 24) if longest > 60 else 0
        out[name] = longest if _is_fixed(table, name) else max(min(20, word), roomy)
    return out


def _spread(table: Table, widths: dict[str, int], room: int) -> dict[str, int]:
    """``widths`` made wider where there is room, the columns that lack least first."""
    lack = {
        name: max(len(_text(cell)) for cell in [_words(name), *_column(table, name)]) - width
        for name, width in widths.items()
    }
    left = room - _total(widths)
    out = dict(widths)
    for done, name in enumerate(sorted(lack, key=lambda name: lack[name])):
        more = max(0, min(lack[name], left // (len(lack) - done)))
        out[name] += more
        left -= more
    return out


def _total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + 2 * len(widths)


def _words(name: str) -> str:
    """A column's name as a reader's words: ``passed_over`` and ``timesPerDay``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()


def _repeats(cell: Cell, above: Cell) -> bool:
    """Whether ``cell`` says again what stands above it, at a length that is worth leaving out."""
    return isinstance(cell, str) and len(cell) > 24 and cell == above


def _is_numeric(column: Sequence[Cell]) -> bool:
    return any(cell is not None for cell in column) and all(
        cell is None or isinstance(cell, int | float) for cell in column
    )


def _plain(table: Table) -> Iterator[str]:
    rows = [[_text(cell) for cell in row] for row in table.rows]
    # A cell that is longer than most pushes its row out instead of stretching the column.
    widths = [min(40, max(len(row[i]) for row in (table.columns, *rows))) for i in range(len(table.columns))]
    for row in (list(table.columns), *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


_NUMBER = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?")


def _guarded(cell: Cell) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(cell).lower() if isinstance(cell, bool) else "" if cell is None else str(cell)
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
