"""What a layout reader hands on: raw blocks in reading order, and how they become sections, lists and tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monograph.document import Block, BlockKind, Piece, Section, shown

__all__ = ["Raw", "assemble"]


@dataclass(frozen=True, slots=True)
class Raw:
    """A block as the layout shows it. ``level`` is a heading's (1 is the highest) or an item's depth (1 outermost).

    ``joined`` marks a paragraph that continues the list item before it, ``by_form`` a heading that bears no mark;
    ``code`` is what the source calls the section that a heading opens, such as a LOINC code.
    """

    kind: BlockKind
    pieces: tuple[Piece, ...]
    level: int = 0
    row_head: str | None = None
    column_head: str | None = None
    boilerplate: str | None = None
    joined: bool = False
    by_form: bool = False
    code: str | None = None


def assemble(text: str, raws: Iterable[Raw]) -> tuple[tuple[Section, ...], tuple[Block, ...]]:
    """Sections and blocks of ``raws``: what each heading spans, what introduces each item, what it is nested in.

    An item's lead-in is the paragraph or heading right before its list; a nested item's parent is the item around it.
    """
    sections: list[Section] = []
    open_sections: list[int] = []
    blocks: list[Block] = []
    lead_in: int | None = None
    items: list[int] = []

    def close(down_to: int, end: int) -> None:
        while open_sections and sections[open_sections[-1]].level >= down_to:
            index = open_sections.pop()
            old = sections[index]
            sections[index] = Section(old.heading, old.level, old.start, end, old.parent, old.code)

    for raw in raws:
        if not raw.pieces:
            continue
        start = raw.pieces[0].start
        parent = None
        if raw.kind == "heading":
            close(raw.level, start)
            parent_section = open_sections[-1] if open_sections else None
            sections.append(Section(shown(text, raw.pieces), raw.level, start, start, parent_section, raw.code))
            open_sections.append(len(sections) - 1)
            items.clear()
            lead_in = len(blocks)
        elif raw.kind == "item":
            while items and blocks[items[-1]].depth >= raw.level:
                items.pop()
            parent = items[-1] if items else None
            items.append(len(blocks))
        elif raw.joined and items:
            parent = items[-1]
        elif not raw.boilerplate:
            items.clear()
            lead_in = len(blocks)
        blocks.append(
            Block(
                raw.kind,
                raw.pieces,
                section=open_sections[-1] if open_sections else None,
                depth=raw.level if raw.kind == "item" else 0,
                lead_in=lead_in if raw.kind == "item" or parent is not None else None,
                parent=parent,
                row_head=raw.row_head,
                column_head=raw.column_head,
                boilerplate=raw.boilerplate,
            )
        )
    close(0, len(text))
    return tuple(sections), tuple(blocks)
