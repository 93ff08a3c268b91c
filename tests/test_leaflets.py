"""What package leaflets, as converters left them, do to the roles of facts: uses, effects, stopping, too much."""

from __future__ import annotations

import pytest

from articles import extracted, names


def leaflet(about: str, effects: str = "", stopping: str = "") -> str:
    """A leaflet of one invented medicine with its numbered sections."""
    return (
        "# Baclofen\n\nBaclofen contains the active substance baclofen.\n\n"
        f"## 1. What baclofen is and what it is used for\n\n{about}\n\n"
        f"## 3. How to take baclofen\n\n{stopping}\n\n"
        f"## 4. Possible side effects\n\n{effects}\n\n## 5. How to store baclofen\n\nKeep it cool.\n"
    )


@pytest.mark.parametrize(
    ("about", "value", "role"),
    [
        ("Baclofen is used when the adrenal glands are not making enough cortisol due to a disease called "
         "congenital adrenal hyperplasia.", "congenital adrenal hyperplasia", "treatment"),
        ("Baclofen is given to adults to help protect against disease caused by a tick-borne virus.",
         "disease caused by a tick-borne virus", "prevention"),
        ("Baclofen is used to prepare patients for bone marrow transplantation.",
         "preparation for bone marrow transplantation", "treatment"),
        ("Baclofen is a vaccine used to prevent COVID-19 caused by the SARS-CoV-2 virus.", "COVID-19", "prevention"),
        ("This medicine is for diagnostic use only. Baclofen is used to help diagnose Alzheimer's disease.",
         "alzheimer's disease", "diagnosis"),
    ],
)  # fmt: skip
def test_a_leaflets_use_is_found_and_has_its_role(about: str, value: str, role: str) -> None:
    uses = [(fact.value.lower(), fact.role) for fact in extracted(leaflet(about)).facts if fact.kind == "indication"]
    assert uses == [(value.lower(), role)]


def test_items_that_a_converter_set_as_headings_are_items() -> None:
    effects = (
        "Very common (may affect more than 1 in 10 people):\n\n### slow heart rate\n\n### dry mouth\n\n"
        "### swelling of the ankles. Common (may affect up to 1 in 10 people):\n\n### headache\n\n### hair loss\n"
    )
    assert {"slow heart rate", "dry mouth", "headache", "hair loss"} <= names(
        extracted(leaflet("It treats spasms.", effects)), "adverse-effect"
    )


def test_a_row_behind_a_label_of_frequency_is_a_row_of_effects() -> None:
    effects = (
        "Common side effects (may affect up to 1 in 10 people): reduced appetite, low mood, changes in the amount of "
        "sodium in the blood, a fast heart rhythm, headache.\n"
    )
    found = extracted(leaflet("It treats spasms.", effects))
    assert names(found, "adverse-effect") == {
        "reduced appetite", "low mood", "changes in the amount of sodium in the blood", "fast heart rhythm", "headache",
    }  # fmt: skip
    bands = {fact.frequency.band for fact in found.facts if fact.kind == "adverse-effect" and fact.frequency}
    assert bands == {"common"}


def test_a_sentence_behind_a_label_of_frequency_is_no_row() -> None:
    effects = "Rare (may affect up to 1 in 1,000 people): Very seldom, a low blood count occurs.\n"
    assert names(extracted(leaflet("It treats spasms.", effects)), "adverse-effect") == {"low blood count"}


def test_the_level_of_a_hormone_that_is_also_a_drug_is_an_effect() -> None:
    effects = (
        "Common side effects:\n\n- increased levels of the hormone testosterone, seen in blood tests\n- headache\n"
    )
    assert names(extracted(leaflet("It treats spasms.", effects)), "adverse-effect") == {
        "increased levels of the hormone testosterone", "headache",
    }  # fmt: skip


def test_a_product_that_only_the_first_heading_names_is_the_subject() -> None:
    found = extracted(
        "# Zentravax\n\n## 1. What zentravax is and what it is used for\n\nThis vaccine is used to prevent measles.\n\n"
        "## 2. What you need to know before you use zentravax\n\nTell your doctor if you have a fever.\n",
        "leaflet.md",
    )
    assert {fact.drug for fact in found.facts} == {"zentravax"}
    assert names(found, "indication") == {"measles"}


def test_age_groups_and_body_weight_are_not_what_it_is_used_for() -> None:
    about = (
        "Baclofen is used in adults and in children with a body weight of at least 12.5 kg to treat infections of the "
        "bowel with certain bacteria called clostridia."
    )
    assert names(extracted(leaflet(about)), "indication") == {"infections of the bowel"}


def test_side_effects_that_stand_under_storage_are_read_and_storage_is_not() -> None:
    text = (
        "# Baclofen\n\n## 5. How to store baclofen\n\nLike all medicines, this medicine can cause side effects, "
        "although not everybody gets them.\n\nCommon side effects:\n\n- headache\n- nausea\n"
    )
    assert names(extracted(text), "adverse-effect") == {"headache", "nausea"}
    kept = "# Baclofen\n\n## 5. How to store baclofen\n\nSide effects: keep the headache tablets away from nausea.\n"
    assert names(extracted(kept), "adverse-effect") == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "Baclofen works by killing the bacteria that cause infections.",
        "Baclofen is given to adults who are infected with HIV, the virus which causes AIDS.",
        "Baclofen has been shown to reduce pain and swelling of the joints.",
        "Baclofen helps your pancreas to produce more insulin and thereby lower your blood sugar.",
        "Baclofen lowers the risk that this operation will cause a blood clot.",
    ],
)
def test_what_germs_glands_and_operations_do_is_no_side_effect(sentence: str) -> None:
    assert names(extracted(leaflet(sentence)), "adverse-effect") == set()


def test_an_illness_that_raises_a_risk_does_so_and_not_the_drug() -> None:
    text = "## Warnings\n\nTell your doctor if you have other illnesses that may increase your risk of angina.\n"
    assert names(extracted(f"# Baclofen\n\n{text}"), "adverse-effect") == set()


def test_signs_to_stop_for_are_no_withdrawal_symptoms() -> None:
    facts = extracted(
        leaflet("It treats spasms.", "Stop taking baclofen if you experience:\n\n- a rash\n- chest pain\n")
    )
    assert names(facts, "withdrawal-symptom") == set()
    assert names(facts, "adverse-effect") == {"rash", "chest pain"}


def test_the_rapid_breakdown_of_cells_is_no_rapid_break_in_treatment() -> None:
    facts = extracted(leaflet("It treats spasms.", "The rapid breakdown of cancer cells may cause kidney failure."))
    assert names(facts, "withdrawal-symptom") == set()


def test_what_may_change_after_stopping_is_named_with_how() -> None:
    facts = extracted(leaflet("It treats spasms.", stopping="If you stop taking baclofen, your blood sugar may go up."))
    assert names(facts, "withdrawal-symptom") == {"raised blood sugar"}


def test_too_much_of_a_hormone_is_no_overdose() -> None:
    facts = extracted(leaflet("Baclofen lowers cortisol. Signs of too much cortisol include weight gain and weakness."))
    assert names(facts, "overdose-symptom") == set()


def test_what_another_medicine_is_used_for_is_no_use_of_this_one() -> None:
    text = leaflet("Baclofen is used to treat muscle spasms.") + (
        "\n## Other medicines and baclofen\n\n"
        "Tell your doctor if you take beta-blockers, which are used to treat angina.\n"
    )
    assert names(extracted(text), "indication") == {"muscle spasms"}


def test_what_a_lead_in_says_the_items_are_signs_of_is_what_they_are_part_of() -> None:
    lead = "Acidosis, seen rarely (up to 1 in 1,000 people). These are the signs of acidosis (see section 2):"
    facts = extracted(leaflet("It treats spasms.", f"{lead}\n\n- fast breathing\n- confusion\n"))
    assert {f.value: f.part_of for f in facts if f.part_of} == {"fast breathing": "acidosis", "confusion": "acidosis"}


def test_what_an_item_concludes_its_signs_are_of_is_what_they_are_part_of() -> None:
    item = "signs of confusion, memory loss or trembling. These could be symptoms of an encephalopathy."
    facts = extracted(
        leaflet("It treats spasms.", f"Tell your doctor immediately if you notice:\n\n- {item}\n- a rash\n")
    )
    assert [f.part_of for f in facts if f.value == "memory loss"] == ["encephalopathy"]


def test_what_an_effect_comes_with_is_its_condition() -> None:
    text = "Low blood sugar, seen very commonly in people taking this medicine with insulin."
    (fact,) = (f for f in extracted(leaflet("It treats spasms.", text)) if f.value == "low blood sugar")
    assert fact.condition == "in people taking this medicine with insulin"


def test_advice_on_the_law_is_none_on_the_drug() -> None:
    law = "It is an offence to drive a car if your driving is impaired. Do not drive if you feel dizzy."
    facts = extracted(leaflet("It treats spasms.") + f"\n## Driving\n\n{law}\n")
    assert [f.quote for f in facts if f.kind == "advice"] == ["Do not drive if you feel dizzy."]


def test_signs_such_as_are_part_of_what_they_are_signs_of() -> None:
    item = "Signs of serious infections, such as fever that may be accompanied by cough, chills, weakness"
    facts = extracted(
        leaflet("It treats spasms.", f"Tell your doctor at once about side effects:\n\n- {item}\n- rash\n")
    )
    assert {f.value for f in facts if f.part_of == "infections"} >= {"chills", "weakness"}
    assert [f.part_of for f in facts if f.value == "chills"] == ["infections"]
