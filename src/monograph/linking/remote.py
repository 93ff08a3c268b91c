"""Things asked for at a SPARQL endpoint: by the identifiers that they have first, by their names second.

The queries are those of ``queries/remote/``, or the user's own: one with the parameter ``key`` (prefix and identifier)
or ``iri`` asks by identifier, one with ``name`` (kind and name) by name. A query gives ``?term`` and ``?label``, and
may give in ``?also`` further identifiers of the term. Answers are kept in a file as they come, so that a run that was
cut goes on where it ended.

A term that states another UNII, CAS number, InChIKey or DrugBank number than ours is another substance, whatever else
the two share: a racemate and its enantiomer have one MeSH heading.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache as remembered
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monograph.catalog import Query, bind, parse
from monograph.endpoint import EndpointStore
from monograph.errors import MonographError, QueryError, TooMuch, UnknownName
from monograph.grounding.candidates import CANDIDATE
from monograph.linking.kept import Kept, Row
from monograph.linking.things import Thing
from monograph.mappings.model import Mapping
from monograph.results import Solutions
from monograph.vocabularies.prefixes import iri_of, standard

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

    from monograph.linking.run import Remote
    from monograph.vocabularies.model import TermKind

__all__ = ["Answered", "ask", "queries", "templates"]

#: so many failures one after the other end the asking
_GIVE_UP: Final = 3
#: what an identifier of the thing itself is worth, and what its name alone
_BY_IDENTIFIER: Final = 0.95
_BY_NAME: Final = 0.7
#: what a query by name is told of the kind that the thing is of; what may be a drug is asked for as one
_KINDS: Final[tuple[tuple[frozenset[TermKind], str], ...]] = (
    (frozenset(["disease", "phenotype"]), "finding"),
    (frozenset(["drug-class"]), "class"),
)
#: bytes of an answer at most
_LARGEST: Final = 64_000_000
#: what tells one substance from another, its salts and stereo forms too
_OF_STRUCTURE: Final = frozenset(["unii", "cas", "inchikey", "drugbank"])


@dataclass(frozen=True, slots=True)
class Answered:
    """What an endpoint gave: mappings; and, in a line each, what it did not answer, and which answers were left out."""

    mappings: tuple[Mapping, ...]
    failures: tuple[str, ...]
    notes: tuple[str, ...] = ()


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
    cache: Path | None,
    sleep: Callable[[float], None] = time.sleep,
) -> Answered:
    """Asks the endpoint for ``wanted``, whose identifiers ``mappings`` give; things already found are not asked twice.

    Answers are kept in the file ``cache``, where one is named, and are not asked for again. A request that is too much
    for the server is halved, and those after it are of that size. Whatever fails is told in ``failures``; after three
    failures one after the other the rest is left unasked. Raises StoreError where the address is none or the file
    cannot be used, and what :func:`templates` raises.
    """
    endpoint = EndpointStore(
        remote.endpoint, timeout=remote.timeout, retries=remote.retries, largest=_LARGEST, sleep=sleep
    )
    known = _known(mappings)
    reading = _Reading(known, remote.endpoint)
    with closing(Kept(cache, remote.endpoint)) as kept:
        line = _Line(remote, endpoint, kept, sleep)
        out: list[Mapping] = []
        done: set[str] = set()
        for query in templates(remote.using):
            given = _given(query, wanted, mappings, done)
            found = reading.mappings(line.rows(query, list(given)), given, by_name=_slot(query) == "name")
            out += found
            done |= {m.subject for m in found}
    new = {m for m in out if m.object not in known.get(m.subject, {}).get(_prefix(m.object), ())}
    return Answered(tuple(sorted(new)), tuple(line.told()), tuple(reading.told()))


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
            kind = next((word for of, word in _KINDS if thing.kinds & of), "drug")
            for name in {thing.name, thing.name[:1].upper() + thing.name[1:]}:
                out[f"{kind} {name}"].append(thing)
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


def _asked(given: str) -> str:
    """What a value that is put into a slot stands for, as a CURIE: ``unii 0ZZ1234567`` or an IRI."""
    return standard(given) or given.replace(" ", ":", 1)


def _prefix(curie: str) -> str:
    return curie.partition(":")[0]


def _known(mappings: Iterable[Mapping]) -> dict[str, dict[str, set[str]]]:
    """The identifiers that each thing surely has, by prefix."""
    out: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for m in mappings:
        if m.predicate == "skos:exactMatch" and not m.negated:
            out[m.subject][_prefix(m.object)].add(m.object)
    return {subject: dict(by_prefix) for subject, by_prefix in out.items()}


@dataclass(slots=True)
class _Line:
    """The line to an endpoint: its rate, the size of its requests, and its failures."""

    remote: Remote
    endpoint: EndpointStore
    kept: Kept
    sleep: Callable[[float], None]
    failed: list[str] = field(default_factory=list)
    in_a_row: int = 0
    unasked: int = 0
    last: float = 0.0
    size: int = 0

    def rows(self, query: Query, given: list[str]) -> list[Row]:
        """What is kept and what the endpoint says of the values ``given``; where it fails, what it said long ago."""
        self.size = self.size or self.remote.batch
        answers = self.kept.get(query.text, given)
        waiting = deque(one for one in given if one not in answers)
        while waiting and self.in_a_row < _GIVE_UP:
            some = [waiting.popleft() for _ in range(min(self.size, len(waiting)))]
            try:
                said = self._send(query, some)
            except MonographError as error:
                if isinstance(error, TooMuch) and len(some) > 1:
                    self.size = len(some) // 2
                    waiting.extendleft(reversed(some))
                else:
                    self.in_a_row += 1
                    self.failed.append(f"{query.name}, {len(some):,} from '{some[0]}' on: {error}")
                continue
            self.in_a_row = 0
            self.kept.put(query.text, said)
            answers |= said
        self.unasked += len(waiting)
        answers |= self.kept.get(query.text, (one for one in given if one not in answers), old=True)
        return [row for one in given for row in answers.get(one, ())]

    def told(self) -> Iterator[str]:
        yield from self.failed
        if self.unasked:
            yield (
                f"{self.remote.endpoint}: {self.unasked:,} more were not asked for after {_GIVE_UP} failures one after "
                "the other - run it again later; what was answered is kept"
            )

    def _send(self, query: Query, given: list[str]) -> dict[str, list[Row]]:
        wait = self.last + 1 / self.remote.rate - time.monotonic()
        if wait > 0:
            self.sleep(wait)
        self.last = time.monotonic()
        answer = self.endpoint.query(_filled(query, given))
        slot = _slot(query) or ""
        if not isinstance(answer, Solutions) or not {slot, "term"} <= set(answer.variables):
            raise QueryError(f"{query.name}: gives no ?{slot} and ?term - a remote query selects them")
        columns = [
            answer.variables.index(n) if n in answer.variables else None for n in (slot, "term", "label", "also")
        ]
        said: dict[str, list[Row]] = {one: [] for one in given}
        for found in answer:
            row = Row(*("" if at is None else str(getattr(found[at], "value", "")) for at in columns))
            if row.given in said:
                said[row.given].append(row)
        return said


@dataclass(slots=True)
class _Item:
    """A term of the endpoint that may be a thing: its label, what it was found by, what else it states, by prefix."""

    label: str
    by: dict[str, None] = field(default_factory=dict)
    also: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(slots=True)
class _Reading:
    """Rows read as mappings, and what of them could not be used."""

    known: dict[str, dict[str, set[str]]]
    endpoint: str
    unknown: set[str] = field(default_factory=set)
    others: list[str] = field(default_factory=list)

    def mappings(self, rows: Sequence[Row], given: dict[str, list[Thing]], *, by_name: bool) -> list[Mapping]:
        """One term for an identifier is the same, several stay candidates; a name makes a close match."""
        items: defaultdict[Thing, dict[str, _Item]] = defaultdict(dict)
        for row in rows:
            curie, also = standard(row.term), _unwritten(row.also)
            self.unknown |= {said for said, read in ((row.term, curie), (row.also, also)) if said and read is None}
            for thing in given[row.given] if curie is not None else ():
                item = items[thing].setdefault(curie or "", _Item(row.label))
                item.by[row.given] = None
                if also is not None:
                    item.also[_prefix(also)].add(also)
        make = _maker(self.endpoint)
        out: list[Mapping] = []
        for thing, found in items.items():
            same = self._same(thing, found)
            for curie, item in same.items():
                predicate = CANDIDATE if len(same) > 1 else "skos:closeMatch" if by_name else "skos:exactMatch"
                worth = (_BY_NAME if by_name else _BY_IDENTIFIER) / len(same)
                how = f"by its name '{next(iter(item.by))}'" if by_name else f"by {', '.join(item.by)}"
                out.append(make(thing, predicate, curie, item.label, worth, how, by_name))
            if not by_name and len(same) == 1:
                [(curie, item)] = same.items()
                for predicate, other, worth in self._stated(thing, curie, item):
                    out.append(make(thing, predicate, other, "", worth, f"as {curie} states", False))
        return out

    def told(self) -> Iterator[str]:
        yield from self.others
        if self.unknown:
            yield (
                f"{self.endpoint}: {len(self.unknown):,} answers are no identifiers of a known vocabulary and were "
                f"left out, such as '{min(self.unknown)}'"
            )

    def _same(self, thing: Thing, found: dict[str, _Item]) -> dict[str, _Item]:
        """The terms that can be ``thing``: none of another substance; where one alone has its structure, that one."""
        known = self.known.get(thing.curie, {})
        out = {}
        for curie, item in found.items():
            clash = sorted(p for p in _OF_STRUCTURE & known.keys() & item.also.keys() if not known[p] & item.also[p])
            if clash:
                stated = ", ".join(sorted(item.also[clash[0]]))
                self.others.append(f"{curie} is not {thing.curie}, for it states {stated}")
            else:
                out[curie] = item
        sure = {curie: item for curie, item in out.items() if _OF_STRUCTURE & {_prefix(_asked(by)) for by in item.by}}
        return sure if len(sure) == 1 else out

    def _stated(self, thing: Thing, curie: str, item: _Item) -> Iterator[tuple[str, str, float]]:
        """What a term states of itself: exact where its vocabulary has no other for the thing."""
        known = self.known.get(thing.curie, {})
        for prefix, stated in sorted(item.also.items()):
            ours = known.get(prefix, set())
            if ours and prefix in _OF_STRUCTURE:
                continue  # a second one is that of a salt or stereo form
            several = len((stated | ours) - {curie})
            for other in sorted(stated - ours - {curie}):
                yield CANDIDATE if several > 1 else "skos:exactMatch", other, _BY_IDENTIFIER**2 / several


def _maker(endpoint: str) -> Callable[[Thing, str, str, str, float, str, bool], Mapping]:
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
            object_source=endpoint,
            comment=how,
        )

    return make
