"""Elements of a page as raw blocks: what opens and closes a paragraph, an item, a heading or a cell.

Both HTML as it stands in a file (:mod:`layout_html`) and the narrative of structured labels (:mod:`narrative`) are
told to a :class:`Layout`, element by element.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monograph.document import BlockKind, Piece, shown
from monograph.loaders.raw import Raw

__all__ = ["NAVIGATION", "VOID", "Layout", "spans"]

NAVIGATION = {"nav", "footer", "aside", "form", "button", "menu", "dialog"}
VOID = {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "blockquote", "pre", "address", "figure", "figcaption",
    "dl", "dd", "dt", "details", "summary", "caption", "table", "thead", "tbody", "tfoot", "tr", "body", "html",
    "center",    "hr", "fieldset", "legend", "ul", "ol", "li", "td", "th",
}  # fmt: skip
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BOLD = {"b", "strong"}
#: "Call your doctor right away if you have:" opens a list, however it is set
_LEADS_IN = re.compile(r"\b(?:if|when) (?:you|your|they|the patient)\b[^.?]*:$", re.IGNORECASE)
#: a heading set as bold or as a line before a break ranks below the real ones
_RUN_IN_LEVEL = 7
#: a longer heading may be none
_LONGEST_HEADING = 100
#: a heading begins with a capital, after its number if it has one
_OPENS_HEADING = re.compile(r"(?:\d{1,2}[.)]\s+)?[A-Z]")
_BULLETS = frozenset("•▪●◦‣")
_INNER_BULLET = re.compile(r"\s*(?:^|(?<=\s))[•▪●◦‣]\s*")
_BULLET = re.compile(r"^\s*(?:[•‣▪●◦·∙]\s*|[-*–—+]\s*(?=[A-Za-z]))")


#: a cell over more columns or rows than any page has is a trap
_WIDEST = 60


def spans(attributes: Mapping[str, str]) -> tuple[int, int]:
    """How many columns and rows a cell with these attributes spans."""

    def number(name: str) -> int:
        told = attributes.get(name) or "1"
        return max(1, min(int(told), _WIDEST)) if told.isascii() and told.isdigit() and len(told) < 6 else 1

    return number("colspan"), number("rowspan")


@dataclass(slots=True)
class _Cell:
    """A cell of the row that is being read, with the number of columns and rows that it spans."""

    head: bool
    columns: int
    rows: int
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """What was read of a table: its column heads, and the cells that reach down into the rows to come.

    ``reaching`` is column -> (rows left, text); ``reached`` is the text that reaches into the first column of this row.
    """

    column_heads: list[str] = field(default_factory=list)
    in_head: bool = False
    filled: bool = False
    reached: str = ""
    reaching: dict[int, tuple[int, str]] = field(default_factory=dict)


def _is_prose(line: str) -> bool:
    """Whether what a page sets as a heading is a paragraph or an item, as converters write them."""
    return len(line) > _LONGEST_HEADING and (line[:1].islower() or re.search(r"[.:]\s|[.:]$", line) is not None)


class Layout:
    """Raw blocks of ``text``, gathered in :attr:`raws` from :meth:`start`, :meth:`end` and :meth:`put`.

    Tags have the names of HTML; ``at`` is the offset in ``text`` where one stands. :meth:`flush` ends the last block.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.raws: list[Raw] = []
        self._pieces: list[Piece] = []
        self._bold: list[bool] = []
        self._bold_depth = 0
        self._navigation: list[str] = []
        self._lists: list[str] = []
        self._in_item: list[int] = []
        self._fresh_item = False
        self._heading: int | None = None
        self._code: str | None = None
        self._tables: list[_Table] = []
        self._cells: list[_Cell] | None = None
        self._cell: _Cell | None = None
        self._term = False

    # ---- what is told

    def start(
        self, tag: str, at: int, *, spans: tuple[int, int] = (1, 1), hidden: bool = False, code: str | None = None
    ) -> None:
        """An element opens: a cell with its spans (columns, rows), a heading with its section's code."""
        if tag in _BOLD:
            self._bold_depth += 1
        if tag in NAVIGATION or (hidden and tag not in VOID):
            self.flush()
            self._navigation.append(tag)
        elif self._navigation and tag == self._navigation[-1]:
            self._navigation.append(tag)  # so that its own end tag closes it
        if tag == "br":
            self._line_break(at)
        elif tag in _HEADINGS:
            self.flush()
            self._heading, self._code = _HEADINGS[tag], code
        elif tag in _BLOCKS:
            self._open_block(tag, at, spans)

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag in _BOLD:
            self._bold_depth = max(0, self._bold_depth - 1)
        if tag in _HEADINGS:
            self.flush()
            self._heading = self._code = None
        elif tag in _BLOCKS:
            self._close_block(tag)
        if self._navigation and tag == self._navigation[-1]:
            self.flush()
            self._navigation.pop()

    def put(self, piece: Piece) -> None:
        """A stretch of visible text."""
        if self._cell is not None:
            self._cell.pieces.append(piece)
        else:
            self._pieces.append(piece)
            self._bold.append(self._bold_depth > 0 or not self._text_of(piece).strip())

    def flush(self, heading: int | None = None) -> None:
        """Hand on the pieces read so far as one block."""
        pieces, bold = self._trim()
        self._pieces, self._bold = [], []
        if not pieces:
            return
        boilerplate = "navigation" if self._navigation else None
        line = shown(self.text, pieces)
        level = None if self._heading and _is_prose(line) else self._heading or heading
        if level is None and not self._in_item and (bold or self._term) and len(line) <= 120:
            # a paragraph that is bold throughout, or a term of a definition list, heads what follows
            level = None if line.endswith((".", ",", ";")) or _LEADS_IN.search(line) else _RUN_IN_LEVEL - 1
        if level is not None:
            self.raws.append(Raw("heading", pieces, level, boilerplate=boilerplate, code=self._code))
        elif not _BULLETS.isdisjoint(line) and len(marked := self._marked_apart(pieces)) > 1:
            opening, *others = marked
            depth = self._in_item[-1] if self._in_item else 1
            kind: BlockKind = "item" if self._fresh_item or _BULLET.match(line) else "paragraph"
            self._fresh_item = False
            self.raws.append(Raw(kind, opening, depth if kind == "item" else 0, boilerplate=boilerplate))
            self.raws += [Raw("item", part, depth, boilerplate=boilerplate) for part in others]
        elif self._in_item and self._fresh_item:
            self._fresh_item = False
            self.raws.append(Raw("item", pieces, self._in_item[-1], boilerplate=boilerplate))
        elif not self._in_item and (mark := _BULLET.match(line)):
            if rest := self._after(pieces, mark.end()):
                self.raws.append(Raw("item", rest, 1, boilerplate=boilerplate))
        else:
            self.raws.append(Raw("paragraph", pieces, joined=bool(self._in_item), boilerplate=boilerplate))

    # ---- blocks

    def _open_block(self, tag: str, at: int, spans: tuple[int, int]) -> None:
        if tag == "table":
            self.flush()
            self._tables.append(_Table())
        elif tag in {"thead", "tbody", "tfoot"} and self._tables:
            self._end_row()
            self._tables[-1].in_head = tag == "thead"
        elif tag == "tr" and self._tables:
            self._end_row()
            self._cells = []
        elif tag in {"td", "th"} and self._cells is not None:
            self._end_cell()
            self._cell = _Cell(tag == "th", *spans)
        elif self._cell is not None:
            self._cell.pieces.append(Piece(at, at, " "))
        else:
            self.flush()
            if tag in {"ul", "ol"}:
                self._lists.append(tag)
            elif tag == "li":
                depth = max(1, len(self._lists))
                while self._in_item and self._in_item[-1] >= depth:
                    self._in_item.pop()
                self._in_item.append(depth)
                self._fresh_item = True
            elif tag == "dt":
                self._term = True

    def _close_block(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag in {"tr", "thead"}:
            self._end_row()
            if tag == "thead" and self._tables:
                self._tables[-1].in_head = False
        elif tag == "table":
            self._end_row()
            self._cells = None
            if self._tables:
                self._tables.pop()
        elif self._cell is None:
            self.flush()
            if tag in {"ul", "ol"} and self._lists:
                while self._in_item and self._in_item[-1] >= len(self._lists):
                    self._in_item.pop()  # items that were never closed end with their list
                self._lists.pop()
            elif tag == "li" and self._in_item:
                self._in_item.pop()
            elif tag == "dt":
                self._term = False

    def _line_break(self, at: int) -> None:
        """A break ends a line; a short line without a full stop before it is a heading run into its paragraph."""
        if self._cell is not None:
            self._cell.pieces.append(Piece(at, at, " "))
            return
        line = shown(self.text, self._pieces)
        run_in = (
            self._heading is None
            and not self._in_item
            and 0 < len(line) <= 100
            and _OPENS_HEADING.match(line)
            and not line.endswith((".", ",", ";", ":", "!", "?"))
        )
        self.flush(heading=_RUN_IN_LEVEL if run_in else None)

    def _trim(self) -> tuple[tuple[Piece, ...], bool]:
        kept = [(p, b) for p, b in zip(self._pieces, self._bold, strict=True)]
        while kept and not self._text_of(kept[0][0]).strip():
            kept.pop(0)
        while kept and not self._text_of(kept[-1][0]).strip():
            kept.pop()
        if not kept:
            return (), False
        first = kept[0][0]
        if first.shown is None:
            raw = self.text[first.start : first.end]
            kept[0] = (Piece(first.start + len(raw) - len(raw.lstrip()), first.end), kept[0][1])
        last = kept[-1][0]
        if last.shown is None:
            raw = self.text[last.start : last.end]
            kept[-1] = (Piece(last.start, last.end - (len(raw) - len(raw.rstrip()))), kept[-1][1])
        return tuple(p for p, _ in kept), all(b for _, b in kept)

    def _text_of(self, piece: Piece) -> str:
        return piece.shown if piece.shown is not None else self.text[piece.start : piece.end]

    def _marked_apart(self, pieces: tuple[Piece, ...]) -> list[tuple[Piece, ...]]:
        """``pieces`` cut at the bullets that stand inside a line, without them ("sneezing • itchy nose")."""
        parts: list[list[Piece]] = [[]]
        for piece in pieces:
            if piece.shown is not None:
                parts[-1].append(piece)
                continue
            at = piece.start
            for mark in _INNER_BULLET.finditer(self.text, piece.start, piece.end):
                if mark.start() > at:
                    parts[-1].append(Piece(at, mark.start()))
                parts.append([])
                at = mark.end()
            if at < piece.end:
                parts[-1].append(Piece(at, piece.end))
        return [tuple(part) for part in parts if any(self._text_of(piece).strip() for piece in part)]

    @staticmethod
    def _after(pieces: tuple[Piece, ...], count: int) -> tuple[Piece, ...]:
        """``pieces`` without their first ``count`` characters."""
        first = pieces[0]
        if first.shown is not None:
            return pieces[1:]
        if first.start + count >= first.end:
            return pieces[1:]
        return (Piece(first.start + count, first.end), *pieces[1:])

    # ---- tables

    def _end_cell(self) -> None:
        if self._cell is not None and self._cells is not None:
            self._cells.append(self._cell)
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        row, self._cells = self._cells, [] if self._tables else None
        if not row or not self._tables:
            return
        table = self._tables[-1]
        placed = self._placed(table, row)
        if (table.in_head or all(cell.head for cell in row)) and (len(row) > 1 or table.in_head):
            self._head_row(table, placed)
            return
        table.filled = True
        head = table.reached or shown(self.text, placed[0][1].pieces)
        for column, cell in placed:
            self._pieces, self._bold = cell.pieces, [False] * len(cell.pieces)
            trimmed, _ = self._trim()
            self._pieces, self._bold = [], []
            if trimmed:
                self.raws.append(
                    Raw(
                        "cell",
                        trimmed,
                        row_head=head if column else None,
                        column_head=table.column_heads[column] if column < len(table.column_heads) else None,
                        boilerplate="navigation" if self._navigation else None,
                    )
                )

    def _placed(self, table: _Table, row: Sequence[_Cell]) -> list[tuple[int, _Cell]]:
        """Each cell with its column, past those into which cells of earlier rows reach."""
        out: list[tuple[int, _Cell]] = []
        column = 0
        reaching = {at: (rows - 1, told) for at, (rows, told) in table.reaching.items() if rows > 1}
        for cell in row:
            while column in table.reaching:
                column += 1
            out.append((column, cell))
            if cell.rows > 1:
                told = shown(self.text, cell.pieces)
                reaching.update({column + more: (cell.rows - 1, told) for more in range(cell.columns)})
            column += cell.columns
        table.reached = table.reaching.get(0, (0, ""))[1]
        table.reaching = reaching
        return out

    def _head_row(self, table: _Table, placed: Sequence[tuple[int, _Cell]]) -> None:
        """A row of heads; one below another adds to it, one below other rows begins anew."""
        if table.filled:
            table.column_heads, table.filled = [], False
        width = max(column + cell.columns for column, cell in placed)
        heads = table.column_heads + [""] * (width - len(table.column_heads))
        for column, cell in placed:
            told = shown(self.text, cell.pieces)
            for at in range(column, column + cell.columns):
                heads[at] = f"{heads[at]} {told}".strip()
        table.column_heads = heads
