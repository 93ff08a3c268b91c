"""Identifiers of the outside world: one spelling of each CURIE, its IRI, and whether it can be one at all.

The map is ``prefixes.tsv``, from the Bioregistry; `curies <https://curies.readthedocs.io>`_ works with it.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from monograph.errors import UnknownName

if TYPE_CHECKING:
    from curies import Converter

__all__ = ["converter", "iri_of", "is_valid", "rows", "standard"]

#: OBO files name the release of a source in its prefix: SNOMEDCT_US_2015_03_01
_DATED: Final = re.compile(r"(?:_\d{4}_\d\d_\d\d)+$")


@cache
def rows() -> tuple[dict[str, str], ...]:
    """The rows of ``prefixes.tsv`` by column, in its order."""
    text = files("monograph.vocabularies").joinpath("prefixes.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def converter() -> Converter:
    """The map as a :class:`curies.Converter`."""
    from curies import Converter, Record

    return Converter(
        [
            Record(
                prefix=row["prefix"],
                uri_prefix=row["namespace"],
                prefix_synonyms=row["aliases"].split(),
                uri_prefix_synonyms=row["other_namespaces"].split(),
                pattern=row["pattern"] or None,
            )
            for row in rows()
        ]
    )


def standard(text: str) -> str | None:
    """The CURIE that ``text`` stands for, in our spelling; None where it is none or its prefix is not known.

    ``text`` is a CURIE with any known prefix, in either case (``MESH:D009325``, ``hp:0001250``), or an IRI in any known
    namespace (``http://snomed.info/id/1234567``, ``https://www.wikidata.org/wiki/Q1``).
    """
    if "://" in text:
        found = converter().compress(text.strip("<>"))
        return found if found is not None and is_valid(found) else None
    prefix, colon, local = text.partition(":")
    known = _prefixes().get(_DATED.sub("", prefix).casefold())
    if not colon or known is None:
        return None
    curie = f"{known}:{local.strip()}"
    return curie if is_valid(curie) else None


def is_valid(curie: str) -> bool:
    """Whether ``curie`` has a prefix of ours, spelt as ours, and an identifier of that prefix's pattern."""
    prefix, _, local = curie.partition(":")
    pattern = _patterns().get(prefix)
    return pattern is not None and pattern.fullmatch(local) is not None


def iri_of(curie: str) -> str:
    """The IRI of a CURIE; raises UnknownName where :func:`standard` knows it not."""
    if (known := standard(curie)) is None:
        raise UnknownName(f"no identifier '{curie}' - write it like HP:0001250 or mesh:D009325")
    prefix, _, local = known.partition(":")
    return _namespaces()[prefix] + local


@cache
def _namespaces() -> dict[str, str]:
    return {row["prefix"]: row["namespace"] for row in rows()}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {row["prefix"]: re.compile(row["pattern"] or ".+") for row in rows()}


@cache
def _prefixes() -> dict[str, str]:
    """Any spelling of a prefix, folded -> ours."""
    return {name.casefold(): row["prefix"] for row in rows() for name in (row["prefix"], *row["aliases"].split())}
