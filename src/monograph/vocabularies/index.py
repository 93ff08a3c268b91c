"""The vocabulary index: every name of every term that was added, in one SQLite file beside the store.

A look-up costs microseconds however large the index is, opening it milliseconds. A vocabulary is added or removed in
one transaction, so that a crash leaves the index as it was.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple, Self

from monograph.errors import StoreBusy, StoreError, UnknownName
from monograph.mappings.model import Mapping
from monograph.vocabularies.model import SCOPES, Scope, Term, TermKind, Vocabulary
from monograph.vocabularies.normalising import bag, key, turned

__all__ = ["Entry", "Index", "TermRecord", "VocabularyInfo", "index_path"]

#: of the layout of the tables and of what :func:`key` gives
_VERSION: Final = 2
_TABLES: Final = """
CREATE TABLE vocabulary (
    id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, title TEXT, version TEXT, license TEXT, source TEXT,
    sha256 TEXT, reader TEXT, terms INTEGER, names INTEGER, mappings INTEGER);
CREATE TABLE term (
    id INTEGER PRIMARY KEY, vocabulary INTEGER NOT NULL, curie TEXT NOT NULL, label TEXT, kind TEXT, obsolete INTEGER,
    kind_of_all TEXT, obsolete_of_all INTEGER);
CREATE TABLE name (
    key TEXT NOT NULL, term INTEGER NOT NULL, scope INTEGER NOT NULL, text TEXT NOT NULL, bag TEXT NOT NULL,
    repeats INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (key, term, scope, text)) WITHOUT ROWID;
CREATE TABLE relation (term INTEGER NOT NULL, relation TEXT NOT NULL, curie TEXT NOT NULL);
CREATE TABLE mapping (vocabulary INTEGER NOT NULL, subject TEXT NOT NULL, object TEXT NOT NULL, row TEXT NOT NULL);
"""
_INDEXES: Final = {
    "term_curie": "term (curie)",
    "term_vocabulary": "term (vocabulary)",
    "name_bag": "name (bag) WHERE bag <> ''",
    "name_term": "name (term)",
    "relation_term": "relation (term, relation)",
    "relation_curie": "relation (curie, relation)",
    "mapping_subject": "mapping (subject)",
    "mapping_object": "mapping (object)",
}
_RELATIONS: Final = ("parents", "same", "xrefs", "replaced_by", "consider", "ingredients")
_INFO: Final = "name, title, version, license, source, sha256, reader, terms, names, mappings"


@dataclass(frozen=True, slots=True)
class VocabularyInfo:
    """A vocabulary that an index holds, with the numbers of its terms, their names, and its mappings."""

    name: str
    title: str
    version: str
    license: str
    source: str
    sha256: str
    reader: str
    terms: int
    names: int
    mappings: int


class Entry(NamedTuple):
    """A name as it stands in the index: its text and scope, and the term that it names."""

    text: str
    scope: Scope
    curie: str
    label: str
    kind: TermKind
    obsolete: bool
    vocabulary: str


@dataclass(frozen=True, slots=True)
class TermRecord:
    """All that the index holds of one CURIE, put together over the vocabularies that speak of it.

    ``names`` are pairs of text and scope. A term is ``obsolete`` where any of them says so.
    """

    curie: str
    label: str
    kind: TermKind
    names: tuple[tuple[str, Scope], ...]
    parents: tuple[str, ...]
    same: tuple[str, ...]
    xrefs: tuple[str, ...]
    obsolete: bool
    replaced_by: tuple[str, ...]
    consider: tuple[str, ...]
    ingredients: tuple[str, ...]
    vocabularies: tuple[str, ...]


def index_path(store: str | Path | None = None, *, must_exist: bool = False) -> Path:
    """Where the index of a store is: $MONOGRAPH_VOCABULARIES, else a file beside it.

    ``monograph.db`` has ``monograph.vocabularies.db``; a store that is an endpoint has the one of ``./monograph.db``.
    With ``must_exist``, StoreError is raised where there is none.
    """
    where = str(store) if store is not None else os.environ.get("MONOGRAPH_STORE") or "monograph.db"
    beside = Path("monograph.db" if where.startswith(("http://", "https://")) else where)
    path = Path(os.environ.get("MONOGRAPH_VOCABULARIES") or beside.with_name(f"{beside.stem}.vocabularies.db"))
    if must_exist and not path.exists():
        raise StoreError(f"no vocabulary index {path} - add vocabularies with: monograph vocab add FILE")
    return path


class Index:
    """The index in the file ``path``, made where there is none; a context manager that closes itself.

    ``read_only`` never makes or changes anything. Raises StoreError where the file is no index, is of another version
    or cannot be written, or is not there and ``read_only`` is set, and StoreBusy where another process writes to it.
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = Path(path)
        if read_only and not self.path.exists():
            raise StoreError(f"no vocabulary index {self.path} - add vocabularies with: monograph vocab add FILE")
        with self._errors():
            self._db = sqlite3.connect(
                f"file:{_quoted(self.path)}?mode={'rw' if read_only else 'rwc'}",
                uri=True,
                timeout=1,
                isolation_level=None,
            )
            self._db.execute("PRAGMA cache_size = -65536")
            # not "mode=ro", which cannot take back what a process that was killed left half written
            self._db.execute(f"PRAGMA query_only = {read_only}")
            found = self._db.execute("PRAGMA user_version").fetchone()[0]
            tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if not tables and not read_only:
                self._db.executescript(
                    f"BEGIN IMMEDIATE; {_TABLES} {_create()} PRAGMA user_version = {_VERSION}; COMMIT;"
                )
            elif found != _VERSION:
                self._db.close()
                raise StoreError(
                    f"{self.path}: no vocabulary index of this version - remove the file and add them again"
                )

    def add(self, vocabulary: Vocabulary) -> VocabularyInfo:
        """Adds ``vocabulary``, in place of one of the same name, in one transaction.

        What its iterators raise passes through, and the index stays as it was.
        """
        with self._transaction():
            self._delete(vocabulary.name)
            [number] = self._db.execute(
                f"INSERT INTO vocabulary ({_INFO}) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0) RETURNING id",
                (
                    vocabulary.name,
                    vocabulary.title,
                    vocabulary.version,
                    vocabulary.license,
                    vocabulary.source,
                    vocabulary.sha256,
                    vocabulary.reader,
                ),
            ).fetchone()
            terms, names = self._add_terms(number, vocabulary.terms)
            mappings = self._db.executemany(
                "INSERT INTO mapping VALUES (?, ?, ?, ?)",
                ((number, m.subject, m.object, json.dumps(_said(m), ensure_ascii=False)) for m in vocabulary.mappings),
            ).rowcount
            self._settle("SELECT curie FROM term WHERE vocabulary = ?", number)
            self._db.execute(
                "UPDATE vocabulary SET terms = ?, names = ?, mappings = ? WHERE id = ?",
                (terms, names, max(mappings, 0), number),
            )
        return next(info for info in self.vocabularies() if info.name == vocabulary.name)

    def remove(self, name: str) -> None:
        """Takes a vocabulary out, in one transaction; raises UnknownName with the nearest names."""
        known = [info.name for info in self.vocabularies()]
        if name not in known:
            nearest = ", ".join(get_close_matches(name, known, 3, 0.0))
            raise UnknownName(
                f"no vocabulary '{name}' - {f'the nearest are: {nearest}' if nearest else 'there is none'}"
            )
        with self._transaction():
            self._delete(name)

    def vocabularies(self) -> list[VocabularyInfo]:
        """What the index holds, sorted by name."""
        with self._errors():
            rows = self._db.execute(f"SELECT {_INFO} FROM vocabulary ORDER BY name").fetchall()
        return [VocabularyInfo(*row) for row in rows]

    def lookup(self, keys: Sequence[str], *, bags: bool = False) -> dict[str, list[Entry]]:
        """Key -> the names that have it, in no order, each name of a term once; keys that no name has are left out.

        With ``bags``, what is looked up are bags of words (:func:`monograph.vocabularies.normalising.bag`).
        """
        column = "bag" if bags else "key"
        found: dict[str, list[Entry]] = {}
        with self._errors():
            vocabularies = dict(self._db.execute("SELECT id, name FROM vocabulary"))
            rows = self._db.execute(
                f"SELECT n.{column}, n.text, n.scope, t.curie, t.label, t.kind_of_all, t.obsolete_of_all, t.vocabulary "
                f"FROM json_each(?) j CROSS JOIN name n ON n.{column} = j.value CROSS JOIN term t ON t.id = n.term "
                f"WHERE n.{column} <> '' AND NOT n.repeats",
                (json.dumps(sorted({*keys} - {""}), ensure_ascii=False),),
            )
            for where, text, scope, curie, label, kind, obsolete, vocabulary in rows:
                entry = Entry(text, SCOPES[scope], curie, label, kind, bool(obsolete), vocabularies[vocabulary])
                if where in found:
                    found[where].append(entry)
                else:
                    found[where] = [entry]
        return found

    def term(self, curie: str) -> TermRecord | None:
        """What the index says of ``curie``, in our spelling; None where it says nothing."""
        with self._errors():
            rows = self._db.execute(
                "SELECT t.id, t.label, t.kind, t.obsolete, v.name FROM term t JOIN vocabulary v ON v.id = t.vocabulary "
                "WHERE t.curie = ? ORDER BY v.name",
                (curie,),
            ).fetchall()
            if not rows:
                return None
            numbers = ",".join(str(row[0]) for row in rows)
            names = self._db.execute(
                f"SELECT DISTINCT text, scope FROM name WHERE term IN ({numbers}) ORDER BY scope, text"
            ).fetchall()
            related: defaultdict[str, list[str]] = defaultdict(list)
            for relation, other in self._db.execute(
                f"SELECT DISTINCT relation, curie FROM relation WHERE term IN ({numbers}) ORDER BY relation, curie"
            ):
                related[relation].append(other)
        return TermRecord(
            curie=curie,
            label=next((row[1] for row in rows if row[1]), ""),
            kind=next((row[2] for row in rows if row[2]), ""),
            names=tuple((text, SCOPES[scope]) for text, scope in names),
            obsolete=any(row[3] for row in rows),
            vocabularies=tuple(dict.fromkeys(row[4] for row in rows)),
            **{relation: tuple(related[relation]) for relation in _RELATIONS},
        )

    def same(self, curie: str) -> list[tuple[str, str]]:
        """Pairs of an identifier of the very same thing as ``curie`` and the vocabulary that states it, sorted.

        One of the two states it of the other: a drug its UNII, or the other way round.
        """
        with self._errors():
            return self._db.execute(
                "SELECT r.curie, v.name FROM term t JOIN relation r ON r.term = t.id AND r.relation = 'same' "
                "JOIN vocabulary v ON v.id = t.vocabulary WHERE t.curie = :curie UNION "
                "SELECT t.curie, v.name FROM relation r JOIN term t ON t.id = r.term "
                "JOIN vocabulary v ON v.id = t.vocabulary WHERE r.curie = :curie AND r.relation = 'same' ORDER BY 1, 2",
                {"curie": curie},
            ).fetchall()

    def parents(self, curie: str) -> tuple[str, ...]:
        """The terms directly above, as any vocabulary states them."""
        record = self.term(curie)
        return record.parents if record else ()

    def ancestors(self, curie: str) -> set[str]:
        """All terms above ``curie``; a circle in a vocabulary does no harm."""
        found: set[str] = set()
        left = [curie]
        while left:
            for parent in self.parents(left.pop()):
                if parent not in found and parent != curie:
                    found.add(parent)
                    left.append(parent)
        return found

    def mappings(self, curie: str | None = None) -> Iterator[tuple[str, Mapping]]:
        """The rows of the mapping sets, each with the name of its vocabulary; with ``curie`` those on either side."""
        source = "mapping m JOIN vocabulary v ON v.id = m.vocabulary"
        where = "" if curie is None else "WHERE m.subject = :curie OR m.object = :curie"
        with self._errors():
            for vocabulary, row in self._db.execute(
                f"SELECT v.name, m.row FROM {source} {where} ORDER BY m.rowid",
                {} if curie is None else {"curie": curie},
            ):
                said = json.loads(row)
                said["other"] = tuple((k, v) for k, v in said.get("other", ()))
                yield vocabulary, Mapping(**said)

    def close(self) -> None:
        """Gives the file free; closing twice does no harm."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _add_terms(self, vocabulary: int, terms: Iterable[Term]) -> tuple[int, int]:
        [last] = self._db.execute("SELECT coalesce(max(id), 0) FROM term").fetchone()
        first, names = last + 1, 0
        for last, term in enumerate(terms, first):
            self._db.execute(
                "INSERT INTO term VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (last, vocabulary, term.curie, term.label, term.kind, term.obsolete, term.kind, term.obsolete),
            )
            said: dict[tuple[str, int], None] = {(term.label, 0): None} if term.label else {}
            said.update(((s.text, SCOPES.index(s.scope)), None) for s in term.synonyms if s.text != term.label)
            rows = [
                (k, last, scope, text, bag(text))
                for text, scope in said
                for k in dict.fromkeys((key(text), key(turned(text))))
                if k
            ]
            names += len(rows)
            self._db.executemany("INSERT INTO name (key, term, scope, text, bag) VALUES (?, ?, ?, ?, ?)", rows)
            self._db.executemany(
                "INSERT INTO relation VALUES (?, ?, ?)",
                [(last, relation, curie) for relation in _RELATIONS for curie in getattr(term, relation)],
            )
        return last - first + 1, names

    def _delete(self, name: str) -> None:
        found = self._db.execute("SELECT id FROM vocabulary WHERE name = ?", (name,)).fetchone()
        if found is not None:
            self._db.execute("CREATE TEMP TABLE left_by AS SELECT curie FROM term WHERE vocabulary = ?", found)
            for table in ("name", "relation"):
                self._db.execute(f"DELETE FROM {table} WHERE term IN (SELECT id FROM term WHERE vocabulary = ?)", found)
            for table in ("term", "mapping"):
                self._db.execute(f"DELETE FROM {table} WHERE vocabulary = ?", found)
            self._db.execute("DELETE FROM vocabulary WHERE id = ?", found)
            self._settle("SELECT curie FROM left_by")
            self._db.execute("DROP TABLE left_by")

    def _settle(self, curies: str, *values: object) -> None:
        """Writes to each term of ``curies`` what all vocabularies together say of it.

        It is obsolete where any says so, and of the kind that any names. A name that an earlier vocabulary gives the
        same term repeats it.
        """
        self._db.execute(
            "UPDATE term SET (kind_of_all, obsolete_of_all) = "
            "(SELECT coalesce(nullif(term.kind, ''), max(o.kind)), max(o.obsolete) FROM term o "
            "WHERE o.curie = term.curie) "
            f"WHERE curie IN ({curies})",
            values,
        )
        self._db.execute(
            "UPDATE name SET repeats = EXISTS (SELECT 1 FROM term t JOIN term o ON o.curie = t.curie AND o.id < t.id "
            "JOIN name n ON n.key = name.key AND n.term = o.id AND n.scope = name.scope AND n.text = name.text "
            f"WHERE t.id = name.term) WHERE term IN (SELECT id FROM term WHERE curie IN ({curies}))",
            values,
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._errors():
            self._db.execute("BEGIN IMMEDIATE")
        try:
            with self._errors():
                yield
                self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StoreBusy(f"{self.path}: another process is writing to it - try again when it is done") from error
            raise StoreError(f"{self.path}: {error} - check the path, its rights and the space on the disk") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{self.path}: {error} - this is no vocabulary index; name another file") from error


def _create() -> str:
    return " ".join(f"CREATE INDEX {name} ON {columns};" for name, columns in _INDEXES.items())


def _said(mapping: Mapping) -> dict[str, object]:
    """The fields of a mapping that say something."""
    return {name: value for name, value in asdict(mapping).items() if value not in ("", None, (), False)}


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path.absolute()))
