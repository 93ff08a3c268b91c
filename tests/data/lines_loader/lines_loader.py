"""A loader in a package of its own, as loaders/README.md shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from monograph.document import Block, Document, Piece
from monograph.loading import decode

__all__ = ["LinesLoader"]


class LinesLoader:
    """One paragraph a line."""

    name: ClassVar[str] = "lines"
    about: ClassVar[str] = "files with one paragraph a line"

    def accepts(self, head: bytes, name: str) -> bool:
        return name.endswith(".lines")

    def read(self, data: bytes, name: str) -> Iterator[Document]:
        text = decode(data, name)
        pieces = [Piece(m.start(), m.end()) for m in re.finditer(r"\S[^\n]*", text)]
        blocks = tuple(Block("paragraph", (piece,)) for piece in pieces)
        yield Document(name, text, Document.digest(data), "lines", blocks=blocks)
