"""Statements whose form matches and whose sense does not: what a disease does, what the drug does on purpose."""

from __future__ import annotations

import re

from monograph.extraction.assertion import Assertion
from monograph.extraction.effects import EFFECTS
from monograph.extraction.reading import Sentence
from monograph.facts import Kind

__all__ = ["ON_PURPOSE", "unlikely"]

#: where a document tells what the drug is for
ON_PURPOSE = frozenset({"indication", "about", "mechanism"})
#: what a drug does, rather than what befalls who takes it: "lower the blood sugar", "blood vessels to expand"
_ITS_WORK = re.compile(
    r"^(?:thereby |thus |also )?(?:lower|reduce|improve|control|slow|stop|prevent|relieve|treat|help|ease|protect|restore|lowering|"
    r"leading|resulting)\b|\b(?:cells|vessels|output|muscles|body|clots?|levels?|glands?|airways?) to [a-z]+|\bof (?:the )?(?:cancer|tumou?r) cells\b|^(?:new |more |different types of )?(?:[a-z]+ )?blood cells$"
)


def unlikely(kind: Kind, name: str, sentence: Sentence, said: Assertion, section: str) -> bool:
    """Sentences whose form matches and whose sense does not: what a disease does, what the drug helps against."""
    if kind in EFFECTS and section in ON_PURPOSE and _ITS_WORK.search(name):
        return True
    if kind == "adverse-effect" and re.match(
        r"(?:serious |other |any )*(?:problems?|complications?|harm)(?:$| (?:in|for|during|with (?:it|this))\b)", name
    ):
        return said.polarity == "asserted"
    if kind in EFFECTS and ("overdos" in name or re.search(r"\b(?:infection|illness|disease) back$", name)):
        return True
    if kind == "indication":
        return name.startswith(("symptoms", "side effects")) and len(name.split()) == 1
    return False
