"""The rules of ROBOT's report on ontologies, by its names and levels, without Java and without SPARQL.

They hold for OBO ontologies and for those that use SKOS. Where ours differ from ROBOT's: SKOS definitions and
alternative labels count; labels and definitions in several languages are not several; a property need not be declared
for its texts to be looked at; and all of RDF, RDFS, OWL and XSD is closed to redefinition, not only ``rdf:type``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from monograph.checks.axioms import (
    BUILT_IN,
    DC,
    DEFINITIONS,
    LABEL,
    OBOINOWL,
    PROPERTY_TYPES,
    SUBCLASS,
    SUBPROPERTY,
    TYPE,
    Ontology,
    is_blank,
)
from monograph.checks.rules import Found, Rule, ruleset
from monograph.vocabulary import compact, expand

__all__ = ["EXACT_SYNONYMS", "REPORT", "SYNONYMS"]

#: the 32 rules of the default profile
REPORT: Final[list[Rule]] = []
_error, _warning, _info = (ruleset(REPORT, level) for level in ("error", "warning", "info"))

EXACT_SYNONYMS: Final = (expand("obo:IAO_0000118"), OBOINOWL + "hasExactSynonym", expand("skos:altLabel"))
SYNONYMS: Final = (
    *EXACT_SYNONYMS,
    *(OBOINOWL + f"has{scope}Synonym" for scope in ("Broad", "Narrow", "Related")),
    expand("skos:hiddenLabel"),
)
_OBO: Final = expand("obo:")
_EQUIVALENT: Final = expand("owl:equivalentClass")
_RESTRICTION: Final = expand("owl:Restriction")
_DATATYPE: Final = expand("rdfs:Datatype")
_FILLERS: Final = tuple(
    expand(name)
    for name in (
        "owl:someValuesFrom",
        "owl:allValuesFrom",
        "owl:onClass",
        "owl:complementOf",
        "owl:disjointWith",
        "rdf:first",
        "rdfs:domain",
        "rdfs:range",
    )
)
#: that a thing has these only says that it is there
_BARE: Final = frozenset(
    expand(name)
    for name in (
        "rdf:type",
        "owl:equivalentClass",
        "owl:disjointWith",
        "owl:equivalentProperty",
        "owl:sameAs",
        "owl:differentFrom",
        "owl:inverseOf",
    )
)
_CURIE: Final = re.compile(r"[A-Za-z0-9_.|-]*:\S+")
_BAD_OBO: Final = re.compile(
    r"https://purl\.obolibrary\.org/obo/|http://purl\.org/obo/|http://www\.obofoundry\.org/"
    r"|https?://purl\.obolibrary\.org/(?!obo/)|http://purl\.obolibrary\.org/obo/[A-Za-z]+[-:]\d"
)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _shared(ontology: Ontology, predicates: tuple[str, ...]) -> Iterator[tuple[str, str, list[str]]]:
    """IRI, text and the other IRIs that have the same text in the same language by one of ``predicates``."""
    for predicate in predicates:
        holders: dict[tuple[str, str | None], list[str]] = defaultdict(list)
        for s, o in ontology.pairs(predicate):
            if not isinstance(o, str) and not is_blank(s):
                holders[o.value, o.language].append(s)
        for (text, _), subjects in holders.items():
            if len(subjects) > 1:
                for s in subjects:
                    yield s, text, sorted(set(subjects) - {s})


def _several(ontology: Ontology, subject: str, *predicates: str) -> Iterator[str]:
    """For each language: how many different texts ``subject`` has by one of ``predicates``, if more than one."""
    for predicate in predicates:
        texts: dict[str | None, set[str]] = defaultdict(set)
        for o in ontology.texts(subject, predicate):
            texts[o.language].add(o.value)
        for found in texts.values():
            if len(found) > 1:
                yield f"{compact(predicate)} has {len(found)} values: {', '.join(map(_short, sorted(found)))}"


@_error
def deprecated_boolean_datatype(o: Ontology) -> Iterator[Found]:
    for s, value in o.pairs(expand("owl:deprecated")):
        if isinstance(value, str) or value.datatype.value != expand("xsd:boolean"):
            yield s, "owl:deprecated is not an xsd:boolean - write true without quotes"


@_error
def deprecated_class_reference(o: Ontology) -> Iterator[Found]:
    for term in sorted(o.deprecated & set(o.classes)):
        for predicate, user in o.by_object.get(term, ()):
            if predicate in (SUBCLASS, _EQUIVALENT, *_FILLERS):
                yield term, f"deprecated, and used by {compact(o.owner(user))} ({compact(predicate)})"
        for predicate in (SUBCLASS, _EQUIVALENT, expand("owl:disjointWith")):
            for value in o.nodes(term, predicate):
                if predicate != SUBCLASS or is_blank(value):
                    yield term, f"deprecated, and still defined by {compact(predicate)}"


@_error
def deprecated_property_reference(o: Ontology) -> Iterator[Found]:
    links = ("owl:equivalentProperty", "rdfs:subPropertyOf", "owl:inverseOf", "owl:onProperty")
    for term in sorted(o.deprecated & set(o.properties)):
        for predicate, user in o.by_object.get(term, ()):
            if predicate in map(expand, links):
                yield term, f"deprecated, and used by {compact(o.owner(user))} ({compact(predicate)})"
        for user in sorted({o.owner(s) for s, _ in o.pairs(term)}):
            yield term, f"deprecated, and used on {compact(user)}"


@_error
def duplicate_definition(o: Ontology) -> Iterator[Found]:
    for s, text, others in _shared(o, DEFINITIONS):
        living = [other for other in others if other not in o.deprecated]
        if living and s not in o.deprecated:
            yield s, f"has the definition of {compact(living[0])}: {_short(text)}"


@_error
def duplicate_label(o: Ontology) -> Iterator[Found]:
    for s, text, others in _shared(o, (LABEL,)):
        yield s, f"has the label of {compact(others[0])}: {_short(text)}"


@_error
def illegal_use_of_built_in_vocabulary(o: Ontology) -> Iterator[Found]:
    declared = PROPERTY_TYPES | {_DATATYPE, expand("owl:Class"), expand("rdfs:Class"), expand("rdf:Property")}
    skos = expand("skos:")
    for s, said in o.by_subject.items():
        if s.startswith((*BUILT_IN, skos)):
            for predicate, values in said.items():
                schema = predicate.startswith(BUILT_IN) and predicate not in _ANNOTATIONS
                kinds = {str(v) for v in values} - declared if predicate == TYPE else {predicate}
                if (schema and kinds) or s == TYPE:
                    yield s, f"is a word of RDF, OWL or SKOS, and {compact(predicate)} is said of it - take it out"


_ANNOTATIONS: Final = frozenset(
    expand(name)
    for name in (
        "rdfs:label",
        "rdfs:comment",
        "rdfs:seeAlso",
        "rdfs:isDefinedBy",
        "owl:versionInfo",
        "owl:deprecated",
    )
)


@_error
def label_formatting(o: Ontology) -> Iterator[Found]:
    for s, value in o.pairs(LABEL):
        if not isinstance(value, str) and re.search(r"[\n\t]", value.value):
            yield s, f"a tab or line break is in the label {_short(value.value)}"


@_error
def label_whitespace(o: Ontology) -> Iterator[Found]:
    for s, value in o.pairs(LABEL):
        if not isinstance(value, str) and value.value != value.value.strip():
            yield s, f"blanks stand around the label {_short(value.value)}"


@_error
def missing_label(o: Ontology) -> Iterator[Found]:
    for s in o.entities:
        if s not in o.deprecated and not s.startswith(BUILT_IN) and not o.objects(s, LABEL):
            yield s, "has no rdfs:label"


def _headers_without(o: Ontology, what: str, *predicates: str) -> Iterator[Found]:
    for header in o.headers or [""]:
        if not any(o.objects(header, predicate) for predicate in predicates):
            yield header, f"the ontology has no {what} ({compact(predicates[0])})"


@_error
def missing_ontology_description(o: Ontology) -> Iterator[Found]:
    yield from _headers_without(o, "description", expand("dcterms:description"), DC + "description")


@_error
def missing_ontology_license(o: Ontology) -> Iterator[Found]:
    yield from _headers_without(o, "licence", expand("dcterms:license"))


@_error
def missing_ontology_title(o: Ontology) -> Iterator[Found]:
    yield from _headers_without(o, "title", expand("dcterms:title"), DC + "title")


@_error
def misused_obsolete_label(o: Ontology) -> Iterator[Found]:
    for s, value in o.pairs(LABEL):
        obsolete = not isinstance(value, str) and value.value.lower().startswith("obsolete")
        if obsolete and s not in o.deprecated and s != OBOINOWL + "ObsoleteClass":
            yield s, "its label says obsolete, and it is not owl:deprecated"


@_error
def misused_replaced_by(o: Ontology) -> Iterator[Found]:
    for predicate in (expand("obo:IAO_0100001"), expand("dcterms:isReplacedBy")):
        for s, _ in o.pairs(predicate):
            if s not in o.deprecated and s not in o.headers:
                yield s, "is replaced by another term, and it is not owl:deprecated"


@_error
def multiple_definitions(o: Ontology) -> Iterator[Found]:
    for s in o.entities:
        if s not in o.deprecated:
            yield from ((s, message) for message in _several(o, s, *DEFINITIONS))


@_error
def multiple_equivalent_class_definitions(o: Ontology) -> Iterator[Found]:
    meet = expand("owl:intersectionOf")
    for s in {s for s, _ in o.pairs(_EQUIVALENT) if not is_blank(s)}:
        if (count := sum(bool(o.objects(node, meet)) for node in o.nodes(s, _EQUIVALENT))) > 1:
            yield s, f"has {count} logical definitions - join them into one"


@_error
def multiple_labels(o: Ontology) -> Iterator[Found]:
    for s in o.entities:
        if s not in o.deprecated:
            yield from ((s, message) for message in _several(o, s, LABEL))


@_warning
def annotation_whitespace(o: Ontology) -> Iterator[Found]:
    data = set(o.instances.get(expand("owl:DatatypeProperty"), ()))
    for predicate, pairs in o.by_predicate.items():
        if predicate != LABEL and predicate not in data:
            for s, value in pairs:
                if not isinstance(value, str) and value.value.strip() and value.value != value.value.strip():
                    yield o.owner(s), f"blanks stand around {compact(predicate)} {_short(value.value)}"


@_warning
def duplicate_exact_synonym(o: Ontology) -> Iterator[Found]:
    for s, text, others in _shared(o, EXACT_SYNONYMS):
        yield s, f"has the exact synonym of {compact(others[0])}: {_short(text)}"


@_warning
def duplicate_label_synonym(o: Ontology) -> Iterator[Found]:
    for s in o.entities:
        if s not in o.deprecated:
            labels = {(text.value, text.language) for text in o.texts(s, LABEL)}
            for text in o.texts(s, *SYNONYMS):
                if (text.value, text.language) in labels:
                    yield s, f"has its label as a synonym too: {_short(text.value)}"


@_warning
def duplicate_scoped_synonym(o: Ontology) -> Iterator[Found]:
    for s in o.entities:
        by: dict[tuple[str, str | None], list[str]] = defaultdict(list)
        for predicate in SYNONYMS:
            for text in o.texts(s, predicate):
                by[text.value, text.language].append(compact(predicate))
        for (text_, _), predicates in by.items():
            if len(predicates) > 1:
                yield s, f"{_short(text_)} is a synonym by {' and '.join(predicates)}"


@_warning
def equivalent_pair(o: Ontology) -> Iterator[Found]:
    for s, value in o.pairs(_EQUIVALENT):
        if isinstance(value, str) and not is_blank(value):
            yield s, f"is equivalent to {compact(value)}, one to one - is it another name of the same class?"


@_warning
def equivalent_class_axiom_no_genus(o: Ontology) -> Iterator[Found]:
    some = expand("owl:someValuesFrom")
    for s, value in o.pairs(_EQUIVALENT):
        if isinstance(value, str) and not is_blank(s) and _RESTRICTION in o.types(value):
            for filler in o.nodes(value, some):
                if not is_blank(filler):
                    yield s, "is all that has a relation, of whatever kind it is - add the class that it is a kind of"


@_warning
def invalid_xref(o: Ontology) -> Iterator[Found]:
    for s, value in o.pairs(OBOINOWL + "hasDbXref"):
        if not isinstance(value, str) and not is_blank(s) and not _CURIE.fullmatch(value.value):
            yield s, f"the cross-reference {_short(value.value)} is no CURIE"


@_warning
def missing_definition(o: Ontology) -> Iterator[Found]:
    individuals = set(o.individuals)
    parents = {OBOINOWL + "SubsetProperty", OBOINOWL + "SynonymTypeProperty"}
    for s in o.entities:
        if s in o.deprecated or s in individuals or s.startswith(BUILT_IN) or not o.by_subject[s].keys() - _BARE:
            continue
        if not parents.intersection(o.nodes(s, SUBPROPERTY)) and not any(o.objects(s, p) for p in DEFINITIONS):
            yield s, "has no definition"


@_warning
def missing_obsolete_label(o: Ontology) -> Iterator[Found]:
    for s in sorted(o.deprecated):
        for text in o.texts(s, LABEL):
            if not text.value.lower().startswith("obsolete"):
                yield s, f"is deprecated, and its label does not begin with 'obsolete': {_short(text.value)}"


def _undeclared(o: Ontology, predicate: str, parent: str, what: str) -> Iterator[Found]:
    for value in sorted({str(v) for _, v in o.pairs(OBOINOWL + predicate)}):
        if OBOINOWL + parent not in o.nodes(value, SUBPROPERTY):
            yield value, f"is used as a {what}, and not declared as one"


@_warning
def missing_subset_declaration(o: Ontology) -> Iterator[Found]:
    yield from _undeclared(o, "inSubset", "SubsetProperty", "subset")


@_warning
def missing_synonymtype_declaration(o: Ontology) -> Iterator[Found]:
    yield from _undeclared(o, "hasSynonymType", "SynonymTypeProperty", "synonym type")


@_warning
def multiple_equivalent_classes(o: Ontology) -> Iterator[Found]:
    union = expand("owl:unionOf")
    for s in {s for s, _ in o.pairs(_EQUIVALENT) if not is_blank(s)}:
        if (count := sum(not o.objects(node, union) for node in o.nodes(s, _EQUIVALENT))) > 1:
            yield s, f"has {count} equivalent classes - an intersection says the same in one"


@_warning
def invalid_entity_uri(o: Ontology) -> Iterator[Found]:
    for s in {s for s, _ in o.pairs(TYPE) if not is_blank(s)}:
        if _BAD_OBO.match(s):
            yield s, f"is no OBO IRI - write {_OBO}SPACE_0000000"


@_info
def lowercase_definition(o: Ontology) -> Iterator[Found]:
    for s in o.entities:
        for text in o.texts(s, *DEFINITIONS):
            if s not in o.deprecated and not re.match(r"[A-Z0-9]", text.value) and not text.value[:1].isupper():
                yield s, f"its definition does not begin with a capital: {_short(text.value)}"


@_info
def missing_superclass(o: Ontology) -> Iterator[Found]:
    meet = expand("owl:intersectionOf")
    for s in o.classes:
        if s not in o.deprecated and o.by_subject[s].keys() - _BARE and not o.objects(s, SUBCLASS):
            # A class defined as a kind of another has that one above it.
            heads = [head for node in o.nodes(s, _EQUIVALENT) for head in o.nodes(node, meet)]
            if not any(isinstance(m, str) and not is_blank(m) for head in heads for m in o.members(head) or ()):
                yield s, "has no superclass - is it a root?"
