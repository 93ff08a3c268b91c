"""What a document announces and does not hold: lead-ins and headings with nothing under them, sections it lacks.

What fills an announcement is judged by its form, since publishers lose list marks: lines without a full stop, a
comma-separated list, a list that an advert or a paragraph was put before. In doubt there is no gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from monograph.document import Block
from monograph.extraction.context import Contexts
from monograph.extraction.reading import Reading, Sentence
from monograph.extraction.rules import candidates, rules
from monograph.facts import Fact, Gap, GapKind

__all__ = ["gaps"]

#: boilerplate that stands between an announcement and its content, and is none
_BETWEEN = frozenset({"advert", "navigation"})
#: how many paragraphs may have come between a lead-in and its list
_PARAGRAPHS_BETWEEN = 3
#: headings right after one another without any text: a list of contents, or lines that are no headings
_CONTENTS = 4
#: words that let a lead-in open a list: without one, it is a label ("Lactic acidosis (rare):") and prose may follow
_OPENS = re.compile(
    r"\b(?:includ\w+|if|when|following|follows|such|as|these|are|is|was|were|be|have|has|had|get|gets|can|could|may|might|"
    r"will|should|you|you're|your|it|they|them|to|by|of|or|and|any|from|people|reported)\b(?! common\b)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:^|(?<=[a-z)] ))[A-Z][\w'’-]*(?: [\w'’/,-]+){0,5}(?: \([^()]*\))?:$")
#: prose right after a lead-in in the same paragraph
_GOES_ON = re.compile(
    r"\b(?:these|they|this|which|that)?\s*(?:may |can |might )?(?:include|includes|including|such as|(?:the )?following|if|"
    r"if you|if you're|if you are|if you get|if you have):\s+(?=(?:Tell|Talk|Speak|Ask|Do not|Don[’']t|Discuss|Check|Contact|"
    r"Call|This|If|Always|Before|Your doctor|Your pharmacist)\b)"
)
_ASKS = re.compile(r"(?:how|what|why|when|who|where)\b", re.IGNORECASE)
#: a number that a leaflet's main sections bear
_NUMBERED = re.compile(r"\d{1,2}[.)]?\s")
_STOPPED = re.compile(r"[.!?;][)\]\"'”’⁰¹²³⁴⁵⁶⁷⁸⁹]*(?:\[\d[\d, -]*\])*$")
_LABELLED = re.compile(r"[A-Z0-9][^.:;!?]{1,50}?(?:\s[–—-]|:)\s+\S")
_ENUMERATED = re.compile(r"(?P<first>[^,.;:]{2,45})(?:[,;] [^,.;:]{2,60})+(?:[.;]|$)")
#: how a sentence begins that is no item of a list
_TELLS = re.compile(
    r"(?:if|when|while|however|also|in|on|at|for|after|before|because|as|this|that|these|those|there|it|they|you|your|we|"
    r"tell|talk|speak|ask|call|contact|do|don't|always|never|keep|take|see|seek|stop|the)\b"
)


def gaps(reading: Reading, contexts: Contexts, facts: Iterable[Fact]) -> Iterator[Gap]:
    """The gaps of a document, in the order of the text, then what it lacks altogether."""
    return _Gaps(reading, contexts).all(facts)


class _Gaps:
    def __init__(self, reading: Reading, contexts: Contexts) -> None:
        self.reading = reading
        self.contexts = contexts
        self.document = reading.document
        self.blocks = [i for i, b in enumerate(self.document.blocks) if b.boilerplate not in _BETWEEN]

    def all(self, facts: Iterable[Fact]) -> Iterator[Gap]:
        for at, index in enumerate(self.blocks):
            sentences = self.reading.sentences[index]
            if not sentences:
                continue
            last = sentences[-1]
            for sentence in sentences:
                if ": " in sentence.text and (found := _GOES_ON.search(sentence.text)):
                    yield self._gap("empty-list", sentence, found.end())
            if last.text.endswith(":"):
                if self.document.blocks[index].kind != "cell" and not self._is_filled(at, last):
                    yield self._gap("empty-list", last)
            elif self.document.blocks[index].kind == "heading" and self._is_empty_section(at):
                yield self._gap("empty-section", last)
        yield from self._absent({fact.kind for fact in facts})

    def _gap(self, kind: GapKind, sentence: Sentence, end: int | None = None) -> Gap:
        evidence = self.reading.evidence(sentence, 0, len(sentence.text[:end].rstrip()))
        section = self.reading.block(sentence).section
        heading = self.document.sections[section].heading if section is not None else None
        return Gap(kind, sentence.text[:end].rstrip(), self.document.identifier, heading, evidence)

    def _block(self, at: int) -> Block | None:
        return self.document.blocks[self.blocks[at]] if at < len(self.blocks) else None

    def _shown(self, at: int) -> str:
        return self.document.views[self.blocks[at]].text

    def _is_filled(self, at: int, lead: Sentence) -> bool:
        """Whether what ``lead``, at the end of the block ``at``, announces does follow."""
        here, after = self._block(at), self._block(at + 1)
        assert here is not None
        if after is None:
            return False
        label = (found := _LABEL.search(lead.text)) is not None and _OPENS.search(found.group()) is None
        if here.kind == "item":  # its list may have lost a level, so only the end of the section tells
            return after.kind != "heading"
        if after.kind == "heading":
            below = self._block(at + 2)
            parted = below is not None and below.kind == "item"  # subheads part the list: "Physical effects", "- fits"
            return parted or (self._is_marked(after) and self._level(after) > self._level(here))
        if _ASKS.match(lead.text) and len(lead.text.split()) <= 9:
            return True  # "How to take it:" heads what follows, prose or list
        if after.kind == "item" and here.kind == "paragraph" and after.lead_in not in {None, self.blocks[at]}:
            return label
        if after.kind in {"item", "cell"} or label:
            return True
        return not after.boilerplate and (self._fills(at + 1) or self._comes_later(at + 1, here.section))

    def _fills(self, at: int) -> bool:
        """Whether a paragraph has the form of what a lead-in announces, not of the prose that goes on after it."""
        text = self._shown(at)
        if not text[0].isupper():
            return True
        if self.contexts.heading(text) is not None and len(text.split()) <= 9 and not text.endswith("."):
            return False  # a heading that the layout does not tell from a line
        if text.endswith(":"):
            return _OPENS.search(text) is None
        if not _STOPPED.search(text) or _LABELLED.match(text) or text.startswith("To "):
            return True
        if _TELLS.match(text.lower()):
            return False
        listed = _ENUMERATED.match(text)
        if listed and len(listed["first"].split()) <= 4 and not re.search(r"\b(?:is|are|can|may)\b", listed["first"]):
            return True
        return all(len(part.split()) <= 3 for part in text.split(". "))

    def _comes_later(self, at: int, section: int | None) -> bool:
        """Whether a list that nothing else introduces comes a few paragraphs later in the same section."""
        lines = 0
        for k in range(at, min(at + _PARAGRAPHS_BETWEEN + 2, len(self.blocks))):
            block = self._block(k)
            assert block is not None
            if block.section != section or block.kind == "heading":
                return False
            if block.kind in {"item", "cell"}:
                return True
            text = self._shown(k)
            if text.endswith(":"):
                return False
            lines = 0 if _STOPPED.search(text) else lines + 1
            if lines == 2:
                return True
        return False

    def _is_empty_section(self, at: int) -> bool:
        """Whether another section begins right after the heading ``at``, which has nothing of its own."""
        heading, after = self._block(at), self._block(at + 1)
        assert heading is not None
        text = self._shown(at)
        if at == 0 or text == self.document.title or re.search(r"\w: +\w", text):
            return False
        marked = self._is_marked(heading)
        role = self.contexts.heading(text)
        if not marked and role is None:
            return False  # may be a line of a list
        if after is None:
            return True
        if after.kind != "heading" or (self._is_marked(after) and self._level(after) > self._level(heading)):
            return False
        if _NUMBERED.match(self._line(heading)) and not _NUMBERED.match(self._line(after)):
            return False  # "2. What you need to know", "Do not take it if": one holds the other
        of_next = self.contexts.heading(self._shown(at + 1))
        if role is not None and of_next is not None and role.name == of_next.name:
            return False  # "Side effects", "Common side effects": one holds the other, whatever the levels say
        if marked and self._is_marked(after):
            return True
        return of_next is not None and self._run_of_headings(at) < _CONTENTS

    def _run_of_headings(self, at: int) -> int:
        """How many headings stand together with no text between them."""
        begin = end = at
        while begin > 0 and (before := self._block(begin - 1)) is not None and before.kind == "heading":
            begin -= 1
        while (after := self._block(end + 1)) is not None and after.kind == "heading":
            end += 1
        return end - begin + 1

    def _is_marked(self, heading: Block) -> bool:
        """Whether markup makes this a heading, so that its level can be relied on."""
        document = self.document
        if document.format not in {"article/plain", "article/markdown"}:
            return True
        text = document.text
        if text[text.rfind("\n", 0, heading.start) + 1 : heading.start].strip():
            return True
        line_end = text.find("\n", heading.end)
        return line_end >= 0 and re.match(r"\s*[=~-]{3,}\s*$", text[line_end + 1 :].split("\n", 1)[0]) is not None

    def _line(self, block: Block) -> str:
        """The line on which a block begins, as the text has it."""
        text = self.document.text
        end = text.find("\n", block.start)
        return text[text.rfind("\n", 0, block.start) + 1 : end if end >= 0 else len(text)].strip()

    def _level(self, block: Block) -> int:
        return self.document.sections[block.section].level if block.section is not None else 0

    def _absent(self, stated: set[str]) -> Iterator[Gap]:
        """What articles on drugs hold and neither a heading, nor a fact, nor a sentence of this one is about."""
        told = {role.name for s in self.document.sections if (role := self.contexts.heading(s.heading)) is not None}
        for index, sentences in enumerate(self.reading.sentences):
            if sentences:
                context = self.contexts.of(index)
                told.update(role.name for role in (context.section, context.items) if role is not None)
        missing = [
            rule
            for rule in rules("sections")
            if told.isdisjoint(rule.options.get("headings", "").split(","))
            and stated.isdisjoint(rule.options.get("kinds", "").split(","))
        ]
        if missing:
            spoken = {
                rule.identifier
                for sentences in self.reading.sentences
                for sentence in sentences
                for rule in candidates("sections", sentence.low)
                if rule in missing and rule.pattern.search(sentence.low)
            }
            for rule in missing:
                if rule.identifier not in spoken:
                    yield Gap("absent-section", rule.options["label"], self.document.identifier)
