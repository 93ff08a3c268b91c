"""Fetching labels, from a server on loopback that speaks the three interfaces and misbehaves where a test wants it."""

from __future__ import annotations

import hashlib
import json
import shlex
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from command import call
from label_servers import SETS, UPDATED, Asked, LabelServer, Reply, label_servers, leaflet_number, release, spl
from monograph.cli import monograph
from monograph.errors import FetchError
from monograph.fetching import Granted, Web, Wish, fetch, interface
from monograph.fetching.transport import guard
from monograph.loading import load
from monograph.retrieval import read_beside

FIRST, SECOND = list(SETS)[:2]
SHARED = Path(__file__).resolve().parents[2] / "shared" / "labels" / "openfda"
BASE = {"openfda": "", "dailymed": "/dailymed", "epi": "/fhir"}


@pytest.fixture
def server() -> Iterator[LabelServer]:
    with label_servers() as running:
        yield running


def fetched(
    server: LabelServer, source: str, wanted: str, folder: Path, *, retries: int = 2, **wish: Any
) -> tuple[Granted, list[float]]:
    """What became of a wish, and the seconds that were waited in between."""
    waited: list[float] = []
    of = interface(source, server.url + BASE[source])
    web = Web(rate=1e6, retries=retries, timeout=5, sleep=waited.append)
    return fetch(of, Wish(wanted, **wish), folder, web), [seconds for seconds in waited if seconds > 0.001]


def names(folder: Path) -> list[str]:
    """What stands in a folder but the metadata; hidden files too."""
    return sorted(p.name for p in folder.iterdir() if not p.name.endswith(".metadata.json"))


def once(path: str, reply: Callable[[Reply], Reply], times: int = 1) -> Callable[[Asked, Reply], Reply | None]:
    """Spoils the first answers for addresses with ``path`` in them."""
    left = [times]

    def spoil(asked: Asked, good: Reply) -> Reply | None:
        if path not in asked.path or not left[0]:
            return None
        left[0] -= 1
        return reply(good)

    return spoil


# What the interfaces give


def test_dailymed_by_name_gives_each_label_once_with_its_version(server: LabelServer, tmp_path: Path) -> None:
    granted, _ = fetched(server, "dailymed", "zentralin", tmp_path)
    assert granted.failures == []
    assert names(tmp_path) == [f"{set_id}-v{version}.xml" for set_id, version in SETS.items()]
    assert (tmp_path / f"{FIRST}-v2.xml").read_bytes() == spl(FIRST, 2)


def test_dailymed_by_set_id_and_with_its_history(server: LabelServer, tmp_path: Path) -> None:
    fetched(server, "dailymed", SECOND.upper(), tmp_path)
    assert names(tmp_path) == [f"{SECOND}-v3.xml"]
    fetched(server, "dailymed", SECOND, tmp_path, history=True)
    assert names(tmp_path) == [f"{SECOND}-v1.zip", f"{SECOND}-v2.zip", f"{SECOND}-v3.xml"]


def test_dailymed_all_is_the_parts_of_the_release_that_its_page_lists(server: LabelServer, tmp_path: Path) -> None:
    fetched(server, "dailymed", "all", tmp_path / "both")
    assert names(tmp_path / "both") == [
        f"dm_spl_release_human_{part}.zip" for part in ("otc_part1", "rx_part1", "rx_part2")
    ]
    fetched(server, "dailymed", "all", tmp_path / "animal", releases=("animal",))
    assert names(tmp_path / "animal") == ["dm_spl_release_animal.zip"]


def test_openfda_by_name_follows_the_pages(server: LabelServer, tmp_path: Path) -> None:
    granted, _ = fetched(server, "openfda", "zentralin", tmp_path)
    assert granted.failures == []
    assert names(tmp_path) == [f"openfda-zentralin-000{page}.json" for page in (1, 2, 3)]
    pages = [json.loads((tmp_path / name).read_bytes()) for name in names(tmp_path)]
    assert [r["id"] for page in pages for r in page["results"]] == [f"doc-{n}" for n in range(7)]


def test_openfda_by_set_id_and_as_a_whole(server: LabelServer, tmp_path: Path) -> None:
    fetched(server, "openfda", FIRST, tmp_path / "one")
    assert names(tmp_path / "one") == [f"openfda-{FIRST}-0001.json"]
    fetched(server, "openfda", "all", tmp_path / "all")
    assert names(tmp_path / "all") == [f"drug-label-000{n}-of-0002.json.zip" for n in (1, 2)]
    assert zipfile.is_zipfile(tmp_path / "all" / "drug-label-0001-of-0002.json.zip")


def test_epi_gives_the_documents_of_a_language_and_those_that_tell_none(server: LabelServer, tmp_path: Path) -> None:
    granted, _ = fetched(server, "epi", "Zentralin", tmp_path)
    assert granted.failures == []
    assert names(tmp_path) == [f"epi-{leaflet_number(n)}.json" for n in (10, 20)]
    danish, _ = fetched(server, "epi", "Zentralin", tmp_path / "da", language="da")
    assert danish.kept == [] and "404" not in danish.failures[0] and "no list and no document" in danish.failures[0]
    assert {one.headers["Accept"] for one in server.asked} == {"application/fhir+json"}


@pytest.mark.parametrize(
    ("wanted", "documents"), [("all", (10, 20)), (leaflet_number(1), (10,)), (leaflet_number(20), (20,))]
)
def test_epi_by_number_of_a_list_or_a_document_or_as_a_whole(
    server: LabelServer, tmp_path: Path, wanted: str, documents: tuple[int, ...]
) -> None:
    fetched(server, "epi", wanted, tmp_path)
    assert names(tmp_path) == [f"epi-{leaflet_number(n)}.json" for n in documents]


@pytest.mark.parametrize(("source", "limit", "files"), [("dailymed", 3, 3), ("openfda", 2, 1), ("epi", 1, 1)])
def test_a_limit_is_kept(server: LabelServer, tmp_path: Path, source: str, limit: int, files: int) -> None:
    fetched(server, source, "zentralin", tmp_path, limit=limit)
    assert len(names(tmp_path)) == files
    if source == "openfda":
        assert len(json.loads((tmp_path / names(tmp_path)[0]).read_bytes())["results"]) == 2


@pytest.mark.parametrize("source", BASE)
@pytest.mark.parametrize("wanted", ["zentralol", "0000000f-0000-4000-8000-00000000000f"])
def test_what_nobody_knows_is_told_as_such(server: LabelServer, tmp_path: Path, source: str, wanted: str) -> None:
    granted, _ = fetched(server, source, wanted, tmp_path)
    assert granted.kept == [] and names(tmp_path) == []
    [line] = granted.failures
    assert wanted in line and "check" in line and "404" not in line


def test_quotes_in_a_name_are_no_query_language(server: LabelServer, tmp_path: Path) -> None:
    fetched(server, "openfda", 'x" OR "y\\', tmp_path)
    assert server.asked[0].query["search"].startswith('openfda.generic_name:"x  OR  y" openfda.brand_name:')


def test_the_server_speaks_as_openfda_publishes_it(server: LabelServer, tmp_path: Path) -> None:
    """Our made-up records have the fields of the published schema; a recorded answer comes through byte for byte."""
    schema, recorded = SHARED / "druglabel_schema.json", SHARED / "openfda-label-sample-az.json"
    if not schema.is_file() or not recorded.is_file():
        pytest.skip("the published schema and the recorded answer are not on this machine")
    fetched(server, "openfda", FIRST, tmp_path)
    [ours] = json.loads((tmp_path / f"openfda-{FIRST}-0001.json").read_bytes())["results"]
    published = json.loads(schema.read_bytes())["properties"]
    kinds = {"string": str, "array": list, "object": dict}
    assert all(isinstance(value, kinds[published[name]["type"]]) for name, value in ours.items())
    assert ours["openfda"].keys() <= published["openfda"]["properties"].keys()
    server.spoil = lambda asked, good: Reply(recorded.read_bytes())
    [kept] = fetched(server, "openfda", "anything", tmp_path)[0].kept
    assert kept.path.read_bytes() == recorded.read_bytes() and kept.retrieval.version == "2019-10-26"
    records = json.loads(recorded.read_bytes())["results"]
    assert [d.series for d in load(kept.path)] == [r["set_id"] for r in records]


# What stands beside a file


def test_beside_a_file_stands_where_it_came_from(server: LabelServer, tmp_path: Path) -> None:
    fetched(server, "dailymed", FIRST, tmp_path)
    path = tmp_path / f"{FIRST}-v2.xml"
    told = json.loads((tmp_path / f"{path.name}.metadata.json").read_bytes())
    assert told["source"] == f"{server.url}/dailymed/services/v2/spls/{FIRST}.xml"
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert told["bytes"] == path.stat().st_size and told["version"] == "2"
    assert told["retrieved"].endswith("+00:00") and told["license"] == "https://www.usa.gov/government-works"
    fetched(server, "openfda", "all", tmp_path)
    bulk = read_beside(tmp_path / "drug-label-0001-of-0002.json.zip")
    assert bulk is not None and (bulk.version, bulk.last_modified) == (UPDATED, "Fri, 20 Nov 2026 08:00:00 GMT")


def test_what_is_there_in_its_newest_state_is_not_fetched_again(server: LabelServer, tmp_path: Path) -> None:
    for source, wanted in [("dailymed", "zentralin"), ("openfda", "zentralin"), ("openfda", "all")]:
        folder = tmp_path / f"{source}-{wanted}"
        first, _ = fetched(server, source, wanted, folder)
        server.asked.clear()
        again, _ = fetched(server, source, wanted, folder)
        assert len(again.kept) == len(first.kept) > 1
        # openFDA's first page says how old the data are; the others follow from it.
        assert again.fetched == (1 if (source, wanted) == ("openfda", "zentralin") else 0)
        index = {"/dailymed/services/v2/spls.json", "/download.json", "/drug/label.json"}
        assert set(server.paths()) <= index and len(server.asked) <= 2


def test_a_server_is_asked_whether_a_file_has_changed(server: LabelServer, tmp_path: Path) -> None:
    fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
    again, _ = fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
    assert [kept.state for kept in again.kept] == ["there"] and server.asked[-1].headers["If-None-Match"] == '"v1"'
    (tmp_path / "dm_spl_release_animal.zip").write_bytes(b"damaged")
    repaired, _ = fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
    assert repaired.fetched == 1 and zipfile.is_zipfile(tmp_path / "dm_spl_release_animal.zip")


def test_a_new_version_stands_beside_the_old_one(
    server: LabelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched(server, "dailymed", FIRST, tmp_path)
    monkeypatch.setitem(SETS, FIRST, 3)
    fetched(server, "dailymed", FIRST, tmp_path)
    assert names(tmp_path) == [f"{FIRST}-v2.xml", f"{FIRST}-v3.xml"]


# How it behaves


def test_requests_name_who_makes_them_and_keep_their_rate(server: LabelServer, tmp_path: Path) -> None:
    waited: list[float] = []
    web = Web(rate=0.5, sleep=waited.append)
    fetch(interface("dailymed", f"{server.url}/dailymed"), Wish("zentralin", limit=2), tmp_path, web)
    assert len(waited) == 2 and all(1.5 < seconds <= 2 for seconds in waited)
    assert all(one.headers["User-Agent"].startswith("monograph/") for one in server.asked)
    assert all("(+https://" in one.headers["User-Agent"] for one in server.asked)


def test_a_busy_server_is_asked_again_when_it_says_or_ever_later(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once(".xml", lambda _: Reply(status=429, headers={"Retry-After": "7"}))
    granted, waited = fetched(server, "dailymed", FIRST, tmp_path)
    assert granted.failures == [] and waited == [7.0]
    server.spoil = once(".xml", lambda _: Reply(status=503), times=2)
    granted, waited = fetched(server, "dailymed", SECOND, tmp_path)
    assert granted.failures == [] and waited == [1.0, 2.0]


def test_a_server_that_wants_an_hour_is_left_alone(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once(".xml", lambda _: Reply(status=503, headers={"Retry-After": "3600"}), times=9)
    granted, waited = fetched(server, "dailymed", FIRST, tmp_path)
    assert waited == [] and "asked again in 3,600 s" in granted.failures[0]
    assert sum(path.endswith(".xml") for path in server.paths()) == 1


def test_one_label_that_fails_leaves_the_others_and_three_end_it(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once(FIRST, lambda _: Reply(status=403), times=9)
    granted, _ = fetched(server, "dailymed", "zentralin", tmp_path)
    assert len(granted.kept) == 3 and len(granted.failures) == 1 and "403" in granted.failures[0]
    server.spoil = once("/spls/", lambda _: Reply(status=403), times=9)
    granted, _ = fetched(server, "dailymed", "zentralin", tmp_path / "none")
    assert granted.kept == [] and "after 3 failures" in granted.failures[-1]


def test_a_download_that_breaks_goes_on_where_it_broke(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once("release-files", lambda good: Reply(good.body, headers=good.headers, cut=700_000))
    granted, _ = fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
    assert granted.failures == [] and names(tmp_path) == ["dm_spl_release_animal.zip"]
    assert [one.headers.get("Range") for one in server.asked[1:]] == [None, "bytes=700000-"]
    told = read_beside(tmp_path / "dm_spl_release_animal.zip")
    assert (
        told is not None
        and told.sha256 == hashlib.sha256((tmp_path / "dm_spl_release_animal.zip").read_bytes()).hexdigest()
    )


def test_a_run_that_ended_goes_on_at_the_next(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once("release-files", lambda good: Reply(good.body, headers=good.headers, cut=700_000))
    broken, _ = fetched(server, "dailymed", "all", tmp_path, releases=("animal",), retries=0)
    assert "was cut" in broken.failures[0] and all(name.startswith(".") for name in names(tmp_path))
    granted, _ = fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
    assert granted.fetched == 1 and server.asked[-1].headers["Range"] == "bytes=700000-"
    assert zipfile.is_zipfile(tmp_path / "dm_spl_release_animal.zip") and len(names(tmp_path)) == 1


def test_a_file_that_lacked_only_its_name_gets_it(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once("release-files", lambda good: Reply(good.body, headers=good.headers, cut=700_000))
    fetched(server, "dailymed", "all", tmp_path, releases=("animal",), retries=0)
    whole = release(padding=900_000)
    (tmp_path / ".dm_spl_release_animal.zip.part").write_bytes(whole)
    assert fetched(server, "dailymed", "all", tmp_path, releases=("animal",))[0].fetched == 1
    told = read_beside(tmp_path / "dm_spl_release_animal.zip")
    assert told is not None and (told.etag, told.sha256) == ('"v1"', hashlib.sha256(whole).hexdigest())
    assert server.asked[-1].headers["Range"] == f"bytes={len(whole)}-"


def test_a_server_that_falls_silent_is_asked_for_the_rest(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once("release-files", lambda good: Reply(good.body, headers=good.headers, cut=700_000, stall=2))
    of = interface("dailymed", f"{server.url}/dailymed")
    wish = Wish("all", releases=("animal",))
    granted = fetch(of, wish, tmp_path, Web(rate=1e6, timeout=0.2, sleep=lambda _: None))
    assert granted.fetched == 1 and server.asked[-1].headers["Range"] == "bytes=700000-"


def test_a_run_that_was_killed_goes_on_at_the_next(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once("release-files", lambda good: Reply(good.body, headers=good.headers, cut=700_000, stall=5))
    flags = ["--release", "animal", "--url", f"{server.url}/dailymed", "--rate", "20", "-o", str(tmp_path)]
    running = subprocess.Popen([sys.executable, "-m", "monograph", "fetch", "dailymed", "all", *flags])
    partial = tmp_path / ".dm_spl_release_animal.zip.part"
    until = time.monotonic() + 20
    while not partial.exists() or partial.stat().st_size < 500_000:
        assert running.poll() is None and time.monotonic() < until
        time.sleep(0.01)
    running.kill()
    running.wait()
    here = partial.stat().st_size
    assert fetched(server, "dailymed", "all", tmp_path, releases=("animal",))[0].fetched == 1
    assert server.asked[-1].headers["Range"] == f"bytes={here}-"
    assert zipfile.is_zipfile(tmp_path / "dm_spl_release_animal.zip") and len(names(tmp_path)) == 1


def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once("release-files", lambda good: Reply(good.body, headers={"ETag": '"old"'}, cut=700_000))
    fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
    told = read_beside(tmp_path / "dm_spl_release_animal.zip")
    assert told is not None and told.etag == '"v1"' and zipfile.is_zipfile(tmp_path / "dm_spl_release_animal.zip")


def test_a_server_that_never_comes_further_is_given_up(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once("release-files", lambda good: Reply(good.body, cut=1_500_000), times=99)
    granted, _ = fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
    # The first break is 1.5 MB of progress, the others none, for without ETag and date each begins anew.
    assert "was cut" in granted.failures[0] and len(server.asked) == 1 + 3


def test_two_runs_do_not_write_to_one_file(server: LabelServer, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl", reason="no locks of this kind here")
    with (tmp_path / ".dm_spl_release_animal.zip.part").open("wb") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        theirs.write(b"begun")
        theirs.flush()
        second, _ = fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
        assert "another process" in second.failures[0]
        assert (tmp_path / ".dm_spl_release_animal.zip.part").read_bytes() == b"begun"
    assert fetched(server, "dailymed", "all", tmp_path, releases=("animal",))[0].fetched == 1


def test_pages_of_a_broken_search_are_not_fetched_again(server: LabelServer, tmp_path: Path) -> None:
    def spoil(asked: Asked, good: Reply) -> Reply | None:
        return Reply(status=403) if asked.query.get("search_after") == "0=6" else None

    server.spoil = spoil
    broken, _ = fetched(server, "openfda", "zentralin", tmp_path)
    assert len(broken.kept) == 2 and len(broken.failures) == 1
    server.spoil = lambda asked, good: None
    server.asked.clear()
    granted, _ = fetched(server, "openfda", "zentralin", tmp_path)
    assert len(granted.kept) == 3
    assert [one.query.get("search_after") for one in server.asked] == [None, "0=6"]


# What is refused


def test_an_error_page_is_no_label_and_half_a_zip_no_archive(server: LabelServer, tmp_path: Path) -> None:
    server.spoil = once(".xml", lambda _: Reply(b"<html>We are closed.</html>", kind="text/html"))
    granted, _ = fetched(server, "dailymed", FIRST, tmp_path)
    assert "is no label" in granted.failures[0] and "We are closed" in granted.failures[0] and names(tmp_path) == []
    server.spoil = once("release-files", lambda good: Reply(good.body[:5000]))
    granted, _ = fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
    assert "broken archive" in granted.failures[0] and names(tmp_path) == []


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "ftp://127.0.0.1/label.xml", "gopher://127.0.0.1/", "http://u:p@127.0.0.1/"]
)
def test_redirects_to_anything_but_the_web_are_refused(server: LabelServer, tmp_path: Path, target: str) -> None:
    server.spoil = once(".xml", lambda _: Reply(status=302, headers={"Location": target}))
    granted, _ = fetched(server, "dailymed", FIRST, tmp_path)
    assert granted.kept == [] and names(tmp_path) == [] and len(granted.failures) == 1


def test_a_redirect_on_the_web_is_followed_but_not_in_circles(server: LabelServer, tmp_path: Path) -> None:
    moved = f"{server.url}/dailymed/services/v2/spls/{SECOND}.xml"
    server.spoil = once(f"{FIRST}.xml", lambda _: Reply(status=301, headers={"Location": moved}))
    granted, _ = fetched(server, "dailymed", FIRST, tmp_path)
    assert granted.fetched == 1
    around = f"{server.url}/dailymed/services/v2/spls/{SECOND}.xml"
    server.spoil = once(".xml", lambda _: Reply(status=302, headers={"Location": around}), times=99)
    granted, _ = fetched(server, "dailymed", SECOND, tmp_path)
    assert "redirects" in granted.failures[0] and len(server.asked) < 20


def test_answers_cannot_name_files_elsewhere_or_lead_to_other_servers(server: LabelServer, tmp_path: Path) -> None:
    rows = [{"setid": "../../../etc/passwd", "spl_version": 1}]
    server.spoil = once("spls.json", lambda _: Reply(json.dumps({"data": rows, "metadata": {}}).encode()))
    assert "is no set id" in fetched(server, "dailymed", "zentralin", tmp_path)[0].failures[0]
    link = {"Link": '<http://127.0.0.2:9/drug/label.json?search_after=1>; rel="next"'}
    server.spoil = once("label.json", lambda good: Reply(good.body, headers=link))
    granted, _ = fetched(server, "openfda", "zentralin", tmp_path)
    assert len(granted.kept) == 1 and "another server" in granted.failures[0]
    parts = {"results": {"drug": {"label": {"export_date": "x", "partitions": [{"file": "file:///etc/passwd"}]}}}}
    server.spoil = once("download.json", lambda _: Reply(json.dumps(parts).encode()))
    assert "only http" in fetched(server, "openfda", "all", tmp_path)[0].failures[0]


@pytest.mark.parametrize(
    ("source", "wanted"), [("openfda", "all"), ("dailymed", "zentralin"), ("dailymed", FIRST), ("epi", "all")]
)
@pytest.mark.parametrize("body", [b"", b"<html></html>", b"[]", b'{"data": 3, "metadata": []}', b"[" * 100_000])
def test_answers_of_another_shape_are_told_in_a_line(
    server: LabelServer, tmp_path: Path, source: str, wanted: str, body: bytes
) -> None:
    server.spoil = lambda asked, good: Reply(body)
    granted, _ = fetched(server, source, wanted, tmp_path)
    assert granted.kept == [] and granted.failures and names(tmp_path) == []
    assert all("\n" not in line and " - " in line for line in granted.failures)


def test_what_is_larger_than_it_may_be_is_not_kept(
    server: LabelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monograph.fetching.dailymed._LARGEST", 1_000_000)
    granted, _ = fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
    assert "was not kept" in granted.failures[0] and names(tmp_path) == []


def test_no_server_no_address_no_folder(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = LabelServer(f"http://127.0.0.1:{free.getsockname()[1]}")
        assert "no answer" in fetched(closed, "dailymed", "zentralin", tmp_path)[0].failures[0]
    for address in ("file:///etc", "example.org", "http://", "ftp://example.org"):
        with pytest.raises(FetchError, match="only http"):
            interface("openfda", address)
    (tmp_path / "file").write_text("")
    with pytest.raises(FetchError, match="cannot make the folder"):
        fetched(closed, "dailymed", "zentralin", tmp_path / "file" / "folder")


# The command line


def test_the_verb_ends_with_a_line_of_counts(server: LabelServer, tmp_path: Path) -> None:
    flags = ("--url", f"{server.url}/dailymed", "--rate", "20", "-o", "here")
    done = call(tmp_path, "fetch", "dailymed", "zentralin", *flags)
    assert done.code == 0 and "4 files fetched" in done.err and "in here" in done.err
    assert done.out.splitlines()[1].split()[:3] == ["zentralin", "4", "0"]
    again = call(tmp_path, "fetch", "dailymed", "zentralin", "zentralol", *flags)
    assert again.code == 1 and "4 there already, 1 failed" in again.err and "no label of 'zentralol'" in again.err
    nothing = call(tmp_path, "fetch", "dailymed", "zentralol", *flags)
    assert nothing.code == 2 and nothing.err.startswith("error: ")
    dry = call(tmp_path, "fetch", "dailymed", "all", "--dry-run", *flags[:4])
    assert dry.code == 0 and "dm_spl_release_human_otc_part1.zip" in dry.out and "none fetched" in dry.err


def test_what_is_encrypted_stays_encrypted() -> None:
    assert guard("https://b.example/x", before="http://a.example/") == "https://b.example/x"
    with pytest.raises(FetchError, match="not encrypted any more"):
        guard("http://b.example/x", before="https://a.example/")


def test_flags_of_another_interface_are_refused(tmp_path: Path) -> None:
    wrong = call(tmp_path, "fetch", "openfda", "x", "--history")
    assert wrong.code == 2 and "--history is for dailymed" in wrong.err
    assert call(tmp_path, "fetch", "elsewhere", "x").code == 2
    assert "--limit is for names" in call(tmp_path, "fetch", "dailymed", "all", "--limit", "3").err
    assert "only http" in call(tmp_path, "fetch", "epi", "x", "--url", "file:///etc").err


@pytest.mark.parametrize("line", monograph.commands["fetch"].examples)  # type: ignore[attr-defined]
def test_the_examples_of_the_help_page_work(server: LabelServer, tmp_path: Path, line: str) -> None:
    arguments = shlex.split(line)[1:]
    known = {"baclofen": "zentralin", "botulinum toxin type a": FIRST, "35df3ee3-1c65-404e-b8f0-5bcdb8a1b9ed": SECOND}
    arguments = [known.get(argument, argument) for argument in arguments]
    result = call(tmp_path, *arguments, "--url", server.url + BASE[arguments[1]], "--rate", "20")
    assert result.code == 0, result.err


def test_what_was_fetched_is_built_with_where_it_came_from(server: LabelServer, tmp_path: Path) -> None:
    for source, wanted in [("dailymed", FIRST), ("openfda", "zentralin"), ("epi", "zentralin")]:
        flags = ("--url", server.url + BASE[source], "--rate", "20", "-o", "labels", "--limit", "2")
        assert call(tmp_path, "fetch", source, wanted, *flags).code == 0
    built = call(tmp_path, "build", "labels", "--store", "x.db", "-j", "1")
    assert built.code == 0, built.err
    expanded = sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "labels").iterdir())
    again = call(tmp_path, "build", *expanded, "labels/*", "--store", "x.db", "-j", "1")
    assert again.code == 0 and "0 sources left out" in again.err and "5 documents there already" in again.err
    alone = call(tmp_path, "build", next(name for name in expanded if name.endswith(".metadata.json")))
    assert alone.code == 2 and "only tells where a file came from" in alone.err
    asked = call(tmp_path, "query", "indications", "-p", "drug=zentralin", "--store", "x.db", "-f", "tsv")
    assert len(asked.out.splitlines()) == 1 + 5
    [leaflet] = load(tmp_path / "labels" / f"epi-{leaflet_number(10)}.json")
    assert leaflet.source == f"{server.url}/fhir/Bundle/{leaflet_number(10)}"
    assert leaflet.publisher == "European Medicines Agency" and leaflet.rights is not None
    [label] = load(tmp_path / "labels" / f"{FIRST}-v2.xml")
    assert label.source == f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={FIRST}", (
        "the loader knows better"
    )
    told = read_beside(tmp_path / "labels" / f"{FIRST}-v2.xml")
    assert told is not None and label.retrieved == told.retrieved


def test_labels_in_archives_have_it_from_the_archive(server: LabelServer, tmp_path: Path) -> None:
    fetched(server, "dailymed", "all", tmp_path, releases=("animal",))
    path = tmp_path / "dm_spl_release_animal.zip"
    told = read_beside(path)
    assert told is not None and [d.retrieved for d in load(path)] == [told.retrieved] * 2
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"not the file that was fetched any more"
    assert [d.retrieved for d in load(path)] == [None] * 2


def test_a_label_that_two_searches_found_is_there_already(server: LabelServer, tmp_path: Path) -> None:
    for folder in ("zentralin", "zentra"):
        fetched(server, "dailymed", FIRST, tmp_path / folder)
    other = tmp_path / "zentra" / "other.xml"
    other.write_bytes(spl(FIRST, 2).replace(b"nausea", b"tremor"))
    once_each = call(tmp_path, "build", "zentralin", f"zentra/{FIRST}-v2.xml", "-j", "1")
    assert once_each.code == 0 and "1 document there already" in once_each.err
    contradictory = call(tmp_path, "build", "zentralin", "zentra", "-j", "1")
    assert contradictory.code == 1 and "other.xml: is document" in contradictory.err
