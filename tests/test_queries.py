"""Each bundled query, asked of hand-made facts: the same expected rows from two engines, whatever its slots hold.

``python tests/test_queries.py`` writes the expected rows anew; read the difference before you commit it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

import question_facts
from monograph.answering import answer, resolve
from monograph.catalog import Query, bind, bundled, find
from monograph.naming import fact_iri
from monograph.results import Solutions
from monograph.store import Store
from monograph.vocabulary import compact, mg, prefixes

EXPECTED = Path(__file__).parent / "expected"
NOWHERE = "https://example.org/nowhere"
HOSTILE = "\"} . ?s ?p ?o . # > . '''\n\\ {"

#: query -> further calls with their own expected rows, beside its example
CASES: dict[str, dict[str, dict[str, str]]] = {
    "indications": {"adults": {"population": "adults"}, "off-label": {"role": "off-label"}},
    "regimens": {"intrathecal": {"route": "intrathecal"}, "maximum": {"role": "maximum"}},
    "withdrawal-symptoms": {"stopping": {"trigger": "stopping"}},
    "everything-about-a-drug": {"combination": {"drug": "paracetamol + caffeine"}},
    "roles-of-a-concept": {"hallucinations": {"concept": "hallucinations"}},
    "facts-by-reference": {"second": {"mark": "2"}},
}

#: parameter -> the column that shows what it was held against, where that is not its own
COLUMNS = {"year": "statedYear"}

queries = pytest.mark.parametrize("query", bundled(), ids=lambda query: query.name)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with question_facts.filled() as filled:
        yield filled


@pytest.fixture(scope="module")
def plain_graph(store: Store) -> rdflib.Graph:
    """The same triples in one graph, as a Turtle file holds them, asked by rdflib's own engine."""
    out = rdflib.Graph()
    out.parse(data=ox.serialize((q.triple for q in store.quads()), format=ox.RdfFormat.N_TRIPLES), format="nt")
    return out


def calls() -> list[tuple[str, str, dict[str, str]]]:
    """Name of the query, name of its expected rows, values of its parameters."""
    out: list[tuple[str, str, dict[str, str]]] = []
    for query in bundled():
        if not any(parameter.required for parameter in query.parameters):
            out.append((query.name, query.name, {}))
        if query.example:
            out.append((query.name, f"{query.name}.example", dict(query.example)))
        out += [(query.name, f"{query.name}.{case}", given) for case, given in CASES.get(query.name, {}).items()]
    return out


def ask(store: Store, query: Query, given: Mapping[str, str] | None = None) -> Solutions:
    result = answer(store, query, {name: [value] for name, value in (given or {}).items()})
    assert isinstance(result, Solutions)
    return result


def ask_terms(store: Store, query: Query, **terms: Iterable[Any]) -> Solutions:
    result = store.query(bind(query, {name: list(values) for name, values in terms.items()}))
    assert isinstance(result, Solutions)
    return result


def needed(query: Query, store: Store) -> dict[str, list[Any]]:
    """The required parameters filled as in the example."""
    example = dict(query.example)
    return {p.name: resolve(store, p, example[p.name]) for p in query.parameters if p.required}


def shown(result: Solutions) -> str:
    """The rows as TSV, IRIs as CURIEs."""

    def cell(term: Any) -> str:
        if isinstance(term, ox.NamedNode):
            return compact(term.value)
        return term.value.replace("\\", "\\\\").replace("\n", "\\n") if isinstance(term, ox.Literal) else ""

    lines = ["\t".join(result.variables), *("\t".join(cell(term) for term in row) for row in result)]
    return "".join(f"{line}\n" for line in lines)


def plain(term: Any) -> Any:
    """A term of either engine as one that both compare by, numbers by value."""
    if isinstance(term, ox.Literal):
        term = rdflib.Literal(term.value, lang=term.language, datatype=None if term.language else term.datatype.value)
    if isinstance(term, rdflib.Literal):
        if isinstance(term.value, int | float | Decimal):
            return Decimal(str(term))
        return (str(term), term.language)
    return None if term is None else str(term.value if isinstance(term, ox.NamedNode) else term)


# What the files are


@queries
def test_a_query_is_sparql_as_it_stands_and_keeps_the_house_rules(query: Query) -> None:
    from rdflib.plugins.sparql import prepareQuery

    prepareQuery(query.text)
    ox.Store().query(query.text)
    body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+"))
    assert not re.search(r"\b(SERVICE|FROM|LOAD)\b|SELECT\s+(DISTINCT\s+)?\*", body)
    assert "ORDER BY" in body
    declared = dict(re.findall(r"^PREFIX (\w+): <([^>]+)>$", query.text, re.MULTILINE))
    assert declared == {prefix: prefixes()[prefix] for prefix in declared}
    assert set(declared) == set(re.findall(r"\b(\w+):[A-Za-z]", body.split("SELECT", 1)[1]))
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", query.name)
    assert query.summary and query.description and query.tags


@queries
def test_facts_are_asserted_ones_unless_polarity_is_a_column(query: Query) -> None:
    facts = len(re.findall(r"mg:hasSubject", query.text))
    conditions = len(re.findall(r"mg:polarity (?:mg:polarity-|\?)", query.text))
    assert facts <= conditions
    if "mg:polarity ?" in query.text:
        assert re.search(r"SELECT[^{]*\?\w*[pP]olarityLabel", query.text)


@queries
def test_the_rows_come_in_a_total_order(query: Query, store: Store) -> None:
    """Every column but those that hang on another one stands in the ORDER BY, so no two engines differ."""
    ordered = re.findall(r"\?(\w+)", query.text.rpartition("ORDER BY")[2])
    rows = ask_terms(store, query, **needed(query, store))
    assert set(ordered) <= set(rows.variables) | {"start"}
    keys = [tuple(row[rows.variables.index(name)] for name in ordered) for row in rows]
    assert len(set(keys)) == len(keys)


# What they answer


@pytest.mark.parametrize(("name", "expected", "given"), calls(), ids=[call[1] for call in calls()])
def test_a_query_gives_the_expected_rows(store: Store, name: str, expected: str, given: dict[str, str]) -> None:
    assert shown(ask(store, find(name), given)) == (EXPECTED / f"{expected}.tsv").read_text(encoding="utf-8")


def test_there_are_no_expected_rows_of_calls_that_nobody_makes() -> None:
    assert {path.stem for path in EXPECTED.glob("*.tsv")} == {expected for _, expected, _ in calls()}


@queries
def test_two_engines_give_the_same_rows_in_the_same_order(
    query: Query, store: Store, plain_graph: rdflib.Graph
) -> None:
    filled = [needed(query, store)]
    if query.example:
        filled.append({name: resolve(store, query.parameter(name), value) for name, value in query.example})
    for values in filled:
        text = bind(query, values)
        ours = store.query(text)
        assert isinstance(ours, Solutions)
        theirs: Iterable[Any] = plain_graph.query(text)
        found = [tuple(plain(term) for term in row) for row in theirs]
        assert found == [tuple(plain(term) for term in row) for row in ours]


@queries
def test_every_query_finds_something_and_each_row_has_its_quote(query: Query, store: Store) -> None:
    result = ask_terms(store, query, **needed(query, store))
    assert len(result) > 0
    for name in {"quote", "otherQuote", "overdoseQuote"} & set(result.variables):
        if query.name != "gaps":
            assert all(row[result.variables.index(name)] for row in result)


def test_facts_of_a_source_whose_text_may_not_be_passed_on_are_found_without_quotes() -> None:
    from monograph.store import memory_store

    document = question_facts.documents()[0]
    with memory_store() as held:
        held.put(document, question_facts.facts(document.identifier), quotes=False)
        result = ask(held, find("withdrawal-symptoms"))
        assert {row[result.variables.index("quote")] for row in result} == {None}
        assert len(result) == 3


def test_a_name_that_many_documents_share_does_not_multiply_the_rows(store: Store) -> None:
    result = ask(store, find("adverse-effects"), {"drug": "baclofen", "effect": "slow breathing"})
    assert len(result) == 1


# Parameters


def filled_slots() -> list[tuple[str, str]]:
    return [(query.name, p.name) for query in bundled() for p in query.parameters]


slots = pytest.mark.parametrize(("name", "slot"), filled_slots(), ids=[f"{n}-{p}" for n, p in filled_slots()])


def _shown_slots() -> list[tuple[str, str]]:
    """The optional slots that are a column: the others have tests of their own below."""
    return [
        (name, slot)
        for name, slot in filled_slots()
        if not find(name).parameter(slot).required
        and not (slot == "population" and name != "populations")
        and (name, slot) != ("coverage", "drug")
    ]


@pytest.mark.parametrize(("name", "slot"), _shown_slots(), ids=[f"{n}-{p}" for n, p in _shown_slots()])
def test_a_filled_slot_keeps_exactly_the_rows_that_it_names(store: Store, name: str, slot: str) -> None:
    query = find(name)
    everything = needed(query, store)
    column = COLUMNS.get(slot, slot)
    unfiltered = ask_terms(store, query, **everything)
    at = unfiltered.variables.index(column)
    known = sorted({row[at] for row in unfiltered if row[at] is not None}, key=str)
    assert known
    for chosen in ([known[0]], known[:2], known):
        rows = ask_terms(store, query, **everything, **{slot: chosen})
        assert rows.rows == tuple(row for row in unfiltered if row[at] in chosen)


@slots
def test_a_value_that_nothing_has_gives_no_rows(store: Store, name: str, slot: str) -> None:
    query = find(name)
    node = query.parameter(slot).node == "iri"
    if query.parameter(slot).type == "xsd:integer":
        strange: Any = ox.Literal(-1)
    else:
        strange = ox.NamedNode(NOWHERE) if node else ox.Literal("no such thing")
    assert len(ask_terms(store, query, **{**needed(query, store), slot: [strange]})) == 0


@slots
def test_a_hostile_value_is_a_value(store: Store, plain_graph: rdflib.Graph, name: str, slot: str) -> None:
    """Quotes, braces, new lines and ends of patterns stay inside the literal, in both engines."""
    query = find(name)
    values = {**needed(query, store), slot: [ox.Literal(HOSTILE)]}
    assert len(ask_terms(store, query, **values)) == 0
    found: Iterable[Any] = plain_graph.query(bind(query, values))
    # rdflib makes one row without any value of GROUP BY over nothing.
    assert not [row for row in found if any(row)]


@pytest.mark.parametrize("name", [n for n, p in filled_slots() if p == "population" and n != "populations"])
def test_a_group_of_people_is_asked_for_with_the_narrower_ones(store: Store, name: str) -> None:
    query = find(name)
    everyone = ask_terms(store, query)
    at = everyone.variables.index("group")

    def rows(*populations: str) -> Any:
        return ask_terms(store, query, population=[ox.NamedNode(mg(f"population-{p}")) for p in populations]).rows

    narrow = {"children": "children 4 to 12 years", "pregnancy": "first trimester of pregnancy"}
    for population, narrower in narrow.items():
        names = {population, narrower}
        label = everyone.variables.index("groupLabel")
        assert rows(population) == tuple(
            row for row in everyone if row[at] is not None and getattr(row[label], "value", "") in names
        )
    assert set(rows("children", "pregnancy")) == {*rows("children"), *rows("pregnancy")}


@pytest.mark.parametrize("drugs", [["baclofen"], ["tizanidine"], ["baclofen", "tizanidine"]])
def test_coverage_counts_the_facts_that_the_documents_hold(store: Store, drugs: list[str]) -> None:
    result = answer(store, "coverage", {"drug": drugs})
    assert isinstance(result, Solutions)
    counted = sum(int(row[-1].value) for row in result if isinstance(row[-1], ox.Literal))
    assert counted == sum(1 for fact in store.facts() if fact.drug in drugs)


@pytest.mark.parametrize(
    ("name", "slot", "first", "second"),
    [
        ("everything-about-a-drug", "drug", "baclofen", "tizanidine"),
        ("roles-of-a-concept", "concept", "hallucinations", "drowsiness"),
        ("evidence", "fact", "baclofen: indication: hiccups", "baclofen: route: oral"),
        ("facts-quoting-a-word", "text", "ALCOHOL", "stop"),
    ],
)
def test_a_required_slot_takes_several_values(store: Store, name: str, slot: str, first: str, second: str) -> None:
    def rows(*values: str) -> Any:
        result = answer(store, name, {slot: list(values)})
        assert isinstance(result, Solutions)
        return result.rows

    assert rows(first) and rows(second)
    assert set(rows(first, second)) == {*rows(first), *rows(second)}


# Each answer hangs on its facts


@pytest.mark.parametrize(
    "query",
    [q for q in bundled() if q.name not in ("documents", "gaps", "label-versions")],
    ids=lambda query: query.name,
)
def test_without_one_of_its_facts_an_answer_changes(query: Query, store: Store) -> None:
    whole = ask_terms(store, query, **needed(query, store))
    if "links" in query.tags:
        values = needed(query, store)
        try:
            store.put_links([])
            assert ask_terms(store, query, **values).rows != whole.rows
        finally:
            store.put_links(question_facts.link_graph())
        return
    every = {fact_iri(fact): fact for fact in store.facts()}
    if "fact" in whole.variables:
        first = whole.rows[0][whole.variables.index("fact")]
        assert isinstance(first, ox.NamedNode)
        gone = every[first.value]
    else:
        gone = next(iter(every.values()))
    document = next(d for d in question_facts.documents() if d.identifier == gone.document)
    made, gaps = question_facts.facts(gone.document), question_facts.gaps(gone.document)
    values = needed(query, store)
    try:
        store.put(document, [fact for fact in made if fact_iri(fact) != fact_iri(gone)], gaps)
        left = ask_terms(store, query, **values)
    finally:
        store.put(document, made, gaps)
    assert left.rows != whole.rows
    if "fact" in left.variables:
        assert fact_iri(gone) not in {str(plain(row[left.variables.index("fact")])) for row in left}


def rewrite() -> None:
    """Writes the expected rows of every call and takes away those that nobody makes."""
    EXPECTED.mkdir(exist_ok=True)
    for path in EXPECTED.glob("*.tsv"):
        path.unlink()
    with question_facts.filled() as store:
        for name, expected, given in calls():
            (EXPECTED / f"{expected}.tsv").write_text(shown(ask(store, find(name), given)), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
