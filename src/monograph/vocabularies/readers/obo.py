"""OBO files, read by fastobo; those that break its grammar frame by frame, without the broken clauses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

from monograph.errors import SourceError
from monograph.vocabularies.model import Scope, Synonym, Term, Vocabulary
from monograph.vocabularies.prefixes import standard
from monograph.vocabularies.reading import curies, kind_of, sha256_of, slug

__all__ = ["OboReader"]

_SCOPES: Final[dict[str, Scope]] = {"EXACT": "exact", "NARROW": "narrow", "BROAD": "broad", "RELATED": "related"}
#: a line whose list of sources lacks its commas, as files of ten years ago have it
_TRIES: Final = 5


class OboReader:
    name: ClassVar = "obo"
    about: ClassVar = "ontologies in OBO format"

    def accepts(self, head: bytes, name: str) -> bool:
        return b"\n[Term]" in head or head.startswith(b"format-version:")

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        text = path.read_text(encoding="utf-8-sig")
        header, *stanzas = re.split(r"\n(?=\[\w+\])", text)
        said = dict(re.findall(r"^([\w-]+): *(.*?) *$", header, re.MULTILINE))
        properties = dict(re.findall(r'^property_value: *(\S+) +"?([^"\n]*?)"?(?: xsd:\S+)? *$', header, re.MULTILINE))
        license_ = next((v for k, v in properties.items() if k.endswith((":license", "/license"))), "")
        if not license_ and (found := re.search(r"https?://creativecommons\.org/\S+", header)):
            license_ = found[0].rstrip(".")
        dropped: Counter[str] = Counter()
        return Vocabulary(
            name=slug(said.get("ontology", path.stem)),
            title=next((v for k, v in properties.items() if k.endswith((":title", "/title"))), ""),
            version=said.get("data-version") or said.get("date") or "",
            license=license_,
            source=path.name,
            sha256=sha256_of(path),
            reader=self.name,
            terms=_terms(path, text, stanzas, dropped),
            dropped=dropped,
        )


def _terms(path: Path, text: str, stanzas: list[str], dropped: Counter[str]) -> Iterator[Term]:
    import fastobo

    frames: Iterable[Any]
    try:
        frames = fastobo.loads(text)
    except SyntaxError:
        frames = _frame_by_frame(path, stanzas, dropped)
    for frame in frames:
        if isinstance(frame, fastobo.term.TermFrame):
            yield from _term(frame, dropped)


def _frame_by_frame(path: Path, stanzas: list[str], dropped: Counter[str]) -> Iterator[Any]:
    """The frames of a file that fastobo refuses as a whole, each without the clauses that it refuses."""
    import fastobo

    for stanza in stanzas:
        lines = stanza.strip().split("\n")
        for _ in range(_TRIES):
            try:
                yield from fastobo.loads("\n".join(lines) + "\n")
                break
            except SyntaxError as error:
                at = (error.lineno or 0) - 1
                if not 1 < at < len(lines):
                    raise SourceError(f"{path}: the frame {lines[:2]} is no OBO ({error.msg}) - mend it") from error
                dropped[f"clauses '{lines.pop(at).partition(':')[0]}' that are no OBO"] += 1


def _term(frame: Any, dropped: Counter[str]) -> Iterator[Term]:
    if (curie := standard(str(frame.id))) is None:
        dropped[f"terms with the prefix {str(frame.id).partition(':')[0]}"] += 1
        return
    said: dict[str, list[str]] = {}
    synonyms: list[Synonym] = []
    for clause in frame:
        tag = clause.raw_tag()
        if tag == "synonym":
            synonyms.append(Synonym(clause.synonym.desc, _SCOPES.get(clause.synonym.scope, "related")))
        else:
            said.setdefault(tag, []).append(str(clause.xref.id) if tag == "xref" else clause.raw_value())
    label = said.get("name", [""])[0]
    obsolete = said.get("is_obsolete") == ["true"] or label.lower().startswith("obsolete ")
    yield Term(
        curie=curie,
        label=re.sub(r"^obsolete[ _]", "", label, flags=re.IGNORECASE) if obsolete else label,
        kind=kind_of(curie),
        synonyms=tuple(synonyms),
        parents=curies(said.get("is_a", ()), dropped),
        xrefs=curies(said.get("xref", ()), Counter()),
        obsolete=obsolete,
        replaced_by=curies(said.get("replaced_by", ()), dropped),
        consider=curies(said.get("consider", ()), dropped),
    )
    for old in curies(said.get("alt_id", ()), dropped):
        yield Term(curie=old, kind=kind_of(old), obsolete=True, replaced_by=(curie,))
