"""What is asked of an interface, and what it offers in return."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

from monograph.errors import FetchError
from monograph.retrieval import Retrieval

if TYPE_CHECKING:
    from monograph.fetching.transport import Web

__all__ = ["UUID", "Interface", "Item", "Offers", "Terms", "Wish", "slug"]

UUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
#: what a file may be called; names come from answers, and a file may land nowhere but in its folder
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a user wants: the name of a drug, the identifier of a label (a set id), or ``all``.

    ``limit`` is the number of labels at most. ``history`` asks for the older versions too, ``language`` (a code such
    as ``en``) for leaflets in that language, ``releases`` for these parts of the whole: where an interface has them.
    """

    text: str
    limit: int | None = None
    history: bool = False
    language: str = "en"
    releases: tuple[str, ...] = ("human_rx", "human_otc")

    @property
    def kind(self) -> Literal["all", "identifier", "name"]:
        if self.text == "all":
            return "all"
        return "identifier" if UUID.fullmatch(self.text) else "name"


@dataclass(frozen=True, slots=True)
class Item:
    """A file to be fetched: its address, and its name in the folder.

    ``holds`` is what must stand in its first bytes, so that no error page is taken for a label. ``version`` is what
    the interface says of its state: a file of the same version that is there is not asked for again; ``states``
    finds it in the file's first bytes where only these tell. ``missing`` says what it means that there is no such file.
    Raises FetchError on a name that is none for a file.
    """

    url: str
    name: str
    holds: bytes
    accept: str = "*/*"
    version: str | None = None
    states: re.Pattern[bytes] | None = None
    missing: str | None = None
    largest: int = 256 * 1024**2

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise FetchError(f"{self.url}: names a file '{self.name[:60]}', which is refused - check the address")


#: files one after the other; each is answered with what was retrieved, or None where it could not be had
Offers = Generator[Item, Retrieval | None, None]


@dataclass(frozen=True, slots=True)
class Terms:
    """Who publishes what an interface gives, and on what terms."""

    publisher: str
    license: str | None
    rights: str | None
    jurisdiction: str


class Interface(Protocol):
    """A public interface for labels."""

    @property
    def url(self) -> str:
        """Its address, which may be that of a mirror; without a slash at the end."""
        ...

    @property
    def terms(self) -> Terms:
        """What holds for all that it gives."""
        ...

    def offers(self, web: Web, wish: Wish) -> Offers:
        """The files that grant ``wish``; raises UnknownName where there are none, and FetchError."""
        ...


def slug(text: str) -> str:
    """``text`` as part of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80] or "x"
