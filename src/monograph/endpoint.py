"""A remote SPARQL 1.1 endpoint as a store: query, update and graph store protocol, through SPARQLWrapper.

This is how a graph that outgrows one machine lives on a server or cluster that exists already. The canonical texts are
not kept there: the graph has quotes, offsets and digests, and checks that need the text say that they were not made.
"""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import pyoxigraph as ox

from monograph import shortcuts
from monograph.errors import QueryError, StoreError, TooMuch
from monograph.logins import login_handlers
from monograph.naming import document_iri
from monograph.results import Solutions, Triples
from monograph.sparql import refuse, with_prefixes
from monograph.store import Store
from monograph.web import TRANSIENT, agent, retry_after

if TYPE_CHECKING:
    import rdflib

    from monograph.finished import Finished, Key
    from monograph.records import Record
    from monograph.results import Term

__all__ = ["EndpointStore"]

_Answer = TypeVar("_Answer")

#: answers that say that the request was too long
_TOO_LARGE: Final = frozenset({413, 414, 431})
#: what a connection that is cut in the middle raises
_CUT: Final = (ConnectionResetError, BrokenPipeError, http.client.IncompleteRead)
#: what the text of a 500 says where the query took too long: Blazegraph and Virtuoso have no other way to tell
_TOO_LONG: Final = re.compile(r"timeout|timed out|time limit|exceeds the limit", re.IGNORECASE)
_LONGEST_WAIT: Final = 30.0
#: an update has about so many bytes: some servers take no more than 2 MB in a form
_PORTION: Final = 1024 * 1024
#: graphs that are asked for in one query
_NAMES: Final = 100
_CHUNK: Final = 65_536
_N_TRIPLES: Final = "application/n-triples"
_JSON_RESULTS: Final = "application/sparql-results+json"


class EndpointStore(Store):
    """The endpoint at ``url``, where queries go.

    ``update_url`` and ``graph_url`` (graph store protocol) are guessed from a URL that ends in ``/query`` or
    ``/sparql`` as Oxigraph, Fuseki, Virtuoso and their like have them. Who we are where a server asks for it stands in
    the file of :mod:`monograph.logins`. A request that takes longer than ``timeout`` seconds fails; one that the server
    cannot take just now is made again up to ``retries`` times, after the time that the server asks for or after 1, 2,
    4 … seconds, never more than 30; and so is a query whose connection is cut, or that finds a server gone which has
    answered before. An update is made again only where the server said that it did not take it (429, 503), or where it
    may as well run twice (:meth:`put_all`). Redirects are not followed, as the query would be lost on the way. With
    ``largest`` an answer of more bytes, or one that is not here as a whole when ``timeout`` has passed, is TooMuch: so
    that a stranger's server cannot fill the memory or hold the line.

    Raises StoreError where ``url`` is not http or https.
    """

    def __init__(
        self,
        url: str,
        *,
        update_url: str | None = None,
        graph_url: str | None = None,
        timeout: float = 60,
        retries: int = 4,
        largest: int | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise StoreError(f"{url}: no address of an endpoint - write one that begins with https:// or http://")
        self.url = url
        self.update_url = update_url or _sibling(url, "update")
        self.graph_url = graph_url or _sibling(url, "store")
        self.timeout = timeout
        self.retries = retries
        self.largest = largest
        self._sleep = sleep
        self._answered = False
        self._agent = agent()

    def replace(self, iri: str, document: Finished) -> None:
        """See :meth:`Store.replace`. One update request; a server that runs those as a transaction keeps it whole.

        Two clients that put documents about one drug at the same time can leave a shortcut too few or too many, which
        ``monograph check`` reports and putting a document again repairs.
        """
        new = list(ox.parse(document.nquads, format=ox.RdfFormat.N_QUADS))
        old = self.triples(iri)
        if {(q.subject, q.predicate, q.object) for q in old} == {(q.subject, q.predicate, q.object) for q in new}:
            return
        lost = self._unborne(shortcuts.borne(old) - document.edges, iri)
        self._put(shortcuts.put_update(iri, new, document.edges, lost))

    def put_all(self, batch: Sequence[Finished], records: Mapping[Key, Sequence[str]] | None = None) -> None:
        """See :meth:`Store.put_all`. Documents that are new go in by some updates for all, others by one each.

        An update holds whole documents. It is made again where the server fails or the connection is cut, for that
        does no harm, and in two halves where the server finds it too long. ``records`` are not kept: a build that is
        stopped begins anew, so that shards are the better way for many documents.
        """
        batch = list({one.identifier: one for one in batch}.values())
        there = self._there(batch)
        for some in _portions([one for one in batch if one.identifier not in there]):
            self._insert(some)
        for one in batch:
            if one.identifier in there:
                self.replace(document_iri(one.identifier), one)

    def remove(self, identifier: str) -> None:
        iri = document_iri(identifier)
        if not (old := self.triples(iri)):
            raise self._unknown(identifier)
        self.update(shortcuts.remove_update(iri, self._unborne(shortcuts.borne(old), iri)))

    def query(self, text: str) -> Solutions | Triples | bool:
        """See :meth:`Store.query`; over the endpoint's default graph, which must be the union of the named graphs."""
        accept = _N_TRIPLES if refuse(text).form in {"CONSTRUCT", "DESCRIBE"} else _JSON_RESULTS
        data = self._ask(text, accept)
        try:
            return _triples(data) if accept == _N_TRIPLES else _results(json.loads(data))
        except (ValueError, SyntaxError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise StoreError(
                f"{self.url}: answers with no SPARQL results - is it the address of a query service?"
            ) from error

    def update(self, text: str) -> None:
        """Runs a SPARQL update on the endpoint; raises QueryError where it is refused, StoreError where it fails."""
        wrapper = self._wrapper(text, self.update_url)
        self._try(lambda: wrapper.query().response.read(), self.update_url, again=frozenset({429, 503}), cut=())

    def triples(self, graph: str) -> list[ox.Triple]:
        result = self.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        assert isinstance(result, Triples)
        return list(result)

    def read_graph(self, graph: str) -> list[ox.Triple]:
        """What stands in a named graph, over the graph store protocol; empty where there is no such graph."""
        return list(_triples(self._protocol("GET", graph)))

    def write_graph(self, graph: str, rows: Iterable[ox.Triple | ox.Quad]) -> None:
        """Replaces a named graph over the graph store protocol: for graphs without shortcuts, such as the ontology."""
        triples = (ox.Triple(r.subject, r.predicate, r.object) for r in rows)
        self._protocol("PUT", graph, ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))

    def delete_graph(self, graph: str) -> None:
        """Removes a named graph over the graph store protocol; none of that name is no error."""
        self._protocol("DELETE", graph)

    def publish_standing_graphs(self) -> None:
        """Writes the ontology, the mappings and the dataset's description to the endpoint."""
        from monograph.dataset import standing_graphs

        for graph, rows in standing_graphs().items():
            self.write_graph(graph, rows)

    def graph(self) -> rdflib.Dataset:
        """A copy of the endpoint's quads in memory as an rdflib Dataset: for work on a part, query the endpoint."""
        from monograph.rdflib_view import dataset_view

        copy = ox.Store()
        copy.extend(self.quads())
        return dataset_view(lambda: copy)

    def quads(self) -> Iterator[ox.Quad]:
        """Every quad, one named graph at a time."""
        names = self.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
        assert isinstance(names, Solutions)
        for (name,) in names:
            assert isinstance(name, ox.NamedNode)
            for triple in self.triples(name.value):
                yield ox.Quad(triple.subject, triple.predicate, triple.object, name)

    def record(self, identifier: str) -> Record | None:
        """None: texts are not kept at an endpoint. Raises UnknownName where there is no such document."""
        if not self.query(f"ASK {{ <{document_iri(identifier)}> a mg:Document }}"):
            raise self._unknown(identifier)
        return None

    def close(self) -> None:
        return None

    def _there(self, batch: Sequence[Finished]) -> set[str]:
        """The identifiers of those that the endpoint holds, if only in part."""
        graphs = {document_iri(one.identifier): one.identifier for one in batch}
        found: set[str] = set()
        names = iter(graphs)
        while some := list(islice(names, _NAMES)):
            values = " ".join(f"<{name}>" for name in some)
            rows = self.query(f"SELECT ?g {{ VALUES ?g {{ {values} }} FILTER EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }} }}")
            assert isinstance(rows, Solutions)
            found.update(graphs[str(getattr(name, "value", ""))] for (name,) in rows)
        return found

    def _insert(self, documents: Sequence[Finished]) -> None:
        """Adds documents that the endpoint does not hold."""
        try:
            edges = {edge for one in documents for edge in one.edges}
            self._put(shortcuts.insert_update(map(_rows, documents), edges))
        except TooMuch:
            if len(documents) == 1:
                raise
            half = len(documents) // 2
            self._insert(documents[:half])
            self._insert(documents[half:])

    def _put(self, text: str) -> None:
        """Runs an update that may as well be run twice.

        Not through SPARQLWrapper, which takes ten times as long as the server to find out what a megabyte asks for.
        """
        request = urllib.request.Request(self.update_url, urlencode({"update": text}).encode(), method="POST")
        request.add_header("User-Agent", self._agent)

        def send() -> bytes:
            with _opener().open(request, timeout=self.timeout) as answer:
                return bytes(answer.read())

        self._try(send, self.update_url)

    def _unborne(self, edges: Iterable[shortcuts.Edge], document: str) -> list[shortcuts.Edge]:
        wanted = sorted(edges)
        if not wanted:
            return []
        result = self.query(shortcuts.select_borne(document, wanted))
        assert isinstance(result, Solutions)
        borne = {tuple(getattr(term, "value", "") for term in row) for row in result}
        return [edge for edge in wanted if edge[:3] not in borne]

    def _wrapper(self, text: str, url: str) -> Any:
        from SPARQLWrapper import POST, URLENCODED

        wrapper = _wrapper_class()(url, updateEndpoint=url, agent=self._agent)
        wrapper.setMethod(POST)
        wrapper.setRequestMethod(URLENCODED)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(self.timeout)  # a socket takes parts of seconds
        wrapper.setQuery(text)
        return wrapper

    def _ask(self, text: str, accept: str) -> bytes:
        wrapper = self._wrapper(with_prefixes(text), self.url)
        # Asked for by name: with setReturnFormat some servers are sent types that they do not know.
        wrapper.addCustomHttpHeader("Accept", accept)

        def send() -> bytes:
            until = time.monotonic() + self.timeout
            response = wrapper.query().response
            return bytes(response.read()) if self.largest is None else _read(response, self.largest, until, self.url)

        return self._try(send, self.url)

    def _protocol(self, method: str, graph: str, data: bytes | None = None) -> bytes:
        request = urllib.request.Request(f"{self.graph_url}?graph={quote(graph, safe='')}", data, method=method)
        request.add_header("User-Agent", self._agent)
        request.add_header("Accept", _N_TRIPLES)
        if data is not None:
            request.add_header("Content-Type", _N_TRIPLES)

        def send() -> bytes:
            try:
                with _opener().open(request, timeout=self.timeout) as answer:
                    return bytes(answer.read())
            except urllib.error.HTTPError as error:
                if error.code == 404 and method != "PUT":
                    return b""
                raise

        return self._try(send, self.graph_url)

    def _try(
        self,
        send: Callable[[], _Answer],
        url: str,
        *,
        again: frozenset[int] = TRANSIENT,
        cut: tuple[type[Exception], ...] = _CUT,
    ) -> _Answer:
        """Sends a request, again after the answers ``again`` and after the errors ``cut`` of a connection.

        Raises QueryError or StoreError where it fails.
        """
        for attempt in range(self.retries + 1):
            last = attempt == self.retries
            try:
                with warnings.catch_warnings():
                    # Content types that SPARQLWrapper does not expect are read by us, not by it.
                    warnings.simplefilter("ignore", RuntimeWarning)
                    answer = send()
                self._answered = True
                return answer
            except urllib.error.HTTPError as error:
                failure = _failure(url, error)
                if error.code not in again or last or (isinstance(failure, TooMuch) and error.code == 500):
                    raise failure from error
                wait = retry_after(error.headers.get("Retry-After"))
                self._sleep(min(float(2**attempt) if wait is None else wait, _LONGEST_WAIT))
            except (OSError, ValueError, http.client.HTTPException) as error:
                reason = getattr(error, "reason", None) or error
                if isinstance(reason, TimeoutError):
                    raise TooMuch(f"{url}: no answer in {self.timeout} s - ask for less, or allow more") from error
                away = self._answered and isinstance(reason, ConnectionRefusedError)  # it may be started again
                if cut and (away or isinstance(reason, cut)) and not last:
                    self._sleep(min(float(2**attempt), _LONGEST_WAIT))
                    continue
                raise StoreError(f"{url}: no answer ({reason}) - is the endpoint up, and the address right?") from error
        raise AssertionError("unreachable: the last attempt returns or raises")


def _rows(document: Finished) -> tuple[str, list[str]]:
    """The IRI of a document's graph, and its triples as they stand in an update."""
    iri = document_iri(document.identifier)
    ending = f" <{iri}> ."
    return iri, [line.decode().removesuffix(ending) for line in document.nquads.splitlines()]


def _portions(documents: Iterable[Finished]) -> Iterator[list[Finished]]:
    """What goes into one update each."""
    portion: list[Finished] = []
    size = 0
    for one in documents:
        if portion and size + len(one.nquads) > _PORTION:
            yield portion
            portion, size = [], 0
        portion.append(one)
        size += len(one.nquads)
    if portion:
        yield portion


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: urllib would send a GET without the query there, and to ftp: too."""

    def redirect_request(self, *_: Any) -> None:
        return None


@cache
def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Stay, *login_handlers())


@cache
def _wrapper_class() -> Any:
    """SPARQLWrapper, which can neither be given an opener of its own nor hands on an error's headers and status."""
    from SPARQLWrapper import SPARQLWrapper

    class Wrapper(SPARQLWrapper):
        def _query(self) -> tuple[Any, str]:
            return _opener().open(self._createRequest(), timeout=self.timeout), self.returnFormat

    return Wrapper


def _failure(url: str, error: urllib.error.HTTPError) -> QueryError | StoreError:
    """What an answer that is not 200 means; the server's own words are cut to a line."""
    status = f"{error.code} {error.reason}".strip()
    try:
        with error:
            text = " ".join(error.read(_CHUNK).decode(errors="replace").split())[:300]
    except (OSError, http.client.HTTPException):
        text = ""
    if error.code == 400:
        return QueryError(f"{url}: the endpoint does not take the query: {text}")
    if error.code in _TOO_LARGE:
        return TooMuch(f"{url}: the server answers {status} - ask for less")
    if 300 <= error.code < 400:
        return StoreError(f"{url}: has moved to {error.headers.get('Location')} - give that address")
    if error.code == 504 or (error.code == 500 and _TOO_LONG.search(text)):
        return TooMuch(f"{url}: the server answers {status}, it took too long - ask for less, or try later")
    if error.code in (401, 404, 500):
        return StoreError(f"{url}: the endpoint fails: {status}{': ' if text else ''}{text}")
    return StoreError(f"{url}: the server answers {status} - try later")


def _read(response: Any, largest: int, until: float, url: str) -> bytes:
    """The whole answer; TooMuch where it is longer than ``largest``, TimeoutError where it is not here by ``until``."""
    said = response.headers.get("Content-Length") or ""
    expected = int(said) if said.isdigit() else None
    data = bytearray()
    while (expected is None or len(data) < expected) and (part := response.read1(_CHUNK)):
        data += part
        if len(data) > largest:
            raise TooMuch(f"{url}: the answer is longer than {largest:,} bytes - ask for less")
        if time.monotonic() > until:
            raise TimeoutError
    if expected is not None and len(data) < expected:
        raise http.client.IncompleteRead(bytes(data), expected - len(data))
    return bytes(data)


def _sibling(url: str, name: str) -> str:
    """The address of the update or graph store service that stands beside a query service."""
    parts = urlsplit(url)
    base, _, last = parts.path.rpartition("/")
    path = f"{base}/{name}" if last in {"query", "sparql"} else parts.path
    if parts.path in {"/sparql", "/sparql-auth"}:  # Virtuoso
        path = parts.path if name == "update" else parts.path.replace("sparql", "sparql-graph-crud")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _triples(data: bytes) -> Triples:
    rows = ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
    return Triples(tuple(dict.fromkeys(ox.Triple(q.subject, q.predicate, q.object) for q in rows)))


def _results(answer: dict[str, Any]) -> Solutions | bool:
    """An answer of the SPARQL 1.1 JSON results format."""
    if "boolean" in answer:
        return bool(answer["boolean"])
    names = tuple(answer["head"]["vars"])
    rows = answer["results"]["bindings"]
    if names == ("__ASK_RETVAL",):  # Virtuoso
        return any(row[names[0]]["value"] != "0" for row in rows)
    return Solutions(names, tuple(tuple(_term(row.get(name)) for name in names) for row in rows))


def _term(binding: dict[str, Any] | None) -> Term | None:
    """A term of the SPARQL 1.1 JSON results format."""
    if binding is None:
        return None
    value = binding["value"]
    if binding["type"] == "uri":
        return ox.NamedNode(value)
    if binding["type"] == "bnode":
        return ox.BlankNode(value)
    if language := binding.get("xml:lang"):
        return ox.Literal(value, language=language)
    datatype = binding.get("datatype")
    return ox.Literal(value, datatype=ox.NamedNode(datatype)) if datatype else ox.Literal(value)
