"""Linking from end to end: a store, vocabularies, links with their records, exports, and the identifiers we ship."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib

from command import call
from monograph import ontology
from monograph.linking.bundled import turtle
from monograph.linking.graph import link_quads, read_links
from monograph.linking.matching import link
from monograph.linking.run import bundled_mappings, read_curated
from monograph.linking.things import Thing, things
from monograph.mappings.model import Mapping
from monograph.store import memory_store, open_store
from monograph.vocabularies.index import Index
from monograph.vocabularies.model import Synonym, Term, TermKind, Vocabulary
from monograph.vocabularies.prefixes import is_valid

SHARED = Path(__file__).resolve().parents[2] / "shared" / "vocabularies"
VOCABULARIES = Path(__file__).parent / "data" / "vocabularies"
ARTICLE = """# Zentralin

Zentralin is used to treat spastic paralysis.

## Side effects

Zentralin may cause drowsiness, dry mouth and muscle cramps.
"""
SIGN: frozenset[TermKind] = frozenset(["phenotype"])
DRUG: frozenset[TermKind] = frozenset(["drug"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store with one article, and three vocabularies beside it."""
    monkeypatch.delenv("MONOGRAPH_STORE", raising=False)
    monkeypatch.delenv("MONOGRAPH_VOCABULARIES", raising=False)
    (tmp_path / "zentralin.md").write_text(ARTICLE)
    assert call(tmp_path, "build", "zentralin.md").code == 0
    added = call(tmp_path, "vocab", "add", str(VOCABULARIES / "symp.obo"), str(VOCABULARIES / "mondo.sssom.tsv"))
    assert added.code == 0
    description = str(VOCABULARIES / "conditions.yaml")
    assert call(tmp_path, "vocab", "add", str(VOCABULARIES / "conditions.csv"), "--description", description).code == 0
    yield tmp_path


def links(folder: Path) -> dict[tuple[str, str], Mapping]:
    with open_store(folder / "monograph.db", read_only=True) as store:
        return {(m.subject, m.object): m for m in read_links(store)}


def thing(name: str, kinds: frozenset[TermKind]) -> Thing:
    return Thing(f"concept:{name}", name, f"https://w3id.org/monograph/id/concept/{name}", kinds)


def made(path: Path, *terms: Term, mappings: tuple[Mapping, ...] = ()) -> Index:
    index = Index(path / "v.db")
    index.add(Vocabulary("made", "", "1", "", "", "", "test", terms, mappings))
    return index


# From end to end


def test_link_keeps_matches_and_their_records_in_the_store(folder: Path) -> None:
    done = call(folder, "link")
    assert done.code == 0 and "matched exactly" in done.err
    found = links(folder)
    assert found["concept:drowsiness", "SYMP:9000002"].predicate == "skos:exactMatch"
    assert found["concept:drowsiness", "SYMP:9000002"].comment == "its label"
    assert found["concept:muscle_cramps", "SYMP:9000003"].predicate == "skos:broadMatch"
    chain = found["concept:spastic_paralysis", "snomedct:9000001009"]
    assert chain.justification == "semapv:MappingChaining" and "MONDO:9000001 → snomedct:9000001009" in chain.comment
    before = call(folder, "export", "--format", "nquads").out
    assert call(folder, "link").code == 0 and call(folder, "export", "--format", "nquads").out == before


def test_a_building_again_keeps_the_links(folder: Path) -> None:
    call(folder, "link")
    assert call(folder, "build", "zentralin.md").code == 0 and ("concept:drowsiness", "SYMP:9000002") in links(folder)


def test_a_drugs_turtle_carries_the_matches_of_what_it_names(folder: Path) -> None:
    call(folder, "link")
    graph = rdflib.Graph().parse(data=call(folder, "export", "--drug", "zentralin").out, format="turtle")
    term = rdflib.URIRef("http://purl.obolibrary.org/obo/SYMP_9000002")
    concept = rdflib.URIRef("https://w3id.org/monograph/id/concept/drowsiness")
    assert (concept, rdflib.SKOS.exactMatch, term) in graph
    assert graph.value(term, rdflib.SKOS.notation) == rdflib.Literal("SYMP:9000002")
    assert not any(isinstance(node, rdflib.BNode) for triple in graph for node in triple)


def test_facts_are_found_by_an_identifier_and_by_what_stands_above_it(folder: Path) -> None:
    call(folder, "link")
    by_term = call(folder, "query", "facts-by-identifier", "-p", "term=SYMP:9000002", "--format", "csv")
    assert by_term.code == 0 and "drowsiness" in by_term.out
    above = call(folder, "query", "facts-by-class-above", "-p", "term=SYMP:9000001", "--format", "csv")
    assert "drowsiness" in above.out and "dry_mouth" not in above.out


def test_a_curators_word_wins_and_is_checked(folder: Path) -> None:
    curated = VOCABULARIES / "curated.sssom.tsv"
    assert call(folder, "link", "--curated", str(curated)).code == 0
    assert links(folder)["concept:drowsiness", "SYMP:9000002"].negated
    export = call(folder, "export", "--format", "ntriples").out
    assert not re.search(r"concept/drowsiness> <[^>]*exactMatch> <[^>]*SYMP_9000002>", export)
    broken = folder / "broken.tsv"
    broken.write_text(curated.read_text().replace("SYMP:9000002", "NOBODY:1"))
    refused = call(folder, "link", "--curated", str(broken))
    assert refused.code == 2 and "NOBODY" in refused.err and "Traceback" not in refused.err


def test_what_is_written_as_sssom_can_be_a_curators_table_again(folder: Path) -> None:
    assert call(folder, "link", "-o", "links.sssom.tsv").code == 0
    assert {(m.subject, m.object) for m in read_curated(folder / "links.sssom.tsv")} == set(links(folder))


def test_what_is_shipped_yields_to_what_a_users_vocabulary_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MONOGRAPH_VOCABULARIES", raising=False)
    call(tmp_path, "build")
    own = tmp_path / "own.tsv"
    own.write_text("mesh_id\tmesh_name\nD999999\tBaclofen\n")
    assert call(tmp_path, "vocab", "add", "own.tsv").code == 0 and call(tmp_path, "link").code == 0
    found = links(tmp_path)
    assert found["drug:baclofen", "mesh:D999999"].predicate == "skos:exactMatch"
    assert found["drug:baclofen", "mesh:D001418"].predicate == "mg:candidateMatch"
    assert found["drug:baclofen", "rxnorm:1292"].predicate == "skos:exactMatch"


def test_names_are_explained_without_a_store(folder: Path, tmp_path: Path) -> None:
    told = call(tmp_path, "link", "Muscle spasms", "nonsense", "--format", "csv")
    assert told.code == 0 and "SYMP:9000003" in told.out and "no vocabulary has this name" in told.out
    assert "in another spelling" in told.out


def test_without_vocabularies_link_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONOGRAPH_VOCABULARIES", raising=False)
    (tmp_path / "zentralin.md").write_text(ARTICLE)
    call(tmp_path, "build", "zentralin.md")
    told = call(tmp_path, "link")
    assert told.code == 2 and "monograph vocab add" in told.err
    assert not list(tmp_path.glob("*.vocabularies.db"))


def test_the_graph_of_links_keeps_the_rules_of_the_house(folder: Path) -> None:
    call(folder, "link")
    assert call(folder, "check").code == 0


# Chains and conflicts


def test_a_drug_gets_the_identifiers_that_its_terms_state(tmp_path: Path) -> None:
    drug = Term("drugbank:DB90001", "Zentralin", "drug", same=("unii:0ZZ1234567", "cas:99999-99-4"))
    with made(tmp_path, drug, Term("rxnorm:9000001", "", "drug", same=("unii:0ZZ1234567",))) as index:
        found = {m.object: m for m in link(index, [thing("zentralin", DRUG)]).mappings}
    assert set(found) == {"drugbank:DB90001", "unii:0ZZ1234567", "cas:99999-99-4", "rxnorm:9000001"}
    worth = {target: m.confidence or 0 for target, m in found.items()}
    assert 0 < worth["rxnorm:9000001"] < worth["unii:0ZZ1234567"] < worth["drugbank:DB90001"]


def test_two_identifiers_of_one_vocabulary_are_candidates_and_a_conflict(tmp_path: Path) -> None:
    drug = Term("drugbank:DB90001", "Zentralin", "drug", same=("unii:0ZZ1234567",))
    others = [Term(f"rxnorm:900000{i}", "", "drug", same=("unii:0ZZ1234567",)) for i in (1, 2)]
    with made(tmp_path, drug, *others) as index:
        done = link(index, [thing("zentralin", DRUG)])
    assert {m.object: m.predicate for m in done.mappings if m.object.startswith("rxnorm")} == {
        "rxnorm:9000001": "mg:candidateMatch",
        "rxnorm:9000002": "mg:candidateMatch",
    }
    [conflict] = done.conflicts
    assert conflict.targets == ("rxnorm:9000001", "rxnorm:9000002") and "unii:0ZZ1234567" in str(conflict)


def test_no_chain_leads_a_symptom_into_diseases_or_to_obsolete_terms(tmp_path: Path) -> None:
    sign = Term("HP:9000001", "Binding", "phenotype")
    terms = (sign, Term("MONDO:9000001", "binding disorder", "disease"), Term("SYMP:9000001", "", obsolete=True))
    rows = tuple(
        Mapping("HP:9000001", "skos:exactMatch", other, justification="semapv:ManualMappingCuration")
        for other in ("MONDO:9000001", "SYMP:9000001", "mesh:D999999")
    )
    with made(tmp_path, *terms, mappings=rows) as index:
        assert {m.object for m in link(index, [thing("binding", SIGN)]).mappings} == {"HP:9000001", "mesh:D999999"}


def test_what_a_mapping_set_denies_is_not_reached_by_a_chain(tmp_path: Path) -> None:
    curated = "semapv:ManualMappingCuration"
    rows = (
        Mapping("HP:9000001", "skos:exactMatch", "SYMP:9000001", justification=curated),
        Mapping("SYMP:9000001", "skos:exactMatch", "mesh:D999999", justification=curated),
        Mapping("HP:9000001", "skos:exactMatch", "mesh:D999999", negated=True, justification=curated),
    )
    with made(tmp_path, Term("HP:9000001", "Binding", "phenotype"), mappings=rows) as index:
        assert {m.object for m in link(index, [thing("binding", SIGN)]).mappings} == {"HP:9000001", "SYMP:9000001"}


def test_a_brand_leads_to_what_the_product_holds(tmp_path: Path) -> None:
    product = Term("drugsfda:900001", "TREMLESS", "product", ingredients=("ZENTRALIN",))
    both = Term("drugsfda:900002", "TREMLESS PLUS", "product", ingredients=("ZENTRALIN", "CAFFEINE"))
    with made(tmp_path, product, both, Term("drugbank:DB90001", "Zentralin", "drug", (Synonym("Zentra"),))) as index:
        [found] = link(index, [thing("tremless", DRUG)]).mappings
        assert (found.object, found.predicate) == ("drugbank:DB90001", "skos:broadMatch")
        assert link(index, [thing("tremless plus", DRUG)]).mappings == ()


# The graph


def test_records_are_read_back_as_they_were_written() -> None:
    rows = [
        Mapping("concept:x", "skos:exactMatch", "HP:9000001", justification="semapv:LexicalMatching", confidence=0.97),
        Mapping(
            "concept:x", "mg:candidateMatch", "mesh:D999999", comment="2 fit", justification="semapv:LexicalMatching"
        ),
        Mapping(
            "concept:x", "skos:exactMatch", "mesh:D999998", negated=True, justification="semapv:ManualMappingCuration"
        ),
    ]
    with memory_store() as store:
        store.put_links(link_quads(rows))
        assert sorted(read_links(store)) == sorted(rows)
        store.put_links([])
        assert read_links(store) == []


def test_things_know_what_they_may_be(folder: Path) -> None:
    with open_store(folder / "monograph.db", read_only=True) as store:
        kinds = {one.curie: one.kinds for one in things(store)}
    assert kinds["drug:zentralin"] == {"drug"}
    assert kinds["concept:drowsiness"] == {"phenotype"}
    assert kinds["concept:spastic_paralysis"] == {"phenotype", "disease"}


# What is shipped


def test_the_turtle_of_the_bundled_identifiers_is_made_from_the_table() -> None:
    assert ontology.read("mappings.ttl") == turtle(bundled_mappings())


def test_every_bundled_identifier_is_one_and_says_where_it_is_from() -> None:
    for m in bundled_mappings():
        assert is_valid(m.object), m
        assert m.object_source or m.comment, m
        assert m.negated or m.predicate == "skos:exactMatch"


def test_a_newcomers_graph_is_linked_without_a_download(tmp_path: Path) -> None:
    call(tmp_path, "build")
    told = call(tmp_path, "query", "identifiers-of-a-drug", "-p", "drug=baclofen", "--format", "csv").out
    for identifier in (
        "rxnorm:1292",
        "unii:H789N3FKE8",
        "drugbank:DB00181",
        "cas:1134-47-0",
        "CHEBI:2972",
        "mesh:D001418",
    ):
        assert identifier in told
    assert "inchikey:KPYSYYIEGFHWSV-UHFFFAOYSA-N" in told and "DB08891" not in told, "arbaclofen is its enantiomer"


def test_every_bundled_identifier_stands_in_a_file_of_its_vocabulary() -> None:
    if not SHARED.exists():
        pytest.skip("the shared vocabularies are not on this machine")
    files = sorted(path for path in SHARED.rglob("*") if path.is_file())
    text = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)
    for m in bundled_mappings():
        local = m.object.partition(":")[2]
        if not m.negated:
            assert local in text, m
            assert not m.object_label or m.object_label in text, m
