"""From what a user names to Documents: finding files, reading them within bounds, choosing the loader."""

from __future__ import annotations

import glob
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import ClassVar, Protocol

from monograph.document import Document
from monograph.errors import SourceError, UnknownName

__all__ = ["MAX_BYTES", "STDIN", "Loader", "decode", "examples", "load", "loader_names", "sources"]

#: the largest source that is read; the longest official label known to us has 4 MB
MAX_BYTES = 20 * 1024 * 1024
STDIN = "-"
#: folders and files that are nobody's drug document
_IGNORED = {"README.md", "LICENSE", "LICENSE.txt", "LICENSE.md"}
_CODE = {".py", ".pyc"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_DOCTYPE_SUBSET = re.compile(rb"<!DOCTYPE[^>\[]*\[|<!ENTITY", re.IGNORECASE)


class Loader(Protocol):
    """What an entry point of the group ``monograph.loaders`` names: a class without arguments."""

    name: ClassVar[str]
    about: ClassVar[str]

    def accepts(self, head: bytes, name: str) -> bool:
        """Whether a source that starts with ``head`` (up to 64 kB) and is called ``name`` is of this format."""
        ...

    def read(self, data: bytes, name: str) -> Iterator[Document]:
        """The documents in ``data``; raises SourceError where it cannot be read."""
        ...


@cache
def _loaders() -> dict[str, Loader]:
    """Every installed loader by name, those of other packages first, so that they may take a format over."""
    found = sorted(
        entry_points(group="monograph.loaders"),
        key=lambda point: (point.value.startswith("monograph."), point.name == "article", point.name),
    )
    return {point.name: point.load()() for point in found}


def loader_names() -> dict[str, str]:
    """Name -> what it reads, of each installed loader."""
    return {name: loader.about for name, loader in _loaders().items()}


def examples() -> list[Path]:
    """The bundled example articles; the first is the one that ``monograph build`` takes when given nothing."""
    folder = Path(str(files("monograph.loaders.examples")))
    return sorted(
        (path for path in folder.glob("*.md") if path.name not in _IGNORED),
        key=lambda p: (p.stem != "baclofen", p.name),
    )


def sources(arguments: Iterable[str | Path]) -> list[Path | str]:
    """The files that ``arguments`` name: files, folders (searched to the bottom), globs, ``-`` for standard input.

    Sorted within each argument, each file once. Raises SourceError where an argument names no file.
    """
    out: dict[Path | str, None] = {}
    for argument in arguments:
        if str(argument) == STDIN:
            out[STDIN] = None
            continue
        path = Path(argument)
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if _may_be_read(p))
            if not found:
                raise SourceError(f"no file in folder {path} - name a folder that holds articles")
        elif any(c in str(argument) for c in "*?[") and not path.exists():
            found = sorted(Path(p) for p in glob.glob(str(argument), recursive=True) if Path(p).is_file())
            if not found:
                raise SourceError(f"no file matches {argument} - check the pattern")
        elif path.is_file():
            found = [path]
        else:
            raise SourceError(f"no such file: {path} - check the path")
        out.update(dict.fromkeys(found))
    return list(out)


def _may_be_read(path: Path) -> bool:
    """Whether a file found in a folder may be a document: no code, nothing hidden, no page about the folder itself."""
    hidden = any(part.startswith(".") for part in path.parts[-3:])
    return path.is_file() and path.name not in _IGNORED and path.suffix not in _CODE and not hidden


def load(source: str | Path, *, loader: str | None = None) -> Iterator[Document]:
    """The documents of one file, or of standard input for ``-``.

    ``loader`` names the loader to use; without it the format is detected by content. Raises SourceError on a source
    that cannot be read and UnknownName on an unknown loader.
    """
    name, data = _bytes_of(source)
    if not data.strip():
        raise SourceError(f"{name}: the file is empty - nothing to read")
    if _DOCTYPE_SUBSET.search(data[: 64 * 1024]):
        raise SourceError(f"{name}: declares entities in its DOCTYPE, which is refused as unsafe - remove the DOCTYPE")
    yield from _choose(name, data, loader).read(data, Path(name).name)


def _bytes_of(source: str | Path) -> tuple[str, bytes]:
    if str(source) == STDIN:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        name = "stdin"
    else:
        path = Path(source)
        name = str(path)
        try:
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except OSError as error:
            raise SourceError(f"{name}: cannot be read ({error.strerror}) - check the path and its rights") from error
    if len(data) > MAX_BYTES:
        raise SourceError(f"{name}: larger than {MAX_BYTES // 2**20} MB, the limit for one document - split it")
    return name, data


def _choose(name: str, data: bytes, loader: str | None) -> Loader:
    known = _loaders()
    if loader is not None:
        if loader not in known:
            raise UnknownName(f"no loader '{loader}' - installed are: {', '.join(sorted(known))}")
        return known[loader]
    head = data[: 64 * 1024]
    for candidate in known.values():
        if candidate.accepts(head, name):
            return candidate
    raise SourceError(f"{name}: no loader reads this format - installed are: {', '.join(sorted(known))}")


def decode(data: bytes, name: str) -> str:
    """``data`` as text: UTF-8, or UTF-16 with its byte order mark. Raises SourceError on anything else."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    if encoding == "utf-8" and b"\x00" in data[:65536]:
        raise SourceError(f"{name}: holds NUL bytes, so it is no text - name a text, Markdown or HTML file")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if sum(byte < 9 or 13 < byte < 32 for byte in data[:4096]) > len(data[:4096]) * 0.02:
            raise SourceError(f"{name}: is binary, not text - name a text, Markdown or HTML file") from error
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{name}: is not {encoding.upper()} (byte {data[error.start]:#04x} in line {line}) - convert it first, "
            f"for example with: iconv -f windows-1252 -t utf-8"
        ) from error
    if len(_CONTROL.findall(text, 0, 65536)) > max(4, len(text[:65536]) * 0.01):
        raise SourceError(f"{name}: holds control characters, so it is no text - name a text, Markdown or HTML file")
    return text
