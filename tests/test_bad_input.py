"""Bad input to the command line: one clear line, exit code 2, no store made or changed, within seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from command import call

BOMB = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))

GERMAN = """# Zentralin

Zentralin ist ein Arzneimittel, das bei Erwachsenen zur Behandlung von Krämpfen der Muskeln eingesetzt wird.
Nehmen Sie das Arzneimittel nicht ein, wenn Sie ein Geschwür im Magen haben. Fragen Sie vor der Einnahme Ihren Arzt
oder Apotheker. Zu den häufigsten Nebenwirkungen gehören Müdigkeit, Schwindel und ein trockener Mund. Wenn Sie die
Einnahme plötzlich beenden, kann es zu Halluzinationen kommen.
"""

RECIPE = """# A simple soup

Cut the carrots and the leeks into small pieces, and put them into a large pot with two litres of cold water. Let it
boil for half an hour. Serve the soup with bread and some butter. It keeps for two days in a cool place.
"""

GOOD = """# Zentralin

Zentralin is a medicine that is used to treat muscle spasms. Common side effects of zentralin include:

- drowsiness
- dry mouth
"""


def nothing(folder: Path) -> str:
    return "missing.md"


def empty_file(folder: Path) -> str:
    (folder / "empty.md").write_bytes(b"")
    return "empty.md"


def blank_file(folder: Path) -> str:
    (folder / "blank.md").write_bytes(b" \n\t\n")
    return "blank.md"


def binary_file(folder: Path) -> str:
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    return "picture.png"


def latin_file(folder: Path) -> str:
    (folder / "latin.md").write_bytes("Zentralin hilft gegen Krämpfe; Müdigkeit ist häufig.\n".encode("latin-1"))
    return "latin.md"


def empty_folder(folder: Path) -> str:
    (folder / "articles").mkdir()
    return "articles"


def glob_of_nothing(folder: Path) -> str:
    return "*.html"


def html_bomb(folder: Path) -> str:
    (folder / "bomb.html").write_text(
        f'<!DOCTYPE html [<!ENTITY l0 "spasm">{BOMB}]>\n<html><body><p>Zentralin &l9;</p></body></html>'
    )
    return "bomb.html"


def xml_bomb(folder: Path) -> str:
    (folder / "bomb.xml").write_text(
        f'<?xml version="1.0"?>\n<!DOCTYPE d [<!ENTITY l0 "spasm">{BOMB}]>\n<d>Zentralin &l9;</d>'
    )
    return "bomb.xml"


def external_entity(folder: Path) -> str:
    (folder / "secret.txt").write_text("a secret")
    (folder / "reads.xml").write_text('<!DOCTYPE d [<!ENTITY x SYSTEM "secret.txt">]>\n<d>Zentralin &x;</d>')
    return "reads.xml"


def fifty_megabytes(folder: Path) -> str:
    line = "Zentralin is used to treat muscle spasms. Common side effects include drowsiness and dry mouth.\n"
    (folder / "long.md").write_text(line * (50 * 2**20 // len(line)))
    return "long.md"


def no_drug(folder: Path) -> str:
    (folder / "soup.md").write_text(RECIPE)
    return "soup.md"


def other_language(folder: Path) -> str:
    (folder / "german.md").write_text(GERMAN, encoding="utf-8")
    return "german.md"


#: how the bad source is made, and what the message must name
CASES: list[tuple[Callable[[Path], str], str]] = [
    (nothing, "no such file"),
    (empty_file, "empty"),
    (blank_file, "empty"),
    (binary_file, "is no text"),
    (latin_file, "is not UTF-8"),
    (empty_folder, "no file in folder"),
    (glob_of_nothing, "no file matches"),
    (html_bomb, "DOCTYPE"),
    (xml_bomb, "DOCTYPE"),
    (external_entity, "DOCTYPE"),
    (fifty_megabytes, "larger than 20 MB"),
    (no_drug, "drug"),
    (other_language, "'de'"),
]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(autouse=True)
def default_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONOGRAPH_STORE", raising=False)


@pytest.mark.parametrize(("make", "said"), CASES, ids=[make.__name__ for make, _ in CASES])
@pytest.mark.parametrize("verb", ["build", "extract"])
def test_a_bad_source_is_refused_in_one_line(tmp_path: Path, verb: str, make: Callable[[Path], str], said: str) -> None:
    source = make(tmp_path)
    before = contents(tmp_path)
    begun = time.monotonic()
    result = call(tmp_path, verb, source, "--quiet")
    assert time.monotonic() - begun < 10
    assert result.code == 2
    assert result.out == ""
    [line] = result.err.splitlines()
    assert line.startswith("error: ") and said in line and source.split("*")[0] in line
    assert contents(tmp_path) == before, "nothing is written"


def test_the_store_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    assert call(tmp_path, "build", "good.md").code == 0
    before = call(tmp_path, "export").out
    assert "drowsiness" in before
    for make in (empty_file, binary_file, html_bomb, no_drug, other_language):
        assert call(tmp_path, "build", make(tmp_path)).code == 2
    assert call(tmp_path, "export").out == before


def test_one_bad_document_among_good_ones_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "good.md").write_text(GOOD)
    latin_file(folder)
    empty_file(folder)
    result = call(tmp_path, "build", "articles")
    assert result.code == 1
    errors = [line for line in result.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 2 and "empty.md" in errors[0] and "latin.md" in errors[1]
    assert "1 document" in result.err and "2 sources left out" in result.err
    assert "zentralin" in result.out


def test_a_binary_on_standard_input_is_refused(tmp_path: Path) -> None:
    result = call(tmp_path, "extract", "-", data=bytes(range(256)) * 10)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: stdin")


def test_control_characters_of_a_document_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "steer.md").write_text(GOOD.replace("dry mouth", "dry \x1b[31mmouth"))
    result = call(tmp_path, "extract", "steer.md")
    assert "\x1b" not in result.out + result.err
