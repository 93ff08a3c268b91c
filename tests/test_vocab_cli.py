"""``monograph vocab``: what is added to the index, what is listed, what is taken out, and what goes wrong."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import click
import pytest

from command import Result, call
from monograph.cli import monograph
from monograph.errors import StoreError
from monograph.vocabularies.index import Index

SIGNS = """\
    format-version: 1.4
    data-version: releases/2026-01-31
    ontology: symp

    [Term]
    id: SYMP:9000001
    name: shivering
    synonym: "rigor" EXACT []

    [Term]
    id: NOWHERE:1
    name: of no known prefix
    """
MAPPINGS = """\
    #mapping_set_id: https://example.org/signs.sssom.tsv
    #mapping_set_version: 3
    subject_id	subject_label	predicate_id	object_id	object_label	mapping_justification
    SYMP:9000001	shivering	skos:exactMatch	HP:9000001	Shivering fit	semapv:ManualMappingCuration
    """
TABLE = "code,name\n9000002,trembling\n"
DESCRIPTION = """\
    name: own
    columns: [code, name]
    identifier: {column: code, prefix: SYMP}
    kind: phenotype
    names: {column: name, scope: label}
    """


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder with an ontology, a mapping set, a table with its description, and a file that is none."""
    for name in ("MONOGRAPH_STORE", "MONOGRAPH_VOCABULARIES"):
        monkeypatch.delenv(name, raising=False)
    texts = {
        "symp.obo": SIGNS,
        "signs.sssom.tsv": MAPPINGS,
        "own.csv": TABLE,
        "own.yaml": DESCRIPTION,
        "letter.txt": "Dear reader,\n",
    }
    for file, text in texts.items():
        (tmp_path / file).write_text(dedent(text), encoding="utf-8")
    yield tmp_path


def vocab(folder: Path, *arguments: str) -> Result:
    return call(folder, "vocab", *arguments)


def listed(folder: Path, *arguments: str) -> dict[str, dict[str, str]]:
    """What ``vocab list`` says, by vocabulary."""
    result = vocab(folder, "list", "--format", "json", *arguments)
    assert result.code == 0, result.err
    return {row["vocabulary"]: {name: str(cell) for name, cell in row.items()} for row in json.loads(result.out)}


def test_files_are_added_and_listed(folder: Path) -> None:
    result = vocab(folder, "add", "symp.obo", "signs.sssom.tsv")
    assert result.code == 0
    assert "symp.obo: 1 item left out (-v: which)" in result.err and "2 of 2 files added" in result.err
    rows = listed(folder)
    assert set(rows) == {"symp", "signs"}
    symp = rows["symp"]
    assert (symp["version"], symp["terms"], symp["names"], symp["source"]) == ("2026-01-31", "1", "2", "symp.obo")
    assert rows["signs"]["mappings"] == "1" and re.fullmatch("[0-9a-f]{64}", rows["signs"]["sha256"])
    table = vocab(folder, "list").out
    assert re.search(r"symp +.*2026-01-31", table) and "2 vocabularies" in vocab(folder, "list").err


def test_verbose_tells_what_was_left_out(folder: Path) -> None:
    assert "symp.obo: left out 1 terms with the prefix NOWHERE" in vocab(folder, "add", "symp.obo", "-v").err


def test_a_table_is_added_with_its_description_and_under_another_name(folder: Path) -> None:
    assert vocab(folder, "add", "own.csv", "--description", "own.yaml", "--name", "ours").code == 0
    assert set(listed(folder)) == {"ours"}
    with Index(folder / "monograph.vocabularies.db", read_only=True) as index:
        record = index.term("SYMP:9000002")
    assert record is not None and (record.label, record.kind) == ("trembling", "phenotype")


def test_the_index_stands_beside_the_store_or_where_the_environment_says(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert vocab(folder, "add", "symp.obo", "--store", "drugs.db").code == 0
    assert set(listed(folder, "--store", "drugs.db")) == {"symp"}
    assert (folder / "drugs.vocabularies.db").is_file() and not (folder / "monograph.vocabularies.db").exists()
    monkeypatch.setenv("MONOGRAPH_VOCABULARIES", str(folder / "else.db"))
    assert vocab(folder, "add", "signs.sssom.tsv").code == 0
    assert (folder / "else.db").is_file() and set(listed(folder)) == {"signs"}


def test_one_bad_file_of_many_is_told_and_the_others_are_added(folder: Path) -> None:
    result = vocab(folder, "add", "letter.txt", "symp.obo")
    assert result.code == 1
    assert result.err.count("error: ") == 1 and "letter.txt: of no known format" in result.err
    assert set(listed(folder)) == {"symp"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["add", "letter.txt"], "letter.txt: of no known format"),
        (["add", "none.obo"], "no such file: none.obo"),
        (["add", "empty"], "no file in folder empty"),
        (["add", "symp.obo", "--reader", "obi"], "no reader 'obi' - installed are"),
        (["add", "own.csv", "--description", "none.yaml"], "none.yaml: cannot be read"),
        (["add", "symp.obo", "signs.sssom.tsv", "--name", "x"], "--name x for 2 files"),
        (["list"], "no vocabulary index monograph.vocabularies.db"),
        (["remove", "symp"], "no vocabulary index monograph.vocabularies.db"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(arguments: list[str], message: str, folder: Path) -> None:
    (folder / "empty").mkdir()
    result = vocab(folder, *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err and len(result.err.splitlines()) == 1


def test_a_broken_row_leaves_the_vocabulary_as_it_was(folder: Path) -> None:
    own = ("own.csv", "--description", "own.yaml")
    assert vocab(folder, "add", *own).code == 0
    (folder / "own.csv").write_text(TABLE + "9000003,shaking\n9000004\n", encoding="utf-8")
    result = vocab(folder, "add", *own)
    assert result.code == 2 and "own.csv, line 4: 1 cells where 2 are due" in result.err
    assert listed(folder)["own"]["terms"] == "1"


def test_what_a_killed_process_left_half_written_is_taken_back(folder: Path) -> None:
    assert vocab(folder, "add", "symp.obo").code == 0
    index = folder / "monograph.vocabularies.db"
    writer = (
        "import os, signal, sqlite3, sys\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('PRAGMA cache_size = 1')\n"
        "db.execute('BEGIN IMMEDIATE')\n"
        "db.execute('DELETE FROM vocabulary')\n"
        "db.executemany('INSERT INTO mapping VALUES (1, ?, ?, ?)', [('x' * 900,) * 3] * 500)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", writer, str(index)]).returncode == -signal.SIGKILL
    assert index.with_name(f"{index.name}-journal").stat().st_size
    assert set(listed(folder)) == {"symp"}


def test_an_index_that_may_only_be_read_is_listed(folder: Path) -> None:
    assert vocab(folder, "add", "symp.obo").code == 0
    (folder / "monograph.vocabularies.db").chmod(0o444)
    assert set(listed(folder)) == {"symp"}
    with Index(folder / "monograph.vocabularies.db", read_only=True) as index, pytest.raises(StoreError):
        index.remove("symp")


def test_a_vocabulary_of_the_same_name_is_replaced(folder: Path) -> None:
    (folder / "again.obo").write_text(dedent(SIGNS).replace("2026-01-31", "2026-02-28"), encoding="utf-8")
    result = vocab(folder, "add", "symp.obo", "again.obo")
    assert result.code == 0 and "again.obo: is the vocabulary symp, as symp.obo is, and replaces it" in result.err
    assert {name: row["version"] for name, row in listed(folder).items()} == {"symp": "2026-02-28"}


def test_a_folder_stands_for_the_files_in_it_and_a_release_is_read_whole(folder: Path) -> None:
    release = folder / "MedAscii"
    release.mkdir()
    (release / "pt.asc").write_text("90000001$Shivering test$$90000009$$$$$$$$\n", encoding="utf-8")
    (release / "llt.asc").write_text("90000002$Shivers all over$90000001$$$$$$$Y$$\n", encoding="utf-8")
    (release / "soc.asc").write_text("90000009$Signs$Si$\n", encoding="utf-8")
    (release / "LICENSE.txt").write_text("Ours.\n", encoding="utf-8")
    (release / "README").write_text("What this is.\n", encoding="utf-8")
    result = vocab(folder, "add", "MedAscii")
    assert result.code == 0 and "1 of 1 file added" in result.err
    assert {name: row["terms"] for name, row in listed(folder).items()} == {"meddra": "2"}
    (release / "pt.asc").unlink()
    assert vocab(folder, "add", "MedAscii").code == 2
    alone = vocab(folder, "add", "MedAscii/llt.asc")
    assert alone.code == 2 and "together with pt.asc of the same folder - add that" in alone.err


def test_removing_names_the_nearest_where_there_is_none(folder: Path) -> None:
    assert vocab(folder, "add", "symp.obo", "signs.sssom.tsv").code == 0
    result = vocab(folder, "remove", "simp")
    assert result.code == 2 and "no vocabulary 'simp' - the nearest are: symp" in result.err
    assert vocab(folder, "remove", "symp").code == 0
    assert set(listed(folder)) == {"signs"}


@pytest.mark.parametrize("verb", ["add", "list", "remove"])
def test_each_help_page_ends_with_examples_of_its_verb(verb: str, folder: Path) -> None:
    group = monograph.commands["vocab"]
    assert isinstance(group, click.Group) and verb in group.commands
    result = vocab(folder, verb, "--help")
    assert (result.code, result.err) == (0, "")
    tail = result.out.split("Examples:\n")[1].splitlines()
    assert tail and all(line.startswith(f"  monograph vocab {verb}") for line in tail)


def test_quiet_says_nothing_but_errors(folder: Path) -> None:
    assert vocab(folder, "add", "symp.obo", "-q").err == ""
    assert vocab(folder, "remove", "symp", "-q").err == ""
