"""Who must not take a drug, and who should take care: by lead-in, heading, sentence and line."""

from __future__ import annotations

import pytest

from articles import extracted, names, said
from monograph.extraction import Extraction

MUST_NOT = [
    ("Do not take Zentralin if you have liver disease.", {"liver disease"}),
    (
        "You should not use Zentralin if you have a history of drug addiction or severe asthma.",
        {"history of drug addiction", "asthma"},
    ),
    ("If you have porphyria, you must not take Zentralin.", {"porphyria"}),
    ("Zentralin is contraindicated in people with heart block.", {"heart block"}),
    ("Contraindications include myasthenia gravis and glaucoma.", {"myasthenia gravis", "glaucoma"}),
    ("Men who have had a stroke should not use it.", {"stroke"}),
    (
        "Zentralin should not be given to people who had a serious reaction to any tetracycline.",
        {"allergy to any tetracycline"},
    ),
    (
        "Do not take it if you are allergic to Zentralin or another ACE inhibitor.",
        {"allergy to zentralin", "allergy to another ACE inhibitor"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "expected"), MUST_NOT, ids=lambda value: value[:40] if isinstance(value, str) else ""
)
def test_a_sentence_says_who_must_not_take_it(sentence: str, expected: set[str]) -> None:
    assert names(said(sentence, "Warnings"), "contraindication") >= expected


TAKE_CARE = [
    (
        "Tell your doctor before taking Zentralin if you have asthma, heart, liver or kidney problems.",
        {"asthma", "heart problems", "liver problems", "kidney problems"},
    ),
    (
        "Tell your doctor your medical history, especially of: lung disease (such as asthma), lupus.",
        {"lung disease", "lupus"},
    ),
    ("Patients with a history of peptic ulcer need close monitoring.", {"history of peptic ulcer"}),
    (
        "They need to know if you have any of these: gout; stomach problems, such as ulcers; stroke.",
        {"gout", "stomach problems", "ulcers", "stroke"},
    ),
    ("Use it with caution in patients with renal impairment or ascites.", {"renal impairment", "ascites"}),
    ("If you have epilepsy, talk to your doctor.", {"epilepsy"}),
    (
        "Ask a doctor first when the child has asthma, glaucoma or a thyroid disorder.",
        {"asthma", "glaucoma", "thyroid disorder"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "expected"), TAKE_CARE, ids=lambda value: value[:40] if isinstance(value, str) else ""
)
def test_a_sentence_says_who_should_take_care(sentence: str, expected: set[str]) -> None:
    found = said(sentence, "Precautions")
    assert names(found, "precaution") == expected
    assert names(found, "contraindication") == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "Ask your doctor if you have any questions.",
        "Talk to your doctor if your symptoms persist.",
        "Do not use it if the seal is broken.",
        "Ask a doctor if you have problems or serious side effects from taking pain relievers.",
        "Tell your doctor if you have any other medical conditions.",
        "If you have diabetes, Zentralin may change your blood sugar.",
        "Before having surgery, tell your doctor or dentist about all the products you use.",
    ],
)
def test_general_advice_names_no_condition(sentence: str) -> None:
    found = said(sentence, "Precautions")
    assert names(found, "precaution") | names(found, "contraindication") == set()


LISTS = """---
drug: Zentralin
---

# Zentralin

Zentralin is sold in many countries.

## Before you take it

Do not take Zentralin if you:

- are allergic to it
- have diabetes and take aliskiren
- took sacubitril in the last 36 hours
- take pimozide

Check with your doctor first if you:

- wear contact lenses
- have had an organ transplant
- follow a low-salt diet
- Breathing problems (eg, sleep apnea)—Use with caution.
- are pregnant

To make sure Zentralin is safe for you, tell your doctor if you have ever had:

- porphyria;
- a muscle disorder such as myasthenia gravis.
"""


def test_items_are_classed_by_their_lead_in() -> None:
    found = extracted(LISTS, "zentralin.md")
    assert names(found, "contraindication") >= {"allergy to zentralin", "sacubitril", "pimozide"}
    assert "diabetes" not in names(found, "contraindication")
    assert names(found, "interaction") == {"aliskiren", "sacubitril", "pimozide"}
    assert names(found, "precaution") == {
        "wear contact lenses", "organ transplant", "follow a low-salt diet", "breathing problems",
        "porphyria", "muscle disorder", "myasthenia gravis", "pregnancy",
    }  # fmt: skip


LINES = """---
drug: Zentralin
---

Zentralin

Zentralin is sold in many countries.

Contraindications
Known hypersensitivity to Zentralin or to other carbamates

Precautions
Sick sinus syndrome
Stomach ulcer
Body weight below 50 kg
"""


def test_lines_without_marks_name_conditions_under_a_heading_that_says_so() -> None:
    found = extracted(LINES)
    assert names(found, "contraindication") == {"allergy to zentralin", "allergy to other carbamates"}
    assert names(found, "precaution") == {"sick sinus syndrome", "stomach ulcer", "body weight below 50 kg"}


def test_a_label_before_sentences_is_no_condition() -> None:
    text = (
        "---\ndrug: Zentralin\n---\n\n# Zentralin\n\nZentralin is sold.\n\n## Precautions\n\n"
        "* **Warnings:** Use with caution in patients with gout.\n"
        "* **Interactions:** Zentralin can interact with diuretics.\n"
    )
    found = extracted(text, "zentralin.md")
    assert names(found, "precaution") == {"gout"}
    assert names(found, "interaction") == {"diuretics"}


def test_rows_of_a_table_tell_whom_it_is_not_for() -> None:
    text = "Who\n\nWhether\n\nActive liver disease\n\nmust not take it\n\nKidney disease\n\nwith care\n"
    found = extracted("---\ndrug: Zentralin\n---\n\nZentralin\n\nZentralin is sold.\n\n" + text)
    assert names(found, "contraindication") == {"active liver disease"}
    assert names(found, "precaution") == {"kidney disease"}


def test_run_on_cases_of_a_label_are_read_one_by_one() -> None:
    text = (
        "Do not use to make a child sleepy together with any other product that has Zentralin in it "
        "if you have ever been allergic to Zentralin right before heart surgery"
    )
    found = names(said(text, "Warnings"), "contraindication")
    assert found == {
        "to make a child sleepy", "products containing zentralin", "allergy to zentralin", "right before heart surgery",
    }  # fmt: skip


def severities(sentence: str, kind: str = "contraindication") -> set[tuple[str, str | None]]:
    """The values of a sentence under a heading on precautions, each with its severity."""
    return {(f.value, f.severity) for f in said(sentence, "Precautions") if f.kind == kind}


def test_how_bad_a_condition_must_be_stands_apart_from_its_name() -> None:
    assert severities("You must not use Zentralin if you have severe liver problems.") == {("liver problems", "severe")}
    assert severities("Zentralin is contraindicated in patients with moderate or severe heart failure.") == {
        ("heart failure", "moderate"), ("heart failure", "severe"),
    }  # fmt: skip
    assert severities("Do not take Zentralin if you have severe kidney or liver disease.") == {
        ("kidney disease", "severe"), ("liver disease", "severe"),
    }  # fmt: skip
    assert severities("Do not take Zentralin if you have severely reduced kidney function.") == {
        ("reduced kidney function", "severe")
    }


SEVERAL = [
    (
        "Zentralin is contraindicated in patients with anuria and in patients with hypersensitivity to Zentralin.",
        {"anuria", "allergy to zentralin"},
    ),
    (
        "Zentralin is contraindicated in comatose states and in people who are hypersensitive to it or have glaucoma.",
        {"comatose states", "allergy to zentralin", "glaucoma"},
    ),
    (
        "Zentralin is contraindicated in second- or third-degree heart block.",
        {"second-degree heart block", "third-degree heart block"},
    ),
    (
        "Zentralin is contraindicated in cardiovascular or convulsive disorders.",
        {"cardiovascular disorders", "convulsive disorders"},
    ),
    ("Zentralin is contraindicated in combination with a neprilysin inhibitor.", {"neprilysin inhibitor"}),
    ("Anyone who has had an allergic reaction to Zentralin.", {"allergy to zentralin"}),
    (
        "Bad conduction disturbances (unless a pacemaker is fitted); sinus bradycardia; cardiogenic shock.",
        {"bad conduction disturbances", "sinus bradycardia", "cardiogenic shock"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "expected"), SEVERAL, ids=lambda value: value[:50] if isinstance(value, str) else ""
)
def test_each_of_several_cases_is_a_contraindication(sentence: str, expected: set[str]) -> None:
    assert names(said(sentence, "Contraindications"), "contraindication") == expected


def items(lead: str, *lines: str, heading: str = "Warnings and precautions") -> Extraction:
    listed = "\n".join(f"- {line}" for line in lines)
    text = f"---\ndrug: Zentralin\n---\n\n# Zentralin\n\nZentralin is sold.\n\n## {heading}\n\n{lead}\n\n{listed}\n"
    return extracted(text, "zentralin.md")


def test_an_aside_on_when_somebody_had_it_is_no_condition() -> None:
    found = items(
        "Do not take Zentralin",
        "if you have (or have ever had) a blood clot",
        "if you are pregnant or have cancer of the breast",
        "if your kidneys are not working well (renal failure)",
        "if you know, or think, you have porphyria",
    )
    assert names(found, "contraindication") == {
        "blood clot", "pregnancy", "cancer of the breast", "renal failure", "porphyria",
    }  # fmt: skip


def test_the_nearest_lead_in_says_what_a_list_holds() -> None:
    lead = "Don't take Zentralin if you have an ulcer.\n\nBefore starting, be sure your doctor knows of any of these:"
    found = items(lead, "kidney disease", "asthma", heading="Who should not take it")
    assert names(found, "contraindication") == {"ulcer"}
    assert names(found, "precaution") == {"kidney disease", "asthma"}


def test_how_a_state_shows_and_what_comes_on_is_no_precaution() -> None:
    found = items(
        "Talk to your doctor before taking Zentralin if you:",
        "have gout",
        "have signs of an infection such as fever or chills",
        "experience a rash",
        "have chest pain (this may be a sign of a heart attack)",
    )
    assert names(found, "precaution") == {"gout"}
    found = items("Signs that your liver may not be working well may include:", "dark urine", "nausea")
    assert names(found, "precaution") == set()


def test_what_a_warning_explains_or_announces_is_no_precaution() -> None:
    found = items(
        "Talk to your doctor before taking Zentralin:",
        "if you have asthma",
        "infections may be serious",
        "blood tests",
        "how to recognise a blood clot",
    )
    assert names(found, "precaution") == {"asthma"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Check with your doctor at once if you have a cough or wheezing that is new.",
        "Tell your doctor immediately if you have fever.",
    ],
)
def test_what_to_tell_at_once_is_an_effect_and_no_precaution(sentence: str) -> None:
    assert names(said(sentence, "Warnings"), "precaution") == set()


def test_why_a_condition_matters_is_not_part_of_it() -> None:
    found = items("Talk to your doctor before taking it if you have:", "myasthenia gravis, as weakness may get worse")
    assert names(found, "precaution") == {"myasthenia gravis"}


def test_which_cough_is_meant_is_told_apart() -> None:
    found = items("Do not use if", "you have a cough that comes with much phlegm", "your hair loss is sudden or patchy")
    told = {(f.value, f.condition) for f in found if f.kind == "contraindication"}
    assert told == {("cough", "that comes with much phlegm"), ("hair loss that is sudden or patchy", None)}


def test_sensitivity_to_light_is_no_allergy() -> None:
    found = said("Tell your doctor if you have a sensitivity to light.", "Precautions")
    assert names(found, "precaution") == {"sensitivity to light"}


def test_conditions_between_semicolons_are_each_one() -> None:
    found = said(
        "Zentralin should be used with caution in gout; kidney stones; and active or latent hepatitis.", "Warnings"
    )
    assert names(found, "precaution") >= {"gout", "kidney stones", "active hepatitis", "latent hepatitis"}


def test_a_line_of_nothing_but_conditions_forbids() -> None:
    found = said("Severe gout and known hypersensitivity to starch.", "Contraindications")
    assert names(found, "contraindication") == {"gout", "allergy to starch"}


def test_what_bounds_a_condition_stays_with_it() -> None:
    found = items(
        "Talk to your doctor before taking it if:",
        "you weigh 50 kg or less",
        "you have a severe lung disease or if you are on dialysis",
        "you are not able to eat or drink",
        "your doctor determines that your blood pressure is unstable",
        "you have a stomach disease which leads to bleeding",
    )
    told = {(f.value, f.condition) for f in found if f.kind == "precaution"}
    assert told == {
        ("weigh 50 kg or less", None),
        ("lung disease", None),
        ("dialysis", None),
        ("not able to eat or drink", None),
        ("unstable blood pressure", None),
        ("stomach disease", "which leads to bleeding"),
    }


def test_one_disease_of_several_organs_is_several() -> None:
    found = said("Do not take Zentralin if you have cancer of the cervix, ovary or breast.", "Warnings")
    assert names(found, "contraindication") == {"cancer of the cervix", "cancer of the ovary", "cancer of the breast"}


def test_a_degree_needs_no_hyphen() -> None:
    found = said("Zentralin is contraindicated in second degree heart block.", "Contraindications")
    assert names(found, "contraindication") == {"second-degree heart block"}


def test_what_must_not_be_combined_in_some_keeps_its_condition() -> None:
    found = said("Do not co-administer Zentralin with aliskiren in patients with diabetes.", "Contraindications")
    told = {(f.kind, f.value, f.condition) for f in found}
    assert told >= {
        ("contraindication", "aliskiren", "in patients with diabetes"),
        ("interaction", "aliskiren", "in patients with diabetes"),
    }


def test_when_not_to_take_a_dose_is_no_contraindication() -> None:
    found = said("Do not take it near bedtime if you have trouble sleeping.", "Warnings")
    assert names(found, "contraindication") == set()


def test_a_label_speaks_of_its_drug_by_the_class() -> None:
    found = extracted(
        "# Zentralin\n\nZentralin is a corticosteroid.\n\n## Warnings\n\n"
        "Corticosteroids should be used cautiously in patients with gout. Corticosteroids may mask signs of infection. "
        "Aspirin should be used cautiously in conjunction with corticosteroids.\n"
    )
    assert names(found, "precaution") == {"gout"}
    assert names(found, "adverse-effect") == {"masked signs of infection"}
    assert names(found, "interaction") == {"aspirin"}
