"""The graphs of a store that belong to no document: the ontology, the mappings, and what the dataset says of itself."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, parse

from monograph.vocabulary import DISCLAIMER, ONTOLOGY, expand, graph_name, mint

__all__ = ["stamp", "standing_graphs"]

#: Turtle files of the ontology folder that are tools, not content
_TOOLS = ("shapes", "prefixes")
_MAPPINGS = ("alignments", "mappings")


def _sources() -> list[tuple[str, bytes]]:
    found = [
        f for f in files("monograph.ontology").iterdir() if f.name.endswith(".ttl") and not f.name.startswith(_TOOLS)
    ]
    return sorted((f.name, f.read_bytes()) for f in found)


@cache
def stamp() -> str:
    """A digest of what :func:`standing_graphs` returns, cheap to compute."""
    digest = hashlib.sha256(version("monograph").encode())
    for name, data in _sources():
        digest.update(name.encode() + b"\0" + data)
    return digest.hexdigest()


def standing_graphs() -> dict[str, list[Quad]]:
    """Graph IRI -> its quads. Blank nodes of OWL axioms have canonical names, so the same ontology gives the same."""
    ontology, mappings = NamedNode(graph_name("ontology")), NamedNode(graph_name("mappings"))
    gathered = Dataset()
    for name, data in _sources():
        graph = mappings if name.startswith(_MAPPINGS) else ontology
        for quad in parse(data, format=RdfFormat.TURTLE, rename_blank_nodes=True):
            gathered.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    gathered.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    out: dict[str, list[Quad]] = {ontology.value: [], mappings.value: []}
    for quad in gathered:
        out[quad.graph_name.value].append(quad)
    out[graph_name("dataset")] = _description()
    return out


def _description() -> list[Quad]:
    dataset = NamedNode(graph_name("dataset"))
    tool = f"monograph {version('monograph')}"
    agent = NamedNode(mint("software", tool))
    about: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (dataset, "rdf:type", NamedNode(expand("void:Dataset"))),
        (dataset, "rdf:type", NamedNode(expand("dcat:Dataset"))),
        (dataset, "dcterms:title", _english("What drug documents state")),
        (
            dataset,
            "dcterms:description",
            _english("Facts about drugs as documents state them, each with the place in its document that states it."),
        ),
        (dataset, "dcterms:rights", _english(DISCLAIMER)),
        (
            dataset,
            "dcterms:license",
            _english("Each document has its own licence, named at its node; quotes are under that licence."),
        ),
        (dataset, "void:vocabulary", NamedNode(ONTOLOGY)),
        (dataset, "prov:wasAttributedTo", agent),
        (agent, "rdf:type", NamedNode(expand("prov:SoftwareAgent"))),
        (agent, "rdfs:label", _english(tool)),
    ]
    return [Quad(subject, NamedNode(expand(path)), value, dataset) for subject, path, value in about]


def _english(text: str) -> Literal:
    return Literal(text, language="en")
