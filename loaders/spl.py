"""Loader for Structured Product Labeling (HL7 v3 XML), as DailyMed and the FDA publish labels.

What the label says of its products in codes (ingredients with UNII, NDC, form, route, strength, pharmacologic class)
opens the text as lines of its own, so that these facts have a place to quote like all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final

from monograph.document import Document
from monograph.errors import SourceError
from monograph.loaders.label_sections import UNCLASSIFIED, by_code, label_title
from monograph.loaders.narrative import Narrative, parse_xml
from monograph.loaders.products import Product, Substance, write_products

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["SplLoader"]

_NS: Final = "{urn:hl7-org:v3}"
_UNII, _NDC = "2.16.840.1.113883.4.9", "2.16.840.1.113883.6.69"
_CLASS: Final = re.compile(r"^(?P<name>.*?)\s*\[(?P<kind>[A-Za-z]+)\]$")
#: a label's own deepest sections; deeper ones are read as these
_LEVELS: Final = 5


class SplLoader:
    """Reads one label, or one indexing file, a document."""

    name: ClassVar[str] = "spl"
    about: ClassVar[str] = "Structured Product Labeling: official US labels as XML"

    def accepts(self, head: bytes, name: str) -> bool:
        """Whether the file is HL7 v3 XML with a document in it."""
        return b"urn:hl7-org:v3" in head and b"<document" in head

    def read(self, data: bytes, name: str) -> Iterator[Document]:
        """The label in ``data``; raises SourceError on XML that is none, or no SPL."""
        from lxml.etree import XMLSyntaxError

        try:
            root = parse_xml(data)
        except XMLSyntaxError as error:
            raise SourceError(f"{name}: is no well-formed XML ({error.msg}) - fetch the label again") from error
        if root.tag != f"{_NS}document":
            raise SourceError(f"{name}: is no SPL document (its root is {root.tag}) - name a label's XML file")
        products = tuple(_products(root))
        code = _attribute(root, "code", "code") or ""
        series = _attribute(root, "setId", "root")
        version = _attribute(root, "versionNumber", "value")
        title = _title(root) or ", ".join(dict.fromkeys(p.brand for p in products if p.brand)) or None
        narrative = Narrative()
        narrative.heading(title or "Label", 1)
        identifier = "-".join(part for part in ("spl", (series or _stem(name)).lower(), version) if part)
        written = write_products(narrative, products, identifier)
        for section in root.iterfind(f"{_NS}component/{_NS}structuredBody/{_NS}component/{_NS}section"):
            _section(narrative, section, 2)
        text, sections, blocks = narrative.finish()
        yield Document(
            identifier=identifier,
            text=text,
            sha256=Document.digest(data),
            format=f"spl/{code}" if code else "spl",
            title=title,
            drugs=written.drugs,
            brands=written.brands,
            publisher=_text(root.find(f"{_NS}author/{_NS}assignedEntity/{_NS}representedOrganization/{_NS}name")),
            source=f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={series}" if series else None,
            language=(_attribute(root, "languageCode", "code") or "en").split("-")[0].lower(),
            license="https://www.usa.gov/government-works",
            jurisdiction="US",
            stated=_date(_attribute(root, "effectiveTime", "value")),
            sections=sections,
            blocks=blocks,
            series=series,
            version=version,
            identifiers=written.identifiers,
            facts=written.facts,
        )


def _section(narrative: Narrative, section: _Element, level: int) -> None:
    """Heading, narrative and inner sections; a section without any of them leaves nothing."""
    code = _attribute(section, "code", "code")
    known = by_code().get(code or "")
    heading = _text(section.find(f"{_NS}title"))
    inner = section.findall(f"{_NS}component/{_NS}section")
    body = section.find(f"{_NS}text")
    if not heading and known is not None and (body is not None or inner):
        heading = known.heading
    if heading:
        narrative.heading(heading, min(level, _LEVELS), None if code == UNCLASSIFIED else code)
    if body is not None:
        narrative.markup(body)
    for child in inner:
        _section(narrative, child, level + 1)


def _title(root: _Element) -> str | None:
    element = root.find(f"{_NS}title")
    return label_title("".join(_lines(element))) if element is not None else None


def _lines(element: _Element) -> Iterator[str]:
    """The text of ``element`` with a line end for each break."""
    yield (element.text or "").replace("\n", " ")
    for child in element:
        if isinstance(child.tag, str):
            yield "\n" if child.tag == f"{_NS}br" else "".join(_lines(child))
        yield (child.tail or "").replace("\n", " ")


def _products(root: _Element) -> Iterator[Product]:
    """What the label's data elements say of each product, and of each substance that an indexing file is about."""
    for outer in root.iter(f"{_NS}manufacturedProduct"):
        if _is_product(outer.getparent()):
            continue  # the product itself, which stands in what makes it
        inner = next(outer.iterchildren(f"{_NS}manufacturedProduct", f"{_NS}manufacturedMedicine"), outer)
        routes = tuple(r for e in outer.iter(f"{_NS}routeCode") if (r := e.get("displayName")))
        yield _product(inner, routes)
        for part in inner.iter(f"{_NS}partProduct"):
            yield _product(part, ())
    for substance in root.iter(f"{_NS}identifiedSubstance"):
        if (named := _text(substance.find(f"{_NS}name"))) is not None:
            classes = []
            for kind in substance.iterfind(f"{_NS}asSpecializedKind/{_NS}generalizedMaterialKind/{_NS}code"):
                if m := _CLASS.match(kind.get("displayName") or ""):
                    classes.append((m.group("name"), m.group("kind")))
            known = Substance(named, _coded(substance, _UNII))
            yield Product(None, None, (known,), classes=tuple(classes))


def _is_product(element: _Element | None) -> bool:
    return element is not None and isinstance(element.tag, str) and element.tag.endswith("manufacturedProduct")


def _product(element: _Element, routes: tuple[str, ...]) -> Product:
    form = element.find(f"{_NS}formCode")
    generic = element.find(f"{_NS}asEntityWithGeneric/{_NS}genericMedicine/{_NS}name")
    return Product(
        brand=_text(element.find(f"{_NS}name")),
        generic=_text(generic),
        substances=tuple(_substances(element)),
        ndc=_coded(element, _NDC),
        form=form.get("displayName") if form is not None else None,
        routes=routes,
    )


def _substances(product: _Element) -> Iterator[Substance]:
    """The active ingredients: of class ACTIB, ACTIM or ACTIR; in old labels ``activeIngredient``."""
    for ingredient in product.iterfind(f"{_NS}ingredient"):
        if (ingredient.get("classCode") or "").startswith("ACT"):
            yield from _substance(ingredient, "ingredientSubstance")
    for ingredient in product.iterfind(f"{_NS}activeIngredient"):
        yield from _substance(ingredient, "activeIngredientSubstance")


def _substance(ingredient: _Element, tag: str) -> Iterator[Substance]:
    substance = ingredient.find(f"{_NS}{tag}")
    if substance is None or (named := _text(substance.find(f"{_NS}name"))) is None:
        return
    moieties = substance.findall(f"{_NS}activeMoiety/{_NS}activeMoiety")
    moiety = moieties[0] if len(moieties) == 1 else None
    own = _text(moiety.find(f"{_NS}name")) if moiety is not None else None
    yield Substance(
        named,
        _coded(substance, _UNII),
        moiety=own,
        moiety_unii=_coded(moiety, _UNII) if moiety is not None else None,
        strength=_strength(ingredient.find(f"{_NS}quantity")),
    )


def _strength(quantity: _Element | None) -> str | None:
    if quantity is None:
        return None

    def told(name: str) -> str | None:
        part = quantity.find(f"{_NS}{name}")
        if part is None or part.get("value") is None:
            return None
        unit = part.get("unit") or "1"
        return f"{part.get('value')} {unit}" if unit != "1" else str(part.get("value"))

    numerator, denominator = told("numerator"), told("denominator")
    if numerator is None:
        return None
    return numerator if denominator in {None, "1", "1.0"} else f"{numerator} in {denominator}"


def _coded(element: _Element, system: str) -> str | None:
    code = element.find(f"{_NS}code")
    return code.get("code") if code is not None and code.get("codeSystem") == system else None


def _attribute(element: _Element, child: str, name: str) -> str | None:
    found = element.find(f"{_NS}{child}")
    return (found.get(name) or None) if found is not None else None


def _text(element: _Element | None) -> str | None:
    if element is None:
        return None
    return " ".join("".join(str(part) for part in element.itertext()).split()) or None


def _date(told: str | None) -> str | None:
    """``20130930`` as ``2013-09-30``."""
    if told is None or not re.match(r"\d{8}", told):
        return None
    return f"{told[:4]}-{told[4:6]}-{told[6:8]}"


def _stem(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"\.[A-Za-z]{1,8}$", "", name.lower())).strip("-") or "label"
