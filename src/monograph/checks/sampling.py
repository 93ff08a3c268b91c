"""Which part of a large graph is reasoned over: a few facts of each class, with all that they lead to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from monograph.checks.axioms import Ontology, reached
from monograph.vocabulary import mg

__all__ = ["Picked", "pick"]


@dataclass(frozen=True, slots=True)
class Picked:
    """``individuals`` of the data, those ``chosen``, and how many of ``all_facts`` facts are among them."""

    individuals: frozenset[str]
    chosen: frozenset[str]
    facts: int
    all_facts: int


def pick(ontology: Ontology, limit: int | None) -> Picked:
    """At most ``limit`` facts, in turn from each class, by their IRIs; other data counts each individual as a fact.

    What only facts that were left out lead to is left out too. Members of our value sets are no data, and always stay.
    """
    terms = {*ontology.classes, *ontology.properties}
    individuals = {i for i in ontology.individuals if not i.startswith(mg("")) and i not in terms}
    facts = individuals.intersection(s for s, _ in ontology.pairs(mg("hasSubject"))) or individuals
    if limit is None or len(facts) <= limit:
        return Picked(frozenset(individuals), frozenset(individuals), len(facts), len(facts))
    by_class: dict[str, list[str]] = defaultdict(list)
    for fact in sorted(facts):
        by_class[min(ontology.types(fact), default="")].append(fact)
    turns = sorted((turn, cls, fact) for cls, members in by_class.items() for turn, fact in enumerate(members))
    picked = [fact for _, _, fact in turns[:limit]]
    edges = {
        i: individuals.intersection(
            v for values in ontology.by_subject[i].values() for v in values if isinstance(v, str)
        )
        for i in individuals
    }
    if facts == individuals:
        return Picked(frozenset(individuals), frozenset(picked), len(picked), len(facts))
    left = facts.difference(picked)
    chosen = reached(edges, picked) | (individuals - reached(edges, left))
    return Picked(frozenset(individuals), frozenset(chosen - left), len(picked), len(facts))
