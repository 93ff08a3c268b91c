"""What a stretch of text names that a drug may interact with: drugs, classes, foods, alcohol, supplements.

The names are ``rules/interactants.tsv``, ``drug_names.tsv`` and ``drug_classes.tsv``; phrases such as "medicines for gout"
and "stomach acid reducers" name classes too. What only explains the name before it ("cimetidine, an ulcer drug") is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from monograph.extraction.concepts import phrase_end
from monograph.extraction.reading import Sentence, lower, other_drugs
from monograph.extraction.rules import OTHER, table
from monograph.extraction.run_on import run_on
from monograph.extraction.wording import clinical, drug_class_names
from monograph.screening import Words, screened

__all__ = ["Interactant", "interactants", "names_anything", "names_nothing_else", "of_the_body"]

_RUN = screened(rf"{OTHER}+(?:-{OTHER}+)*(?: (?:dinitrate|mononitrate|mofetil|carbonate|valproate|trinitrate)\b)?")
_THINGS = r"(?:medicines?|medications?|drugs?|tablets?|pills?|capsules|remed(?:y|ies)|products?|preparations?|treatments?|agents?|inhalers?|injections?)"
#: "medicines for gout", "a drug that thins the blood", "products containing codeine"
_CLASS_PHRASE = screened(
    rf"\b(?:(?:other |certain |some |any |most |many )*"
    rf"{_THINGS} (?:(?:that (?:is|are) |which (?:is|are) )?(?:used |given |taken |prescribed )?(?:to|in order to) (?:treat|prevent|suppress|reduce|lower|help|control|relieve|stop|thin|manage|relax|slow|make|ease|fight|remove|get rid of)"
    r"|(?:that (?:is|are) |which (?:is|are) )?(?:used |given |taken |prescribed )?(?:for|against)(?! (?:you\b|your\b|a while|example|the first|at least|up to|longer|several|\d))"
    r"|(?:that|which) (?:can |may |could |also )?(?!(?:you|your|are|is|was|were|do|does|did|have|has|may|can|interact|work|works|will|should|be|it|we|they|must|need)\b)[a-z]+"
    r"|(?:that (?:are|is) |which (?:are|is) )?used (?:for|in|as|during)|(?:that are )?(?:called|known as)|containing) "
    r"(?P<what>[^,.;:()\[\]]+))"
)
#: "blood pressure medicines", "HIV drugs", "sleeping tablets": a class by the words before "medicines"
_ADJUNCT = screened(
    r"(?<![a-z-])(?P<what>(?:[a-z][a-z'/-]+ ){0,2}[a-z][a-z'/-]+) (?:medicines|medications|drugs|pills|tablets|remedies|reducers|blockers|agents|thinners|supplements|inhibitors)(?![a-z-])"
)
#: words before "medicines" that name no class
_NO_CLASS = re.compile(
    r"\b(?:the|this|these|those|that|other|others|another|any|all|your|our|their|its|some|many|most|more|several|few|both|two|three|certain|such|same|"
    r"different|new|following|interacting|interactive|interactions?|affected|affecting|additional|current|relevant|tablets|concomitant|prescribed|prescription|non-prescription|nonprescription|over-the-counter|counter|otc|which|what|of|to|with|and|or|for|by|on|in|"
    r"buy|start|starting|stop|stopping|see|get|need|want|give|given|avoid|swallow|tell|ask|before|after|while|without|than|include|including|into|because|inject|mixing|add|"
    r"take|takes|taking|taken|use|using|used|you|who|are|is|be|have|has|if|about|mix|between|own|multiple|usual|combination|combining|from|like|as|not|how|when|various|similar|these|herbal|dietary|also|may|can|might|with)\b"
)
_EXAMPLES = re.compile(
    r"[(\[]?\b(?:such as|like|e\.g\.?,?|eg,?|for example,?|for instance,?|including|includes?|especially|particularly|examples?|namely)(?=\s|,)"
)
#: words that only explain the name before them
_GLOSS_OPENS = re.compile(
    r"\)?(?: ?\([^()]*\))?, (?:(?:which|who) (?:is|are) |also )?(?:an? |used |another |taken |sometimes |the )[^,.;:()]*"
)
_APPOSITION = screened(rf"{OTHER}, (?=[^,.;:\x02]*$)[^,.;:]*")
_UNLIKE = screened(r"[,(] ?(?:but not|unlike|rather than|instead of|not) [^,;.()]*[,)]")
_BRACKET = screened(r"[(\[](?P<inside>[^()\[\]]*)[)\]]?")
_LEVEL = re.compile(
    r"(?:(?:'s)? (?:levels?|concentration|loss|wasting|excretion|balance|depletion|retention|salts? in|in (?:your|the) (?:blood|body|urine)|channel|deficien|(?:is|gets|becomes) (?:too )?(?:low|high)|drops|falls))"
)
_OF_LEVEL = re.compile(
    r"\b(?:serum|plasma|monitor|check|measure|low|high|lower|raised|reduced|loss of|lack of|too much|too little|levels? of|amount of|enough|your|breast|human|blood|lowers?|raises?|lose|loses|losing|holds?|reduces?|increases?|more|less|less of|body)\s$"
)
#: insulin of the body itself
_MADE_BY_BODY = re.compile(
    r"\b(?:makes?|making|produces?|producing|releases?|releasing|secretes?|enough|amount of|resistan\w+ to|your (?:own|body's)) (?:\w+ )?insulin\b|\binsulin (?:that|which) (?:your|the) (?:body|pancreas)|"
    r"\binsulin (?:resistance|secretion|production|sensitivity|receptors?|release)\b"
)
#: what a class is only the adjective of: "antihypertensive efficacy", "contraceptive precautions"
_ADJECTIVAL = re.compile(
    r" (?:efficacy|activity|action|response|properties|potential|precautions?|measures?|methods?|protection|cover|advice|effects?(?! of))\b"
)
#: "insulin-containing products" reads as one word
_CONTAINING = re.compile(r"(?<![a-z-])(?P<drug>[a-z]{4,})-containing\b")
_DETERMINERS = re.compile(r"^(?:(?:other|certain|some|any|any other|most|many|prescription|nonprescription|all)\s+)+")


#: what somebody must not be vaccinated against
_AGAINST = screened(r"\bnot be (?:vaccinated|immuni[sz]ed) against (?P<what>[a-z]+(?: fever| zoster)?)")


@dataclass(frozen=True, slots=True)
class Interactant:
    """What is interacted with, its type, and its place in the sentence."""

    name: str
    type: str
    start: int
    end: int


@cache
def _types() -> dict[str, str]:
    """Type by name, of what may be interacted with."""
    return {
        row["name"].lower(): row["type"] for row in table("interactants") if row["type"] not in {"stem", "body", "wide"}
    }


@cache
def _of_type(type_: str) -> frozenset[str]:
    return frozenset(row["name"].lower() for row in table("interactants") if row["type"] == type_)


def of_the_body(name: str) -> bool:
    """Whether the body holds it by itself ("potassium", "dopamine"): what is measured in blood, or what a drug acts by."""
    return name in _of_type("body")


@cache
def _named() -> re.Pattern[str]:
    names = sorted(_types(), key=len, reverse=True)
    return re.compile(r"(?<![a-z-])(?:" + "|".join(re.escape(n) for n in names) + r")(?![a-z]|-(?!containing)[a-z])")


@cache
def _stems() -> re.Pattern[str]:
    ends = "|".join(row["name"] for row in table("interactants") if row["type"] == "stem")
    return re.compile(rf"(?<![a-z-])[a-z]{{2,14}}(?:{ends})(?![a-z-])")


@cache
def _class_names() -> re.Pattern[str]:
    names = sorted(drug_class_names(), key=len, reverse=True)
    return re.compile(
        r"(?<![a-z-])(?:(?:tricyclic|oral|hormonal|other|certain|some|potassium-sparing|loop|thiazide|strong|opioid|"
        r"prescription|nonprescription|inhaled|systemic|nasal|monoamine oxidase|combined) )*(?:"
        + "|".join(re.escape(n) for n in names)
        + rf")e?s?(?: {_THINGS}(?! (?:for|to|that|used|which)))?(?![a-z-])"
    )


_WORDS = re.compile(r"[a-z0-9][a-z0-9'.-]*[a-z0-9]")
_THING_WORDS = re.compile(_THINGS)


@cache
def _first_words() -> tuple[frozenset[str], tuple[str, ...]]:
    """The words with which a name of these tables begins, in singular and plural; the endings of drugs' names."""
    words = {name.split()[0].strip(".") for name in (*drug_class_names(), *_types())}
    words |= {w + ending for w in words for ending in ("s", "es")}
    return frozenset(words), tuple(row["name"] for row in table("interactants") if row["type"] == "stem")


def names_anything(low: str) -> bool:
    """Whether a sentence may name something to interact with, judged by its words alone."""
    if OTHER in low or _AGAINST.search(low):
        return True
    return _OF_THINGS.any(low)


def _names_a_thing(word: str) -> bool:
    known, endings = _first_words()
    return any(w in known or w.endswith(endings) or _THING_WORDS.fullmatch(w) for w in _WORDS.findall(word))


_OF_THINGS = Words(_names_a_thing)


def _written(name: str) -> str:
    """A class name with its acronym in capitals (``NSAIDs``), as the table writes it."""
    for low, pattern, acronym in _acronyms_of_classes():
        if low in name and pattern.search(name):
            return pattern.sub(acronym + r"\1", name)
    return name


@cache
def _acronyms_of_classes() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    names = [row["name"] for row in table("drug_classes") if row["name"].isupper()]
    return tuple((name.lower(), re.compile(rf"\b{name.lower()}(s?)\b"), name) for name in names)


def interactants(
    sentence: Sentence, start: int = 0, end: int | None = None, *, item: bool = False, brands: bool = False
) -> list[Interactant]:
    """What ``sentence[start:end]`` names that a drug may interact with. In a list item, a class that is only there to
    explain a name ("the statin …") is left out. ``brands`` takes unknown names with a capital letter too.
    """
    low = sentence.low
    stop = len(low) if end is None else end
    drugs, foods = _drugs(sentence, start, stop), _foods(low, start, stop)
    long_names = _classes_of_drugs(sentence, start, stop)
    drugs = [d for d in drugs if not any(c.start <= d.start < c.end for c in long_names)]
    taken = [(d.start, d.end) for d in (*drugs, *long_names)]
    glosses = _glosses(low, start, stop, [(f.start, f.end) for f in (*drugs, *foods)])
    out = [d for d in (*drugs, *long_names) if not _within(glosses, d.start) or d.type != "drug"]
    phrases = _phrases(sentence, start, stop)
    twice: set[tuple[int, int]] = set()
    for found in (*phrases, *_by_class(sentence, start, stop), *_adjuncts(low, start, stop)):
        if any(a < found.end and found.start < b for a, b in taken if (a, b) not in twice) or _within(
            glosses, found.start
        ):
            continue
        if item and drugs and found not in phrases and _introduces(low, found, drugs):
            continue
        if found in phrases:
            twice.add((found.start, found.end))  # one phrase may name two
        taken.append((found.start, found.end))
        out.append(found)
    out += [
        Interactant(f"{m.group('what')} vaccine", "drug-class", *m.span("what"))
        for m in _AGAINST.finditer(low, start, stop)
    ]
    out += [f for f in foods if not any(a <= f.start < b for a, b in taken) and not _within(glosses, f.start)]
    if brands and len(out) > 1:
        spans = [(o.start, o.end) for o in out]
        out += [b for b in _brands(sentence, start, stop) if not _within(spans, b.start)]
    seen: dict[tuple[str, str], Interactant] = {}
    for found in sorted(out, key=lambda f: f.start):
        seen.setdefault((found.name, found.type), found)
    return list(seen.values())


#: a capitalised word that stands alone between the separators of a list
_BRAND = re.compile(r"(?:[,;-]|\b(?:like|or|and|as))\s+(?P<name>[A-Z][a-z]{3,})(?=[,;.]|\s+(?:or|and|-)\s|$)")


def _brands(sentence: Sentence, start: int, stop: int) -> list[Interactant]:
    """Unknown names in an enumeration of drugs, brackets left out: "diazepam, Klonopin and Xanax"."""
    out = []
    for m in _BRAND.finditer(sentence.text, start, stop):
        at = m.start("name")
        bracketed = any(
            sentence.text.count(a, start, at) > sentence.text.count(b, start, at) for a, b in (("(", ")"), ("[", "]"))
        )
        if not bracketed and "\x01" not in sentence.low[at : m.end("name")] and not clinical(m.group("name")):
            out.append(Interactant(m.group("name").lower(), "drug", at, m.end("name")))
    return out


def _within(spans: list[tuple[int, int]], at: int) -> bool:
    return any(a <= at < b for a, b in spans)


def _drugs(sentence: Sentence, start: int, stop: int) -> list[Interactant]:
    """Drugs by name: those of the lexicon, names of several words, and words that end like a drug's name."""
    low = sentence.low
    out = [
        Interactant(sentence.text[m.start() : m.end()].strip().lower(), "drug", m.start(), m.end())
        for m in _RUN.finditer(low, start, stop)
        if sentence.text[m.start() : m.end()].lower() not in _of_type("wide")
    ]
    for m in _named().finditer(low, start, stop):
        if _types()[m.group()] == "drug" and not (_measured(low, m)):
            out.append(Interactant(m.group(), "drug", m.start(), m.end()))
    if "-containing" in low:
        for m in _CONTAINING.finditer(low, start, stop):
            if m.group("drug") in other_drugs():
                out.append(Interactant(m.group("drug"), "drug", m.start(), m.end("drug")))
    classes = [m.span() for m in _class_names().finditer(low, start, stop)]
    for m in _stems().finditer(low, start, stop):
        if m.group() in _of_type("wide") or _within(classes, m.start()):
            continue
        if not _within([(o.start, o.end) for o in out], m.start()):
            out.append(Interactant(m.group(), "drug", m.start(), m.end()))
    return out


def _classes_of_drugs(sentence: Sentence, start: int, stop: int) -> list[Interactant]:
    """Classes whose name holds a drug's ("serotonin-norepinephrine reuptake inhibitors", "levodopa drugs")."""
    low = sentence.low
    if OTHER not in low:
        return []
    plain = "".join(b if a == OTHER else a for a, b in zip(low, lower(sentence.text), strict=True))
    return [
        Interactant(_written(m.group()), "drug-class", m.start(), m.end())
        for m in _class_names().finditer(plain, start, stop)
        if OTHER in low[m.start() : m.end()]
    ]


def _measured(low: str, m: re.Match[str]) -> bool:
    """Whether what is named is meant as something measured in the body ("the potassium level")."""
    if m.group() == "insulin":
        return _MADE_BY_BODY.search(low, max(0, m.start() - 40), m.end() + 40) is not None
    if not of_the_body(m.group()):
        return False
    return _LEVEL.match(low, m.end()) is not None or _OF_LEVEL.search(low[: m.start()]) is not None


#: milk that no one drinks with a drug
_OF_THE_BREAST = ("breast ", "human ", "mother's ", "baby ", "amount of ", "your ")
_NURSED = re.compile(r" (?:supply|production|produced|flow|levels?)\b")


def _foods(low: str, start: int, stop: int) -> list[Interactant]:
    """Foods, drinks, supplements, and classes that the table of interactants names."""
    out = []
    for m in _named().finditer(low, start, stop):
        type_ = _types()[m.group()]
        if type_ == "drug" or low[: m.start()].endswith(_OF_THE_BREAST) or _NURSED.match(low, m.end()):
            continue
        if _measured(low, m):
            continue
        name = "alcohol" if type_ == "alcohol" else m.group()
        name = "grapefruit" if name.startswith("grapefruit") else name
        name = "st john's wort" if name.startswith(("st", "saint")) and name.endswith("wort") else name
        out.append(Interactant(name, type_, m.start(), m.end()))
    return out


def _glosses(low: str, start: int, stop: int, drugs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches that only explain the name before them: appositions and brackets that give no examples."""
    out = [(m.start() + 1, m.end()) for _, end in drugs if (m := _GLOSS_OPENS.match(low, end, stop))]
    out += [m.span() for m in _UNLIKE.finditer(low, start, stop)]
    out += [(m.start() + 1, m.end()) for m in _APPOSITION.finditer(low, start, stop)]
    ends = {b for _, b in drugs}
    for m in _BRACKET.finditer(low, start, stop):
        inside = m.group("inside")
        if _EXAMPLES.search(inside):
            continue
        before = len(low[start : m.start()].rstrip()) + start
        if before in ends or OTHER not in inside:
            out.append((m.start(), m.end()))
    return out


#: without a comma, "antibiotics such as …" means some of a class by use, whose members have little in common
_SOME_OF = re.compile(r" (?:such as|like) ")
_BY_USE = re.compile(
    r"(?:some |certain )?(?:anti(?:biotic|fungal|viral|convulsant)s?|.*\b(?:medicines|medications|drugs|pills))"
)


def _introduces(low: str, found: Interactant, drugs: list[Interactant]) -> bool:
    """Whether a class only explains the drug that follows it in its item ("the statin …", "a blood thinner called …")."""
    following = min((d.start for d in drugs if d.start >= found.end), default=None)
    if following is None:
        return False
    gap = low[found.end : following]
    if _SOME_OF.match(gap) and _BY_USE.fullmatch(found.name):
        return True
    return len(gap) <= 2 or re.fullmatch(r",? (?:called|known as) (?:the )?", gap) is not None


def _acronyms(written: str, name: str) -> str:
    """``name`` with the acronyms that the text writes in capitals."""
    for acronym in set(re.findall(r"\b[A-Z]{2,6}\b", written)):
        name = re.sub(rf"\b{acronym.lower()}\b", acronym, name)
    return name


def _phrases(sentence: Sentence, start: int, stop: int) -> list[Interactant]:
    """Classes that a phrase describes: "medicines to treat HIV or HCV" names two."""
    low = sentence.low
    out: list[Interactant] = []
    for m in _CLASS_PHRASE.finditer(low, start, stop):
        before = _class_names().search(low, max(start, m.start() - 40), m.start() - 1)
        adjective = low[before.start() : m.start()] if before and before.end() == m.start() - 1 else ""
        adjective = adjective if m.group().startswith(("medicines", "medications", "drugs")) else ""
        finish = phrase_end(low, m.start("what"), m.end())
        if cut := _EXAMPLES.search(low, m.start("what"), finish):
            finish = cut.start()
        if finish - m.start("what") < 3:
            finish = min(m.end(), m.start("what") + len(" ".join(m.group("what").split()[:2])))
        phrase = _DETERMINERS.sub("", low[m.start() : finish].strip(" ,[("))
        inner = _class_names().search(low, m.start("what"), finish)
        if inner and re.search(
            r"(?:containing|called|known as)\s+(?:\w+ or )?(?:\w+ )?$", low[m.start() : inner.start()]
        ):
            continue  # the class inside is the name
        pieces = [phrase]
        if re.search(r"\bto treat\b|\bfor\b", phrase):
            items = run_on(low, m.start("what"), finish)
            cuts = [low[a:b].strip() for a, b in items[1:]]
            pieces = [low[m.start() : items[0][1]].strip(), *cuts] if items else re.split(r"\s+or\s+", phrase)
        stem = re.match(r".*?\b(?:to treat|for|to prevent)\s+", pieces[0])
        at = finish
        while stem and (more := _MORE.match(low, at, stop)) and clinical(more.group("what")):
            if OTHER in more.group("what") or _class_names().search(more.group("what")):
                break
            pieces.append(more.group("what").strip())
            at = finish = more.end()
        for k, piece in enumerate(pieces):
            name = piece if k == 0 or stem is None else stem.group() + piece
            name = _acronyms(
                sentence.text[m.start() : finish], re.sub(r"\s*\([^)]*\)?", "", adjective + name).strip(" ,")
            )
            name = re.sub(r" (?:such as|like|including)$", "", " ".join(name.split()))
            if "\x01" in name or OTHER in name or "interact" in name or _OF_IT.search(name):
                continue
            if len(name.split()) <= 12:
                out.append(Interactant(name, "drug-class", m.start(), finish))
    return out


#: what a label calls a class by, and its other name: "a blood thinning (anticoagulant) or steroid drug"
_BRACKETED = re.compile(r" \((?P<other>[^()]*)\)(?: drugs?)?$")
#: "treatment to make it more effective" describes no class
_OF_IT = re.compile(r"\b(?:it|them|this|these patients|these people)\b")
#: "medicines for motion sickness, overactive bladder, or gout" goes on
_MORE = re.compile(
    r",\s+(?:(?:or|and)\s+)?(?P<what>[a-z][a-z' -]{2,40}?)(?=[,.;]|$|\s(?:can|may|might|could|will|should|must|is|are|has|have|weakens?|raises?|increases?|reduces?|lowers?|affects?)\b)"
)


def _by_class(sentence: Sentence, start: int, stop: int) -> list[Interactant]:
    """Classes by name."""
    low = sentence.low
    out: list[Interactant] = []
    for m in _class_names().finditer(low, start, stop):
        if re.search(r"\x02, an? $", low[: m.start()]):
            continue
        if _ADJECTIVAL.match(low, m.end()) and not m.group().endswith("s"):
            continue
        if re.match(r" (?:medicines|medications|drugs) (?:for|to|against|used)\b", low[m.end() :]):
            continue  # the phrase names it: "antiviral medicines for HIV"
        name = _acronyms(sentence.text[m.start() : m.end()], _written(_DETERMINERS.sub("", m.group())))
        name = named.group("other") if (named := _BRACKETED.search(name)) else name
        if out and m.start() == out[-1].end + 1 and not out[-1].name.endswith("s"):
            out[-1] = Interactant(
                f"{out[-1].name} {name}", "drug-class", out[-1].start, m.end()
            )  # "SSRI antidepressants"
        elif len(name) > 2 and name not in _of_type("wide"):
            out.append(Interactant(name, "drug-class", m.start(), m.end()))
    return out


def _adjuncts(low: str, start: int, stop: int) -> list[Interactant]:
    """Classes by the words before "medicines": "blood pressure medicines", "HIV drugs"."""
    out = []
    for m in _ADJUNCT.finditer(low, start, stop):
        words = low[m.start() : m.end()]
        cut = max((w.end() for w in _NO_CLASS.finditer(m.group("what"))), default=0)
        name = words[cut:].strip(" '-")
        if name.endswith("tablets") and not clinical(name[:-8]):
            continue  # "diabetes tablets", but not "film-coated tablets"
        if len(name.split()) > 1:
            out.append(Interactant(name, "drug-class", m.start() + cut + 1 if cut else m.start(), m.end()))
    return out


_LEFT_OVER = re.compile(
    r"\b(?:and|or|with|other|the|an?|taking|mixing|using|such|as|like|e\.g|eg|for example|including|medicines?|medications?|drugs?|strong|some|certain|any|most|many|all|your|high|dose|doses|low|tablets?)\b|[\s,;/&.:()\[\]-]+"
)


def names_nothing_else(low: str, found: list[Interactant]) -> bool:
    """Whether a heading or an item names the interactants ``found`` and nothing more, explanations in brackets apart."""
    for one in sorted(found, key=lambda f: -f.start):
        low = low[: one.start] + " " + low[one.end :]
    low = re.sub(r"[(\[][^()\[\]]*[)\]]|,? (?:used|taken|given|which|an?) [^,;]*$", " ", low)
    return not _LEFT_OVER.sub(" ", low).strip()
