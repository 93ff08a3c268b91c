"""What can go wrong, one class a cause, each with the exit code that the command line returns for it."""

from __future__ import annotations

__all__ = [
    "ExternalToolMissing",
    "FetchError",
    "MonographError",
    "QueryError",
    "SourceError",
    "StoreBusy",
    "StoreError",
    "TooMuch",
    "UnknownName",
]


class MonographError(Exception):
    """Could not do as asked. Its text is one line: what was wrong, where, and what to do."""

    exit_code = 2


class SourceError(MonographError):
    """A source file cannot be read: missing, empty, binary, wrongly encoded, too large, or dangerous."""


class StoreError(MonographError):
    """The store is missing, damaged, or of another version."""


class StoreBusy(StoreError):
    """Another process holds the store."""


class TooMuch(StoreError):
    """An endpoint does not take a request of this size, or does not answer it in time: ask for less at once."""


class QueryError(MonographError):
    """A query is malformed, lacks a required parameter, or is refused for safety."""


class FetchError(MonographError):
    """A source on the web does not answer, or not as it should; or what it gives cannot be written."""


class UnknownName(MonographError):
    """A drug, concept, query, loader or document is not known; the text names the three nearest."""


class ExternalToolMissing(MonographError):
    """A tool outside Python, such as Java, is not installed. What needs it is reported as not checked."""

    exit_code = 0
