"""XML that declares entities: which of them may be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from monograph.errors import SourceError

__all__ = ["refuse_unsafe"]

#: longer than any namespace that OWL files abbreviate by an entity
_LONGEST: Final = 250


class _Begun(Exception):
    """The root element: no entity can be declared after it."""


def refuse_unsafe(path: Path) -> None:
    """Reads an XML file up to its root; raises SourceError where that declares an entity that is not plain text.

    OWL files abbreviate namespaces by entities, ``<!ENTITY obo "http://purl.obolibrary.org/obo/">``: these are read. An
    entity that holds other entities can grow without bound, and one of another file would read that: both are refused,
    as are parameter entities. A DOCTYPE that only names a DTD does no harm, for nothing follows it.
    """

    def declared(name: str, parameter: bool, value: str | None, *outside: Any) -> None:
        if parameter or value is None or "&" in value or "%" in value or len(value) > _LONGEST:
            raise SourceError(
                f"{path}, line {parser.CurrentLineNumber}: the entity {name} is no short plain text, "
                "which is refused as unsafe - write out what it stands for"
            )

    def begun(*element: Any) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
    except (_Begun, expat.ExpatError):
        pass  # what is no XML, its reader tells
