"""The sections of labels by their LOINC codes (``label_sections.tsv``), for all loaders of labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["UNCLASSIFIED", "LabelSection", "by_code", "by_field", "label_title"]

#: the standing sentences that US labels since 2006 open with
_HIGHLIGHTS = re.compile(
    r"^these highlights do not include .*|^see full prescribing .*|^initial u\.?s\.? approval.*|^revised:.*|^rx only$",
    re.I,
)
#: the code of a section that has none of its own
UNCLASSIFIED = "42229-5"


@dataclass(frozen=True, slots=True)
class LabelSection:
    """A kind of section: LOINC code, field of openFDA's records ('' where it has none), heading.

    ``boilerplate`` says why such a section states nothing about the drug in people, or is None.
    """

    code: str
    field: str
    heading: str
    boilerplate: str | None


@cache
def _sections() -> tuple[LabelSection, ...]:
    text = files("monograph.loaders").joinpath("label_sections.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith(("#", "code\t"))]
    return tuple(LabelSection(code, field, heading, reason or None) for code, field, heading, reason in rows)


@cache
def by_code() -> dict[str, LabelSection]:
    """LOINC code -> the section."""
    return {section.code: section for section in _sections()}


@cache
def by_field() -> dict[str, LabelSection]:
    """Field of openFDA's label records -> the section, in the order of a label."""
    return {section.field: section for section in _sections() if section.field}


def label_title(text: str) -> str | None:
    """The title of a label, given with a line end for each break, without its standing sentences; None for none."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return " ".join(line for line in lines if line and not _HIGHLIGHTS.match(line)) or None
