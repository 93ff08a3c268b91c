"""``monograph explain``: the rules behind facts and behind silence, each with the line to mend."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from command import call

ARTICLE = """# Zentralin

Zentralin is a medicine used to treat muscle spasms.

## Side effects

Common side effects of zentralin include drowsiness and dry mouth. Weight gain has not been reported with zentralin.
You can take zentralin with food.
Drink water, and your doctor can help against constipation.

- cramps

Depression in itself can cause tiredness.

## Interactions

Ask a pharmacist first.
"""
RULES = Path(__file__).parent.parent / "src" / "monograph" / "extraction" / "rules"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "zentralin.md").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def test_a_fact_is_explained_by_its_rule_and_the_line_of_it(folder: Path) -> None:
    told = call(folder, "explain", "zentralin.md:dry mouth")
    assert told.code == 0
    assert "zentralin.md:7  Common side effects of zentralin include drowsiness and dry mouth." in told.out
    made = re.search(
        r"made +adverse-effect: dry mouth .*\[statements:(?P<rule>[a-z-]+) \((?P<file>\S+):(?P<line>\d+)\)\]", told.out
    )
    assert made, told.out
    line = (RULES / made["file"]).read_text(encoding="utf-8").splitlines()[int(made["line"]) - 1]
    assert line.startswith(made["rule"] + "\t")


def test_a_denial_is_explained_by_its_cue_and_reach(folder: Path) -> None:
    told = call(folder, "explain", "zentralin.md:weight gain")
    assert "NEGATED" in told.out
    assert re.search(r"assessed +Weight gain: negated by 'has not been reported', which reaches over", told.out)
    assert re.search(r"\[assertion:\S+ \(assertion\.tsv:\d+\)\]", told.out)


def test_a_sentence_that_was_passed_over_says_why(folder: Path) -> None:
    told = call(folder, "explain", "zentralin.md", "--passed-over")
    assert "made " not in told.out
    assert re.search(r"constipation: .* \(effect_blocks:\S+\)", told.out)
    assert re.search(r"tiredness: '[^']+' causes it, not the drug", told.out)


def test_a_line_number_names_the_sentences_of_that_line(folder: Path) -> None:
    told = call(folder, "explain", "zentralin.md:3", "--format", "json")
    (one,) = json.loads(told.out)
    assert one["line"] == 3
    assert [made["value"] for made in one["made"]] == ["muscle spasms"]
    assert ARTICLE[one["start"] : one["end"]] == one["text"] == "Zentralin is a medicine used to treat muscle spasms."


def test_what_the_article_does_not_hold_is_an_error_in_one_line(folder: Path) -> None:
    told = call(folder, "explain", "zentralin.md:scurvy")
    assert told.code == 2
    assert told.err.count("\n") == 1
    assert "named by 'scurvy'" in told.err


def test_an_article_without_a_drug_says_so(tmp_path: Path) -> None:
    (tmp_path / "tea.md").write_text("# Tea\n\nTea is hot.\n", encoding="utf-8")
    told = call(tmp_path, "explain", "tea.md")
    assert told.code == 2
    assert "names no drug" in told.err
