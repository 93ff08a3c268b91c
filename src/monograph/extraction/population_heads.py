"""Of which population a sentence tells that names none: by its own words, the sentence before it, its subhead, its heading."""

from __future__ import annotations

from monograph.extraction.populations import mentions
from monograph.extraction.reading import Reading, Sentence, lower
from monograph.facts import AgeGroup
from monograph.screening import screened

__all__ = ["carried_groups", "group_above"]

#: what is told of an unborn child or of an infant at the breast without their being named
_UNBORN = screened(
    r"\b(?:birth defects?|malformations?|miscarriages?|cleft (?:lip|palate)|early birth|preterm|womb|congenital)\b"
)
_MILK = screened(r"\b(?:milk|breast|breasts)\b")
_LONGEST_HEAD = 80
_LONGEST_LINE = 50


def carried_groups(reading: Reading, sentence: Sentence) -> tuple[AgeGroup, ...]:
    """The groups that a sentence without a population is about; none where its heads name none."""
    low = sentence.low
    if _UNBORN.search(low):
        return (AgeGroup("pregnancy"),)
    if _MILK.search(low):
        return (AgeGroup("breastfeeding"),)
    for earlier in reversed([s for s in reading.sentences[sentence.block] if s.start < sentence.start]):
        if groups := _groups(earlier.low):
            return groups
    head = _head(reading, sentence.block)
    return _groups(head)[:1] if head else ()


def group_above(reading: Reading, sentence: Sentence) -> tuple[AgeGroup, ...]:
    """The group that the line right above names and nothing else, as the cells of a flattened table do."""
    block = sentence.block
    if sentence.start or block == 0 or reading.document.blocks[block].kind not in {"paragraph", "cell"}:
        return ()
    if reading.document.blocks[block - 1].kind == "item":
        return ()
    text = lower(reading.document.views[block - 1].text).strip(" :*.")
    if not text or len(text) > _LONGEST_LINE:
        return ()
    found = mentions(text)
    named = sum(m.end - m.start for m in found)
    return tuple(m.group for m in found)[:1] if named >= 0.6 * len(text) else ()


def _groups(low: str) -> tuple[AgeGroup, ...]:
    """The groups that a text names; of a pregnant reader's baby nothing is said apart."""
    found = tuple(dict.fromkeys(m.group for m in mentions(low)))
    return tuple(g for g in found if g.name not in {"infants", "women", "men"}) or found


def _head(reading: Reading, block: int) -> str:
    """The nearest head of a block that names a population: run in, a line of its own above it, or a heading."""
    document = reading.document
    if (head := reading.run_in_heads.get(block)) and mentions(lower(head)):
        return lower(head)
    section = document.blocks[block].section
    for index in range(block - 1, max(-1, block - 6), -1):
        above = document.blocks[index]
        if above.section != section or above.kind == "heading":
            break
        text = document.views[index].text.strip()
        if len(text) <= _LONGEST_HEAD and not text.endswith(".") and mentions(lower(text)):
            return lower(text)
    while section is not None:
        heading = lower(document.sections[section].heading)
        if mentions(heading):
            return heading
        section = document.sections[section].parent
    return ""
