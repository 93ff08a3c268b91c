"""The Document that a loader yields: one canonical text and the tree of its sections and blocks, as spans.

Every position is an offset in Unicode code points into :attr:`Document.text`. For text sources that text is the
decoded file, unchanged, so an offset found here fits the file. Markup belongs to no block: a block is a tuple of
:class:`Piece`, the stretches of the file that a reader sees.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from monograph.facts import Fact

__all__ = ["Block", "BlockKind", "Correction", "Document", "Piece", "Section", "View"]

BlockKind = Literal["heading", "paragraph", "item", "cell"]


class Piece(NamedTuple):
    """A visible stretch ``text[start:end]``; ``shown`` replaces it where the file spells it otherwise (``&amp;``)."""

    start: int
    end: int
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it.

    ``parent`` is the index of the enclosing section in :attr:`Document.sections`, or None at the top; ``code`` is the
    source's own code for the section, such as a LOINC code; ``start`` and ``end`` span heading and content.
    """

    heading: str
    level: int
    start: int
    end: int
    parent: int | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table cell.

    ``section`` is an index into :attr:`Document.sections` (None before the first heading); ``depth`` is 0 outside
    lists and 1 for an outermost item; ``lead_in`` is the index in :attr:`Document.blocks` of the block that
    introduces this item's list, ``parent`` that of the item this one is nested in; ``row_head`` and ``column_head``
    are a cell's heads. ``boilerplate`` names why a block states nothing about the drug (``advert``, ``disclaimer``,
    ``navigation``, ``reporting``, ``contact``, ``references``, ``metadata``, ``animal-studies``,
    ``instructions``), or is None.
    """

    kind: BlockKind
    pieces: tuple[Piece, ...]
    section: int | None = None
    depth: int = 0
    lead_in: int | None = None
    parent: int | None = None
    row_head: str | None = None
    column_head: str | None = None
    boilerplate: str | None = None

    @property
    def start(self) -> int:
        return self.pieces[0].start

    @property
    def end(self) -> int:
        return self.pieces[-1].end


@dataclass(frozen=True)
class View:
    """A block as a reader sees it: ``text`` with single spaces, and the way back to the file.

    ``anchors`` and ``sources`` are parallel: from view offset ``anchors[i]`` on, view text runs along the file from
    ``sources[i]``; ``widths[i]`` is the length in the file of a one-to-many replacement, or 0 for a plain run.
    """

    text: str
    anchors: tuple[int, ...]
    sources: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the file that shows ``text[start:end]``; an empty span raises ValueError."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no such span in a view of {len(self.text)}: {start}-{end}")
        return self._at(start)[0], self._at(end - 1)[1]

    def _at(self, offset: int) -> tuple[int, int]:
        """The file span of the one character at ``offset``."""
        i = bisect_right(self.anchors, offset) - 1
        begin, stop = self.sources[i]
        run = (self.anchors[i + 1] if i + 1 < len(self.anchors) else len(self.text)) - self.anchors[i]
        if stop - begin == run:
            at = begin + offset - self.anchors[i]
            return at, at + 1
        return begin, stop


@dataclass(frozen=True, slots=True)
class Correction:
    """What a fact sheet says of a fact of another document: ``fact`` is the hash of its IRI, ``by`` what is right."""

    fact: str
    why: str
    by: Fact | None = None


@dataclass(frozen=True)
class Document:
    """One drug document as its source states it. ``drugs`` are the names found by the loader, canonical first.

    Further, where the source has them in structured form: ``brands`` as written; ``series``, what all versions of a
    label have in common (its set id), and ``version``; ``identifiers``, pairs of a name and a CURIE; ``facts``, with
    evidence in :attr:`text`, and ``corrections`` of facts of other documents. For sources that are no text (SPL,
    openFDA, FHIR, fact sheets) the loader writes ``text``.
    """

    identifier: str
    text: str
    sha256: str
    format: str
    title: str | None = None
    drugs: tuple[str, ...] = ()
    publisher: str | None = None
    source: str | None = None
    language: str | None = None
    license: str | None = None
    jurisdiction: str | None = None
    stated: str | None = None
    retrieved: str | None = None
    rights: str | None = None
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    references: dict[str, str] = field(default_factory=dict)
    brands: tuple[str, ...] = ()
    series: str | None = None
    version: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    facts: tuple[Fact, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def version_number(self) -> int | None:
        """What orders the versions of a series: the version as a number, else the stated date as YYYYMMDD."""
        if self.version is not None and self.version.isascii() and self.version.isdigit():
            return int(self.version)
        date = re.match(r"(\d{4})-(\d\d)-(\d\d)", self.stated or "")
        return int("".join(date.groups())) if date else None

    @staticmethod
    def digest(data: bytes) -> str:
        """SHA-256 of the source bytes, hexadecimal."""
        return hashlib.sha256(data).hexdigest()

    @cached_property
    def views(self) -> tuple[View, ...]:
        """One :class:`View` a block, in the order of :attr:`blocks`."""
        return tuple(view(self.text, block.pieces) for block in self.blocks)

    def headings(self, section: int | None) -> Iterator[str]:
        """The heading of a section and of those around it, innermost first."""
        while section is not None:
            yield self.sections[section].heading
            section = self.sections[section].parent


#: characters that a reader takes for a space
_BLANK = " \t\r\n\f\v\u00a0\u2002\u2003\u2009\u202f\u200b\ufeff"
#: a blank that is no single space between two words, so that the view departs from the file
_FOLDED = re.compile(rf"[{_BLANK}]{{2,}}|[{_BLANK[1:]}]")
_BLANKS = re.compile(rf"[{_BLANK}]+")


def shown(text: str, pieces: Iterable[Piece]) -> str:
    """The text of the :func:`view` of ``pieces``, without the way back to the file."""
    parts = (
        text[start:end] if written is None else (written if written.strip() else " ") for start, end, written in pieces
    )
    return _BLANKS.sub(" ", "".join(parts)).strip(" ")


def view(text: str, pieces: tuple[Piece, ...]) -> View:
    """The reader's view of ``pieces``: white space folded to single spaces, replacements shown, ends trimmed."""
    out: list[str] = []
    anchors: list[int] = []
    sources: list[tuple[int, int]] = []
    length = 0
    blank: tuple[int, int] | None = None

    def put(start: int, end: int, written: str) -> None:
        """What stands at ``start:end`` of the file, after the blank that was met before it."""
        nonlocal length, blank
        if blank and out:
            anchors.append(length)
            sources.append(blank)
            out.append(" ")
            length += 1
        blank = None
        anchors.append(length)
        sources.append((start, end))
        out.append(written)
        length += len(written)

    for start, end, written in pieces:
        if written is not None:
            if written.strip():
                put(start, end, written)
            else:
                blank = blank or (start, end)
            continue
        at = start
        if at < end and text[at] == " ":  # a single space, but at the edge of a piece
            blank = blank or (at, at + 1)
            at += 1
        for fold in _FOLDED.finditer(text, at, end):
            if fold.start() > at:
                put(at, fold.start(), text[at : fold.start()])
            blank = blank or fold.span()
            at = fold.end()
        if at < end:
            last = end - 1 if text[end - 1] == " " else end
            if last > at:
                put(at, last, text[at:last])
            if last < end:
                blank = blank or (last, end)
    return View("".join(out), tuple(anchors), tuple(sources))
