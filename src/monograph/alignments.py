"""From the SSSOM table of alignments to Turtle: ``python -m monograph.alignments > ontology/alignments.ttl``."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from monograph.errors import SourceError
from monograph.vocabulary import prefixes

__all__ = ["Mapping", "MappingSet", "read_sssom", "turtle"]

_PREDICATES: Final = frozenset(f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related"))
_REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")


@dataclass(frozen=True, slots=True, order=True)
class Mapping:
    """One row: a subject, a SKOS match and an object, as CURIEs. ``negated`` rows say that there is no such match."""

    subject: str
    predicate: str
    object: str
    negated: bool = False
    subject_label: str = ""
    object_label: str = ""
    justification: str = ""
    author: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class MappingSet:
    """A table in SSSOM's TSV form: its metadata, its prefix map and its rows in the order of the file."""

    metadata: dict[str, str]
    curie_map: dict[str, str]
    mappings: tuple[Mapping, ...]


def read_sssom(text: str, name: str = "alignments.sssom.tsv") -> MappingSet:
    """The mapping set in ``text``.

    Raises SourceError, naming the file ``name`` and the line, on a row that lacks a column, on a predicate that is no
    SKOS match, and on a CURIE whose prefix the header does not declare.
    """
    lines = text.splitlines()
    comments = [line.removeprefix("#") for line in lines if line.startswith("#")]
    metadata: dict[str, str] = {}
    curie_map: dict[str, str] = {}
    for line in comments:
        key, _, value = line.partition(":")
        if value.strip():
            (curie_map if key.startswith(" ") else metadata)[key.strip()] = value.strip()
    rows = csv.DictReader(lines[len(comments) :], delimiter="\t", quoting=csv.QUOTE_NONE)
    mappings = []
    for number, row in enumerate(rows, start=len(comments) + 2):
        place = f"{name}, line {number}"
        if None in row or None in row.values() or not all(row.get(column) for column in _REQUIRED):
            raise SourceError(f"{place}: not as many cells as columns, or none of {', '.join(_REQUIRED)} - fill them")
        if row["predicate_id"] not in _PREDICATES:
            raise SourceError(f"{place}: {row['predicate_id']} is no SKOS match - use one of {sorted(_PREDICATES)}")
        for curie in (row["subject_id"], row["object_id"]):
            if curie.partition(":")[0] not in curie_map:
                raise SourceError(f"{place}: the prefix of {curie} is not in the curie_map - declare it there")
        mappings.append(
            Mapping(
                subject=row["subject_id"],
                predicate=row["predicate_id"],
                object=row["object_id"],
                negated=row.get("predicate_modifier") == "Not",
                subject_label=row.get("subject_label", ""),
                object_label=row.get("object_label", ""),
                justification=row["mapping_justification"],
                author=row.get("author_label", ""),
                comment=row.get("comment", ""),
            )
        )
    return MappingSet(metadata, curie_map, tuple(mappings))


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
    print(turtle(read_sssom(table)), end="")


if __name__ == "__main__":
    _main()
