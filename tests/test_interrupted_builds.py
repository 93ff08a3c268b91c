"""A build that is killed at any moment: what is started again ends as one that nobody disturbed."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monograph.errors import StoreBusy, StoreError
from monograph.shards import Shards, read_shards
from monograph.store import open_store
from test_bad_input import GOOD

#: how often a build is killed; with a new seed each time, the moments are others
KILLS = 20
SEED = int(os.environ.get("MONOGRAPH_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 2**31)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three dozen small articles, so many that they go in by several batches."""
    folder = tmp_path_factory.mktemp("articles")
    for number in range(36):
        text = GOOD.replace("dry mouth", f"dry mouth\n- rash {number}")
        (folder / f"article-{number:02}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A store that was built without a break, and its quads."""
    place = tmp_path_factory.mktemp("whole") / "store"
    assert run(sources, "--store", str(place)).wait() == 0
    return place, quads(place)


#: the command line with batches so small that each build has a dozen moments between two of them
PROGRAM = "import monograph.building as b; b._BATCH = 40_000; from monograph.cli import main; main()"


def run(sources: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A real ``monograph build`` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "build", str(sources), "-q", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def quads(store: Path) -> list[str]:
    with open_store(store, read_only=True) as opened:
        return sorted(map(str, opened.quads()))


def kill_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Kills a build without warning; False where it was done before."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def test_a_killed_build_goes_on_and_ends_as_one_that_was_not(
    sources: Path, whole: tuple[Path, list[str]], tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    begun = time.monotonic()
    assert run(sources, "--store", str(tmp_path / "measured")).wait() == 0
    takes = time.monotonic() - begun
    killed, number = 0, 0
    while killed < KILLS:  # a store is killed again and again until a build of it comes to its end
        number += 1
        assert number <= 3 * KILLS, "the builds were too quick to be killed"
        store = tmp_path / f"store-{number}"
        for _ in range(4):
            if not kill_within(run(sources, "--store", str(store)), chance.uniform(0.2, 0.95) * takes):
                break
            killed += 1
        assert run(sources, "--store", str(store)).wait() == 0
        assert quads(store) == whole[1], f"seed {SEED}"


def test_a_killed_build_of_shards_goes_on(sources: Path, whole: tuple[Path, list[str]], tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for number in range(3):
        folder = tmp_path / f"shards-{number}"
        kill_within(run(sources, "--shards", str(folder)), chance.uniform(0.5, 2.0))
        kill_within(run(sources, "--shards", str(folder)), chance.uniform(0.5, 2.0))
        assert run(sources, "--shards", str(folder)).wait() == 0
        with open_store(tmp_path / f"loaded-{number}") as store:
            for batch in read_shards(folder):
                store.put_all(batch)
        assert quads(tmp_path / f"loaded-{number}") == whole[1], f"seed {SEED}"


def test_what_the_bulk_loader_left_half_is_taken_out(
    sources: Path, whole: tuple[Path, list[str]], tmp_path: Path
) -> None:
    """The one moment that a random kill seldom meets: quads of a batch are in, and the journal still stands."""
    assert run(sources, "--shards", str(tmp_path / "shards")).wait() == 0
    first, second, *rest = read_shards(tmp_path / "shards")
    with open_store(tmp_path / "store") as store:
        store.put_all(first)
        before = sorted(map(str, store.quads()))
        store.put_all(second)
    with open_store(tmp_path / "half") as store:
        store.put_all(first)
        half = b"".join(one.nquads for one in second).splitlines(keepends=True)
        import pyoxigraph

        rows = b"".join(half[: len(half) // 2])
        store._database.load(rows, format=pyoxigraph.RdfFormat.N_QUADS)  # type: ignore[attr-defined]
    from monograph.naming import document_iri

    journal = {
        "documents": [document_iri(one.identifier) for one in second],
        "edges": sorted({e for o in second for e in o.edges}),
    }
    (tmp_path / "half" / "loading.json").write_text(json.dumps(journal), encoding="utf-8")
    with open_store(tmp_path / "half") as store:
        assert sorted(map(str, store.quads())) == before
        for batch in (second, *rest):
            store.put_all(batch)
    assert quads(tmp_path / "half") == whole[1]


def test_a_reader_sees_no_half_of_a_load(sources: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert run(sources, "--store", str(store)).wait() == 0
    (store / "loading.json").write_text('{"documents": [], "edges": []}', encoding="utf-8")
    with open_store(store, read_only=True) as opened:
        assert len(opened.documents()) == 36
    assert not (store / "loading.json").exists()


def test_readers_beside_a_build_see_whole_documents_or_are_told(
    sources: Path, whole: tuple[Path, list[str]], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    assert run(sources / "article-00.md", "--store", str(store)).wait() == 0
    before, complete = quads(store), by_graph(whole[0])
    with open_store(store, read_only=True) as early:
        building, answered = run(sources, "--store", str(store)), 0
        while building.poll() is None:
            try:
                seen = by_graph(store)
            except StoreBusy:
                seen = {}
            answered += 1
            for graph, rows in seen.items():  # what documents share grows with them
                assert rows == complete[graph] if "/document/" in graph else rows <= complete[graph]
        assert building.returncode == 0
        assert answered
        assert set(before) <= set(map(str, early.quads())), "who read before the build may go on"
    assert quads(store) == whole[1]


def by_graph(store: Path) -> dict[str, set[str]]:
    with open_store(store, read_only=True) as opened:
        found: dict[str, set[str]] = {}
        for quad in opened.quads():
            found.setdefault(str(quad.graph_name), set()).add(str(quad))
        return found


def test_a_full_disk_leaves_shards_that_go_on(sources: Path, whole: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder = tmp_path / "shards"
    assert run(sources / "article-00.md", "--shards", str(folder)).wait() == 0
    first = [one.identifier for batch in read_shards(folder) for one in batch]
    limited = subprocess.run(
        [sys.executable, "-c", PROGRAM, "build", str(sources), "-q", "--shards", str(folder)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True,
        text=True,
    )
    assert limited.returncode not in (0, 1)
    assert "Traceback" not in limited.stderr
    assert [one.identifier for batch in read_shards(folder) for one in batch] == first
    assert run(sources, "--shards", str(folder)).wait() == 0
    with open_store(tmp_path / "loaded") as store:
        for batch in read_shards(folder):
            store.put_all(batch)
    assert quads(tmp_path / "loaded") == whole[1]


def test_a_full_disk_loses_nothing_that_was_stored(sources: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert run(sources / "article-00.md", "--store", str(store)).wait() == 0
    before = quads(store)
    limited = subprocess.run(
        [sys.executable, "-c", PROGRAM, "build", str(sources), "-q", "--store", str(store)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000)),
        capture_output=True,
    )
    assert limited.returncode not in (0, 1)
    assert set(before) <= set(quads(store))
    assert run(sources, "--store", str(store)).wait() == 0
    assert len(set(quads(store)) - set(before)) > 0


def test_only_what_has_changed_is_made_again(sources: Path, tmp_path: Path) -> None:
    from monograph.building import build
    from monograph.loading import sources as files

    folder = tmp_path / "articles"
    folder.mkdir()
    for path in sorted(sources.iterdir())[:5]:
        (folder / path.name).write_bytes(path.read_bytes())
    with open_store(tmp_path / "store") as store:
        assert len(build(store, files([folder])).built) == 5
        changed = folder / "article-03.md"
        changed.write_text(changed.read_text(encoding="utf-8") + "- headache\n", encoding="utf-8")
        report = build(store, files([folder]))
        assert ([one.identifier[:10] for one in report.built], report.unchanged) == (["article-03"], 4)
        store.remove(next(d.identifier for d in store.documents() if d.identifier.startswith("article-01")))
        assert [one.identifier[:10] for one in build(store, files([folder])).built] == ["article-01"]
        assert len(build(store, files([folder]), again=True).built) == 5
        assert len(build(store, files([folder]), quotes=False).built) == 5, "without quotes it is another graph"


def test_shards_refuse_another_version_of_a_document(sources: Path, tmp_path: Path) -> None:
    from monograph.building import build
    from monograph.loading import sources as files

    folder = tmp_path / "articles"
    folder.mkdir()
    article = folder / "article-00.md"
    article.write_bytes((sources / "article-00.md").read_bytes())
    build(Shards(tmp_path / "shards"), files([folder]))
    article.write_text(article.read_text(encoding="utf-8") + "- headache\n", encoding="utf-8")
    with pytest.raises(StoreError, match="in another version"):
        build(Shards(tmp_path / "shards"), files([folder]))


def test_damaged_shards_are_told(sources: Path, tmp_path: Path) -> None:
    assert run(sources, "--shards", str(tmp_path / "shards")).wait() == 0
    with pytest.raises(StoreError, match="holds no shards"):
        next(read_shards(tmp_path))
    first = tmp_path / "shards" / "part-00000.nq"
    first.write_bytes(first.read_bytes()[:100])
    with pytest.raises(StoreError, match="damaged"):
        list(read_shards(tmp_path / "shards"))
