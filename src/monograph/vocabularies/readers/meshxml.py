"""MeSH descriptors and supplementary records in the XML of the National Library of Medicine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final
from xml.etree import ElementTree

from monograph.errors import SourceError
from monograph.vocabularies.model import Scope, Synonym, Term, Vocabulary
from monograph.vocabularies.prefixes import standard
from monograph.vocabularies.readers.entities import refuse_unsafe
from monograph.vocabularies.reading import kind_in_mesh, sha256_of

__all__ = ["MeshXmlReader"]

_RECORDS: Final = {"DescriptorRecord": "Descriptor", "SupplementalRecord": "SupplementalRecord"}


class MeshXmlReader:
    name: ClassVar = "meshxml"
    about: ClassVar = "MeSH in the XML of its publisher"

    def accepts(self, head: bytes, name: str) -> bool:
        return b"<DescriptorRecordSet" in head or b"<SupplementalRecordSet" in head

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        refuse_unsafe(path)
        with path.open("rb") as stream:
            head = stream.read(64 * 1024)
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
        yield replace(term, parents=tuple(dict.fromkeys(p for p in above if p)))


def _record(element: ElementTree.Element, tag: str) -> tuple[Term, list[str]]:
    trees = [found.text or "" for found in element.iterfind("TreeNumberList/TreeNumber")]
    names: dict[Synonym, None] = {}
    numbers: list[str] = []
    for concept in element.iterfind("ConceptList/Concept"):
        scope: Scope = "exact" if concept.get("PreferredConceptYN") == "Y" else "narrow"
        if scope == "exact":  # a registry number is a UNII or one of CAS; that of a narrower concept is another's
            numbers += [found.text or "" for found in concept.iterfind("RegistryNumber")]
        names.update((Synonym(term.text or "", scope), None) for term in concept.iterfind("TermList/Term/String"))
    label = element.findtext(f"{tag}Name/String", "")
    term = Term(
        curie=f"mesh:{element.findtext(f'{tag}UI', '')}",
        label=label,
        kind=kind_in_mesh(trees) if tag == "Descriptor" else "substance",
        synonyms=tuple(name for name in names if name.text and name.text != label),
        same=tuple(c for n in numbers for c in (standard(f"unii:{n}") or standard(f"cas:{n}"),) if c),
    )
    return term, trees
