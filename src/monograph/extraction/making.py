"""Facts from what the rules found: the drug, the place, the populations, the frequency and the severity filled in."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from monograph.extraction.assertion import Assertion, assess
from monograph.extraction.frequencies import figures, frequency_in, frequency_place
from monograph.extraction.populations import affected, populations_of
from monograph.extraction.reading import Reading, Sentence
from monograph.extraction.rules import SUBJECT
from monograph.extraction.tracing import Trace
from monograph.extraction.wording import drug_class_names
from monograph.facts import AgeGroup, Fact, Frequency, Kind
from monograph.screening import screened

__all__ = ["Maker", "frequency_in", "frequency_place", "severity_in"]

#: a longer sentence is quoted only from the rule's first word to the phrase's last
LONGEST_QUOTE = 320
#: a class that a sentence opens with, and lets act
_CLASS_ACTS = re.compile(
    r"(?:the |other |some |many |all |most |these )?(?P<class>[a-z][a-z0-9 -]{2,40}?)(?: (?:that|which) [^,.;]{3,50}?)?,? (?:can|may|might|could|often|sometimes|cause|causes|lead|leads|make|makes|bring|brings)\b"
)


@cache
def _classes_of_drugs() -> frozenset[str]:
    return frozenset(name + ending for name in drug_class_names() for ending in ("", "s"))


_SEVERITIES = {
    "life-threatening": "life-threatening", "fatal": "life-threatening", "deadly": "life-threatening",
    "serious": "serious", "severe": "severe", "mild": "mild", "minor": "mild",
}  # fmt: skip
_GRAVE = rf"(?<!non-)(?<!non )(?<!not )(?<!less )(?<!less-)(?P<{{0}}>{'|'.join(_SEVERITIES)})\b"
_EFFECTS = r"(?:effects?|reactions?|events?|problems|symptoms|complications|toxicit(?:y|ies))\b"
#: what a severity is said of as a whole: "serious side effects", "reactions that can be fatal"; not "a severe headache"
_OF_ALL = screened(
    rf"\b{_GRAVE.format('before')}(?:,? (?:and|or|but|even|sometimes|possibly|potentially|rarely|in some cases|fatal|"
    r"severe|serious|life-threatening|mild|moderate|side|adverse|unwanted|undesirable|other|more|drug|clinical|medical|health|of the|these|following|of these))*"
    rf",? {_EFFECTS}|(?:^|\b(?:these|following|the|such|other|side|adverse|unwanted|undesirable) ){_EFFECTS}"
    r",? (?:(?:that|which|may|can|could|be|are|is|were|have been|has been|also|sometimes|usually|generally|mostly|potentially|very|more|and|or|serious|severe|mild) )+"
    rf"{_GRAVE.format('after')}|^{_GRAVE.format('head')}:"
)
#: the severity is said of some, or what follows is no longer what it is said of
_OF_SOME = re.compile(r"\b(?:most|many|some|few|no|other|less|any other)\s(?:of the )?(?:\w+ )?$")
_TURNED = re.compile(
    r"[;?]|\.\s|\b(?:but|however|while|whereas|common|frequent|most|other (?:side|adverse|unwanted))\b"
)


@lru_cache(maxsize=1024)
def severity_in(low: str, start: int | None = None) -> str | None:
    """The severity that introduces a list ("serious side effects include"), or what stands at ``start`` of a sentence.

    An adjective at one name ("severe headache") is that name's own and says nothing of those beside it.
    """
    told: str | None = None
    stop = len(low) if start is None else start
    for m in _OF_ALL.finditer(low, 0, stop):
        if m.group("after") and _OF_SOME.search(low, 0, m.start()):
            continue
        words = _GRAVE_WORD.findall(m.group())
        said = min((_RANK.index(_SEVERITIES[w]) for w in words), default=None)
        told = None if said is None or _TURNED.search(low, m.end(), stop) else _RANK[said]
    return told


_GRAVE_WORD = re.compile(rf"\b(?:{'|'.join(_SEVERITIES)})\b")
_RANK = ("life-threatening", "serious", "severe", "mild")


_EFFECT_KINDS = frozenset({"adverse-effect", "allergic-symptom", "overdose-symptom", "withdrawal-symptom"})
#: kinds of facts that a label of frequency may stand over
_BANDED = frozenset({"adverse-effect", "allergic-symptom"})


def _own_band(low: str, value: str) -> Frequency | None:
    """What stands right after a name of how often it occurs: "diabetes (common), nausea (3 to 18%), rash 2%"."""
    at = low.find(value.lower())
    if at < 0 or (beside := _BESIDE.match(low, at + len(value))) is None:
        return None
    if (figure := beside.group("figure")) is not None:
        return figures(figure)
    compared = _OTHER_ARM.split(beside.group("bracket"))[0]
    return frequency_in(compared) or (figures(compared) if _ONLY_FIGURES.match(compared) else None)


_FIGURES = screened(r"[(%]")
_BESIDE = re.compile(r"(?: \([^()]{1,50}\))? \((?P<bracket>[^()]{2,60})\)|[,:]?\s(?P<figure>[<>≥≤]?\s?\d[\d.]*\s?%)")
_OTHER_ARM = re.compile(r"\b(?:vs|versus|placebo|compared|control|and placebo)\b")
_ONLY_FIGURES = re.compile(r"(?:up to|less than|more than|about|approximately|at least|in|around|[<>≥≤~])?\s?\d")


#: "sleepy, or rarely cause a fit": how often is said of what follows alone
_THEN_RARER = re.compile(
    r"(?:,|\bor|\band) (?:or,? |and,? )?(?:(?:more |very )?(?:rarely|occasionally|uncommonly|less (?:commonly|often))|"
    r"in (?:very )?rare cases|on rare occasions),? "
)


def _standing(sentence: Sentence, value: str, told: Frequency | None) -> Frequency | None:
    """How often a sentence tells of ``value``, or the label that it stands under; ``told`` is what its rule read."""
    if told is not None and told == frequency_in(sentence.low):
        at = sentence.low.find(value[:4].lower())
        if (rarer := _THEN_RARER.search(sentence.low)) and 0 <= at < rarer.start():
            told = None
        elif sentence.band and told.low is None and told.high is None:
            told = None  # "the most common are …", or one of many: the label's figures hold
    return frequency_in(sentence.band) if told is None and sentence.band else told


class Maker:
    """Makes the facts of one document."""

    def __init__(self, reading: Reading, trace: Trace | None = None) -> None:
        self.reading = reading
        #: kept for an explanation, else None
        self.trace = trace
        self.subject = reading.subject
        #: the classes that the document puts its drug in, lower case; filled before other facts are made
        self.classes: frozenset[str] = frozenset()

    def in_class(self, phrase: str) -> bool:
        """Whether ``phrase`` (as in "NSAIDs increase …") names a class that the document puts its drug in."""
        plain = phrase.strip().lower()
        return any(plain in {c, c + "s", c + "es"} for c in self.classes)

    def of_another_class(self, low: str, end: int) -> bool:
        """Whether a class that is not the drug's is what a sentence speaks of up to ``end``: "Triptans can …, and cause …"."""
        opening = _CLASS_ACTS.match(low)
        if opening is None or SUBJECT in low[:end] or not (self.classes or SUBJECT in low):
            return False
        name = opening.group("class").strip()
        return name in _classes_of_drugs() and not self.in_class(name.removesuffix("s")) and not self.in_class(name)

    def fact(
        self,
        kind: Kind,
        value: str,
        sentence: Sentence,
        rule: str,
        *,
        span: tuple[int, int] | None = None,
        assertion: Assertion | None = None,
        population: tuple[AgeGroup, ...] | None = None,
        **fields: Any,
    ) -> Fact:
        """A fact stated by ``sentence`` (or by its ``span``); ``fields`` are further fields of :class:`Fact`."""
        said = assertion or Assertion()
        if population is None:
            population = affected(sentence.low, value) if kind in _EFFECT_KINDS else populations_of(sentence.low)
        start, end = span or (0, len(sentence.text))
        if kind in _BANDED and _FIGURES.search(sentence.low) and (own := _own_band(sentence.low, value)) is not None:
            about = frequency_in(sentence.band) if sentence.band else fields.get("frequency")
            band = own.band or (about.band if about is not None else None)
            fields["frequency"] = replace(own, band=band)
        elif kind in _BANDED:
            fields["frequency"] = _standing(sentence, value, fields.get("frequency"))
        fact = Fact(
            kind=kind,
            drug=self.subject.name,
            subject_type=self.subject.type,
            value=value,
            polarity=said.polarity,
            certainty=said.certainty,
            population=population,
            evidence=(self.reading.evidence(sentence, start, end),),
            document=self.reading.document.identifier,
            rule=rule,
            **{k: v for k, v in fields.items() if v is not None},
        )
        if self.trace is not None:
            self.trace.make(sentence, fact)
        return fact

    def passed(self, sentence: Sentence, rule: str, what: str, why: str) -> None:
        """Notes, where an explanation is asked for, that ``rule`` read ``what`` and why no fact came of it."""
        if self.trace is not None:
            self.trace.passing(sentence, rule, what, why)

    @staticmethod
    def quote_span(sentence: Sentence, start: int, end: int) -> tuple[int, int] | None:
        """None for the whole sentence where it is short enough to quote, else the stretch around the statement."""
        if len(sentence.text) <= LONGEST_QUOTE:
            return None
        return start, min(end, start + 500, len(sentence.text))

    def assess(
        self,
        sentence: Sentence,
        start: int,
        end: int,
        *,
        passing: frozenset[str] = frozenset(),
        kind: Kind | None = None,
    ) -> Assertion:
        said = assess(sentence.low, start, end, passing=passing, kind=kind)
        if self.trace is not None:
            self.trace.assess(sentence, start, end, said)
        return said
