"""The wheel holds the whole of it under one name: code, rules, ontology, queries, examples."""

from __future__ import annotations

import configparser
import shutil
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


def tracked() -> list[str]:
    """The files of the checkout without what builds and tools leave there."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode == 0:
        return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    left = {"build", "dist", ".venv", "__pycache__"}
    inner = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [path.as_posix() for path in inner if not left & set(path.parts)]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from a copy: a build in the checkout would take up what earlier builds left in ``build/``."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for name in tracked():
        if name.startswith((*(f"{folder}/" for folder in MAPPING), "pyproject.toml", "README.md", "LICENSE")):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    call = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy)]
    done = subprocess.run(call, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = out.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def wheel(archive: zipfile.ZipFile) -> list[str]:
    return archive.namelist()


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


def test_the_command_and_the_loaders_are_declared(archive: zipfile.ZipFile, wheel: list[str]) -> None:
    (name,) = [n for n in wheel if n.endswith(".dist-info/entry_points.txt")]
    points = configparser.ConfigParser()
    points.read_string(archive.read(name).decode())
    declared = PYPROJECT["project"]["entry-points"]["monograph.loaders"]
    assert dict(points["console_scripts"]) == {"monograph": "monograph.cli:main"}
    assert dict(points["monograph.loaders"]) == declared
    assert all(f"{target.split(':')[0].replace('.', '/')}.py" in wheel for target in declared.values())


def test_the_licence_goes_along(archive: zipfile.ZipFile, wheel: list[str]) -> None:
    (name,) = [n for n in wheel if n.endswith("/LICENSE")]
    assert archive.read(name) == (ROOT / "LICENSE").read_bytes()


def test_each_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("dependencies = [")
    declared = lines[start + 1 : lines.index("]", start)]
    assert declared and all("#" in line for line in declared)
