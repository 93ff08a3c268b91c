"""One file, from its address to its place in the folder, with what is known of it beside it."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from monograph.errors import FetchError
from monograph.fetching.model import Item, Terms
from monograph.fetching.transport import Saved, Web
from monograph.retrieval import SUFFIX, Retrieval, read_beside, write_beside

__all__ = ["Kept", "keep"]

_HEAD: Final = 64 * 1024
_NEXT: Final = re.compile(r'<([^>]+)>\s*;[^,]*\brel="?next"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the folder: fetched anew, or there already in its newest state."""

    path: Path
    state: Literal["fetched", "there"]
    retrieval: Retrieval


def keep(web: Web, item: Item, folder: Path, terms: Terms) -> Kept:
    """Fetches ``item`` into ``folder`` unless its newest state is there; a reader never sees half a file.

    Raises FetchError where it cannot be had, or is not what it should be.
    """
    path = folder / item.name
    known = read_beside(path)
    if known is not None and known.source != item.url:
        known = None
    if known is not None and item.version is not None and known.version == item.version:
        return Kept(path, "there", known)
    partial = folder / f".{item.name}.part"
    saved = web.save(item.url, partial, accept=item.accept, largest=item.largest, unless=known)
    if saved is None:
        assert known is not None, "a server answers 'not modified' only where it was asked"
        return Kept(path, "there", known)
    version = item.version
    try:
        head = _checked(item, partial)
        if item.states is not None and (stated := item.states.search(head)):
            version = stated.group(1).decode(errors="replace")
    except FetchError:
        partial.unlink(missing_ok=True)
        raise
    retrieval = _retrieval(item, terms, saved, version)
    try:
        # What stands beside a file is always about that file: so it goes first, and comes back last.
        path.with_name(path.name + SUFFIX).unlink(missing_ok=True)
        partial.replace(path)
        write_beside(path, retrieval)
    except OSError as error:
        raise FetchError(f"cannot write {path} ({error.strerror}) - check the folder and its rights") from error
    return Kept(path, "fetched", retrieval)


def _checked(item: Item, partial: Path) -> bytes:
    """The beginning of a file that came; raises FetchError where it is not what the interface gives."""
    with partial.open("rb") as stream:
        head = stream.read(_HEAD)
    if item.holds not in head:
        begins = " ".join(head[:60].decode(errors="replace").split())
        raise FetchError(f"{item.url}: is no label (it begins with '{begins}') - is it the right address?")
    if item.name.endswith(".zip") and not zipfile.is_zipfile(partial):
        raise FetchError(f"{item.url}: is a broken archive - fetch it again")
    return head


def _retrieval(item: Item, terms: Terms, saved: Saved, version: str | None) -> Retrieval:
    following = _NEXT.search(saved.headers.get("link", ""))
    return Retrieval(
        source=item.url,
        retrieved=datetime.now(UTC).isoformat(timespec="seconds"),
        sha256=saved.sha256,
        bytes=saved.bytes,
        publisher=terms.publisher,
        license=terms.license,
        rights=terms.rights,
        jurisdiction=terms.jurisdiction,
        version=version,
        etag=saved.headers.get("etag"),
        last_modified=saved.headers.get("last-modified"),
        next=following.group(1) if following else None,
    )
