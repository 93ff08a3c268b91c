"""Vocabularies in every format that is read: small files of our own, made for the test; their numbers are nobody's."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from monograph.errors import SourceError, UnknownName
from monograph.mappings.model import Mapping
from monograph.vocabularies.model import Synonym, Term
from monograph.vocabularies.prefixes import is_valid
from monograph.vocabularies.readers.description import describe, known_tables
from monograph.vocabularies.reading import PartOfAnother, read_vocabulary, reader_names

SHARED = Path(__file__).resolve().parents[2] / "shared" / "vocabularies"


@dataclass(frozen=True)
class Read:
    """A vocabulary with its iterators used up."""

    terms: dict[str, Term]
    mappings: list[Mapping]
    dropped: dict[str, int]
    stated: tuple[str, ...]
    sha256: str


Reading = Callable[..., Read]


@pytest.fixture
def read(tmp_path: Path) -> Reading:
    """Writes texts into files of these names and reads the first of them."""

    def reading(files: dict[str, str | bytes], *, reader: str | None = None, description: str | None = None) -> Read:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(dedent(text).encode() if isinstance(text, str) else text)
        if description is not None:
            (tmp_path / "own.yaml").write_text(dedent(description), encoding="utf-8")
        found = read_vocabulary(
            tmp_path / next(iter(files)),
            reader=reader,
            description=None if description is None else tmp_path / "own.yaml",
        )
        terms = list(found.terms)
        assert len({t.curie for t in terms}) == len(terms)
        mappings = list(found.mappings)
        said = (found.name, found.title, found.version, found.license, found.reader)
        return Read({t.curie: t for t in terms}, mappings, dict(found.dropped), said, found.sha256)

    return reading


ONTOLOGY = Term(
    curie="HP:9000001",
    label="Shivering fit",
    kind="phenotype",
    synonyms=(Synonym("Rigor", "exact"), Synonym("The shivers", "lay"), Synonym("Cold sign", "broad")),
    parents=("HP:9000002",),
    xrefs=("umls:C9000001",),
)

OBO = """\
    format-version: 1.4
    data-version: releases/2026-01-31
    ontology: hp
    synonymtypedef: layperson "layperson term"
    property_value: http://purl.org/dc/elements/1.1/title "Signs for a test" xsd:string
    property_value: http://purl.org/dc/terms/license https://creativecommons.org/publicdomain/zero/1.0/

    [Term]
    id: HP:9000001
    name: Shivering fit
    alt_id: HP:9000009
    synonym: "Rigor" EXACT []
    synonym: "The shivers" EXACT layperson []
    synonym: "Cold sign" BROAD []
    xref: UMLS:C9000001
    xref: NOWHERE:17
    property_value: skos:exactMatch SYMP:9000001
    is_a: HP:9000002 ! Sign

    [Term]
    id: HP:9000002
    name: Sign

    [Term]
    id: HP:9000003
    name: obsolete Shivers
    is_obsolete: true
    replaced_by: HP:9000001
    consider: HP:9000002

    [Term]
    id: NOWHERE:1
    name: of no known prefix

    [Typedef]
    id: part_of
    name: part of
"""

JSON = """\
    {"graphs": [{"id": "http://purl.obolibrary.org/obo/hp.owl",
      "meta": {"basicPropertyValues": [
        {"pred": "http://purl.org/dc/elements/1.1/title", "val": "Signs for a test"},
        {"pred": "http://www.w3.org/2002/07/owl#versionInfo", "val": "releases/2026-01-31"},
        {"pred": "http://purl.org/dc/terms/license", "val": "https://creativecommons.org/publicdomain/zero/1.0/"}]},
      "nodes": [
        {"id": "http://purl.obolibrary.org/obo/HP_9000001", "lbl": "Shivering fit", "type": "CLASS", "meta": {
          "synonyms": [
            {"pred": "hasExactSynonym", "val": "Rigor"},
            {"pred": "hasExactSynonym", "val": "The shivers",
             "synonymType": "http://purl.obolibrary.org/obo/hp#layperson"},
            {"pred": "hasBroadSynonym", "val": "Cold sign"}],
          "xrefs": [{"val": "UMLS:C9000001"}, {"val": "NOWHERE:17"}],
          "basicPropertyValues": [
            {"pred": "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId", "val": "HP:9000009"},
            {"pred": "http://www.w3.org/2004/02/skos/core#exactMatch",
             "val": "http://purl.obolibrary.org/obo/SYMP_9000001"}]}},
        {"id": "http://purl.obolibrary.org/obo/HP_9000002", "lbl": "Sign", "type": "CLASS"},
        {"id": "http://purl.obolibrary.org/obo/HP_9000003", "lbl": "obsolete Shivers", "type": "CLASS", "meta": {
          "deprecated": true, "basicPropertyValues": [
            {"pred": "http://purl.obolibrary.org/obo/IAO_0100001",
             "val": "http://purl.obolibrary.org/obo/HP_9000001"},
            {"pred": "http://www.geneontology.org/formats/oboInOwl#consider", "val": "HP:9000002"}]}},
        {"id": "http://example.org/NOWHERE_1", "lbl": "of no known prefix", "type": "CLASS"},
        {"id": "http://purl.obolibrary.org/obo/BFO_0000050", "lbl": "part of", "type": "PROPERTY"}],
      "edges": [{"sub": "http://purl.obolibrary.org/obo/HP_9000001", "pred": "is_a",
                 "obj": "http://purl.obolibrary.org/obo/HP_9000002"}]}]}
"""

OWL = """\
    <?xml version="1.0"?>
    <!DOCTYPE rdf:RDF [ <!ENTITY obo "http://purl.obolibrary.org/obo/"> ]>
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
             xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:obo="http://purl.obolibrary.org/obo/"
             xmlns:oio="http://www.geneontology.org/formats/oboInOwl#" xmlns:dc="http://purl.org/dc/elements/1.1/"
             xmlns:terms="http://purl.org/dc/terms/" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
      <owl:Ontology rdf:about="&obo;hp.owl">
        <dc:title>Signs for a test</dc:title>
        <owl:versionInfo>releases/2026-01-31</owl:versionInfo>
        <terms:license rdf:resource="https://creativecommons.org/publicdomain/zero/1.0/"/>
      </owl:Ontology>
      <owl:Class rdf:about="&obo;HP_9000001">
        <rdfs:label xml:lang="en">Shivering fit</rdfs:label>
        <rdfs:label xml:lang="de">Schüttelfrost</rdfs:label>
        <rdfs:subClassOf rdf:resource="&obo;HP_9000002"/>
        <oio:hasExactSynonym>Rigor</oio:hasExactSynonym>
        <oio:hasExactSynonym>The shivers</oio:hasExactSynonym>
        <oio:hasBroadSynonym>Cold sign</oio:hasBroadSynonym>
        <oio:hasDbXref>UMLS:C9000001</oio:hasDbXref>
        <oio:hasDbXref>NOWHERE:17</oio:hasDbXref>
        <oio:hasAlternativeId>HP:9000009</oio:hasAlternativeId>
        <skos:exactMatch rdf:resource="&obo;SYMP_9000001"/>
      </owl:Class>
      <owl:Axiom>
        <owl:annotatedSource rdf:resource="&obo;HP_9000001"/>
        <owl:annotatedProperty rdf:resource="http://www.geneontology.org/formats/oboInOwl#hasExactSynonym"/>
        <owl:annotatedTarget>The shivers</owl:annotatedTarget>
        <oio:hasSynonymType rdf:resource="&obo;hp#layperson"/>
      </owl:Axiom>
      <owl:Class rdf:about="&obo;HP_9000002"><rdfs:label>Sign</rdfs:label></owl:Class>
      <owl:Class rdf:about="&obo;HP_9000003">
        <rdfs:label>obsolete Shivers</rdfs:label>
        <owl:deprecated rdf:datatype="http://www.w3.org/2001/XMLSchema#boolean">true</owl:deprecated>
        <obo:IAO_0100001 rdf:resource="&obo;HP_9000001"/>
        <oio:consider>HP:9000002</oio:consider>
      </owl:Class>
      <owl:Class rdf:about="http://example.org/NOWHERE_1"><rdfs:label>of no known prefix</rdfs:label></owl:Class>
      <owl:ObjectProperty rdf:about="&obo;BFO_0000050"><rdfs:label>part of</rdfs:label></owl:ObjectProperty>
    </rdf:RDF>
"""


@pytest.mark.parametrize(
    ("file", "text", "reader"),
    [("a.txt", OBO, "obo"), ("a.txt", JSON, "obojson"), ("a.txt", OWL, "rdf"), ("hp.owl", OWL, "rdf")],
    ids=["obo", "obojson", "owl", "owl by its name"],
)
def test_an_ontology_says_the_same_in_each_of_its_formats(file: str, text: str, reader: str, read: Reading) -> None:
    found = read({file: text})
    license_ = "https://creativecommons.org/publicdomain/zero/1.0/"
    assert found.stated == ("hp", "Signs for a test", "2026-01-31", license_, reader)
    assert found.sha256 == hashlib.sha256(dedent(text).encode()).hexdigest()
    assert set(found.terms) == {"HP:9000001", "HP:9000002", "HP:9000003", "HP:9000009"}
    assert found.terms["HP:9000001"] == ONTOLOGY
    assert found.terms["HP:9000003"] == Term(
        "HP:9000003", "Shivers", "phenotype", obsolete=True, replaced_by=("HP:9000001",), consider=("HP:9000002",)
    )
    old = found.terms["HP:9000009"]
    assert (old.label, old.obsolete, old.replaced_by) == ("", True, ("HP:9000001",))
    assert [(m.subject, m.predicate, m.object) for m in found.mappings] == [
        ("HP:9000001", "skos:exactMatch", "SYMP:9000001")
    ]
    assert sum(found.dropped.values()) == 1  # the term of no known prefix; cross-references are not owed


def test_a_clause_that_is_no_obo_costs_no_more_than_itself(read: Reading) -> None:
    found = read(
        {
            "doid.obo": """\
            format-version: 1.2
            ontology: doid

            [Term]
            id: DOID:9000001
            name: first
            def: "No comma between sources." [url:a url:b, "x]
            synonym: "primary" EXACT []

            [Term]
            id: DOID:9000002
            name: second
            """
        }
    )
    assert {t.label for t in found.terms.values()} == {"first", "second"}
    assert found.terms["DOID:9000001"].synonyms == (Synonym("primary"),)
    assert found.dropped == {"clauses 'def' that are no OBO": 1}


def test_roles_of_chebi_are_classes_of_drugs_and_its_inchikeys_are_the_same(read: Reading) -> None:
    obo = """\
        format-version: 1.2
        ontology: chebi

        [Term]
        id: CHEBI:50906
        name: role

        [Term]
        id: CHEBI:9000001
        name: relaxing role
        is_a: CHEBI:50906

        [Term]
        id: CHEBI:9000002
        name: zentralin
        property_value: http://purl.obolibrary.org/obo/chebi/inchikey "AAAAAAAAAAAAAA-BBBBBBBBBB-N" xsd:string

        [Typedef]
        id: has_role
        name: has role
        """
    terms = read({"chebi.obo": obo}).terms
    assert [terms[f"CHEBI:{n}"].kind for n in (50906, 9000001, 9000002)] == ["drug-class", "drug-class", "substance"]
    assert terms["CHEBI:9000002"].same == ("inchikey:AAAAAAAAAAAAAA-BBBBBBBBBB-N",)


def test_skos_in_turtle(read: Reading) -> None:
    found = read(
        {
            "a.txt": """\
            @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
            @prefix snomed: <http://snomed.info/id/> .
            <http://example.org/scheme> a skos:ConceptScheme ; <http://purl.org/dc/terms/title> "A thesaurus"@en .
            snomed:900000001 a skos:Concept ; skos:prefLabel "Shivering"@en-GB, "Zittern"@de ;
              skos:altLabel "Rigor"@en ; skos:hiddenLabel "Shivring"@en ; skos:broader snomed:900000002 ;
              skos:closeMatch <http://purl.obolibrary.org/obo/HP_9000001> .
            """
        }
    )
    assert found.stated[:2] == ("scheme", "A thesaurus")
    assert found.terms["snomedct:900000001"] == Term(
        "snomedct:900000001",
        "Shivering",
        synonyms=(Synonym("Rigor"), Synonym("Shivring", "related")),
        parents=("snomedct:900000002",),
    )
    assert [m.predicate for m in found.mappings] == ["skos:closeMatch"]


def test_mesh_in_ntriples(read: Reading) -> None:
    mesh, vocab = "http://id.nlm.nih.gov/mesh/", "http://id.nlm.nih.gov/mesh/vocab#"
    rows = [
        f'<{mesh}D999001> <http://www.w3.org/2000/01/rdf-schema#label> "Shivering"@en .',
        f"<{mesh}D999001> <{vocab}treeNumber> <{mesh}C23.888.999> .",
        f"<{mesh}D999001> <{vocab}preferredConcept> <{mesh}M1> .",
        f"<{mesh}D999001> <{vocab}concept> <{mesh}M2> .",
        f"<{mesh}D999001> <{vocab}broaderDescriptor> <{mesh}D999002> .",
        f"<{mesh}M1> <{vocab}term> <{mesh}T1> .",
        f"<{mesh}M2> <{vocab}preferredTerm> <{mesh}T2> .",
        f'<{mesh}T1> <{vocab}prefLabel> "Rigors"@en .',
        f'<{mesh}T2> <{vocab}prefLabel> "Shivering of one arm"@en .',
    ]
    found = read({"a.txt": "\n".join(rows) + "\n"})
    assert found.terms == {
        "mesh:D999001": Term(
            "mesh:D999001",
            "Shivering",
            "phenotype",
            (Synonym("Rigors"), Synonym("Shivering of one arm", "narrow")),
            ("mesh:D999002",),
        )
    }


MESH_XML = """\
    <?xml version="1.0"?>
    <!DOCTYPE DescriptorRecordSet SYSTEM "desc2026.dtd">
    <DescriptorRecordSet LanguageCode="eng">
      <DescriptorRecord><DescriptorUI>D999001</DescriptorUI>
        <DescriptorName><String>Zentralin</String></DescriptorName>
        <TreeNumberList><TreeNumber>D02.001.002</TreeNumber></TreeNumberList>
        <ConceptList>
          <Concept PreferredConceptYN="Y"><RegistryNumber>0ZZ1234567</RegistryNumber><TermList>
            <Term><String>Zentralin</String></Term><Term><String>Zentralinum</String></Term></TermList></Concept>
          <Concept PreferredConceptYN="N"><RegistryNumber>99999-99-4</RegistryNumber><TermList>
            <Term><String>Zentralin Sodium</String></Term></TermList></Concept>
        </ConceptList></DescriptorRecord>
      <DescriptorRecord><DescriptorUI>D999002</DescriptorUI>
        <DescriptorName><String>Amines for a Test</String></DescriptorName>
        <TreeNumberList><TreeNumber>D02.001</TreeNumber></TreeNumberList></DescriptorRecord>
    </DescriptorRecordSet>
"""


def test_mesh_in_xml_with_its_doctype(read: Reading) -> None:
    found = read({"a.xml": MESH_XML})
    assert found.stated == ("mesh-xml", "Medical Subject Headings", "2026", "", "meshxml")
    assert found.terms["mesh:D999001"] == Term(
        "mesh:D999001",
        "Zentralin",
        "substance",
        (Synonym("Zentralinum"), Synonym("Zentralin Sodium", "narrow")),
        ("mesh:D999002",),
        ("unii:0ZZ1234567",),
    )


def test_xml_that_breaks_off_gives_what_it_held(read: Reading) -> None:
    found = read({"a.xml": dedent(MESH_XML).partition("<DescriptorRecord><DescriptorUI>D999002")[0]})
    assert list(found.terms) == ["mesh:D999001"]
    assert any("breaks off" in reason for reason in found.dropped)


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a "ha"> %a;',
        f'<!ENTITY a "{"ha" * 200}">',
    ],
    ids=["of entities", "of a file", "parameter", "long"],
)
@pytest.mark.parametrize("text", [OWL, MESH_XML], ids=["owl", "mesh"])
def test_an_entity_that_is_no_short_text_is_refused(text: str, entities: str, read: Reading) -> None:
    head, doctype, rest = dedent(text).partition("<!DOCTYPE")
    name = rest.split()[0]
    bad = f"{head}{doctype} {name} [ {entities} ]>{rest.partition('>' if text == MESH_XML else ']>')[2]}"
    with pytest.raises(SourceError, match=r"a\.xml, line 2: the entity . is no short plain text"):
        read({"a.xml": bad})


SSSOM = """\
    #curie_map:
    #  OLDSNOMED: http://snomed.info/id/
    #license: https://creativecommons.org/publicdomain/zero/1.0/
    #mapping_set_id: https://example.org/signs/sssom/positive.sssom.tsv
    #mapping_set_version: 2026-01
    subject_id	subject_label	predicate_id	object_id	object_label	mapping_justification
    mondo:9000001	obsolete shivers	skos:exactMatch	OLDSNOMED:900000001	Shivering	semapv:ManualMappingCuration
    MONDO:9000002		skos:broadMatch	HP:9000001		semapv:LexicalMatching
    NOWHERE:1	what	skos:exactMatch	HP:9000001	Shivering fit	semapv:LexicalMatching
"""


def test_a_mapping_set_gives_its_rows_and_its_labels(read: Reading) -> None:
    found = read({"a.tsv": SSSOM})
    license_ = "https://creativecommons.org/publicdomain/zero/1.0/"
    assert (found.stated[0], *found.stated[2:]) == ("signs-positive", "2026-01", license_, "sssom")
    assert [(m.subject, m.predicate, m.object) for m in found.mappings] == [
        ("MONDO:9000001", "skos:exactMatch", "snomedct:900000001"),
        ("MONDO:9000002", "skos:broadMatch", "HP:9000001"),
    ]
    assert list(found.terms.values()) == [
        Term("MONDO:9000001", "shivers", "disease", obsolete=True),
        Term("snomedct:900000001", "Shivering"),
    ]
    assert found.dropped == {"rows with the prefix NOWHERE": 1}


RXNORM = {
    "RXNCONSO.RRF": """\
        9000001|ENG||||||1|||9000001|RXNORM|IN|9000001|zentralin||N|4096|
        9000001|ENG||||||2|||0ZZ1234567|MTHSPL|SU|0ZZ1234567|ZENTRALIN BASE|0|N||
        9000001|ENG||||||3|||D999001|MSH|MH|D999001|Zentralinum|0|N||
        9000001|ENG||||||4|||M09ZZ01|ATC|IN|M09ZZ01|zentralin|0|N||
        9000001|ENG||||||5|||x|LICENSED|IN|x|zentralin of others|3|N||
        9000002|ENG||||||6|||9000002|RXNORM|BN|9000002|Relaxo||N|4096|
        9000003|ENG||||||7|||9000003|RXNORM|PIN|9000003|zentralin sodium||N|4096|
        9000004|ENG||||||8|||9000004|RXNORM|SCD|9000004|zentralin 10 MG Oral Tablet||N|4096|
        9000005|ENG||||||9|||9000005|RXNORM|IN|9000005|suppressed||O|4096|
        """,
    "RXNREL.RRF": """\
        9000001||CUI|RB|9000002||CUI|tradename_of|1||RXNORM||||||
        9000002||CUI|RN|9000001||CUI|has_tradename|2||RXNORM||||||
        9000001||CUI|RB|9000003||CUI|form_of|3||RXNORM||||||
        """,
    "RXNSAT.RRF": "9000003||||AUI|9000003|1||UNII_CODE|RXNORM|1ZZ1234567|N||\n",
}


def test_rxnorm_with_and_without_its_relations(read: Reading) -> None:
    alone = read({"RXNCONSO.RRF": RXNORM["RXNCONSO.RRF"]})
    assert {c: (t.label, t.kind) for c, t in alone.terms.items()} == {
        "rxnorm:9000001": ("zentralin", "drug"),
        "rxnorm:9000002": ("Relaxo", "product"),
        "rxnorm:9000003": ("zentralin sodium", "drug"),
    }
    found = read(dict(RXNORM))
    assert found.terms["rxnorm:9000001"] == Term(
        "rxnorm:9000001",
        "zentralin",
        "drug",
        (Synonym("ZENTRALIN BASE"), Synonym("Zentralinum")),
        same=("unii:0ZZ1234567", "mesh:D999001"),
        xrefs=("atc:M09ZZ01",),
    )
    assert found.terms["rxnorm:9000002"].parents == ("rxnorm:9000001",)
    assert found.terms["rxnorm:9000003"].same == ("unii:1ZZ1234567",)
    assert found.sha256 != alone.sha256


SNOMED = {
    "Terminology/sct2_Description_Snapshot-en_INT_20260101.txt": """\
        id	effectiveTime	active	moduleId	conceptId	languageCode	typeId	term	caseSignificanceId
        1	20260101	1	0	900000001	en	900000000000003001	Shivering (finding)	0
        2	20260101	1	0	900000001	en	900000000000013009	Shivering	0
        3	20260101	1	0	900000001	en	900000000000013009	Rigor	0
        4	20260101	0	0	900000001	en	900000000000013009	Withdrawn name	0
        5	20260101	1	0	900000001	es	900000000000013009	Escalofrío	0
        6	20260101	1	0	900000002	en	900000000000003001	Ague (disorder)	0
        7	20260101	1	0	900000003	en	900000000000003001	Zentralin (substance)	0
        """,
    "Terminology/sct2_Concept_Snapshot_INT_20260101.txt": """\
        id	effectiveTime	active	moduleId	definitionStatusId
        900000001	20260101	1	0	0
        900000002	20260101	0	0	0
        """,
    "Terminology/sct2_Relationship_Snapshot_INT_20260101.txt": """\
        id	effectiveTime	active	moduleId	sourceId	destinationId	relationshipGroup	typeId	and so on
        1	20260101	1	0	900000001	900000009	0	116680003	0
        2	20260101	1	0	900000001	900000008	0	363698007	0
        """,
    "Refset/Content/der2_cRefset_AssociationSnapshot_INT_20260101.txt": """\
        id	effectiveTime	active	moduleId	refsetId	referencedComponentId	targetComponentId
        a	20260101	1	0	900000000000526001	900000002	900000001
        """,
}


def test_snomed_ct_in_the_folders_of_its_release(read: Reading) -> None:
    found = read(dict(SNOMED))
    assert found.terms == {
        "snomedct:900000001": Term(
            "snomedct:900000001", "Shivering", "phenotype", (Synonym("Rigor"),), ("snomedct:900000009",)
        ),
        "snomedct:900000002": Term(
            "snomedct:900000002", "Ague", "disease", obsolete=True, replaced_by=("snomedct:900000001",)
        ),
        "snomedct:900000003": Term("snomedct:900000003", "Zentralin", "substance"),
    }


MEDDRA = {
    "pt.asc": "90000001$Shivering test$$90000009$$$$$$$$\n",
    "llt.asc": """\
        90000001$Shivering test$90000001$$$$$$$Y$$
        90000002$Shivers all over$90000001$$$$$$$Y$$
        90000003$Shivers NOS$90000001$$$$$$$N$$
        """,
    "mdhier.asc": "90000001$90000007$90000008$90000009$Shivering test$Shivers HLT$Shivers HLGT$Shivers SOC$Shi$$1$Y$\n",
    "hlt.asc": "90000007$Shivers HLT$$$$$$$\n",
}


def test_meddra_with_its_levels(read: Reading) -> None:
    found = read(dict(MEDDRA))
    assert {c: (t.label, t.obsolete, t.parents) for c, t in found.terms.items()} == {
        "meddra:90000001": ("Shivering test", False, ("meddra:90000007",)),
        "meddra:90000002": ("Shivers all over", False, ("meddra:90000001",)),
        "meddra:90000003": ("Shivers NOS", True, ("meddra:90000001",)),
        "meddra:90000007": ("Shivers HLT", False, ("meddra:90000008",)),
        "meddra:90000008": ("Shivers HLGT", False, ("meddra:90000009",)),
        "meddra:90000009": ("Shivers SOC", False, ()),
    }


@pytest.mark.parametrize("part", ["llt.asc", "hlt.asc"])
def test_part_of_a_release_says_what_it_is_read_with(part: str, read: Reading) -> None:
    with pytest.raises(PartOfAnother, match=r"together with pt\.asc of the same folder - add that"):
        read({part: MEDDRA[part]})


TABLES = {
    "drugbank-open": (
        "DrugBank ID,Accession Numbers,Common name,CAS,UNII,Synonyms,Standard InChI Key\n"
        'DB90001,BTD90001,Zentralin,99999-99-4,0ZZ1234567,"Zentralinum | 1,2-zentralin",AAAAAAAAAAAAAA-BBBBBBBBBB-N\n'
        "DB90002,,Levozentralin,12/1/01,,,\n",
        Term(
            "drugbank:DB90001",
            "Zentralin",
            "drug",
            (Synonym("Zentralinum"), Synonym("1,2-zentralin")),
            same=("unii:0ZZ1234567", "cas:99999-99-4", "inchikey:AAAAAAAAAAAAAA-BBBBBBBBBB-N"),
        ),
        {"identifiers in the column CAS that are not valid": 1},
    ),
    "rxcui-unii": (
        "rxnorm_id\tfdasrs_id\n9000001\t0ZZ1234567\n",
        Term("rxnorm:9000001", kind="drug", same=("unii:0ZZ1234567",)),
        {},
    ),
    "unii": (
        "UNII\tDisplay Name\tRN\tEC\tRXCUI\tINCHIKEY\n0ZZ1234567\tZENTRALIN\t99999-99-4\t\t9000001\t\n",
        Term("unii:0ZZ1234567", "ZENTRALIN", "substance", same=("cas:99999-99-4", "rxnorm:9000001")),
        {},
    ),
    "unii-names": (
        "Name\tTYPE\tUNII\tDisplay Name\nZENTRALIN\tof\t0ZZ1234567\tZENTRALIN\n"
        "ZENTRALINUM [WHO-IP LATIN]\tcn\t0ZZ1234567\tZENTRALIN\nRELAXO\tbn\t0ZZ1234567\tZENTRALIN\n",
        Term("unii:0ZZ1234567", "ZENTRALIN", "substance", (Synonym("ZENTRALINUM"), Synonym("RELAXO", "related"))),
        {},
    ),
    "atc": (
        "atc_code,atc_name,ddd\nM09ZZ01,zentralin,20\nM09,OTHER DRUGS,\n",
        Term("atc:M09ZZ01", "zentralin", "drug", parents=("atc:M09ZZ",)),
        {},
    ),
    "mesh-terms": ("mesh_id\tmesh_name\nD999001\tZentralin\n", Term("mesh:D999001", "Zentralin"), {}),
    "mesh-symptoms": (
        "mesh_id\tmesh_name\tin_hsdn\nD999001\tShivering\t1\n",
        Term("mesh:D999001", "Shivering", "phenotype"),
        {},
    ),
    "doid-labels": (
        'id\tlabel\tsubClassOf\n"DOID:9000001"\t"ague"\t"fever"\n"DOID:9000002"\t"fever"\t"of no such label"\n',
        Term("DOID:9000001", "ague", "disease", parents=("DOID:9000002",)),
        {"parents by a label that names no term or several": 1},
    ),
    "doid-xrefs": (
        'id\tlabel\txref\n"DOID:9000001"\t"ague"\t"MIM:999991"\n"DOID:9000001"\t"ague"\t"ICDO:8/3"\n',
        Term("DOID:9000001", "ague", "disease", xrefs=("omim:999991",)),
        {"identifiers in the column xref with the prefix ICDO that are not valid": 1},
    ),
    "hpo-labels": (
        "source_language\ttranslation_language\tsubject_id\tsource_value\tpredicate_id\ttranslation_value\n"
        "en\tes\tHP:9000001\tobsolete Shivers\trdfs:label\tEscalofríos\n"
        "en\tes\tHP:9000001\tIt is shivering\tIAO:0000115\tEs temblar\n",
        Term("HP:9000001", "Shivers", "phenotype", obsolete=True),
        {},
    ),
    "hpo-lay": (
        "?term\t?term_label\t?layperson\n"
        '<http://purl.obolibrary.org/obo/HP_9000001>\t"Shivering fit"\t"The shivers"\n'
        '<http://purl.obolibrary.org/obo/HP_9000001>\t"Shivering fit"\t"Shivering fit"\n',
        Term("HP:9000001", "Shivering fit", "phenotype", (Synonym("The shivers", "lay"),)),
        {},
    ),
    "drugsfda": (
        "ApplNo\tProductNo\tForm\tStrength\tReferenceDrug\tDrugName\tActiveIngredient\tReferenceStandard\n"
        "999001\t001\tTABLET;ORAL\t5MG\t1\tRELAXO\tZENTRALIN; LEVOZENTRALIN\t0\n",
        Term("drugsfda:999001", "RELAXO", "product", ingredients=("ZENTRALIN", "LEVOZENTRALIN")),
        {},
    ),
    "drug-classes": (
        "class_id\tclass_name\tclass_source\tclass_type\turl\nN0009999991\tRelaxers\tFDA\tEPC\t\n"
        "D999001\tRelaxing Agents\tMeSH\tPA\t\nX1\tunknown\t\t\t\n",
        Term("ndfrt:N0009999991", "Relaxers", "drug-class"),
        {},
    ),
    "drug-to-class": (
        "drugbank_id\tdrugbank_name\tclass_id\tclass_name\nDB90001\tZentralin\tN0009999991\tRelaxers\n"
        "DB90001\tZentralin\tCHEBI:9000001\trelaxing role\n",
        Term("drugbank:DB90001", kind="drug", parents=("CHEBI:9000001", "ndfrt:N0009999991")),
        {},
    ),
    "chebi-compounds": (
        "ID\tSTATUS\tCHEBI_ACCESSION\tSOURCE\tPARENT_ID\tNAME\n9000001\tC\tCHEBI:9000001\tChEBI\tnull\tzentralin\n"
        "9000002\tO\tCHEBI:9000002\tChEBI\tnull\tunchecked\n",
        Term("CHEBI:9000001", "zentralin", "substance"),
        {},
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_known_table_is_known_by_its_header(name: str, read: Reading) -> None:
    text, term, dropped = TABLES[name]
    found = read({"any.txt": text})
    assert (found.stated[0], found.stated[4]) == (name, "table")
    first = next(iter(found.terms.values()))
    if name == "drug-to-class":
        assert set(first.parents) == set(term.parents)
    else:
        assert first == term
    assert found.dropped == dropped


def test_every_bundled_description_has_a_test() -> None:
    assert {d.name for d in known_tables()} == {*TABLES, "rxnorm", "snomedct", "meddra"}


OWN = """\
    name: conditions
    title: Our conditions
    license: ours
    version: 7
    columns: [code, preferred, others, old]
    identifier: {column: code, prefix: SCTID}
    kind: disease
    names:
      - {column: preferred, scope: label}
      - {column: others, separator: "/", scope: lay}
    obsolete: {column: old, pattern: "^yes$"}
"""


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_of_ones_own_needs_a_description_and_no_python(delimiter: str, read: Reading) -> None:
    table = "code,preferred,others,old\n900000001,Shivering,shivers / the shakes,\n900000002,Ague,,yes\n"
    found = read({"conditions.csv": table.replace(",", delimiter)}, description=OWN)
    assert found.stated == ("conditions", "Our conditions", "7", "ours", "table")
    assert found.terms["snomedct:900000001"] == Term(
        "snomedct:900000001", "Shivering", "disease", (Synonym("shivers", "lay"), Synonym("the shakes", "lay"))
    )
    assert found.terms["snomedct:900000002"].obsolete


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("name: conditions", "nome: conditions"), "name: a description needs name"),
        (("kind: disease", "kind: illness"), "kind: 'illness' is no kind; take one of drug,"),
        (("kind: disease", "kinds: disease"), "kinds: no such key; the keys are"),
        (("{column: code,", "{column: coda,"), "identifier: there is no column 'coda' among code, preferred"),
        (("scope: lay", "scope: folk"), "names: 'folk' is no scope; take one of label"),
        (('"^yes$"', '"^(yes$"'), "obsolete: .* is no regular expression"),
        (("[code, preferred, others, old]", "code"), "columns: write a list"),
        (("kind: disease", 'delimiter: ""'), "delimiter: write one character"),
        (("kind: disease", "quoted: maybe"), "quoted: write true or false"),
        (("kind: disease", "encoding: klingon"), "encoding: 'klingon' is no encoding"),
        (("kind: disease", "rows: [1]"), "rows: write 'COLUMN: VALUE'"),
        (("kind: disease", "rows: {cade: 1}"), "rows: there is no column 'cade'"),
        (("kind: disease", "beside: [1]"), "beside: write a list of tables"),
        (("name: conditions", "name: [conditions]"), "name: write a text"),
        (("license: ours", "license: {"), "is no YAML"),
    ],
)
def test_a_broken_description_names_file_and_key(change: tuple[str, str], message: str, read: Reading) -> None:
    with pytest.raises(SourceError, match=rf"own\.yaml: {message}") as raised:
        read({"conditions.csv": "code,preferred,others,old\n"}, description=OWN.replace(*change))
    assert "\n" not in str(raised.value) and " - " in str(raised.value)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("code,preferred,others\n", r"line 1: no column 'old', which .*own\.yaml names"),
        ("code,preferred,others,old\n900000001,Shivering\n", "line 2: 2 cells where 4 are due"),
        (b"code,preferred,others,old\n900000001,Sh\xffvering,,\n", "is not utf-8"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(table: str | bytes, message: str, read: Reading) -> None:
    with pytest.raises(SourceError, match=message):
        read({"conditions.csv": table}, description=OWN)


def test_finding_the_format_takes_no_time_whatever_the_file_holds(read: Reading) -> None:
    begun = time.monotonic()
    for text in ("#" + " " * 30 + "\n", "\n", "# <", "PREFIX ", '"', "[Term"):
        with pytest.raises(SourceError):
            read({"a.txt": "x" + text * 20_000})
        with pytest.raises(SourceError):
            read({"a.txt": text * 20_000 + "x"})
    assert time.monotonic() - begun < 5


def test_a_table_with_a_column_called_prefix_is_no_turtle(read: Reading) -> None:
    own = """\
        name: own
        columns: [prefix, name]
        identifier: {column: prefix, prefix: SYMP}
        names: {column: name, scope: label}
        """
    assert set(read({"a.tsv": "prefix\tname\n9000001\tshivering\n"}, description=own).terms) == {"SYMP:9000001"}
    with pytest.raises(SourceError, match="of no known format"):
        read({"a.tsv": "prefix\tname\n9000001\tshivering\n"})


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.txt": "Take one tablet daily.\n"}, r"a\.txt: of no known format .* --description"),
        ({"a.txt": ""}, "the file is empty"),
        ({"a.json": '{"graphs": [1]}'}, "is no OBO graph in JSON"),
        ({"a.json": '{"graphs": [{"nodes": [{"type": "CLASS", "lbl": "x"}]}]}'}, "OBO graph is broken"),
        ({"a.ttl": "@prefix a: <http://a> .\n<x> <"}, "is no well-formed RDF"),
        ({"a.xml": "<DescriptorRecordSet><"}, "is no well-formed XML"),
        ({"a.bin": bytes(range(256))}, "of no known format"),
        ({"a.obo.gz": gzip.compress(OBO.encode())}, "is packed - unpack it first"),
        (
            {"a.tsv": "mesh_id\tmesh_name\nNOWHERE\tx\n"},
            r"nothing that can be used \(1 identifiers in the column mesh_id",
        ),
        ({"a.obo": "format-version: 1.2\n"}, "holds nothing that can be used - look"),
    ],
)
def test_a_file_that_is_no_vocabulary_is_told_in_one_line(
    files: dict[str, str | bytes], message: str, read: Reading
) -> None:
    with pytest.raises(SourceError, match=message) as raised:
        read(files)
    assert "\n" not in str(raised.value)


def test_a_missing_file_and_an_unknown_reader(tmp_path: Path, read: Reading) -> None:
    with pytest.raises(SourceError, match=r"none\.obo: cannot be read"):
        read_vocabulary(tmp_path / "none.obo")
    with pytest.raises(UnknownName, match=r"no reader 'obi' - installed are: .*obo"):
        read({"a.obo": OBO}, reader="obi")
    with pytest.raises(SourceError, match=r"none\.yaml: cannot be read"):
        read_vocabulary(tmp_path / "a.obo", description=tmp_path / "none.yaml")
    assert {"obo", "obojson", "rdf", "sssom", "meshxml", "table"} <= set(reader_names())


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared vocabularies are not on this machine")
@pytest.mark.parametrize(
    "path",
    [p for p in sorted(SHARED.rglob("*")) if p.is_file() and not p.name.upper().startswith("LICENSE")],
    ids=lambda path: path.name,
)
def test_every_shared_vocabulary_loads_and_each_of_its_identifiers_is_valid(path: Path) -> None:
    found = read_vocabulary(path)
    terms, mappings = list(found.terms), list(found.mappings)
    assert terms or mappings
    for term in terms:
        assert not term.label.lower().startswith("obsolete ")
        others = (*term.parents, *term.same, *term.xrefs, *term.replaced_by, *term.consider)
        assert all(map(is_valid, (term.curie, *others))), term
    assert all(is_valid(m.subject) and is_valid(m.object) for m in mappings)
    assert found.dropped.total() <= 0.5 * (len(terms) + len(mappings))


def test_the_example_of_the_guide_is_a_description() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "vocabularies.md").read_text(encoding="utf-8")
    examples = [part.partition("```")[0] for part in guide.split("```yaml\n")[1:]]
    assert examples
    for number, example in enumerate(examples, start=1):
        assert describe(example, f"example {number} of the guide").columns
