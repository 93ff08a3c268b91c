"""Tables of plain text whose columns only gaps of spaces part: a name, and figures under the heads of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from monograph.document import Piece
from monograph.loaders.lines import Line
from monograph.loaders.raw import Raw

__all__ = ["aligned_cells", "aligned_rows"]

_GAP = re.compile(r"\t+| {2,}")
_CELL = re.compile(r"\S+(?: \S+)*")
_FIGURE = re.compile(r"[<>≥≤~]?\s?\d[\d.,]*\s?%?(?:\s?\(\s?\d[\d.,]*\s?%?\s?\))?|\d+/\d+|[-–—]")
_COUNT = re.compile(r"\(?[Nn]\s?=\s?\d[\d,]*\)?|%|\(%\)|n \(%\)")
#: with fewer rows, figures behind a name are prose; a head stands so many lines above the first row at the most
_FEWEST, _ABOVE = 3, 3
#: a group of rows is named in so many words
_GROUP_WORDS = 6


def _figures(text: str) -> int:
    """How many figures stand behind the name of a row; 0 where the line is no row."""
    cells = _GAP.split(text.strip())
    named = len(cells) > 1 and cells[0][:1].isalpha()
    return len(cells) - 1 if named and all(_FIGURE.fullmatch(cell) for cell in cells[1:]) else 0


def _counts(text: str) -> bool:
    """Whether a line only counts who is in each column: "N=691   N=691"."""
    return all(_COUNT.fullmatch(cell) for cell in _GAP.split(text.strip()))


def _groups(text: str) -> bool:
    """Whether a line names a group of rows: "Nervous system"."""
    shown = text.strip()
    told = shown.endswith((".", ":", ";", "?"))
    return not told and _GAP.search(shown) is None and len(shown.split()) <= _GROUP_WORDS


def aligned_rows(lines: Sequence[Line], at: int) -> int:
    """Where the table ends whose head, or first row, the line at ``at`` is; ``at`` where there is none."""
    columns = _figures(lines[at].text)
    first = at
    if not columns:
        heads = [cell for cell in _GAP.split(lines[at].text.strip()) if cell]
        if len(heads) < 2 or any(_FIGURE.fullmatch(cell) for cell in heads):
            return at
        while not columns and first + 1 < len(lines) and first < at + _ABOVE and not lines[first + 1].blank:
            first += 1
            columns = _figures(lines[first].text)
            if not columns and not (_counts(lines[first].text) or _groups(lines[first].text)):
                return at
        if not columns or len(heads) not in {columns, columns + 1}:
            return at
    end, rows = first, 0
    while end < len(lines) and not lines[end].blank:
        if _figures(lines[end].text) == columns:
            rows += 1
        elif not (_groups(lines[end].text) or _counts(lines[end].text)):
            break
        end += 1
    return end if rows >= _FEWEST else at


def aligned_cells(text: str, lines: Sequence[Line]) -> Iterator[Raw]:
    """The cells of such a table; a row's cells know its name and the heads of their columns."""
    heads: list[str] = []
    for line in lines:
        spans = [(line.start + m.start(), line.start + m.end()) for m in _CELL.finditer(text[line.start : line.end])]
        shown = [text[a:b] for a, b in spans]
        if _figures(line.text):
            column_heads = ["", *heads] if len(heads) == len(shown) - 1 else heads
            for column, (a, b) in enumerate(spans):
                head = column_heads[column] if column < len(column_heads) else None
                yield Raw("cell", (Piece(a, b),), row_head=shown[0] if column else None, column_head=head or None)
        elif len(shown) > 1 and not heads:
            heads = shown
        elif len(shown) == 1:
            yield Raw("cell", (Piece(*spans[0]),))
