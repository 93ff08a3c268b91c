"""Exports: what they hold, that they stand alone, and that the same content gives the same bytes."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import BlankNode, Quad, RdfFormat

import samples
from monograph.errors import MonographError, UnknownName
from monograph.exports import FORMATS, export
from monograph.facts import Evidence, Fact
from monograph.store import Store, memory_store
from monograph.vocabulary import DISCLAIMER, expand, graph_name, mg, mint

#: names that need encoding in an IRI, and so in a CURIE
AWKWARD = ("st john's wort", "5-ht3", "β-blocker", "co-amoxiclav 500/125", "a.b_c~d", "50% dextrose", "x" * 40)

OXIGRAPH = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "json-ld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "nquads": "nquads",
    "trig": "trig",
    "json-ld": "json-ld",
    "rdfxml": "xml",
}


@dataclass
class Listed:
    """Quads in a given order, as a store may list them."""

    items: list[Quad]

    def quads(self) -> Iterator[Quad]:
        return iter(self.items)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with memory_store() as opened:
        opened.put(samples.document(), samples.facts(), samples.gaps())
        opened.put(samples.other_document(), samples.other_facts())
        yield opened


def awkward_facts() -> list[Fact]:
    """Facts of the sample document whose objects have awkward names."""
    first = samples.facts()[0]
    return [replace(first, kind="adverse-effect", value=name, role=None) for name in AWKWARD]


def triples(data: bytes, format: str) -> set[tuple[str, str, str]]:
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in pyoxigraph.parse(data, format=OXIGRAPH[format])}


def as_text(rows: Iterable[Quad]) -> set[tuple[str, ...]]:
    return {(str(q.subject), str(q.predicate), str(q.object), str(q.graph_name)) for q in rows}


@pytest.mark.parametrize("format", FORMATS)
def test_any_order_of_loading_gives_the_same_bytes(store: Store, format: str) -> None:
    quads = list(store.quads())
    expected = export(store, format, ontology=True)
    for seed in (1, 2):
        random.Random(seed).shuffle(quads)
        assert export(Listed(quads), format, ontology=True) == expected


def test_any_hash_seed_gives_the_same_bytes() -> None:
    program = (
        "import hashlib, samples; from monograph.exports import FORMATS, export; "
        "from monograph.store import memory_store; s = memory_store(); "
        "s.put(samples.document(), samples.facts(), samples.gaps()); "
        "print(hashlib.sha256(b''.join(export(s, f) for f in FORMATS)).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.path.dirname(samples.__file__)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(seen) == 1


@pytest.mark.parametrize("format", FORMATS)
def test_other_tools_read_back_what_the_store_holds(store: Store, format: str) -> None:
    data = export(store, format)
    reference = triples(export(store, "ntriples"), "ntriples")
    assert triples(data, format) == reference
    graph = rdflib.Dataset(default_union=True) if format in ("nquads", "trig") else rdflib.Graph()
    graph.parse(data=data, format=RDFLIB[format])
    assert len({(s, p, o) for s, p, o in graph.triples((None, None, None))}) == len(reference)


@pytest.mark.parametrize("format", ["nquads", "trig"])
def test_formats_with_graphs_keep_a_graph_a_document(store: Store, format: str) -> None:
    names = {str(q.graph_name) for q in pyoxigraph.parse(export(store, format), format=OXIGRAPH[format])}
    for identifier in (samples.document().identifier, samples.other_document().identifier):
        assert f"<{mint('document', identifier)}>" in names
    assert f"<{graph_name('dataset')}>" in names


@pytest.mark.parametrize("format", FORMATS)
def test_awkward_names_survive(format: str) -> None:
    with memory_store() as opened:
        opened.put(samples.document(), awkward_facts())
        data = export(opened, format)
        reference = triples(export(opened, "ntriples"), "ntriples")
    assert triples(data, format) == reference
    graph = rdflib.Dataset(default_union=True) if format in ("nquads", "trig") else rdflib.Graph()
    graph.parse(data=data, format=RDFLIB[format])
    for name in AWKWARD:
        assert (rdflib.URIRef(mint("concept", name)), None, None) in graph


def test_turtle_writes_encoded_names_as_people_type_them() -> None:
    with memory_store() as opened:
        opened.put(samples.document(), awkward_facts())
        turtle = export(opened, "turtle").decode()
    assert "concept:st_john%27s_wort a mg:ClinicalConcept" in turtle


def test_text_that_looks_like_turtle_stays_text() -> None:
    document = samples.document()
    hostile = 'ends here .\n\tdrug:x\\%41 a mg:Drug ; \\"'
    text = document.text + hostile
    document = replace(document, text=text, title=f"Two\nlines {hostile}")
    place = Evidence(len(text) - len(hostile), len(text), hostile)
    fact = replace(samples.facts()[0], kind="advice", value="look", statement=hostile, evidence=(place,), role=None)
    with memory_store() as opened:
        opened.put(document, [fact])
        reference = triples(export(opened, "ntriples"), "ntriples")
        for format in FORMATS:
            assert triples(export(opened, format), format) == reference, format
    assert any(hostile in str(rdflib.util.from_n3(o)) for _, p, o in reference if p == f"<{mg('statement')}>")


def test_turtle_can_be_read_from_the_top(store: Store) -> None:
    turtle = export(store, "turtle").decode()
    head, _, body = turtle.partition("\n\n@prefix ")
    assert all(line.startswith("#") for line in head.splitlines())
    assert "no medical advice" in head and "Source: Zentralin: a made-up drug" in head
    prefixes = re.findall(r"^@prefix (\w+):", turtle, re.MULTILINE)
    assert prefixes == sorted(prefixes)
    assert all(re.search(rf"(?<!@prefix ){prefix}:", body) for prefix in prefixes if prefix != "xsd")
    subjects = re.findall(r"^([\w-]+:\S+|<\S+>) a ", body, re.MULTILINE)
    assert subjects[0] == "graph:dataset" and subjects[1].startswith("document:")
    assert len(subjects) == len(set(subjects)), "each subject stands once"
    fact = next(i for i, subject in enumerate(subjects) if subject.startswith("fact:"))
    assert subjects[fact + 1].startswith("evidence:"), "a fact is followed by what it is derived from"
    assert "\t" not in turtle


def test_the_data_hold_no_blank_node(store: Store) -> None:
    for quad in pyoxigraph.parse(export(store, "nquads"), format=RdfFormat.N_QUADS):
        assert not isinstance(quad.subject, BlankNode) and not isinstance(quad.object, BlankNode)


@pytest.mark.parametrize("format", FORMATS)
def test_each_file_says_what_it_is_and_from_what(store: Store, format: str) -> None:
    found = triples(export(store, format), format)
    dataset = f"<{graph_name('dataset')}>"
    said = {(p, o) for s, p, o in found if s == dataset}
    assert (f"<{expand('dcterms:rights')}>", f'"{DISCLAIMER}"@en') in said
    assert (f"<{expand('dcterms:source')}>", f"<{mint('document', samples.document().identifier)}>") in said
    publisher = (f"<{mint('document', samples.document().identifier)}>", f"<{expand('dcterms:publisher')}>")
    assert any((s, p) == publisher and o == '"The sample press"' for s, p, o in found)


def test_one_drug_holds_its_facts_and_all_that_they_need(store: Store) -> None:
    drug = samples.facts()[0].drug
    whole = triples(export(store, "ntriples"), "ntriples")
    part = triples(export(store, "ntriples", drug=drug), "ntriples")
    subject = f"<{mg('hasSubject')}>"
    facts = {s for s, p, o in whole if p == subject and o == f"<{mint('drug', drug)}>"}
    assert facts and facts == {s for s, p, o in part if p == subject}
    described = {s for s, _, _ in part}
    space = mint("x", "y").removesuffix("x/y")
    assert {o for _, p, o in part if o.startswith(f"<{space}")} <= described | {f"<{mint('drug', drug)}>"}
    assert any(s == f"<{mg('polarity-asserted')}>" and p.endswith("prefLabel>") for s, p, _ in part)
    assert f"<{mint('document', samples.other_document().identifier)}>" not in described


def test_a_drug_is_found_by_name_curie_and_iri(store: Store) -> None:
    drug = samples.facts()[0].drug
    by_name = triples(export(store, drug=drug), "turtle")
    for name in (drug.upper(), f"drug:{drug}", mint("drug", drug), f"<{mint('drug', drug)}>"):
        others = triples(export(store, drug=name), "turtle")
        assert {t for t in others if "title" not in t[1]} == {t for t in by_name if "title" not in t[1]}


def test_an_unknown_drug_names_the_nearest(store: Store) -> None:
    with pytest.raises(UnknownName, match=r"no drug 'zentrallin'.*did you mean zentralin"):
        export(store, drug="zentrallin")


def test_an_unknown_format_names_those_there_are(store: Store) -> None:
    with pytest.raises(MonographError, match=r"unknown format 'ttl' - choose one of turtle, .*json-ld"):
        export(store, "ttl")


def test_without_quotes_no_sentence_of_the_source_is_left(store: Store) -> None:
    data = export(store, "ntriples", quotes=False).decode()
    for fact in samples.facts():
        if len(fact.quote.split()) > 3:
            assert fact.quote not in data
    assert "TextQuoteSelector" not in data
    assert mg("sha256") in data and expand("oa:start") in data


def test_the_ontology_comes_only_when_asked_for(store: Store) -> None:
    class_axiom = (f"<{mg('AdverseEffectFact')}>", f"<{expand('rdfs:subClassOf')}>")
    without = {(s, p) for s, p, _ in triples(export(store), "turtle")}
    with_it = {(s, p) for s, p, _ in triples(export(store, ontology=True), "turtle")}
    assert class_axiom not in without
    assert class_axiom in with_it


def test_shortcuts_and_mappings_are_in(store: Store) -> None:
    found = as_text(pyoxigraph.parse(export(store, "nquads"), format=RdfFormat.N_QUADS))
    assert {graph_name("shortcuts"), graph_name("mappings")} <= {graph[1:-1] for *_, graph in found}


def test_json_ld_reads_as_json(store: Store) -> None:
    document = json.loads(export(store, "json-ld"))
    assert document["@context"]["mg"] == expand("mg:") and all(
        isinstance(v, str) for v in document["@context"].values()
    )
    nodes = {node["@id"]: node for node in document["@graph"]}
    assert nodes["graph:dataset"]["dcterms:rights"]["@value"] == DISCLAIMER
    fact = next(node for key, node in nodes.items() if key.startswith("fact:"))
    assert fact["mg:hasSubject"]["@id"].startswith("drug")


def test_ntriples_lines_are_sorted(store: Store) -> None:
    for format in ("ntriples", "nquads"):
        lines = export(store, format).splitlines()
        assert lines == sorted(set(lines))
