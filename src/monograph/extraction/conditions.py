"""Contraindications ("do not take it if you …") and precautions ("tell your doctor before if you …"): the conditions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from monograph.extraction.allergies import ALLERGY, allergies
from monograph.extraction.assertion import Assertion
from monograph.extraction.concepts import split
from monograph.extraction.condition_names import graded, is_clause_of_an_allergy, is_none, names_of, without_asides
from monograph.extraction.condition_phrases import circumstance, end_of_condition, examples_apart, whole_phrase
from monograph.extraction.context import Context
from monograph.extraction.coordination import STATE_OF_AFFAIRS
from monograph.extraction.interactants import Interactant, interactants, names_nothing_else
from monograph.extraction.label_items import known_items
from monograph.extraction.making import Maker
from monograph.extraction.populations import mentions, populations_of
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import candidates
from monograph.extraction.run_on import circumstances
from monograph.extraction.wording import clinical
from monograph.facts import Fact, Kind
from monograph.screening import screened

__all__ = ["ADVICE_ONLY", "OTHERS_HAD", "PERSON", "STATES", "conditions_in", "item_conditions", "sentence_conditions"]

_LEAD = re.compile(
    r"^(?:contra-?indications )?(?:if |that |when |with )?(?:(?:you(?:'re|'ve| are| have| had)?|your child|the child|someone|they|he|she)(?![a-z]))?\s*"
    r"(?:(?:are|is|have|has|had|having|ever had|ever|or|suffers?(?: from)?|suffering from|a|an|the|any|your|known|been told (?:you have|that you have)|"
    r"been diagnosed with|diagnosed with|told (?:that )?you have|currently|now have|previously had|previously|recently|once|already|often|frequently|regularly|keep getting|think you (?:may |might )?have|"
    r"(?:know|knows|believe|suspect)(?: that)?|you|also|experienced|experience|developed|develop|live with|get|been|might|may|(?:treating )?(?:in |for |an? )?(?:patient|people|patients|individuals|persons|those|adults) (?:with|who have|who are|undergoing)|of)\s+)*"
)
#: "you are pregnant or have cancer"
_HAVE_TOO = screened(r"(?:,| or| and) (?:(?:if )?you )?(?:have|suffer from)(?=\s)")
#: several conditions in one sentence, of which pregnancy may be one
_IF_LIST = screened(r",.*\bor\b|,.*,")
_REPRODUCTIVE = ("pregnan", "breastfeeding", "first", "second", "third", "people of repro")
_BEARING = re.compile(r"pregnan|trimester|breast|nursing|fertil|child-?bearing|baby|lactat")
#: what says that somebody takes what follows
_TAKING = screened(
    r"(?:^(?:if |that )?(?:(?:you|the child|your child|he|she|they|(?:in |for )?(?:people|patients|individuals|persons|those|anyone)(?: who)?)\b(?:'re|'ve)?\s*)?|\b(?:and|or|if|you|who|also)\b(?:'re|'ve)? (?:(?:you|who|they)(?:'re|'ve)? )?)"
    r"(?:(?:are|is|have|has|been|also|currently|already|recently|ever|just|regularly)\s+)*"
    r"(?:taking|takes?|taken|took|using|uses?|used|on|receiving|received|(?:being )?treated with|given) (?=\S)"
)
#: "… and have a history of low blood pressure" beside what is taken; and on what terms it may be taken all the same
_AND_HAVE = screened(
    r",? and (?:you )?(?:also )?have (?=(?:an? )?(?:history|[a-z]+ (?:disease|problems?|pressure|failure)))"
)
_EXCEPTION = screened(r",? (?:except (?:when|if|where|in)|unless)\b")
#: what parts an allergy from the condition before it, and from the next one
_BEFORE_ALLERGY = re.compile(r"[,;]\s|\s(?:and|or)\s")
_AFTER_ALLERGY = screened(
    r",? (?:or|and|;) (?:(?:if )?(?:you|who|they) )?(?:(?:have|has|had|suffer(?:s)? from)(?! (?:had |ever )*(?:an? )?(?:allerg|react|serious|severe))|(?:in|for) (?:people|patients|those|individuals) (?:with|who have)) (?=\S)"
)
_ONCE_HAD = re.compile(
    r"^(?:suffering from,? or )?(?:have )?(?:ever |previously |recently |once |(?:been )?told (?:by (?:a|your) doctor )?(?:that )?you )(?:had|have|suffer(?:ed)? from) (?:an? )?"
)
_JUDGED = re.compile(
    r"(?:if )?your doctor (?:determines|thinks|says|finds|decides|has (?:told|said)(?: you)?|told you) (?:that )?"
)
_NEVER = re.compile(r"(?:if |that )?(?:you|your child|the child)(?:'ve| have| has) never had ")
#: what opens the conditions of a clause: "if you have any of the following diseases: asthma, gout"
_ANNOUNCED = screened(
    r"\bfollowing (?:\w+ )?(?:conditions?|diseases?|disorders?|illness(?:es)?|problems?|circumstances):\s(?=\S)"
)
_GRADE = re.compile(r"(?P<grade>mild|moderate|severe|serious|life-threatening) ")
#: how bad the reaction was that somebody had
_GRAVE = re.compile(
    r"\b(?P<grade>severe|serious|life-threatening) (?:\w+ )?(?:(?:allerg|hypersensitiv|react)\w*(?: reactions?)?)(?: to| from)?$"
)
_WITH_SIGNS = re.compile(r",? with(?:,| symptoms| signs)? (?:for example|e\.g\.|such as|like),? ")
#: "in a child who is taking …" names nobody but who takes something
_SOMEBODY = re.compile(
    r"(?:in|for|by|if) (?:an? |the |your )?(?:child|children|person|people|patients?|adults?)(?: who)?\s*"
)
#: what no substance is, though it may be "on" or "used"
_NOT_TAKEN = re.compile(r"^(?:dialysis|a (?:low|special|strict)|blood|your|contact lenses)")
ADVICE_ONLY = screened(
    r"\b(?:warning applies|applies to you|any (?:other )?(?:questions|concerns|symptoms|side effects|doubts)|not sure|unsure|expiry|expired|(?:pack\w*|foil|bottle|container|tablets?|capsules?|inhaler|pen|patch|vial|carton) (?:is|are|looks?|appears?|has been|seems) [^,.;]*"
    r"appearance|seal|bothers|tamper|missed|worried|under (?:a|your) doctor's care|surgery on|dentist|change in the|more information|side effects from|getting worse|gets? worse|persists?)\b"
)
#: where a run-on "Do not use" begins its next case
_CASES = screened(
    r"\s(?=(?:if (?:you|the child|your child|they)|together with|with any other|at the same time as|in (?:newborn|children|premature|babies|infants|people|anyone)|"
    r"to (?:make|treat|help)|for more than|right before|on (?:broken|large|wounds|open))\b)"
)


#: what a label in front of sentences says that they are about
_LABEL = re.compile(
    r"\b(?:warnings?|alerts?|risks?|effects?|interactions?|contra-?indications?|precautions?|cautions?|allergy|reactions?|dos(?:e|age)|overdose|pregnancy|history)$"
)


_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|can|may|might|could|should|must|will|do|does|did|includes?|causes?)\b"
)
#: what a warning tells of: "infections may be serious"
_EXPLAINS = re.compile(
    r"(?!(?:if|you|your)\b)(?:(?!\b(?:which|that|who)\b)[^,;.:(]){3,80}\b(?:may|can|might|could|will)\b"
)
_YOU_NOTICE = re.compile(r"(?:if )?you (?:notice|feel|get|start|become|develop)\b")
#: what comes on while the drug is taken, where a precaution is had before
_COMES_ON = re.compile(
    r"(?:if )?(?:(?:you|your child|the child) )?(?:are )?(?:(?:experience|experiencing|notice|feel|get|start|become|develop)s?\b(?!.*\b(?:previous\w*|ever|before|past)\b)"
    r"|(?:have |has )?(?:an? |any )?(?:continuing|sudden|new|worsening)\b(?! to\b))"
)
#: how a condition shows: "symptoms of gout such as a red toe", "… (these may be signs of an infection)"
_SHOWN_BY = screened(
    r"\b(?:signs?|symptoms?)(?: of [^,;:]{3,60}?)?(?:,? ?(?:\([^()]*\))?)(?P<by>,? ?(?:such as|like|including|for example)\b|: )"
)
_BRINGS = re.compile(r",? (?:which|that) (?:can|may|might|could) (?:cause|show|have|give)\b")
_IS_A_SIGN = screened(
    r"\b(?:may|can|could|might|these|which|this)(?: all)? (?:be|are|is|could be|may be|can be) (?:an? |the |early |possible )*(?:signs?|symptoms?)\b"
)


def item_conditions(maker: Maker, item: Sentence, context: Context, role: str, rule: str) -> Iterator[Fact]:
    """The conditions that a list item names; an item on medicines taken is an interaction."""
    if "contraindicated" in item.low and len(item.low.split()) > 6:
        yield from sentence_conditions(maker, item, context)
        return
    kind: Kind = "contraindication" if role == "contraindication" else "precaution"
    named = re.split(r",? (?:as|because|since)\b", item.low)[0]
    if ADVICE_ONLY.search(named) or (_COMES_ON if kind == "precaution" else _YOU_NOTICE).match(item.low):
        return
    whole = item.text.endswith(".") and (
        _FINITE.search(item.low) is not None or (kind == "precaution" and len(item.text.split()) > 4)
    )
    if _EXPLAINS.match(item.low) or OTHERS_HAD.match(item.low):
        return
    if rule.startswith("lists:headings:") and whole and not PERSON.match(item.low):
        return
    if (label := re.match(r"(?:if )?([^:.]{3,60}):\W{0,4}\s", item.low)) and (
        _LABEL.search(label.group(1)) or not (clinical(label.group(1)) or PERSON.match(label.group(1)))
    ):
        return  # "Warnings: …", "High blood sugar warning: …": the sentences after it are read by themselves
    found = interactants(item, item=True)
    if found and (names_nothing_else(item.low, found) or _taken_for(item.low, found)):
        yield from _substances(maker, item, found, kind, rule, (0, len(item.text)))
        return
    cuts = [0, *(m.end() for m in _OR_IF.finditer(item.low)), len(item.low)]
    for begin, end in itertools.pairwise(cuts):
        yield from conditions_in(maker, item, begin, end, kind, rule, list_item=True)


#: where an item goes on to its next case: "a severe kidney disease or if you are on dialysis"
_OR_IF = screened(r",? (?:or|and) (?=if (?:you|your child|the child)(?:'re|'ve)?\b)")
#: "a small number of people … have had thoughts of …" tells of what happened to others
OTHERS_HAD = re.compile(
    r"(?:an? (?:small |very small )?number of|some|a few|several|many|most|rarely,?) (?:people|patients|children|users)\b"
)


#: what a medicine that an item begins with is taken for: "a blood thinner, to prevent clots"
_TAKEN_FOR = re.compile(
    r",? ?(?:(?:used|taken|given) )?(?:to (?:treat|prevent|help|control|lower|relieve)|for (?:treating|preventing)|such as|like)\b"
)


def _taken_for(low: str, found: list[Interactant]) -> bool:
    """Whether an item names a medicine and what it is for, which is no condition of the reader."""
    first = min(found, key=lambda one: one.start)
    return first.start <= 2 and (
        _TAKEN_FOR.match(low, first.end) is not None or _TAKEN_FOR.search(low, first.start, first.end) is not None
    )


PERSON = re.compile(
    r"(?:if )?(?:you(?:'re|'ve)?|your child|the child) (?:are|is|have|has|had|ever|suffer|take|also|or|know|think|weigh|wear|drink|smoke|allergic|often (?:get|have)|frequently (?:get|have)|keep getting)\b|(?:are|have|had|have ever had) "
)


def sentence_conditions(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The contraindications and precautions that a sentence states, with the group that it opens with."""
    for match, fact in _stated(maker, sentence, context):
        who = match.groupdict().get("who")
        yield replace(fact, population=populations_of(who)) if who else fact


def _stated(maker: Maker, sentence: Sentence, context: Context) -> Iterator[tuple[re.Match[str], Fact]]:
    section = context.section.name if context.section else "none"
    if section in {"other-drugs", "disease", "lifestyle"}:
        return
    for rule in candidates("condition_statements", sentence.low):
        if (only := rule.options.get("sections")) and section not in only.split(","):
            continue
        m = rule.pattern.search(sentence.low)
        if m is None:
            continue
        if rule.role == "none":
            return
        start, limit = m.span("object")
        if rule.options.get("nothing") == "1" and interactants(sentence, start, limit):
            continue
        kind: Kind = rule.role  # type: ignore[assignment]
        if rule.options.get("cases") == "1":
            for fact in _cases(maker, sentence, start, limit, kind, rule.identifier):
                yield m, fact
            return
        for begin, end in _pieces(sentence.low, start, limit):
            if ADVICE_ONLY.search(sentence.low[begin:end]):
                continue
            if _WITH.match(sentence.low, begin, end) and (found := interactants(sentence, begin, end)):
                when = m.groupdict().get("when")
                told = _substances(maker, sentence, found, kind, rule.identifier, (begin, end), when)
            else:
                told = conditions_in(maker, sentence, begin, end, kind, rule.identifier)
            for fact in told:
                yield m, fact
        return


def _pieces(low: str, start: int, limit: int) -> list[tuple[int, int]]:
    """The stretches of a statement that name a condition each; a row of a label goes on to the end of its sentence."""
    if known := known_items(low, start, len(low)):
        return [(a, b) for a, b in known if not STATE_OF_AFFAIRS.search(low, a, b)]
    pieces = [start, *(m.end() for m in _NEXT_CASE.finditer(low, start, limit)), limit]
    return [p for a, b in itertools.pairwise(pieces) for p in circumstances(low, a, b) if b - a > 2]


_WITH = re.compile(
    r"(?:(?:together|combination|conjunction|combined use|(?:concomitant|concurrent) use|co-?administration) )?with\b"
)
#: where a sentence goes on to its next case: "…; stroke", "…, or when your liver is damaged", "… or together with lithium"
_NEXT_CASE = screened(
    r";\s|,? (?:or|and) (?=(?:if|when|together with|whether|(?:in|for) (?:people|patients|individuals|persons|those|anyone)) )"
    r"|(?:,|,? (?:and|or)) (?=(?:people|patients|individuals|persons|those) (?:with|who|taking|receiving|on|treated)\b)"
)


def _cases(maker: Maker, sentence: Sentence, start: int, limit: int, kind: Kind, rule: str) -> Iterator[Fact]:
    """The cases of a run-on "Do not use": with what, if what, to what end."""
    low = sentence.low
    cuts = [start, *(m.end() for m in _CASES.finditer(low, start, limit)), limit]
    for begin, end in itertools.pairwise(cuts):
        text = low[begin:end].strip()
        if re.match(r"(?:together )?with|at the same time", text):
            found = interactants(sentence, begin, end)
            if own := re.search(r"\x01+", low[begin:end]):
                name = f"products containing {maker.subject.name}"
                found.append(Interactant(name, "drug-class", begin + own.start(), begin + own.end()))
            yield from _substances(maker, sentence, found, kind, rule, (begin, end))
        elif text.startswith("if "):
            yield from conditions_in(maker, sentence, begin + low[begin:end].index("if ") + 3, end, kind, rule)
        elif text.startswith(("to ", "right ", "on ")) and 2 < len(text.split()) < 12:
            name = re.sub(r"^on (?=babies|child|infants|newborn)", "", text.strip(" .,;"))
            yield maker.fact(kind, name, sentence, rule, assertion=Assertion(), population=(), span=(begin, end))


def _substances(
    maker: Maker,
    sentence: Sentence,
    found: list[Interactant],
    kind: Kind,
    rule: str,
    span: tuple[int, int],
    when: str | None = None,
) -> Iterator[Fact]:
    """What must not be taken with the drug is an interaction and a contraindication; what one should tell is the first.

    ``when``: of whom it is said, as "in patients with diabetes".
    """
    start, end = span
    for one in found:
        for of in ("interaction", "contraindication") if kind == "contraindication" else ("interaction",):
            yield maker.fact(
                of, one.name, sentence, rule,
                role=one.type if of == "interaction" else None, population=(), condition=when.strip() if when else None,
                statement=sentence.text[start:end].strip()[:300] if of == "interaction" else None,
                span=None if end - start == len(sentence.text) else span,
            )  # fmt: skip


def conditions_in(
    maker: Maker, sentence: Sentence, start: int, limit: int, kind: Kind, rule: str, *, list_item: bool = False
) -> Iterator[Fact]:
    """The conditions that a stretch of a sentence names; what is taken beside the drug in it is an interaction."""
    sentence = without_asides(sentence)
    low = sentence.low
    if signs := _WITH_SIGNS.search(low, start, limit):
        limit = signs.start()  # the signs of the condition, which are none themselves
    if list_item and (dash := sentence.text.find("—", start + 3, limit)) > 0:
        limit = dash
    if kind == "precaution" and _IS_A_SIGN.search(low, start, limit):
        return
    if shown := _SHOWN_BY.search(low, start, limit):
        brings = _BRINGS.search(low, start, shown.start())
        if brings is None and kind == "precaution":
            return
        limit = brings.start() if brings else shown.start("by")
    text = low[start:limit]
    if re.search(r"\b(?:\d|two|three) or more alcoholic drinks\b", text):
        yield from _substances(
            maker, sentence, interactants(sentence, start, limit), "precaution", rule, (start, limit)
        )
        return
    if _GENERAL_LIST.search(text):
        return
    exception = _EXCEPTION.search(low, start, limit)
    if (m := _TAKING.search(text)) and not _NOT_TAKEN.match(text[m.end() :]):
        besides = _AND_HAVE.search(low, start + m.end(), limit) if list_item else None
        taken = besides.start() if besides else exception.start() if exception else limit
        found = interactants(sentence, start + m.end(), taken, item=list_item)
        if found and besides:
            yield from conditions_in(maker, sentence, besides.end(), limit, kind, rule, list_item=True)
        if found or m.start() == 0:
            joined = text[m.start() :].startswith("and ") and kind == "contraindication"
            if m.start() > 8 and not joined and not _SOMEBODY.fullmatch(text, 0, m.start()):
                yield from conditions_in(maker, sentence, start, start + m.start(), kind, rule, list_item=list_item)
            yield from _substances(maker, sentence, found, "precaution" if joined else kind, rule, (start, limit))
            if joined:
                name = _LEAD.sub("", text).strip(" .,;")
                name = name if len(name) <= 90 else name[:90].rsplit(" ", 1)[0]
                yield maker.fact(kind, name, sentence, rule, assertion=Assertion(), population=())
            return
    if (m := ALLERGY.search(text)) and not re.search(r"symptoms|signs", text[: m.start()]):
        cuts = [c.start() for c in _BEFORE_ALLERGY.finditer(text, 0, m.start())]
        if (cut := cuts[-1] if cuts else 0) > 0 and not ALLERGY.search(text[:cut]):
            yield from conditions_in(maker, sentence, start, start + cut, kind, rule, list_item=list_item)
        graver = _GRAVE.search(text, 0, m.end())
        after = _AFTER_ALLERGY.search(text, m.end())
        stop = start + after.start() if after else limit
        for name in allergies(maker, sentence, start, start + m.start(), stop):
            if is_clause_of_an_allergy(name):
                continue
            yield maker.fact(
                kind, name, sentence, rule, assertion=Assertion(), population=(),
                severity=graver.group("grade") if graver else None,
                span=maker.quote_span(sentence, start, limit),
            )  # fmt: skip
        if after:
            yield from conditions_in(maker, sentence, start + after.end(), limit, kind, rule, list_item=list_item)
        return
    groups = mentions(text) if list_item or not _IF_LIST.search(text) else ()
    states = dict.fromkeys(g.group.name for g in groups if g.group.name.startswith(_REPRODUCTIVE))
    if states and _BEARING.search(text):
        for name in states if rule.startswith(("lists:", "conditions:line")) else ():
            name = "planning pregnancy" if name.startswith("people") else name
            yield maker.fact(kind, name, sentence, rule, assertion=Assertion(), population=())
        bearing = [b.end() for b in _BEARING.finditer(text)]
        if more := _HAVE_TOO.search(text, bearing[0]):
            yield from conditions_in(maker, sentence, start + more.end(), limit, kind, rule, list_item=list_item)
        return
    kind_of = _ITS_KIND.match(text) if list_item else None
    if kind_of and clinical(kind_of.group("what")):
        what, how = kind_of.group("what"), kind_of.group("how")
        name = f"{what} that {kind_of.group('is')} {how}" if " " in how.strip() else f"{how} {what}"
        yield maker.fact(kind, name.strip(), sentence, rule, assertion=Assertion(), population=())
        return
    if (judged := _JUDGED.match(text)) and list_item:
        yield from conditions_in(maker, sentence, start + judged.end(), limit, kind, rule, list_item=True)
        return
    if (told := whole_phrase(text)) is not None:
        yield maker.fact(kind, told, sentence, rule, assertion=Assertion(), population=())
        return
    if list_item and (besides := _AND_HAVE.search(low, start + 8, limit)):
        yield from conditions_in(maker, sentence, start, besides.start(), kind, rule, list_item=True)
        yield from conditions_in(maker, sentence, besides.end(), limit, kind, rule, list_item=True)
        return
    if announced := _ANNOUNCED.search(low, start, limit):
        yield from conditions_in(maker, sentence, announced.end(), limit, kind, rule, list_item=list_item)
        return
    if (never := _NEVER.match(text)) and kind == "precaution":
        for concept in split(low, start + never.end(), limit, sentence.text):
            if clinical(concept.name):
                name = f"never had {concept.name}"
                yield maker.fact(kind, name, sentence, rule, assertion=Assertion(), population=())
        return
    lead = _LEAD.match(text)
    begin = start + (lead.end() if lead else 0)
    end = end_of_condition(low, begin, limit, list_item=list_item)
    found_any = False
    low, grades = graded(low, begin, end)
    concepts = [c for a, b in examples_apart(low, begin, end) for c in split(low, a, b, sentence.text)]
    had = re.search(r"\b(?:have|has|had|with|ever|suffers?(?: from)?|an?)\s*$", low[:begin]) is not None
    sure = had or (len(concepts) > 1 and any(clinical(c.name) for c in concepts))
    for concept in names_of(low, concepts, limit):
        name = re.sub(
            r"^(?:medical |family |familial |personal |past )*(?:or (?:family|familial) )?history of ",
            "history of ",
            concept.name,
        )
        name = re.sub(r"^(?:known|an? earlier|earlier|in the past) ", "", name)
        name = _ONCE_HAD.sub("", name)
        name = re.sub(r"^on (?=dialysis)| (?:or|and)$", "", name)
        plain = re.sub(r"^history of ", "", name)
        if re.search(r"\b(?:pregnan|breast-?feed)", name):
            continue  # said under the population
        if _GENERAL.match(plain) or is_none(plain):
            continue
        if not (clinical(plain) or STATES.search(plain) or (sure and _PLAIN_NAME.fullmatch(plain))):
            continue
        found_any = True
        lesser = [grade for at, grade in grades.items() if concept.start <= at < concept.end]
        told_apart = (_THAT.match(low, concept.end, limit) if list_item else None) or _LASTING.match(low, concept.end)
        condition = concept.condition or (told_apart.group().strip() if told_apart else None)
        for severity in (*lesser, concept.severity):
            yield maker.fact(
                kind, name, sentence, rule, assertion=Assertion(), population=(),
                severity=severity, condition=condition, span=maker.quote_span(sentence, start, end),
            )  # fmt: skip
    if found_any and list_item and (named := _IN_BRACKETS.search(low, begin, limit)):
        yield from conditions_in(maker, sentence, named.start("what"), named.end("what"), kind, rule)
    things = [f for f in interactants(sentence, start, limit) if f.type.startswith("drug")] if list_item else []
    if not found_any and things and things[0].start - start < 20 and not re.search(r"\byou\b", text):
        yield from _substances(maker, sentence, things, kind, rule, (start, limit))
    elif not found_any and list_item and (told := circumstance(sentence, start, end)):
        grade = _GRADE.match(told)
        yield maker.fact(
            kind, told[grade.end() :] if grade else told, sentence, rule, assertion=Assertion(), population=(),
            severity=grade.group("grade") if grade else None,
        )  # fmt: skip


#: a word or three that may name a condition beside others which do
_PLAIN_NAME = re.compile(
    r"(?!.*\b(?:you|your|it|its|this|that|they|take|taking|taken|medicines?|medication|drugs?|doctor|dose|tablets?|treatment|days?|weeks?|months?|time|food|foods|"
    r"dyes?|preservatives?|help|more|other|need|anything|planning|plan|trying|actions|attempts|called|child|baby|had|has|have|if|when|not|no)\b)[a-z][a-z'-]{3,}(?: [a-z'-]+){0,3}"
)
#: which one is meant: "a cough that occurs with too much phlegm"
_THAT = re.compile(
    r" (?:that (?:occurs?|comes?|lasts?|happens?|is|are|follows?|goes|started|began)|(?:that|which) (?:can |may |could |might )?(?:leads? to|increases?|raises?|makes?|causes?|affects?|requires?|puts?)) [^.;()]{3,80}(?<! )"
)
#: for how long a condition has been there: "had heartburn over 3 months"
_LASTING = re.compile(r"(?: for)? (?:over|more than|longer than) \d+ (?:days|weeks|months|years)\b")
#: what is meant of a state that the reader has: "your hair loss is sudden"
_ITS_KIND = re.compile(r"(?:if )?(?:your|the) (?P<what>[a-z' -]{4,40}?) (?P<is>is|are) (?P<how>[^.;,]{3,60})$")
#: what names no condition of its own
_GENERAL = re.compile(
    r"(?:(?:any |other |certain |some |the |these |following |medical |health |serious |underlying |existing |long-term |chronic )*(?:problems?|conditions?|illness(?:es)?|diseases?|disorders?|symptoms?|side effects?|reactions?|history|allerg(?:y|ies))|.*\bany of (?:these|the following).*)$"
)
#: whatever else somebody takes: general advice
_GENERAL_LIST = screened(
    r"\b(?:any|all|what|which)(?: other)? (?:[\w-]+,? ){0,4}(?:medicines|medications|drugs|products)\b[^\x02]*\b(?:including|without a prescription|over[- ]the[- ]counter|herbal|vitamins|supplements)\b"
)
#: conditions that a bracket gives as examples of the one before it
_IN_BRACKETS = screened(
    r"(?<!symptoms )(?<!signs )\((?:such as|for example,?|e\.g\.,?|including|like) (?P<what>[^()]{4,200})\)"
)
#: words of a person's condition that are no symptoms or diseases
STATES = re.compile(
    r"\b(?:age|surgery|operation|dialysis|transplant|weigh|weight|older|years|kidney|liver|heart|lung|drink|alcohol|drug abuse|drug use|intolerance|"
    r"lenses|pacemaker|diet|smok\w+|implant|valve|vaccin\w+|stent|catheter|menopause|comatose|coma)\b"
)
