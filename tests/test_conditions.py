"""Who must not take a drug, and who should take care: by lead-in, heading, sentence and line."""

from __future__ import annotations

import pytest

from articles import extracted, names, said

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
