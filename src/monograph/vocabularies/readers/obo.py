"""OBO files, read by fastobo; frames that break its grammar are read without the broken clauses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Final

from monograph.errors import SourceError
from monograph.mappings.model import Mapping
from monograph.vocabularies.model import Scope, Synonym, Term, Vocabulary
from monograph.vocabularies.prefixes import standard
from monograph.vocabularies.reading import CHEBI_ROLE, below, curies, current, is_lay, kind_of, release, sha256_of, slug

__all__ = ["OboReader"]

_SCOPES: Final[dict[str, Scope]] = {"EXACT": "exact", "NARROW": "narrow", "BROAD": "broad", "RELATED": "related"}
_BATCH: Final = 100
_FRAME: Final = re.compile(r"\[\w+\]")
_ID: Final = re.compile(r"^id: *(\S+)", re.MULTILINE)
#: so many clauses that are no OBO may stand in one frame, such as lists of sources without their commas
_TRIES: Final = 20
_KEY: Final = re.compile(r"inchi_?key\S* \"([A-Z-]+)\"", re.IGNORECASE)
_MATCH: Final = re.compile(
    r"^property_value: *(?:skos:|http://www\.w3\.org/2004/02/skos/core#)"
    r"((?:exact|close|broad|narrow|related)Match) +\"?([^\s\"]+)",
    re.MULTILINE,
)


class OboReader:
    name: ClassVar = "obo"
    about: ClassVar = "ontologies in OBO format"

    def accepts(self, head: bytes, name: str) -> bool:
        return b"\n[Term]" in head or head.startswith(b"format-version:")

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        header = next(_stanzas(path))
        said = dict(re.findall(r"^([\w-]+): *(.*?) *$", header, re.MULTILINE))
        properties = dict(re.findall(r'^property_value: *(\S+) +"?([^"\n]*?)"?(?: xsd:\S+)? *$', header, re.MULTILINE))
        license_ = next((v for k, v in properties.items() if k.endswith((":license", "/license"))), "")
        if not license_ and (found := re.search(r"https?://creativecommons\.org/\S+", header)):
            license_ = found[0].rstrip(".")
        dropped: Counter[str] = Counter()
        return Vocabulary(
            name=slug(said.get("ontology", path.stem)),
            title=next((v for k, v in properties.items() if k.endswith((":title", "/title"))), ""),
            version=release(said.get("data-version") or said.get("date") or ""),
            license=license_,
            source=path.name,
            sha256=sha256_of(path),
            reader=self.name,
            terms=_terms(path, dropped),
            mappings=_mappings(path),
            dropped=dropped,
        )


def _stanzas(path: Path) -> Iterator[str]:
    """The header of the file, then each of its frames, as text that ends with a line break."""
    lines: list[str] = []
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for line in stream:
                if line.startswith("[") and _FRAME.match(line):
                    yield "".join(lines)
                    lines.clear()
                lines.append(line)
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: is not UTF-8 text ({error.reason}) - convert it first") from error
    yield "".join(lines).rstrip("\n") + "\n"


def _terms(path: Path, dropped: Counter[str]) -> Iterator[Term]:
    import fastobo

    roles = _roles(path)
    frames = islice(_stanzas(path), 1, None)
    # so many at once as is fast, so few that a broken frame makes few others slow and a large file needs little memory
    while batch := list(islice(frames, _BATCH)):
        try:
            read: Iterable[Any] = fastobo.loads("".join(batch))
        except SyntaxError:
            read = (frame for stanza in batch for frame in _without_what_is_broken(path, stanza, dropped))
        for frame in read:
            if isinstance(frame, fastobo.term.TermFrame):
                yield from _term(frame, roles, dropped)


def _roles(path: Path) -> frozenset[str]:
    """The roles of ChEBI, where the file has them."""
    parents = {}
    for stanza in _stanzas(path):
        if stanza.startswith("[Term]") and (found := _ID.search(stanza)):
            if not found[1].startswith("CHEBI:"):
                return frozenset()
            parents[found[1]] = re.findall(r"^is_a: *(\S+)", stanza, re.MULTILINE)
    return below(CHEBI_ROLE, parents) if CHEBI_ROLE in parents else frozenset()


def _mappings(path: Path) -> Iterator[Mapping]:
    """What the terms say of their matches elsewhere, ``property_value: skos:exactMatch DOID:4``."""
    for stanza in _stanzas(path):
        if "Match" in stanza and (found := _ID.search(stanza)):
            for match, other in _MATCH.findall(stanza):
                subject, object_ = standard(found[1]), standard(other)
                if subject and object_:
                    yield Mapping(subject, f"skos:{match}", object_, justification="semapv:UnspecifiedMatching")


def _without_what_is_broken(path: Path, stanza: str, dropped: Counter[str]) -> Iterator[Any]:
    """A frame, without the clauses that fastobo refuses."""
    import fastobo

    lines = stanza.strip().split("\n")
    for _ in range(_TRIES):
        try:
            yield from fastobo.loads("\n".join(lines) + "\n")
            return
        except SyntaxError as error:
            at = (error.lineno or 0) - 1
            if not 1 < at < len(lines):
                raise SourceError(f"{path}: the frame {lines[:2]} is no OBO ({error.msg}) - mend it") from error
            dropped[f"clauses '{lines.pop(at).partition(':')[0]}' that are no OBO"] += 1
    raise SourceError(f"{path}: the frame {lines[:2]} has many clauses that are no OBO - mend it")


def _term(frame: Any, roles: frozenset[str], dropped: Counter[str]) -> Iterator[Term]:
    if (curie := standard(str(frame.id))) is None:
        dropped[f"terms with the prefix {str(frame.id).partition(':')[0]}"] += 1
        return
    said: dict[str, list[str]] = {}
    synonyms: list[Synonym] = []
    for clause in frame:
        tag = clause.raw_tag()
        if tag == "synonym":
            lay = is_lay(str(clause.synonym.type or ""))
            synonyms.append(
                Synonym(clause.synonym.desc, "lay" if lay else _SCOPES.get(clause.synonym.scope, "related"))
            )
        else:
            said.setdefault(tag, []).append(str(clause.xref.id) if tag == "xref" else clause.raw_value())
    label, obsolete = current(said.get("name", [""])[0])
    yield Term(
        curie=curie,
        label=label,
        kind="drug-class" if curie in roles else kind_of(curie),
        synonyms=tuple(synonyms),
        parents=curies(said.get("is_a", ()), dropped),
        same=curies((f"inchikey:{k}" for v in said.get("property_value", ()) for k in _KEY.findall(v)), dropped),
        xrefs=curies(said.get("xref", ()), Counter()),
        obsolete=obsolete or said.get("is_obsolete") == ["true"],
        replaced_by=curies(said.get("replaced_by", ()), dropped),
        consider=curies(said.get("consider", ()), dropped),
    )
    for old in curies(said.get("alt_id", ()), dropped):
        yield Term(curie=old, kind=kind_of(old), obsolete=True, replaced_by=(curie,))
