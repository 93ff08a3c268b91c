"""The article loader: layouts become sections, lists and tables whose every offset fits the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import document
from monograph.document import Block, Document
from monograph.loaders.article import ArticleLoader


def shown(doc: Document, kind: str) -> list[str]:
    return [v.text for v, b in zip(doc.views, doc.blocks, strict=True) if b.kind == kind and not b.boilerplate]


def block(doc: Document, text: str) -> Block:
    return next(b for v, b in zip(doc.views, doc.blocks, strict=True) if v.text == text)


PLAIN = """Zentralin

About this medicine

Zentralin eases tight muscles.

Unwanted effects

These may include:

  • Tiredness

  • Dry mouth

Tell a nurse about them.
"""


def test_plain_text_has_headings_paragraphs_and_items_with_their_lead_in() -> None:
    doc = document(PLAIN)
    assert shown(doc, "heading") == ["Zentralin", "About this medicine", "Unwanted effects"]
    assert shown(doc, "item") == ["Tiredness", "Dry mouth"]
    item = block(doc, "Dry mouth")
    assert item.lead_in is not None and doc.views[item.lead_in].text == "These may include:"
    assert doc.sections[item.section or 0].heading == "Unwanted effects"


@pytest.mark.parametrize("mark", ["•", "-", "*", "+", "–", "·", "▪", "1.", "2)", "(a)"])
def test_every_bullet_makes_an_item(mark: str) -> None:
    doc = document(f"Zentralin\n\nIt can cause:\n\n{mark} tiredness\n{mark} dry mouth\n")
    assert shown(doc, "item") == ["tiredness", "dry mouth"]


def test_markdown_marks_belong_to_no_block_and_offsets_still_fit() -> None:
    text = "# Zentralin\n\nIt **may** cause [dry mouth](https://example.org/x) and _rash_.\n"
    doc = document(text, "a.md")
    assert shown(doc, "paragraph") == ["It may cause dry mouth and rash."]
    view = doc.views[1]
    start, end = view.span(view.text.index("dry mouth"), view.text.index("dry mouth") + len("dry mouth"))
    assert text[start:end] == "dry mouth"


def test_setext_and_underlined_capital_headings() -> None:
    doc = document("Zentralin\n=========\n\nUSES\n----\n\nfor tight muscles\n")
    assert [(s.heading, s.level) for s in doc.sections] == [("Zentralin", 1), ("USES", 2)]


def test_nested_items_know_their_parent() -> None:
    doc = document("# Zentralin\n\nEffects:\n\n- headache\n    - drink water\n- rash\n", "a.md")
    inner, outer = block(doc, "drink water"), block(doc, "headache")
    assert (outer.depth, inner.depth) == (1, 2)
    assert inner.parent is not None and doc.blocks[inner.parent] is outer


def test_bullets_run_together_on_one_line_are_parted() -> None:
    doc = document("Zentralin\n\nIt can cause:  - tiredness  - dry mouth  Ask a nurse.\n")
    assert shown(doc, "item")[:2] == ["tiredness", "dry mouth"]


def test_short_lower_case_lines_after_a_colon_are_a_list_without_bullets() -> None:
    doc = document("Zentralin\n\nOthers include:\nfirst helper\nsecond helper\n\nDone.\n")
    assert shown(doc, "item") == ["first helper", "second helper"]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = "Zentralin\n\n" + "\n".join(["a line of words that is about as long as the next one is"] * 4) + ".\n"
    assert len(shown(document(text), "paragraph")) == 1


def test_a_pipe_table_gives_cells_their_heads() -> None:
    doc = document("# Zentralin\n\n| Effect | How often |\n|---|---|\n| rash | rare |\n", "a.md")
    cell = block(doc, "rare")
    assert (cell.row_head, cell.column_head) == ("rash", "How often")


def test_a_front_matter_describes_and_belongs_to_no_block() -> None:
    front = "---\ntitle: On Zentralin\ndrug: zentralin\npublisher: Us\nlicense: CC0\n---\n"
    doc = document(f"{front}\n# Zentralin\n", "a.md")
    assert (doc.title, doc.drugs, doc.publisher, doc.license) == ("On Zentralin", ("zentralin",), "Us", "CC0")
    assert shown(doc, "heading") == ["Zentralin"]


def test_references_are_read_by_their_mark() -> None:
    doc = document("# Zentralin\n\nIt works.¹\n\n## References\n\n1. A handbook, 2020.\n2. A leaflet.\n", "a.md")
    assert doc.references == {"1": "A handbook, 2020.", "2": "A leaflet."}


HTML = """<!DOCTYPE html>
<html lang="en"><head><title>Zentralin | Health</title><meta property="og:site_name" content="Our Clinic">
<link rel="canonical" href="https://example.org/zentralin"><script>var x = "<p>no</p>";</script></head>
<body><nav><ul><li>Home</li><li>Drugs</li></ul></nav>
<h1>Zentralin</h1>
<p>Who may take it<br/>
Adults &amp; children who weigh
at least 20&nbsp;kg.</p>
<p>It can cause:</p><ul><li>dry <b>mouth</b></li><li>rash</li></ul>
<table><tr><th>Effect</th><th>Frequency</th></tr><tr><td>nausea</td><td>common</td></tr></table>
<footer><p>Contact us</p></footer></body></html>
"""


def test_html_is_read_with_offsets_into_the_file() -> None:
    doc = document(HTML, "page.html")
    assert (doc.title, doc.publisher, doc.source) == (
        "Zentralin | Health",
        "Our Clinic",
        "https://example.org/zentralin",
    )
    assert shown(doc, "heading") == ["Zentralin", "Who may take it"]
    assert "Adults & children who weigh at least 20 kg." in shown(doc, "paragraph")
    assert shown(doc, "item") == ["dry mouth", "rash"]
    cell = block(doc, "common")
    assert (cell.row_head, cell.column_head) == ("nausea", "Frequency")
    for view, part in zip(doc.views, doc.blocks, strict=True):
        start, end = view.span(0, len(view.text))
        assert (start, end) == (part.start, part.end)


def test_html_navigation_and_footer_are_boilerplate() -> None:
    doc = document(HTML, "page.html")
    assert block(doc, "Home").boilerplate == "navigation"
    assert block(doc, "Contact us").boilerplate == "navigation"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Sign up for our newsletter today.", "advert"),
        ("This page does not constitute medical advice.", "disclaimer"),
        ("You can report side effects to the national scheme.", "reporting"),
        ("Last reviewed: 1 May 2024", "metadata"),
        ("Tel: +44 20 1234 5678", "contact"),
    ],
)
def test_boilerplate_is_named_and_left_out(line: str, reason: str) -> None:
    assert block(document(f"Zentralin\n\nZentralin helps.\n\n{line}\n"), line).boilerplate == reason


def test_an_identifier_tells_two_publishers_articles_of_one_name_apart() -> None:
    ours = document("---\npublisher: A\n---\n# Zentralin\n", "zentralin.md")
    theirs = document("---\npublisher: B\n---\n# Zentralin\n", "zentralin.md")
    edited = document("---\npublisher: A\n---\n# Zentralin\n\nNow with more text.\n", "zentralin.md")
    assert ours.identifier != theirs.identifier
    assert ours.identifier == edited.identifier


@given(st.text(alphabet=st.sampled_from("ab A.:;•-*#|\n\t<>/&¹é’\u00a0"), max_size=300))
def test_whatever_the_text_every_block_lies_in_the_file(text: str) -> None:
    for name in ("a.txt", "a.md", "a.html"):
        for doc in ArticleLoader().read((text + " end").encode(), name):
            for view, part in zip(doc.views, doc.blocks, strict=True):
                assert 0 <= part.start < part.end <= len(doc.text)
                assert view.span(0, len(view.text)) == (part.start, part.end)


@pytest.mark.parametrize("path", sorted(Path("loaders/examples").glob("*.md")), ids=lambda p: p.name)
def test_reading_twice_gives_the_same(path: Path) -> None:
    first, second = (next(ArticleLoader().read(path.read_bytes(), path.name)) for _ in range(2))
    assert first == second
