"""From a phrase to the concepts it names: coordination, brackets, qualifiers, lay wording.

"Swollen face, lips or tongue" names three swellings, "inflammation of nose and throat" one inflammation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from monograph.extraction.acronyms import written
from monograph.extraction.coordination import BRACKET, STATE_OF_AFFAIRS, Part, distribute, parts
from monograph.extraction.label_items import known_items
from monograph.extraction.predicates import said_of_parts
from monograph.extraction.rules import OTHER, SUBJECT, compile_pattern, table
from monograph.extraction.run_on import run_on
from monograph.extraction.wording import clinical, normal_forms, severities, word_list

__all__ = ["Concept", "named", "phrase_end", "says_something", "split"]


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept's normalised ``name`` and the span of the phrase that names it; what qualifies it stands apart."""

    name: str
    start: int
    end: int
    severity: str | None = None
    condition: str | None = None


@cache
def _stops() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{compile_pattern(row['at']).pattern})" for row in table("stops")))


def phrase_end(low: str, start: int, end: int | None = None) -> int:
    """Where the phrase that names concepts ends in a sentence, brackets passed over whole."""
    stop = len(low) if end is None else end
    at = start
    while at < stop:
        match = _stops().search(low, at, stop)
        if match is None:
            break
        opening = low.rfind("(", start, match.start())
        if opening >= 0 and ")" not in low[opening : match.start()]:
            closing = low.find(")", match.start(), stop)
            if closing > 0:
                at = closing + 1
                continue
        stop = match.start()
        break
    closing = low.find(")", start, stop)
    if closing >= 0 and low.find("(", start, closing) < 0:
        stop = closing
    while stop > start and low[stop - 1] in " ,;:.-(\t":
        stop -= 1
    return stop


_INNERMOST = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_LEADING = re.compile(
    r"^(?:(?:and|or|also|but|then|both|either)\s+)?(?:for\s+)?(?:(?:symptoms (?:may |can )?include|known as|called|causing|with(?! or ))\s+)?"
    r"(?:(?:in (?:very |extremely )?(?:rare|severe|some|a few|isolated|many|most) cases|in particular|(?:possibly |sometimes |often |usually )?accompanied by|along with),? (?:by )?)?"
    r"(?:(?:if |when )?(?:you|your child|people|patients|they)(?:'re|'ve)?\s+(?:may |might |can |could |will )?(?:also )?)?"
    r"(?:(?:have|has|had|having|get|gets|getting|notice|noticing|experience|experiencing|develop|developing|suffer from|"
    r"show|start to|start|are|is|be|being|become|becoming|there is|there are)\s+)?"
    r"(?:(?:the )?(?:temporary |quick |fast |symptomatic )?(?:relief|treatment|prevention|prophylaxis|management) (?:of|from)\s+)?(?:(?:to )?prevent(?:s|ing)? )?(?:an? (?:[a-z]+ )?(?:disorder|disease|condition|syndrome|illness|infection|problem) (?:called|known as)\s+)?(?:to have\s+)?(?:(?:temporarily|also)\s+)?(?:(?:reduces?|relieves?|treats?)\s+)?"
    r"(?:(?:to|a|an|the|your|some|any|other|any other|certain|possible|these|those|several|various|sudden|new|following|"
    r"more|early|further|additional|particularly|especially|such as|including|include|e\.g\.|like|"
    r"mainly|only|mostly|usually|possibly|even|perhaps|potentially|temporary|sometimes|occasionally|rarely|very rarely|commonly)\s+)*"
    r"(?:(?:(?:signs?(?: (?:and|or) symptoms?)?|symptoms?(?: (?:may|can) include)?|manifestations?|cases?|episodes?|attacks?(?= of (?:gout|asthma|angina|migraine|panic|vertigo))|bouts?|periods?|number|(?:advanced|early|late|later) stages?|feelings?|sensations?|sense|form|forms|type|types|kind|risk|"
    r"chance|effects|problems|conditions|things|disorders|symptoms associated)\s+(?:of|such as|like|with|including)\s+)"
    r"(?:(?:a|an|the|your|getting|developing|catching)\s+)*)*(?:combination of |associated )?"
)
#: what a phrase gives examples of: "a wide range of health problems including allergies"
_EXAMPLES = re.compile(
    r"^(?:[a-z'-]+ ){0,7}(?:problems|conditions|disorders|illnesses|diseases|infections|symptoms|complications|effects|reactions|changes|events),?"
    r" (?:including|such as|like|for example) "
)
_GIVES_EXAMPLES = ("including", "such as", "like", "for example")
_PROBLEM = re.compile(r"\b(?:problems?|disorders?|feelings?|sensations?|loss|lack|sense) (?:of|with) ")
_FEEL = re.compile(
    r"^(?:feel|feels|feeling|felt|become|becoming)\s+(?:generally |very |more |a bit |a little |unusually |really )?"
)
_TRAILING = re.compile(
    r"\s+(?P<condition>(?:that|which) (?:do|does|did|is|are|may be|can be|gets?|lasts?|comes?|won't|will not|doesn't|don't)\b.*"
    r"|from (?:forming|developing|happening|occurring|re-?occurring|coming back|getting worse|starting)\b.*|(?:not|un)? ?relieved by.*|lasting .*|for (?:more|longer) than.*|more than (?:usual|normal)|than usual)$"
)
_WEAK_END = re.compile(
    r"(?:\s+(?:(?:which|that) (?:may|can|could)(?: cause| show| result in)?|including|include|may show|may cause|"
    r"and|or|to|of|in|with|that|which|from|by|as|for|on|at|the|a|an|such|like|etc|while|also|too|may|can|(?<!like )(?:this|you|these)|contact|properly|well|effectively|involving|causing|characteri[sz]ed|secondary|most|e\.g|contact (?:your|a|the) (?:doctor|nurse|pharmacist)[^,;]*))+$"
)
_MEANINGLESS = re.compile(
    r"^(?:side|adverse|unwanted|undesirable|harmful|serious|severe|mild|common|other|certain|any|more|these|this|that|those|it|"
    r"them|following|worsening|problems?|symptoms?|effects?|reactions?|conditions?|signs?|things?|some|many|people|patients|you|your|"
    r"one|both|all|none|such|what|which|who|ones?|others?|better|worse|best|well|possible|known|list|full list|below|above|here|"
    r"and|or|not|no|risk|death risk|changes?|issues?|difficult(?:y|ies)|less|disorders?|disease|illness|events?|medical|general|toxic|marked|enough|a|an|the|very|feeling|feel|"
    r"see|hear|think|listed|each|following|rare|common|uncommon|mild|usual|temporary|similar|likely|unlikely|unpleasant|bothersome|troublesome|reasons|purposes|different|minor|reported|unusual|extended|prolonged|long|occurring|happening|periods?|wide|range|withdrawal|of|such as|number|array|variety|kind|sort|serious ones|\W|\d|medicines?|medications?|drugs?|doctor|pharmacist|treatment|therapy|results?|benefits?|the benefits?)+$"
)


#: of "a type of diabetes called type 2 diabetes" the name that it ends in
_CALLED = re.compile(
    r"^(?!(?:worsening|low|high|raised|reduced|decreased|increased|abnormal|changes?|lack|loss|too|fall|rise|reduction|decrease|increase|damage|mutations?|few)\b)"
    r"[a-z-]+(?: [a-z,-]+){0,9}? (?:called|known as) (?:an? |the )?(?=[a-z])"
)
#: how active a disease is: "moderately to severely active"
_ACTIVE = re.compile(
    r"^(?:(?:mild|moderate|severe)ly|(?:mild|moderate) to (?:moderate|severe)(?:ly)?)(?: to (?:moderate|severe)ly)? active (?=[a-z])"
)
#: characters and words of a name at the most, and of one that lists places ("swelling of the face, lips, tongue or throat")
_LONGEST_NAME, _LONGEST_ROW = (90, 12), (130, 20)
_SHARE = re.compile(r"\d+\.\d+%?|\d+%")
_LAST_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
_KIND_OF = re.compile(r"(?:breakdown product|type of|form of|kind of|more severe form|severe form)\b")
_PREDICATE = re.compile(r"(?:do|does|did|is|are|was|were|not|no|has|have|can|may|will)\b")
_DENIES = re.compile(r"\b(?:has|have|had|is|are|was|were|does|do|did|could|will|would)(?:n't| not)\b")
_DEGREE = re.compile(r"^(?:very|so|too|quite|rather|really|extremely|unusually|severely|increasingly|more) (?=\w+$)")
_AFFECTS = re.compile(r"affects? (?:your |the )?(?=\w)")
_HELPS = re.compile(r"help(?:s|ing)? (?:with )?(?=movement|mobility|memory|sleep|walking|breathing|concentration)")
_IMPROVES = re.compile(r"improv(?:e|es|ing) (?:your |the )?(?P<what>.+)")


def split(low: str, start: int, end: int, original: str | None = None) -> list[Concept]:
    """The concepts that ``low[start:end]`` names, each with its span; ``original`` has the letters as written."""
    phrase = low[start:end]
    levels = _levels(phrase, original[start:end]) if original is not None and OTHER in phrase else {}
    out: dict[str, Concept] = {}
    for at, concept in _of_items(low, start, end):
        name = written(concept.name, original)
        for what, measured in levels.items():
            name = name.replace(what, measured)
        if SUBJECT not in name and OTHER not in name:
            out.setdefault(name, replace(concept, name=name, start=at + concept.start, end=at + concept.end))
    return list(out.values())


#: what a label says of a state that it tells to stop for: "loss of hearing occurs"
_COMES = re.compile(r"\s(?:occurs?|appears?|develops?|(?:is|are) present)\s*$")


def _of_items(low: str, start: int, end: int) -> Iterator[tuple[int, Concept]]:
    """The concepts of a phrase with where their item begins; only its sentence tells whether it is a label's row."""
    items = (run_on(low, start, end) or [(start, end)]) if known_items(low, start, end) else [(start, end)]
    for item, stop in items:
        if len(items) > 1 and STATE_OF_AFFAIRS.search(low, item, stop):
            continue
        head = low.rfind(": ", item, stop) + 2 if len(items) > 1 else 0
        begin = max(item, head)
        come = _COMES.search(low, begin, stop) if len(items) > 1 else None
        for concept in _split(low[begin : come.start() if come else stop]):
            yield begin, concept


@lru_cache(maxsize=8192)
def _split(phrase: str) -> tuple[Concept, ...]:
    """The concepts of a phrase in lower case; the same ones come up again in document after document."""
    if phrase in normal_forms():
        return (Concept(normal_forms()[phrase], 0, len(phrase)),)
    out = []
    for said in said_of_parts(phrase) if _OWNED.search(phrase) else ():
        out.append(Concept(said.name, said.start, said.end))
    told = [(concept.start, concept.end) for concept in out]
    for part in distribute(phrase, parts(phrase, 0, len(phrase))):
        if any(part.start < b and a < part.end for a, b in told):
            continue
        if (concept := _concept(phrase, part)) is not None:
            out.append(concept)
    return tuple(out)


def _levels(phrase: str, original: str) -> dict[str, str]:
    """A hormone that is also a drug, where its level is measured: "levels of a hormone"."""
    spans = (match.span("what") for match in _LEVEL_OF.finditer(phrase))
    measured = ((phrase[a:b], original[a:b].lower()) for a, b in spans)
    return {what: name for what, name in measured if name in word_list("heads", "analyte")}


#: who has what a predicate is said of
_OWNED = re.compile(r"\b(?:your|the|their|his|her|its) ")


#: by what an effect was found: "increased liver enzymes, seen in blood tests"
_SEEN_IN = re.compile(
    r",?\s(?:as )?(?:seen|shown|showing|shown up|measured|found|detected) (?:up )?(?:in|by|on) (?:an? |the |your )?(?:blood |urine |laboratory |lab |liver |routine )*tests?\b.*$"
)
_LEVEL_OF = re.compile(rf"\blevels? of (?:the hormones? )?(?P<what>{OTHER}+)")


def _concept(low: str, part: Part) -> Concept | None:
    text = low[part.start : part.end]
    start, end = part.start, part.end
    lead = len(text) - len(text.lstrip(" .,;:•*\"'"))
    text, start = text[lead:], start + lead
    stripped = text.rstrip(" .,;:\"'")
    end -= len(text) - len(stripped)
    text = stripped
    glosses = [m.group(1).strip() for m in BRACKET.finditer(text)] if "(" in text or "[" in text else []
    if glosses and text.endswith((")", "]")) and (opened := _LAST_BRACKET.search(text)):
        end = start + opened.start()
    bare = _without_brackets(text)
    if part.before:
        bare = f"{part.before} {bare}"
    if part.after:
        bare = f"{bare} {part.after}"
    bare = "" if bare.startswith("with or without ") else bare
    bare = _EXAMPLES.sub("", bare) if any(word in bare for word in _GIVES_EXAMPLES) else bare
    bare = _LABEL.sub("", bare) if ":" in bare else bare
    led = _LEADING.match(bare) if bare not in normal_forms() else None
    core = bare[led.end() :].strip() if led else bare
    faculty = core.split() and all(word in word_list("heads", "faculty") for word in core.split())
    # "problems with coordination" says what the mere "coordination" does not
    bare = bare[opened.start() :] if led and faculty and (opened := _PROBLEM.search(bare, 0, led.end())) else core
    if (called := _CALLED.match(bare)) and clinical(bare[called.end() :]):
        bare = bare[called.end() :]
    bare = _ACTIVE.sub("", bare)
    condition = None
    if tail := _TRAILING.search(bare):
        condition = tail.group("condition").strip()
        condition = None if condition.startswith("from ") else condition
        bare = bare[: tail.start()]
    bare = _SEEN_IN.sub("", bare) if " test" in bare else bare
    severity = None
    words = bare.split()
    while words and words[0] in severities() and len(words) > 1:
        severity, words = severities()[words[0]], words[1:]
        if words and words[0] in {"or", "and", "to"}:
            words = words[1:]
    while len(words) > 1 and _SHARE.fullmatch(words[-1]):
        words.pop()  # figures of a table that lost its columns: "headache 7.5 7.4"
    if len(words) > 3 and words[0] == words[-1]:
        words.pop()  # a heading that ran into its text: "exacerbation of gout exacerbation"
    bare = _WEAK_END.sub("", " ".join(words)).strip(" -,")
    bare = _ON_THE_DRUG.sub("", bare)
    name = _normal(bare, glosses)
    if _KIND_OF.match(name):
        return None
    if _PREDICATE.match(name) or _DENIES.search(name):
        return None  # a predicate, not a state
    if _NO_CONCEPT.search(name) or _begins_a_clause(name):
        return None
    longest = _LONGEST_ROW if "," in name else _LONGEST_NAME
    if not name or len(name) > longest[0] or len(name.split()) > longest[1] or _MEANINGLESS.match(name):
        return None
    return Concept(name, start, end, severity, condition)


#: "less common: heartburn", in lists whose items name the band of what they hold
_LABEL = re.compile(r"^(?:[a-z]+ ){0,2}(?:un|in)?(?:common|commonly|serious|severe|mild|rare|frequent|occasional)\s*: ")


def _begins_a_clause(name: str) -> bool:
    """Whether a name's first word opens a clause ("although …", "happen more often") and no noun phrase."""
    first = name.split(" ", 1)[0]
    if first in {
        "no",
        "not",
        "less",
        "more",
        "very",
        "too",
        "few",
        "fewer",
        "up",
        "down",
        "out",
        "off",
        "over",
        "under",
    }:
        return False
    return first in word_list("breaks", "function") or (first in word_list("breaks", "verb") and not clinical(name))


_ON_THE_DRUG = re.compile(rf"\s(?:on|to|of|from|with|by) [{SUBJECT} ]+$")


def says_something(name: str) -> bool:
    """Whether a phrase holds a verb, so that it is a clause and names nothing: "symptoms last more than 7 days"."""
    return (
        any(w in word_list("breaks", "verb") and not w.endswith("ing") for w in name.split()[1:])
        and name not in normal_forms()
    )


#: what announces symptoms and is none
_NO_CONCEPT = re.compile(
    r"^(?:side|adverse|unwanted) effects?\b|^birth control|^discontinuations? (?:due|because)|\bcontrol of\b|\bcold turkey$|^false[- ](?:positives?|negatives?)\b|\bthese (?:side )?(?:effects|symptoms|reactions)$|^(?:increased|decreased|raised|reduced|higher?|lower?|abnormal) levels?(?: of)?$|^(?:related|connected|described|listed) (?:to|with|in|above|below)\b|^(?:overall |full |complete )?lists? of\b|\bfollowing (?:side |adverse |unwanted |undesirable )?(?:effects|reactions)\b|^reporting\b|^of\b|\b(?:inside|outside|against|toward|towards)$|\b(?:illness|infection|disease|condition|symptoms?|depression|pain|seizures|anxiety|migraines?|gout|asthma|fits) back$|^(?!neonatal|newborn)(?:[a-z]+ )*withdrawal (?:symptoms?|effects?|reactions?|syndromes?)$"
)


def _without_brackets(text: str) -> str:
    """``text`` without its brackets, nested ones too, and without a bracket that lost its partner."""
    if "(" not in text and "[" not in text and ")" not in text and "]" not in text:
        return text.strip()
    previous = None
    while previous != text:
        previous, text = text, _INNERMOST.sub("", text)
    return re.sub(r"\s*[(\[].*$|[)\]]", "", text).strip()


_TESTS = (["test"], ["tests"], ["enzyme"], ["enzymes"], ["count"], ["measurement"])


def _normal(bare: str, glosses: list[str]) -> str:
    """The noun phrase for lay wording; a clinical gloss in brackets names a feeling better than the feeling does."""
    felt = _FEEL.sub("", bare)
    felt = _DEGREE.sub("", felt)
    feeling = felt != bare or bare in normal_forms()
    feeling = feeling or not clinical(bare)
    for gloss in glosses:
        short = re.sub(r"^(?:also called|known as|called|or)\s+", "", gloss)
        if (
            feeling
            and short.split()[-1:] not in _TESTS
            and 1 <= len(short.split()) <= 3
            and clinical(short)
            and short.replace(" ", "").isalpha()
        ):
            return short
    for wording in (bare, felt):
        if wording in normal_forms():
            return normal_forms()[wording]
    if felt != bare:
        return felt if clinical(felt) and not felt.split()[0].endswith("ed") else bare
    if affected := _AFFECTS.match(bare):
        return "effect on " + bare[affected.end() :]
    if helped := _HELPS.match(bare):
        return "impaired " + bare[helped.end() :]
    improved = _IMPROVES.match(bare)
    if improved and all(word in word_list("heads", "faculty") for word in improved.group("what").split()):
        return "impaired " + improved.group("what")
    return bare


def named(low: str, start: int, end: int) -> Iterator[Concept]:
    """The names in a plain enumeration (brands, classes), without clinical normalisation."""
    for part in parts(low, start, end):
        text = BRACKET.sub("", low[part.start : part.end]).strip(" .,;:\"'*")
        text = re.sub(r"^(?:and|or|the|a|an|other|various|also|as)\s+", "", text)
        if text:
            at = low.find(text, part.start, part.end)
            yield Concept(text, at if at >= 0 else part.start, (at + len(text)) if at >= 0 else part.end)
