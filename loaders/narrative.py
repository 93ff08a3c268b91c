"""The narrative of structured labels (SPL, FHIR, openFDA) as one canonical text with its sections and blocks.

What stands in XML or JSON has no text that an offset could fit, so the text is written here: the words of the source in
reading order with single spaces, a line a block. Marks of footnotes, which are no words, are left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from monograph.document import Block, Piece, Section
from monograph.loaders.bare_lists import with_lists
from monograph.loaders.boilerplate import mark_boilerplate
from monograph.loaders.label_sections import by_code
from monograph.loaders.layout_tags import Layout, spans
from monograph.loaders.raw import assemble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.etree import XMLParser, _Element

__all__ = ["Narrative", "parse_html", "parse_xml", "xml_parser"]

#: elements of SPL's narrative -> HTML
_TAGS: Final = {"paragraph": "p", "list": "ul", "item": "li", "linkhtml": "a", "excerpt": "svg", "highlight": "svg"}
_SKIPPED: Final = {
    "script", "style", "svg", "footnote", "footnoteref", "rendermultimedia", "observationmedia", "img", "head",
    "object", "iframe", "noscript", "template", "select", "textarea", "math",
}  # fmt: skip
_BLANKS: Final = re.compile(r"\s+")
_BOLD_STYLE: Final = re.compile(r"bold|underline|italic|font-weight\s*:\s*[6-9]00", re.IGNORECASE)
#: after a unit of length or a ten, a raised number is a power and no mark of a footnote
_POWER_BEFORE: Final = re.compile(r"(?:\b[cdmk]?m|10|×)$")
_SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_BREAKING: Final = {
    "p",
    "div",
    "li",
    "tr",
    "table",
    "ul",
    "ol",
    "br",
    "caption",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
#: what stands in every leaflet, and in some runs on from the last item of a list
_RUN_ON: Final = re.compile(r"(?<=[\w.,)] )(?=(?:Reporting of side effects|If you get any side effects, talk to)\b)")
#: deeper narratives are nobody's label
_DEEPEST: Final = 200


class Narrative:
    """A label while it is written down; :meth:`finish` gives the text with its sections and blocks."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blank = True
        self._told: list[Callable[[Layout], None]] = []

    def heading(self, text: str, level: int, code: str | None = None) -> None:
        """A heading of ``level`` (1 is the document's own), with the source's code for its section."""
        self._line(f"h{min(level, 6)}", text, code)

    def paragraph(self, text: str) -> int:
        """A paragraph of plain text; gives the offset at which it begins."""
        self._break()
        at = self._length
        self._line("p", text)
        return at

    def item(self, text: str) -> None:
        """An item of a list that has one level."""
        self._mark("ul")
        self._line("li", text)
        self._close("ul")

    def markup(self, element: _Element) -> None:
        """What ``element``, of XHTML or of SPL's narrative, holds; the element itself opens no block."""
        self._inline(element.text)
        for child in element:
            self._element(child, 0)
            self._inline(child.tail)
        self._break()

    def finish(self) -> tuple[str, tuple[Section, ...], tuple[Block, ...]]:
        """The canonical text, its sections, and its blocks with their boilerplate named."""
        text = "".join(self._parts)
        layout = Layout(text)
        for tell in self._told:
            tell(layout)
        layout.flush()
        sections, blocks = assemble(text, with_lists(text, layout.raws))
        reasons: list[str | None] = []
        for section in sections:
            known = by_code().get(section.code or "")
            above = reasons[section.parent] if section.parent is not None else None
            reasons.append((known.boilerplate if known else None) or above)
        blocks = tuple(
            replace(block, boilerplate=reasons[block.section])
            if block.section is not None and reasons[block.section]
            else block
            for block in blocks
        )
        return text, sections, mark_boilerplate(text, sections, blocks)

    @property
    def length(self) -> int:
        """How long the text is by now."""
        return self._length

    def _line(self, tag: str, text: str, code: str | None = None) -> None:
        if not text.strip():
            return
        self._mark(tag, code=code)
        self._inline(text)
        self._close(tag)

    def _element(self, element: _Element, depth: int) -> None:
        if not isinstance(element.tag, str) or depth > _DEEPEST:
            return  # a comment, or a bomb
        name = element.tag.rpartition("}")[2].lower()
        tag = _TAGS.get(name, name)
        if tag in _SKIPPED:
            return
        if tag == "sup":
            self._raised("".join(map(str, element.itertext())))
            return
        attributes = {str(key).rpartition("}")[2].lower(): str(value) for key, value in element.items()}
        if tag in {"content", "span", "u", "i", "em"}:
            style = f"{attributes.get('stylecode', '')} {attributes.get('style', '')}"
            tag = "b" if tag in {"u", "i", "em"} or _BOLD_STYLE.search(style) else tag
        self._mark(tag, spans(attributes))
        self._inline(element.text)
        for child in element:
            self._element(child, depth + 1)
            self._inline(child.tail)
        self._close(tag)

    def _mark(self, tag: str, covers: tuple[int, int] = (1, 1), code: str | None = None) -> None:
        if tag in _BREAKING:
            self._break()
        elif tag in {"td", "th"}:
            self._write("\t")
        if tag == "li":
            self._write("- ")
        at = self._length
        self._told.append(lambda layout: layout.start(tag, at, spans=covers, code=code))

    def _close(self, tag: str) -> None:
        self._told.append(lambda layout: layout.end(tag))
        if tag in _BREAKING:
            self._break()

    def _raised(self, text: str) -> None:
        told = text.strip()
        before = "".join(self._parts[-3:])[-4:]
        if told.lstrip("-").isdigit() and _POWER_BEFORE.search(before):
            self._inline(told.translate(_SUPERSCRIPTS) if before.endswith("10") else told)
        elif told in {"®", "™", "th", "st", "nd", "rd", "+", "2+", "3+", "-", "−"}:
            self._inline(told)

    def _inline(self, text: str | None) -> None:
        if not text:
            return
        told = _BLANKS.sub(" ", text)
        if (run_on := _RUN_ON.search(told)) is not None:  # the next paragraph, which lost its beginning
            self._inline(told[: run_on.start()])
            self._told.append(lambda layout: layout.flush())
            self._break()
            told = told[run_on.start() :]
        if self._blank:
            told = told.lstrip(" ")
        if told:
            at = self._length
            self._write(told)
            piece = Piece(at, self._length)
            self._told.append(lambda layout: layout.put(piece))

    def _break(self) -> None:
        if self._length and not self._parts[-1].endswith("\n") and self._parts[-1] != "- ":
            self._write("\n")

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self._blank = text[-1] in " \n\t"


def xml_parser() -> XMLParser:
    """A parser of lxml that loads nothing, resolves nothing and stops at bombs."""
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def parse_xml(data: bytes) -> _Element:
    """The root of an XML document; raises lxml's XMLSyntaxError."""
    from lxml import etree

    root: _Element = etree.fromstring(data, xml_parser())
    return root


def parse_html(fragments: Iterable[str] | str) -> _Element | None:
    """A fragment of (X)HTML as a tree, however it is written; None for an empty one."""
    from lxml import etree, html

    text = fragments if isinstance(fragments, str) else "".join(fragments)
    if not text.strip():
        return None
    try:
        tree: _Element = html.fragment_fromstring(text, create_parent="div")
    except (etree.ParserError, ValueError):
        return None
    return tree
