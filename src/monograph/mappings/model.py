"""A mapping between two identifiers, as SSSOM (https://w3id.org/sssom/) has it, and a set of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Mapping", "MappingSet"]


@dataclass(frozen=True, slots=True, order=True)
class Mapping:
    """One row: a subject, a SKOS match and an object, as CURIEs. ``negated`` rows say that there is no such match.

    ``confidence`` is from 0 to 1, None where none is stated. ``justification`` is a term of SEMAPV
    (``semapv:LexicalMatching``, ``semapv:ManualMappingCuration``, ``semapv:MappingChaining``); ``tool`` is the program
    with its version; ``subject_source`` and ``object_source`` are vocabularies with their versions; ``other`` is what
    the row says in further columns, by their names.
    """

    subject: str
    predicate: str
    object: str
    negated: bool = False
    subject_label: str = ""
    object_label: str = ""
    justification: str = ""
    author: str = ""
    comment: str = ""
    confidence: float | None = None
    tool: str = ""
    tool_version: str = ""
    subject_source: str = ""
    object_source: str = ""
    object_source_version: str = ""
    match_string: str = ""
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MappingSet:
    """A table in SSSOM's TSV form: its metadata, its prefix map and its rows in the order of the file.

    ``dropped`` counts the rows that could not be used: reason -> how often; ``unused`` tells each with file and line.
    """

    metadata: dict[str, str]
    curie_map: dict[str, str]
    mappings: tuple[Mapping, ...]
    dropped: Counter[str] = field(default_factory=Counter)
    unused: tuple[str, ...] = ()
