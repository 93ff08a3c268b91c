"""Effects that prose tells of by what happens to the body, by a call for help, or in passing."""

from __future__ import annotations

import pytest

from articles import names, said

BY_THE_BODY = [
    ("Your lips, tongue or face may swell up.", {"swollen lips", "swollen tongue", "swollen face"}),
    ("Zentralin can make the eyes water.", {"watering eyes"}),
    ("Your urine may turn orange.", {"discoloured urine"}),
    ("Zentralin can weaken your bones.", {"weak bones"}),
    ("Zentralin can upset your stomach.", {"upset stomach"}),
    ("Your heart may beat faster than usual.", {"fast heartbeat"}),
    ("Your periods may stop or become irregular.", {"absent periods", "irregular periods"}),
    ("You may bruise or bleed more easily.", {"easy bruising", "bleeding"}),
    ("Your skin may become more sensitive to the sun.", {"sensitivity to sunlight"}),
    ("Men may have trouble getting an erection.", {"erectile dysfunction"}),
    ("Zentralin may worsen asthma.", {"worsening asthma"}),
    ("Zentralin can reduce the number of white blood cells in the blood.", {"low white blood cells"}),
    ("Joint pain or swelling is possible.", {"joint pain", "joint swelling"}),
    ("Redness and swelling of the eyelids are possible.", {"redness of the eyelids", "swelling of the eyelids"}),
]


@pytest.mark.parametrize(("sentence", "expected"), BY_THE_BODY, ids=[sentence[:40] for sentence, _ in BY_THE_BODY])
def test_what_happens_to_the_body_is_named_once(sentence: str, expected: set[str]) -> None:
    assert names(said(sentence), "adverse-effect") == expected


def test_a_noun_is_no_verb() -> None:
    assert names(said("Nose bleeds, stomach ache and pain in the lower abdomen may occur."), "adverse-effect") == {
        "nose bleeds",
        "stomach ache",
        "pain in the lower abdomen",
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "Seek emergency help if you have a blistering rash.",
        "In one trial 41 percent felt a blistering rash (as did 2 percent of those on placebo).",
        "Rare or very rare: a blistering rash; vertigo.",
        "Not all people who take zentralin develop a blistering rash.",
        "Although zentralin does not calm the nerves, a blistering rash may follow.",
    ],
)
def test_effects_are_told_of_outside_their_sections(sentence: str) -> None:
    assert "blistering rash" in names(said(sentence, "Overview"), "adverse-effect")


@pytest.mark.parametrize(
    "sentence",
    [
        "Zentralin is less likely than older drugs to cause a rash.",
        "A rash was seen in two people, but it is not certain that the drug was responsible.",
        "A rash was seen in two people, but that may be due to the illness rather than to the drug.",
        "Doctors no longer believe that zentralin causes a rash.",
        "Inhalers, but not zentralin by itself, may cause a rash.",
        "If zentralin were absorbed it might cause a rash.",
        "When it makes too much, you may get a rash.",
        "Rashes are a common complication of diabetes.",
        "Sugarless sweets can help a rash.",
        "We will also check whether you have had a rash.",
        "Zentralin may cause a false positive on a urine test.",
    ],
)
def test_what_is_denied_or_somebody_elses_is_no_effect(sentence: str) -> None:
    assert names(said(sentence), "adverse-effect") == set()


def test_an_item_lists_what_its_effect_comes_with() -> None:
    found = said("- a flu-like reaction (fever, chills, aching muscles)\n- infections (including tuberculosis)")
    assert names(found, "adverse-effect") == {
        "flu-like reaction",
        "fever",
        "chills",
        "aching muscles",
        "infections",
        "tuberculosis",
    }


def test_doubled_doses_and_interrupted_ones_have_their_own_symptoms() -> None:
    assert names(said("Do not double up: extra tablets can slow your breathing.", "Advice"), "overdose-symptom") == {
        "slow breathing"
    }
    assert names(said("People who quit cold turkey describe sweating.", "Overview"), "withdrawal-symptom") == {
        "sweating"
    }


def test_a_question_heads_what_follows_it() -> None:
    found = said("- A rash that blisters. It can mean an infection.", "What should make me call the doctor?")
    assert "infection" in names(found, "adverse-effect")


def test_links_to_other_pages_state_nothing() -> None:
    assert names(said("Related treatment guides: Epilepsy, Migraine", "Stopping it"), "withdrawal-symptom") == set()


def test_what_to_check_with_a_doctor_where_it_occurs_is_an_effect() -> None:
    told = said("Check with your doctor if blurred vision or eye pain occurs during treatment.", "Precautions")
    assert names(told, "adverse-effect") == {"blurred vision", "eye pain"}
