"""From the SSSOM table of alignments to Turtle: ``python -m monograph.alignments > ontology/alignments.ttl``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files

from monograph.mappings.model import MappingSet
from monograph.mappings.sssom import read_sssom
from monograph.vocabulary import prefixes

__all__ = ["turtle"]


def turtle(mapping_set: MappingSet) -> str:
    """The matches of ``mapping_set`` as Turtle, sorted and without blank nodes; negated rows make no triple."""
    known = {**prefixes(), **mapping_set.curie_map}
    metadata = mapping_set.metadata
    version = metadata["mapping_set_version"]
    identifier = metadata["mapping_set_id"]
    used = {"dcterms", "owl", "skos"}
    blocks = []
    stated = sorted({(m.subject, m.predicate, m.object) for m in mapping_set.mappings if not m.negated})
    for subject in sorted({row[0] for row in stated}):
        pairs = [(predicate, target) for start, predicate, target in stated if start == subject]
        used |= {curie.partition(":")[0] for curie in (subject, *(target for _, target in pairs))}
        blocks.append(f"{subject} " + " ;\n    ".join(_objects(pairs)) + " .\n")
    head = [
        "# Made from alignments.sssom.tsv by `python -m monograph.alignments`; change the table, not this file.",
        *(f"@prefix {prefix}: <{known[prefix]}> ." for prefix in sorted(used)),
        "",
        f"<{identifier}> a owl:Ontology ;",
        f"    owl:versionIRI <{identifier.rsplit('/', 1)[0]}/releases/{version}/alignments> ;",
        f'    owl:versionInfo "{version}" ;',
        f"    dcterms:title {_literal(metadata['mapping_set_title'])} ;",
        f"    dcterms:description {_literal(metadata['mapping_set_description'])} ;",
        f"    dcterms:license <{metadata['license']}> .",
        "",
    ]
    return "\n".join(head) + "\n" + "\n".join(blocks)


def _objects(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """``predicate object , object`` for each predicate of sorted pairs."""
    grouped: dict[str, list[str]] = {}
    for predicate, target in pairs:
        grouped.setdefault(predicate, []).append(target)
    return [f"{predicate} {' , '.join(targets)}" for predicate, targets in grouped.items()]


def _literal(text: str) -> str:
    """``text`` as an English literal of Turtle; JSON's escapes are Turtle's."""
    return json.dumps(text, ensure_ascii=False) + "@en"


def _main() -> None:
    table = files("monograph.ontology").joinpath("alignments.sssom.tsv").read_text(encoding="utf-8")
    print(turtle(read_sssom(table, "alignments.sssom.tsv")), end="")


if __name__ == "__main__":
    _main()
