"""How often an effect occurs: the label of frequency that holds for it, wherever a publisher or a converter put it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from articles import said
from monograph.extraction import extract
from monograph.extraction.frequencies import frequency_in
from monograph.facts import Frequency
from monograph.loading import load

BUNDLE = Path(__file__).parent / "data" / "labels" / "zentralin.bundle.json"


def bands(tmp_path: Path, html: str) -> dict[str, str | None]:
    """The effects of a leaflet whose section on side effects has this text, with their bands."""
    bundle = json.loads(BUNDLE.read_text(encoding="utf-8"))
    leaflet = bundle["entry"][0]["resource"]["section"][0]
    part = next(s for s in leaflet["section"] if s["title"].startswith("4."))
    part["text"]["div"] = f'<div xmlns="http://www.w3.org/1999/xhtml">{html}</div>'
    (tmp_path / "leaflet.json").write_text(json.dumps(bundle), encoding="utf-8")
    found = extract(next(load(tmp_path / "leaflet.json")))
    return {f.value: f.frequency.band if f.frequency else None for f in found if f.kind == "adverse-effect"}


COMMON, RARE = "Common: may affect up to 1 in 10 people", "Rare (may affect up to 1 in 1,000 people)"


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{COMMON}</p><p>dry mouth</p><p>headache</p><p>{RARE}</p><p>hives</p>",
        f"<p>{COMMON}</p><p>Dry mouth. It goes away.</p><p>Headache.</p><p>{RARE}</p><p>Hives.</p>",
        f"<p>{COMMON}</p><p>dry mouth</p><p>headache {RARE}</p><p>hives</p>",
        f"<p>{COMMON}</p><ul><li>dry mouth</li><li>headache {RARE}</li><li>hives</li></ul>",
        f"<p>Most are mild. {COMMON}</p><p>dry mouth</p><p>headache</p><p>{RARE} Tests may show</p><p>hives</p>",
    ],
    ids=["lines", "sentences", "a label behind a line", "a label behind an item", "a label behind prose"],
)
def test_a_label_holds_for_what_stands_under_it(tmp_path: Path, html: str) -> None:
    assert bands(tmp_path, html) == {"dry mouth": "common", "headache": "common", "hives": "rare"}


def test_labels_that_end_each_item_are_its_own(tmp_path: Path) -> None:
    html = f"<ul><li>dry mouth {COMMON}</li><li>hives {RARE}</li><li>headache {COMMON}</li></ul>"
    assert bands(tmp_path, html) == {"dry mouth": "common", "hives": "rare", "headache": "common"}


def test_a_label_ends_where_the_leaflet_turns_to_other_matter(tmp_path: Path) -> None:
    html = f"<p>{RARE}</p><p>hives</p><p>Tell your doctor if you get dizziness, which this medicine may cause.</p>"
    assert bands(tmp_path, html)["hives"] == "rare" and bands(tmp_path, html).get("dizziness") is None


def test_the_most_common_under_a_label_are_as_common_as_it_says(tmp_path: Path) -> None:
    label = "Very common effects (may affect more than 1 in 10 people)"
    html = f"<p>{label} The most common side effects are rash and cough.</p>"
    assert bands(tmp_path, html) == {"rash": "very common", "cough": "very common"}


def test_what_is_rarer_is_said_of_what_follows_alone() -> None:
    found = {
        f.value: f.frequency for f in said("Zentralin may cause headache, tingling or, in rare cases, cause a seizure.")
    }
    assert found["headache"] is None and found["tingling"] is None


def severities(text: str) -> dict[str, str | None]:
    return {f.value: f.severity for f in said(text) if f.kind == "adverse-effect"}


def test_an_adjective_of_severity_is_its_own_names_or_a_lists() -> None:
    assert severities("Zentralin may cause severe headache, itching and fainting.") == {
        "headache": "severe",
        "itching": None,
        "fainting": None,
    }
    assert severities("Serious side effects of zentralin include seizures and fainting.") == {
        "seizures": "serious",
        "fainting": "serious",
    }
    assert severities("Most side effects are mild:\n\n- itching\n- fainting")["itching"] is None
    assert severities("Get help at once if you notice:\n\n- itching\n- fainting")["itching"] == "serious"
    assert severities("Stop use and ask a doctor if:\n\n- itching lasts\n- fainting occurs").get("itching") is None


@pytest.mark.parametrize(
    ("text", "band", "low", "high"),
    [
        ("most common (greater than 1%)", "common", 0.01, None),
        ("in 2% or more of patients", None, 0.02, None),
        ("may affect 1 in 10 people", None, 0.1, 0.1),
        ("about 5 of 100 people", None, 0.05, 0.05),
        ("common (≥1/100 to <1/10)", "common", 0.01, 0.1),
        ("uncommon (affects 1 to 10 users in 1,000)", "uncommon", 0.001, 0.01),
        ("common (2% greater than placebo)", "common", None, None),
        ("the most common are nausea (3 to 18%), rash (2%)", "common", None, None),
    ],
)
def test_figures_bound_what_they_are_said_of(
    text: str, band: str | None, low: float | None, high: float | None
) -> None:
    assert frequency_in(text) == Frequency(band, low, high)


@pytest.mark.parametrize(
    "text",
    [
        "4% discontinued because of a rash",
        "one enzyme is more common than the other",
        "in rare cases, these reactions can be fatal",
        "nausea in 3% of patients and rash in 5% of patients",
    ],
)
def test_what_tells_how_often_of_something_else_is_no_frequency(text: str) -> None:
    assert frequency_in(text) is None


def test_a_figure_in_brackets_is_that_of_the_name_before_it() -> None:
    found = said("The most common side effects of zentralin are nausea (3 to 18%), itching (2%) and fainting.")
    told = {f.value: f.frequency for f in found if f.kind == "adverse-effect"}
    assert told["nausea"] == Frequency("common", 0.03, 0.18) and told["itching"] == Frequency("common", 0.02, 0.02)
    assert told["fainting"] == Frequency("common")


def test_a_line_that_explains_a_label_goes_on_with_it(tmp_path: Path) -> None:
    label = "<p>Very common side effects</p><p>These may affect more than 1 in 10 people.</p><p>dry mouth</p>"
    unknown = "<p>The frequency of the following side effects is not known:</p><p>hives</p>"
    assert bands(tmp_path, label + unknown) == {"dry mouth": "very common", "hives": "not known"}
    assert bands(tmp_path, "<p>Less common adverse reactions:</p><p>hives, fever</p>")["hives"] == "uncommon"
