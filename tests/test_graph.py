"""Facts as quads and back: nothing is lost, nothing is random, and identity is what a fact says."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

import samples
from monograph.document import Document
from monograph.facts import KINDS, AgeGroup, Evidence, Fact, Frequency, Gap, Kind, Polarity, SubjectType
from monograph.graph import document_iri, evidence_iri, fact_iri, quads, read_facts, read_gaps, withheld
from monograph.naming import canonical
from monograph.records import Record, read_record, record_bytes
from monograph.vocabulary import expand, fact_class, mg, mint, value

TEXT = "Zentralin may cause a dry mouth, und so weiter: ünïcode 😀 and more text to point at.\n" * 3
DOCUMENT = Document("A document/1", TEXT, "ab" * 32, "article/text", drugs=("zentralin",), references={"1": "Ref."})


def plain(term: object) -> str:
    """An IRI, or the text of a literal."""
    return str(getattr(term, "value", term))


def by_iri(facts: list[Fact]) -> dict[str, Fact]:
    return {fact_iri(fact): fact for fact in facts}


def test_sample_covers_every_kind_and_every_field() -> None:
    assert {fact.kind for fact in samples.facts()} == set(KINDS)
    for field in Fact.__dataclass_fields__:
        if field not in {"identifiers", "subject_type"}:
            assert any(getattr(fact, field) not in (None, ()) for fact in samples.facts()), field


def test_facts_and_gaps_come_back_from_their_quads() -> None:
    rows = quads(samples.document(), samples.facts(), samples.gaps())
    back, given_ = by_iri(read_facts(rows)), by_iri(samples.facts())
    assert back.keys() == given_.keys()
    for iri, fact in given_.items():
        assert back[iri].content() == fact.content()
        assert back[iri].evidence == fact.evidence
        assert back[iri].rule == fact.rule
    assert read_gaps(rows) == samples.gaps()


# Names as documents have them: any script, quotes, slashes, brackets; case and spacing are folded in nodes.
_NAME = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda name: bool(mint("concept", name).rsplit("/", 1)[1].strip("_")) if name.strip() else False
)
_LOWER = st.text(string.ascii_lowercase + "éß'+/-,.()% 12", min_size=1, max_size=16).map(
    lambda name: canonical(_plain_fact(indication=(name,))).indication[0] if name.strip() else "x"
)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_NUMBERS = st.floats(0, 1e6, allow_nan=False).map(lambda x: round(x, 6)) | st.integers(0, 10**9).map(float)


def _plain_fact(**values: Any) -> Fact:
    base: dict[str, Any] = {
        "kind": "regimen", "drug": "zentralin", "value": "x", "document": DOCUMENT.identifier, "rule": "r",
        "evidence": (Evidence(0, 9, "Zentralin"),),
    }  # fmt: skip
    return Fact(**(base | values))


@st.composite
def _evidence(draw: st.DrawFn) -> tuple[Evidence, ...]:
    starts = draw(st.lists(st.integers(0, len(TEXT) - 20), min_size=1, max_size=3, unique=True))
    # What stands at a place is a property of the place, so it is a function of it here.
    return tuple(
        Evidence(
            s, s + 1 + s % 17, TEXT[s : s + 1 + s % 17], f"Section {s % 3}" if s % 2 else None,
            "1" if s % 5 == 0 else None, f"lead-in {s}:" if s % 3 == 0 else None,
        )
        for s in sorted(starts)
    )  # fmt: skip


@st.composite
def _facts(draw: st.DrawFn, names: st.SearchStrategy[str] = _LOWER) -> Fact:
    def maybe(strategy: st.SearchStrategy[Any]) -> Any:
        return draw(st.none() | strategy)

    kind: Kind = draw(st.sampled_from(KINDS))
    interaction = st.sampled_from(["drug", "drug-class", "food", "alcohol", "supplement", "disease"])
    roles = interaction if kind == "interaction" else st.sampled_from(["treatment", "off-label", "start", "maximum"])
    ages = st.none() | st.integers(0, 99).map(float) | st.just(0.5)
    groups = draw(st.lists(st.builds(AgeGroup, names | st.just("children"), ages, ages), max_size=3, unique=True))
    subject_types: list[SubjectType] = ["drug", "drug-class"]
    subject_type = draw(st.sampled_from(subject_types))
    fact = Fact(
        kind=kind,
        drug=draw(names.filter(lambda n: " + " not in n)),
        value=draw(names if kind not in {"brand-name", "synonym", "mechanism", "advice"} else _TEXTS),
        statement=maybe(_TEXTS),
        polarity=draw(st.sampled_from(get_args(Polarity))),
        certainty=draw(st.sampled_from(["stated", "hedged"])),
        speaker=maybe(_TEXTS),
        role=maybe(roles),
        severity=maybe(st.sampled_from(["mild", "severe", "life-threatening"])),
        frequency=maybe(
            st.builds(Frequency, st.sampled_from(["common", "very-rare"]), st.none() | _NUMBERS, st.none() | _NUMBERS)
        ),
        population=tuple(sorted(groups, key=str)),
        route=maybe(names | st.sampled_from(["oral", "intra-articular"])),
        form=maybe(names | st.sampled_from(["tablet", "eye drops"])),
        indication=tuple(sorted(draw(st.lists(names, max_size=3, unique=True)))),
        condition=maybe(_TEXTS),
        trigger=maybe(st.sampled_from(["abrupt-stop", "missed-dose"])),
        part_of=maybe(names),
        dose_value=maybe(_NUMBERS),
        dose_max=maybe(_NUMBERS),
        dose_unit=maybe(st.sampled_from(["mg", "{tablet}"])),
        per=maybe(st.sampled_from(["kg", "m2"])),
        times_per_day=maybe(_NUMBERS),
        times_per_day_max=maybe(_NUMBERS),
        interval_hours=maybe(st.tuples(_NUMBERS, _NUMBERS)),
        duration=maybe(st.just("P7D")),
        daily_dose=maybe(_NUMBERS),
        daily_dose_max=maybe(_NUMBERS),
        low=maybe(_NUMBERS),
        high=maybe(_NUMBERS),
        unit=maybe(st.just("h")),
        year=maybe(st.integers(1500, 2100)),
        design=maybe(_TEXTS),
        comparator=maybe(_TEXTS),
        outcome=maybe(_TEXTS),
        evidence=draw(_evidence()),
        document=DOCUMENT.identifier,
        rule=draw(st.sampled_from(["a", "b:c"])),
        subject_type=subject_type,
    )
    return fact


@settings(max_examples=40, deadline=None)
@given(st.lists(_facts(), max_size=3, unique_by=fact_iri))
def test_any_facts_come_back_whole(facts: list[Fact]) -> None:
    back = by_iri(read_facts(quads(DOCUMENT, facts)))
    assert back.keys() == by_iri(facts).keys()
    for fact in facts:
        found = back[fact_iri(fact)]
        assert (found.content(), found.evidence, found.rule) == (fact.content(), fact.evidence, fact.rule)


@settings(max_examples=25, deadline=None)
@given(st.lists(_facts(_NAME), max_size=3))
def test_identity_survives_any_spelling(facts: list[Fact]) -> None:
    """Whatever the case, the spacing and the script of names: what is read back has the IRI that was written."""
    assert by_iri(read_facts(quads(DOCUMENT, facts))).keys() == by_iri(facts).keys()


def test_the_documents_spelling_comes_back_and_labels_are_shared() -> None:
    rows = quads(samples.other_document(), samples.other_facts())
    concept = NamedNode(mint("concept", "Parkinson's disease"))
    labels = {
        (q.predicate.value, plain(q.object)) for q in rows if q.subject == concept and isinstance(q.object, Literal)
    }
    assert labels == {
        (expand("rdfs:label"), "parkinson's disease"),
        (expand("skos:altLabel"), "Parkinson's disease"),
    }
    assert "Parkinson's disease" in {fact.value for fact in read_facts(rows)}


def test_a_fixed_combination_has_its_ingredients() -> None:
    rows = quads(samples.other_document(), samples.other_facts())
    both = NamedNode(mint("drug", "mollivan + zentralin"))
    assert {q.object for q in rows if q.subject == both and q.predicate.value == mg("hasIngredient")} == {
        NamedNode(mint("drug", "mollivan")),
        NamedNode(mint("drug", "zentralin")),
    }
    assert {plain(q.object) for q in rows if q.subject == both and q.predicate.value == expand("rdf:type")} == {
        mg("DrugCombination")
    }
    assert {f.subject_type for f in read_facts(rows)} == {"drug", "combination"}


def test_no_blank_node_and_one_graph() -> None:
    rows = quads(samples.document(), samples.facts(), samples.gaps())
    assert not any(isinstance(term, BlankNode) for q in rows for term in (q.subject, q.object))
    assert {q.graph_name for q in rows} == {NamedNode(document_iri("zentralin-Sample"))}
    kinds = {plain(q.object) for q in rows if q.predicate.value == expand("rdf:type")}
    assert {fact_class(kind) for kind in KINDS} <= kinds


def test_order_of_facts_does_not_matter() -> None:
    facts, gaps = samples.facts(), samples.gaps()
    assert quads(samples.document(), facts, gaps) == quads(samples.document(), facts[::-1], gaps[::-1])


def test_the_iri_of_a_fact_hangs_on_what_it_says_not_on_where() -> None:
    fact = samples.facts()[12]
    elsewhere = replace(fact, evidence=(Evidence(1, 5, "hatz"),), rule="another rule")
    assert fact_iri(fact) == fact_iri(elsewhere)
    changed: dict[str, Any] = {
        "kind": "precaution", "drug": "other", "value": "other", "statement": "other", "polarity": "negated",
        "certainty": "hedged", "speaker": "x", "role": "start", "severity": "mild", "frequency": Frequency("rare"),
        "population": (AgeGroup("adults"),), "route": "nasal", "form": "gel", "indication": ("x",), "condition": "x",
        "trigger": "overdose", "part_of": "x", "dose_value": 1.5, "dose_max": 1.5, "dose_unit": "g", "per": "m2",
        "times_per_day": 2.5, "times_per_day_max": 2.5, "interval_hours": (1, 2), "duration": "P1D",
        "daily_dose": 9, "daily_dose_max": 9,
        "low": 1, "high": 1, "unit": "d", "year": 1, "design": "x", "comparator": "x", "outcome": "x",
        "document": "other", "subject_type": "drug-class",
    }  # fmt: skip
    assert changed.keys() | {"evidence", "rule", "identifiers"} == Fact.__dataclass_fields__.keys()
    iris = [fact_iri(replace(fact, **{field: value_})) for field, value_ in changed.items()]
    assert len({fact_iri(fact), *iris}) == len(changed) + 1


def test_facts_that_differ_in_case_only_are_one_with_all_evidence() -> None:
    one = _plain_fact(kind="adverse-effect", value="Dry mouth")
    two = replace(one, value="dry  mouth", evidence=(Evidence(22, 31, TEXT[22:31]),))
    (fact,) = read_facts(quads(DOCUMENT, [one, two]))
    assert [e.start for e in fact.evidence] == [0, 22]


def test_evidence_carries_both_selectors_and_their_surroundings() -> None:
    document = samples.document()
    fact = next(f for f in samples.facts() if f.value == "hallucinations")
    said = {(plain(q.subject), q.predicate.value): plain(q.object) for q in quads(document, [fact])}
    iri = evidence_iri(document.sha256, fact.start, fact.end)
    assert said[f"{iri}#quote", expand("oa:exact")] == "Hallucinations"
    assert said[f"{iri}#quote", expand("oa:prefix")] == document.text[fact.start - 32 : fact.start]
    assert said[f"{iri}#quote", expand("oa:suffix")] == document.text[fact.end : fact.end + 32]
    assert said[f"{iri}#position", expand("oa:start")] == str(fact.start)
    assert said[iri, mg("leadIn")] == "If you stop suddenly, you may have:"


def test_a_citation_mark_leads_to_the_reference() -> None:
    rows = quads(samples.document(), samples.facts())
    cited = {plain(q.object) for q in rows if q.predicate.value == mg("cites")}
    document = document_iri("zentralin-Sample")
    assert cited == {f"{document}#reference-1", f"{document}#reference-2"}
    assert {plain(q.object) for q in rows if plain(q.subject) == f"{document}#reference-1"} >= {
        "A. Writer. Receptors. 1999."
    }


def test_without_quotes_no_sentence_of_the_source_is_left_but_offsets_are() -> None:
    document, facts, gaps = samples.document(), samples.facts(), samples.gaps()
    rows = quads(document, facts, gaps, quotes=False)
    literals = [plain(q.object) for q in rows if isinstance(q.object, Literal)]
    assert not [text for text in literals if len(text.split()) > 6 and text in document.text]
    assert not {expand("oa:exact"), expand("oa:prefix"), expand("oa:suffix"), mg("leadIn"), mg("statement")} & {
        q.predicate.value for q in rows
    }
    assert {q.predicate.value for q in rows} >= {expand("oa:start"), expand("oa:end"), mg("sha256")}
    kept = withheld(document.sha256, facts, gaps)
    back = by_iri(read_facts(rows, text=document.text, withheld=kept))
    assert {iri: fact.content() for iri, fact in back.items()} == {i: f.content() for i, f in by_iri(facts).items()}
    assert {iri: fact.evidence for iri, fact in back.items()} == {i: f.evidence for i, f in by_iri(facts).items()}
    assert read_gaps(rows, text=document.text, withheld=kept) == gaps


def test_populations_with_stated_ages_stand_apart_from_the_value_set() -> None:
    rows = quads(samples.document(), samples.facts())
    groups = {plain(q.object) for q in rows if q.predicate.value == mg("population")}
    assert value("population", "children") in groups
    minted = mint("population", "children 4 to 12 years")
    assert minted in groups
    node = {q.predicate.value: plain(q.object) for q in rows if plain(q.subject) == minted}
    assert node[mg("minimumAge")] == "4" and node[mg("maximumAge")] == "12"
    assert node[expand("skos:broader")] == value("population", "children")


def test_dates_are_date_times_and_what_is_none_is_not_forged() -> None:
    def dates(**changes: Any) -> list[str]:
        rows = quads(replace(DOCUMENT, **changes), [])
        return [str(q.object) for q in rows if q.predicate.value in {expand("dcterms:issued"), mg("retrieved")}]

    typed = '"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    assert dates(stated="2024-05-06", retrieved="2024-05-06T07:08:09+00:00") == [
        '"2024-05-06T00:00:00' + typed,
        '"2024-05-06T07:08:09Z' + typed,
    ]
    assert dates(stated="May 2024", retrieved="last week") == ['"May 2024"']
    assert dates() == []


@pytest.mark.parametrize(
    ("fact", "wrong"),
    [
        (_plain_fact(document="another"), "of document 'another'"),
        (_plain_fact(evidence=(Evidence(1, 10, "Zentralin"),)), "is not the text at 1-10"),
        (_plain_fact(evidence=()), "no evidence"),
        (_plain_fact(kind="adverse-effect", value="  "), "empty name"),
        (_plain_fact(dose_value=float("nan")), "no decimal number"),
    ],
)
def test_what_is_no_fact_of_the_document_is_refused(fact: Fact, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        quads(DOCUMENT, [fact])


def test_gap_of_another_document_is_refused() -> None:
    with pytest.raises(ValueError, match="of document 'b'"):
        quads(DOCUMENT, [], [Gap("empty-list", "x", "b")])


def test_a_graph_that_lacks_a_part_says_which() -> None:
    fact = samples.facts()[0]
    rows = quads(samples.document(), [fact])
    for predicate in (mg("polarity"), mg("hasSubject"), mg("hasObject"), expand("prov:wasDerivedFrom"), mg("statedIn")):
        with pytest.raises(ValueError, match=f"{fact_iri(fact)}.*{predicate.rsplit('/', 1)[1].split('#')[-1]}"):
            read_facts([q for q in rows if q.predicate.value != predicate])


def test_a_document_record_comes_back_whole_and_is_one_sequence_of_bytes() -> None:
    document = samples.document()
    data = record_bytes(Record(document, {"x": "y"}))
    assert read_record(data, "here") == Record(document, {"x": "y"})
    assert record_bytes(read_record(data, "here")) == data
