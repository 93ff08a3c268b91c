"""The command line, called as its users call it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store

from command import call
from monograph import loading
from monograph.cli import monograph
from monograph.cli.output import FORMATS, Table, emit
from monograph.facts import KINDS, read_jsonl
from monograph.vocabulary import expand

VERBS = (
    "fetch", "build", "load", "extract", "explain", "query", "export", "vocab", "link", "check", "evaluate", "remove",
    "info",
)  # fmt: skip

ARTICLE = """# Zentralin

Zentralin is a medicine that is used to treat muscle spasms. Common side effects of zentralin include:

- drowsiness
- dry mouth

Zentralin has not been shown to cause weight gain.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with an article in it, and no store but the default one."""
    monkeypatch.delenv("MONOGRAPH_STORE", raising=False)
    monkeypatch.delenv("MONOGRAPH_VOCABULARIES", raising=False)
    (tmp_path / "zentralin.md").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the examples of the help pages find it: the articles, and a store made of them."""
    place = tmp_path_factory.mktemp("workshop")
    (place / "articles").mkdir()
    (place / "gold").mkdir()
    for path in loading.examples():
        shutil.copy(path, place / "articles")
        (place / "gold" / f"{path.stem}.json").write_text("{}", encoding="utf-8")
    article = ARTICLE + "\n## Overdose\n\nToo much zentralin can cause vomiting.\n"
    (place / "article.md").write_text(article, encoding="utf-8")
    owed = {"name": "dry mouth", "quote": "dry mouth", "offset": article.index("dry mouth")}
    (place / "gold.json").write_text(json.dumps({"adverse_effects": [owed]}), encoding="utf-8")
    assert shell("monograph extract article.md --format jsonl -o other-tool.jsonl", place).returncode == 0
    assert shell("monograph build", place).returncode == 0
    assert shell("monograph build articles/ --shards shards/", place).returncode == 0
    vocabularies = Path(__file__).parent / "data" / "vocabularies"
    shutil.copytree(vocabularies, place / "vocabularies", ignore=shutil.ignore_patterns("c*"))
    for path in vocabularies.iterdir():
        shutil.copy(path, place)
    assert shell("monograph vocab add symp.obo mondo.sssom.tsv", place).returncode == 0
    return place


def shell(line: str, folder: Path, *, java: bool = True, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A line as it is typed into a shell, with this interpreter's ``monograph`` first; without ``java``, alone."""
    inherited = {key: value for key, value in os.environ.items() if key not in ("MONOGRAPH_STORE", "JAVA_HOME")}
    own = str(Path(sys.executable).parent)
    inherited["PATH"] = f"{own}{os.pathsep}{inherited['PATH']}" if java else own
    bash = shutil.which("bash")
    assert bash is not None
    return subprocess.run(
        [bash, "-o", "pipefail", "-c", line], cwd=folder, env={**inherited, **environment}, capture_output=True
    )


def examples(verb: click.Command) -> list[str]:
    own = list(verb.examples)  # type: ignore[attr-defined]
    return [
        *own,
        *(e for inner in getattr(verb, "commands", {}).values() for e in examples(inner) if verb.name == "vocab"),
    ]


# What fetches is run against a server of our own, in tests/test_fetch.py.
EXAMPLES = [(verb, example) for verb in VERBS if verb != "fetch" for example in examples(monograph.commands[verb])]


# Help


def test_the_verbs_are_those_of_the_contract(folder: Path) -> None:
    assert tuple(monograph.commands) == VERBS
    shown = call(folder, "--help").out
    assert re.findall(r"^  (\w+)  ", shown.split("Commands:")[1], re.MULTILINE) == list(VERBS)
    assert "no medical advice" in " ".join(shown.split()) and "..." not in shown.split("Commands:")[1]
    assert "0 done, nothing wrong; 1 done" in shown


@pytest.mark.parametrize("verb", VERBS)
def test_each_help_page_ends_with_examples(folder: Path, verb: str) -> None:
    for flag in ("-h", "--help"):
        result = call(folder, verb, flag)
        assert (result.code, result.err) == (0, "")
        tail = result.out.split("Examples:\n")[1].splitlines()
        assert tail and all(line.startswith("  ") and f"monograph {verb}" in line for line in tail)


@pytest.mark.parametrize(("verb", "line"), [*EXAMPLES, *(("monograph", line) for line in examples(monograph))])
def test_the_examples_of_the_help_pages_work(workshop: Path, verb: str, line: str) -> None:
    if verb == "remove":
        shell("monograph build && monograph build --store drugs.db", workshop)
    if "vocab remove" in line:
        for store in ("monograph.db", "drugs.db"):
            shell(f"monograph vocab add symp.obo mondo.sssom.tsv --store {store}", workshop)
    # What needs Java is told as not checked, which is also quick; the reasoner has tests of its own.
    result = shell(line, workshop, java=verb != "check")
    assert result.returncode == 0, result.stderr.decode()
    if verb == "remove":
        shell("monograph build", workshop)


def test_the_bare_command_prints_help(folder: Path) -> None:
    assert call(folder).out == call(folder, "--help").out
    assert call(folder).code == 0


def test_help_comes_at_once(folder: Path) -> None:
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert shell("monograph --help", folder).returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # The processor's time, for a busy machine makes every program wait.
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.3


def test_help_loads_nothing_heavy() -> None:
    program = "import sys, monograph.cli; print(*(m for m in sys.modules if '.' not in m))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"rich", "rdflib", "pyoxigraph", "owlready2", "pyshacl", "SPARQLWrapper"} & set(loaded)


def test_version(folder: Path) -> None:
    assert re.fullmatch(r"monograph \d+\.\d+\.\d+\S*\n", call(folder, "--version").out)
    assert shell(f"{sys.executable} -m monograph --version", folder).stdout.decode() == call(folder, "--version").out


# Wrong calls


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bild"], "no verb 'bild' - did you mean 'build'?"),
        (["qury"], "did you mean 'query'?"),
        (["extract"], "missing argument 'SOURCE...' - see: monograph extract --help"),
        (["export", "--format", "docx"], "'docx' is not one of"),
        (["export", "--nosuch"], "--nosuch"),
        (["export", "-o", "x.docx"], "no format is known by the suffix '.docx'"),
        (["query", "withdrawal-symptoms", "-p", "baclofen"], "'baclofen' is no parameter - write -p NAME=VALUE"),
        (["info"], "monograph.db"),
        (["build", "zentralin.md", "--loader", "nosuch"], "no loader 'nosuch'"),
        (["remove", "nosuch", "--store", "filled.db"], "no document 'nosuch'"),
        (["export", "--drug", "zentralyn", "--store", "filled.db"], "did you mean zentralin"),
        (["export", "-o", "no/such/folder.ttl", "--store", "filled.db"], "cannot write no/such/folder.ttl"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(folder: Path, arguments: list[str], said: str) -> None:
    call(folder, "build", "zentralin.md", "--store", "filled.db")
    before = sorted(path.name for path in folder.iterdir())
    result = call(folder, *arguments)
    assert (result.code, result.out) == (2, "")
    [line] = result.err.splitlines()
    assert line.startswith("error: ") and said in line
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_traceback_is_shown_only_when_asked_for(folder: Path) -> None:
    assert "Traceback" not in call(folder, "extract", "nosuch.md", "-v").err
    shown = call(folder, "extract", "nosuch.md", "-vv").err
    assert "Traceback" in shown and shown.splitlines()[-1].startswith("error: no such file")


def test_a_fault_of_ours_is_not_passed_off_as_the_users(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("monograph.processing.extract", broken)
    result = call(folder, "build", "zentralin.md")
    assert result.code == 2
    assert "ZeroDivisionError" in result.err and "a fault in monograph" in result.err


# Streams and files


def test_data_on_stdout_and_counts_on_stderr(folder: Path) -> None:
    result = call(folder, "extract", "zentralin.md", "--format", "jsonl")
    facts = list(read_jsonl(result.out.splitlines()))
    assert {fact.value for fact in facts} >= {"drowsiness", "dry mouth"}
    assert {fact.kind for fact in facts} <= set(KINDS)
    assert all(ARTICLE[fact.start : fact.end] == fact.quote for fact in facts)
    [closing] = result.err.splitlines()
    assert re.fullmatch(
        rf"{len(facts)} facts from 1 document; \d+ statements? passed over, 0 sources left out", closing
    )


@pytest.mark.parametrize("arguments", [["-q", "extract", "zentralin.md"], ["extract", "zentralin.md", "-q"]])
def test_quiet_before_and_after_the_verb(folder: Path, arguments: list[str]) -> None:
    result = call(folder, *arguments)
    assert (result.code, result.err) == (0, "") and "drowsiness" in result.out


def test_a_table_in_a_pipe_is_plain_and_the_same_in_any_terminal(folder: Path) -> None:
    seen = {shell("monograph extract zentralin.md", folder, COLUMNS=width).stdout for width in ("40", "200")}
    assert len(seen) == 1
    text = seen.pop().decode()
    assert "\x1b" not in text and "…" not in text
    assert re.search(r"^adverse-effect\s+weight gain\s+NEGATED\b.*has not been shown", text, re.MULTILINE)


def test_the_same_call_gives_the_same_bytes(folder: Path) -> None:
    lines = ["extract zentralin.md -f jsonl", "extract zentralin.md -f turtle", "extract zentralin.md"]
    for line in lines:
        seen = {shell(f"monograph {line}", folder, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")}
        assert len(seen) == 1 and seen.pop()


def test_an_output_file_appears_whole_or_not_at_all(folder: Path) -> None:
    call(folder, "build", "zentralin.md")
    target = folder / "out.ttl"
    target.write_text("as before")
    assert call(folder, "export", "--drug", "nosuch", "-o", "out.ttl").code == 2
    assert target.read_text() == "as before"
    assert call(folder, "export", "-o", "out.ttl").code == 0
    assert target.read_text() == call(folder, "export").out
    assert not list(folder.glob(".*.part"))


@pytest.mark.parametrize(
    ("suffix", "starts"),
    [(".ttl", "# What"), (".jsonld", "{"), (".rdf", "<?xml"), (".nq", "<http"), (".trig", "# What")],
)
def test_the_suffix_names_the_format(folder: Path, suffix: str, starts: str) -> None:
    call(folder, "build", "zentralin.md")
    assert call(folder, "export", "-o", f"out{suffix}").code == 0
    assert (folder / f"out{suffix}").read_text().startswith(starts)


def test_a_reader_that_stops_early_is_no_error(folder: Path) -> None:
    call(folder, "build", "zentralin.md")
    result = shell("monograph export -q | head -n 1", folder)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_an_interruption_leaves_without_a_traceback(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "monograph", "extract", "-"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background is born deaf to it
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert process.stderr is not None and b"Traceback" not in process.stderr.read()


def test_no_colour_where_none_is_wanted(folder: Path) -> None:
    drawn = "script -qec 'stty cols 100; monograph extract zentralin.md' /dev/null"
    if shutil.which("script") is None:
        pytest.skip("draws on a terminal by script(1)")
    assert not re.search(rb"\x1b\[(?:\d+;)*[34]\dm", shell(drawn, folder, NO_COLOR="1", TERM="xterm").stdout)


# Verbs


def test_build_info_export_remove(folder: Path) -> None:
    built = call(folder, "build", "zentralin.md")
    assert built.code == 0 and "zentralin" in built.out
    [document] = json.loads(call(folder, "info", "--format", "json").out)
    assert document["drugs"] == "zentralin" and document["facts"] > 2
    graph = rdflib.Graph().parse(data=call(folder, "export").out, format="turtle")
    assert len(graph) > 50
    assert call(folder, "remove", document["document"]).code == 0
    assert json.loads(call(folder, "info", "--format", "json").out) == []


def test_the_store_is_named_by_flag_or_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(folder, "build", "zentralin.md", "--store", "a.db").code == 0
    assert not (folder / "monograph.db").exists()
    monkeypatch.setenv("MONOGRAPH_STORE", "a.db")
    assert "zentralin" in call(folder, "info").out


def test_without_a_source_the_bundled_article_is_built(folder: Path) -> None:
    begun = time.monotonic()
    result = call(folder, "build")
    assert result.code == 0 and "baclofen" in result.out
    assert time.monotonic() - begun < 20


def test_extract_stores_nothing(folder: Path) -> None:
    for format in ("table", "jsonl", "turtle"):
        assert call(folder, "extract", "zentralin.md", "-f", format).code == 0
    assert [path.name for path in folder.iterdir()] == ["zentralin.md"]


def test_extracted_turtle_is_what_a_store_exports(folder: Path) -> None:
    call(folder, "build", "zentralin.md")
    assert call(folder, "extract", "zentralin.md", "-f", "turtle").out == call(folder, "export").out


def questions(folder: Path, *arguments: str) -> list[dict[str, str]]:
    result = call(folder, "query", *arguments, "--format", "json")
    assert result.code == 0, result.err
    rows: list[dict[str, str]] = json.loads(result.out)
    return rows


def test_the_bundled_questions_are_listed(folder: Path) -> None:
    listed = {row["query"]: row["question"] for row in questions(folder)}
    assert len(listed) >= 20 and all(listed.values())
    assert "withdrawal-symptoms" in listed


def test_a_question_is_asked_of_the_store_or_of_raw_sources(folder: Path) -> None:
    straight = questions(folder, "adverse-effects", "zentralin.md", "-p", "drug=Zentralin")
    assert [path.name for path in folder.iterdir()] == ["zentralin.md"], "no store is needed, none is made"
    call(folder, "build", "zentralin.md")
    assert questions(folder, "adverse-effects", "-p", "drug=drug:zentralin") == straight
    assert {row["effectLabel"] for row in straight} == {"drowsiness", "dry mouth"}


def test_people_see_labels_and_programs_see_iris(folder: Path) -> None:
    arguments = ("query", "adverse-effects", "zentralin.md")
    for people in ("table", "markdown"):
        shown = call(folder, *arguments, "--format", people).out
        assert "dry mouth" in shown and "concept:dry_mouth" not in shown and "https://" not in shown
        assert "concept:dry_mouth" in call(folder, *arguments, "--format", people, "--iri").out
    for program in ("csv", "tsv"):
        assert "https://w3id.org/monograph/id/concept/dry_mouth" in call(folder, *arguments, "--format", program).out


def test_own_queries_from_a_file_and_from_standard_input(folder: Path) -> None:
    text = "SELECT ?name WHERE { VALUES ?drug { UNDEF } ?drug mg:hasAdverseEffect/rdfs:label ?name } ORDER BY ?name"
    (folder / "own.rq").write_text(text, encoding="utf-8")
    call(folder, "build", "zentralin.md")
    assert questions(folder, "own.rq", "-p", "drug=zentralin") == [{"name": "drowsiness"}, {"name": "dry mouth"}]
    assert call(folder, "query", "-", "--format", "csv", "--limit", "1", data=text.encode()).out == "name\ndrowsiness\n"
    asked = call(folder, "query", "-", "--format", "csv", data=b"ASK { ?drug a mg:Drug }")
    assert (asked.out, asked.code) == ("answer\ntrue\n", 0)


def test_a_construct_gives_turtle(folder: Path) -> None:
    call(folder, "build", "zentralin.md")
    text = b"CONSTRUCT { ?drug a mg:Drug } WHERE { ?drug a mg:Drug }"
    turtle = call(folder, "query", "-", "--format", "turtle", data=text).out
    assert "drug:zentralin a mg:Drug ." in turtle and len(rdflib.Graph().parse(data=turtle, format="turtle")) == 1
    refused = call(folder, "query", "adverse-effects", "--format", "turtle")
    assert refused.code == 2 and "turtle is for CONSTRUCT" in refused.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT WHERE", "does not parse"),
        ("CLEAR ALL", "is an update"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }", ""),
    ],
)
def test_queries_that_could_do_harm_are_refused(folder: Path, text: str, said: str) -> None:
    call(folder, "build", "zentralin.md")
    before = call(folder, "export").out
    result = call(folder, "query", "-", "--format", "csv", data=text.encode())
    assert (result.code == 2 and said in result.err) if said else result.out.count("\n") <= 1
    assert call(folder, "export").out == before


def test_unknown_names_bring_the_nearest(folder: Path) -> None:
    call(folder, "build", "zentralin.md")
    assert "withdrawal-symptoms" in call(folder, "query", "withdrawl-symptoms").err
    result = call(folder, "query", "adverse-effects", "-p", "drug=zentralyn")
    assert result.code == 2 and "the nearest are: zentralin" in result.err


def test_check_finds_nothing_wrong_and_then_what_was_changed(folder: Path) -> None:
    call(folder, "build", "zentralin.md")
    sound = shell("monograph check --format json", folder, java=False)
    assert sound.returncode == 0 and json.loads(sound.stdout) == []
    assert b"not checked: consistency" in sound.stderr and b"no Java" in sound.stderr
    [database] = [path.parent for path in (folder / "monograph.db").rglob("CURRENT")]
    store = Store(str(database))
    quad = next(store.quads_for_pattern(None, NamedNode(expand("oa:exact")), Literal("dry mouth"), None))
    store.remove(quad)
    store.add(Quad(quad.subject, quad.predicate, Literal("wet mouth"), quad.graph_name))
    store.flush()
    del store
    result = shell("monograph check --format json", folder, java=False)
    assert result.returncode == 1
    finding = next(one for one in json.loads(result.stdout) if one["rule"] == "quote")
    assert finding["level"] == "error" and "wet mouth" in finding["message"] and "dry mouth" in finding["message"]


def test_check_ontology_looks_at_a_file(folder: Path) -> None:
    (folder / "own.ttl").write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . <http://example.org/A> a owl:Class ."
    )
    result = shell("monograph check --ontology own.ttl", folder, java=False)
    assert result.returncode == 1 and b"missing_ontology_title" in result.stdout
    assert call(folder, "check", "own.ttl").err.startswith("error: FILE goes with --ontology")


# Formats of tables

HOSTILE = Table(
    ["name", "n"],
    [["=cmd|'/c calc'!A0", 1], ["+1 (555)", -2.5], ["@x", None], ['a "b", c', 3], ["-3.5", 0], ["x\ty\nz | <b>", 7]],
)


def rendered(format: str, capsysbinary: pytest.CaptureFixture[bytes]) -> str:
    emit(HOSTILE, format)
    return capsysbinary.readouterr().out.decode()


def test_no_cell_of_a_csv_file_is_a_formula(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = list(csv.reader(io.StringIO(rendered("csv", capsysbinary), newline="")))
    assert rows[1:] == [
        ["'=cmd|'/c calc'!A0", "1"],
        ["'+1 (555)", "-2.5"],
        ["'@x", ""],
        ['a "b", c', "3"],
        ["-3.5", "0"],
        ["x\ty\nz | <b>", "7"],
    ]


def test_tsv_has_one_row_a_line(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = rendered("tsv", capsysbinary).splitlines()
    assert len(lines) == 1 + len(HOSTILE.rows) and all(line.count("\t") == 1 for line in lines)
    assert lines[1].startswith("'=") and lines[-1] == "x y z | <b>\t7"


def test_json_is_a_list_of_records(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    records = json.loads(rendered("json", capsysbinary))
    assert records[1] == {"name": "+1 (555)", "n": -2.5} and records[2]["n"] is None


def test_markdown_is_one_table(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = rendered("markdown", capsysbinary).splitlines()
    assert lines[:2] == ["| name | n |", "| --- | --- |"]
    assert lines[-1] == "| x y z \\| &lt;b> | 7 |"


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_answer_has_its_columns_still(format: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    emit(Table(["drug", "effect"], []), format)
    out = capsysbinary.readouterr().out.decode()
    assert json.loads(out) == [] if format == "json" else ("drug" in out and "effect" in out)
