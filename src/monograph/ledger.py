"""What a store on disk was built from: which record gave which documents, so that the same is not made again.

A row is written after the documents are in. Where the ledger and the graphs differ, the graphs are right.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from monograph.errors import StoreError
from monograph.finished import Finished, Key

__all__ = ["FILES", "read", "write"]

_NAME: Final = "built.sqlite"
#: the ledger with what SQLite keeps beside it
FILES: Final = (_NAME, f"{_NAME}-journal", f"{_NAME}-wal", f"{_NAME}-shm")
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS built (name TEXT, sha256 TEXT, version TEXT, quotes INTEGER, documents TEXT, "
    "PRIMARY KEY (name, sha256)) WITHOUT ROWID"
)


def write(store: Path, records: Mapping[Key, Sequence[str]], documents: Iterable[Finished]) -> None:
    """Notes the identifiers that each of ``records`` gave, with the digests of their texts; raises StoreError."""
    digests = {one.identifier: one.record_sha256 for one in documents}
    rows = [
        (key.name, key.sha256, key.version, key.quotes, json.dumps({name: digests[name] for name in names}))
        for key, names in records.items()
    ]
    try:
        with closing(sqlite3.connect(store / _NAME)) as connection, connection:
            connection.execute(_SCHEMA)
            connection.executemany("INSERT OR REPLACE INTO built VALUES (?, ?, ?, ?, ?)", rows)
    except sqlite3.Error as error:
        raise StoreError(f"{store / _NAME}: cannot be written ({error}) - check the disk") from error


def read(store: Path, key: Key) -> dict[str, str] | None:
    """Identifier -> digest of the record, of the documents that a record gave; None where it was never built."""
    if not (store / _NAME).is_file():
        return None
    try:
        with closing(sqlite3.connect(store / _NAME)) as connection:
            row = connection.execute(
                "SELECT documents FROM built WHERE name = ? AND sha256 = ? AND version = ? AND quotes = ?",
                (key.name, key.sha256, key.version, key.quotes),
            ).fetchone()
    except sqlite3.Error:
        return None  # a damaged ledger only costs time
    return dict(json.loads(row[0])) if row else None
