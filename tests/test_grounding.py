"""From names to terms: what counts as the same name, what stays a candidate, and what is never confused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from monograph.errors import StoreError, UnknownName
from monograph.grounding import Candidate, Name, ground, ground_all
from monograph.grounding.forms import other_forms
from monograph.grounding.forms import rules as form_rules
from monograph.mappings.model import Mapping
from monograph.vocabularies.index import Index, index_path
from monograph.vocabularies.model import Synonym, Term, TermKind, Vocabulary
from monograph.vocabularies.normalising import bag, key, rules, word
from monograph.vocabularies.prefixes import iri_of, is_valid, rows, standard

DRUG: frozenset[TermKind] = frozenset(["drug"])
FINDING: frozenset[TermKind] = frozenset(["disease", "phenotype"])
SYMPTOM: frozenset[TermKind] = frozenset(["phenotype"])

# Numbers from 9,000,000 on are nobody's: these terms are made for the test
SIGNS = (
    Term("HP:9000001", "Muscle spasm", "phenotype", (Synonym("Involuntary muscle contraction", "lay"),)),
    Term("HP:9000002", "Spasticity", "phenotype", (Synonym("muscle spasms", "lay"),)),
    Term("HP:9000003", "Tremor", "phenotype", (Synonym("Shaking", "lay"), Synonym("Hand tremor", "narrow"))),
    Term("HP:9000004", "Oedema", "phenotype", (Synonym("Swelling"), Synonym("OED"))),
    Term(
        "HP:9000005",
        "obsolete Shakiness",
        "phenotype",
        (Synonym("Shakiness"),),
        obsolete=True,
        replaced_by=("HP:9000003",),
    ),
    Term("HP:9000006", "Colour blindness", "phenotype", (Synonym("Daltonism"),)),
    Term("HP:9000007", "Night blindness", "phenotype", (Synonym("Poor sight"),)),
    Term("HP:9000008", "Day blindness", "phenotype", (Synonym("Poor sight"),)),
    Term("HP:9000009", "Low mood", "phenotype"),
)
DISEASES = (
    Term("DOID:9000001", "low mood disorder", "disease", (Synonym("low mood"),)),
    Term("DOID:9000002", "diabetes mellitus, type 2", "disease", (Synonym("T2D"),)),
    Term("DOID:9000003", "tremor", "disease"),
)
DRUGS = (
    Term(
        "drugbank:DB90001", "Zentralin", "drug", (Synonym("Zentralinum"),), same=("unii:0ZZ1234567", "cas:99999-99-4")
    ),
    Term("drugbank:DB90002", "Levozentralin", "drug", (Synonym("(S)-Zentralin"), Synonym("(-)-Zentralin"))),
    Term("drugbank:DB90003", "Zentralins", "drug-class"),
)


def vocabulary(name: str, terms: tuple[Term, ...], mappings: tuple[Mapping, ...] = ()) -> Vocabulary:
    return Vocabulary(name, name.title(), "2026", "CC0", f"{name}.obo", "0" * 64, "test", terms, mappings)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index(tmp_path_factory.mktemp("index") / "v.db") as made:
        for name, terms in (("signs", SIGNS), ("diseases", DISEASES), ("drugs", DRUGS)):
            made.add(vocabulary(name, terms))
        yield made


def found(index: Index, text: str, kinds: frozenset[TermKind] = frozenset()) -> dict[str, str]:
    """CURIE -> predicate of each candidate."""
    return {c.curie: c.predicate.partition(":")[2] for c in ground(index, Name(text, kinds)).candidates}


def best(index: Index, text: str, kinds: frozenset[TermKind] = frozenset()) -> Candidate:
    return ground(index, Name(text, kinds)).candidates[0]


# Keys


@pytest.mark.parametrize("row", rules(), ids=lambda row: f"{row['step']}-{row['example']}")
def test_a_rule_of_spelling_does_what_its_example_says(row: dict[str, str]) -> None:
    assert word(row["example"]) == word(row["comes_to"]) == row["comes_to"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pre-eclampsia", "preeclampsia"),
        ("Alzheimer’s disease", "alzheimer diseases"),
        ("Sjögren's syndrome", "Sjogren syndrome"),
        ("Type II diabetes", "type 2 diabetes"),
        ("α-tocopherol", "alpha tocopherol"),
        ("vitamin B-12", "Vitamin B12"),
        ("haemorrhages", "Hemorrhage"),
        ("metastases", "metastasis"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("(R)-baclofen", "baclofen"), ("(+)-ephedrine", "(-)-ephedrine"), ("factor 1 2", "factor 12"), ("gas", "gastric")],
)
def test_names_of_two_things_have_two_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_a_bag_forgets_the_order_of_words() -> None:
    assert bag("Abdomen, Acute") == bag("acute abdomen") != bag("chronic abdomen")
    assert bag("fever") == ""


# Prefixes


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("MESH:D009325", "mesh:D009325"),
        ("RXCUI:1292", "rxnorm:1292"),
        ("SCTID:387342009", "snomedct:387342009"),
        ("SNOMEDCT_US_2015_03_01:33176006", "snomedct:33176006"),
        ("https://www.wikidata.org/entity/Q413717", "wikidata:Q413717"),
        ("http://purl.obolibrary.org/obo/HP_0001250", "HP:0001250"),
        ("DrugBank:DB00181", "drugbank:DB00181"),
    ],
)
def test_an_identifier_has_one_spelling(written: str, ours: str) -> None:
    assert standard(written) == ours
    assert standard(iri_of(ours)) == ours


@pytest.mark.parametrize("text", ["HP:12", "nowhere:1", "baclofen", "mesh:", "http://example.org/1", "drugbank:181"])
def test_what_is_no_identifier_is_none(text: str) -> None:
    assert standard(text) is None
    assert not is_valid(text)
    with pytest.raises(UnknownName, match="HP:0001250"):
        iri_of(text)


def test_no_two_prefixes_share_a_spelling_or_a_namespace() -> None:
    names = [
        name.casefold() for row in rows() for name in {row["prefix"].casefold(), *row["aliases"].casefold().split()}
    ]
    spaces = [space for row in rows() for space in (row["namespace"], *row["other_namespaces"].split())]
    assert len(names) == len(set(names)) and len(spaces) == len(set(spaces))
    assert next(row["namespace"] for row in rows() if row["prefix"] == "wikidata").startswith("http://")


# Grounding


def test_the_label_wins_over_the_lay_synonym_of_another_term(index: Index) -> None:
    candidates = found(index, "muscle spasms", FINDING)
    assert candidates["HP:9000001"] == "exactMatch"
    assert candidates["HP:9000002"] == "closeMatch"


@pytest.mark.parametrize("text", ["edema", "Oedemas", "swelling", "SWELLING"])
def test_spelling_number_and_case_do_not_count(index: Index, text: str) -> None:
    assert found(index, text, FINDING) == {"HP:9000004": "exactMatch"}


def test_a_lay_word_is_near_and_not_the_same(index: Index) -> None:
    assert found(index, "shaking", FINDING) == {"HP:9000003": "closeMatch"}


def test_a_narrower_synonym_says_that_the_term_is_broader(index: Index) -> None:
    assert found(index, "hand tremor", FINDING) == {"HP:9000003": "broadMatch"}


def test_ties_stay_candidates(index: Index) -> None:
    grounding = ground(index, Name("poor sight", FINDING))
    assert {c.predicate for c in grounding.candidates} == {"mg:candidateMatch"} and len(grounding.candidates) == 2
    assert grounding.exact == () and "2 terms fit" in grounding.candidates[0].reason


def test_an_obsolete_term_is_never_given_but_what_replaces_it_is_near(index: Index) -> None:
    assert found(index, "shakiness", FINDING) == {"HP:9000003": "closeMatch"}
    assert "replaces HP:9000005" in best(index, "shakiness", FINDING).reason


def test_an_abbreviation_is_no_exact_match_of_another_case(index: Index) -> None:
    assert found(index, "oed", FINDING) == {"HP:9000004": "closeMatch"}
    assert found(index, "OED", FINDING) == {"HP:9000004": "exactMatch"}


def test_a_symptom_is_not_a_disease_that_has_its_name_as_a_synonym(index: Index) -> None:
    assert found(index, "low mood", SYMPTOM) == {"HP:9000009": "exactMatch", "DOID:9000001": "closeMatch"}
    assert found(index, "tremor", SYMPTOM)["DOID:9000003"] == "exactMatch", "it is called so itself"


def test_a_drug_is_no_class_no_finding_and_not_its_enantiomer(index: Index) -> None:
    assert found(index, "zentralin", DRUG)["drugbank:DB90001"] == "exactMatch"
    assert found(index, "zentralin", DRUG)["drugbank:DB90003"] == "closeMatch"
    assert found(index, "(-)-zentralin", DRUG) == {"drugbank:DB90002": "exactMatch"}
    assert found(index, "zentralin", FINDING) == {}


def test_a_salt_is_broader_matched_by_its_drug(index: Index) -> None:
    assert found(index, "zentralin hydrochloride", DRUG)["drugbank:DB90001"] == "broadMatch"


@pytest.mark.parametrize("text", ["0ZZ1234567", "UNII:0ZZ1234567", "99999-99-4", "DB90001", "drugbank:DB90001"])
def test_a_drug_is_found_by_its_identifiers(index: Index, text: str) -> None:
    assert [c.curie for c in ground(index, text).exact] == ["drugbank:DB90001"]


def test_the_order_of_words_of_a_thesaurus(index: Index) -> None:
    assert found(index, "Type II diabetes mellitus", FINDING) == {"DOID:9000002": "exactMatch"}
    assert found(index, "mellitus diabetes type 2", FINDING) == {"DOID:9000002": "exactMatch"}


@pytest.mark.parametrize("row", form_rules(), ids=lambda row: row["name"])
def test_a_rule_of_forms_does_what_its_example_says(row: dict[str, str]) -> None:
    assert row["comes_to"] in [text for text, _ in other_forms(Name(row["example"]))]


def test_many_names_are_grounded_in_their_order(index: Index) -> None:
    names = [f"name {i}" for i in range(3000)] + ["tremor", ""]
    grounded = list(ground_all(index, names))
    assert [g.name.text for g in grounded] == names
    assert grounded[3000].candidates and not grounded[0].candidates and not grounded[3001].candidates


# The index


def test_a_vocabulary_is_replaced_and_removed_whole(tmp_path: Path) -> None:
    with Index(tmp_path / "v.db") as made:
        assert made.add(vocabulary("signs", SIGNS)).terms == len(SIGNS)
        assert made.add(vocabulary("signs", SIGNS[:1])).terms == 1
        assert made.term("HP:9000003") is None
        with pytest.raises(UnknownName, match="signs"):
            made.remove("sings")
        made.remove("signs")
        assert made.vocabularies() == [] and made.lookup([key("spasm")]) == {}


def test_a_reader_that_fails_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    def broken() -> Iterator[Term]:
        yield SIGNS[0]
        raise StoreError("broken.obo, line 3: no name")

    with Index(tmp_path / "v.db") as made:
        made.add(vocabulary("signs", SIGNS))
        with pytest.raises(StoreError, match="line 3"):
            made.add(Vocabulary("signs", "", "", "", "", "", "test", broken()))
        assert made.vocabularies()[0].terms == len(SIGNS) and ground(made, "tremor").exact


def test_what_vocabularies_say_of_one_term_is_put_together(tmp_path: Path) -> None:
    more = (
        Term("HP:9000003", synonyms=(Synonym("Trembling"),), parents=("HP:9000001",)),
        Term("HP:9000001", "", parents=("HP:9000003",)),
    )
    row = Mapping(
        "HP:9000003",
        "skos:exactMatch",
        "mesh:D999999",
        justification="semapv:ManualMappingCuration",
        confidence=0.5,
        other=(("a", "b"),),
    )
    with Index(tmp_path / "v.db") as made:
        made.add(vocabulary("signs", SIGNS))
        made.add(vocabulary("more", more, (row,)))
        term = made.term("HP:9000003")
        assert term is not None and term.label == "Tremor" and ("Trembling", "exact") in term.names
        assert term.vocabularies == ("more", "signs")
        assert made.ancestors("HP:9000003") == {"HP:9000001"}
        assert list(made.mappings("mesh:D999999")) == list(made.mappings()) == [("more", row)]


def test_what_is_no_index_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, but a text that is long enough to be looked at " * 20)
    sqlite3.connect(tmp_path / "other.db").executescript("CREATE TABLE t (x); PRAGMA user_version = 77;")
    for name, message in (("text", "no vocabulary index"), ("other.db", "of this version"), ("none.db", "vocab add")):
        with pytest.raises(StoreError, match=message):
            Index(tmp_path / name, read_only=True)
    assert not (tmp_path / "none.db").exists()


def test_the_index_stands_beside_the_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MONOGRAPH_STORE", raising=False)
    monkeypatch.delenv("MONOGRAPH_VOCABULARIES", raising=False)
    assert index_path() == Path("monograph.vocabularies.db")
    assert index_path(tmp_path / "a.db") == tmp_path / "a.vocabularies.db"
    assert index_path("http://localhost:7878/") == Path("monograph.vocabularies.db")
    monkeypatch.setenv("MONOGRAPH_VOCABULARIES", "elsewhere.db")
    assert index_path(tmp_path / "a.db") == Path("elsewhere.db")
