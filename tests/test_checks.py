"""Checks find what is wrong in a store, name fact, document and place, and find nothing in one that nobody touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import samples
from monograph.checks import Finding, check_store
from monograph.checks.facts import check_facts
from monograph.checks.numbers import numbers_in
from monograph.checks.shapes import check_shapes
from monograph.embedded import EmbeddedStore
from monograph.facts import Fact
from monograph.graph import document_iri, evidence_iri, fact_iri
from monograph.shortcuts import GRAPH
from monograph.vocabulary import compact

DOC = document_iri("zentralin-Sample")


def of(kind: str, value: str) -> Fact:
    return next(f for f in samples.facts() if (f.kind, f.value) == (kind, value))


def change(store: EmbeddedStore, subject: str, predicate: str, new: str, *, graph: str = DOC) -> None:
    """Sets a property of a node to ``new`` (Turtle), whatever it was."""
    store.update(
        f"PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX mg: <https://w3id.org/monograph/ontology#> "
        f"WITH <{graph}> DELETE {{ <{subject}> {predicate} ?old }} INSERT {{ <{subject}> {predicate} {new} }} "
        f"WHERE {{ <{subject}> {predicate} ?old }}"
    )


def errors(findings: Iterator[Finding] | list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level == "error"]


def test_nothing_is_found_in_a_store_that_nobody_touched(disk_store: EmbeddedStore) -> None:
    assert check_store(disk_store) == []


def test_nothing_is_found_without_quotes(store: EmbeddedStore) -> None:
    store.put(samples.document(), samples.facts(), samples.gaps(), quotes=False)
    assert check_store(store) == []


# A change of each part of a fact, and the rule that must find it

ASSERTED = fact_iri(of("adverse-effect", "drowsiness"))
REGIMEN = fact_iri(of("regimen", "5 mg three times a day"))


@pytest.mark.parametrize(
    ("fact", "predicate", "new", "rule", "says"),
    [
        (ASSERTED, "mg:polarity", "mg:polarity-negated", "digest", "fits if mg:polarity were asserted"),
        (ASSERTED, "mg:certainty", "mg:certainty-hedged", "digest", "fits if mg:certainty were stated"),
        (ASSERTED, "mg:severity", "mg:severity-severe", "digest", "fits if mg:severity were mild"),
        (
            ASSERTED,
            "mg:hasSubject",
            "<https://w3id.org/monograph/id/drug/mollivan>",
            "digest",
            "mg:hasSubject were zent",
        ),
        (ASSERTED, "mg:hasSubject", "<https://w3id.org/monograph/id/drug/mollivan>", "drug", "is about 'mollivan'"),
        (ASSERTED, "mg:hasObject", "<https://w3id.org/monograph/id/concept/nausea>", "digest", "something else"),
        (ASSERTED, "mg:frequencyLow", "0.01", "digest", "something else"),
        (REGIMEN, "mg:doseValue", "50", "digest", "fits if mg:doseValue were 5"),
        (REGIMEN, "mg:doseValue", "50", "number", "mg:doseValue 50 is in neither quote nor lead-in"),
        (REGIMEN, "mg:timesPerDay", "7", "number", "mg:timesPerDay 7"),
        (REGIMEN, "mg:doseUnit", '"g"', "digest", "something else"),
        (REGIMEN, "mg:statedIn", f"<{document_iri('mollivan')}>", "stated-in", "another document"),
        (REGIMEN, "mg:rule", '"another"', "", ""),
    ],
)
def test_a_changed_fact_is_found(
    store: EmbeddedStore, fact: str, predicate: str, new: str, rule: str, says: str
) -> None:
    change(store, fact, predicate, new)
    found = [f for f in check_facts(store) if f.rule == rule]
    if not rule:  # which rule made a fact is not part of what it says
        assert errors(check_facts(store)) == []
        return
    assert any(says in f.message for f in found), found
    assert all(f.where == f"zentralin-Sample: {compact(fact)}" for f in found)
    assert any("line " in f.message for f in found) or rule == "stated-in"


def _node(kind: str, value: str) -> str:
    fact = of(kind, value)
    return evidence_iri(samples.document().sha256, fact.start, fact.end)


DROWSY = _node("adverse-effect", "drowsiness")


@pytest.mark.parametrize(
    ("node", "predicate", "new", "rule", "says"),
    [
        (
            f"{DROWSY}#position",
            "oa:start",
            str(of("adverse-effect", "drowsiness").start + 1),
            "offset",
            "another place",
        ),
        (f"{DROWSY}#position", "oa:end", str(of("adverse-effect", "drowsiness").end + 2), "quote", "oa:exact"),
        (f"{DROWSY}#quote", "oa:exact", '"Sleepiness"', "quote", "oa:exact is 'Sleepiness', the text has 'Drowsiness'"),
        (f"{DROWSY}#quote", "oa:prefix", '"x"', "quote", "oa:prefix is 'x'"),
        (f"{DROWSY}#quote", "oa:suffix", '"x"', "quote", "oa:suffix is 'x'"),
        (DROWSY, "oa:hasSource", f"<{document_iri('mollivan')}>", "evidence", "in another document"),
        (DROWSY, "mg:leadIn", '"Something else"', "context", "mg:leadIn 'Something else' is not in the document"),
        (DROWSY, "mg:section", '"Storage"', "context", "mg:section 'Storage'"),
        (DOC, "mg:sha256", f'"{"0" * 64}"', "record", "mg:sha256 is 000"),
        (DOC, "mg:characters", "5", "unexpected", "mg:characters"),
        (DOC, "mg:recordSha256", f'"{"0" * 64}"', "record", "is missing"),
    ],
)
def test_a_changed_place_quote_or_document_is_found(
    store: EmbeddedStore, node: str, predicate: str, new: str, rule: str, says: str
) -> None:
    change(store, node, predicate, new)
    found = [f for f in check_facts(store) if f.rule == rule]
    assert any(says in f.message for f in found), errors(check_facts(store))
    assert all(f.where.startswith("zentralin-Sample") for f in found)


def test_deleted_evidence_is_found(store: EmbeddedStore) -> None:
    store.update(f"DELETE WHERE {{ GRAPH <{DOC}> {{ <{DROWSY}> ?p ?o }} }}")
    assert [(f.rule, f.level) for f in check_facts(store)] == [("evidence", "error")]
    store.update(f"DELETE WHERE {{ GRAPH <{DOC}> {{ <{ASSERTED}> <http://www.w3.org/ns/prov#wasDerivedFrom> ?o }} }}")
    (finding,) = check_facts(store)
    assert "no prov:wasDerivedFrom" in finding.message and compact(ASSERTED) in finding.where


def test_a_deleted_quote_is_found(store: EmbeddedStore) -> None:
    store.update(f"DELETE WHERE {{ GRAPH <{DOC}> {{ <{DROWSY}#quote> <http://www.w3.org/ns/oa#exact> ?o }} }}")
    assert any(f.rule == "quote" and "oa:exact is missing" in f.message for f in check_facts(store))


def test_a_deleted_and_an_added_triple_are_found(store: EmbeddedStore) -> None:
    store.update(
        f"DELETE DATA {{ GRAPH <{DOC}> {{ <{ASSERTED}> <https://w3id.org/monograph/ontology#severity> "
        f"<https://w3id.org/monograph/ontology#severity-mild> }} }}"
    )
    assert any("mg:severity were mild" in f.message for f in check_facts(store))
    store.put(samples.document(), samples.facts(), samples.gaps())
    store.update(f'INSERT DATA {{ GRAPH <{DOC}> {{ <{ASSERTED}> <http://example.org/note> "x" }} }}')
    (finding,) = check_facts(store)
    assert (finding.rule, finding.where) == ("unexpected", f"zentralin-Sample: {compact(ASSERTED)}")


def test_a_changed_gap_is_found(store: EmbeddedStore) -> None:
    (gap,) = (
        q.subject for q in store.triples(DOC) if "Other effects include:" in str(q.object) and "gap" in str(q.subject)
    )
    change(store, str(gap)[1:-1], "<http://www.w3.org/2000/01/rdf-schema#label>", '"nothing is missing"@en')
    assert any(f.rule == "digest" and "the gap" in f.message for f in check_facts(store))


def test_a_shortcut_without_a_fact_and_a_fact_without_its_shortcut_are_found(store: EmbeddedStore) -> None:
    prefix = "PREFIX drug: <https://w3id.org/monograph/id/drug/> PREFIX c: <https://w3id.org/monograph/id/concept/> "
    prefix += "PREFIX mg: <https://w3id.org/monograph/ontology#> "
    store.update(prefix + f"INSERT DATA {{ GRAPH <{GRAPH}> {{ drug:zentralin mg:hasAdverseEffect c:weight_gain }} }}")
    store.update(prefix + f"DELETE DATA {{ GRAPH <{GRAPH}> {{ drug:zentralin mg:hasAdverseEffect c:dry_mouth }} }}")
    orphan, missing = check_facts(store)
    assert orphan.where == "drug:zentralin mg:hasAdverseEffect concept:weight_gain"
    assert "no asserted fact bears" in orphan.message
    assert missing.where == "drug:zentralin mg:hasAdverseEffect concept:dry_mouth"
    assert "is not there" in missing.message
    assert [f.where for f in check_shapes(store)] == ["drug:zentralin"]


def test_a_fact_in_the_wrong_graph_is_found(store: EmbeddedStore) -> None:
    other = document_iri("mollivan")
    store.update(
        f"INSERT {{ GRAPH <{other}> {{ <{ASSERTED}> ?p ?o }} }} WHERE {{ GRAPH <{DOC}> {{ <{ASSERTED}> ?p ?o }} }}"
    )
    found = list(check_facts(store))
    assert any(f.rule == "stray" and f.where == compact(ASSERTED) for f in found)
    assert any(f.rule == "stated-in" and f.where.startswith("mollivan") for f in found)


def test_a_tampered_text_is_found(disk_store: EmbeddedStore) -> None:
    assert disk_store.path is not None
    record = disk_store.path / "documents" / f"{disk_store.documents()[1].record_sha256}.json"
    row = json.loads(record.read_text())
    row["document"]["text"] = row["document"]["text"].replace("5 mg", "9 mg")
    record.write_text(json.dumps(row))
    found = list(check_facts(disk_store))
    assert any(f.rule == "record" and "the record was changed" in f.message for f in found)
    assert any(f.rule == "quote" and "9 mg" in f.message for f in found)
    record.unlink()
    assert any("is missing - build the document again" in f.message for f in check_facts(disk_store))


def test_all_findings_of_two_runs_are_the_same(store: EmbeddedStore) -> None:
    change(store, ASSERTED, "mg:polarity", "mg:polarity-negated")
    change(store, f"{DROWSY}#quote", "oa:exact", '"Sleepiness"')
    first = check_store(store)
    assert len(first) > 2 and check_store(store) == first
    assert all("\n" not in f.message for f in first)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("10 mg", {10}),
        ("1,000 mg or 2.5 mg", {1000, 2.5}),
        ("three times a day", {3, 1}),
        ("twenty-five drops", {25}),
        ("half a tablet, or ½ or 1/4", {0.5, 0.25}),
        ("twice daily, every six hours", {2, 1, 6}),
        ("two hundred", {200}),
    ],
)
def test_numbers_in_digits_and_words(text: str, numbers: set[float]) -> None:
    assert numbers <= numbers_in(text)
    assert 77.0 not in numbers_in(text)


# Shapes: the sample passes every one; each change below fails the one that it names


def test_the_sample_passes_all_shapes(store: EmbeddedStore) -> None:
    assert list(check_shapes(store)) == []


MG = "https://w3id.org/monograph/ontology#"
ALCOHOL = fact_iri(of("interaction", "alcohol"))
SPASTICITY = fact_iri(of("indication", "spasticity"))
BRAND = fact_iri(of("brand-name", "Relaxor"))
HALF_LIFE = fact_iri(of("half-life", "3 to 4 hours"))
ADVICE = fact_iri(of("advice", "ask before buying other medicines"))
PREGNANCY = fact_iri(of("population", "pregnancy"))
ROUTE = fact_iri(of("route", "oral"))
FORM = fact_iri(of("dose-form", "tablet"))
CLASS = fact_iri(of("drug-class", "muscle relaxant"))
CHILDREN = fact_iri(of("regimen", "0.75 to 2 mg/kg a day"))
RARE = fact_iri(of("adverse-effect", "respiratory depression"))
HISTORY = fact_iri(of("history", "first made"))
DRUG = "<https://w3id.org/monograph/id/drug/zentralin>"
CONCEPT = "<https://w3id.org/monograph/id/concept/coma>"


@pytest.mark.parametrize(
    ("delete", "insert", "says"),
    [
        # what every fact has exactly once
        (f"<{ASSERTED}> mg:hasSubject ?x", "", "about exactly one drug"),
        ("", f"<{ASSERTED}> mg:hasSubject <https://w3id.org/monograph/id/drug/other>", "about exactly one drug"),
        (f"<{ASSERTED}> mg:hasSubject ?x", f"<{ASSERTED}> mg:hasSubject {CONCEPT}", "typed as such"),
        ("", f"<{ASSERTED}> mg:hasObject {CONCEPT}", "at most one object"),
        (f"<{ASSERTED}> mg:polarity ?x", "", "exactly one polarity"),
        (f"<{ASSERTED}> mg:polarity ?x", f"<{ASSERTED}> mg:polarity mg:certainty-stated", "exactly one polarity"),
        (f"<{ASSERTED}> mg:certainty ?x", "", "exactly one certainty"),
        (f"<{ASSERTED}> prov:wasDerivedFrom ?x", "", "at least one piece of evidence"),
        (f"<{ASSERTED}> mg:statedIn ?x", "", "exactly one document"),
        (f"<{ASSERTED}> mg:rule ?x", "", "the one rule"),
        (f"<{ASSERTED}> rdfs:label ?x", "", "exactly one label"),
        (f"<{ASSERTED}> rdfs:label ?x", f'<{ASSERTED}> rdfs:label "no language"', "exactly one label"),
        ("", f"<{ASSERTED}> a mg:PrecautionFact", "exactly one kind"),
        ("", f"<{ASSERTED}> mg:polarty mg:polarity-asserted", "check its spelling"),
        # texts are plain strings, once
        *(
            ("", f'<{ASSERTED}> mg:{name} "a"@en', f"correct mg:{name}")
            for name in ("statement", "speaker", "condition", "design", "comparator", "outcome")
        ),
        # members of value sets
        ("", f"<{ASSERTED}> mg:severity mg:severity-odd", "severity of the value set"),
        ("", f"<{ASSERTED}> mg:trigger mg:route-oral", "trigger of the value set"),
        ("", f"<{RARE}> mg:frequency mg:frequency-often", "frequency band of the value set"),
        ("", f"<{ASSERTED}> mg:population {CONCEPT}", "limited to populations"),
        ("", f"<{ASSERTED}> mg:route mg:form-tablet", "at most one route"),
        ("", f"<{ASSERTED}> mg:doseForm mg:route-oral", "at most one dose form"),
        ("", f"<{ASSERTED}> mg:forIndication {DRUG}", "correct mg:forIndication"),
        ("", f"<{ASSERTED}> mg:symptomOf {DRUG}", "correct mg:symptomOf"),
        # objects by kind
        (f"<{ASSERTED}> mg:hasObject ?x", "", "of this kind of fact is a mg:ClinicalConcept"),
        (f"<{ASSERTED}> mg:hasObject ?x", f"<{ASSERTED}> mg:hasObject {DRUG}", "is a mg:ClinicalConcept"),
        (f"<{ROUTE}> mg:hasObject ?x", f"<{ROUTE}> mg:hasObject mg:form-tablet", "is a mg:RouteOfAdministration"),
        (f"<{FORM}> mg:hasObject ?x", f"<{FORM}> mg:hasObject mg:route-oral", "is a mg:DoseForm"),
        (f"<{CLASS}> mg:hasObject ?x", f"<{CLASS}> mg:hasObject {DRUG}", "is a mg:DrugClass"),
        (f"<{PREGNANCY}> mg:hasObject ?x", f"<{PREGNANCY}> mg:hasObject {CONCEPT}", "is a mg:Population"),
        (f"<{ALCOHOL}> mg:hasObject ?x", f"<{ALCOHOL}> mg:hasObject {CONCEPT}", "fits the role"),
        (f"<{ALCOHOL}> mg:hasObject ?x", "", "An interaction is with something"),
        (f"<{ALCOHOL}> mg:role ?x", f"<{ALCOHOL}> mg:role mg:role-drug", "fits the role"),
        ("", f"<{ADVICE}> mg:hasObject {CONCEPT}", "has no object"),
        (f"<{BRAND}> mg:name ?x", "", "is given in mg:name"),
        ("", f'<{BRAND}> mg:name ""', "one plain string that is not empty"),
        ("", f'<{ASSERTED}> mg:name "x"', "Only brand names and synonyms"),
        (f"<{ADVICE}> mg:statement ?x", "", "says in words"),
        # roles by kind
        (f"<{SPASTICITY}> mg:role ?x", f"<{SPASTICITY}> mg:role mg:role-start", "role of an indication"),
        (f"<{ALCOHOL}> mg:role ?x", f"<{ALCOHOL}> mg:role mg:role-start", "role of an interaction"),
        (f"<{REGIMEN}> mg:role ?x", f"<{REGIMEN}> mg:role mg:role-drug", "role of a regimen"),
        ("", f"<{ASSERTED}> mg:role mg:role-treatment", "Only indications, regimens and interactions"),
        ("", f"<{SPASTICITY}> mg:role mg:role-odd", "at most one role"),
        # numbers
        (f"<{REGIMEN}> mg:doseUnit ?x", "", "add mg:doseUnit"),
        (f"<{REGIMEN}> mg:doseUnit ?x", f'<{REGIMEN}> mg:doseUnit "milligrams"', "correct mg:doseUnit"),
        (f"<{REGIMEN}> mg:doseValue ?x", f'<{REGIMEN}> mg:doseValue "5"', "correct mg:doseValue"),
        (f"<{REGIMEN}> mg:doseValue ?x", f"<{REGIMEN}> mg:doseValue 0.0", "correct mg:doseValue"),
        (f"<{CHILDREN}> mg:doseMaximum ?x", f"<{CHILDREN}> mg:doseMaximum 0.5", "not above mg:doseMaximum"),
        ("", f"<{REGIMEN}> mg:dailyDose -1.0", "correct mg:dailyDose"),
        ("", f"<{REGIMEN}> mg:dailyDoseMaximum -1.0", "correct mg:dailyDoseMaximum"),
        ("", f'<{REGIMEN}> mg:dosePer "lb"', "correct mg:dosePer"),
        (f"<{REGIMEN}> mg:timesPerDay ?x", f"<{REGIMEN}> mg:timesPerDay 0.0", "correct mg:timesPerDay"),
        ("", f"<{REGIMEN}> mg:timesPerDayMaximum 0.0", "correct mg:timesPerDayMaximum"),
        (f"<{CHILDREN}> mg:intervalHoursMaximum ?x", "", "both bounds"),
        (
            f"<{CHILDREN}> mg:intervalHoursMaximum ?x",
            f"<{CHILDREN}> mg:intervalHoursMaximum 1.0",
            "correct mg:intervalHou",
        ),
        (f"<{REGIMEN}> mg:treatmentDuration ?x", f'<{REGIMEN}> mg:treatmentDuration "3 days"', "ISO 8601"),
        ("", f"<{ASSERTED}> mg:doseValue 5.0", "Only a regimen has doses"),
        (f"<{HALF_LIFE}> mg:unit ?x", "", "add mg:unit"),
        (f"<{HALF_LIFE}> mg:unit ?x", f'<{HALF_LIFE}> mg:unit "hours"', "correct mg:unit"),
        (f"<{HALF_LIFE}> mg:highValue ?x", f"<{HALF_LIFE}> mg:highValue 1.0", "not above mg:highValue"),
        (f"<{HALF_LIFE}> mg:highValue ?x", f"<{HALF_LIFE}> mg:highValue -1.0", "correct mg:highValue"),
        (f"<{ASSERTED}> mg:frequencyLow ?x", f"<{ASSERTED}> mg:frequencyLow 10.0", "correct mg:frequencyLow"),
        (f"<{ASSERTED}> mg:frequencyHigh ?x", f"<{ASSERTED}> mg:frequencyHigh 10.0", "correct mg:frequencyHigh"),
        (f"<{HISTORY}> mg:year ?x", f"<{HISTORY}> mg:year 62", "four digits"),
        # evidence
        (f"<{DROWSY}> oa:hasSource ?x", "", "Evidence is in exactly one document"),
        (f"<{DROWSY}> oa:hasSelector <{DROWSY}#position>", "", "one oa:TextPositionSelector"),
        ("", f"<{DROWSY}> oa:hasSelectr <{DROWSY}#position>", "no other properties"),
        (f"<{DROWSY}> mg:section ?x", f"<{DROWSY}> mg:section 5", "correct mg:section"),
        (f"<{DROWSY}> mg:leadIn ?x", f"<{DROWSY}> mg:leadIn 5", "correct mg:leadIn"),
        ("", f"<{DROWSY}> mg:citationMark 5", "correct mg:citationMark"),
        ("", f"<{DROWSY}> mg:cites {DRUG}", "correct mg:cites"),
        (f"<{DROWSY}#position> oa:start ?x", f"<{DROWSY}#position> oa:start 99999", "before its end"),
        (f"<{DROWSY}#position> oa:end ?x", "", "correct oa:end"),
        ("", f'<{DROWSY}#position> rdfs:label "x"', "and nothing else"),
        (f"<{DROWSY}#quote> oa:exact ?x", f'<{DROWSY}#quote> oa:exact ""', "correct oa:exact"),
        (f"<{DROWSY}#quote> oa:exact ?x", f'<{DROWSY}#quote> oa:exact "Drowsy"', "exactly as long as its place"),
        (f"<{DROWSY}#quote> oa:prefix ?x", f'<{DROWSY}#quote> oa:prefix "{"x" * 33}"', "correct oa:prefix"),
        (f"<{DROWSY}#quote> oa:suffix ?x", f'<{DROWSY}#quote> oa:suffix "{"x" * 33}"', "correct oa:suffix"),
        ("", f'<{DROWSY}#quote> rdfs:label "x"', "and nothing else"),
        # documents, references, gaps, what facts are about
        (f"<{DOC}> dcterms:identifier ?x", "", "one identifier"),
        (f"<{DOC}> mg:sha256 ?x", f'<{DOC}> mg:sha256 "abc"', "correct mg:sha256"),
        (f"<{DOC}> mg:recordSha256 ?x", "", "correct mg:recordSha256"),
        (f"<{DOC}> mg:characters ?x", f'<{DOC}> mg:characters "many"', "correct mg:characters"),
        (f"<{DOC}> mg:extractionVersion ?x", "", "version of the extraction"),
        (f"<{DOC}> dcterms:format ?x", "", "names the format"),
        ("", f"<{DOC}> mg:about {CONCEPT}", "correct mg:about"),
        *(
            ("", f'<{DOC}> dcterms:{name} "x" , "y"', f"correct dcterms:{name}")
            for name in ("title", "publisher", "source", "language", "license", "rights", "issued")
        ),
        (f"<{DOC}> mg:retrieved ?x", f'<{DOC}> mg:retrieved "today"', "correct mg:retrieved"),
        ("", f'<{DOC}> mg:jurisdiction "x"', "at most one jurisdiction"),
        ("", f'<{DOC}> mg:titel "x"', "check the spelling"),
        ("?x dcterms:bibliographicCitation ?y", "", "add it"),
        (f"<{DOC}#reference-1> mg:citationMark ?y", "", "add mg:citationMark"),
        ("?x mg:gapKind ?y", "", "A gap has exactly one kind"),
        ("?x mg:inDocument ?y", "", "A gap is in exactly one document"),
        (
            "",
            f"[] a mg:Gap ; mg:gapKind mg:gap-empty-list ; mg:inDocument <{DOC}> ; rdfs:label 'x'@en",
            "A gap has only",
        ),
        (f"{DRUG} rdfs:label ?x", "", "exactly one label"),
        ("", f"{DRUG} mg:hasIngredient {DRUG}", "Only a combination has ingredients"),
        ("", f"{DRUG} mg:hasIngredient {DRUG}", "at least two ingredients"),
    ],
)
def test_a_change_breaks_the_shape_that_guards_it(delete: str, insert: str, says: str) -> None:
    prefixes = "".join(
        f"PREFIX {prefix}: <{namespace}>\n"
        for prefix, namespace in (
            ("mg", MG),
            ("oa", "http://www.w3.org/ns/oa#"),
            ("prov", "http://www.w3.org/ns/prov#"),
            ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
            ("dcterms", "http://purl.org/dc/terms/"),
        )
    )
    concerned = [f for f in samples.facts() if fact_iri(f) in delete + insert] or [of("adverse-effect", "drowsiness")]
    with EmbeddedStore(None) as store:
        store.put(samples.document(), concerned, samples.gaps())
        if delete:
            store.update(f"{prefixes} WITH <{DOC}> DELETE {{ {delete} }} WHERE {{ {delete} }}")
        if insert:
            store.update(f"{prefixes} INSERT DATA {{ GRAPH <{DOC}> {{ {insert} }} }}")
        found = list(_document_shapes(store))
    assert any(says in f.message for f in found), found
    assert all(f.where.casefold().startswith("zentralin-sample") and f.rule == "shape" for f in found)


def _document_shapes(store: EmbeddedStore) -> Iterator[Finding]:
    store.update(f"DROP SILENT GRAPH <{GRAPH}>")
    return check_shapes(store)


def test_a_store_without_texts_says_what_it_did_not_check(tmp_path: Path) -> None:
    """As at a remote endpoint: no finding but the note that there is no text to hold quotes against."""

    class NoTexts(EmbeddedStore):
        def record(self, identifier: str) -> Any:
            return None

        def record_data(self, identifier: str) -> Any:
            return None

    with NoTexts(None) as store:
        store.put(samples.document(), samples.facts(), samples.gaps())
        (note,) = check_facts(store)
        assert (note.level, note.where) == ("info", "zentralin-Sample")
        assert "not checked against its text" in note.message
        change(store, ASSERTED, "mg:polarity", "mg:polarity-negated")
        assert any(f.rule == "digest" for f in check_facts(store))
        store.put(samples.document(), [replace(f) for f in samples.facts()], samples.gaps(), quotes=False)
        assert errors(check_facts(store)) == []
