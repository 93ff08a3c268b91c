"""From what a user names to Documents: finding files, reading them within bounds, choosing the loader."""

from __future__ import annotations

import glob
import io
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Protocol, runtime_checkable

from monograph.document import Document
from monograph.errors import MonographError, SourceError, UnknownName
from monograph.retrieval import SUFFIX, Retrieval, read_beside
from monograph.unpacking import Bounded, TooLarge, unpack

__all__ = [
    "MAX_BYTES",
    "STDIN",
    "Failure",
    "Loader",
    "Part",
    "Splitting",
    "decode",
    "examples",
    "load",
    "loader_names",
    "parts",
    "read_part",
    "sources",
]

#: the largest source that is read; the longest official label known to us has 4 MB
MAX_BYTES = 20 * 1024 * 1024
STDIN = "-"
#: what a loader is shown to tell whether it reads a format
_HEAD = 64 * 1024
#: folders and files that are nobody's drug document
_IGNORED = {"README.md", "LICENSE", "LICENSE.txt", "LICENSE.md"}
_CODE = {".py", ".pyc"}
#: what the metadata of a fetched file may say of its documents where their loader does not
_TOLD = ("source", "publisher", "license", "rights", "jurisdiction", "retrieved")
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


@runtime_checkable
class Splitting(Protocol):
    """A loader of files that hold many records: it hands them out one by one, so that nobody holds them all."""

    def split(self, stream: BinaryIO, name: str) -> Iterator[tuple[str, bytes]]:
        """Key ('' for a file that is one record) and bytes, for ``read``, of each record; raises SourceError."""
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

    Sorted within each argument, each file once; files of metadata beside others are none. Raises SourceError where an
    argument names no file, or all of them nothing but metadata.
    """
    out: dict[Path | str, None] = {}
    arguments = list(arguments)
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
        # A shell's labels/* names what stands beside the labels too.
        out.update(dict.fromkeys(one for one in found if not one.name.endswith(SUFFIX)))
    if arguments and not out:
        raise SourceError(f"{', '.join(map(str, arguments))}: only tells where a file came from - name that file")
    return list(out)


def _may_be_read(path: Path) -> bool:
    """Whether a file found in a folder may be a document: no code, nothing hidden, no page about the folder itself."""
    hidden = any(part.startswith(".") for part in path.parts[-3:])
    return path.is_file() and path.name not in _IGNORED and path.suffix not in _CODE and not hidden


@dataclass(frozen=True, slots=True)
class Part:
    """One record to be read: the bytes of a small file, or of one of the many documents that a file holds.

    ``source`` is what a user calls it (``release.zip/a.zip/b.xml``, ``labels.json#12``), ``name`` what its loader goes
    by, ``loader`` the loader's name; ``origin`` is the file that was given, of which ``reached`` bytes were read, and
    ``retrieval`` what stands beside that file on where it came from.
    """

    source: str
    name: str
    data: bytes
    loader: str
    origin: str = ""
    reached: int = 0
    retrieval: Retrieval | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A source, or a document in it, that cannot be used, with the one-line reason."""

    source: str
    reason: str


def load(source: str | Path, *, loader: str | None = None) -> Iterator[Document]:
    """The documents of one file, or of standard input for ``-``; of archives, all that they hold.

    ``loader`` names the loader to use; without it the format is detected by content. Raises SourceError on a source
    that cannot be read and UnknownName on an unknown loader.
    """
    for part in parts(source, loader=loader):
        if isinstance(part, Failure):
            raise SourceError(part.reason)
        yield from read_part(part)


def read_part(part: Part) -> Iterator[Document]:
    """The documents of one record, with what stands beside its file on where it came from; raises SourceError."""
    for document in _loaders()[part.loader].read(part.data, part.name):
        yield document if part.retrieval is None else _with_retrieval(document, part.retrieval)


def _with_retrieval(document: Document, told: Retrieval) -> Document:
    """``document`` with what is known of its file, where it does not say so itself."""
    missing: dict[str, Any] = {name: getattr(told, name) for name in _TOLD if getattr(document, name) is None}
    return replace(document, **missing)


def parts(source: str | Path, *, loader: str | None = None) -> Iterator[Part | Failure]:
    """The records of a file, in a stream, so that one of a gigabyte needs no more memory than its largest record.

    What cannot be read becomes a Failure, the rest is read all the same. Raises UnknownName on an unknown loader.
    """
    if loader is not None and loader not in _loaders():
        raise UnknownName(f"no loader '{loader}' - installed are: {', '.join(sorted(_loaders()))}")
    place = "stdin" if str(source) == STDIN else str(source)
    beside = None if str(source) == STDIN else read_beside(Path(source))
    try:
        with _opened(source) as stream:
            for member in unpack(stream, place):
                if member.stream is None:
                    yield Failure(member.place, f"{member.place}: {member.problem} - fetch it again, or unpack it")
                    continue
                for part in _records(member.stream, member.place, loader):
                    if isinstance(part, Part) and stream.seekable():
                        yield replace(part, origin=place, reached=stream.tell(), retrieval=beside)
                    else:
                        yield part
    except OSError as error:
        reason = error.strerror or " ".join(str(error).split())
        yield Failure(place, f"{place}: cannot be read ({reason}) - check the path and its rights")


def _opened(source: str | Path) -> BinaryIO:
    return sys.stdin.buffer if str(source) == STDIN else Path(source).open("rb")


def _records(stream: BinaryIO, place: str, loader: str | None) -> Iterator[Part | Failure]:
    """The records of one file that is packed in no other."""
    bounded = Bounded(stream, MAX_BYTES)
    buffered = io.BufferedReader(bounded, 2 * _HEAD)
    name = Path(place).name
    try:
        head = buffered.peek(_HEAD)
        while len(head) < _HEAD and len(more := buffered.peek(_HEAD)) > len(head):
            head = more
        if not head.strip():
            if not buffered.read(MAX_BYTES).strip():
                raise SourceError(f"{place}: the file is empty - nothing to read")
            raise SourceError(f"{place}: begins with {len(head):,} blanks - is it a text?")
        if _DOCTYPE_SUBSET.search(head):
            raise SourceError(f"{place}: declares entities in its DOCTYPE, which is refused as unsafe - remove it")
        chosen = _choose(place, head, loader)
        reader = _loaders()[chosen]
        if isinstance(reader, Splitting):
            key = None
            for key, data in reader.split(buffered, name):
                bounded.reset()
                stem = f"{name}#{key}" if key else name
                yield Part(f"{place}#{key}" if key else place, stem, data, chosen)
            if key is None:
                raise SourceError(f"{place}: holds no record - is it the answer that was meant?")
        else:
            yield Part(place, name, buffered.read(), chosen)
    except MonographError as error:
        yield Failure(place, str(error))
    except TooLarge:
        limit = MAX_BYTES // 2**20
        yield Failure(place, f"{place}: larger than {limit} MB, the limit for one document - split it")
    except (OSError, EOFError, zlib.error) as error:
        yield Failure(place, f"{place}: cannot be read ({' '.join(str(error).split())}) - fetch it again")


def _choose(name: str, head: bytes, loader: str | None) -> str:
    known = _loaders()
    if loader is not None:
        return loader
    for candidate, reader in known.items():
        if reader.accepts(head, name):
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
