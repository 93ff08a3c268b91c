"""What belongs to the name of a condition and what does not: asides, how bad it is, words that two names share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from monograph.extraction.concepts import Concept
from monograph.extraction.reading import Sentence
from monograph.extraction.wording import clinical, severities, word_list
from monograph.screening import screened

__all__ = ["graded", "is_clause_of_an_allergy", "is_none", "names_of", "without_asides"]

#: "(or have ever had)" inside "if you have (or have ever had) a stroke"
_ASIDE = screened(
    r"\b(?:know|suspect|think),? or (?:think|suspect|know),?(?= (?:that )?you\b)|\((?:(?:and|or|if|you|your child|the child|he|she|has|have|had|having|ever|been|previously|once|in the past|think|may|might|now|"
    r"currently|already|recently|even|were|was|are|that)(?:\s|(?=\))))+\)"
)
#: "moderate or severe heart failure" is heart failure of two grades
_GRADES = screened(
    r"\b(?P<first>(?:mild|moderate|severe|serious)(?:ly)?)(?:,? (?:to|or|and|and/or) |/)(?=(?P<second>(?:mild|moderate|severe|serious|life-threatening)(?:ly)?)\b)"
)
_DEGREE = re.compile(r"(?P<grade>mild|moderate|severe)ly (?=(?:reduced|impaired|decreased|damaged|diminished)\b)")


def without_asides(sentence: Sentence) -> Sentence:
    """``sentence`` with blanks for the asides in brackets that only say when somebody has had it."""
    low = sentence.low
    if " degree " in low:
        low = _DEGREES.sub(lambda m: f"{m.group(1)}-", low)
    if "(" in low or " or " in low:
        low = _ASIDE.regex.sub(lambda m: " " * len(m.group()), low)
    return sentence if low == sentence.low else replace(sentence, low=low)


def graded(low: str, start: int, end: int) -> tuple[str, dict[int, str]]:
    """``low`` with blanks for the first of two grades that one name has, and that grade by the place of the second."""
    grades: dict[int, str] = {}
    for m in _GRADES.finditer(low, start, end):
        grades[m.start("second")] = m.group("first").removesuffix("ly")
        low = low[: m.start()] + " " * (m.end() - m.start()) + low[m.end() :]
    return low, grades


#: what "heart, liver or kidney problems" names before its last word
_ORGANS = frozenset(
    ["heart", "liver", "kidney", "kidneys", "lung", "lungs", "stomach", "thyroid", "bowel", "eye", "eyes", "blood vessel",
     "blood", "skin", "nerve", "muscle", "bladder", "prostate", "adrenal", "pituitary", "gallbladder", "bone", "brain", "nervous system", "immune system"]
)  # fmt: skip
_OF_ORGANS = frozenset(
    ["problems", "problem", "disease", "diseases", "disorders", "conditions", "failure", "trouble", "disorder",
     "malfunction", "impairment", "insufficiency", "damage", "dysfunction"]
)  # fmt: skip
_ADJECTIVE = re.compile(r"[a-z-]{4,}(?:ar|ary|al|ic|ive|ous|ory|ac|ine)")
_TROUBLE_WITH = re.compile(
    r"\b(?:(?:problems?|trouble|difficulty|difficulties) with|(?:problems?|disorders?|diseases?) of) (?:your |the )?$"
)
_FIRST_DEGREE = re.compile(r"\b(?P<which>first|second)-?(?:,| or| and| to|/)\s*(?:an? )?$")
_DEGREES = re.compile(r"\b(first|second|third)\s(?=degree\b)")
#: "cancer of the cervix, ovary or breast" is three
_OF_THE = re.compile(
    r"(?P<what>(?:[a-z-]+ )?(?:cancers?|tumou?rs?|ulcers?|infections?|diseases?|inflammation|bleeding)) (?P<of>of|in) (?P<the>the |your )?(?P<organ>[a-z]+)"
)
_PLACE = re.compile(
    r"(?:,|,? (?:or|and)) (?:of |in )?(?:the |your )?(?P<organ>[a-z]+)(?![a-z-]| (?!or\b|and\b|as\b|that\b|which\b))"
)
#: "active or latent hepatitis" is two
_PHASES = frozenset(
    ["active", "latent", "acute", "chronic", "primary", "secondary", "current", "past", "inactive", "recent"]
)
_PHASE = re.compile(rf"(?:{'|'.join(sorted(_PHASES))}) (?=[a-z])")
_JOINED = re.compile(r"[\s,/]*(?:and/or|and|or)?[\s]*")


def names_of(low: str, concepts: Sequence[Concept], limit: int) -> list[Concept]:
    """The concepts with what they share: "severe kidney or liver disease", "second- or third-degree heart block"."""
    out: list[Concept] = []
    shared = concepts[-1].name.split()[-1] if concepts else ""
    spread: str | None = None
    for k, concept in enumerate(concepts):
        name = concept.name
        following = concepts[k + 1] if k + 1 < len(concepts) else None
        severity = concept.severity or spread
        spread = None
        joined = following is not None and _JOINED.fullmatch(low, concept.end, following.start) is not None
        if (degree := _FIRST_DEGREE.search(low, 0, concept.start)) and "-degree" in name:
            first = degree.group("which") + name[name.index("-degree") :]
            out.append(replace(concept, name=first, severity=severity))
        if joined and following is not None and name in _PHASES and (other := _PHASE.match(following.name)):
            name = f"{name} {following.name[other.end() :]}"
        elif (joined and _ADJECTIVE.fullmatch(name) and shared in _OF_ORGANS and not clinical(name)) or (
            name in _ORGANS and shared in _OF_ORGANS
        ):
            name = f"{name} {shared}"
        elif name in _ORGANS and _TROUBLE_WITH.search(low, 0, low.find(name, concept.start)):
            name = f"{name.removesuffix('s')} problems"
        elif name in _ORGANS and (told := re.match(r"[^,;.]+", low[concept.start : limit])):
            bracket = re.search(r"\((?P<name>[a-z ]{4,40})\)", told.group())
            named = bracket is not None and clinical(bracket.group("name"))
            name = bracket.group("name") if named and bracket else re.sub(r"\s*\(.*$", "", told.group()).strip()[:80]
        if how := _DEGREE.match(name):
            name, severity = name[how.end() :], severity or how.group("grade")
        said = low[concept.start : concept.end].rstrip()
        if joined and not said.endswith(name.split()[-1]) and said not in severities():
            spread = severity
        out.append(replace(concept, name=name, severity=severity))
        out += _in_further_organs(low, concept, name, limit)
    return out


def _in_further_organs(low: str, concept: Concept, name: str, limit: int) -> list[Concept]:
    """The same disease of each organ in the row behind it."""
    told = _OF_THE.fullmatch(name)
    if told is None or not _is_organ(told.group("organ")):
        return []
    out, at = [], concept.end
    while (place := _PLACE.match(low, at, limit)) and _is_organ(place.group("organ")):
        named = f"{told.group('what')} {told.group('of')} {told.group('the') or ''}{place.group('organ')}"
        out.append(replace(concept, name=named, start=place.start("organ"), end=place.end()))
        at = place.end()
    return out


def _is_organ(word: str) -> bool:
    return (
        word in _ORGANS
        or word in word_list("modifiers", "body")
        or word in {"cervix", "ovary", "ovaries", "womb", "breast", "uterus", "pancreas"}
    )


#: what a sentence tells, in words that no name of a condition holds
_TELLS = re.compile(
    r"(?<!\bthat )(?<!\bwhich )(?<!\bwho )\b(?:will|would|should|must|shall|may|might|can|could)\b"
    r"|\bthis is\b|\bis a medical\b|\bfollow these\b|^(?:anything|there|recommended|efficacy|doctor)\b|^or have had\b|^(?:(?:any|other|or|certain) )*medical (?:problems?|conditions?)$"
    r"|\b(?:has|have) (?:also )?been (?:reported|seen|observed|described)\b|\bdo(?:es)? not (?:realise|know|understand|look)\b"
)
_NO_NAME = re.compile(
    r"(?:of (?:the above|these)\b.*|(?:have|having|has|had|be|is|are|need|know|how|what|if|or|and|to|should|must|will|take|use|going|easily)\b(?! (?:to )?(?:have|undergo) (?:an? )?(?:operation|surgery|vaccin\w+))(?:.*\b(?:or|to|think|if|cautious|know)\b.*)?"
    r"|(?:of )?(?:the |these )?following\b.*|.*\b(?:following|these|above|below) (?:conditions?|diseases?|problems?|illness(?:es)?)\b.*"
    r"|(?:regular |routine |frequent |further |close )*(?:blood |urine |liver |eye |laboratory |kidney |function )*(?:tests?|monitoring|check-?ups?|measurements?)(?: (?:of|\() ?.*)?"
    r"|how to .*|(?:or )?(?:you|your child|the child)|out of \d.*|(?:nervous|immune) system|bacteria|fungi|organs?|breast|lungs?|heart|blood|brain|central nervous|system depression|problems of the nervous system.*|possible .*|(?:any )?other (?:medical |health )?(?:conditions?|problems?|diseases?|illness(?:es)?)|(?:lived|been|travell?ed) .*\b(?:areas?|regions?|country|countries)|(?:some |most )(?:patients?|people)|not for .*|(?:any )?(?:questions?|concerns?)|(?:advice|driving|long-term|long-lasting|short-term|before|after)"
    r"|.*\x02.*|allergy to (?:this|these|such|any) (?:medicines?|conditions?|substances?)|.*\bbe cautious\b.*)"
)


def is_none(name: str) -> bool:
    """Whether ``name`` is no name of a condition but a clause, a task or a stray word."""
    plain = name.strip()
    words = plain.split()
    if not words or _NO_NAME.fullmatch(plain) or _TELLS.search(plain):
        return True
    return len(words) == 1 and words[0] in _stray()


def is_clause_of_an_allergy(name: str) -> bool:
    """Whether the name of an allergy holds a clause and no substance: "allergy to it may be treated"."""
    return _TELLS.search(name) is not None


@cache
def _stray() -> frozenset[str]:
    """Words that alone name no condition: function words, adjectives, parts of the body."""
    lists = (("breaks", "function"), ("breaks", "verb"), ("modifiers", "adjective"), ("modifiers", "body"))
    return frozenset().union(*(word_list(*names) for names in lists), severities(), _ORGANS, _ALONE)


#: further words of which the same is true
_ALONE = frozenset(
    ["systemic", "untreated", "active", "advanced", "recent", "recently", "dangerous", "possible", "hereditary", "close",
     "malignant", "previously", "current", "past", "older", "cannot", "family", "woman", "female", "mother", "forgotten",
     "lived", "reside", "system", "factors", "increase", "complications", "tense", "spine", "teeth", "nostrils",
     "intestines", "intestine", "bowels", "ovary", "ovaries", "uterus", "cervix", "arteries", "urethra", "penis", "testis",
     "stools", "mucus", "pericardium", "gullet", "abused", "shadows", "weight", "told", "tube", "swallowing", "hearing",
     "sitting", "attempt", "ideation", "erythematosus", "repeated", "platelets", "bones", "decrease", "dependence",
     "persistent", "disease", "condition", "conditions", "failure", "symptoms"]
)  # fmt: skip
