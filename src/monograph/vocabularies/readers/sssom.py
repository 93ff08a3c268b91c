"""Mapping sets in SSSOM's TSV form as vocabularies: their rows, and the labels that they give to identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Final

from monograph.mappings.model import Mapping
from monograph.mappings.sssom import read_sssom
from monograph.vocabularies.model import Term, Vocabulary
from monograph.vocabularies.prefixes import standard
from monograph.vocabularies.reading import current, kind_of, release, sha256_of, slug

__all__ = ["SssomReader"]


#: parts of IRIs that tell nothing of what a set is about
_FOLDERS: Final = frozenset(["mapping", "mappings", "sssom", "main", "master", "latest", "current", "data", "src"])


class SssomReader:
    name: ClassVar = "sssom"
    about: ClassVar = "mapping sets in SSSOM's TSV form"

    def accepts(self, head: bytes, name: str) -> bool:
        lines = (line for line in head.split(b"\n") if not line.startswith(b"#"))
        return {b"subject_id", b"predicate_id", b"object_id"} <= set(next(lines, b"").rstrip(b"\r").split(b"\t"))

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        found = read_sssom(path.read_text(encoding="utf-8-sig"), str(path), spell=standard)
        identifier = found.metadata.get("mapping_set_id", path.name)
        return Vocabulary(
            name=_name(identifier),
            title=found.metadata.get("mapping_set_title", ""),
            version=release(found.metadata.get("mapping_set_version", "")),
            license=found.metadata.get("license", ""),
            source=path.name,
            sha256=sha256_of(path),
            reader=self.name,
            terms=_labels(found.mappings),
            mappings=found.mappings,
            dropped=found.dropped,
        )


def _name(identifier: str) -> str:
    """What a set's IRI calls it: its last part, after that of the project where it does not tell of it."""
    *before, last = re.split(r"/+", identifier.rstrip("/"))
    last = re.sub(r"(?:\.sssom)?(?:\.tsv)?$", "", last)
    project = next((part for part in reversed(before) if part.lower() not in _FOLDERS), "")
    if not project or "." in project or project.lower() in last.lower():
        return slug(last)
    return slug(f"{project} {last}")


def _labels(mappings: tuple[Mapping, ...]) -> Iterator[Term]:
    labels: dict[str, str] = {}
    for row in mappings:
        for curie, label in ((row.subject, row.subject_label), (row.object, row.object_label)):
            labels[curie] = labels.get(curie) or label
    for curie, said in labels.items():
        label, obsolete = current(said)
        if label:
            yield Term(curie, label, kind_of(curie), obsolete=obsolete)
