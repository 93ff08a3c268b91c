"""Grounding: names looked up in a vocabulary index, as they stand first, then in other ways of writing them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from monograph.grounding.candidates import EXACT, Candidate, Grounding, Name, Way, rank
from monograph.grounding.forms import other_forms
from monograph.vocabularies.index import Entry, Index
from monograph.vocabularies.model import TermKind
from monograph.vocabularies.normalising import bag, key
from monograph.vocabularies.prefixes import standard

__all__ = ["ground", "ground_all"]

_BATCH: Final = 2000
_AS_IT_STANDS: Final = Way(1.0, "")
_DRUG: Final[frozenset[TermKind]] = frozenset(["drug"])
_REORDERED: Final = Way(0.9, "with its words in another order ")
_IDENTIFIER: Final = {
    "unii": re.compile(r"(?=.*\d)[A-Z0-9]{10}"),
    "cas": re.compile(r"\d{2,7}-\d{2}-\d"),
    "inchikey": re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]"),
    "drugbank": re.compile(r"DB\d{5}"),
}


def ground(index: Index, name: str | Name) -> Grounding:
    """The terms that ``name`` may stand for; it may also be an identifier (a CURIE, a UNII, CAS number or InChIKey)."""
    return next(ground_all(index, [name]))


def ground_all(index: Index, names: Iterable[str | Name]) -> Iterator[Grounding]:
    """:func:`ground` for many names, in their order; looked up together, which is many times faster."""
    left = (Name(name) if isinstance(name, str) else name for name in names)
    while some := list(islice(left, _BATCH)):
        keys = [key(name.text) for name in some]
        found = index.lookup(keys)
        first = [rank(name, found.get(k, ()), _AS_IT_STANDS) for name, k in zip(some, keys, strict=True)]
        poor = [i for i, found_so in enumerate(first) if all(c.predicate != EXACT for c in found_so)]
        second = dict(zip(poor, _other_ways(index, [some[i] for i in poor], found), strict=True)) if poor else {}
        for i, name in enumerate(some):
            yield Grounding(name, _merged([*first[i], *second[i]]) if second.get(i) else tuple(first[i]))


def _other_ways(index: Index, names: Sequence[Name], found: dict[str, list[Entry]]) -> Iterator[list[Candidate]]:
    """What names have that are not found as they stand: other orders, other forms, identifiers, what replaced them."""
    forms = [list(other_forms(name)) for name in names]
    bags = index.lookup([bag(name.text) for name in names], bags=True)
    keys = index.lookup([key(text) for several in forms for text, _ in several])
    for name, several in zip(names, forms, strict=True):
        out = rank(name, bags.get(bag(name.text), ()), _REORDERED)
        for text, way in several:
            out += rank(name._replace(text=text), keys.get(key(text), ()), way)
        known = found.get(key(name.text), ())
        yield [*out, *_by_identifier(index, name), *_replacements(index, known), *_of_products(index, name, known)]


def _by_identifier(index: Index, name: Name) -> Iterator[Candidate]:
    text = name.text.strip()
    curies = [curie] if (curie := standard(text)) else []
    curies += [f"{prefix}:{text}" for prefix, pattern in _IDENTIFIER.items() if pattern.fullmatch(text)]
    for identifier in curies:
        for found in dict.fromkeys((identifier, *(other for other, _ in index.same(identifier)))):
            if (term := index.term(found)) is not None and term.label and not term.obsolete:
                reason = "this is its identifier" if found == identifier else f"it states {identifier} as its own"
                where = term.vocabularies[0]
                yield Candidate(found, term.label, term.kind, where, "skos:exactMatch", 1.0, identifier, reason)


def _of_products(index: Index, name: Name, entries: Sequence[Entry]) -> Iterator[Candidate]:
    """The drug in products that bear the name, where all of them hold the same one and no other."""
    if name.kinds and "drug" not in name.kinds:
        return
    terms = [t for e in entries if e.kind == "product" and (t := index.term(e.curie)) is not None and not t.obsolete]
    held = {tuple(ingredient.lower() for ingredient in term.ingredients) for term in terms if term.ingredients}
    if len(held) == 1 and len(drugs := held.pop()) == 1:
        drug = Name(drugs[0], _DRUG)
        for found in rank(drug, index.lookup([key(drug.text)]).get(key(drug.text), ()), _AS_IT_STANDS):
            if found.exact:
                score, reason = round(found.score * 0.8, 3), f"{terms[0].curie} is a product with this drug"
                yield found._replace(predicate="skos:broadMatch", score=score, matched=terms[0].label, reason=reason)


def _replacements(index: Index, entries: Sequence[Entry]) -> Iterator[Candidate]:
    for entry in entries:
        if entry.obsolete and entry.scope in ("label", "exact") and (term := index.term(entry.curie)) is not None:
            for curie in term.replaced_by or term.consider:
                new = index.term(curie)
                if new is not None and new.label and not new.obsolete:
                    reason = f"it replaces {entry.curie}, which is obsolete"
                    where = new.vocabularies[0]
                    yield Candidate(curie, new.label, new.kind, where, "skos:closeMatch", 0.6, entry.text, reason)


def _merged(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """One of each term, the best; and where two ways lead to two exact terms of one vocabulary, none is exact."""
    if len(candidates) < 2:
        return tuple(candidates)
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        if (known := best.get(candidate.curie)) is None or candidate.score > known.score:
            best[candidate.curie] = candidate
    exact: dict[str, list[Candidate]] = {}
    for candidate in best.values():
        if candidate.exact:
            exact.setdefault(candidate.curie.partition(":")[0], []).append(candidate)
    for several in exact.values():
        top = max(c.score for c in several)
        for candidate in several:
            if candidate.score < top or sum(c.score == top for c in several) > 1:
                best[candidate.curie] = candidate._replace(
                    predicate="mg:candidateMatch",
                    score=round(candidate.score / len(several), 3),
                    reason=f"{candidate.reason}; {len(several)} terms fit",
                )
    return tuple(sorted(best.values(), key=lambda c: (-c.score, c.vocabulary, c.curie)))
