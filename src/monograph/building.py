"""The pipeline: sources are read record by record, each is processed, and what comes of it goes into a store or shards.

A document that cannot be used is reported and the others go in; nothing of it reaches the store. What a store already
holds of the same bytes by the same extraction is not made again, so a build that was killed goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol, Self

from monograph.finished import Finished, Key
from monograph.loading import STDIN, Failure, Part, parts
from monograph.processing import Outcome, process, read_records, verify
from monograph.spreading import processors, spread

__all__ = [
    "BuildReport",
    "Built",
    "Failure",
    "FirstCome",
    "Target",
    "build",
    "jobs_for",
    "key_of",
    "lost",
    "read_all",
    "verify",
]

#: a batch goes to the target when it has so many bytes of N-Quads
_BATCH: Final = 16 * 1024 * 1024
#: processes that start take about as long as one process needs for so many bytes
_SMALL: Final = 600_000


class Target(Protocol):
    """What a build fills: a :class:`monograph.store.Store`, or shards (:mod:`monograph.shards`)."""

    def put_all(self, batch: Sequence[Finished], records: Mapping[Key, Sequence[str]] | None = None) -> None:
        """Takes documents, each wholly or not at all; ``records`` are those that gave them, with their identifiers."""
        ...

    def built(self, key: Key) -> tuple[str, ...] | None:
        """The identifiers of the documents that a record with this key gave, where all are still as it left them."""
        ...


@dataclass(frozen=True, slots=True)
class Built:
    """A document that went in: where it came from, what it is about, and how much was made of it."""

    source: str
    identifier: str
    title: str
    drug: str
    facts: int
    gaps: int
    passed_over: int

    @classmethod
    def of(cls, one: Finished) -> Self:
        return cls(one.source, one.identifier, one.title, one.drug, one.facts, one.gaps, one.passed_over)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, in the order of the sources; ``unchanged`` counts documents that were there already."""

    built: tuple[Built, ...]
    failures: tuple[Failure, ...]
    unchanged: int = 0

    @property
    def facts(self) -> int:
        return sum(one.facts for one in self.built)

    @property
    def gaps(self) -> int:
        return sum(one.gaps for one in self.built)

    @property
    def passed_over(self) -> int:
        return sum(one.passed_over for one in self.built)

    @property
    def exit_code(self) -> int:
        """0 all went in, 1 some did, 2 none."""
        return 0 if not self.failures else 1 if self.built or self.unchanged else 2


def build(
    target: Target,
    sources: Iterable[str | Path],
    *,
    loader: str | None = None,
    quotes: bool = True,
    jobs: int = 1,
    again: bool = False,
    done: Callable[[Part | Failure], None] | None = None,
) -> BuildReport:
    """Puts every document of ``sources`` (files, as :func:`monograph.loading.sources` finds them) into ``target``.

    ``quotes=False`` keeps the sources' sentences out of the graph; ``jobs`` processes work side by side; ``again``
    makes also what is there already; ``done`` is called with each record once it is dealt with. A source that cannot be
    used becomes a Failure of the report, and so does another document of an identifier that was taken; the same bytes
    again are there already. Errors of the target are raised, for they concern all that follows.
    """
    run = _Run(target, quotes, again)
    for part, outcomes in spread(run.wanted(sources, loader), partial(_processed, quotes=quotes), lost, jobs=jobs):
        run.take(part, outcomes)
        if done is not None:
            done(part)
    run.flush()
    return BuildReport(tuple(run.done), tuple(run.failures), run.unchanged)


class FirstCome:
    """Which source gave a document: of two with one identifier the first has it, in the order of the sources."""

    def __init__(self) -> None:
        #: identifier -> where the document came from, and the digest of its bytes
        self._first: dict[str, tuple[str, str]] = {}

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._first

    def take(self, identifier: str, source: str, sha256: str) -> bool | Failure:
        """Whether the document is the first of its identifier; False where it is the same again, as when searches for
        two drugs find the label of both, and a Failure where it is another one.
        """
        if identifier not in self._first:
            self._first[identifier] = (source, sha256)
            return True
        first, digest = self._first[identifier]
        if digest == sha256:
            return False
        reason = f"{source}: is document '{identifier}', as {first} is - give it another name or title"
        return Failure(source, reason)


class _Run:
    """A build while it goes on: the batch that waits, and what was reported."""

    def __init__(self, target: Target, quotes: bool, again: bool) -> None:
        self.target = target
        self.quotes = quotes
        self.again = again
        self.done: list[Built] = []
        self.failures: list[Failure] = []
        self.unchanged = 0
        self._batch: list[Finished] = []
        self._records: dict[Key, tuple[str, ...]] = {}
        self._size = 0
        self._taken = FirstCome()

    def wanted(self, sources: Iterable[str | Path], loader: str | None) -> Iterator[Part | Failure]:
        """The records that are to be made."""
        for source in sources:
            for part in parts(source, loader=loader):
                if isinstance(part, Part) and not self.again:
                    known = self.target.built(key_of(part, self.quotes))
                    if known is not None and not any(one in self._taken for one in known):
                        self.unchanged += len(known)
                        for one in known:
                            self._taken.take(one, part.source, key_of(part, self.quotes).sha256)
                        continue
                yield part

    def take(self, part: Part | Failure, outcomes: Sequence[Finished | Failure]) -> None:
        """What came of a record."""
        whole = isinstance(part, Part)
        here: list[Finished] = []
        for one in outcomes:
            if isinstance(one, Finished):
                first = self._taken.take(one.identifier, one.source, one.sha256)
                if first is True:
                    here.append(one)
                    continue
                if first is False:
                    self.unchanged += 1
                    continue
                one = first
            self.failures.append(one)
            whole = False
        self._batch += here
        self._size += sum(len(one.nquads) for one in here)
        self.done += map(Built.of, here)
        if whole and here and isinstance(part, Part):
            self._records[key_of(part, self.quotes)] = tuple(one.identifier for one in here)
        if self._size >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Hands the batch that waits to the target."""
        if self._batch:
            self.target.put_all(self._batch, self._records)
        self._batch, self._records, self._size = [], {}, 0


def key_of(part: Part, quotes: bool) -> Key:
    """What tells whether a record is to be made again."""
    from monograph.extraction import VERSION

    return Key(part.name, hashlib.sha256(part.data).hexdigest(), VERSION, quotes)


def _processed(part: Part | Failure, *, quotes: bool) -> list[Finished | Failure]:
    return [part] if isinstance(part, Failure) else process(part, quotes=quotes)


def lost(part: Part | Failure) -> list[Finished | Failure]:
    """What is told of a record that has ended the process which read it."""
    return [_ended(part)]


def _ended(part: Part | Failure) -> Failure:
    return Failure(part.source, f"{part.source}: ended the process that read it - is there enough memory?")


def jobs_for(sources: Sequence[str | Path], jobs: int | None = None) -> int:
    """How many processes should read ``sources``: ``jobs`` where given, else one a processor, or one for little."""
    if jobs is not None:
        return jobs
    files = [Path(source) for source in sources if str(source) != STDIN]
    size = sum(path.stat().st_size for path in files if path.is_file())
    return 1 if files and size < _SMALL else processors()


def read_all(
    sources: Iterable[str | Path], *, loader: str | None = None, jobs: int = 1
) -> Iterator[tuple[Part | Failure, list[Outcome]]]:
    """Each record of ``sources`` with its documents and what is extracted from them, in their order."""
    records = (part for source in sources for part in parts(source, loader=loader))
    yield from spread(records, _read, _unread, jobs=jobs)


def _unread(part: Part | Failure) -> list[Outcome]:
    return [_ended(part)]


def _read(part: Part | Failure) -> list[Outcome]:
    """The outcomes of a record without what can be computed again, to be sent to another process."""
    from dataclasses import replace

    if isinstance(part, Failure):
        return [part]
    return [one if isinstance(one, Failure) else (replace(one[0]), one[1]) for one in read_records(part)]
