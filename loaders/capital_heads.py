"""Headings in capitals that stand at the start of their paragraph: "SIDE EFFECTS: Nausea and dizziness may occur."

Pharmacy monographs are set so. A head of that form opens a section; what follows it on the line is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from monograph.document import Piece
from monograph.loaders.raw import Raw

__all__ = ["capital_heads"]

#: at the start of a block, or behind the end of a sentence: words in capitals and a colon
_HEAD = re.compile(
    r"(?:^|(?<=[.!?)]\s)|(?<=\n))\s*(?P<head>[A-Z][A-Z'’]+(?:[ /&,-]{1,3}[A-Z][A-Z'’()]*){0,6}(?:\(S\))?):\s+"
    r"(?=[A-Z\d(\"“])"
)
#: the same behind the number of a label's section: "4 CONTRAINDICATIONS Zentralin is contraindicated …"
_NUMBERED = re.compile(
    r"(?:^|(?<=[.!?)]\s))\s*(?P<head>\d{1,2}(?:\.\d{1,2})? [A-Z][A-Z'’]{3,}(?:[ /&,-]{1,3}[A-Z][A-Z'’]*){0,7})"
    r"\s+(?=[A-Z][a-z])"
)
#: a head whose line says no more than this is a label with its value ("DRUG CLASS: Beta blockers")
_VALUE_WORDS = 7
#: one such head alone may be a shout ("WARNING: …"); so many different ones are the publisher's way of setting them
_HABIT = 2
_LEVEL = 2


def capital_heads(text: str, raws: Sequence[Raw]) -> list[Raw]:
    """``raws`` with the capital heads of their paragraphs as headings, where the article sets its headings so."""
    found = [list(_heads(text, raw)) for raw in raws]
    if len({text[head.start : head.end] for heads in found for head, _ in heads if head}) < _HABIT:
        return list(raws)
    out: list[Raw] = []
    for raw, heads in zip(raws, found, strict=True):
        if not heads:
            out.append(raw)
            continue
        piece = raw.pieces[0]
        begins = [head.start if head else start for head, start in heads]
        if begins[0] > piece.start:
            out.append(
                replace(raw, pieces=(Piece(piece.start, piece.start + len(text[piece.start : begins[0]].rstrip())),))
            )
        for (head, start), end in zip(heads, [*begins[1:], piece.end], strict=True):
            if head is not None:
                out.append(Raw("heading", (head,), _LEVEL))
            out.append(Raw("paragraph", (Piece(start, start + len(text[start:end].rstrip())),)))
    return out


def _heads(text: str, raw: Raw) -> list[tuple[Piece | None, int]]:
    """Each head of a block, with where what it heads begins; None for a label, which goes with its value."""
    if raw.kind not in {"paragraph", "heading"} or len(raw.pieces) != 1 or raw.boilerplate or (
        raw.kind == "heading" and not raw.by_form
    ):  # fmt: skip
        return []
    piece = raw.pieces[0]
    shown = text[piece.start : piece.end]
    found = sorted((*_HEAD.finditer(shown), *_NUMBERED.finditer(shown)), key=lambda m: m.start())
    out: list[tuple[Piece | None, int]] = []
    for at, match in enumerate(found):
        said = shown[match.end() : found[at + 1].start() if at + 1 < len(found) else len(shown)]
        labels = len(said.split()) <= _VALUE_WORDS and not said.rstrip().endswith((".", ":"))
        if labels and match.start("head") > 0:
            out.append((None, piece.start + match.start("head")))  # a line of its own: "DRUG CLASS: Beta blockers"
        elif not labels:
            head = Piece(piece.start + match.start("head"), piece.start + match.end("head"))
            out.append((head, piece.start + match.end()))
    return out
