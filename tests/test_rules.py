"""Each row of the rule tables fires on its own example and spares the other: what a domain expert edits is tested."""

from __future__ import annotations

from pathlib import Path

import pytest

import monograph.extraction.rules as reader
from monograph.errors import MonographError
from monograph.extraction.predicates import said_of_parts
from monograph.extraction.reading import lower, run_in_heads
from monograph.extraction.rules import OTHER, SUBJECT, Rule, compile_pattern, rules, table
from monograph.extraction.run_on import openers
from monograph.loaders.boilerplate import plain
from monograph.loaders.boilerplate import rules as boilerplate_rules
from monograph.naming import value_members
from monograph.screening import required_words, screened

RULES = Path(reader.__file__).parent
#: every table whose rows are rules: they have a name, a pattern, and two examples
RULE_TABLES = tuple(sorted(p.stem for p in RULES.glob("*.tsv") if "rule" in table(p.stem)[0]))
PATTERN_TABLES = {
    "populations": "population",
    "routes": "route",
    "forms": "form",
    "frequencies": "band",
}


def read(example: str) -> str:
    """An example as the rules see it: lower case, the drug and other drugs masked."""
    masked = example.replace("DRUG", SUBJECT * 8).replace("OTHER", OTHER * 8)
    return lower(masked)


@pytest.mark.parametrize(
    "rule", [rule for name in RULE_TABLES for rule in rules(name)], ids=lambda rule: str(rule.identifier)
)
def test_a_rule_fires_on_its_example_and_spares_the_other(rule: Rule) -> None:
    assert rule.fires_on, "each rule owes an example that must fire"
    assert rule.pattern.search(read(rule.fires_on)), f"does not fire on: {rule.fires_on}"
    assert rule.spares, "each rule owes an example that must not fire"
    assert not rule.pattern.search(read(rule.spares)), f"fires on: {rule.spares}"


@pytest.mark.parametrize(
    ("name", "row"),
    [(name, row) for name in PATTERN_TABLES for row in table(name)],
    ids=lambda value: value if isinstance(value, str) else "-".join(list(value.values())[:1]),
)
def test_a_name_is_found_in_its_example_only(name: str, row: dict[str, str]) -> None:
    pattern = compile_pattern(row["pattern"])
    assert pattern.search(read(row["fires_on"])), row["fires_on"]
    assert not pattern.search(read(row["spares"])), row["spares"]


@pytest.mark.parametrize("row", table("stops"), ids=lambda row: str(row["fires_on"]))
def test_a_phrase_stops_where_the_example_says(row: dict[str, str]) -> None:
    pattern = compile_pattern(row["at"])
    assert pattern.search(read(row["fires_on"]))
    assert not pattern.search(read(row["spares"]))


@pytest.mark.parametrize("row", table("predicates"), ids=lambda row: str(row["fires_on"]))
def test_a_state_is_read_of_a_part_of_the_body_only(row: dict[str, str]) -> None:
    state = row["name"].replace("{what}", "").strip()
    assert any(state in said.name for said in said_of_parts(lower(row["fires_on"])))
    assert not any(state in said.name for said in said_of_parts(lower(row["spares"])))


@pytest.mark.parametrize("row", table("openers"), ids=lambda row: str(row["fires_on"]))
def test_label_text_that_runs_on_is_cut_before_its_openers(row: dict[str, str]) -> None:
    assert openers().search(row["fires_on"])
    assert not openers().search(row["spares"])


@pytest.mark.parametrize("row", table("label_items"), ids=lambda row: str(row["fires_on"]))
def test_a_standard_item_begins_where_the_marks_are_lost(row: dict[str, str]) -> None:
    begins = compile_pattern(rf"(?<=[\w)])\s+(?=(?:{row['at']})\b)")
    assert begins.search(row["fires_on"])
    assert not begins.search(row["spares"])


@pytest.mark.parametrize("row", table("run_in_heads"), ids=lambda row: str(row["fires_on"]))
def test_a_subhead_is_told_from_its_paragraph(row: dict[str, str]) -> None:
    assert run_in_heads().match(read(row["fires_on"]))
    assert not run_in_heads().match(read(row["spares"]))


@pytest.mark.parametrize(
    "rule", boilerplate_rules(), ids=lambda rule: f"{rule.reason}-{rule.scope}-{rule.matches[:24]}"
)
def test_boilerplate_is_told_from_what_states_facts(rule) -> None:  # type: ignore[no-untyped-def]
    assert rule.pattern.search(plain(rule.matches))
    assert not rule.pattern.search(plain(rule.spares))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"(?:stop|withdraw)\w*\s+may\s+(.+)", {"stop", "withdraw"}),
        (r"\bcoughs?(?: and colds)?\b", {"cough"}),
        (r"\d+ ?mg|tablets?", {"mg", "tablet"}),
        (r"\w+", set()),
        (r"(?:a|b)?", set()),
    ],
)
def test_the_words_that_a_pattern_requires_are_read_off_it(pattern: str, words: set[str]) -> None:
    assert set(required_words(pattern)) == words


def test_a_broken_row_is_named_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.tsv").write_text("rule\trole\tpattern\na\tb\tc\td\te\n", encoding="utf-8")
    monkeypatch.setattr(reader, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=r"broken\.tsv:2: 5 columns, the head has 3"):
        reader.table.__wrapped__("broken")


@pytest.mark.parametrize(
    ("scheme", "name", "column"),
    [
        ("population", "populations", "population"),
        ("form", "forms", "form"),
        ("frequency", "frequencies", "band"),
        ("route", "routes", "route"),
    ],
)
def test_what_rules_name_is_a_member_of_the_ontologys_value_set(scheme: str, name: str, column: str) -> None:
    members = set(value_members(scheme).values())
    named = {row[column] for row in table(name)} - {"injection"}  # says that there is a needle, not where it goes
    assert {n for n in named if n.replace("-", " ") not in members and n not in members} == set()


def test_a_pattern_that_cannot_be_read_names_its_row() -> None:
    broken = screened(r"\b(?:rash", "statements.tsv:7")
    with pytest.raises(MonographError, match=r"^statements\.tsv:7: no regular expression .* mend"):
        broken.search("a rash")
