"""Dose statements as regimens: amounts, times a day, intervals, maxima, titration, duration, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monograph.extraction.assertion import Assertion
from monograph.extraction.concepts import clinical, phrase_end, split
from monograph.extraction.context import Context
from monograph.extraction.making import Maker
from monograph.extraction.populations import populations_of
from monograph.extraction.quantities import NUMBER, Dose, daily, doses, durations, interval, number, times_per_day
from monograph.extraction.reading import Sentence
from monograph.extraction.routes import routes_in
from monograph.extraction.rules import candidates
from monograph.facts import AgeGroup, Fact
from monograph.screening import screened

__all__ = ["regimens"]

_MAXIMUM = screened(
    r"\b(?:maximum|max\.?|no more than|not more than|not (?:to )?exceed|don't exceed|exceed|never (?:take|use) more than|"
    r"(?:do not|don't|should not|must not) (?:take|use|have|be|go) (?:any )?more than|at most|(?:do not|don't|never) go above|highest|upper limit|limit(?:ed)? (?:is|of|to)|up to a total of)\b"
)
_START = screened(
    r"\b(?:start(?:s|ing|ed)?|initial(?:ly)?|begin(?:s|ning)?|begun|opens? with|bolus|first dose|at first|to start with)\b"
)
_TITRATE = screened(
    r"\b(?:increas\w+|rais\w+|build up|adjust\w+|step\w* up|titrat\w+|go up|goes up|move up|double[ds]?)\b"
)
_TAPER = screened(
    r"\b(?:taper\w*|reduc(?:e|es|ed|ing|tion)|decreas(?:e|es|ed|ing)|lower(?:ed|ing)|wean\w*|step\w* down|cut(?:ting)?)\b.{0,40}\b(?:dose|by|to)\b"
)
_TAKE = screened(
    r"\b(?:take|takes|taking|taken|use|used|usual|usually|give|given|dose|dosage|doses|dosing|swallow|apply|applied|inject\w*|inhale|insert|"
    r"recommended|prescribed|put|place|chew|dissolve|administered|daily|adults?|children|directions|infused)\b"
)
_CLAUSE = screened(
    r",? (?=on days? \d)|,? (?=from day \d)|,? (?=days? \d+(?: to \d+)?:)|;\s|\.\s+|,? (?:and )?then (?:may |can |to |be )?|,? followed by |,? (?:and|but) (?=(?:may|can|might|should|will|is|are|your doctor|this|the dose|it) (?:be |then |also |gradually )?(?:increas|rais|reduc|doubl|adjust|go up))"
    r"|,? (?=(?:up )?to a maximum)|,? (?=with a maximum)|,? (?=not (?:to )?exceed)|,? (?=increas(?:ed|ing) (?:by|to|gradually))|,? (?=do not (?:take|exceed|use))|,? (?=but (?:do not|no more|not more|never))|, (?=maximum)|: (?=(?:adults|children))"
    r"|\s(?=if [^,;.]{4,80}, (?:\d|one|two) )|\s(?=do not (?:exceed|take more))|,? (?=the maximum)|\s(?=(?:adults|children)[^.;:]{0,60}: )"
)
_CONDITION = screened(
    r"(?P<condition>\b(?:if|when|unless|while|as long as|until)\b [^,;.]{4,120}|(?:as|when|if) needed|while symptoms persist)"
)
_DAY_TOTAL = screened(
    r"\b(?:total|a day|per day|each day|in (?:any )?24 hours|24-hour|over 24 hours|in a day)\b|/ ?day\b"
)
_FOR = screened(
    r"\bfor (?:the treatment of |treating |people with |patients with |adults with |those with )?(?P<object>(?!the first|at least|up to|about|\d|one|two|three|four|five|six|seven|a |as |most|more)[a-z][^.;:]*)"
)
_TO = screened(r"\bto (?:treat|prevent|relieve|manage|control) (?P<object>[^.;:]+)")


_COUNTED = screened(rf"\d|{NUMBER}|daily|\bday|once|twice")


def regimens(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The regimens that a sentence or list item states."""
    low = sentence.low
    if _COUNTED.search(low) is None or (sentence.has_other and not sentence.has_subject):
        return
    if any(rule.pattern.search(low) for rule in candidates("not_regimens", low)):
        return
    in_dosing = context.section is not None and context.section.name in {"regimen", "kinetics", "about", "advice"}
    start = 0
    carried: tuple[AgeGroup, ...] = ()
    for end in [m.end() for m in _CLAUSE.finditer(low)] + [len(low)]:
        if end <= start:
            continue
        clause = low[start:end]
        fact = _regimen(maker, sentence, clause, start, context, in_dosing=in_dosing)
        if fact is not None:
            carried = fact.population or carried
            if not fact.population:
                fact = replace(fact, population=carried)
            yield fact
        else:
            carried = populations_of(clause) or carried
        start = end


def _regimen(
    maker: Maker, sentence: Sentence, clause: str, offset: int, context: Context, *, in_dosing: bool
) -> Fact | None:
    condition = None
    if found := _CONDITION.search(clause):
        condition = found.group("condition").strip()
    amounts = [d for d in doses(clause) if not (found and found.start() <= d.start < found.end())]
    if not amounts:
        amounts = list(doses(clause)) if found is None else []
    often = times_per_day(clause)
    every = interval(clause)
    day = daily(clause)
    maximum = _MAXIMUM.search(clause)
    titrate, taper, begin = _TITRATE.search(clause), _TAPER.search(clause), _START.search(clause)
    role = (
        "maximum" if maximum else "taper" if taper else "start" if begin else "titration" if titrate else "maintenance"
    )
    if begin and titrate and not maximum and titrate.start() > begin.end():
        # "if the starting dose is not enough … increased to 10 mg"
        role = "titration" if amounts and amounts[0].start > titrate.start() else "start"
    if not amounts:
        if often is None and not (every and _TAKE.search(clause)):
            return None
        if maximum or not (_TAKE.search(clause) or in_dosing):
            return None
    elif often is None and every is None and day is None and not (maximum or titrate or taper or begin):
        if not (
            re.search(
                r"\b(?:dose|dosage) (?:is|of|range)|\bdoses (?:range|between|of|are)|may be (?:used|taken)|single dose|is generally|is usually|\btake\b|\bgive\b",
                clause,
            )
        ):
            return None
    elif not (often or every) and not (_TAKE.search(clause) or in_dosing or maximum or begin or titrate):
        return None
    amounts = [a for a in amounts if a.unit != "{dose}"] or amounts
    if amounts and amounts[0].unit == "{dose}" and not maximum:
        amounts = []
        if often is None and every is None:
            return None
    own, total = _own_and_total(clause, amounts, often is not None or every is not None, maximum=bool(maximum))
    if own is None and total is None and often is None and every is None:
        return None
    frequency = often[0] if often else None
    frequency_max = often[1] if often else None
    if frequency is None and every is None and day is not None and own is not None and total is None:
        if own.unit.startswith("{") or not _DAY_TOTAL.search(clause):
            frequency = 1.0 if role != "maximum" else None
        else:
            own, total = None, own  # "1 g a day" states the day's total, not how it is divided
        if role == "maximum" and own is not None and own.unit.startswith("{"):
            own, total = None, own
    if every is not None and every.low == every.high == 24 and role == "maximum" and own is not None:
        total, own, every = own, None, None
    drink = r"\s*(?:\([^)]*\)\s*)?(?:of )?(?:water|fluid|juice|milk)"
    if own is not None and own.unit in {"mL", "L"} and re.match(drink, clause[own.end :]):
        return None
    if (
        own is not None
        and own.unit in {"mL", "L"}
        and not re.search(r"\b(?:take|give|dose|swallow|times|daily|hours)\b", clause)
    ):
        return None
    longest = next(
        (d for d in durations(clause) if not re.search(r"\b(?:more|longer|less) than\b", clause[: d[1]])), None
    )
    first = next(iter(amounts), None)
    whole = len(sentence.text) <= 320
    span = None if whole else (offset, offset + len(clause.rstrip(" ,;")))
    routes = routes_in(clause)
    if every is not None and every.low >= 700 and own is None:
        return None  # a course repeated after months, not a dose
    unit = own or total
    return maker.fact(
        "regimen",
        _value(own, total, frequency, frequency_max, every.low if every else None, every.high if every else None),
        sentence,
        f"regimens:{role}",
        span=span,
        assertion=Assertion(),
        population=populations_of(clause),
        role=role,
        dose_value=own.low if own else None,
        dose_max=own.high if own else None,
        dose_unit=unit.unit if unit else None,
        per=unit.per if unit else None,
        times_per_day=frequency,
        times_per_day_max=frequency_max,
        interval_hours=(every.low, every.high) if every else None,
        duration=longest[0] if longest else None,
        daily_dose=total.low if total else None,
        daily_dose_max=total.high if total else None,
        route=routes[0][0] if routes else None,
        indication=_indications(clause, first),
        condition=condition,
    )


def _own_and_total(
    clause: str, amounts: list[Dose], has_frequency: bool, *, maximum: bool
) -> tuple[Dose | None, Dose | None]:
    """Which amount is a single dose and which a day's total."""
    if not amounts:
        return None, None
    totals = []
    for amount in amounts:
        after = clause[amount.end : amount.end + 60]
        before = clause[max(0, amount.start - 45) : amount.start]
        divided = re.search(
            r"divided|in (?:two|three|four|\d) (?:or \w+ )?(?:\w+ )?(?:doses|portions|parts)|taken in|taken as|split",
            clause[amount.end :],
        )
        said = re.match(
            r"(?: of [\w\x01\x02 -]{2,30}?)?\s*(?:/ ?day|a day|per day|each day|every day|daily|in (?:any |a )?24|in a day|over 24)",
            after,
        )
        daily_dose = re.search(r"(?:daily dose|total (?:daily )?dose|daily maximum)[^.;]{0,60}$", before)
        if (said or daily_dose) and (divided or maximum or len(amounts) > 1 or daily_dose):
            totals.append(amount)
    total = totals[0] if totals else None
    rest = [a for a in amounts if a is not total]
    own = rest[0] if rest else None
    if total is not None and own is not None and own.start < total.start and maximum:
        own = None if re.search(r"\bor\b", clause[own.end : total.start]) else own
    if total is not None and own is not None and own.unit != total.unit:
        own = None if own.unit.startswith("{") and not has_frequency else own
    return own, total


def _value(
    own: Dose | None,
    total: Dose | None,
    times: float | None,
    times_max: float | None,
    low: float | None,
    high: float | None,
) -> str:
    """A regimen in a few words: "5 mg three times a day" as ``5 mg 3 times a day``."""
    parts = []
    if own:
        parts.append(
            f"{own.low:g}{f' to {own.high:g}' if own.high else ''} {own.unit.strip('{}[]')}{f'/{own.per}' if own.per else ''}"
        )
    if times:
        parts.append(f"{times:g}{f' to {times_max:g}' if times_max else ''} times a day")
    if low is not None and high is not None:
        parts.append(f"every {low:g}{f' to {high:g}' if high != low else ''} hours")
    if total:
        parts.append(
            f"{'total ' if parts else ''}{total.low:g}{f' to {total.high:g}' if total.high else ''} {total.unit.strip('{}[]')}{f'/{total.per}' if total.per else ''} a day"
        )
    return " ".join(parts) or "as stated"


def _indications(clause: str, first: Dose | None) -> tuple[str, ...]:
    out: list[str] = []
    for pattern in (_FOR, _TO):
        for m in pattern.finditer(clause):
            start = m.start("object")
            end = phrase_end(clause, start, m.end("object"))
            text = clause[start:end]
            cut = re.search(r"\s(?:in|is|are|take|the) ", text)
            end = start + cut.start() if cut else end
            out += [c.name for c in split(clause, start, end) if clinical(c.name)]
    return tuple(sorted(dict.fromkeys(out)))


_ = number
