"""What the items of a list state, by the role that its lead-in and its headings give it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monograph.extraction import item_signs
from monograph.extraction.assertion import Assertion
from monograph.extraction.concepts import Concept, phrase_end, split
from monograph.extraction.conditions import item_conditions
from monograph.extraction.context import Context
from monograph.extraction.interactants import interactants
from monograph.extraction.interactions import item_interactions
from monograph.extraction.making import Maker, frequency_in, severity_in
from monograph.extraction.populations import affected, populations_of
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import OTHER, SUBJECT, candidates
from monograph.extraction.spotting import names_a_state, names_only_parts, names_what_changes
from monograph.extraction.wording import clinical
from monograph.facts import AgeGroup, Fact, Frequency, Kind
from monograph.screening import screened

__all__ = ["is_clause", "item_facts", "row_effects", "says_otherwise"]

_EFFECT_KINDS: dict[str, Kind] = {
    "adverse-effect": "adverse-effect",
    "overdose": "overdose-symptom",
    "withdrawal": "withdrawal-symptom",
    "allergy": "allergic-symptom",
}
#: an item that names only a place in the body
_PLACE = re.compile(r"^(?:or |and )?(?:in|into|from|on|of|around|under|inside) (?:the |your |a |an )?[a-z]")
_SIGNS_LEAD = re.compile(r"(?:signs|symptoms) of (?P<of>[^:]+?)(?: (?:are|include|may|can|might|could)\b|:|,? such as)")
#: "… seen rarely. These are the signs of ketoacidosis:"
_THESE_ARE_SIGNS = re.compile(
    r"(?:these|they|this|the following|its)(?: \w+)? (?:are|may be|can be|could be|might be)(?: all)? (?:the |an? )?(?:early |possible |common |typical |warning |main )*"
    r"(?:signs?|symptoms?) of (?P<of>[^:.(]+)"
)
_REACTION = re.compile(r"allerg|anaphyla|hypersensitiv|angio-?o?edema")
#: what blocks a concept in an item too: it is told of those who did not take the drug
_OF_ANOTHER = frozenset(
    f"assertion:{name}"
    for name in ("placebo-subject", "placebo-group", "placebo-alone", "placebo-only", "less-than-placebo", "giving-up")
)
#: an item that tells what to do, not what happens
_ADVICE = re.compile(
    r"^(?:helps|relieves|improves|treats|eases|do not|don't|take|use|drink|eat|avoid|try|ask|talk|tell|call|contact|see|speak|seek|stop|keep|make sure|wash|rest|sit|lie|"
    r"stand|swallow|put|apply|store|remember|always|never|if|when|get (?:medical|emergency|plenty|up)|check|follow|stick|wear|let|leave|chew|suck|sip|move|wait|plan|choose|limit|have (?:your|smaller|regular)|cut|add|raise|cool|protect|brush|rinse|exercise|reduce (?:the|your))\b"
)


#: words of advice that may begin a symptom too ("stop breathing", "raised pressure")
_MAY_NAME = frozenset(["if", "when", "stop", "cut", "raise", "lie", "stand", "rest", "move"])
#: verbs of a whole sentence, where no "which" or "that" stands before them
_FINITE = re.compile(
    r"(?<!which)(?<!that)(?<!you)(?<!this)\s(?:is|are|was|were|has|have|can|may|might|could|should|must|will|causes?|occurs?|occurred)\s"
)


_WHICH_CAUSES = re.compile(
    r"(?!.*\b(?:signs?|symptoms?|such as)\b)(?P<what>[^.;:,]{3,70}(?:, (?!or\b|and\b)[^.;:,]{3,60})?),? (?:which|that) (?:can|may|could|might) (?:also )?cause\b(?=[^;]*$)"
)
_OF_TREATMENT = re.compile(r"(?:your doctor|it|this|these|they|the dose|you should|you may need|[\x01\x02]+)\s")


#: "nervousness or dizziness occurs"
_HAPPENS = re.compile(r"\s(?:occurs?|develops?|appears?|happens?|(?:is|are) present)(?=[ .;,]*$)")


#: what a list of effects by organs calls each group
_SYSTEM_LABEL = re.compile(
    r"\W*(?:allergic|musculoskeletal|metabolic|metabolism and nutrition|metabolic and nutritional|cardiovascular|cardiac|gastrointestinal|digestive|"
    r"(?:central )?nervous|neurological|respiratory|skin|skin and appendages|dermatologic(?:al)?|ha?ematologic(?:al)?|urogenital|genitourinary|"
    r"psychiatric|ocular|eye|special senses|endocrine|hepatic|hepatobiliary|renal|body as a whole|general|vascular|immune|reproductive)"
    r"(?: system)?(?: disorders?| effects?| reactions?)?: (?=\S)"
)
#: "dry mouth Common: may affect up to 1 in 10 people"
_OWN_LABEL = re.compile(r"\s(?:very common|common|uncommon|very rare|rare|not known)(?::| may affect| \(may affect)")


def is_clause(item: Sentence) -> bool:
    """Whether an item is a whole sentence ("Seizures have been reported.") rather than the name of something."""
    text = re.sub(r"\([^()]*\)", "", item.low) if "(" in item.low else item.low
    whole = item.text.endswith(".") or _OF_TREATMENT.match(text)
    if (brings := _WHICH_CAUSES.match(text)) is not None:  # "an increase in X, which can cause Y." names X
        text = f"{brings.group('what')} {text[brings.end() :]}"
    return bool(whole) and len(text.split()) >= 6 and _FINITE.search(f" {text}") is not None


def says_otherwise(item: Sentence) -> bool:
    """Whether a whole sentence in a list of effects speaks of the drug, of doses or of who takes it, not of an effect."""
    return (
        re.search(r"\x01|\b(?:people|patients?|doctor|should|must|suitable|dos(?:e|age)s?|if)\b", item.low) is not None
    )


def item_facts(maker: Maker, sentences: tuple[Sentence, ...], context: Context) -> Iterator[Fact]:
    """The facts of one list item, given as its sentences."""
    role = context.items
    if role is None or not sentences:
        return
    first = sentences[0]
    if _names_medicines(first, context):
        yield from item_interactions(maker, first, context, "lists:headings:other-medicines")
        yield from _more_names(maker, sentences, context, "lists:headings:other-medicines")
        return
    head = _head_of(maker, first)
    if kind := _EFFECT_KINDS.get(role.name):
        lead_low = " ".join(s.low for s in context.lead)
        yield from _effects(maker, first, context, kind, lead_low, f"lists:{role.rule}", head)
    elif role.name == "indication":
        yield from _indications(maker, first, context, f"lists:{role.rule}")
    elif role.name in {"contraindication", "precaution"}:
        yield from item_conditions(maker, first, context, role.name, f"lists:{role.rule}")
    elif role.name == "discuss":
        if re.match(r"(?:if|whether) you\b", first.low) or (
            context.section is not None and context.section.name in {"interaction", "precaution", "contraindication"}
        ):
            yield from item_conditions(maker, first, context, "precaution", f"lists:{role.rule}")
        elif re.match(r"(?:any|all|your|other)\b.*\b(?:medic\w+|drugs?|remed\w+|supplement\w*)\b", first.low):
            yield from item_interactions(maker, first, context, f"lists:{role.rule}")
    elif role.name == "interaction":
        yield from item_interactions(maker, first, context, f"lists:{role.rule}")
        yield from _more_names(maker, sentences, context, f"lists:{role.rule}")


#: roles that a lead-in may give to a list although what it names are medicines, in a section on interactions
_MISLED = frozenset(["adverse-effect", "other-drugs", "precaution", "advice", "urgent"])
#: a second sentence that names what the first announces: "Medicines for fungal infections. These include …"
_THESE_ARE = re.compile(r"(?:these|they|this|examples|among these)\b[^.:;]{0,20}\b(?:includes?|are)\b")


def _names_medicines(item: Sentence, context: Context) -> bool:
    """Whether an item of a section on interactions begins with a medicine, where its lead-in tells of something else."""
    role, section = context.items, context.section
    if role is None or section is None or section.name != "interaction" or role.name not in _MISLED:
        return False
    found = interactants(item, item=True)
    return bool(found) and found[0].start <= 10 and not is_clause(item)


def _more_names(maker: Maker, sentences: tuple[Sentence, ...], context: Context, rule: str) -> Iterator[Fact]:
    """What the further sentences of an item name as examples of its first."""
    for sentence in sentences[1:]:
        if _THESE_ARE.match(sentence.low):
            yield from item_interactions(maker, sentence, context, rule)


def row_effects(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The effects of a sentence that is nothing but the row behind a label: "Common (…): headache, altered taste"."""
    low = re.sub(r"\([^()]*\)", "", sentence.low).rstrip(" .")
    if not sentence.band or SUBJECT in low or ":" in low or _FINITE.search(f" {low} ") or _ADVICE.match(low):
        return
    yield from _effects(maker, sentence, context, "adverse-effect", "", "lists:frequency-row", None)


def _head_of(maker: Maker, item: Sentence) -> str | None:
    """For an item that only says where ("in your eyes"): what the item before its sublist names ("Bleeding:")."""
    if not _PLACE.match(item.low):
        return None
    document = maker.reading.document
    own = document.blocks[item.block]
    for index in range(item.block - 1, -1, -1):
        block = document.blocks[index]
        if block.kind not in {"item", "paragraph"} or block.section != own.section or item.block - index > 15:
            return None
        text = maker.reading.sentences[index][-1].low if maker.reading.sentences[index] else ""
        if text.rstrip().endswith(":") and clinical(text):
            found = split(text, 0, len(text))
            return found[0].name if len(found) == 1 else None
        if not _PLACE.match(text):
            return None
    return None


def _nested_advice(maker: Maker, item: Sentence) -> bool:
    """Whether an item under an effect tells how to cope with it: a sentence, where a symptom is a phrase."""
    blocks = maker.reading.document.blocks
    parent = blocks[item.block].parent
    if parent is None or maker.reading.document.views[parent].text.rstrip().endswith(":"):
        return False
    sentences = maker.reading.sentences[item.block]
    return len(sentences) > 1 or (item.text.endswith(".") and len(item.text.split()) > 3)


def _effects(
    maker: Maker, item: Sentence, context: Context, kind: Kind, lead: str, rule: str, head: str | None
) -> Iterator[Fact]:
    low = _LOOKS.sub(lambda m: " " * len(m.group()), item.low)
    if _PLACE.match(low) and head is None:
        return
    if _nested_advice(maker, item):
        return
    if low.endswith(":") and re.match(r"^[^:]{0,40}\b(?:may|can) show:$|^[^:]{0,30}tests?:$", low):
        return
    if (told := _ADVICE.match(low)) and (told.group() not in _MAY_NAME or not clinical(low.split()[-1].strip("."))):
        return
    if ": " in low and re.match(r"^[a-z /]+: \S", low) and _ADVICE.search(low.split(": ", 1)[1]):
        return
    of_list = affected(lead)
    frequency = frequency_in(low) or _lead_frequency(context)
    severity = (context.items.options.get("severity") if context.items else None) or severity_in(lead)
    trigger = _trigger(kind, lead)
    part_of: str | None = None
    weak = context.items is not None and context.items.options.get("weak") == "1"
    if weak and (SUBJECT in low or OTHER in low):
        return  # a product's name
    if context.items is not None and context.items.options.get("signs") == "1" and context.lead:
        # "Signs of low vitamin B12 are:" among side effects: the items are signs of that effect
        told = _SIGNS_LEAD.search(context.lead[-1].low)
        named = split(context.lead[-1].low, *told.span("of"), context.lead[-1].text) if told else []
        part_of = named[0].name if named else None
    elif kind == "adverse-effect":
        part_of = _announced_by(context.lead)
    if any(rule.options.get("items") == "1" and rule.pattern.search(low) for rule in candidates("effect_blocks", low)):
        return
    if label := _OWN_LABEL.search(low):
        low = low[: label.start()] + " " * (len(low) - label.start())
    if system := _SYSTEM_LABEL.match(low):
        low = " " * system.end() + low[system.end() :]  # "Metabolic: low potassium"
    parents, start, stop = item_signs.signs_of(low, item.text)
    if (ended := _HAPPENS.search(low, start, stop)) is not None:
        stop = ended.start()
    signs_of = kind
    if parents and start <= parents[0].start < stop:
        # "signs of confusion, memory loss": what they are signs of is all that the item names
        parents = []
        part_of = part_of or _concluded(maker, item)
    if parents:
        part_of = parents[0].name
        if _REACTION.search(part_of) and kind == "adverse-effect":
            signs_of = "allergic-symptom"
    for concept in parents:
        if clinical(concept.name):
            said = maker.assess(item, concept.start, concept.end, kind=kind)
            yield maker.fact(
                kind, concept.name, item, rule, assertion=said,
                population=of_list or affected(low, concept.name, among=True), frequency=frequency,
                severity=concept.severity or severity, trigger=trigger,
            )  # fmt: skip
    if head is not None:
        yield from _at_places(maker, item, kind, rule, head, frequency)
        return
    yield from _consequences(maker, item, kind, rule, frequency, start)
    seen: set[str] = set()
    named = [*split(low, start, stop, item.text), *item_signs.glosses(low, start, item.text)]
    if not parents and len(named) == 1:
        yield from _listed_in_brackets(maker, item, named[0], kind, rule, frequency)
    for concept in named:
        if concept.name in seen:
            continue
        seen.add(concept.name)
        said = _item_assertion(maker, item, concept.start, concept.end, signs_of)
        if said.blocked:
            continue
        name = concept.name
        if len(name.split()) > (3 if weak else 7) and not clinical(name):
            continue
        if "overdos" in name or (names_only_parts(name) and not clinical(name)):
            continue
        if (weak or " " not in name) and clinical(name) and not names_a_state(name):
            continue
        if names_what_changes(name) and len(named) > 1:
            maker.passed(item, rule, name, "it names what may be affected, not how")
            continue
        if not clinical(name) and (weak or stop - start > 60 or (len(name.split()) > 3 and _FINITE.search(low))):
            continue
        yield maker.fact(
            kind if _REACTION.search(name) else signs_of,
            name,
            item,
            rule,
            assertion=said,
            population=of_list or affected(low, name, among=True),
            frequency=frequency,
            severity=concept.severity or severity,
            trigger=trigger,
            part_of=part_of if part_of != concept.name else None,
            condition=concept.condition,
        )


def _concluded(maker: Maker, item: Sentence) -> str | None:
    """The effect of which the next sentence of an item says that it named signs: "These could be symptoms of X."."""
    following = next((s for s in maker.reading.sentences[item.block] if s.start > item.start), None)
    if following is None or (told := _THESE_ARE_SIGNS.match(following.low)) is None:
        return None
    named = split(following.low, *told.span("of"), following.text)
    return named[0].name if len(named) == 1 and clinical(named[0].name) else None


def _announced_by(lead: tuple[Sentence, ...]) -> str | None:
    """The effect of which a lead-in says that the items are signs: "… seen rarely. These are the signs of X:"."""
    cut = len(lead) > 1 and ")" in lead[-1].low and "(" not in lead[-1].low  # "… of X (see section 2 / Warnings):"
    said = lead[-2 if cut else -1] if lead else None
    if said is None or (told := _THESE_ARE_SIGNS.match(said.low)) is None:
        return None
    named = split(said.low, *told.span("of"), said.text)
    return named[0].name if named and clinical(named[0].name) else None


def _at_places(
    maker: Maker, item: Sentence, kind: Kind, rule: str, head: str, frequency: Frequency | None
) -> Iterator[Fact]:
    """The effect of the item above at the places that an item names: "into your abdomen, or from the vagina"."""
    before = "in"
    for piece in re.split(r",? or |,? and |, ", item.low.strip(" .;,")):
        place = re.sub(r"\b(?:your|the) ", "the ", re.sub(r"^(?:or|and) ", "", piece))
        if _PLACE.match(place):
            before = place.split()[0]
        elif names_a_state(place):  # "in your mouth or blood in your spit" goes on with another effect
            yield from (maker.fact(kind, c.name, item, rule, frequency=frequency) for c in split(place, 0, len(place)))
            continue
        else:
            place = f"{before} the {place.removeprefix('the ')}"
        if len(place.split()) <= 8:
            yield maker.fact(kind, f"{head} {place}", item, rule, frequency=frequency)


#: what an effect does in its turn: "anaemia which may cause tiredness or paleness"
_BRINGS = screened(
    r"\b(?:which|that) (?:may|can|could|might) (?:also )?(?:cause:?|result in|lead to|make you(?: feel)?|show (?:up )?as|include) (?P<signs>[^.;()]+)"
)


def _consequences(
    maker: Maker, item: Sentence, kind: Kind, rule: str, frequency: Frequency | None, start: int
) -> Iterator[Fact]:
    """The signs that an item says its effect may cause, each as an effect with the first as its cause."""
    told = _BRINGS.search(item.low, start)
    if told is None:
        return
    causes = split(item.low, start, told.start(), item.text)
    of = causes[0].name if causes else None
    allergic = of is not None and _REACTION.search(of) and kind == "adverse-effect"
    for concept in split(item.low, *told.span("signs"), item.text):
        if clinical(concept.name) and concept.name != of:
            yield maker.fact(
                "allergic-symptom" if allergic else kind, concept.name, item, rule,
                assertion=_item_assertion(maker, item, concept.start, concept.end, kind),
                frequency=frequency, severity=concept.severity, part_of=of,
            )  # fmt: skip


#: what an effect comes with, or examples of it: "a flu-like reaction (fever, chills, aching muscles)"
_LISTED = re.compile(
    r"\((?P<lead>(?:which (?:may )?)?(?:including|includes?|such as|for example,?|e\.g\.,?|like):? )?(?P<in>[a-z][^()]+)\)"
)


def _listed_in_brackets(
    maker: Maker, item: Sentence, of: Concept, kind: Kind, rule: str, frequency: Frequency | None
) -> Iterator[Fact]:
    """The effects that an item lists in brackets behind the one it names; two without a lead are its other names."""
    if (listed := _LISTED.search(item.low, of.start)) is None or item_signs.SIGNS.search(item.low, listed.start("in")):
        return
    row = split(item.low, *listed.span("in"), item.text)
    if len(row) < (1 if listed.group("lead") else 3) or not all(names_a_state(c.name) for c in row):
        return
    for concept in row:
        said = _item_assertion(maker, item, concept.start, concept.end, kind)
        if concept.name != of.name and not said.blocked:
            yield maker.fact(
                kind, concept.name, item, rule, assertion=said, frequency=frequency, severity=concept.severity,
                part_of=of.name if clinical(of.name) else None,
            )  # fmt: skip


def _item_assertion(maker: Maker, item: Sentence, start: int, end: int, kind: Kind) -> Assertion:
    """An item states its concept; only a denial inside the item counts, or a comparison, not who or what it is about."""
    said = maker.assess(item, start, end, kind=kind)
    if said.blocked:
        return said if said.rule in _OF_ANOTHER else Assertion()
    if said.polarity == "negated" and said.cue is not None and not is_clause(item):
        # in a row a denial is that of its own name: "pain not felt in the chest, headache" has a headache
        between = item.low[min(said.cue[1], end) : max(start, said.cue[0])]
        if re.search(r"[,;()]", between):
            return Assertion()
    return said


#: what an effect looks like, inside a row: "vomit that looks like coffee grounds, dark urine"
_LOOKS = re.compile(r" (?:that|which) (?:looks?|resembles?|appears?)\b[^,;.()]{1,40}(?=[,;])")


def _lead_frequency(context: Context) -> Frequency | None:
    """The frequency that the lead-in names, or the label that its last sentence stands under."""
    figures: Frequency | None = None
    for sentence in reversed(context.lead):
        told = frequency_in(sentence.low) or figures
        if told is not None and told.band is not None:
            return replace(figures, band=told.band) if figures is not None else told
        figures = told  # "Common", then "May affect up to 1 in 10 people:"
    label = frequency_in(context.lead[-1].band) if context.lead else None
    return replace(figures, band=label.band) if figures is not None and label is not None else figures or label


def _trigger(kind: Kind, lead: str) -> str | None:
    if kind != "withdrawal-symptom":
        return None
    if re.search(r"\b(?:abrupt|sudden|too quick|quickly|all at once|without)", lead):
        return "abrupt-stop"
    if re.search(r"\b(?:lower|reduc|decreas)\w* (?:the|your) dose", lead):
        return "dose-reduction"
    return "stopping"


def _indications(maker: Maker, item: Sentence, context: Context, rule: str) -> Iterator[Fact]:
    low = item.low
    lead = " ".join(s.low for s in context.lead)
    role = "prevention" if re.match(r"^(?:to )?prevent", low) or re.search(r"\bprevent[^.]*:?$", lead) else "treatment"
    start = 0
    if m := re.match(
        r"^(?:on its own |alone |also )*(?:to |for )?(?:help )?(?:treat|treatment of|treating|the treatment of|prevent|preventing|prevention of|relieve|relieving|relief of|manage|managing|reduce|control|controlling|ease)\s",
        low,
    ):
        start = m.end()
    elif m := re.search(r"\bto (?:treat|prevent|relieve|manage|control|reduce) ", low):
        start = m.end()
        role = "prevention" if "prevent" in m.group() else role
    if _ADVICE.match(low) and start == 0:
        return
    end = phrase_end(low, start)
    population: tuple[AgeGroup, ...] = populations_of(low) or populations_of(lead)
    for concept in split(low, start, end, item.text):
        if not clinical(concept.name) and (len(concept.name.split()) > 4 or population):
            continue
        said = maker.assess(item, concept.start, concept.end, kind="indication")
        if said.blocked and said.rule != "assertion:in-people-with":
            continue
        if said.blocked:
            said = Assertion()
        yield maker.fact("indication", concept.name, item, rule, assertion=said, role=role, population=population)
