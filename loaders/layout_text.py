"""Plain text and Markdown as raw blocks, line by line, with exact offsets.

Not a Markdown library: those give line numbers, not offsets, and take for code or for one paragraph what scraped
articles mean as lists (``  • item``, indented dashes, bullets run together on one line).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monograph.document import BlockKind, Piece
from monograph.loaders.aligned_tables import aligned_cells, aligned_rows
from monograph.loaders.bare_lists import is_bare_item, is_label
from monograph.loaders.boilerplate import reason_for
from monograph.loaders.inline_lists import parts
from monograph.loaders.lines import (
    ATX,
    BULLET,
    HEADING_LENGTH,
    HEADING_WORDS,
    UNDERLINE,
    Line,
    after_blank,
    dense,
    flattened_cells,
    hard_wrapped,
    heads_dense,
    heads_wrapped,
    leaves_open,
    lines_of,
    marked_headings,
    numbered_headings,
)
from monograph.loaders.raw import Raw

__all__ = ["read_text"]

_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)+\|?\s*$")
_QUESTION = re.compile(r"^\s*(?:Q|Question)\s?\d*\s?[:.)]\s+(?=\S)")
_MARKUP = re.compile(
    r"!\[[^\]\n]*\]\([^)\n]*\)"  # an image states nothing
    r"|\[(?P<label>[^\]\n]+)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)"
    r"|(?P<code>`+)"
    r"|(?P<strong>\*\*\*?|__)(?=\S)|(?<=\S)(?P<strongend>\*\*\*?|__)"
    r"|(?<![\w*])[*_](?=[^\s*_][^*_\n]{0,200}[*_](?![\w*]))|(?<=[^\s*_])[*_](?![\w*])"
    r"|\\(?=[-!\"#$%&'()*+,./:;<=>?@\[\\\]^_`{|}~])"
)


def read_text(text: str, start: int, *, markdown: bool) -> list[Raw]:
    """The raw blocks of ``text`` from offset ``start`` on; ``markdown`` takes inline marks for markup."""
    lines = list(lines_of(text, start))
    wrapped = hard_wrapped(lines)
    numbered = numbered_headings(lines)
    marked = marked_headings(lines) >= 3
    is_dense = dense(lines)
    cells = flattened_cells(lines)
    raws: list[Raw] = []
    depths: list[tuple[int, str]] = []
    in_list = False
    after_item_colon = False
    at = 0

    def pieces(begin: int, end: int) -> tuple[Piece, ...]:
        return _visible(text, begin, end) if markdown else _trimmed(text, begin, end)

    def put(raw: Raw) -> None:
        if raw.pieces:
            raws.append(raw)

    while at < len(lines):
        line = lines[at]
        if line.blank or (markdown and line.text.strip() in {"---", "***", "___"} and after_blank(lines, at)):
            at += 1
            continue
        if UNDERLINE.match(line.text):
            at += 1
            continue
        following = lines[at + 1] if at + 1 < len(lines) else None
        if atx := ATX.match(line.text):
            put(Raw("heading", pieces(line.start + atx.start(2), line.start + atx.end(2)), len(atx.group(1))))
            in_list = after_item_colon = False
            at += 1
            continue
        rule = following and UNDERLINE.match(following.text)
        if rule and not BULLET.match(line.text) and len(line.text) <= HEADING_LENGTH * 2:
            level = 1 if rule.group(1) == "=" else 2
            put(Raw("heading", pieces(line.start, line.end), level))
            in_list = after_item_colon = False
            at += 2
            continue
        if line.text.count("|") >= 2 and (
            (following and _TABLE_RULE.match(following.text)) or line.text.lstrip().startswith("|")
        ):
            stop = at
            while stop < len(lines) and lines[stop].text.count("|") >= 2:
                stop += 1
            raws.extend(raw for raw in _table(text, lines[at:stop], markdown=markdown) if raw.pieces)
            in_list = False
            at = stop
            continue
        if (stop := aligned_rows(lines, at)) > at:
            raws.extend(aligned_cells(text, lines[at:stop]))
            in_list = False
            at = stop
            continue
        if (stop := _tabbed(lines, at)) > at or (stop := _piped(lines, at)) >= at + _PIPED_ROWS:
            mark = "\t" if "\t" in line.text.strip() else "|"
            rows = _table(text, lines[at:stop], markdown=markdown, headed=True, mark=mark)
            raws.extend(raw for raw in rows if raw.pieces)
            in_list = False
            at = stop
            continue
        dense_heading = is_dense and heads_dense(lines, at)
        opens = at == 0 or lines[at - 1].blank or bool(UNDERLINE.match(lines[at - 1].text))
        closes = following is None or following.blank
        over_text = (
            len(line.text) <= 60
            and following is not None
            and following.text.lstrip()[:1].isupper()
            and (not wrapped or heads_wrapped(lines, at))
        )
        alone = dense_heading or (opens and (closes or over_text))
        bullet = BULLET.match(line.text)
        if bullet and at in numbered:
            put(Raw("heading", pieces(line.start, line.end), 1))
            in_list = after_item_colon = False
            at += 1
            continue
        if bullet:
            stop = at + 1
            indent = len(bullet.group("indent").expandtabs(4))
            while (
                stop < len(lines)
                and not lines[stop].blank
                and not BULLET.match(lines[stop].text)
                and not ATX.match(lines[stop].text)
                and _continues(lines[stop - 1].text, lines[stop].text, indent, wrapped)
            ):
                stop += 1
            depth = _depth(depths, indent, bullet.group("mark"), in_list=in_list)
            begin, end = line.start + bullet.end(), lines[stop - 1].end
            for k, (a, b, _) in enumerate(parts(text, begin, end, in_item=True)):
                put(Raw("item", pieces(a, b), depth if k == 0 else max(depth, 1)))
            in_list = True
            after_item_colon = text[begin:end].rstrip().endswith(":")
            at = stop
            continue
        tight = in_list and at > 0 and not lines[at - 1].blank
        if tight and lines[at - 1].text.rstrip().endswith(";") and line.text.lstrip()[:1].islower():
            put(Raw("item", pieces(line.start, line.end), len(depths) or 1))  # an item that lost its bullet
            at += 1
            continue
        if in_list and after_item_colon and not tight and is_bare_item(line.text):
            # a nested list that lost its bullets: "… such as:" and short lines without a full stop
            put(Raw("item", pieces(line.start, line.end), 2))
            at += 1
            continue
        if question := _QUESTION.match(line.text):
            put(Raw("heading", pieces(line.start + question.end(), line.end), 2))
            in_list = after_item_colon = False
            at += 1
            continue
        if not alone and _SUBHEAD.fullmatch(line.text.strip()):
            put(Raw("heading", pieces(line.start, line.end), 3))
            in_list = after_item_colon = False
            at += 1
            continue
        if alone and not marked and at not in cells and _is_heading(line.text, numbered=at in numbered):
            level = 1 if at in numbered or not raws else (2 if not numbered else 3)
            put(Raw("heading", pieces(line.start, line.end), level, by_form=at not in numbered and not dense_heading))
            in_list = after_item_colon = False
            at += 1
            continue
        stop = at + 1
        while (
            stop < len(lines)
            and not lines[stop].blank
            and not BULLET.match(lines[stop].text)
            and not ATX.match(lines[stop].text)
            and not UNDERLINE.match(lines[stop].text)
            and not (stop + 1 < len(lines) and UNDERLINE.match(lines[stop + 1].text))
            and (wrapped or _runs_on(lines[stop - 1].text, lines[stop].text))
        ):
            stop += 1
        introduces = lines[stop - 1].text.rstrip().endswith(":")  # the next list, so it ends the one before
        for k, (begin, end, is_item) in enumerate(parts(text, line.start, lines[stop - 1].end)):
            kind: BlockKind = "item" if is_item else "paragraph"
            put(Raw(kind, pieces(begin, end), 1 if is_item else 0, joined=tight and k == 0 and not introduces))
        if not tight or introduces:
            in_list = after_item_colon = False
            depths.clear()
        at = stop
    return _by_number(text, _under_labels(text, raws))


#: a numbered subhead of a label, which may stand right under the text before it
_SUBHEAD = re.compile(r"\d{1,2}\.\d{1,2} +[A-Z][\w,/()-]*(?: (?:and|or|of|in|with|for|the|to|[A-Z(][\w,/()-]*)){0,9}")
#: the number of a subsection: "5.1 Low blood sugar" stands under "5 WARNINGS"
_SUBSECTION = re.compile(r"(?P<above>\d{1,2})(?:\.\d{1,2}){1,2}\.?\s+\S")


def _by_number(text: str, raws: list[Raw]) -> list[Raw]:
    """``raws`` with each numbered subheading one level below the heading whose number it bears."""
    out: list[Raw] = []
    levels: dict[str, int] = {}
    for raw in raws:
        if raw.kind == "heading":
            shown = text[raw.pieces[0].start : raw.pieces[-1].end]
            if (told := _SUBSECTION.match(shown)) and (above := levels.get(told.group("above"))):
                raw = replace(raw, level=max(raw.level, above + 1))
            elif number := re.match(r"(\d{1,2})\.?\s", shown):
                levels[number.group(1)] = raw.level
        out.append(raw)
    return out


def _under_labels(text: str, raws: list[Raw]) -> list[Raw]:
    """``raws`` with a heading that is nothing but a label of frequency one level below the heading before it."""
    out: list[Raw] = []
    level = 0
    for raw in raws:
        if raw.kind == "heading" and raw.by_form:
            if level and is_label(text[raw.pieces[0].start : raw.pieces[-1].end].strip()):
                out.append(replace(raw, level=level + 1))
                continue
            level = raw.level
        elif raw.kind == "heading":
            level = raw.level
        out.append(raw)
    return out


def _continues(previous: str, line: str, indent: int, wrapped: bool) -> bool:
    """Whether ``line`` goes on with the list item that ``previous`` belongs to."""
    own = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
    if own > indent:
        return True
    if own < indent and line.lstrip()[:1].isupper():
        return False
    if wrapped and len(previous) >= 45:
        return True
    return _runs_on(previous, line)


def _runs_on(previous: str, line: str) -> bool:
    """Whether a sentence goes on from ``previous`` into ``line``; a short line was not broken for its length."""
    if leaves_open(previous):
        return not (
            previous.rstrip().endswith((" or", " and")) and line.lstrip()[:1].isupper() and len(previous) <= _ITEM
        )
    if previous.rstrip().endswith(",") and line.lstrip()[:1].islower() and len(previous.split()) > 3:
        return True
    return (
        len(previous) >= 45
        and not previous.rstrip().endswith((".", ":", ";", "!", "?", "; or", "; and"))
        and line.lstrip()[:1].islower()
    )


#: a line of a list that ends in "or" and lost its mark is no longer than this
_ITEM = 80


def _depth(depths: list[tuple[int, str]], indent: int, mark: str, *, in_list: bool) -> int:
    """The depth of an item by its indent, or by a change of mark to ``+`` or ``o`` where nothing is indented."""
    if not in_list:
        depths.clear()
    kind = "#" if mark[0].isalnum() or mark[0] == "(" else mark
    while depths and indent < depths[-1][0]:
        depths.pop()
    if not depths or indent >= depths[-1][0] + 2:
        depths.append((indent, kind))
    elif kind != depths[-1][1]:
        known = [k for k, (i, m) in enumerate(depths) if m == kind and i <= indent]
        if known:
            del depths[known[-1] + 1 :]
        elif kind in "+o○◦▫□" or depths[-1][1] not in "+o○◦▫□":
            if kind in "+o○◦▫□-–":
                depths.append((indent, kind))
            else:
                depths[-1] = (indent, kind)
    return len(depths)


def _is_heading(line: str, *, numbered: bool) -> bool:
    stripped = line.strip().strip("*_").strip().rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹")
    if not stripped or leaves_open(stripped) or len(stripped) > HEADING_LENGTH or len(stripped.split()) > HEADING_WORDS:
        return False
    if stripped.endswith((".", ",", ";", ":", "!")) and not (stripped.isupper() and stripped.endswith(":")):
        return False
    if reason_for(stripped, "block") == "navigation":
        return False  # the way to a page: "Home / Drugs / …"
    if re.search(r"[a-z]\. [A-Z]", stripped) or (
        "," in stripped
        and not stripped.endswith("?")
        and re.search(r"\b(?:includes?|is|are|can|may|has|have)\b", stripped)
    ):
        return False  # a sentence, which may have been cut off
    if re.search(r":\s+(?:[-–•]\s+)?[a-z]", stripped) and not numbered:
        return False  # "The usual ones are: rash hives" states something
    return numbered or stripped[0].isupper() or stripped[0].isdigit() or stripped.endswith("?")


def _trimmed(text: str, begin: int, end: int) -> tuple[Piece, ...]:
    while begin < end and text[begin] in " \t\r\n\u00a0\ufeff":
        begin += 1
    while end > begin and text[end - 1] in " \t\r\n\u00a0":
        end -= 1
    return (Piece(begin, end),) if begin < end else ()


def _visible(text: str, begin: int, end: int) -> tuple[Piece, ...]:
    """The stretches between inline marks: emphasis, links (their label shows), images, code ticks, escapes."""
    out: list[Piece] = []
    at = begin
    for mark in _MARKUP.finditer(text, begin, end):
        if mark.start() < at:
            continue
        if mark.start() > at:
            out.append(Piece(at, mark.start()))
        if mark.group("label"):
            out.append(Piece(mark.start("label"), mark.end("label")))
        at = mark.end()
    if at < end:
        out.append(Piece(at, end))
    while out and not text[out[0].start : out[0].end].strip():
        out.pop(0)
    while out and not text[out[-1].start : out[-1].end].strip():
        out.pop()
    if not out:
        return ()
    first, last = out[0], out[-1]
    lead = len(text[first.start : first.end]) - len(text[first.start : first.end].lstrip())
    out[0] = Piece(first.start + lead, first.end)
    last = out[-1]
    tail = len(text[last.start : last.end]) - len(text[last.start : last.end].rstrip())
    out[-1] = Piece(last.start, last.end - tail)
    return tuple(out)


#: so many lines in a row, parted alike by bars without a frame, are a table
_PIPED_ROWS = 3
_BAR = re.compile(r"(?<=\S) \| (?=\S)")


def _piped(lines: list[Line], at: int) -> int:
    """Where the lines from ``at`` on end that are parted by the same number of bars."""
    bars = len(_BAR.findall(lines[at].text))
    end = at
    while bars and end < len(lines) and len(_BAR.findall(lines[end].text)) == bars:
        end += 1
    return end


#: what heads a table of effects whose cells are parted by tabs
_TABLE_HEAD = re.compile(
    r"(?i)\t\s*(?:what (?:can|should|to|you)\b|advice|action|frequency|how (?:often|common)"
    r"|(?:side.?effects?|symptoms?)\s*$)"
)


def _tabbed(lines: list[Line], at: int) -> int:
    """Where the table with tabs between its cells ends whose head the line at ``at`` is; ``at`` if there is none."""
    if _TABLE_HEAD.search(lines[at].text) is None:
        return at
    end = at
    while end < len(lines) and "\t" in lines[end].text.strip():
        end += 1
    return end if end > at + 1 else at


def _table(text: str, lines: list[Line], *, markdown: bool, headed: bool = False, mark: str = "|") -> Iterator[Raw]:
    """The cells of a table; its first row gives the column heads where a rule follows it, or ``headed`` says so.

    A later row whose cells but the first are those heads again opens a new part of the table.
    """
    rows: list[list[tuple[Piece, ...]]] = []
    for line in lines:
        if _TABLE_RULE.match(line.text):
            headed = headed or len(rows) == 1
            continue
        cells: list[tuple[Piece, ...]] = []
        at = line.start
        while at <= line.end:
            stop = text.find(mark, at, line.end)
            stop = line.end if stop < 0 else stop
            cells.append(_visible(text, at, stop) if markdown else _trimmed(text, at, stop))
            at = stop + 1
            while mark == "\t" and text[at : at + 1] == mark and at < line.end:
                at += 1
        if line.text.lstrip().startswith("|"):
            cells = cells[1:]
        if line.text.rstrip().endswith("|"):
            cells = cells[:-1]
        rows.append(cells)
    if not rows:
        return
    heads = [" ".join(text[p.start : p.end] for p in cell) for cell in rows[0]] if headed else []
    for row in rows[1:] if headed else rows:
        shown = [" ".join(text[p.start : p.end] for p in cell) for cell in row]
        if headed and len(shown) > 1 and shown[1:] == heads[1:]:
            heads = shown
            continue
        row_head = " ".join(text[p.start : p.end] for p in row[0]) if row and row[0] else None
        for column, cell in enumerate(row):
            yield Raw(
                "cell",
                cell,
                row_head=row_head if column else None,
                column_head=heads[column] if column < len(heads) else None,
            )
