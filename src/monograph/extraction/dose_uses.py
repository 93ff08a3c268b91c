"""What a dose is for where another sentence says so: "To prevent clots after an operation", and below it the dose.

Leaflets put each use on a line of its own, or under a heading, and the doses of that use below it up to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.dose_clauses import dose_clauses
from monograph.extraction.making import Maker
from monograph.extraction.reading import Sentence, lower

__all__ = ["use_above"]

#: a line that is a use and nothing else
_USE = re.compile(
    r"(?:(?:to (?:help )?(?:treat|prevent|relieve|manage|control)|(?:for )?(?:the )?(?:treatment|prevention|management|relief|prophylaxis) of|"
    r"for (?:treating|preventing|relieving)|(?:treating|preventing|relieving)) )(?P<what>[a-z][^.;:]{3,200})[.:]?\s*$"
)
#: what makes it a sentence with more to say
_SAYS_MORE = re.compile(
    r",\s(?:take|the|you|it|your|use|give|adults|children|\x01)|\b(?:you|should|must|is|are|may|can|take|takes|usual|dose|doses|\d+ ?m?g)\b"
)
#: so many blocks up, and no more, a use may stand
_NEAR = 12
_LONGEST = 240


def use_above(maker: Maker, sentence: Sentence) -> str | None:
    """The line that says what the doses below it are for, in lower case; None where none stands above a sentence."""
    for text in _above(maker, sentence):
        if (use := _USE.match(text)) is not None and not _SAYS_MORE.search(text) and not dose_clauses(text):
            return use.group().strip(" .:")
    return None


def _above(maker: Maker, sentence: Sentence) -> Iterator[str]:
    """The sentences above one in its section, the nearest first, and then the section's heading."""
    document = maker.reading.document
    own = document.blocks[sentence.block]
    for index in range(sentence.block, max(-1, sentence.block - _NEAR), -1):
        if document.blocks[index].section != own.section:
            break
        for other in reversed(maker.reading.sentences[index]):
            before = index < sentence.block or other.start < sentence.start
            if before and len(other.low) <= _LONGEST:
                yield other.low.strip()
    if own.section is not None:
        yield lower(document.sections[own.section].heading or "")
