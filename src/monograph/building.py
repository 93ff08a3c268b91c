"""The pipeline: sources are loaded, facts extracted, each held against its text, and the whole put into a store.

A document that cannot be used is reported and the others are loaded; nothing of it reaches the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from monograph.errors import MonographError, SourceError, UnknownName
from monograph.extraction import extract
from monograph.loading import load

if TYPE_CHECKING:
    from monograph.document import Document
    from monograph.extraction import Extraction
    from monograph.facts import Fact, Gap

__all__ = ["BuildReport", "Built", "Failure", "build", "read", "verify"]


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
    store: Target, sources: Iterable[str | Path], *, loader: str | None = None, quotes: bool = True
) -> BuildReport:
    """Puts every document of ``sources`` (files, as :func:`monograph.loading.sources` finds them) into ``store``.

    ``quotes=False`` keeps the sources' sentences out of the graph. A source that cannot be used becomes a Failure of
    the report; errors of the store are raised, for they concern all that follows.
    """
    built: list[Built] = []
    failures: list[Failure] = []
    for source in sources:
        for outcome in read(source, loader=loader):
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
