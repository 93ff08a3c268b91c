"""Things of the graph matched with terms of vocabularies: by name first, then by what follows from the terms found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Final

from monograph.grounding import Candidate, Name, ground_all
from monograph.grounding.candidates import CANDIDATE
from monograph.linking.things import Thing
from monograph.mappings.composing import EXACT, Chain, Conflict, Step, chains, conflicts, steps
from monograph.mappings.model import Mapping
from monograph.vocabularies.index import Index
from monograph.vocabularies.reading import kind_of

__all__ = ["Links", "link"]

#: what a term states of itself in its own vocabulary (a drug's UNII) is worth as much as a curated row
_STATED: Final = 0.98
#: how sure a chain must be, its start included, to be called exact
_LEAST: Final = 0.75
#: candidates of a thing beyond these are of no use to whoever must choose
_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Links:
    """What linking found: mappings, sorted; the conflicts among them; and the things that nothing was found for."""

    mappings: tuple[Mapping, ...]
    conflicts: tuple[Conflict, ...]
    unlinked: tuple[Thing, ...]


def link(index: Index, things: Sequence[Thing]) -> Links:
    """The mappings of ``things``, by name and by chains of exact matches from the terms that bear their names.

    A term that two ways lead to is stated once, by the better. Where chains lead to several terms of one vocabulary,
    or to another than the name does, the name's term stays and the others are candidates; each is a conflict.
    """
    following = _following(index)
    found: list[Mapping] = []
    told: list[tuple[str, str, str]] = []
    unlinked = []
    names = (Name(thing.name, thing.kinds) for thing in things)
    for thing, grounding in zip(things, ground_all(index, names), strict=True):
        mapped = {c.curie: _by_name(thing, c) for c in grounding.candidates[:_MOST]}
        reached = _reached(index, thing, grounding.exact, following)
        taken = Counter(_prefix(curie) for curie in (*(c.curie for c in grounding.exact), *reached))
        for target, (chain, worth) in reached.items():
            exact = taken[_prefix(target)] == 1
            if exact or target not in mapped:
                mapped[target] = _by_chain(thing, chain, worth, index, exact=exact)
        told += [(thing.curie, c.curie, f"its name ({c.reason})") for c in grounding.exact]
        told += [(thing.curie, target, str(chain)) for target, (chain, _) in reached.items()]
        found += mapped.values()
        if not mapped:
            unlinked.append(thing)
    return Links(tuple(sorted(found, key=_order)), tuple(conflicts(told)), tuple(unlinked))


def _prefix(curie: str) -> str:
    return curie.partition(":")[0]


def _following(index: Index) -> Callable[[str], list[Step]]:
    """The steps from an identifier: what its terms state as their own, who states it, and the rows of mapping sets."""

    @cache
    def following(curie: str) -> list[Step]:
        stated: dict[str, str] = {}
        for other, vocabulary in index.same(curie):
            stated.setdefault(other, vocabulary)
        out = [Step(other, _STATED, vocabulary) for other, vocabulary in stated.items()]
        return [*out, *steps(index.mappings(curie)).get(curie, ())]

    return following


def _reached(
    index: Index, thing: Thing, exact: Sequence[Candidate], following: Callable[[str], list[Step]]
) -> dict[str, tuple[Chain, float]]:
    """Identifier -> the best chain to it from any of the terms that bear the name, and what it is worth in all.

    No chain leads by way of an obsolete term, or of one of another kind: from a symptom into diseases; nor to a term
    that a mapping set denies to be the same as one that bears the name.
    """

    def onward(curie: str) -> list[Step]:
        return [step for step in following(curie) if _fits(index, step.target, thing)]

    out: dict[str, tuple[Chain, float]] = {}
    denied = {
        curie
        for candidate in exact
        for _, m in index.mappings(candidate.curie)
        if m.negated and m.predicate in EXACT
        for curie in (m.subject, m.object)
    }
    for candidate in exact:
        for target, chain in chains(candidate.curie, onward).items():
            worth = round(candidate.score * chain.confidence, 3)
            if worth < _LEAST or target in denied or any(target == c.curie for c in exact):
                continue
            if target not in out or (worth, -len(chain.steps)) > (out[target][1], -len(out[target][0].steps)):
                out[target] = (chain, worth)
    return out


def _fits(index: Index, curie: str, thing: Thing) -> bool:
    term = index.term(curie)
    kind = (term.kind if term else "") or kind_of(curie)
    drug = "drug" in thing.kinds and kind == "substance"
    return not (term and term.obsolete) and (not kind or kind in thing.kinds or drug)


def _by_name(thing: Thing, candidate: Candidate) -> Mapping:
    return Mapping(
        thing.curie,
        candidate.predicate,
        candidate.curie,
        subject_label=thing.name,
        object_label=candidate.label,
        justification="semapv:LexicalMatching",
        confidence=candidate.score,
        tool="monograph",
        tool_version=version("monograph"),
        object_source=candidate.vocabulary,
        match_string=candidate.matched,
        comment=candidate.reason,
    )


def _by_chain(thing: Thing, chain: Chain, worth: float, index: Index, *, exact: bool) -> Mapping:
    term = index.term(chain.target)
    return Mapping(
        thing.curie,
        "skos:exactMatch" if exact else CANDIDATE,
        chain.target,
        subject_label=thing.name,
        object_label=term.label if term else "",
        justification="semapv:MappingChaining",
        confidence=worth if exact else round(worth / 2, 3),
        tool="monograph",
        tool_version=version("monograph"),
        object_source=chain.steps[-1].source,
        comment=str(chain) if exact else f"conflict: {chain}",
    )


def _order(mapping: Mapping) -> tuple[str, float, str]:
    return mapping.subject, -(mapping.confidence or 0), mapping.object
