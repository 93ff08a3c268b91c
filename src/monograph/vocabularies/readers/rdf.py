"""Ontologies and thesauri as RDF: OWL, SKOS and MeSH, in RDF/XML, Turtle, N-Triples or N-Quads, read by pyoxigraph."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

from monograph.errors import SourceError
from monograph.mappings.model import Mapping
from monograph.vocabularies.model import Scope, Synonym, Term, Vocabulary
from monograph.vocabularies.prefixes import standard
from monograph.vocabularies.reading import curies, kind_of, sha256_of, slug

__all__ = ["RdfReader"]

_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_MESH: Final = "http://id.nlm.nih.gov/mesh/vocab#"
_OIO: Final = "http://www.geneontology.org/formats/oboInOwl#"
_OBO: Final = "http://purl.obolibrary.org/obo/"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_DC: Final = ("http://purl.org/dc/terms/", "http://purl.org/dc/elements/1.1/")

_LABELS: Final = (f"{_SKOS}prefLabel", f"{_RDFS}label", f"{_MESH}prefLabel")
_SCOPES: Final[dict[str, Scope]] = {
    f"{_OIO}hasExactSynonym": "exact",
    f"{_OIO}hasNarrowSynonym": "narrow",
    f"{_OIO}hasBroadSynonym": "broad",
    f"{_OIO}hasRelatedSynonym": "related",
    f"{_SKOS}altLabel": "exact",
    f"{_MESH}altLabel": "exact",
    f"{_OBO}IAO_0000118": "exact",
    f"{_SKOS}hiddenLabel": "related",
}
_PARENTS: Final = (f"{_RDFS}subClassOf", f"{_SKOS}broader", f"{_MESH}broaderDescriptor")
_MATCHES: Final = {f"{_SKOS}{k}Match": f"skos:{k}Match" for k in ("exact", "close", "broad", "narrow", "related")}
#: from a MeSH descriptor to its names: those of the preferred concept are its own, those of others are narrower
_MESH_CONCEPTS: Final[dict[str, Scope]] = {f"{_MESH}preferredConcept": "exact", f"{_MESH}concept": "narrow"}
_MESH_TERMS: Final = (f"{_MESH}preferredTerm", f"{_MESH}term")


class RdfReader:
    name: ClassVar = "rdf"
    about: ClassVar = "OWL, SKOS and MeSH as RDF/XML, Turtle or N-Triples"

    def accepts(self, head: bytes, name: str) -> bool:
        marks = (b"<rdf:RDF", b"@prefix", b"PREFIX ", b"@base")
        return any(mark in head for mark in marks) or name.endswith((".ttl", ".nt", ".nq", ".owl", ".rdf"))

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        said = _said(path)
        about = next(
            (s for s, p in said.items() if f"{_OWL}Ontology" in p["type"] or f"{_SKOS}ConceptScheme" in p["type"]), ""
        )
        ontology = said.get(about, defaultdict(list))

        def stated(*names: str) -> str:
            return next(
                (ontology[base + n][0] for n in names for base in (*_DC, _OWL, _RDFS) if ontology.get(base + n)), ""
            )

        dropped: Counter[str] = Counter()
        return Vocabulary(
            name=slug(re.sub(r"\.(?:owl|rdf|ttl|nt)$", "", about.rstrip("/#").rpartition("/")[2]) or path.stem),
            title=stated("title", "label"),
            version=stated("versionInfo", "hasVersion", "versionIRI", "modified"),
            license=stated("license", "rights"),
            source=path.name,
            sha256=sha256_of(path),
            reader=self.name,
            terms=_terms(said, dropped),
            mappings=_mappings(said),
            dropped=dropped,
        )


def _said(path: Path) -> dict[str, defaultdict[str, list[str]]]:
    """Subject -> predicate -> values: IRIs, and texts that are English or of no language. Types are under 'type'."""
    from pyoxigraph import Literal, NamedNode, RdfFormat, parse

    format_ = RdfFormat.from_extension(path.suffix.lstrip(".").replace("owl", "rdf")) or RdfFormat.RDF_XML
    with path.open("rb") as stream:
        head = stream.read(2048)
    if b"<rdf:RDF" in head or head.lstrip().startswith(b"<?xml"):
        format_ = RdfFormat.RDF_XML
    elif b"@prefix" in head:
        format_ = RdfFormat.TURTLE
    out: dict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in parse(path=str(path), format=format_, rename_blank_nodes=True):
            if not isinstance(quad.subject, NamedNode):
                continue
            predicate = quad.predicate.value
            if predicate.endswith("#type"):
                predicate = "type"
            if isinstance(quad.object, NamedNode) or (
                isinstance(quad.object, Literal) and (quad.object.language or "en").startswith("en")
            ):
                out[quad.subject.value][predicate].append(quad.object.value)
    except (SyntaxError, ValueError) as error:
        raise SourceError(
            f"{path}: is no well-formed RDF ({error}) - mend it, or name its format with --reader"
        ) from error
    return out


def _terms(said: dict[str, Any], dropped: Counter[str]) -> Iterator[Term]:
    for iri, node in said.items():
        label = next((node[p][0] for p in _LABELS if node.get(p)), "")
        if not label or any(kind.endswith(("Property", "Ontology", "ConceptScheme")) for kind in node["type"]):
            continue
        if iri.startswith("http://id.nlm.nih.gov/mesh/") and not re.search(r"/[CD]\d+$", iri):
            continue  # the concepts, terms and tree numbers of MeSH are parts of its descriptors
        if (curie := standard(iri)) is None:
            dropped["terms whose IRI has no known prefix"] += 1
            continue
        obsolete = "true" in node.get(f"{_OWL}deprecated", ()) or "false" in node.get(f"{_MESH}active", ())
        obsolete = obsolete or label.lower().startswith("obsolete ")
        synonyms = [Synonym(text, scope) for p, scope in _SCOPES.items() for text in node.get(p, ())]
        yield Term(
            curie=curie,
            label=re.sub(r"^obsolete[ _]", "", label, flags=re.IGNORECASE) if obsolete else label,
            kind=kind_of(curie),
            synonyms=tuple(dict.fromkeys([*synonyms, *_mesh_names(said, node)])),
            parents=curies((v for p in _PARENTS for v in node.get(p, ())), Counter()),
            xrefs=curies(node.get(f"{_OIO}hasDbXref", ()), Counter()),
            obsolete=obsolete,
            replaced_by=curies(node.get(f"{_OBO}IAO_0100001", ()), dropped),
            consider=curies(node.get(f"{_OIO}consider", ()), dropped),
        )
        for old in curies(node.get(f"{_OIO}hasAlternativeId", ()), dropped):
            yield Term(curie=old, kind=kind_of(old), obsolete=True, replaced_by=(curie,))


def _mesh_names(said: dict[str, Any], node: Any) -> Iterator[Synonym]:
    for relation, scope in _MESH_CONCEPTS.items():
        for concept in node.get(relation, ()):
            for term in (t for r in _MESH_TERMS for t in said.get(concept, {}).get(r, ())):
                for predicate in (f"{_MESH}prefLabel", f"{_MESH}altLabel"):
                    for text in said.get(term, {}).get(predicate, ()):
                        yield Synonym(text, scope)


def _mappings(said: dict[str, Any]) -> Iterator[Mapping]:
    for iri, node in said.items():
        for predicate, match in _MATCHES.items():
            for other in node.get(predicate, ()):
                subject, found = standard(iri), standard(other)
                if subject is not None and found is not None:
                    yield Mapping(subject, match, found, justification="semapv:UnspecifiedMatching")
