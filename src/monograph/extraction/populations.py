"""Populations that a sentence names, with age bounds in years, by ``rules/populations.tsv``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from monograph.extraction.quantities import NUMBER, number
from monograph.extraction.rules import expanded, table
from monograph.facts import AgeGroup
from monograph.screening import Choice, Screened, screened

__all__ = ["Mention", "affected", "mentions", "populations_of"]

_UNIT = r"[ -]?(?P<unit{0}>years?|months?|weeks?|days?|yrs?)(?:[ -](?:of age|old|olds)\b)?"
_AGE = re.compile(
    rf"(?:,? ?\(?(?:who are |who're |that are |of |from )?(?:the )?(?:aged?|ages|age of|of age|at)?\s*)"
    rf"(?:(?P<between>between )?(?P<a>{NUMBER})(?:{_UNIT.format(1)})?(?:\s*(?:-|to|and|through|up to|until)\s*(?P<below>under |below |less than |<\s?)?(?P<b>{NUMBER}))(?:{_UNIT.format(2)})?(?! (?:mg|times|ml|doses|tablets))"
    rf"|(?P<over>over|above|older than|more than|at least|from|of|[≥>])[\s-]*(?:the age of |ages? (?:of )?|aged )?(?P<c>{NUMBER})(?:{_UNIT.format(3)})?(?: (?:and|or) (?:older|over|above|up|(?P<down>under|younger|below|less))\b)?"
    rf"|(?P<under>under|below|younger than|less than|up to|until|[<≤])[\s-]*(?:the age of |ages? (?:of )?|aged )?(?P<d>{NUMBER})(?:{_UNIT.format(4)})?"
    rf"|(?P<e>{NUMBER})(?:{_UNIT.format(5)})?(?: and| or|,) (?P<dir>over|older|above|up|upwards|under|younger|more|below|less)(?: of age)?"
    rf"|(?P<e2>{NUMBER})(?:{_UNIT.format(6)})? (?P<dir2>onwards?|on\b|upwards?))"
)
#: an age without a word for the people who have it: "below 6 years of age", "if you are over 65", "anyone under 18"
_BARE_AGE = screened(
    rf"\b(?:from|of|at) (?={NUMBER}(?: to {NUMBER})? years)|^(?={NUMBER} years (?:and|or|of age) )|^aged (?={NUMBER} (?:years )?(?:and|or) (?:over|above|older|under|up))|(?:^|[;,] )ages? (?={NUMBER}(?:(?: ?- ?| to ){NUMBER})? years)|(?=[≥≤<>] ?\d+ years)|\b(?=(?:under|over)-\d+s\b)"
    r"|\b(?:people|patients|those|anyone|anybody|persons?|individuals|someone|you(?: are|'re)?|if|are|is|users|for|by|in|to|not|be) (?:who are )?(?:aged?|ages|over|under|older than|younger than|above|below)\b(?! \d+ (?:mg|ml|units|g|kg|%|times|days?|hours?|micrograms?|minutes?|tablets?|doses?|weeks?)\b)"
    rf"|(?:^|\b(?:recommended|used?|given|established|approved|licensed|suitable|studied|safe|children),? )(?=(?:below|under|over|above) (?:the age of )?{NUMBER}(?: years|[,.;: ]))"
    rf"|\b(?=(?:below|under|over|above|less than|up to|younger than|older than) (?:(?:the )?ages? (?:of )?{NUMBER}|{NUMBER} (?:years|months) (?:of age|old)))"
)
_NUMERAL = screened(NUMBER)
#: what follows a number that is no age: "under 40 kg"
_OF_WEIGHT = re.compile(r"\s?-?(?:kg|kilos?|kilograms?|pounds?|lbs?|mg|ml|cm)\b|\s?%")
_YEARS = {"y": 1.0, "m": 1 / 12, "w": 1 / 52, "d": 1 / 365}
#: a higher number is no age
_OLDEST = 110
#: groups that no age bounds
_AGELESS = frozenset(
    [
        "pregnancy",
        "breastfeeding",
        "first trimester",
        "second trimester",
        "third trimester",
        "people of reproductive potential",
        "renal impairment",
        "hepatic impairment",
    ]
)
#: groups that are named by what is no less often an effect
_ORGANS = frozenset(["renal impairment", "hepatic impairment", "breastfeeding"])
#: a failing organ that is an effect where it stands alone
_HARM = ("failure", "damage", "disorder", "disorders", "trouble")
#: "hepatic or renal impairment", "renal and hepatic impairment"
_OTHER_ORGAN = re.compile(
    r"\b(?P<first>liver|hepatic) (?:and|or|and/or) (?:kidneys?|renal)\b|\b(?:kidneys?|renal) (?:and|or|and/or) (?P<second>liver|hepatic)\b"
)
_MEASURED = ("creatinine clearance", "egfr")
#: who has what is named next
_HAVE = re.compile(
    r"(?:\b(?:people|patients?|those|anyone|adults|children|persons?|women|men|individuals|subjects|somebody|someone|volunteers|users|who|history of)\b[^.;:]{0,40}"
    r"\b(?:with|have|has|having|had|on|requiring|undergoing|whose)|\b(?:if|because|as|when|unless|that|and|or) (?:you|they|your child) (?:\w+ )?(?:have|has|had|suffer from)|"
    r"(?<!result )(?<!resulted )(?<!resulting )(?<!results )(?<!increase )(?<!changes )\bin|\b(?:for|on|undergoing|during|receiving|underlying|pre-?existing|your|despite))"
    r"(?: (?:severe|moderate|mild|serious|significant|advanced|chronic|known|any|an?|your|the|or|and|to|even|either|poor|other|certain|other|haemo|peritoneal))*[ (]*$"
)
_JOINED = re.compile(
    r"(?: (?:problems?|disease|impairment|insufficiency|failure))?(?: ?\([^()]*\))?,?(?: ?/ ?| ?,? ?(?:and|or|and/or|nor) (?:\w+ )?|, )"
)
_LACTATION = re.compile(r"\b(?:during|in|pregnancy|pregnant|and|or|while|of|/)\s?(?:or |and )?$|\bpregnancy,\s$")
#: what says something of a whole row: it opens with the group, or a verb stands between
_OPENS = re.compile(
    r"\W*(?:(?:also|however|and|but|especially|particularly),? )?(?:(?:in|for|among|when|if|with|as|during|some|most|the|both)\b|$)"
)
_TOLD = re.compile(
    r"\b(?:is|are|was|were|may|can|could|might|have|has|had|includes?|including|reported|seen|observed|occur\w*|noted|cause\w*|experienced?|"
    r"(?:side|adverse|unwanted|undesirable) (?:effects|reactions|events))\b"
)
_SAYS = re.compile(
    r",?\s?(?:(?:adverse |side )?(?:effects|reactions|events) )?(?:is|are|was|were|may|can|could|might|have|has|had|includes?|including)\b"
)
#: so many commas make a row
_ROW = 3
#: characters before a mention that tell who has what it names
_NEAR = 70


@dataclass(frozen=True, slots=True)
class Mention:
    """A population and its place in a sentence."""

    group: AgeGroup
    start: int
    end: int


@cache
def _patterns() -> Choice[tuple[str, Screened]]:
    rows = [(row["population"].replace("-", " "), screened(expanded(row["pattern"]))) for row in table("populations")]
    return Choice(rows, lambda row: row[1])


@lru_cache(maxsize=1024)
def mentions(low: str) -> tuple[Mention, ...]:
    """The populations that a lower-case sentence names, in order; the more specific name of one place wins."""
    out: list[Mention] = []
    for name, pattern in _patterns().of(low):
        for m in pattern.regex.finditer(low):
            if any(o.start < m.end() and m.start() < o.end for o in out):
                continue
            group, end = _with_age(low, name, m.end())
            out.append(Mention(group, m.start(), end))
            if name in _ORGANS and (both := _OTHER_ORGAN.search(low, max(0, m.start() - 20), end)) is not None:
                other = "hepatic impairment" if name == "renal impairment" else "renal impairment"
                first = both.start("first") if both.group("first") else both.start("second")
                out.append(Mention(AgeGroup(other), first, end))
    for m in _BARE_AGE.finditer(low) if _NUMERAL.may_match(low) else ():
        at = re.search(r"(?:aged?|ages|over|under|older than|younger than|above|below|from|of|at)\s?$", m.group())
        start = m.start() + (at.start() if at else len(m.group()))
        if any(o.start <= start < o.end for o in out):
            continue
        group, end = _with_age(low, "people", start)
        if any(age is not None and age <= _OLDEST for age in (group.min_age, group.max_age)):
            out.append(Mention(_people_of(group), m.start(), end))
    return _shared_ages(low, sorted(out, key=lambda mention: mention.start))


def _shared_ages(low: str, found: list[Mention]) -> tuple[Mention, ...]:
    """The age after "children and adolescents" bounds both."""
    young = ("children", "adolescents", "infants")
    for i in range(len(found) - 1, 0, -1):
        one, two = found[i - 1], found[i]
        bounded = two.group.max_age is not None or two.group.min_age is not None
        plain = one.group.max_age is None and one.group.min_age is None
        joined = low[one.end : two.start].strip() in {"and", "or", "/", "and/or"}
        if bounded and plain and joined and one.group.name in young and two.group.name.startswith(young):
            name = one.group.name + two.group.name[two.group.name.index(" ") :]
            found[i - 1] = Mention(AgeGroup(name, two.group.min_age, two.group.max_age), one.start, one.end)
    return tuple(found)


def populations_of(low: str) -> tuple[AgeGroup, ...]:
    """The groups of people that a sentence names, each once; "kidney failure" in a row of effects names none."""
    return tuple(dict.fromkeys(m.group for m in _of_people(low)))


def affected(low: str, effect: str = "", *, among: bool = False) -> tuple[AgeGroup, ...]:
    """The groups in whom a sentence says that ``effect`` occurs; one named inside a row is that of its neighbour alone.

    "Nausea, swollen breasts in men, rash" has men for the swelling, "in men, nausea and rash" for both. The reader's own
    child is no group, nor is fertility, which suffers itself. ``among`` asks for "in", "for" or "among" before a group.
    """
    at = low.find(effect.lower()) if effect else -1
    row = at >= 0 and low.count(",") + low.count(";") >= _ROW
    found = [m for m in _of_people(low) if not _is_none(low, m) and (not row or _in_reach(low, m, at))]
    if among:
        found = [m for m in found if _AMONG.search(low, 0, m.start)]
    return tuple(dict.fromkeys(m.group for m in found))


_AMONG = re.compile(r"\b(?:in|for|among)\s+(?:\w+ )?$")


def _is_none(low: str, mention: Mention) -> bool:
    if mention.group.name == "children" and low.endswith("your ", 0, mention.start):
        return True
    return low.startswith(("fertility", "sperm", "conceiv"), mention.start)


def _in_reach(low: str, mention: Mention, effect: int) -> bool:
    """Whether a group's mention in a row reaches the effect at this place."""
    left = max(low.rfind(mark, 0, mention.start) for mark in ",;:(") + 1
    right = min((k for mark in ",;)" if (k := low.find(mark, mention.end)) >= 0), default=len(low))
    if left <= effect < right:
        return True
    if low.startswith(":", mention.end):
        return effect > mention.end and ":" not in low[mention.end + 1 : effect]
    if _TOLD.search(low, left, mention.start) is not None or _SAYS.match(low, mention.end) is not None:
        return True
    return left == 0 and _OPENS.match(low, 0, mention.start) is not None


def _of_people(low: str) -> list[Mention]:
    kept: list[Mention] = []
    for m in mentions(low):
        if m.group.name not in _ORGANS or _has_it(low, m, kept):
            kept.append(m)
    return kept


def _has_it(low: str, mention: Mention, kept: list[Mention]) -> bool:
    """Whether a failing organ, or lactation, is what people have: "in renal impairment", "if you have kidney disease"."""
    wording, before = low[mention.start : mention.end], low[max(0, mention.start - _NEAR) : mention.start]
    if mention.group.name == "breastfeeding":
        return not wording.startswith("lactation") or _LACTATION.search(before) is not None
    if mention.group.name == "renal impairment" and wording.startswith(_MEASURED):
        return True
    if mention.end - mention.start >= len(low.strip(" :.")) or low.startswith(":", mention.end):
        return not wording.endswith(_HARM) and (mention.start == 0 or before.rstrip().endswith((".", ";", ":")))
    if any(
        k.group.name in _ORGANS and (mention.start < k.end or _JOINED.fullmatch(low, k.end, mention.start))
        for k in kept
    ):
        return True  # "in kidney or liver disease"
    return _HAVE.search(before) is not None


def _people_of(group: AgeGroup) -> AgeGroup:
    """People whom only their age names, by the word for that age: children, older adults."""
    if group.max_age is not None and group.max_age <= 18:
        return AgeGroup(group.name.replace("people", "children", 1), group.min_age, group.max_age)
    if group.min_age is not None and group.min_age >= 60:
        return AgeGroup(group.name.replace("people", "older adults", 1), group.min_age, group.max_age)
    return group


def _with_age(low: str, name: str, at: int) -> tuple[AgeGroup, int]:
    """``name`` with the ages that follow it at ``at``: "children over 12", "adults aged 18 to 65"."""
    m = None if name in _AGELESS else _AGE.match(low, at)
    if m is None or _OF_WEIGHT.match(low, m.end()):
        return AgeGroup(name), at
    unit = next((u for i in range(1, 7) if (u := m.group(f"unit{i}"))), "y")
    if m.group("b"):
        first, last = number(m.group("a")), number(m.group("b"))
        own = m.group("unit1") or unit
        joined = " to under " if m.group("below") else " to "
        final = m.group("unit2") or own
        own = m.group("unit1") or final
        shown = (f" {own.rstrip('s')}s", f" {final.rstrip('s')}s") if own[0] != final[0] else ("", _unit(final))
        named = f"{name} {first:g}{shown[0]}{joined}{last:g}{shown[1]}"
        return AgeGroup(named, _years(first, own), _years(last, final)), m.end()
    bound = number(next(g for g in (m.group("c"), m.group("d"), m.group("e"), m.group("e2")) if g))
    if m.group("d") or m.group("down") or m.group("dir") in {"under", "younger", "below", "less"}:
        return AgeGroup(f"{name} under {bound:g}{_unit(unit)}", None, _years(bound, unit)), m.end()
    return AgeGroup(f"{name} over {bound:g}{_unit(unit)}", _years(bound, unit)), m.end()


def _unit(word: str) -> str:
    """How an age's unit is named: years go without saying."""
    return {"y": "", "m": " months", "w": " weeks", "d": " days"}[word[0]]


def _years(age: float, unit: str) -> float:
    return round(age * _YEARS[unit[0]], 3)
