"""What extraction makes of sentences and lists: the role, the polarity, the numbers, and for whom."""

from __future__ import annotations

import pytest

from articles import extracted, facts, names, said
from monograph.extraction import extract
from monograph.facts import AgeGroup
from monograph.loading import examples, load

LISTS = """Zentralin

Zentralin is a muscle relaxant.

Missed doses

Take a forgotten dose soon.

Too much zentralin may lead to these symptoms:

  • Slow breathing

  • Coma

Side effects

Zentralin can have side effects. These include:

  • Tiredness

  • Dry mouth

Symptoms of an allergic reaction may include:

  • Hives

Depression has signs of its own. Its symptoms include:

  • Low mood

Interactions

Zentralin may interact with other drugs. These include:

Tell your doctor what you take.
"""


def test_a_list_is_classed_by_its_lead_in_before_its_heading() -> None:
    found = extracted(LISTS)
    assert names(found, "overdose-symptom") == {"slow breathing", "coma"}
    assert names(found, "adverse-effect") == {"tiredness", "dry mouth"}
    assert names(found, "allergic-symptom") == {"hives"}


def test_a_diseases_own_symptoms_are_nobodys_side_effects() -> None:
    assert not any(f.value == "low mood" for f in extracted(LISTS))


def test_an_empty_list_yields_no_fact_and_is_a_gap() -> None:
    found = extracted(LISTS)
    assert names(found, "interaction") == set()
    assert [(g.kind, g.section) for g in found.gaps if g.kind == "empty-list"] == [("empty-list", "Interactions")]
    assert "indications" in {g.label for g in found.gaps if g.kind == "absent-section"}


def test_a_list_item_is_its_own_quote_and_knows_what_introduced_it() -> None:
    (fact,) = [f for f in extracted(LISTS) if f.value == "dry mouth"]
    assert (fact.quote, fact.evidence[0].lead_in) == ("Dry mouth", "These include:")
    assert fact.evidence[0].section == "Side effects"


def test_coping_advice_under_an_effect_is_no_effect() -> None:
    text = "# Zentralin\n\n## Side effects\n\nZentralin can cause:\n\n- Headache\n    - Drink water and rest.\n- Rash\n"
    assert names(extracted(text, "a.md"), "adverse-effect") == {"headache", "rash"}


@pytest.mark.parametrize(
    ("sentence", "kind", "value"),
    [
        ("Zentralin has not been shown to cause birth defects.", "adverse-effect", "birth defects"),
        ("Seizures have not been reported with zentralin.", "adverse-effect", "seizures"),
        ("Zentralin is unlikely to cause weight gain.", "adverse-effect", "weight gain"),
        ("Zentralin does not make you drowsy.", "adverse-effect", "drowsiness"),
        ("There is no evidence that zentralin causes cancer.", "adverse-effect", "cancer"),
        ("Zentralin is not used to treat gout.", "indication", "gout"),
        ("Hepatitis was not seen in trials of zentralin.", "adverse-effect", "hepatitis"),
    ],
)
def test_what_a_sentence_denies_is_never_asserted(sentence: str, kind: str, value: str) -> None:
    assert not [f for f in said(sentence) if f.value == value and f.polarity == "asserted"]


@pytest.mark.parametrize(
    ("sentence", "kind", "value"),
    [
        ("Do not stop zentralin suddenly, as this may cause seizures.", "withdrawal-symptom", "seizures"),
        ("Although it does not cause rash, it can cause itching.", "adverse-effect", "itching"),
        ("Zentralin does not cause rash but may cause nausea.", "adverse-effect", "nausea"),
        ("Stopping zentralin without tapering can lead to anxiety.", "withdrawal-symptom", "anxiety"),
        ("Do not take two doses, because an overdose may cause coma.", "overdose-symptom", "coma"),
    ],
)
def test_a_denied_action_or_another_clauses_denial_leaves_the_effect_standing(
    sentence: str, kind: str, value: str
) -> None:
    assert value in names(said(sentence), kind)


def test_a_failed_aim_is_history_and_no_indication() -> None:
    sentence = (
        "Zentralin was first made in 1951 by chemists looking for a drug to treat malaria, but it wasn't successful."
    )
    found = said(sentence, "History")
    assert names(found, "indication") == set()
    assert [(f.kind, f.year) for f in found] == [("history", 1951)]


def test_a_trial_is_a_study_with_its_year_design_and_comparator() -> None:
    (study,) = facts(
        said(
            "In a 1988 double-blind, four-week trial, zentralin was compared to a placebo and found to be better.",
            "History",
        ),
        "study",
    )
    assert (study.year, study.comparator) == (1988, "placebo")
    assert study.design is not None and "double-blind" in study.design


def test_a_hedged_claim_keeps_its_hedge() -> None:
    (fact,) = facts(said("Little research exists, but zentralin may be safe in pregnancy.", "Pregnancy"), "population")
    assert (fact.value, fact.polarity, fact.certainty) == ("pregnancy", "asserted", "hedged")


def test_what_is_not_known_is_not_established() -> None:
    found = said("It is not known whether zentralin passes into breast milk.", "Pregnancy")
    assert [(f.value, f.polarity) for f in found if f.kind == "population"] == [("breastfeeding", "not-established")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "The starting dose is 5mg three times a day for three days by mouth for people over 12.",
            {
                "role": "start",
                "dose_value": 5,
                "dose_unit": "mg",
                "times_per_day": 3,
                "duration": "P3D",
                "route": "oral",
            },
        ),
        (
            "The maximum daily dose is 80mg per day taken in 20mg doses four times per day.",
            {"role": "maximum", "dose_value": 20, "times_per_day": 4, "daily_dose": 80},
        ),
        (
            "Take one or two tablets every 4 to 6 hours.",
            {"dose_value": 1, "dose_max": 2, "dose_unit": "{tablet}", "interval_hours": (4, 6)},
        ),
        ("Take 10 mg/kg every 8 hours.", {"dose_value": 10, "per": "kg", "interval_hours": (8, 8)}),
        (
            "Children start with 10 to 15 mg/kg a day in three divided doses.",
            {"role": "start", "daily_dose": 10, "daily_dose_max": 15, "times_per_day": 3, "dose_value": None},
        ),
        ("Do not take more than 8 tablets in 24 hours.", {"role": "maximum", "daily_dose": 8, "dose_unit": "{tablet}"}),
        ("Take 2.5 mg on alternate days.", {"dose_value": 2.5, "interval_hours": (48, 48)}),
        ("The usual dose is one 10 mg tablet once a day.", {"dose_value": 10, "dose_unit": "mg", "times_per_day": 1}),
        ("Take two 10 mg tablets once a day.", {"dose_value": 2, "dose_unit": "{tablet}", "times_per_day": 1}),
        ("Take 500 mg to 1 g every 6 hours.", {"dose_value": 500, "dose_max": 1000, "dose_unit": "mg"}),
    ],
)
def test_a_dose_statement_becomes_numbers(sentence: str, expected: dict[str, object]) -> None:
    (regimen, *_) = facts(said(sentence, "Dosage"), "regimen")
    assert {field: getattr(regimen, field) for field in expected} == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Zentralin comes as 5 mg and 10 mg tablets.",
        "Store it below 25 degrees.",
        "Each tablet has 23 mg of sodium per dose.",
        "If you miss a dose by 4 hours, take it then.",
        "Do not take two doses at once.",
    ],
)
def test_strengths_stores_and_missed_doses_are_no_regimens(sentence: str) -> None:
    assert facts(said(sentence, "Dosage"), "regimen") == []


def test_populations_limit_a_fact_with_their_ages() -> None:
    (regimen,) = facts(said("Adults and children over 12 take 5 mg once a day.", "Dosage"), "regimen")
    assert regimen.population == (AgeGroup("adults"), AgeGroup("children over 12", 12.0))


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("swollen face, lips or tongue", {"swollen face", "swollen lips", "swollen tongue"}),
        ("inflammation of the nose, sinuses and throat", {"inflammation of the nose, sinuses and throat"}),
        ("a pounding or irregular heartbeat", {"pounding heartbeat", "irregular heartbeat"}),
        ("feeling sick (nausea)", {"nausea"}),
        ("severe stomach pain", {"stomach pain"}),
        ("trouble breathing or swallowing", {"trouble breathing", "trouble swallowing"}),
        ("pain that does not go away", {"pain"}),
        ("pins and needles", {"pins and needles"}),
        ("abnormal liver and kidney function", {"abnormal liver function", "abnormal kidney function"}),
        ("low levels of calcium or potassium", {"low levels of calcium", "low levels of potassium"}),
        ("bleeding from the nose or under the skin", {"bleeding from the nose", "bleeding under the skin"}),
        ("feeling less hungry", {"decreased appetite"}),
        ("less sweating", {"less sweating"}),
    ],
)
def test_a_phrase_is_split_into_the_concepts_it_names(phrase: str, expected: set[str]) -> None:
    text = f"# Zentralin\n\n## Side effects\n\nZentralin can cause:\n\n- {phrase}\n"
    assert names(extracted(text, "a.md"), "adverse-effect") == expected


def test_a_symptom_of_an_effect_says_of_which() -> None:
    found = said("Zentralin may cause liver damage (symptoms include yellow skin and dark urine).")
    assert {f.value: f.part_of for f in facts(found, "adverse-effect")} == {
        "liver damage": None,
        "yellow skin": "liver damage",
        "dark urine": "liver damage",
    }


@pytest.mark.parametrize(
    ("sentence", "role", "value"),
    [
        ("Drinking alcohol can make zentralin's side effects worse.", "alcohol", "alcohol"),
        ("Do not take zentralin with grapefruit juice.", "food", "grapefruit"),
        ("Warfarin can increase the amount of zentralin in your blood.", "drug", "warfarin"),
        ("Zentralin may interact with calcium channel blockers.", "drug-class", "calcium channel blockers"),
    ],
)
def test_an_interaction_names_what_and_of_which_type(sentence: str, role: str, value: str) -> None:
    (fact,) = facts(said(sentence, "Interactions"), "interaction")
    assert (fact.value, fact.role) == (value, role)


def test_other_drugs_facts_are_kept_off_the_subject() -> None:
    sentence = "Diltiazem can cause constipation."
    assert said(sentence, "Are there other medicines for angina?") == []
    assert names(said(sentence, "Side effects"), "adverse-effect") == set()


def test_contraindications_and_precautions_stand_apart() -> None:
    text = (
        "# Zentralin\n\n## Before you take it\n\n"
        "Do not take zentralin if you:\n\n- are allergic to it\n- have asthma\n\n"
        "Tell your doctor before taking zentralin if you:\n\n- have kidney disease\n"
    )
    found = extracted(text, "a.md")
    assert names(found, "contraindication") == {"allergy to zentralin", "asthma"}
    assert names(found, "precaution") == {"kidney disease"}


def test_a_citation_mark_becomes_the_evidences_citation() -> None:
    (fact,) = facts(said("Zentralin has a half-life of 3 to 4 hours,² so take it often.", "How it works"), "half-life")
    assert (fact.low, fact.high, fact.unit) == (3, 4, "h")
    assert fact.evidence[0].citation == "2"


def test_what_is_stated_twice_is_one_fact_with_two_places() -> None:
    found = said("Take zentralin once a day. You take zentralin once a day.", "Dosage")
    (regimen,) = facts(found, "regimen")
    assert len(regimen.evidence) == 2


def test_a_combination_and_a_class_are_subjects_of_their_own() -> None:
    both = extracted("# Ibuprofen and paracetamol\n\nIbuprofen and paracetamol is used to treat headache.\n", "x.md")
    assert {(f.drug, f.subject_type) for f in both} == {("ibuprofen + paracetamol", "combination")}
    whole = extracted("# Statins\n\nStatins are used to treat high cholesterol. Statins can cause headache.\n", "s.md")
    assert {(f.drug, f.subject_type) for f in whole} == {("statin", "drug-class")}


def test_a_brand_is_a_name_of_the_drug_that_its_leaflet_contains() -> None:
    text = (
        "# What Mirvo is\n\nMirvo contains baclofen. Mirvo is used to treat spasticity.\n\n"
        "# Side effects of Mirvo\n\nMirvo may cause drowsiness.\n"
    )
    found = extracted(text, "m.md")
    assert {f.drug for f in found} == {"baclofen"}
    assert names(found, "brand-name") == {"Mirvo"}
    assert names(found, "adverse-effect") == {"drowsiness"}


def test_another_language_and_an_article_without_a_drug_say_why_they_yield_nothing() -> None:
    german = "Das ist ein Text über ein Mittel und die Wirkung auf den Körper. " * 5
    assert "English only" in (extracted(german).problem or "")
    assert "names no drug" in (extracted("# Gardening\n\nPlant the tulips in autumn.\n", "g.md").problem or "")


def test_label_text_that_runs_on_is_cut_at_its_items() -> None:
    found = said(
        "Zentralin may cause an allergic reaction. Symptoms may include: rash facial swelling hives shock blisters",
        "Warnings",
    )
    assert names(found, "allergic-symptom") == {"rash", "facial swelling", "hives", "shock", "blisters"}


@pytest.mark.parametrize("path", examples(), ids=lambda p: str(p.stem))
def test_the_bundled_articles_give_the_same_facts_each_time_each_verbatim(path: object) -> None:
    (document,) = load(str(path))
    first, second = extract(document), extract(document)
    assert first == second
    assert len(first) >= 25
    for fact in first:
        for evidence in fact.evidence:
            assert document.text[evidence.start : evidence.end] == evidence.quote


def test_what_is_said_of_a_part_of_the_body_is_an_effect_by_its_name() -> None:
    found = said("Call for help if your lips or tongue suddenly swell up after a dose, or if your skin turns yellow.")
    assert {f.value for f in found} >= {"swollen lips", "swollen tongue", "yellow skin"}


def test_a_list_that_is_said_to_be_an_allergy_is_one() -> None:
    found = extracted(
        "# Zentralin\n\nZentralin is a muscle relaxant.\n\n## Side effects\n\nGet help at once if you notice:\n\n"
        "- hives\n- swelling of the face\n\nThese can be signs of an allergic reaction.\n",
        "zentralin.md",
    )
    assert names(found, "allergic-symptom") == {"hives", "swelling of the face"}
    assert not names(found, "adverse-effect")


def test_a_reaction_whose_cause_nobody_knows_is_not_established() -> None:
    found = said("Cases of pancreatitis have been reported, but it is not known whether zentralin caused them.")
    assert {(f.value, f.polarity) for f in found if f.kind == "adverse-effect"} == {("pancreatitis", "not-established")}


def test_an_effect_that_heads_advice_is_an_effect() -> None:
    found = extracted(
        "# Zentralin\n\nZentralin is a muscle relaxant.\n\n## Side effects and what to do about them\n\n"
        "### Feeling sick\n\nEat plain food. Do not drink coffee.\n\n### Headache\n\nRest, and drink water.\n",
        "zentralin.md",
    )
    assert names(found, "adverse-effect") == {"nausea", "headache"}


def test_the_disease_of_those_who_are_treated_is_what_the_drug_is_for() -> None:
    found = said("Zentralin is used to lower sugar levels in the blood of adults with type 2 diabetes.", "Uses")
    assert "type 2 diabetes" in {f.value for f in found if f.kind == "indication"}


def test_steps_without_an_amount_are_no_regimen() -> None:
    assert not [f for f in said("Your dose is raised every 3 days.", "Dosage") if f.kind == "regimen"]
