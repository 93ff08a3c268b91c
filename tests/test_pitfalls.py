"""What real articles do to parsers, one test a pitfall, in our own words."""

from __future__ import annotations

import pytest

from monograph.extraction import Extraction, extract
from monograph.facts import Fact
from monograph.loaders.article import ArticleLoader


def read(text: str, name: str = "article.md") -> Extraction:
    """The extraction of an article about zentralin, a drug that no list knows."""
    head = "---\ndrug: zentralin\n---\n\n" if not text.lstrip().startswith(("<", "---")) else ""
    (document,) = ArticleLoader().read((head + text).encode(), name)
    found = extract(document)
    for fact in found:
        assert document.text[fact.start : fact.end] == fact.quote
    return found


def said(text: str, kind: str, name: str = "article.md") -> set[str]:
    """What facts of a kind the article asserts."""
    return {f.value for f in read(text, name) if f.kind == kind and f.polarity == "asserted"}


def one(text: str, kind: str) -> Fact:
    (fact,) = (f for f in read(text) if f.kind == kind)
    return fact


def test_1_a_list_that_lost_its_items_takes_none_from_what_follows() -> None:
    text = "## Side effects\n\nCall your doctor if you get:\n\n## Storage\n\nKeep zentralin dry.\n"
    assert said(text, "adverse-effect") == set()
    assert any(gap.kind == "empty-list" for gap in read(text).gaps)


def test_2_a_list_under_the_wrong_heading_is_what_its_lead_in_says() -> None:
    text = "## Missed doses\n\nTake it later.\n\n\nSymptoms of an overdose include:\n\n- coma\n- weak breathing\n"
    assert said(text, "overdose-symptom") == {"coma", "weak breathing"}


def test_3_lists_within_side_effects_keep_their_own_roles() -> None:
    text = (
        "## Side effects\n\nCommon side effects are:\n\n- nausea\n\nSigns of an allergic reaction are:\n\n- hives\n\n"
        "If you take too much zentralin, you may get:\n\n- tremor\n\nRarer side effects are:\n\n- cramps\n"
    )
    assert said(text, "adverse-effect") == {"nausea", "cramps"}
    assert said(text, "allergic-symptom") == {"hives"}
    assert said(text, "overdose-symptom") == {"tremor"}


def test_4_the_symptoms_of_the_illness_are_not_the_drugs() -> None:
    text = "Zentralin treats depression. Symptoms of depression include:\n\n- low mood\n- poor sleep\n"
    assert said(text, "adverse-effect") == set()


def test_5_what_giving_up_smoking_or_an_untreated_illness_does_is_not_the_drugs() -> None:
    text = "## Side effects\n\nWhen you stop smoking you may feel irritable. Untreated gout can cause pain.\n"
    assert said(text, "adverse-effect") == set()


def test_6_nested_advice_is_no_symptom_and_nested_conditions_are() -> None:
    advice = "## Side effects\n\nCommon side effects are:\n\n- dry mouth\n  - Chew gum without sugar.\n- headache\n"
    assert said(advice, "adverse-effect") == {"dry mouth", "headache"}
    conditions = "Tell your doctor before you take zentralin if you have:\n\n- heart problems:\n  - angina\n- asthma\n"
    assert {"angina", "asthma"} <= said(conditions, "precaution")


@pytest.mark.parametrize(
    "sentence",
    [
        "Zentralin has not been shown to cause hair loss.",
        "Zentralin is not known to cause hair loss.",
        "There is no evidence that zentralin causes hair loss.",
        "Zentralin is unlikely to cause hair loss.",
        "Zentralin does not make you lose hair.",
    ],
)
def test_7_what_is_denied_is_never_asserted(sentence: str) -> None:
    assert said(f"## Side effects\n\n{sentence}\n", "adverse-effect") == set()


def test_7_not_known_is_a_frequency_and_a_denial_beside_a_rare_effect_stays_apart() -> None:
    text = (
        "Zentralin does not usually make you drowsy.\n\n## Possible side effects\n\n"
        "Not known (cannot be told from the data):\n\n- drowsiness\n"
    )
    fact = next(f for f in read(text) if f.value == "drowsiness" and f.polarity == "asserted")
    assert fact.frequency is not None
    assert fact.frequency.band == "not known"


def test_8_one_term_in_several_roles_is_one_fact_a_role() -> None:
    text = (
        "Before you take zentralin, tell your doctor if you have seizures.\n\n"
        "Stopping zentralin suddenly can cause seizures.\n\n## Side effects\n\nA rare side effect is seizures.\n"
    )
    for kind in ("precaution", "withdrawal-symptom", "adverse-effect"):
        assert "seizures" in said(text, kind), kind


def test_8_withdrawal_from_alcohol_may_be_what_is_treated() -> None:
    assert "alcohol withdrawal" in said("Zentralin is used to treat alcohol withdrawal.", "indication")


def test_9_withdrawal_effects_that_are_called_side_effects_are_withdrawal_effects() -> None:
    text = "If you stop taking zentralin suddenly, you may get these side effects:\n\n- anxiety\n- fits\n"
    assert said(text, "withdrawal-symptom") == {"anxiety", "fits"}


def test_10_lists_flattened_into_a_paragraph() -> None:
    text = "## Side effects\n\nCommon ones are:  - a headache  - a dry mouth  - feeling tired  Tell someone.\n"
    assert said(text, "adverse-effect") == {"headache", "dry mouth", "tiredness"}


def test_10_label_items_without_any_separator() -> None:
    text = (
        "WARNINGS\n\nZentralin may cause an allergic reaction. "
        "Symptoms may include: hives facial swelling wheezing skin rash\n"
    )
    assert said(text, "allergic-symptom") == {"hives", "facial swelling", "wheezing", "skin rash"}


def test_10_comma_prose_with_glosses() -> None:
    text = (
        "## Other medicines\n\nIt interacts with cimetidine, a medicine for ulcers, and with warfarin, "
        "which thins the blood.\n"
    )
    assert {"cimetidine", "warfarin"} <= said(text, "interaction")


def test_11_subheads_that_run_into_their_paragraph_head_it() -> None:
    text = (
        "<html><body><h1>zentralin</h1><p>Children and adolescents Zentralin is not recommended under 12 years.</p>"
        "<p>If you stop taking zentralin You may have cramps.</p></body></html>"
    )
    assert "cramps" in said(text, "withdrawal-symptom", "leaflet.html")


def test_11_line_breaks_inside_a_phrase_are_spaces() -> None:
    text = "<html><body><h1>Zentralin</h1><p>Zentralin can cause stomach\npain and blurred\nvision.</p></body></html>"
    assert said(text, "adverse-effect", "page.html") == {"stomach pain", "blurred vision"}


@pytest.mark.parametrize(
    ("item", "names"),
    [
        ("swollen face, lips or tongue", {"swollen face", "swollen lips", "swollen tongue"}),
        ("swollen face/eyes", {"swollen face", "swollen eyes"}),
        ("irregular, fast or shallow breathing", {"irregular breathing", "fast breathing", "shallow breathing"}),
        ("inflammation of nose, sinuses and throat", {"inflammation of nose, sinuses and throat"}),
        ("nausea; or", {"nausea"}),
        ("eye or vision problems", {"eye problems", "vision problems"}),
    ],
)
def test_12_coordination_inside_an_item(item: str, names: set[str]) -> None:
    assert said(f"Side effects of zentralin are:\n\n- {item}\n- cough\n", "adverse-effect") == names | {"cough"}


def test_13_a_bracket_may_say_of_what_the_items_are_signs() -> None:
    text = "Serious side effects of zentralin are:\n\n- dark urine and yellow skin (signs of liver problems)\n"
    facts = {f.value: f for f in read(text) if f.kind == "adverse-effect"}
    assert facts["dark urine"].part_of == "liver problems"
    assert facts["yellow skin"].part_of == "liver problems"
    assert "liver problems" in facts


def test_13_brands_of_other_drugs_are_not_the_subjects() -> None:
    text = "Zentralin is a medicine.\n\n## Interactions\n\nZentralin may interact with clonidine (Catapres, Kapvay).\n"
    assert said(text, "brand-name") == set()


def test_14_alternatives_are_no_interactions() -> None:
    text = (
        "Zentralin lowers blood pressure.\n\n## Are there other medicines?\n\nThere are other medicines for this. "
        "They include nifedipine.\n"
    )
    assert said(text, "interaction") == set()


def test_15_strengths_and_packs_are_no_regimens() -> None:
    text = (
        "Zentralin comes as 5 mg and 10 mg tablets in packs of 28. "
        "Each tablet has 12 mg of sodium. Store below 25 °C.\n"
    )
    assert said(text, "regimen") == set()


def test_15_a_dose_with_its_unit_in_brackets() -> None:
    fact = one("## Dosage\n\nAdults - At first, 5 milligrams (mg) of zentralin three times a day.\n", "regimen")
    assert (fact.dose_value, fact.dose_unit, fact.times_per_day) == (5, "mg", 3)


def test_16_a_missed_dose_of_some_medicine_is_no_regimen() -> None:
    text = "## Missed dose\n\nFor a medicine taken two times a day, skip the dose if the next is due in 6 hours.\n"
    assert said(text, "regimen") == set()


def test_17_not_established_is_not_a_contraindication() -> None:
    text = "## Children\n\nThe safety of zentralin below the age of 12 has not been established.\n"
    facts = [f for f in read(text) if f.kind in {"population", "contraindication"}]
    assert [f.kind for f in facts] == ["population"]
    assert facts[0].polarity == "not-established"
    assert facts[0].population[0].max_age == 12


def test_18_spelling_variants_are_one_drug() -> None:
    (document,) = ArticleLoader().read(
        b"# Aciclovir\n\nAcyclovir can cause headache. Aciclovir can cause nausea.\n", "a.md"
    )
    assert {f.drug for f in extract(document)} == {"aciclovir"}


def test_18_an_article_on_a_class_is_about_the_class() -> None:
    text = (
        b"# Antihistamines\n\nAntihistamines are medicines that treat hay fever. Antihistamines can cause drowsiness.\n"
    )
    (document,) = ArticleLoader().read(text, "a.md")
    facts = list(extract(document))
    assert {f.subject_type for f in facts} == {"drug-class"}
    assert {f.drug for f in facts} == {"antihistamine"}


def test_19_boilerplate_states_nothing() -> None:
    text = (
        "Zentralin can cause cramps.\n\nReporting of side effects\n\nYou can report side effects such as rash with the "
        "Yellow Card scheme.\n\nAdvertisement\n"
    )
    assert said(text, "adverse-effect") == {"cramps"}


def test_20_citation_marks_are_no_numbers_and_stand_with_the_fact() -> None:
    fact = one("Zentralin has a half-life of 4 hours.²\n", "half-life")
    assert (fact.low, fact.evidence[0].citation) == (4, "2")


def test_21_typography_makes_no_difference() -> None:
    text = "Zentralin doesn’t cause rash — it may cause\u00a0hives.\n"
    assert said(text, "adverse-effect") == {"hives"}


def test_22_a_frequency_before_its_list_is_that_of_the_items() -> None:
    text = "## Side effects\n\nCommon (may affect up to 1 in 10 people):\n\n- cough\n"
    fact = one(text, "adverse-effect")
    assert fact.frequency is not None
    assert (fact.frequency.band, fact.frequency.high) == ("common", 0.1)


def test_24_what_stopping_smoking_changes_is_no_interaction() -> None:
    text = (
        "## Other medicines\n\nWhen you stop smoking, with or without zentralin, your doctor may need to change "
        "your dose of medicines such as:\n\n- theophylline\n- insulin\n"
    )
    assert said(text, "interaction") == set()


def test_25_do_not_take_and_tell_your_doctor_are_two_things() -> None:
    text = "Do not take zentralin if you have gout.\n\nTell your doctor before you take zentralin if you have asthma.\n"
    assert said(text, "contraindication") == {"gout"}
    assert said(text, "precaution") == {"asthma"}


def test_26_a_text_that_breaks_off_keeps_what_it_states() -> None:
    assert "nausea" in said("Side effects of zentralin include nausea, vomiting and stomach pa", "adverse-effect")


def test_27_no_known_interactions_is_a_denial() -> None:
    text = "## Interactions\n\nThere are no known interactions of zentralin with food.\n"
    assert said(text, "interaction") == set()


def test_28_what_is_stated_twice_is_one_fact_with_two_places() -> None:
    text = "Zentralin can cause nausea.\n\n## Side effects\n\nSide effects of zentralin include nausea.\n"
    fact = one(text, "adverse-effect")
    assert len(fact.evidence) == 2


def test_23_what_food_prevents_is_no_use_of_the_drug() -> None:
    text = "## How to take it\n\nTake zentralin with food to prevent stomach upset.\n"
    assert said(text, "indication") == set()
