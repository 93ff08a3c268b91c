"""The README's blocks run as they stand, in order and in one folder: each command prints what the page shows.

A line ``…`` stands for any lines, an ``…`` in a line for any text. ``python tests/test_readme.py --write`` runs the
blocks and writes what they print into the page where the page shows something else.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: how the two set-up lines begin: .ci/run and a newcomer run these in an environment of their own
_SETS_UP = re.compile(r"python3 -m venv \.venv && \.venv/bin/pip install -q (?:\.|-e '\.\[dev\]') && ")
#: longer lines of output are cut on the page
_WIDTH = 150


def steps(text: str) -> list[tuple[str, str, str]]:
    """Language, command or program, and expected output of each block in the order of the page."""
    out = []
    for block in _BLOCK.finditer(text):
        language, body = block.group(1), block.group(2)
        if language == "python":
            program, _, expected = body.partition("# prints\n")
            out.append(("python", program, re.sub(r"^# ?", "", expected, flags=re.MULTILINE)))
            continue
        for part in re.split(r"^(?=\$ )", body, flags=re.MULTILINE):
            if part.strip():
                command, _, expected = part[2:].partition("\n")
                out.append(("console", command, expected))
    return out


def run(language: str, command: str, folder: Path) -> str:
    """What the step prints on both streams, with plain text and 110 columns."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "110",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment.pop("MONOGRAPH_STORE", None)
    call = [sys.executable, "-c", command] if language == "python" else ["bash", "-c", command]
    done = subprocess.run(
        call, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()).rstrip("\n")


def here(command: str) -> str:
    """What is left to run of a command in the environment of the tests: set-up lines without their set-up."""
    rest = _SETS_UP.sub("", command)
    return "" if "pytest" in rest else rest.replace(".venv/bin/", "")


def prepare(folder: Path) -> None:
    """The parts of the checkout where the page's commands look for them."""
    for name in ("benchmarks", "loaders", "tests"):
        (folder / name).symlink_to(ROOT / name)


def agrees(printed: str, expected: str) -> bool:
    """Whether ``printed`` is ``expected``, in which ``…`` stands for any lines, or for any text in a line."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else ".*".join(re.escape(p) for p in line.rstrip().split("…")) + r"\n"
        for line in expected.rstrip("\n").splitlines()
    )
    return re.fullmatch(pattern, printed + "\n" if printed else "") is not None


def test_every_block_prints_what_the_page_shows(tmp_path: Path) -> None:
    prepare(tmp_path)
    found = steps(README.read_text(encoding="utf-8"))
    assert len(found) >= 12
    for language, command, expected in found:
        if command := here(command):
            printed = run(language, command, tmp_path)
            assert agrees(printed, expected), f"$ {command}\nprints\n{printed}\nand the page shows\n{expected}"


def test_the_first_screen_sets_up_by_one_line_each() -> None:
    text = README.read_text(encoding="utf-8")
    lines = [command for _, command, _ in steps(text) if _SETS_UP.match(command)]
    assert len(lines) == 2 == text.count("\n$ python3 -m venv ")
    assert all(shlex.split(line) for line in lines)


@pytest.mark.parametrize(
    ("printed", "expected", "same"),
    [
        ("a\nb", "a\nb", True),
        ("a\nx\nb", "a\n…\nb", True),
        ("a\nx y z\nb", "a\nx…z\nb", True),
        ("a\nx\nb", "a…b", False),
        ("a", "b", False),
    ],
)
def test_an_ellipsis_stands_for_what_is_cut(printed: str, expected: str, same: bool) -> None:
    assert agrees(printed, expected) is same


def shown(printed: str, expected: str) -> str:
    """``printed`` as the page shows it: long lines cut, and as many lines as before where a ``…`` cut them."""
    lines = [line if len(line) <= _WIDTH else line[: _WIDTH - 1].rstrip() + "…" for line in printed.splitlines()]
    before = expected.rstrip("\n").splitlines()
    if "…" in before:
        head = before.index("…")
        tail = len(before) - head - 1
        lines = [*lines[:head], "…", *lines[len(lines) - tail :]]
    return "".join(line + "\n" for line in lines)


def write() -> None:
    """Runs every block in order and puts its output into the page where the two disagree."""
    text = README.read_text(encoding="utf-8")
    done = ""  # the page up to the step at hand, so that a step which occurs twice is written at its own place
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        for language, command, expected in steps(text):
            opening = f"{command}# prints\n" if language == "python" else f"$ {command}\n"
            before, _, text = text.partition(opening)
            done += before + opening
            old = re.sub(r"^(?=.)", "# ", expected, flags=re.MULTILINE) if language == "python" else expected
            assert text.startswith(old)
            text = text.removeprefix(old)
            if what := here(command):
                printed = run(language, what, folder)
                assert "Traceback (most recent call last)" not in printed, f"$ {what}\n{printed}"
                if not agrees(printed, expected):
                    new = shown(printed, expected)
                    old = re.sub(r"^(?=.)", "# ", new, flags=re.MULTILINE) if language == "python" else new
            done += old
    README.write_text(done + text, encoding="utf-8")


if __name__ == "__main__":
    write() if "--write" in sys.argv else print(__doc__)
