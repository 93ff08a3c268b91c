"""What the cells of a table state: effects under a frequency, in a section on effects."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from monograph.document import Block
from monograph.extraction.concepts import split
from monograph.extraction.context import Context
from monograph.extraction.making import Maker, frequency_in, severity_in
from monograph.extraction.populations import populations_of
from monograph.extraction.reading import Sentence, lower, mask
from monograph.extraction.spotting import names_a_state, names_only_parts
from monograph.extraction.wording import clinical
from monograph.facts import Fact, Frequency, Kind

__all__ = ["cell_facts", "incidence", "phrase_facts"]

_KINDS: dict[str, Kind] = {
    "adverse-effect": "adverse-effect",
    "overdose": "overdose-symptom",
    "withdrawal": "withdrawal-symptom",
    "allergy": "allergic-symptom",
}
#: heads over cells that name effects, and heads over figures of a comparison arm, which are not the drug's
_EFFECT_HEAD = re.compile(r"\b(?:effects?|reactions?|symptoms?|events?|problems?|signs?)\b")
_OTHER_ARM = re.compile(r"\b(?:placebo|dummy|control|comparator|sugar pill)\b")
_EMPTY = re.compile(r"^(?:none|n/?a|not (?:known|reported|applicable)|[-–—.\d\s%<>≥≤/()]*)$")


def cell_facts(maker: Maker, index: int, sentences: tuple[Sentence, ...], context: Context) -> Iterator[Fact]:
    """The effects that the table cell with this block index names, with the frequency of its row or column."""
    section = context.section.name if context.section else ""
    kind = _KINDS.get(section)
    if kind is None or not sentences:
        return
    blocks = maker.reading.document.blocks
    cell = blocks[index]
    column, row = lower(cell.column_head or ""), lower(cell.row_head or "")
    if _OTHER_ARM.search(column) or _EMPTY.match(sentences[0].low.strip()):
        return
    frequency = frequency_in(column) or frequency_in(row)
    first_column = cell.row_head is None
    told = _EFFECT_HEAD.search(column) or frequency_in(column) is not None or _has_figures(maker, index)
    if first_column and not told:
        return
    if not first_column and frequency_in(column) is None and frequency_in(row) is None:
        return
    if first_column:
        frequency = _of_row(maker, index) or frequency_in(column)
    for sentence in sentences:
        if frequency_in(sentence.low) is not None and not clinical(sentence.low):
            continue
        for concept in split(sentence.low, 0, len(sentence.low), sentence.text):
            if not clinical(concept.name) and (len(concept.name.split()) > 4 or names_only_parts(concept.name)):
                continue
            yield maker.fact(
                kind,
                concept.name,
                sentence,
                "tables:cell",
                span=(concept.start, concept.end),
                assertion=maker.assess(sentence, concept.start, concept.end, kind=kind),
                frequency=frequency,
                severity=concept.severity or severity_in(column),
                population=populations_of(column),
                condition=concept.condition,
            )


def _has_figures(maker: Maker, index: int) -> bool:
    """Whether figures stand behind what a first cell names, as in a table of incidences."""
    document = maker.reading.document
    blocks, row = document.blocks, document.views[index].text
    cells = itertools.takewhile(
        lambda at: blocks[at].kind == "cell" and blocks[at].row_head == row,
        range(index + 1, min(index + 8, len(blocks))),
    )
    return any(_FIGURE.match(document.views[at].text.strip()) for at in cells)


#: "45 (17.2)", "8.3%", "<1"
_FIGURE = re.compile(
    r"^(?P<few><\s?)?(?P<n>\d+(?:\.\d+)?)\s?%?\s?[a-z*†‡§]{0,2}(?:\s?\((?P<share>\d+(?:\.\d+)?)\s?%?\))?$"
)
_ARM = re.compile(r"\bn ?= ?[\d,]+|\bmg\b|%|\x01")
_ANY_DOSE = re.compile(r"\b(?:any|all) doses?\b|\btotal\b|\boverall\b|\bcombined\b")


def incidence(maker: Maker, index: int) -> tuple[Frequency, int] | None:
    """How often the drug's columns say that what the cell heads occurred, and where in the text its row ends.

    Only in a table that has the column of a comparison arm too, under which the figures are not the drug's, and that
    says that its figures are shares.
    """
    document = maker.reading.document
    blocks, row = document.blocks, document.views[index].text
    if blocks[index].row_head is not None or not row:
        return None
    shares: list[tuple[str, float, bool]] = []
    compared = percent = False
    last = index
    cells = list(
        itertools.takewhile(
            lambda at: blocks[at].kind == "cell" and blocks[at].row_head == row,
            range(index + 1, min(index + 16, len(blocks))),
        )
    )
    heads = [blocks[at].column_head for at in cells]
    if cells and not any(heads):
        heads = _heads_of_first_row(maker, index, len(cells))
    for at, written in zip(cells, heads, strict=True):
        head, text = lower(mask(written or "", maker.subject)), document.views[at].text.strip()
        percent = percent or "%" in head or "%" in text
        last = at
        if _OTHER_ARM.search(head):
            compared = True
        elif _ARM.search(head) and (found := _FIGURE.match(text)):
            shares.append((head, float(found.group("share") or found.group("n")), bool(found.group("few"))))
    if not compared or not shares or not (percent or _tells_of_shares(maker, index)):
        return None
    whole = [one for one in shares if _ANY_DOSE.search(one[0])] or shares
    low, high = min(s for _, s, _ in whole), max(s for _, s, _ in whole)
    if high > 100:
        return None  # counts of patients
    return Frequency(None, None if any(few for *_, few in whole) else round(low / 100, 6), round(high / 100, 6)), (
        document.views[last].span(0, len(document.views[last].text))[1]
    )


def _heads_of_first_row(maker: Maker, index: int, columns: int) -> list[str | None]:
    """What the first rows of a table without marked heads say of each column, where their first cell is empty."""
    blocks, views = maker.reading.document.blocks, maker.reading.document.views
    start = index
    while start > max(0, index - 400) and blocks[start - 1].kind == "cell":
        start -= 1
    first = list(
        itertools.takewhile(lambda at: blocks[at].kind == "cell" and blocks[at].row_head == "", range(start, index))
    )
    if not first or len(first) % columns:
        return [None] * columns
    return [" ".join(views[at].text for at in first[column::columns]) for column in range(columns)]


def _tells_of_shares(maker: Maker, index: int) -> bool:
    """Whether what stands right above the cell's table says that its figures are shares."""
    blocks = maker.reading.document.blocks
    above = next((at for at in range(index, max(-1, index - 400), -1) if blocks[at].kind != "cell"), None)
    return above is not None and _SHARES.search(maker.reading.document.views[above].text) is not None


_SHARES = re.compile(r"(?i)%|\bper ?cent|\bproportions? of\b")


def phrase_facts(maker: Maker, index: int, sentences: tuple[Sentence, ...], context: Context) -> Iterator[Fact]:
    """The effects that a paragraph of a few words names: a table that a converter flattened to lines.

    The frequency is that of the last line of the section that names nothing but a frequency.
    """
    kind = _KINDS.get(context.section.name if context.section else "")
    if kind is None or len(sentences) != 1 or not _is_phrase(sentences[0]):
        return
    sentence = sentences[0]
    if frequency_in(sentence.low) is not None or not clinical(sentence.low):
        return
    column, frequency = _column(maker, index)
    if column == 0:
        return  # what heads a row ("Heart") is a part of the body
    for concept in split(sentence.low, 0, len(sentence.low), sentence.text):
        if not names_a_state(concept.name):
            continue
        said = maker.assess(sentence, concept.start, concept.end, kind=kind)
        yield maker.fact(
            kind, concept.name, sentence, "tables:phrase", assertion=said, frequency=frequency,
            severity=concept.severity, condition=concept.condition,
        )  # fmt: skip


def _column(maker: Maker, index: int) -> tuple[int | None, Frequency | None]:
    """The column of a flattened cell and the frequency that heads it.

    A row of several frequencies heads a table's columns, so that cells are counted from it; a single one heads the
    lines up to the next. Columns count from 0, the row's head; None where there are no columns.
    """
    blocks, sentences = maker.reading.document.blocks, maker.reading.sentences
    lines: list[tuple[Sentence, Frequency | None]] = []  # from the block back to where the section begins
    for at in range(index - 1, max(-1, index - 90), -1):
        if blocks[at].section != blocks[index].section or len(sentences[at]) != 1 or not _is_phrase(sentences[at][0]):
            break
        line = sentences[at][0]
        lines.append((line, frequency_in(line.low) if not clinical(line.low) else None))
    below = next((k for k, (_, found) in enumerate(lines) if found is not None), None)
    if below is None:
        return None, None
    heads = list(itertools.takewhile(lambda found: found is not None, (found for _, found in lines[below:])))
    if len(heads) == 1:
        return None, heads[0]
    heads.reverse()
    above = below + len(heads)
    corner = above < len(lines) and len(lines[above][0].text.split()) <= 4
    column = below % (len(heads) + corner)
    if not corner:
        return column + 1, heads[column]
    return column, heads[column - 1] if column else None


def _is_phrase(sentence: Sentence) -> bool:
    """A few words without a verb or a full stop."""
    text = sentence.text
    return len(text.split()) <= 14 and not text.endswith((".", ":", "?", "!")) and _VERB.search(sentence.low) is None


_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|can|may|might|should|must|take|tell|call|stop|do|you|if|when|use)\b|\x01"
)


def _of_row(maker: Maker, index: int) -> Frequency | None:
    """The frequency that the other cells of a first cell's row give."""
    blocks: tuple[Block, ...] = maker.reading.document.blocks
    head = maker.reading.document.views[index].text
    for at in range(index + 1, min(index + 8, len(blocks))):
        if blocks[at].kind != "cell" or blocks[at].row_head != head:
            return None
        if _OTHER_ARM.search(lower(blocks[at].column_head or "")):
            continue
        if (found := frequency_in(lower(maker.reading.document.views[at].text))) is not None:
            return found
    return None
