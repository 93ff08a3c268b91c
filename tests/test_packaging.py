"""The wheel holds the whole of it under one name: code, rules, ontology, queries, examples."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: folder of the checkout -> where it is installed
MAPPING = {
    "src/monograph": "monograph",
    "loaders": "monograph/loaders",
    "ontology": "monograph/ontology",
    "queries": "monograph/queries",
}
DATA = {".tsv", ".ttl", ".rq", ".md", ".typed"}
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-deps",
            "--disable-pip-version-check",
            "-w",
            str(out),
            str(ROOT),
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"no wheel can be built here: {done.stderr.strip().splitlines()[-1:]}")
    (path,) = out.glob("*.whl")
    return zipfile.ZipFile(path).namelist()


def test_only_one_name_lands_in_site_packages(wheel: list[str]) -> None:
    assert {name.split("/")[0] for name in wheel if ".dist-info" not in name} == {"monograph"}


def test_every_module_and_data_file_of_the_checkout_is_inside(wheel: list[str]) -> None:
    missing = []
    for folder, installed in MAPPING.items():
        for path in sorted((ROOT / folder).rglob("*")):
            relative = path.relative_to(ROOT / folder).as_posix()
            wanted = path.suffix == ".py" or (path.suffix in DATA and path.name != "README.md")
            if path.is_file() and wanted and f"{installed}/{relative}" not in wheel:
                missing.append(relative)
    assert missing == []


def test_every_package_is_listed() -> None:
    listed = set(PYPROJECT["tool"]["setuptools"]["packages"])
    found = set()
    for folder, installed in MAPPING.items():
        for init in (ROOT / folder).rglob("__init__.py"):
            inner = init.parent.relative_to(ROOT / folder).as_posix()
            found.add((installed if inner == "." else f"{installed}/{inner}").replace("/", "."))
    assert found == listed


def test_each_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("dependencies = [")
    declared = lines[start + 1 : lines.index("]", start)]
    assert declared and all("#" in line for line in declared)
