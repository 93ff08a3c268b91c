"""A curator's word: rows of an SSSOM table that a person wrote or checked, which win over what a program found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from monograph.mappings.model import Mapping

__all__ = ["curate"]

#: what a person does; the other rows of his table may be those of a program, handed back as they were
_BY_HAND: Final = frozenset(["semapv:ManualMappingCuration", "semapv:MappingReview"])
_CANDIDATE: Final = "mg:candidateMatch"
_CHAINED: Final = "semapv:MappingChaining"


def curate(found: Iterable[Mapping], curated: Iterable[Mapping]) -> list[Mapping]:
    """``found`` as a curator leaves it, sorted.

    A curator's row replaces what was found for the same pair, whatever its predicate; of two rows for a pair the later
    counts. One with the modifier Not takes the pair out, with all that was reached by way of it, and stays as a
    denial. Where he gives a subject an exact match in a vocabulary, its candidates there go, and another exact match
    there becomes a close one without what was reached by way of it, for two terms of one vocabulary are not the same.
    Among his own rows those that are denied or justified by hand win over the others. A candidate decides nothing.
    """
    given = list(curated)
    decided = [m for m in given if m.negated or m.justification in _BY_HAND]
    others = [m for m in given if not m.negated and m.justification not in _BY_HAND]
    rows = _overrule(list(found), [m for m in others if m.predicate != _CANDIDATE])
    known = {(m.subject, m.object) for m in rows}
    unsure = [m for m in others if m.predicate == _CANDIDATE and (m.subject, m.object) not in known]
    return sorted(_overrule([*rows, *unsure], decided), key=lambda m: (m.subject, m.object, m.predicate))


def _overrule(found: Iterable[Mapping], rows: Iterable[Mapping]) -> list[Mapping]:
    """``rows``, and of ``found`` what they leave."""
    word = {(m.subject, m.object): m for m in rows}
    left = [m for m in found if (m.subject, m.object) not in word]
    settled = {(m.subject, _prefix(m)) for m in word.values() if _is_exact(m)}
    gone = {(m.subject, m.object) for m in word.values() if not _is_exact(m)}
    gone |= {(m.subject, m.object) for m in left if _is_exact(m) and (m.subject, _prefix(m)) in settled}
    out = list(word.values())
    for mapping in left:
        by_way_of = {part for part in mapping.comment.split() if part != mapping.object}
        if mapping.justification == _CHAINED and any((mapping.subject, term) in gone for term in by_way_of):
            continue
        if (mapping.subject, _prefix(mapping)) in settled:
            if mapping.predicate == _CANDIDATE:
                continue
            if _is_exact(mapping):
                said = "; ".join(part for part in (mapping.comment, "a curator chose another term") if part)
                mapping = replace(mapping, predicate="skos:closeMatch", comment=said)
        out.append(mapping)
    return out


def _is_exact(mapping: Mapping) -> bool:
    return mapping.predicate == "skos:exactMatch" and not mapping.negated


def _prefix(mapping: Mapping) -> str:
    return mapping.object.partition(":")[0]
