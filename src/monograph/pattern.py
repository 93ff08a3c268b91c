"""The RDF pattern of a fact as tables: which field goes to which property. Writing and reading both go by these."""

from __future__ import annotations

from typing import Final, Literal

from monograph.facts import Fact, Kind, Polarity

__all__ = ["CLOSED", "NAMED_KINDS", "NUMBERS", "TEXTS", "XSD", "Slot", "label", "label_marker"]

XSD: Final = "http://www.w3.org/2001/XMLSchema#"

Slot = Literal["text", "decimal", "integer"]

#: kinds whose value is a name as written (``mg:name``)
NAMED_KINDS: Final[frozenset[Kind]] = frozenset({"brand-name", "synonym"})

#: text field -> property
TEXTS: Final[dict[str, str]] = {
    "statement": "statement",
    "speaker": "speaker",
    "condition": "condition",
    "dose_unit": "doseUnit",
    "per": "dosePer",
    "duration": "treatmentDuration",
    "unit": "unit",
    "design": "design",
    "comparator": "comparator",
    "outcome": "outcome",
    "rule": "rule",
}

#: number field -> property; the two interval bounds are one field of a fact
NUMBERS: Final[dict[str, str]] = {
    "dose_value": "doseValue",
    "dose_max": "doseMaximum",
    "times_per_day": "timesPerDay",
    "times_per_day_max": "timesPerDayMaximum",
    "daily_dose": "dailyDose",
    "daily_dose_max": "dailyDoseMaximum",
    "low": "lowValue",
    "high": "highValue",
}

#: field -> (property, scheme) of the closed value sets
CLOSED: Final[dict[str, tuple[str, str]]] = {
    "polarity": ("polarity", "polarity"),
    "certainty": ("certainty", "certainty"),
    "role": ("role", "role"),
    "severity": ("severity", "severity"),
    "trigger": ("trigger", "trigger"),
}


def label_marker(kind: Kind, polarity: Polarity) -> str:
    """What stands in a fact's label between its drug and its value."""
    denied = "" if polarity == "asserted" else f" ({polarity.replace('-', ' ')})"
    return f": {kind.replace('-', ' ')}{denied}: "


def label(fact: Fact) -> str:
    """The label of a fact: ``baclofen: withdrawal symptom: hallucinations``."""
    return fact.drug + label_marker(fact.kind, fact.polarity) + fact.value
