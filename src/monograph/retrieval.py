"""Where a file came from: kept beside it as ``FILE.metadata.json``, written by ``monograph fetch``, read by loading.

Whoever downloads labels in another way may write such a file too; every entry is optional.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

__all__ = ["SUFFIX", "Retrieval", "read_beside", "write_beside"]

SUFFIX: Final = ".metadata.json"
#: a larger one was not written by us
_LARGEST: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Retrieval:
    """``source`` is the address that was asked, ``retrieved`` the moment (ISO 8601, UTC), ``sha256`` that of the file.

    ``license`` is an IRI, ``rights`` what has to be said with the text; ``version`` is the source's own word for the
    state of the data, ``next`` the address of the page that follows.
    """

    source: str | None = None
    retrieved: str | None = None
    sha256: str | None = None
    bytes: int | None = None
    publisher: str | None = None
    license: str | None = None
    rights: str | None = None
    jurisdiction: str | None = None
    version: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    next: str | None = None


def read_beside(path: Path) -> Retrieval | None:
    """What stands beside ``path``; None where nothing does, nothing that can be understood, or not about this file."""
    try:
        with path.with_name(path.name + SUFFIX).open("rb") as stream:
            told = json.loads(stream.read(_LARGEST))
            size = path.stat().st_size
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    wanted = {field.name: int if field.name == "bytes" else str for field in fields(Retrieval)}
    found = Retrieval(**{name: told[name] for name, kind in wanted.items() if isinstance(told.get(name), kind)})
    # The digest of a file of gigabytes is not made each time: its size tells what was replaced or edited.
    return found if found.bytes in (None, size) else None


def write_beside(path: Path, retrieval: Retrieval) -> None:
    """Writes what is known of ``path`` beside it, as a whole; raises OSError."""
    told = {name: value for name, value in asdict(retrieval).items() if value is not None}
    final = path.with_name(path.name + SUFFIX)
    partial = final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        partial.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        partial.replace(final)
    finally:
        partial.unlink(missing_ok=True)
