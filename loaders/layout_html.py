"""HTML as raw blocks with exact offsets into the file, by the tokens of the standard library's parser.

The tree builders (lxml, selectolax, html5lib) do not say where in the file a text node stands; this one does.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser

from monograph.document import Piece
from monograph.loaders.layout_tags import VOID, Layout, spans
from monograph.loaders.raw import Raw

__all__ = ["HtmlPage", "read_html"]

_SKIPPED = {"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "math", "select", "textarea"}
#: what only a layout's furniture plays
_HIDDEN_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search"}


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
    parser.layout.flush()
    return HtmlPage(parser.layout.raws, parser.title, parser.canonical, parser.language, parser.meta)


class _Parser(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.text = text
        self.layout = Layout(text)
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self.title: str | None = None
        self.canonical: str | None = None
        self.language: str | None = None
        self.meta: dict[str, str] = {}
        self._skip: list[str] = []
        self._in_title = False

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
        if not self._skip:
            hidden = given.get("role", "") in _HIDDEN_ROLES
            self.layout.start(tag, self._at(), spans=spans(given), hidden=hidden)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if self._skip:
            if tag == self._skip[-1]:
                self._skip.pop()
            return
        self.layout.end(tag)

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
        if not self._skip:
            at = self._at()
            self.layout.put(Piece(at, at + len(raw), shown_as))
