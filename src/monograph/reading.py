"""From the quads of a document's graph back to its facts: the inverse of :func:`monograph.graph.quads`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from monograph import naming, vocabulary
from monograph.facts import KINDS, AgeGroup, Evidence, Fact, Frequency, Gap, Kind
from monograph.pattern import CLOSED, NAMED_KINDS, NUMBERS, TEXTS, label_marker
from monograph.vocabulary import mg

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple

__all__ = ["Nodes", "index", "read_fact", "read_facts", "read_gap", "read_gaps"]

#: subject IRI -> predicate IRI -> objects (IRIs and lexical forms), sorted
Nodes = Mapping[str, Mapping[str, list[str]]]

_EXACT = vocabulary.expand("oa:exact")
_START = vocabulary.expand("oa:start")
_END = vocabulary.expand("oa:end")
_TYPE = vocabulary.expand("rdf:type")
_LABEL = vocabulary.expand("rdfs:label")
_ALT_LABEL = vocabulary.expand("skos:altLabel")
_DERIVED = vocabulary.expand("prov:wasDerivedFrom")
_IDENTIFIER = vocabulary.expand("dcterms:identifier")


def index(quads: Iterable[Quad | Triple]) -> Nodes:
    """The quads or triples of one graph by subject and predicate."""
    out: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        out[quad.subject.value][quad.predicate.value].append(quad.object.value)  # type: ignore[union-attr]
    for node in out.values():
        for objects in node.values():
            objects.sort()
    return out


def read_facts(
    quads: Iterable[Quad | Triple], *, text: str | None = None, withheld: Mapping[str, str] | None = None
) -> list[Fact]:
    """The facts in the graph of one document, by place.

    ``text`` (the document's) and ``withheld`` fill in what was left out with ``quotes=False``. Raises ValueError,
    naming the fact, where the graph does not hold the pattern.
    """
    nodes = index(quads)
    facts = [
        read_fact(nodes, iri, text=text, withheld=withheld)
        for iri, node in nodes.items()
        if any(cls in naming.KIND_OF_CLASS for cls in node.get(_TYPE, ()))
    ]
    return sorted(facts, key=lambda f: (f.start, f.end, KINDS.index(f.kind), f.value, naming.fact_iri(f)))


def read_gaps(
    quads: Iterable[Quad | Triple], *, text: str | None = None, withheld: Mapping[str, str] | None = None
) -> list[Gap]:
    """The gaps in the graph of one document, by place; those without a place last."""
    nodes = index(quads)
    gaps = [
        read_gap(nodes, iri, text=text, withheld=withheld)
        for iri, node in nodes.items()
        if mg("Gap") in node.get(_TYPE, ())
    ]
    return sorted(gaps, key=lambda g: (g.evidence is None, g.evidence.start if g.evidence else 0, g.kind, g.label))


def read_fact(nodes: Nodes, iri: str, *, text: str | None = None, withheld: Mapping[str, str] | None = None) -> Fact:
    """The fact ``iri`` of one document's graph; raises ValueError where a part of it is missing or twice there."""
    node = _Node(nodes, iri)
    kinds = sorted({naming.KIND_OF_CLASS[cls] for cls in node.all(_TYPE) if cls in naming.KIND_OF_CLASS})
    if len(kinds) != 1:
        raise ValueError(f"{iri} is of {len(kinds)} kinds of fact, not one")
    kind: Kind = kinds[0]
    values: dict[str, Any] = {}
    for field, (predicate, scheme) in CLOSED.items():
        if (member := node.one(mg(predicate))) is not None:
            values[field] = naming.closed_name(scheme, member)
    for field in ("polarity", "certainty"):
        if field not in values:
            raise ValueError(f"{iri} has no mg:{field}")
    for field, predicate in TEXTS.items():
        values[field] = node.one(mg(predicate))
    if withheld and iri in withheld:
        values["statement"] = withheld[iri]
    for field, predicate in NUMBERS.items():
        values[field] = node.number(mg(predicate))
    if (year := node.one(mg("year"))) is not None:
        values["year"] = int(year)
    low, high = node.number(mg("intervalHoursMinimum")), node.number(mg("intervalHoursMaximum"))
    if low is not None and high is not None:
        values["interval_hours"] = (low, high)
    band, least, most = node.one(mg("frequency")), node.number(mg("frequencyLow")), node.number(mg("frequencyHigh"))
    if (band, least, most) != (None, None, None):
        values["frequency"] = Frequency(naming.closed_name("frequency", band) if band else None, least, most)
    for field, predicate in (("route", "route"), ("form", "doseForm"), ("part_of", "symptomOf")):
        if (target := node.one(mg(predicate))) is not None:
            values[field] = _spelling(nodes, target)
    values["indication"] = tuple(sorted(_spelling(nodes, target) for target in node.all(mg("forIndication"))))
    values["population"] = tuple(sorted((_group(nodes, g) for g in node.all(mg("population"))), key=str))
    subject, document = node.one(mg("hasSubject")), node.one(mg("statedIn"))
    if subject is None or document is None:
        raise ValueError(f"{iri} has no mg:{'hasSubject' if subject is None else 'statedIn'}")
    drug, value = _drug_and_value(nodes, node, kind, subject, values)
    places = [_evidence(nodes, place, text, withheld) for place in node.all(_DERIVED)]
    if not places:
        raise ValueError(f"{iri} has no prov:wasDerivedFrom")
    return Fact(
        kind=kind,
        drug=drug,
        value=value,
        subject_type=naming.subject_type_of(subject, nodes.get(subject, {}).get(_TYPE, ())),
        evidence=tuple(sorted(places, key=lambda e: (e.start, e.end))),
        document=_Node(nodes, document).one(_IDENTIFIER) or vocabulary.name_of(document),
        **{**values, "rule": values["rule"] or ""},
    )


def read_gap(nodes: Nodes, iri: str, *, text: str | None = None, withheld: Mapping[str, str] | None = None) -> Gap:
    """The gap ``iri`` of one document's graph; raises ValueError where a part of it is missing."""
    node = _Node(nodes, iri)
    kind, document, label = node.one(mg("gapKind")), node.one(mg("inDocument")), node.one(_LABEL)
    if kind is None or document is None or label is None:
        raise ValueError(f"{iri} lacks its kind, document or label")
    places = sorted(
        (_evidence(nodes, place, text, withheld) for place in node.all(_DERIVED)), key=lambda e: (e.start, e.end)
    )
    return Gap(
        kind=naming.closed_name("gap", kind),  # type: ignore[arg-type]
        label=(withheld or {}).get(iri, label),
        document=_Node(nodes, document).one(_IDENTIFIER) or vocabulary.name_of(document),
        section=node.one(mg("section")),
        evidence=places[0] if places else None,
    )


class _Node:
    """One node of a graph, asked for what it must have at most once."""

    def __init__(self, nodes: Nodes, iri: str) -> None:
        self.iri = iri
        self.properties = nodes.get(iri, {})

    def all(self, predicate: str) -> list[str]:
        return self.properties.get(predicate, [])

    def one(self, predicate: str) -> str | None:
        found = self.all(predicate)
        if len(found) > 1:
            raise ValueError(f"{self.iri} has {len(found)} values of {vocabulary.compact(predicate)}, not one")
        return found[0] if found else None

    def number(self, predicate: str) -> float | None:
        found = self.one(predicate)
        try:
            return None if found is None else float(found)
        except ValueError:
            raise ValueError(f"{self.iri}: {found!r} of {vocabulary.compact(predicate)} is no number") from None


def _spelling(nodes: Nodes, iri: str) -> str:
    """The name of a node as its document spells it."""
    spellings = nodes.get(iri, {}).get(_ALT_LABEL, [])
    return spellings[0] if spellings else naming.spelt(iri)


def _group(nodes: Nodes, iri: str) -> AgeGroup:
    if naming.node_class(iri) is None:
        return AgeGroup(naming.spelt(iri))
    node = _Node(nodes, iri)
    low, high = node.number(mg("minimumAge")), node.number(mg("maximumAge"))
    plain = naming.age_group(iri, low, high)
    bounds = naming.spelt(iri).removeprefix(plain.name)
    return AgeGroup(_spelling(nodes, iri).removesuffix(bounds), low, high)


def _drug_and_value(nodes: Nodes, node: _Node, kind: Kind, subject: str, values: dict[str, Any]) -> tuple[str, str]:
    """Drug and value as the document spells them, from the label; from the nodes where the label does not fit them."""
    label = node.one(_LABEL) or ""
    marker = label_marker(kind, values["polarity"])
    space = naming.object_space(kind, values.get("role"))
    target = node.one(mg("hasObject"))
    drug = tail = None
    at = label.find(marker)
    while at > 0 and drug is None:
        if vocabulary.mint(_space_of(subject), label[:at]) == subject:
            drug, tail = label[:at], label[at + len(marker) :]
        at = label.find(marker, at + 1)
    if space is not None:
        if target is None:
            raise ValueError(f"{node.iri} has no mg:hasObject")
        if tail is None or not tail.strip() or naming.node(space, tail) != target:
            tail = naming.spelt(target)
    elif target is not None:
        raise ValueError(f"{node.iri} has an mg:hasObject, which facts of its kind have not")
    elif kind in NAMED_KINDS:
        tail = node.one(mg("name"))
        if tail is None:
            raise ValueError(f"{node.iri} has no mg:name")
    elif tail is None:
        raise ValueError(f"{node.iri}: the label {label!r} does not name its drug and value")
    return drug or _spelling(nodes, subject), tail


def _space_of(iri: str) -> str:
    return iri[len(vocabulary.BASE) + 3 :].split("/", 1)[0]


def _evidence(nodes: Nodes, iri: str, text: str | None, withheld: Mapping[str, str] | None) -> Evidence:
    node, position, quote = _Node(nodes, iri), _Node(nodes, f"{iri}#position"), _Node(nodes, f"{iri}#quote")
    start, end = position.one(_START), position.one(_END)
    if start is None or end is None:
        raise ValueError(f"{iri} has no oa:start or oa:end")
    exact = quote.one(_EXACT)
    if exact is None:
        exact = "" if text is None else text[int(start) : int(end)]
    lead_in = node.one(mg("leadIn")) or (withheld or {}).get(iri)
    return Evidence(int(start), int(end), exact, node.one(mg("section")), node.one(mg("citationMark")), lead_in)
