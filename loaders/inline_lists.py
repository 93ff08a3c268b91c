"""Lists run together on one line: bullets, single dashes or wide gaps between their items."""

from __future__ import annotations

import re

__all__ = ["parts"]

_INLINE_BULLET = re.compile(r"(?:(?<=\s)|^)(?:[•▪●◦·]|\s[-*–](?=\s))\s+(?=\S)")
#: dashes right before a capital, several of which in one paragraph are a list too ("-Nausea -Dry mouth")
_TIGHT_DASH = re.compile(r"(?:(?<=\s)|^)[-–*](?=[A-Z][a-z])")


def parts(text: str, begin: int, end: int, *, in_item: bool = False) -> list[tuple[int, int, bool]]:
    """A stretch with bullets run together, cut into its parts, each with whether it is an item.

    After an item, two spaces and a capital open prose again, which may introduce the next list.
    """
    stretch = text[begin:end]
    marks = [m for m in _INLINE_BULLET.finditer(stretch) if m.start() > 0]
    round_marks = [m for m in marks if m.group().strip()[0] in "•▪●◦·"]
    if len(round_marks) >= (1 if in_item else 2):
        marks = round_marks
    else:
        dashes = [m for m in marks if m.group().strip()[0] in "-*–" and stretch[max(0, m.start() - 1)].isspace()]
        tight = list(_TIGHT_DASH.finditer(stretch))
        marks = dashes if len(dashes) >= 2 else tight if len(tight) >= 3 else []
    if not marks:
        return _gaps(text, begin, end, in_item=in_item)
    cuts = [(begin, begin + marks[0].start(), in_item)]
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        start = begin + mark.end()
        stop = begin + following.start() if following else end
        if following and not in_item and (opened := _next_lead(text, start, stop)) is not None:
            cuts += [(start, opened, True), (opened, stop, False)]
            continue
        prose = None if in_item else re.compile(r"\s{2,}(?=[A-Z])|(?<=[.;])\s+(?=[A-Z])").search(text, start, stop)
        cuts.append((start, prose.start() if prose else stop, True))
        if prose:
            cuts.append((prose.end(), stop, False))
    return [cut for cut in cuts if text[cut[0] : cut[1]].strip()]


#: single dashes between the items of a list, and wide gaps that parted them before a converter took their marks
_SINGLE_DASH = re.compile(r"(?<=[\w).,;:])\s[-–]\s(?=\S)")
_GAP = re.compile(r"(?<=[\w).,;:])[ \t\u00a0]{2,}(?=\S)|(?<=:)\s*\n[ \t]+(?=\S)")
_PARTED = 2


def _gaps(text: str, begin: int, end: int, *, in_item: bool) -> list[tuple[int, int, bool]]:
    """A list without bullets of its own: its items stand between single dashes after a colon, or between wide gaps."""
    whole = [(begin, end, in_item)]
    stretch = text[begin:end]
    dashed = text[max(0, begin - 3) : begin].strip() in {"-", "–"} if in_item else re.search(r":\s[-–]\s", stretch)
    marks = list(_SINGLE_DASH.finditer(stretch)) if dashed else []
    if len(marks) < _PARTED:
        colon = -1 if in_item else stretch.find(":")
        marks = [m for m in _GAP.finditer(stretch) if m.start() > colon] if colon > 0 else []
        if len(marks) < _PARTED or stretch[colon + 1 : marks[0].start()].strip():
            return whole
    out = [(begin, begin + marks[0].start(), in_item)]
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        start, stop = begin + mark.end(), begin + following.start() if following else end
        said = _SAYS.search(text, start, stop)
        out.append((start, said.start() if said else stop, True))
        if said:
            out.append((said.end(), end, False))
            break
        if _WHOLE.match(text[start:stop]):
            out[-1] = (start, end, False)  # a sentence, which goes on with prose
            break
    return [cut for cut in out if text[cut[0] : cut[1]].strip()]


#: where prose goes on behind an item, and an item that is a sentence
_SAYS = re.compile(r"(?<=[a-z)]\.)\s+(?=[A-Z][a-z]+ [a-z])")
_WHOLE = re.compile(r"[A-Z][a-z]+ [a-z][^.]{20,}\.(?:\s|$)")


def _next_lead(text: str, start: int, stop: int) -> int | None:
    """Where, in an item that ends in a colon, the sentence begins that introduces the items after it."""
    if not text[start:stop].rstrip().endswith(":"):
        return None
    opened = [m.end() for m in re.finditer(r"(?<=[a-z0-9).])\s+(?=[A-Z][a-z]+ [a-z])", text[start:stop])]
    return start + opened[-1] if opened else None
