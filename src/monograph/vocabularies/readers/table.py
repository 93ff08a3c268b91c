"""Tables, whose columns a YAML file describes: ``tables/`` for those that are known, the user's own for others.

docs/vocabularies.md tells what a description says.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, ClassVar, Final

from monograph.errors import SourceError
from monograph.vocabularies.model import Synonym, Term, TermKind, Vocabulary
from monograph.vocabularies.prefixes import standard
from monograph.vocabularies.readers.description import IDENTIFIERS, Cell, Description, describe, known_tables
from monograph.vocabularies.reading import PartOfAnother, current, kind_of, sha256_of

__all__ = ["TableReader"]

#: what may part the cells where the description does not say
_DELIMITERS: Final = "\t,;|"


class TableReader:
    name: ClassVar = "table"
    about: ClassVar = "tables whose columns are described in YAML"

    def accepts(self, head: bytes, name: str) -> bool:
        return _release_of(name) is not None or _known(head, name) is not None

    def read(self, path: Path, description: Path | None = None) -> Vocabulary:
        with path.open("rb") as stream:
            head = stream.read(64 * 1024)
        if description is not None:
            try:
                described: Description | None = describe(description.read_text(encoding="utf-8"), str(description))
            except (OSError, UnicodeDecodeError) as error:
                raise SourceError(f"{description}: cannot be read ({error}) - name a YAML file") from error
        elif (whole := _release_of(path.name)) is not None:
            raise PartOfAnother(
                f"{path}: is read, where it is needed, together with {whole.files[0]} of the same folder - add that"
            )
        else:
            described = _known(head, path.name)
        if described is None:
            known = ", ".join(d.name for d in known_tables())
            raise SourceError(f"{path}: no description fits this table - name one with --description (known: {known})")
        tables = [(path, described), *_beside(path, described)]
        dropped: Counter[str] = Counter()
        return Vocabulary(
            name=described.name,
            title=described.title,
            version=described.version,
            license=described.license,
            source=path.name,
            sha256=_sha256([where for where, _ in tables]),
            reader=self.name,
            terms=_terms(tables, dropped),
            dropped=dropped,
        )


def _known(head: bytes, name: str) -> Description | None:
    """The bundled description of a table: by the name of its file where it has no header, else by its header."""
    lines = head.decode("utf-8-sig", "replace").splitlines()
    for description in known_tables():
        if not description.header:
            if _named(name, description.files):
                return description
        elif lines and set(description.columns) <= set(_header(lines[0], description)[1]):
            return description
    return None


def _release_of(name: str) -> Description | None:
    """The description that reads a file of this name along with another."""
    for description in known_tables():
        if _named(name, description.release) and not _named(name, description.files):
            return description
    return None


def _named(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name.lower(), pattern.lower()) for pattern in patterns)


def _beside(path: Path, description: Description) -> Iterator[tuple[Path, Description]]:
    """The further files of the same release that are there, such as the hierarchy beside the names."""
    for table in description.beside:
        for pattern in table.files:
            *folders, last = pattern.split("/")
            folder = path.parent.joinpath(*folders)
            if folder.is_dir():
                yield from ((f, table) for f in sorted(folder.iterdir()) if f.is_file() and _named(f.name, (last,)))


def _sha256(paths: list[Path]) -> str:
    """Of one file that of its bytes; of several that of their hashes, in their order."""
    if len(paths) == 1:
        return sha256_of(paths[0])
    return hashlib.sha256("\n".join(map(sha256_of, paths)).encode()).hexdigest()


def _header(line: str, description: Description) -> tuple[str, list[str]]:
    """What parts the cells of a header, and the cells: where the description does not say, what gives most columns."""

    def cells(delimiter: str) -> list[str]:
        return [cell.strip() for cell in next(csv.reader([line], **_dialect(description, delimiter)), [])]

    best = max(description.delimiter or _DELIMITERS, key=lambda d: len(set(description.columns) & set(cells(d))))
    return best, cells(best)


def _dialect(description: Description, delimiter: str) -> dict[str, Any]:
    return {"delimiter": delimiter, "quoting": csv.QUOTE_MINIMAL if description.quoted else csv.QUOTE_NONE}


def _rows(path: Path, description: Description) -> Iterator[dict[str, str]]:
    with path.open(encoding=description.encoding, newline="") as stream:
        number = 0
        try:
            header, delimiter = list(description.columns), description.delimiter or "\t"
            if description.header:
                delimiter, header = _header(stream.readline().rstrip("\r\n"), description)
                if missing := [column for column in description.columns if column not in header]:
                    raise SourceError(
                        f"{path}, line 1: no column '{missing[0]}', which {description.source} names - "
                        "name the columns as the table does"
                    )
            reader = csv.reader(stream, **_dialect(description, delimiter))
            last = max(header.index(column) for column in description.columns)
            for cells in reader:
                number = reader.line_num + description.header
                if not cells:
                    continue
                if len(cells) <= last:
                    raise SourceError(
                        f"{path}, line {number}: {len(cells)} cells where {len(header)} are due - mend the row"
                    )
                row = dict(zip(header, cells, strict=False))
                if all(row[column] in values for column, values in description.rows.items()):
                    yield row
        except UnicodeDecodeError as error:
            raise SourceError(
                f"{path}, after line {number}: is not {description.encoding} ({error.reason}) - convert the file, or "
                "name its encoding in a description"
            ) from error
        except csv.Error as error:
            raise SourceError(f"{path}, line {number + 1}: {error} - mend the row or the description") from error


@dataclass(slots=True)
class _Gathered:
    """What the rows of one identifier say, while they are gathered."""

    kind: TermKind = ""
    names: dict[Synonym, None] = field(default_factory=dict)
    related: dict[str, dict[str, None]] = field(default_factory=dict)
    labels: dict[tuple[str, str], None] = field(default_factory=dict)
    obsolete: bool = False

    @property
    def label(self) -> str:
        return next((name.text for name in self.names if name.scope == "label"), "")


def _terms(tables: list[tuple[Path, Description]], dropped: Counter[str]) -> Iterator[Term]:
    """One term an identifier, whether it has one row or many."""
    gathered: dict[str, _Gathered] = {}
    for path, description in tables:
        for row in _rows(path, description):
            for curie in (c for cell in description.identifier for c in _identifiers(cell, row, dropped)):
                _gather(gathered.setdefault(curie, _Gathered()), curie, row, description, dropped)
    _resolve(gathered, dropped)
    for curie, found in gathered.items():
        label = found.label
        text, obsolete = current(label)
        if label or found.obsolete or not tables[0][1].labelled:
            yield Term(
                curie=curie,
                label=text,
                kind=found.kind,
                synonyms=tuple(
                    Synonym(name.text, "exact" if name.scope == "label" else name.scope)
                    for name in found.names
                    if name.text != label
                ),
                obsolete=found.obsolete or obsolete,
                **{key: tuple(values) for key, values in found.related.items()},
            )


def _resolve(gathered: dict[str, _Gathered], dropped: Counter[str]) -> None:
    """Puts identifiers in the place of the labels by which a row names other terms of its table."""
    if not any(found.labels for found in gathered.values()):
        return
    named: dict[str, str | None] = {}
    for curie, found in gathered.items():
        named[found.label] = None if found.label in named else curie
    for curie, found in gathered.items():
        for key, label in found.labels:
            other = named.get(label)
            if other is None:
                dropped[f"{key} by a label that names no term or several"] += 1
            elif other != curie:
                found.related.setdefault(key, {})[other] = None


def _gather(
    found: _Gathered, curie: str, row: Mapping[str, str], description: Description, dropped: Counter[str]
) -> None:
    if isinstance(description.kind, Cell):
        texts, kinds = description.kind.texts(row), description.kind.values
        found.kind = found.kind or next((kinds[text] for text in texts if text in kinds), "")
    else:
        found.kind = found.kind or description.kind or kind_of(curie)
    for cell in description.names:
        found.names.update((Synonym(text, cell.scope), None) for text in cell.texts(row))
    for key, cells in description.related.items():
        if key == "obsolete":
            found.obsolete = found.obsolete or any(cell.texts(row) for cell in cells)
            continue
        for cell in cells:
            if cell.by:
                found.labels.update(((key, text), None) for text in cell.texts(row))
            else:
                several = _identifiers(cell, row, dropped) if key in IDENTIFIERS else cell.texts(row)
                found.related.setdefault(key, {}).update((one, None) for one in several if one != curie)


def _identifiers(cell: Cell, row: Mapping[str, str], dropped: Counter[str]) -> Iterator[str]:
    for text in cell.texts(row):
        text = text.strip("<>")
        written = f"{cell.prefix}:{text}" if cell.prefix and not text.startswith(f"{cell.prefix}:") else text
        if (curie := standard(written)) is not None:
            yield curie
        else:
            said = f" with the prefix {text.partition(':')[0]}" if ":" in text and "://" not in text else ""
            dropped[f"identifiers in the column {cell.column}{said} that are not valid"] += 1
