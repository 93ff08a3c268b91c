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


@pytest.mark.parametrize(
    "text",
    [
        "You will also have folic acid 400 micrograms once a day while you receive zentralin.",
        "You will be given 4 mg of dexamethasone twice a day for three days, beginning the day before zentralin.",
        "A 2 mL syringe should be used for doses of up to 2 mL of zentralin once a week.",
        "Mix zentralin with 2 tablespoons (30 mL) of yoghurt once a day.",
        "Mix the powder of zentralin with about 100 mL (half a glass) of water and drink it immediately.",
        "At least once a week, wash the actuator.",
        "There is little evidence that zentralin does more good beyond 6 mg per day.",
    ],
)
def test_doses_of_other_things_are_none_of_the_drug(text: str) -> None:
    assert regimens(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Take one film-coated tablet of either 50 mg/850 mg or 50 mg/1000 mg twice a day.",
            {"maintenance: 1 tablet 2 times a day"},
        ),
        ("The dose is one 90 mg/400 mg tablet once a day.", {"maintenance: 1 tablet 1 times a day"}),
        ("The dose is 300 mg once daily with 100 mg ritonavir once daily.", {"maintenance: 300 mg 1 times a day"}),
        (
            "Triple therapy: zentralin amoxicillin clarithromycin 20 mg 1000 mg 500 mg, each twice daily.",
            {"maintenance: 20 mg 2 times a day"},
        ),
        ("600 mg zentralin together with 100 mg ritonavir twice daily", {"maintenance: 600 mg 2 times a day"}),
        ("Dissolve one sachet in 100 ml water and drink it once a day.", {"maintenance: 1 sachet 1 times a day"}),
    ],
)
def test_the_dose_of_a_combination_is_told_from_its_strengths_and_partners(text: str, expected: set[str]) -> None:
    assert doses(text) == expected


def test_a_condition_ends_where_the_dose_begins() -> None:
    (found,) = regimens("If you take quinidine, verapamil or sotalol the usual dose is 5 mg once a day.")
    assert (found.dose_value, found.condition) == (5, "if you take quinidine, verapamil or sotalol")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "First dose of 80 mg, followed by 40 mg two weeks later.",
            {"start: 80 mg", "titration: 40 mg"},
        ),
        ("Then begin a maintenance dose of 40 mg every other week.", {"maintenance: 40 mg every 336 hours"}),
        ("Daily doses up to 100 mg may be necessary.", {"maximum: 100 mg a day"}),
        (
            "500 mg as one dose on day 1, followed by 250 mg once daily on days 2 to 5 or 500 mg daily for 3 days.",
            {"start: 500 mg", "maintenance: 250 mg 1 times a day", "maintenance: 500 mg a day"},
        ),
        (
            "The dose climbs every 4 weeks: 0.25 mg, then 0.5 mg, 1 mg, and finally 2 mg once a week.",
            {
                "start: 0.25 mg every 168 hours",
                "titration: 0.5 mg every 168 hours",
                "titration: 1 mg every 168 hours",
                "maintenance: 2 mg every 168 hours",
            },
        ),
        (
            "It is 5 mg/kg a day in 2 or 3 equal doses to begin with, and 4 to 8 mg/kg a day thereafter.",
            {"start: 2 to 3 times a day total 5 mg/kg a day", "maintenance: 4 to 8 mg/kg a day"},
        ),
        ("The dose is 0.05 mg/kg/day to 0.15 mg/kg/day.", {"maintenance: 0.05 to 0.15 mg/kg a day"}),
        (
            "Day 1: 300 mg once; day 2: 300 mg twice; from day 3 onwards 300 mg three times a day.",
            {"start: 300 mg", "titration: 300 mg 2 times a day", "maintenance: 300 mg 3 times a day"},
        ),
        (
            "Inject 0.25 mg once a week for 4 weeks before you move to 0.5 mg once a week.",
            {"start: 0.25 mg every 168 hours", "titration: 0.5 mg every 168 hours"},
        ),
        ("Take 2.5 mg twice a day, begun as soon as the rash shows.", {"maintenance: 2.5 mg 2 times a day"}),
        (
            "100 mg every 12 hours on day one, then 100 mg daily.",
            {"start: 100 mg every 12 hours", "maintenance: 100 mg a day"},
        ),
        (
            "Start with 0.5 mg three times daily; most people in the trials took 5 mg a day.",
            {"start: 0.5 mg 3 times a day"},
        ),
    ],
)
def test_each_step_of_a_schedule_has_its_role(text: str, expected: set[str]) -> None:
    assert doses(text) == expected


def test_weeks_after_which_a_dose_follows_are_not_how_long_it_is_taken() -> None:
    assert [f.duration for f in regimens("After two further weeks, continue with 40 mg every week.")] == [None]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("In patients taking fluvoxamine, the dose is limited to 20 mg once daily.", "taking fluvoxamine"),
        ("Start patients on diuretics at 5 mg once daily.", "on diuretics"),
        (
            "The dose is 7 mg once a day for people not receiving blood transfusions.",
            "not receiving blood transfusions",
        ),
        ("Take two puffs 15 minutes before exercise.", "before exercise"),
        ("One 50 mg tablet is taken at the first sign of migraine.", "at the first sign of migraine"),
    ],
)
def test_what_a_dose_depends_on_is_kept(text: str, condition: str) -> None:
    assert [f.condition for f in regimens(text)] == [condition]


def test_what_a_dose_is_for_is_the_illness_alone() -> None:
    (found,) = regimens("The dose for adult patients with psoriasis is 40 mg once daily.")
    assert found.indication == ("psoriasis",)
    assert [f.indication for f in regimens("The dose for people on hemodialysis is 2 mg once daily.")] == [()]


def test_the_age_in_brackets_behind_an_illness_is_that_of_the_patients() -> None:
    (found,) = regimens("Sinusitis (6 months of age and older): 10 mg/kg once daily for 3 days.")
    assert [(g.name, g.min_age) for g in found.population] == [("children over 6 months", 0.5)]


def test_a_dose_by_oral_inhalation_is_inhaled_and_the_route_of_a_partner_is_its_own() -> None:
    assert [f.route for f in regimens("Take 2 inhalations by oral inhalation twice daily.")] == ["inhalation"]
    assert [f.route for f in regimens("Zentralin 10 mg is given weekly with intravenous methotrexate.")] == [None]


def test_a_condition_that_opens_a_sentence_holds_for_each_of_its_doses() -> None:
    found = regimens("If you have a poor response, your doctor may give 40 mg every week or 80 mg every other week.")
    assert {(f.dose_value, f.condition) for f in found} == {
        (40, "if you have a poor response"),
        (80, "if you have a poor response"),
    }


def test_each_infusion_of_a_first_phase_is_a_start() -> None:
    found = regimens(
        "Initial phase: you get an infusion every week for four weeks. Each infusion will be a dose of 600 mg."
    )
    assert {f.role for f in found} == {"start"}


def test_a_limit_of_a_single_dose_or_of_how_often_is_a_maximum() -> None:
    for sentence in ("No single dose may be larger than 10 mg.", "Do not use the tablet more often than once a day."):
        assert {f.role for f in regimens(sentence)} == {"maximum"}


def test_the_strength_of_a_tablet_that_is_halved_is_no_dose() -> None:
    assert not regimens("Halve the 50 mg tablet and take half of it once a day.")


def test_a_line_above_says_what_the_doses_below_it_are_for() -> None:
    told = regimens(
        "To prevent clots after a hip or knee operation.\n\nThe usual dose is 4 mg twice a day.\n\n"
        "To treat gout.\n\nThe usual dose is 4 mg twice a day."
    )
    assert [(f.indication, f.condition) for f in told] == [
        (("clots",), "to prevent clots after a hip or knee operation"),
        (("gout",), None),
    ]


@pytest.mark.parametrize(
    ("sentence", "duration", "condition"),
    [
        ("You will usually take Zentralin for 6 to 9 days.", "P9D", None),
        ("Keep using the cream for at least 2 days after the spot has healed.", "P2D", "after the spot has healed"),
        ("If you had an operation you will usually take the tablets for 20 days.", "P20D", "if you had an operation"),
        ("It is important to complete the full 8-week course.", "P8W", None),
    ],
)
def test_a_sentence_may_tell_the_length_of_the_course_alone(
    sentence: str, duration: str, condition: str | None
) -> None:
    (fact,) = regimens(sentence)
    assert (fact.duration, fact.condition, fact.dose_value) == (duration, condition, None)


def test_a_course_that_is_denied_is_none() -> None:
    assert not regimens("Do not take Zentralin for 8 days.")


def test_no_amount_is_better_than_that_of_one_component() -> None:
    (fact,) = regimens("Take 31 mg/33 mg twice a day.")
    assert (fact.dose_value, fact.times_per_day) == (None, 2)
    assert not regimens("Use a proton pump inhibitor once a day.")


def test_the_limit_of_a_label_does_not_run_on_into_its_next_row() -> None:
    told = regimens(
        "Directions adults and children 12 years and over: take 1 tablet every 6 hours while symptoms persist if pain "
        "does not respond to 1 tablet, 2 tablets may be used do not exceed 5 tablets in 24 hours, unless directed by a "
        "doctor do not take for more than 9 days unless directed by a doctor children under 12 years: ask a doctor"
    )
    conditions = {(f.dose_value or f.daily_dose, f.condition) for f in told}
    assert conditions == {
        (1, "while symptoms persist"),
        (2, "if pain does not respond to 1 tablet"),
        (5, "unless directed by a doctor"),
    }
