"""What an article says of the drug in pregnancy, at the breast, in children and in other groups."""

from __future__ import annotations

import pytest

from articles import extracted, facts, said
from monograph.extraction.populations import affected, mentions, populations_of
from monograph.facts import AgeGroup


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("below 6 years of age, safety is open", AgeGroup("children under 6", None, 6.0)),
        ("children 10 years and older", AgeGroup("children over 10", 10.0)),
        ("not recommended under the age of 18", AgeGroup("children under 18", None, 18.0)),
        ("not for anyone younger than 18 years old", AgeGroup("children under 18", None, 18.0)),
        ("doses are halved if you are over 65", AgeGroup("older adults over 65", 65.0)),
        ("children aged 2 months to 12 years", AgeGroup("children 2 months to 12 years", 0.167, 12.0)),
        ("children 4 to under 6 years", AgeGroup("children 4 to under 6", 4.0, 6.0)),
        ("babies exposed shortly before birth", AgeGroup("newborns")),
        ("in the last three months of pregnancy", AgeGroup("third trimester")),
        ("people whose kidney function is poor: poor kidney function", AgeGroup("renal impairment")),
        ("in hepatic or renal impairment", AgeGroup("hepatic impairment")),
        ("children who are under 40 kg", AgeGroup("children")),
    ],
)
def test_a_population_is_named_with_its_bounds(text: str, group: AgeGroup) -> None:
    assert group in [m.group for m in mentions(text)]


@pytest.mark.parametrize(
    "text", ["if your blood pressure is over 140", "for over 3 days", "keep below 25 degrees", "if you are over 90 kg"]
)
def test_a_number_that_is_no_age_names_nobody(text: str) -> None:
    assert mentions(text) == ()


def test_an_age_after_two_groups_bounds_both() -> None:
    named = [m.group for m in mentions("children and adolescents under 16 years")]
    assert named == [AgeGroup("children under 16", None, 16.0), AgeGroup("adolescents under 16", None, 16.0)]


def test_what_is_said_of_something_else_is_not_told_of_a_group() -> None:
    assert told("Zentralin is used in adults for whom creams are not suitable.", "Uses") == []
    assert told("Protection against pregnancy is not reduced by zentralin.", "Interactions") == []


def test_a_failing_organ_is_a_group_of_people_only_where_somebody_has_it() -> None:
    assert populations_of("headache, renal failure, liver disease (hepatitis), lactation disorder") == ()
    assert populations_of("it may lead to kidney damage in adults") == (AgeGroup("adults"),)
    both = (AgeGroup("renal impairment"), AgeGroup("hepatic impairment"))
    assert populations_of("in patients with kidney or liver disease") == both
    assert populations_of("if you have kidney problems, or on dialysis") == both[:1]
    assert populations_of("in pregnancy and lactation") == (AgeGroup("pregnancy"), AgeGroup("breastfeeding"))


def told(sentence: str, heading: str = "Pregnancy and breastfeeding") -> list[tuple[str, str]]:
    return [(f.value, f.polarity) for f in said(sentence, heading) if f.kind == "population"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Zentralin may harm the unborn child.", ("pregnancy", "asserted")),
        ("There is not enough research on zentralin in pregnancy.", ("pregnancy", "not-established")),
        ("Pregnancy: no data in women.", ("pregnancy", "not-established")),
        ("Zentralin passes into breast milk.", ("breastfeeding", "asserted")),
        ("It is not known whether zentralin gets into human milk.", ("breastfeeding", "not-established")),
        ("Women on zentralin should not breastfeed.", ("breastfeeding", "asserted")),
        ("Taken in the second trimester, it may slow the growth.", ("second trimester of pregnancy", "asserted")),
        ("Older adults: no adjustment.", ("older adults", "asserted")),
        ("Safety below 6 years of age has not been established.", ("children under 6", "not-established")),
        ("Zentralin showed no higher risk of birth defects.", ("pregnancy", "negated")),
        ("Avoid unless there is no alternative.", ("pregnancy", "asserted")),
        ("Infants should not be nursed during treatment.", ("breastfeeding", "asserted")),
        ("Stop zentralin before you plan to become pregnant.", ("pregnancy", "asserted")),
        ("It may harm the baby in the second and third trimesters.", ("second trimester of pregnancy", "asserted")),
        (
            "It may lower the ability to father a child.",
            ("people of reproductive potential (father a child)", "asserted"),
        ),
        ("Elderly: start at the low end of the range.", ("older adults (elderly)", "asserted")),
        ("Kidney: Reduced maintenance doses may do.", ("renal impairment (kidney)", "asserted")),
        (
            "If your kidneys are not working well, doses are lower.",
            ("renal impairment (kidneys are not working well)", "asserted"),
        ),
        ("People with mild liver disease need lower doses.", ("hepatic impairment (mild liver disease)", "asserted")),
    ],
)
def test_what_is_said_of_a_group_is_told_of_it(sentence: str, expected: tuple[str, str]) -> None:
    assert expected in told(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Tell your doctor if you are pregnant or want to have a baby.",
        "If you become pregnant while taking zentralin, call your doctor.",
        "If you notice that your baby is very sleepy, see a doctor.",
        "Smoking during pregnancy harms the baby.",
        "Your doctor will discuss whether you should breastfeed.",
    ],
)
def test_advice_says_nothing_of_the_drug_in_a_group(sentence: str) -> None:
    assert told(sentence) == []


def test_a_group_that_only_the_heading_names_is_the_sentences() -> None:
    assert told("It is not known whether zentralin is safe.", "Breastfeeding") == [("breastfeeding", "not-established")]
    assert told("It has not been studied well.", "Children") == [("children", "not-established")]


def test_a_sentence_without_a_group_follows_the_one_before_it() -> None:
    text = "# Baclofen\n\n## Pregnancy and breastfeeding\n\nBaclofen passes into breast milk. It is probably safe.\n"
    found = extracted(text, "a.md")
    assert [f.value for f in facts(found, "population")] == ["breastfeeding", "breastfeeding"]


def test_what_is_not_established_is_no_contraindication() -> None:
    found = said("The safety of zentralin in children has not been established.", "Children")
    assert not facts(found, "contraindication")


def test_an_organs_illness_as_a_contraindication_is_no_population() -> None:
    assert told("Do not take zentralin if you have severe liver disease.", "Who should not take zentralin") == []


def test_an_organs_illness_as_an_effect_is_no_population() -> None:
    assert told("Zentralin may cause kidney problems.", "Side effects") == []


def test_a_flattened_tables_line_is_told_of_the_group_above_it() -> None:
    lines = ["Special groups", "Pregnancy", "May harm the unborn child", "Older adults", "No change of dose"]
    text = "\n\n".join(["Baclofen", "Baclofen is a muscle relaxant.", *lines, "Kidney disease", "Half the dose"])
    found = {f.value for f in facts(extracted(text, "a.txt"), "population")}
    assert found == {"pregnancy", "older adults", "renal impairment"}


def test_what_is_denied_of_a_group_is_told_as_denied() -> None:
    assert told("Zentralin has not been shown to cause birth defects in pregnancy.") == [("pregnancy", "negated")]


def test_of_two_organs_each_has_its_own_words() -> None:
    found = told("No dose change of zentralin is needed for kidney or liver disease.", "Dosage")
    assert {value for value, _ in found} == {"renal impairment (kidney disease)", "hepatic impairment (liver disease)"}


def test_what_dialysis_does_is_said_of_nobody() -> None:
    assert told("Zentralin is not removed by dialysis.", "Dosage") == []


@pytest.mark.parametrize(
    ("sentence", "effect", "groups"),
    [
        ("anxiety, enlarged breasts in men, rash, cough", "enlarged breasts", ["men"]),
        ("anxiety, enlarged breasts in men, rash, cough", "rash", []),
        ("in men, nausea, rash, headache and cough", "cough", ["men"]),
        ("nausea, rash, headache and cough were seen in men", "nausea", ["men"]),
        ("side effects in children include nausea, rash, cough, fever", "fever", ["children"]),
        ("acne, impaired fertility, rash, hair loss", "rash", []),
        ("tell your doctor if your child gets a rash", "rash", []),
    ],
)
def test_a_group_named_in_a_row_is_that_of_its_neighbour(sentence: str, effect: str, groups: list[str]) -> None:
    assert [group.name for group in affected(sentence, effect)] == groups


def test_a_heading_that_ran_into_its_sentence_is_none_of_its_groups() -> None:
    found = told("Children and adolescents Zentralin can be used in children aged 10 years and older.")
    assert found == [("children over 10", "asserted")]


def test_what_is_not_recommended_for_want_of_studies_is_not_recommended() -> None:
    sentence = "Zentralin is not recommended for children under 18, because it has not been studied in them."
    assert told(sentence, "Children") == [("children under 18", "asserted")]


def test_the_months_of_a_pregnancy_are_not_the_whole_of_it() -> None:
    sentence = "Do not take zentralin in the last 3 months of pregnancy because it may harm the unborn baby."
    assert [value for value, _ in told(sentence)] == ["third trimester of pregnancy"]


def test_what_is_not_known_to_harm_is_denied_to_harm() -> None:
    assert told("Zentralin tablets are not known to be harmful in pregnancy.") == [("pregnancy", "negated")]


def test_a_group_that_must_not_take_it_with_a_disease_is_the_contraindications() -> None:
    found = said("Children and teenagers who have or are recovering from flu should not use zentralin.", "Warnings")
    (fact,) = facts(found, "contraindication")
    assert (fact.value, [group.name for group in fact.population]) == ("flu", ["children", "adolescents"])
    assert facts(found, "population") == []


def test_what_a_group_has_of_a_run_on_row_is_its_own() -> None:
    row = "Thin skin Slow growth in children Raised eye pressure Stomach ulcer Muscle weakness Brittle bones"
    found = {f.value: [g.name for g in f.population] for f in said(row, "Adverse reactions")}
    assert found["slow growth"] == ["children"]
    assert found["stomach ulcer"] == found["muscle weakness"] == []
