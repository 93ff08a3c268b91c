"""Tables, whose columns a YAML file describes: ``tables/`` for those that are known, the user's own for others.

docs/vocabularies.md tells what a description says.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar, Final, cast

from monograph.errors import SourceError
from monograph.vocabularies.model import KINDS, SCOPES, Scope, Synonym, Term, TermKind, Vocabulary
from monograph.vocabularies.prefixes import standard
from monograph.vocabularies.reading import kind_of, sha256_of

__all__ = ["Description", "TableReader", "describe", "known_tables"]

_IDENTIFIERS: Final = ("parents", "same", "xrefs", "replaced_by", "consider")
_KEYS: Final = frozenset(
    ["name", "title", "license", "version", "files", "columns", "delimiter", "quoted", "encoding", "header", "rows",
     "identifier", "kind", "names", "obsolete", "ingredients", *_IDENTIFIERS]
)  # fmt: skip
_CELL: Final = frozenset(["column", "prefix", "separator", "pattern", "scope", "values"])


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where in a row something stands: its column, the prefix of identifiers that have none, what parts several."""

    column: str
    prefix: str = ""
    separator: str = ""
    pattern: re.Pattern[str] | None = None
    scope: Scope = "exact"
    values: dict[str, TermKind] = field(default_factory=dict)

    def texts(self, row: Mapping[str, str]) -> list[str]:
        whole = row[self.column]
        parts = whole.split(self.separator) if self.separator else [whole]
        if self.pattern is not None:
            found = (self.pattern.search(part) for part in parts)
            parts = [match[1] if match.re.groups else match[0] for match in found if match]
        return [text for part in parts if (text := " ".join(part.split()))]


@dataclass(frozen=True, slots=True)
class Description:
    """What a YAML file says of a table; docs/vocabularies.md has the keys."""

    source: str
    said: dict[str, Any]
    columns: tuple[str, ...]
    identifier: tuple[_Cell, ...]
    kind: _Cell | TermKind
    names: tuple[_Cell, ...]
    related: dict[str, tuple[_Cell, ...]]
    rows: dict[str, frozenset[str]]


class TableReader:
    name: ClassVar = "table"
    about: ClassVar = "tables whose columns are described in YAML"

    def accepts(self, head: bytes, name: str) -> bool:
        return _known(head, name) is not None

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        with path.open("rb") as stream:
            head = stream.read(64 * 1024)
        if description is not None:
            described: Description | None = describe(description.read_text(encoding="utf-8"), str(description))
        else:
            described = _known(head, path.name)
        if described is None:
            known = ", ".join(d.said["name"] for d in known_tables())
            raise SourceError(f"{path}: no description fits this table - name one with --description (known: {known})")
        dropped: Counter[str] = Counter()
        return Vocabulary(
            name=described.said["name"],
            title=described.said.get("title", ""),
            version=str(described.said.get("version", "")),
            license=described.said.get("license", ""),
            source=path.name,
            sha256=sha256_of(path),
            reader=self.name,
            terms=_terms(path, described, dropped),
            dropped=dropped,
        )


@cache
def known_tables() -> tuple[Description, ...]:
    """The bundled descriptions; those that ask for most columns come first."""
    folder = files("monograph.vocabularies").joinpath("tables")
    found = [describe(f.read_text(encoding="utf-8"), f.name) for f in folder.iterdir() if f.name.endswith(".yaml")]
    return tuple(sorted(found, key=lambda d: (-len(d.columns), d.source)))


def describe(text: str, source: str) -> Description:
    """The description in a YAML file called ``source``; raises SourceError that names the key that is wrong."""
    import yaml

    def refuse(key: str, problem: str) -> SourceError:
        return SourceError(f"{source}: {key}: {problem} - see docs/vocabularies.md")

    def cells(key: str, value: Any) -> tuple[_Cell, ...]:
        out = []
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, dict) or "column" not in one or not one.keys() <= _CELL:
                raise refuse(key, f"write 'column: NAME' and, where needed, {', '.join(sorted(_CELL - {'column'}))}")
            if one["column"] not in columns:
                raise refuse(key, f"there is no column '{one['column']}' among {', '.join(columns)}")
            if one.get("scope", "exact") not in SCOPES:
                raise refuse(key, f"'{one['scope']}' is no scope; take one of {', '.join(SCOPES)}")
            if not set(one.get("values", {}).values()) <= set(KINDS):
                raise refuse(key, f"values must be kinds: {', '.join(k for k in KINDS if k)}")
            try:
                pattern = re.compile(one["pattern"]) if "pattern" in one else None
            except re.error as error:
                raise refuse(key, f"'{one['pattern']}' is no regular expression ({error})") from error
            out.append(_Cell(**{**one, "pattern": pattern}))
        return tuple(out)

    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SourceError(f"{source}: is no YAML ({' '.join(str(error).split())}) - mend it") from error
    if not isinstance(said, dict) or not {"name", "columns", "identifier"} <= said.keys():
        raise refuse("name, columns, identifier", "a description needs these three")
    if unknown := said.keys() - _KEYS:
        raise refuse(sorted(unknown)[0], f"no such key; the keys are {', '.join(sorted(_KEYS))}")
    columns = tuple(str(column) for column in said["columns"])
    kind = said.get("kind", "")
    if isinstance(kind, str) and kind not in KINDS:
        raise refuse("kind", f"'{kind}' is no kind; take one of {', '.join(k for k in KINDS if k)}")
    related = {key: cells(key, said[key]) for key in (*_IDENTIFIERS, "obsolete", "ingredients") if key in said}
    for column in said.get("rows", {}):
        if column not in columns:
            raise refuse("rows", f"there is no column '{column}' among {', '.join(columns)}")
    return Description(
        source=source,
        said=said,
        columns=columns,
        identifier=cells("identifier", said["identifier"]),
        kind=cells("kind", kind)[0] if isinstance(kind, dict) else cast("TermKind", kind),
        names=cells("names", said["names"]) if "names" in said else (),
        related=related,
        rows={
            c: frozenset(str(v) for v in (w if isinstance(w, list) else [w])) for c, w in said.get("rows", {}).items()
        },
    )


def _known(head: bytes, name: str) -> Description | None:
    """The bundled description of a table: by the name of its file where it has no header, else by its header."""
    lines = head.decode("utf-8-sig", "replace").splitlines()
    for description in known_tables():
        if description.said.get("header", True) is False:
            if any(fnmatch(name.lower(), pattern.lower()) for pattern in description.said.get("files", ())):
                return description
        elif lines and set(description.columns) <= set(_cells(lines[0], description)):
            return description
    return None


def _cells(line: str, description: Description) -> list[str]:
    return [c.strip() for c in next(csv.reader([line], **_dialect(description)), [])]


def _dialect(description: Description) -> dict[str, Any]:
    quoted = description.said.get("quoted", True)
    return {
        "delimiter": description.said.get("delimiter", "\t"),
        "quoting": csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    }


def _rows(path: Path, description: Description) -> Iterator[dict[str, str]]:
    with path.open(encoding=description.said.get("encoding", "utf-8-sig"), newline="") as stream:
        reader = csv.reader(stream, **_dialect(description))
        try:
            header = list(description.columns)
            if description.said.get("header", True):
                header = [cell.strip() for cell in next(reader, [])]
                if missing := set(description.columns) - set(header):
                    raise SourceError(
                        f"{path}, line 1: no column '{sorted(missing)[0]}', which {description.source} names"
                    )
            for cells in reader:
                row = dict(zip(header, cells, strict=False))
                if cells and len(cells) < len(header) and any(column not in row for column in description.columns):
                    raise SourceError(f"{path}, line {reader.line_num}: {len(cells)} cells where {len(header)} are due")
                if cells and all(row[column] in values for column, values in description.rows.items()):
                    yield row
        except (csv.Error, UnicodeDecodeError) as error:
            raise SourceError(
                f"{path}, line {reader.line_num + 1}: {error} - mend the row or the description"
            ) from error


@dataclass(slots=True)
class _Gathered:
    """What the rows of one identifier say, while they are gathered."""

    kind: TermKind = ""
    names: dict[Synonym, None] = field(default_factory=dict)
    related: dict[str, dict[str, None]] = field(default_factory=dict)
    obsolete: bool = False


def _terms(path: Path, description: Description, dropped: Counter[str]) -> Iterator[Term]:
    """One term an identifier, whether it has one row or many."""
    gathered: dict[str, _Gathered] = {}
    for row in _rows(path, description):
        for curie in (c for cell in description.identifier for c in _identifiers(cell, row, dropped)):
            _gather(gathered.setdefault(curie, _Gathered()), curie, row, description, dropped)
    for curie, found in gathered.items():
        label = next((name.text for name in found.names if name.scope == "label"), "")
        yield Term(
            curie=curie,
            label=label,
            kind=found.kind,
            synonyms=tuple(
                Synonym(name.text, "exact" if name.scope == "label" else name.scope)
                for name in found.names
                if name.text != label
            ),
            obsolete=found.obsolete,
            **{key: tuple(values) for key, values in found.related.items()},
        )


def _gather(
    found: _Gathered, curie: str, row: Mapping[str, str], description: Description, dropped: Counter[str]
) -> None:
    if isinstance(description.kind, _Cell):
        texts = description.kind.texts(row)
        found.kind = found.kind or next((description.kind.values[t] for t in texts if t in description.kind.values), "")
    else:
        found.kind = description.kind or kind_of(curie)
    for cell in description.names:
        found.names.update((Synonym(text, cell.scope), None) for text in cell.texts(row))
    for key, cells in description.related.items():
        if key == "obsolete":
            found.obsolete = found.obsolete or any(cell.texts(row) for cell in cells)
        elif key == "ingredients":
            found.related.setdefault(key, {}).update((text, None) for cell in cells for text in cell.texts(row))
        else:
            several = (c for cell in cells for c in _identifiers(cell, row, dropped))
            found.related.setdefault(key, {}).update((c, None) for c in several if c != curie)


def _identifiers(cell: _Cell, row: Mapping[str, str], dropped: Counter[str]) -> Iterator[str]:
    for text in cell.texts(row):
        text = text.strip("<>")
        written = f"{cell.prefix}:{text}" if cell.prefix and not text.startswith(f"{cell.prefix}:") else text
        if (curie := standard(written)) is not None:
            yield curie
        else:
            dropped[f"identifiers in the column {cell.column} that none can be"] += 1
