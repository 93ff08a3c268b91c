"""Several processes read sources side by side: what comes of it is the same, in the same order."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import call
from monograph import building
from monograph.building import Failure, build, jobs_for, read_all
from monograph.loading import Part
from monograph.store import open_store
from test_bad_input import GOOD


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "sources"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.md").write_text(GOOD.replace("dry mouth", f"dry mouth\n- rash {number}"), encoding="utf-8")
    (folder / "3.md").write_bytes(b"\xff\xfe\x00")
    return sorted(folder.iterdir())


def test_two_jobs_build_the_same_store_as_one(sources: list[Path], tmp_path: Path) -> None:
    quads, reports = [], []
    for jobs in (1, 2):
        with open_store(tmp_path / f"store-{jobs}") as store:
            reports.append(build(store, sources, jobs=jobs))
            quads.append(sorted(map(str, store.quads())))
    assert reports[0] == reports[1]
    assert [one.source for one in reports[1].built] == [str(s) for s in sources if s.stem != "3"]
    assert quads[0] == quads[1]


def test_extract_prints_the_same_with_two_jobs(sources: list[Path]) -> None:
    one, two = (call(sources[0].parent, "extract", ".", "--format", "jsonl", "--jobs", jobs) for jobs in "12")
    assert one == two
    assert one.code == 1
    assert "rash 5" in one.out


def test_a_source_that_ends_its_process_does_not_stop_the_others(
    sources: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_read", _end_at_two)
    outcomes = {Path(part.source).stem: found for part, found in read_all(sources, jobs=2)}
    assert list(outcomes) == ["0", "1", "2", "3", "4", "5"]
    assert [stem for stem, found in outcomes.items() if isinstance(found[0], Failure)] == ["2", "3"]


def test_little_is_read_by_one_process(sources: list[Path]) -> None:
    assert jobs_for(sources) == 1
    assert jobs_for(sources, 2) == 2
    assert jobs_for(sources[:1], 8) == 8  # one file may hold thousands of records


def _end_at_two(part: Part | Failure) -> object:
    stem = Path(part.source).stem
    if stem == "2":
        import os

        os._exit(9)
    return [Failure(part.source, "unreadable")] if stem == "3" else [part]
