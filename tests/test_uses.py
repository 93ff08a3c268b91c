"""What a drug is used for: the name of the use, its role, and what a section on uses names besides."""

from __future__ import annotations

import pytest

from articles import facts, names, said

USES = [
    ("It is used to treat adults with a kind of diabetes called type 2 diabetes.", {"type 2 diabetes"}),
    ("It is used in adults to reduce signs and symptoms of moderately to severely active colitis.", {"colitis"}),
    ("It is indicated for use in the management of manifestations of psychotic disorders.", {"psychotic disorders"}),
    ("It is used to help people quit smoking.", {"smoking cessation"}),
    ("Treatment of active gastric ulcers.", {"active gastric ulcers"}),
    ("Use: to regrow hair on the scalp.", {"regrow hair"}),
    ("It is given to get rid of threadworms.", {"threadworms"}),
    ("It was approved in 1962, and doctors still use it for gout.", {"gout"}),
    ("It treats skin infections, and ear and sinus infections.",
     {"skin infections", "ear infections", "sinus infections"}),
    ("It is used to treat oedema associated with heart failure, cirrhosis and kidney disease.",
     {"oedema associated with heart failure"}),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), USES, ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_a_use_is_named_by_what_is_treated(sentence: str, expected: set[str]) -> None:
    assert names(said(sentence, "What it is used for"), "indication") == expected


def test_a_list_under_indicated_for_names_uses() -> None:
    found = said("It is an acid reducer indicated for the:\n\n- treatment of stomach ulcers\n- reflux disease", "Uses")
    assert names(found, "indication") == {"stomach ulcers", "reflux disease"}


def test_lowering_a_risk_is_prevention() -> None:
    (fact,) = facts(said("It is used to reduce the risk of strokes.", "Uses"), "indication")
    assert (fact.value, fact.role) == ("strokes", "prevention")


@pytest.mark.parametrize(
    "sentence",
    [
        "It is no cure for gout.",
        "It is used to treat women with a uterus.",
        "It is indicated to raise HDL-C.",
    ],
)
def test_no_cure_no_patients_and_nothing_measured_is_a_use(sentence: str) -> None:
    assert [f for f in said(sentence, "What it is used for") if f.kind == "indication"] == []


def test_a_not_in_brackets_denies_nothing_before_them() -> None:
    found = said("It is effective for the treatment of tantrums (which cannot be put down to a cause).", "Uses")
    assert names(found, "indication", "negated") == set()
