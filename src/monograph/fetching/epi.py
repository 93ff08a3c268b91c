"""Electronic product information of the EU by its FHIR interface: Lists of products that name document Bundles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlencode, urljoin, urlsplit

from monograph.errors import FetchError, UnknownName
from monograph.fetching.model import UUID, Item, Offers, Terms, Wish
from monograph.fetching.transport import NotFound, guard

if TYPE_CHECKING:
    from monograph.fetching.transport import Web

__all__ = ["Epi"]

_FHIR: Final = "application/fhir+json"
_REFERENCE: Final = re.compile(rf"(?:.*/)?Bundle/({UUID.pattern})(?:/_history/\w+)?")
#: how a List tells the language of a document: by an extension with one of these codes, or in brackets in its words
_LANGUAGES: Final = {
    "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fi": "Finnish", "fr": "French", "ga": "Irish", "hr": "Croatian",
    "hu": "Hungarian", "is": "Icelandic", "it": "Italian", "lt": "Lithuanian", "lv": "Latvian", "mt": "Maltese",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "sk": "Slovak",
    "sl": "Slovenian", "sv": "Swedish",
}  # fmt: skip
_BRACKETED: Final = re.compile(r"\(([A-Z][a-z]+)\)")
_MOST_PAGES: Final = 1000


@dataclass(frozen=True, slots=True)
class Epi:
    """A document Bundle (leaflet, summary of characteristics, labelling) in one language is a file."""

    url: str = "https://epi.ema.europa.eu/consuming/api/fhir"
    terms: ClassVar[Terms] = Terms(
        publisher="European Medicines Agency",
        license="https://www.ema.europa.eu/en/about-us/about-website/legal-notice",
        rights="© European Medicines Agency, source acknowledged; from the ePI pilot, may be out of date",
        jurisdiction="EU",
    )

    def offers(self, web: Web, wish: Wish) -> Offers:
        """See :class:`Interface`. Documents that do not tell their language are offered too."""
        told: dict[str, None] = {}
        for item in self._documents(web, wish):
            if item.name not in told:
                told[item.name] = None
                yield item
            if len(told) == wish.limit:
                return
        if not told:
            raise UnknownName(f"the ePI service has no document of '{wish.text}' in {wish.language} - check the name")

    def _documents(self, web: Web, wish: Wish) -> Iterator[Item]:
        if wish.kind == "identifier":
            url = f"{self.url}/List/{wish.text.lower()}"
            try:
                lists = [_resource(web.read(url, accept=_FHIR).json(url), url)]
            except NotFound:
                yield self._bundle(wish.text.lower())
                return
        else:
            asked = {"title": wish.text} if wish.kind == "name" else {"status": "current"}
            lists = list(self._search(web, f"{self.url}/List?{urlencode({**asked, '_count': 100})}"))
        for found in lists:
            for entry in _dicts(found.get("entry")):
                document = entry.get("item")
                if isinstance(document, dict) and _language(document) in (None, wish.language):
                    reference = _REFERENCE.fullmatch(str(document.get("reference", "")))
                    if reference:
                        yield self._bundle(reference.group(1).lower())

    def _bundle(self, number: str) -> Item:
        missing = f"the ePI service has no list and no document with the number {number} - check it"
        return Item(f"{self.url}/Bundle/{number}", f"epi-{number}.json", b'"resourceType"', _FHIR, missing=missing)

    def _search(self, web: Web, url: str | None) -> Iterator[dict[str, Any]]:
        """The Lists that a search finds, over all pages."""
        seen: set[str] = set()
        while url is not None and url not in seen and len(seen) < _MOST_PAGES:
            seen.add(url)
            answer = _resource(web.read(url, accept=_FHIR).json(url), url)
            for entry in _dicts(answer.get("entry")):
                resource = entry.get("resource")
                if isinstance(resource, dict) and resource.get("resourceType") == "List":
                    yield resource
            url = self._following(url, answer)

    def _following(self, url: str, answer: dict[str, Any]) -> str | None:
        for link in _dicts(answer.get("link")):
            if link.get("relation") == "next" and isinstance(link.get("url"), str):
                following = guard(urljoin(url, link["url"]), before=url)
                if urlsplit(following).netloc != urlsplit(url).netloc:
                    raise FetchError(f"{url}: continues at another server ({following[:200]}), which is refused")
                return following
        return None


def _resource(answer: object, url: str) -> dict[str, Any]:
    if not isinstance(answer, dict) or "resourceType" not in answer:
        raise FetchError(f"{url}: answers with no FHIR resource - is it the address of an ePI service?")
    return answer


def _language(document: dict[str, Any]) -> str | None:
    """The language that a List tells of a document, as a code; None where it tells none."""
    for extension in _dicts(document.get("extension")):
        coding = extension.get("valueCoding")
        if str(extension.get("url", "")).endswith("/language") and isinstance(coding, dict):
            told = str(coding.get("display") or coding.get("code") or "").lower()
            for code, name in _LANGUAGES.items():
                if told in (code, name.lower()):
                    return code
    words = _BRACKETED.findall(str(document.get("display", "")))
    return next((code for code, name in _LANGUAGES.items() if name in words), None)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
