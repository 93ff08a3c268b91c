"""Links in a store: what they are as triples, that they come back, are checked, exported, and outlive documents."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Quad

import samples
from monograph.answering import answer
from monograph.checks.shapes import check_shapes
from monograph.embedded import EmbeddedStore
from monograph.endpoint import EndpointStore
from monograph.errors import StoreError
from monograph.exports import FORMATS, export
from monograph.linking.graph import LINKS, link_quads, read_links, with_hierarchy
from monograph.linking.run import run
from monograph.mappings.model import Mapping
from monograph.results import Solutions
from monograph.store import open_store
from monograph.vocabularies.index import Index, index_path
from monograph.vocabularies.model import Term, Vocabulary
from monograph.vocabulary import expand
from test_endpoint import server  # noqa: F401  # a real Oxigraph on loopback

BY_NAME, BY_HAND = "semapv:LexicalMatching", "semapv:ManualMappingCuration"
SEIZURES = Mapping(
    "concept:seizures",
    "skos:exactMatch",
    "HP:9000001",
    subject_label="seizures",
    object_label="Seizure",
    justification=BY_NAME,
    confidence=0.98,
    tool="monograph",
    tool_version="0",
    object_source="hp",
    match_string="seizures",
    comment="its label",
)
#: exact, close, a candidate, and a denial
MAPPINGS = sorted(
    [
        SEIZURES,
        replace(SEIZURES, predicate="skos:closeMatch", object="mesh:D999001", confidence=None),
        replace(SEIZURES, predicate="mg:candidateMatch", object="DOID:9000001", confidence=0.4),
        replace(SEIZURES, object="HP:9000002", negated=True, justification=BY_HAND, author="A curator"),
        replace(SEIZURES, subject="drug:zentralin", subject_label="zentralin", object="unii:0ZZ1234567"),
        replace(SEIZURES, subject="concept:unseen", subject_label="unseen", object="SYMP:9000007"),
    ],
    key=lambda m: (m.subject, -(m.confidence or 0), m.object, m.predicate),
)
PARENTS = {"HP:9000001": ("HP:9000000",), "HP:9000000": ()}


@pytest.fixture
def linked(store: EmbeddedStore) -> EmbeddedStore:
    store.put_links(link_quads(MAPPINGS, parents=PARENTS))
    return store


def said(quads: list[Quad], predicate: str) -> set[tuple[str, str]]:
    iri = f"<{expand(predicate)}>"
    return {(str(q.subject), str(q.object)) for q in quads if str(q.predicate) == iri}


def test_links_are_matches_with_a_record_each_and_no_blank_nodes() -> None:
    quads = link_quads(MAPPINGS, parents=PARENTS)
    concept = f"<{expand('concept:seizures')}>"
    assert (concept, "<http://purl.obolibrary.org/obo/HP_9000001>") in said(quads, "skos:exactMatch")
    assert len(said(quads, "sssom:mapping_justification")) == len(MAPPINGS)
    assert not any(str(term).startswith("_:") for q in quads for term in (q.subject, q.object))
    assert {str(q.graph_name) for q in quads} == {f"<{LINKS}>"}


def test_a_denied_match_and_a_candidate_are_no_match() -> None:
    quads = link_quads(MAPPINGS)
    assert not any("HP_9000002" in thing for pair in said(quads, "skos:exactMatch") for thing in pair)
    assert len(said(quads, "mg:candidateMatch")) == 1
    assert not any("DOID_9000001" in o for p in ("exact", "close") for _, o in said(quads, f"skos:{p}Match"))


def test_links_come_back_as_they_were(linked: EmbeddedStore) -> None:
    assert read_links(linked) == MAPPINGS


def test_the_same_links_in_any_order_are_the_same_triples() -> None:
    shuffled = list(MAPPINGS)
    random.Random(4).shuffle(shuffled)
    assert link_quads(shuffled) == link_quads([*MAPPINGS, *MAPPINGS])


def test_new_links_take_the_place_of_all_old_ones(linked: EmbeddedStore) -> None:
    before = set(linked.quads())
    linked.put_links(link_quads(MAPPINGS[:1]))
    assert read_links(linked) == MAPPINGS[:1]
    linked.put_links([])
    assert linked.triples(LINKS) == []
    linked.put_links(link_quads(MAPPINGS, parents=PARENTS))
    assert set(linked.quads()) == before


def test_an_endpoint_takes_links_too(server: str) -> None:  # noqa: F811
    with EndpointStore(f"{server}/query") as remote:
        remote.put_links(link_quads(MAPPINGS, parents=PARENTS))
        assert read_links(remote) == MAPPINGS
        remote.put_links([])
        assert read_links(remote) == []


def test_links_outlive_their_documents(linked: EmbeddedStore) -> None:
    for info in linked.documents():
        linked.remove(info.identifier)
    assert read_links(linked) == MAPPINGS


def test_labels_with_quotes_and_breaks_survive(store: EmbeddedStore) -> None:
    awkward = replace(SEIZURES, object_label='a "quoted" \\ label', comment="two\nlines → and more")
    store.put_links(link_quads([awkward]))
    assert read_links(store) == [awkward]


def test_links_are_found_in_order_by_the_shapes(linked: EmbeddedStore) -> None:
    assert [f for f in check_shapes(linked) if f.where.startswith("links")] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE WHERE { GRAPH ?g { ?s sssom:subject_id ?o } }", "one subject"),
        ("DELETE WHERE { GRAPH ?g { ?s sssom:mapping_justification ?o } }", "one justification"),
        ("DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?g { ?s ?p 1.5 } } "
         "WHERE { VALUES ?p { sssom:confidence } GRAPH ?g { ?s ?p ?o } }", "from 0 to 1"),
        ("DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?g { ?s ?p owl:sameAs } } "
         "WHERE { VALUES ?p { sssom:predicate_id } GRAPH ?g { ?s ?p ?o } }", "a match of SKOS"),
        ("DELETE WHERE { GRAPH ?g { ?s skos:exactMatch ?o } }", "stands as a triple"),
        ("DELETE WHERE { GRAPH ?g { ?s sssom:predicate_modifier ?o } }", "stands as a triple"),
        ("INSERT DATA { GRAPH <LINKS> { concept:seizures skos:exactMatch HP:9000002 } }", "a denied one does not"),
    ],
)  # fmt: skip
def test_a_change_of_the_links_breaks_a_shape(linked: EmbeddedStore, change: str, says: str) -> None:
    declared = "".join(f"PREFIX {p}: <{expand(f'{p}:x')[:-1]}> " for p in ("sssom", "skos", "owl", "concept"))
    declared += "PREFIX HP: <http://purl.obolibrary.org/obo/HP_> "
    linked.update(declared + change.replace("<LINKS>", f"<{LINKS}>"))
    found = [f for f in check_shapes(linked) if f.where.startswith("links")]
    assert any(says in f.message for f in found), found


def test_an_export_of_one_drug_has_the_links_of_what_it_names(linked: EmbeddedStore) -> None:
    text = export(linked, "turtle", drug="zentralin").decode()
    assert "HP:9000001" in text
    assert "unii:0ZZ1234567" in text
    assert "@prefix SYMP:" not in text
    assert "SYMP_9000007" not in text
    assert "unseen" not in text


def test_a_prefix_is_declared_only_where_it_is_used(store: EmbeddedStore) -> None:
    assert "@prefix wikidata:" not in export(store, "turtle", drug="zentralin").decode()
    store.put_links(link_quads([replace(SEIZURES, object="wikidata:Q9000001")]))
    assert "@prefix wikidata:" in export(store, "turtle", drug="zentralin").decode()


@pytest.mark.parametrize("format", FORMATS)
def test_links_put_in_any_order_export_to_the_same_bytes(linked: EmbeddedStore, format: str) -> None:
    first = export(linked, format)
    linked.put_links(link_quads(MAPPINGS[::-1], parents=PARENTS))
    assert export(linked, format) == first


@pytest.mark.parametrize("spelling", ["HP:9000001", "hp:9000001", "http://purl.obolibrary.org/obo/HP_9000001"])
def test_an_outside_identifier_answers_a_question(linked: EmbeddedStore, spelling: str) -> None:
    found = answer(linked, "facts-by-identifier", {"term": [spelling]})
    above = answer(linked, "facts-by-class-above", {"term": ["HP:9000000"]})
    assert isinstance(found, Solutions)
    assert isinstance(above, Solutions)
    assert len(above) == len(found) > 1


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A store on disk with the sample document, and an index of a vocabulary made for the test beside it."""
    path = tmp_path / "store"
    with open_store(path) as store:
        store.put(samples.document(), samples.facts(), samples.gaps())
    vocabulary = Vocabulary(
        name="made-up",
        title="Made up",
        version="1",
        license="",
        source="made-up.obo",
        sha256="0" * 64,
        reader="obo",
        terms=iter(
            [
                Term("HP:9000000", "Abnormality of the nerves", "phenotype"),
                Term("HP:9000001", "Seizure", "phenotype", parents=("HP:9000000",)),
                Term("HP:9000002", "Drowsiness", "phenotype", parents=("HP:9000000",)),
                Term("HP:9000003", "Coma", "phenotype", obsolete=True),
            ]
        ),
    )
    with Index(index_path(path)) as index:
        index.add(vocabulary)
        assert with_hierarchy(index, ["HP:9000001"]) == {"HP:9000001": ("HP:9000000",), "HP:9000000": ()}
    yield path


def test_a_store_is_linked_from_end_to_end(place: Path) -> None:
    done = run(place)
    found = {(m.subject, m.predicate, m.object) for m in done.mappings}
    assert ("concept:seizures", "skos:exactMatch", "HP:9000001") in found
    assert ("concept:drowsiness", "skos:exactMatch", "HP:9000002") in found
    assert not any(m.object == "HP:9000003" for m in done.mappings)
    with open_store(place, read_only=True) as store:
        assert {(m.subject, m.predicate, m.object) for m in read_links(store)} == found
        rows = answer(store, "facts-by-class-above", {"term": ["HP:9000000"]})
        assert isinstance(rows, Solutions)
        assert {str(row[rows.variables.index("conceptLabel")]) for row in rows.rows} >= {'"seizures"@en'}
    assert run(place).table == done.table


def test_a_curators_word_is_kept_in_the_store(place: Path, tmp_path: Path) -> None:
    curated = tmp_path / "curated.sssom.tsv"
    curated.write_text(
        "subject_id\tpredicate_modifier\tpredicate_id\tobject_id\tmapping_justification\n"
        f"concept:seizures\tNot\tskos:exactMatch\tHP:9000001\t{BY_HAND}\n"
        f"concept:coma\t\tskos:exactMatch\tHP:9000002\t{BY_HAND}\n",
        encoding="utf-8",
    )
    run(place, curated=[curated])
    with open_store(place, read_only=True) as store:
        links = {(m.subject, m.object, m.negated) for m in read_links(store)}
        assert {("concept:seizures", "HP:9000001", True), ("concept:coma", "HP:9000002", False)} <= links
        denied = answer(store, "facts-by-identifier", {"term": ["HP:9000001"]})
        assert isinstance(denied, Solutions)
        assert denied.rows == ()


def test_without_vocabularies_and_endpoint_there_is_nothing_to_link_with(tmp_path: Path, place: Path) -> None:
    with open_store(tmp_path / "other") as store:
        store.put(samples.document(), samples.facts(), samples.gaps())
    with pytest.raises(StoreError, match="no vocabulary index"):
        run(tmp_path / "other")
