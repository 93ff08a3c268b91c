"""Official labels in the formats that agencies ship: what each loader makes of one label in our own words."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import zipfile
from pathlib import Path

import pytest

from command import call
from monograph.document import Document
from monograph.errors import SourceError
from monograph.extraction import extract
from monograph.facts import Fact
from monograph.loading import Failure, Part, load, parts

SHARED = Path(__file__).resolve().parents[2] / "shared" / "labels"
LABELS = Path(__file__).parent / "data" / "labels"
SPL, INDEXING = LABELS / "zentralin.spl.xml", LABELS / "zentralin.class.xml"
OPENFDA, BUNDLE = LABELS / "openfda.json", LABELS / "zentralin.bundle.json"


def read(path: Path) -> Document:
    return next(load(path))


def facts(document: Document, kind: str) -> dict[str, Fact]:
    return {fact.value: fact for fact in extract(document) if fact.kind == kind}


def test_an_spl_label_keeps_what_identifies_it() -> None:
    label = read(SPL)
    assert (label.series, label.version) == ("aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb", "7")
    assert (label.stated, label.publisher, label.jurisdiction) == ("2024-03-15", "Example Pharma", "US")
    assert label.title == "ZENTRAX (zentralin) tablets, for oral use"
    assert (label.drugs, label.brands) == (("zentralin",), ("Zentrax",))
    assert label.identifiers == (("zentralin", "unii:AAAAAAAAA2"),)
    assert {s.code for s in label.sections} >= {"34067-9", "34084-4", "34088-5"}


def test_the_graph_links_what_acts_to_its_code_and_orders_versions() -> None:
    from monograph.graph import nquads

    label = read(SPL)
    rows = nquads(label, extract(label).facts)
    acts = "<https://w3id.org/monograph/id/drug/zentralin>"
    assert f"{acts} <http://www.w3.org/2004/02/skos/core#exactMatch> <http://identifiers.org/unii/AAAAAAAAA2>" in rows
    assert 'ontology#versionNumber> "7"^^' in rows and f'ontology#series> "{label.series}"' in rows


def test_what_spl_says_in_codes_are_facts_with_a_place() -> None:
    label = read(SPL)
    told = {(f.kind, f.value) for f in label.facts}
    assert told == {("brand-name", "Zentrax"), ("dose-form", "film-coated tablet"), ("route", "oral")}
    assert all(label.text[f.start : f.end] == f.quote for f in label.facts)
    assert "NDC: 99999-001" in label.text and "ZENTRALIN HYDROCHLORIDE (UNII AAAAAAAAA1), 10 mg" in label.text


def test_section_codes_lead_extraction() -> None:
    label = read(SPL)
    assert set(facts(label, "indication")) == {"muscle spasms"}
    assert set(facts(label, "contraindication")) == {"liver disease"}
    assert set(facts(label, "overdose-symptom")) == {"vomiting", "coma"}
    effects = facts(label, "adverse-effect")
    assert {name for name, fact in effects.items() if fact.polarity == "asserted"} == {
        "lactic acidosis", "serotonin syndrome", "nausea", "dizziness", "injection site coldness", "dry mouth",
        "constipation", "rash",
    }  # fmt: skip
    assert effects["seizures"].polarity == "negated"
    frequency = effects["nausea"].frequency
    assert frequency is not None and (frequency.low, frequency.high) == (0.05, None)


def test_indexing_files_give_the_class_and_the_mechanism() -> None:
    document = read(INDEXING)
    assert [(f.kind, f.drug, f.value) for f in extract(document)] == [
        ("drug-class", "zentralin", "muscle relaxant"),
        ("mechanism", "zentralin", "GABA B Agonists"),
    ]


def test_table_heads_reach_down_and_across() -> None:
    label = read(SPL)
    heads = {label.views[i].text: b.column_head for i, b in enumerate(label.blocks) if b.kind == "cell"}
    assert heads["Dry mouth"] == "Adverse Reaction"
    assert heads["12"] == "Zentrax (N=100) %" and heads["3"] == "Placebo (N=98) %"


def test_openfda_records_are_documents_of_their_own() -> None:
    first, second = load(OPENFDA)
    assert (first.series, first.version, first.stated) == ("aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb", "8", "2024-09-01")
    assert (first.drugs, second.drugs) == (("zentralin",), ("quelloram",))
    headings = [s.heading for s in first.sections]
    assert "6.1 Clinical Trials Experience" in headings and "6.2 Postmarketing Experience" in headings
    assert first.text.count("Dry mouth") == 1, "the flattened copy of a table is cut out"
    assert set(facts(first, "adverse-effect")) == {"nausea", "dizziness", "dry mouth", "constipation", "angioedema"}


def test_openfda_records_without_an_answer_around_them(tmp_path: Path) -> None:
    records = json.loads(OPENFDA.read_text(encoding="utf-8"))["results"]
    (tmp_path / "one.json").write_text(json.dumps(records[0], indent=1), encoding="utf-8")
    (tmp_path / "many.ndjson").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    assert [d.version for d in load(tmp_path / "one.json")] == ["8"]
    assert [d.version for d in load(tmp_path / "many.ndjson")] == ["8", "1"]
    (tmp_path / "none.json").write_text('{"meta": {}, "set_id": "", "results": []}', encoding="utf-8")
    with pytest.raises(SourceError, match="holds no record"):
        list(load(tmp_path / "none.json"))


def test_a_fhir_bundle_is_a_leaflet() -> None:
    leaflet = read(BUNDLE)
    assert (leaflet.identifier, leaflet.series, leaflet.jurisdiction) == (
        "epi-eu-1-99-999-001-20240201",
        "EU/1/99/999/001",
        "EU",
    )
    assert leaflet.drugs == ("zentralin",) and leaflet.publisher == "Example Pharma"
    effects = facts(leaflet, "adverse-effect")
    assert set(effects) == {"nausea", "dry mouth", "fits"}
    bands = {name: fact.frequency.band for name, fact in effects.items() if fact.frequency}
    assert bands == {"nausea": "common", "dry mouth": "common", "fits": "rare"}


def test_fhir_in_xml_reads_as_in_json() -> None:
    bundle = json.loads(BUNDLE.read_text(encoding="utf-8"))
    xml = _fhir_xml(bundle)
    [from_xml] = load_bytes("bundle.xml", xml.encode())
    assert from_xml.text == read(BUNDLE).text


def test_ndjson_and_wrapped_bundles(tmp_path: Path) -> None:
    bundle = json.loads(BUNDLE.read_text(encoding="utf-8"))
    line = json.dumps(bundle)
    (tmp_path / "many.ndjson").write_text(f"{line}\n{line.replace('/001', '/002')}\n", encoding="utf-8")
    assert [d.series for d in load(tmp_path / "many.ndjson")] == ["EU/1/99/999/001", "EU/1/99/999/002"]
    (tmp_path / "request.json").write_text(json.dumps({"epi": bundle, "ips": {"resourceType": "Bundle"}}), "utf-8")
    assert [d.series for d in load(tmp_path / "request.json")] == ["EU/1/99/999/001"]
    (tmp_path / "patient.json").write_text('{"resourceType": "Bundle", "type": "document", "entry": []}', "utf-8")
    with pytest.raises(SourceError, match="no FHIR document about a medicine"):
        list(load(tmp_path / "patient.json"))


def test_archives_are_read_to_the_bottom(tmp_path: Path) -> None:
    inner = zipped({"zentralin.xml": SPL.read_bytes(), "picture.jpg": b"\xff\xd8"})
    release = zipped(
        {"prescription/one.zip": inner, "broken.zip": b"PK\x03\x04 and nothing", "more.json": OPENFDA.read_bytes()}
    )
    (tmp_path / "release.zip").write_bytes(release)
    found = list(parts(tmp_path / "release.zip"))
    places = [p.source.removeprefix(f"{tmp_path}/") for p in found]
    assert places == [
        "release.zip/broken.zip",
        "release.zip/more.json#1",
        "release.zip/more.json#2",
        "release.zip/prescription/one.zip/zentralin.xml",
    ]
    assert isinstance(found[0], Failure) and "broken archive" in found[0].reason
    (tmp_path / "label.xml.gz").write_bytes(gzip.compress(SPL.read_bytes()))
    assert next(load(tmp_path / "label.xml.gz")).text == read(SPL).text


def test_bombs_are_refused(tmp_path: Path) -> None:
    bomb = zipped({"bomb.txt": b"a" * (64 * 2**20)})
    (tmp_path / "bomb.zip").write_bytes(bomb)
    [failure] = parts(tmp_path / "bomb.zip")
    assert isinstance(failure, Failure) and "larger than 20 MB" in failure.reason
    nested = SPL.read_bytes()
    for _ in range(6):
        nested = zipped({"in.zip": nested})
    (tmp_path / "deep.zip").write_bytes(nested)
    [failure] = parts(tmp_path / "deep.zip")
    assert isinstance(failure, Failure) and "packed too many times" in failure.reason
    hostile = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "b">]><document xmlns="urn:hl7-org:v3">&a;</document>'
    [refused] = parts_of("hostile.xml", hostile, tmp_path)
    assert isinstance(refused, Failure) and "refused as unsafe" in refused.reason


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("cut.xml", SPL.read_bytes()[:900], "no well-formed XML"),
        ("cut.json", OPENFDA.read_bytes()[:700], "broken JSON after record 0"),
        ("other.json", b'{"openfda": {}, "results": [1, "two"]}', "states nothing|names no drug|no label record"),
    ],
)
def test_a_broken_label_is_told_in_one_line(name: str, data: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    result = call(tmp_path, "extract", name)
    assert result.code == 2
    assert len(result.err.splitlines()) <= 3 and any(part in result.err for part in told.split("|"))


def test_one_broken_record_does_not_stop_the_others(tmp_path: Path) -> None:
    good = BUNDLE.read_text(encoding="utf-8")
    line = json.dumps(json.loads(good))
    (tmp_path / "some.ndjson").write_text(
        f'{line}\n{{"resourceType": "Bundle"\n{line.replace("/001", "/003")}\n', "utf-8"
    )
    result = call(tmp_path, "build", "some.ndjson", "-q")
    assert result.code == 1
    assert "some.ndjson#2" in result.err


@pytest.mark.parametrize("folder", ["spl", "fhir", "openfda"])
def test_real_labels_load(folder: str) -> None:
    if not (SHARED / folder).is_dir():
        pytest.skip("the real labels are not on this machine")
    for path in sorted(p for p in (SHARED / folder).iterdir() if p.suffix in {".xml", ".json"}):
        if path.name in {"druglabel_schema.json", "dk1.json"}:
            continue  # a schema; a patient's summary, with no leaflet in it
        for document in itertools.islice(load(path), 3):
            assert document.text, path
            assert all(document.text[f.start : f.end] == f.quote for f in extract(document)), path


def load_bytes(name: str, data: bytes) -> list[Document]:
    from monograph.loading import read_part

    return list(read_part(Part(name, name, data, "epi")))


def parts_of(name: str, data: bytes, folder: Path) -> list[Part | Failure]:
    (folder / name).write_bytes(data)
    return list(parts(folder / name))


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _fhir_xml(value: object, name: str = "Bundle") -> str:
    """FHIR's JSON as its XML, for the few shapes of the bundle in this folder."""
    from xml.sax.saxutils import quoteattr

    if isinstance(value, list):
        return "".join(_fhir_xml(one, name) for one in value)
    if isinstance(value, str):
        return value if name == "div" else f"<{name} value={quoteattr(value)}/>"
    assert isinstance(value, dict)
    kind = value.get("resourceType")
    inner = "".join(_fhir_xml(v, k) for k, v in value.items() if k != "resourceType")
    if kind == "Bundle":
        return f'<Bundle xmlns="http://hl7.org/fhir">{inner}</Bundle>'
    return f"<{name}><{kind}>{inner}</{kind}></{name}>" if kind else f"<{name}>{inner}</{name}>"
