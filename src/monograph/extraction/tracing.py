"""What extraction did with each sentence and why, kept only where an explanation is asked for.

A trace is given to :func:`monograph.extraction.extract`; without one nothing is kept and nothing is slower.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monograph.extraction.assertion import Assertion
from monograph.facts import Fact

if TYPE_CHECKING:  # the trace stands below both, and only names them
    from monograph.extraction.context import Context
    from monograph.extraction.reading import Sentence

__all__ = ["Assessed", "Passed", "Trace"]

#: the block that a sentence stands in, and where it begins there
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Assessed:
    """A mention about which the sentence says more than that it is so."""

    mention: str
    assertion: Assertion


@dataclass(frozen=True, slots=True)
class Passed:
    """What a rule read and no fact was made of; ``what`` is the words, or empty for the whole sentence."""

    rule: str
    what: str
    why: str


@dataclass
class Trace:
    """The steps of one extraction, by place."""

    made: dict[Place, list[Fact]] = field(default_factory=dict)
    assessed: dict[Place, list[Assessed]] = field(default_factory=dict)
    passed: dict[Place, list[Passed]] = field(default_factory=dict)
    contexts: dict[int, Context] = field(default_factory=dict)
    sentences: list[Sentence] = field(default_factory=list)

    @staticmethod
    def place(sentence: Sentence) -> Place:
        return sentence.block, sentence.start

    def make(self, sentence: Sentence, fact: Fact) -> None:
        self.made.setdefault(self.place(sentence), []).append(fact)

    def assess(self, sentence: Sentence, start: int, end: int, said: Assertion) -> None:
        step = Assessed(sentence.text[start:end], said)
        steps = self.assessed.setdefault(self.place(sentence), [])
        if said != Assertion() and step not in steps:
            steps.append(step)

    def passing(self, sentence: Sentence, rule: str, what: str, why: str) -> None:
        step = Passed(rule, what, why)
        steps = self.passed.setdefault(self.place(sentence), [])
        if step not in steps:
            steps.append(step)
