"""Effects that the sections of official labels on adverse reactions and warnings name, in the idiom of labels.

There, every statement is about the drug under trial unless it says otherwise: what is named counts, and what must not
count is known by its words (``rules/label_blocks.tsv``): boilerplate of trials, exposure, comparison arms, antibodies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monograph.extraction.context import Context
from monograph.extraction.effects import blocked
from monograph.extraction.label_text import (
    is_finding,
    is_watched,
    names_a_reaction,
    names_nothing,
    plain_name,
    quietened,
)
from monograph.extraction.making import Maker, frequency_in, frequency_place, severity_in
from monograph.extraction.occasions import occasion
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import OTHER, SUBJECT, candidates
from monograph.extraction.run_on import listed_capitals
from monograph.extraction.spotting import names_only_parts, rows_spotted
from monograph.facts import Fact

__all__ = ["label_effects", "warned_of"]

#: "Heart failure: hypotension and chest pain" names two, in those with heart failure
_HEADS_OTHERS = re.compile(r"\s*(?:\([^()]*\)\s*)?:\s+\S")
#: characters between a mention and the word on its frequency behind it
_NEAR = 60
_REACTIONS = frozenset({"section_codes:34084-4", "section_codes:90374-0", "section_codes:90375-7"})
#: what opens a list of the reactions that other sections are about
_TOLD_ELSEWHERE = re.compile(
    r"\b(?:described|discussed|presented|listed|addressed|appear|detailed)\b.{0,60}\b(?:elsewhere|other sections?|detail)\b"
)
_WARNINGS = frozenset({"section_codes:43685-7", "section_codes:34071-1"})
#: what happens on stopping; "may be responsive to withdrawal" does not
_STOPPED = re.compile(
    r"\b(?:after|following|upon|on|with|from) (?:\w+ ){0,2}?(?:withdrawal|discontinuation|discontinuing|cessation|stopping)\b|"
    r"\bwithdrawal (?:symptoms?|syndrome|reactions?|effects?|emergent)\b"
)
#: a drug that is only taken along does not make a reaction its own
_PASSING = frozenset({"assertion:only-other-named"})


def tells_of_reactions(context: Context) -> bool:
    """Whether a section is a label's adverse reactions, known by its code."""
    section = context.section
    return section is not None and section.rule in _REACTIONS


def label_effects(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The effects that a statement under a label's adverse reactions names."""
    section = context.section
    assert section is not None
    low = quietened(sentence.low, sentence.text)
    if _TOLD_ELSEWHERE.search(low):
        low = listed_capitals(sentence.text, low)
    blocks = blocked(low) + _passages(sentence.low)
    if any(start == 0 and end == len(low) for start, end, _ in blocks):
        return
    names: list[str] = []
    quiet = replace(sentence, low=low)  # a bracket's "not" ends with the bracket
    severity = section.options.get("severity")
    often, cue = frequency_in(low), frequency_place(low)
    concepts = list(rows_spotted(low, sentence.text, accepts=names_a_reaction))
    # "decreased appetite" holds a word that elsewhere says what a drug is for
    own = {concept.start for concept in concepts if is_finding(concept.name)}
    blocks = [block for block in blocks if block[0] not in own]
    for concept in concepts:
        name = plain_name(concept.name)
        if name in names or not name or names_nothing(name) or names_only_parts(name):
            continue
        if (why := next((why for a, b, why in blocks if a <= concept.start < b), None)) is not None:
            maker.passed(sentence, "label_effects", concept.name, why)
            continue
        if _HEADS_OTHERS.match(low, concept.end):
            maker.passed(
                sentence, "label_effects", concept.name, "stands before a colon, as what the words after are on"
            )
            continue
        if _BEGINS_ANEW.match(sentence.text, concept.end) and not low[: concept.start].rstrip().endswith(","):
            maker.passed(sentence, "label_effects", concept.name, "is a heading that ran into what it heads")
            continue
        if _of_another(low, concept.start):
            maker.passed(sentence, "label_effects", concept.name, "another drug is what the clause tells of")
            continue
        said = maker.assess(quiet, concept.start, concept.end, kind="adverse-effect", passing=_PASSING)
        if said.blocked:
            maker.passed(sentence, "label_effects", concept.name, f"nothing is stated of it here ({said.rule})")
            continue
        names.append(name)
        yield maker.fact(
            "withdrawal-symptom" if occasion(low) == "withdrawal-symptom" and _STOPPED.search(low) else "adverse-effect", name, sentence, "label_effects",
            span=maker.quote_span(sentence, max(0, concept.start - 120), concept.end),
            assertion=said, frequency=often if _told_how_often(low, concept.end, cue) else None,
            severity=concept.severity or severity or severity_in(low, concept.start),
            condition=concept.condition,
        )  # fmt: skip


def warned_of(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The risk that a heading under a label's warnings or adverse reactions names: "5.1 Lactic Acidosis"."""
    warned = context.section is not None and context.section.rule in _WARNINGS
    if not warned and not tells_of_reactions(context):
        return
    low = quietened(re.sub(r"^\d[\d.]*\s", lambda m: " " * len(m.group()), sentence.low), sentence.text)
    if is_watched(low) or len(low.split()) > 9:
        return
    concepts = [c for c in rows_spotted(low, sentence.text, accepts=names_a_reaction) if not names_nothing(c.name)]
    left = "".join(" " if any(c.start <= k < c.end for c in concepts) else letter for k, letter in enumerate(low))
    if re.fullmatch(
        r"(?:\W|\d|\b(?:and|or|a|an|the|severe|serious|increased|risks?|of|other|including|in|events?|reactions?)\b)*",
        left,
    ):
        for concept in concepts:
            yield maker.fact(
                "adverse-effect", concept.name, sentence, "label_effects:warning", severity=concept.severity
            )


#: a sentence that begins behind a heading without a stop: "Hypertension In clinical trials …"
_BEGINS_ANEW = re.compile(r" (?:In|Among|During|The following) (?=[a-z])")


def _told_how_often(low: str, end: int, cue: int | None) -> bool:
    """Whether what a statement says of a frequency, at ``cue``, is said of the mention that ends at ``end``.

    What stands before the mentions is of all that follow; what follows one is of its own clause: "…, rash. General: fever,
    pain, and seizures were rare".
    """
    return cue is not None and (cue < end or (cue - end <= _NEAR and ";" not in low[end:cue]))


def _of_another(low: str, start: int) -> bool:
    """Whether the words right before a mention name another drug ("with flutamide, hepatitis"), and no figure parts them."""
    other = low.rfind(OTHER, max(0, start - 40), start)
    return other >= 0 and not re.search(r"[\d;]", low[other:start]) and SUBJECT not in low[other:start]


def _passages(low: str) -> list[tuple[int, int, str]]:
    """The stretches that a label's idiom says nothing of the drug in, each with the reason."""
    out = []
    for rule in candidates("label_blocks", low):
        for match in rule.pattern.finditer(low):
            if rule.role == "sentence":
                return [(0, len(low), f"the sentence tells of no effect ({rule.identifier})")]
            stop = re.compile(r"[;,.)]|\b(?:and|but|while|whereas)\b").search(low, match.end())
            end = match.end() if rule.role == "words" else stop.start() if stop else len(low)
            out.append((match.start(), end, f"is no effect here ({rule.identifier})"))
    return out
