"""What the drug interacts with, by lead-in, heading and sentence, and the effect that is stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from monograph.extraction.assertion import Assertion, denies_what_it_does
from monograph.extraction.context import SILENT, Context
from monograph.extraction.denied_interactions import names_the_harmless, polarity_of
from monograph.extraction.interactants import Interactant, interactants, names_anything, names_nothing_else, of_the_body
from monograph.extraction.making import Maker
from monograph.extraction.own_class import allergic_to, its_own, told_of
from monograph.extraction.reading import Sentence, mask
from monograph.extraction.rules import OTHER, Rule, candidates
from monograph.extraction.wording import clinical
from monograph.facts import Fact
from monograph.screening import screened

__all__ = ["headed_interactions", "item_interactions", "line_interactions", "sentence_interactions"]

#: a mention of this drug, by name or as "it"
_OWN = re.compile(r"\x01|\b(?:it|its|this (?:medicine|medication|drug|product)|the (?:medicine|drug|medication))\b")
#: what speaks of the drug without naming it
_ABOUT_IT = screened(
    r"\b(?:it|its|this (?:medicine|medication|drug|product)|the (?:medicine|drug)|combination|taking|side effects|using this|if you (?:also )?(?:take|use))\b"
)
#: what alcohol or another drug does is no effect of the drug, but it is an interaction
_NOT_HERE = frozenset({"assertion:alcohol-subject", "assertion:disease-subject"})
#: where what is interacted with need not be joined to the drug by name
_ADDRESSED = frozenset({"interaction", "precaution", "advice", "regimen", "discuss", "contraindication"})
#: an opening after which a paragraph tells what interacts: "A great many things change the effect."
_TOPIC = screened(
    r"\b(?:things|medicines|medications|drugs|substances|foods|products|remedies|tablets)\b[^.]{0,60}"
    r"\b(?:change|affect|interact|interfere|alter|increase|reduce|raise|lower|weaken|strengthen|disturb|mix|clash|upset)\b"
)
#: what an item says of its interactant: "Lithium: its level goes up", "warfarin - it may thin the blood too much"
_REMARK = re.compile(r":\s|\s[-–—]{1,2}\s|—")
_VERB = re.compile(
    r"\b(?:can|may|might|could|will|would|should|must|is|are|was|were|has|have|had|do|does|raises?|lowers?|increases?|reduces?|"
    r"weakens?|adds?|makes?|slows?|take|takes|taken|need|needs|tell|ask|avoid|you|your|if|not|no|it|they)\b"
)
#: meals, which a drug is taken with or without: an interaction only where a rule on foods says so
_PLAIN = frozenset({"food", "foods", "meals", "milk", "tea", "coffee", "fatty food", "fatty foods"})
_DENIAL = screened(
    r"^(?:no|none|nil)\b(?! more)|^not (?:known|affected|changed|relevant|seen|expected)\b|\bno (?:known |relevant |clinically \w+ )?(?:interactions?|effects?|changes?|problems?)\b|\bdoes not (?:interact|affect)"
)
_DENIED_AFTER = re.compile(r"[^:.;]{0,60}(?::|\s-)\s*(?:no|none|not)\b")
#: before what somebody is allergic to, or what an illness came from
_CAUSE = re.compile(
    r"\b(?:(?:allerg\w+|reactions?|hypersensitiv\w+|sensitiv\w+|related|addicted|addiction|dependen\w+) to|caused by|due to|(?:intolerance|history) of|abuse of|(?:previous|prior|earlier) (?:treatment|therapy) with)\s(?:(?:other|another|any|certain|the|an?)\s)*(?:[^.;]{1,30} or )?$"
)
#: items that stand for no interactant
_NO_THING = re.compile(
    r"^(?:any|all|other|others|these|this|those|and|or|the (?:following|above)|prescription|over-the-counter|non-?prescription|"
    r"medicines?|medications?|drugs?|common|rare|uncommon|note|see)\b|\b(?:doctor|pharmacist|questions?)\b"
)
_MEDICINE = re.compile(
    r"(?:medicines?|medications?|drugs?|pills?|tablets?|blockers?|inhibitors?|agents?|agonists?|antagonists?|reducers?|thinners?|"
    r"[a-z]ics|[a-z]ants|[a-z]ives|[a-z]ines|[a-z]ides|[a-z]ates|[a-z]ones|[a-z]ins|[a-z]ids|[a-z]ers|[a-z]ors)$"
)


#: behind a dash, examples: "other blood thinners - one, another;"
_OF_EXAMPLES = re.compile(r"\x02|[,;./\s-]|\b(?:and|or|e\.g|such as|for example|others?)\b|\([^()]*\)")


def item_interactions(maker: Maker, sentence: Sentence, context: Context, rule: str) -> Iterator[Fact]:
    """The interactions of an item in a list that the lead-in says holds interacting things."""
    lead = context.lead[-1] if context.lead else None
    effect = _effect(lead) if lead is not None else None
    stop = len(sentence.low)
    if (remark := _REMARK.search(sentence.text)) and remark.start() > 2:
        only_drugs = not _OF_EXAMPLES.sub("", sentence.low[remark.end() :])
        stop = len(sentence.low) if only_drugs else remark.start()
    found = interactants(sentence, 0, stop, item=not _states_effect(sentence.low[:stop]), brands=True)
    weak = context.items is not None and context.items.options.get("weak") == "1"
    if not found and not weak and (alone := _unknown(sentence, stop)):
        found = [alone]
    for one in found:
        said = maker.assess(sentence, one.start, one.end, passing=_NOT_HERE, kind="interaction")
        if said.blocked or its_own(maker, sentence.low, one):
            continue
        said = polarity_of(said, sentence.low, one.start, told=True) or said
        harmless = _DENIED_AFTER.match(sentence.low, one.end) or names_the_harmless(sentence.low)
        said = Assertion("negated") if harmless else said
        yield maker.fact(
            "interaction",
            one.name,
            sentence,
            rule,
            assertion=said,
            role=one.type,
            statement=effect or sentence.text[:300],
        )


_EFFECT = re.compile(
    r"(?<!that )(?<!which )(?<!to )(?<!may )(?<!can )\b(?:raises?|lowers?|increases?|reduces?|decreases?|weakens?|strengthens?|deepens?|slows?|speeds?|changes?|affects?|"
    r"adds?|makes?|blunts?|causes?|leads?|prevents?|stops?|blocks?|doubles?|worsens?|enhances?|boosts?|prolongs?|upsets?|binds?|shortens?|should|must|may|can|could|might|include)\b"
)


def _states_effect(low: str) -> bool:
    """Whether an item is a sentence of its own rather than a name."""
    return _EFFECT.search(low) is not None


def _unknown(sentence: Sentence, stop: int) -> Interactant | None:
    """A name that no table knows, alone in its item: a few words without a verb."""
    phrase = re.split(r"[,;(\[]", sentence.low[:stop])[0].strip(" .*")
    words = phrase.split()
    if not 1 <= len(words) <= 5 or len(phrase) < 4 or _VERB.search(phrase) or _NO_THING.search(phrase):
        return None
    if (
        "\x01" in phrase
        or OTHER in phrase
        or re.search(r"\d", phrase)
        or (clinical(phrase) and not _MEDICINE.search(phrase))
    ):
        return None
    type_ = "drug-class" if _MEDICINE.search(phrase) and (len(words) > 1 or phrase.endswith("s")) else "drug"
    return Interactant(re.sub(r"^(?:an?|the|some|certain)\s+", "", phrase), type_, 0, len(phrase))


def sentence_interactions(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The interactions that a sentence states."""
    low = sentence.low
    if context.section is not None and context.section.name in SILENT | {"mechanism", "history"}:
        return
    if context.items is not None and context.items.name in SILENT:
        return
    coping = (context.items is not None and context.items.name == "advice") or (
        context.section is not None and context.section.rule == "headings:cope"
    )
    if coping and not sentence.has_subject:
        return  # what to do about an effect
    if not names_anything(low) or names_the_harmless(low):
        return
    section = context.section.name if context.section else None
    if section not in {"interaction", "indication", "history"} and (
        _topic(maker, sentence) or _goes_on(maker, sentence)
    ):
        section = "interaction"
    found: list[Interactant] | None = None
    for rule in candidates("interaction_statements", low):
        if (only := rule.options.get("sections")) and (section or "none") not in only.split(","):
            continue
        m = rule.pattern.search(low)
        if m is None:
            continue
        if rule.role == "none":
            return
        found = told_of(sentence, brands=section == "interaction") if found is None else found
        wanted = _wanted(maker, sentence, rule, m, found, section)
        if not wanted:
            continue
        if rule.role == "negated":
            yield from _denied(maker, sentence, rule, m, wanted)
            return
        if rule.identifier.endswith("section-effect") and names_nothing_else(low, found):
            return  # a line of names: what is said of them stands elsewhere
        addressed = section in _ADDRESSED or rule.options.get("own") == "0"
        addressed = addressed or (section == "adverse-effect" and "alcohol" in _types_of(rule.options))
        addressed = addressed or (section is None and _told_of_it(maker, sentence))
        if not sentence.has_subject and not addressed and _ABOUT_IT.search(low) is None:
            continue
        yield from _facts(maker, sentence, rule, m, wanted, section)
        return


def _topic(maker: Maker, sentence: Sentence) -> bool:
    """Whether a sentence before this one in its paragraph says that it tells what interacts."""
    if sentence.start == 0:
        return False
    return any(
        _TOPIC.search(before.low) is not None
        for before in maker.reading.sentences[sentence.block]
        if before.start < sentence.start
    )


_STATED = screened(
    r"\binteract|contra-?indicated|\b(?:raises?|lowers?|increases?|reduces?|weakens?|strengthens?) (?:the |its )?(?:levels?|effects?|concentrations?|amount)|\blevels? (?:go(?:es)?|rises?|falls?)"
)


def _goes_on(maker: Maker, sentence: Sentence) -> bool:
    """Whether the sentence before names something and states an interaction, and this one begins with another thing."""
    if sentence.start == 0 or (not sentence.has_other and sentence.has_subject):
        return False
    before = next((s for s in maker.reading.sentences[sentence.block] if s.end <= sentence.start < s.end + 4), None)
    if before is None or not names_anything(before.low) or _STATED.search(before.low) is None:
        return False
    found = interactants(sentence)
    return bool(found) and found[0].start < 4 and interactants(before) != []


def _told_of_it(maker: Maker, sentence: Sentence) -> bool:
    """Whether another sentence of the paragraph names the drug."""
    return any(s.has_subject for s in maker.reading.sentences[sentence.block])


def _wanted(
    maker: Maker, sentence: Sentence, rule: Rule, m: re.Match[str], found: list[Interactant], section: str | None
) -> list[Interactant]:
    """Those of ``found`` that the rule speaks of."""
    options = rule.options
    out = [
        f
        for f in found
        if not its_own(maker, sentence.low, f)
        and not _CAUSE.search(sentence.low, max(0, f.start - 60), f.start)
        and not allergic_to(sentence.low, f.start)
    ]
    if section != "interaction" and rule.options.get("action") != "1":
        out = [f for f in out if not of_the_body(f.name)]
    if (types := _types_of(options)) and not any(f.type in types for f in out):
        return []
    if options.get("here") == "1":
        out = [f for f in out if m.start() <= f.start < m.end()]
    if "food" not in _types_of(options):
        out = [f for f in out if f.name not in _PLAIN]
    if section == "interaction":
        return out  # there, all that a sentence names interacts
    if options.get("before") == "1":
        out = [f for f in out if f.end <= m.start()] if not _OWN.search(sentence.low[: m.start()]) else []
    if options.get("after") == "1":
        out = [f for f in out if f.start >= m.start()]
    if not _OWN.search(sentence.low):
        drugs = [f for f in out if f.type == "drug"]
        if any(f.end <= m.start() for f in drugs) and any(f.start >= m.start() for f in drugs):
            return []  # what one other drug does to another
    return out


def _types_of(options: Mapping[str, str]) -> tuple[str, ...]:
    """The types of interactant that a rule's options limit it to."""
    return tuple(options["types"].split(",")) if "types" in options else ()


def _facts(
    maker: Maker, sentence: Sentence, rule: Rule, m: re.Match[str], found: list[Interactant], section: str | None
) -> Iterator[Fact]:
    for one in found:
        said = maker.assess(sentence, one.start, one.end, passing=_NOT_HERE, kind="interaction")
        if said.blocked and rule.options.get("ask") != "1":
            continue
        if rule.options.get("action") == "1":
            said = Assertion()
        elif said.polarity == "asserted" and _DENIED_AFTER.match(sentence.low, one.end):
            said = Assertion("negated")
        else:
            if said.polarity == "asserted" and denies_what_it_does(sentence.low, one.end):
                said = Assertion("negated")
            told = polarity_of(said, sentence.low, one.start, told=section == "interaction")
            if told is None:
                continue
            said = told
        if said.polarity == "not-established" and _YET.search(sentence.low, one.end):
            said = Assertion()
        yield maker.fact(
            "interaction",
            one.name,
            sentence,
            rule.identifier,
            span=_clause(sentence, rule, one, min(m.start(), one.start), max(m.end(), one.end))
            or maker.quote_span(sentence, min(m.start(), one.start), max(m.end(), one.end)),
            assertion=said,
            role=one.type,
            statement=sentence.text[:300],
        )


def _denied(maker: Maker, sentence: Sentence, rule: Rule, m: re.Match[str], found: list[Interactant]) -> Iterator[Fact]:
    """That those of ``found`` do not interact which stand in the clause that says so; all of them where none does."""
    cuts = [0, *(cut.end() for cut in _CLAUSES.finditer(sentence.low)), len(sentence.low)]
    begin = max(cut for cut in cuts if cut <= m.start())
    end = min(cut for cut in cuts if cut > m.start())
    named = [one for one in found if begin <= one.start < end] or found
    for one in named:
        yield maker.fact(
            "interaction", one.name, sentence, rule.identifier,
            span=maker.quote_span(sentence, min(m.start(), one.start), max(m.end(), one.end)),
            assertion=Assertion("negated"), role=one.type, statement=sentence.text[:300],
        )  # fmt: skip


#: "it is not known …, but there's a chance that you may get more of its effects"
_YET = screened(
    r",? but (?:there(?:'s| is) an? (?:small |slight )?(?:chance|risk)|(?:it|you|they|this) (?:may|might|could))\b"
)
_CLAUSES = screened(r",? but |, (?:although|though|even though) |; ")


def _clause(sentence: Sentence, rule: Rule, one: Interactant, start: int, end: int) -> tuple[int, int] | None:
    """The clause that states it, where the sentence says something else before a "but" or a semicolon."""
    low = sentence.low
    cuts = [m.span() for m in _CLAUSES.finditer(low)]
    if not cuts:
        return None
    begins, ends = [0, *(b for _, b in cuts)], [*(a for a, _ in cuts), len(low)]
    name = low[one.start : one.end]
    for a, b in reversed(list(zip(begins, ends, strict=True))):
        if b - a <= 500 and low.find(name, a, b) >= 0 and rule.pattern.search(low[a:b]):
            return a, b
    before = max((b for b in begins if b <= start), default=0)
    after = min((a for a in ends if a >= end), default=len(low))
    return (before, after) if after - before <= 500 else None


def headed_interactions(maker: Maker, index: int, sentences: tuple[Sentence, ...], context: Context) -> Iterator[Fact]:
    """Interactions of a paragraph whose heading names what interacts, in a section on interactions.

    ("Warfarin" as the term of a definition list, "It can thin the blood too much." as what is said of it.)
    """
    document = maker.reading.document
    block = document.blocks[index]
    if block.section is None or index == 0:
        return
    before = document.blocks[index - 1]
    if before.kind != "heading" or not (heads := maker.reading.sentences[index - 1]) or heads[0].has_subject:
        return
    found = interactants(heads[0], item=True)
    if not found or not names_nothing_else(heads[0].low, found):
        return
    if not (_under_interactions(maker, block.section) or _after_interactions(maker, block.section)):
        return
    if _DENIAL.search(sentences[0].low):
        return
    yield from _joined(maker, index - 1, sentences[0], found, "interactions:heading")


def line_interactions(maker: Maker, index: int, sentences: tuple[Sentence, ...], context: Context) -> Iterator[Fact]:
    """Interactions of a line or a table's first cell that only names what interacts, in a section on interactions.

    What is said of it stands in the next line or cell.
    """
    if context.section is None or context.section.name != "interaction":
        return
    sentence = sentences[0]
    if len(sentences) != 1:
        found = interactants(sentence) if len(sentence.text.split()) <= 8 else []
        if found and names_nothing_else(sentence.low, found) and not _DENIAL.search(sentences[1].low):
            for one in found:
                yield maker.fact("interaction", one.name, sentence, "interactions:line", role=one.type)
        return
    if sentence.text.endswith((":", "?")):
        return
    if len(sentence.text) > 160:
        if (found := interactants(sentence)) and names_nothing_else(sentence.low, found):
            yield from item_interactions(maker, sentence, context, "interactions:line")
        return
    document = maker.reading.document
    block = document.blocks[index]
    if block.row_head is not None:
        return
    if (
        _VERB.search(sentence.low) is None
        and (block.kind == "item" or (block.kind == "paragraph" and _opens(sentence)))
        and not _states_effect(sentence.low)
    ):
        yield from item_interactions(maker, sentence, context, "interactions:item")
        return
    found = interactants(sentence)
    found = [f for f in found if f.name not in _PLAIN and not maker.in_class(f.name)]
    if not found or not names_nothing_else(sentence.low, found):
        return
    following = index + 1 if index + 1 < len(document.blocks) else None
    if following is not None and document.blocks[following].section != block.section:
        following = None
    if names_the_harmless(sentence.low):
        yield from item_interactions(maker, sentence, context, "interactions:line")
        return
    told = maker.reading.sentences[following] if following is not None else ()
    if told and _DENIAL.search(told[0].low):
        return
    if told and len(told[0].text) <= 250 and not _names_things(told[0]):
        yield from _joined(maker, index, told[0], found, "interactions:line")
        return
    for one in found:
        yield maker.fact("interaction", one.name, sentence, "interactions:line", role=one.type)


def _opens(sentence: Sentence) -> bool:
    """Whether a line of more than a name begins with what interacts: "Medicines for gout such as allopurinol"."""
    found = interactants(sentence)
    if not found or found[0].start > 5 or len(sentence.low.split()) < 5:
        return False
    rest = re.sub(r"\([^()]*\)|[).,;]", "", sentence.low[found[-1].end :])
    if sentence.text.endswith(".") and rest.strip():
        return False  # a verb that no list knows
    return not any(
        r.role == "none" and r.pattern.search(sentence.low) for r in candidates("interaction_statements", sentence.low)
    )


def _names_things(sentence: Sentence) -> bool:
    """Whether a sentence is the next line of names rather than what is said of the last."""
    found = interactants(sentence)
    return names_nothing_else(sentence.low, found) or (
        bool(found) and found[0].start < 6 and _VERB.search(sentence.low) is None
    )


def _joined(maker: Maker, head: int, told: Sentence, found: list[Interactant], rule: str) -> Iterator[Fact]:
    """Interactions named in one block and told of in the next: the quote reaches over both."""
    document = maker.reading.document
    place = maker.reading.evidence(told)
    start = document.blocks[head].start
    if place.end - start <= 500:
        place = replace(place, start=start, quote=document.text[start : place.end])
    else:
        place = maker.reading.evidence(maker.reading.sentences[head][0])
    for one in found:
        fact = maker.fact("interaction", one.name, told, rule, role=one.type, statement=told.text[:300])
        yield replace(fact, evidence=(place,))


def _under_interactions(maker: Maker, section: int | None) -> bool:
    """Whether a section stands under a heading on interactions; headings that only name a drug are passed over."""
    sections = maker.reading.document.sections
    while section is not None:
        low = mask(sections[section].heading, maker.subject)
        rule = next((r for r in candidates("headings", low) if r.pattern.search(low)), None)
        if rule is not None and not (rule.role == "other-drugs" and not re.sub(r"[\x02 ]|\band\b", "", low)):
            return rule.role == "interaction"
        section = sections[section].parent
    return False


#: heads of a table's columns
_TABLE_HEAD = re.compile(
    r"(?:other |interacting |which )?(?:medicines?|drugs?|substances?|foods?|products?|remed(?:y|ies))(?: (?:or|and|class|name|/)(?: \w+)?)*|results?|effects?|"
    r"what (?:may |can |might |could )?(?:happens?|it does)|advice|what to do|comments?|notes?|why|consequences?|taken with|together with"
)


def _after_interactions(maker: Maker, section: int) -> bool:
    """Whether a heading that names a drug is a cell of a table of interactions that a converter took apart."""
    sections = maker.reading.document.sections
    for at in range(section - 1, max(-1, section - 60), -1):
        text = sections[at].heading
        low = mask(text, maker.subject)
        if _TABLE_HEAD.fullmatch(low.strip()):
            continue
        found = interactants(Sentence(0, 0, len(text), text, low))
        if found and names_nothing_else(low, found):
            continue
        rule = next((r for r in candidates("headings", low) if r.pattern.search(low)), None)
        return rule is not None and rule.role == "interaction"
    return False


def _effect(lead: Sentence) -> str | None:
    """What the lead-in says happens: "may increase the effects of …"."""
    changes = "increase|decrease|reduce|affect|raise|lower|change|make"
    m = re.search(rf"\b(?:may|can|might|could) (?:{changes})[^:.]*", lead.low)
    return lead.text[m.start() : m.end()].strip() if m else None
