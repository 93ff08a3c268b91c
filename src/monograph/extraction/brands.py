"""Brands by which a document calls its drug, wherever it sets the two side by side, and the salt that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from monograph.extraction.ingredients import SALT, leaflet_brands
from monograph.extraction.making import Maker
from monograph.extraction.reading import Reading, Sentence, lower, mask, other_drugs
from monograph.extraction.rules import SUBJECT, table
from monograph.facts import Fact
from monograph.screening import screened

__all__ = ["document_brands", "is_no_brand"]

_BRAND = r"[A-Z][\w®-]*[a-z®][\w®-]*(?: (?:XR|ER|SR|CR|LA|XL|CD|DR|OTC|ODT)\b| [A-Z][\w-]+| \d+)?"
#: "DRUG (Brand, Brand)", "Brand (DRUG)", "DRUG / Brand", "Brand / DRUG", "Brand, also known as DRUG"
_AFTER = re.compile(
    rf"\x01+(?: \w+)? ?(?:\( ?(?:brand names?:? |sold as |e\.g\. )?|/ ?)(?P<b>{_BRAND}(?:(?:, | or | and ){_BRAND})*)(?: ?\)|(?=\s))"
)
_BEFORE = re.compile(
    rf"(?P<b>{_BRAND}(?: [A-Z]{{2,4}})?)(?: ?\( ?(?:containing )?| ?/ ?|,? \(?(?:also|otherwise|generically)? ?(?:known|sold) as |,? the brand name (?:of|for) )\x01"
)
_WAY = re.compile(r"\s[>›»]\s[^>›»]+\([^()]+\)$")
#: a cheap sign that a sentence joins two names
_JOINS = screened(r"[(/]|known as|sold as|brand name")
#: a sentence that sets the drug beside another product
_ANOTHER = screened(r"\bsame active (?:substance|ingredient)\b|\bunlike\b|\binstead of\b")
_HEAD = re.compile(r"(?:common |other |available |popular |\w+ )?(?:brand|trade|proprietary) ?names?\b", re.I)
_LINE = re.compile(r"(?:[A-Z0-9][\w®'-]*)(?: [A-Z0-9][\w®'-]*){0,3}")
#: "tablets (Brand)" in a sentence on the drug
_FORM = re.compile(
    rf"\b(?:tablets?|capsules?|liquid|cream|gel|injections?|patch(?:es)?|inhalers?|drops|solution|syrup) \((?P<b>{_BRAND})\)"
)
_NAMED = re.compile(
    rf"^\W*(?:(?:other |common )?(?:brand|trade)(?: names?(?: ?\(s\))?|s)|also called|also known as|other names?)\s*:\s*(?P<b>{_BRAND}(?:(?:, |; | or | and ){_BRAND})*)",
    re.I,
)
_CALLED = re.compile(
    rf"^(?:[Aa]lso|[Oo]therwise) (?:called|known as|sold as) (?P<b>{_BRAND}(?:(?:, |; | or |,? and ){_BRAND})*)\W*$"
)
#: a product that stands apart: "an orally disintegrating tablet, Somnol, followed in 2005"
_VERSION = re.compile(
    rf"\b(?:tablets?|capsules?|versions?|forms?|liquid|cream|patch|injection|inhaler|brand|product), (?P<b>{_BRAND}),? "
    r"(?:followed|has|had|was|is|came|arrived|appeared|remains|lives)\b"
)
_NOT_BRANDS = frozenset(
    re.findall(
        r"\S+",
        "breast-feeding breastfeeding pregnancy children also type brand generic the this these a an see note for and if it in on tablets tablet capsules capsule oral "
        "injection hydrochloride sodium common other medicine drug uses side effects use dosage overdose who what how when "
        "warning information overview take taking your you us uk do not may can most some such each is are with about as "
        "warnings precautions interactions storage ingredients reviews pictures alcohol buy online however while although both unlike like when generally since because",
    )
)


def document_brands(maker: Maker) -> Iterator[Fact]:
    """Brand names, each at the first place that joins it to the drug; and the drug's salt as a synonym."""
    reading, seen = maker.reading, set[str]()
    # a package leaflet is on one product; those beside it are others with the same substance
    sole = {b.lower() for b in maker.subject.brands} if leaflet_brands(reading.document.text) else None
    for sentence, written, rule in _found(reading):
        brand = written.strip(" ®™")
        if sole is not None and rule.endswith("-drug") and brand.lower() not in sole:
            continue
        if brand.lower() not in seen and _may_be(brand, maker) and not _ANOTHER.search(sentence.low):
            seen.add(brand.lower())
            yield maker.fact(
                "brand-name", brand, sentence, f"brands:{rule}", span=_short(sentence, brand), population=()
            )
    for brand in maker.subject.brands:
        if brand.lower() in seen:
            continue
        joined = first = None
        for sentence in _sentences(reading):
            if brand in sentence.text or brand.upper() in sentence.text:
                first = first or sentence
                if re.search(r"contains?", sentence.low):
                    joined = sentence
                    break
        if where := joined or first:
            yield maker.fact("brand-name", brand, where, "brands:subject", span=_short(where, brand), population=())
    yield from _salt(maker)


def _sentences(reading: Reading) -> Iterator[Sentence]:
    for index, sentences in enumerate(reading.sentences):
        yield from sentences
        # the last part of a way through a site is the title: "Drugs > Zentralin (Somnol)"
        if reading.document.blocks[index].boilerplate == "metadata" or (
            reading.document.blocks[index].boilerplate == "navigation"
            and _WAY.search(reading.document.views[index].text) is not None
        ):
            text = reading.document.views[index].text
            yield Sentence(index, 0, len(text), text, mask(text, reading.subject))


def _found(reading: Reading) -> Iterator[tuple[Sentence, str, str]]:
    """Brands with their sentences and what says that they are ones."""
    document = reading.document
    listed_at = _under_names(reading)
    for sentence in _sentences(reading):
        if SUBJECT in sentence.low and _JOINS.search(sentence.low):
            shown = _with_brands(reading, sentence)
            for pattern, rule in ((_AFTER, "after-drug"), (_BEFORE, "before-drug"), (_FORM, "after-form")):
                for m in pattern.finditer(shown):
                    for brand in re.split(r", | or | and ", m.group("b")):
                        yield sentence, brand.strip(), rule
        if listed := _NAMED.match(sentence.text):
            names = re.split(r", |; | or | and ", listed.group("b"))
            if sentence.low.startswith(SUBJECT, listed.end("b") + 1):
                names = names[:-1]  # the last goes on with the drug's name: "Low Dose Zentralin"
            for brand in names:
                yield sentence, brand.strip(" ®"), "named"
        for pattern, rule in ((_CALLED, "also-called"), (_VERSION, "version")):
            if (told := pattern.search(sentence.text)) is not None:
                for brand in re.split(r", |; | or |,? and ", told.group("b")):
                    yield sentence, brand.strip(" ®"), rule
        block = document.blocks[sentence.block]
        if block.kind != "cell" and sentence.block in listed_at:
            for line in re.split(r"\s*[\n,;]\s*", re.sub(r"\([^)]*\)", "", sentence.text)):
                if _LINE.fullmatch(line.strip(" .*")) and SUBJECT not in sentence.low:
                    yield sentence, line.strip(" .*"), "list"


def _with_brands(reading: Reading, sentence: Sentence) -> str:
    """The text of a sentence with the drug's names masked, but not those that are its brands."""
    brands = {brand.lower() for brand in reading.subject.brands}
    out = [low if low == SUBJECT else c for c, low in zip(sentence.text, sentence.low, strict=True)]
    for brand in brands & set(reading.subject.names):
        for m in re.finditer(rf"(?<![a-z]){re.escape(brand)}(?![a-z])", lower(sentence.text)):
            out[m.start() : m.end()] = sentence.text[m.start() : m.end()]
    return "".join(out)


def _under_names(reading: Reading) -> frozenset[int]:
    """The blocks that stand in a section, or a list, of brand names."""
    document = reading.document
    named = {i for i, section in enumerate(document.sections) if _is_head(section.heading)}
    filled = {block.section for block in document.blocks if block.kind != "heading"}
    for i, section in enumerate(document.sections):
        if section.parent in named:
            named.add(i)
        elif i - 1 in named and i - 1 not in filled:
            named.add(i)  # an empty section: its first line was taken for a heading
    return frozenset(
        index
        for index, block in enumerate(document.blocks)
        if (block.section in named and not (block.kind == "heading" and _is_head(document.views[index].text)))
        or (block.lead_in is not None and _is_head(document.views[block.lead_in].text))
    )


def _is_head(text: str) -> bool:
    return len(text) < 60 and _HEAD.match(text.strip(" :*")) is not None


@cache
def _class_words() -> frozenset[str]:
    return frozenset(word for row in table("drug_classes") for word in row["name"].lower().split())


def is_no_brand(maker: Maker, written: str) -> bool:
    """Whether what stands where brands do is the drug's own name in capitals, or the country in which they are sold."""
    low = written.lower().strip(" .")
    own = {maker.subject.name, *maker.subject.ingredients} - {b.lower() for b in maker.subject.brands}
    return low in own or low in _COUNTRIES


#: "Brand Names: Canada" heads a list
_COUNTRIES = frozenset(
    ["canada", "us", "u.s", "usa", "uk", "united states", "united kingdom", "australia", "europe", "international"]
)


def _may_be(brand: str, maker: Maker) -> bool:
    """A brand is a name: no drug, no class, no common word, no abbreviation."""
    if is_no_brand(maker, brand):
        return False
    words = brand.lower().replace("®", "").split()
    if (
        not words
        or len(brand) < 3
        or len(words) > 4
        or words[0] in _NOT_BRANDS
        or words[-1] in {"name", "names", "route"}
        or words[0].rstrip("s") in _class_words()
    ):
        return False
    if any(word in other_drugs() for word in words) or brand.lower() in set(maker.subject.names) - {
        b.lower() for b in maker.subject.brands
    }:
        return False
    if any(whole.endswith(f" {brand}") for whole in maker.subject.brands):
        return False  # the company's name in the product's
    if len({part.isupper() for part in brand.split("-")}) == 2 and "-" in brand and brand.count("-") >= 2:
        return False  # how the drug's name is said: "zen-TRA-lin"
    return not (brand.isupper() and len(brand) <= 5)


def _short(sentence: Sentence, brand: str) -> tuple[int, int] | None:
    """The stretch of a long sentence around a brand, else None for the whole."""
    if len(sentence.text) <= 320:
        return None
    at = sentence.low.find(brand.lower())
    at = at if at >= 0 else max(0, sentence.text.find(brand))
    return max(0, at - 80), min(len(sentence.text), at + len(brand) + 80)


def _salt(maker: Maker) -> Iterator[Fact]:
    """The drug with its salt ("baclofen hydrochloride"), where the document names it so."""
    if maker.subject.type != "drug":
        return
    pattern = re.compile(rf"\b{re.escape(maker.subject.name)} ")
    blocks = maker.reading.document.blocks
    for sentence in _sentences(maker.reading):
        if not sentence.has_subject and blocks[sentence.block].boilerplate is None:
            continue
        low = sentence.text.lower()
        if maker.subject.name not in low:
            continue
        for m in pattern.finditer(low):
            if salt := SALT.match(low, m.end()):
                name = m.group() + salt.group()
                yield maker.fact("synonym", name, sentence, "brands:salt", span=_short(sentence, name), population=())
                return
