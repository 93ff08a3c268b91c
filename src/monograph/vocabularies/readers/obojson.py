"""Ontologies as OBO graphs in JSON (https://github.com/geneontology/obographs)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from monograph.errors import SourceError
from monograph.mappings.model import Mapping
from monograph.vocabularies.model import Scope, Synonym, Term, Vocabulary
from monograph.vocabularies.prefixes import standard
from monograph.vocabularies.reading import CHEBI_ROLE, below, curies, current, is_lay, kind_of, release, sha256_of, slug

__all__ = ["OboJsonReader"]

T = TypeVar("T")

_SCOPES: Final[dict[str, Scope]] = {
    "hasExactSynonym": "exact",
    "hasNarrowSynonym": "narrow",
    "hasBroadSynonym": "broad",
    "hasRelatedSynonym": "related",
}


#: how ChEBI calls the InChIKey of a substance
_KEYS: Final = ("inchikey", "inchi_key_string")


class OboJsonReader:
    name: ClassVar = "obojson"
    about: ClassVar = "ontologies as OBO graphs in JSON"

    def accepts(self, head: bytes, name: str) -> bool:
        return head.lstrip().startswith(b"{") and b'"graphs"' in head

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        try:
            graphs = json.loads(path.read_bytes())["graphs"]
            meta = graphs[0].get("meta", {})
            said = {_local(p["pred"]): p["val"] for p in meta.get("basicPropertyValues", ())}
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise SourceError(f"{path}: is no OBO graph in JSON ({error!r}) - mend it, or name its --reader") from error
        dropped: Counter[str] = Counter()
        return Vocabulary(
            name=slug(Path(graphs[0].get("id", path.stem)).stem),
            title=said.get("title", ""),
            version=release(said.get("versionInfo", meta.get("version", ""))),
            license=said.get("license", ""),
            source=path.name,
            sha256=sha256_of(path),
            reader=self.name,
            terms=_told(path, _terms(graphs, dropped)),
            mappings=_told(path, _mappings(graphs)),
            dropped=dropped,
        )


def _told(path: Path, found: Iterator[T]) -> Iterator[T]:
    """``found``, and what is amiss with a node or an edge as an error that names the file."""
    try:
        yield from found
    except (KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"{path}: a node or an edge of the OBO graph is broken ({error!r}) - mend it") from error


def _local(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition("#")[2]


def _terms(graphs: list[dict[str, Any]], dropped: Counter[str]) -> Iterator[Term]:
    parents: defaultdict[str, list[str]] = defaultdict(list)
    for edge in (e for graph in graphs for e in graph.get("edges", ())):
        if edge["pred"] == "is_a":
            parents[edge["sub"]].append(edge["obj"])
    roles = below(CHEBI_ROLE, {c: tuple(curies(p, Counter())) for s, p in parents.items() if (c := standard(s))})
    for node in (n for graph in graphs for n in graph.get("nodes", ())):
        if node.get("type") != "CLASS" or not node.get("lbl"):
            continue
        if (curie := standard(node["id"])) is None:
            dropped["terms whose IRI has no known prefix"] += 1
            continue
        meta = node.get("meta", {})
        properties: defaultdict[str, list[str]] = defaultdict(list)
        for one in meta.get("basicPropertyValues", ()):
            properties[_local(one["pred"])].append(one["val"])
        label, obsolete = current(node["lbl"])
        yield Term(
            curie=curie,
            label=label,
            kind="drug-class" if curie in roles else kind_of(curie),
            synonyms=tuple(
                Synonym(s["val"], "lay" if is_lay(s.get("synonymType", "")) else _SCOPES.get(s["pred"], "related"))
                for s in meta.get("synonyms", ())
            ),
            parents=curies(parents[node["id"]], Counter()),
            same=curies((f"inchikey:{k}" for p in _KEYS for k in properties[p]), dropped),
            xrefs=curies((x["val"] for x in meta.get("xrefs", ())), Counter()),
            obsolete=obsolete or bool(meta.get("deprecated")),
            replaced_by=curies(properties["IAO_0100001"], dropped),
            consider=curies(properties["consider"], dropped),
        )
        for old in curies(properties["hasAlternativeId"], dropped):
            yield Term(curie=old, kind=kind_of(old), obsolete=True, replaced_by=(curie,))


def _mappings(graphs: list[dict[str, Any]]) -> Iterator[Mapping]:
    for node in (n for graph in graphs for n in graph.get("nodes", ())):
        for one in node.get("meta", {}).get("basicPropertyValues", ()):
            if (match := _local(one["pred"])).endswith("Match"):
                subject, other = standard(node["id"]), standard(one["val"])
                if subject and other:
                    yield Mapping(subject, f"skos:{match}", other, justification="semapv:UnspecifiedMatching")
