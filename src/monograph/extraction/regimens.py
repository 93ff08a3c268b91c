"""Dose statements as regimens: amounts, times a day, intervals, maxima, titration, duration, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from monograph.extraction.assertion import Assertion
from monograph.extraction.concepts import phrase_end, split
from monograph.extraction.context import Context
from monograph.extraction.dose_clauses import BEFORE, Clause, Dose, dose_clauses
from monograph.extraction.dose_uses import use_above
from monograph.extraction.dose_weights import Band, bands, shown
from monograph.extraction.making import LONGEST_QUOTE, Maker
from monograph.extraction.populations import Mention, mentions, populations_of
from monograph.extraction.quantities import unit_routes, units
from monograph.extraction.reading import Sentence, lower
from monograph.extraction.routes import routes_in
from monograph.extraction.rules import OTHER, SUBJECT, candidates
from monograph.extraction.wording import clinical
from monograph.facts import AgeGroup, Fact
from monograph.screening import Screened, screened

__all__ = ["headed_regimens", "regimens"]

#: sections in which doses are told without a word of taking
_DOSING = frozenset(["regimen", "kinetics", "about", "advice"])
_DEVICES = frozenset(["{pen}", "{syringe}", "{vial}", "{kit}", "{pack}", "{bottle}"])
_VOLUME = frozenset(["mL", "L"])
#: what a clause without an amount tells
_CHANGES = {"titration": "raised ", "taper": "lowered "}
#: words of schedules, one of which a sentence holds that names no unit
_SCHEDULES = (
    r"daily|nightly|weekly|monthly|hourly|quarterly|yearly|once|twice|times|every|each|bd|bid|tds|tid|qds|qid|\w\.i\.d|"
    r"fortnight\w*|alternate|intervals|morning|night|again after|(?:a|per) (?:day|night|week|month|year)"
)
_FOR = screened(
    r"\bfor (?:(?:the )?(?:treatment|prevention|management|relief|prophylaxis) of |treating |preventing )?"
    r"(?:(?:adult|adolescent|elderly|pa?ediatric) )*(?:(?:people|patients|adults|children|adolescents|those|men|women) with )?"
    r"(?P<object>(?!on |patients|people|adult|children|weight|use\b|dosing|the first|at least|up to|about|\d|one|two|three|four|five|six|seven|a |as |most|more)[a-z][^.;:]*)"
)
_TO = screened(r"\bto (?:treat|prevent|relieve|manage|control) (?P<object>[^.;:]+)")
#: ages that stand alone before a dose: "6-12 years: 5 mg", "in patients 3 to 4 years of age"
_AGE_LABEL = re.compile(
    r"(?:^|[;.] ?|\b(?:in|for) (?:patients|people|those) )(?=\d)(?P<from>\d+)(?: ?(?P<own>months?|years?|yrs?|y))? ?(?:-|to) ?"
    r"(?:under |less than |<)?(?P<to>\d+) ?(?P<unit>months?|years?|yrs?|y)\b(?: of age| old|(?=\s*[:,(-]|\s+\d))"
)
#: an age in brackets behind an illness: "sinusitis (6 months of age and older)"
_AGE_BRACKET = re.compile(
    r"\((?:aged? )?(?P<age>\d+) (?P<unit>months?|years?)(?: of age| old)? (?:and|or) (?P<side>older|over|above|younger|under)\)"
)
#: a higher number is no age
_OLDEST = 110
#: years
_GROWN, _YOUNG = 18, 12
#: an age in brackets is that of a group named so near before it
_BESIDE = 25
#: how a sentence begins that goes on from the one before, which tells for whom
_GOES_ON = re.compile(
    r"(?:thereafter|then|after(?:wards| that| (?:\w+ ){1,3}(?:weeks?|months?|days?))|followed by|subsequent|if |your doctor (?:may|can|will)|"
    r"the (?:maximum|dose (?:may|can|should|will))|this dose|continue)\b"
)
#: "Each infusion holds 600 mg" right behind what is given in a first phase
_EACH = re.compile(r"each (?:infusion|injection|dose)\b")
_FIRST_PHASE = re.compile(r"\b(?:initial|loading|induction|starting) phase\b")
#: so many sentences before it are looked at
_NEAR = 3
#: another drug, where the words before it make it one that is taken besides
_BESIDES = re.compile(
    r"\b(?:with|plus|taking|receiving|receive|on|(?:if|when) you (?:also )?(?:take|use|are given)) (?:(?:an?|the|other|either|both|low-dose|\d+(?:\.\d+)?|mg|milligrams?|of|once|daily) ){0,4}\x02+"
    r"(?:(?:,| and| or|, and|, or|/) ?(?:\d+ (?:mg|milligrams?) )?\x02+)*"
)
#: routes that give way to one that the sentence names more closely
_LOOSE_ROUTES = frozenset(["injection", "topical", "inhalation"])
_FIRST_SIGN = re.compile(r"\bat the first (?:signs?|symptoms?|twinge|hint) of [a-z -]{3,40}?(?=[,.;:()]|$| and | but )")
_OBJECT_ENDS = re.compile(r"\s(?:in|is|are|take|the|adults?|children|patients) ")
#: who takes or gets something else: "patients on diuretics", "those taking X"
_WHO_TAKE = screened(
    r"\b(?:patients|people|those|adults|adolescents|children|women|men|anyone|persons) (?:who are |who is |already |currently )?"
    r"(?P<what>(?:not )?(?:on|taking|receiving|treated with|who (?:already |also )?(?:take|receive|use)) (?!\d|\x01)(?:[a-z\x02][a-z\x02'-]*(?:, | |(?=[,;:.()]|$))){1,12}?)"
    r"(?=[,;:.()]|$|(?:is|are|at|should|start|starts|begin|begins|take|takes|need|needs|may|can|must|usually|often|get|receive|have|had|it|who|with|in|as|therapy|the (?:dose|dosage|recommended|usual|maximum|starting|initial|daily))\b)"
)


@cache
def _may_state() -> Screened:
    """What a sentence that states a dose holds: a number's unit, or a word of a schedule."""
    words = sorted((u for u in units() if len(u) > 2 and u.isalpha()), key=len, reverse=True)
    short = sorted(u for u in units() if len(u) <= 2)
    return screened(rf"\d ?(?:{'|'.join(short)})\b|\b(?:{'|'.join(words)}|{_SCHEDULES})\b")


#: a use of no more words is told by the name of what is treated
_USE_ALONE = 6
_BY_STEPS = frozenset({"titration", "taper"})


def regimens(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The regimens that a sentence or list item states."""
    low = sentence.low
    if not _may_state().search(low) or (sentence.has_other and not sentence.has_subject and not _aside(low, context)):
        return
    clauses = [c for c in dose_clauses(low) if c.sure]
    if not clauses:
        return
    for rule in candidates("not_regimens", low):
        if (m := rule.pattern.search(low)) is not None:
            begins = low.rfind(";", 0, m.end()) + 1  # "5 mg a day; most people in the trials took 6 mg"
            maker.passed(sentence, rule.identifier, low[begins:], "states no regimen")
            clauses = [c for c in clauses if c.core <= begins]
            if not clauses:
                return
    in_dosing = context.section is not None and context.section.name in _DOSING
    told = in_dosing or any(c.told for c in clauses)
    above, weight_above = _above(maker, sentence)
    groups: tuple[AgeGroup, ...] = ()
    weights = bands(low)
    everyone = _weightless(_with_labels(low), weights)
    band: Band | None = None
    weighed = before_core = 0
    begin = 0
    given = False
    at_first = _EACH.match(low) is not None and _FIRST_PHASE.search(next(_before(maker, sentence), "")) is not None
    standing: tuple[int, int] | None = None
    for clause in clauses:
        if clause.condition is None and standing is not None and ";" not in low[standing[1] : clause.core]:
            clause = replace(clause, condition=standing)
        elif clause.condition is not None and low[slice(*clause.condition)].strip().count(" ") > 2:
            # "if you are over 65, 5 mg once a day or 10 mg every other day": both
            standing = clause.condition if clause.condition[1] <= clause.core else None
        if at_first and clause.role == "maintenance":
            clause = replace(clause, role="start")
        # "children: 5 mg" names the group before the dose; a label behind it is of the next
        named = [m for m in everyone if begin <= m.start < clause.end]
        labels = [m for m in named if low[m.end : m.end + 2].strip()[:1] == ":"]
        own = [m for m in named if m.start < clause.core or m not in labels]
        if len(before := [m for m in labels if m.start < clause.core]) > 1:
            # "under 4 years: do not use; 4 to 6 years: 5 ml": the last label before the dose
            own = [m for m in own if m.start >= before[-2].end]
        begin = max((m.end for m in own), default=clause.core)
        groups = tuple(dict.fromkeys(m.group for m in own)) or groups
        heavy = [b for b in weights if weighed <= b.start < clause.end and (b.start < clause.core or not b.leads)]
        if band is not None and band.start > before_core:
            band = None  # what follows one dose is not said of the next
        band = next((b for b in reversed(heavy) if b.start < clause.core), heavy[0] if heavy else band)
        before_core, weighed = clause.core, max((b.end for b in heavy), default=weighed)
        limit = clause.role == "maximum" and given
        if clause.sure < 2 and not (
            clause.told or limit or ((told or given or sentence.has_subject) and clause.stated)
        ):
            maker.passed(sentence, "regimens", low[clause.start : clause.end], "nothing says that it is taken")
            continue
        if clause.stated is None and not (clause.told or limit):
            continue
        if clause.own and clause.own.unit in _DEVICES and not (clause.times or clause.interval or clause.duration):
            continue  # "1 pen" is what a pack holds
        often = clause.times or clause.interval or clause.total or clause.role != "maintenance"
        if clause.role in _BY_STEPS and not (clause.own or clause.total or clause.times):
            continue  # "raised every two weeks" says nothing of how much
        volume = clause.stated is not None and clause.stated.unit in _VOLUME
        if volume and not (sentence.has_subject and (often or "water" not in low)) and not (told and often):
            continue
        given = True
        weight = shown(low[band.start : band.end]) if band else "" if weights else weight_above
        yield _fact(maker, sentence, clause, groups or above, weight)


def headed_regimens(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The regimens of a line that looks like a heading: "Adults: one tablet each day, with food"."""
    whole = [c for c in dose_clauses(sentence.low) if c.sure and c.stated and (c.times or c.interval or c.total)]
    if whole:
        yield from regimens(maker, sentence, context)


def _aside(low: str, context: Context) -> bool:
    """Whether the other drugs of a sentence on dosing are named only as taken besides: "together with X"."""
    named = context.section is not None and context.section.name == "regimen"
    return named and OTHER not in _BESIDES.sub("", low)


def _with_labels(low: str) -> list[Mention]:
    """The populations that a sentence names, those by their age alone among them, in order."""
    out = [m if (m.group.min_age or 0) <= _OLDEST else _ageless(m) for m in mentions(low)]
    for m in _AGE_LABEL.finditer(low):
        start = m.start("from")
        if any(o.start < m.end() and start < o.end for o in out):
            continue
        unit = m.group("unit")
        least, most = (
            float(m.group(g)) / (12 if u.startswith("m") else 1)
            for g, u in (("from", m.group("own") or unit), ("to", unit))
        )
        name = f"{'children' if most <= 18 else 'people'} {m.group('from')} to {m.group('to')}{' months' if unit[0] == 'm' else ''}"
        out.append(Mention(AgeGroup(name, round(least, 3), round(most, 3)), start, m.end()))
    for m in _AGE_BRACKET.finditer(low):
        if not any(o.start < m.end() and m.start() - _BESIDE < o.end for o in out):
            out.append(Mention(_bounded(*m.group("age", "unit", "side")), m.start(), m.end()))
    return sorted(out, key=lambda mention: mention.start)


def _bounded(age: str, unit: str, side: str) -> AgeGroup:
    """Those from an age on, or below it."""
    months = unit.startswith("m")
    years = round(float(age) / (12 if months else 1), 3)
    under = side in {"younger", "under"}
    who = "children" if (under and years <= _GROWN) or (months and not under) or years < _YOUNG else "people"
    name = f"{who} {'under' if under else 'over'} {age}{' months' if months else ''}"
    return AgeGroup(name, None if under else years, years if under else None)


def _ageless(mention: Mention) -> Mention:
    """A population without the ages that were none: "adults, 750 to 1500 mg"."""
    return Mention(
        AgeGroup(mention.group.name.rstrip("0123456789 to.").removesuffix(" over").removesuffix(" under")),
        mention.start,
        mention.end,
    )


def _weightless(found: list[Mention], weights: Sequence[Band]) -> list[Mention]:
    """The populations without the ages that are weights: "children and adolescents over 20 kg"."""
    weighed = [m for m in found if any(b.start < m.end and m.start < b.end for b in weights)]
    if not weighed:
        return found
    ages = {(m.group.min_age, m.group.max_age) for m in weighed}
    within = [m for m in weighed if any(b.start <= m.start for b in weights if m.start < b.end)]
    return [_ageless(m) if (m.group.min_age, m.group.max_age) in ages else m for m in found if m not in within]


def _groups_of(text: str) -> tuple[AgeGroup, ...]:
    return tuple(dict.fromkeys(m.group for m in _weightless(list(mentions(text)), bands(text))))


def _above(maker: Maker, sentence: Sentence) -> tuple[tuple[AgeGroup, ...], str]:
    """The groups, and the band of weights, that stand over the sentence: in its lead-in, its row, what it goes on from."""
    block = maker.reading.block(sentence)
    document = maker.reading.document
    told = [lower(block.row_head or "")]
    if block.lead_in is not None:
        told.append(lower(document.views[block.lead_in].text))
    if _GOES_ON.match(sentence.low):
        told += [text for text in _before(maker, sentence) if _states_for_some(text)][:1]
    if block.section is not None:
        told.append(lower(document.sections[block.section].heading or ""))
    named = next((groups for text in told if (groups := _groups_of(text))), ())
    weight = next((shown(text[b.start : b.end]) for text in told if (b := _only_band(text))), "")
    return named, weight


def _before(maker: Maker, sentence: Sentence) -> Iterator[str]:
    """The sentences of the block right before one, the nearest first."""
    before = [s.low for s in maker.reading.sentences[sentence.block] if s.start < sentence.start]
    yield from before[: -_NEAR - 1 : -1]


def _states_for_some(low: str) -> bool:
    """Whether a sentence states a dose, and tells for whom."""
    return bool((populations_of(low) or bands(low)) and any(c.sure and c.stated for c in dose_clauses(low)))


def _only_band(text: str) -> Band | None:
    """The band of weights that a text names, if it is but one."""
    found = bands(text)
    return found[0] if len(found) == 1 else None


def _fact(maker: Maker, sentence: Sentence, clause: Clause, groups: tuple[AgeGroup, ...], weight: str) -> Fact:
    low = sentence.low[clause.start : clause.end]
    indications = _indications(low)
    use = None if indications else use_above(maker, sentence)
    indications = indications or (_indications(use) if use else ())
    own, total, unit = clause.own, clause.total, clause.stated
    span = None if len(sentence.text) <= LONGEST_QUOTE else _trimmed(sentence.text, clause.start, clause.end)
    if span is not None and span[0] >= span[1]:  # a maximum in brackets, of a clause that was told already
        span = _trimmed(sentence.text, min(clause.core, clause.start), len(sentence.text))
    routes = routes_in(low) or routes_in(sentence.low)
    routes = [r for r in routes if r[0] not in _LOOSE_ROUTES] or routes
    condition = clause.needed or clause.food
    if condition is not None and (sign := _FIRST_SIGN.search(low)):
        condition = sign.group()
    if clause.condition:
        said = _unmasked(sentence, *clause.condition).strip(" ,;:()").removesuffix(" the")
        condition = said if " " in said else condition
    if condition is None and clause.own and (occasion := BEFORE.search(sentence.low, clause.start, clause.end)):
        condition = occasion.group("what")
    if condition is None and (who := _who_take(sentence, clause)):
        condition = who
    if use and indications and len(use.split()) > _USE_ALONE:
        condition = f"{use}; {condition}" if condition else use  # two uses may be of one disease, and differ in dose
    if weight and weight.removeprefix("weighing ") not in (condition or ""):
        condition = f"{weight}; {condition}" if condition else weight
    return maker.fact(
        "regimen",
        _value(clause, groups, indications),
        sentence,
        f"regimens:{clause.role}",
        span=span,
        assertion=Assertion(),
        population=groups,
        role=clause.role,
        dose_value=own.low if own else None,
        dose_max=own.high if own else None,
        dose_unit=unit.unit if unit else None,
        per=unit.per if unit else None,
        times_per_day=clause.times[0] if clause.times else None,
        times_per_day_max=clause.times[1] if clause.times else None,
        interval_hours=clause.interval,
        duration=clause.duration,
        daily_dose=total.low if total else None,
        daily_dose_max=total.high if total else None,
        route=routes[0][0] if routes else unit_routes().get(unit.unit) if unit else None,
        indication=indications,
        condition=condition,
    )


def _who_take(sentence: Sentence, clause: Clause) -> str | None:
    """What those take or get besides for whom a clause holds: "on diuretics", as the last words before its dose have it."""
    found = [m for m in _WHO_TAKE.finditer(sentence.low) if m.start() < max(clause.core, clause.end)]
    ahead = [m for m in found if m.start() < clause.core] or [m for m in found if m.start() >= clause.start]
    if not ahead or ";" in sentence.low[ahead[-1].end() : clause.start + 1]:
        return None
    start, end = ahead[-1].span("what")
    return _unmasked(sentence, start, end).strip(" ,").removeprefix("who ").removesuffix(" or").rstrip(" ,")


def _unmasked(sentence: Sentence, start: int, end: int) -> str:
    """The lower-case words at ``start:end`` with the names of drugs as they stand."""
    spelt = lower(sentence.text[start:end])
    return "".join(c if m in (SUBJECT, OTHER) else m for c, m in zip(spelt, sentence.low[start:end], strict=True))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """``start:end`` without the marks between clauses, nor longer than a quote may be."""
    while start < end and text[start] in " ,;.:":
        start += 1
    while end > start and text[end - 1] in " ,;:":
        end -= 1
    return start, min(end, start + 500)


def _value(clause: Clause, groups: tuple[AgeGroup, ...], indications: tuple[str, ...]) -> str:
    """A regimen in a few words: ``5 mg 3 times a day, adults, for acne``."""
    said = []
    if clause.own:
        said.append(_amount(clause.own))
    if clause.times:
        said.append(f"{_numbers(*clause.times)} times a day")
    if clause.interval:
        low, high = clause.interval
        said.append(f"every {_numbers(low, high if high != low else None)} hours")
    if clause.total:
        said.append(f"{'total ' if said else ''}{_amount(clause.total)} a day")
    what = " ".join(said) or "as stated"
    if clause.stated is None:
        what = f"{_CHANGES.get(clause.role, '')}{what}"
    return ", ".join([what, *(g.name for g in groups), *([f"for {' and '.join(indications)}"] if indications else [])])


def _amount(dose: Dose) -> str:
    return f"{_numbers(dose.low, dose.high)} {dose.unit.strip('{}[]')}{f'/{dose.per}' if dose.per else ''}"


def _numbers(low: float, high: float | None) -> str:
    return f"{low:g}{f' to {high:g}' if high else ''}"


def _indications(low: str) -> tuple[str, ...]:
    """What a clause says that the dose is for."""
    out: list[str] = []
    for pattern in (_FOR, _TO):
        for m in pattern.finditer(low):
            start = m.start("object")
            end = phrase_end(low, start, m.end("object"))
            cut = _OBJECT_ENDS.search(low[start:end])
            out += [
                c.name
                for c in split(low, start, start + cut.start() if cut else end)
                if clinical(c.name) and not any(ch.isdigit() for ch in c.name)
            ]
    return tuple(sorted(dict.fromkeys(out)))
