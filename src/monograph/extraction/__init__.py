"""From a Document to Facts: rules as data over sentences and lists, each fact with the place that states it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monograph.document import Document
from monograph.extraction.advice import sentence_advice
from monograph.extraction.brands import document_brands
from monograph.extraction.condition_lines import line_conditions, verdict_conditions
from monograph.extraction.conditions import OTHERS_HAD, sentence_conditions
from monograph.extraction.context import Context, Contexts
from monograph.extraction.courses import courses
from monograph.extraction.effects import EFFECTS, KINDS_OF_SECTION, Course, headed_effect, labelled_effect, told_effects
from monograph.extraction.gaps import gaps
from monograph.extraction.history import sentence_history
from monograph.extraction.identity import Subject, identify
from monograph.extraction.indications import (
    is_line_of_use,
    label_uses,
    names_a_use,
    opens_uses,
    section_indications,
    section_purposes,
    told_indications,
)
from monograph.extraction.interactions import headed_interactions, line_interactions, sentence_interactions
from monograph.extraction.kinetics import sentence_kinetics
from monograph.extraction.label_effects import label_effects, tells_of_reactions, warned_of
from monograph.extraction.label_runs import label_runs
from monograph.extraction.label_scope import LabelScope
from monograph.extraction.lists import is_clause, item_facts, row_effects, says_otherwise
from monograph.extraction.making import Maker
from monograph.extraction.naming_statements import class_names, labelled_classes, sentence_names
from monograph.extraction.occasions import occasion_before
from monograph.extraction.own_class import named_by_class
from monograph.extraction.population_statements import sentence_populations, untold_populations
from monograph.extraction.reading import Reading, Sentence
from monograph.extraction.regimens import headed_regimens, regimens
from monograph.extraction.routes import routes_and_forms
from monograph.extraction.spotting import is_fragment
from monograph.extraction.statements import sentence_statements
from monograph.extraction.tables import cell_facts, incidence, phrase_facts
from monograph.extraction.tracing import Trace
from monograph.extraction.use_names import plain_uses, with_diagnoses
from monograph.facts import Fact, Frequency, Gap, merge
from monograph.screening import screened

__all__ = ["VERSION", "Extraction", "Trace", "extract"]

#: raised with every change of rules or code that may change facts, so that stored documents are known to be old
VERSION = "6"
_LANGUAGES = {"en", None}
#: "Polio: caused by viruses. It can lead to paralysis" tells what a disease does that the drug is for
_OF_A_DISEASE = re.compile(r"[A-Z][\w -]{2,40}(?: \([^()]*\))?: ")


@dataclass(frozen=True, slots=True)
class Extraction:
    """The facts and gaps of a document; ``passed_over`` counts the sentences that yielded nothing.

    ``problem`` says why a document yields no facts at all (no drug in it, a language without rules), else None.
    """

    facts: tuple[Fact, ...]
    gaps: tuple[Gap, ...] = ()
    passed_over: int = 0
    problem: str | None = None

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)


def extract(document: Document, *, trace: Trace | None = None) -> Extraction:
    """The facts of ``document``, those that it states twice made one, in the order of the text.

    ``trace`` is filled with what was done with each sentence, for an explanation.
    """
    if (document.language or "en").split("-")[0] not in _LANGUAGES:
        return Extraction((), problem=f"is in language '{document.language}': facts are extracted from English only")
    if not document.blocks and (document.facts or document.corrections):
        return Extraction(tuple(merge(document.facts)))  # a sheet of facts: nothing is left to be read
    subject = identify(document)
    if subject is None:
        return Extraction(
            (), problem="names no drug that can be recognised: state it as `drug: NAME` in a front matter"
        )
    reading = Reading(document, subject)
    contexts = Contexts(reading)
    scope = LabelScope(document)
    maker = Maker(reading, trace)
    stated = any(fact.kind == "brand-name" for fact in document.facts)  # in codes, which tell them from other names
    found: list[Fact] = [*(() if stated else document_brands(maker)), *labelled_classes(maker)]
    maker.classes = frozenset(name.lower() for name in class_names(maker))
    passed_over = 0
    aside: list[Fact] = []
    for index, sentences in enumerate(reading.sentences):
        if not sentences:
            continue
        before = len(found)
        context = contexts.of(index)
        if trace is not None:
            trace.contexts[index] = context
            trace.sentences.extend(sentences)
        section = document.blocks[index].section
        told = [fact for fact in _block(maker, index, sentences, context) if scope.admits(section, fact)]
        if context.section is not None and context.section.name not in _ON_USES:
            aside.extend(fact for fact in told if fact.kind == "indication")
            told = [fact for fact in told if fact.kind != "indication"]
        found.extend(told)
        if not tells_of_reactions(context):
            found.extend(untold_populations(maker, sentences, context, told))
        passed_over += len(sentences) if len(found) == before else 0
    coded = any(section.code for section in document.sections)
    found = plain_uses(found, coded=coded)
    # each told of more freely than the one before, and asked only where nothing else tells of a use
    found.extend(plain_uses(_lines_of_uses(maker, contexts), coded=coded))
    for more in (iter(aside), _uses_of_section(maker, contexts), _purposes_of_section(maker, contexts)):
        if not any(f.kind == "indication" and f.polarity == "asserted" for f in (*found, *document.facts)):
            found.extend(plain_uses(more, coded=coded))
    found = with_diagnoses(found, document.text)
    found = [f for f in found if not (f.kind in EFFECTS and is_fragment(f.value))]
    facts = merge((*_structured(document, subject), *_without_what_is_treated(found)))
    return Extraction(tuple(facts), tuple(gaps(reading, contexts, facts)), passed_over)


def _uses_of_section(maker: Maker, contexts: Contexts) -> Iterator[Fact]:
    """The uses that the first section on uses names, where nothing else told of any."""
    opened = False
    for index, sentences in _section_on_uses(maker, contexts):
        kind = maker.reading.document.blocks[index].kind
        if kind == "heading":
            opened = opens_uses(sentences[-1].text)
            continue
        listed = opened and (kind == "item" or names_a_use(sentences[0]))
        opens = opens_uses(sentences[-1].text)
        yield from section_indications(maker, index, contexts.of(index), listed and not opens)
        opened = opens or listed


def _lines_of_uses(maker: Maker, contexts: Contexts) -> Iterator[Fact]:
    """The uses that lines without a mark name under a sentence that opens them: "It is used to treat:", "Heart failure"."""
    opened = False
    for index, sentences in enumerate(maker.reading.sentences):
        context = contexts.of(index)
        on_uses = context.section is not None and context.section.name == "indication"
        if not sentences or not on_uses or maker.reading.document.blocks[index].kind not in {"paragraph", "heading"}:
            opened = opened and on_uses
        elif sentences[-1].text.endswith(":"):
            opened = opens_uses(sentences[-1].text)
        elif opened and len(sentences) == 1 and is_line_of_use(sentences[0]):
            yield from section_indications(maker, index, context, open_list=True)


def _purposes_of_section(maker: Maker, contexts: Contexts) -> Iterator[Fact]:
    """The purposes that the first section on uses states, where it names no disease."""
    for index, _ in _section_on_uses(maker, contexts):
        if maker.reading.document.blocks[index].kind != "heading":
            yield from section_purposes(maker, index)


def _section_on_uses(maker: Maker, contexts: Contexts) -> Iterator[tuple[int, tuple[Sentence, ...]]]:
    """Index and sentences of each block of the first section on uses, its own heading left out."""
    document = maker.reading.document
    first: int | None = None
    for index, sentences in enumerate(maker.reading.sentences):
        block = document.blocks[index]
        context = contexts.of(index)
        if not sentences or context.section is None or context.section.name != "indication":
            continue
        if block.kind == "heading" and first is None:
            continue
        level = document.sections[block.section].level if block.section is not None else 0
        if first is not None and block.section != first and document.sections[first].level >= level:
            return
        first = block.section if first is None else first
        yield index, sentences


def _structured(document: Document, subject: Subject) -> Iterator[Fact]:
    """The facts that the source states in structured form; those on its own drug are facts on the subject."""
    own = set(document.drugs)
    for fact in document.facts:
        yield replace(fact, drug=subject.name, subject_type=subject.type) if fact.drug in own else fact


#: sections that tell of uses; in another a use is likely another medicine's ("tablets used to treat gout"), so that it
#: counts only where these tell of none
_ON_USES = frozenset({"indication", "about", "mechanism", "history", "kinetics", "population"})
_USES_OF_LABEL = "section_codes:34067-9"
#: rules that read effects from a cue, a section or a line alone
_BY_CUE = ("effect_cues:", "effects:", "tables:phrase")
#: what a symptom of the treated disease may be called besides
_FLARES = frozenset(["attack", "attacks", "symptoms", "flare", "flares", "episode", "episodes", "pain"])


def _without_what_is_treated(found: list[Fact]) -> Iterator[Fact]:
    """``found`` without adverse effects that only a cue tells of, where the document names them as what is treated."""
    treated = [frozenset(f.value.lower().split()) for f in found if f.kind == "indication" and f.polarity == "asserted"]
    for fact in found:
        words = frozenset(fact.value.lower().split())
        weak = fact.kind == "adverse-effect" and fact.rule.startswith(_BY_CUE)
        if not (weak and any(words <= aim or (aim < words and words - aim <= _FLARES) for aim in treated)):
            yield fact


#: a sentence on the past that goes on to what is so now
_TODAY = screened(
    r"\b(?:still|today|nowadays|these days|now|currently) (?:\w+ )?(?:use[ds]?|give[ns]?|take[ns]?|prescribe[ds]?)\b"
)


def _block(maker: Maker, index: int, sentences: tuple[Sentence, ...], context: Context) -> Iterator[Fact]:
    block = maker.reading.document.blocks[index]
    if tells_of_reactions(context):  # the rules for articles take a trial's patients for the reader
        if block.kind == "heading":
            yield from warned_of(maker, sentences[0], context)
            return
        row = incidence(maker, index) if block.kind == "cell" else None
        for sentence in sentences:
            for fact in label_effects(maker, sentence, context):
                yield fact if row is None else _of_row(maker, fact, *row)
        return
    if block.kind == "heading":
        yield from headed_effect(maker, sentences[0], context)
        yield from warned_of(maker, sentences[0], context)
        yield from headed_regimens(maker, sentences[0], context)
        return
    if block.kind == "item":
        role = context.items
        told_in_sentences = role is not None and role.name in KINDS_OF_SECTION and is_clause(sentences[0])
        if told_in_sentences:
            found = list(_sentences(maker, sentences, replace(context, section=role)))
            if any(f.kind in EFFECTS for f in found) or says_otherwise(sentences[0]):
                yield from found
                return
        if role is not None and role.name in {"precaution", "contraindication"}:
            stated = list(labelled_effect(maker, sentences[0]) if role.rule.startswith("headings:") else ())
            stated += sentence_statements(maker, sentences[0], context, None)
            if any(f.kind in EFFECTS for f in stated):  # "you should know that it may cause dizziness"
                yield from stated
                for before, sentence in itertools.pairwise(sentences):
                    yield from sentence_statements(maker, sentence, context, before)
                return
        if role is not None and role.name == "precaution" and OTHERS_HAD.match(sentences[0].low):
            yield from _sentences(maker, sentences, context)
            return
        listed = list(item_facts(maker, sentences, context))
        yield from listed
        if role is not None and role.name == "contraindication":
            yield from sentence_populations(maker, sentences[0], context, [])
        if len(sentences) > 1 and role is not None and role.name in {"precaution", "contraindication", "discuss"}:
            yield from _sentences(maker, sentences[1:], context)
        if listed and role is not None and role.name in KINDS_OF_SECTION:
            for before, sentence in itertools.pairwise(sentences):  # what is said of the effect that the item names
                yield from sentence_statements(maker, sentence, context, before)
                yield from sentence_names(maker, sentence, context, before)
            return
        if listed and not (role and role.name in {"interaction"} and len(sentences) > 1):
            return
    if block.kind == "cell":
        row = incidence(maker, index)
        found = list(cell_facts(maker, index, sentences, context))
        found = found if row is None else [_of_row(maker, fact, *row) for fact in found]
        yield from found
        if found:
            return
    if block.kind == "paragraph" and (alone := list(phrase_facts(maker, index, sentences, context))):
        yield from alone
        return
    if block.kind != "item" or context.items is None:
        lines = list(line_interactions(maker, index, sentences, context))
        named = [*line_conditions(maker, index, sentences, context), *verdict_conditions(maker, index, sentences)]
        yield from (*lines, *named)
        if lines and block.kind == "paragraph":
            yield from headed_interactions(maker, index, sentences, context)  # the heading above names one too
        if named:
            yield from _said_of_them(maker, sentences, context, [*lines, *named])
            return
        if lines and len(sentences) == 1:
            return
        sentences = sentences[1:] if lines else sentences  # "Digoxin. DRUG may raise its level."
    if block.kind == "paragraph" and len(sentences) == len(maker.reading.sentences[index]):
        yield from headed_interactions(maker, index, sentences, context)
    if block.kind == "paragraph" and len(sentences) == 1 and sentences[0].text.endswith(":"):
        yield from headed_effect(maker, sentences[0], context)
    explained = (
        context.section is not None
        and context.section.name == "indication"
        and _OF_A_DISEASE.match(sentences[0].text)
        and not any(sentence.has_subject for sentence in sentences)
    )
    for fact in _sentences(maker, sentences, context):
        if not (explained and fact.kind in EFFECTS):
            yield fact


def _said_of_them(maker: Maker, sentences: tuple[Sentence, ...], context: Context, named: list[Fact]) -> Iterator[Fact]:
    """What a line that names conditions says of them besides: "… your doctor may lower the dose", and what follows it."""
    known = {(fact.kind, fact.value) for fact in named}
    for fact in _sentences(maker, sentences, context):
        first = fact.evidence[0].start < maker.reading.evidence(sentences[0]).end
        if (fact.kind, fact.value) not in known and not (first and fact.kind not in _OF_PERSONS):
            yield fact


#: what a line says of the conditions that it names
_OF_PERSONS = frozenset(["population", "regimen", "interaction"])


def _of_row(maker: Maker, fact: Fact, frequency: Frequency, end: int) -> Fact:
    """``fact``, which the first cell of a row names, with the figures of the row; the whole row states it."""
    evidence = fact.evidence[0]
    quote = maker.reading.document.text[evidence.start : end]
    told = fact.frequency or frequency
    return replace(fact, frequency=told, evidence=(replace(evidence, end=end, quote=quote),))


def _sentences(maker: Maker, sentences: tuple[Sentence, ...], context: Context) -> Iterator[Fact]:
    previous: Sentence | None = None
    coded = context.section is not None and context.section.rule.startswith("section_codes:")
    course = Course(goes_on=not coded)
    for sentence, following in itertools.zip_longest(sentences, sentences[1:]):
        found = list(_sentence(maker, sentence, context, previous, course))
        if following is not None and (told := occasion_before(following.low)) is not None:
            found = [replace(f, kind=told) if f.kind == "adverse-effect" else f for f in found]
        yield from found
        kind = next((f.kind for f in found if f.kind in EFFECTS), None)
        course = Course(course.of_drug or sentence.has_subject, kind, course.goes_on)
        previous = sentence


def _sentence(
    maker: Maker, sentence: Sentence, context: Context, previous: Sentence | None, course: Course
) -> Iterator[Fact]:
    if sentence.text.endswith("?"):
        return
    if context.section is not None and context.section.name == "adverse-effect":
        yield from (row := list(row_effects(maker, sentence, context)))
        if row:
            return
    facts = list(label_runs(maker, sentence, context))
    stated, sentence = sentence, named_by_class(maker, sentence, context.section.name if context.section else None)
    if not facts:
        facts += sentence_statements(maker, sentence, context, previous)
    facts += sentence_names(maker, stated, context, previous)
    facts += sentence_history(maker, sentence, context)
    facts += sentence_conditions(maker, sentence, context)
    if not any(f.kind == "interaction" for f in facts):
        facts += sentence_interactions(maker, sentence, context)
    doses = list(regimens(maker, stated, context))
    facts += doses or courses(maker, stated, context)
    facts += sentence_kinetics(maker, sentence, context)
    facts += routes_and_forms(maker, sentence, context)
    facts += told_indications(maker, sentence, context, facts)
    if context.section is not None and context.section.rule == _USES_OF_LABEL:
        facts += label_uses(maker, sentence, facts)
    warned = sentence is not stated and any(f.kind == "precaution" for f in facts)
    facts += told_effects(maker, stated if warned else sentence, context, facts, course)
    facts += sentence_populations(maker, sentence, context, facts)
    if not any(f.kind not in {"route", "dose-form"} for f in facts):
        facts += sentence_advice(maker, sentence, context)
    if any(f.kind in {"history", "study"} for f in facts):
        # a failed aim or a trial's result is told there; it is no indication of today
        kept = {"history", "study", "drug-class", "brand-name"} | (
            {"indication"} if _TODAY.search(sentence.low) else set()
        )
        facts = [f for f in facts if f.kind in kept]
    yield from facts
