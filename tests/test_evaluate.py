"""``monograph evaluate``: figures against gold lists that can be counted by hand, and the places behind them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from command import call
from monograph.evaluation import evaluate, read_gold
from monograph.extraction import extract
from monograph.loading import load

ARTICLE = """# Zentralin

Zentralin is a medicine that is used to treat muscle spasms.

## Side effects

- drowsiness
- dry mouth

Zentralin has not been shown to cause weight gain. You can take zentralin with food.
"""
SHARED = Path(__file__).resolve().parents[2] / "shared"


def entry(name: str, quote: str, **more: object) -> dict[str, object]:
    return {"name": name, "quote": quote, "offset": ARTICLE.index(quote), **more}


GOLD = {
    "indications": [entry("muscle spasms", "muscle spasms")],
    "adverse_effects": [entry("sleepiness", "drowsiness", aliases=["drowsiness"]), entry("hiccups", "- dry mouth")],
    "negated": [{"claim": "weight gain", "quote": "weight gain", "offset": ARTICLE.index("weight gain")}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "zentralin.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "zentralin.json").write_text(json.dumps(GOLD), encoding="utf-8")
    return tmp_path


def test_precision_recall_and_f1_of_each_kind(folder: Path) -> None:
    told = call(folder, "evaluate", "zentralin.json", "zentralin.md", "--format", "json")
    assert told.code == 0, told.err
    figures = json.loads(told.out)
    assert figures["kinds"]["indication"]["f1"] == 1.0
    effects = figures["kinds"]["adverse-effect"]
    assert (effects["owed"], effects["found"], effects["predicted"], effects["right"]) == (2, 1, 2, 1)
    assert effects["precision"] == effects["recall"] == 0.5
    assert "1 missed, 1 wrong; 0 bad quotes, 0 denied, 0 invented" in told.err


def test_what_was_missed_and_what_is_wrong_is_listed_with_its_line(folder: Path) -> None:
    told = call(folder, "evaluate", "zentralin.json", "zentralin.md", "--list")
    lines = told.out.splitlines()
    assert any("missed" in line and "hiccups" in line and "zentralin.md:8" in line for line in lines)
    assert any("wrong" in line and "dry mouth" in line and "zentralin.md:8" in line for line in lines)


def test_facts_of_another_tool_that_assert_what_the_text_denies_are_counted(folder: Path) -> None:
    start = ARTICLE.index("weight gain")
    said = {"kind": "adverse-effect", "drug": "zentralin", "value": "weight gain", "polarity": "asserted"}
    place = {"quote": "weight gain", "start": start, "end": start + 11}
    fact = {**said, **place, "evidence": [place], "document": "zentralin", "rule": "guess"}
    (folder / "facts.jsonl").write_text(json.dumps(fact) + "\n", encoding="utf-8")
    told = call(folder, "evaluate", "zentralin.json", "zentralin.md", "--facts", "facts.jsonl")
    assert told.code == 1
    assert "1 denied" in told.err


def test_a_span_that_holds_no_fact_must_yield_none(folder: Path) -> None:
    gold = {**GOLD, "not_facts": [{"quote": "- drowsiness", "offset": ARTICLE.index("- drowsiness"), "why": "advert"}]}
    (folder / "zentralin.json").write_text(json.dumps(gold), encoding="utf-8")
    told = call(folder, "evaluate", "zentralin.json", "zentralin.md")
    assert told.code == 1
    assert "1 invented" in told.err


def test_folders_are_paired_by_name_and_what_is_left_out_is_told(folder: Path) -> None:
    (folder / "other.json").write_text("{}", encoding="utf-8")
    told = call(folder, "evaluate", ".", ".")
    assert told.code == 0
    assert "left out: other.json has no document 'other.*'" in told.err
    assert told.err.splitlines()[-1].startswith("1 document;")


def test_an_entry_whose_quote_is_not_at_its_offset_is_named(folder: Path) -> None:
    gold = {"routes": [{"name": "oral", "quote": "by mouth", "offset": 3}]}
    (folder / "zentralin.json").write_text(json.dumps(gold), encoding="utf-8")
    told = call(folder, "evaluate", "zentralin.json", "zentralin.md")
    assert told.code == 2
    assert "routes entry 1 quotes 'by mouth', which does not stand at offset 3" in told.err
    assert "Traceback" not in told.err


def test_what_is_no_gold_list_is_told_in_one_line(folder: Path) -> None:
    (folder / "zentralin.json").write_text("[]", encoding="utf-8")
    told = call(folder, "evaluate", "zentralin.json", "zentralin.md")
    assert told.code == 2
    assert "is no gold list" in told.err


@pytest.fixture
def scorer() -> ModuleType:
    path = SHARED / "eval" / "score.py"
    if not path.exists():
        pytest.skip("the shared gold lists and their scorer are not on this machine")
    spec = importlib.util.spec_from_file_location("shared_score", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["ema_desloratadine", "fdalabel_ibuprofen", "healthmatch_baclofen", "nhs_amlodipine"])
def test_our_figures_are_those_of_the_scorer_that_wrote_the_conventions(scorer: ModuleType, name: str) -> None:
    gold = SHARED / "eval" / "gold" / f"{name}.json"
    (document,) = load(SHARED / "articles" / f"{name}.txt")
    facts = list(extract(document))
    ours = evaluate(read_gold(gold, document.text), facts, document.text)
    theirs = scorer.score(json.loads(gold.read_text(encoding="utf-8")), [f.as_json() for f in facts], document.text)
    for kind, counts in theirs["table"].items():
        mine = ours.kinds[kind]
        assert (mine.owed, mine.found, mine.predicted, mine.right) == tuple(counts.values()), kind
    for key in ("bad_quotes", "denied", "invented", "missed", "wrong"):
        assert len(getattr(ours, key)) == len(theirs[key])


@pytest.mark.parametrize("name", ["ema_desloratadine", "fdalabel_ibuprofen", "healthmatch_baclofen", "nhs_amlodipine"])
def test_real_articles_are_read_as_well_as_we_say(name: str) -> None:
    gold = SHARED / "eval" / "gold" / f"{name}.json"
    if not gold.exists():
        pytest.skip("the shared gold lists are not on this machine")
    (document,) = load(SHARED / "articles" / f"{name}.txt")
    score = evaluate(read_gold(gold, document.text), extract(document), document.text)
    assert score.total.f1 >= 0.92
    assert not score.bad_quotes
    assert not score.denied
    assert not score.invented
