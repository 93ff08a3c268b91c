"""HTML as raw blocks with exact offsets into the file, by the tokens of the standard library's parser.

The tree builders (lxml, selectolax, html5lib) do not say where in the file a text node stands; this one does.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser

from monograph.document import Piece, shown
from monograph.loaders.raw import Raw

__all__ = ["HtmlPage", "read_html"]

_SKIPPED = {"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "math", "select", "textarea"}
_NAVIGATION = {"nav", "footer", "aside", "form", "button", "menu", "dialog"}
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "blockquote", "pre", "address", "figure", "figcaption",
    "dl", "dd", "dt", "details", "summary", "caption", "table", "thead", "tbody", "tfoot", "tr", "body", "html",
    "center",    "hr", "fieldset", "legend", "ul", "ol", "li", "td", "th",
}  # fmt: skip
_VOID = {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BOLD = {"b", "strong"}
#: a heading set as bold or as a line before a break ranks below the real ones
_RUN_IN_LEVEL = 7
#: a heading begins with a capital, after its number if it has one
_OPENS_HEADING = re.compile(r"(?:\d{1,2}[.)]\s+)?[A-Z]")
_BULLET = re.compile(r"^\s*(?:[•‣▪●◦·∙]\s*|[-*–—+]\s*(?=[A-Za-z]))")


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """The raw blocks of a page and what its head says: ``title``, ``canonical``, ``meta`` (name -> content)."""

    raws: list[Raw]
    title: str | None
    canonical: str | None
    language: str | None
    meta: dict[str, str]


def read_html(text: str) -> HtmlPage:
    """The blocks of an HTML page or fragment. Scripts and styles are left out, navigation is marked as such."""
    parser = _Parser(text)
    parser.feed(text)
    parser.close()
    parser.flush()
    return HtmlPage(parser.raws, parser.title, parser.canonical, parser.language, parser.meta)


class _Parser(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.text = text
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self.raws: list[Raw] = []
        self.title: str | None = None
        self.canonical: str | None = None
        self.language: str | None = None
        self.meta: dict[str, str] = {}
        self._pieces: list[Piece] = []
        self._bold: list[bool] = []
        self._bold_depth = 0
        self._skip: list[str] = []
        self._navigation: list[str] = []
        self._lists: list[str] = []
        self._in_item: list[int] = []
        self._fresh_item = False
        self._heading: int | None = None
        self._in_title = False
        self._cells: list[tuple[bool, list[Piece]]] | None = None
        self._cell: tuple[bool, list[Piece]] | None = None
        self._column_heads: list[str] = []
        self._table_depth = 0
        self._term = False

    # ---- tokens

    def _at(self) -> int:
        line, column = self.getpos()
        return self.starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: content or "" for name, content in attrs}
        if tag == "html":
            self.language = given.get("lang") or self.language
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.meta.setdefault(name.lower(), given.get("content", ""))
        if tag == "link" and given.get("rel", "").lower() == "canonical":
            self.canonical = given.get("href")
        if tag == "title" and self.title is None:
            self._in_title = True
        if tag in _SKIPPED:
            self._skip.append(tag)
            return
        if self._skip:
            return
        if tag in _BOLD:
            self._bold_depth += 1
        hidden = given.get("role", "") in {"navigation", "banner", "contentinfo", "complementary", "search"}
        if tag in _NAVIGATION or (hidden and tag not in _VOID):
            self.flush()
            self._navigation.append(tag)
        elif self._navigation and tag == self._navigation[-1]:
            self._navigation.append(tag)  # so that its own end tag closes it
        if tag == "br":
            self._line_break()
        elif tag in _HEADINGS:
            self.flush()
            self._heading = _HEADINGS[tag]
        elif tag in _BLOCKS:
            self._open_block(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if self._skip:
            if tag == self._skip[-1]:
                self._skip.pop()
            return
        if tag in _BOLD:
            self._bold_depth = max(0, self._bold_depth - 1)
        if tag in _HEADINGS:
            self.flush()
            self._heading = None
        elif tag in _BLOCKS:
            self._close_block(tag)
        if self._navigation and tag == self._navigation[-1]:
            self.flush()
            self._navigation.pop()

    def handle_data(self, data: str) -> None:
        self._put(data, None)

    def handle_entityref(self, name: str) -> None:
        self._reference("&" + name)

    def handle_charref(self, name: str) -> None:
        self._reference("&#" + name)

    def _reference(self, raw: str) -> None:
        at = self._at()
        if self.text.startswith(";", at + len(raw)):
            raw += ";"
        self._put(raw, html.unescape(raw))

    def _put(self, raw: str, shown_as: str | None) -> None:
        if self._in_title:
            self.title = ((self.title or "") + (shown_as or raw)).strip() or None
        if self._skip:
            return
        at = self._at()
        piece = Piece(at, at + len(raw), shown_as)
        if self._cell is not None:
            self._cell[1].append(piece)
        else:
            self._pieces.append(piece)
            self._bold.append(self._bold_depth > 0 or not (shown_as or raw).strip())

    # ---- blocks

    def _open_block(self, tag: str) -> None:
        if tag == "table":
            self.flush()
            self._table_depth += 1
            self._column_heads = []
        elif tag == "tr" and self._table_depth:
            self._end_row()
            self._cells = []
        elif tag in {"td", "th"} and self._cells is not None:
            self._end_cell()
            self._cell = (tag == "th", [])
        elif self._cell is not None:
            self._cell[1].append(Piece(self._at(), self._at(), " "))
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
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_row()
            self._cells = None
            self._table_depth = max(0, self._table_depth - 1)
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

    def _line_break(self) -> None:
        """A break ends a line; a short line without a full stop before it is a heading run into its paragraph."""
        if self._cell is not None:
            self._cell[1].append(Piece(self._at(), self._at(), " "))
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

    def flush(self, heading: int | None = None) -> None:
        """Hand on the pieces read so far as one block."""
        pieces, bold = self._trim()
        self._pieces, self._bold = [], []
        if not pieces:
            return
        boilerplate = "navigation" if self._navigation else None
        level = self._heading or heading
        line = shown(self.text, pieces)
        if level is None and not self._in_item and (bold or self._term) and len(line) <= 120:
            # a paragraph that is bold throughout, or a term of a definition list, heads what follows
            level = None if line.endswith((".", ",", ";")) else _RUN_IN_LEVEL - 1
        if level is not None:
            self.raws.append(Raw("heading", pieces, level, boilerplate=boilerplate))
        elif self._in_item and self._fresh_item:
            self._fresh_item = False
            self.raws.append(Raw("item", pieces, self._in_item[-1], boilerplate=boilerplate))
        elif not self._in_item and (mark := _BULLET.match(line)):
            rest = self._after(pieces, mark.end())
            if rest:
                self.raws.append(Raw("item", rest, 1, boilerplate=boilerplate))
        else:
            self.raws.append(Raw("paragraph", pieces, joined=bool(self._in_item), boilerplate=boilerplate))

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
        row, self._cells = self._cells, [] if self._table_depth else None
        if not row:
            return
        if all(is_head for is_head, _ in row) and len(row) > 1:
            self._column_heads = [shown(self.text, pieces) for _, pieces in row]
            return
        head = shown(self.text, row[0][1])
        for column, (_, pieces) in enumerate(row):
            self._pieces, self._bold = pieces, [False] * len(pieces)
            trimmed, _ = self._trim()
            self._pieces, self._bold = [], []
            if trimmed:
                self.raws.append(
                    Raw(
                        "cell",
                        trimmed,
                        row_head=head if column else None,
                        column_head=self._column_heads[column] if column < len(self._column_heads) else None,
                        boilerplate="navigation" if self._navigation else None,
                    )
                )
