"""The loader that loaders/README.md shows is a package that works: found by its entry point, named or by its suffix."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tests" / "data" / "lines_loader"
GUIDE = (ROOT / "loaders" / "README.md").read_text(encoding="utf-8")
SOURCE = (PACKAGE / "lines_loader.py").read_text(encoding="utf-8")
ARTICLE = (
    "Zentralin is a medicine that is used to treat muscle spasms.\nZentralin can cause drowsiness and dry mouth.\n"
)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder as pip leaves it: the module beside the entry points that its pyproject.toml declares."""
    site = tmp_path / "site"
    record = site / "lines_loader-1.0.dist-info"
    record.mkdir(parents=True)
    (site / "lines_loader.py").write_text(SOURCE, encoding="utf-8")
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: lines-loader\nVersion: 1.0\n", encoding="utf-8")
    declared = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    (record / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()) for group, points in declared.items()
        ),
        encoding="utf-8",
    )
    (tmp_path / "zentralin.lines").write_text(ARTICLE, encoding="utf-8")
    return site


@pytest.mark.parametrize("named", [[], ["--loader", "lines"]], ids=["by its suffix", "by its name"])
def test_the_loader_of_the_guide_reads_its_format(named: list[str], installed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "monograph", "extract", "zentralin.lines", "--format", "jsonl", *named],
        cwd=installed.parent,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert {f["value"] for f in facts} == {"muscle spasms", "drowsiness", "dry mouth"}
    assert {f["document"] for f in facts} == {"zentralin.lines"}
    assert all(ARTICLE[f["start"] : f["end"]] == f["quote"] for f in facts)


def test_the_guide_shows_the_file_that_runs() -> None:
    snippet = re.search(r"```python\n(.*?) *```", GUIDE, re.DOTALL)
    assert (
        snippet
        and textwrap.dedent(snippet.group(1)).strip() == SOURCE.partition('__all__ = ["LinesLoader"]')[2].strip()
    )


def test_the_guide_names_every_module_of_the_folder() -> None:
    modules = {p.name for p in (ROOT / "loaders").glob("*.py")} - {"__init__.py"}
    assert modules <= set(re.findall(r"`([a-z_]+\.py)`", GUIDE))
