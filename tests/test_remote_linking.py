"""Linking by an endpoint of others: a real server that holds data in Wikidata's shape, and servers that misbehave."""

from __future__ import annotations

import http.server
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from command import call
from monograph.endpoint import EndpointStore
from monograph.errors import QueryError, StoreError, UnknownName
from monograph.linking.remote import Answered, ask, queries, templates
from monograph.linking.run import Remote
from monograph.linking.things import Thing
from monograph.mappings.model import Mapping
from test_endpoint import server  # noqa: F401  # a real Oxigraph on loopback

# Made for the test: items from Q9000001 on are nobody's
DATA = """
PREFIX wd: <http://www.wikidata.org/entity/> PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
INSERT DATA { GRAPH <urn:test:wikidata> {
  wd:Q9000001 rdfs:label "zentralin"@en , "Zentralina"@es ; wdt:P652 "0ZZ1234567" ; wdt:P715 "DB90001" ;
    wdt:P267 "M03BX99" ; wdt:P683 "9999001" .
  wd:Q9000002 rdfs:label "levozentralin"@en ; skos:altLabel "zentralin"@en ; wdt:P652 "0ZZ7654321" .
  wd:Q9000003 rdfs:label "tremor"@en ; wdt:P3841 "HP:9000003" ; wdt:P486 "D999003" .
  wd:Q9000004 rdfs:label "poor sight"@en ; wdt:P486 "D999004" .
  wd:Q9000005 rdfs:label "poor sight"@en ; wdt:P486 "D999005" .
  wd:Q9000006 rdfs:label "low mood"@en ; wdt:P699 "DOID:9000006" ; wdt:P486 "not an identifier" .
  wd:Q9000007 rdfs:label "low mood"@en .
  wd:Q9000010 rdfs:label "ocozine"@en ; wdt:P652 "0ZZ1111111" ; wdt:P235 "AAAAAAAAAAAAAA-UHFFFAOYSA-N" ;
    wdt:P486 "D999010" ; wdt:P715 "DB90010" .
  wd:Q9000011 rdfs:label "arocozine"@en ; skos:altLabel "(R)-ocozine"@en ; wdt:P652 "0ZZ2222222" ;
    wdt:P235 "AAAAAAAAAAAAAA-BBBBBBBBSA-N" ; wdt:P486 "D999010" ; wdt:P715 "DB90011" .
  wd:Q9000012 rdfs:label "Meyer disease"@en ; wdt:P5270 "MONDO_9000012" ; wdt:P5806 "999999012" ; wdt:P2892 "C9000012" .
  wd:Q9000020 rdfs:label "ocozines"@en ; wdt:P486 "D999020" .
  wd:Q9000021 rdfs:label "ocozines"@en ; wdt:P652 "0ZZ4444444" ; wdt:P486 "D999021" .
  <http://bio2rdf.org/drugbank:DB99010> dcterms:title "ocozine"@en ;
    <http://bio2rdf.org/drugbank_vocabulary:x-atc> <http://bio2rdf.org/atc:M03BX98> .
  <http://id.nlm.nih.gov/mesh/D999030> skos:prefLabel "Xerotia"@en ;
    skos:exactMatch <http://purl.obolibrary.org/obo/HP_9000030> .
  wd:Q9000013 rdfs:label "Hiccup"@en ; wdt:P3841 "HP:9000013" .
} }
"""
DRUG, SIGN = frozenset(["drug"]), frozenset(["phenotype"])
WANTED = [
    Thing("concept:low_mood", "low mood", "https://w3id.org/monograph/id/concept/low_mood", SIGN),  # type: ignore[arg-type]
    Thing("concept:poor_sight", "poor sight", "https://w3id.org/monograph/id/concept/poor_sight", SIGN),  # type: ignore[arg-type]
    Thing("concept:tremor", "tremor", "https://w3id.org/monograph/id/concept/tremor", SIGN),  # type: ignore[arg-type]
    Thing("drug:zentralin", "zentralin", "https://w3id.org/monograph/id/drug/zentralin", DRUG),  # type: ignore[arg-type]
]
KNOWN = [
    Mapping("drug:zentralin", "skos:exactMatch", "unii:0ZZ1234567", justification="semapv:LexicalMatching"),
    Mapping("concept:tremor", "skos:exactMatch", "HP:9000003", justification="semapv:LexicalMatching"),
    Mapping("concept:low_mood", "skos:closeMatch", "DOID:9000006", justification="semapv:LexicalMatching"),
]


@pytest.fixture(scope="module")
def wikidata(server: str) -> str:  # noqa: F811
    EndpointStore(f"{server}/query").update(DATA)
    return f"{server}/query"


#: a status with headers to answer, 'cut' or 'slow' to be so, None to pass the request on
Fault = tuple[int, dict[str, str]] | str | None


@contextmanager
def in_front_of(behind: str, spoil: Callable[[int], Fault]) -> Iterator[tuple[str, list[int]]]:
    """The address of a proxy on loopback, and the statuses that it has answered; ``spoil`` gets a request's number."""
    answered: list[int] = []

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            how = spoil(len(answered))
            answered.append(how[0] if isinstance(how, tuple) else 0 if how else 200)
            if how == "cut":
                self.connection.close()
            elif how == "slow":
                time.sleep(2)
            elif isinstance(how, tuple):
                self.send_response(how[0])
                for name, value in how[1].items():
                    self.send_header(name, value)
                self.end_headers()
            else:
                headers = {name: self.headers[name] for name in ("Content-Type", "Accept")}
                with urllib.request.urlopen(urllib.request.Request(behind, body, headers)) as answer:
                    data = answer.read()
                    self.send_response(200)
                    self.send_header("Content-Type", answer.headers["Content-Type"])
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{proxy.server_port}/query", answered
    finally:
        proxy.shutdown()
        proxy.server_close()


def thing(name: str, kind: str = "drug") -> Thing:
    room = "drug" if kind == "drug" else "concept"
    return Thing(f"{room}:{name}", name, f"https://w3id.org/monograph/id/{room}/{name}", frozenset([kind]))  # type: ignore[list-item]


def same(subject: str, curie: str) -> Mapping:
    return Mapping(subject, "skos:exactMatch", curie, justification="semapv:LexicalMatching")


def asked(endpoint: str, cache: Path, *, batch: int = 100, timeout: float = 20) -> Answered:
    return ask(
        WANTED, KNOWN, Remote(endpoint, "wikidata", batch=batch, timeout=timeout), cache=cache, sleep=lambda _: None
    )


def found(answer: Answered) -> dict[tuple[str, str], str]:
    return {(m.subject, m.object): m.predicate for m in answer.mappings}


def test_identifiers_lead_to_items_and_names_to_near_ones(wikidata: str, tmp_path: Path) -> None:
    answer = asked(wikidata, tmp_path / "a.db")
    assert answer.failures == ()
    assert found(answer) == {
        ("drug:zentralin", "wikidata:Q9000001"): "skos:exactMatch",
        ("drug:zentralin", "drugbank:DB90001"): "skos:exactMatch",
        ("drug:zentralin", "atc:M03BX99"): "skos:exactMatch",
        ("drug:zentralin", "CHEBI:9999001"): "skos:exactMatch",
        ("concept:tremor", "wikidata:Q9000003"): "skos:exactMatch",
        ("concept:tremor", "mesh:D999003"): "skos:exactMatch",
        # two items bear this name, and only one of those called low mood has an identifier of a finding
        ("concept:poor_sight", "wikidata:Q9000004"): "mg:candidateMatch",
        ("concept:poor_sight", "wikidata:Q9000005"): "mg:candidateMatch",
        ("concept:low_mood", "wikidata:Q9000006"): "skos:closeMatch",
    }
    assert all(m.object_source == wikidata and m.tool == "monograph" and m.justification for m in answer.mappings)


def test_a_racemate_is_not_its_enantiomer_though_they_share_a_heading(wikidata: str, tmp_path: Path) -> None:
    remote = Remote(wikidata, "wikidata")
    known = [same("drug:ocozine", "unii:0ZZ1111111"), same("drug:ocozine", "mesh:D999010")]
    answer = ask([thing("ocozine")], known, remote, cache=tmp_path / "a.db")
    assert found(answer) == {
        ("drug:ocozine", "wikidata:Q9000010"): "skos:exactMatch",
        ("drug:ocozine", "inchikey:AAAAAAAAAAAAAA-UHFFFAOYSA-N"): "skos:exactMatch",
        ("drug:ocozine", "drugbank:DB90010"): "skos:exactMatch",
    }
    assert answer.notes == ("wikidata:Q9000011 is not drug:ocozine, for it states unii:0ZZ2222222",)
    # with the heading alone nobody can tell
    unsure = ask([thing("ocozine")], known[1:], remote, cache=tmp_path / "a.db")
    assert found(unsure) == dict.fromkeys(
        [("drug:ocozine", "wikidata:Q9000010"), ("drug:ocozine", "wikidata:Q9000011")], "mg:candidateMatch"
    )
    # and where only the other form is found, it is not taken
    other = ask([thing("esocozine")], [same("drug:esocozine", "mesh:D999010"), same("drug:esocozine", "cas:50-00-0"),
                                       same("drug:esocozine", "unii:0ZZ3333333")], remote, cache=None)  # fmt: skip
    assert other.mappings == () and len(other.notes) == 2


def test_identifiers_are_understood_as_wikidata_writes_them(wikidata: str, tmp_path: Path) -> None:
    wanted = [thing("meyer_disease", "disease"), thing("hiccup", "phenotype")]
    answer = ask(wanted, [same("concept:meyer_disease", "MONDO:9000012")], Remote(wikidata, "wikidata"), cache=None)
    assert found(answer) == {
        ("concept:meyer_disease", "wikidata:Q9000012"): "skos:exactMatch",
        ("concept:meyer_disease", "snomedct:999999012"): "skos:exactMatch",
        ("concept:meyer_disease", "umls:C9000012"): "skos:exactMatch",
        ("concept:hiccup", "wikidata:Q9000013"): "skos:closeMatch",  # a label may begin with a capital
    }


def test_a_class_of_drugs_is_no_drug(wikidata: str) -> None:
    answer = ask([thing("ocozines", "drug-class")], [], Remote(wikidata, "wikidata"), cache=None)
    assert found(answer) == {("concept:ocozines", "wikidata:Q9000020"): "skos:closeMatch"}


def test_bio2rdf_is_asked_by_its_own_addresses(wikidata: str) -> None:
    answer = ask(
        [thing("ocozine")], [same("drug:ocozine", "drugbank:DB99010")], Remote(wikidata, "bio2rdf"), cache=None
    )
    assert found(answer) == {("drug:ocozine", "atc:M03BX98"): "skos:exactMatch"}
    assert answer.notes == ()


def test_a_thesaurus_is_asked_by_matches_then_by_labels(wikidata: str) -> None:
    wanted, remote = [thing("xerotia", "phenotype")], Remote(wikidata, "skos")
    by_match = ask(wanted, [same("concept:xerotia", "HP:9000030")], remote, cache=None)
    assert found(by_match) == {("concept:xerotia", "mesh:D999030"): "skos:exactMatch"}
    assert found(ask(wanted, [], remote, cache=None)) == {("concept:xerotia", "mesh:D999030"): "skos:closeMatch"}


def test_what_is_no_identifier_is_left_out_and_told(wikidata: str) -> None:
    wanted = [thing("low_mood", "phenotype")]
    answer = ask(wanted, [same("concept:low_mood", "DOID:9000006")], Remote(wikidata, "wikidata"), cache=None)
    assert found(answer) == {("concept:low_mood", "wikidata:Q9000006"): "skos:exactMatch"}
    [note] = answer.notes
    assert "1 answers are no identifiers" in note and "mesh:not an identifier" in note


def test_what_was_answered_is_not_asked_again(wikidata: str, tmp_path: Path) -> None:
    with in_front_of(wikidata, lambda _: None) as (endpoint, answered):
        first = asked(endpoint, tmp_path / "a.db", batch=1)
        number = len(answered)
        assert number > 4 and asked(endpoint, tmp_path / "a.db", batch=1) == first
        assert asked(endpoint, tmp_path / "a.db", batch=3) == first, "answers are kept one by one"
        assert len(answered) == number
        more = ask(
            [*WANTED, thing("hiccup", "phenotype")], KNOWN, Remote(endpoint, "wikidata"), cache=tmp_path / "a.db"
        )
        assert set(first.mappings) < set(more.mappings) and len(answered) == number + 1, "only what is new is asked"
        asked(endpoint, tmp_path / "b.db", batch=1)
        assert len(answered) == 2 * number + 1


def test_a_run_that_is_cut_goes_on_where_it_ended(wikidata: str, tmp_path: Path) -> None:
    refusing: Fault = (403, {})
    broken = True
    with in_front_of(wikidata, lambda n: refusing if broken and n >= 3 else None) as (endpoint, answered):
        cut = asked(endpoint, tmp_path / "a.db", batch=1)
        assert answered == [200] * 3 + [403] * 3, "three failures one after the other are enough"
        assert cut.mappings and "run it again later" in cut.failures[-1] and "403" in cut.failures[0]
        broken = False
        whole = asked(endpoint, tmp_path / "a.db", batch=1)
        fresh = asked(wikidata, tmp_path / "b.db", batch=1)
        assert whole.failures == () and found(whole) == found(fresh) and found(cut).items() < found(whole).items()
        in_all = len(answered) - 6 + 3
        asked(endpoint, tmp_path / "c.db", batch=1)
        assert len(answered) - (in_all + 3) == in_all, "the second run asked only the rest"


def test_an_old_answer_is_asked_for_again_and_better_than_none(wikidata: str, tmp_path: Path) -> None:
    broken = False
    with in_front_of(wikidata, lambda _: (403, {}) if broken else None) as (endpoint, answered):
        first = asked(endpoint, tmp_path / "a.db")
        number = len(answered)
        with closing(sqlite3.connect(tmp_path / "a.db")) as kept, kept:
            kept.execute("UPDATE kept SET at = at - 3e6")
        assert asked(endpoint, tmp_path / "a.db") == first and len(answered) == 2 * number
        with closing(sqlite3.connect(tmp_path / "a.db")) as kept, kept:
            kept.execute("UPDATE kept SET at = at - 3e6")
        broken = True
        old = asked(endpoint, tmp_path / "a.db")
        assert old.mappings == first.mappings and "403" in old.failures[0]


def test_who_interrupts_keeps_what_was_answered(wikidata: str, tmp_path: Path) -> None:
    def interrupt(seconds: float) -> None:
        if len(answered) >= 2:
            raise KeyboardInterrupt

    with in_front_of(wikidata, lambda _: None) as (endpoint, answered):
        remote = Remote(endpoint, "wikidata", batch=1)
        with pytest.raises(KeyboardInterrupt):
            ask(WANTED, KNOWN, remote, cache=tmp_path / "a.db", sleep=interrupt)
        assert len(answered) == 2
        asked(endpoint, tmp_path / "a.db", batch=1)
        resumed = len(answered)
        asked(endpoint, tmp_path / "b.db", batch=1)
        assert len(answered) == 2 * resumed


def test_a_file_that_keeps_no_answers_is_told(wikidata: str, tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("a letter to nobody, long enough to be no database at all")
    with pytest.raises(StoreError, match=r"a.db: answers cannot be kept there .* --no-cache"):
        asked(wikidata, tmp_path / "a.db")
    with pytest.raises(StoreError, match="cannot be kept"):
        asked(wikidata, tmp_path / "no" / "folder.db")


@pytest.mark.parametrize(
    "fault", [(503, {"Retry-After": "1"}), (429, {}), (500, {}), "cut"], ids=["503", "429", "500", "cut"]
)
def test_a_server_that_fails_now_and_then_is_asked_again(wikidata: str, tmp_path: Path, fault: Fault) -> None:
    with in_front_of(wikidata, lambda n: fault if n % 2 == 0 else None) as (endpoint, _):
        answer = asked(endpoint, tmp_path / "a.db")
        assert answer.failures == () and found(answer)[("drug:zentralin", "wikidata:Q9000001")] == "skos:exactMatch"


def test_a_server_that_refuses_for_ever_is_left_alone(wikidata: str, tmp_path: Path) -> None:
    waits: list[float] = []
    with in_front_of(wikidata, lambda _: (429, {"Retry-After": "5"})) as (endpoint, answered):
        remote = Remote(endpoint, "wikidata", batch=1, retries=2, rate=100)
        answer = ask(WANTED, KNOWN, remote, cache=tmp_path / "a.db", sleep=waits.append)
    assert answer.mappings == () and len(answer.failures) == 4 and "429" in answer.failures[0]
    assert answered == [429] * 9 and waits.count(5) == 6


def test_no_more_is_asked_in_a_second_than_is_allowed(wikidata: str) -> None:
    waits: list[float] = []
    ask(WANTED, KNOWN, Remote(wikidata, "wikidata", batch=1, rate=0.1), cache=None, sleep=waits.append)
    assert len(waits) > 3 and all(9 < seconds <= 10 for seconds in waits)


@pytest.mark.parametrize("fault", ["slow", (413, {})], ids=["slow", "413"])
def test_what_is_too_much_is_halved(wikidata: str, tmp_path: Path, fault: Fault) -> None:
    with in_front_of(wikidata, lambda n: fault if n == 0 else None) as (endpoint, answered):
        answer = asked(endpoint, tmp_path / "a.db", timeout=1)
        assert answer.failures == () and len(answered) == 1 + 2 + 2, "what comes after is of that size too"
        assert found(answer)[("drug:zentralin", "wikidata:Q9000001")] == "skos:exactMatch"


def test_a_dry_run_asks_nothing(wikidata: str) -> None:
    with in_front_of(wikidata, lambda _: None) as (endpoint, answered):
        texts = list(queries(WANTED, KNOWN, Remote(endpoint, "wikidata", batch=2)))
        assert any('"unii 0ZZ1234567"' in text for text in texts)
        assert any('"finding low mood"' in text for text in texts)
        assert all("UNDEF" not in text for text in texts)
        assert answered == []


def test_a_hostile_name_stays_a_name(wikidata: str, tmp_path: Path) -> None:
    hostile = Thing("concept:x", '" } DROP ALL # \\', "https://w3id.org/monograph/id/concept/x", SIGN)  # type: ignore[arg-type]
    answer = ask([hostile], [], Remote(wikidata, "wikidata"), cache=tmp_path / "a.db")
    assert answer == Answered((), ())
    assert ask([hostile], [], Remote(wikidata, "skos"), cache=None) == Answered((), ())
    assert EndpointStore(wikidata).query("ASK { GRAPH ?g { ?s ?p ?o } }") is True


def test_an_endpoint_that_is_none_is_told_in_a_line(tmp_path: Path) -> None:
    with in_front_of("http://127.0.0.1:9/", lambda _: (200, {"Content-Type": "text/html"})) as (endpoint, _):
        [told, *_] = asked(endpoint, tmp_path / "a.db").failures
        assert "query service" in told and "\n" not in told


def test_a_query_of_the_users_own(wikidata: str, tmp_path: Path) -> None:
    own = tmp_path / "own.rq"
    own.write_text(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?name ?term ?label WHERE { VALUES ?name { UNDEF } "
        'BIND(STRLANG(STRAFTER(?name, " "), "en") AS ?label) ?term rdfs:label ?label }'
    )
    answer = ask(WANTED, [], Remote(wikidata, str(own)), cache=tmp_path / "a.db")
    assert ("concept:tremor", "wikidata:Q9000003") in found(answer)
    own.write_text("SELECT ?x WHERE { ?x ?p ?o }")
    with pytest.raises(QueryError, match="no parameter"):
        templates(str(own))
    with pytest.raises(UnknownName, match="wikidata"):
        templates("wikipedia")


def test_the_verb_stores_what_it_got_and_says_what_failed(wikidata: str, tmp_path: Path) -> None:
    (tmp_path / "zentralin.md").write_text(
        "# Zentralin\n\nZentralin is used to treat tremor.\n\n## Side effects\n\nZentralin may cause low mood.\n"
    )
    assert call(tmp_path, "build", "zentralin.md").code == 0
    dry = call(tmp_path, "link", "--endpoint", "http://127.0.0.1:9/", "--dry-run")
    assert dry.code == 0 and '"drug zentralin"' in dry.out
    done = call(tmp_path, "link", "--endpoint", wikidata, "-o", "links.tsv")
    assert done.code == 0 and "wikidata:Q9000006" in (tmp_path / "links.tsv").read_text()
    assert "www.wikidata.org/entity/Q9000006" in call(tmp_path, "export", "--format", "ntriples").out
    assert (tmp_path / "monograph.remote.db").exists()
    (tmp_path / "monograph.remote.db").unlink()
    again = call(tmp_path, "link", "--endpoint", wikidata, "--no-cache", "--retries", "0", "-o", "again.tsv")
    assert again.code == 0 and not (tmp_path / "monograph.remote.db").exists()
    assert (tmp_path / "again.tsv").read_text() == (tmp_path / "links.tsv").read_text()
    no_web = call(tmp_path, "link", "--endpoint", "file:///etc/hostname")
    assert no_web.code == 2 and "no address of an endpoint" in no_web.err
    assert call(tmp_path, "vocab", "add", str(Path(__file__).parent / "data" / "vocabularies" / "symp.obo")).code == 0
    assert call(tmp_path, "link").code == 0, "without the endpoint"
    assert "www.wikidata.org/entity/Q9000006" in call(tmp_path, "export", "--format", "ntriples").out
    refused = call(tmp_path, "link", "--endpoint", "http://127.0.0.1:9/")
    assert refused.code == 1 and "no answer" in refused.err and "Traceback" not in refused.err
