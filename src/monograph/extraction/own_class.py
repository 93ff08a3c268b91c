"""What a sentence names besides what interacts: the drug's own class, what it compares with, what somebody is allergic to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from monograph.extraction.interactants import Interactant, interactants
from monograph.extraction.making import Maker
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import SUBJECT
from monograph.screening import screened

__all__ = ["allergic_to", "its_own", "named_by_class", "told_of"]

#: what the names of a class, or of the drugs in it, have in common
_CLASSES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bbeta[- ]?(?:1[- ])?(?:selective )?(?:adrenergic |adreno(?:re)?ceptor )?(?:receptor )?block|[a-z]{3}olol$",
        r"\bhmg[- ]coa reductase|statins?$",
        r"thiazides?(?: diuretics?)?$",
        r"\bproton[- ]pump|\bppis?\b|[a-z]prazole$|\bacid[- ]reducers?\b",
        r"\bmacrolides?\b|thromycin$",
        r"quinolones?\b|floxacin$",
        r"\bbenzodiazepines?\b|z[eo]lam$|zepam$",
        r"\btriptans?\b|[a-z]triptan$",
        r"\bsulph?onylureas?\b|^gli(?:pizide|mepiride|benclamide|clazide)$|^glyburide$",
        r"\bssris?\b|selective serotonin reuptake",
        r"\btetracyclines?\b|cycline$",
        r"\bcephalosporins?\b|^cef",
        r"\bpenicillins?\b|cillin$",
        r"\b(?:gluco)?corticosteroids?\b|^(?:gluco)?corticoids?$|^(?:methyl)?predniso|^(?:hydro)?cortison|^(?:dexa|beta)methas",
        r"\bthyroid hormones?\b|thyroxine$|^liothyronine",
    )
)
#: classes in the singular, which no single drug is called
_ALONE = frozenset(["corticosteroid", "statin", "thiazide", "macrolide", "quinolone", "fluoroquinolone", "triptan"])
_ALLERGIC = re.compile(r"\b(?:allerg\w+|hypersensitiv\w+|sensitiv\w+|reactions?)(?: reactions?)? to\b")
_GOES_ON = re.compile(
    r"[.;:]|\b(?:is|are|was|were|may|can|could|should|must|will|if|when|who|tell|takes?|taking|with|reduces?|increases?|avoid|do|not)\b"
)


@lru_cache(maxsize=1024)
def _class_of(name: str) -> int | None:
    return next((k for k, pattern in enumerate(_CLASSES) if pattern.search(name.lower())), None)


def _of_one_class(name: str, others: Iterable[str]) -> bool:
    """Whether the class ``name`` is the one that any of ``others`` names or belongs to; a single drug is no class."""
    if " " not in name and not name.endswith("s") and name not in _ALONE:
        return False
    kind = _class_of(name)
    return kind is not None and any(_class_of(other) == kind for other in others)


def allergic_to(low: str, at: int) -> bool:
    """Whether what stands at ``at`` is what somebody is allergic to: "hypersensitivity to DRUG, OTHER or any of the class"."""
    ends = [m.end() for m in _ALLERGIC.finditer(low, max(0, at - 160), at)]
    return bool(ends) and _GOES_ON.search(low, ends[-1], at) is None


#: what is only compared with: "Like other chemotherapy medicines, DRUG must not be combined with …"
_LIKE = re.compile(
    r"^(?:like|as with|as is the case with|in common with|unlike|similar to) [^,;:\x01]{3,80}(?=[,\x01])"
)


#: what may be taken all the same
_EXCEPT = screened(r" unless | except (?:when|if|while)\b")


def told_of(sentence: Sentence, *, brands: bool) -> list[Interactant]:
    """What a sentence names, without what it only compares with, and what is the exception: "unless you take …"."""
    low = sentence.low
    begin = like.end() if (like := _LIKE.match(low)) else 0
    end = exception.start() if (exception := _EXCEPT.search(low)) else -1
    found = interactants(sentence, brands=brands)
    return [f for f in found if begin <= f.start and (end < 0 or f.start < end)]


def its_own(maker: Maker, low: str, one: Interactant) -> bool:
    """Whether what is named is the drug's own class, where the text does not speak of others of it."""
    if not (maker.in_class(one.name) or _of_one_class(one.name, (maker.subject.name, *maker.classes))):
        return False
    return _OTHERS.search(low, max(0, one.start - 30), one.start + 12) is None


_OTHERS = re.compile(r"\b(?:other|another|second|different|additional|further|more than one)\b")


#: names of classes by which a label speaks of its drug: "Corticosteroids may mask some signs of infection"
_SPOKEN = screened(
    r"(?<![a-z-])(?:(?:gluco|mineralo)?corticosteroids?|corticoids?|glucocorticoids?|steroids|statins|thiazides|proton[- ]pump inhibitors|ppis|acid reducers?|"
    r"beta[- ]?blockers|(?:fluoro)?quinolones|macrolides|benzodiazepines|triptans|sulph?onylureas|ssris|tetracyclines|cephalosporins|penicillins|thyroid hormones)(?![a-z-])"
)
#: what a class does once it is stopped stands beside what it does before
_STOPPING = re.compile(r"\b(?:withdraw|stopp|discontinu)")
#: sections of warnings, in which a label speaks of its drug so
_WARNS = frozenset(["precaution", "contraindication", "interaction", "adverse-effect"])


def named_by_class(maker: Maker, sentence: Sentence, section: str | None) -> Sentence:
    """``sentence`` with the drug's own class for its name, where a section of warnings speaks of it by its class alone."""
    low = sentence.low
    if section not in _WARNS or sentence.has_subject or _ALLERGIC.search(low) or _STOPPING.search(low):
        return sentence
    out = low
    for m in _SPOKEN.finditer(low):
        if _OTHERS.search(low, max(0, m.start() - 30), m.end()) is None and _is_own(maker, m.group()):
            out = out[: m.start()] + SUBJECT * (m.end() - m.start()) + out[m.end() :]
    return sentence if out is low else replace(sentence, low=out)


def _is_own(maker: Maker, name: str) -> bool:
    kind = _class_of("corticosteroids" if name == "steroids" else name)
    own = (maker.subject.name, *maker.classes)
    return maker.in_class(name) or (kind is not None and any(_class_of(other) == kind for other in own))
