"""What a document announces and does not hold: lead-ins and headings with nothing under them, sections it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from monograph.extraction.context import Contexts
from monograph.extraction.reading import Reading
from monograph.facts import Fact, Gap, GapKind

__all__ = ["gaps"]

_OPENS_LIST = re.compile(r":\s*$")
#: what an account of a drug is expected to hold, and the kinds of fact that show that it does
_EXPECTED: tuple[tuple[str, frozenset[str]], ...] = (
    ("indications", frozenset({"indication"})),
    ("dosage", frozenset({"regimen"})),
    ("adverse effects", frozenset({"adverse-effect"})),
    ("contraindications and precautions", frozenset({"contraindication", "precaution"})),
    ("interactions", frozenset({"interaction"})),
    ("overdose", frozenset({"overdose-symptom"})),
    ("stopping and withdrawal", frozenset({"withdrawal-symptom"})),
    ("pregnancy and breastfeeding", frozenset({"population"})),
)


def gaps(reading: Reading, contexts: Contexts, facts: Iterable[Fact]) -> Iterator[Gap]:
    """The gaps of a document, in the order of the text, then what it lacks altogether."""
    document = reading.document
    identifier = document.identifier
    blocks = [(i, b) for i, b in enumerate(document.blocks) if not b.boilerplate]
    for (index, block), following in zip(blocks, [*blocks[1:], None], strict=True):
        after = following[1] if following else None
        sentences = reading.sentences[index]
        if not sentences:
            continue
        if block.kind == "heading":
            deeper = (
                after is not None
                and after.kind == "heading"
                and _level(reading, after.section) > _level(reading, block.section)
            )
            if after is None or (after.kind == "heading" and not deeper):
                kind: GapKind = "empty-list" if _OPENS_LIST.search(sentences[-1].text) else "empty-section"
                yield Gap(
                    kind,
                    sentences[-1].text,
                    identifier,
                    _heading(reading, block.section),
                    reading.evidence(sentences[-1]),
                )
        elif (
            block.kind == "paragraph"
            and _OPENS_LIST.search(sentences[-1].text)
            and (after is None or after.kind not in {"item", "cell"})
        ):
            yield Gap(
                "empty-list",
                sentences[-1].text,
                identifier,
                _heading(reading, block.section),
                reading.evidence(sentences[-1]),
            )
    stated = {fact.kind for fact in facts}
    for label, kinds in _EXPECTED:
        if not kinds & stated:
            yield Gap("absent-section", label, identifier)


def _level(reading: Reading, section: int | None) -> int:
    return reading.document.sections[section].level if section is not None else 0


def _heading(reading: Reading, section: int | None) -> str | None:
    return reading.document.sections[section].heading if section is not None else None
