"""Shards: a folder of N-Quads files with the texts that they quote, as an artefact, and as what stores are loaded from.

```
part-00000.nq              the graphs of some documents, one after another
part-00000.records.jsonl   their records (monograph.records), a line each
manifest.jsonl             a line a shard: its documents with their places in both files, and the records that gave them
```

A shard counts when the manifest names it; what a killed build left besides is taken away by the next.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from monograph.errors import StoreError
from monograph.finished import Finished, Key

__all__ = ["Shards", "prune_shard", "read_shards", "write_shard", "write_whole"]

_MANIFEST: Final = "manifest.jsonl"
_SUFFIXES: Final = (".nq", ".records.jsonl")
_TOLD: Final = tuple(f.name for f in fields(Finished) if f.name not in {"nquads", "record", "edges"})


class Shards:
    """A folder of shards that a build fills: a target like a store. Raises StoreError where it cannot be written."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            files = [path.name for path in self.folder.iterdir()]
        except OSError as error:
            raise StoreError(f"{folder}: cannot hold shards ({error.strerror}) - name another folder") from error
        if strange := [name for name in files if not name.startswith(("part-", _MANIFEST, ".new-"))]:
            raise StoreError(f"{folder}: holds other files ({sorted(strange)[0]}) - name an empty folder for shards")
        rows = list(_manifest(self.folder))
        counting = {_MANIFEST, *(f"{row['shard']}{suffix}" for row in rows for suffix in _SUFFIXES)}
        for left in set(files) - counting:
            (self.folder / left).unlink(missing_ok=True)
        self._next = 1 + max((int(row["shard"].removeprefix("part-")) for row in rows), default=-1)
        self._built = {
            Key(key["name"], key["sha256"], key["version"], key["quotes"]): tuple(key["documents"])
            for row in rows
            for key in row["records"]
        }
        self._held = {one["identifier"] for row in rows for one in row["documents"]}

    def put_all(self, batch: Sequence[Finished], records: Mapping[Key, Sequence[str]] | None = None) -> None:
        """Writes one shard; raises StoreError, and on a document that another shard holds already."""
        self._refuse(one.identifier for one in batch)
        name = self.names(1)[0]
        self.add(name, write_shard(self.folder, name, batch), records)

    def names(self, number: int) -> list[str]:
        """The names of so many shards that are to be written next."""
        return [f"part-{self._next + n:05d}" for n in range(number)]

    def add(
        self, name: str, documents: Sequence[dict[str, Any]], records: Mapping[Key, Sequence[str]] | None = None
    ) -> None:
        """Makes a shard count that :func:`write_shard` wrote, here or elsewhere; raises StoreError as ``put_all``."""
        self._refuse(one["identifier"] for one in documents)
        done = [
            {"name": k.name, "sha256": k.sha256, "version": k.version, "quotes": k.quotes, "documents": list(names)}
            for k, names in (records or {}).items()
        ]
        row = json.dumps({"shard": name, "documents": documents, "records": done}, ensure_ascii=False)
        try:
            _append(self.folder / _MANIFEST, row.encode() + b"\n")
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        self._next = max(self._next, 1 + int(name.removeprefix("part-")))
        self._held.update(one["identifier"] for one in documents)
        self._built.update({key: tuple(names) for key, names in (records or {}).items()})

    def built(self, key: Key) -> tuple[str, ...] | None:
        """The documents of a record that is in some shard already."""
        return self._built.get(key)

    def known(self) -> dict[Key, tuple[str, ...]]:
        """All records that are in some shard, with their documents."""
        return dict(self._built)

    def close(self) -> None:
        """There is nothing to close: each shard is whole when it is written."""

    def _refuse(self, identifiers: Iterable[str]) -> None:
        for identifier in identifiers:
            if identifier in self._held:
                raise StoreError(f"{self.folder}: holds '{identifier}' in another version - write to a new folder")


def write_shard(folder: str | Path, name: str, batch: Sequence[Finished]) -> list[dict[str, Any]]:
    """Writes the two files of a shard, which counts once :meth:`Shards.add` has the list of documents that this gives.

    Raises StoreError where they cannot be written.
    """
    documents, at = [], 0
    for line, one in enumerate(batch):
        told = {field: getattr(one, field) for field in _TOLD}
        documents.append({**told, "edges": sorted(one.edges), "at": at, "length": len(one.nquads), "line": line})
        at += len(one.nquads)
    try:
        write_whole(Path(folder) / f"{name}.nq", [one.nquads for one in batch])
        write_whole(Path(folder) / f"{name}.records.jsonl", [one.record + b"\n" for one in batch])
    except OSError as error:
        raise _unwritable(folder, error) from error
    return documents


def prune_shard(folder: str | Path, name: str, kept: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Writes a shard anew with the documents ``kept`` of those that it holds; without any, its files go."""
    place = Path(folder)
    if kept:
        return write_shard(place, name, _documents(place, name, kept))
    for suffix in _SUFFIXES:
        (place / f"{name}{suffix}").unlink(missing_ok=True)
    return []


def read_shards(folder: str | Path) -> Iterator[list[Finished]]:
    """The documents of each shard that the manifest names, in order; raises StoreError where one is damaged."""
    place = Path(folder)
    if not (place / _MANIFEST).is_file():
        raise StoreError(
            f"{folder}: holds no shards ({_MANIFEST} is missing) - make them with: monograph build --shards"
        )
    for row in _manifest(place):
        yield _documents(place, row["shard"], row["documents"])


def _documents(place: Path, name: str, told: Sequence[dict[str, Any]]) -> list[Finished]:
    try:
        rows = (place / f"{name}.nq").read_bytes()
        records = (place / f"{name}.records.jsonl").read_bytes().split(b"\n")
        return [_document(one, rows, records) for one in told]
    except (OSError, KeyError, IndexError, TypeError) as error:
        raise StoreError(f"{place / name}: the shard is damaged ({error}) - build it again") from error


def _document(told: dict[str, Any], rows: bytes, records: Sequence[bytes]) -> Finished:
    nquads = rows[told["at"] : told["at"] + told["length"]]
    if len(nquads) != told["length"]:
        raise IndexError(f"{told['identifier']} is cut off")
    edges = frozenset((s, p, o, cls) for s, p, o, cls in told["edges"])
    known = {field: told[field] for field in _TOLD}
    return Finished(**known, nquads=nquads, record=records[told["line"]], edges=edges)


def _manifest(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of the manifest up to one that was cut off."""
    path = folder / _MANIFEST
    if not path.is_file():
        return
    with path.open("rb") as stream:
        for line in stream:
            if not line.endswith(b"\n"):
                return
            try:
                yield json.loads(line)
            except ValueError as error:
                raise StoreError(f"{path}: is damaged ({error}) - build the shards again") from error


def _unwritable(folder: str | Path, error: OSError) -> StoreError:
    return StoreError(f"{folder}: cannot be written ({error.strerror}) - check the disk")


def write_whole(path: Path, parts: Sequence[bytes]) -> None:
    """Writes a file that is there as a whole or as it was; raises OSError."""
    # on a cluster a task may run twice at a time
    temporary = path.with_name(f".new-{uuid4().hex}-{path.name}")
    with temporary.open("wb") as stream:
        stream.writelines(parts)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)


#: so much of a file's end is looked at at a time, for the manifest of a national collection is long
_CHUNK = 65_536


def _append(path: Path, line: bytes) -> None:
    """Adds a line, on a line of its own even where the last one was cut off."""
    with path.open("r+b" if path.exists() else "w+b") as stream:
        whole = stream.seek(0, os.SEEK_END)
        while whole:
            start = max(0, whole - _CHUNK)
            stream.seek(start)
            ended = stream.read(whole - start).rfind(b"\n") + 1
            whole = start + ended
            if ended:
                break
        stream.truncate(whole)
        stream.seek(whole)
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())
