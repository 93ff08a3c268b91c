"""Literals that a reasoner need not see: those of which it is plain that they fit, and on which nothing else depends.

A reasoner compares literals with each other; without these, a graph of facts is done several times as fast.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from monograph.checks.profile import is_malformed
from monograph.vocabulary import expand

if TYPE_CHECKING:
    from pyoxigraph import Triple

__all__ = ["without_plain_literals"]

_TYPE, _DOMAIN, _RANGE = expand("rdf:type"), expand("rdfs:domain"), expand("rdfs:range")
_KINDS: Final = frozenset({expand("owl:DatatypeProperty"), expand("owl:FunctionalProperty")})
_PLAIN: Final = frozenset(expand(f"xsd:{name}") for name in ("string", "integer", "decimal", "boolean", "dateTime"))
_WIDER: Final = {expand("xsd:integer"): expand("xsd:decimal")}


def without_plain_literals(rows: Iterable[Triple]) -> list[Triple]:
    """``rows`` with what follows from a plain literal, that its subject is in the property's domain, in its stead.

    A literal is plain where its property has no axiom but a domain and a range of the literal's own datatype, and its
    subject has no second value of it. So the result is consistent if and only if ``rows`` are, and says the same of
    classes and individuals.
    """
    from pyoxigraph import Literal, NamedNode, Triple

    rows = list(rows)
    said: dict[str, list[tuple[str, object]]] = {}
    used: set[object] = set()
    for row in rows:
        if isinstance(row.subject, NamedNode):
            said.setdefault(row.subject.value, []).append((row.predicate.value, row.object))
        used.add(row.object)
    plain: dict[str, set[str]] = {}
    for prop in {row.predicate.value for row in rows if isinstance(row.object, Literal)}:
        axioms = said.get(prop, [])
        kinds = {getattr(o, "value", "") for p, o in axioms if p == _TYPE}
        ranges = {getattr(o, "value", "") for p, o in axioms if p == _RANGE}
        others = {p for p, _ in axioms} - {_TYPE, _DOMAIN, _RANGE}
        if kinds and kinds <= _KINDS and ranges <= _PLAIN and not others and NamedNode(prop) not in used:
            plain[prop] = ranges
    values = Counter((row.subject, row.predicate) for row in rows if row.predicate.value in plain)
    kept: dict[Triple, None] = {}
    for row in rows:
        target = row.object
        if isinstance(target, Literal) and row.predicate.value in plain and values[row.subject, row.predicate] == 1:
            datatype = target.datatype.value
            fits = plain[row.predicate.value] <= {datatype, _WIDER.get(datatype, datatype)}
            if fits and datatype in _PLAIN and not is_malformed(target):
                for predicate, domain in said[row.predicate.value]:
                    if predicate == _DOMAIN:
                        kept[Triple(row.subject, NamedNode(_TYPE), domain)] = None  # type: ignore[arg-type]
                continue
        kept[row] = None
    return list(kept)
