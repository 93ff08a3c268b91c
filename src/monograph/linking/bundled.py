"""The identifiers that are shipped: ``ontology/mappings.sssom.tsv`` and the Turtle made of it.

``python -m monograph.linking.bundled INDEX > new.tsv`` links the example articles with a vocabulary index and keeps
what curators wrote into the table; ``python -m monograph.linking.bundled > ontology/mappings.ttl`` makes the Turtle.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from monograph.linking.graph import link_quads
from monograph.linking.matching import link
from monograph.linking.run import bundled_mappings
from monograph.linking.things import things
from monograph.mappings.curation import curate
from monograph.mappings.model import Mapping
from monograph.mappings.sssom import write_sssom
from monograph.vocabularies.index import Index
from monograph.vocabularies.prefixes import rows
from monograph.vocabulary import graph_name, prefixes

__all__ = ["table", "turtle"]

_CURATED = "semapv:ManualMappingCuration"
_HEAD = "# Made from mappings.sssom.tsv by `python -m monograph.linking.bundled`; change the table, not this file.\n"
_METADATA = {
    "mapping_set_id": "https://w3id.org/monograph/mappings",
    "mapping_set_title": "Identifiers of what the example articles name",
    "mapping_set_description": "Exact matches of drugs, conditions and symptoms with terms of published vocabularies, "
    "each with the vocabulary that states it; single codes of SNOMED CT and UMLS as Mondo's mappings give them. Terms "
    "of HP are of the Human Phenotype Ontology (https://hpo.jax.org). Rows with the modifier Not record traps.",
    "license": "https://creativecommons.org/licenses/by/4.0/",
}


def table(index: Index) -> str:
    """The table anew: exact matches of what the example articles name, and the curated rows that it holds now."""
    from monograph.extraction import extract
    from monograph.loading import examples, load
    from monograph.store import memory_store

    word = [m for m in bundled_mappings() if m.justification == _CURATED]
    versions = {info.name: info.version for info in index.vocabularies()}
    with memory_store() as store:
        for path in examples():
            for document in load(path):
                extraction = extract(document)
                store.put(document, extraction.facts, extraction.gaps)
        found = curate(link(index, things(store)).mappings, word)
    kept = [m for m in found if m.negated or m.predicate == "skos:exactMatch"]
    told = [replace(m, tool_version="", object_source_version=versions.get(m.object_source, "")) for m in kept]
    return write_sssom(told, _METADATA, {**{row["prefix"]: row["namespace"] for row in rows()}, **prefixes()})


def turtle(mappings: list[Mapping]) -> str:
    """The mappings and their records as Turtle, the same bytes at every run."""
    from monograph.exports import turtle as write

    return _HEAD + write(quad.triple for quad in link_quads(mappings, graph_name("mappings"))).decode()


def _main() -> None:
    if len(sys.argv) > 1:
        with Index(sys.argv[1], read_only=True) as index:
            print(table(index), end="")
    else:
        print(turtle(bundled_mappings()), end="")


if __name__ == "__main__":
    _main()
