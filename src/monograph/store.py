"""The store: documents with their facts as one graph, under one interface wherever it is kept.

:func:`open_store` opens a store on disk (:mod:`monograph.embedded`) or a SPARQL 1.1 endpoint
(:mod:`monograph.endpoint`); :func:`memory_store` makes one that is gone with the process.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Self

from monograph.errors import UnknownName
from monograph.naming import document_iri
from monograph.reading import read_facts, read_gaps
from monograph.results import Solutions, Triples
from monograph.vocabulary import expand, graph_name, mg, name_of

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Quad, Triple

    from monograph.document import Document
    from monograph.facts import Fact, Gap
    from monograph.finished import Finished, Key
    from monograph.records import Record

__all__ = ["DEFAULT_PATH", "DocumentInfo", "Store", "exists", "memory_store", "open_store"]

DEFAULT_PATH = "monograph.db"


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document that a store holds, as its graph describes it; dates are as ISO 8601 times."""

    identifier: str
    iri: str
    title: str | None
    drugs: tuple[str, ...]
    publisher: str | None
    source: str | None
    license: str | None
    language: str | None
    issued: str | None
    retrieved: str | None
    format: str | None
    sha256: str
    record_sha256: str | None
    characters: int
    extraction_version: str | None
    facts: int
    gaps: int


class Store(ABC):
    """What every store can do. A store is a context manager that closes itself.

    Methods that name a document take its identifier and raise UnknownName, with the three nearest, where the store
    has no such document. All raise StoreError where the store cannot be read or written.
    """

    def put(self, document: Document, facts: Iterable[Fact], gaps: Iterable[Gap] = (), *, quotes: bool = True) -> None:
        """Makes ``facts`` and ``gaps`` all that the store holds of ``document``, in one transaction.

        ``quotes`` is as in :func:`monograph.graph.quads`, and so are the ValueErrors.
        """
        from monograph.finished import finish

        self.replace(document_iri(document.identifier), finish(document, facts, gaps, quotes=quotes))

    def put_all(self, batch: Sequence[Finished], records: Mapping[Key, Sequence[str]] | None = None) -> None:
        """Takes documents that are ready, each replacing the one of its identifier, each wholly or not at all.

        ``records`` are the records of sources that gave them, with their identifiers, for :meth:`built`.
        """
        for one in batch:
            self.replace(document_iri(one.identifier), one)

    @abstractmethod
    def replace(self, iri: str, document: Finished) -> None:
        """Makes ``document`` all that stands in the graph ``iri``, in one transaction."""

    def built(self, key: Key) -> tuple[str, ...] | None:
        """The documents that a record with this key gave, where all are as it left them; None where not known."""
        return None

    @abstractmethod
    def remove(self, identifier: str) -> None:
        """Takes a document, its facts and the shortcuts that only it bore out of the store, in one transaction."""

    @abstractmethod
    def query(self, text: str) -> Solutions | Triples | bool:
        """The answer of a SPARQL query over the union of all graphs; our prefixes need no declaration.

        Raises QueryError where ``text`` does not parse, is an update, or would call another service.
        """

    @abstractmethod
    def update(self, text: str) -> None:
        """Runs a SPARQL update, whatever it does to facts and shortcuts; for repairs and tests."""

    def put_links(self, quads: Iterable[Quad]) -> None:
        """Makes ``quads`` (of :mod:`monograph.linking.graph`) all that the graph of links holds, in one transaction."""
        name = graph_name("links")
        rows = " .\n".join(f"{q.subject} {q.predicate} {q.object}" for q in quads)
        insert = f" ; INSERT DATA {{ GRAPH <{name}> {{\n{rows}\n}} }}" if rows else ""
        self.update(f"DROP SILENT GRAPH <{name}>{insert}")

    @abstractmethod
    def graph(self) -> rdflib.Dataset:
        """The store as an rdflib Dataset whose default graph is the union of all graphs."""

    @abstractmethod
    def quads(self) -> Iterator[Quad]:
        """Every quad, in no particular order."""

    @abstractmethod
    def record(self, identifier: str) -> Record | None:
        """The document with its canonical text; None where the store keeps no texts."""

    @abstractmethod
    def close(self) -> None:
        """Gives the store free for others; closing twice does no harm."""

    @abstractmethod
    def triples(self, graph: str) -> Sequence[Quad | Triple]:
        """What stands in the named graph with this IRI."""

    def record_data(self, identifier: str) -> tuple[str, bytes | None] | None:
        """The digest that the graph names for a document's record, and the bytes kept for it (None: they are gone).

        None where the store keeps no texts.
        """
        return None

    def document(self, identifier: str) -> Document:
        """The document as it was loaded; raises UnknownName too where the store keeps no texts."""
        if (record := self.record(identifier)) is None:
            raise UnknownName(f"this store keeps no texts, so not that of '{identifier}' - load its source again")
        return record.document

    def documents(self) -> list[DocumentInfo]:
        """What the store holds, sorted by identifier."""
        said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for iri, predicate, value in self._select(
            "SELECT DISTINCT ?d ?p ?o WHERE { ?d a mg:Document ; ?p ?o } ORDER BY ?d ?p ?o"
        ):
            said[iri][predicate].append(value)
        counts = {
            predicate: {
                iri: int(number)
                for iri, number in self._select(
                    f"SELECT ?d (COUNT(DISTINCT ?f) AS ?n) WHERE {{ ?f {predicate} ?d }} GROUP BY ?d"
                )
            }
            for predicate in ("mg:statedIn", "mg:inDocument")
        }

        def info(iri: str, node: dict[str, list[str]]) -> DocumentInfo:
            def first(curie: str) -> str | None:
                return next(iter(node.get(expand(curie), ())), None)

            return DocumentInfo(
                identifier=first("dcterms:identifier") or name_of(iri),
                iri=iri,
                title=first("dcterms:title"),
                drugs=tuple(name_of(drug) for drug in node.get(mg("about"), ())),
                publisher=first("dcterms:publisher"),
                source=first("dcterms:source"),
                license=first("dcterms:license"),
                language=first("dcterms:language"),
                issued=first("dcterms:issued"),
                retrieved=first("mg:retrieved"),
                format=first("dcterms:format"),
                sha256=first("mg:sha256") or "",
                record_sha256=first("mg:recordSha256"),
                characters=_number(first("mg:characters")),
                extraction_version=first("mg:extractionVersion"),
                facts=counts["mg:statedIn"].get(iri, 0),
                gaps=counts["mg:inDocument"].get(iri, 0),
            )

        return sorted((info(iri, node) for iri, node in said.items()), key=lambda d: d.identifier)

    def facts(self, identifier: str | None = None) -> list[Fact]:
        """The facts of a document by place, or of all documents, sorted by document."""
        out: list[Fact] = []
        for name in self._names(identifier):
            record = self.record(name)
            text, withheld = (record.document.text, record.withheld) if record else (None, None)
            out += read_facts(self.triples(document_iri(name)), text=text, withheld=withheld)
        return out

    def gaps(self, identifier: str | None = None) -> list[Gap]:
        """The gaps of a document by place, or of all documents, sorted by document."""
        out: list[Gap] = []
        for name in self._names(identifier):
            record = self.record(name)
            text, withheld = (record.document.text, record.withheld) if record else (None, None)
            out += read_gaps(self.triples(document_iri(name)), text=text, withheld=withheld)
        return out

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _identifiers(self) -> list[str]:
        rows = self._select("SELECT DISTINCT ?d ?i WHERE { ?d a mg:Document . OPTIONAL { ?d dcterms:identifier ?i } }")
        return sorted(identifier or name_of(iri) for iri, identifier in rows)

    def _names(self, identifier: str | None) -> list[str]:
        return self._identifiers() if identifier is None else [identifier]

    def _unknown(self, identifier: str) -> UnknownName:
        known = self._identifiers()
        nearest = get_close_matches(identifier, known, 3, 0.0)
        hint = f"the nearest are: {', '.join(nearest)}" if nearest else "the store is empty"
        return UnknownName(f"no document '{identifier}' in the store - {hint}")

    def _select(self, text: str) -> Iterator[tuple[str, ...]]:
        """The rows of a SELECT as IRIs and lexical forms, '' where unbound."""
        result = self.query(text)
        assert isinstance(result, Solutions)
        for row in result:
            yield tuple("" if term is None else term.value for term in row)  # type: ignore[union-attr]


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdigit() else 0


def open_store(path: str | Path | None = None, *, read_only: bool = False) -> Store:
    """Opens the store at ``path``: a folder, made where there is none, or the URL of a SPARQL 1.1 endpoint.

    Without ``path`` it is $MONOGRAPH_STORE, else ``./monograph.db``. ``read_only`` never makes or changes anything.
    An endpoint that takes updates at another address than one would guess has that in $MONOGRAPH_UPDATE_URL.

    One process may write to a store on disk, and while it has the store open nobody else opens it. Any number of
    readers may share it, and a writer may come after them: they go on seeing the store as it was when they opened it,
    or get a StoreError where the writer has since given up files that they need, and open it again. Raises StoreBusy,
    after a second, where another process is writing, and StoreError where ``path`` is no store, is of another version,
    or does not exist and ``read_only`` is set.
    """
    where = _where(path)
    if where.startswith(("http://", "https://")):
        from monograph.endpoint import EndpointStore

        return EndpointStore(where, update_url=os.environ.get("MONOGRAPH_UPDATE_URL"))
    from monograph.embedded import EmbeddedStore

    return EmbeddedStore(Path(where), read_only=read_only)


def exists(path: str | Path | None = None) -> bool:
    """Whether :func:`open_store` would find a store there; at an endpoint it takes that for granted."""
    where = _where(path)
    return where.startswith(("http://", "https://")) or (Path(where) / "store.json").is_file()


def _where(path: str | Path | None) -> str:
    return str(path) if path is not None else os.environ.get("MONOGRAPH_STORE") or DEFAULT_PATH


def memory_store() -> Store:
    """An empty store in memory."""
    from monograph.embedded import EmbeddedStore

    return EmbeddedStore(None)
