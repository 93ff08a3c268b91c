"""A document as the rules read it: sentences of lower-case text in which each mention of a drug is masked.

Masking keeps every offset: a mention of the subject becomes a run of ``SUBJECT``, another drug's one of ``OTHER``, a
citation mark spaces. So one set of patterns serves every drug.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from monograph.document import Block, Document
from monograph.extraction.identity import Subject
from monograph.extraction.ingredients import SALT
from monograph.extraction.label_items import said_between
from monograph.extraction.rules import OTHER, SUBJECT, compile_pattern, table
from monograph.extraction.run_on import openers
from monograph.facts import Evidence
from monograph.screening import Words

__all__ = ["Reading", "Sentence", "mask", "other_drugs"]

_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CITATION = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,⁻–-][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*|\[\d{1,3}(?:[,–-] ?\d{1,3})*\]")
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-"})
_STOPS = re.compile(r"[.!?]+[⁰¹²³⁴⁵⁶⁷⁸⁹\])\"'”’,]*(?:\[\d[\d, -]*\])*\s+(?=[^\sa-z])")
_ENDS = re.compile(rf"{_STOPS.pattern}|\s+(?=[•▪●]\s)")
#: a label of frequency that stands before what it holds for: "Rare (may affect up to 1 in 1,000 people) Hair loss"
_BAND = re.compile(
    r"\b(?:[Vv]ery [Cc]ommon|Common|[Uu]ncommon|[Vv]ery [Rr]are|Rare|[Nn]ot [Kk]nown|[Ff]requency [Nn]ot [Kk]nown|Unknown)(?: side[ -]effects| effects| reactions)?:? ?"
    r"\((?:may |can |these |this |the |frequency|affects?|occurs?|occurring|more |less |fewer |up |at |in |seen|reported|cannot|[≥<>]|1 |between)"
    r"[^()]{3,90}\)\s?:?\s*(?=[\w•-]|$)(?!(?:are|include|were|have|and|or)\b)"
)
_ASKED = re.compile(r"(?:A|Q|Answer|Question)\s?[:.)]\s+")
#: a label's pointer to another of its sections: "[see Warnings and Precautions (5.1)]", "( 5.1, 6.2 )"
_CROSS_REFERENCE = re.compile(
    r"\[\s?[Ss]ee\s[^\[\]]{3,200}\]|\(\s?[Ss]ee\s[^()]{3,80}(?:\([^()]*\)[^()]*){0,4}\)|"
    r"\(\s?\d{1,2}\.\d{1,2}(?:\s?[,;]\s?\d{1,2}(?:\.\d{1,2})?)*\s?\)|\(\s\d{1,2}\s\)"
)
#: such a pointer, after which the next item or sentence begins
_POINTED = re.compile(rf"(?:{_CROSS_REFERENCE.pattern})\s*\.?\s+(?=[A-Z])")
#: a label of frequency that is all that a line says
_BAND_ALONE = re.compile(
    r"(?:(?:other |the )?(?:very common|common|more common|less common|uncommon|rare|very rare|infrequent|not known|frequency not known|unknown)\b"
    r"(?: (?:(?:side|adverse|undesirable|unwanted) )?(?:effects|reactions|events))?|"
    r"side effects (?:with|of) (?:unknown frequency|frequency not known|not known frequency)|"
    r"the frequency of (?:the following|these) (?:side effects|adverse reactions|effects|reactions) is (?:not known|unknown)|"
    r"incidence (?:of )?(?:less|more|greater) than \d+ ?%)[,:]?"
    r"(?: \([^()]{4,110}\)|,? (?:these |the following |which )?(?:side effects )?(?:may|can) (?:affect|occur)[^.;()]{4,90}|"
    r" (?:the )?frequency cannot be estimated[^.;()]{0,60})?(?: side effects)?(?: include| are)?[:.]?\s*$",
    re.IGNORECASE,
)
#: a line that only explains the label above it: "These may affect more than 1 in 10 people."
_EXPLAINS = re.compile(
    r"(?:these |they |which )?(?:side effects )?(?:may |can |might )?(?:affect|occur)s? [^.;]{0,40}\d[\d ,]*(?: (?:people|patients|users|doses)[^.;]{0,30})?[.:]?\s*$",
    re.IGNORECASE,
)
_LONGEST_LABEL = 150
#: what begins a line that the label above it is not about
_OTHER_MATTER = re.compile(
    r"(?:report|if (?:you|any|your)|tell|talk|contact|ask|please|you (?:may|should|can|must)|these|this|(?:other|additional|further) (?:possible )?"
    r"(?:side )?effects|the following|in addition|in (?:clinical|studies|children)|side effects|children|adolescents|some|during|how|"
    r"for (?:more|further)|do not|your (?:doctor|child)|most|like all|see |stop|immediately|seek|call|after)",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|dr|mr|mrs|st|no|approx|incl|fig|ca|resp|max|min)|(?<!['’])\b[a-z])\.$", re.I
)
#: no abbreviation with what stands before it is longer
_ABBREVIATED = 12
#: the end of a statement that lost its full stop: "if you are allergic to zentralin zentralin may cause a rash"
_NAMED_TWICE = re.compile(rf"(?<={SUBJECT})\s(?={SUBJECT}+ (?:may|can|could|might) )")
#: what belongs to the name before it
_SALT = re.compile(rf"(?<={SUBJECT})\s{SALT.pattern}")
_WORD = re.compile(r"[a-zé][a-zé'-]*[a-zé]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch ``view.text[start:end]`` of a block. ``low`` is what the rules see, of the same length as ``text``."""

    block: int
    start: int
    end: int
    text: str
    low: str
    #: the label of frequency that it stands under in its block, in lower case: "common (may affect up to 1 in 10 people)"
    band: str = ""

    @property
    def has_subject(self) -> bool:
        return SUBJECT in self.low

    @property
    def has_other(self) -> bool:
        return OTHER in self.low


class Reading:
    """A document with its subject, cut into sentences a block; the places of facts are given back as file spans."""

    def __init__(self, document: Document, subject: Subject) -> None:
        self.document = document
        self.subject = subject
        #: block index -> subhead that was run into the block's first sentence
        self.run_in_heads: dict[int, str] = {}
        standing = self._standing_bands()
        self.sentences: tuple[tuple[Sentence, ...], ...] = tuple(
            () if block.boilerplate else tuple(self._cut(index, standing.get(index, "")))
            for index, block in enumerate(document.blocks)
        )

    def _standing_bands(self) -> dict[int, str]:
        """The label of frequency that stands alone above each block, up to the next label, heading or other matter."""
        out: dict[int, str] = {}
        standing = ""
        for index, block in enumerate(self.document.blocks):
            text = self.document.views[index].text
            if block.boilerplate:
                standing = ""
            elif block.kind in {"heading", "paragraph"} and len(text) <= _LONGEST_LABEL and _BAND_ALONE.match(text):
                standing = lower(text)
            elif block.kind == "heading":
                standing = ""
            elif standing and block.kind == "paragraph" and _EXPLAINS.match(text):
                out[index] = standing
                standing = f"{standing.rstrip(' :.')} ({lower(text).rstrip(' :.')})"
            elif standing and block.kind in {"paragraph", "item"}:
                if _OTHER_MATTER.match(text) or _BAND.search(text):
                    standing = ""
                else:
                    out[index] = standing
        return out

    def _cut(self, index: int, band: str) -> Iterator[Sentence]:
        text = self.document.views[index].text
        low = mask(text, self.subject)
        start = asked.end() if (asked := _ASKED.match(text)) else 0
        if (head := run_in_heads().match(low)) and text[head.end() : head.end() + 1].isupper():
            self.run_in_heads[index] = text[: head.end()].strip()
            start = head.end()
        marked = "•" in text or "▪" in text or "●" in text
        ends = [*(_ENDS if marked else _STOPS).finditer(text), *openers().finditer(text)]
        if "(" in text or "[" in text:
            ends += _POINTED.finditer(text)
            ends += _BAND.finditer(text, start)
        if SUBJECT in low:
            ends += _NAMED_TWICE.finditer(low)
        if between := said_between(text):
            ends = [end for end in ends if not any(a <= end.start() <= b for a, b in between)]
            for a, b in between:
                low = f"{low[:a]};{' ' * (b - a - 1)}{low[b:]}"
        for end in sorted(ends, key=lambda m: m.start()):
            stop = end.end()
            if end.re is _BAND:
                before = text[start : end.start()].strip(" \n-–•")
                if stop == len(text) and not before:
                    continue  # a label alone, which heads what follows
                label = low[end.start() : stop]
                if before:  # a label at the very end is that of what stands before it
                    yield self._sentence(index, text, low, start, end.start(), label if stop == len(text) else band)
                start, band = stop, label
                continue
            last = end.start() + 1
            if text[last - 1] == "." and _ABBREVIATION.search(text[max(start, last - _ABBREVIATED) : last]):
                continue
            if stop <= start:
                continue
            yield self._sentence(index, text, low, start, stop, band)
            start = stop
        if start < len(text):
            yield self._sentence(index, text, low, start, len(text), band)

    @staticmethod
    def _sentence(index: int, text: str, low: str, start: int, stop: int, band: str) -> Sentence:
        shown = text[start:stop].rstrip()
        end = start + len(shown)
        return Sentence(index, start, end, shown, low[start:end], band)

    def titled_by_its_site(self) -> bool:
        """Whether the first heading names no drug ("Drugs and Supplements"), and one right after it does."""
        pattern = self.subject.pattern
        named = [
            pattern is not None and pattern.search(lower(s.heading)) is not None for s in self.document.sections[:4]
        ]
        return any(named) and not named[0]

    def ends_in_colon(self, block: int) -> bool:
        """Whether a block introduces what follows it."""
        return self.document.views[block].text.rstrip().endswith(":")

    def block(self, sentence: Sentence) -> Block:
        return self.document.blocks[sentence.block]

    def evidence(self, sentence: Sentence, start: int = 0, end: int | None = None) -> Evidence:
        """The place of ``sentence[start:end]`` in the file, with its section, lead-in and citation mark."""
        document, block = self.document, self.document.blocks[sentence.block]
        view = document.views[sentence.block]
        stop = sentence.start + (len(sentence.text) if end is None else end)
        first, last = view.span(sentence.start + start, stop)
        mark = None
        if "[" in view.text or not view.text.isascii():
            mark = _CITATION.search(view.text, sentence.start, min(len(view.text), sentence.end + 4))
        lead_in = None
        if block.lead_in is not None and (sentences := self.sentences[block.lead_in]):
            lead_in = sentences[-1].text
            if mark is None:
                mark = _CITATION.search(document.views[block.lead_in].text)
        section = document.sections[block.section].heading if block.section is not None else None
        return Evidence(
            first,
            last,
            document.text[first:last],
            section=section,
            citation=_plain_mark(mark.group()) if mark else None,
            lead_in=lead_in,
        )


def _plain_mark(mark: str) -> str:
    return "".join(str(_SUPERSCRIPT.index(c)) if c in _SUPERSCRIPT else c for c in mark).strip("[]")


def lower(text: str) -> str:
    """Lower case of the same length: a character whose lower case is longer stays as it is."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low if low.isascii() else low.translate(_STRAIGHT)


def mask(text: str, subject: Subject) -> str:
    """``text`` in lower case, mentions of drugs and citation marks masked, of the same length."""
    low = lower(text)
    if ("[" in low or "(" in low) and _CROSS_REFERENCE.search(low):
        low = _CROSS_REFERENCE.sub(lambda m: " " * len(m.group()), low)
    if "[" in low or not low.isascii():
        low = _CITATION.sub(lambda m: " " * len(m.group()), low)
    if subject.pattern is not None:
        named = subject.pattern.sub(lambda m: SUBJECT * len(m.group()), low)
        low = _SALT.sub(lambda m: SUBJECT * len(m.group()), named) if named is not low else low
    if not _OF_OTHER_DRUGS.any(low):
        return low
    out = list(low)
    for word in _WORD.finditer(low):
        if (plain := word.group().removesuffix("'s")) in other_drugs():
            out[word.start() : word.start() + len(plain)] = OTHER * len(plain)
    return "".join(out)


def _names_another(word: str) -> bool:
    return any(name.removesuffix("'s") in other_drugs() for name in _WORD.findall(word))


_OF_OTHER_DRUGS = Words(_names_another)


@cache
def run_in_heads() -> re.Pattern[str]:
    """Subheads that stand at the start of a paragraph (``rules/run_in_heads.tsv``)."""
    return re.compile("(?:" + "|".join(compile_pattern(row["at"]).pattern for row in table("run_in_heads")) + r")\s+")


@cache
def other_drugs() -> frozenset[str]:
    """The single-word names of ``drug_names.tsv``."""
    return frozenset(row["name"] for row in table("drug_names") if " " not in row["name"])
