"""Headers are read strictly, slots are filled with terms, and names that users give find the things they mean."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import pyoxigraph as ox
import pytest

import question_facts
from monograph.answering import answer, resolve
from monograph.catalog import ANY, Parameter, as_turtle, bind, bundled, find, parse, query_iri
from monograph.errors import QueryError, UnknownName
from monograph.results import Solutions, Triples
from monograph.store import Store
from monograph.vocabulary import expand, mg, mint

QUERY = """#+ summary: What a drug does
#+ description: One row an effect.
#+ tags: effect, test
#+ param drug: iri mg:Subject optional "a drug"
#+ param word: literal xsd:string required "a word"
#+ example: drug=baclofen; word=a=b
SELECT ?drug WHERE {
  VALUES ?drug { UNDEF }
  VALUES ?word { UNDEF }
  ?drug ?p ?word
}
"""


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with question_facts.filled() as filled:
        yield filled


# Reading


def test_a_header_is_read() -> None:
    query = parse(QUERY, "questions/what-it-does.rq")
    assert (query.name, query.summary, query.description) == ("what-it-does", "What a drug does", "One row an effect.")
    assert query.tags == ("effect", "test")
    assert query.example == (("drug", "baclofen"), ("word", "a=b"))
    assert query.parameters == (
        Parameter("drug", "iri", "mg:Subject", False, "a drug"),
        Parameter("word", "literal", "xsd:string", True, "a word"),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+ summary: What a drug does\n", "", "has no 'summary'"),
        ("#+ summary: What a drug does\n", "#+ summary:\n", "has no 'summary'"),
        ("#+ tags: effect, test\n", "", "has no 'tags'"),
        ("#+ example: drug=baclofen; word=a=b\n", "", "has no 'example'"),
        ("#+ tags:", "#+ endpoint: https://example.org/\n#+ tags:", "line 3: unknown key 'endpoint'"),
        ("#+ tags:", "#+ tags: a\n#+ tags:", "line 4: the key 'tags' stands twice"),
        ("#+ tags:", "#+ what is this\n#+ tags:", "is no header line"),
        ("iri mg:Subject optional", "iri mg:Subject", "'drug' is not described"),
        ("iri mg:Subject", "iri nope:Subject", "nope:Subject of 'drug' has no known prefix"),
        ("literal xsd:string", "literal xsd:date", "xsd:date of 'word' is not known"),
        ("#+ param word:", "#+ param drug:", "'drug' is described twice"),
        ('#+ param word: literal xsd:string required "a word"\n', "", "the slot ?word is not described"),
        ("  VALUES ?drug { UNDEF }\n", "", "0 slots for 'drug'"),
        ("  ?drug ?p", "  VALUES ?drug { UNDEF } ?drug ?p", "2 slots for 'drug'"),
        ("word=a=b", "word", "the example is no call"),
        ("; word=a=b", "", "leaves out the required 'word'"),
        ("word=a=b", "word=a; sort=up", "no parameter 'sort' - it takes: drug, word"),
    ],
)
def test_a_broken_header_is_an_error(old: str, new: str, message: str) -> None:
    assert old in QUERY
    with pytest.raises(QueryError, match=message.replace("?", r"\?")) as caught:
        parse(QUERY.replace(old, new, 1), "broken.rq")
    assert "\n" not in str(caught.value)


def test_a_text_without_a_header_is_a_query_whose_slots_take_anything() -> None:
    query = parse("SELECT ?s WHERE { VALUES ?s { UNDEF } ?s ?p ?o }", "own.rq")
    assert query.parameters == (Parameter("s", "iri", ANY, False, ""),)
    with pytest.raises(QueryError, match="2 slots"):
        parse("SELECT ?s WHERE { VALUES ?s { UNDEF } VALUES ?s {UNDEF} }", "own.rq")


def test_an_unknown_query_names_the_three_nearest() -> None:
    with pytest.raises(UnknownName, match=r"'withdrawal-symptom' - the nearest are: withdrawal-symptoms, .+, .+;"):
        find("withdrawal-symptom")


# Filling


def test_slots_are_filled_with_terms() -> None:
    query = parse(QUERY, "q.rq")
    text = bind(query, {"word": [ox.Literal('a "b" } \\ \n')], "drug": [ox.NamedNode("x:a"), ox.NamedNode("x:b")]})
    assert "VALUES ?drug { <x:a> <x:b> }" in text
    assert r'VALUES ?word { "a \"b\" } \\ \n" }' in text


def test_an_open_slot_stays_unless_it_is_required() -> None:
    query = parse(QUERY, "q.rq")
    assert "VALUES ?drug { UNDEF }" in bind(query, {"word": [ox.Literal("a")]})
    with pytest.raises(QueryError, match="'word' is required - give it, as in: -p drug=baclofen -p word=a=b"):
        bind(query, {})
    with pytest.raises(QueryError, match="no parameter 'drugs'"):
        bind(query, {"drugs": []})


# The catalogue as RDF


def test_the_published_catalogue_is_fresh() -> None:
    committed = files("monograph.queries").joinpath("queries.ttl").read_text(encoding="utf-8")
    assert committed == as_turtle(), "python -m monograph.catalog > queries/queries.ttl"


def test_the_catalogue_holds_every_query_without_blank_nodes() -> None:
    quads = list(ox.parse(as_turtle().encode(), format=ox.RdfFormat.TURTLE))
    assert not [q for q in quads if ox.BlankNode in {type(q.subject), type(q.object)}]
    selects = {
        q.subject.value: q.object.value
        for q in quads
        if q.predicate.value == expand("sh:select") and isinstance(q.object, ox.Literal)
    }
    assert selects == {query_iri(query.name): query.text for query in bundled()}
    assert len(selects) >= 24
    paths = [q for q in quads if q.predicate.value == expand("sh:path")]
    assert len(paths) == sum(len(query.parameters) for query in bundled())


# What users call things

DRUG = Parameter("drug", "iri", "mg:Subject", False, "")
POPULATION = Parameter("population", "iri", "mg:Population", False, "")


def kind(cls: str) -> Parameter:
    return Parameter("it", "iri", cls, False, "")


@pytest.mark.parametrize(
    ("parameter", "value", "iri"),
    [
        (DRUG, "baclofen", mint("drug", "baclofen")),
        (DRUG, " BACLOFEN ", mint("drug", "baclofen")),
        (DRUG, "drug:baclofen", mint("drug", "baclofen")),
        (DRUG, mint("drug", "baclofen"), mint("drug", "baclofen")),
        (DRUG, f"<{mint('drug', 'baclofen')}>", mint("drug", "baclofen")),
        (DRUG, "paracetamol + caffeine", mint("drug", "paracetamol + caffeine")),
        (DRUG, "https://example.org/nowhere", "https://example.org/nowhere"),
        (POPULATION, "pregnancy", mg("population-pregnancy")),
        (POPULATION, "pregnant women", mg("population-pregnancy")),
        (POPULATION, "children 4 to 12 years", mint("population", "children 4 to 12 years")),
        (kind("mg:RouteOfAdministration"), "oral", mg("route-oral")),
        (kind("mg:Severity"), "serious", mg("severity-serious")),
        (kind("mg:Trigger"), "abrupt-stop", mg("trigger-abrupt-stop")),
        (kind("mg:ClinicalConcept"), "Belly pain", mint("concept", "belly pain")),
        (kind("mg:Document"), "baclofen-review", mint("document", "baclofen-review")),
        (kind("mg:Document"), "A review", mint("document", "baclofen-review")),
        (kind("mg:Fact"), "mg:route-oral", None),
        (kind("owl:Class"), "mg:RegimenFact", mg("RegimenFact")),
        (kind(ANY), "oral", mg("route-oral")),
        (kind(ANY), "concept:coma", mint("concept", "coma")),
    ],
)
def test_a_name_a_curie_or_an_iri_finds_its_thing(
    store: Store, parameter: Parameter, value: str, iri: str | None
) -> None:
    if iri is None:
        with pytest.raises(UnknownName):
            resolve(store, parameter, value)
    else:
        assert resolve(store, parameter, value) == [ox.NamedNode(iri)]


@pytest.mark.parametrize("value", ["baklofen", "drug:baklofen", "hallucinations", 'x" } . > .\n', "concept:coma"])
def test_an_unknown_name_is_refused_with_the_three_nearest(store: Store, value: str) -> None:
    with pytest.raises(UnknownName, match=r"the nearest are: [^,]+, [^,]+, [^,]+$") as caught:
        resolve(store, DRUG, value)
    assert "\n" not in str(caught.value)
    if "baklofen" in value:
        assert "the nearest are: baclofen," in str(caught.value)


def test_what_is_no_iri_is_refused(store: Store) -> None:
    with pytest.raises(QueryError, match="is no IRI"):
        resolve(store, DRUG, "https://example.org/> . ?s ?p ?o")


def test_an_empty_store_says_so() -> None:
    from monograph.store import memory_store

    with memory_store() as empty, pytest.raises(UnknownName, match="the store holds none"):
        resolve(empty, DRUG, "baclofen")


def test_literals_are_typed_and_checked(store: Store) -> None:
    year = Parameter("year", "literal", "xsd:integer", False, "")
    assert resolve(store, year, "1962") == [ox.Literal(1962)]
    with pytest.raises(QueryError, match="'196x' is no whole number"):
        resolve(store, year, "196x")
    word = Parameter("word", "literal", "xsd:string", False, "")
    assert resolve(store, word, '"} . > .') == [ox.Literal('"} . > .')]


# Answers


def test_an_own_query_is_answered_like_a_bundled_one(store: Store) -> None:
    text = "SELECT ?drug ?of WHERE { VALUES ?drug { UNDEF } ?drug mg:hasIndication ?of } ORDER BY ?drug ?of"
    result = answer(store, text, {"drug": ["tizanidine"]})
    assert isinstance(result, Solutions)
    assert result.rows == ((ox.NamedNode(mint("drug", "tizanidine")), ox.NamedNode(mint("concept", "spasticity"))),)
    assert answer(store, "ASK { drug:tizanidine a mg:Drug }") is True


def test_a_limit_cuts_rows_and_triples(store: Store) -> None:
    every = answer(store, "withdrawal-symptoms")
    cut = answer(store, "withdrawal-symptoms", limit=2)
    assert isinstance(every, Solutions) and isinstance(cut, Solutions)
    assert cut.rows == every.rows[:2] and len(every) > 2
    made = answer(store, "CONSTRUCT WHERE { ?drug mg:hasIndication ?of }", limit=1)
    assert isinstance(made, Triples) and len(made) == 1


def test_a_parameter_that_a_query_does_not_have_is_refused(store: Store) -> None:
    with pytest.raises(QueryError, match="no parameter 'drugs' - it takes: drug, symptom, trigger"):
        answer(store, "withdrawal-symptoms", {"drugs": ["baclofen"]})
    with pytest.raises(QueryError, match="it takes none"):
        answer(store, "SELECT ?s WHERE { ?s ?p ?o }", {"drug": ["baclofen"]})
