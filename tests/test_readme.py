"""The README's blocks run as they stand: each command prints what the page shows.

``python tests/test_readme.py --write`` runs them and writes what they print into the page.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: the two set-up lines need an environment of their own; .ci/run and a newcomer run them
_SETS_UP = "python3 -m venv"


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


def prepare(folder: Path) -> None:
    """The checkout's example articles at the place where the page's commands find them."""
    (folder / "loaders").mkdir()
    (folder / "loaders" / "examples").symlink_to(ROOT / "loaders" / "examples")


def agrees(printed: str, expected: str) -> bool:
    """Whether ``printed`` is ``expected``, in which a line ``…`` stands for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line.rstrip()) + r"\n"
        for line in expected.rstrip("\n").splitlines()
    )
    return re.fullmatch(pattern, printed + "\n" if printed else "") is not None


def test_every_block_prints_what_the_page_shows(tmp_path: Path) -> None:
    prepare(tmp_path)
    found = steps(README.read_text(encoding="utf-8"))
    assert len(found) >= 12
    for language, command, expected in found:
        if command.startswith(_SETS_UP):
            continue
        printed = run(language, command, tmp_path)
        assert agrees(printed, expected), f"$ {command}\nprints\n{printed}\nand the page shows\n{expected}"


def test_the_first_screen_sets_up_by_one_line_each() -> None:
    lines = [command for _, command, _ in steps(README.read_text(encoding="utf-8")) if command.startswith(_SETS_UP)]
    assert len(lines) == 2
    assert all(shlex.split(line) for line in lines)


@pytest.mark.parametrize(
    ("printed", "expected", "same"), [("a\nb", "a\nb", True), ("a\nx\nb", "a\n…\nb", True), ("a", "b", False)]
)
def test_an_ellipsis_stands_for_any_lines(printed: str, expected: str, same: bool) -> None:
    assert agrees(printed, expected) is same


def write() -> None:
    """Runs every block and writes its output into the page; a block with an ellipsis keeps as many lines before it."""
    import tempfile

    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        first_output = ""
        for language, command, expected in steps(text):
            if command.startswith(_SETS_UP):
                continue
            printed = run(language, command, folder)
            first_output = first_output or printed
            lines = printed.splitlines()
            shown = expected.rstrip("\n").splitlines()
            if "…" in shown:
                head = shown.index("…")
                tail = len(shown) - head - 1
                lines = [*lines[:head], "…", *(lines[-tail:] if tail else [])]
            body = "".join(line + "\n" for line in lines)
            if language == "python":
                old = f"{command}# prints\n" + "".join(f"# {line}".rstrip() + "\n" for line in shown)
                text = text.replace(
                    old, f"{command}# prints\n" + "".join(f"# {line}".rstrip() + "\n" for line in lines), 1
                )
            else:
                text = text.replace(f"$ {command}\n{expected}", f"$ {command}\n{body}", 1)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write() if "--write" in sys.argv else print(__doc__)
