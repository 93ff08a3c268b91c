"""The embedded store: a folder with an Oxigraph database, or memory.

``graph/`` is the database; ``documents/`` holds each document's record (:mod:`monograph.records`) under its digest,
which the document's graph names; ``store.json`` says of which format the store is and from which ontology it was
filled. A record is on disk before the transaction that names it, and the one it replaces goes after: whatever breaks
in between, each document is wholly the old or wholly the new.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from monograph import dataset, ledger, shortcuts
from monograph.errors import QueryError, StoreBusy, StoreError
from monograph.locking import StoreLock
from monograph.naming import document_iri
from monograph.records import Record, read_record
from monograph.results import Solutions, Triples
from monograph.sparql import refuse
from monograph.store import Store
from monograph.vocabulary import mg, prefixes

if TYPE_CHECKING:
    import rdflib

    from monograph.finished import Finished, Key

__all__ = ["EmbeddedStore"]

_FORMAT = 1
#: names the documents that the bulk loader is putting in
_JOURNAL, _LOADED = "loading.json", "loading.nq"
_PARTS = {"graph", "documents", "lock", _JOURNAL, _LOADED, *ledger.FILES}


class EmbeddedStore(Store):
    """A store in the folder ``path``, or in memory for None. Threads may share it."""

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        self._path = path
        self._read_only = read_only
        self._lock = RLock()
        self._held: dict[str, bytes] = {}
        self._database: ox.Store | None = None
        self._file_lock: StoreLock | None = None
        if path is None:
            self._database = ox.Store()
            self._fill()
            return
        if read_only and (path / _JOURNAL).exists():  # a load was cut off: what is half in goes out first
            EmbeddedStore(path).close()
        described = _describe(path, read_only)
        try:
            self._file_lock = StoreLock(path, shared=read_only)
            self._database = _open(path, read_only)
        except BaseException:
            self.close()
            raise
        if read_only:
            # A writer may come now: a reader keeps seeing the store as it was.
            self._release()
        else:
            try:
                self._recover()
                if described.get("standing") != dataset.stamp():
                    self._fill()
                    _write(path / "store.json", json.dumps({"format": _FORMAT, "standing": dataset.stamp()}).encode())
                self._sweep(path)
            except BaseException:
                self.close()
                raise

    @property
    def path(self) -> Path | None:
        """The store's folder; None in memory."""
        return self._path

    def replace(self, iri: str, document: Finished) -> None:
        with self._lock:
            self._writable()
            new = list(ox.parse(document.nquads, format=ox.RdfFormat.N_QUADS))
            old = self.triples(iri)
            before = self._record_name(iri)
            self._keep(document.record_sha256, document.record)
            if len(old) == len(new) and set(old) == set(new):
                return
            lost = self._unborne(shortcuts.borne(old) - document.edges, iri)
            self._update(shortcuts.put_update(iri, new, document.edges, lost))
            if before is not None and before != self._record_name(iri):
                self._drop(before)

    def put_all(self, batch: Sequence[Finished], records: Mapping[Key, Sequence[str]] | None = None) -> None:
        """See :meth:`Store.put_all`. Documents that are new go in by the bulk loader, others by an update each.

        The bulk loader is no transaction: the journal names what it is given, and who opens the store after a crash
        first takes that out again.
        """
        with self._lock:
            self._writable()
            database = self._open_database
            new = [
                one for one in batch if not database.contains_named_graph(ox.NamedNode(document_iri(one.identifier)))
            ]
            known = {one.identifier for one in new}
            for one in batch:
                if one.identifier not in known:
                    self.replace(document_iri(one.identifier), one)
            self._load(new)
            if self._path is not None:
                ledger.write(self._path, records or {}, batch)

    def built(self, key: Key) -> tuple[str, ...] | None:
        if self._path is None or (made := ledger.read(self._path, key)) is None:
            return None
        return (
            tuple(made)
            if all(self._record_name(document_iri(name)) == digest for name, digest in made.items())
            else None
        )

    def _load(self, new: Sequence[Finished]) -> None:
        """Puts documents in that the store does not hold."""
        if not new:
            return
        for one in new:
            self._keep(one.record_sha256, one.record)
        edges = sorted({edge for one in new for edge in one.edges})
        borne = "".join(f"<{s}> <{p}> <{o}> <{shortcuts.GRAPH}> .\n" for s, p, o in sorted({e[:3] for e in edges}))
        rows = [*(one.nquads for one in new), borne.encode()]
        if self._path is None:
            self._open_database.bulk_load(b"".join(rows), format=ox.RdfFormat.N_QUADS)
            return
        _write(self._path / _LOADED, b"".join(rows))  # from a file the loader reads with all processors
        journal = {"documents": [document_iri(one.identifier) for one in new], "edges": edges}
        _write(self._path / _JOURNAL, json.dumps(journal).encode())
        try:
            self._open_database.bulk_load(path=self._path / _LOADED, format=ox.RdfFormat.N_QUADS)
        except OSError as error:
            with suppress(StoreError, OSError):
                self._recover()
            raise StoreError(f"{self._path}: cannot be written ({_reason(error)}) - check the disk") from error
        self._forget_journal()

    def _recover(self) -> None:
        """Takes out the documents of a load that was cut off, with the shortcuts that only they bear."""
        if self._path is None or not (self._path / _JOURNAL).exists():
            return
        journal = json.loads((self._path / _JOURNAL).read_bytes())
        for iri in journal["documents"]:
            self._update(shortcuts.remove_update(iri, ()))
        lost = self._unborne({(s, p, o, cls) for s, p, o, cls in journal["edges"]}, "")
        self._update(shortcuts.remove_update("urn:x-none", lost))
        self._open_database.flush()
        self._forget_journal()

    def _forget_journal(self) -> None:
        assert self._path is not None
        for name in (_JOURNAL, _LOADED):
            (self._path / name).unlink(missing_ok=True)

    def remove(self, identifier: str) -> None:
        iri = document_iri(identifier)
        with self._lock:
            self._writable()
            old = self.triples(iri)
            if not old:
                raise self._unknown(identifier)
            before = self._record_name(iri)
            self._update(shortcuts.remove_update(iri, self._unborne(shortcuts.borne(old), iri)))
            if before is not None:
                self._drop(before)

    def query(self, text: str) -> Solutions | Triples | bool:
        seen = refuse(text)
        database = self._open_database
        union: dict[str, Any] = {} if seen.graphs else {"use_default_graph_as_union": True}
        try:
            for graph in seen.graphs:
                if not database.contains_named_graph(ox.NamedNode(graph)):
                    raise QueryError(
                        f"the query reads FROM <{graph}>, and the store has no such graph - see monograph info"
                    )
            result = database.query(text, prefixes=prefixes(), **union)
            if isinstance(result, ox.QuerySolutions):
                names = tuple(variable.value for variable in result.variables)
                return Solutions(names, tuple(tuple(solution) for solution in result))
            if isinstance(result, ox.QueryTriples):
                return Triples(tuple(dict.fromkeys(result)))
            return bool(result)
        except (SyntaxError, ValueError) as error:
            raise QueryError(_malformed("query", error, text)) from error
        except OSError as error:
            raise self._unreadable(error) from error

    def update(self, text: str) -> None:
        with self._lock:
            self._writable()
            self._update(text)

    def graph(self) -> rdflib.Dataset:
        """See :meth:`Store.graph`; writing through it, where the store is not read only, is up to the caller."""
        from monograph.rdflib_view import dataset_view

        return dataset_view(lambda: self._open_database)

    def quads(self) -> Iterator[ox.Quad]:
        try:
            yield from self._open_database.quads_for_pattern(None, None, None, None)
        except OSError as error:
            raise self._unreadable(error) from error

    def triples(self, graph: str) -> list[ox.Quad]:
        try:
            return list(self._open_database.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
        except OSError as error:
            raise self._unreadable(error) from error

    def record(self, identifier: str) -> Record | None:
        """The record of a document; raises StoreError where it is missing or damaged."""
        name = self._record_name(document_iri(identifier))
        if name is None:
            raise self._unknown(identifier)
        where = "memory" if self._path is None else str(self._path / "documents" / f"{name}.json")
        try:
            data = self._held[name] if self._path is None else Path(where).read_bytes()
        except (OSError, KeyError) as error:
            raise StoreError(f"{where}: the record of '{identifier}' is missing - build the document again") from error
        return read_record(data, where)

    def record_data(self, identifier: str) -> tuple[str, bytes | None]:
        """The digest that the graph names for a document's record, and the bytes that are kept under it."""
        name = self._record_name(document_iri(identifier)) or ""
        if self._path is None:
            return name, self._held.get(name)
        try:
            return name, (self._path / "documents" / f"{name}.json").read_bytes()
        except OSError:
            return name, None

    def close(self) -> None:
        # The engine gives its lock free when nothing refers to the database any more.
        self._database = None
        self._release()

    def _release(self) -> None:
        if self._file_lock is not None:
            self._file_lock.release()
            self._file_lock = None

    @property
    def _open_database(self) -> ox.Store:
        if self._database is None:
            raise StoreError("the store is closed - open it again")
        return self._database

    def _writable(self) -> None:
        if self._read_only:
            raise StoreError(f"{self._path}: the store was opened for reading only - open it without read_only")

    def _update(self, text: str) -> None:
        try:
            self._open_database.update(text)
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be written ({_reason(error)}) - nothing was changed") from error
        except SyntaxError as error:
            raise QueryError(_malformed("update", error, text)) from error

    def _unreadable(self, error: OSError) -> StoreError:
        again = "another process changed it; open it again" if self._read_only else "check the disk, build it anew"
        return StoreError(f"{self._path}: cannot be read ({_reason(error)}) - {again}")

    def _fill(self) -> None:
        database = self._open_database
        try:
            for graph, quads in dataset.standing_graphs().items():
                database.remove_graph(ox.NamedNode(graph))
                database.extend(quads)
        except OSError as error:
            raise StoreError(f"{self._path}: cannot be written ({_reason(error)}) - check the disk") from error

    def _record_name(self, iri: str) -> str | None:
        return next((name for name, _ in self._records(ox.NamedNode(iri))), None)

    def _keep(self, name: str, data: bytes) -> None:
        if self._path is None:
            self._held[name] = data
        elif not (target := self._path / "documents" / f"{name}.json").exists():
            _write(target, data)

    def _drop(self, name: str) -> None:
        if self._path is None:
            self._held.pop(name, None)
        else:
            with suppress(OSError):
                (self._path / "documents" / f"{name}.json").unlink()

    def _sweep(self, path: Path) -> None:
        """Takes away records that no graph names: what a crash between record and transaction leaves behind."""
        kept = {name for name, _ in self._records()}
        for file in (path / "documents").iterdir():
            if file.name.removesuffix(".json") not in kept:
                with suppress(OSError):
                    file.unlink()

    def _records(self, document: ox.NamedNode | None = None) -> Iterator[tuple[str, str]]:
        """Name of the record and IRI of the graph that names it."""
        for quad in self._open_database.quads_for_pattern(document, ox.NamedNode(mg("recordSha256")), None, document):
            if isinstance(quad.object, ox.Literal) and isinstance(quad.graph_name, ox.NamedNode):
                yield quad.object.value, quad.graph_name.value

    def _unborne(self, edges: Iterable[shortcuts.Edge], document: str) -> list[shortcuts.Edge]:
        """Those of ``edges`` that no fact outside ``document`` bears."""
        return [edge for edge in sorted(edges) if not any(self._bearers(edge, document))]

    def _bearers(self, edge: shortcuts.Edge, document: str) -> Iterator[str]:
        """Facts of other documents that bear ``edge``; reads the shorter of subject's and object's facts."""
        subject, predicate, target, _ = edge
        database = self._open_database
        about = database.quads_for_pattern(None, ox.NamedNode(mg("hasSubject")), ox.NamedNode(subject), None)
        on = database.quads_for_pattern(None, ox.NamedNode(mg("hasObject")), ox.NamedNode(target), None)
        for pair in zip_longest(about, on):
            for quad in pair:
                if quad is None:
                    return
                if str(quad.graph_name) == f"<{document}>":
                    continue
                fact = database.quads_for_pattern(quad.subject, None, None, quad.graph_name)
                if any(borne[:3] == (subject, predicate, target) for borne in shortcuts.borne(fact)):
                    yield str(quad.subject)


def _describe(path: Path, read_only: bool) -> dict[str, Any]:
    """What ``store.json`` says; makes the folders of a new store. Raises StoreError where ``path`` is no store."""
    description = path / "store.json"
    try:
        if description.is_file():
            found: dict[str, Any] = json.loads(description.read_bytes())
            if found.get("format") != _FORMAT:
                raise StoreError(
                    f"{path}: a store of format {found.get('format')}, and this monograph reads format {_FORMAT} - "
                    "build it anew elsewhere"
                )
            return found
        if path.exists() and not path.is_dir():
            raise StoreError(f"{path}: is a file, not a store - name a folder")
        if path.is_dir() and (strange := sorted({p.name for p in path.iterdir()} - _PARTS)):
            raise StoreError(f"{path}: is no monograph store (it holds {strange[0]}) - name another folder")
        if read_only:
            raise StoreError(f"{path}: there is no store - make one with: monograph build")
        (path / "documents").mkdir(parents=True, exist_ok=True)
        return {}
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be used as a store ({_reason(error)}) - check the path and its rights"
        ) from error
    except ValueError as error:
        raise StoreError(f"{description}: is damaged ({error}) - build the store anew elsewhere") from error


def _open(path: Path, read_only: bool) -> ox.Store:
    place = str(path / "graph")
    try:
        return ox.Store.read_only(place) if read_only else ox.Store(place)
    except OSError as error:
        if "lock" in str(error).lower():
            raise StoreBusy(f"{path}: another process is writing to the store - try again when it is done") from error
        raise StoreError(f"{path}: cannot be opened ({_reason(error)}) - check its rights, or build it anew") from error


def _write(target: Path, data: bytes) -> None:
    """Writes a whole file under a temporary name, then renames it. Raises StoreError."""
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=".new-", dir=target.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                os.unlink(temporary)
        raise StoreError(f"{target}: cannot be written ({_reason(error)}) - nothing was changed") from error


_PLACE = re.compile(r"error at (\d+):(\d+)")


def _malformed(what: str, error: Exception, text: str) -> str:
    """One line on a syntax error: the engine lists every token that it would have taken."""
    message = " ".join(str(error).split())
    if (place := _PLACE.search(message)) is None:
        return f"the {what} cannot be run: {message}"
    line, column = int(place.group(1)), int(place.group(2))
    lines = text.split("\n")
    there = lines[line - 1].strip() if line <= len(lines) else ""
    return f"the {what} does not parse: line {line}, column {column}, in {there[:60]!r}"


def _reason(error: OSError) -> str:
    return error.strerror or " ".join(str(error).split())
