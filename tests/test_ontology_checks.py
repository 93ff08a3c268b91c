"""The rules over ontologies: each fires on a small fault of its own, and on nothing else."""

from __future__ import annotations

import time
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from monograph.checks.findings import Finding
from monograph.checks.hygiene import HYGIENE
from monograph.checks.ontology import check_ontology, check_profile, ontology_checks, ontology_triples, read_ontology
from monograph.checks.profile import PROFILE
from monograph.checks.report import REPORT
from monograph.errors import SourceError

PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/zoo#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oio: <http://www.geneontology.org/formats/oboInOwl#> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HEADER = """
<https://example.org/zoo> a owl:Ontology ;
    owl:versionIRI <https://example.org/zoo/2026-05-01> ;
    dcterms:title "Zoo"@en ;
    dcterms:description "Animals of a small zoo."@en ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
"""
ANNOTATIONS = "\n".join(
    f"{name} a owl:AnnotationProperty ."
    for name in (
        "dcterms:title",
        "dcterms:description",
        "dcterms:license",
        "dcterms:isReplacedBy",
        "oio:hasDbXref",
        "oio:hasExactSynonym",
        "oio:hasBroadSynonym",
        "oio:inSubset",
        "oio:hasSynonymType",
        "obo:IAO_0000115",
        "skos:definition",
        "skos:example",
        "skos:prefLabel",
        "skos:altLabel",
    )
)
TERMS = """
ex:Animal a owl:Class ; rdfs:label "animal"@en ;
    skos:definition "A living thing that moves and eats."@en ; skos:example "A hen."@en .
ex:Hen a owl:Class ; rdfs:label "hen"@en ; rdfs:subClassOf ex:Animal ; owl:disjointWith ex:Cow ;
    skos:definition "A bird that lays eggs for people."@en ; skos:example "Berta."@en .
ex:Cow a owl:Class ; rdfs:label "cow"@en ; rdfs:subClassOf ex:Animal ;
    skos:definition "A large animal that gives milk."@en ; skos:example "Elsa."@en .
ex:likes a owl:ObjectProperty ; rdfs:label "likes"@en ; rdfs:domain ex:Animal ; rdfs:range ex:Animal ;
    skos:definition "Joins two animals that stand together."@en ; skos:example "Berta and Elsa."@en .
ex:age a owl:DatatypeProperty ; rdfs:label "age"@en ; rdfs:domain ex:Animal ; rdfs:range xsd:integer ;
    skos:definition "Gives the years since birth."@en ; skos:example "3"@en .
ex:berta a ex:Hen ; rdfs:label "Berta"@en ; ex:age 3 ; ex:likes ex:elsa .
ex:elsa a ex:Cow ; rdfs:label "Elsa"@en .
"""
GOOD = PREFIXES + HEADER + ANNOTATIONS + TERMS


def triples(turtle: str) -> list[Triple]:
    return [Triple(q.subject, q.predicate, q.object) for q in parse(turtle, format=RdfFormat.TURTLE)]


def term(name: str, more: str = "rdfs:subClassOf ex:Animal", *, label: str = "", definition: str = "") -> str:
    """A class that is in order, but for what is asked."""
    return (
        f'ex:{name} a owl:Class ; rdfs:label "{label or name.lower()}"@en ; skos:example "One {name}."@en ; '
        f'skos:definition "{definition or f"Kept in place {sum(map(ord, name))}."}"@en ; {more} .'
    )


def relation(name: str, kind: str = "owl:ObjectProperty", more: str = "rdfs:range ex:Animal") -> str:
    return (
        f'ex:{name} a {kind} ; rdfs:label "{name} of"@en ; skos:example "None."@en ; '
        f'skos:definition "Joins by way {sum(map(ord, name))}."@en ; rdfs:domain ex:Animal ; {more} .'
    )


def with_class(axiom: str) -> str:
    return term("Goat", f"rdfs:subClassOf ex:Animal ; {axiom}")


def some(prop: str, filler: str) -> str:
    return f"[ a owl:Restriction ; owl:onProperty {prop} ; {filler} ]"


def swap(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


GONE = 'owl:deprecated true ; rdfs:label "obsolete goat"@en'
OLD_GOAT = f"ex:Goat a owl:Class ; {GONE} ."
VERSION = "owl:versionIRI <https://example.org/zoo/2026-05-01> ;"

#: rule -> the fault, added to the good ontology or a whole text of its own
REPORT_FAULTS = {
    "deprecated_boolean_datatype": 'ex:Goat a owl:Class ; owl:deprecated "yes" ; rdfs:label "goat"@en ; '
    'rdfs:subClassOf ex:Animal ; skos:definition "A beast with horns."@en ; skos:example "Bruno."@en .',
    "deprecated_class_reference": OLD_GOAT + term("Kid", "rdfs:subClassOf ex:Animal , ex:Goat"),
    "deprecated_property_reference": 'ex:feeds a owl:ObjectProperty ; owl:deprecated true ; rdfs:label "obsolete"@en . '
    "ex:elsa ex:feeds ex:berta .",
    "duplicate_definition": term("Goat", definition="A large animal that gives milk."),
    "duplicate_label": term("Goat", label="cow"),
    "illegal_use_of_built_in_vocabulary": "owl:Thing rdfs:subClassOf ex:Animal .",
    "label_formatting": term("Goat", label="billy\\tgoat"),
    "label_whitespace": term("Goat", label="goat "),
    "missing_label": 'ex:Goat a owl:Class ; rdfs:subClassOf ex:Animal ; skos:definition "A beast with horns."@en ; '
    'skos:example "Bruno."@en .',
    "missing_ontology_description": swap('dcterms:description "Animals of a small zoo."@en ;', ""),
    "missing_ontology_license": swap(
        '"Animals of a small zoo."@en ;\n    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .',
        '"Animals of a small zoo."@en .',
    ),
    "missing_ontology_title": swap('dcterms:title "Zoo"@en ;', ""),
    "misused_obsolete_label": term("Goat", label="obsolete goat"),
    "misused_replaced_by": with_class("dcterms:isReplacedBy ex:Cow"),
    "multiple_definitions": with_class('skos:definition "Another text."@en'),
    "multiple_equivalent_class_definitions": with_class(
        "owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( ex:Animal ex:Cow ) ] , "
        "[ a owl:Class ; owl:intersectionOf ( ex:Animal ex:Hen ) ]"
    ),
    "multiple_labels": with_class('rdfs:label "billy"@en'),
    "annotation_whitespace": term("Goat", definition="A beast with horns. "),
    "duplicate_exact_synonym": with_class('skos:altLabel "beast"@en')
    + term("Pig", "rdfs:subClassOf ex:Animal ; skos:altLabel 'beast'@en"),
    "duplicate_label_synonym": with_class('skos:altLabel "goat"@en'),
    "duplicate_scoped_synonym": with_class('oio:hasExactSynonym "billy" ; oio:hasBroadSynonym "billy"'),
    "equivalent_pair": with_class("owl:equivalentClass ex:Cow"),
    "equivalent_class_axiom_no_genus": with_class(
        f"owl:equivalentClass {some('ex:likes', 'owl:someValuesFrom ex:Cow')}"
    ),
    "invalid_xref": with_class('oio:hasDbXref "see the vet"'),
    "missing_definition": 'ex:Goat a owl:Class ; rdfs:label "goat"@en ; rdfs:subClassOf ex:Animal ; '
    'skos:example "Bruno."@en .',
    "missing_obsolete_label": 'ex:Goat a owl:Class ; owl:deprecated true ; rdfs:label "goat"@en .',
    "missing_subset_declaration": with_class("oio:inSubset <https://example.org/subset>"),
    "missing_synonymtype_declaration": with_class("oio:hasSynonymType <https://example.org/layperson>"),
    "multiple_equivalent_classes": with_class(
        f"owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( ex:Animal ex:Cow ) ] , "
        f"[ a owl:Class ; owl:complementOf {some('ex:likes', 'owl:someValuesFrom ex:Cow')} ]"
    ),
    "invalid_entity_uri": "<https://purl.obolibrary.org/obo/FARM_0000001> a owl:Class .",
    "lowercase_definition": term("Goat", definition="a beast with horns."),
    "missing_superclass": term("Goat", "owl:disjointWith ex:Cow"),
}
HYGIENE_FAULTS = {
    "license_not_open": swap("licenses/by/4.0", "licenses/by-nc/4.0"),
    "undated_version": swap("zoo/2026-05-01", "zoo/current"),
    "imports": "<https://example.org/zoo> owl:imports <https://example.org/barn> .",
    "blank_annotation": with_class('rdfs:comment " "'),
    "double_space": term("Goat", definition="A beast  with horns."),
    "line_break_in_text": term("Goat", definition="A beast\\nwith horns."),
    "unpunctuated_definition": term("Goat", definition="A beast with horns"),
    "underscore_in_definition": term("Goat", definition="A beast with has_horn."),
    "circular_definition": term("Goat", definition="A goat is what a Goat is."),
    "swapped_label_and_definition": term(
        "Goat", label="A beast with horns which climbs on everything on the zoo", definition="Billy."
    ),
    "and_or_label": term("Goat", label="goat or sheep"),
    "mixed_language_tags": 'ex:bruno a ex:Cow ; rdfs:label "Bruno" .',
    "multiple_preferred_labels": with_class('skos:prefLabel "goat"@en , "billy"@en'),
    "duplicate_preferred_label": with_class('skos:prefLabel "beast"@en')
    + term("Pig", "rdfs:subClassOf ex:Animal ; skos:prefLabel 'beast'@en"),
    "preferred_label_as_synonym": with_class('skos:prefLabel "billy"@en ; skos:altLabel "billy"@en'),
    "undefined_term": "ex:berta ex:likes ex:elza .",
    "untyped_individual": "ex:berta ex:likes <https://example.org/pets/rex> .",
    "unknown_standard_term": 'skos:prefLable a owl:AnnotationProperty . ex:elsa skos:prefLable "Elsa"@en .',
    "namespace_hijack": "foaf:Agent a owl:Class . foaf:Person a owl:Class ; rdfs:subClassOf foaf:Agent ; "
    'rdfs:label "person"@en ; skos:definition "A human."@en .',
    "naming_convention": term("the_goat"),
    "class_individual_punning": "ex:Cow a ex:Animal .",
    "property_punning": "ex:likes a ex:Animal .",
    "text_where_iri": with_class('rdfs:isDefinedBy "the zooer"'),
    "subclass_cycle": "ex:Animal rdfs:subClassOf ex:Cow .",
    "subproperty_cycle": "ex:likes rdfs:subPropertyOf ex:likes .",
    "broader_cycle": "skos:broader a owl:ObjectProperty . ex:elsa skos:broader ex:berta . "
    "ex:berta skos:broader ex:elsa .",
    "self_referential_definition": with_class(
        "owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( ex:Animal ex:Goat ) ]"
    ),
    "multiple_domains": "ex:likes rdfs:domain ex:Hen .",
    "multiple_ranges": "ex:likes rdfs:range ex:Hen .",
    "missing_domain_or_range": relation("feeds", more="rdfs:comment 'no range'"),
    "missing_disjointness": swap("; owl:disjointWith ex:Cow", ""),
    "missing_example": 'ex:Goat a owl:Class ; rdfs:label "goat"@en ; rdfs:subClassOf ex:Animal ; '
    'skos:definition "A beast with horns."@en .',
    "unconnected_element": term("Goat", "rdfs:comment 'alone'"),
    "reasoning_cost": "[] a owl:Restriction ; owl:onProperty ex:likes ; owl:someValuesFrom ex:Cow ; "
    "rdfs:subClassOf ex:Animal .",
}
INVERSE_OF_CHAIN = "ex:feeds owl:propertyChainAxiom ( ex:likes ex:feeds ex:likes ) ."
PROFILE_FAULTS = {
    "property_of_two_kinds": "ex:age a owl:AnnotationProperty .",
    "class_and_datatype": "ex:Cow a rdfs:Datatype .",
    "reserved_term_declared": "owl:Nothing a owl:ObjectProperty .",
    "undeclared_class": "ex:elsa a ex:Ox .",
    "undeclared_property": "ex:elsa ex:hates ex:berta .",
    "declarations_elsewhere": "<https://example.org/zoo> owl:imports <https://example.org/barn> .",
    "text_for_object_property": 'ex:elsa ex:likes "Berta" .',
    "iri_for_datatype_property": "ex:elsa ex:age ex:berta .",
    "object_characteristic_of_datatype_property": relation(
        "weight", "owl:DatatypeProperty , owl:SymmetricProperty", "rdfs:range xsd:decimal"
    ),
    "range_of_wrong_kind": "ex:likes rdfs:range xsd:string .",
    "malformed_restriction": with_class("rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:likes ]"),
    "filler_of_wrong_kind": with_class(f"rdfs:subClassOf {some('ex:likes', 'owl:someValuesFrom xsd:string')}"),
    "malformed_list": with_class("rdfs:subClassOf [ a owl:Class ; owl:unionOf [ rdf:first ex:Cow ] ]"),
    "composite_property_where_simple": "ex:likes a owl:TransitiveProperty . "
    + with_class(f"rdfs:subClassOf {some('ex:likes', 'owl:maxCardinality 1')}").replace(
        "owl:maxCardinality 1", 'owl:maxCardinality "1"^^xsd:nonNegativeInteger'
    ),
    "irregular_property_chain": relation("feeds") + INVERSE_OF_CHAIN,
    "anonymous_cycle": "_:a a ex:Cow ; ex:likes _:b . _:b a ex:Cow ; ex:likes _:a .",
    "shared_expression": "_:r a owl:Restriction ; owl:onProperty ex:likes ; owl:someValuesFrom ex:Cow . "
    "ex:Cow rdfs:subClassOf _:r . ex:Hen rdfs:subClassOf _:r .",
    "datatype_outside_owl": 'ex:elsa rdfs:comment "2026-05-01"^^xsd:date .',
    "malformed_literal": 'ex:elsa ex:age "three"^^xsd:integer .',
    "unknown_axiom": "ex:likes owl:inverse ex:age .",
}
#: faults that are two faults by their nature
ALSO = {
    "multiple_equivalent_class_definitions": {"multiple_equivalent_classes"},
    "unconnected_element": {"missing_superclass"},
}


def faulty(fault: str) -> list[Triple]:
    return triples(fault if fault.startswith(PREFIXES) else GOOD + fault)


def fired(found: list[Finding], usual: list[Finding]) -> dict[str, str]:
    return {one.rule: one.level for one in found if one not in usual}


@pytest.mark.parametrize("rule", [rule.name for rule in [*REPORT, *HYGIENE]])
def test_each_rule_fires_on_its_fault_and_no_other_does(rule: str) -> None:
    fault = {**REPORT_FAULTS, **HYGIENE_FAULTS}[rule]
    levels = {one.name: one.level for one in [*REPORT, *HYGIENE]}
    expected = {name: levels[name] for name in {rule} | ALSO.get(rule, set())}
    assert fired(check_ontology(faulty(fault)), check_ontology(triples(GOOD))) == expected


@pytest.mark.parametrize("rule", [rule.name for rule in PROFILE])
def test_each_rule_of_owl_2_dl_fires_on_its_fault_and_no_other_does(rule: str) -> None:
    levels = {one.name: one.level for one in PROFILE}
    assert fired(check_profile(faulty(PROFILE_FAULTS[rule])), []) == {rule: levels[rule]}


def test_a_good_ontology_has_no_finding_but_its_root() -> None:
    assert [(one.level, one.rule, one.where) for one in check_ontology(triples(GOOD))] == [
        ("info", "missing_superclass", "https://example.org/zoo#Animal")
    ]
    assert check_profile(triples(GOOD)) == []


def test_the_report_has_the_32_rules_of_robot_at_its_levels() -> None:
    assert Counter(rule.level for rule in REPORT) == {"error": 17, "warning": 13, "info": 2}
    names = [rule.name for rule in [*REPORT, *HYGIENE, *PROFILE]]
    assert len(names) == len(set(names))


def test_the_ontology_of_this_project_passes() -> None:
    folder = Path(str(files("monograph.ontology")))
    # mappings.ttl holds no terms of ours: it links data with terms that their own vocabularies describe
    found = [path for path in sorted(folder.glob("*.ttl")) if path.name != "mappings.ttl"]
    everything = [triple for path in found for triple in read_ontology(path)]
    assert [one for one in check_ontology(everything) if one.level != "info"] == []
    assert [one for one in check_profile(everything) if one.level != "info"] == []
    assert [one for one in check_ontology(ontology_triples()) if one.level != "info"] == []


def test_findings_are_sorted_and_name_no_blank_node() -> None:
    everything = "".join(fault for fault in PROFILE_FAULTS.values() if not fault.startswith(PREFIXES))
    found = check_profile(triples(GOOD + everything))
    assert found == check_profile(triples(GOOD + everything))
    assert len({one.rule for one in found}) > 15
    assert not [one for one in found if "_:" in one.where + one.message]
    assert [one.level for one in found] == sorted((one.level for one in found), key=["error", "warning", "info"].index)


def test_obo_definitions_and_synonyms_count() -> None:
    obo = """
    <http://purl.obolibrary.org/obo/zoo.owl> a owl:Ontology .
    obo:FARM_0000001 a owl:Class ; rdfs:label "goat" ; obo:IAO_0000115 "A beast with horns." .
    obo:FARM_0000002 a owl:Class ; rdfs:label "pig" ; obo:IAO_0000115 "A beast with horns." ;
        rdfs:subClassOf obo:FARM_0000001 , obo:FARM_0000003 .
    """
    found = {(one.rule, one.where) for one in check_ontology(triples(PREFIXES + obo))}
    assert ("duplicate_definition", "obo:FARM_0000001") in found
    assert ("undefined_term", "obo:FARM_0000003") in found
    assert not [one for one in found if one[0] == "missing_definition"]


def test_labels_in_two_languages_are_not_several() -> None:
    german = 'ex:Hen rdfs:label "Huhn"@de ; skos:definition "Ein Vogel, der Eier legt."@de .'
    assert fired(check_ontology(triples(GOOD + german)), check_ontology(triples(GOOD))) == {}


def test_shapes_and_prefix_declarations_are_no_terms() -> None:
    shapes = """
    <https://example.org/zoo> sh:declare ex:prefix .
    ex:prefix a sh:PrefixDeclaration ; sh:prefix "ex" ; sh:namespace "https://example.org/zoo#"^^xsd:anyURI .
    ex:HenShape a sh:NodeShape ; sh:targetClass ex:Hen ;
        sh:property [ sh:path ex:age ; sh:or ( [ sh:datatype xsd:integer ] [ sh:nodeKind sh:IRI ] ) ] .
    """
    assert check_ontology(triples(GOOD + shapes)) == check_ontology(triples(GOOD))
    assert check_profile(triples(GOOD + shapes)) == []


def test_a_large_ontology_is_checked_in_linear_time() -> None:
    many = GOOD + "".join(term(f"Beast{n}", definition=f"Number {n}.") for n in range(4000))
    rows = triples(many)
    began = time.perf_counter()
    assert {one.rule for one in check_ontology(rows)} == {"missing_superclass"}
    assert check_profile(rows) == []
    assert time.perf_counter() - began < 15  # two seconds where nothing else runs; a quadratic rule takes minutes


@pytest.mark.parametrize("axiom", ["ex:Goat owl:equivalentClass [ a owl:Class ; owl:unionOf", "[] owl:members"])
def test_a_long_list_of_faults_is_checked_in_linear_time_and_names_its_owner(axiom: str) -> None:
    members = " ".join(f"ex:Gone{n:05}" for n in range(10_000))
    rows = triples(GOOD + term("Goat") + f"{axiom} ( {members} ) {']' if 'union' in axiom else ''} .")
    began = time.perf_counter()
    found = [one for one in check_ontology(rows) if one.rule == "undefined_term"]
    assert time.perf_counter() - began < 10  # half a second where nothing else runs
    owner = "Goat" if "union" in axiom else "Gone00000"
    assert len(found) == 10_000
    assert all(f"used by https://example.org/zoo#{owner}," in one.message for one in found)


def test_an_untyped_subject_is_told_and_what_skos_matches_elsewhere_is_not() -> None:
    more = """
    skos:exactMatch a owl:ObjectProperty .
    ex:rosa ex:likes ex:elsa . ex:elsa skos:exactMatch <https://example.org/cows/1> .
    """
    (found,) = [one for one in check_ontology(triples(GOOD + more)) if one.rule == "untyped_individual"]
    assert found.where == "https://example.org/zoo#rosa"


def test_files_are_read_by_their_ending(tmp_path: Path) -> None:
    from pyoxigraph import serialize

    for name, format in (("a.ttl", RdfFormat.TURTLE), ("a.owl", RdfFormat.RDF_XML), ("a.nt", RdfFormat.N_TRIPLES)):
        path = tmp_path / name
        path.write_bytes(serialize(triples(GOOD), format=format) or b"")
        assert len(read_ontology(path)) == len(triples(GOOD))
        assert [name for name, _ in ontology_checks([path])] == ["ontology", "OWL 2 DL", "reasoning"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.obo", "format-version: 1.2", "not an ontology format"),
        ("a.ttl", "ex:Goat a owl:Class", "not well-formed"),
        ("a.owl", '<!DOCTYPE rdf:RDF [<!ENTITY a "b">]><rdf:RDF/>', "DOCTYPE"),
        ("gone.ttl", None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(
    tmp_path: Path, name: str, content: str | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=message) as caught:
        read_ontology(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
