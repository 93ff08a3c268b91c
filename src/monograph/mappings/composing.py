"""What follows from mappings together: chains of exact matches, and where they contradict each other.

Exact matches are symmetric and, within a short chain, transitive (SKOS Reference, 10.4 and 10.6.7,
https://www.w3.org/TR/skos-reference/#mapping); the longer a chain, the less it is worth. All other matches end a
chain: nothing is made of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from monograph.mappings.model import Mapping

__all__ = ["EXACT", "Chain", "Conflict", "Step", "chains", "compose", "conflicts", "steps"]

#: predicates that say that two identifiers stand for the same
EXACT: Final = frozenset(["skos:exactMatch", "owl:equivalentClass", "owl:sameAs"])
#: what a step of unstated confidence is worth
_STEP: Final = 0.95
_LONGEST: Final = 3


class Step(NamedTuple):
    """One link of a chain: where it leads, what it is worth, and the set that states it."""

    target: str
    confidence: float
    source: str


@dataclass(frozen=True, slots=True)
class Chain:
    """How an identifier was reached: the steps, and the product of what they are worth."""

    start: str
    steps: tuple[Step, ...]
    confidence: float

    @property
    def target(self) -> str:
        return self.steps[-1].target

    def __str__(self) -> str:
        """``MONDO:0001 → DOID:2 (mondo-exactmatch-doid) → mesh:D3 (doid-xrefs)``."""
        return " → ".join([self.start, *(f"{step.target} ({step.source})" for step in self.steps)])


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more identifiers of one vocabulary that are each said to be the same as ``subject``, and by what."""

    subject: str
    prefix: str
    targets: tuple[str, ...]
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        told = "; ".join(f"{target} by {reason}" for target, reason in zip(self.targets, self.reasons, strict=True))
        return f"{self.subject} would be {len(self.targets)} terms of {self.prefix}: {told}"


def steps(rows: Iterable[tuple[str, Mapping]]) -> dict[str, list[Step]]:
    """Identifier -> the steps from it, in both directions of each exact row; ``rows`` are pairs of set and mapping.

    A row with the modifier Not takes away what any set says of that pair.
    """
    listed = list(rows)
    denied = {frozenset((m.subject, m.object)) for _, m in listed if m.negated and m.predicate in EXACT}
    out: defaultdict[str, list[Step]] = defaultdict(list)
    for source, m in listed:
        pair = frozenset((m.subject, m.object))
        if m.predicate in EXACT and not m.negated and len(pair) == 2 and pair not in denied:
            worth = _STEP if m.confidence is None else m.confidence
            out[m.subject].append(Step(m.object, worth, source))
            out[m.object].append(Step(m.subject, worth, source))
    return out


def chains(start: str, following: Callable[[str], Iterable[Step]], longest: int = _LONGEST) -> dict[str, Chain]:
    """Identifier -> the best of the shortest chains that lead to it from ``start``, itself left out.

    A chain never visits a vocabulary twice: by way of one that splits or lumps terms otherwise, it would come back to
    another term of the vocabulary that it left.
    """
    found: dict[str, Chain] = {}
    edge = [Chain(start, (), 1.0)]
    for _ in range(longest):
        following_edge: dict[str, Chain] = {}
        for chain in edge:
            last = chain.steps[-1].target if chain.steps else start
            visited = {_prefix(start), *(_prefix(step.target) for step in chain.steps)}
            for step in following(last):
                if step.target == start or step.target in found or _prefix(step.target) in visited:
                    continue
                longer = Chain(start, (*chain.steps, step), chain.confidence * step.confidence)
                known = following_edge.get(step.target)
                if known is None or (longer.confidence, str(known)) > (known.confidence, str(longer)):
                    following_edge[step.target] = longer
        found.update(following_edge)
        edge = list(following_edge.values())
    return found


def compose(rows: Iterable[tuple[str, Mapping]], longest: int = _LONGEST) -> list[Mapping]:
    """The exact matches that follow from ``rows`` and that none of them states, each with its chain in ``comment``.

    Sorted by subject and object, and each pair once, the lesser identifier as its subject.
    """
    following = steps(rows)
    out = []
    for subject in sorted(following):
        for target, chain in chains(subject, lambda curie: following.get(curie, ()), longest).items():
            if len(chain.steps) > 1 and subject < target:
                out.append(
                    Mapping(
                        subject,
                        "skos:exactMatch",
                        target,
                        justification="semapv:MappingChaining",
                        confidence=round(chain.confidence, 4),
                        comment=str(chain),
                    )
                )
    return sorted(out)


def conflicts(matches: Iterable[tuple[str, str, str]]) -> list[Conflict]:
    """Where one subject has several exact matches in one vocabulary, of triples of subject, target and reason."""
    found: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for subject, target, reason in matches:
        found[subject, _prefix(target)].setdefault(target, reason)
    return [
        Conflict(subject, prefix, tuple(sorted(targets)), tuple(targets[t] for t in sorted(targets)))
        for (subject, prefix), targets in sorted(found.items())
        if len(targets) > 1
    ]


def _prefix(curie: str) -> str:
    return curie.partition(":")[0]
