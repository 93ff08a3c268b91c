"""Many documents into endpoints, against real servers on loopback, behind lines that break and limits that are met."""

from __future__ import annotations

import http.server
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from command import call
from monograph.endpoint import EndpointStore
from monograph.errors import StoreError, TooMuch
from monograph.finished import Finished
from monograph.loading import Part
from monograph.processing import process
from monograph.results import Solutions
from monograph.shards import Shards
from monograph.shortcuts import GRAPH, SELECT_ALL
from monograph.store import Store, memory_store, open_store
from servers import free_port, oxigraph, virtuoso
from test_bad_input import GOOD


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the query service of a real server."""
    if request.param == "oxigraph":
        with oxigraph() as url:
            yield f"{url}/query"
        return
    try:
        with virtuoso(tmp_path_factory.mktemp("virtuoso")) as url:
            yield f"{url}/sparql"
    except FileNotFoundError as missing:
        pytest.skip(f"{missing} are not installed: apt-get install virtuoso-opensource-7-bin")


@pytest.fixture
def remote(server: str) -> Iterator[EndpointStore]:
    with EndpointStore(server) as store:
        for one in store.documents():
            store.remove(one.identifier)
        yield store


def finished(number: int, effects: int = 2) -> Finished:
    """A document that is ready for a store, with so many adverse effects."""
    text = GOOD.replace("dry mouth", "\n- ".join(f"rash {number + n}" for n in range(effects)))
    (one,) = process(Part(f"{number}.md", f"{number}.md", text.encode(), "article"))
    assert isinstance(one, Finished)
    return one


def held(store: Store) -> tuple[set[str], set[tuple[object, ...]]]:
    """Labels of the facts of each document, and the shortcuts, which must be those that the facts bear."""
    facts = {f"{fact.document} {fact.kind} {fact.value}" for fact in store.facts()}
    found, borne = store.query(f"SELECT ?s ?p ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"), store.query(SELECT_ALL)
    assert isinstance(found, Solutions) and isinstance(borne, Solutions)
    assert set(found.rows) == set(borne.rows)
    return facts, set(found.rows)


def here(*batch: Finished) -> tuple[set[str], set[tuple[object, ...]]]:
    """What a store in memory holds of these documents."""
    with memory_store() as store:
        for one in batch:
            store.put_all([one])
        return held(store)


def test_documents_go_in_together_and_are_replaced(remote: EndpointStore) -> None:
    first = [finished(number) for number in range(8)]
    remote.put_all(first)
    assert held(remote) == here(*first)
    remote.put_all(first)
    assert held(remote) == here(*first)
    second = [finished(number, effects=1) for number in range(6, 10)]
    remote.put_all(second)
    assert held(remote) == here(*first, *second)
    remote.remove(first[0].identifier)
    assert held(remote) == here(*first[1:], *second)


def test_a_document_of_thousands_of_triples_goes_in(remote: EndpointStore) -> None:
    large = finished(0, effects=560)
    assert large.nquads.count(b"\n") > 6000
    remote.put_all([large])
    assert held(remote) == here(large)
    larger = finished(0, effects=570)
    remote.put_all([larger])
    assert held(remote) == here(larger)


def test_yes_and_no_are_told_apart(remote: EndpointStore) -> None:
    remote.put_all([finished(0)])
    assert remote.query("ASK { ?drug mg:hasAdverseEffect ?effect }") is True
    assert remote.query("ASK { ?drug mg:hasRoute ?route }") is False


# Lines that break

#: what is done with a request: bytes sent so far and number of updates so far -> a status instead of the answer,
#: "before" and "after" for a line that is cut before or after the server has it, None for its answer
Meddling = Callable[[bytes, int], "int | str | None"]


@contextmanager
def broken_line(server: str, meddle: Meddling) -> Iterator[str]:
    """The URL of a proxy before ``server`` that does to updates what ``meddle`` says."""
    updates = 0

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            nonlocal updates
            body = self.rfile.read(int(self.headers["Content-Length"]))
            what: int | str | None = None
            if body.startswith(b"update="):
                updates += 1
                what = meddle(body, updates)
            if isinstance(what, int):
                self.answer(what, b"", "text/plain")
                return
            if what == "before":
                self.connection.close()
                return
            headers = {name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers}
            request = urllib.request.Request(server.rpartition("/")[0] + self.path, body, headers)
            try:
                with urllib.request.urlopen(request) as response:
                    status, data, kind = response.status, response.read(), response.headers["Content-Type"]
            except urllib.error.HTTPError as error:
                status, data, kind = error.code, error.read(), "text/plain"
            if what == "after":
                self.connection.close()
            else:
                self.answer(status, data, kind or "text/plain")

        def answer(self, status: int, data: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: object) -> None:
            return None

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{proxy.server_port}/{server.rpartition('/')[2]}"
        finally:
            proxy.shutdown()


@pytest.mark.parametrize("what", [500, 502, 503, "after"])
def test_an_update_is_made_again_where_server_or_line_fail(remote: EndpointStore, what: int | str) -> None:
    batch = [finished(number) for number in range(4)]
    changed = [finished(number, effects=1) for number in range(4)]
    with broken_line(remote.url, lambda _, number: what if number % 2 else None) as url:
        store = EndpointStore(url, sleep=lambda seconds: None)
        store.put_all(batch)
        assert held(remote) == here(*batch)
        store.put_all(changed)
    assert held(remote) == here(*changed)


def test_what_is_too_long_goes_in_halves(remote: EndpointStore) -> None:
    batch = [finished(number) for number in range(8)]
    largest = 3 * len(max(batch, key=lambda one: len(one.nquads)).nquads)
    lengths: list[int] = []

    def limit(body: bytes, _: int) -> int | None:
        lengths.append(len(body))
        return 413 if len(body) > largest else None

    with broken_line(remote.url, limit) as url:
        EndpointStore(url).put_all(batch)
    assert held(remote) == here(*batch)
    assert lengths[0] > largest and len(lengths) > 4
    with broken_line(remote.url, lambda *_: 413) as url, pytest.raises(TooMuch, match="ask for less"):
        EndpointStore(url).put_all([finished(20), finished(21)])


def test_a_server_that_does_not_come_back_ends_the_load(remote: EndpointStore) -> None:
    waits: list[float] = []
    with broken_line(remote.url, lambda *_: 502) as url, pytest.raises(StoreError, match="502"):
        EndpointStore(url, sleep=waits.append).put_all([finished(0)])
    assert waits == [1, 2, 4, 8]
    assert remote.documents() == []


def test_a_server_that_is_started_again_gets_the_rest() -> None:
    port = free_port()
    first, second = ([finished(number)] for number in (1, 2))
    with ExitStack() as servers:

        def start(seconds: float) -> None:
            servers.enter_context(oxigraph(port))

        store = EndpointStore(f"http://127.0.0.1:{port}/query", sleep=start)
        with pytest.raises(StoreError, match="is the endpoint up"):
            store.put_all(first)
        with oxigraph(port):
            store.put_all(first)
        store.put_all(second)
        assert held(store) == here(*second), "the server keeps what it has in memory"


# Names and passwords


def test_a_password_is_taken_from_the_netrc_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with virtuoso(tmp_path) as url:
            store = EndpointStore(f"{url}/sparql-auth")
            with pytest.raises(StoreError, match="401"):
                store.put_all([finished(0)])
            (tmp_path / "netrc").write_text("machine 127.0.0.1 login dba password dba\n", encoding="utf-8")
            monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
            store.put_all([finished(0)])
            assert held(store) == here(finished(0))
    except FileNotFoundError as missing:
        pytest.skip(f"{missing} are not installed: apt-get install virtuoso-opensource-7-bin")


def test_shards_are_loaded_from_the_command_line(
    remote: EndpointStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = [finished(number) for number in range(3)]
    Shards(tmp_path / "shards").put_all(batch)
    result = call(tmp_path, "load", "shards", "--store", remote.url)
    assert (result.code, result.err) == (0, f"3 documents, {sum(one.facts for one in batch)} facts\n")
    assert held(remote) == here(*batch)

    monkeypatch.setenv("MONOGRAPH_UPDATE_URL", "http://127.0.0.1:1/statements")
    with open_store(remote.url) as store, pytest.raises(StoreError, match=r"127\.0\.0\.1:1/statements"):
        store.remove(batch[0].identifier)
