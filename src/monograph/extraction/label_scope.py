"""What the sections of an official label may state, by their codes: a trial's doses are no regimen of the drug."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from monograph.document import Document
from monograph.extraction.rules import table
from monograph.facts import Fact

__all__ = ["LabelScope"]

#: what is told of animals is not told of those who take the drug
_ANIMALS = re.compile(
    r"\b(?:rats?|mice|mouse|rabbits?|dogs?|monkeys?|hamsters?|guinea pigs?|mini-?pigs?|rodents?|pups|litters?|dams|"
    r"animals?|embryos?|in vitro)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:patients?|humans?|people|wom[ae]n|men|adults?|children|infants?|neonates?)\b", re.IGNORECASE
)
_OF_ANIMALS_TOO = frozenset({"regimen", "adverse-effect", "overdose-symptom", "half-life", "onset", "duration"})


class LabelScope:
    """Which facts the sections of one document may state; in one without section codes, all."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._coded = any(section.code for section in document.sections)

    def admits(self, section: int | None, fact: Fact) -> bool:
        """Whether the section with this index, or the nearest with a rule around it, may state ``fact``."""
        if not self._coded:
            return True
        if fact.kind in _OF_ANIMALS_TOO and _ANIMALS.search(fact.quote) and not _PEOPLE.search(fact.quote):
            return False
        while section is not None:
            if (kinds := _states().get(self._document.sections[section].code or "")) is not None:
                return not kinds or fact.kind in kinds
            section = self._document.sections[section].parent
        return True


@cache
def _states() -> Mapping[str, frozenset[str]]:
    """LOINC code -> the kinds of facts that such a section may state (``rules/section_codes.tsv``); none for all."""
    return {row["code"]: frozenset(row["states"].split()) for row in table("section_codes")}
