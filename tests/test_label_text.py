"""The idiom of US labels, in our own words: what its sections state, and what they only seem to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from articles import said
from monograph.document import Document
from monograph.extraction import extract
from monograph.facts import Fact, Frequency
from monograph.graph import nquads
from monograph.loading import load


@pytest.fixture
def label(tmp_path: Path):  # type: ignore[no-untyped-def]  # a maker of labels: sections by openFDA's names for them
    def make(**sections: str) -> Document:
        record = {"openfda": {"generic_name": ["ZENTRALIN"]}, **{k: [v] for k, v in sections.items()}}
        path = tmp_path / "label.json"
        path.write_text(json.dumps({"results": [record]}), encoding="utf-8")
        return next(load(path))

    return make


def told(document: Document, kind: str) -> dict[str, Fact]:
    return {fact.value: fact for fact in extract(document) if fact.kind == kind}


TABLE = (
    "<table><thead><tr><th>Reaction</th><th>Placebo (N=90) %</th><th>Zentralin (N=100) %</th></tr></thead>"
    "<tr><td>Headache</td><td>3</td><td>12</td></tr><tr><td>Dry mouth</td><td>1</td><td>&lt;1</td></tr></table>"
)


def test_figures_of_a_trial_are_those_of_the_drugs_arm(label) -> None:  # type: ignore[no-untyped-def]
    document = label(adverse_reactions="6.1 Trials Table 1 shows them.", adverse_reactions_table=TABLE)
    effects = told(document, "adverse-effect")
    often = effects["headache"].frequency
    assert often is not None and (often.band, often.low, often.high) == (None, 0.12, 0.12)
    seldom = effects["dry mouth"].frequency
    assert seldom is not None and (seldom.low, seldom.high) == (None, 0.01)
    assert effects["headache"].quote.split() == ["Headache", "3", "12"], "the row states it"
    rows = nquads(document, extract(document).facts)
    assert 'ontology#frequencyLow> "0.12"^^' in rows and "ontology#frequency> " not in rows


def test_the_first_row_of_a_table_without_marked_heads_names_its_columns(label) -> None:  # type: ignore[no-untyped-def]
    rows = (("", "Zentralin 10 mg", "Placebo"), ("Rash", "17%", "13%"), ("Headache", "9%", "8%"))
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    document = label(adverse_reactions="6.1 Trials", adverse_reactions_table=f"<table>{table}</table>")
    assert told(document, "adverse-effect")["rash"].frequency == Frequency(None, 0.17, 0.17)


def test_doses_of_animals_and_of_trials_are_no_regimens(label) -> None:  # type: ignore[no-untyped-def]
    document = label(
        dosage_and_administration="The recommended dose of zentralin is 10 mg once daily.",
        warnings_and_cautions="Bleeding was seen in a female dog treated with zentralin 120 mg/kg/day for 3 months.",
        clinical_pharmacology="Zentralin levels rose when 80 mg was given with clarithromycin 500 mg twice daily.",
    )
    assert set(told(document, "regimen")) == {"10 mg 1 times a day"}


def test_a_half_life_may_stand_before_its_name(label) -> None:  # type: ignore[no-untyped-def]
    document = label(
        pharmacokinetics="Given the 24-hour elimination half-life of zentralin, doses should be changed once a week."
    )
    assert set(told(document, "half-life")) == {"24 h"}


def test_what_is_told_behind_a_row_is_not_of_the_whole_row(label) -> None:  # type: ignore[no-untyped-def]
    document = label(
        adverse_reactions="They include the following: General: fatigue, fever Cardiovascular: palpitations, angina "
        "Reproductive: menstrual irregularities Seizures have been reported rarely."
    )
    effects = told(document, "adverse-effect")
    bands = {name: fact.frequency.band if fact.frequency else None for name, fact in effects.items()}
    assert bands["seizures"] == "rare" and bands["fatigue"] is None and bands["palpitations"] is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "The following adverse reactions are described elsewhere in the labeling: Hypersensitivity reactions "
            "Suicidal thoughts Status Epilepticus Respiratory Depression",
            {"hypersensitivity reactions", "suicidal thoughts", "status epilepticus", "respiratory depression"},
        ),
        (
            "Gastrointestinal Reactions 1. nausea 2. vomiting Hematologic Reactions 1. anemia 2. eosinophilia",
            {"nausea", "vomiting", "anemia", "eosinophilia"},
        ),
        (
            "The most common reactions in pooled MDD, OCD and SAD trials were nausea, decreased appetite and tremor.",
            {"nausea", "decreased appetite", "tremor"},
        ),
        (
            "Common reactions by use: Hypertension: headache and cough Heart Failure: hypotension",
            {"headache", "cough", "hypotension"},
        ),
    ],
    ids=["capitals", "heads of systems", "acronyms of trials", "reactions by use"],
)
def test_reactions_in_text_that_lost_its_layout(label, text: str, names: set[str]) -> None:  # type: ignore[no-untyped-def]
    assert set(told(label(adverse_reactions=text), "adverse-effect")) == names


def test_an_over_the_counter_label_says_each_thing_once(label) -> None:  # type: ignore[no-untyped-def]
    stop = "Stop use and ask a doctor if dizziness or nervousness occurs pain gets worse or lasts more than 7 days"
    never = "Do not use with any other drug containing zentralin. if you have ever had an allergic reaction to it"
    document = label(
        warnings=f"Warnings {never} {stop} Keep out of reach of children.", do_not_use=never, stop_use=stop
    )
    assert document.text.count("dizziness") == 1, "a section stands without those that have fields of their own"
    assert set(told(document, "adverse-effect")) == {"dizziness", "nervousness"}
    assert set(told(document, "contraindication")) == {"products containing zentralin", "allergy to zentralin"}
    assert not told(document, "withdrawal-symptom")


def test_who_must_not_take_it_may_run_on(label) -> None:  # type: ignore[no-untyped-def]
    document = label(
        contraindications="Angioedema or a history of it Severe renal impairment Active liver disease "
        "Uncontrolled hypertension Known sensitivity to zentralin"
    )
    assert {"angioedema", "active liver disease", "uncontrolled hypertension"} <= set(
        told(document, "contraindication")
    )


@pytest.mark.parametrize(
    ("sentence", "kind", "value"),
    [
        ("The half-life averages 58 days (range 15 to 142 days).", "half-life", "58 d"),
        ("Because the half-life is about one week (168 hours), it takes 5 weeks to level.", "half-life", "168 h"),
        ("The mean half-life was 5.8 ± 1.2 hours.", "half-life", "5.8 h"),
        ("Because of its long half-life a response may be seen in 2 to 3 days.", "onset", "2 to 3 d"),
        ("At 75 mg a day it takes 3 to 7 days to reach its full effect.", "onset", "3 to 7 d"),
        ("Most people notice a benefit after 6 to 12 weeks, and some need longer.", "onset", "6 to 12 wk"),
        ("Sleep may pick up in the first 1 to 2 weeks, but mood often takes 6 to 8 weeks.", "onset", "6 to 8 wk"),
    ],
)
def test_times_are_those_of_what_they_are_said_of(sentence: str, kind: str, value: str) -> None:
    found = said(sentence, "Dosage")
    assert value in {f.value for f in found if f.kind == kind}
    assert kind == "half-life" or not any(f.kind == "half-life" for f in found)


def test_what_does_not_improve_or_leaves_the_body_is_no_onset() -> None:
    for sentence in ("Stop if symptoms do not improve within 7 days.", "It may take 7 months for it to be removed."):
        assert not any(f.kind == "onset" for f in said(sentence, "Dosage"))


def test_a_half_life_under_the_dosage_of_a_label_is_told(label) -> None:  # type: ignore[no-untyped-def]
    found = label(dosage_and_administration="Zentralin has a half-life of 24 hours.")
    assert told(found, "half-life")["24 h"].low == 24


def test_a_record_with_a_brand_alone_is_about_that(tmp_path: Path) -> None:
    record = {"openfda": {"brand_name": ["SOMNOL XR"]}, "adverse_reactions": ["Headache and nausea were reported."]}
    (tmp_path / "label.json").write_text(json.dumps({"results": [record]}), encoding="utf-8")
    found = extract(next(load(tmp_path / "label.json")))
    assert {f.drug for f in found} == {"somnol xr"} and "headache" in {f.value for f in found}


def test_standard_items_of_a_panel_are_parted_where_the_marks_are_lost(label) -> None:  # type: ignore[no-untyped-def]
    never = (
        "Do not use if you have: trouble or pain swallowing pills, vomiting with blood, or black stools heartburn with "
        "dizziness, sweating or faintness frequent chest pain"
    )
    ask = (
        "Ask a doctor before use if you have: had heartburn over 2 months. This may be a sign of a serious condition. "
        "frequent wheezing, particularly at night unexplained weight loss nausea or vomiting stomach pain"
    )
    drugs = "Ask a doctor or pharmacist before use if you are taking a prescription drug for gout diabetes arthritis"
    stop = "Stop use and ask doctor if: your cough lasts you get diarrhea you develop a rash or joint pain"
    document = label(warnings=f"{never} {ask} {drugs} {stop}")
    assert set(told(document, "contraindication")) == {
        "trouble swallowing pills", "pain swallowing pills", "vomiting with blood", "black stools",
        "heartburn with dizziness", "frequent chest pain",
    }  # fmt: skip
    precautions = told(document, "precaution")
    assert set(precautions) == {
        "heartburn", "frequent wheezing", "unexplained weight loss", "nausea", "vomiting", "stomach pain",
    }  # fmt: skip
    assert precautions["heartburn"].condition == "over 2 months"
    assert set(told(document, "interaction")) == {"drug for gout", "drug for diabetes", "drug for arthritis"}
    assert set(told(document, "adverse-effect")) == {"diarrhea", "rash", "joint pain"}


def test_what_follows_the_signs_of_an_effect_is_none_of_them() -> None:
    panel = (
        "Stop use and ask a doctor if you experience any of the following signs of stomach bleeding: feel faint "
        "vomit blood have stomach pain that does not get better pain gets worse or lasts more than 9 days ringing in "
        "the ears or loss of hearing occurs any new symptoms appear"
    )
    effects = {fact.value for fact in said(panel, "Warnings") if fact.kind == "adverse-effect"}
    assert effects == {"faintness", "vomiting blood", "stomach pain", "ringing in the ears", "loss of hearing"}


def test_a_statement_may_lack_its_full_stop_before_the_name(label) -> None:  # type: ignore[no-untyped-def]
    document = label(warnings="do not use if you are allergic to zentralin zentralin may cause severe skin reactions.")
    assert set(told(document, "contraindication")) == {"allergy to zentralin"}
    assert set(told(document, "adverse-effect")) == {"skin reactions"}


def test_a_medicine_and_what_it_is_taken_for_stay_together() -> None:
    told = said(
        "Ask a doctor or pharmacist before use if you are under a doctor's care for any serious condition taking "
        "warfarin for heart attack or stroke, because it may weaken this benefit taking any other drug",
        "Warnings",
    )
    assert {fact.value for fact in told if fact.kind == "interaction"} == {"warfarin"}
    assert not [fact.value for fact in told if fact.kind == "precaution"]


def test_what_comes_up_ends_its_item() -> None:
    told = said(
        "Stop use and ask a doctor if palpitations, faintness, or dizziness occur pain, nasal congestion, or cough "
        "gets worse or lasts more than 8 days new symptoms occur",
        "Warnings",
    )
    assert {f.value for f in told if f.kind == "adverse-effect"} == {"palpitations", "faintness", "dizziness"}
    assert not [f for f in told if f.kind == "precaution"]
