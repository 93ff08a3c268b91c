"""The plain contradictions of a graph, named: what a reasoner only says is there, in words that point to the place.

It finds what most often goes wrong in data: an individual in two disjoint classes, two values of a functional property,
a literal outside its range. What it does not find may still be contradictory; the reasoner decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from monograph.checks.axioms import SUBCLASS, SUBPROPERTY, Ontology, is_blank, reached
from monograph.checks.profile import PROFILE
from monograph.vocabulary import compact, expand

__all__ = ["clashes"]

_INTEGER, _DECIMAL = expand("xsd:integer"), expand("xsd:decimal")


def clashes(ontology: Ontology) -> list[str]:
    """One line a contradiction that is plain from ``ontology``, sorted."""
    return sorted({*_disjoint(ontology), *_functional(ontology), *_ranges(ontology), *_malformed(ontology)})


def _edges(o: Ontology, predicate: str) -> dict[str, set[str]]:
    edges: dict[str, set[str]] = defaultdict(set)
    for s, value in o.pairs(predicate):
        if isinstance(value, str) and not is_blank(value):
            edges[s].add(value)
    return edges


def _implied(o: Ontology) -> dict[str, dict[str, str]]:
    """Individual -> the classes it is in, each with what puts it there."""
    supers, above = _edges(o, SUBCLASS), _edges(o, SUBPROPERTY)
    domains, ranges = _edges(o, expand("rdfs:domain")), _edges(o, expand("rdfs:range"))
    objects = set(o.of_type(expand("owl:ObjectProperty")))
    found: dict[str, dict[str, str]] = defaultdict(dict)

    def add(individual: str, classes: Iterable[str], why: str) -> None:
        for cls in sorted(classes):
            for higher in sorted(reached(supers, [cls])):
                found[individual].setdefault(higher, why if higher == cls else f"as {compact(cls)}, {why}")

    for individual in o.individuals:
        add(individual, (c for c in o.types(individual) if not is_blank(c)), "stated")
    for prop in o.properties:
        for higher in reached(above, [prop]):
            for s, value in o.pairs(prop) if domains.get(higher) or ranges.get(higher) else ():
                add(s, domains.get(higher, ()), f"by the domain of {compact(higher)}")
                if prop in objects and isinstance(value, str):
                    add(value, ranges.get(higher, ()), f"by the range of {compact(higher)}")
    return found


def _disjoint(o: Ontology) -> Iterator[str]:
    apart: set[frozenset[str]] = set()
    for s, value in o.pairs(expand("owl:disjointWith")):
        apart.add(frozenset((s, str(value))))
    for node in o.instances.get(expand("owl:AllDisjointClasses"), ()):
        for head in o.nodes(node, expand("owl:members")):
            apart.update(frozenset(pair) for pair in combinations(map(str, o.members(head) or ()), 2))
    for individual, classes in _implied(o).items():
        for one, other in combinations(sorted(classes), 2):
            if frozenset((one, other)) in apart:
                yield (
                    f"{compact(individual)} is in two disjoint classes: "
                    f"{compact(one)} ({classes[one]}) and {compact(other)} ({classes[other]})"
                )


def _functional(o: Ontology) -> Iterator[str]:
    different: set[frozenset[str]] = {frozenset((s, str(v))) for s, v in o.pairs(expand("owl:differentFrom"))}
    for node in o.instances.get(expand("owl:AllDifferent"), ()):
        for predicate in ("owl:distinctMembers", "owl:members"):
            for head in o.nodes(node, expand(predicate)):
                different.update(frozenset(pair) for pair in combinations(map(str, o.members(head) or ()), 2))
    for prop in o.of_type(expand("owl:FunctionalProperty")):
        values: dict[str, set[object]] = defaultdict(set)
        for s, value in o.pairs(prop):
            values[s].add(value if isinstance(value, str) else (_number(value.value), value.language))
        for s, found in values.items():
            texts = [v for v in found if not isinstance(v, str)]
            iris = sorted(v for v in found if isinstance(v, str))
            apart = [p for p in combinations(iris, 2) if frozenset(p) in different]
            if len(texts) > 1:
                yield f"{compact(s)} has {len(texts)} values of {compact(prop)}, which has one at most"
            for one, other in apart[:1]:
                yield f"{compact(s)} has two values of {compact(prop)}, which has one: {compact(one)}, {compact(other)}"


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _ranges(o: Ontology) -> Iterator[str]:
    known = {_INTEGER, _DECIMAL, expand("xsd:string"), expand("xsd:boolean"), expand("xsd:dateTime")}
    for prop in o.of_type(expand("owl:DatatypeProperty")):
        for wanted in known.intersection(o.nodes(prop, expand("rdfs:range"))):
            for s, value in o.pairs(prop):
                if not isinstance(value, str):
                    has = value.datatype.value
                    if has in known and has != wanted and (has, wanted) != (_INTEGER, _DECIMAL):
                        yield (
                            f"{compact(s)} has {compact(prop)} {value.value!r} of {compact(has)}, "
                            f"and its range is {compact(wanted)}"
                        )


def _malformed(o: Ontology) -> Iterator[str]:
    for rule in PROFILE:
        if rule.name == "malformed_literal":
            for where, message in rule.run(o):
                yield f"{compact(where)}: {message}"
