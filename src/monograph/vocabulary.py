"""The names of the graph: namespaces, prefixes, and the one encoder by which names from documents become IRIs.

Terms are spelt once, in ``ontology/``; this module only joins them to the namespace, and the tests hold every name
used here against the ontology.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote, unquote

from monograph.errors import UnknownName
from monograph.facts import Kind

__all__ = [
    "BASE",
    "DISCLAIMER",
    "INTERACTANT_SPACE",
    "OBJECT_SPACE",
    "ONTOLOGY",
    "SHORTCUTS",
    "compact",
    "digest",
    "expand",
    "fact_class",
    "graph_name",
    "mg",
    "mint",
    "name_of",
    "prefixes",
    "value",
]

BASE: Final = "https://w3id.org/monograph/"
ONTOLOGY: Final = BASE + "ontology#"

DISCLAIMER: Final = (
    "As stated by the source documents named here, on their dates; extracted by a program that misses statements "
    "and may misread them. This is no medical advice. Ask a doctor or pharmacist, and read the official product "
    "information."
)

#: where the object of a fact of this kind lives; kinds that are not here have no object
OBJECT_SPACE: Final[dict[Kind, str]] = {
    "indication": "concept",
    "adverse-effect": "concept",
    "withdrawal-symptom": "concept",
    "overdose-symptom": "concept",
    "allergic-symptom": "concept",
    "contraindication": "concept",
    "precaution": "concept",
    "interaction": "drug",
    "route": "route",
    "dose-form": "dose-form",
    "drug-class": "drug-class",
    "population": "population",
}

#: interactant type (role of an interaction) -> where its object lives
INTERACTANT_SPACE: Final[dict[str, str]] = {
    "drug": "drug",
    "drug-class": "drug-class",
    "food": "substance",
    "alcohol": "substance",
    "supplement": "substance",
    "disease": "concept",
}

#: kinds whose asserted facts make a direct edge from the subject to the object
SHORTCUTS: Final[dict[Kind, str]] = {
    "indication": "hasIndication",
    "adverse-effect": "hasAdverseEffect",
    "withdrawal-symptom": "hasWithdrawalSymptom",
    "overdose-symptom": "hasOverdoseSymptom",
    "allergic-symptom": "hasAllergicSymptom",
    "contraindication": "hasContraindication",
    "precaution": "hasPrecaution",
    "interaction": "interactsWith",
    "route": "hasRoute",
    "dose-form": "hasDoseForm",
    "drug-class": "hasDrugClass",
}


def mg(name: str) -> str:
    """The IRI of a term of the ontology."""
    return ONTOLOGY + name


def value(scheme: str, name: str) -> str:
    """The IRI of a member of a value set: ``value("route", "oral")`` is ``mg:route-oral``."""
    return f"{ONTOLOGY}{scheme}-{_slug(name).replace('_', '-')}"


def fact_class(kind: Kind) -> str:
    """The IRI of the class of facts of a kind: ``adverse-effect`` gives ``mg:AdverseEffectFact``."""
    return mg(kind.title().replace("-", "") + "Fact")


def mint(space: str, name: str) -> str:
    """The IRI of a named thing: ``mint("concept", "dry mouth")`` ends in ``id/concept/dry_mouth``.

    The encoding can be undone (:func:`name_of`), so that two names never share an IRI unless they differ only in
    case or in Unicode compatibility forms. Raises ValueError on an empty name.
    """
    slug = _slug(name)
    if not slug:
        raise ValueError(f"an empty name has no IRI in {space}")
    return f"{BASE}id/{space}/{slug}"


def name_of(iri: str) -> str:
    """The name that :func:`mint` encoded in ``iri``."""
    return unquote(iri.rsplit("/", 1)[1].replace("_", " "))


def graph_name(name: str) -> str:
    """The IRI of a graph that belongs to no document: ontology, mappings, shortcuts, dataset."""
    return f"{BASE}id/graph/{name}"


def digest(content: Any) -> str:
    """Twenty hexadecimal digits of the SHA-256 of ``content`` as canonical JSON."""
    return hashlib.sha256(_canonical(content).encode()).hexdigest()[:20]


_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


@lru_cache(maxsize=65536)
def _slug(name: str) -> str:
    """``name`` as one IRI path segment: case folded, spaces as ``_``, all else but letters, digits, ``-`` encoded."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return quote(folded, safe=" -").replace("_", "%5F").replace(".", "%2E").replace("~", "%7E").replace(" ", "_")


_DECLARED = re.compile(r'sh:prefix\s+"([^"]*)"\s*;\s*sh:namespace\s+"([^"]*)"')


@cache
def prefixes() -> dict[str, str]:
    """Prefix -> namespace, as ``ontology/prefixes.ttl`` declares them."""
    text = files("monograph.ontology").joinpath("prefixes.ttl").read_text(encoding="utf-8")
    return dict(sorted(_DECLARED.findall(text)))


def expand(curie: str) -> str:
    """``mg:Drug`` as an IRI; raises UnknownName where the prefix is not declared."""
    prefix, _, local = curie.partition(":")
    if (namespace := prefixes().get(prefix)) is None:
        raise UnknownName(f"no prefix '{prefix}' is declared in ontology/prefixes.ttl - use a full IRI in <…>")
    return namespace + local


def compact(iri: str) -> str:
    """``iri`` as a CURIE by the longest declared namespace, or unchanged."""
    for prefix, namespace in sorted(prefixes().items(), key=lambda item: -len(item[1])):
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
