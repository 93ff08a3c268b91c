"""What is done with one record, wherever it is done: in this process, in a pool of them, or on a cluster.

A record goes in as bytes and comes out as the N-Quads of its documents' graphs: no state, nothing shared, and all that
is handed over can be sent to another machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from monograph.errors import MonographError, SourceError
from monograph.extraction import extract
from monograph.loading import Failure, Part, read_part

if TYPE_CHECKING:
    from monograph.document import Document
    from monograph.extraction import Extraction
    from monograph.facts import Fact
    from monograph.finished import Finished

__all__ = ["Outcome", "process", "read_records", "verify"]

Outcome: TypeAlias = "tuple[Document, Extraction] | Failure"


def process(part: Part, *, quotes: bool = True) -> list[Finished | Failure]:
    """The documents of a record, each extracted, held against its text and written as N-Quads.

    ``quotes=False`` keeps the source's sentences out of the graphs. What cannot be used is a Failure; nothing is raised
    but for errors of this program.
    """
    from monograph.finished import finish

    out: list[Finished | Failure] = []
    for one in read_records(part):
        if isinstance(one, Failure):
            out.append(one)
            continue
        document, found = one
        out.append(
            finish(
                document, found.facts, found.gaps, quotes=quotes, source=part.source, passed_over=found.passed_over
            )
        )  # fmt: skip
    return out


def read_records(part: Part) -> Iterator[Outcome]:
    """The documents of one record with what is extracted from them; a Failure for what cannot be used."""
    try:
        for document in read_part(part):
            try:
                extraction = extract(document)
                verify(document, extraction.facts)
                if not extraction.facts and not document.corrections:
                    reason = extraction.problem or "states nothing about a drug that the rules understand"
                    raise SourceError(f"{part.source}: {reason}")
            except MonographError as error:
                yield Failure(part.source, str(error))
            except Exception as error:  # one document that trips us up does not stop a thousand
                yield _fault(part, error)
            else:
                yield document, extraction
    except MonographError as error:
        yield Failure(part.source, str(error))
    except Exception as error:
        yield _fault(part, error)


def _fault(part: Part, error: Exception) -> Failure:
    """What went wrong in a program where nothing should, with the line of ours that it happened in."""
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    told = f"{type(error).__name__} in {frame.name}, line {frame.lineno}: {error}"
    return Failure(part.source, f"{part.source}: a fault in monograph ({told}) - please report it with this document")


def verify(document: Document, facts: Iterable[Fact]) -> None:
    """Raises SourceError where a fact's evidence is not the document's text at the place that it names."""
    for fact in facts:
        for evidence in fact.evidence:
            if not evidence.quote or document.text[evidence.start : evidence.end] != evidence.quote:
                raise SourceError(
                    f"{document.identifier}: the {fact.kind} '{fact.value}' quotes {evidence.start}-{evidence.end}, "
                    f"where the text reads otherwise - report rule {fact.rule}"
                )
