"""Mapping sets: SSSOM in and out, what follows from them, where they contradict each other, and a curator's word."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from monograph.errors import SourceError
from monograph.mappings.composing import chains, compose, conflicts, steps
from monograph.mappings.curation import curate
from monograph.mappings.model import Mapping
from monograph.mappings.sssom import read_sssom, write_sssom
from monograph.vocabularies.prefixes import standard

PREFIXES = {"HP": "http://purl.obolibrary.org/obo/HP_", "concept": "https://w3id.org/monograph/id/concept/"}
METADATA = {
    "mapping_set_id": "https://example.org/set",
    "license": "https://creativecommons.org/publicdomain/zero/1.0/",
}
LEXICAL, CURATED = "semapv:LexicalMatching", "semapv:ManualMappingCuration"

ROWS = [
    Mapping(
        "concept:tremor", "skos:exactMatch", "HP:9000003", justification=LEXICAL, confidence=0.99, comment="its label"
    ),
    Mapping("concept:chill", "skos:closeMatch", "HP:9000004", justification=LEXICAL, confidence=0.7, tool="monograph"),
    Mapping("concept:chill", "skos:exactMatch", "HP:9000009", negated=True, justification=CURATED, author="A curator"),
]


def exact(subject: str, target: str, **more: object) -> Mapping:
    return Mapping(subject, "skos:exactMatch", target, justification=CURATED, **more)  # type: ignore[arg-type]


# SSSOM


def test_what_is_written_is_read_back_and_the_same_every_time() -> None:
    text = write_sssom(ROWS, METADATA, PREFIXES)
    assert text == write_sssom(reversed(ROWS), METADATA, PREFIXES)
    found = read_sssom(text, "links.tsv", spell=lambda curie: curie)
    assert sorted(found.mappings) == sorted(ROWS) and found.metadata == METADATA and not found.dropped


def test_a_table_declares_the_prefixes_that_it_uses_and_leaves_empty_columns_out() -> None:
    text = write_sssom(ROWS[:1], METADATA, {**PREFIXES, "mesh": "http://id.nlm.nih.gov/mesh/"})
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert "#  HP: http://purl.obolibrary.org/obo/HP_" in head and not any("mesh" in line for line in head)
    [columns, *_] = csv.reader([line for line in text.splitlines() if not line.startswith("#")], delimiter="\t")
    assert "author_label" not in columns and "confidence" in columns
    with pytest.raises(SourceError, match=r"mesh:D999999 .*nobody declares"):
        write_sssom([exact("concept:tremor", "mesh:D999999")], METADATA, PREFIXES)


def test_a_vocabulary_is_named_by_an_iri_in_the_table_and_by_its_name_here() -> None:
    row = replace(ROWS[0], object_source="symp")
    text = write_sssom([row], METADATA, PREFIXES)
    assert "https://w3id.org/monograph/id/vocabulary/symp" in text, "sssom-py drops rows whose source is a bare word"
    assert read_sssom(text, "x", spell=lambda curie: curie).mappings == (row,)


def test_text_that_would_break_the_table_is_made_one_line() -> None:
    row = replace(ROWS[0], comment="two\nlines\tand a tab")
    [found] = read_sssom(write_sssom([row], METADATA, PREFIXES), "x", spell=lambda c: c).mappings
    assert found.comment == "two lines and a tab"


def test_identifiers_of_others_come_in_our_spelling_and_unknown_ones_are_counted() -> None:
    text = (Path(__file__).parent / "data" / "vocabularies" / "mondo.sssom.tsv").read_text()
    found = read_sssom(text, "mondo.sssom.tsv", spell=standard)
    assert [m.object for m in found.mappings] == ["snomedct:9000001009", "DOID:9000001", "snomedct:9000002001"]
    assert found.dropped == {"rows with the prefix UNHEARDOF": 1}
    assert found.mappings[0].confidence == 0.9 and found.mappings[1].confidence is None


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("concept:a\tskos:exactMatch\tHP:1\t\t", "not as many cells|none of"),
        ("concept:a\tskos:exactMatch\tHP:1\tsemapv:X\tmuch", "no number"),
        ("concept:a\tskos:exactMatch\tHP:1\tsemapv:X\t1.5", "not from 0 to 1"),
        ("concept:a\tskos:exactMatch", "not as many cells"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_by_its_line(row: str, problem: str) -> None:
    text = f"#license: x\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\n{row}\n"
    with pytest.raises(SourceError, match=rf"set\.tsv, line 3: .*({problem})"):
        read_sssom(text, "set.tsv", spell=lambda curie: curie)


def test_sssom_py_reads_every_row() -> None:
    """The reference implementation drops rows that it does not like without a word, so they are counted."""
    parsers = pytest.importorskip("sssom.parsers", reason="sssom-py is not installed")
    import io

    found = parsers.parse_sssom_table(io.StringIO(write_sssom(ROWS, METADATA, PREFIXES)))
    assert len(found.df) == len(ROWS)


# What follows


def test_exact_matches_make_chains_in_both_directions_and_others_end_them() -> None:
    rows = [("a", exact("DOID:1", "MONDO:2")), ("b", exact("MONDO:2", "snomedct:3", confidence=0.9))]
    rows.append(("c", Mapping("snomedct:3", "skos:broadMatch", "HP:4", justification=CURATED)))
    [made] = compose(rows)
    assert (made.subject, made.predicate, made.object) == ("DOID:1", "skos:exactMatch", "snomedct:3")
    assert made.justification == "semapv:MappingChaining" and made.confidence == pytest.approx(0.95 * 0.9)
    assert made.comment == "DOID:1 → MONDO:2 (a) → snomedct:3 (b)"


def test_a_circle_of_mappings_ends_and_never_comes_back_to_a_vocabulary() -> None:
    rows = [("a", exact("DOID:1", "MONDO:2")), ("a", exact("MONDO:2", "mesh:3")), ("a", exact("mesh:3", "DOID:1"))]
    rows.append(("a", exact("mesh:3", "DOID:9")))
    found = chains("DOID:1", lambda curie: steps(rows).get(curie, ()))
    assert set(found) == {"MONDO:2", "mesh:3"}, "DOID:9 would make one disease of two"


def test_a_denied_match_is_no_step() -> None:
    rows = [("a", exact("DOID:1", "MONDO:2")), ("b", exact("MONDO:2", "mesh:3"))]
    denial = ("c", exact("mesh:3", "MONDO:2", negated=True))
    assert compose(rows) and compose([*rows, denial]) == []


def test_two_terms_of_a_vocabulary_for_one_thing_are_a_conflict() -> None:
    told = [
        ("concept:x", "mesh:1", "its label"),
        ("concept:x", "mesh:2", "a chain"),
        ("concept:x", "HP:3", "its label"),
    ]
    [conflict] = conflicts(told)
    assert str(conflict) == "concept:x would be 2 terms of mesh: mesh:1 by its label; mesh:2 by a chain"


# A curator's word


def test_a_curator_denies_replaces_and_decides() -> None:
    found = [
        exact("concept:x", "HP:1"),
        exact("concept:x", "mesh:1"),
        exact("concept:y", "HP:2"),
        Mapping("concept:y", "mg:candidateMatch", "mesh:2", justification=LEXICAL),
    ]
    word = [
        exact("concept:x", "HP:1", negated=True),
        exact("concept:x", "mesh:9", author="A curator"),
        exact("concept:y", "mesh:2", author="A curator"),
    ]
    after = {(m.subject, m.object): m for m in curate(found, word)}
    assert after["concept:x", "HP:1"].negated
    assert after["concept:x", "mesh:1"].predicate == "skos:closeMatch", "two terms of one vocabulary are not the same"
    assert "curator chose another" in after["concept:x", "mesh:1"].comment
    assert after["concept:y", "mesh:2"].predicate == "skos:exactMatch"
    assert after["concept:y", "HP:2"] == found[2]
