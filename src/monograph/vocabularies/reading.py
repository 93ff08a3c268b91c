"""From a file that a user names to a Vocabulary: finding the reader, and what all readers need.

A reader is an entry point of the group ``monograph.vocabularies``; anyone's package may add one.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import ClassVar, Final, Protocol

from monograph.errors import SourceError, UnknownName
from monograph.vocabularies.model import Term, TermKind, Vocabulary
from monograph.vocabularies.prefixes import standard

__all__ = [
    "CHEBI_ROLE", "PartOfAnother", "Reader", "below", "curies", "current", "is_lay", "kind_in_mesh", "kind_of",
    "read_vocabulary", "reader_names", "release", "sha256_of", "slug",
]  # fmt: skip

_HEAD: Final = 64 * 1024
#: how files of gzip, zip, bzip2 and xz begin
_PACKED: Final = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ")

#: what the terms of a vocabulary stand for, where all are of one kind
_KINDS: Final[dict[str, TermKind]] = {
    "SYMP": "phenotype",
    "HP": "phenotype",
    "OAE": "phenotype",
    "DOID": "disease",
    "MONDO": "disease",
    "ORPHA": "disease",
    "omim": "disease",
    "drugbank": "drug",
    "drugcentral": "drug",
    "DRON": "drug",
    "unii": "substance",
    "CHEBI": "substance",
    "ndfrt": "drug-class",
}
#: what a term of MeSH stands for by its place in the tree, the longest that fits
_MESH: Final[dict[str, TermKind]] = {
    "C23.888": "phenotype",
    "C23.550.": "phenotype",
    "C": "disease",
    "F03": "disease",
    "D27": "drug-class",
    "D": "substance",
}
#: what stands below it in ChEBI are roles, such as "muscle relaxant", which drugs have
CHEBI_ROLE: Final = "CHEBI:50906"
#: types of synonyms that say that people without a medical training use them
_LAY: Final = frozenset(["layperson", "OMO:0003003", "OMO_0003003"])
_OBSOLETE: Final = re.compile(r"obsolete[:_ ]+", re.IGNORECASE)


class PartOfAnother(SourceError):
    """The file belongs to a release that another file of it stands for: whoever adds a folder passes it over."""


class Reader(Protocol):
    """What an entry point of the group ``monograph.vocabularies`` names: a class without arguments."""

    name: ClassVar[str]
    about: ClassVar[str]

    def accepts(self, head: bytes, name: str) -> bool:
        """Whether a file that starts with ``head`` (up to 64 kB) and is called ``name`` is of this format."""
        ...

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        """The vocabulary in the file; raises SourceError where it cannot be read.

        ``description`` is a file of the user's that tells how to read it, for formats that need one.
        """
        ...


@cache
def _readers() -> dict[str, Reader]:
    """Every installed reader by name, those of other packages first, so that they may take a format over."""
    found = sorted(
        entry_points(group="monograph.vocabularies"),
        key=lambda point: (point.value.startswith("monograph."), point.name),
    )
    return {point.name: point.load()() for point in found}


def reader_names() -> dict[str, str]:
    """Name -> what it reads, of each installed reader."""
    return {name: reader.about for name, reader in _readers().items()}


def read_vocabulary(
    path: str | Path, *, reader: str | None = None, description: str | Path | None = None
) -> Vocabulary:
    """The vocabulary in a file; its terms are read while they are iterated.

    ``reader`` names the reader to use, without it the format is detected by content; ``description`` is a YAML file
    that describes a table, see docs/vocabularies.md. Raises SourceError on a file that cannot be read or that no
    reader accepts, and UnknownName on an unknown reader; the terms raise SourceError on what is wrong further on, or
    where there are none.
    """
    where, known = Path(path), _readers()
    described = Path(description) if description is not None else None
    if described is not None and reader is None:
        reader = "table"
    if reader is not None and reader not in known:
        raise UnknownName(f"no reader '{reader}' - installed are: {', '.join(sorted(known))}")
    try:
        with where.open("rb") as stream:
            head = stream.read(_HEAD)
        if not head.strip():
            raise SourceError(f"{where}: the file is empty - nothing to read")
        if head.startswith(_PACKED):
            raise SourceError(f"{where}: is packed - unpack it first, and add what is in it")
        if reader is not None:
            return _not_empty(where, known[reader].read(where, described))
        for candidate in known.values():
            if candidate.accepts(head, where.name):
                return _not_empty(where, candidate.read(where))
    except OSError as error:
        raise SourceError(f"{where}: cannot be read ({error.strerror}) - check the path and its rights") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{where}: is not UTF-8 text ({error.reason}) - convert it first") from error
    raise SourceError(
        f"{where}: of no known format ({', '.join(sorted(known))}) - name one with --reader, "
        "or describe the columns of a table with --description FILE.yaml"
    )


def _not_empty(path: Path, found: Vocabulary) -> Vocabulary:
    """``found``, whose terms raise SourceError at their end where there was neither a term nor a mapping."""

    def terms() -> Iterator[Term]:
        some = bool(found.mappings) if isinstance(found.mappings, tuple) else False
        for term in found.terms:
            some = True
            yield term
        if not some:
            left = "; ".join(f"{number:,} {reason}" for reason, number in found.dropped.most_common(1))
            raise SourceError(
                f"{path}: holds nothing that can be used{f' ({left})' if left else ''} - look whether its identifiers "
                "have a known prefix, and whether it is described rightly"
            )

    return replace(found, terms=terms())


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def slug(text: str) -> str:
    """A name for a vocabulary: lower case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "vocabulary"


def kind_of(curie: str) -> TermKind:
    """What a term is by its vocabulary alone; '' where that says nothing."""
    prefix, _, local = curie.partition(":")
    if prefix == "atc":
        return "drug" if len(local) == 7 else "drug-class"
    return _KINDS.get(prefix, "")


def kind_in_mesh(places: Iterable[str]) -> TermKind:
    """What all the places of a term in the tree of MeSH agree upon; '' where they do not."""
    found = {next((kind for start, kind in _MESH.items() if place.startswith(start)), "") for place in places}
    if found == {"phenotype", "disease"}:
        return "phenotype"
    return found.pop() if len(found) == 1 else ""  # type: ignore[return-value]


def below(root: str, parents: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """``root`` and all that stands below it, where ``parents`` says what stands directly above each."""
    children: dict[str, list[str]] = {}
    for child, above in parents.items():
        for one in above:
            children.setdefault(one, []).append(child)
    found, left = {root}, [root]
    while left:
        left = [c for one in left for c in children.get(one, ()) if c not in found]
        found.update(left)
    return frozenset(found)


def current(label: str) -> tuple[str, bool]:
    """A label without the word "obsolete" that ontologies put before it, and whether it had that word."""
    bare = _OBSOLETE.sub("", label, count=1) if _OBSOLETE.match(label) else label
    return bare, bare != label


def is_lay(synonym_type: str) -> bool:
    """Whether a type of synonyms, as a name, a CURIE or an IRI, is the one for everyday words."""
    return re.split(r"[/#]", synonym_type)[-1] in _LAY


def release(stated: str) -> str:
    """The version in what a file states of it: ``releases/2026-01-31/hp.obo``, also within an IRI, is 2026-01-31."""
    found = re.search(r"(?:^|/)releases/(?:v(?=\d))?([^/]+)", stated)
    return found[1] if found else stated


def curies(texts: Iterable[str], dropped: Counter[str]) -> tuple[str, ...]:
    """``texts`` in our spelling, each once, in their order; the others are counted."""
    out: dict[str, None] = {}
    for text in texts:
        if (curie := standard(text)) is not None:
            out[curie] = None
        else:
            dropped[f"identifiers with the prefix {text.partition(':')[0]}"] += 1
    return tuple(out)
