"""Data flows one way through the house: what a module may import, and what must stay out of the way at start-up."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = {"monograph": ROOT / "src" / "monograph", "monograph.loaders": ROOT / "loaders"}

#: layers from the left to the right of the house; a module imports from its own layer and from those before it
LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "document", "facts", "ontology", "retrieval", "screening", "spreading", "unpacking", "web"),
    ("vocabulary", "language", "fetching"),
    ("loading", "extraction"),
    ("loaders",),
    ("evaluation", "explaining"),
    ("mappings",),
    ("vocabularies",),
    ("grounding",),
    ("alignments", "pattern", "naming", "results", "sparql", "records", "locking", "dataset", "logins"),
    ("reading", "graph", "rdflib_view", "shortcuts"),
    ("finished",),
    ("ledger", "processing", "shards"),
    ("embedded", "endpoint", "store"),
    ("catalog", "answering", "exports", "checks", "building", "queries"),
    ("spark",),
    ("linking",),
    ("cli", "__main__"),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
#: what only some modules may touch
DOORS = {
    "SPARQLWrapper": {"endpoint"},
    "owlready2": {"checks"},
    "pyshacl": {"checks"},
    "http": {"endpoint", "fetching"},
    "socket": {"locking"},
    "urllib.request": {"endpoint", "fetching", "logins"},
    "click": {"cli"},
    "rich": {"cli"},
    "pyspark": {"spark"},
}


def modules() -> list[tuple[str, Path]]:
    out = []
    for package, folder in SOURCES.items():
        for path in sorted(folder.rglob("*.py")):
            inner = path.relative_to(folder).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
            name = package if inner == "__init__" else f"{package}.{inner}"
            out.append((name, path))
    return out


def part(module: str) -> str:
    """The room of the house that a module stands in: ``monograph.extraction.rules`` in ``extraction``."""
    return [*module.split("."), ""][1]


def imports(path: Path, *, at_start: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.iter_child_nodes(tree) if at_start else ast.walk(tree)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            if node.module == "monograph":
                found |= {f"monograph.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: str(value) if isinstance(value, str) else "")
def test_arrows_run_forward_only(module: str, path: Path) -> None:
    here = part(module)
    if not here:
        return  # the package itself hands on names from everywhere, lazily
    assert here in RANK, f"{here} has no place in the layers of this test"
    back = [i for i in imports(path) if i.startswith("monograph.") and RANK.get(part(i), -1) > RANK[here]]
    assert back == []


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: str(value) if isinstance(value, str) else "")
def test_heavy_and_outward_libraries_have_one_door_each(module: str, path: Path) -> None:
    for library, allowed in DOORS.items():
        used = any(i == library or i.startswith(library + ".") for i in imports(path))
        assert not used or part(module) in allowed, f"{module} imports {library}"


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: str(value) if isinstance(value, str) else "")
def test_what_reads_documents_knows_no_rdf(module: str, path: Path) -> None:
    if RANK.get(part(module), len(LAYERS)) <= RANK["loaders"]:
        assert not {i.partition(".")[0] for i in imports(path)} & {"pyoxigraph", "rdflib", "oxrdflib"}


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: str(value) if isinstance(value, str) else "")
def test_every_module_lists_what_it_offers(module: str, path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    if any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in body):
        assert any(isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__" for node in body)


def test_the_engine_never_imports_loaders_by_name() -> None:
    named = [
        m
        for m, p in modules()
        if not m.startswith("monograph.loaders") and any("monograph.loaders" in i for i in imports(p))
    ]
    assert named == []


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: str(value) if isinstance(value, str) else "")
def test_modules_stay_small(module: str, path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 460


@pytest.mark.parametrize("call", [["-c", "import monograph"], ["-m", "monograph", "--help"]], ids=["import", "help"])
def test_starting_loads_nothing_heavy(call: list[str], tmp_path: Path) -> None:
    probe = "import sys, runpy; sys.argv = ['monograph', '--help']\n"
    program = (
        call[1]
        if call[0] == "-c"
        else probe + "try: runpy.run_module('monograph', run_name='__main__')\nexcept SystemExit: pass"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print('LOADED', *sys.modules)"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    loaded = set(done.stdout.rsplit("LOADED", 1)[1].split())
    assert not loaded & {"rdflib", "pyoxigraph", "owlready2", "pyshacl", "rich", "SPARQLWrapper"}


def test_no_tracked_text_names_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing tells which files are the project's")
    places = ["/" + "work/", "/" + "root/", "/" + "home/"]
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".tsv", ".ttl", ".rq", ".yaml", ".cff"} and path.is_file():
            text = path.read_text(encoding="utf-8")
            found += [f"{name}: {place}" for place in places if place in text]
    assert found == []
