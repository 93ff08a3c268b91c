"""The terms whose names match a name, ranked; and which of them, if any, may be called the same.

Lexical matching after Gilda (Gyori et al. 2022, doi:10.1093/bioadv/vbac034), whose scores rank kinds of spelling
difference, with one thing turned round: what is not certain stays a candidate and never becomes an exact match.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from monograph.vocabularies.index import Entry
from monograph.vocabularies.model import Scope, TermKind

__all__ = ["CANDIDATE", "EXACT", "Candidate", "Grounding", "Name", "Way", "rank"]

EXACT: Final = "skos:exactMatch"
#: the predicate of a term that fits no better than another of its vocabulary: one of them may be meant
CANDIDATE: Final = "mg:candidateMatch"

#: what a term's name says of the name that matches it, by its scope: a lay word for "tremor" is near tremor, no more
_PREDICATE: Final[dict[Scope, str]] = {
    "label": "skos:exactMatch",
    "exact": "skos:exactMatch",
    "lay": "skos:closeMatch",
    "narrow": "skos:broadMatch",
    "broad": "skos:narrowMatch",
    "related": "skos:relatedMatch",
}
_SCOPE_SCORE: Final[dict[Scope, float]] = {
    "label": 1.0, "exact": 0.98, "lay": 0.7, "narrow": 0.5, "broad": 0.5, "related": 0.4,
}  # fmt: skip
_SCOPE_SAID: Final[dict[Scope, str]] = {
    "label": "its label",
    "exact": "an exact synonym",
    "lay": "a lay synonym",
    "narrow": "a narrower synonym",
    "broad": "a broader synonym",
    "related": "a related synonym",
}
#: kinds that no name of the other group can have; a vocabulary that does not say ("") fits all
_MATTER: Final = frozenset(["drug", "product", "substance", "drug-class"])
_FINDING: Final = frozenset(["disease", "phenotype"])


#: the tier of a term whose label fits; 1 are exact synonyms, 0 all others
_LABEL: Final = 2


class Name(NamedTuple):
    """What is to be grounded: a name, and the kinds of thing that it may stand for (none: any)."""

    text: str
    kinds: frozenset[TermKind] = frozenset()


class Way(NamedTuple):
    """How a name was changed before it matched: a factor of the score, what was done, what an equal name is then."""

    factor: float
    said: str
    predicate: str = "skos:exactMatch"


class Candidate(NamedTuple):
    """A term that a name may stand for. ``predicate`` reads from the name to the term; ``score`` is from 0 to 1.

    ``matched`` is the term's name that fits, ``reason`` how it fits, in words.
    """

    curie: str
    label: str
    kind: TermKind
    vocabulary: str
    predicate: str
    score: float
    matched: str
    reason: str

    @property
    def exact(self) -> bool:
        return self.predicate == EXACT


class Grounding(NamedTuple):
    """A name with its candidates, the best first; at most one of each vocabulary is an exact match."""

    name: Name
    candidates: tuple[Candidate, ...]

    @property
    def exact(self) -> tuple[Candidate, ...]:
        return tuple([c for c in self.candidates if c.predicate == EXACT])


class _Fit(NamedTuple):
    """A name of a term beside the name that is grounded. Fits that compare alike are ties."""

    tier: int
    score: float
    entry: Entry
    said: str
    predicate: str


def rank(name: Name, entries: Iterable[Entry], way: Way) -> list[Candidate]:
    """The terms that ``entries`` name, in the order of score and CURIE; what is of another kind altogether left out.

    Obsolete terms are left out too, and products unless they are asked for: see :func:`monograph.grounding.ground`
    for what replaced the ones and what the others hold.
    """
    kinds = name.kinds
    fits = [
        _fit(name.text, entry, way)
        for entry in entries
        if not entry.obsolete
        and not (kinds and entry.kind and _of_other_matter(entry.kind, kinds))
        and (entry.kind != "product" or "product" in kinds)
    ]
    if len(fits) < 2:
        return [_candidate(name, fit, 1, False) for fit in fits]
    label_of_finding = any(fit.tier == _LABEL and fit.entry.kind == "phenotype" for fit in fits)
    best: dict[str, dict[str, _Fit]] = {}
    for fit in fits:
        curie = fit.entry.curie
        terms = best.setdefault(curie.partition(":")[0], {})
        if (known := terms.get(curie)) is None or fit[:2] > known[:2]:
            terms[curie] = fit
    out: list[Candidate] = []
    for terms in best.values():
        if len(terms) == 1:
            out += [_candidate(name, fit, 1, label_of_finding) for fit in terms.values()]
            continue
        top = max([(fit.tier, fit.score) for fit in terms.values()])
        ties = [(fit.tier, fit.score) for fit in terms.values()].count(top)
        out += [
            _candidate(name, fit, ties if (fit.tier, fit.score) == top else 0, label_of_finding)
            for fit in terms.values()
        ]
    out.sort(key=_order)
    return out


def _order(candidate: Candidate) -> tuple[float, str, str]:
    return -candidate.score, candidate.vocabulary, candidate.curie


def _fit(text: str, entry: Entry, way: Way) -> _Fit:
    scope, name = entry.scope, entry.text
    said, score, predicate = _SCOPE_SAID[scope], _SCOPE_SCORE[scope] * way.factor, _PREDICATE[scope]
    if predicate == EXACT:
        predicate = way.predicate
    if name != text:
        if name.lower() == text.lower():
            score -= 0.01
            said += " but for case"
        else:
            score -= 0.03
            said += f" in another spelling: {name}"
        if len(name) <= 5 and name.isalpha() and name.isupper():
            predicate, score, said = "skos:closeMatch", score * 0.5, f"{said}, which is an abbreviation"
    tier = 0 if predicate != EXACT else _LABEL if scope == "label" else 1
    return _Fit(tier, round(score, 3), entry, way.said + said if way.said else said, predicate)


def _candidate(name: Name, fit: _Fit, ties: int, label_of_finding: bool) -> Candidate:
    entry = fit.entry
    predicate, score, reason = fit.predicate, fit.score, fit.said
    if predicate == EXACT:
        if ties == 0:
            predicate, score, reason = "skos:closeMatch", score * 0.6, f"{reason}; another term fits better"
        elif ties > 1:
            predicate, score, reason = CANDIDATE, score / ties, f"{reason}; {ties} terms fit alike"
        elif name.kinds and entry.kind and entry.kind not in name.kinds and not _alike(fit, name.kinds):
            predicate, score, reason = "skos:closeMatch", score * 0.6, f"{reason}; it is a {entry.kind}"
        elif _names_a_class(entry.text, name):
            predicate, score, reason = "skos:closeMatch", score * 0.6, f"{reason}; a plural names a class"
        elif entry.kind == "disease" and fit.tier < _LABEL and label_of_finding and "phenotype" in name.kinds:
            predicate, score, reason = "skos:closeMatch", score * 0.6, f"{reason}; a symptom has this very name"
    if score != fit.score:
        score = round(score, 3)
    return Candidate(entry.curie, entry.label, entry.kind, entry.vocabulary, predicate, score, entry.text, reason)


def _names_a_class(text: str, name: Name) -> bool:
    """Whether a substance is asked for and the term is a plural, as thesauri name groups: ``Alcohols``."""
    single = bool(name.kinds) and name.kinds <= _MATTER and "drug-class" not in name.kinds
    return single and text.endswith("s") and not name.text.endswith("s")


def _of_other_matter(kind: TermKind, wanted: frozenset[TermKind]) -> bool:
    """Whether a drug is asked for and the term is a disease, or the other way round."""
    return (kind in _MATTER and wanted <= _FINDING) or (kind in _FINDING and wanted <= _MATTER)


def _alike(fit: _Fit, wanted: frozenset[TermKind]) -> bool:
    """A substance may be the drug that is asked for, which a class or a product is not.

    A disease is a symptom's match only where it is called so itself: ``insomnia`` is both, and an anxiety disorder,
    of which ``anxiety`` is a synonym, is no symptom.
    """
    if fit.entry.kind == "disease":
        return "phenotype" in wanted and fit.tier == _LABEL
    return fit.entry.kind == "substance" and "drug" in wanted
