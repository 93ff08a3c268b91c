"""What a vocabulary says, whatever its format: terms with names, parents, other identifiers, and mappings.

All identifiers are CURIEs with the prefixes of :mod:`monograph.vocabularies.prefixes` (``HP:0001250``,
``mesh:D009325``, ``rxnorm:1292``); a reader turns what its format has into these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from monograph.mappings.model import Mapping

__all__ = ["KINDS", "SCOPES", "Scope", "Synonym", "Term", "TermKind", "Vocabulary"]

#: how far a name reaches beside its term: ``lay`` is an everyday word, which may be wider or narrower
Scope: TypeAlias = Literal["label", "exact", "lay", "narrow", "broad", "related"]
SCOPES: Final[tuple[Scope, ...]] = ("label", "exact", "lay", "narrow", "broad", "related")

#: what a term stands for; ``""`` where its vocabulary does not say. ``substance`` is a chemical or food that may be a
#: drug, ``product`` something sold under a name, ``phenotype`` a symptom, sign or finding
TermKind: TypeAlias = Literal[
    "", "drug", "product", "substance", "drug-class", "disease", "phenotype", "route", "dose-form", "population"
]
KINDS: Final[tuple[TermKind, ...]] = (
    "", "drug", "product", "substance", "drug-class", "disease", "phenotype", "route", "dose-form", "population",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Synonym:
    """A further name of a term."""

    text: str
    scope: Scope = "exact"


@dataclass(frozen=True, slots=True)
class Term:
    """One term. ``same`` are identifiers of the very same thing elsewhere, as its vocabulary states them (UNII, CAS,
    InChIKey of a drug); ``xrefs`` are cross-references of unstated strength, which never count as the same.

    A term without a ``label`` only adds to what another vocabulary says of its CURIE. ``obsolete`` terms are kept so
    that their replacements (``replaced_by``, or ``consider`` where a person must choose) can be found. ``ingredients``
    are the names of what a product holds, for lists that give no identifiers of them.
    """

    curie: str
    label: str = ""
    kind: TermKind = ""
    synonyms: tuple[Synonym, ...] = ()
    parents: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    obsolete: bool = False
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    ingredients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A vocabulary as it was read. ``name`` is short and lower case (``symp``, ``drugbank-open``) and names it in the
    index; ``version``, ``license`` and ``title`` are '' where the source states none. ``terms`` and ``mappings`` may be
    iterators that are used once; they raise SourceError, with file and line, on what cannot be read. What they leave
    out they count in ``dropped``: reason -> how often.
    """

    name: str
    title: str
    version: str
    license: str
    source: str
    sha256: str
    reader: str
    terms: Iterable[Term]
    mappings: Iterable[Mapping] = ()
    dropped: Counter[str] = field(default_factory=Counter)
