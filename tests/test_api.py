"""The Python interface: few names, imported when first used."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import monograph
from monograph import loading
from monograph.building import Built, Failure, build, verify
from monograph.errors import SourceError, UnknownName
from monograph.results import Solutions
from monograph.store import memory_store

ARTICLE = """# Zentralin

Zentralin is a medicine that is used to treat muscle spasms. Common side effects of zentralin include:

- drowsiness
- dry mouth
"""

HEAVY = ("click", "owlready2", "pyoxigraph", "pyshacl", "rdflib", "rich", "SPARQLWrapper", "monograph.store")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "zentralin.md"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def python(program: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


def test_importing_is_light_silent_and_writes_nothing(tmp_path: Path) -> None:
    loaded = python("import sys, monograph; print(*sys.modules)", tmp_path).split()
    assert not set(HEAVY) & set(loaded)
    assert list(tmp_path.iterdir()) == []


def test_importing_takes_under_thirty_milliseconds(tmp_path: Path) -> None:
    program = "import time; t = time.perf_counter(); import monograph; print(time.perf_counter() - t)"
    assert min(float(python(program, tmp_path)) for _ in range(3)) < 0.03


def test_every_public_name_is_there() -> None:
    assert set(monograph.__all__) <= set(dir(monograph))
    for name in monograph.__all__:
        assert getattr(monograph, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = monograph.nothing


def test_from_an_article_to_an_answer(article: Path) -> None:
    [document] = monograph.load(article)
    extraction = monograph.extract(document)
    effects = {fact.value: fact for fact in extraction if fact.kind == "adverse-effect"}
    assert set(effects) == {"drowsiness", "dry mouth"}
    assert document.text[effects["dry mouth"].start : effects["dry mouth"].end] == effects["dry mouth"].quote
    with monograph.memory_store() as store:
        store.put(document, extraction.facts, extraction.gaps)
        answer = store.query("SELECT ?name WHERE { ?drug mg:hasAdverseEffect/rdfs:label ?name } ORDER BY ?name")
        assert isinstance(answer, Solutions)
        assert [str(row[0]) for row in answer.rows] == ['"drowsiness"@en', '"dry mouth"@en']


def test_a_build_reports_each_source(article: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_bytes(b"\xff\xfe\x00")
    with memory_store() as store:
        report = build(store, [bad, article])
        assert [info.identifier for info in store.documents()] == [report.built[0].identifier]
    [built], [failure] = report.built, report.failures
    assert isinstance(built, Built) and isinstance(failure, Failure)
    assert (built.source, built.drug, built.facts) == (str(article), "zentralin", report.facts)
    assert failure.source == str(bad) and "bad.md" in failure.reason
    assert report.exit_code == 1


def test_building_again_changes_nothing(article: Path) -> None:
    with memory_store() as store:
        build(store, [article])
        before = {str(quad) for quad in store.quads()}
        build(store, [article])
        assert {str(quad) for quad in store.quads()} == before


def test_a_loader_that_does_not_exist_is_no_fault_of_the_document(article: Path) -> None:
    with memory_store() as store, pytest.raises(UnknownName, match="no loader 'nosuch'"):
        build(store, [article], loader="nosuch")


def test_a_fact_that_its_text_does_not_bear_out_is_refused(article: Path) -> None:
    [document] = loading.load(article)
    facts = monograph.extract(document).facts
    verify(document, facts)
    shifted = replace(document, text=" " + document.text)
    with pytest.raises(SourceError, match=r"quotes \d+-\d+, where the text reads otherwise"):
        verify(shifted, facts)
