"""The ontology as data: each term explained, the kinds of facts disjoint, OWL 2 DL, and a reasoner that agrees."""

from __future__ import annotations

import io
import re
import shutil
from collections import Counter
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS

import samples
from monograph import alignments, graph, ontology, vocabulary
from monograph.errors import SourceError
from monograph.facts import KINDS, Kind
from monograph.mappings.model import MappingSet
from monograph.mappings.sssom import read_sssom

MG = vocabulary.ONTOLOGY
SCHEMES = {
    "polarity": "Polarity",
    "certainty": "Certainty",
    "severity": "Severity",
    "frequency": "FrequencyBand",
    "role": "Role",
    "trigger": "Trigger",
    "gap": "GapKind",
    "population": "Population",
    "route": "RouteOfAdministration",
    "form": "DoseForm",
}
TURTLE = sorted(found.name for found in files("monograph.ontology").iterdir() if found.name.endswith(".ttl"))
PROPERTY_TYPES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
#: annotation properties and datatypes of OWL 2 itself, which need no declaration
BUILT_IN = {OWL.versionInfo, RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso}
DATATYPES = {URIRef(vocabulary.expand(f"xsd:{name}")) for name in ("string", "decimal", "integer", "dateTime")}


def mg(name: str) -> URIRef:
    return URIRef(MG + name)


def parsed(*names: str) -> Graph:
    whole = Graph()
    for name in names:
        whole.parse(data=ontology.read(name), format="turtle")
    return whole


@pytest.fixture(scope="module")
def terms() -> Graph:
    return parsed("monograph.ttl")


@pytest.fixture(scope="module")
def values() -> Graph:
    return parsed("values.ttl")


@pytest.fixture(scope="module")
def whole() -> Graph:
    return parsed("monograph.ttl", "values.ttl")


def sample() -> Graph:
    """The graph of a small document with a fact of every kind."""
    quads = graph.quads(samples.document(), samples.facts(), samples.gaps())
    return Graph().parse(data="".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in quads), format="nt")


def declared(g: Graph, *types: URIRef) -> set[URIRef]:
    return {s for t in types for s in g.subjects(RDF.type, t) if isinstance(s, URIRef)}


def own_terms(g: Graph) -> set[URIRef]:
    return {s for s in declared(g, OWL.Class, *PROPERTY_TYPES) if s.startswith(MG)}


def members(values: Graph, scheme: str) -> set[URIRef]:
    return {s for s in values.subjects(SKOS.inScheme, mg(f"{scheme}-scheme")) if isinstance(s, URIRef)}


# What stands in the files


def test_the_ontology_has_under_150_terms(terms: Graph) -> None:
    assert 100 < len(own_terms(terms)) < 150


def test_a_term_has_one_label_one_definition_and_an_example(terms: Graph) -> None:
    for term in own_terms(terms):
        for predicate in (RDFS.label, SKOS.definition, SKOS.example):
            found = list(terms.objects(term, predicate))
            assert len(found) == 1, (term, predicate)
            assert isinstance(found[0], Literal) and found[0].language == "en", (term, predicate)
        assert (term, RDFS.isDefinedBy, URIRef(MG.removesuffix("#"))) in terms, term


def test_a_member_of_a_value_set_has_a_label_a_definition_a_notation_and_a_scheme(values: Graph) -> None:
    concepts = declared(values, SKOS.Concept)
    assert len(concepts) > 80
    for member in concepts:
        for predicate in (RDFS.label, SKOS.prefLabel, SKOS.definition, SKOS.notation, SKOS.inScheme):
            assert len(list(values.objects(member, predicate))) == 1, (member, predicate)
        assert values.value(member, RDFS.label) == values.value(member, SKOS.prefLabel)


def test_labels_and_definitions_are_unique_and_clean(whole: Graph) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        texts = [str(o) for o in whole.objects(None, predicate)]
        assert [t for t, n in Counter(t.casefold() for t in texts).items() if n > 1] == []
        assert [t for t in texts if t != " ".join(t.split())] == []
    for definition in whole.objects(None, SKOS.definition):
        assert re.fullmatch(r"[A-Z].*\.", str(definition)), definition
    for label in whole.objects(None, RDFS.label):
        assert not re.search(r"\b(and|or)\b|/", str(label)), label


def test_no_definition_uses_the_label_that_it_defines(whole: Graph) -> None:
    for term, definition in whole.subject_objects(SKOS.definition):
        label = str(whole.value(term, RDFS.label))
        assert not re.search(rf"\b{re.escape(label)}\b", str(definition), re.IGNORECASE), (label, definition)


def test_terms_stand_in_alphabetical_order_within_their_section() -> None:
    for section in re.split(r"^### ", ontology.read("monograph.ttl"), flags=re.MULTILINE)[2:5]:
        subjects = re.findall(r"^mg:(\S+) a owl:", section, re.MULTILINE)
        assert len(subjects) > 10
        assert subjects == sorted(subjects), section.splitlines()[0]


@pytest.mark.parametrize("name", ["monograph.ttl", "values.ttl", "alignments.ttl"])
def test_a_released_file_says_what_it_is_and_imports_nothing(name: str) -> None:
    g = parsed(name)
    (header,) = declared(g, OWL.Ontology)
    version = g.value(header, OWL.versionIRI)
    assert str(version) == f"{vocabulary.BASE}releases/{ontology.VERSION}/{header.rsplit('/', 1)[1]}"
    assert str(g.value(header, OWL.versionInfo)) == ontology.VERSION
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.license):
        assert g.value(header, predicate), (name, predicate)
    assert list(g.triples((None, OWL.imports, None))) == []


@pytest.mark.parametrize("name", ["values.ttl", "alignments.ttl", "prefixes.ttl"])
def test_data_files_hold_no_blank_nodes(name: str) -> None:
    assert not any(isinstance(node, BNode) for triple in parsed(name) for node in triple)


@pytest.mark.parametrize("name", TURTLE)
def test_prefixes_are_those_of_the_one_prefix_map(name: str) -> None:
    stated = dict(re.findall(r"^@prefix (\S*): <([^>]*)> \.", ontology.read(name), re.MULTILINE))
    stated.pop("p", None)  # the namespace of the declarations themselves
    assert stated
    assert stated.items() <= vocabulary.prefixes().items()


def test_every_prefix_is_declared_once_and_listed() -> None:
    g = parsed("prefixes.ttl")
    sh = vocabulary.prefixes()["sh"]
    listed = set(g.objects(URIRef("https://w3id.org/monograph/prefixes"), URIRef(sh + "declare")))
    described = declared(g, URIRef(sh + "PrefixDeclaration"))
    assert listed == described
    assert len(described) == len(vocabulary.prefixes()) == len(set(vocabulary.prefixes().values()))


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.ttl"):
        ontology.read("nothing.ttl")


# What the terms say


def test_each_kind_of_fact_has_its_class(terms: Graph) -> None:
    classes = {URIRef(vocabulary.fact_class(kind)) for kind in KINDS}
    assert classes == set(terms.subjects(RDFS.subClassOf, mg("Fact")))


def listed_members(g: Graph, kind: URIRef, predicate: URIRef) -> list[set[Any]]:
    return [set(Collection(g, head)) for s in g.subjects(RDF.type, kind) for head in g.objects(s, predicate)]


def test_kinds_of_facts_exclude_each_other(terms: Graph) -> None:
    groups = listed_members(terms, OWL.AllDisjointClasses, OWL.members)
    assert {URIRef(vocabulary.fact_class(kind)) for kind in KINDS} in groups
    top = {mg(c) for c in ("Subject", "ClinicalConcept", "Substance", "Population", "Document", "Evidence", "Fact")}
    assert any(top <= group for group in groups)


def test_a_kind_has_an_object_class_or_no_object(terms: Graph) -> None:
    for kind in KINDS:
        restrictions = {
            predicate
            for node in terms.objects(URIRef(vocabulary.fact_class(kind)), RDFS.subClassOf)
            if terms.value(node, OWL.onProperty) == mg("hasObject")
            for predicate in terms.predicates(node)
        }
        if kind in vocabulary.OBJECT_SPACE:
            assert {OWL.someValuesFrom, OWL.allValuesFrom} <= restrictions, kind
        else:
            assert OWL.maxCardinality in restrictions, kind


def test_a_property_has_one_domain_and_one_range(terms: Graph) -> None:
    for prop in declared(terms, OWL.ObjectProperty, OWL.DatatypeProperty):
        if prop.startswith(MG):
            assert len(list(terms.objects(prop, RDFS.domain))) == 1, prop
            assert len(list(terms.objects(prop, RDFS.range))) == 1, prop


def test_datatypes_are_those_that_reasoners_take(terms: Graph) -> None:
    ranges = {terms.value(p, RDFS.range) for p in declared(terms, OWL.DatatypeProperty) if p.startswith(MG)}
    assert ranges == DATATYPES


def test_shortcuts_are_plain_properties_from_a_subject(terms: Graph) -> None:
    assert list(terms.triples((None, OWL.propertyChainAxiom, None))) == []
    for name in vocabulary.SHORTCUTS.values():
        assert (mg(name), RDF.type, OWL.ObjectProperty) in terms
        assert (mg(name), RDFS.domain, mg("Subject")) in terms


def test_a_name_is_used_in_one_way_only(whole: Graph) -> None:
    for term in declared(whole, OWL.Class, *PROPERTY_TYPES):
        assert len(set(whole.objects(term, RDF.type)) & {OWL.Class, *PROPERTY_TYPES}) == 1, term
        assert (term, RDF.type, SKOS.Concept) not in whole, term


def test_everything_used_is_declared(whole: Graph) -> None:
    properties, classes = declared(whole, *PROPERTY_TYPES), declared(whole, OWL.Class)
    for _, predicate, value in whole:
        if not str(predicate).startswith((str(OWL), str(RDF), str(RDFS))):
            assert predicate in properties, predicate
        if predicate == RDF.type and isinstance(value, URIRef) and not value.startswith(str(OWL)):
            assert value in classes, value
        if predicate in (RDFS.subClassOf, RDFS.domain, OWL.someValuesFrom, OWL.allValuesFrom, OWL.onClass):
            assert isinstance(value, BNode) or value in classes | DATATYPES, value
        if predicate == OWL.onProperty:
            assert value in properties, value
        if isinstance(value, URIRef) and value.startswith(MG):
            assert (value, RDF.type, None) in whole, value


def test_everything_that_a_document_graph_uses_is_declared(whole: Graph) -> None:
    known = declared(whole, OWL.Class, *PROPERTY_TYPES) | BUILT_IN | {RDF.type}
    for _, predicate, value in sample():
        assert predicate in known, predicate
        if predicate == RDF.type:
            assert value in known, value
        elif isinstance(value, URIRef) and value.startswith(MG):
            assert (value, RDF.type, SKOS.Concept) in whole, value


# Value sets


@pytest.mark.parametrize(("scheme", "name"), SCHEMES.items())
def test_members_carry_the_scheme_in_their_name_and_its_class(
    whole: Graph, values: Graph, scheme: str, name: str
) -> None:
    found = members(values, scheme)
    assert found
    subclasses = {mg(name), *whole.subjects(RDFS.subClassOf, mg(name))}
    for member in found:
        assert member.startswith(f"{MG}{scheme}-"), member
        assert subclasses & set(values.objects(member, RDF.type)), member
        notation = str(values.value(member, SKOS.notation))
        assert vocabulary.value(scheme, notation) == str(member)


def test_every_member_belongs_to_a_known_scheme(values: Graph) -> None:
    assert declared(values, SKOS.Concept) == {m for scheme in SCHEMES for m in members(values, scheme)}


def test_no_name_of_a_scheme_means_two_members(values: Graph) -> None:
    for scheme in SCHEMES:
        owners: dict[str, set[URIRef]] = {}
        for member in members(values, scheme):
            for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.notation):
                for name in values.objects(member, predicate):
                    owners.setdefault(str(name).casefold(), set()).add(member)
        assert {name: found for name, found in owners.items() if len(found) > 1} == {}


def test_frequency_bands_adjoin_and_cover_all_shares(values: Graph) -> None:
    bands = []
    for member in members(values, "frequency") - {mg("frequency-not-known")}:
        low, high = (Decimal(str(values.value(member, mg(p)))) for p in ("frequencyLow", "frequencyHigh"))
        bands.append((low, high, member.rsplit("frequency-")[-1]))
    bands.sort()
    assert [name for *_, name in bands] == ["very-rare", "rare", "uncommon", "common", "very-common"]
    assert bands[0][0] == Decimal(0) and bands[-1][1] == Decimal(1)
    assert all(low < high for low, high, _ in bands)
    assert all(this[1] == after[0] for this, after in pairwise(bands))


def test_ages_lie_within_those_of_the_broader_population(values: Graph) -> None:
    def bounds(member: Any) -> tuple[Decimal, Decimal]:
        low, high = (values.value(member, mg(p)) for p in ("minimumAge", "maximumAge"))
        return (
            low.toPython() if low is not None else Decimal(0),
            high.toPython() if high is not None else Decimal(999),
        )

    for member in members(values, "population"):
        low, high = bounds(member)
        assert low < high
        for broader in values.objects(member, SKOS.broader):
            if (broader, SKOS.inScheme, mg("population-scheme")) in values:
                assert bounds(broader)[0] <= low and high <= bounds(broader)[1], member


def test_outside_matches_of_members_fit_their_vocabulary_and_name_their_source(values: Graph) -> None:
    patterns = {
        "mesh": r"D\d{6,9}",
        "obo": r"(NCIT_C\d{4,6}|OBI_\d{7}|HP_\d{7}|OAE_\d{7}|CHEBI_\d+)",
    }
    rows = [(s, o) for s, p, o in values if re.fullmatch(re.escape(str(SKOS)) + r"\w+Match", str(p))]
    assert len(rows) > 40
    for member, target in rows:
        prefix, _, local = vocabulary.compact(str(target)).partition(":")
        assert re.fullmatch(patterns[prefix], local), target
        assert list(values.objects(member, DCTERMS.source)), member
    exact = Counter(o for _, o in values.subject_objects(SKOS.exactMatch))
    assert [target for target, n in exact.items() if n > 1] == []


# Alignments

#: prefix -> what its local names look like
LOCAL_NAMES = {
    "biolink": r"[A-Za-z_]+",
    "fhir": r"[a-z-]+",
    "idmp": r"[A-Za-z]+",
    "loinc": r"\d+-\d",
    "oban": r"[a-z_]+",
    "obo": r"[A-Z]+_\d+",
    "pko": r"[A-Za-z0-9_]+",
    "schema": r"[A-Za-z]+",
}


@pytest.fixture(scope="module")
def mapping_set() -> MappingSet:
    return read_sssom(ontology.read("alignments.sssom.tsv"), "alignments.sssom.tsv")


def test_the_turtle_of_the_alignments_is_made_from_the_table(mapping_set: MappingSet) -> None:
    assert ontology.read("alignments.ttl") == alignments.turtle(mapping_set)


def test_the_table_says_what_it_is(mapping_set: MappingSet) -> None:
    assert mapping_set.metadata["mapping_set_id"] == "https://w3id.org/monograph/alignments"
    assert mapping_set.metadata["mapping_set_version"] == ontology.VERSION
    assert mapping_set.metadata["license"].startswith("https://creativecommons.org/")
    assert mapping_set.curie_map.items() <= vocabulary.prefixes().items()


def test_a_row_names_a_term_of_ours_by_its_label_and_a_term_of_theirs(mapping_set: MappingSet, whole: Graph) -> None:
    assert len(mapping_set.mappings) > 80
    for row in mapping_set.mappings:
        subject = URIRef(vocabulary.expand(row.subject))
        assert str(whole.value(subject, RDFS.label)) == row.subject_label, row
        prefix, _, local = row.object.partition(":")
        assert re.fullmatch(LOCAL_NAMES[prefix], local), row
        assert row.justification.startswith("semapv:") and row.author and row.comment, row


def test_a_row_stands_once_and_in_order(mapping_set: MappingSet) -> None:
    keys = [(row.subject, row.negated, row.predicate, row.object) for row in mapping_set.mappings]
    assert keys == sorted(set(keys))
    pairs = Counter((row.subject, row.object) for row in mapping_set.mappings)
    assert [pair for pair, n in pairs.items() if n > 1] == []


def test_known_traps_are_not_aligned(mapping_set: MappingSet) -> None:
    stated = {(row.subject, row.object) for row in mapping_set.mappings if not row.negated}
    objects = {target for _, target in stated}
    # obsolete, deleted, deprecated, or of another subject than a drug
    assert not objects & {"obo:RO_0002452", "obo:RO_0002609", "obo:DIDEO_00000100", "biolink:severity_qualifier"}
    assert not objects & {"schema:indication", "schema:adverseOutcome", "schema:contraindication"}
    assert {subject for subject, target in stated if target == "biolink:has_side_effect"} == {"mg:hasAdverseEffect"}


def test_negated_rows_make_no_triple(mapping_set: MappingSet) -> None:
    negated = [row for row in mapping_set.mappings if row.negated]
    assert negated
    g = parsed("alignments.ttl")
    for row in negated:
        subject, target = (URIRef(vocabulary.expand(c)) for c in (row.subject, row.object))
        assert (subject, None, target) not in g


HEADER = "#curie_map:\n#  mg: https://w3id.org/monograph/ontology#\n"
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("mg:Drug\tskos:closeMatch\tmg:Fact\n", r"line 4: not as many cells"),
        ("mg:Drug\towl:sameAs\tmg:Fact\tsemapv:ManualMappingCuration\n", r"line 4: owl:sameAs is no SKOS match"),
        ("mg:Drug\tskos:closeMatch\tx:Fact\tsemapv:ManualMappingCuration\n", r"line 4: the prefix of x:Fact"),
    ],
)
def test_a_bad_row_is_named_by_its_line(row: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_sssom(HEADER + COLUMNS + row, "alignments.sssom.tsv")


# What a reasoner makes of it

PREFIXES = "".join(f"@prefix {p}: <{ns}> .\n" for p, ns in vocabulary.prefixes().items())
EXAMPLE = """
document:leaflet a mg:Document ; mg:about drug:alpha .
evidence:one a mg:Evidence , oa:SpecificResource ; oa:hasSource document:leaflet ; oa:hasSelector evidence:place .
evidence:place a oa:TextPositionSelector ; oa:start 3 ; oa:end 9 .
concept:seizures a mg:ClinicalConcept .
drug:alpha a mg:Drug . drug:beta a mg:Drug . drug:gamma a mg:Drug .
fact:1 a mg:WithdrawalSymptomFact ; mg:hasSubject drug:alpha ; mg:hasObject concept:seizures ;
    mg:polarity mg:polarity-asserted ; mg:certainty mg:certainty-hedged ; mg:trigger mg:trigger-abrupt-stop ;
    mg:statedIn document:leaflet ; prov:wasDerivedFrom evidence:one .
fact:2 a mg:WithdrawalSymptomFact ; mg:hasSubject drug:beta ; mg:hasObject concept:seizures ;
    mg:polarity mg:polarity-negated ; mg:certainty mg:certainty-stated ;
    mg:statedIn document:leaflet ; prov:wasDerivedFrom evidence:one .
pop:early_pregnancy a mg:Population ; skos:broader mg:population-first-trimester .
fact:3 a mg:AdverseEffectFact ; mg:hasSubject drug:gamma ; mg:hasObject concept:seizures ;
    mg:severity mg:severity-serious ; mg:population pop:early_pregnancy ;
    mg:polarity mg:polarity-asserted ; mg:certainty mg:certainty-stated ;
    mg:statedIn document:leaflet ; prov:wasDerivedFrom evidence:one .
"""

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT runs on Java, and there is none here")


def reasoned(data: Graph) -> Any:
    """A world of the ontology, its value sets, the alignments and ``data`` after HermiT has been over it."""
    import owlready2

    whole = parsed("monograph.ttl", "values.ttl", "alignments.ttl") + data
    world = owlready2.World()
    triples = io.BytesIO(whole.serialize(format="nt", encoding="utf-8"))
    world.get_ontology(MG).load(fileobj=triples, only_local=True)
    with world.get_ontology("urn:inferred#"):
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    return world


def example(more: str = "") -> Graph:
    return Graph().parse(data=PREFIXES + EXAMPLE + more, format="turtle")


@needs_java
def test_hermit_fills_the_defined_classes_and_finds_every_kind_of_fact_consistent() -> None:
    assert {fact.kind for fact in samples.facts()} == set(KINDS)
    world = reasoned(example() + sample())

    def found(name: str) -> set[str]:
        return {member.name for member in world[MG + name].instances()}

    assert list(world.inconsistent_classes()) == []
    assert found("DrugWithWithdrawalRisk") == found("DrugWithAbruptStopRisk") == {"alpha", "zentralin"}
    assert found("DrugWithPregnancyFact") == {"gamma", "zentralin"}
    assert found("DrugWithSevereEffect") == {"gamma", "zentralin"}
    assert "1" in found("HedgedFact") and not {"2", "3"} & found("HedgedFact")
    assert "2" in found("NegatedFact") and not {"1", "3"} & found("NegatedFact")
    assert "early_pregnancy" in found("PregnancyPopulation")
    assert "population-breastfeeding" not in found("PregnancyPopulation")


@needs_java
@pytest.mark.parametrize(
    "contradiction",
    [
        "fact:1 mg:polarity mg:polarity-negated .",
        "fact:1 a mg:AdverseEffectFact .",
        "fact:1 mg:doseValue 5.0 .",
    ],
)
def test_hermit_refuses_what_contradicts_the_ontology(contradiction: str) -> None:
    import owlready2

    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        reasoned(example(contradiction))


def test_each_kind_is_spelt_as_its_class(terms: Graph) -> None:
    kinds: tuple[Kind, ...] = KINDS
    for kind in kinds:
        label = terms.value(URIRef(vocabulary.fact_class(kind)), RDFS.label)
        assert str(label).replace(" ", "-") == f"{kind}-fact"
