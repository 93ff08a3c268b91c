"""DailyMed's labels: found by its web services, each as the XML that it is; the whole as its release zips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlencode, urljoin

from monograph.errors import FetchError, UnknownName
from monograph.fetching.model import UUID, Item, Offers, Terms, Wish
from monograph.fetching.transport import NotFound, guard

if TYPE_CHECKING:
    from monograph.fetching.transport import Web

__all__ = ["RELEASES", "DailyMed"]

RELEASES: Final = ("human_rx", "human_otc", "homeopathic", "animal", "remainder")
_PAGE: Final = 100
_SPL: Final = b"urn:hl7-org:v3"
_RELEASE: Final = re.compile(
    rf'href\s*=\s*["\']([^"\'<>\s]*/dm_spl_release_({"|".join(RELEASES)})(?:_part\d+)?\.zip)["\']', re.IGNORECASE
)
#: the parts of a release have about 3 GB
_LARGEST: Final = 32 * 1024**3


@dataclass(frozen=True, slots=True)
class DailyMed:
    """A label is a file, named by its set id and version, so that an older version stays when a newer one comes."""

    url: str = "https://dailymed.nlm.nih.gov/dailymed"
    terms: ClassVar[Terms] = Terms(
        publisher="DailyMed, U.S. National Library of Medicine",
        license="https://www.usa.gov/government-works",
        rights=None,
        jurisdiction="US",
    )

    def offers(self, web: Web, wish: Wish) -> Offers:
        """See :class:`Interface`."""
        if wish.kind == "all":
            yield from self._releases(web, wish)
            return
        labels = [(wish.text.lower(), None)] if wish.kind == "identifier" else self._found(web, wish)
        for set_id, version in labels:
            versions = self._versions(web, set_id) if wish.history or version is None else [version]
            yield self._current(set_id, versions[0])
            for older in versions[1:] if wish.history else ():
                yield self._archived(set_id, older)

    def _current(self, set_id: str, version: str) -> Item:
        url = f"{self.url}/services/v2/spls/{set_id}.xml"
        return Item(url, f"{set_id}-v{version}.xml", _SPL, "application/xml", version)

    def _archived(self, set_id: str, version: str) -> Item:
        asked = urlencode({"setid": set_id, "type": "zip", "version": version})
        return Item(f"{self.url}/getFile.cfm?{asked}", f"{set_id}-v{version}.zip", b"PK", "application/zip", version)

    def _found(self, web: Web, wish: Wish) -> Iterator[tuple[str, str | None]]:
        """Set id and version of each label of a drug."""
        page, pages, told = 1, 1, 0
        while page <= pages:
            asked = urlencode({"drug_name": wish.text, "pagesize": _PAGE, "page": page})
            url = f"{self.url}/services/v2/spls.json?{asked}"
            answer = web.read(url).json(url)
            rows = _rows(answer, url)
            if not rows and page == 1:
                raise UnknownName(f"DailyMed knows no label of '{wish.text}' - check the spelling")
            for row in rows:
                yield _set_id(row.get("setid"), url), _version(row.get("spl_version"), url)
                told += 1
                if told == wish.limit:
                    return
            pages = _number(answer.get("metadata", {}).get("total_pages"), url)
            page += 1

    def _versions(self, web: Web, set_id: str) -> list[str]:
        """The versions of a label, the newest first."""
        url = f"{self.url}/services/v2/spls/{set_id}/history.json"
        try:
            answer = web.read(url).json(url)
        except NotFound as error:
            raise UnknownName(f"DailyMed knows no label with the set id {set_id} - check it") from error
        data = answer.get("data") if isinstance(answer, dict) else None
        rows = data.get("history") if isinstance(data, dict) else None
        if not isinstance(rows, list) or not rows:
            raise UnknownName(f"DailyMed knows no label with the set id {set_id} - check it")
        versions = {_version(row.get("spl_version"), url) for row in rows if isinstance(row, dict)}
        return sorted(versions, key=int, reverse=True)

    def _releases(self, web: Web, wish: Wish) -> Offers:
        """The parts of the full release, as DailyMed's page lists them."""
        page = f"{self.url}/spl-resources-all-drug-labels.cfm"
        html = web.read(page, accept="text/html").body.decode(errors="replace")
        found = {
            guard(urljoin(page, match.group(1)), before=page): None
            for match in _RELEASE.finditer(html)
            if match.group(2).lower() in wish.releases
        }
        if not found:
            raise FetchError(f"{page}: lists no release of {', '.join(wish.releases)} - is it DailyMed's address?")
        for url in found:
            yield Item(url, url.rpartition("/")[2], b"PK", "application/zip", largest=_LARGEST)


def _rows(answer: Any, url: str) -> list[dict[str, Any]]:
    rows = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise FetchError(f"{url}: lists no labels - is it DailyMed's address?")
    return [row for row in rows if isinstance(row, dict)]


def _set_id(value: object, url: str) -> str:
    if isinstance(value, str) and UUID.fullmatch(value):
        return value.lower()
    raise FetchError(f"{url}: names a label '{str(value)[:60]}', which is no set id - is it DailyMed's address?")


def _version(value: object, url: str) -> str:
    return str(_number(value, url))


def _number(value: object, url: str) -> int:
    """A number, which the web services give as one or as text."""
    if isinstance(value, int | str) and str(value).isdigit() and len(str(value)) < 9:
        return int(value)
    raise FetchError(f"{url}: says '{str(value)[:60]}' where a number should be - is it DailyMed's address?")
