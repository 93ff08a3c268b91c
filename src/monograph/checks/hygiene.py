"""What makes an ontology good beyond the report: the habits that OBO, DOID, Mondo, IDMP-O and OOPS look for, offline.

A flaw that misleads a machine or a reader is an error or a warning; a matter of taste is an info. Rules that ask for
completeness look at the ontology's own terms only, and sum up what would be a line a term.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from monograph.checks.axioms import (
    BUILT_IN,
    DEFINITIONS,
    LABEL,
    SUBCLASS,
    SUBPROPERTY,
    TYPE,
    Ontology,
    components,
    is_blank,
)
from monograph.checks.report import SYNONYMS
from monograph.checks.rules import Found, Rule, ruleset
from monograph.vocabulary import compact, expand

__all__ = ["HYGIENE"]

HYGIENE: Final[list[Rule]] = []
_error, _warning, _info = (ruleset(HYGIENE, level) for level in ("error", "warning", "info"))

_PREFERRED: Final = expand("skos:prefLabel")
_EQUIVALENT: Final = expand("owl:equivalentClass")
_DOMAIN, _RANGE = expand("rdfs:domain"), expand("rdfs:range")
_EXAMPLES: Final = (expand("skos:example"), expand("obo:IAO_0000112"))
_PROSE: Final = (LABEL, _PREFERRED, *DEFINITIONS, *SYNONYMS)
_OPEN: Final = re.compile(
    r"creativecommons\.org/(publicdomain/|licenses/by(-sa)?/)|opendatacommons\.org/licenses/|\bCC0\b"
    r"|\bCC[ -]BY(-SA)?([ -]\d|$)|Apache-2|apache\.org/licenses|opensource\.org/licen[sc]es|\bMIT\b",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"(?<!\d)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)")
_AXIOMS: Final = frozenset(
    expand(name)
    for name in (
        "rdfs:subClassOf",
        "rdfs:subPropertyOf",
        "rdfs:domain",
        "rdfs:range",
        "owl:equivalentClass",
        "owl:equivalentProperty",
        "owl:disjointWith",
        "owl:disjointUnionOf",
        "owl:inverseOf",
        "owl:propertyDisjointWith",
        "owl:propertyChainAxiom",
        "owl:hasKey",
        "owl:complementOf",
        "owl:unionOf",
        "owl:intersectionOf",
        "owl:oneOf",
    )
)
_LINKS: Final = _AXIOMS | {
    expand(name)
    for name in (
        "rdfs:isDefinedBy",
        "skos:broader",
        "skos:narrower",
        "skos:related",
        "skos:inScheme",
        "skos:topConceptOf",
        "skos:hasTopConcept",
        "skos:exactMatch",
        "skos:closeMatch",
        "skos:broadMatch",
        "skos:narrowMatch",
        "skos:relatedMatch",
    )
}
_ALL_DIFFERENT: Final = ("owl:disjointWith", "owl:disjointUnionOf", "owl:propertyDisjointWith")


def _some(terms: Iterable[str]) -> str:
    """How many, and the first three."""
    listed = list(terms)
    return f"{len(listed)}: {', '.join(map(compact, listed[:3]))}{', …' if len(listed) > 3 else ''}"


def _clip(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _prose(o: Ontology) -> Iterator[tuple[str, str, str]]:
    """Term, predicate and text of every label, synonym and definition."""
    for predicate in _PROSE:
        for s, value in o.pairs(predicate):
            if not isinstance(value, str):
                yield s, predicate, value.value


# --- the header -----------------------------------------------------------------------------------------------------


@_warning
def license_not_open(o: Ontology) -> Iterator[Found]:
    for header in o.headers:
        for value in o.objects(header, expand("dcterms:license")):
            name = value if isinstance(value, str) else value.value
            if not _OPEN.search(name):
                yield header, f"its licence is not known as an open one: {_clip(name)}"


@_warning
def undated_version(o: Ontology) -> Iterator[Found]:
    for header in o.headers:
        versions = o.nodes(header, expand("owl:versionIRI"))
        if not any(_DATE.search(version) for version in versions):
            yield (
                header,
                "has no owl:versionIRI with an ISO date in it"
                if not versions
                else (f"its owl:versionIRI {versions[0]} has no ISO date in it"),
            )


@_info
def imports(o: Ontology) -> Iterator[Found]:
    for s, value in o.pairs(expand("owl:imports")):
        yield s, f"imports {value}, which is not fetched; what it declares is not known here"


# --- texts ----------------------------------------------------------------------------------------------------------


@_warning
def blank_annotation(o: Ontology) -> Iterator[Found]:
    for predicate, pairs in o.by_predicate.items():
        for s, value in pairs:
            if not isinstance(value, str) and not value.value.strip():
                yield o.owner(s), f"{compact(predicate)} is empty"


@_warning
def double_space(o: Ontology) -> Iterator[Found]:
    for s, predicate, text in _prose(o):
        if "  " in text.strip():
            yield s, f"several blanks in a row in {compact(predicate)} {_clip(text)}"


@_warning
def line_break_in_text(o: Ontology) -> Iterator[Found]:
    for s, predicate, text in _prose(o):
        if predicate != LABEL and re.search(r"[\n\r\t]", text.strip()):
            yield s, f"a tab or line break is in {compact(predicate)} {_clip(text)}"


@_info
def unpunctuated_definition(o: Ontology) -> Iterator[Found]:
    for s in o.entities:
        for text in o.texts(s, *DEFINITIONS):
            if s not in o.deprecated and not re.search(r"[.!?…][\"')\]”’]*$", text.value.strip()):
                yield s, f"its definition ends without a full stop: {_clip(text.value)}"


@_warning
def underscore_in_definition(o: Ontology) -> Iterator[Found]:
    for s in o.entities:
        for text in o.texts(s, *DEFINITIONS):
            if s not in o.deprecated and (word := re.search(r"(?<![\w/:#.])[A-Za-z]+_[A-Za-z_]+", text.value)):
                yield s, f"its definition holds the identifier {_clip(word.group())} - write words"


@_warning
def circular_definition(o: Ontology) -> Iterator[Found]:
    for s in o.own_terms:
        for text in o.texts(s, *DEFINITIONS):
            for label in o.texts(s, LABEL, _PREFERRED):
                word = label.value.strip()
                if len(word) > 2 and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.value, re.IGNORECASE):
                    yield s, f"its definition uses its own label {_clip(word)}"


@_warning
def swapped_label_and_definition(o: Ontology) -> Iterator[Found]:
    for s in o.entities:
        for label in o.texts(s, LABEL):
            definitions = o.texts(s, *DEFINITIONS)
            if definitions and len(label.value) > 40 and len(label.value) > 2 * len(definitions[0].value):
                yield s, f"its label looks like its definition: {_clip(label.value)}"


@_info
def and_or_label(o: Ontology) -> Iterator[Found]:
    for s in o.own_classes:
        for label in o.texts(s, LABEL):
            if re.search(r"\b(and|or)\b", label.value):
                yield s, f"its label joins two things: {_clip(label.value)} - are they two classes?"


@_info
def mixed_language_tags(o: Ontology) -> Iterator[Found]:
    for predicate in (LABEL, _PREFERRED, *DEFINITIONS):
        bare = sorted({s for s, v in o.pairs(predicate) if not isinstance(v, str) and not v.language and o.own(s)})
        tagged = {s for s, v in o.pairs(predicate) if not isinstance(v, str) and v.language and o.own(s)}
        if bare and tagged:
            yield bare[0], f"{compact(predicate)} is without a language on {_some(bare)}; {len(tagged)} others have one"


@_warning
def multiple_preferred_labels(o: Ontology) -> Iterator[Found]:
    for s in sorted({s for s, _ in o.pairs(_PREFERRED)}):
        by: dict[str | None, set[str]] = defaultdict(set)
        for text in o.texts(s, _PREFERRED):
            by[text.language].add(text.value)
        for language, texts in by.items():
            if len(texts) > 1:
                yield s, f"has {len(texts)} preferred labels in language {language or 'none'}"


@_warning
def duplicate_preferred_label(o: Ontology) -> Iterator[Found]:
    holders: dict[tuple[str, str | None, str], set[str]] = defaultdict(set)
    for s, value in o.pairs(_PREFERRED):
        if not isinstance(value, str):
            for scheme in o.nodes(s, expand("skos:inScheme")) or [""]:
                holders[value.value, value.language, scheme].add(s)
    for (text, _, _), subjects in holders.items():
        for s in subjects if len(subjects) > 1 else ():
            yield s, f"has the preferred label of {compact(min(subjects - {s}))}: {_clip(text)}"


@_warning
def preferred_label_as_synonym(o: Ontology) -> Iterator[Found]:
    for s in sorted({s for s, _ in o.pairs(_PREFERRED)}):
        labels = {(text.value, text.language) for text in o.texts(s, _PREFERRED)}
        for text in o.texts(s, *SYNONYMS):
            if (text.value, text.language) in labels:
                yield s, f"has its preferred label as a synonym too: {_clip(text.value)}"


# --- names ----------------------------------------------------------------------------------------------------------


@_error
def undefined_term(o: Ontology) -> Iterator[Found]:
    """A term of the ontology's own namespace that is used, and of which nothing is said: most often a slip."""
    # Of `…/ontology#x` and not of `…/ontology/x`: under a slash, pages and releases live too.
    own = tuple(n for n in o.namespaces if n.endswith(("#", "_")))
    used: dict[str, str] = {}
    for predicate, pairs in o.by_predicate.items():
        if predicate.startswith(own):
            used.setdefault(predicate, pairs[0][0])
        for s, value in pairs:
            if isinstance(value, str) and value.startswith(own):
                used.setdefault(value, s)
    for term in sorted(used.keys() - o.by_subject.keys()):
        if term not in own:
            yield term, f"is used by {compact(o.owner(used[term])) or 'an axiom'}, and not defined - is it misspelt?"


@_warning
def untyped_individual(o: Ontology) -> Iterator[Found]:
    """What a property relates, and no class is stated of; what SKOS matches lie elsewhere, and may be bare."""
    own = tuple(n for n in o.namespaces if n.endswith(("#", "_")))
    for prop in o.of_type(expand("owl:ObjectProperty"), expand("owl:DatatypeProperty")):
        if o.has_imports or prop.startswith(expand("skos:")):
            continue
        for s, value in o.pairs(prop):
            for term in (s, value):
                if not isinstance(term, str) or is_blank(term) or term.startswith(BUILT_IN) or o.objects(term, TYPE):
                    continue
                # Of our own with nothing said at all: undefined_term.
                if term in o.by_subject or not term.startswith(own):
                    yield term, f"is related by {compact(prop)}, and has no type"


@_error
def unknown_standard_term(o: Ontology) -> Iterator[Found]:
    """A word that a closed vocabulary does not have, such as ``rdfs:Label``."""
    import rdflib.namespace as known

    closed = {
        str(namespace): set(map(str, dir(namespace)))
        for namespace in (known.RDF, known.RDFS, known.OWL, known.XSD, known.SKOS, known.DCTERMS, known.PROV)
    }
    used: dict[str, str] = {}
    for predicate, pairs in o.by_predicate.items():
        used.setdefault(predicate, pairs[0][0])
        for s, value in pairs:
            term = value if isinstance(value, str) else value.datatype.value
            used.setdefault(term, s)
    for term in sorted(used):
        cut = max(term.rfind("#"), term.rfind("/")) + 1
        terms = closed.get(term[:cut])
        if terms is not None and term[cut:] and term not in terms and not re.fullmatch(r"_\d+", term[cut:]):
            yield o.owner(used[term]), f"uses {compact(term)}, which that vocabulary does not have - is it misspelt?"


@_warning
def namespace_hijack(o: Ontology) -> Iterator[Found]:
    logical = {expand(f"owl:{kind}Property") for kind in ("Functional", "InverseFunctional", "Transitive", "Symmetric")}
    for s in sorted({*o.classes, *o.properties}):
        if not o.own(s) and not s.startswith(BUILT_IN):
            said = sorted(o.by_subject[s].keys() & _AXIOMS) + sorted(o.types(s) & logical)
            if said:
                yield s, f"belongs to another vocabulary, and is given {', '.join(map(compact, said))} here"


@_info
def naming_convention(o: Ontology) -> Iterator[Found]:
    for kind, terms, wanted in (
        ("class", o.own_classes, r"[A-Z][A-Za-z0-9]*"),
        ("property", o.own_properties, r"[a-z][A-Za-z0-9]*"),
    ):
        names = {term: re.split(r"[#/]", term)[-1] for term in terms}
        odd = [term for term, name in names.items() if not re.fullmatch(wanted, name)]
        if odd and 2 * len(odd) < len(names):
            yield odd[0], f"{kind} names of another style than the rest: {_some(odd)}"


@_warning
def class_individual_punning(o: Ontology) -> Iterator[Found]:
    for term in sorted(set(o.individuals) & set(o.classes)):
        yield term, "is a class and an individual"


@_warning
def property_punning(o: Ontology) -> Iterator[Found]:
    for term in sorted((set(o.classes) | set(o.individuals)) & set(o.properties)):
        yield term, "is a property, and a class or individual too"


@_error
def text_where_iri(o: Ontology) -> Iterator[Found]:
    for predicate in sorted(_LINKS):
        for s, value in o.pairs(predicate):
            if not isinstance(value, str):
                yield o.owner(s), f"{compact(predicate)} is the text {_clip(value.value)}, and must be an IRI"


# --- axioms ---------------------------------------------------------------------------------------------------------


def _cycles(o: Ontology, predicate: str) -> Iterator[Found]:
    edges: dict[str, set[str]] = defaultdict(set)
    for s, value in o.pairs(predicate):
        if isinstance(value, str) and not is_blank(s) and not is_blank(value):
            edges[s].add(value)
    for cycle in components(edges):
        yield cycle[0], f"{compact(predicate)} runs in a circle through {_some(cycle)}"


@_error
def subclass_cycle(o: Ontology) -> Iterator[Found]:
    yield from _cycles(o, SUBCLASS)


@_error
def subproperty_cycle(o: Ontology) -> Iterator[Found]:
    yield from _cycles(o, SUBPROPERTY)


@_error
def broader_cycle(o: Ontology) -> Iterator[Found]:
    yield from _cycles(o, expand("skos:broader"))


@_error
def self_referential_definition(o: Ontology) -> Iterator[Found]:
    for predicate in (_EQUIVALENT, SUBCLASS, expand("owl:disjointWith")):
        for s, value in o.pairs(predicate):
            if not is_blank(s) and s in o.mentions(value) and not (predicate == SUBCLASS and value == s):
                if predicate == SUBCLASS and not _genus(o, value, s):
                    continue
                yield s, f"is defined by itself ({compact(predicate)})"


def _genus(o: Ontology, value: object, s: str) -> bool:
    """Whether ``s`` is a direct member of the intersection or union at ``value``; a relation to its like is none."""
    lists = [head for p in ("owl:intersectionOf", "owl:unionOf") for head in o.nodes(str(value), expand(p))]
    return any(s in (o.members(head) or ()) for head in lists)


@_warning
def multiple_domains(o: Ontology) -> Iterator[Found]:
    for s in o.properties:
        if (count := len(o.objects(s, _DOMAIN))) > 1:
            yield s, f"has {count} domains, which mean their intersection - join them by owl:unionOf"


@_warning
def multiple_ranges(o: Ontology) -> Iterator[Found]:
    for s in o.properties:
        if (count := len(o.objects(s, _RANGE))) > 1:
            yield s, f"has {count} ranges, which mean their intersection - join them by owl:unionOf"


@_info
def missing_domain_or_range(o: Ontology) -> Iterator[Found]:
    logical = {expand("owl:ObjectProperty"), expand("owl:DatatypeProperty")}
    for s in o.own_properties:
        if o.types(s) & logical:
            lacking = [name for name, p in (("domain", _DOMAIN), ("range", _RANGE)) if not o.objects(s, p)]
            if lacking and not o.objects(s, SUBPROPERTY) and not o.objects(s, expand("owl:inverseOf")):
                yield s, f"has no {' and no '.join(lacking)}"


@_info
def missing_disjointness(o: Ontology) -> Iterator[Found]:
    told = any(o.pairs(expand(p)) for p in _ALL_DIFFERENT) or expand("owl:AllDisjointClasses") in o.instances
    if len(o.own_classes) > 1 and not told:
        yield next(iter(o.headers), ""), f"none of its {len(o.own_classes)} classes are said to be disjoint"


@_info
def missing_example(o: Ontology) -> Iterator[Found]:
    bare = [s for s in [*o.own_classes, *o.own_properties] if not any(o.objects(s, p) for p in _EXAMPLES)]
    if bare:
        yield next(iter(o.headers), bare[0]), f"terms without an example: {_some(bare)}"


@_warning
def unconnected_element(o: Ontology) -> Iterator[Found]:
    """A class or property that no axiom, instance or use joins to anything else."""
    annotation = expand("owl:AnnotationProperty")
    for s in [*o.own_classes, *o.own_properties]:
        if o.by_subject[s].keys() & _AXIOMS or s in o.by_predicate or annotation in o.types(s):
            continue
        if not any(not is_blank(user) or p != TYPE for p, user in o.by_object.get(s, ()) if p not in _LINKS - _AXIOMS):
            yield s, "no axiom, instance or other term uses it"


@_info
def reasoning_cost(o: Ontology) -> Iterator[Found]:
    for s, _ in o.pairs(SUBCLASS):
        if is_blank(s):
            yield o.owner(s), "an anonymous class stands on the left of rdfs:subClassOf, which slows a reasoner"
    for name in ("minCardinality", "maxCardinality", "cardinality", "minQualifiedCardinality", "qualifiedCardinality"):
        for s, value in o.pairs(expand(f"owl:{name}")):
            if not isinstance(value, str) and value.value.isdigit() and int(value.value) > 20:
                yield o.owner(s), f"owl:{name} {value.value} is high, which slows a reasoner"
