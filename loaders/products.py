"""What labels say of their products in codes, as lines of the text and as facts that quote them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from monograph.facts import Evidence, Fact, Kind
from monograph.loaders.narrative import Narrative

__all__ = ["Product", "Substance", "Written", "dose_form", "route", "write_products"]

#: the LOINC code of the section that holds such data in SPL
_CODE: Final = "48780-1"
_HEADING: Final = "Product data"
#: labels of many brands and packs name each once; more than these are lists of products, not one label's
_MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Substance:
    """An active ingredient with its UNII and strength, and the moiety that acts."""

    name: str
    unii: str | None = None
    moiety: str | None = None
    moiety_unii: str | None = None
    strength: str | None = None

    @property
    def drug(self) -> str:
        """The name of what acts, lower case."""
        return (self.moiety or self.name).lower()


@dataclass(frozen=True, slots=True)
class Product:
    """A product as its source codes it; ``classes`` are pairs of a pharmacologic class and its kind (EPC, MoA, PE)."""

    brand: str | None
    generic: str | None
    substances: tuple[Substance, ...] = ()
    ndc: str | None = None
    form: str | None = None
    routes: tuple[str, ...] = ()
    classes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What the products of a label say of it as a whole."""

    drugs: tuple[str, ...]
    brands: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]


def write_products(narrative: Narrative, products: Sequence[Product], document: str) -> Written:
    """Writes ``products`` as a section of ``narrative`` and gives names, codes and facts that quote its lines."""
    # the swab of a kit is no product of its own
    products = [p for p in products if p.substances] or list(products)
    substances = list(dict.fromkeys(s for p in products for s in p.substances))
    drugs = tuple(dict.fromkeys(s.drug for s in substances))
    generics = [p.generic.lower() for p in products if p.generic]
    if not drugs:
        drugs = tuple(dict.fromkeys(generics))
    brands = tuple(dict.fromkeys(p.brand for p in products if p.brand and p.brand.lower() not in {*drugs, *generics}))
    facts: list[Fact] = []

    def say(label: str, value: str, kind: Kind | None = None, name: str | None = None) -> None:
        at = narrative.paragraph(f"{label}: {value}")
        if kind is not None and drugs:
            start = at + len(label) + 2
            place = Evidence(start, start + len(value), value, section=_HEADING)
            facts.append(
                Fact(
                    kind=kind, drug=drugs[0], value=name or value, evidence=(place,), document=document,
                    rule=f"product-data:{kind}",
                )
            )  # fmt: skip

    if products:
        narrative.heading(_HEADING, 2, _CODE)
    for brand in brands[:_MOST]:
        say("Brand name", _plain(brand), "brand-name")
    for substance in substances[:_MOST]:
        told = f"{_plain(substance.name)} (UNII {substance.unii})" if substance.unii else _plain(substance.name)
        say("Active ingredient", f"{told}, {substance.strength}" if substance.strength else told)
    for form in list(dict.fromkeys(p.form for p in products if p.form and p.form.upper() != "KIT"))[:_MOST]:
        say("Dosage form", _plain(form), "dose-form", dose_form(form))
    for told in list(dict.fromkeys(r for p in products for r in p.routes))[:_MOST]:
        if (given := route(told)) is not None:
            say("Route of administration", _plain(told), "route", given)
    for name, kind in dict.fromkeys(c for p in products for c in p.classes):
        if kind.upper() == "EPC":
            say("Established pharmacologic class", _plain(name), "drug-class", _singular(name.lower()))
        elif kind.upper() in {"MOA", "PE"}:
            say("Mechanism of action" if kind.upper() == "MOA" else "Physiologic effect", _plain(name), "mechanism")
    for ndc in list(dict.fromkeys(p.ndc for p in products if p.ndc))[:_MOST]:
        say("NDC", ndc)
    return Written(
        drugs, tuple(_plain(b) for b in brands), tuple(dict.fromkeys(_identifiers(substances))), tuple(facts)
    )


def _identifiers(substances: Iterable[Substance]) -> Iterable[tuple[str, str]]:
    """Name of a drug -> UNII, of the moiety where the source names it, for facts are about what acts."""
    for substance in substances:
        unii = substance.moiety_unii if substance.moiety else substance.unii
        if unii:
            yield substance.drug, f"unii:{unii}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _singular(name: str) -> str:
    return name.removesuffix("s") if name.endswith(("ors", "ists", "ents", "ics", "ines")) else name


@cache
def _terms() -> dict[tuple[str, str], str]:
    text = files("monograph.loaders").joinpath("product_terms.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith(("#", "kind\t"))]
    return {(kind, term): name for kind, term, name in rows}


def dose_form(term: str) -> str:
    """SPL's term for a form as people write it: ``TABLET, FILM COATED`` is a film-coated tablet."""
    told = _plain(term).upper()
    if (known := _terms().get(("form", told))) is not None:
        return known
    noun, *rest = [part.strip().lower() for part in told.split(",")]
    return " ".join((*rest, noun))


def route(term: str) -> str | None:
    """SPL's term for a route as the value set names it; None for "not applicable"."""
    told = _plain(term).upper()
    return _terms().get(("route", told), told.lower()) or None
