"""A curator's word: rows of an SSSOM table that a person wrote or checked, which win over what a program found."""

from __future__ import annotations

from collections.abc import Iterable

from monograph.mappings.model import Mapping

__all__ = ["curate"]


def curate(found: Iterable[Mapping], curated: Iterable[Mapping]) -> list[Mapping]:
    """``found`` as a curator leaves it, sorted.

    A curator's row replaces what was found for the same pair, whatever its predicate. A row with the modifier Not
    takes the pair out and stays as a denial. Where he gives a subject an exact match in a vocabulary, other exact
    matches found in that vocabulary become close ones, for two terms of one vocabulary are not the same.
    """
    word = {(m.subject, m.object): m for m in curated}
    settled = {(m.subject, m.object.partition(":")[0]) for m in word.values() if _is_exact(m)}
    out = list(word.values())
    for mapping in found:
        if (mapping.subject, mapping.object) in word:
            continue
        if _is_exact(mapping) and (mapping.subject, mapping.object.partition(":")[0]) in settled:
            said = "; ".join(part for part in (mapping.comment, "a curator chose another term") if part)
            mapping = _close(mapping, said)
        out.append(mapping)
    return sorted(out, key=lambda m: (m.subject, m.object, m.predicate))


def _is_exact(mapping: Mapping) -> bool:
    return mapping.predicate == "skos:exactMatch" and not mapping.negated


def _close(mapping: Mapping, comment: str) -> Mapping:
    from dataclasses import replace

    return replace(mapping, predicate="skos:closeMatch", comment=comment)
