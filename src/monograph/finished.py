"""A document that is ready for a store: its graph as N-Quads, its record, and what is to be known of both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from monograph.document import Document
from monograph.facts import Fact, Gap
from monograph.graph import edges, nquads, withheld
from monograph.records import Record, record_bytes
from monograph.shortcuts import Edge

__all__ = ["Finished", "Key", "finish"]


@dataclass(frozen=True, slots=True)
class Finished:
    """A document with its facts as a store or a shard takes it.

    ``nquads`` is its graph, a sorted line a quad; ``record`` its canonical text (:mod:`monograph.records`), whose
    SHA-256 is ``record_sha256``; ``sha256`` is that of the source's bytes; ``edges`` are the shortcuts that its facts
    bear, ``passed_over`` the statements that gave no fact.
    """

    source: str
    identifier: str
    title: str
    drug: str
    facts: int
    gaps: int
    passed_over: int
    sha256: str
    nquads: bytes
    record: bytes
    record_sha256: str
    edges: frozenset[Edge]


@dataclass(frozen=True, slots=True)
class Key:
    """What a record of a source was made of and how: the same key gives the same documents."""

    name: str
    sha256: str
    version: str
    quotes: bool


def finish(
    document: Document,
    facts: Iterable[Fact],
    gaps: Iterable[Gap] = (),
    *,
    quotes: bool = True,
    source: str = "",
    passed_over: int = 0,
) -> Finished:
    """``document`` with its facts and gaps, ready for a store.

    ``quotes`` and the ValueErrors are those of :func:`monograph.graph.quads`.
    """
    facts, gaps = list(facts), list(gaps)
    kept = Record(document, {} if quotes else withheld(document.sha256, facts, gaps))
    rows = nquads(document, facts, gaps, quotes=quotes, record=kept)
    record = record_bytes(kept)
    return Finished(
        source=source,
        identifier=document.identifier,
        title=document.title or document.identifier,
        drug=", ".join(sorted({fact.drug for fact in facts})),
        facts=len(facts),
        gaps=len(gaps),
        passed_over=passed_over,
        sha256=document.sha256,
        nquads=rows.encode(),
        record=record,
        record_sha256=hashlib.sha256(record).hexdigest(),
        edges=edges(facts),
    )
