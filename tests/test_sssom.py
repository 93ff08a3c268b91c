"""SSSOM tables: read whatever their header's shape, written so that nothing is lost, and a curator's word in them."""

from __future__ import annotations

import io
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from monograph.errors import SourceError
from monograph.linking.run import read_curated, sssom_table
from monograph.mappings.curation import curate
from monograph.mappings.model import Mapping
from monograph.mappings.sssom import read_sssom, write_sssom
from monograph.vocabularies.prefixes import standard

BY_HAND, BY_NAME, CHAINED = "semapv:ManualMappingCuration", "semapv:LexicalMatching", "semapv:MappingChaining"
METADATA = {"mapping_set_id": "https://example.org/mappings", "license": "https://example.org/free"}
PREFIXES = {
    "HP": "http://purl.obolibrary.org/obo/HP_",
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "concept": "https://w3id.org/monograph/id/concept/",
    "mg": "https://w3id.org/monograph/ontology#",
}
ROW = Mapping("concept:tremor", "skos:exactMatch", "HP:9000001", justification=BY_NAME)
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
LINE = f"HP:9000001\tskos:exactMatch\tmesh:D999001\t{BY_HAND}"

#: one row each of what a mapping can say, and what is awkward in a table of tabs
MAPPINGS = [
    replace(ROW, subject_label='"shakes"', object_label="trembling, of hands", confidence=0.98),
    replace(ROW, object="mesh:D999001", predicate="mg:candidateMatch", comment="2 terms fit → neither is chosen"),
    replace(ROW, object="mesh:D999002", negated=True, justification=BY_HAND, author="A curator"),
    replace(ROW, object="HP:9000002", predicate="skos:closeMatch", match_string="#shakes", confidence=0.0),
    replace(ROW, object="HP:9000003", tool="monograph", tool_version="0", object_source="hp"),
]


def table(*lines: str, header: str = "") -> str:
    return header + "\n".join([COLUMNS, *lines]) + "\n"


@pytest.mark.parametrize(
    "header",
    [
        "#curie_map:\n#  XX: http://purl.obolibrary.org/obo/HP_\n#mapping_set_id: https://example.org/m\n",
        "# curie_map:\n#   XX: http://purl.obolibrary.org/obo/HP_\n# mapping_set_id: https://example.org/m\n",
        '#mapping_set_id: "https://example.org/m"\n#curie_map:\n#  "XX": "http://purl.obolibrary.org/obo/HP_"\n',
        "#mapping_set_id: https://example.org/m\n#creator_id:\n#  - orcid:1\n#curie_map:\n"
        "#  XX: http://purl.obolibrary.org/obo/HP_\n",
    ],
)
def test_a_header_is_read_however_it_is_laid_out(header: str) -> None:
    found = read_sssom(table(LINE.replace("HP:", "XX:"), header=header), "m.tsv", spell=standard)
    assert found.metadata == {"mapping_set_id": "https://example.org/m"}
    assert found.curie_map == {"XX": "http://purl.obolibrary.org/obo/HP_"}
    assert found.mappings == (Mapping("HP:9000001", "skos:exactMatch", "mesh:D999001", justification=BY_HAND),)


def test_identifiers_come_in_one_spelling() -> None:
    found = read_sssom(table(LINE.replace("mesh:", "MESH:").replace("HP:", "hp:")), "m.tsv", spell=standard)
    assert [(m.subject, m.object) for m in found.mappings] == [("HP:9000001", "mesh:D999001")]


def test_a_row_that_cannot_be_used_is_told_with_its_line() -> None:
    text = table(LINE, "", LINE.replace("HP:", "unheardof:"), LINE.replace("D999001", "X1"), header="#license: x\n")
    found = read_sssom(text, "m.tsv", spell=standard)
    assert len(found.mappings) == 1
    assert found.dropped == {"rows with the prefix unheardof": 1, "rows with the prefix mesh": 1}
    assert found.unused == (
        "m.tsv, line 5: rows with the prefix unheardof: unheardof:9000001",
        "m.tsv, line 6: rows with the prefix mesh: mesh:X1",
    )


def test_columns_that_are_not_known_are_kept() -> None:
    text = f"{COLUMNS}\treviewer\n{LINE}\tsomebody\n"
    assert read_sssom(text, "m.tsv", spell=standard).mappings[0].other == (("reviewer", "somebody"),)


def test_odd_ends_of_lines_are_no_ends() -> None:
    """U+2028 in a label stays there, and a file from Windows reads alike."""
    text = f"{COLUMNS}\tsubject_label\r\n{LINE}\tshaking\u2028hands\r\n"
    assert read_sssom(text, "m.tsv", spell=standard).mappings[0].subject_label == "shaking\u2028hands"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (table(LINE, LINE + "\tmore"), "m.tsv, line 3: not as many cells"),
        (table(LINE.replace("HP:9000001", "")), "m.tsv, line 2: not as many cells"),
        (f"{COLUMNS}\tconfidence\n{LINE}\thigh\n", "m.tsv, line 2: the confidence 'high' is no number"),
        (f"{COLUMNS}\tconfidence\n{LINE}\t1.5\n", "m.tsv, line 2: the confidence 1.5 is not from 0 to 1"),
        (f"{COLUMNS}\tpredicate_modifier\n{LINE}\tMaybe\n", "m.tsv, line 2: the predicate_modifier 'Maybe'"),
        ("a\tb\n1\t2\n", "m.tsv: no column subject_id"),
        ("", "m.tsv: no column subject_id"),
    ],
)
def test_a_broken_table_is_refused_in_one_line(text: str, says: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_sssom(text, "m.tsv", spell=standard)
    assert str(caught.value).startswith(says)
    assert "\n" not in str(caught.value)


def test_what_is_written_is_read_back() -> None:
    text = write_sssom(MAPPINGS, METADATA, PREFIXES)
    found = read_sssom(text, "m.tsv", spell=lambda curie: curie)
    assert sorted(found.mappings, key=str) == sorted(MAPPINGS, key=str)
    assert found.metadata == METADATA


def test_any_order_gives_the_same_bytes_and_only_used_prefixes() -> None:
    text = write_sssom(MAPPINGS[:1], METADATA, PREFIXES)
    assert text == write_sssom([*MAPPINGS[:1], *MAPPINGS[:1]], METADATA, PREFIXES)
    assert write_sssom(MAPPINGS, METADATA, PREFIXES) == write_sssom(MAPPINGS[::-1], METADATA, PREFIXES)
    assert [line.split(":")[0].strip("# ") for line in text.splitlines() if line.startswith("#  ")] == [
        "HP",
        "concept",
        "semapv",
        "skos",
    ]


def test_a_prefix_that_nobody_declares_is_refused() -> None:
    with pytest.raises(SourceError, match=r"unheardof:1 has a prefix that nobody declares"):
        write_sssom([replace(ROW, object="unheardof:1")], METADATA, PREFIXES)


def test_a_vocabulary_is_an_iri_in_the_table_and_its_name_here() -> None:
    row = replace(ROW, object_source="symp")
    text = write_sssom([row], METADATA, PREFIXES)
    assert "https://w3id.org/monograph/id/vocabulary/symp" in text, "sssom-py drops rows whose source is a bare word"
    assert read_sssom(text, "x", spell=lambda curie: curie).mappings == (row,)


def test_breaks_in_texts_become_blanks() -> None:
    text = write_sssom([replace(ROW, comment="a\tb\nc")], METADATA, PREFIXES)
    assert text.endswith("\ta b c\n")


def _read_by_sssom_py(text: str, place: Path) -> int:
    """How many rows sssom-py reads: in this environment, or by the interpreter that $SSSOM_PYTHON names."""
    python = os.environ.get("SSSOM_PYTHON")
    if python is None:
        parsers = pytest.importorskip("sssom.parsers", reason="sssom is not installed, and SSSOM_PYTHON names none")
        return len(parsers.parse_sssom_table(io.StringIO(text)).df)
    path = place / "m.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    code = "import sys; from sssom.parsers import parse_sssom_table as p; print('rows', len(p(sys.argv[1]).df))"
    done = subprocess.run([python, "-c", code, str(path)], capture_output=True, text=True, check=True, timeout=300)
    return int(done.stdout.split("rows")[-1])


def test_sssom_py_reads_every_row(tmp_path: Path) -> None:
    """It drops rows that it does not like without a word."""
    assert _read_by_sssom_py(sssom_table(MAPPINGS), tmp_path) == len(MAPPINGS)


def exact(term: str, *, by: str = BY_NAME, comment: str = "") -> Mapping:
    return replace(ROW, object=term, justification=by, comment=comment)


def test_a_curators_row_replaces_what_was_found_for_the_pair() -> None:
    word = replace(ROW, predicate="skos:broadMatch", justification=BY_HAND)
    assert curate([ROW], [word]) == [word]


def test_a_denial_takes_the_pair_out_and_what_was_reached_by_way_of_it() -> None:
    found = [
        exact("HP:9000001"),
        exact("mesh:D999001", by=CHAINED, comment="HP:9000001 → mesh:D999001 (a set)"),
        exact("mesh:D999002", by=CHAINED, comment="HP:9000002 → mesh:D999002 (a set)"),
    ]
    denial = replace(ROW, negated=True)
    assert curate(found, [denial]) == [denial, found[2]]


def test_a_curators_exact_match_settles_a_vocabulary() -> None:
    found = [
        exact("HP:9000001", comment="its label"),
        replace(ROW, object="HP:9000002", predicate="mg:candidateMatch"),
        replace(ROW, object="HP:9000003", predicate="skos:closeMatch"),
        exact("mesh:D999001", by=CHAINED, comment="HP:9000001 → mesh:D999001 (a set)"),
    ]
    word = exact("HP:9000004", by=BY_HAND)
    rows = {(m.object, m.predicate, m.comment) for m in curate(found, [word])}
    assert rows == {
        ("HP:9000004", "skos:exactMatch", ""),
        ("HP:9000001", "skos:closeMatch", "its label; a curator chose another term"),
        ("HP:9000003", "skos:closeMatch", ""),
    }


def test_of_a_table_handed_back_the_rows_made_by_hand_win() -> None:
    """He writes his row into the table that was made before, and leaves the others as they are."""
    before = [exact("HP:9000001"), replace(ROW, object="HP:9000002", predicate="mg:candidateMatch")]
    word = exact("HP:9000004", by=BY_HAND)
    rows = {(m.object, m.predicate) for m in curate(before, [*before, word])}
    assert rows == {("HP:9000004", "skos:exactMatch"), ("HP:9000001", "skos:closeMatch")}


def test_a_row_changed_without_a_word_on_who_did_it_counts() -> None:
    candidate = replace(ROW, predicate="mg:candidateMatch")
    assert curate([candidate], [ROW]) == [ROW]


def test_an_unsure_row_decides_nothing() -> None:
    unsure = replace(ROW, predicate="mg:candidateMatch")
    assert curate([ROW], [unsure]) == [ROW]
    assert curate([], [unsure]) == [unsure]


def test_a_curators_table_with_an_unknown_identifier_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "curated.sssom.tsv"
    path.write_text(table(LINE, LINE.replace("HP:9000001", "HP:12")), encoding="utf-8")
    with pytest.raises(SourceError, match=r"curated.sssom.tsv, line 3: HP:12 is no identifier that is known - mend"):
        read_curated(path)


def test_published_sets_keep_every_row_or_tell_of_it() -> None:
    folder = Path(__file__).resolve().parents[2] / "shared" / "vocabularies"
    files = sorted(folder.glob("*/*.sssom.tsv"))
    if not files:
        pytest.skip("the published mapping sets are not on this machine")
    for path in files:
        text = path.read_text(encoding="utf-8")
        rows = sum(not line.startswith("#") for line in text.split("\n") if line) - 1
        found = read_sssom(text, path.name, spell=standard)
        assert len(found.mappings) + len(found.unused) == rows
        assert found.dropped.total() == len(found.unused)
