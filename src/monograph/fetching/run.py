"""Wishes granted one after the other: what cannot be had is told, and the rest is fetched all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from monograph.errors import FetchError, MonographError, UnknownName
from monograph.fetching.dailymed import DailyMed
from monograph.fetching.epi import Epi
from monograph.fetching.keeping import Kept, keep
from monograph.fetching.model import Interface, Item, Wish
from monograph.fetching.openfda import OpenFda
from monograph.fetching.transport import NotFound, Web, guard

__all__ = ["INTERFACES", "Granted", "fetch", "interface", "offered"]

INTERFACES: Final[dict[str, Callable[..., Interface]]] = {"openfda": OpenFda, "dailymed": DailyMed, "epi": Epi}
#: so many failures one after the other end a wish
_GIVE_UP: Final = 3


@dataclass(slots=True)
class Granted:
    """What became of a wish: the files that are there now, and a line for each that could not be had."""

    wish: Wish
    kept: list[Kept] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def fetched(self) -> int:
        return sum(kept.state == "fetched" for kept in self.kept)

    @property
    def bytes(self) -> int:
        """The bytes of the files that were fetched now."""
        return sum(kept.retrieval.bytes or 0 for kept in self.kept if kept.state == "fetched")


def interface(name: str, url: str | None = None) -> Interface:
    """The interface of that name, at ``url`` where that is given; raises UnknownName and FetchError."""
    if name not in INTERFACES:
        raise UnknownName(f"no interface '{name}' - there are: {', '.join(sorted(INTERFACES))}")
    return INTERFACES[name]() if url is None else INTERFACES[name](guard(url).rstrip("/"))


def fetch(
    of: Interface,
    wish: Wish,
    folder: Path,
    web: Web,
    *,
    begun: Callable[[Item], None] = lambda item: None,
    done: Callable[[Kept], None] = lambda kept: None,
) -> Granted:
    """Puts the files that grant ``wish`` into ``folder``; what is there in its newest state is not fetched again.

    A file that fails is told in ``failures`` and the next is tried; after three failures one after the other the rest
    is left. Raises FetchError where the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchError(f"cannot make the folder {folder} ({error.strerror}) - check its place and rights") from error
    granted = Granted(wish)
    offers = of.offers(web, wish)
    in_a_row = 0
    try:
        item = next(offers)
        while True:
            begun(item)
            try:
                kept = keep(web, item, folder, of.terms)
            except FetchError as error:
                in_a_row += 1
                missing = isinstance(error, NotFound) and item.missing
                granted.failures.append(missing or str(error))
                if in_a_row == _GIVE_UP:
                    granted.failures.append(f"{wish.text}: left after {_GIVE_UP} failures one after the other")
                    return granted
                item = offers.send(None)
            else:
                in_a_row = 0
                granted.kept.append(kept)
                done(kept)
                item = offers.send(kept.retrieval)
    except StopIteration:
        return granted
    except MonographError as error:
        granted.failures.append(str(error))
        return granted


def offered(of: Interface, wish: Wish, web: Web) -> Iterator[Item]:
    """The files that would be fetched, as far as the interface tells before they are; raises MonographError."""
    offers = of.offers(web, wish)
    try:
        item = next(offers)
        while True:
            yield item
            item = offers.send(None)
    except StopIteration:
        return
