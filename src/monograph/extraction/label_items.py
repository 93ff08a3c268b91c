"""Standard items of non-prescription labels, whose panels lose the marks between them: where the next one begins.

"… or black stools heartburn with lightheadedness, sweating or dizziness chest pain" is a row of conditions that such
labels word alike (``rules/label_items.tsv``). Known items part the row where no separator does, whatever stands inside.
"""

from __future__ import annotations

import re
from functools import cache

from monograph.extraction.rules import expanded, table
from monograph.screening import screened

__all__ = ["item_beginnings", "known_items", "said_between", "tells_of_items"]

#: what opens a panel of such a label
_PANEL = screened(
    r"\b(?:ask (?:a |your )?doctor (?:or pharmacist )?before use|stop use and ask|do not use if you|signs of stomach bleeding|(?:chance|risk) is (?:higher|greater) if you)\b"
)
#: words behind which what follows still belongs to the item: conjunctions, prepositions, articles, verbs
_GOES_ON = re.compile(
    r"(?:,|\b(?:and|or|of|in|on|with|to|by|from|for|as|than|the|an?|any|your|have|has|had|ever|are|is|was|get|if|when|not|no|like|severe|"
    r"mild|frequent|unexplained|persistent|chronic|new|sudden|other|certain|this|that|experience|feel|taking|take|cause[sd]?|may|can))\s*$"
)
_ROW_OF_COMPANIONS = re.compile(r"[^,;()]{3,60}? with [^,;()]{3,60}(?=[,;] )")
#: no word that an item goes on behind is longer
_WORD = 14
#: how items that are clauses begin
_CLAUSES = ("you ", "if ", "you'", "take ", "taking ", "have ", "are ")
#: what a medicine is for goes on to the next clause: "a prescription drug for gout diabetes arthritis"
_TAKEN_FOR = re.compile(r"\b(?:drugs?|medicines?|medications?|taking) (?:[a-z\x02]+ )?for \S")
#: fewer known items part no row
_FEWEST = 2


@cache
def item_beginnings() -> re.Pattern[str]:
    """How items begin (``rules/label_items.tsv``), behind a word, a bracket or a full stop."""
    return re.compile(
        r"(?<=[\w)\].;\x01\x02])\s+(?=(?:" + "|".join(expanded(row["at"]) for row in table("label_items")) + r")\b)"
    )


#: what a label says between two items, as a sentence of its own
_SAID_BETWEEN = re.compile(
    r"\.\s(?:(?:this|these) (?:may|could|can) be (?:a )?signs? of (?:a |an )?(?:more )?serious (?:condition|illness)|seek medical help(?: right away)?"
    r"|see your doctor)\.(?=\s)",
    re.IGNORECASE,
)


def said_between(text: str) -> list[tuple[int, int]]:
    """Sentences that stand between two items, where the next goes on in a small letter: they end no row."""
    return [m.span() for m in _SAID_BETWEEN.finditer(text) if text[m.end() + 1 : m.end() + 2].islower()]


def tells_of_items(low: str) -> bool:
    """Whether a sentence opens a panel of a non-prescription label."""
    return _PANEL.search(low) is not None


def known_items(low: str, start: int, end: int) -> list[tuple[int, int]]:
    """The items of ``low[start:end]`` that standard beginnings part; an empty list where too few are known.

    What an item "with" a row of companions has beside it ("with lightheadedness, sweating or dizziness") is none of its
    own, so the item ends after the first.
    """
    if not tells_of_items(low):
        return []
    cuts = [start]
    for m in item_beginnings().finditer(low, start, end):
        clause = low.startswith(_CLAUSES, m.end())
        goes_on = _GOES_ON.search(low[max(start, m.start() - _WORD) : m.start()]) is not None
        addressed = low.endswith("you", start, m.start()) and not low.startswith("you", m.end())
        purpose = not clause and _TAKEN_FOR.search(low, cuts[-1], m.start()) is not None
        if m.start() > start and not (goes_on or addressed or purpose):
            cuts.append(m.end())
    clauses = sum(low.startswith(("you ", "if you "), at) for at in cuts[1:])
    if len(cuts) <= _FEWEST and not clauses:
        return []
    out = []
    for begin, stop in zip(cuts, [*cuts[1:], end], strict=True):
        company = _ROW_OF_COMPANIONS.match(low, begin, stop)
        out.append((begin, company.end() if company else stop))
    return [(a, b) for a, b in out if low[a:b].strip(" .;,")]
