"""What dose statements say: how much, for whom, on which condition, and which of them say nothing of the drug."""

from __future__ import annotations

import pytest

from monograph.extraction import extract
from monograph.facts import Fact
from monograph.loaders.article import ArticleLoader


def regimens(text: str, heading: str = "Dosage") -> list[Fact]:
    """The regimens that a section of an article on zentralin states."""
    source = f"---\ndrug: zentralin\n---\n\n# Zentralin\n\n## {heading}\n\n{text}\n"
    document = next(ArticleLoader().read(source.encode(), "zentralin.md"))
    return [fact for fact in extract(document) if fact.kind == "regimen"]


def doses(text: str) -> set[str]:
    """The regimens in short: role, dose and how often."""
    return {f"{f.role}: {f.value}" for f in regimens(text)}


@pytest.mark.parametrize(
    ("text", "dose", "unit", "per"),
    [
        ("Inject 2 milligrams for every 1 kilogram you weigh, once a week.", 2, "mg", "kg"),
        ("The usual dose is 30 micrograms zentralin per kilogram body weight once daily.", 30, "ug", "kg"),
        ("The usual dose is 15 mg zentralin beta per square metre once a week.", 15, "mg", "m2"),
    ],
)
def test_a_dose_by_body_weight_is_no_absolute_one(text: str, dose: float, unit: str, per: str) -> None:
    (found,) = regimens(text)
    assert (found.dose_value, found.dose_unit, found.per) == (dose, unit, per)


def test_the_number_of_a_footnote_or_a_week_is_no_part_of_the_dose() -> None:
    assert {f.dose_value for f in regimens("The usual dose is 600 mg weekly 1 300 mg at week 2.")} == {600, 300}
    assert regimens("The maximum is 1 200 mg daily.")[0].daily_dose == 1200


def test_a_dose_holds_for_the_weights_that_it_is_stated_for() -> None:
    found = regimens(
        "The dose is 50 mg for children weighing less than 5 kg and 100 mg for children weighing 5 kg or more."
    )
    assert {(f.dose_value, f.condition) for f in found} == {
        (50, "weighing less than 5 kg"),
        (100, "weighing 5 kg or more"),
    }
    rows = regimens(
        "| weight | dose |\n|---|---|\n| 10 to < 20 kg | 30 mg once a day |\n| 20 kg or more | 40 mg once a day |"
    )
    assert {(f.dose_value, f.condition) for f in rows} == {
        (30, "weighing 10 to < 20 kg"),
        (40, "weighing 20 kg or more"),
    }


def test_a_weight_is_no_age() -> None:
    (found,) = regimens("Children and adolescents > 20 kg take 20 mg three times a day.")
    assert [(g.name, g.min_age) for g in found.population] == [("children", None), ("adolescents", None)]


def test_a_sentence_that_goes_on_is_about_those_of_the_one_before() -> None:
    found = regimens(
        "Children weighing less than 40 kg start with 40 mg. Thereafter, the usual dose is 20 mg every other week."
    )
    assert {(f.dose_value, f.population[0].name, f.condition) for f in found} == {
        (40, "children", "weighing less than 40 kg"),
        (20, "children", "weighing less than 40 kg"),
    }


def test_a_condition_keeps_the_names_of_drugs() -> None:
    (found,) = regimens("If you take zentralin with warfarin, the dose is 5 mg once a day.")
    assert found.condition == "if you take zentralin with warfarin"


def test_doses_joined_by_or_are_two_where_they_go_by_other_schedules() -> None:
    assert doses("The dose is 30 mg/kg as a single dose or 10 mg/kg once daily for 3 days.") == {
        "maintenance: 30 mg/kg",
        "maintenance: 10 mg/kg 1 times a day",
    }
