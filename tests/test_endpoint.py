"""A remote endpoint as a store, against a real Oxigraph server on loopback and against servers that misbehave."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

import samples
from monograph.checks.facts import check_facts
from monograph.embedded import EmbeddedStore
from monograph.endpoint import EndpointStore
from monograph.errors import QueryError, StoreError, TooMuch, UnknownName
from monograph.graph import document_iri
from monograph.results import Solutions, Triples
from monograph.shortcuts import GRAPH, SELECT_ALL
from monograph.store import Store, open_store
from monograph.vocabulary import graph_name
from servers import oxigraph


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oxigraph() as url:
        yield url


@pytest.fixture
def remote(server: str) -> Iterator[EndpointStore]:
    with open_store(f"{server}/query") as store:
        assert isinstance(store, EndpointStore)
        store.update("DROP ALL")
        store.put(samples.document(), samples.facts(), samples.gaps())
        store.put(samples.other_document(), samples.other_facts())
        yield store


def shortcuts(store: Store) -> set[tuple[object, ...]]:
    found = store.query(f"SELECT ?s ?p ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")
    assert isinstance(found, Solutions)
    return set(found.rows)


def expected(store: Store) -> set[tuple[object, ...]]:
    found = store.query(SELECT_ALL)
    assert isinstance(found, Solutions)
    return set(found.rows)


def test_documents_facts_and_gaps_come_back(remote: EndpointStore, store: EmbeddedStore) -> None:
    assert remote.documents() == store.documents()
    assert [f.content() for f in remote.facts()] == [f.content() for f in store.facts()]
    assert [f.evidence for f in remote.facts("mollivan")] == [f.evidence for f in store.facts("mollivan")]
    assert remote.gaps() == samples.gaps()


def test_answers_are_those_of_the_embedded_store(remote: EndpointStore, store: EmbeddedStore) -> None:
    for text in (
        "SELECT ?d ?o ?none { ?f a mg:AdverseEffectFact ; mg:hasSubject ?d ; mg:hasObject ?o } ORDER BY ?d ?o",
        "SELECT ?l ?n { ?f rdfs:label ?l ; mg:doseValue ?n } ORDER BY ?l",
        "ASK { drug:zentralin mg:hasRoute mg:route-oral }",
        "ASK { drug:zentralin mg:hasRoute mg:route-nasal }",
    ):
        assert remote.query(text) == store.query(text)
    made = "CONSTRUCT { ?d mg:hasAdverseEffect ?o } WHERE { ?d mg:hasAdverseEffect ?o }"
    here, there = store.query(made), remote.query(made)
    assert isinstance(here, Triples) and isinstance(there, Triples) and set(here) == set(there)


def test_a_long_query_goes_through(remote: EndpointStore) -> None:
    values = " ".join(f"concept:number_{n}" for n in range(6000))
    found = remote.query(f"SELECT DISTINCT ?o {{ VALUES ?o {{ {values} concept:dry_mouth }} ?f mg:hasObject ?o }}")
    assert isinstance(found, Solutions) and len(found) == 1


def test_a_document_is_replaced_and_removed_with_its_shortcuts(remote: EndpointStore) -> None:
    assert shortcuts(remote) == expected(remote)
    before = shortcuts(remote)
    remote.put(samples.document(), [replace(f, polarity="negated") for f in samples.facts()])
    assert shortcuts(remote) == expected(remote) < before
    remote.put(samples.document(), samples.facts())
    assert shortcuts(remote) == before
    remote.remove("mollivan")
    assert [d.identifier for d in remote.documents()] == ["zentralin-Sample"]
    assert shortcuts(remote) == expected(remote)
    assert remote.triples(document_iri("mollivan")) == []
    with pytest.raises(UnknownName, match="no document 'mollivan' in the store"):
        remote.remove("mollivan")


def test_graphs_go_over_the_graph_store_protocol(remote: EndpointStore) -> None:
    graph = graph_name("mappings")
    rows = remote.triples(document_iri("mollivan"))
    remote.write_graph(graph, rows)
    assert set(remote.read_graph(graph)) == set(rows)
    remote.write_graph(graph, rows[:2])
    assert set(remote.read_graph(graph)) == set(rows[:2])
    remote.delete_graph(graph)
    remote.delete_graph(graph)
    assert remote.read_graph(graph) == []


def test_the_ontology_can_be_published_there(remote: EndpointStore) -> None:
    remote.publish_standing_graphs()
    assert remote.query("ASK { mg:route-oral rdfs:label 'oral'@en }") is True


def test_rdflib_gets_a_copy(remote: EndpointStore) -> None:
    view = remote.graph()
    assert len(view) == len({(q.subject, q.predicate, q.object) for q in remote.quads()})
    assert bool(view.query("ASK { drug:zentralin a mg:Drug }"))


def test_texts_are_not_kept_and_checks_say_so(remote: EndpointStore) -> None:
    with pytest.raises(UnknownName, match="keeps no texts"):
        remote.document("mollivan")
    with pytest.raises(UnknownName, match="no document 'x'"):
        remote.document("x")
    assert {(f.level, f.rule) for f in check_facts(remote)} == {("info", "text")}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("SELECT * {", "does not take the query"),
        ("DROP ALL", "is an update"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
    ],
)
def test_what_is_no_query_is_refused(remote: EndpointStore, text: str, wrong: str) -> None:
    with pytest.raises(QueryError, match=wrong) as caught:
        remote.query(text)
    assert "\n" not in str(caught.value)


# Servers that misbehave

Answer = tuple[int, dict[str, str], bytes]
GOOD: Answer = (200, {"Content-Type": "application/sparql-results+json"}, b'{"head": {}, "boolean": true}')


@pytest.fixture
def scripted() -> Iterator[Callable[[list[Answer]], tuple[str, list[dict[str, str]]]]]:
    """A server that gives the answers of a list in turn and notes the headers of each request."""
    running: list[http.server.ThreadingHTTPServer] = []

    def start(answers: list[Answer]) -> tuple[str, list[dict[str, str]]]:
        seen: list[dict[str, str]] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                seen.append(dict(self.headers) | {"path": self.path})
                status, headers, body = answers[min(len(seen), len(answers)) - 1]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                return None

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/query", seen

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def test_a_busy_server_is_asked_again_when_it_says(
    scripted: Callable[[list[Answer]], tuple[str, list[dict[str, str]]]],
) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    url, seen = scripted(
        [(503, {"Retry-After": "7"}, b""), (429, {"Retry-After": later}, b""), (502, {}, b""), (504, {}, b""), GOOD]
    )
    waits: list[float] = []
    store = EndpointStore(url, sleep=waits.append)
    assert store.query("ASK { ?s ?p ?o }") is True
    assert waits[0] == 7 and 15 < waits[1] <= 20 and waits[2:] == [4, 8]
    assert len(seen) == 5
    assert seen[0]["User-Agent"].startswith("monograph/")
    assert seen[0]["Accept"] == "application/sparql-results+json"
    assert seen[0]["path"] == "/query"


def test_waiting_has_bounds(scripted: Callable[[list[Answer]], tuple[str, list[dict[str, str]]]]) -> None:
    url, seen = scripted([(503, {"Retry-After": "86400"}, b"")])
    waits: list[float] = []
    with pytest.raises(StoreError, match="the server answers 503"):
        EndpointStore(url, retries=2, sleep=waits.append).query("ASK { ?s ?p ?o }")
    assert waits == [30, 30] and len(seen) == 3


def test_an_update_that_may_have_been_taken_is_not_sent_again(
    scripted: Callable[[list[Answer]], tuple[str, list[dict[str, str]]]],
) -> None:
    url, seen = scripted([(504, {}, b"")])
    with pytest.raises(StoreError, match="504"):
        EndpointStore(url, sleep=lambda seconds: None).update("DROP ALL")
    assert len(seen) == 1 and seen[0]["path"] == "/update"


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ((500, {}, b"broken"), "the endpoint fails: .*broken"),
        ((404, {}, b""), "the endpoint fails"),
        ((302, {"Location": "ftp://127.0.0.1/sparql"}, b""), "has moved to ftp://127.0.0.1/sparql"),
        ((301, {"Location": "https://127.0.0.1/sparql"}, b""), "has moved to https://127.0.0.1/sparql"),
        ((500, {}, b"java.util.concurrent.TimeoutException"), "took too long"),
        ((200, {}, b"["), "answers with no SPARQL results"),
        ((200, {}, b"[" * 100_000), "answers with no SPARQL results"),
        ((200, {}, b'{"head": {"vars": ["x"]}, "results": {"bindings": [7]}}'), "answers with no SPARQL results"),
        ((200, {"Content-Type": "text/html"}, b"<html>Welcome</html>"), "answers with no SPARQL results"),
    ],
)
def test_what_is_no_endpoint_is_named(
    scripted: Callable[[list[Answer]], tuple[str, list[dict[str, str]]]], answer: Answer, wrong: str
) -> None:
    url, _ = scripted([answer])
    with pytest.raises(StoreError, match=wrong) as caught:
        EndpointStore(url, sleep=lambda seconds: None).query("ASK { ?s ?p ?o }")
    assert url in str(caught.value) and "\n" not in str(caught.value)


def test_an_answer_may_be_bounded(scripted: Callable[[list[Answer]], tuple[str, list[dict[str, str]]]]) -> None:
    length = {"Content-Length": str(len(GOOD[2]))}
    url, _ = scripted([GOOD, (200, length, GOOD[2]), (200, {"Content-Length": "5000"}, GOOD[2]), GOOD])
    bounded = EndpointStore(url, largest=1000, sleep=lambda seconds: None)
    assert bounded.query("ASK { ?s ?p ?o }") is True
    assert bounded.query("ASK { ?s ?p ?o }") is True
    assert bounded.query("ASK { ?s ?p ?o }") is True, "an answer that is cut is asked for again"
    with pytest.raises(TooMuch, match="longer than 10 bytes"):
        EndpointStore(url, largest=10).query("ASK { ?s ?p ?o }")


def test_drops_that_never_end_are_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as dripping:

        def drip() -> None:
            line, _ = dripping.accept()
            with contextlib.suppress(OSError), line:
                line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                for _ in range(100):
                    line.sendall(b" ")
                    time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        begun = time.monotonic()
        with pytest.raises(TooMuch, match="no answer in 1 s"):
            url = f"http://127.0.0.1:{dripping.getsockname()[1]}/query"
            EndpointStore(url, timeout=1, largest=1000).query("ASK { ?s ?p ?o }")
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/query", "query", "https:///query"])
def test_only_the_web_is_asked(url: str) -> None:
    with pytest.raises(StoreError, match="no address of an endpoint"):
        EndpointStore(url)


def test_silence_ends_at_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/query"
        begun = time.monotonic()
        with pytest.raises(StoreError, match="no answer"):
            EndpointStore(url, timeout=1).query("ASK { ?s ?p ?o }")
        assert time.monotonic() - begun < 5


def test_nobody_there_is_told() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(StoreError, match="is the endpoint up, and the address right"):
        EndpointStore(f"http://127.0.0.1:{port}/query").query("ASK { ?s ?p ?o }")
