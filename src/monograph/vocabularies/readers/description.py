"""What a YAML file says of a table, and whether it says it well; docs/vocabularies.md tells what the keys mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from monograph.errors import SourceError
from monograph.vocabularies.model import KINDS, SCOPES, Scope, TermKind

__all__ = ["IDENTIFIERS", "Cell", "Description", "describe", "known_tables"]

IDENTIFIERS: Final = ("parents", "same", "xrefs", "replaced_by", "consider")
_CELLS: Final = ("identifier", "names", *IDENTIFIERS, "obsolete", "ingredients")
_TEXTS: Final = ("name", "title", "license", "version", "delimiter", "encoding")
_SWITCHES: Final = ("quoted", "header", "labelled")
_LISTS: Final = ("columns", "files", "release")
_ALONE: Final = frozenset([*_TEXTS, *_SWITCHES, *_LISTS, *_CELLS, "rows", "kind", "beside"])
#: what a table that is read beside another says of itself
_BESIDE: Final = _ALONE - {"name", "title", "license", "version", "labelled", "release", "beside"}
_CELL: Final = frozenset(["column", "prefix", "separator", "pattern", "scope", "values", "where", "by"])


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in a row something stands: its column, the prefix of identifiers that have none, what parts several.

    ``where`` says what other columns must hold. With ``by`` the cell holds no identifier but the label of a term.
    """

    column: str
    prefix: str = ""
    separator: str = ""
    pattern: re.Pattern[str] | None = None
    scope: Scope = "exact"
    values: Mapping[str, TermKind] = field(default_factory=dict)
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    by: str = ""

    def texts(self, row: Mapping[str, str]) -> list[str]:
        """What the cell of ``row`` holds, each with its white space made single; none where ``where`` does not fit."""
        for column, values in self.where.items():
            if row[column] not in values:
                return []
        whole = row[self.column]
        parts = whole.split(self.separator) if self.separator else [whole]
        if self.pattern is not None:
            found = (self.pattern.search(part) for part in parts)
            parts = [match[1] if match.re.groups else match[0] for match in found if match]
        return [text for part in parts if (text := " ".join(part.split()))]


@dataclass(frozen=True, slots=True)
class Description:
    """A table: what it is called, how it is written, and what its columns are. ``beside`` are tables of the same
    vocabulary in further files; ``release`` are patterns of files that belong to it and are never read alone."""

    source: str
    columns: tuple[str, ...]
    identifier: tuple[Cell, ...]
    name: str = ""
    title: str = ""
    license: str = ""
    version: str = ""
    delimiter: str = ""
    encoding: str = "utf-8-sig"
    quoted: bool = True
    header: bool = True
    labelled: bool = False
    files: tuple[str, ...] = ()
    release: tuple[str, ...] = ()
    kind: Cell | TermKind = ""
    names: tuple[Cell, ...] = ()
    related: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)
    rows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    beside: tuple[Description, ...] = ()


@cache
def known_tables() -> tuple[Description, ...]:
    """The bundled descriptions; those that ask for most columns come first."""
    folder = files("monograph.vocabularies").joinpath("tables")
    found = [describe(f.read_text(encoding="utf-8"), f.name) for f in folder.iterdir() if f.name.endswith(".yaml")]
    return tuple(sorted(found, key=lambda d: (-len(d.columns), d.source)))


def describe(text: str, source: str) -> Description:
    """The description in a YAML file called ``source``; raises SourceError that names the key that is wrong."""
    import yaml

    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SourceError(f"{source}: is no YAML ({' '.join(str(error).split())}) - mend it") from error
    if not isinstance(said, dict) or "name" not in said:
        raise _Refuse(source)("name", "a description needs name, columns and identifier")
    tables = said.get("beside", [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) and one.get("files") for one in tables):
        raise _Refuse(source)("beside", "write a list of tables, each with its files, columns and identifier")
    first = _description(said, _ALONE, _Refuse(source))
    beside = (_description(one, _BESIDE, _Refuse(f"{source}: beside")) for one in tables)
    return replace(first, beside=tuple(beside))


@dataclass(frozen=True, slots=True)
class _Refuse:
    """Makes the errors about one file."""

    source: str

    def __call__(self, key: str, problem: str) -> SourceError:
        return SourceError(f"{self.source}: {key}: {problem} - see docs/vocabularies.md")


def _description(said: dict[Any, Any], keys: frozenset[str], refuse: _Refuse) -> Description:
    for key in ("columns", "identifier"):
        if key not in said:
            raise refuse(key, "is missing; a description needs name, columns and identifier")
    if unknown := [key for key in said if key not in keys]:
        raise refuse(str(unknown[0]), f"no such key; the keys are {', '.join(sorted(keys))}")
    for key in _TEXTS:
        if key in said and not isinstance(said[key], str | int | float):
            raise refuse(key, "write a text")
    for key in _SWITCHES:
        if key in said and not isinstance(said[key], bool):
            raise refuse(key, "write true or false")
    for key in _LISTS:
        if key in said and not (isinstance(said[key], list) and said[key]):
            raise refuse(key, "write a list, such as [first, second]")
    if len(str(said.get("delimiter", ","))) != 1:
        raise refuse("delimiter", 'write one character, such as ";" or "\\t"')
    _check_encoding(said, refuse)
    columns = tuple(str(column) for column in said["columns"])
    kind = said.get("kind", "")
    if not isinstance(kind, dict) and kind not in KINDS:
        raise refuse("kind", f"'{kind}' is no kind; take one of {', '.join(k for k in KINDS if k)}")
    cells = {key: _cells(key, said[key], columns, refuse) for key in _CELLS if key in said}
    written: dict[str, Any] = {
        **{key: str(said[key]) for key in _TEXTS if key in said},
        **{key: said[key] for key in _SWITCHES if key in said},
        **{key: tuple(map(str, said[key])) for key in ("files", "release") if key in said},
    }
    return Description(
        source=refuse.source,
        columns=columns,
        identifier=cells.pop("identifier"),
        names=cells.pop("names", ()),
        related=cells,
        kind=_cells("kind", kind, columns, refuse)[0] if isinstance(kind, dict) else kind,
        rows=_values("rows", said.get("rows", {}), columns, refuse),
        **written,
    )


def _check_encoding(said: dict[Any, Any], refuse: _Refuse) -> None:
    try:
        "".encode(str(said.get("encoding", "utf-8")))
    except LookupError as error:
        raise refuse("encoding", f"'{said['encoding']}' is no encoding; take utf-8, latin-1 or cp1252") from error


def _cells(key: str, value: Any, columns: tuple[str, ...], refuse: _Refuse) -> tuple[Cell, ...]:
    out = []
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict) or "column" not in one or not one.keys() <= _CELL:
            raise refuse(key, f"write 'column: NAME' and, where needed, {', '.join(sorted(_CELL - {'column'}))}")
        if str(one["column"]) not in columns:
            raise refuse(key, f"there is no column '{one['column']}' among {', '.join(columns)}")
        if one.get("scope", "exact") not in SCOPES:
            raise refuse(key, f"'{one['scope']}' is no scope; take one of {', '.join(SCOPES)}")
        if one.get("by", "label") != "label" or ("by" in one and key not in IDENTIFIERS):
            raise refuse(key, "by: can only be label, where identifiers are due")
        values = one.get("values", {})
        if not isinstance(values, dict) or not set(values.values()) <= set(KINDS):
            raise refuse(key, f"values: write 'TEXT: KIND' with the kinds {', '.join(k for k in KINDS if k)}")
        try:
            pattern = re.compile(str(one["pattern"])) if "pattern" in one else None
        except re.error as error:
            raise refuse(key, f"'{one['pattern']}' is no regular expression ({error})") from error
        texts = {name: str(one[name]) for name in ("column", "prefix", "separator", "scope", "by") if name in one}
        where = _values(f"{key}: where", one.get("where", {}), columns, refuse)
        out.append(Cell(**texts, pattern=pattern, where=where, values={str(k): v for k, v in values.items()}))  # type: ignore[arg-type]
    return tuple(out)


def _values(key: str, value: Any, columns: tuple[str, ...], refuse: _Refuse) -> dict[str, frozenset[str]]:
    """Column -> the values that it may hold."""
    if not isinstance(value, dict):
        raise refuse(key, "write 'COLUMN: VALUE' or 'COLUMN: [VALUE, VALUE]'")
    for column in value:
        if str(column) not in columns:
            raise refuse(key, f"there is no column '{column}' among {', '.join(columns)}")
    return {str(c): frozenset(map(str, v if isinstance(v, list) else [v])) for c, v in value.items()}
