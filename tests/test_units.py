"""Units are UCUM codes: each that the rules can make is one by UCUM's own grammar, and the shapes take it."""

from __future__ import annotations

import csv
import re
from importlib.resources import files

import pytest
from ucumvert import get_ucum_parser

from monograph import ontology

_SHAPES = ontology.read("shapes.ttl")


def made() -> list[str]:
    """The codes that extraction can give to a dose."""
    text = files("monograph.extraction.rules").joinpath("dose_units.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader([line for line in text.splitlines() if not line.startswith("#")], delimiter="\t")
    return sorted({row["ucum"] for row in rows})


def taken(shape: str) -> list[str]:
    """The codes that a shape takes."""
    [listed] = re.findall(rf"^shape:{shape} a sh:PropertyShape .*?sh:in \((.*?)\)", _SHAPES, re.MULTILINE | re.DOTALL)
    return re.findall(r'"([^"]+)"', listed)


@pytest.mark.parametrize("unit", sorted({*made(), *taken("doseUnit"), *taken("unit"), *taken("dosePer")}))
def test_a_unit_is_a_code_of_ucum(unit: str) -> None:
    get_ucum_parser().parse(unit)


def test_what_is_no_unit_is_told_from_one() -> None:
    for text in ("tablet", "mcg", "IU", "miligram"):
        with pytest.raises(Exception, match=r"(?s)."):
            get_ucum_parser().parse(text)


def test_the_shapes_take_every_unit_that_a_dose_can_have() -> None:
    assert set(made()) <= set(taken("doseUnit"))
