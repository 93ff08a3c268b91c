"""Files that hold other files: gzip, and zips in zips as DailyMed ships them, read in a stream and within bounds."""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO, Final

__all__ = ["Bounded", "Member", "TooLarge", "unpack"]

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
#: zips in zips in zips; nobody ships deeper ones
_DEEPEST: Final = 3
#: what is kept of an inner archive in memory before it goes to a temporary file
_IN_MEMORY: Final = 32 * 1024 * 1024
#: the largest inner archive; DailyMed's parts have 3 GB
_LARGEST_ARCHIVE: Final = 8 * 1024**3
#: what archives of labels hold besides labels
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".svg", ".pdf", ".css", ".xsl", ".ico")


class TooLarge(Exception):
    """A record or an archive is larger than what is read."""


class Bounded(io.RawIOBase):
    """A stream that gives no more than ``limit`` bytes between two calls of :meth:`reset`; raises TooLarge beyond."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream, self._limit, self._left = stream, limit, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._stream.read(len(view))
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge
        view[: len(data)] = data
        return len(data)

    def reset(self) -> None:
        """Begins to count anew: a record is done."""
        self._left = self._limit


@dataclass(frozen=True, slots=True)
class Member:
    """A file, or a file in an archive: ``place`` is what a user calls it (``release.zip/a.zip/b.xml``).

    ``problem`` says in words why it cannot be read; ``stream`` is None then.
    """

    place: str
    stream: BinaryIO | None
    problem: str | None = None


def unpack(stream: BinaryIO, place: str, depth: int = 0) -> Iterator[Member]:
    """What ``stream`` holds: itself, what gzip packs, or the files of a zip, sorted by name, to the bottom.

    Each member is to be read before the next one is asked for. Pictures and style sheets are passed over.
    """
    buffered: io.BufferedReader = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore
    head = buffered.peek(4)[:4]
    if head.startswith(_GZIP):
        if depth >= _DEEPEST:
            yield Member(place, None, "is packed too many times")
            return
        with gzip.open(buffered) as inner:
            yield from unpack(io.BufferedReader(inner), place.removesuffix(".gz"), depth + 1)
    elif head.startswith(_ZIP):
        yield from _unzip(buffered, place, depth)
    else:
        yield Member(place, buffered)


def _unzip(stream: io.BufferedReader, place: str, depth: int) -> Iterator[Member]:
    if depth >= _DEEPEST:
        yield Member(place, None, "is packed too many times")
        return
    spooled: IO[bytes] | None = None
    try:
        source: IO[bytes] = stream
        if not stream.seekable() or depth:
            spooled = source = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed below
            shutil.copyfileobj(io.BufferedReader(Bounded(stream, _LARGEST_ARCHIVE)), spooled)
            spooled.seek(0)
        with zipfile.ZipFile(source) as archive:
            for entry in sorted(archive.infolist(), key=lambda e: e.filename):
                name = entry.filename
                hidden = any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
                if entry.is_dir() or hidden or name.lower().endswith(_PICTURES):
                    continue
                inner = f"{place}/{name}"
                if entry.flag_bits & 1:
                    yield Member(inner, None, "is encrypted")
                    continue
                yield from _opened(lambda entry=entry: archive.open(entry), inner, depth)  # type: ignore[misc]
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, zlib.error) as error:
        yield Member(place, None, f"is a broken archive ({' '.join(str(error).split())})")
    except TooLarge:
        yield Member(place, None, f"is larger than {_LARGEST_ARCHIVE // 2**30} GB unpacked")
    finally:
        if spooled is not None:
            spooled.close()


def _opened(opened: Callable[[], IO[bytes]], place: str, depth: int) -> Iterator[Member]:
    try:
        stream = opened()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error) as error:
        yield Member(place, None, f"cannot be unpacked ({' '.join(str(error).split())})")
        return
    with stream:
        yield from unpack(io.BufferedReader(stream), place, depth + 1)  # type: ignore[type-var]
