"""Ontologies and thesauri as RDF: OWL, SKOS and MeSH, in RDF/XML, Turtle, N-Triples or N-Quads, read by pyoxigraph."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Final, TypeAlias

from monograph.errors import SourceError
from monograph.mappings.model import Mapping
from monograph.vocabularies.model import Scope, Synonym, Term, Vocabulary
from monograph.vocabularies.prefixes import standard
from monograph.vocabularies.readers.entities import refuse_unsafe
from monograph.vocabularies.reading import (
    CHEBI_ROLE,
    below,
    curies,
    current,
    is_lay,
    kind_in_mesh,
    kind_of,
    release,
    sha256_of,
    slug,
)  # fmt: skip

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

_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
#: what says of which synonym of which term an axiom tells what
_AXIOM: Final = (f"{_OWL}annotatedSource", f"{_OWL}annotatedTarget", f"{_OIO}hasSynonymType")
#: how ChEBI calls the InChIKey of a substance
_KEY: Final = re.compile(r"inchi_?key(?:_string)?$", re.IGNORECASE)
_WANTED: Final = frozenset(
    [
        _TYPE, *_LABELS, *_SCOPES, *_PARENTS, *_MATCHES, *_MESH_CONCEPTS, *_MESH_TERMS,
        f"{_OBO}IAO_0100001", f"{_OIO}consider", f"{_OIO}hasAlternativeId", f"{_OIO}hasDbXref", f"{_MESH}treeNumber",
        f"{_MESH}active", *(f"{_OWL}{name}" for name in ("deprecated", "versionInfo", "versionIRI")),
    ]
)  # fmt: skip

#: how the first line of Turtle and of N-Triples that is no comment looks
_DIRECTIVE: Final = re.compile(rb"@?(?:prefix\s+[^\s:<>]*:\s*<|base\s+<)", re.IGNORECASE)
_TRIPLE: Final = re.compile(rb"(?:<[^<>\s]+>|_:\S+)\s+<[^<>\s]+>\s+(?:<[^<>\s]+>|\"|_:)")

_NOTHING: Final[dict[str, list[str]]] = {}
_Said: TypeAlias = defaultdict[str, defaultdict[str, list[str]]]


class RdfReader:
    name: ClassVar = "rdf"
    about: ClassVar = "OWL, SKOS and MeSH as RDF/XML, Turtle or N-Triples"

    def accepts(self, head: bytes, name: str) -> bool:
        return _format(head, name) is not None

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        said, types = _said(path)
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
            version=release(stated("versionInfo", "hasVersion", "versionIRI", "modified")),
            license=stated("license", "rights"),
            source=path.name,
            sha256=sha256_of(path),
            reader=self.name,
            terms=_terms(said, types, dropped),
            mappings=_mappings(said),
            dropped=dropped,
        )


def _format(head: bytes, name: str) -> str | None:
    """The extension of the RDF format that a file is in; what stands in it goes before what it is called."""
    if b"<rdf:RDF" in head:
        return "rdf"
    lines = (line.strip() for line in head.splitlines())
    first = next((line for line in lines if line and not line.startswith(b"#")), b"")
    if _DIRECTIVE.match(first):
        return "ttl"
    if _TRIPLE.match(first):
        return "nq"  # N-Triples are N-Quads
    return {"owl": "rdf", "rdf": "rdf", "ttl": "ttl", "nt": "nq", "nq": "nq"}.get(name.lower().rpartition(".")[2])


def _said(path: Path) -> tuple[_Said, dict[tuple[str, str], str]]:
    """Subject -> predicate -> values: IRIs, and texts that are English or of no language. Types are under 'type'.

    Only what the terms are made from is kept. Beside it the types of synonyms, which OWL says of axioms: (subject,
    text) -> type.
    """
    from pyoxigraph import Literal, NamedNode, RdfFormat, parse

    with path.open("rb") as stream:
        extension = _format(stream.read(64 * 1024), path.name) or "rdf"
    if extension == "rdf":
        refuse_unsafe(path)
    out: _Said = defaultdict(lambda: defaultdict(list))
    axioms: defaultdict[str, dict[str, str]] = defaultdict(dict)
    try:
        for quad in parse(path=str(path), format=RdfFormat.from_extension(extension), rename_blank_nodes=True):
            predicate, value = quad.predicate.value, quad.object
            if not isinstance(quad.subject, NamedNode):
                if predicate in _AXIOM and isinstance(value, NamedNode | Literal):
                    axioms[quad.subject.value][predicate] = value.value
            elif (isinstance(value, NamedNode) or (isinstance(value, Literal) and _english(value.language))) and (
                predicate in _WANTED or predicate.startswith(_DC) or _KEY.search(predicate)
            ):
                out[quad.subject.value]["type" if predicate == _TYPE else predicate].append(value.value)
    except (SyntaxError, ValueError) as error:
        raise SourceError(
            f"{path}: is no well-formed RDF ({error}) - mend it, or name its format with --reader"
        ) from error
    kinds = {(a.get(_AXIOM[0], ""), a.get(_AXIOM[1], "")): a.get(_AXIOM[2], "") for a in axioms.values()}
    return out, {about: kind for about, kind in kinds.items() if kind}


def _english(language: str | None) -> bool:
    return (language or "en").partition("-")[0] == "en"


def _terms(said: _Said, types: dict[tuple[str, str], str], dropped: Counter[str]) -> Iterator[Term]:
    roles = frozenset[str]()
    if _OBO + CHEBI_ROLE.replace(":", "_") in said:
        above = {c: curies(n.get(_PARENTS[0], ()), Counter()) for iri, n in said.items() if (c := standard(iri))}
        roles = below(CHEBI_ROLE, above)
    for iri, node in said.items():
        label = next((node[p][0] for p in _LABELS if node.get(p)), "")
        if not label or any(kind.endswith(("Property", "Ontology", "ConceptScheme")) for kind in node["type"]):
            continue
        if iri.startswith("http://id.nlm.nih.gov/mesh/") and not re.search(r"/[CD]\d+$", iri):
            continue  # the concepts, terms and tree numbers of MeSH are parts of its descriptors
        if (curie := standard(iri)) is None:
            dropped["terms whose IRI has no known prefix"] += 1
            continue
        label, obsolete = current(label)
        obsolete |= "true" in node.get(f"{_OWL}deprecated", ()) or "false" in node.get(f"{_MESH}active", ())
        synonyms = [
            Synonym(text, "lay" if is_lay(types.get((iri, text), "")) else scope)
            for p, scope in _SCOPES.items()
            for text in node.get(p, ())
        ]
        kind = kind_of(curie)
        if curie.startswith("mesh:"):
            supplementary = any(one.startswith(f"{_MESH}SCR_Chemical") for one in node["type"])
            places = (place.rpartition("/")[2] for place in node.get(f"{_MESH}treeNumber", ()))
            kind = "substance" if supplementary else kind_in_mesh(places)
        yield Term(
            curie=curie,
            label=label,
            kind="drug-class" if curie in roles else kind,
            synonyms=tuple(dict.fromkeys([*synonyms, *_mesh_names(said, node)])),
            parents=curies((v for p in _PARENTS for v in node.get(p, ())), Counter()),
            same=curies((f"inchikey:{v}" for p in node if _KEY.search(p) for v in node[p]), dropped),
            xrefs=curies(node.get(f"{_OIO}hasDbXref", ()), Counter()),
            obsolete=obsolete,
            replaced_by=curies(node.get(f"{_OBO}IAO_0100001", ()), dropped),
            consider=curies(node.get(f"{_OIO}consider", ()), dropped),
        )
        for old in curies(node.get(f"{_OIO}hasAlternativeId", ()), dropped):
            yield Term(curie=old, kind=kind_of(old), obsolete=True, replaced_by=(curie,))


def _mesh_names(said: _Said, node: dict[str, list[str]]) -> Iterator[Synonym]:
    for relation, scope in _MESH_CONCEPTS.items():
        for concept in node.get(relation, ()):
            for term in (t for r in _MESH_TERMS for t in said.get(concept, _NOTHING).get(r, ())):
                for predicate in (f"{_MESH}prefLabel", f"{_MESH}altLabel"):
                    for text in said.get(term, _NOTHING).get(predicate, ()):
                        yield Synonym(text, scope)


def _mappings(said: _Said) -> Iterator[Mapping]:
    for iri, node in said.items():
        for predicate, match in _MATCHES.items():
            for other in node.get(predicate, ()):
                subject, found = standard(iri), standard(other)
                if subject is not None and found is not None:
                    yield Mapping(subject, match, found, justification="semapv:UnspecifiedMatching")
