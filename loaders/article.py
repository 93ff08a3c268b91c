"""Loader for drug articles: plain text, Markdown and HTML, as publishers write them for patients.

```
# Baclofen                         a title, sections, paragraphs,
## Side effects                    list items with what introduces them,
These include:                     tables, citation marks;
- Drowsiness                       a front matter of `key: value` lines may name drug, publisher, licence, dates
```
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from monograph.document import Block, Document, shown
from monograph.errors import SourceError
from monograph.language import detect
from monograph.loaders.bare_lists import with_lists
from monograph.loaders.boilerplate import mark_boilerplate
from monograph.loaders.capital_heads import capital_heads
from monograph.loaders.layout_html import read_html
from monograph.loaders.layout_text import read_text
from monograph.loaders.raw import assemble
from monograph.loading import decode

__all__ = ["ArticleLoader"]

_HTML = re.compile(r"<!doctype html|<html[\s>]|<(?:p|h[1-6]|ul|ol|li|div|body|table|br)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_UNCLOSED = 500
_MARKDOWN = re.compile(r"^#{1,6} \S|\*\*\S|^\|.*\|\s*$|\]\(\S+\)|^(?:={3,}|-{3,})\s*$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<rows>.*?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_ROW = re.compile(r"^(?P<key>[A-Za-z_ -]+):[ \t]*(?P<value>.*?)[ \t]*\r?$", re.MULTILINE)
_STATED_DRUG = re.compile(r"^\s*(?:drug|medicine|generic name|active (?:substance|ingredient)s?)\s*:\s*(.+)$", re.I)
#: how a name is said: "zentralin [ ZEN-tra-lin ]"
_SPOKEN = re.compile(r"\s*(?:\[[^\[\]]*\]|\((?:pronounced )?(?=[^()]*-)[^()]*[A-Z]{2}[^()]*\))")
_REFERENCE = re.compile(r"^\[?(\d{1,3}|[¹²³⁴⁵⁶⁷⁸⁹⁰]+)[\].)]?[:\s]\s*(\S.*)$")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FIELDS = {
    "title": "title",
    "publisher": "publisher",
    "source": "source",
    "license": "license",
    "licence": "license",
    "language": "language",
    "jurisdiction": "jurisdiction",
    "stated": "stated",
    "date": "stated",
    "retrieved": "retrieved",
    "rights": "rights",
}


class ArticleLoader:
    """Reads one article a file."""

    name = "article"
    about = "drug articles and leaflets as plain text, Markdown or HTML"

    def accepts(self, head: bytes, name: str) -> bool:
        """Whether the file is text that is not some other format's: XML that is no HTML, JSON, RDF."""
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
        if start.startswith((b"{", b"[{", b"@prefix", b"@base", b"%pdf")):
            return False
        return not start.startswith(b"<?xml") or b"<html" in head.lower()

    def read(self, data: bytes, name: str) -> Iterator[Document]:
        """The article in ``data``; ``name`` is the file's name, which becomes part of its identifier."""
        text = decode(data, name)
        given: dict[str, str] = {}
        drugs: list[str] = []
        if _HTML.search(text[:4000]):
            _refuse_hostile(text, name)
            page = read_html(text)
            raws, kind = page.raws, "article/html"
            given = _html_fields(page.meta, page.title, page.canonical, page.language)
        else:
            start = 0
            if front := _FRONT_MATTER.match(text):
                start = front.end()
                for row in _ROW.finditer(front.group("rows")):
                    key, value = row.group("key").strip().lower(), row.group("value").strip("\"'")
                    if key in {"drug", "drugs"}:
                        drugs = [d.strip() for d in value.split(";") if d.strip()]
                    elif key in _FIELDS and value:
                        given[_FIELDS[key]] = value
            markdown = name.lower().endswith((".md", ".markdown")) or _MARKDOWN.search(text) is not None
            raws, kind = read_text(text, start, markdown=markdown), "article/markdown" if markdown else "article/plain"
        sections, blocks = assemble(text, with_lists(text, capital_heads(text, raws)))
        blocks = mark_boilerplate(text, sections, blocks)
        lines = [shown(text, block.pieces) for block in blocks]
        if not drugs:
            drugs = [_SPOKEN.sub("", m.group(1)).strip() for line in lines[:6] if (m := _STATED_DRUG.match(line))][:1]
        title = given.get("title") or _title(blocks, lines) or (drugs[0].capitalize() if drugs else None)
        references = {
            m.group(1).translate(_SUPERSCRIPTS): m.group(2)
            for block, line in zip(blocks, lines, strict=True)
            if block.boilerplate == "references" and (m := _REFERENCE.match(_with_mark(text, block.start, line)))
        }
        yield Document(
            identifier=_identifier(name, title, given.get("publisher")),
            text=text,
            sha256=Document.digest(data),
            format=kind,
            title=title,
            drugs=tuple(drugs),
            publisher=given.get("publisher"),
            source=given.get("source"),
            language=given.get("language") or detect(" ".join(lines)),
            license=given.get("license"),
            jurisdiction=given.get("jurisdiction"),
            stated=given.get("stated"),
            retrieved=given.get("retrieved"),
            rights=given.get("rights"),
            sections=sections,
            blocks=blocks,
            references=references,
        )


def _refuse_hostile(text: str, name: str) -> None:
    """Raises SourceError on HTML with hundreds of tags or comments that never end.

    No page has them, and the standard library's parser takes time that grows with their square.
    """
    open_tags = text.count("<") - text.count(">")
    open_comments = text.count("<!--") - text.count("-->")
    if open_tags > _UNCLOSED or open_comments > _UNCLOSED:
        raise SourceError(f"{name}: {max(open_tags, open_comments)} tags or comments never end, so it is no HTML page")


def _title(blocks: Sequence[Block], lines: Sequence[str]) -> str | None:
    """The heading that opens the article, where one does; a heading further down is a section's."""
    for block, line in zip(blocks, lines, strict=True):
        if block.boilerplate is None:
            return line if block.kind == "heading" else None
    return None


def _identifier(name: str, title: str | None, publisher: str | None) -> str:
    """The file's stem and a short hash of title and publisher.

    The name alone would let one publisher's ``baclofen.txt`` silently replace another's; the content's hash would
    keep every edited version beside the last.
    """
    stem = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\.[A-Za-z]{1,8}$", "", name.lower())).strip("-") or "article"
    told_apart = f"{title or ''}|{publisher or ''}"
    return f"{stem}-{hashlib.sha256(told_apart.encode()).hexdigest()[:6]}"


def _with_mark(text: str, start: int, line: str) -> str:
    """``line`` with the list number that the layout took off it."""
    before = re.search(r"(\d{1,3})[.)]\s*$", text[max(0, start - 8) : start])
    return f"{before.group(1)}. {line}" if before else line


def _html_fields(
    meta: dict[str, str], title: str | None, canonical: str | None, language: str | None
) -> dict[str, str]:
    """What a page's head says of itself, by the names that publishers use for it."""
    out = {
        "publisher": meta.get("og:site_name") or meta.get("dcterms.publisher") or meta.get("publisher") or "",
        "source": canonical or meta.get("og:url") or "",
        "stated": meta.get("article:modified_time") or meta.get("dcterms.modified") or meta.get("date") or "",
        "license": meta.get("dcterms.license") or meta.get("license") or "",
        "title": meta.get("og:title") or title or "",
        "language": (language or "").split("-")[0].lower(),
    }
    return {key: value for key, value in out.items() if value}
