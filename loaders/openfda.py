"""Loader for openFDA's drug label records: an answer of the API, or a file of the bulk download.

A record's sections are strings without any layout: a numbered subsection runs on from the sentence before it. Headings
are found again by their numbers; tables stand apart in HTML, and their flattened copy is cut out of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Final

from monograph.document import Document
from monograph.errors import SourceError
from monograph.loaders.label_sections import UNCLASSIFIED, LabelSection, by_code, by_field
from monograph.loaders.narrative import Narrative, parse_html
from monograph.loaders.products import Product, Substance, write_products

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["OpenFdaLoader"]

_ANSWER: Final = re.compile(rb'^\s*\{\s*"meta"\s*:|"results"\s*:\s*\[')
_RECORD: Final = re.compile(
    rb'"(?:set_id|openfda|spl_product_data_elements|indications_and_usage|adverse_reactions|effective_time)"\s*:'
)
#: "6.1 Clinical Trials Experience Because clinical trials …": words with capitals, and small ones between them
_NUMBERED: Final = re.compile(
    r"(?:(?<=^)|(?<=[.:;)\]®%*] )|(?<=[a-z0-9] ))(?P<number>\d{1,2}(?:\.\d{1,2})?)\.? "
    r"(?P<title>(?:[A-Z][\w/’'()&®-]*,?|(?:of|and|or|in|to|the|with|for|on|by|from|a|&|/|–|-)) "
    r"(?:(?:[A-Z][\w/’'()&®-]*,?|of|and|or|in|to|the|with|for|on|by|from|a|at|as|&|/|–|-|\d+) ){0,14})"
)
_SMALL: Final = {"of", "and", "or", "in", "to", "the", "with", "for", "on", "by", "from", "a", "at", "as", "&", "/"}
_SET_ID: Final = re.compile(r"[0-9A-Za-z-]{8,64}")
#: sections whose heading is the first half of a sentence: "Do not use | with any other drug"
_LEAD_INS: Final = frozenset({"50570-1", "50569-3", "50568-5", "50567-7", "50566-9", "53414-9"})
#: sections of which a record holds some subsections as fields of their own, so that numbers are left out
_CONTAINERS: Final = frozenset({"43684-0", "42232-9", "34090-1"})
#: where the next case begins in what an over-the-counter label says on one line
_STOP_FOR: Final = re.compile(
    r"^stop use(?: and (?:ask|see|consult) (?:a|your) (?:doctor|dentist|health\w* \w+)(?: or \w+)?)? if\s*:?\s+", re.I
)
_NEXT_SIGN: Final = re.compile(
    r"(?<=\w)(?:(?<=occur)|(?<=occurs)|(?<= days)|(?<= weeks)|(?<=present)|(?<= worse)|(?<=improve)) "
    r"(?!(?:or|and|with|within|in|after|if|when|unless|at|on|while|as|for|during|following|by|of|to|because|that)\b)(?=[a-zT])"
)
_NEXT_CASE: Final = re.compile(r"(?<=[.)]) (?=if (?:you|the child|your child)\b)")
#: a text shorter than this stands in another by chance
_SHORTEST: Final = 15
#: in the API's records a section's number opens it
_OWN_NUMBER: Final = re.compile(r"^\d{1,2}\s+(?=[A-Z])")
_MAJOR: Final = re.compile(r"^(\d{1,2})\s+[A-Z]")
#: the standing call to report, which runs on from the sentence before it
_REPORT: Final = re.compile(r"(To report SUSPECTED ADVERSE REACTIONS.{0,260}?(?:medwatch[^ ]*\s*\)?\s?\.?|$))", re.I)
#: where a statement starts that the layout alone parted from the items before it
_RESTARTS: Final = re.compile(
    r"(?<=[a-z)\]]) (?=(?:The most|Most) (?:common|frequent)(?:ly)? (?:\w+ )?"
    r"(?:adverse|side) (?:reactions?|events?|effects?)\b|"
    r"[A-Z][a-z-]+(?: [a-z-]+){0,3} (?:have|has) been (?:\w+ )?(?:reported|observed))"
)
#: the mark "o" is a word processor's, in Latin or Cyrillic
_BULLETS: Final = re.compile(r"\s*[•▪●‣◦]\s*|\s+[oо]\s+(?=[A-Z])")


class OpenFdaLoader:
    """Reads each record of the ``results`` as a document."""

    name: ClassVar[str] = "openfda"
    about: ClassVar[str] = "openFDA drug label records: an API answer, a bulk download or one record a line"

    def accepts(self, head: bytes, name: str) -> bool:
        """Whether the file is JSON with label records in it."""
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        return start.startswith(b"{") and b'"resourceType"' not in head[:4096] and _RECORD.search(head) is not None

    def split(self, stream: BinaryIO, name: str) -> Iterator[tuple[str, bytes]]:
        """The records of an answer, each with the name it has among them; raises SourceError on broken JSON."""
        import ijson

        number = 0
        if b'"results"' not in stream.peek(65536):  # type: ignore[attr-defined]  # loading hands out buffered streams
            yield from _lone(stream)
            return
        try:
            for record in ijson.items(stream, "results.item", use_float=True):
                number += 1
                key = record.get("id") or record.get("set_id") if isinstance(record, dict) else None
                yield str(key or number), json.dumps(record, ensure_ascii=False).encode()
        except ijson.JSONError as error:
            told = " ".join(str(error).split())
            raise SourceError(f"{name}: is broken JSON after record {number} ({told}) - fetch it again") from error

    def read(self, data: bytes, name: str) -> Iterator[Document]:
        """The label of one record; raises SourceError on what is none."""
        try:
            record = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{name}: is no JSON ({error}) - fetch it again") from error
        if isinstance(record, dict) and isinstance(record.get("results"), list):
            for number, one in enumerate(record["results"], 1):
                yield from self.read(json.dumps(one, ensure_ascii=False).encode(), f"{name}-{number}")
            return
        if not isinstance(record, dict):
            raise SourceError(f"{name}: holds no label record - name an answer of openFDA's drug/label")
        yield _document(record, data, name)


def _lone(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Records without an answer around them: one a line, or a single one over many lines."""
    first = stream.readline()
    if not first.strip().endswith(b"}"):
        yield "", first + stream.read()
        return
    number = 0
    while first:
        number += 1
        if first.strip():
            yield str(number), first
        first = stream.readline()


def _document(record: dict[str, Any], data: bytes, name: str) -> Document:
    harmonised = record.get("openfda")
    about: dict[str, Any] = harmonised if isinstance(harmonised, dict) else {}
    products = _products(about)
    brand, generic = _first(about, "brand_name"), _first(about, "generic_name")
    title = f"{brand} ({generic})" if brand and generic and brand.lower() != generic.lower() else brand or generic
    series = record.get("set_id") if _SET_ID.fullmatch(str(record.get("set_id") or "")) else None
    version = str(record.get("version") or "") or None
    stem = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\.json.*", "", name.lower())).strip("-")
    told_apart = [str(series).lower(), *([version] if version else [])] if series else [stem or "label"]
    if not series:
        told_apart.append(Document.digest(data)[:8])
    identifier = "-".join(("openfda", *told_apart))
    narrative = Narrative()
    narrative.heading(title or "Label", 1)
    written = write_products(narrative, products, identifier)
    for field, told in _apart(record).items():
        tables = [table for html in _strings(record.get(f"{field}_table")) if (table := parse_html(html)) is not None]
        _write(narrative, by_field()[field], told, tables)
    text, sections, blocks = narrative.finish()
    return Document(
        identifier=identifier,
        text=text,
        sha256=Document.digest(data),
        format="openfda",
        title=title,
        drugs=written.drugs,
        brands=written.brands,
        publisher=_first(about, "manufacturer_name"),
        source=f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={series}" if series else None,
        language="en",
        license="https://open.fda.gov/license/",
        jurisdiction="US",
        stated=_date(str(record.get("effective_time") or "")),
        sections=sections,
        blocks=blocks,
        series=series,
        version=version,
        identifiers=written.identifiers,
        facts=written.facts,
    )


def _products(about: dict[str, Any]) -> list[Product]:
    """The harmonised fields as products; substances have codes only where there are as many codes as names."""
    names = _strings(about.get("substance_name"))
    codes = _strings(about.get("unii"))
    matched = codes if len(codes) == len(names) else [None] * len(names)
    generics = _strings(about.get("generic_name"))
    if len(names) == 1 and len(generics) == 1:  # the generic name is without the salt
        substances = [Substance(names[0], matched[0], moiety=_without_salt(generics[0], names[0]))]
    else:
        substances = [Substance(n, c) for n, c in zip(names, matched, strict=True)]
    classes = [(m.group(1), kind) for kind in ("epc", "moa", "pe") for m in _classes(about, kind)]
    brands = _strings(about.get("brand_name")) or [""]
    first = Product(
        brand=brands[0] or None,
        generic=generics[0] if generics else None,
        substances=tuple(substances),
        routes=tuple(_strings(about.get("route"))),
        classes=tuple(classes),
    )
    others = [Product(brand, None) for brand in brands[1:]]
    return [first, *others] if about else []


def _without_salt(generic: str, substance: str) -> str | None:
    """The generic name where it is the opening of the substance's: "METFORMIN" of "METFORMIN HYDROCHLORIDE"."""
    return generic if substance.lower().startswith(generic.lower() + " ") else None


def _classes(about: dict[str, Any], kind: str) -> Iterator[re.Match[str]]:
    for told in _strings(about.get(f"pharm_class_{kind}")):
        if m := re.match(r"(.*?)\s*\[\w+\]$", told):
            yield m


def _write(narrative: Narrative, section: LabelSection, texts: list[str], tables: list[_Element]) -> None:
    narrative.heading(section.heading, 2, section.code)
    flat = [" ".join(" ".join(str(part) for part in t.itertext()).split()) for t in tables]
    for text in texts:
        _prose(narrative, _without(text, flat), section)
    for table in tables:
        narrative.markup(table)


def _without(text: str, tables: list[str]) -> str:
    """``text`` without the flattened copies of ``tables``, which stand in it word for word but for their spaces."""
    for table in tables:
        words = re.findall(r"\S+", table)
        if len(words) < 4:
            continue
        opening, ending = r"\s*".join(map(re.escape, words[:6])), r"\s*".join(map(re.escape, words[-6:]))
        if (first := re.search(opening, text)) and (last := re.search(ending, text[first.start() :])):
            end = first.start() + last.end()
            if end - first.start() < 2 * len(table) + 200:
                text = f"{text[: first.start()].rstrip()} {text[end:].lstrip()}"
    return text


def _prose(narrative: Narrative, text: str, section: LabelSection) -> None:
    """A section's text cut at its numbered headings, its bullets as items."""
    at = 0
    major = m.group(1) if (m := _MAJOR.match(text)) else None
    own = re.escape(section.heading).replace(r"\ ", r"[\s&]+(?:and )?")
    own = rf"(?:\d{{1,2}}(?:\.\d{{1,2}})?\s+)?{own}\s*:?\s+(?=\S)"
    opens_sentence = section.code in _LEAD_INS
    if not opens_sentence and ((m := re.match(own, text, re.I)) or (m := _OWN_NUMBER.match(text))):
        at = m.end()
    minor = 0
    for m in _NUMBERED.finditer(text, at):
        title = _title(m.group("title"), text[m.end() :])
        of, _, part = m.group("number").partition(".")
        last = minor + (9 if section.code in _CONTAINERS else 1)
        if (
            title is None
            or not minor < int(part or 0) <= last
            or of != (major or of)
            or text[m.end() : m.end() + 1].isdigit()
        ):
            continue  # a figure of a table
        major, minor = of, int(part)
        _lines(narrative, text[at : m.start()])
        narrative.heading(f"{m.group('number')} {title}", 3)
        at = m.start("title") + len(title)
    _lines(narrative, text[at:])


def _title(found: str, after: str) -> str | None:
    """The title in a run of capitals: without the word that opens the sentence after it."""
    words = found.split()
    if after[:1].islower() or (after[:1] == "(" and words):
        while words and words[-1] in _SMALL:  # "Serious and occasionally fatal …" opens with the word before them
            words.pop()
        words = words[:-1]
        while words and words[-1] in _SMALL:
            words.pop()
    while words and words[0] in _SMALL:
        return None
    return " ".join(words) or None


def _lines(narrative: Narrative, text: str) -> None:
    for part in _REPORT.split(text):
        for statement in _RESTARTS.split(part):
            if lead := _STOP_FOR.match(statement):
                for sign in _NEXT_SIGN.split(statement[lead.end() :]):
                    narrative.item(sign)
                continue
            for case in _NEXT_CASE.split(statement):
                _items(narrative, case)


def _items(narrative: Narrative, text: str) -> None:
    first, *items = _BULLETS.split(text.strip())
    if first:
        narrative.paragraph(first)
    for item in items:
        if item:
            narrative.item(item)


def _apart(record: dict[str, Any]) -> dict[str, list[str]]:
    """The texts of a record by field, each said once: a section without those that have fields of their own."""
    told: dict[str, list[str]] = {}
    for field in by_field():
        for text in _strings(record.get(field)):
            told.setdefault(field, []).append(" ".join(text.split()))
    whole = [text for texts in told.values() for text in texts]
    unclassified = told.get(by_code()[UNCLASSIFIED].field, [])
    own = sorted({t for texts in told.values() if texts is not unclassified for t in texts}, key=len, reverse=True)
    said: set[str] = set()
    out: dict[str, list[str]] = {}
    for field, texts in told.items():
        for text in texts:
            if text in said or (texts is unclassified and any(len(o) > len(text) and text in o for o in whole)):
                continue
            said.add(text)
            rest = text
            for inner in own:
                if len(inner) < len(text) and inner in rest and len(inner) > _SHORTEST:
                    rest = " ".join(rest.replace(inner, " ").split())
            if rest:
                out.setdefault(field, []).append(rest)
    return out


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [v for v in value if isinstance(v, str) and v.strip()] if isinstance(value, list) else []


def _first(about: dict[str, Any], field: str) -> str | None:
    return next(iter(_strings(about.get(field))), None)


def _date(told: str) -> str | None:
    return f"{told[:4]}-{told[4:6]}-{told[6:8]}" if re.fullmatch(r"\d{8}", told) else None
