"""What follows from mappings together: chains of matches, and where mappings contradict each other.

Exact matches are symmetric and, within a short chain, transitive (SKOS Reference, 10.4 and 10.6.7,
https://www.w3.org/TR/skos-reference/#mapping); the longer a chain, the less it is worth. The same reference gives
broad and narrow matches as each other's inverse. What else a chain gives is in :data:`CHAINED`: an exact match at
either end keeps a match, and broader than broader is broader. SKOS leaves that open (its working group's issue 75,
https://www.w3.org/2006/07/SWD/track/issues/75), so it is made only for who asks for it by name; close and related
matches go no further than one exact step, and nothing follows from two of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from monograph.mappings.model import Mapping

__all__ = ["CHAINED", "EXACT", "Chain", "Conflict", "Step", "chains", "compose", "conflicts", "examine", "steps"]

#: predicates that say that two identifiers stand for the same
EXACT: Final = frozenset(["skos:exactMatch", "owl:equivalentClass", "owl:sameAs"])
_SAME: Final = "skos:exactMatch"
#: match -> the match in the other direction
_INVERSE: Final = {
    **dict.fromkeys(EXACT, _SAME),
    "skos:broadMatch": "skos:narrowMatch",
    "skos:narrowMatch": "skos:broadMatch",
    "skos:closeMatch": "skos:closeMatch",
    "skos:relatedMatch": "skos:relatedMatch",
}
#: two matches in a row -> the match that they make together; other pairs make none
CHAINED: Final = {
    **{pair: match for match in _INVERSE.values() for pair in ((_SAME, match), (match, _SAME))},
    ("skos:broadMatch", "skos:broadMatch"): "skos:broadMatch",
    ("skos:narrowMatch", "skos:narrowMatch"): "skos:narrowMatch",
}
#: what a step of unstated confidence is worth
_STEP: Final = 0.95
_LONGEST: Final = 3


class Step(NamedTuple):
    """One link of a chain: where it leads, what it is worth, the set that states it, and the match."""

    target: str
    confidence: float
    source: str
    predicate: str = _SAME


@dataclass(frozen=True, slots=True)
class Chain:
    """How an identifier was reached: the steps, the product of what they are worth, the match that they make."""

    start: str
    steps: tuple[Step, ...]
    confidence: float
    predicate: str = _SAME

    @property
    def target(self) -> str:
        return self.steps[-1].target

    def __str__(self) -> str:
        """``MONDO:0001 → DOID:2 (mondo-exactmatch-doid) → mesh:D3 (doid-xrefs)``."""
        return " → ".join([self.start, *(f"{step.target} ({step.source})" for step in self.steps)])


@dataclass(frozen=True, slots=True)
class Conflict:
    """Identifiers of one vocabulary (``targets``) that cannot all be what is said of ``subject``, and who says it.

    ``kind`` is ``several`` (each is said to be the same as the subject), ``obsolete`` (the same, but no longer in
    use), ``denied`` (a chain leads to what a row with the modifier Not rules out) or ``contradicted`` (a chain makes
    another match than a row states).
    """

    subject: str
    prefix: str
    targets: tuple[str, ...]
    reasons: tuple[str, ...]
    kind: str = "several"

    def __str__(self) -> str:
        told = "; ".join(f"{target} by {reason}" for target, reason in zip(self.targets, self.reasons, strict=True))
        if self.kind == "several":
            return f"{self.subject} would be {len(self.targets)} terms of {self.prefix}: {told}"
        return f"{self.subject}, {self.kind}: {told}"


def steps(rows: Iterable[tuple[str, Mapping]], predicates: Collection[str] = EXACT) -> dict[str, list[Step]]:
    """Identifier -> the steps from it, in both directions of each row of ``predicates``; ``rows`` are pairs of set
    and mapping.

    A row with the modifier Not takes away what any set says of that pair with a predicate of the same meaning.
    """
    listed = [(source, m) for source, m in rows if m.predicate in predicates and m.predicate in _INVERSE]
    denied = _denied(listed)
    out: defaultdict[str, list[Step]] = defaultdict(list)
    for source, m in listed:
        match, back = _plain(m.predicate), _INVERSE[m.predicate]
        if not m.negated and m.subject != m.object and (m.subject, match, m.object) not in denied:
            worth = _STEP if m.confidence is None else m.confidence
            out[m.subject].append(Step(m.object, worth, source, match))
            out[m.object].append(Step(m.subject, worth, source, back))
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
                if (match := CHAINED.get((chain.predicate, step.predicate))) is None:
                    continue
                longer = Chain(start, (*chain.steps, step), chain.confidence * step.confidence, match)
                known = following_edge.get(step.target)
                if known is None or _better(longer, known):
                    following_edge[step.target] = longer
        found.update(following_edge)
        edge = list(following_edge.values())
    return found


def compose(
    rows: Iterable[tuple[str, Mapping]], longest: int = _LONGEST, predicates: Collection[str] = EXACT
) -> list[Mapping]:
    """The matches that follow from ``rows`` and that none of them states or denies, each with its chain in ``comment``.

    Exact ones alone, unless ``predicates`` names more (``CHAINED`` says what they make). Sorted by subject and object,
    and each pair once, the lesser identifier as its subject.
    """
    listed = list(rows)
    following, denied = steps(listed, predicates), _denied(listed)
    stated = {(m.subject, m.object) for _, m in listed if not m.negated}
    out = []
    for subject in sorted(following):
        for target, chain in chains(subject, lambda curie: following.get(curie, ()), longest).items():
            known = (subject, target) in stated or (target, subject) in stated
            ruled_out = known or (subject, chain.predicate, target) in denied
            if len(chain.steps) > 1 and subject < target and not ruled_out:
                out.append(_composed(chain))
    return sorted(out, key=lambda m: (m.subject, m.object))


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


def examine(
    rows: Iterable[tuple[str, Mapping]], obsolete: Container[str] = frozenset(), longest: int = _LONGEST
) -> list[Conflict]:
    """Every contradiction in mapping sets and what follows from them, sorted; nothing is decided.

    Exact matches hold both ways: two subjects that are the same as one term are found as that term's several.
    """
    listed = list(rows)
    following, denied = steps(listed, _INVERSE), _denied(listed)
    stated: dict[tuple[str, str], tuple[str, str]] = {}
    for source, m in listed:
        if m.predicate in _INVERSE and not m.negated:
            stated.setdefault((m.subject, m.object), (_plain(m.predicate), source))
    same: list[tuple[str, str, str]] = []
    others: list[Conflict] = []
    for subject in sorted(following):
        for target, chain in chains(subject, lambda curie: following.get(curie, ()), longest).items():
            said = (_prefix(target), (target,))
            if chain.predicate == _SAME:
                same.append((subject, target, str(chain)))
                if target in obsolete:
                    others.append(Conflict(subject, *said, (str(chain),), "obsolete"))
            if (subject, chain.predicate, target) in denied:
                others.append(Conflict(subject, *said, (str(chain),), "denied"))
    for (subject, target), (match, source) in sorted(stated.items()):
        for chain in _indirect(subject, target, following):
            if chain.predicate != match:
                reason = f"{chain}, {chain.predicate}, where {source} states {match}"
                others.append(Conflict(subject, _prefix(target), (target,), (reason,), "contradicted"))
    return sorted([*conflicts(same), *others], key=lambda c: (c.subject, c.prefix, c.kind, c.targets, c.reasons))


def _indirect(subject: str, target: str, following: dict[str, list[Step]]) -> Iterable[Chain]:
    """The chains of two steps between two terms, by way of a third vocabulary."""
    for first in following.get(subject, ()):
        if _prefix(first.target) in (_prefix(subject), _prefix(target)):
            continue
        for second in following.get(first.target, ()):
            match = CHAINED.get((first.predicate, second.predicate))
            if second.target == target and match is not None:
                yield Chain(subject, (first, second), first.confidence * second.confidence, match)


def _composed(chain: Chain) -> Mapping:
    return Mapping(
        chain.start,
        chain.predicate,
        chain.target,
        justification="semapv:MappingChaining",
        confidence=round(chain.confidence, 4),
        comment=str(chain),
    )


def _denied(rows: Iterable[tuple[str, Mapping]]) -> set[tuple[str, str, str]]:
    """The matches that rows with the modifier Not rule out, in both directions."""
    negated = [m for _, m in rows if m.negated and m.predicate in _INVERSE]
    there = {(m.subject, _plain(m.predicate), m.object) for m in negated}
    return there | {(m.object, _INVERSE[m.predicate], m.subject) for m in negated}


def _better(one: Chain, other: Chain) -> bool:
    """Whether a chain is to be kept rather than another of its length: exact first, then by worth, then by name."""
    if (one.predicate == _SAME) != (other.predicate == _SAME):
        return one.predicate == _SAME
    return (one.confidence, str(other)) > (other.confidence, str(one))


def _plain(predicate: str) -> str:
    return _SAME if predicate in EXACT else predicate


def _prefix(curie: str) -> str:
    return curie.partition(":")[0]
