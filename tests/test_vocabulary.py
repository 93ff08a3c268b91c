"""Names become IRIs by one encoder, and every name that the code joins to the namespace stands in the ontology."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monograph
from monograph import ontology, vocabulary
from monograph.errors import UnknownName
from monograph.facts import KINDS


def defined() -> set[str]:
    """Local names of the terms and members of value sets that the ontology's files define."""
    text = ontology.read("monograph.ttl") + ontology.read("values.ttl")
    return set(re.findall(r"^mg:(\S+) a ", text, re.MULTILINE))


def local(iri: str) -> str:
    assert iri.startswith(vocabulary.ONTOLOGY)
    return iri.removeprefix(vocabulary.ONTOLOGY)


# Minting


@pytest.mark.parametrize(
    ("space", "name", "iri"),
    [
        ("drug", "baclofen", "https://w3id.org/monograph/id/drug/baclofen"),
        ("concept", "dry mouth", "https://w3id.org/monograph/id/concept/dry_mouth"),
        ("concept", " Dry\n Mouth ", "https://w3id.org/monograph/id/concept/dry_mouth"),
        ("drug", "ibuprofen + paracetamol", "https://w3id.org/monograph/id/drug/ibuprofen_%2B_paracetamol"),
        ("concept", "a_b", "https://w3id.org/monograph/id/concept/a%5Fb"),
        ("concept", "../x?y#z", "https://w3id.org/monograph/id/concept/%2E%2E%2Fx%3Fy%23z"),
    ],
)
def test_a_name_has_its_iri(space: str, name: str, iri: str) -> None:
    assert vocabulary.mint(space, name) == iri


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_an_empty_name_has_no_iri(name: str) -> None:
    with pytest.raises(ValueError, match="empty name"):
        vocabulary.mint("concept", name)


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda s: bool(s.split()))


@given(names)
def test_minting_can_be_undone_and_is_stable(name: str) -> None:
    iri = vocabulary.mint("concept", name)
    assert re.fullmatch(r"https://w3id\.org/monograph/id/concept/[A-Za-z0-9%_-]+", iri)
    assert vocabulary.mint("concept", vocabulary.name_of(iri)) == iri


def test_names_that_differ_only_in_case_and_spacing_share_an_iri() -> None:
    assert vocabulary.mint("concept", "Dry  Mouth") == vocabulary.mint("concept", "dry mouth")
    assert vocabulary.mint("concept", "dry mouth") != vocabulary.mint("concept", "dry-mouth")


def test_a_digest_is_that_of_the_content_and_not_of_its_order() -> None:
    assert vocabulary.digest({"a": 1, "b": "é"}) == vocabulary.digest({"b": "é", "a": 1})
    assert re.fullmatch(r"[0-9a-f]{20}", vocabulary.digest([]))
    assert vocabulary.digest({"a": 1}) != vocabulary.digest({"a": 2})


# Prefixes


def test_curies_expand_and_compact() -> None:
    assert vocabulary.expand("mg:Drug") == vocabulary.mg("Drug")
    assert vocabulary.compact(vocabulary.mg("Drug")) == "mg:Drug"
    assert vocabulary.compact(vocabulary.mint("drug-class", "opioids")) == "drugclass:opioids"
    assert vocabulary.compact("https://example.org/x") == "https://example.org/x"


def test_an_undeclared_prefix_is_named() -> None:
    with pytest.raises(UnknownName, match="'nope'"):
        vocabulary.expand("nope:Drug")


# Every name of the code stands in the ontology


def test_every_kind_has_a_class() -> None:
    assert {local(vocabulary.fact_class(kind)) for kind in KINDS} <= defined()


def test_every_shortcut_is_a_property() -> None:
    assert set(vocabulary.SHORTCUTS.values()) <= defined()


@pytest.mark.parametrize(
    ("scheme", "names"),
    [
        ("polarity", ["asserted", "negated", "not-established"]),
        ("certainty", ["stated", "hedged"]),
        ("severity", ["mild", "moderate", "severe", "serious", "life-threatening"]),
        ("frequency", ["very-common", "common", "uncommon", "rare", "very-rare", "not-known"]),
        ("role", ["treatment", "prevention", "symptomatic", "diagnosis", "investigational", "off-label"]),
        ("role", ["start", "titration", "maintenance", "maximum", "taper"]),
        ("role", list(vocabulary.INTERACTANT_SPACE)),
        (
            "trigger",
            ["stopping", "abrupt-stop", "dose-reduction", "overdose", "missed-dose", "exposure-in-pregnancy"],
        ),
        ("gap", ["empty-list", "empty-section", "absent-section"]),
        ("population", ["pregnancy", "breastfeeding", "adults", "older adults", "renal impairment"]),
        ("route", ["oral", "intrathecal", "Subcutaneous"]),
        ("form", ["tablet", "oral solution", "eye drops"]),
    ],
)
def test_every_value_of_a_fact_is_a_member(scheme: str, names: list[str]) -> None:
    assert {local(vocabulary.value(scheme, name)) for name in names} <= defined()


def test_every_term_that_the_code_names_is_defined() -> None:
    """Names in ``mg("…")`` and ``"mg:…"`` of the engine, the loaders and the queries."""
    root = Path(monograph.__file__).parent
    sources = [path.read_text(encoding="utf-8") for path in root.rglob("*.py")]
    queries = files("monograph.queries")
    sources += [found.read_text(encoding="utf-8") for found in queries.iterdir() if found.name.endswith(".rq")]
    used: set[str] = set()
    for source in sources:
        used.update(re.findall(r'\bmg\("([A-Za-z0-9-]+)"\)', source))
        used.update(re.findall(r"(?<![\w/])mg:([A-Za-z][A-Za-z0-9-]*[A-Za-z0-9])(?![\w<{}-])", source))
    used -= {"X"}
    assert {"hasSubject", "statedIn"} <= used
    assert used - defined() == set()


def test_a_frequency_band_of_a_fact_names_a_member() -> None:
    assert local(vocabulary.value("frequency", "very common")) in defined()
