"""What follows from mappings together, and where they contradict each other: sets made for the tests."""

from __future__ import annotations

import itertools

import pytest

from monograph.mappings.composing import CHAINED, compose, conflicts, examine, steps
from monograph.mappings.model import Mapping

ALL = ("skos:exactMatch", "skos:broadMatch", "skos:narrowMatch", "skos:closeMatch", "skos:relatedMatch")


def row(
    subject: str, match: str, target: str, source: str = "a", *, confidence: float | None = 0.9, no: bool = False
) -> tuple[str, Mapping]:
    """A row of the set ``source``; with ``no`` it denies the match."""
    return source, Mapping(subject, f"skos:{match}Match", target, confidence=confidence, negated=no)


def composed(*rows: tuple[str, Mapping], longest: int = 3) -> set[tuple[str, str, str]]:
    return {(m.subject, m.predicate.removeprefix("skos:"), m.object) for m in compose(rows, longest, ALL)}


def told(*rows: tuple[str, Mapping], obsolete: frozenset[str] = frozenset()) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(c.kind, c.subject, c.targets) for c in examine(rows, obsolete)}


def test_a_chain_keeps_its_steps_its_sets_and_its_worth() -> None:
    rows = [
        row("DOID:1", "exact", "MONDO:1", "doid to mondo", confidence=0.9),
        row("MONDO:1", "exact", "SCTID:1", "mondo to sctid", confidence=0.8),
    ]
    (made,) = compose(rows)
    assert (made.subject, made.predicate, made.object) == ("DOID:1", "skos:exactMatch", "SCTID:1")
    assert made.justification == "semapv:MappingChaining"
    assert made.confidence == pytest.approx(0.72)
    assert made.comment == "DOID:1 → MONDO:1 (doid to mondo) → SCTID:1 (mondo to sctid)"


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        ("exact", "exact", "exact"),
        ("exact", "broad", "broad"),
        ("broad", "exact", "broad"),
        ("exact", "narrow", "narrow"),
        ("narrow", "exact", "narrow"),
        ("broad", "broad", "broad"),
        ("narrow", "narrow", "narrow"),
        ("exact", "close", "close"),
        ("close", "exact", "close"),
        ("exact", "related", "related"),
        ("broad", "narrow", None),
        ("narrow", "broad", None),
        ("close", "close", None),
        ("close", "broad", None),
        ("related", "related", None),
    ],
)
def test_two_matches_make_one_or_none(first: str, second: str, result: str | None) -> None:
    expected = {("A:1", f"{result}Match", "C:1")} if result else set()
    assert composed(row("A:1", first, "B:1"), row("B:1", second, "C:1")) == expected


def test_a_row_holds_the_other_way_round() -> None:
    """B is broader than A, so A is narrower than B; and so is what is the same as A."""
    assert composed(row("B:1", "narrow", "A:1"), row("B:1", "exact", "C:1")) == {("A:1", "broadMatch", "C:1")}


def test_what_is_chained_of_inverses_is_the_inverse() -> None:
    inverse = {"skos:broadMatch": "skos:narrowMatch", "skos:narrowMatch": "skos:broadMatch"}
    for (first, second), match in CHAINED.items():
        there = inverse.get(second, second), inverse.get(first, first)
        assert CHAINED[there] == inverse.get(match, match)


def test_only_exact_matches_are_made_unless_others_are_asked_for() -> None:
    assert compose([row("A:1", "exact", "B:1"), row("B:1", "broad", "C:1")]) == []


def test_a_chain_is_no_longer_than_allowed() -> None:
    rows = [row(f"{a}:1", "exact", f"{b}:1") for a, b in itertools.pairwise("ABCDE")]
    assert ("A:1", "exactMatch", "D:1") in composed(*rows)
    assert ("A:1", "exactMatch", "E:1") not in composed(*rows)
    assert ("A:1", "exactMatch", "E:1") in composed(*rows, longest=4)


def test_circles_end() -> None:
    rows = [
        row("A:1", "exact", "B:1"),
        row("B:1", "exact", "C:1"),
        row("C:1", "exact", "A:1"),
        row("A:1", "exact", "A:1"),
    ]
    assert composed(*rows, longest=50) == set()


def test_a_chain_never_comes_back_to_a_vocabulary() -> None:
    """B lumps what A splits: that does not make A's two terms the same."""
    assert composed(row("A:1", "exact", "B:1"), row("A:2", "exact", "B:1")) == set()


def test_what_is_stated_or_denied_is_not_made() -> None:
    rows = [row("A:1", "exact", "B:1"), row("B:1", "exact", "C:1")]
    assert composed(*rows, row("C:1", "close", "A:1")) == set()
    assert composed(*rows, row("C:1", "exact", "A:1", no=True)) == set()
    assert composed(*rows, row("B:1", "exact", "A:1", no=True)) == set()


def test_any_order_of_rows_gives_the_same() -> None:
    rows = [
        row("A:1", "exact", "B:1"),
        row("A:1", "exact", "C:1"),
        row("B:1", "exact", "D:1", "b"),
        row("C:1", "exact", "D:1", "c"),
    ]
    assert len({tuple(compose(order)) for order in itertools.permutations(rows)}) == 1


def test_a_confidence_that_is_not_stated_is_not_certainty() -> None:
    (made,) = compose([row("A:1", "exact", "B:1", confidence=None), row("B:1", "exact", "C:1", confidence=None)])
    assert made.confidence is not None
    assert made.confidence < 0.95


def test_two_terms_of_one_vocabulary_for_one_subject_are_told() -> None:
    rows = [
        row("A:1", "exact", "B:1"),
        row("A:1", "exact", "C:1"),
        row("B:1", "exact", "D:1"),
        row("C:1", "exact", "D:2"),
    ]
    assert ("several", "A:1", ("D:1", "D:2")) in told(*rows)


def test_two_subjects_that_are_one_term_are_told() -> None:
    rows = [row("A:1", "exact", "B:1"), row("A:2", "exact", "B:1")]
    assert told(*rows) == {("several", "B:1", ("A:1", "A:2"))}
    (conflict,) = examine(rows)
    assert str(conflict) == "B:1 would be 2 terms of A: A:1 by B:1 → A:1 (a); A:2 by B:1 → A:2 (a)"


def test_an_exact_match_to_an_obsolete_term_is_told() -> None:
    found = told(row("A:1", "exact", "B:1"), row("A:1", "close", "C:1"), obsolete=frozenset(["B:1", "C:1"]))
    assert found == {("obsolete", "A:1", ("B:1",))}


def test_a_chain_against_a_denial_is_told() -> None:
    rows = [row("A:1", "exact", "B:1"), row("B:1", "exact", "C:1"), row("A:1", "exact", "C:1", "curator", no=True)]
    assert told(*rows) == {("denied", "A:1", ("C:1",)), ("denied", "C:1", ("A:1",))}


def test_a_chain_against_a_stated_row_is_told() -> None:
    rows = [row("A:1", "exact", "B:1"), row("B:1", "exact", "C:1"), row("A:1", "broad", "C:1", "c")]
    assert ("contradicted", "A:1", ("C:1",)) in told(*rows)
    (conflict,) = [c for c in examine(rows) if (c.kind, c.subject, c.targets) == ("contradicted", "A:1", ("C:1",))]
    assert "skos:exactMatch, where c states skos:broadMatch" in str(conflict)


def test_sets_that_agree_have_no_conflict() -> None:
    rows = [
        row("A:1", "exact", "B:1"),
        row("B:1", "exact", "C:1"),
        row("A:1", "exact", "C:1"),
        row("A:2", "exact", "B:2"),
    ]
    assert examine(rows) == []
    assert conflicts([("A:1", "B:1", "one"), ("A:1", "B:1", "another")]) == []


def test_steps_lead_both_ways_and_not_to_themselves() -> None:
    found = steps([row("A:1", "exact", "B:1"), row("A:1", "exact", "A:1"), row("A:1", "broad", "C:1")])
    assert {curie: [step.target for step in listed] for curie, listed in found.items()} == {
        "A:1": ["B:1"],
        "B:1": ["A:1"],
    }
