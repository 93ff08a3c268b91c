"""A small document in our own words with facts of every kind, for tests that need a graph without extraction."""

from __future__ import annotations

from typing import Any

from monograph.document import Block, Document, Piece, Section
from monograph.facts import AgeGroup, Evidence, Fact, Frequency, Gap, Kind

__all__ = ["document", "fact", "facts", "gaps", "other_document", "other_facts"]

_SECTIONS = (
    (
        "What zentralin is",
        """Zentralin (brand name Relaxor, also called zentralinum) is a muscle relaxant.
It is used to treat spasticity in adults and in children aged 4 to 12 years.
Doctors sometimes prescribe it for hiccups, although it is not licensed for that.
Early trials looked at epilepsy, but zentralin did not help against it.
It acts on receptors in the spinal cord and calms overactive nerves [1].
Zentralin was first made in 1962.
In a blinded study of 40 people, zentralin eased spasms more than placebo did [2].
""",
    ),
    (
        "How to take zentralin",
        """Zentralin comes as tablets and as a solution for the spine.
Swallow the tablets by mouth; the solution is given into the spine.
Adults start with 5 mg three times a day for 3 days.
The most that is taken in a day is 80 mg in three or four doses.
Children take 0.75 to 2 mg per kg a day, every 6 to 8 hours.
Older adults need 20 to 40 mg a day.
It starts to work within 1 to 2 hours and lasts about 8 hours.
Its half-life is 3 to 4 hours, and the kidneys carry most of it out.
""",
    ),
    (
        "Side effects of zentralin",
        """Very common side effects, in more than 1 in 10 people:
- Drowsiness
- Dry mouth
Rarely, a serious fall in breathing may follow.
Weight gain has not been seen with zentralin.
Some people are allergic and get a swollen face.
If you stop suddenly, you may have:
- Hallucinations
- Seizures
Too much zentralin may cause:
- Seizures
- Coma
Other effects include:
""",
    ),
    (
        "Before you take zentralin",
        """Do not take zentralin if you have an active stomach ulcer.
Take care if you have kidney disease; pancreatitis may show as belly pain.
Alcohol makes you sleepier. Levodopa and opioids add to the effect. Grapefruit juice does not matter.
Experts say it may be unsafe while pregnant; whether it is safe while breastfeeding is not known.
Ask a pharmacist before you buy other medicines.
""",
    ),
)

_DRUG = "zentralin"


def document() -> Document:
    """The sample document: four sections, a list with lead-ins, references."""
    text, sections, blocks = "", [], []
    for number, (heading, body) in enumerate(_SECTIONS):
        start = len(text)
        text += heading + "\n"
        blocks.append(Block("heading", (Piece(start, len(text) - 1),), number))
        lead_in = None
        for line in body.splitlines():
            at = len(text) + (2 if line.startswith("- ") else 0)
            text += line + "\n"
            item = line.startswith("- ")
            piece = (Piece(at, len(text) - 1),)
            blocks.append(Block("item" if item else "paragraph", piece, number, int(item), lead_in if item else None))
            if not item:
                lead_in = len(blocks) - 1 if line.endswith(":") else None
        sections.append(Section(heading, 1, start, len(text)))
    return Document(
        identifier="zentralin-Sample",
        text=text,
        sha256=Document.digest(text.encode()),
        format="article/text",
        title="Zentralin: a made-up drug",
        drugs=(_DRUG,),
        publisher="The sample press",
        source="https://example.org/zentralin",
        language="en",
        license="https://creativecommons.org/publicdomain/zero/1.0/",
        jurisdiction="GB",
        stated="2024-05-06",
        retrieved="2024-06-07T08:09:10Z",
        rights="Free to pass on.",
        sections=tuple(sections),
        blocks=tuple(blocks),
        references={"1": "A. Writer. Receptors. 1999.", "2": "B. Writer. A study. 2001."},
    )


def fact(kind: Kind, value: str, quote: str, *, nth: int = 0, lead_in: str | None = None, **more: Any) -> Fact:
    """A fact of the sample document; ``quote`` is found in its text, the ``nth`` time that it stands there."""
    text = document().text
    start = -1
    for _ in range(nth + 1):
        start = text.index(quote, start + 1)
    section = next(s.heading for s in document().sections if s.start <= start < s.end)
    citation = more.pop("citation", None)
    values: dict[str, Any] = {
        "kind": kind,
        "drug": _DRUG,
        "value": value,
        "document": "zentralin-Sample",
        "rule": "sample",
    }
    values |= more
    return Fact(**values, evidence=(Evidence(start, start + len(quote), quote, section, citation, lead_in),))


def facts() -> list[Fact]:
    """At least one fact of each kind, each qualifier at least once, each polarity and certainty."""
    stop, over = "If you stop suddenly, you may have:", "Too much zentralin may cause:"
    often = "Very common side effects, in more than 1 in 10 people:"
    spasticity = "It is used to treat spasticity in adults and in children aged 4 to 12 years."
    pregnant = "it may be unsafe while pregnant"
    return [
        fact("drug-class", "muscle relaxant", "is a muscle relaxant"),
        fact("brand-name", "Relaxor", "Relaxor"),
        fact("synonym", "zentralinum", "zentralinum"),
        fact(
            "indication",
            "spasticity",
            spasticity,
            role="treatment",
            population=(AgeGroup("adults"), AgeGroup("children", 4, 12)),
        ),
        fact("indication", "hiccups", "prescribe it for hiccups", role="off-label", certainty="hedged"),
        fact("indication", "epilepsy", "zentralin did not help against it", role="investigational", polarity="negated"),
        fact(
            "mechanism",
            "receptors in the spinal cord",
            "acts on receptors in the spinal cord",
            citation="1",
            statement="acts on receptors in the spinal cord and calms overactive nerves",
        ),
        fact("history", "first made", "Zentralin was first made in 1962.", year=1962, statement="first made in 1962"),
        fact(
            "study",
            "spasms",
            "In a blinded study of 40 people, zentralin eased spasms more than placebo did",
            citation="2",
            design="blinded",
            comparator="placebo",
            outcome="eased spasms more",
        ),
        fact("dose-form", "tablet", "tablets"),
        fact("dose-form", "spinal solution", "a solution for the spine"),
        fact("route", "oral", "by mouth", form="tablet"),
        fact("route", "intrathecal", "given into the spine"),
        fact(
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
        fact(
            "regimen",
            "80 mg a day",
            "The most that is taken in a day is 80 mg in three or four doses.",
            role="maximum",
            dose_unit="mg",
            daily_dose=80,
            times_per_day=3,
            times_per_day_max=4,
            form="tablet",
        ),
        fact(
            "regimen",
            "0.75 to 2 mg/kg a day",
            "Children take 0.75 to 2 mg per kg a day, every 6 to 8 hours.",
            role="maintenance",
            population=(AgeGroup("children"),),
            dose_value=0.75,
            dose_max=2,
            dose_unit="mg",
            per="kg",
            interval_hours=(6, 8),
        ),
        fact(
            "regimen",
            "20 to 40 mg a day",
            "Older adults need 20 to 40 mg a day.",
            population=(AgeGroup("older adults"),),
            dose_unit="mg",
            daily_dose=20,
            daily_dose_max=40,
        ),
        fact("onset", "1 to 2 hours", "It starts to work within 1 to 2 hours", low=1, high=2, unit="h"),
        fact("duration", "8 hours", "lasts about 8 hours", low=8, unit="h", certainty="hedged"),
        fact("half-life", "3 to 4 hours", "Its half-life is 3 to 4 hours", low=3, high=4, unit="h"),
        fact("excretion", "kidneys", "the kidneys carry most of it out", statement="mostly by the kidneys"),
        fact(
            "adverse-effect",
            "drowsiness",
            "Drowsiness",
            lead_in=often,
            severity="mild",
            frequency=Frequency("very-common", 0.1, 1),
        ),
        fact("adverse-effect", "dry mouth", "Dry mouth", lead_in=often, frequency=Frequency("very-common", 0.1, 1)),
        fact(
            "adverse-effect",
            "respiratory depression",
            "Rarely, a serious fall in breathing may follow.",
            severity="serious",
            frequency=Frequency("rare"),
            certainty="hedged",
        ),
        fact("adverse-effect", "weight gain", "Weight gain has not been seen with zentralin.", polarity="negated"),
        fact("allergic-symptom", "swollen face", "get a swollen face", condition="in people who are allergic"),
        fact(
            "withdrawal-symptom",
            "hallucinations",
            "Hallucinations",
            lead_in=stop,
            trigger="abrupt-stop",
            certainty="hedged",
        ),
        fact("withdrawal-symptom", "seizures", "Seizures", lead_in=stop, trigger="abrupt-stop", certainty="hedged"),
        fact("overdose-symptom", "seizures", "Seizures", nth=1, lead_in=over, trigger="overdose", certainty="hedged"),
        fact("overdose-symptom", "coma", "Coma", lead_in=over, trigger="overdose", certainty="hedged"),
        fact("contraindication", "stomach ulcer", "Do not take zentralin if you have an active stomach ulcer"),
        fact("precaution", "kidney disease", "Take care if you have kidney disease"),
        fact(
            "adverse-effect",
            "belly pain",
            "pancreatitis may show as belly pain",
            part_of="pancreatitis",
            certainty="hedged",
        ),
        fact("interaction", "alcohol", "Alcohol makes you sleepier.", role="alcohol", statement="makes you sleepier"),
        fact(
            "interaction",
            "levodopa",
            "Levodopa and opioids add to the effect.",
            role="drug",
            statement="adds to the effect",
        ),
        fact(
            "interaction",
            "opioids",
            "Levodopa and opioids add to the effect.",
            role="drug-class",
            statement="add to the effect",
        ),
        fact("interaction", "grapefruit juice", "Grapefruit juice does not matter.", role="food", polarity="negated"),
        fact(
            "population",
            "pregnancy",
            pregnant,
            statement="may be unsafe",
            certainty="hedged",
            speaker="experts",
            population=(AgeGroup("pregnancy"),),
        ),
        fact(
            "population",
            "breastfeeding",
            "whether it is safe while breastfeeding is not known",
            statement="safety is not known",
            polarity="not-established",
            population=(AgeGroup("breastfeeding"),),
        ),
        fact(
            "advice",
            "ask before buying other medicines",
            "Ask a pharmacist before you buy other medicines.",
            statement="ask a pharmacist before you buy other medicines",
        ),
    ]


def gaps() -> list[Gap]:
    """One gap with a place and one without."""
    announced = "Other effects include:"
    start = document().text.index(announced)
    place = Evidence(start, start + len(announced), announced, "Side effects of zentralin")
    return [
        Gap("empty-list", announced, "zentralin-Sample", "Side effects of zentralin", place),
        Gap("absent-section", "storage", "zentralin-Sample"),
    ]


_OTHER = """Mollivan and its mixture with zentralin
Mollivan + zentralin is taken by mouth for muscle spasms.
When mollivan is stopped, hallucinations may come. Mollivan can cause dry mouth and nausea.
Parkinson's disease may get worse.
"""


def other_document() -> Document:
    """A second document, on another drug and a fixed combination, that shares concepts with the first."""
    return Document(
        identifier="mollivan",
        text=_OTHER,
        sha256=Document.digest(_OTHER.encode()),
        format="article/text",
        title="Mollivan",
        drugs=("mollivan", "mollivan + zentralin"),
        language="en",
    )


def other_facts() -> list[Fact]:
    def make(kind: Kind, value: str, quote: str, drug: str = "mollivan", **more: Any) -> Fact:
        start = _OTHER.index(quote)
        return Fact(
            kind=kind,
            drug=drug,
            value=value,
            document="mollivan",
            rule="sample",
            evidence=(Evidence(start, start + len(quote), quote),),
            **more,
        )

    both: dict[str, Any] = {"drug": "mollivan + zentralin", "subject_type": "combination"}
    return [
        make("indication", "muscle spasms", "is taken by mouth for muscle spasms", role="treatment", **both),
        make("route", "oral", "by mouth", **both),
        make("withdrawal-symptom", "hallucinations", "hallucinations may come", trigger="stopping", certainty="hedged"),
        make("adverse-effect", "dry mouth", "Mollivan can cause dry mouth"),
        make("adverse-effect", "nausea", "nausea"),
        make("precaution", "Parkinson's disease", "Parkinson's disease may get worse"),
    ]
