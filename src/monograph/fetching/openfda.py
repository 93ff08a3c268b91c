"""openFDA's drug labels: searched page by page, or the whole as its bulk download."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlencode, urlsplit

from monograph.errors import FetchError
from monograph.fetching.model import Item, Offers, Terms, Wish, slug
from monograph.fetching.transport import guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monograph.fetching.transport import Web

__all__ = ["OpenFda"]

_PAGE: Final = 100
#: where the names of a drug stand in a record
_NAMED: Final = ("openfda.generic_name", "openfda.brand_name", "openfda.substance_name")
_UPDATED: Final = re.compile(rb'"last_updated"\s*:\s*"([^"]{1,40})"')
_LIMIT: Final = re.compile(r"([?&]limit=)\d+")
_LARGEST: Final = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class OpenFda:
    """A page of a search is a file; so is a part of the bulk download, which is a zip."""

    url: str = "https://api.fda.gov"
    terms: ClassVar[Terms] = Terms(
        publisher="openFDA",
        license="https://creativecommons.org/publicdomain/zero/1.0/",
        rights="Data provided by the U.S. Food and Drug Administration (https://open.fda.gov); not for clinical use",
        jurisdiction="US",
    )

    def offers(self, web: Web, wish: Wish) -> Offers:
        """See :class:`Interface`."""
        if wish.kind == "all":
            yield from self._bulk(web)
        else:
            yield from self._pages(wish)

    def _pages(self, wish: Wish) -> Offers:
        left = wish.limit
        if wish.kind == "identifier":
            search = f'set_id:"{wish.text.lower()}"'
        else:
            phrase = re.sub(r'["\\]', " ", wish.text).strip()
            search = " ".join(f'{field}:"{phrase}"' for field in _NAMED)  # a blank is OR
        size = min(_PAGE, left or _PAGE)
        url: str | None = f"{self.url}/drug/label.json?{urlencode({'search': search, 'limit': size})}"
        version: str | None = None
        page = 1
        while url is not None:
            missing = f"openFDA knows no label of '{wish.text}' - check the spelling" if page == 1 else None
            name = f"openfda-{slug(wish.text)}-{page:04}.json"
            got = yield Item(url, name, b'"results"', "application/json", version, _UPDATED, missing)
            if got is None:
                return
            version, page = got.version, page + 1
            if left is not None:
                left -= _PAGE
            url = _following(url, got.next, left) if left is None or left > 0 else None

    def _bulk(self, web: Web) -> Offers:
        index = f"{self.url}/download.json"
        told = web.read(index).json(index)
        try:
            label = told["results"]["drug"]["label"]
            found = list(_partitions(label["partitions"], index))
            version = str(label["export_date"])
        except (KeyError, TypeError) as error:
            raise FetchError(f"{index}: lists no drug labels - is it openFDA's address?") from error
        for url in found:
            name = urlsplit(url).path.rpartition("/")[2]
            yield Item(url, name, b"PK", "application/zip", version, largest=_LARGEST)


def _following(url: str, following: str | None, left: int | None) -> str | None:
    """The address of the next page, which must be of the same server, for no more labels than are ``left``."""
    if following is None:
        return None
    if urlsplit(guard(following, before=url)).netloc != urlsplit(url).netloc:
        raise FetchError(f"{url}: continues at another server ({following[:200]}), which is refused")
    return _LIMIT.sub(rf"\g<1>{min(_PAGE, left or _PAGE)}", following)


def _partitions(partitions: Any, index: str) -> Iterator[str]:
    for partition in partitions:
        yield guard(str(partition["file"]), before=index)
