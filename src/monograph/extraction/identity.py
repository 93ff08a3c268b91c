"""Which drug a document is about: its canonical name, what else the document calls it, and whether it is a class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from monograph.document import Document
from monograph.extraction.ingredients import (
    SALTS,
    base_name,
    brands_beside,
    is_name,
    leaflet_brands,
    stated_brands,
    stated_ingredients,
)
from monograph.extraction.rules import table
from monograph.extraction.wording import drug_class_names
from monograph.facts import SubjectType

__all__ = ["Subject", "identify"]

_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9'’-]*[A-Za-z0-9]")
_CONTAINS = re.compile(
    r"(?P<brand>[A-Z][\w-]+(?: [A-Z][\w-]+){0,2}) ?contains? (?:the active (?:substance|ingredient)s? )?"
    r"(?P<drug>[a-z][a-z-]{3,})"
)
#: a title's publisher: "Baclofen: uses and side effects | Some Clinic"
_PUBLISHER = re.compile(r"\s(?:\||-|–|—|•|»|::)\s(?!a\b|an\b|the\b)[^|]*$")
#: how a sentence takes up the name of what is taken
_TAKEN = r"\b(?:tak(?:e|ing)|us(?:e|ing)|dose of|given|on|of|with|to|is) "
#: a title that sets two drugs against each other, or asks about a second one
_AGAINST = re.compile(r"\b(?:vs|versus|or|compared|with|interactions?|difference|between)\b")
#: words of titles, headings and first sentences that name no drug
_GENERIC = frozenset(
    re.findall(
        r"\S+",
        """
        about what how why when who can cannot take taking use uses using used treatment treatments tablets tablet capsules
        capsule oral injection cream gel drops eye ear nasal spray inhaler patch patches ointment solution suspension liquid
        syrup topical rectal vaginal inhalation intravenous intramuscular subcutaneous transdermal ophthalmic otic buccal
        sublingual injectable implantation intrathecal intravitreal parenteral by mouth prolonged release film-coated route medicine medicines medication medications
        drug drugs information patient leaflet package product side effects effect dosage dose doses dosing warnings warning
        precautions interactions interaction guide article the your and for with page overview summary facts key introduction
        questions answers everything you need know frequently asked is are a an of to in on or possible before after it this
        that these those them all some many most other adults children adult child people women men patients pregnancy
        generic brand name names prescription should does works work do not if there each they one
        """,
    )
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

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        return _mentions(self.names)


@cache
def _mentions(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    spelled = "|".join(re.escape(n).replace(r"\ ", r"[\s-]+") for n in sorted(names, key=lambda n: (-len(n), n)))
    # a scraper may have lost the space after a brand ("Brandcan"): the end of the name is no condition for long ones
    return re.compile(rf"(?<![a-z])(?:{spelled})(?:(?![a-z])|(?<=\w{{8}})(?=(?:can|is|may|if)\b))")


@cache
def _known() -> dict[str, str]:
    return {row["name"]: row["common_name"] for row in table("drug_names")}


@cache
def _titles() -> dict[str, str]:
    """Names that are a drug where a title names them, with their common names."""
    return _known() | {row["name"]: row["common_name"] for row in table("subject_names")}


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """The names of each substance, by its common name."""
    out: dict[str, tuple[str, ...]] = {}
    for name, common in _titles().items():
        out[common] = (*out.get(common, ()), name)
    return out


@cache
def _of_several_words() -> re.Pattern[str]:
    names = sorted((n for n in _titles() if not n.isalpha()), key=lambda n: (-len(n), n))
    return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, names))})(?![a-z])")


#: kinds of medicines that only their purpose names: "reliever inhalers", "sleeping pills", "medicines for angina"
_KINDS_OF = re.compile(
    r"\b(?P<name>[a-z][a-z-]+(?: pressure| sugar)? (?:inhalers|pills|tablets|medicines|medications|drugs|patches|sprays|injections))\b"
    r"|\b(?:medicines|medications|drugs|tablets) (?:for|against|to treat) (?P<aim>[a-z][a-z -]+)"
)


@cache
def _class_pattern() -> re.Pattern[str]:
    """Names of classes, and phrases that end in a class's word: "SGLT2 inhibitors", "antifungal medicines"."""
    names = "|".join(re.escape(c) for c in sorted(drug_class_names(), key=lambda c: (-len(c), c)))
    ends = "|".join(row["name"] for row in table("drug_classes") if row["type"] == "suffix")
    return re.compile(rf"\b(?:{names}|(?:[a-z0-9]+[ -]){{0,2}}[a-z]*(?:{ends})|anti(?!dote)[a-z-]{{4,}}(?<!s))s?\b")


def _opening(shown: list[str]) -> str:
    """The first line of a document without a title, where it is short, no sentence, and names a drug."""
    first = shown[0].strip() if shown else ""
    return first if len(first.split()) <= 8 and first[-1:] not in ".:?!" and _named_in(first) else ""


def identify(document: Document) -> Subject | None:
    """The subject of ``document``, or None where it names no drug that can be recognised."""
    shown = [view.text for view, block in zip(document.views, document.blocks, strict=True) if not block.boilerplate]
    text = "\n".join(shown)
    whole = "\n".join(view.text for view in document.views)
    contained = (m.group("brand") for m in _CONTAINS.finditer(text) if _is_brand(m.group("brand"), document))
    headed = [b for b in leaflet_brands(whole) if b.lower() not in _titles()]
    found = dict.fromkeys((*document.brands, *contained, *headed))
    # the company at the end of a product's name is none: "Zentralin besilate Somecompany"
    brands = tuple(b for b in found if not any(other.endswith(f" {b}") for other in found))
    if document.drugs:
        return _stated(document.drugs, text, brands)
    headings = " ".join(s.heading for s in document.sections if s.level <= 2)
    title = _PUBLISHER.sub("", document.title or _opening(shown))
    named = _named_in(title)
    # what a pack contains is told where leaflets name makers and dates: that states nothing else
    stated = stated_ingredients(whole, _titles())
    brands += tuple(b for b in stated_brands(document.title or "", text, (*named, *stated)) if b not in brands)
    if named:
        drugs = _titled(named, stated, title, text)
        return _subject(drugs, text, _title_brand(title, (*named, *drugs), text, brands))
    class_name = _class_of(title)
    if class_name is None and stated:
        return _subject(list(stated), text, _title_brand(title, stated, text, brands))
    scores = _scores(document, text, headings)
    ranked = sorted(scores, key=lambda w: (-scores[w], w))
    best = ranked[0] if ranked else None
    second = scores[ranked[1]] if len(ranked) > 1 else 0
    clear = best is not None and (
        scores[best] >= 0.6 * sum(scores.values()) or (scores[best] >= 8 and scores[best] >= 2 * second)
    )
    if class_name:
        names = _names_of_class(class_name, text)
        told = sum(1 for _ in (_mentions(names) or re.compile("$")).finditer(text.lower()))
        by_purpose = _class_pattern().search(title.lower()) is None
        if best is None or (
            scores[best] < 3 * max(told, 3) and not (by_purpose and clear and scores[best] > max(told, 4))
        ):
            return Subject(class_name, "drug-class", names)
    unknown = _unknown(title, headings, text, brands)
    if unknown is not None and (best is None or not clear or scores[best] < text.lower().count(unknown.name)):
        return unknown
    if best is not None and clear and (scores[best] >= 8 or (scores[best] >= 3 and len(text) < 4000)):
        return _subject([best], text, _title_brand(title, (best,), text, brands))
    if unknown is None and document.brands:
        return _subject([document.brands[0].lower()], text, brands)  # a record that knows its product by its brand only
    return unknown


def _named_in(text: str) -> list[str]:
    """The known drugs that a short text names, in order, each with its longest name."""
    low = " ".join(text.lower().replace("’", "'").split())
    found = [(m.start(), m.group()) for m in _of_several_words().finditer(low)]
    taken = [(start, start + len(name)) for start, name in found]
    for m in _WORD.finditer(low):
        word = m.group().removesuffix("'s")
        parts = [word] if word in _titles() else word.split("-")
        for part, start in ((p, m.start() + word.find(p)) for p in parts):
            if part in _titles() and not any(a <= start < b for a, b in taken):
                found.append((start, part))
                taken.append((start, start + len(part)))
    return list(dict.fromkeys(name for _, name in sorted(found)))


def _titled(named: list[str], stated: tuple[str, ...], title: str, text: str) -> list[str]:
    """The drug, or the drugs of a combination, of a title that names them."""
    common = _titles()
    low = title.lower()
    if len(named) == 1:
        if len(stated) > 1 and any(common.get(named[0]) == common.get(s, s) for s in stated):
            return list(stated)
        if len(stated) == 1 and stated[0].startswith(f"{named[0]} "):
            return list(stated)  # the title has "insulin", the text insulin lispro
        return named
    if len({common[n] for n in named}) == 1:
        return named[:1]  # two spellings of one name
    if "(" in low and len(stated) < 2:
        outside = [n for n in named if n in re.sub(r"\([^)]*\)", " ", low)]
        if len(outside) == 1:
            return outside
        named = outside or named
    if _AGAINST.search(low):
        return named[:1]
    if drugs := [n for n in named if not _NUTRIENT.fullmatch(n)]:
        named = drugs if len(stated) < 2 else named
        if len(named) == 1:
            return named
    joined = "|".join(map(re.escape, named))
    together = re.search(rf"(?:{joined})(?: \w+)?(?:,? and |/| ?\+ ?|-| with |, ?| & )(?:{joined})", text.lower())
    return named if together or len(stated) > 1 else named[:1]


def _title_brand(title: str, stated: tuple[str, ...], text: str, brands: tuple[str, ...]) -> tuple[str, ...]:
    """``brands`` and the word of the title that the text uses as its drug's name, written as in the text."""
    salts = frozenset(SALTS.split("|"))
    parts = {part for name in stated for part in re.split(r"[ /-]", name)}
    for word in _WORD.findall(title):
        low = word.lower()
        if (
            len(word) < 4
            or low in _GENERIC | salts | parts
            or low in _titles()
            or any(low == b.lower() for b in brands)
        ):
            continue
        written = re.findall(rf"\b{re.escape(word)}\b", text, re.I)
        taken = len(re.findall(rf"{_TAKEN}{re.escape(low)}\b", text.lower()))
        capital = [w for w in written if any(letter.isupper() for letter in w)]
        # a converter may write the name in small letters in headings
        if len(written) >= 4 and taken >= 2 and len(capital) >= 0.6 * len(written):
            return (*brands, capital[0])
    return brands


def _scores(document: Document, text: str, headings: str) -> Counter[str]:
    """How much speaks for each known drug that the text names."""
    known, scores = _known(), Counter[str]()
    for word in (w.lower().replace("’", "'").removesuffix("'s") for w in _WORD.findall(text)):
        if word in known:
            scores[word] += 1
    if not scores:
        return scores
    # what stands in a heading or opens the article is the subject far more often than an interacting drug
    for word in set(_WORD.findall(headings.lower())) & set(scores):
        scores[word] += 6 * headings.lower().count(word)
    opening = next((w.lower() for w in _WORD.findall(text[:300]) if w.lower() in scores), None)
    if opening:
        scores[opening] += 1
    for match in _CONTAINS.finditer(text[:3000]):
        if match.group("drug") in scores:
            scores[match.group("drug")] += 40
    for word in re.findall(r"[a-z]+", document.identifier):
        if word in scores:
            scores[word] += 10
    return scores


def _stated(drugs: Iterable[str], text: str, brands: tuple[str, ...]) -> Subject:
    said = [re.split(r"[.;]\s", drug)[0] for drug in drugs]
    names = [part.strip() for drug in said for part in re.split(r"\s*(?:\+|/|;|,| and )\s*", drug) if part.strip()]
    cleaned = [_as_listed(base_name(n)) for n in names]
    class_name = next((c for c in drug_class_names() if len(cleaned) == 1 and cleaned[0] in {c, c + "s"}), None)
    if class_name and cleaned[0] not in _known():
        return Subject(class_name, "drug-class", _names_of_class(class_name, text))
    return _subject(cleaned, text, brands)


def _as_listed(name: str) -> str:
    """``name`` without what follows the known drug that it begins with: "zentralin sodium extended"."""
    words = name.split()
    heads = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    return name if name in _titles() or "with" in words else next((head for head in heads if head in _titles()), name)


def _subject(names: list[str], text: str, brands: tuple[str, ...]) -> Subject:
    """A drug or, of several names, their combination; with the spellings and brands that ``text`` uses for it."""
    known, low = _titles(), text.lower()
    own = set(names)
    if len(names) == 1 and " + " in known.get(names[0], ""):
        names = known[names[0]].split(" + ")  # a name of a combination
    elif len(names) == 1 and "/" in names[0]:
        names = names[0].split("/")
    for name in names:
        own |= {other for other in _spellings().get(known.get(name, ""), ()) if other in low}
        own |= {name} if name in low else set()
    if len(names) == 1 and not leaflet_brands(text):
        beside = (b for b in brands_beside(text, own) if b.lower() not in _titles() and b.lower() not in _GENERIC)
        brands = tuple(dict.fromkeys((*brands, *beside)))
    own |= {b.lower() for b in brands}
    ordered = tuple(sorted(own))
    if len(names) > 1:
        return Subject(" + ".join(names), "combination", ordered, ingredients=tuple(names), brands=brands)
    return Subject(names[0], "drug", ordered, brands=brands)


def _is_brand(name: str, document: Document) -> bool:
    """A brand is the subject of headings or of many sentences; "This medicine contains" names none."""
    first = name.split()[0].lower()
    if first in _GENERIC or first in _known():
        return False
    return document.text.count(name) >= 3


def _class_of(title: str) -> str | None:
    """The class that a title names, in the singular; the one that is named first."""
    low = " ".join(title.lower().split())
    match = _class_pattern().search(low) or _KINDS_OF.search(low)
    if match is None:
        return None
    words = (match.groupdict().get("name") or match.group()).split()
    while words and words[0] in _GENERIC:
        words.pop(0)
    if match.groupdict().get("aim"):
        words = [*match.group("aim").split(), "medicine"]
    name = " ".join(words)
    return (name.removesuffix("s") if not name.endswith("ss") else name) or None


def _names_of_class(name: str, text: str) -> tuple[str, ...]:
    """A class's name, its plural, and the abbreviation or the full name that the text gives beside it."""
    low = text.lower()
    out = {name, name + "s"}
    if m := re.search(rf"{re.escape(name)}s? \((?:also called |or )?(?P<short>[a-z0-9-]{{2,8}}?)s?\)", low):
        out |= {m.group("short"), m.group("short") + "s"}
    if m := re.search(rf"(?P<long>[a-z][a-z-]+(?: [a-z-]+){{0,3}}?)s? \({re.escape(name)}s?\)", low):
        long = m.group("long").removesuffix("s")
        out |= {long, long + "s"}
    if name.endswith(" inhaler"):
        out |= {name.removesuffix(" inhaler"), name.removesuffix(" inhaler") + "s"}
    return tuple(sorted(n for n in out if n not in _GENERIC))


#: what a drug is taken with more often than combined with
_NUTRIENT = re.compile(
    r"vitamin .*|iron|calcium|zinc|magnesium|potassium|caffeine|nicotine|oxygen|biotin|alcohol|ethanol"
)
#: what follows the subject of a sentence
_IS_A = (
    r"(?: \([^)]{1,60}\))?,? (?:is|are|was|belongs|contains|works|helps|treats|(?:can|may|might|should|must)(?: \w+)?|"
    r"tablets|capsules|comes|has)\b"
)


#: the first heading of each European leaflet names what the leaflet is on
_LEAFLET_ON = re.compile(r"(?i)\bwhat (?P<name>[a-z][a-z0-9-]+)(?: [a-z0-9-]+)? is and what it is used for\b")


def _unknown(title: str, headings: str, text: str, brands: tuple[str, ...]) -> Subject | None:
    """A drug that no list knows: the word of the title, or the subject of "X is a …", that the text keeps naming."""
    counts = Counter(w.lower() for w in _WORD.findall(text) if len(w) > 3)
    opening = re.match(
        r"\W*([A-Z][A-Za-z]{3,}(?:[- ][A-Z]?[a-z]+)?) (?:\([^)]*\) )?(?:is|are|belongs|contains)\b", text
    )
    titled = [w.lower() for w in _WORD.findall(title) if w.lower() not in _GENERIC]
    candidates = [*titled, *([opening.group(1).split()[0].lower()] if opening else [])]
    candidates += [w.lower() for w in _WORD.findall(headings) if w.lower() not in _GENERIC and w[0].isupper()]
    low, own = text.lower(), {b.lower() for b in brands}
    leaflet = _LEAFLET_ON.search(text)
    for word in dict.fromkeys(candidates):
        if len(word) < 5 or counts[word] < 2 or word in _GENERIC:
            continue
        told = len(re.findall(rf"\b{re.escape(word)}{_IS_A}", low))
        taken = re.search(rf"{_TAKEN}{re.escape(word)}\b", low) is not None
        capital = sum(1 for w in _WORD.findall(text) if w.lower() == word and w[:1].isupper())
        brand = word in own or (capital >= 0.9 * counts[word] and counts[word] >= 5)
        sole = titled[:1] == [word] and is_name(word, frozenset()) and (told >= 1 or taken)
        # "X is a medicine" at the very start says it outright
        outright = (
            opening is not None
            and opening.group(1).split()[0].lower() == word
            and re.search(
                rf"\b{re.escape(word)} (?:\([^)]*\) )?is an? (?:[a-z-]+ ){{0,4}}(?:medicine|medication|drug|antibiotic|painkiller|tablet)\b",
                low,
            )
        )
        if (
            outright
            or sole
            or (leaflet is not None and leaflet.group("name").lower() == word)
            or (brand and word in titled)
            or (told >= 2 and taken and (brand or is_name(word, frozenset())))
        ):
            return _subject([word], text, brands)
    return None
