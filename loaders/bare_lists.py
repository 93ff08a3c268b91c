"""Lists that lost their marks: short lines after a paragraph that ends in a colon are its items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from monograph.document import Piece
from monograph.loaders.raw import Raw

__all__ = ["is_bare_item", "is_label", "with_lists"]

#: how a line begins that goes on with "… if you:"
_GOES_ON = re.compile(
    r"(?:are|is|was|were|have|had|has|take|taking|took|suffer\w*|get|feel|drink|smoke|plan\w*|develop\w*|experience|notice|could|"
    r"may|might|need|use|using|want|work|cannot|can|do|live|ever|if|or|and|you|your|any|a|an|history|allerg\w+)\b",
    re.IGNORECASE,
)
#: what such a lead-in ends with
_LEAVES_OPEN = re.compile(r"\b(?:you|if|when|who|have|are|that|patient|people|your (?:child|baby)):$")
_FINITE = re.compile(r"\s(?:is|are|was|were|has|have|can|may|might|could|should|must|will|does|do)\s")
_ASKS = re.compile(
    r"(?:what|how|why|when|where|who|which|can|should|is|are|do|does)\b.*\b(?:i|you|it|is|are|my|your)\b", re.IGNORECASE
)
#: at most so many words in an item that is a clause, and in one that is a name
_CLAUSE_WORDS, _NAME_WORDS = 30, 9


#: the end of a sentence, and no abbreviation's
_STOP = re.compile(r"(?<!\bSt)(?<!\bst)(?<!e\.g)(?<!i\.e)\.(?:\s|$)")


def is_bare_item(line: str) -> bool:
    """Whether a line without a mark is an item by its form: lower case, and no sentence."""
    stripped = line.strip()
    return len(stripped) <= 200 and not stripped.endswith((".", ":", "?", "!")) and stripped[:1].islower()


def items_set_as_headings(text: str, raws: Sequence[Raw]) -> list[Raw]:
    """``raws`` with headings of one level that follow each other and head nothing as what they are.

    Converters of leaflets set the items of a list so. In lower case, beside others in lower case, they are paragraphs;
    three or more in capitals are headings by their form only.
    """
    out: list[Raw] = []
    at = 0
    while at < len(raws):
        end = at
        while end < len(raws) and raws[end].kind == "heading" and _alike(raws[at], raws[end]):
            end += 1
        run = [_shown(text, raw).strip() for raw in raws[at:end]]
        low = sum(line[:1].islower() for line in run)
        low += sum(
            _shown(text, near).strip()[:1].islower() for near in (*raws[max(0, at - 1) : at], *raws[end : end + 1])
        )
        for raw, line in zip(raws[at:end], run, strict=True):
            if low > 1 and line[:1].islower():
                out.append(replace(raw, kind="paragraph", level=0))
            else:
                out.append(replace(raw, by_form=raw.by_form or len(run) >= _ROW))
        out += raws[at : at + 1] if end == at else []
        at = max(end, at + 1)
    return out


#: so many headings in a row, with nothing under them, are a list
_ROW = 3


def _alike(first: Raw, other: Raw) -> bool:
    return (first.level, first.code, first.boilerplate) == (other.level, other.code, other.boilerplate) == (
        first.level, None, None,
    )  # fmt: skip


def with_lists(text: str, raws: Sequence[Raw]) -> list[Raw]:
    """``raws`` with the lists that their marks do not show: items set as headings or without a mark, labels apart."""
    return labels_apart(text, bare_lists(text, labels_apart(text, items_set_as_headings(text, raws))))


def bare_lists(text: str, raws: Sequence[Raw]) -> list[Raw]:
    """``raws`` with the lines after a paragraph that ends in a colon as items, where they are no prose or headings."""
    out: list[Raw] = []
    at = 0
    opened = False
    goes_on = False  # the item before ended in a semicolon or a comma, so that one more follows
    while at < len(raws):
        raw = raws[at]
        shown = _shown(text, raw)
        listed = opened or goes_on or (out != [] and out[-1].kind == "item" and is_bare_item(_shown(text, out[-1])))
        last = listed and shown[:1].islower() and _STOP.search(shown.rstrip(". ")) is None and len(shown) <= _LINE
        if raw.kind == "paragraph" and opened and not raw.joined and (is_bare_item(shown) or last):
            goes_on = re.search(r"[;,](?: or| and)?$", shown.rstrip()) is not None
            out.append(Raw("item", raw.pieces, 1))
            at += 1
            continue
        goes_on = False
        labelled = opened and is_label(_shown(text, out[-1]))
        if opened and (count := _run(text, raws, at, _shown(text, out[-1]))) >= (1 if labelled else 2):
            out += [replace(item, kind="item", level=1, by_form=False) for item in raws[at : at + count]]
            at += count
            continue
        out.append(raw)
        opened = raw.kind == "paragraph" and (
            shown.rstrip().endswith(":") or is_label(shown) or _POINTS_BELOW.search(shown) is not None
        )
        at += 1
    return out


#: what heads names, and is no item of the list above it
_NAMES = re.compile(r"(?i)(?:other |common |us |uk |canadian? )*(?:brand|trade|generic|other) names?\b")
_THINGS = "medicines|drugs|medications|substances|conditions|problems|effects|symptoms|products"
#: a paragraph that says what the lines under it are: "… with any of the following medicines is not recommended."
_POINTS_BELOW = re.compile(
    rf"\b(?:{_THINGS}|them)\b[^.:]{{0,30}}\b(?:below|following)\b|"
    rf"\b(?:any of (?:the|these) following|the following|one of these) (?:\w+ ){{0,2}}(?:{_THINGS})\b"
)
#: lines longer than this are prose, which a label may end
_LINE = 220
#: a label of frequency that heads the next group, and in converted leaflets ends the last item of the one before
_LABEL = (
    r"(?:(?:Very common|Common|Uncommon|Rare|Very rare|Not known|Frequency not known|Frequent|Infrequent|"
    r"Incidence not (?:known|determined)|(?:More|Less|Most) common|Unknown)"
    r"(?: (?:side )?effects)?|Side effects (?:with|of) (?:unknown frequency|frequency not known|not known frequency)):?"
    r"(?: \([^()]{4,110}\)| (?:these |the following |which )?(?:side effects )?(?:may|can) affect [^.:;()]{4,90}|"
    r" (?:the )?frequency cannot be estimated[^.:;()]{0,60})?(?: side effects)?"
    r"(?:[,:]? (?:[A-Z][\w -]{2,40}? )?(?:side effects )?(?:include|may include|may (?:also )?show))?\s?:?\s*$"
)
_NEXT_LABEL = re.compile(rf"(?<=[\w).;:,*]) (?={_LABEL})")
_LABEL_LINE = re.compile(_LABEL)


def is_label(line: str) -> bool:
    """Whether a line is nothing but a label of frequency: "Less common side effects"."""
    return _LABEL_LINE.match(line) is not None


#: what begins a line that the label above it is not about
_TURNS = re.compile(
    r"(?:Report|If|Tell|Talk|Contact|Call|Ask|Please|You|These|This|Those|Other|Additional|The|In|Side effects|"
    r"Children|Some|Most|Do not|Your|For|See|Stop|Seek|Like|When|During|How|After|Although|However|It|They|Any|All|No|"
    r"Very|Common|Uncommon|Rare|Not known|Unknown|Frequency|Incidence|More|Less)\b"
)
#: what ends before a label, in prose, where the label heads what follows
_SAID = re.compile(r"(?:[.:]|effects)$")


def labels_apart(text: str, raws: Sequence[Raw]) -> list[Raw]:
    """``raws`` with a label of frequency that ends an item as a paragraph of its own, where it heads what follows.

    Where items of one list end in a label each, the labels are their own.
    """
    ends = [_NEXT_LABEL.search(shown, max(0, len(shown) - _LINE)) for shown in (_shown(text, raw) for raw in raws)]
    ends = [m if m and (m.start() <= _LINE or _SAID.search(m.string, 0, m.start())) else None for m in ends]
    out: list[Raw] = []
    for at, (raw, end) in enumerate(zip(raws, ends, strict=True)):
        follows = at + 1 < len(raws) and (raws[at + 1].kind in {"paragraph", "item"} or raws[at + 1].by_form)
        listed = (raw.kind in {"item", "paragraph"} or raw.by_form) and len(raw.pieces) == 1
        if end is None or not listed or not follows or _own_labels(raws, ends, at):
            out.append(raw)
            continue
        start, stop = raw.pieces[0].start, raw.pieces[0].end
        out.append(replace(raw, pieces=(Piece(start, start + end.start()),)))
        out.append(Raw("paragraph", (Piece(start + end.end(), stop),)))
    return out


def _own_labels(raws: Sequence[Raw], ends: Sequence[object], at: int) -> bool:
    """Whether most of the blocks around ``at`` end in a label, which then is each block's own."""
    first, last = at, at + 1
    while first > max(0, at - 3) and raws[first - 1].kind == raws[at].kind:
        first -= 1
    while last < min(len(raws), at + 4) and raws[last].kind == raws[at].kind:
        last += 1
    near = ends[first:last]
    return len(near) > 2 and sum(end is not None for end in near) * 2 > len(near)


def _run(text: str, raws: Sequence[Raw], at: int, lead: str) -> int:
    """How many blocks from ``at`` on are items in capitals: clauses that go on with the lead-in, or names in a row."""
    leaves_open = _LEAVES_OPEN.search(lead) is not None
    points = not lead.rstrip().endswith(":") and _POINTS_BELOW.search(lead) is not None
    labelled = is_label(lead)
    end = at
    while end < len(raws):
        raw, shown = raws[end], _shown(text, raws[end]).strip()
        plain = (raw.kind == "paragraph" and not raw.joined) or raw.by_form
        words = len(shown.split())
        if not plain or raw.boilerplate or shown.endswith((":", "?")) or is_label(shown):
            break
        if labelled and len(shown) <= _LINE and not _TURNS.match(shown):
            end += 1  # "Nose bleed (epistaxis).", "Dry mouth. It goes away."
            continue
        if (dash := shown.find("—")) > 0:
            shown, words = shown[:dash], len(shown[:dash].split())  # "Liver disease—Use with caution."
        if (
            _NAMES.match(shown)
            or re.search(r"[.!?]\s+[A-Z]", shown)
            or (points and end > at and _heads_text(text, raws, end))
        ):
            break
        clause = leaves_open and words <= _CLAUSE_WORDS and _GOES_ON.match(shown)
        named = not shown.endswith((".", "!")) and words <= _NAME_WORDS and not _FINITE.search(f" {shown} ")
        if not (clause or named) or _ASKS.match(shown):
            break
        end += 1
    if (
        end > at + points
        and end < len(raws)
        and raws[end - 1].by_form
        and raws[end].kind in {"paragraph", "item", "cell"}
    ):
        end -= 1  # what stands right over text may be its heading
    return end - at


def _heads_text(text: str, raws: Sequence[Raw], at: int) -> bool:
    """Whether the block stands right over prose, as a heading does."""
    return at + 1 < len(raws) and raws[at + 1].kind == "paragraph" and len(_shown(text, raws[at + 1])) > _LINE // 4


def _shown(text: str, raw: Raw) -> str:
    return text[raw.pieces[0].start : raw.pieces[-1].end]
