"""Four short documents on three drugs and a combination, in our own words, with hand-made facts to ask questions of.

They are made so that each bundled query has an answer and a near miss: something that it must not return.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyoxigraph import Quad

from monograph.document import Correction, Document
from monograph.facts import AgeGroup, Evidence, Fact, Frequency, Gap, Kind
from monograph.linking.graph import link_quads
from monograph.mappings.model import Mapping
from monograph.naming import fact_iri
from monograph.store import Store, memory_store

__all__ = ["PARENTS", "documents", "facts", "filled", "gaps", "link_graph", "links"]

#: what stands above the terms that are linked
PARENTS = {"HP:9000001": ["HP:9000000"], "HP:9000002": ["HP:9000000"]}

_LEAFLET = """# Baclofen, a leaflet
Baclofen (brand name Lioresal, once called chlorophenyl-GABA) belongs to the muscle relaxants.
It is a treatment for spasticity in adults and in children from 4 to 12 years.
Some doctors try it against hiccups.
It was first made in 1962, as a drug against epilepsy, but it did not help against epilepsy.
It slows nerves in the spinal cord [1].
In a blinded trial, fewer spasms were counted with baclofen than with placebo [2].
## Dose
Swallow the tablets. Baclofen can also be given into the fluid around the spine.
Adults start with 5 mg three times a day for 3 days. Nobody takes more than 80 mg a day.
Children take 0.75 to 2 mg for each kg a day, every 6 to 8 hours.
It works after 1 to 2 hours and for about 8 hours; half of it is gone in 3 to 4 hours, mostly with the urine.
## Effects
Very often: drowsiness. In 1 to 10 of 10,000 people: slow breathing, which is serious.
It does not make people gain weight. Confusion is possible.
An allergy shows as a swollen face, if you are sensitive to it.
Pancreatitis may show as belly pain.
After a sudden stop: hallucinations, seizures, confusion.
After too much: seizures, coma.
Other effects are:
## Care
Do not take it with an active stomach ulcer. Take care with kidney disease.
Alcohol makes you sleepier. Levodopa and opioids add to it. Grapefruit juice changes nothing.
Experts think that it may harm in pregnancy; nobody knows whether it is safe while breastfeeding.
In the first three months of pregnancy it is kept for serious need.
Ask a pharmacist before you buy other medicines.
"""

_REVIEW = """A review of baclofen.
It treats spasticity. Weight gain was seen in some people. Drowsiness is common.
It causes no hallucinations after a slow stop.
"""

_TIZANIDINE = """Tizanidine treats spasticity and belongs to the muscle relaxants.
It makes people drowsy and gives a dry mouth. After a stop, hallucinations and a fast heartbeat may come.
Never take it with severe liver disease. At most 36 mg are taken a day.
Whether it helps against headache has not been settled.
"""

_OLD_LABEL = """Quelloram treats gout. It can cause nausea and headache.
"""

_NEW_LABEL = """Quelloram treats gout. It can cause nausea and dizziness.
"""

_SHEET = """What the desk checked

Quelloram makes nobody dizzy after all.
"""

_TABLETS = """Paracetamol with caffeine is a mixture for headache. It can keep people awake.
Caffeine alone can make people tremble.
"""


def _document(identifier: str, text: str, title: str, drugs: tuple[str, ...], **more: Any) -> Document:
    return Document(
        identifier=identifier,
        text=text,
        sha256=Document.digest(text.encode()),
        format="article/text",
        title=title,
        drugs=drugs,
        language="en",
        source=f"https://example.org/{identifier}",
        **more,
    )


def documents() -> list[Document]:
    return [
        _document(
            "baclofen-leaflet",
            _LEAFLET,
            "Baclofen, a leaflet",
            ("baclofen",),
            publisher="The test press",
            license="https://creativecommons.org/publicdomain/zero/1.0/",
            jurisdiction="GB",
            stated="2024-05-06",
            references={"1": "A. Writer. Nerves. 1999.", "2": "B. Writer. A trial. 2001."},
        ),
        _document("baclofen-review", _REVIEW, "A review", ("baclofen",), stated="2025-01-01"),
        _document("tizanidine-note", _TIZANIDINE, "Tizanidine", ("tizanidine",)),
        _document("headache-tablets", _TABLETS, "Headache tablets", ("paracetamol + caffeine", "caffeine")),
        _document("quelloram-1", _OLD_LABEL, "Quelloram", ("quelloram",), series="set-1", version="1"),
        _document("quelloram-2", _NEW_LABEL, "Quelloram", ("quelloram",), series="set-1", version="2"),
    ]


def sheet() -> Document:
    """What a curator says of the label of quelloram."""
    [wrong] = [fact for fact in facts("quelloram-2") if fact.value == "dizziness"]
    quote = "Quelloram makes nobody dizzy after all."
    start = _SHEET.index(quote)
    place = Evidence(start, start + len(quote), quote)
    right = replace(wrong, polarity="negated", document="sheet-desk", rule="curated", evidence=(place,))
    said = Correction(fact_iri(wrong).rpartition("/")[2], "The label has it from another drug.", right)
    return _document("sheet-desk", _SHEET, "What the desk checked", ("quelloram",), facts=(right,), corrections=(said,))


def _fact(document: str, kind: Kind, value: str, quote: str, *, nth: int = 0, **more: Any) -> Fact:
    """A fact of ``document`` whose quote is found in its text, the ``nth`` time that it stands there."""
    found = next(d for d in documents() if d.identifier == document)
    start = -1
    for _ in range(nth + 1):
        start = found.text.index(quote, start + 1)
    above = [line[3:] for line in found.text[:start].splitlines() if line.startswith("## ")]
    section = above[-1] if above else None
    place = Evidence(start, start + len(quote), quote, section, more.pop("citation", None), more.pop("lead_in", None))
    more.setdefault("drug", found.drugs[0])
    return Fact(kind=kind, value=value, document=document, rule="by hand", evidence=(place,), **more)


def _leaflet(kind: Kind, value: str, quote: str, **more: Any) -> Fact:
    return _fact("baclofen-leaflet", kind, value, quote, **more)


_CHILDREN = AgeGroup("children", 4, 12)
_TREATS = "It is a treatment for spasticity in adults and in children from 4 to 12 years."
_PREGNANT = "it may harm in pregnancy"
_EARLY = "In the first three months of pregnancy it is kept for serious need."


def _baclofen() -> list[Fact]:
    stop: dict[str, Any] = {"trigger": "abrupt-stop", "lead_in": "After a sudden stop:"}
    over: dict[str, Any] = {"trigger": "overdose", "lead_in": "After too much:"}
    return [
        _leaflet("brand-name", "Lioresal", "Lioresal"),
        _leaflet("synonym", "chlorophenyl-GABA", "chlorophenyl-GABA"),
        _leaflet("drug-class", "muscle relaxants", "belongs to the muscle relaxants"),
        _leaflet("indication", "spasticity", _TREATS, role="treatment", population=(AgeGroup("adults"), _CHILDREN)),
        _leaflet("indication", "hiccups", "try it against hiccups", role="off-label", certainty="hedged"),
        _leaflet(
            "indication", "epilepsy", "it did not help against epilepsy", role="investigational", polarity="negated"
        ),
        _leaflet("history", "first made", "It was first made in 1962", year=1962, statement="first made in 1962"),
        _leaflet(
            "mechanism", "slows nerves", "It slows nerves in the spinal cord", citation="1", statement="slows nerves"
        ),
        _leaflet(
            "study",
            "spasms",
            "In a blinded trial, fewer spasms were counted with baclofen than with placebo",
            citation="2",
            design="blinded",
            comparator="placebo",
            outcome="fewer spasms",
        ),
        _leaflet("dose-form", "tablet", "tablets"),
        _leaflet("route", "oral", "Swallow the tablets."),
        _leaflet("route", "intrathecal", "into the fluid around the spine"),
        _leaflet(
            "regimen",
            "5 mg three times a day",
            "Adults start with 5 mg three times a day for 3 days.",
            role="start",
            population=(AgeGroup("adults"),),
            route="oral",
            indication=("spasticity",),
            dose_value=5,
            dose_unit="mg",
            times_per_day=3,
            duration="P3D",
        ),
        _leaflet(
            "regimen",
            "80 mg a day",
            "Nobody takes more than 80 mg a day.",
            role="maximum",
            dose_unit="mg",
            daily_dose=80,
        ),
        _leaflet(
            "regimen",
            "0.75 to 2 mg/kg a day",
            "Children take 0.75 to 2 mg for each kg a day, every 6 to 8 hours.",
            role="maintenance",
            population=(AgeGroup("children"),),
            dose_value=0.75,
            dose_max=2,
            dose_unit="mg",
            per="kg",
            interval_hours=(6, 8),
        ),
        _leaflet("onset", "1 to 2 hours", "It works after 1 to 2 hours", low=1, high=2, unit="h"),
        _leaflet("duration", "8 hours", "for about 8 hours", low=8, unit="h", certainty="hedged"),
        _leaflet("half-life", "3 to 4 hours", "half of it is gone in 3 to 4 hours", low=3, high=4, unit="h"),
        _leaflet("excretion", "urine", "mostly with the urine", statement="mostly with the urine"),
        _leaflet(
            "adverse-effect", "drowsiness", "drowsiness", frequency=Frequency("very-common"), lead_in="Very often:"
        ),
        _leaflet(
            "adverse-effect",
            "slow breathing",
            "slow breathing, which is serious",
            severity="serious",
            frequency=Frequency("rare", 0.0001, 0.001),
        ),
        _leaflet("adverse-effect", "weight gain", "It does not make people gain weight.", polarity="negated"),
        _leaflet("adverse-effect", "confusion", "Confusion is possible.", certainty="hedged"),
        _leaflet("adverse-effect", "belly pain", "may show as belly pain", part_of="pancreatitis", certainty="hedged"),
        _leaflet("allergic-symptom", "swollen face", "a swollen face", condition="if you are sensitive to it"),
        _leaflet("withdrawal-symptom", "hallucinations", "hallucinations", **stop),
        _leaflet("withdrawal-symptom", "seizures", "seizures", **stop),
        _leaflet("withdrawal-symptom", "confusion", "confusion", **stop),
        _leaflet("overdose-symptom", "seizures", "seizures", nth=1, **over),
        _leaflet("overdose-symptom", "coma", "coma", **over),
        _leaflet("contraindication", "stomach ulcer", "Do not take it with an active stomach ulcer."),
        _leaflet("precaution", "kidney disease", "Take care with kidney disease."),
        _leaflet(
            "interaction", "alcohol", "Alcohol makes you sleepier.", role="alcohol", statement="makes you sleepier"
        ),
        _leaflet("interaction", "levodopa", "Levodopa and opioids add to it.", role="drug"),
        _leaflet("interaction", "opioids", "Levodopa and opioids add to it.", role="drug-class"),
        _leaflet(
            "interaction", "grapefruit juice", "Grapefruit juice changes nothing.", role="food", polarity="negated"
        ),
        _leaflet(
            "population",
            "pregnancy",
            _PREGNANT,
            statement="may harm",
            certainty="hedged",
            speaker="experts",
            population=(AgeGroup("pregnancy"),),
        ),
        _leaflet(
            "population",
            "breastfeeding",
            "nobody knows whether it is safe while breastfeeding",
            statement="safety is not known",
            polarity="not-established",
            population=(AgeGroup("breastfeeding"),),
        ),
        _leaflet("precaution", "serious need", _EARLY, population=(AgeGroup("first trimester"),)),
        _leaflet(
            "advice", "ask first", "Ask a pharmacist before you buy other medicines.", statement="ask a pharmacist"
        ),
    ]


def facts(document: str) -> list[Fact]:
    """The facts of a document, in the order of its text or nearly so."""
    if document == "baclofen-leaflet":
        return _baclofen()
    if document.startswith("quelloram"):
        told = ("nausea", "headache") if document == "quelloram-1" else ("nausea", "dizziness")
        return [
            _fact(document, "indication", "gout", "Quelloram treats gout.", role="treatment"),
            *(_fact(document, "adverse-effect", name, name) for name in told),
        ]
    if document == "baclofen-review":
        return [
            _fact(document, "indication", "spasticity", "It treats spasticity.", role="treatment"),
            _fact(document, "adverse-effect", "weight gain", "Weight gain was seen in some people."),
            _fact(document, "adverse-effect", "drowsiness", "Drowsiness is common.", frequency=Frequency("common")),
            _fact(
                document,
                "withdrawal-symptom",
                "hallucinations",
                "It causes no hallucinations after a slow stop.",
                polarity="negated",
                trigger="dose-reduction",
            ),
        ]
    if document == "tizanidine-note":
        return [
            _fact(document, "indication", "spasticity", "Tizanidine treats spasticity", role="treatment"),
            _fact(document, "drug-class", "muscle relaxants", "belongs to the muscle relaxants"),
            _fact(document, "adverse-effect", "drowsiness", "It makes people drowsy"),
            _fact(document, "adverse-effect", "dry mouth", "gives a dry mouth"),
            _fact(
                document,
                "withdrawal-symptom",
                "hallucinations",
                "hallucinations",
                certainty="hedged",
                trigger="stopping",
            ),
            _fact(document, "withdrawal-symptom", "fast heartbeat", "a fast heartbeat", certainty="hedged"),
            _fact(
                document,
                "contraindication",
                "liver disease",
                "Never take it with severe liver disease.",
                severity="severe",
            ),
            _fact(
                document,
                "regimen",
                "36 mg a day",
                "At most 36 mg are taken a day.",
                role="maximum",
                dose_unit="mg",
                daily_dose=36,
            ),
            _fact(
                document,
                "indication",
                "headache",
                "Whether it helps against headache has not been settled.",
                polarity="not-established",
            ),
        ]
    mixture: dict[str, Any] = {"subject_type": "combination"}
    return [
        _fact(document, "indication", "headache", "is a mixture for headache", role="symptomatic", **mixture),
        _fact(document, "adverse-effect", "insomnia", "It can keep people awake.", **mixture),
        _fact(document, "adverse-effect", "tremor", "Caffeine alone can make people tremble.", drug="caffeine"),
    ]


def gaps(document: str) -> list[Gap]:
    if document != "baclofen-leaflet":
        return []
    announced = "Other effects are:"
    start = _LEAFLET.index(announced)
    place = Evidence(start, start + len(announced), announced, "Effects")
    return [
        Gap("empty-list", announced, document, "Effects", place),
        Gap("absent-section", "storage", document),
    ]


def filled() -> Store:
    """A store in memory with all documents, facts and gaps."""
    store = memory_store()
    for document in documents():
        store.put(document, facts(document.identifier), gaps(document.identifier))
    store.put(sheet(), sheet().facts)
    store.put_links(link_graph())
    return store


def link_graph() -> list[Quad]:
    """The quads of :func:`links`, with what stands above their terms."""
    return link_quads(links(), parents=PARENTS)


def links() -> list[Mapping]:
    """Links to terms whose numbers, from 9,000,000 on, are nobody's: exact, close, denied, ambiguous, in conflict."""

    def row(subject: str, match: str, term: str, confidence: float, comment: str, *, negated: bool = False) -> Mapping:
        label = subject.partition(":")[2].replace("_", " ")
        return Mapping(
            subject,
            match,
            term,
            negated=negated,
            subject_label=label,
            object_label=f"term for {label}",
            justification="semapv:LexicalMatching",
            confidence=confidence,
            comment=comment,
        )

    candidate = "mg:candidateMatch"
    return [
        row("concept:hallucinations", "skos:exactMatch", "HP:9000001", 0.99, "its label"),
        row("concept:drowsiness", "skos:exactMatch", "HP:9000002", 0.98, "an exact synonym"),
        row("concept:drowsiness", "skos:exactMatch", "HP:9000009", 0.9, "a curator says no", negated=True),
        row("concept:dry_mouth", "skos:closeMatch", "HP:9000003", 0.7, "a lay synonym"),
        row("concept:coma", candidate, "mesh:D999001", 0.49, "its label; 2 terms fit alike"),
        row("concept:coma", candidate, "mesh:D999002", 0.49, "its label; 2 terms fit alike"),
        row("drug:baclofen", "skos:exactMatch", "drugbank:DB90001", 1, "its label"),
        row("drug:baclofen", "skos:exactMatch", "unii:0ZZ1234567", 0.98, "drugbank:DB90001 → unii:0ZZ1234567 (a)"),
        row("drug:baclofen", "skos:closeMatch", "drugbank:DB90009", 0.6, "another term fits better"),
        row("drug:tizanidine", "skos:exactMatch", "rxnorm:9000001", 0.99, "its label"),
        row("drug:tizanidine", candidate, "rxnorm:9000002", 0.4, "conflict: drugbank:DB90003 → rxnorm:9000002 (b)"),
    ]
