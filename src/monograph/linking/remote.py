"""Things asked for at a SPARQL endpoint: by the identifiers that they have first, by their names second.

The queries are those of ``queries/remote/``, or the user's own: one with the parameter ``key`` (prefix and identifier)
or ``iri`` asks by identifier, one with ``name`` (kind and name) by name. A query gives ``?term`` and ``?label``, and
may give in ``?also`` further identifiers of the term. Answers are kept in a file as they come, so that a run that was
cut goes on where it ended.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache as remembered
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monograph.catalog import Query, bind, parse
from monograph.endpoint import EndpointStore
from monograph.errors import MonographError, QueryError, StoreError, TooMuch, UnknownName
from monograph.grounding.candidates import CANDIDATE
from monograph.linking.things import Thing
from monograph.mappings.model import Mapping
from monograph.results import Solutions
from monograph.vocabularies.prefixes import iri_of, standard

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

    from monograph.linking.run import Remote

__all__ = ["Answered", "ask", "queries", "templates"]

#: an answer of this age is asked for again
_FRESH: Final = 30 * 24 * 3600.0
#: so many failures one after the other end the asking
_GIVE_UP: Final = 3
#: what an identifier of the thing itself is worth, and what its name alone
_BY_IDENTIFIER: Final = 0.95
_BY_NAME: Final = 0.7


@dataclass(frozen=True, slots=True)
class Answered:
    """What an endpoint gave: mappings; and, in a line each, what it did not answer."""

    mappings: tuple[Mapping, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    given: str
    term: str
    label: str
    also: str


def templates(using: str) -> list[Query]:
    """The queries that ``using`` names: those of queries/remote that begin with it, or the file of that name.

    Raises UnknownName where there are none, and QueryError where a query has none of the parameters that can be filled.
    """
    if using.endswith(".rq"):
        try:
            found = [parse(Path(using).read_text(encoding="utf-8"), using)]
        except (OSError, UnicodeDecodeError) as error:
            raise QueryError(f"{using}: cannot be read ({error}) - check the path") from error
    else:
        folder = files("monograph.queries.remote")
        names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".rq"))
        found = [
            parse(folder.joinpath(n).read_text(encoding="utf-8"), n) for n in names if n.startswith(f"{using}-by-")
        ]
        if not found:
            known = sorted({name.partition("-by-")[0] for name in names})
            raise UnknownName(f"no remote query '{using}' - take {', '.join(known)}, or a file that ends in .rq")
    for query in found:
        if _slot(query) is None:
            raise QueryError(f"{query.name}: has no parameter key, iri or name - see queries/README.md")
    return sorted(found, key=lambda query: (_slot(query) == "name", query.name))


def queries(wanted: Sequence[Thing], mappings: Sequence[Mapping], remote: Remote) -> Iterator[str]:
    """The queries as they would be sent; those by name for things without an identifier that can be asked for."""
    asked: set[str] = set()
    for query in templates(remote.using):
        given = _given(query, wanted, mappings, asked)
        asked |= {thing.curie for several in given.values() for thing in several}
        for some in _parts(list(given), remote.batch):
            yield _filled(query, some)


def ask(
    wanted: Sequence[Thing],
    mappings: Sequence[Mapping],
    remote: Remote,
    *,
    cache: Path,
    sleep: Callable[[float], None] = time.sleep,
) -> Answered:
    """Asks the endpoint for ``wanted``, whose identifiers ``mappings`` give; things already found are not asked twice.

    A request that is too much for the server is halved. Whatever fails is told in ``failures``; after three failures
    one after the other the rest is left unasked.
    """
    line = _Line(remote, cache, sleep)
    out: list[Mapping] = []
    done: set[str] = set()
    for query in templates(remote.using):
        given = _given(query, wanted, mappings, done)
        with closing(line.open()):
            rows = [row for some in _parts(list(given), remote.batch) for row in line.rows(query, some)]
        found = _mappings(rows, given, remote, by_name=_slot(query) == "name")
        out += found
        done |= {m.subject for m in found}
    known = {(m.subject, m.object) for m in mappings}
    return Answered(tuple(sorted({m for m in out if (m.subject, m.object) not in known})), tuple(line.told()))


def _slot(query: Query) -> str | None:
    return next((p.name for p in query.parameters if p.name in ("key", "iri", "name")), None)


def _given(
    query: Query, wanted: Sequence[Thing], mappings: Sequence[Mapping], done: set[str]
) -> dict[str, list[Thing]]:
    """What is put into the query's slot -> the things that it stands for."""
    slot = _slot(query)
    out: defaultdict[str, list[Thing]] = defaultdict(list)
    by_curie = {thing.curie: thing for thing in wanted if thing.curie not in done}
    if slot == "name":
        for thing in by_curie.values():
            kind = "finding" if thing.kinds & {"disease", "phenotype"} else "drug"
            out[f"{kind} {thing.name}"].append(thing)
        return dict(sorted(out.items()))
    for m in mappings:
        prefix, _, local = m.object.partition(":")
        if m.predicate == "skos:exactMatch" and not m.negated and m.subject in by_curie:
            if slot == "iri":
                out[iri_of(m.object)].append(by_curie[m.subject])
            elif f'"{prefix}"' in query.text:
                for written in _writings(prefix, local):
                    out[f"{prefix} {written}"].append(by_curie[m.subject])
    return dict(sorted(out.items()))


def _writings(prefix: str, local: str) -> tuple[str, ...]:
    """How endpoints write an identifier: those of OBO vocabularies with and without their prefix."""
    return (local, f"{prefix}:{local}", f"{prefix}_{local}") if prefix.isupper() else (local,)


def _unwritten(text: str) -> str | None:
    """The CURIE that an endpoint means: ``HP:HP:0001250`` and ``MONDO:MONDO_0005301`` are written twice."""
    prefix, _, local = text.partition(":")
    return standard(f"{prefix}:{local.removeprefix(f'{prefix}:').removeprefix(f'{prefix}_')}") or standard(text)


def _parts(given: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(given), size):
        yield given[start : start + size]


def _filled(query: Query, given: Sequence[str]) -> str:
    from pyoxigraph import Literal, NamedNode

    slot = _slot(query) or ""
    terms: list[NamedNode | Literal] = [NamedNode(one) if slot == "iri" else Literal(one) for one in given]
    return bind(query, {slot: terms})


@dataclass(slots=True)
class _Line:
    """The line to an endpoint: its rate, its failures, and the answers that are kept."""

    remote: Remote
    cache: Path
    sleep: Callable[[float], None]
    failed: list[str] = field(default_factory=list)
    in_a_row: int = 0
    unasked: int = 0
    last: float = 0.0
    answers: sqlite3.Connection | None = None

    def open(self) -> sqlite3.Connection:
        try:
            self.answers = sqlite3.connect(self.cache, isolation_level=None)
            self.answers.execute(
                "CREATE TABLE IF NOT EXISTS answer (query TEXT PRIMARY KEY, endpoint TEXT, at REAL, rows TEXT)"
            )
        except sqlite3.Error as error:
            raise StoreError(f"{self.cache}: answers cannot be kept ({error}) - name another file") from error
        return self.answers

    def rows(self, query: Query, given: list[str]) -> list[_Row]:
        """The answer for some values; halved where it is too much, empty where it fails."""
        text = _filled(query, given)
        name = hashlib.sha256(f"{self.remote.endpoint}\0{text}".encode()).hexdigest()
        assert self.answers is not None
        kept = self.answers.execute("SELECT rows, at FROM answer WHERE query = ?", (name,)).fetchone()
        if kept is not None and time.time() - kept[1] < _FRESH:
            return [_Row(*row) for row in json.loads(kept[0])]
        if self.in_a_row >= _GIVE_UP:
            self.unasked += len(given)
            return []
        try:
            found = self._send(query, text)
        except TooMuch as error:
            if len(given) > 1:
                half = len(given) // 2
                return [*self.rows(query, given[:half]), *self.rows(query, given[half:])]
            return self._fail(query, given, error)
        except MonographError as error:
            return self._fail(query, given, error)
        self.in_a_row = 0
        said = json.dumps([[row.given, row.term, row.label, row.also] for row in found], ensure_ascii=False)
        self.answers.execute(
            "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)", (name, self.remote.endpoint, time.time(), said)
        )
        return found

    def told(self) -> Iterator[str]:
        yield from self.failed
        if self.unasked:
            yield (
                f"{self.remote.endpoint}: {self.unasked:,} more were not asked for after {_GIVE_UP} failures one after "
                "the other - run it again later; what was answered is kept"
            )

    def _fail(self, query: Query, given: Sequence[str], error: MonographError) -> list[_Row]:
        self.in_a_row += 1
        self.failed.append(f"{query.name}, {len(given):,} from '{given[0]}' on: {error}")
        return []

    def _send(self, query: Query, text: str) -> list[_Row]:
        wait = self.last + 1 / self.remote.rate - time.monotonic()
        if wait > 0:
            self.sleep(wait)
        self.last = time.monotonic()
        answer = EndpointStore(self.remote.endpoint, timeout=self.remote.timeout, sleep=self.sleep).query(text)
        slot = _slot(query) or ""
        if not isinstance(answer, Solutions) or not {slot, "term"} <= set(answer.variables):
            raise QueryError(f"{query.name}: gives no ?{slot} and ?term - a remote query selects them")
        columns = [
            answer.variables.index(n) if n in answer.variables else None for n in (slot, "term", "label", "also")
        ]
        return [
            _Row(*("" if at is None or row[at] is None else str(getattr(row[at], "value", row[at])) for at in columns))
            for row in answer
        ]


def _mappings(rows: Sequence[_Row], given: dict[str, list[Thing]], remote: Remote, *, by_name: bool) -> list[Mapping]:
    """Rows as mappings: one term for an identifier is the same, several stay candidates; a name makes a close match."""
    terms: defaultdict[str, dict[str, _Row]] = defaultdict(dict)
    others: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        for thing in given.get(row.given, ()):
            if (curie := standard(row.term)) is not None:
                terms[thing.curie].setdefault(curie, row)
            if (also := _unwritten(row.also)) is not None:
                others[thing.curie, also.partition(":")[0]].add(also)
    names = {thing.curie: thing for several in given.values() for thing in several}
    make = _maker(remote)
    out = []
    for subject, found in terms.items():
        for curie, row in found.items():
            alone = len(found) == 1
            predicate = CANDIDATE if not alone else "skos:closeMatch" if by_name else "skos:exactMatch"
            worth = (_BY_NAME if by_name else _BY_IDENTIFIER) / len(found)
            how = f"by its name '{row.given}'" if by_name else f"by {row.given}"
            out.append(make(names[subject], predicate, curie, row.label, worth, how, by_name))
        if by_name or len(found) > 1:
            continue
        [item] = found
        for prefix in sorted({p for s, p in others if s == subject}):
            same = sorted(others[subject, prefix] - {item})
            for curie in same:
                predicate = "skos:exactMatch" if len(same) == 1 else CANDIDATE
                worth = _BY_IDENTIFIER**2 / len(same)
                out.append(make(names[subject], predicate, curie, "", worth, f"as {item} states", False))
    return out


def _maker(remote: Remote) -> Callable[[Thing, str, str, str, float, str, bool], Mapping]:
    @remembered
    def tool() -> str:
        return version("monograph")

    def make(thing: Thing, predicate: str, curie: str, label: str, worth: float, how: str, by_name: bool) -> Mapping:
        return Mapping(
            thing.curie,
            predicate,
            curie,
            subject_label=thing.name,
            object_label=label,
            justification="semapv:LexicalMatching" if by_name else "semapv:MappingChaining",
            confidence=round(worth, 3),
            tool="monograph",
            tool_version=tool(),
            object_source=remote.endpoint,
            comment=how,
        )

    return make
