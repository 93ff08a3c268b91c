"""Loader for electronic product information: FHIR document Bundles with a Composition (R4B, R5), as JSON or XML.

EMA's leaflets with their six fixed sections, SPL-on-FHIR and the ePIs of national agencies are such bundles. Files of
services that wrap a bundle in a request are read too; a bundle that is no medicine's information is passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Final

from monograph.document import Document
from monograph.errors import SourceError
from monograph.language import detect
from monograph.loaders.label_sections import by_code, label_title
from monograph.loaders.narrative import Narrative, parse_html, parse_xml
from monograph.loaders.products import Product, Substance, Written, write_products

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["EpiLoader"]

_FHIR: Final = "{http://hl7.org/fhir}"
_XHTML: Final = "{http://www.w3.org/1999/xhtml}"
_LOINC: Final = "http://loinc.org"
_UNII_SYSTEMS: Final = ("http://fdasis.nlm.nih.gov", "urn:oid:2.16.840.1.113883.4.9", "https://precision.fda.gov")
#: Compositions about a patient, which services send along with a leaflet
_NOT_OF_DRUGS: Final = {"60591-5", "11503-0", "34133-9"}
_BREAK, _MARKUP = re.compile(r"<br\s*/?>"), re.compile(r"<[^<>]{1,200}>")
_EMPTY: Final = {"", "unavailable", "n/a", "not applicable", "-"}
_DEEPEST: Final = 12


class EpiLoader:
    """Reads each document Bundle as a document."""

    name: ClassVar[str] = "epi"
    about: ClassVar[str] = "FHIR ePI document bundles, JSON, XML or NDJSON: EU leaflets, SPL-on-FHIR"

    def accepts(self, head: bytes, name: str) -> bool:
        """Whether the file holds a FHIR Bundle or Composition, as JSON or XML."""
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if start.startswith(b"<"):
            return (
                b"http://hl7.org/fhir" in head and re.search(rb"<(?:\w+:)?(?:Bundle|Composition)\b", head) is not None
            )
        return b'"resourceType"' in head and (b'"Bundle"' in head or b'"Composition"' in head)

    def split(self, stream: BinaryIO, name: str) -> Iterator[tuple[str, bytes]]:
        """The bundles of NDJSON, one a line; any other file is one record."""
        first = stream.readline()
        if not first.strip().endswith(b"}") or not first.lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
            yield "", first + stream.read()
            return
        number = 0
        line = first
        while line:
            number += 1
            if line.strip():
                yield str(number), line
            line = stream.readline()

    def read(self, data: bytes, name: str) -> Iterator[Document]:
        """The leaflets of ``data``; raises SourceError where there is none."""
        found = 0
        for bundle in _bundles(data, name):
            composition = _resource(bundle, "Composition")
            if composition is None or _codes(composition.get("type")) & _NOT_OF_DRUGS:
                continue
            found += 1
            yield _document(bundle, composition, data, name)
        if not found:
            raise SourceError(f"{name}: holds no FHIR document about a medicine - name a Bundle with its Composition")


def _bundles(data: bytes, name: str) -> Iterator[dict[str, Any]]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        from lxml.etree import XMLSyntaxError

        try:
            root = parse_xml(data)
        except XMLSyntaxError as error:
            raise SourceError(f"{name}: is no well-formed XML ({error.msg}) - fetch it again") from error
        yield from _wrapped({"resourceType": root.tag.removeprefix(_FHIR), **_plain(root)})
        return
    text = data.decode("utf-8-sig", errors="replace")
    decoder = json.JSONDecoder()
    at = text.find("{")
    found = False
    while at != -1:  # a log of a service holds several, with lines of text between them
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            if not found:
                raise SourceError(f"{name}: is no JSON ({error}) - fetch it again") from error
            end, value = at + 1, None
        found = True
        yield from _wrapped(value)
        at = text.find("\n{", end)
        at = at + 1 if at != -1 else -1


def _wrapped(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The document bundles in ``value``, whatever is wrapped around them; a Composition alone is a bundle of one."""
    if depth > _DEEPEST or not isinstance(value, dict | list):
        return
    if isinstance(value, list):
        for one in value:
            yield from _wrapped(one, depth + 1)
    elif value.get("resourceType") == "Composition":
        yield {"resourceType": "Bundle", "entry": [{"resource": value}]}
    elif value.get("resourceType") == "Bundle" and _resource(value, "Composition") is not None:
        if value.get("type") in {"document", None} or len(_resources(value, "Composition")) == 1:
            yield value
        else:
            for one in _resources(value, "Composition"):
                yield {"resourceType": "Bundle", "entry": [{"resource": one}]}
    else:
        for one in value.values():
            yield from _wrapped(one, depth + 1)


def _document(bundle: dict[str, Any], composition: dict[str, Any], data: bytes, name: str) -> Document:
    title = label_title(_MARKUP.sub("", _BREAK.sub("\n", _string(composition.get("title")) or "")))
    number = _identifier(bundle.get("identifier")) or _identifier(composition.get("identifier"))
    language = _string(composition.get("language")) or _string(bundle.get("language"))
    meta = bundle.get("meta")
    version = _string(composition.get("version")) or (
        _string(meta.get("versionId")) if isinstance(meta, dict) else None
    )
    stem = re.sub(r"[^a-z0-9]+", "-", (number or re.sub(r"\.(?:ndjson|jsonl?|xml)\b", "", name)).lower()).strip("-")
    stated = (_string(composition.get("date")) or _string(bundle.get("timestamp")) or "")[:10] or None
    foreign = language if language and not language.startswith("en") else None
    told_apart = [part for part in (foreign, version or (stated or "").replace("-", "")) if part]
    identifier = "-".join(("epi", stem or "leaflet", *told_apart)).lower()
    narrative = Narrative()
    narrative.heading(title or "Leaflet", 1)
    written = _products(bundle, narrative, identifier)
    for section in _list(composition.get("section")):
        _section(narrative, section, 2)
    text, sections, blocks = narrative.finish()
    publisher = _resource(bundle, "Organization")
    return Document(
        identifier=identifier,
        text=text,
        sha256=Document.digest(data),
        format="epi",
        title=title,
        drugs=written.drugs,
        brands=written.brands,
        publisher=_string(publisher.get("name")) if publisher else None,
        source=None,
        language=(language or detect(text) or "en").split("-")[0].lower(),
        jurisdiction="EU" if (number or "").startswith("EU/") else None,
        stated=stated,
        sections=sections,
        blocks=blocks,
        series=number,
        version=version,
        identifiers=written.identifiers,
        facts=written.facts,
    )


def _section(narrative: Narrative, section: dict[str, Any], level: int) -> None:
    code = next(iter(_codes(section.get("code")) & by_code().keys()), None)
    text = section.get("text")
    div = _string(text.get("div")) if isinstance(text, dict) else None
    body = parse_html(div) if div else None
    told = " ".join("".join(str(part) for part in body.itertext()).split()) if body is not None else ""
    inner = _list(section.get("section"))
    heading = _string(section.get("title")) or (by_code()[code].heading if code and (told or inner) else None)
    if heading:
        narrative.heading(heading, min(level, 5), code)
    if body is not None and told.lower() not in _EMPTY:
        narrative.markup(body)
    if level < _DEEPEST:
        for child in inner:
            _section(narrative, child, level + 1)


def _products(bundle: dict[str, Any], narrative: Narrative, identifier: str) -> Written:
    """What the resources beside the Composition say of ingredients, form and route."""
    definitions = {str(s.get("id")): s for s in _resources(bundle, "SubstanceDefinition")}
    substances = []
    for ingredient in _resources(bundle, "Ingredient"):
        if not _acts(ingredient.get("role")):
            continue
        substance = ingredient.get("substance")
        code = substance.get("code") if isinstance(substance, dict) else None
        concept = code.get("concept") if isinstance(code, dict) else None
        if isinstance(concept, dict):
            if named := next(iter(_told(concept)), None):
                substances.append(Substance(named, _unii(concept)))
        elif isinstance(code, dict) and isinstance(reference := code.get("reference"), dict):
            known = definitions.get((_string(reference.get("reference")) or "").rpartition("/")[2])
            if known is not None and (made := _defined(known)) is not None:
                substances.append(made)
    forms: list[str | None] = [
        told
        for item in _resources(bundle, "ManufacturedItemDefinition")
        for told in _told(item.get("manufacturedDoseForm"))[:1]
    ]
    routes = [
        t for p in _resources(bundle, "MedicinalProductDefinition") for r in _list(p.get("route")) for t in _told(r)[:1]
    ]
    brands: list[str | None] = [b for p in _resources(bundle, "MedicinalProductDefinition") for b in _brands(p)]
    products = [
        Product(brand, None, tuple(substances), form=form, routes=tuple(routes))
        for brand in dict.fromkeys(brands or (None,))
        for form in dict.fromkeys(forms or (None,))
    ]
    stated = bool(substances or forms or routes)
    return write_products(narrative, products if stated else [], identifier)


def _acts(role: object) -> bool:
    """Whether the role of an ingredient is that of an active one: by HL7's class, or in words."""
    words = [told.lower() for told in _told(role)]
    coded = any(code.startswith("ACT") for code in _codes(role))
    return coded or any("active" in told and "inactive" not in told for told in words)


def _brands(definition: dict[str, Any]) -> Iterator[str]:
    """The names of a product that are marked as proprietary; others hold strength and form as well."""
    for name in _list(definition.get("name")):
        if "PROPRIETARY" in _codes(name.get("type")) and (told := _string(name.get("productName"))):
            yield told


def _defined(definition: dict[str, Any]) -> Substance | None:
    names = [_string(n.get("name")) for n in _list(definition.get("name"))]
    named = next((n for n in names if n), None)
    if named is None:
        return None
    own = _unii({"coding": _list(definition.get("identifier"))})
    moieties = _list(definition.get("moiety"))
    moiety = moieties[0] if len(moieties) == 1 else None
    if moiety is None:
        return Substance(named, own)
    told = _string(moiety.get("name"))
    identifier = moiety.get("identifier")
    return Substance(
        named, own, moiety=told, moiety_unii=_unii({"coding": [identifier]}) if isinstance(identifier, dict) else None
    )


def _unii(concept: dict[str, Any]) -> str | None:
    for coding in _list(concept.get("coding")):
        code = _string(coding.get("code")) or _string(coding.get("value"))
        if code and str(coding.get("system")).startswith(_UNII_SYSTEMS) and re.fullmatch(r"[A-Z0-9]{10}", code):
            return code
    return None


def _told(concept: object) -> list[str]:
    """The words of a CodeableConcept: its displays, then its text."""
    if not isinstance(concept, dict):
        return []
    words = [_string(coding.get("display")) for coding in _list(concept.get("coding"))]
    return [w for w in (*words, _string(concept.get("text"))) if w]


def _codes(concept: object) -> set[str]:
    if not isinstance(concept, dict):
        return set()
    return {code for coding in _list(concept.get("coding")) if (code := _string(coding.get("code")))}


def _identifier(value: object) -> str | None:
    """The value of an Identifier, or of the first of several; a random one names no series."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and (told := _string(one.get("value"))):
            return told.removeprefix("urn:uuid:")
    return None


def _resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = (entry.get("resource") for entry in _list(bundle.get("entry")))
    return [r for r in found if isinstance(r, dict) and _kind(r) == kind]


def _kind(resource: dict[str, Any]) -> object:
    """The type of a resource; where the EMA's service writes 0 for it, a document is known by its sections."""
    kind = resource.get("resourceType")
    return "Composition" if kind == 0 and "section" in resource else kind


def _resource(bundle: dict[str, Any], kind: str) -> dict[str, Any] | None:
    return next(iter(_resources(bundle, kind)), None)


def _list(value: object) -> list[dict[str, Any]]:
    """``value`` as a list of objects: FHIR's XML does not tell one from several."""
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]


def _string(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _plain(element: _Element, depth: int = 0) -> dict[str, Any]:
    """An element of FHIR's XML as the JSON of FHIR has it, near enough for what is read here."""
    from lxml import etree

    out: dict[str, Any] = {}
    for child in element:
        if not isinstance(child.tag, str) or depth > 60:
            continue
        name = child.tag.rpartition("}")[2]
        value: Any
        if child.tag.startswith(_XHTML):
            value = etree.tostring(child, encoding="unicode", with_tail=False)
        elif child.get("value") is not None:
            value = child.get("value")
        elif name in {"resource", "contained"} and len(child):
            value = {"resourceType": child[0].tag.rpartition("}")[2], **_plain(child[0], depth + 1)}
        else:
            value = _plain(child, depth + 1)
        if name in out:
            out[name] = [*(out[name] if isinstance(out[name], list) else [out[name]]), value]
        else:
            out[name] = value
    return out
