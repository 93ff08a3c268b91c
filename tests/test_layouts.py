"""Layouts that lost their marks: what is a list, what heads it, and what its items state."""

from __future__ import annotations

import pytest

from articles import extracted, facts, names


def test_clauses_after_a_lead_in_are_its_items_without_any_mark() -> None:
    found = extracted(
        "# Zentralin\n\nZentralin is a muscle relaxant.\n\nDo NOT take this medicine if you:\n\n"
        "Are allergic to zentralin.\n\n"
        "Have had a stroke.\n\nTell your doctor if you:\n\nHave kidney problems.\n\nAre taking lithium.\n\n"
        "Have asthma.\n\nZentralin is kept in a cool place. Throw away what is left.\n",
        "zentralin.md",
    )
    assert names(found, "contraindication") == {"allergy to zentralin", "stroke"}
    assert names(found, "precaution") == {"kidney problems", "asthma"}
    assert names(found, "interaction") == {"lithium"}


def test_names_in_a_row_after_a_lead_in_are_items_and_the_line_over_the_next_text_a_heading() -> None:
    found = extracted(
        "# Zentralin\n\nCommon side effects of zentralin include:\n\nNausea\n\nDry mouth\n\nHeadache\n\n"
        "Storing the tablets\n\nKeep the tablets dry.\n",
        "zentralin.md",
    )
    assert names(found, "adverse-effect") == {"nausea", "dry mouth", "headache"}


def test_subheads_that_part_a_list_leave_it_to_its_lead_in() -> None:
    found = extracted(
        "# Zentralin side effects\n\n"
        "Zentralin is a muscle relaxant. Withdrawing from zentralin too fast may bring unwanted "
        "effects. These include the following:\n\nZentralin and the mind\n\n- hallucinations\n- low mood\n\n"
        "Zentralin and the body\n\n- fits\n- sweating\n",
        "zentralin.md",
    )
    assert names(found, "withdrawal-symptom") >= {"hallucinations", "low mood", "sweating"}
    assert not names(found, "adverse-effect")
    assert not [gap for gap in found.gaps if gap.kind == "empty-list"]


def test_label_text_is_parted_by_its_capitals_where_nothing_else_parts_it() -> None:
    found = extracted(
        "ZENTRALIN\n\nINDICATIONS AND USAGE\n---------------------\n\n"
        "Zentralin tablets are indicated in: 1. Muscle Disorders "
        "Spastic paraplegia Acute bursitis Gouty arthritis (in adults) Fibrositis 2. Nerve "
        "Diseases Trigeminal neuralgia "
        "Multiple sclerosis Painful neuropathy\n",
        "zentralin.txt",
    )
    assert names(found, "indication") == {
        "spastic paraplegia", "acute bursitis", "gouty arthritis", "fibrositis", "trigeminal neuralgia",
        "multiple sclerosis", "painful neuropathy",
    }  # fmt: skip


def test_a_line_that_breaks_off_goes_on_in_the_next() -> None:
    found = extracted(
        "# Zentralin\n\n## Warnings\n\nZentralin is a\nmuscle relaxant and\n"
        "should not be used by\npeople with\nasthma. It can\n"
        "also cause\nnausea.\n",
        "zentralin.md",
    )
    assert "nausea" in names(found, "adverse-effect")
    assert "asthma" in names(found, "contraindication")


def test_what_an_effect_brings_about_and_where_it_sits_are_effects_too() -> None:
    found = extracted(
        "# Zentralin\n\nZentralin is a muscle relaxant.\n\n## Side effects\n\n"
        "- Anaemia, which may cause tiredness or paleness\n- Bleeding:\n"
        "- in your eyes\n- in your mouth or throat\n- Allergic reactions (wheezing; swollen lips)\n",
        "zentralin.md",
    )
    effects = names(found, "adverse-effect")
    assert effects >= {"anaemia", "tiredness", "paleness", "bleeding in the eyes", "bleeding in the throat"}
    assert names(found, "allergic-symptom") == {"wheezing", "swollen lips"}


def test_heads_in_capitals_within_a_line_part_its_text() -> None:
    found = extracted(
        "Zentralin\n\nUSES: Zentralin eases stiffness in multiple sclerosis. SIDE EFFECTS: Dizziness, fatigue or dry "
        "mouth may occur. PRECAUTIONS: Before you use zentralin, tell your doctor of any kidney disease or glaucoma. "
        "OVERDOSE: Signs of too much are slow breathing and fainting.\n"
    )
    assert names(found, "adverse-effect") == {"dizziness", "fatigue", "dry mouth"}
    assert names(found, "precaution") == {"kidney disease", "glaucoma"}
    assert names(found, "overdose-symptom") == {"slow breathing", "fainting"}


def test_numbered_heads_of_a_label_part_text_that_runs_on() -> None:
    found = extracted(
        "Zentralin\n\n1 INDICATIONS AND USAGE Zentralin is indicated for the treatment of spasticity. "
        "4 CONTRAINDICATIONS Zentralin is contraindicated in patients with porphyria. "
        "10 OVERDOSAGE Symptoms of overdose include coma and vomiting.\n"
    )
    assert names(found, "indication") == {"spasticity"}
    assert names(found, "contraindication") == {"porphyria"}
    assert names(found, "overdose-symptom") == {"coma", "vomiting"}


@pytest.mark.parametrize("bar", [" | ", "\t"])
def test_a_table_without_rules_gives_its_effects_and_not_its_advice(bar: str) -> None:
    rows = [("Side effect", "What to do"), ("Dry mouth", "Suck ice cubes"), ("Headache", "Rest and drink water")]
    table = "\n".join(bar.join(row) for row in rows)
    found = extracted(f"Zentralin\n\nZentralin is a muscle relaxant.\n\nSide effects of zentralin\n\n{table}\n")
    assert names(found, "adverse-effect") == {"dry mouth", "headache"}


def test_a_skip_link_hides_nothing_of_the_page_behind_it() -> None:
    page = (
        "<html><body><div><a href='#main'>Skip to main content</a><div id='main'><h1>Zentralin</h1>"
        "<h2>Side effects</h2><p>Zentralin may cause nausea.</p></div></div></body></html>"
    )
    assert names(extracted(page, "zentralin.html"), "adverse-effect") == {"nausea"}


def test_dashes_between_blanks_part_a_list_that_lost_its_lines() -> None:
    found = extracted(
        "Zentralin\n\nZentralin is a muscle relaxant.\n\nSide effects\n\n"
        "Zentralin may cause: - nausea - dry mouth - blurred vision\n"
    )
    assert names(found, "adverse-effect") == {"nausea", "dry mouth", "blurred vision"}


def test_a_name_with_its_pronunciation_in_brackets_is_the_name() -> None:
    found = extracted("Zentralin [ ZEN-tra-lin ]\n\nZentralin is used to treat spasticity.\n")
    assert {fact.drug for fact in found.facts} == {"zentralin"}


def test_figures_under_each_other_are_a_table_whose_first_column_names_the_effects() -> None:
    found = extracted(
        "---\ndrug: Zentralin\n---\n\nZENTRALIN tablets\n\n6 ADVERSE REACTIONS\n\n"
        "Table 1. Percentage of patients with adverse reactions\n"
        "                   Zentralin    Placebo\n"
        "                   N=310        N=305\n"
        "Nervous system\n"
        "  Headache         8.1          7.9\n"
        "  Drowsiness       12.4         4.2\n"
        "Skin\n"
        "  Rash             3.0          2.6\n\n"
        "Other reactions were rare.\n"
    )
    told = {f.value: f.frequency for f in facts(found, "adverse-effect")}
    assert set(told) == {"headache", "drowsiness", "rash"}
    assert told["drowsiness"] is not None and told["drowsiness"].high == 0.124


def test_a_numbered_subhead_stands_under_its_number_and_right_under_text() -> None:
    found = extracted(
        "---\ndrug: Zentralin\n---\n\nZENTRALIN tablets\n\n1 INDICATIONS AND USAGE\n\n"
        "Zentralin is indicated for gout.\n\n"
        "5 WARNINGS AND PRECAUTIONS\n\n5.1 Liver Injury\nZentralin can cause liver failure.\n"
        "5.2 Low Blood Sugar\nZentralin may cause low blood sugar.\n\n6 ADVERSE REACTIONS\n\nRash may occur.\n",
    )
    assert names(found, "indication") == {"gout"}
    assert names(found, "adverse-effect") == {"liver failure", "low blood sugar", "rash"}


def test_a_label_of_frequency_at_the_end_of_an_item_heads_the_next_ones() -> None:
    found = extracted(
        "---\ndrug: Zentralin\n---\n\n# Zentralin\n\n## Possible side effects\n\n"
        "Common side effects (may affect up to 1 in 10 people)\n\n"
        "• Headache\n\n• Nausea Uncommon side effects (may affect up to 1 in 100 people)\n\n• Itching\n\n• Hives\n",
        "zentralin.md",
    )
    bands = {f.value: f.frequency.band for f in facts(found, "adverse-effect") if f.frequency}
    assert bands == {"headache": "common", "nausea": "common", "itching": "uncommon", "hives": "uncommon"}


def test_a_sites_own_title_says_nothing_of_the_page() -> None:
    found = extracted(
        "---\ndrug: Zentralin\n---\n\nDrugs and Supplements\n=====================\n\n"
        "Zentralin (Oral Route)\n----------------------\n\n"
        "Zentralin is used to treat gout.\n\nZentralin may cause a rash.\n",
        "zentralin.md",
    )
    assert (names(found, "indication"), names(found, "adverse-effect")) == ({"gout"}, {"rash"})


def test_lines_under_a_lead_in_on_uses_name_uses() -> None:
    found = extracted(
        "<h1>Zentralin</h1><h2>What zentralin is used for</h2><p>Zentralin is used to treat:</p>"
        "<p>Type 2 diabetes</p><p>in adults who cannot take other tablets.</p>"
        "<p>Chronic kidney disease</p><p>in adults.</p>",
        "zentralin.html",
    )
    assert names(found, "indication") == {"type 2 diabetes", "chronic kidney disease"}
