"""What a sentence denies, hedges, leaves open or says of someone else, with the mention given."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from monograph.extraction.assertion import Assertion, assess, denies_what_it_does
from monograph.extraction.clauses import clauses
from monograph.extraction.reading import lower
from monograph.extraction.rules import OTHER, SUBJECT


def low(sentence: str) -> str:
    """A sentence as the rules see it; the drug is written DRUG, another one OTHER."""
    return lower(sentence.replace("DRUG", SUBJECT * 4).replace("OTHER", OTHER * 5))


def said(sentence: str, kind: str | None = "adverse-effect") -> Assertion:
    """What the sentence does with the mention that stands in brackets."""
    start, end = sentence.index("["), sentence.index("]") - 1
    before = len(low(sentence[:start]))
    inside = len(low(sentence[start + 1 : end + 1]))
    return assess(low(sentence.replace("[", "").replace("]", "")), before, before + inside, kind=kind)


DENIED = [
    "DRUG has not been shown to cause [birth defects].",
    "[Seizures] have not been reported with DRUG.",
    "[Memory loss], feared at first, was never seen.",
    "It is unlikely to make you [sleepy].",
    "Trials failed to show an increased risk of [cancer].",
    "There is no evidence that DRUG causes [diabetes].",
    "Neither [nausea] nor rash was found with DRUG.",
    "Neither nausea nor [rash] was found with DRUG.",
    "It does not harm the liver, the [kidneys] or the bone marrow.",
    "It rarely, if ever, leads to [weight gain].",
    "[Tiredness] was no more frequent with DRUG than with a dummy pill.",
    "It relieves sneezing without causing [drowsiness].",
    "Doctors doubt that it leads to [memory loss].",
    "Weight gain is a worry with other drugs, but [it] has not been seen with DRUG.",
    "Does it cause [hair loss]? No.",
    "Dependence, feared at first, is very unlikely; [hair loss] has so far not turned up with DRUG.",
    "[Broken bones] were just as common in those who got no DRUG.",
    "The dose is far too small to cause [kidney stones].",
    "Nobody should expect DRUG to slow the [pulse].",
    "[Weight gain], a problem of OTHER, is not shared by DRUG.",
    "It does not cause rash, some birth defects or [low birth weight].",
    "These were seen with OTHER but not after taking DRUG: swelling, [sweating].",
    "No memory loss, [confusion] or falls were seen with DRUG.",
    "There is no reason to believe that it causes [cancer].",
    "[Seizures] were not recorded in anyone on DRUG.",
    "None suffered [fits] on DRUG.",
    "Trials were not able to show more [heart attacks] with DRUG.",
    "No periods of [confusion] were seen.",
    "Studies show that the medicine does not cause headache, nausea or [rash].",
    "DRUG is one of the medicines that do not cause drowsiness, [dizziness] or falls.",
    "There is an effect that was not seen: [cough] that was feared with DRUG was never seen.",
]
OF_ANOTHER = [
    "Patients on placebo reported [headache] more often than those on DRUG.",
    "OTHER, the older choice, can scar the [liver].",
    "OTHER is hard on the heart and may cause [heart attacks].",
    "In rats, huge doses of DRUG caused [tumours].",
    "Untreated glaucoma may end in [blindness].",
    "Depression can cause [sadness].",
    "When you give up smoking you may feel [irritable].",
    "Her brother had [hallucinations].",
    "Tell your doctor if you have ever had [seizures] before you take DRUG.",
    "Drink plenty of water to avoid [dehydration].",
    "Mention any [stomach bleeding] that you had in the past.",
    "However, if left untreated, it may lead to a [stroke].",
    "Smoking during pregnancy increases the risk of miscarriage, some birth defects and [low birth weight].",
    "Giving up cigarettes, with or without DRUG, may leave you [irritable].",
    "The flu, not DRUG, was blamed for the [odd behaviour].",
    "[Dizziness] troubled one in five of those on the inactive tablet.",
    "[Seizures] that go on despite DRUG call for a second drug.",
    "Have you ever had [stomach bleeding]?",
    "Your chemotherapy is likely to make you feel [sick].",
]
KEPT = [
    "Do not stop suddenly, as [seizures] may occur.",
    "Stopping DRUG without tapering can lead to [fits].",
    "Although DRUG does not make you sleepy, it can upset your [stomach].",
    "DRUG does not slow the pulse but does cause [swollen ankles].",
    "Side effects other than [fatigue] were not seen.",
    "No serious problems were seen except for [fainting].",
    "[Constipation] is not uncommon with DRUG.",
    "[Sudden sleep] cannot be ruled out with DRUG.",
    "DRUG is not without risk and may harm the [liver].",
    "It causes not only pain but also [headache].",
    "DRUG may cause a [dry cough] that does not go away.",
    "In people with heart failure, [low blood pressure] was common.",
    "[Fainting], which did not occur with placebo, occurred with DRUG.",
    "[Nausea] was twice as common on DRUG as on placebo.",
    "Never drive when DRUG gives you [blurred vision].",
    "DRUG, unlike OTHER, can cause [stomach bleeding].",
    "Seeing things that are not really there, [confusion] and vivid dreams are common.",
    "While high doses are unlikely to harm you, even low doses could cause [coma] with alcohol.",
    "A serious reaction (frequency not known), including [rash], may occur with DRUG.",
    "People with diabetes who take DRUG may get [thrush].",
    "A risk of [birth defects] cannot be completely excluded.",
    "Nobody gets through a course of DRUG without [dry lips].",
    "Newer drugs do not dry the mouth, but DRUG [does].",
    "A deep infection caused by infection at the injection site, a [cyst], bruising.",
    "Lethargy (not feeling alert), [hot flushes] and thirst are common.",
    "Shaking that cannot be controlled, [constipation], wind.",
    "Birth defects (where the spine is not properly formed), [cleft lip].",
    "[Cleft palate] (where the roof of the mouth is not properly closed) was reported.",
    "Low or no urine, [yellow skin] and great tiredness.",
    "Muscle pain not caused by exercise, [cramps].",
    "A mix of fever, stiffness and [sleepiness] (how often cannot be estimated).",
    "In patients who have not had an operation, a [cloudy lens] may develop.",
    "The pressure will not be controlled, which could lead to [loss of sight].",
    "Cardiovascular none [angina] palpitation digestive none nausea.",
    "Seen in at least 10% and at least 5% more often than placebo: headache and [dizziness].",
    "In the absence of disease progression [diarrhoea] made people stop.",
]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        # what did not help the patients before denies no use
        ("indication", "DRUG is used to treat [gout] in adults who have not been treated before."),
        ("indication", "DRUG is given for [skin cancer] if you have not been helped by surgery."),
        ("indication", "DRUG is used by people with [psoriasis] whose disease has not responded to creams."),
        ("indication", "DRUG is used in adults when OTHER is not suitable to treat [diabetes]."),
        # a combination that is advised against is an interaction
        ("interaction", "[OTHER] may not work as well while you take DRUG."),
        ("interaction", "[OTHER] may make DRUG less likely to work."),
        ("interaction", "Do not consume [grapefruit juice] with DRUG."),
        ("interaction", "DRUG is taken with or without food but preferably not after a [fatty meal]."),
        ("interaction", "Take it four hours apart, to ensure that the effect of [OTHER] is not reduced."),
    ],
)
def test_a_denial_of_something_else_denies_no_use_and_no_interaction(kind: str, sentence: str) -> None:
    got = said(sentence, kind)
    assert (got.polarity, got.blocked) == ("asserted", False), got


@pytest.mark.parametrize("sentence", DENIED)
def test_a_denied_effect_is_negated(sentence: str) -> None:
    assert said(sentence).polarity == "negated"


@pytest.mark.parametrize("sentence", OF_ANOTHER)
def test_what_is_anothers_states_nothing_of_the_drug(sentence: str) -> None:
    assert said(sentence).blocked


@pytest.mark.parametrize("sentence", KEPT)
def test_a_denied_action_or_a_denied_denial_denies_no_effect(sentence: str) -> None:
    got = said(sentence)
    assert (got.polarity, got.blocked) == ("asserted", False), got


@pytest.mark.parametrize(
    "sentence",
    [
        "The safety of DRUG in [children] has not been established.",
        "It is not known whether DRUG harms the [nursing infant].",
        "Whether DRUG raises the risk of [stroke] is not settled.",
        "No data exist on DRUG in [pregnancy].",
    ],
)
def test_what_is_not_known_is_left_open_and_not_denied(sentence: str) -> None:
    assert said(sentence, "population").polarity == "not-established"


@pytest.mark.parametrize(
    ("sentence", "certainty"),
    [
        ("DRUG is thought to cause [drowsiness].", "hedged"),
        ("Experts believe that DRUG can cause [drowsiness].", "hedged"),
        ("DRUG may cause [drowsiness].", "stated"),
        ("DRUG can cause [drowsiness].", "stated"),
    ],
)
def test_a_hedge_leaves_the_polarity_and_may_is_plain_speech(sentence: str, certainty: str) -> None:
    got = said(sentence)
    assert (got.polarity, got.certainty) == ("asserted", certainty)


def test_the_kind_of_fact_decides_what_counts() -> None:
    sentence = "DRUG must not be used to treat [fever] in children."
    assert said(sentence, "indication").polarity == "negated"
    assert said("DRUG must not be used in people with [asthma].", "contraindication") == Assertion()
    assert said("[Diabetes] is not a contraindication to DRUG.", "contraindication").polarity == "negated"
    assert said("You may take it even if you have [diabetes].", "contraindication").polarity == "negated"
    assert said("[Food] has no influence on DRUG.", "interaction").polarity == "negated"
    assert said("Never combine DRUG with [alcohol].", "interaction").polarity == "asserted"
    assert said("DRUG relieves [pain].", "indication").polarity == "asserted"


def test_a_rule_can_be_passed_over() -> None:
    text = low("Tell your doctor if you have had seizures.")
    start = text.index("seizures")
    assert assess(text, start, start + 8).blocked
    assert not assess(text, start, start + 8, passing=frozenset({"assertion:if-history", "assertion:if-event"})).blocked


def test_an_assertion_names_its_rule_its_cue_and_its_scope() -> None:
    text = low("It has never caused fits, but it may cause a rash.")
    start = text.index("fits")
    got = assess(text, start, start + 4)
    assert (got.rule, got.polarity) == ("assertion:not", "negated")
    assert got.cue is not None and text[slice(*got.cue)] == "never"
    assert got.scope is not None and text[slice(*got.scope)] == " caused fits"
    assert assess(text, text.index("rash"), len(text) - 1) == Assertion()


def test_the_verb_of_a_subject_may_be_denied() -> None:
    assert denies_what_it_does(low("Alcohol does not change the level."), 7)
    assert not denies_what_it_does(low("Alcohol changes the level, but food does not."), 7)


def test_clauses_break_at_new_subjects_and_not_inside_lists() -> None:
    def parts(sentence: str) -> list[str]:
        text = low(sentence)
        cuts = [0, *(b for _, b, _ in clauses(text).breaks), len(text)]
        return [text[a:b].strip(" ,") for a, b in pairwise(cuts)]

    assert len(parts("It does not harm the liver, the kidneys or the bone marrow.")) == 1
    assert len(parts("Seizures, falls, and tremor were not seen.")) == 1
    assert len(parts("In people with gout, low blood pressure was common.")) == 2
    assert len(parts("It does not disturb sleep and may cause a rash.")) == 2


def test_a_long_sentence_costs_no_more_than_its_length() -> None:
    def seconds(times: int) -> float:
        text = low(
            "It does not cause nausea, and the doctor will, if you have gout, look at it, which is not bad; " * times
        )
        begun = time.perf_counter()
        assess(text, 18, 24)
        return time.perf_counter() - begun

    seconds(1)
    assert seconds(80) < 60 * max(seconds(8), 0.002)
