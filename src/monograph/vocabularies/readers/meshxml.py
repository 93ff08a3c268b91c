"""MeSH descriptors and supplementary records in the XML of the National Library of Medicine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Final
from xml.etree import ElementTree

from monograph.errors import SourceError
from monograph.vocabularies.model import Scope, Synonym, Term, TermKind, Vocabulary
from monograph.vocabularies.reading import sha256_of

__all__ = ["MeshXmlReader"]

_RECORDS: Final = {"DescriptorRecord": "Descriptor", "SupplementalRecord": "SupplementalRecord"}
#: by the place in the tree, the longest that fits
_TREE: Final[dict[str, TermKind]] = {
    "C23.888": "phenotype",
    "C23.550.": "phenotype",
    "C": "disease",
    "F03": "disease",
    "D27": "drug-class",
    "D": "substance",
}


class MeshXmlReader:
    name: ClassVar = "meshxml"
    about: ClassVar = "MeSH in the XML of its publisher"

    def accepts(self, head: bytes, name: str) -> bool:
        return b"<DescriptorRecordSet" in head or b"<SupplementalRecordSet" in head

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        with path.open("rb") as stream:
            head = stream.read(64 * 1024)
        if re.search(rb"<!DOCTYPE[^>\[]*\[|<!ENTITY", head):
            raise SourceError(f"{path}: declares entities in its DOCTYPE, which is refused as unsafe - remove them")
        dropped: Counter[str] = Counter()
        year = re.search(rb'SYSTEM "[a-z]+(\d{4})', head)
        return Vocabulary(
            name="mesh-xml",
            title="Medical Subject Headings",
            version=year[1].decode() if year else "",
            license="",
            source=path.name,
            sha256=sha256_of(path),
            reader=self.name,
            terms=_terms(path, dropped),
            dropped=dropped,
        )


def _terms(path: Path, dropped: Counter[str]) -> Iterator[Term]:
    places: dict[str, str] = {}
    read: list[tuple[Term, list[str]]] = []
    try:
        for _, element in ElementTree.iterparse(path):
            if (tag := _RECORDS.get(element.tag)) is not None:
                read.append(_record(element, tag))
                places.update((place, read[-1][0].curie) for place in read[-1][1])
                element.clear()
    except ElementTree.ParseError as error:
        if not read:
            raise SourceError(f"{path}: is no well-formed XML ({error}) - get the file again") from error
        dropped[f"records from where the XML breaks off ({error})"] += 1
    for term, trees in read:
        above = (places.get(place.rpartition(".")[0]) for place in trees)
        yield Term(term.curie, term.label, term.kind, term.synonyms, tuple(dict.fromkeys(p for p in above if p)))


def _record(element: ElementTree.Element, tag: str) -> tuple[Term, list[str]]:
    trees = [found.text or "" for found in element.iterfind("TreeNumberList/TreeNumber")]
    names: dict[Synonym, None] = {}
    for concept in element.iterfind("ConceptList/Concept"):
        scope: Scope = "exact" if concept.get("PreferredConceptYN") == "Y" else "narrow"
        names.update((Synonym(term.text or "", scope), None) for term in concept.iterfind("TermList/Term/String"))
    label = element.findtext(f"{tag}Name/String", "")
    term = Term(
        curie=f"mesh:{element.findtext(f'{tag}UI', '')}",
        label=label,
        kind=_kind(trees) if tag == "Descriptor" else "substance",
        synonyms=tuple(name for name in names if name.text and name.text != label),
    )
    return term, trees


def _kind(trees: list[str]) -> TermKind:
    """The kind that all places in the tree agree upon; '' where they do not."""
    found = {next((kind for start, kind in _TREE.items() if place.startswith(start)), "") for place in trees}
    return found.pop() if len(found) == 1 else "phenotype" if found == {"phenotype", "disease"} else ""  # type: ignore[return-value]
