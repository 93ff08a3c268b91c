"""From facts to quads: one named graph a document, one named node a fact, no blank node anywhere.

Labels of nodes fold case, so that all documents share one; where a document spells a name otherwise, its graph gives
the spelling as ``skos:altLabel``. A fact's label ends in its value as the document spells it. The inverse is
:mod:`monograph.reading`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from monograph import naming, vocabulary
from monograph.document import Document
from monograph.facts import AgeGroup, Evidence, Fact, Gap
from monograph.naming import document_iri, evidence_iri, fact_iri, gap_iri
from monograph.pattern import CLOSED, NAMED_KINDS, NUMBERS, TEXTS, XSD, label
from monograph.reading import read_facts, read_gaps
from monograph.records import Record, record_digest
from monograph.shortcuts import NO_HELP, Edge
from monograph.vocabularies.prefixes import iri_of, is_valid
from monograph.vocabulary import SHORTCUTS, mg

__all__ = [
    "CONTEXT",
    "document_iri",
    "edges",
    "evidence_iri",
    "fact_iri",
    "nquads",
    "quads",
    "read_facts",
    "read_gaps",
    "withheld",
]

#: how many characters before and after a quote its selector holds
CONTEXT: Final = 32

_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_DECIMAL: Final = f"^^<{XSD}decimal>"
_INTEGER: Final = f"^^<{XSD}integer>"
_DATETIME: Final = f"^^<{XSD}dateTime>"
#: how N-Quads writes what may not stand in a literal
_ESCAPED: Final = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
    **{
        ord(raw): written
        for raw, written in zip('\b\t\n\f\r"\\', ("\\b", "\\t", "\\n", "\\f", "\\r", '\\"', "\\\\"), strict=True)
    },
}


def quads(document: Document, facts: Iterable[Fact], gaps: Iterable[Gap] = (), *, quotes: bool = True) -> list[Quad]:
    """The graph of ``document`` as quads, in the order of :func:`nquads`, which says what it holds."""
    return list(parse(nquads(document, facts, gaps, quotes=quotes).encode(), format=RdfFormat.N_QUADS))


def nquads(
    document: Document,
    facts: Iterable[Fact],
    gaps: Iterable[Gap] = (),
    *,
    quotes: bool = True,
    record: Record | None = None,
) -> str:
    """The graph of ``document`` as sorted N-Quads: itself, its facts with their evidence, what they name, and its gaps.

    Facts that differ only in the case of names are one. ``quotes=False`` is for sources whose text may not be passed
    on: it leaves out what can be a sentence of the source (the quote with its surroundings, the lead-in, a fact's
    statement, a gap's announcement); names, numbers, section headings, offsets and digests stay. ``record`` is the
    document's, where the caller has made it already. Raises ValueError on
    a fact or gap of another document, on evidence that is not ``text[start:end]``, and on an empty name.
    """
    facts, gaps = list(facts), list(gaps)
    graph = _Graph(document, quotes)
    for fact in facts:
        graph.add_fact(fact)
    for gap in gaps:
        graph.add_gap(gap)
    graph.add_evidence()
    graph.add_document(record or Record(document, {} if quotes else withheld(document.sha256, facts, gaps)))
    graph.add_spellings()
    return graph.sorted()


def edges(facts: Iterable[Fact]) -> frozenset[Edge]:
    """The shortcuts that ``facts`` bear (:func:`monograph.shortcuts.borne` reads them from a graph)."""
    return frozenset(
        (
            naming.subject_iri(fact),
            mg(SHORTCUTS[fact.kind]),
            naming.node(space, fact.value),
            vocabulary.fact_class(fact.kind),
        )
        for fact in facts
        if fact.kind in SHORTCUTS
        and fact.polarity == "asserted"
        and fact.role not in NO_HELP
        and (space := naming.object_space(fact.kind, fact.role)) is not None
    )


def withheld(sha256: str, facts: Iterable[Fact], gaps: Iterable[Gap]) -> dict[str, str]:
    """What ``quads(quotes=False)`` leaves out and a reader needs.

    IRI of a fact -> its statement; of a gap -> its announcement; of evidence -> its lead-in.
    """
    facts, gaps = list(facts), list(gaps)
    out = {fact_iri(fact): fact.statement for fact in facts if fact.statement is not None}
    out.update((gap_iri(gap), gap.label) for gap in gaps if gap.evidence is not None)
    places = [place for fact in facts for place in fact.evidence]
    places += [gap.evidence for gap in gaps if gap.evidence is not None]
    for place in places:
        if place.lead_in is not None:
            out.setdefault(evidence_iri(sha256, place.start, place.end), place.lead_in)
    return out


_texts, _numbers = attrgetter(*TEXTS), attrgetter(*NUMBERS)


class _Graph:
    """The quads of one document while they are gathered."""

    def __init__(self, document: Document, quotes: bool) -> None:
        self.document = document
        self.quotes = quotes
        self.iri = document_iri(document.identifier)
        self.found: set[str] = set()
        self.places: dict[tuple[int, int], Evidence] = {}
        self.spellings: dict[str, str] = {}
        self.facts: set[str] = set()
        self.subjects: set[str] = set()

    def link(self, subject: str, predicate: str, target: str) -> None:
        self.found.add(f"<{subject}> {_predicate(predicate)} <{target}>")

    def say(self, subject: str, predicate: str, text: str, suffix: str = "") -> None:
        """A literal; ``suffix`` is its language (``@en``) or its datatype (``^^<…>``)."""
        self.found.add(f'<{subject}> {_predicate(predicate)} "{text.translate(_ESCAPED)}"{suffix}')

    def text(self, subject: str, predicate: str, text: str | None) -> None:
        if text is not None:
            self.say(subject, predicate, text)

    def number(self, subject: str, predicate: str, number: float | None) -> None:
        if number is not None:
            self.say(subject, predicate, naming.decimal_text(number), _DECIMAL)

    def integer(self, subject: str, predicate: str, number: int | None) -> None:
        if number is not None:
            self.say(subject, predicate, str(number), _INTEGER)

    def add_fact(self, fact: Fact) -> None:
        if fact.document != self.document.identifier:
            raise ValueError(f"a fact of document '{fact.document}' in the graph of '{self.document.identifier}'")
        iri = fact_iri(fact)
        self._derive(iri, fact.evidence)
        if iri in self.facts:
            return
        self.facts.add(iri)
        self.link(iri, "rdf:type", vocabulary.fact_class(fact.kind))
        self.say(iri, "rdfs:label", label(fact), "@en")
        self.link(iri, "mg:statedIn", self.iri)
        self.link(iri, "mg:hasSubject", self._subject(fact))
        if (space := naming.object_space(fact.kind, fact.role)) is not None:
            self.link(iri, "mg:hasObject", self._node(space, fact.value))
        if fact.kind in NAMED_KINDS:
            self.text(iri, "mg:name", fact.value)
        for field, (predicate, scheme) in CLOSED.items():
            if (value := getattr(fact, field)) is not None:
                self.link(iri, f"mg:{predicate}", naming.member(scheme, value))
        for (field, predicate), value in zip(TEXTS.items(), _texts(fact), strict=True):
            if value is not None and (field != "statement" or self.quotes):
                self.say(iri, f"mg:{predicate}", value)
        for predicate, number in zip(NUMBERS.values(), _numbers(fact), strict=True):
            if number is not None:
                self.number(iri, f"mg:{predicate}", number)
        self.integer(iri, "mg:year", fact.year)
        if fact.interval_hours is not None:
            self.number(iri, "mg:intervalHoursMinimum", fact.interval_hours[0])
            self.number(iri, "mg:intervalHoursMaximum", fact.interval_hours[1])
        if fact.frequency is not None:
            if fact.frequency.band is not None:
                self.link(iri, "mg:frequency", naming.member("frequency", fact.frequency.band))
            self.number(iri, "mg:frequencyLow", fact.frequency.low)
            self.number(iri, "mg:frequencyHigh", fact.frequency.high)
        for group in fact.population:
            self.link(iri, "mg:population", self._population(group))
        if fact.route is not None:
            self.link(iri, "mg:route", self._node("route", fact.route))
        if fact.form is not None:
            self.link(iri, "mg:doseForm", self._node("dose-form", fact.form))
        for indication in fact.indication:
            self.link(iri, "mg:forIndication", self._node("concept", indication))
        if fact.part_of is not None:
            self.link(iri, "mg:symptomOf", self._node("concept", fact.part_of))

    def add_gap(self, gap: Gap) -> None:
        if gap.document != self.document.identifier:
            raise ValueError(f"a gap of document '{gap.document}' in the graph of '{self.document.identifier}'")
        iri = gap_iri(gap)
        shown = gap.label
        if gap.evidence is not None:
            self._derive(iri, (gap.evidence,))
            if not self.quotes:
                shown = gap.kind.replace("-", " ")
        self.link(iri, "rdf:type", mg("Gap"))
        self.link(iri, "mg:gapKind", naming.member("gap", gap.kind))
        self.link(iri, "mg:inDocument", self.iri)
        self.say(iri, "rdfs:label", shown, "@en")
        self.text(iri, "mg:section", gap.section)

    def add_evidence(self) -> None:
        for (start, end), place in self.places.items():
            iri = evidence_iri(self.document.sha256, start, end)
            quote, position = f"{iri}#quote", f"{iri}#position"
            for cls in ("oa:SpecificResource", "mg:Evidence"):
                self.link(iri, "rdf:type", vocabulary.expand(cls))
            self.link(iri, "oa:hasSource", self.iri)
            self.link(iri, "oa:hasSelector", position)
            self.link(position, "rdf:type", vocabulary.expand("oa:TextPositionSelector"))
            self.integer(position, "oa:start", start)
            self.integer(position, "oa:end", end)
            self.text(iri, "mg:section", place.section)
            self.text(iri, "mg:citationMark", place.citation)
            for mark in _marks(place.citation, self.document.references):
                self.link(iri, "mg:cites", naming.reference_iri(self.iri, mark))
            if self.quotes:
                self.text(iri, "mg:leadIn", place.lead_in)
                self.link(iri, "oa:hasSelector", quote)
                self.link(quote, "rdf:type", vocabulary.expand("oa:TextQuoteSelector"))
                self.text(quote, "oa:exact", place.quote)
                self.text(quote, "oa:prefix", self.document.text[max(0, start - CONTEXT) : start])
                self.text(quote, "oa:suffix", self.document.text[end : end + CONTEXT])

    def add_document(self, record: Record) -> None:
        from monograph.extraction import VERSION

        document, iri = record.document, self.iri
        self.link(iri, "rdf:type", mg("Document"))
        self.text(iri, "dcterms:identifier", document.identifier)
        self.text(iri, "dcterms:title", document.title)
        self.text(iri, "dcterms:publisher", document.publisher)
        self.text(iri, "dcterms:language", document.language)
        self.text(iri, "dcterms:rights", document.rights)
        self.text(iri, "dcterms:format", document.format)
        self.text(iri, "mg:jurisdiction", document.jurisdiction)
        self.text(iri, "mg:series", document.series)
        if document.series is not None:
            self.integer(iri, "mg:versionNumber", document.version_number)
        self.text(iri, "mg:sha256", document.sha256)
        self.text(iri, "mg:recordSha256", record_digest(record))
        self.text(iri, "mg:extractionVersion", VERSION)
        self.integer(iri, "mg:characters", len(document.text))
        for predicate, where in (("dcterms:source", document.source), ("dcterms:license", document.license)):
            if where is not None and _is_iri(where):
                self.link(iri, predicate, where)
            else:
                self.text(iri, predicate, where)
        for predicate, date in (("dcterms:issued", document.stated), ("mg:retrieved", document.retrieved)):
            if (moment := _moment(date)) is not None:
                self.say(iri, predicate, moment, _DATETIME)
            elif predicate == "dcterms:issued":
                self.text(iri, predicate, date)
        for name in document.drugs:
            if naming.node("drug-class", name) not in self.subjects:
                self.subjects.add(self._node("drug", name))
        for subject in self.subjects:
            self.link(iri, "mg:about", subject)
        for name, curie in document.identifiers:
            if is_valid(curie):
                term = iri_of(curie)
                self.link(self._node("drug", name), "skos:exactMatch", term)
                self.say(term, "skos:notation", curie)
        for correction in document.corrections:
            node = vocabulary.mint(
                "correction", vocabulary.digest([document.identifier, correction.fact, correction.why])
            )
            self.link(iri, "mg:hasCorrection", node)
            self.link(node, "rdf:type", mg("Correction"))
            self.link(node, "mg:corrects", vocabulary.mint("fact", correction.fact))
            self.text(node, "mg:reason", correction.why)
            if correction.by is not None:
                self.link(node, "mg:replacement", fact_iri(correction.by))
        for mark, citation in document.references.items():
            entry = naming.reference_iri(iri, mark)
            self.link(entry, "rdf:type", mg("Reference"))
            self.text(entry, "dcterms:bibliographicCitation", citation)
            self.text(entry, "mg:citationMark", mark)

    def add_spellings(self) -> None:
        for iri, spelling in self.spellings.items():
            if spelling != naming.spelt(iri):
                self.say(iri, "skos:altLabel", spelling, "@en")

    def sorted(self) -> str:
        end = f" <{self.iri}> .\n"
        return end.join((*sorted(self.found), ""))

    def _derive(self, iri: str, evidence: tuple[Evidence, ...]) -> None:
        if not evidence:
            raise ValueError(f"{iri} has no evidence")
        for place in evidence:
            if not place.quote or self.document.text[place.start : place.end] != place.quote:
                raise ValueError(
                    f"{self.document.identifier}: the quote {place.quote[:60]!r} is not the text at "
                    f"{place.start}-{place.end}"
                )
            known = self.places.setdefault((place.start, place.end), place)
            if known != place:
                self.places[place.start, place.end] = replace(
                    known,
                    section=known.section or place.section,
                    citation=known.citation or place.citation,
                    lead_in=known.lead_in or place.lead_in,
                )
            self.link(iri, "prov:wasDerivedFrom", evidence_iri(self.document.sha256, place.start, place.end))

    def _subject(self, fact: Fact) -> str:
        iri = naming.subject_iri(fact)
        self.subjects.add(iri)
        self._describe(iri, fact.drug, naming.SUBJECT_CLASS[naming.subject_type(fact)])
        return iri

    def _node(self, space: str, name: str) -> str:
        iri = naming.node(space, name)
        if (cls := naming.node_class(iri)) is not None:
            self._describe(iri, name, cls)
        return iri

    def _describe(self, iri: str, name: str, cls: str) -> None:
        if cls == "Drug" and _type_row(iri, "DrugCombination") in self.found:
            return
        if cls == "DrugCombination":
            self.found.discard(_type_row(iri, "Drug"))
            ingredients = [part.strip() for part in naming.spelt(iri).split(" + ")]
            for ingredient in ingredients if len(ingredients) > 1 else ():
                self.link(iri, "mg:hasIngredient", self._node("drug", ingredient))
        self.link(iri, "rdf:type", mg(cls))
        self.say(iri, "rdfs:label", naming.spelt(iri), "@en")
        self.spellings.setdefault(iri, name)

    def _population(self, group: AgeGroup) -> str:
        iri = naming.age_group_iri(group)
        if naming.node_class(iri) is None:
            return iri
        bounds = naming.spelt(iri).removeprefix(naming.age_group(iri, group.min_age, group.max_age).name)
        self._describe(iri, group.name + bounds, "Population")
        self.number(iri, "mg:minimumAge", group.min_age)
        self.number(iri, "mg:maximumAge", group.max_age)
        for broader in naming.broader_groups(group):
            self.link(iri, "skos:broader", broader)
        return iri


@cache
def _predicate(curie: str) -> str:
    return f"<{vocabulary.expand(curie)}>"


def _type_row(iri: str, cls: str) -> str:
    return f"<{iri}> {_predicate('rdf:type')} <{mg(cls)}>"


def _is_iri(text: str) -> bool:
    """Whether a document's word for an address is one that an RDF engine takes."""
    if not _IRI.fullmatch(text):
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _marks(citation: str | None, references: dict[str, str]) -> list[str]:
    """The entries of the list of references that a citation mark such as ``2, 3`` names."""
    if citation is None:
        return []
    if citation in references:
        return [citation]
    return sorted({mark for mark in re.split(r"[\s,;]+", citation.strip("[]() ")) if mark in references})


def _moment(date: str | None) -> str | None:
    """A date or time of ISO 8601 as xsd:dateTime, None where it is neither."""
    if date is None:
        return None
    if _DATE.fullmatch(date):
        date += "T00:00:00"
    try:
        moment = datetime.fromisoformat(date)
    except ValueError:
        return None
    if "T" not in date and " " not in date:
        return None
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
