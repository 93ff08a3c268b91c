"""What a drug interacts with: by lead-in, heading, sentence, line and table; and what only looks like it."""

from __future__ import annotations

import pytest

from articles import extracted, facts, names, said

UNDER_INTERACTIONS = [
    ("Rifampicin and phenytoin shorten the time it stays in the blood.", {"rifampicin", "phenytoin"}),
    ("Ciclosporin levels may rise.", {"ciclosporin"}),
    ("NSAIDs such as naproxen raise the risk of bleeding.", {"NSAIDs", "naproxen"}),
    ("Live vaccines are best avoided.", {"live vaccines"}),
    ("The theophylline dose may need lowering.", {"theophylline"}),
    ("Cimetidine, a medicine for stomach ulcers, slows its breakdown.", {"cimetidine"}),
    ("Clonidine (Catapres, in Clorpres) can push the blood pressure down.", {"clonidine"}),
    ("Water tablets and blood thinners need closer checks.", {"water tablets", "blood thinners"}),
    (
        "Medicines for high blood pressure (e.g. ramipril) act more strongly.",
        {"medicines for high blood pressure", "ramipril"},
    ),
    ("Paracetamol (acetaminophen) in high doses may raise the INR.", {"paracetamol"}),
    ("Smoking lowers the level in the blood.", {"smoking"}),
    ("Excessive intake of coffee may lower its effect.", {"coffee"}),
    ("Ask your doctor before using a sleeping pill or opioid medicines.", {"sleeping pill", "opioid medicines"}),
    (
        "Be sure to mention any of these: fluconazole (Diflucan); lithium; and St. John's wort.",
        {"fluconazole", "lithium", "st john's wort"},
    ),
    (
        "Serotonin-norepinephrine reuptake inhibitors can add to bruising.",
        {"serotonin-norepinephrine reuptake inhibitors"},
    ),
    ("An X-ray with iodinated contrast media can harm the kidneys.", {"iodinated contrast media"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "expected"), UNDER_INTERACTIONS, ids=lambda value: value[:40] if isinstance(value, str) else ""
)
def test_under_a_heading_on_interactions_what_is_named_with_an_effect_interacts(
    sentence: str, expected: set[str]
) -> None:
    assert names(said(sentence, "Other medicines"), "interaction") == expected


ANYWHERE = [
    ("Take Zentralin at least 4 hours apart from antacids, iron and calcium.", {"antacids", "iron", "calcium"}),
    ("Zentralin can make blood thinners such as warfarin stronger.", {"blood thinners", "warfarin"}),
    ("Do not take Zentralin together with linezolid or methylene blue.", {"linezolid", "methylene blue"}),
    ("Carbamazepine makes the body clear Zentralin faster.", {"carbamazepine"}),
    ("The effect of Zentralin becomes weaker with rifampicin.", {"rifampicin"}),
    ("Grapefruit juice can raise the amount of Zentralin in your blood.", {"grapefruit"}),
    ("Food slows the uptake of Zentralin.", {"food"}),
    ("You can drink alcohol, but Zentralin may then make you sleepy.", {"alcohol"}),
]


@pytest.mark.parametrize(
    ("sentence", "expected"), ANYWHERE, ids=lambda value: value[:40] if isinstance(value, str) else ""
)
def test_a_sentence_that_joins_the_drug_and_another_thing_states_an_interaction(
    sentence: str, expected: set[str]
) -> None:
    assert names(said(sentence, "Good to know"), "interaction") == expected


@pytest.mark.parametrize(
    ("sentence", "heading"),
    [
        ("Other medicines for gout include allopurinol and colchicine.", "Other medicines"),
        ("There is no known interaction with paracetamol.", "Other medicines"),
        ("It is safe to take paracetamol with Zentralin.", "Other medicines"),
        ("Zentralin does not appear to make the contraceptive pill less reliable.", "Other medicines"),
        ("Medicines of this group raise the level of theophylline.", "Other medicines"),
        ("Zentralin is very similar to minocycline.", "Other medicines"),
        ("When you stop smoking, your doctor may need to change your dose of warfarin.", "Other medicines"),
        (
            "Tell your doctor about all the medicines you take, including vitamins and herbal supplements.",
            "Precautions",
        ),
        ("Zentralin blocks the effect of adrenaline on the heart.", "How it works"),
        ("Unlike azathioprine, Zentralin is taken once a week.", "About Zentralin"),
        ("Take Zentralin with food or milk.", "How to take it"),
        ("A rash is more likely than with amoxicillin.", "Side effects"),
        ("If you also use a steroid inhaler, wait 5 minutes between the two.", "How to take it"),
        ("Zentralin is often used together with metformin.", "What it is for"),
        ("It can raise the potassium level in your blood.", "Side effects"),
        ("Aspirin can cause stomach bleeding.", "Side effects"),
        ("It passes into breast milk and may make the baby sleepy.", "Breastfeeding"),
    ],
)  # fmt: skip
def test_what_is_no_interaction_is_not_asserted_as_one(sentence: str, heading: str) -> None:
    assert names(said(sentence, heading), "interaction") == set()


LIST = """---
drug: Zentralin
---

# Zentralin

Zentralin is sold in many countries.

## Interactions

Tell your doctor if you take any of these medicines:

- cimetidine, a medicine for stomach ulcers
- lithium: its level goes up
- warfarin — bleeding may start
- zinc: no interaction is known
- antibiotics such as clarithromycin or erythromycin
- beta-blockers, such as timolol
- some rarely heard of blockers
- medicines to treat HIV or gout

### Verapamil and diltiazem

The heartbeat may become slow.

### Ibuprofen

It can weaken the effect.
"""


def test_items_and_headings_that_name_what_interacts() -> None:
    found = extracted(LIST, "zentralin.md")
    assert names(found, "interaction") == {
        "cimetidine", "lithium", "warfarin", "clarithromycin", "erythromycin",
        "rarely heard of blockers", "beta-blockers", "timolol",
        "medicines to treat HIV", "medicines to treat gout", "verapamil", "diltiazem", "ibuprofen",
    }  # fmt: skip


LINES = """---
drug: Zentralin
---

Zentralin

Zentralin is sold in many countries.

Interactions

Metoclopramide
stiff limbs and shaking hands

Beta blockers, e.g. atenolol
slow heartbeat

Digoxin, warfarin
no interaction in healthy volunteers
"""


def test_tables_flattened_to_lines_name_the_drug_on_one_line_and_the_effect_on_the_next() -> None:
    found = facts(extracted(LINES), "interaction")
    assert {f.value for f in found} == {"metoclopramide", "beta blockers", "atenolol"}
    told = next(f for f in found if f.value == "metoclopramide")
    assert told.statement == "stiff limbs and shaking hands"
    assert told.quote == "Metoclopramide\nstiff limbs and shaking hands"


def test_a_paragraph_that_opens_with_what_changes_the_effect_is_read_as_one_on_interactions() -> None:
    text = "Many medicines change the effect. Aspirin and clopidogrel add to the bleeding. Kale may weaken it."
    assert names(said(text, "Good to know"), "interaction") == {"aspirin", "clopidogrel", "kale"}


def test_a_list_of_what_is_safe_is_none_of_interactions() -> None:
    text = "---\ndrug: Zentralin\n---\n\n# Zentralin\n\nZentralin is sold.\n\n## Interactions\n\n"
    listed = "Zentralin can be safely taken with:\n\n- aspirin\n- statins\n"
    assert names(extracted(text + listed, "zentralin.md"), "interaction") == set()


def test_one_class_phrase_names_a_class_for_each_illness() -> None:
    found = said("Medicines for gout, overactive bladder, or migraine can weaken it.", "Interactions")
    assert names(found, "interaction") == {
        "medicines for gout", "medicines for overactive bladder", "medicines for migraine",
    }  # fmt: skip


def test_an_unknown_name_among_known_ones_is_taken_for_a_drug() -> None:
    found = said("Diazepam, Calmdown and lorazepam deepen the sleep.", "Interactions")
    assert names(found, "interaction") == {"diazepam", "calmdown", "lorazepam"}


def test_an_interactant_has_its_type() -> None:
    text = "Statins, aspirin, alcohol, grapefruit and ginkgo may change the effect of Zentralin."
    roles = {f.value: f.role for f in said(text, "Interactions") if f.kind == "interaction"}
    assert roles == {
        "statins": "drug-class", "aspirin": "drug", "alcohol": "alcohol", "grapefruit": "food", "ginkgo": "supplement",
    }  # fmt: skip


def test_only_the_clause_that_states_it_is_quoted() -> None:
    text = "Small drinks of an evening do no harm, but binge drinking of alcohol can deepen the effect of Zentralin."
    (fact,) = facts(said(text, "Interactions"), "interaction")
    assert fact.quote.startswith("binge drinking")


def test_what_is_forbidden_or_enhanced_is_not_denied() -> None:
    text = (
        "While using Zentralin you should not receive live vaccines. "
        "The harm of ciclosporin may be enhanced if Zentralin is not given in lower doses."
    )
    found = said(text, "Interactions")
    assert names(found, "interaction") == {"live vaccines", "ciclosporin"}
    assert names(found, "interaction", "negated") == set()


def test_medicines_named_as_harmless_do_not_interact() -> None:
    text = "Antiviral drugs which do not result in interactions with Zentralin are zidovudine and lamivudine."
    assert names(said(text, "Interactions"), "interaction") == set()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Like other cancer medicines, Zentralin must not be combined with live vaccines.", {"live vaccines"}),
        ("Zentralin must not be combined with live vaccines unless you take antibiotics.", {"live vaccines"}),
        ("Hypersensitivity to Zentralin, erythromycin or any macrolide rules it out.", set()),
        ("Zentralin is used when the blood sugar cannot be controlled with metformin.", set()),
        ("Zentralin can be taken together with: methotrexate, ibuprofen.", set()),
        ("Other risk factors for bone damage are alcohol and corticosteroids.", set()),
        ("Additional contraceptive precautions should be taken with it.", set()),
        ("The body does not make enough insulin, and Zentralin may affect how it works.", set()),
        ("Stay away from fire, flames and smoking while Zentralin dries.", set()),
        ("You should not have certain vaccines while taking Zentralin.", {"certain vaccines"}),
    ],
)
def test_what_a_sentence_compares_excepts_or_permits_does_not_interact(sentence: str, expected: set[str]) -> None:
    assert names(said(sentence, "Warnings"), "interaction") == expected


UNDER_A_SUBHEAD = """---
drug: Zentralin
---

# Zentralin

Zentralin is sold in many countries.

## Before you take it

Other medicines and Zentralin Some medicines can change how it works. Your doctor may check you more often:

- medicines for the heart (e.g. digoxin, amiodarone)
- antibiotics, such as rifampicin
- heart rhythm medicine - flecainide, quinidine, and others.
- antifungal medicines. These include fluconazole.

Pregnancy and breast-feeding Ask your doctor for advice.
"""


def test_a_subhead_run_into_its_paragraph_holds_for_the_list_below() -> None:
    assert names(extracted(UNDER_A_SUBHEAD, "zentralin.md"), "interaction") >= {
        "medicines for the heart", "digoxin", "amiodarone", "antibiotics", "rifampicin", "heart rhythm medicine",
        "flecainide", "quinidine", "antifungal medicines", "fluconazole",
    }  # fmt: skip


def test_a_long_row_of_names_is_read() -> None:
    text = (
        "Fluvoxamine (used for depression and for obsessive thoughts), cimetidine (used for stomach ulcers and "
        "heartburn), rifampicin (used for tuberculosis) and carbamazepine (used for fits and for pain of the face)"
    )
    assert names(said(text, "Other medicines"), "interaction") == {
        "fluvoxamine", "cimetidine", "rifampicin", "carbamazepine",
    }  # fmt: skip


def test_medicines_to_mention_interact() -> None:
    text = "---\ndrug: Zentralin\n---\n\n# Zentralin\n\nZentralin is sold.\n\n## Other medicines and Zentralin\n\n"
    listed = "It is especially important to mention the following:\n\n- warfarin\n- St. John s wort (a herbal remedy)\n"
    assert names(extracted(text + listed, "zentralin.md"), "interaction") == {"warfarin", "st john's wort"}


def test_what_holds_for_certain_medicines_is_no_interaction_of_the_drug() -> None:
    assert (
        names(said("Alcohol with certain medicines may cause an interaction.", "Interactions"), "interaction") == set()
    )
    assert names(said("Zentralin with alcohol may cause drowsiness.", "Interactions"), "interaction") == {"alcohol"}
