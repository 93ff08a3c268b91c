"""Which drug a document is about: its canonical name, what else the document calls it, and whether it is a class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from monograph.document import Document
from monograph.extraction.rules import table
from monograph.facts import SubjectType

__all__ = ["Subject", "identify"]

_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9'’-]*[A-Za-z0-9]")
_CONTAINS = re.compile(
    r"(?P<brand>[A-Z][\w-]+(?: [A-Z][\w-]+){0,2}) ?contains? (?:the active (?:substance|ingredient)s? )?"
    r"(?P<drug>[a-z][a-z-]{3,})"
)
_SALTS = (
    "hydrochloride|besilate|besylate|maleate|mesilate|mesylate|sodium|potassium|sulfate|sulphate|acetate|citrate|"
    "tartrate|fumarate|succinate|phosphate|hydrobromide|calcium|magnesium|bromide|chloride|nitrate|hcl|monohydrate"
)
_GENERIC = frozenset(
    [
        "about",
        "what",
        "how",
        "why",
        "when",
        "tablets",
        "tablet",
        "capsules",
        "capsule",
        "oral",
        "injection",
        "cream",
        "medicine",
        "medicines",
        "medication",
        "drug",
        "drugs",
        "information",
        "patient",
        "leaflet",
        "package",
        "uses",
        "side",
        "effects",
        "dosage",
        "warnings",
        "guide",
        "article",
        "the",
        "your",
        "and",
        "for",
        "with",
        "use",
        "taking",
        "page",
        "overview",
        "summary",
        "facts",
        "key",
        "introduction",
        "questions",
        "answers",
        "everything",
        "you",
        "need",
        "know",
        "frequently",
        "asked",
        "is",
        "are",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "or",
        "possible",
        "before",
        "after",
        "is",
        "it",
        "this",
        "who",
        "can",
        "cannot",
        "take",
        "treatment",
        "treatments",
    ]
)


@dataclass(frozen=True)
class Subject:
    """What the facts of a document are about.

    ``name`` is canonical and lower case, ``names`` all names by which the document calls it, ``ingredients`` those of
    a combination, ``brands`` as written; ``pattern`` finds mentions in lower-case text.
    """

    name: str
    type: SubjectType
    names: tuple[str, ...]
    ingredients: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()

    @property
    def pattern(self) -> re.Pattern[str] | None:
        return _mentions(self.names)


@cache
def _mentions(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    spelled = "|".join(re.escape(n).replace(r"\ ", r"[\s-]+") for n in sorted(names, key=lambda n: (-len(n), n)))
    # a scraper may have lost the space after a brand ("Brandcan"): the end of the name is no condition for long ones
    return re.compile(rf"(?<![a-z])(?:{spelled})(?:\s(?:{_SALTS})\b)?(?:(?![a-z])|(?<=\w{{8}})(?=(?:can|is|may|if)\b))")


@cache
def _known() -> dict[str, str]:
    return {row["name"]: row["common_name"] for row in table("drug_names")}


@cache
def _classes() -> tuple[str, ...]:
    return tuple(row["name"].lower() for row in table("drug_classes") if row["type"] == "class")


def identify(document: Document) -> Subject | None:
    """The subject of ``document``, or None where it names no drug that can be recognised."""
    shown = [view.text for view, block in zip(document.views, document.blocks, strict=True) if not block.boilerplate]
    text = "\n".join(shown)
    brands = tuple(
        dict.fromkeys(m.group("brand") for m in _CONTAINS.finditer(text) if _is_brand(m.group("brand"), document))
    )
    if document.drugs:
        return _stated(document.drugs, text, brands)
    title = document.title or ""
    headings = " ".join(s.heading for s in document.sections if s.level <= 2)
    named = [w.lower() for w in _WORD.findall(title)]
    scores: Counter[str] = Counter()
    for word in (w.lower().replace("’", "'").removesuffix("'s") for w in _WORD.findall(text)):
        if word in _known():
            scores[word] += 1
    if scores:
        # what stands in a heading or opens the article is the subject far more often than an interacting drug
        for word in set(_WORD.findall(headings.lower())) & set(scores):
            scores[word] += 6 * headings.lower().count(word)
        for word in set(named) & set(scores):
            scores[word] += 40
        opening = next((w.lower() for w in _WORD.findall(text[:300]) if w.lower() in scores), None)
        if opening:
            scores[opening] += 5
        for match in _CONTAINS.finditer(text[:3000]):
            if match.group("drug") in scores:
                scores[match.group("drug")] += 40
        for word in re.findall(r"[a-z]+", document.identifier):
            if word in scores:
                scores[word] += 10
    combined = [w for w in dict.fromkeys(named) if w in scores]
    if (
        len(combined) > 1
        and re.search(r"\band\b|\+|/|&", title)
        and not re.search(r"\b(?:vs|versus|or)\b", title.lower())
    ):
        return _subject(combined, text, brands)
    class_name = _class_of(title, text)
    best = min(scores, key=lambda w: (-scores[w], w)) if scores else None
    if class_name and (best is None or (best not in named and scores[best] < text.lower().count(class_name))):
        return Subject(class_name, "drug-class", (class_name, class_name + "s"))
    if best is not None and (scores[best] >= 8 or best in named or (scores[best] >= 3 and len(text) < 4000)):
        return _subject([best], text, brands)
    return _unknown(title, headings, text, brands)


def _stated(drugs: Iterable[str], text: str, brands: tuple[str, ...]) -> Subject:
    names = [part.strip() for drug in drugs for part in re.split(r"\s*(?:\+|/|;|,| and )\s*", drug) if part.strip()]
    cleaned = [re.sub(rf"\s(?:{_SALTS})$", "", re.sub(r"\s*\(.*?\)", "", n).lower()) for n in names]
    class_name = next((c for c in _classes() if len(cleaned) == 1 and cleaned[0] in {c, c + "s"}), None)
    if class_name and cleaned[0] not in _known():
        return Subject(class_name, "drug-class", (class_name, class_name + "s"))
    return _subject(cleaned, text, brands)


def _subject(names: list[str], text: str, brands: tuple[str, ...]) -> Subject:
    """A drug or, of several names, their combination; with the spellings and brands that ``text`` uses for it."""
    known, low = _known(), text.lower()
    own = set(names)
    for name in names:
        common = known.get(name)
        own |= {other for other, c in known.items() if common and c == common and other in low}
    own |= {b.lower() for b in brands}
    ordered = tuple(sorted(own))
    if len(names) > 1:
        return Subject(" + ".join(names), "combination", ordered, ingredients=tuple(names), brands=brands)
    return Subject(names[0], "drug", ordered, brands=brands)


def _is_brand(name: str, document: Document) -> bool:
    """A brand is the subject of headings or of many sentences; "This medicine contains" names none."""
    first = name.split()[0].lower()
    if first in _GENERIC or first in _known() or first in {"each", "it", "these", "they", "one", "some"}:
        return False
    return document.text.count(name) >= 3


def _class_of(title: str, text: str) -> str | None:
    low = title.lower()
    found = [c for c in _classes() if re.search(rf"\b{re.escape(c)}s?\b", low)]
    return max(found, key=len) if found else None


def _unknown(title: str, headings: str, text: str, brands: tuple[str, ...]) -> Subject | None:
    """A drug that no list knows: the word of the title, or the subject of "X is a …", that the text keeps naming."""
    words = Counter(w for w in _WORD.findall(text) if len(w) > 4)
    opening = re.match(r"\W*([A-Z][a-z]{4,}(?:[- ][A-Z]?[a-z]+)?) (?:\([^)]*\) )?(?:is|are|belongs|contains)\b", text)
    candidates = [w for w in _WORD.findall(title) if w.lower() not in _GENERIC]
    candidates += [opening.group(1).split()[0]] if opening else []
    candidates += [w for w in _WORD.findall(headings) if w.lower() not in _GENERIC and w[0].isupper()]
    likely = re.compile(
        r"(?:ine|in|ol|am|an|en|one|ide|ate|ib|mab|il|ine|am|pril|tan|vir|cin|xin|zole|fen|pam|lam|statin|ium|ane|cept|"
        r"ex|ra|yl|ax|or)$"
    )
    for word in candidates:
        count = words[word] + words[word.lower()] + words[word.capitalize()]
        if count >= 4 and word.lower() not in _GENERIC and (likely.search(word.lower()) or word in brands):
            return _subject([word.lower()], text, brands)
    return None
