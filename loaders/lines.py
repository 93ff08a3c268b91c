"""What the lines of a text show of its layout: marks, wraps, headings by their form, tables flattened to lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = [
    "ATX",
    "BULLET",
    "HEADING_LENGTH",
    "HEADING_WORDS",
    "UNDERLINE",
    "Line",
    "after_blank",
    "dense",
    "flattened_cells",
    "hard_wrapped",
    "heads_dense",
    "heads_wrapped",
    "leaves_open",
    "lines_of",
    "marked_headings",
    "numbered_headings",
]

BULLET = re.compile(
    r"^(?P<indent>[ \t]*)"
    r"(?P<mark>[•‣▪▫●○◦·∙■□➢►▸▹◆◇✓✔✗✘❌✅→»\uf0b7\uf0a7*+–—-]|"
    r">(?=\s[a-z])|o(?=\s{2,})|\(?(?:\d{1,2}|[a-h])[.)])[ \t\u00a0]+(?=\S)"
)
NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s")
ATX = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
UNDERLINE = re.compile(r"^\s*([=\-_~*])\1{2,}\s*$")
#: a line with at most so many characters and words may be a heading
HEADING_LENGTH, HEADING_WORDS = 100, 14


#: no text is hard-wrapped wider than this; a line that fills less of the width was not broken for its length
_WIDEST, _FILLED = 110, 0.75


#: words after which no sentence, heading or item ends
_OPEN_WORDS = frozenset(
    ["a", "an", "the", "of", "to", "in", "on", "at", "by", "with", "without", "from", "for", "and", "or", "but",
     "nor", "is", "are", "was", "were", "be", "been", "being", "can", "may", "might", "could", "should", "must",
     "will", "would", "has", "have", "had", "do", "does", "your", "their", "its", "his", "her", "our", "this",
     "these", "that", "which", "who", "if", "when", "while", "because", "than", "as", "into", "about", "during",
     "before", "after", "taking", "using", "such", "including", "between", "per", "not", "cause", "causes", "include"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    end: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip(" \t\r\u00a0\ufeff")


def lines_of(text: str, start: int) -> Iterator[Line]:
    at = start
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        stop = end - 1 if end > at and text[end - 1] == "\r" else end
        yield Line(at, stop, text[at:stop])
        at = end + 1


def leaves_open(line: str) -> bool:
    """Whether a line breaks off inside a sentence, as it does where a link or a tag stood: "should be used by"."""
    words = line.split()
    asks = (
        bool(words)
        and words[0][:1].isupper()
        and words[0].lower() in {"what", "how", "when", "who", "why", "where", "which", "can", "should"}
    )
    return not asks and bool(words) and words[-1].lower() in _OPEN_WORDS


def after_blank(lines: list[Line], at: int) -> bool:
    return at == 0 or lines[at - 1].blank


def hard_wrapped(lines: list[Line]) -> bool:
    """Whether paragraphs run over several lines of about equal length."""
    inner = [
        len(a.text)
        for a, b in itertools.pairwise(lines)
        if not a.blank and not b.blank and not BULLET.match(b.text) and not UNDERLINE.match(b.text)
    ]
    filled = sum(1 for length in inner if 45 <= length <= 110)
    return len(inner) >= 3 and filled >= 0.6 * len(inner)


def heads_wrapped(lines: list[Line], at: int) -> bool:
    """Whether a line over hard-wrapped text heads it: had it been its first line, it would have been filled."""
    line, following = lines[at].text.strip(), lines[at + 1].text if at + 1 < len(lines) else ""
    if line.endswith("?") and line[:1].isupper() and (at == 0 or lines[at - 1].blank):
        return True
    width = max((len(other.text) for other in lines if len(other.text) <= _WIDEST), default=0)
    first = following.split(maxsplit=1)[:1]
    room = len(line) + 1 + len(first[0]) < width * _FILLED if first else False
    return room and len(following) > width * _FILLED and following.lstrip()[:1].isupper()


def dense(lines: list[Line]) -> bool:
    """Whether hardly a blank line parts the text, so that a heading stands right before its paragraph."""
    filled = sum(not line.blank for line in lines)
    return filled >= 12 and sum(line.blank for line in lines) < 0.12 * filled and not hard_wrapped(lines)


def heads_dense(lines: list[Line], at: int) -> bool:
    """Whether a short line heads the longer one (or the list) after it, and no sentence runs into it."""
    line, following = lines[at].text.strip(), next((ln.text for ln in lines[at + 1 :] if not ln.blank), "")
    before = lines[at - 1].text.rstrip() if at else "."
    ends = not before or before.endswith((".", "!", "?", ")")) or len(before) <= 60
    return (
        len(line) <= 70
        and ends
        and (len(following) > 70 or following.rstrip().endswith(".") or bool(BULLET.match(following)))
    )


def marked_headings(lines: list[Line]) -> int:
    """How many headings are marked as such: with many, an unmarked short line is no heading."""
    underlined = sum(
        bool(UNDERLINE.match(b.text)) and not a.blank and not BULLET.match(a.text) for a, b in itertools.pairwise(lines)
    )
    return underlined + sum(bool(ATX.match(line.text)) for line in lines)


def flattened_cells(lines: list[Line]) -> frozenset[int]:
    """Lines of a table that was flattened to one cell a line: six or more short ones in a row, no sentence among them.

    Only what such lines say can tell heads from cells, so that none of them is a heading by its form.
    """
    out: set[int] = set()
    run: list[int] = []
    filled = [at for at, line in enumerate(lines) if not line.blank]
    for at in [*filled, None]:
        text = lines[at].text.strip() if at is not None else ""
        alone = at is not None and (at == 0 or lines[at - 1].blank) and (at + 1 == len(lines) or lines[at + 1].blank)
        short = len(text) <= 90 and not text.endswith((".", ":", ";", "?", "!")) and not _marked(text)
        if at is not None and alone and short:
            run.append(at)
            continue
        if len(run) >= 6:
            out.update(run if run[0] != filled[0] else run[1:])  # the first line of all is the title
        run = []
    return frozenset(out)


def _marked(text: str) -> bool:
    """Whether a line bears a heading's or an item's mark."""
    return bool(ATX.match(text) or BULLET.match(text) or NUMBERED.match(text) or UNDERLINE.match(text))


def numbered_headings(lines: list[Line]) -> frozenset[int]:
    """Lines such as ``2. What you need to know``: numbered, alone, rising, with other text between them."""
    found = [
        at
        for at, line in enumerate(lines)
        if NUMBERED.match(line.text)
        and len(line.text) <= HEADING_LENGTH
        and not line.text.rstrip().endswith((".", ";", ","))
        and (at == 0 or lines[at - 1].blank)
        and (at + 1 == len(lines) or lines[at + 1].blank)
    ]
    apart = [
        at
        for k, at in enumerate(found)
        if k + 1 == len(found) or sum(not ln.blank for ln in lines[at + 1 : found[k + 1]]) >= 1
    ]
    return frozenset(apart) if len(apart) >= 2 else frozenset()
