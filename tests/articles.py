"""Small articles in our own words, read and extracted the way ``monograph extract`` does it."""

from __future__ import annotations

from monograph.document import Document
from monograph.extraction import Extraction, extract
from monograph.facts import Fact
from monograph.loaders.article import ArticleLoader

__all__ = ["DRUG", "document", "extracted", "facts", "names", "said"]

#: an invented drug, so that no list of names helps
DRUG = "Zentralin"


def document(text: str, name: str = "zentralin.txt") -> Document:
    """The document in ``text``, as the article loader reads a file of that name."""
    return next(ArticleLoader().read(text.encode(), name))


def extracted(text: str, name: str = "zentralin.txt") -> Extraction:
    return extract(document(text, name))


def said(sentence: str, heading: str = "Side effects") -> list[Fact]:
    """The facts of one sentence on the invented drug, under a heading."""
    text = f"---\ndrug: {DRUG}\n---\n\n# {DRUG}\n\n{DRUG} is sold in many countries.\n\n## {heading}\n\n{sentence}\n"
    return [f for f in extracted(text, "zentralin.md") if f.quote in sentence]


def facts(found: Extraction | list[Fact], kind: str, polarity: str = "asserted") -> list[Fact]:
    return [f for f in found if f.kind == kind and f.polarity == polarity]


def names(found: Extraction | list[Fact], kind: str, polarity: str = "asserted") -> set[str]:
    """The values of the facts of a kind, of one polarity."""
    return {f.value for f in facts(found, kind, polarity)}
