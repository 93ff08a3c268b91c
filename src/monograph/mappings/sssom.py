"""SSSOM tables (https://w3id.org/sssom): read, and written so that the same mappings give the same bytes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from collections.abc import Mapping as Table
from typing import Final

from monograph.errors import SourceError
from monograph.mappings.model import Mapping, MappingSet
from monograph.vocabulary import mint, name_of

__all__ = ["COLUMNS", "read_sssom", "write_sssom"]

_REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_MATCHES: Final = frozenset(f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related"))
#: column -> field of a Mapping, in the order in which they are written
COLUMNS: Final = {
    "subject_id": "subject",
    "subject_label": "subject_label",
    "predicate_id": "predicate",
    "predicate_modifier": "negated",
    "object_id": "object",
    "object_label": "object_label",
    "mapping_justification": "justification",
    "author_label": "author",
    "subject_source": "subject_source",
    "object_source": "object_source",
    "object_source_version": "object_source_version",
    "mapping_tool": "tool",
    "mapping_tool_version": "tool_version",
    "confidence": "confidence",
    "match_string": "match_string",
    "comment": "comment",
}
#: columns of identifiers; a vocabulary of an index is one by its name
_SOURCES: Final = ("subject_source", "object_source")
_VOCABULARY: Final = mint("vocabulary", "x")[:-1]
#: prefixes that SSSOM itself knows
_BUILT_IN: Final = {
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


def read_sssom(text: str, name: str, *, spell: Callable[[str], str | None] | None = None) -> MappingSet:
    """The mapping set in ``text``; ``name`` is its file, for messages.

    Raises SourceError, naming file and line, on a row that lacks a cell, and, without ``spell``, on a predicate that
    is no SKOS match and on a CURIE whose prefix the header does not declare. ``spell`` gives a CURIE or an IRI in the
    spelling that is wanted, or None where it is not known: then the row is left out, counted and told.
    """
    # Only these end a line: labels may hold other characters that str.splitlines takes for an end.
    lines = text.replace("\r\n", "\n").split("\n")
    metadata, curie_map = _header(line.removeprefix("#") for line in lines if line.startswith("#"))
    table = [(number, line) for number, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    columns = table[0][1].split("\t") if table else []
    if missing := [column for column in _REQUIRED if column not in columns]:
        raise SourceError(
            f"{name}: no column {missing[0]} - write the table as SSSOM in TSV form, https://w3id.org/sssom/"
        )
    dropped: Counter[str] = Counter()
    unused: list[str] = []
    mappings: list[Mapping] = []
    for number, line in table[1:]:
        place = f"{name}, line {number}"
        cells = line.split("\t")
        row = dict(zip(columns, cells, strict=False))
        if len(cells) != len(columns) or not all(row[column] for column in _REQUIRED):
            raise SourceError(f"{place}: not as many cells as columns, or none of {', '.join(_REQUIRED)} - fill them")
        if spell is None:
            _check(row, curie_map, place)
        elif reason := _respell(row, curie_map, spell):
            dropped[reason.rpartition(": ")[0]] += 1
            unused.append(f"{place}: {reason}")
            continue
        mappings.append(_mapping(row, place))
    return MappingSet(metadata, curie_map, tuple(mappings), dropped, tuple(unused))


def _header(comments: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The metadata that are one value each, and the prefix map."""
    comments = list(comments)
    indent = min((len(c) - len(c.lstrip()) for c in comments if c.strip()), default=0)
    metadata: dict[str, str] = {}
    curie_map: dict[str, str] = {}
    block = ""
    for line in comments:
        key, _, value = line[indent:].partition(":")
        if not key.startswith((" ", "-")):
            block = key.strip()
        if value.strip() and (block == "curie_map" or not key.startswith((" ", "-"))):
            (curie_map if key.startswith(" ") else metadata)[key.strip().strip("\"'")] = value.strip().strip("\"'")
    return metadata, curie_map


def write_sssom(mappings: Iterable[Mapping], metadata: Table[str, str], prefixes: Table[str, str]) -> str:
    """``mappings`` as an SSSOM table, sorted; columns that no row fills are left out.

    ``metadata`` needs ``mapping_set_id`` and ``license``; ``prefixes`` are all that may be used, of which those that
    are used are declared. Raises SourceError where a row uses another.
    """
    rows = sorted({_cells(m) for m in mappings})
    names = list(COLUMNS)
    filled = [i for i, name in enumerate(names) if name in _REQUIRED or any(row[i] for row in rows)]
    known = {**_BUILT_IN, **prefixes}
    used = {"semapv", "skos"}
    for row in rows:
        for curie in (row[0], row[2], row[4], row[6]):
            if (prefix := curie.partition(":")[0]) not in known:
                raise SourceError(f"{curie} has a prefix that nobody declares - write it in the spelling of the map")
            used.add(prefix)
    head = ["#curie_map:", *(f"#  {prefix}: {known[prefix]}" for prefix in sorted(used))]
    head += [f"#{key}: {_flat(value)}" for key, value in sorted(metadata.items())]
    table = ["\t".join(names[i] for i in filled), *("\t".join(row[i] for i in filled) for row in rows)]
    return "\n".join([*head, *table]) + "\n"


def _cells(mapping: Mapping) -> tuple[str, ...]:
    out = []
    for column, name in COLUMNS.items():
        value = getattr(mapping, name)
        if column == "predicate_modifier":
            value = "Not" if value else ""
        elif column == "confidence":
            value = "" if value is None else f"{value:.4g}"
        elif column in _SOURCES and value and ":" not in value:
            value = mint("vocabulary", value)
        out.append(_flat(value))
    return tuple(out)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _check(row: dict[str, str], curie_map: dict[str, str], place: str) -> None:
    if row["predicate_id"] not in _MATCHES:
        raise SourceError(f"{place}: {row['predicate_id']} is no SKOS match - use one of {sorted(_MATCHES)}")
    for curie in (row["subject_id"], row["object_id"]):
        if curie.partition(":")[0] not in curie_map:
            raise SourceError(f"{place}: the prefix of {curie} is not in the curie_map - declare it there")


def _respell(row: dict[str, str], curie_map: dict[str, str], spell: Callable[[str], str | None]) -> str:
    """Puts the identifiers of ``row`` into the wanted spelling; the reason where one cannot be, else nothing."""
    for column in ("subject_id", "object_id"):
        curie = row[column]
        prefix, _, local = curie.partition(":")
        known = spell(curie)
        if known is None and prefix in curie_map:
            known = spell(curie_map[prefix] + local)
        if known is None:
            return f"rows with the prefix {prefix}: {curie}"
        row[column] = known
    return ""


def _mapping(row: dict[str, str], place: str) -> Mapping:
    said: dict[str, object] = {
        name: row.get(column) or "" for column, name in COLUMNS.items() if name not in ("negated", "confidence")
    }
    confidence = row.get("confidence") or ""
    try:
        number = float(confidence) if confidence else None
    except ValueError as error:
        raise SourceError(f"{place}: the confidence '{confidence}' is no number - write one from 0 to 1") from error
    if number is not None and not 0 <= number <= 1:
        raise SourceError(f"{place}: the confidence {confidence} is not from 0 to 1 - mend it")
    for name in _SOURCES:
        if (source := str(said[name])).startswith(_VOCABULARY):
            said[name] = name_of(source)
    if not said["author"]:
        said["author"] = row.get("author_id") or ""
    others = ((k, v) for k, v in row.items() if v and k not in COLUMNS and k != "author_id")
    modifier = row.get("predicate_modifier") or ""
    if modifier.casefold() not in ("", "not"):
        raise SourceError(f"{place}: the predicate_modifier '{modifier}' is not known - write Not, or nothing")
    return Mapping(**said, negated=bool(modifier), confidence=number, other=tuple(others))  # type: ignore[arg-type]
