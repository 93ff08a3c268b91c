"""What is said of parts of the body: "your lips, mouth or tongue suddenly become swollen" names three swellings.

The states are ``rules/predicates.tsv``; a part is a word of ``heads.tsv`` or ``modifiers.tsv`` that names no state itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from monograph.extraction.rules import table
from monograph.extraction.wording import word_list
from monograph.screening import Screened, screened

__all__ = ["Said", "said_of_parts"]

_OWNER = r"\b(?:your|the|their|his|her|its) "
_PARTS = r"(?P<parts>[a-z]+(?:(?:,? (?:and|or)|,|/) ?(?:your |the )?[a-z]+| [a-z]+){0,7}?)"
_VERB = (
    r" (?:(?:may|might|can|could|will|suddenly|also|even|often|both|usually|(?:start|begin|seem|appear)s?(?: to)?|become|becomes|"
    r"get|gets|turn|turns|go|goes|are|is|be|feel|feels|look|looks|has|have|become|been|very|unusually|more|slightly) )+"
)
#: what makes parts of the body be in a state: "makes your ankles swell", "turns the skin yellow"
_MADE = r"\b(?:mak(?:e|es|ing)|made|turn(?:s|ed|ing)?|leav(?:e|es|ing)|left|caus(?:e|es|ed|ing)|lets?|sets?) (?:your|the|their|his|her) "
_INTO = r" (?:(?:to|be|become|feel|go|turn|look|very|more|so|unusually|slightly) )*"
_MODAL = r" (?:(?:may|might|can|could|will|suddenly|also|even|often|both|usually|start to|begin to) )*"


@dataclass(frozen=True, slots=True)
class Said:
    """A state by its name, and where the words that name it stand."""

    name: str
    start: int
    end: int


@cache
def _states(*, made: bool) -> tuple[tuple[Screened, str], ...]:
    between = {"adjective": _VERB, "verb": _MODAL}
    return tuple(
        (
            screened(
                rf"{_MADE if made else _OWNER}{_PARTS}{_INTO if made else between[row['type']]}(?:{row['state']})\b"
            ),
            row["name"],
        )
        for row in table("predicates")
    )


def said_of_parts(low: str, *, made: bool = False) -> list[Said]:
    """The states that ``low`` says parts of the body, or what is measured, are in; in their order.

    ``made`` adds those that something brings about: "it makes your ankles swell".
    """
    out: list[Said] = []
    for pattern, name in (*_states(made=False), *(_states(made=True) if made else ())):
        for match in pattern.finditer(low):
            begin, finish = match.span()
            out.extend(Said(name.replace("{what}", part), begin, finish) for part in _parts(match.group("parts")))
    return sorted(out, key=lambda said: said.start)


#: what stands between a part and its place: "the sugar in your blood", "the whites of your eyes"
_PLACED = re.compile(r" (?:in|of) (?:your |the )?(?:blood|body|eyes)$")
_OF_EYES = frozenset({"white", "whites"})


def _parts(phrase: str) -> Iterator[str]:
    known = word_list("modifiers", "body").union(*(word_list("heads", t) for t in ("faculty", "analyte", "organ")))
    parts = [_PLACED.sub("", re.sub(r"^(?:your|the) ", "", part)) for part in re.split(r",? (?:and|or) |, ?|/", phrase)]
    if all(part and known.issuperset(part.split()) for part in parts):
        yield from (f"{part} of the eyes" if part in _OF_EYES else part for part in parts)
