"""Fact sheets: what people curated completes and corrects what extraction found, and both stay visible."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import call

LABEL = "# Zentralin\n\n## Side effects\n\nZentralin may cause dizziness.\n"


def build(folder: Path) -> str:
    """Builds the label and gives the fact that it states, as questions print it."""
    (folder / "zentralin.md").write_text(LABEL, encoding="utf-8")
    assert call(folder, "build", "zentralin.md", "-q").code == 0
    rows = json.loads(call(folder, "query", "adverse-effects", "-f", "json").out)
    return str(rows[0]["fact"])


def test_a_sheet_completes_and_corrects(tmp_path: Path) -> None:
    wrong = build(tmp_path)
    (tmp_path / "sheet.yaml").write_text(
        f"""sheet: What we checked
curator: The desk
facts:
  - kind: withdrawal-symptom
    drug: Zentralin
    value: shaking
    trigger: stopping
    quote: Some shook after a sudden stop.
    source: https://example.org/case
  - corrects: {wrong}
    why: It was the fever that made people dizzy.
    kind: adverse-effect
    drug: zentralin
    value: dizziness
    polarity: negated
    frequency: rare
    population: [adults]
    quote: Nobody became dizzy.
""",
        encoding="utf-8",
    )
    assert call(tmp_path, "build", "sheet.yaml", "-q").code == 0
    assert "shaking" in call(tmp_path, "query", "withdrawal-symptoms", "-p", "drug=zentralin", "-f", "csv").out
    corrected = call(tmp_path, "query", "corrections", "-f", "csv").out
    assert "It was the fever that made people dizzy." in corrected
    assert "zentralin: adverse effect (negated): dizziness" in corrected
    assert "dizziness" in call(tmp_path, "query", "adverse-effects", "-f", "csv").out, "what was corrected stays"
    assert call(tmp_path, "check", "-q").code in (0, 1)


def test_a_table_reads_as_yaml_does(tmp_path: Path) -> None:
    (tmp_path / "sheet.tsv").write_text(
        "# what we checked\nkind\tdrug\tvalue\tquote\tpopulation\tdose_value\tdose_unit\n"
        "adverse-effect\tzentralin\trash\tA rash was seen.\tadults|children\t\t\n"
        "regimen\tzentralin\t5 mg\tTake 5 mg.\t\t5\tmg\n",
        encoding="utf-8",
    )
    rows = [json.loads(line) for line in call(tmp_path, "extract", "sheet.tsv", "-f", "jsonl").out.splitlines()]
    assert [(row["kind"], row["value"]) for row in rows] == [("adverse-effect", "rash"), ("regimen", "5 mg")]
    assert [group["name"] for group in rows[0]["population"]] == ["adults", "children"]
    assert (rows[1]["dose_value"], rows[1]["dose_unit"]) == (5, "mg")


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        ("facts: [", "is no YAML"),
        ("facts: 3", "has no list of facts"),
        ("facts:\n  - kind: adverse-effect\n    drug: x\n    value: rash", "fact 1 has no quote"),
        ("facts:\n  - kind: effect\n    drug: x\n    value: rash\n    quote: r", "kinds are: indication"),
        ("facts:\n  - kind: advice\n    drug: x\n    value: rash\n    quote: r\n    colour: red", "a field 'colour'"),
        ("facts:\n  - corrects: that one\n    why: no", "name a fact as questions print it"),
        ("facts:\n  - corrects: fact:9c1d2e3f4a5b6c7d8e9f", "does not say why"),
        ("facts:\n  - {}", "states nothing"),
        ("facts:\n  - kind: regimen\n    drug: x\n    value: v\n    quote: r\n    dose_value: much", "cannot hold"),
        ("sheet: x\ncolour: red\nfacts: []", "no part of a fact sheet"),
    ],
)
def test_what_a_sheet_cannot_say_is_told_with_its_row(sheet: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(sheet, encoding="utf-8")
    result = call(tmp_path, "extract", "sheet.yaml")
    assert result.code == 2 and told in result.err and "Traceback" not in result.err


def test_a_sheet_of_corrections_alone_is_a_document(tmp_path: Path) -> None:
    wrong = build(tmp_path)
    (tmp_path / "sheet.yaml").write_text(f"facts:\n  - corrects: {wrong}\n    why: not so\n", encoding="utf-8")
    assert call(tmp_path, "build", "sheet.yaml", "-q").code == 0
    assert "not so" in call(tmp_path, "query", "corrections", "-f", "csv").out
