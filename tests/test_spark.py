"""A build on Apache Spark, on two cores of this machine: the shards and the report of the build without Spark."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from command import call
from monograph import building, loading
from monograph.errors import SourceError, StoreError, UnknownName
from monograph.shards import Shards, read_shards
from monograph.store import open_store
from test_bad_input import GOOD

pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'monograph[spark]'")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java", allow_module_level=True)

from monograph import spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


#: a loader whose documents end the process that reads them
FATAL = """
import os

class FatalLoader:
    name = "fatal"
    about = "what ends a process"

    def accepts(self, head, name):
        return name.endswith(".fatal")

    def read(self, data, name):
        os._exit(9)
"""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Two cores, up to four attempts at a task, and a loader that this process does not know."""
    folder = tmp_path_factory.mktemp("loaders")
    (folder / "fatal_loader.py").write_text(FATAL, encoding="utf-8")
    (folder / "fatal-1.dist-info").mkdir()
    (folder / "fatal-1.dist-info" / "METADATA").write_text("Name: fatal\nVersion: 1\n", encoding="utf-8")
    (folder / "fatal-1.dist-info" / "entry_points.txt").write_text(
        "[monograph.loaders]\nfatal = fatal_loader:FatalLoader\n", encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        with spark.session("local[2,4]") as running:
            yield running


@pytest.fixture
def sources(tmp_path: Path) -> list[Path | str]:
    """Articles in files and in an archive; one that cannot be read, one that is there twice, two of one name."""
    folder = tmp_path / "sources"
    (folder / "again").mkdir(parents=True)
    for number in range(6):
        (folder / f"{number}.md").write_text(article(number), encoding="utf-8")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        for number in range(6, 12):
            archive.writestr(f"{number}.md", article(number))
    (folder / "3.md").write_bytes(b"\xff\xfe\x00")
    (folder / "again" / "2.md").write_text(article(2), encoding="utf-8")
    (folder / "more" / "8.md").parent.mkdir()
    (folder / "more" / "8.md").write_text(article(8) + "- headache\n", encoding="utf-8")
    return loading.sources([folder])


def article(number: int) -> str:
    return GOOD.replace("dry mouth", f"dry mouth\n- rash {number}")


def lines(shards: Path) -> list[bytes]:
    """The lines of all shards, sorted."""
    return sorted(line for path in shards.glob("*.nq") for line in path.read_bytes().splitlines())


def test_the_shards_and_the_report_are_those_of_a_build_without_spark(
    session: SparkSession, sources: list[Path | str], tmp_path: Path
) -> None:
    here = building.build(Shards(tmp_path / "here"), sources)
    there = spark.build(session, tmp_path / "there", sources)
    assert there == here
    assert len(there.built) == 11
    assert there.unchanged == 1
    assert [Path(one.source).name for one in there.failures] == ["3.md", "8.md"]
    assert lines(tmp_path / "there") == lines(tmp_path / "here") != []

    documents = [
        {one.identifier: one for batch in read_shards(tmp_path / f) for one in batch} for f in ("here", "there")
    ]
    assert documents[0] == documents[1]
    with open_store(tmp_path / "store") as store:
        for batch in read_shards(tmp_path / "there"):
            store.put_all(batch)
        assert [one.identifier for one in store.documents()] == sorted(documents[0])


def test_what_is_there_is_not_made_again(session: SparkSession, sources: list[Path | str], tmp_path: Path) -> None:
    folder = tmp_path / "shards"
    first = spark.build(session, folder, sources[:3])
    (folder / "part-00999.nq").write_bytes(b"left by a build that was killed\n")
    then = spark.build(session, folder, sources)
    whole = building.build(Shards(tmp_path / "whole"), sources)
    assert then.unchanged == len(first.built) + 1 == 4
    assert {one.identifier for one in (*first.built, *then.built)} == {one.identifier for one in whole.built}
    assert then.failures == whole.failures
    assert lines(folder) == lines(tmp_path / "whole")


def test_a_record_that_ends_its_process_does_not_stop_the_others(
    session: SparkSession, sources: list[Path | str], tmp_path: Path
) -> None:
    fatal = tmp_path / "sources" / "4b.fatal"
    fatal.write_text("anything", encoding="utf-8")
    whole = building.build(Shards(tmp_path / "whole"), sources)
    report = spark.build(session, tmp_path / "shards", [*sources, fatal])
    assert report.built == whole.built
    assert report.failures[-1].reason == f"{fatal}: ended the process that read it - is there enough memory?"
    assert lines(tmp_path / "shards") == lines(tmp_path / "whole")


def test_sentences_can_be_kept_out(session: SparkSession, sources: list[Path | str], tmp_path: Path) -> None:
    building.build(Shards(tmp_path / "here"), sources, quotes=False)
    spark.build(session, tmp_path / "there", sources, quotes=False)
    assert lines(tmp_path / "there") == lines(tmp_path / "here")


def test_what_a_cluster_cannot_do_is_told_before_it_begins(session: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="standard input: cannot be read by a cluster"):
        spark.build(session, tmp_path / "shards", ["-"])
    with pytest.raises(UnknownName, match="no loader 'x'"):
        spark.build(session, tmp_path / "shards", [tmp_path / "a.md"], loader="x")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system has no folders of one process alone")
def test_a_folder_that_other_machines_do_not_see_is_told(
    session: SparkSession, sources: list[Path | str], tmp_path: Path
) -> None:
    mine = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(StoreError, match="is not seen by all machines") as caught:
            spark.build(session, f"/proc/self/fd/{mine}/shards", sources)
    finally:
        os.close(mine)
    assert "\n" not in str(caught.value)


def test_the_command_line_says_what_it_did(session: SparkSession, sources: list[Path | str], tmp_path: Path) -> None:
    result = call(tmp_path, "build", "sources", "--spark", "local[2]", "--shards", "shards")
    assert result.code == 1
    assert "11 documents" in result.err and "2 sources left out" in result.err
    manifest = [json.loads(line) for line in (tmp_path / "shards" / "manifest.jsonl").read_text().splitlines()]
    assert sum(len(row["documents"]) for row in manifest) == 11

    refused = call(tmp_path, "build", "sources", "--spark", "local[2]")
    assert refused.code == 2 and "--spark writes shards" in refused.err
