"""Whether triples are OWL 2 DL, as far as their form tells: declarations, restrictions, lists and datatypes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from monograph.checks.axioms import BUILT_IN, SUBCLASS, SUBPROPERTY, TYPE, Ontology, components, is_blank
from monograph.checks.rules import Found, Rule, ruleset
from monograph.vocabulary import compact, expand

__all__ = ["DATATYPES", "PROFILE", "is_malformed", "unsupported"]

PROFILE: Final[list[Rule]] = []
_error, _warning, _info = (ruleset(PROFILE, level) for level in ("error", "warning", "info"))


def _set(prefix: str, names: str) -> frozenset[str]:
    return frozenset(expand(f"{prefix}:{name}") for name in names.split())


_INTEGERS: Final = _set(
    "xsd",
    "integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte "
    "unsignedLong unsignedInt unsignedShort unsignedByte",
)
#: the datatypes of OWL 2, which are those that HermiT takes
DATATYPES: Final = (
    _INTEGERS
    | _set("owl", "real rational")
    | _set("rdf", "PlainLiteral XMLLiteral langString")
    | _set("rdfs", "Literal")
    | _set(
        "xsd",
        "decimal double float string normalizedString token language Name NCName NMTOKEN boolean hexBinary "
        "base64Binary anyURI dateTime dateTimeStamp",
    )
)
_ANNOTATION: Final = _set("rdfs", "label comment seeAlso isDefinedBy") | _set(
    "owl", "versionInfo deprecated backwardCompatibleWith incompatibleWith priorVersion"
)
_OBJECT, _DATA = expand("owl:ObjectProperty"), expand("owl:DatatypeProperty")
_ANNOTATED, _CLASS, _DATATYPE = expand("owl:AnnotationProperty"), expand("owl:Class"), expand("rdfs:Datatype")
_RESTRICTION, _ON = expand("owl:Restriction"), expand("owl:onProperty")
_TOP: Final = _set("owl", "topObjectProperty bottomObjectProperty")
_TOP_DATA: Final = _set("owl", "topDataProperty bottomDataProperty")
_OBJECT_ONLY: Final = _set(
    "owl",
    "InverseFunctionalProperty TransitiveProperty SymmetricProperty AsymmetricProperty ReflexiveProperty "
    "IrreflexiveProperty",
)
_SIMPLE_ONLY: Final = _set("owl", "FunctionalProperty InverseFunctionalProperty AsymmetricProperty IrreflexiveProperty")
_FILLERS: Final = _set("owl", "someValuesFrom allValuesFrom hasValue hasSelf")
_PLAIN: Final = _set("owl", "cardinality minCardinality maxCardinality")
_QUALIFIED: Final = _set("owl", "qualifiedCardinality minQualifiedCardinality maxQualifiedCardinality")
_LISTS: Final = _set(
    "owl",
    "unionOf intersectionOf oneOf members distinctMembers propertyChainAxiom hasKey disjointUnionOf withRestrictions "
    "onProperties",
)
_CLASS_PLACES: Final = _set("rdfs", "subClassOf") | _set(
    "owl", "equivalentClass disjointWith complementOf onClass disjointUnionOf"
)
_CHAIN: Final = expand("owl:propertyChainAxiom")
_TRANSITIVE: Final = expand("owl:TransitiveProperty")
_STRUCTURE: Final = (
    frozenset({TYPE, SUBCLASS, SUBPROPERTY})
    | _set("rdf", "first rest")
    | _set("rdfs", "domain range")
    | _set(
        "owl",
        "equivalentClass disjointWith complementOf equivalentProperty propertyDisjointWith inverseOf onProperty "
        "onClass onDataRange onDatatype datatypeComplementOf annotatedSource annotatedProperty annotatedTarget "
        "imports versionIRI sameAs differentFrom sourceIndividual assertionProperty targetIndividual targetValue",
    )
    | _LISTS
    | _FILLERS
    | _PLAIN
    | _QUALIFIED
)


def unsupported(datatype: str) -> bool:
    """Whether literals of ``datatype`` are none of OWL 2's, so that HermiT refuses them."""
    return datatype not in DATATYPES


def _objects(o: Ontology) -> set[str]:
    # A transitive or symmetric property is an object property without being called one.
    return (set(o.of_type(_OBJECT, *_OBJECT_ONLY)) - set(o.of_type(_DATA, _ANNOTATED))) | set(o.of_type(_OBJECT)) | _TOP


def _data(o: Ontology) -> set[str]:
    return set(o.of_type(_DATA)) | _TOP_DATA


# --- declarations ---------------------------------------------------------------------------------------------------


@_error
def property_of_two_kinds(o: Ontology) -> Iterator[Found]:
    kinds = {
        "object": set(o.of_type(_OBJECT)),
        "datatype": set(o.of_type(_DATA)),
        "annotation": set(o.of_type(_ANNOTATED)),
    }
    for term in sorted(set.union(*kinds.values())):
        if len(found := [kind for kind, terms in kinds.items() if term in terms]) > 1:
            yield term, f"is a property of two kinds: {' and '.join(found)}"


@_error
def class_and_datatype(o: Ontology) -> Iterator[Found]:
    for term in sorted(set(o.of_type(_CLASS)) & set(o.of_type(_DATATYPE))):
        yield term, "is a class and a datatype"


@_error
def reserved_term_declared(o: Ontology) -> Iterator[Found]:
    allowed = {_CLASS: _set("owl", "Thing Nothing"), _DATATYPE: DATATYPES, _OBJECT: _TOP, _DATA: _TOP_DATA}
    for cls, members in o.instances.items():
        for term in members:
            fits = allowed.get(cls, _ANNOTATION if cls == _ANNOTATED else frozenset())
            if (
                term.startswith(BUILT_IN)
                and term not in fits
                and not (cls == _DATATYPE and term.startswith(BUILT_IN[3]))
            ):
                yield term, f"is a word of OWL itself, and is declared as {compact(cls)}"


def _undeclared_classes(o: Ontology) -> dict[str, str]:
    """Class that is used and not declared -> a term that uses it."""
    used: dict[str, str] = {}
    for predicate in _CLASS_PLACES - {expand("owl:disjointUnionOf")}:
        for s, value in o.pairs(predicate):
            used.setdefault(str(value), s)
            if predicate in _CLASS_PLACES - {expand("owl:complementOf"), expand("owl:onClass")}:
                used.setdefault(s, s)
    objects = _objects(o)
    annotations = set(o.of_type(_ANNOTATED))
    for s, value in o.pairs(expand("rdfs:domain")):
        if s not in annotations:
            used.setdefault(str(value), s)
    for s, value in o.pairs(expand("rdfs:range")):
        if s in objects:
            used.setdefault(str(value), s)
    for predicate in ("owl:someValuesFrom", "owl:allValuesFrom"):
        for s, value in o.pairs(expand(predicate)):
            if objects.intersection(o.nodes(s, _ON)):
                used.setdefault(str(value), s)
    for predicate in ("owl:unionOf", "owl:intersectionOf", "owl:disjointUnionOf"):
        for s, head in o.pairs(expand(predicate)):
            if _DATATYPE not in o.types(s):
                used.update((m, s) for m in o.members(str(head)) or () if isinstance(m, str) and m not in used)
    for cls, members in o.instances.items():
        used.setdefault(cls, members[0])
    known = {*o.of_type(_CLASS), *_set("owl", "Thing Nothing")}
    return {
        cls: user
        for cls, user in used.items()
        if cls not in known and not is_blank(cls) and not cls.startswith(BUILT_IN) and ":" in cls
    }


@_error
def undeclared_class(o: Ontology) -> Iterator[Found]:
    if not o.has_imports:
        for cls, user in sorted(_undeclared_classes(o).items()):
            yield cls, f"is used as a class by {compact(o.owner(user))}, and not declared as one"


@_error
def undeclared_property(o: Ontology) -> Iterator[Found]:
    if o.has_imports:
        return
    known = {*o.of_type(_OBJECT, _DATA, _ANNOTATED), *_TOP, *_TOP_DATA, *_ANNOTATION}
    used = {p: pairs[0][0] for p, pairs in o.by_predicate.items() if not p.startswith(BUILT_IN)}
    for predicate in ("owl:onProperty", "rdfs:subPropertyOf", "owl:inverseOf", "owl:equivalentProperty"):
        for s, value in o.pairs(expand(predicate)):
            used.setdefault(str(value), s)
    for s, head in o.pairs(_CHAIN):
        used.update((m, s) for m in o.members(str(head)) or () if isinstance(m, str) and m not in used)
    for term, user in sorted(used.items()):
        if term not in known and not is_blank(term):
            yield term, f"is used as a property by {compact(o.owner(user))}, and not declared as a kind of one"


@_info
def declarations_elsewhere(o: Ontology) -> Iterator[Found]:
    if o.has_imports:
        yield next(iter(o.headers), ""), "imports others, so whether all its terms are declared is not checked"


# --- uses -----------------------------------------------------------------------------------------------------------


@_error
def text_for_object_property(o: Ontology) -> Iterator[Found]:
    for predicate in sorted(_objects(o)):
        for s, value in o.pairs(predicate):
            if not isinstance(value, str):
                yield (
                    o.owner(s),
                    f"{compact(predicate)} leads to individuals, and its value is the text {value.value[:40]!r}",
                )


@_error
def iri_for_datatype_property(o: Ontology) -> Iterator[Found]:
    for predicate in sorted(_data(o)):
        for s, value in o.pairs(predicate):
            if isinstance(value, str):
                yield o.owner(s), f"{compact(predicate)} leads to literals, and its value is {compact(value)}"


@_error
def object_characteristic_of_datatype_property(o: Ontology) -> Iterator[Found]:
    for term in sorted(o.of_type(_DATA)):
        for kind in sorted(o.types(term) & _OBJECT_ONLY):
            yield term, f"is a datatype property, and {compact(kind)} is for object properties"
        if o.objects(term, expand("owl:inverseOf")) or o.objects(term, _CHAIN):
            yield term, "is a datatype property, and has an inverse or a chain"


@_error
def range_of_wrong_kind(o: Ontology) -> Iterator[Found]:
    classes, datatypes = set(o.of_type(_CLASS)), set(o.of_type(_DATATYPE)) | DATATYPES
    objects, data = _objects(o), _data(o)
    for s, value in o.pairs(expand("rdfs:range")):
        if isinstance(value, str) and not is_blank(value):
            is_datatype = value in datatypes or value.startswith(BUILT_IN[3])
            if s in objects and is_datatype:
                yield s, f"is an object property, and its range {compact(value)} is a datatype"
            if s in data and value in classes:
                yield s, f"is a datatype property, and its range {compact(value)} is a class"


def _fillers(o: Ontology, node: str) -> list[str]:
    return [p for p, values in o.by_subject[node].items() for _ in values if p in _FILLERS | _PLAIN | _QUALIFIED]


@_error
def malformed_restriction(o: Ontology) -> Iterator[Found]:
    # Asserted, or by its parts: what has a property and a filler is one, whatever its type says.
    nodes = set(o.instances.get(_RESTRICTION, ())) | {s for s, _ in o.pairs(_ON)}
    for node in nodes:
        fillers, properties = _fillers(o, node), o.nodes(node, _ON)
        if _RESTRICTION not in o.types(node):
            yield o.owner(node), "owl:onProperty stands on what is no owl:Restriction"
        if len(properties) != 1 and not o.objects(node, expand("owl:onProperties")):
            yield o.owner(node), f"a restriction has {len(properties)} properties (owl:onProperty), and must have one"
        if len(fillers) != 1:
            yield o.owner(node), f"a restriction says {len(fillers)} things of its property, and must say one"
        qualified = bool(o.objects(node, expand("owl:onClass")) or o.objects(node, expand("owl:onDataRange")))
        if qualified != bool(_QUALIFIED.intersection(fillers)):
            yield o.owner(node), "a qualified cardinality goes with owl:onClass or owl:onDataRange, and no other does"
        for predicate in _PLAIN | _QUALIFIED:
            for value in o.objects(node, predicate):
                if isinstance(value, str) or value.datatype.value not in _INTEGERS or not value.value.isdigit():
                    yield o.owner(node), f"{compact(predicate)} is no non-negative integer"


@_error
def filler_of_wrong_kind(o: Ontology) -> Iterator[Found]:
    objects, data, annotations = _objects(o), _data(o), set(o.of_type(_ANNOTATED)) | _ANNOTATION
    datatypes = set(o.of_type(_DATATYPE)) | DATATYPES
    classes = set(o.of_type(_CLASS)) | set(o.instances.get(_RESTRICTION, ())) | set(o.instances.get(_CLASS, ()))
    for node, prop in o.pairs(_ON):
        if not isinstance(prop, str):
            continue
        if prop in annotations and prop not in objects | data:
            yield o.owner(node), f"a restriction is on {compact(prop)}, which is an annotation property"
        for predicate in ("owl:someValuesFrom", "owl:allValuesFrom"):
            for value in o.objects(node, expand(predicate)):
                if prop in objects and value in datatypes:
                    yield o.owner(node), f"{compact(prop)} is an object property, restricted to a datatype"
                if prop in data and value in classes:
                    yield o.owner(node), f"{compact(prop)} is a datatype property, restricted to a class"
        for value in o.objects(node, expand("owl:hasValue")):
            if (prop in objects and not isinstance(value, str)) or (prop in data and isinstance(value, str)):
                yield o.owner(node), f"owl:hasValue of {compact(prop)} is of the wrong kind for that property"


@_error
def malformed_list(o: Ontology) -> Iterator[Found]:
    for predicate in sorted(_LISTS):
        for s, head in o.pairs(predicate):
            if not isinstance(head, str) or o.members(head) is None:
                yield o.owner(s), f"{compact(predicate)} is no well-formed list"
            elif not o.members(head) and predicate not in _set("owl", "oneOf"):
                yield o.owner(s), f"{compact(predicate)} is an empty list"


# --- global restrictions --------------------------------------------------------------------------------------------


def _composite(o: Ontology) -> set[str]:
    """The properties that are not simple: transitive, made by a chain, an inverse of one, or above one."""
    inverse = expand("owl:inverseOf")
    above: dict[str, set[str]] = defaultdict(set)
    for predicate in (SUBPROPERTY, expand("owl:equivalentProperty")):
        for s, value in o.pairs(predicate):
            if isinstance(value, str):
                above[s].add(value)
                if predicate != SUBPROPERTY:
                    above[value].add(s)
    for s, value in o.pairs(inverse):
        if isinstance(value, str):
            above[s].add(value)
            above[value].add(s)
    found: set[str] = set()
    waiting = [*o.instances.get(_TRANSITIVE, ()), *(s for s, _ in o.pairs(_CHAIN))]
    while waiting:
        if (term := waiting.pop()) not in found:
            found.add(term)
            waiting += above[term]
    return found


@_error
def composite_property_where_simple(o: Ontology) -> Iterator[Found]:
    composite = _composite(o)
    for term in sorted(composite):
        for kind in sorted(o.types(term) & _SIMPLE_ONLY):
            yield o.owner(term), f"is {compact(kind)}, and transitive or made by a chain"
        if o.objects(term, expand("owl:propertyDisjointWith")):
            yield o.owner(term), "is disjoint with a property, and transitive or made by a chain"
    for node, prop in o.pairs(_ON):
        if prop in composite and (_PLAIN | _QUALIFIED | _set("owl", "hasSelf")).intersection(_fillers(o, node)):
            yield o.owner(node), f"counts {compact(str(prop))}, which is transitive or made by a chain"


@_error
def irregular_property_chain(o: Ontology) -> Iterator[Found]:
    below: dict[str, set[str]] = defaultdict(set)
    strict: set[tuple[str, str]] = set()
    for s, value in o.pairs(SUBPROPERTY):
        if isinstance(value, str):
            below[value].add(s)
    for s, head in o.pairs(_CHAIN):
        chain = [m for m in o.members(str(head)) or () if isinstance(m, str)]
        if chain != [s, s]:
            inner = chain[1:] if chain[:1] == [s] else chain[:-1] if chain[-1:] == [s] else chain
            below[s].update(inner)
            strict.update((s, m) for m in inner)
    for cycle in components(below):
        if any(s in cycle and m in cycle for s, m in strict):
            yield cycle[0], f"a property chain runs back into itself: {', '.join(map(compact, cycle))}"


@_error
def anonymous_cycle(o: Ontology) -> Iterator[Found]:
    edges = {
        s: [v for values in said.values() for v in values if isinstance(v, str) and is_blank(v)]
        for s, said in o.by_subject.items()
        if is_blank(s)
    }
    for cycle in components(edges):
        yield o.owner(cycle[0]), f"{len(cycle)} anonymous nodes stand in a circle"


@_error
def shared_expression(o: Ontology) -> Iterator[Found]:
    annotated = _set("owl", "annotatedTarget annotatedSource")
    for node, users in o.by_object.items():
        parents = {(p, s) for p, s in users if p not in annotated}
        if is_blank(node) and len(parents) > 1 and (o.types(node) & {_CLASS, _RESTRICTION, _DATATYPE}):
            owners = sorted({compact(o.owner(s)) for _, s in parents})
            yield o.owner(node), f"one anonymous class is used in {len(parents)} places ({', '.join(owners)})"


# --- literals -------------------------------------------------------------------------------------------------------


@_warning
def datatype_outside_owl(o: Ontology) -> Iterator[Found]:
    users: dict[str, set[str]] = defaultdict(set)
    own = set(o.of_type(_DATATYPE))
    for predicate, pairs in o.by_predicate.items():
        for s, value in pairs:
            term = value if isinstance(value, str) else value.datatype.value
            if isinstance(value, str) and not (predicate not in (TYPE, *_ANNOTATION) and term.startswith(BUILT_IN[3])):
                continue
            if unsupported(term) and (term not in own or term.startswith(BUILT_IN)):
                users[term].add(compact(o.owner(s)))
    for term, subjects in users.items():
        yield term, f"is no datatype of OWL 2, and reasoners refuse it; used by {len(subjects)}, as {min(subjects)}"


_LEXICAL: Final = {
    **dict.fromkeys(_INTEGERS, re.compile(r"[+-]?\d+")),
    expand("xsd:decimal"): re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    expand("xsd:boolean"): re.compile(r"true|false|0|1"),
    expand("xsd:dateTime"): re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"),
    **dict.fromkeys(_set("xsd", "double float"), re.compile(r"[+-]?((\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|INF)|NaN")),
}


def is_malformed(term: object) -> bool:
    """Whether ``term`` is a literal that its own datatype does not allow, such as ``"abc"^^xsd:integer``."""
    pattern = _LEXICAL.get(getattr(getattr(term, "datatype", None), "value", ""))
    return pattern is not None and not pattern.fullmatch(str(getattr(term, "value", "")).strip())


@_error
def malformed_literal(o: Ontology) -> Iterator[Found]:
    for predicate, pairs in o.by_predicate.items():
        for s, value in pairs:
            if not isinstance(value, str) and is_malformed(value):
                yield o.owner(s), f"{compact(predicate)} {value.value!r} is no {compact(value.datatype.value)}"


@_error
def unknown_axiom(o: Ontology) -> Iterator[Found]:
    """A word of RDF, RDFS or OWL as a predicate that makes no axiom of OWL 2."""
    for predicate, pairs in o.by_predicate.items():
        if predicate.startswith(BUILT_IN) and predicate not in _STRUCTURE | _ANNOTATION:
            yield o.owner(pairs[0][0]), f"uses {compact(predicate)}, which makes no axiom of OWL 2"
