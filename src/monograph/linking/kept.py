"""Answers of endpoints kept in a file, one row a value that was asked for, so that nothing is asked twice."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from monograph.errors import StoreError

__all__ = ["Kept", "Row"]

#: an answer of this age is asked for again
_FRESH: Final = 30 * 24 * 3600.0


class Row(NamedTuple):
    """A row of an answer: the value that was asked for, a term, its label, and a further identifier of it."""

    given: str
    term: str
    label: str
    also: str


class Kept:
    """The answers that the file at ``path`` keeps of ``endpoint``; of this run alone where ``path`` is None.

    Each :meth:`put` is one transaction: a run that is cut or killed leaves what was put before. Raises StoreError where
    the file is no such file or cannot be written.
    """

    def __init__(self, path: Path | None, endpoint: str) -> None:
        self._path = path
        self._endpoint = endpoint
        with self._told():
            self._rows = sqlite3.connect(":memory:" if path is None else path)
            self._rows.execute(
                "CREATE TABLE IF NOT EXISTS kept (question TEXT, given TEXT, at REAL NOT NULL, rows TEXT NOT NULL, "
                "PRIMARY KEY (question, given)) WITHOUT ROWID"
            )

    def get(self, query: str, given: Iterable[str], *, old: bool = False) -> dict[str, list[Row]]:
        """What is kept of each of the values ``given`` to the text of a query; older than a month only with ``old``."""
        question, oldest = self._question(query), 0.0 if old else time.time() - _FRESH
        found: dict[str, list[Row]] = {}
        with self._told():
            for one in given:
                row = self._rows.execute(
                    "SELECT rows FROM kept WHERE question = ? AND given = ? AND at >= ?", (question, one, oldest)
                ).fetchone()
                if row is not None:
                    found[one] = [Row(one, *said) for said in json.loads(row[0])]
        return found

    def put(self, query: str, answers: Mapping[str, Sequence[Row]]) -> None:
        """Keeps the rows of each value; no rows are an answer too."""
        question, now = self._question(query), time.time()
        with self._told(), self._rows:
            self._rows.executemany(
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)",
                [
                    (question, one, now, json.dumps([row[1:] for row in rows], ensure_ascii=False))
                    for one, rows in answers.items()
                ],
            )

    def close(self) -> None:
        self._rows.close()

    def _question(self, query: str) -> str:
        return hashlib.sha256(f"{self._endpoint}\0{query}".encode()).hexdigest()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise StoreError(
                f"{self._path}: answers cannot be kept there ({error}) - name another file with --cache, or none "
                "with --no-cache"
            ) from error
