"""The pipeline: sources are loaded, facts extracted, each held against its text, and the whole put into a store.

A document that cannot be used is reported and the others are loaded; nothing of it reaches the store. With several
jobs, processes read the sources side by side; what they hand back is the same, in the same order.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from monograph.errors import MonographError, SourceError, UnknownName
from monograph.extraction import extract
from monograph.loading import STDIN, load

if TYPE_CHECKING:
    from monograph.document import Document
    from monograph.extraction import Extraction
    from monograph.facts import Fact, Gap

    Outcome: TypeAlias = "tuple[Document, Extraction] | Failure"

__all__ = ["BuildReport", "Built", "Failure", "build", "jobs_for", "read", "read_all", "verify"]


class Target(Protocol):
    """What a build fills: a :class:`monograph.store.Store`, or anything that takes documents with their facts."""

    def put(
        self, document: Document, facts: Iterable[Fact], gaps: Iterable[Gap] = (), *, quotes: bool = True
    ) -> object: ...


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


@dataclass(frozen=True, slots=True)
class Failure:
    """A source, or a document in it, that did not go in, with the one-line reason."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, source by source, in the order of the sources."""

    built: tuple[Built, ...]
    failures: tuple[Failure, ...]

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
        return 0 if not self.failures else 1 if self.built else 2


def build(
    store: Target, sources: Iterable[str | Path], *, loader: str | None = None, quotes: bool = True, jobs: int = 1
) -> BuildReport:
    """Puts every document of ``sources`` (files, as :func:`monograph.loading.sources` finds them) into ``store``.

    ``quotes=False`` keeps the sources' sentences out of the graph; ``jobs`` is for :func:`read_all`. A source that
    cannot be used becomes a Failure of the report; errors of the store are raised, for they concern all that follows.
    """
    built: list[Built] = []
    failures: list[Failure] = []
    for source, outcomes in read_all(sources, loader=loader, jobs=jobs):
        for outcome in outcomes:
            if isinstance(outcome, Failure):
                failures.append(outcome)
                continue
            document, extraction = outcome
            store.put(document, extraction.facts, extraction.gaps, quotes=quotes)
            built.append(
                Built(
                    source=str(source),
                    identifier=document.identifier,
                    title=document.title or document.identifier,
                    drug=", ".join(sorted({fact.drug for fact in extraction.facts})),
                    facts=len(extraction.facts),
                    gaps=len(extraction.gaps),
                    passed_over=extraction.passed_over,
                )
            )
    return BuildReport(tuple(built), tuple(failures))


#: processes that start take about as long as one process needs for so many bytes
_SMALL = 600_000
#: sources that wait for each process, so that none is idle and few results are held
_WAITING = 4


def jobs_for(sources: Sequence[str | Path], jobs: int | None = None) -> int:
    """How many processes should read ``sources``: ``jobs`` where given, else one a processor, or one for little."""
    if jobs is not None:
        return max(1, min(jobs, len(sources)))
    files = [Path(source) for source in sources if str(source) != STDIN]
    if len(files) < 2 or sum(path.stat().st_size for path in files if path.is_file()) < _SMALL:
        return 1
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, len(files))


def read_all(
    sources: Iterable[str | Path], *, loader: str | None = None, jobs: int = 1
) -> Iterator[tuple[str | Path, Iterable[Outcome]]]:
    """What :func:`read` gives for each source, in their order, by ``jobs`` processes.

    A source that ends its process is a Failure, the others are read all the same. Scripts that ask for more than one
    job need the usual ``if __name__ == "__main__":``, for the processes import them.
    """
    if jobs <= 1:
        for source in sources:
            yield source, read(source, loader=loader)
        return
    pool = _pool(jobs)
    waiting: deque[tuple[str | Path, Future[list[Outcome]] | None]] = deque()
    left = iter(sources)
    try:
        while True:
            while len(waiting) < jobs * _WAITING and (one := next(left, None)) is not None:
                waiting.append((one, None if str(one) == STDIN else pool.submit(_read, one, loader)))
            if not waiting:
                return
            source, future = waiting.popleft()
            try:
                yield source, read(source, loader=loader) if future is None else future.result()
            except BrokenProcessPool:  # whichever source it was: this one is tried by itself, the others again
                pool.shutdown(wait=False)
                yield source, _alone(source, loader)
                pool = _pool(jobs)
                waiting = deque((s, f and pool.submit(_read, s, loader)) for s, f in waiting)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(jobs: int) -> ProcessPoolExecutor:
    # a process that is forked from one with threads, such as the store's, may hang
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(jobs, multiprocessing.get_context(method), initializer=_begin)


def _begin() -> None:
    """Ctrl-C is for the process that hands out the work; the others end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read(source: str | Path, loader: str | None) -> list[Outcome]:
    """The outcomes of a source without what can be computed again, to be sent to another process."""
    return [
        outcome if isinstance(outcome, Failure) else (replace(outcome[0]), outcome[1])
        for outcome in read(source, loader=loader)
    ]


def _alone(source: str | Path, loader: str | None) -> list[Outcome]:
    """The outcomes of a source that may end the process that reads it."""
    with _pool(1) as pool:
        try:
            return pool.submit(_read, source, loader).result()
        except BrokenProcessPool:
            return [Failure(str(source), f"{source}: ended the process that read it - is there enough memory?")]


def read(source: str | Path, *, loader: str | None = None) -> Iterator[tuple[Document, Extraction] | Failure]:
    """The documents of one source with what is extracted from them; a Failure for what cannot be used."""
    try:
        for document in load(source, loader=loader):
            try:
                extraction = extract(document)
                verify(document, extraction.facts)
                if not extraction.facts:
                    reason = extraction.problem or "states nothing about a drug that the rules understand"
                    raise SourceError(f"{source}: {reason}")
            except MonographError as error:
                yield Failure(str(source), str(error))
            else:
                yield document, extraction
    except UnknownName:
        raise  # a loader that does not exist fails for every source
    except MonographError as error:
        yield Failure(str(source), str(error))


def verify(document: Document, facts: Iterable[Fact]) -> None:
    """Raises SourceError where a fact's evidence is not the document's text at the place that it names."""
    for fact in facts:
        for evidence in fact.evidence:
            if not evidence.quote or document.text[evidence.start : evidence.end] != evidence.quote:
                raise SourceError(
                    f"{document.identifier}: the {fact.kind} '{fact.value}' quotes {evidence.start}-{evidence.end}, "
                    f"where the text reads otherwise - report rule {fact.rule}"
                )
