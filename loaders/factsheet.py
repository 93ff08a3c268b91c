"""Loader for fact sheets: facts that people curated, as YAML or TSV, to complete or correct what extraction found.

```yaml
sheet: What we checked about baclofen
curator: The drug desk
facts:
  - kind: withdrawal-symptom
    drug: baclofen
    value: hallucinations
    quote: Hallucinations have been seen after a sudden stop.    # the words of the source that state it
    source: https://example.org/leaflet                          # where these words stand
    trigger: stopping                                            # any field of a fact
  - corrects: fact:9c1d2e3f4a5b6c7d8e9f                          # as a question prints it
    why: The sentence tells of the disease.                      # with a kind and a value: what is right instead
```
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, ClassVar, Final, get_args

from monograph.document import Correction, Document
from monograph.errors import SourceError
from monograph.facts import KINDS, AgeGroup, Evidence, Fact, Frequency, Polarity
from monograph.loading import decode

__all__ = ["FactSheetLoader"]

_YAML: Final = re.compile(rb"^(?:sheet|facts)\s*:", re.MULTILINE)
_TSV: Final = re.compile(rb"^(?:#[^\n]*\n)*(?=[^\n]*\bkind\b)(?=[^\n]*\bvalue\b)(?=[^\n]*\bquote\b)[^\n]*\t[^\n]*\n")
_FACT: Final = re.compile(r"(?:fact:|https://w3id\.org/monograph/id/fact/)?([0-9a-f]{20})")
_TOP: Final = {"sheet", "curator", "license", "licence", "date", "language", "jurisdiction", "facts"}
_OWN: Final = {"quote", "source", "corrects", "why"}
_LISTS: Final = {"population", "indication"}
_NUMBERS: Final = {
    "dose_value", "dose_max", "times_per_day", "times_per_day_max", "daily_dose", "daily_dose_max", "low", "high",
}  # fmt: skip
_KNOWN: Final = {f.name for f in fields(Fact)} - {"evidence", "document", "rule", "identifiers"} | _OWN


class FactSheetLoader:
    """Reads one sheet a file."""

    name: ClassVar[str] = "factsheet"
    about: ClassVar[str] = "curated facts and corrections as YAML or TSV"

    def accepts(self, head: bytes, name: str) -> bool:
        """Whether the file is YAML with ``facts:``, or a table with columns for kind, value and quote."""
        if name.lower().endswith((".yaml", ".yml")):
            return _YAML.search(head) is not None
        return _TSV.match(head.removeprefix(b"\xef\xbb\xbf")) is not None

    def read(self, data: bytes, name: str) -> Iterator[Document]:
        """The sheet in ``data``; raises SourceError with the row, where one says what cannot be."""
        text = decode(data, name)
        about, rows = _yaml(text, name) if name.lower().endswith((".yaml", ".yml")) else ({}, _table(text, name))
        title = str(about.get("sheet") or re.sub(r"\.[a-z]+$", "", name))
        identifier = "sheet-" + (re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "facts")
        written, made, corrections = [title], [], []
        at = len(title) + 2
        for number, row in enumerate(rows, 1):
            place = f"{name}: fact {number}"
            fact = _fact(row, identifier, place) if row.get("kind") or row.get("value") else None
            if fact is not None:
                quote = str(row["quote"]).strip()
                evidence = Evidence(at, at + len(quote), quote, section=title, citation=_told(row.get("source")))
                fact = replace(fact, evidence=(evidence,))
                made.append(fact)
                written.append(quote)
                at += len(quote) + 2
            if row.get("corrects") or row.get("why"):
                corrections.append(_correction(row, fact, place))
            elif fact is None:
                raise SourceError(f"{place} states nothing - give it a kind and a value, or what it corrects and why")
        sources = list(dict.fromkeys(f.evidence[0].citation for f in made if f.evidence[0].citation))
        yield Document(
            identifier=identifier,
            text="\n\n".join(written) + "\n",
            sha256=Document.digest(data),
            format="factsheet",
            title=title,
            drugs=tuple(dict.fromkeys(fact.drug for fact in made)),
            publisher=_told(about.get("curator")),
            language=str(about.get("language") or "en"),
            license=_told(about.get("license") or about.get("licence")),
            jurisdiction=_told(about.get("jurisdiction")),
            stated=_told(about.get("date")),
            references={source: source for source in sources},
            facts=tuple(made),
            corrections=tuple(corrections),
        )


def _yaml(text: str, name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    import yaml

    try:
        sheet = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SourceError(f"{name}: is no YAML ({' '.join(str(error).split())[:120]}) - mend it there") from error
    if not isinstance(sheet, dict) or not isinstance(sheet.get("facts"), list):
        raise SourceError(f"{name}: has no list of facts - begin it with 'facts:' and an item a fact")
    if unknown := sorted(str(key) for key in sheet.keys() - _TOP):
        raise SourceError(f"{name}: '{unknown[0]}' is no part of a fact sheet - it has: {', '.join(sorted(_TOP))}")
    for number, row in enumerate(sheet["facts"], 1):
        if not isinstance(row, dict):
            raise SourceError(f"{name}: fact {number} is no mapping of fields - write 'kind: …', 'drug: …', 'value: …'")
    return sheet, sheet["facts"]


def _table(text: str, name: str) -> list[dict[str, Any]]:
    lines = [line for line in text.lstrip("\ufeff").splitlines(keepends=True) if not line.startswith("#")]
    reader = csv.DictReader(io.StringIO("".join(lines)), delimiter="\t", strict=True)
    try:
        rows = [{key: value for key, value in row.items() if value not in (None, "")} for row in reader]
    except csv.Error as error:
        raise SourceError(f"{name}: line {reader.line_num} is no row of the table ({error}) - mend it there") from error
    for row in rows:
        if None in row:
            raise SourceError(f"{name}: a row has more cells than the table has columns - quote its tabs")
        for key in _LISTS & row.keys():
            row[key] = [part.strip() for part in row[key].split("|") if part.strip()]
    return rows


def _fact(row: Mapping[str, Any], document: str, place: str) -> Fact:
    """The fact of a row, its evidence still to be placed; raises SourceError."""
    if unknown := sorted(str(key) for key in row.keys() - _KNOWN):
        raise SourceError(f"{place} has a field '{unknown[0]}' that facts have not - see docs/factsheets.md")
    for needed in ("kind", "drug", "value", "quote"):
        if not str(row.get(needed) or "").strip():
            raise SourceError(f"{place} has no {needed} - a fact needs kind, drug, value and quote")
    kind, polarity = str(row["kind"]), str(row.get("polarity") or "asserted")
    if kind not in KINDS:
        raise SourceError(f"{place} is of kind '{kind}' - kinds are: {', '.join(KINDS)}")
    if polarity not in get_args(Polarity):
        raise SourceError(f"{place} has polarity '{polarity}' - it is one of: {', '.join(get_args(Polarity))}")
    told = {key: value for key, value in row.items() if key not in _OWN and value is not None}
    try:
        for key in _NUMBERS & told.keys():
            told[key] = float(told[key])
        if "year" in told:
            told["year"] = int(told["year"])
        if "frequency" in told:
            band = told["frequency"]
            told["frequency"] = Frequency(**band) if isinstance(band, dict) else Frequency(str(band))
        if "interval_hours" in told:
            first, last = (float(part) for part in re.split(r"[\s,|–-]+", str(told["interval_hours"]).strip("[]() ")))
            told["interval_hours"] = (first, last)
        for key in _LISTS & told.keys():
            told[key] = [told[key]] if isinstance(told[key], str | dict) else list(told[key])
        groups = told.pop("population", ())
        told["population"] = tuple(AgeGroup(**g) if isinstance(g, dict) else AgeGroup(str(g)) for g in groups)
        told["indication"] = tuple(str(name) for name in told.pop("indication", ()))
    except (TypeError, ValueError) as error:
        raise SourceError(
            f"{place} has a value that its field cannot hold ({error}) - see docs/factsheets.md"
        ) from error
    words = {
        key: str(value).strip() for key, value in told.items() if not isinstance(value, float | int | tuple | Frequency)
    }
    place_holder = Evidence(0, 1, "?")
    return Fact(
        **{**told, **words, "drug": words["drug"].lower()}, evidence=(place_holder,), document=document, rule="curated"
    )


def _correction(row: Mapping[str, Any], fact: Fact | None, place: str) -> Correction:
    target, why = str(row.get("corrects") or "").strip(), str(row.get("why") or "").strip()
    match = _FACT.fullmatch(target)
    if match is None:
        raise SourceError(f"{place} corrects '{target}' - name a fact as questions print it: fact:9c1d2e3f4a5b6c7d8e9f")
    if not why:
        raise SourceError(f"{place} does not say why it corrects {target} - add: why: …")
    return Correction(match.group(1), why, fact)


def _told(value: object) -> str | None:
    return str(value).strip() or None if value is not None else None
