"""How often an effect occurs, as a text says it: the band's name and the shares that its figures give."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from operator import itemgetter

from monograph.extraction.rules import expanded, table
from monograph.facts import Frequency
from monograph.screening import Choice, Screened, screened

__all__ = ["figures", "frequency_in", "frequency_place"]

_BELOW = r"less than or equal to|fewer than|less than|up to|under|below|no more than|not more than|at most|<|≤"
_ABOVE = r"greater than or equal to|more than|greater than|at least|over|above|exceeding|≥|>"
_NUMBER = r"\d+(?:\.\d+)?"
_PEOPLE = (
    r"people|patients|persons?|women|men|children|adults|users|subjects|individuals|recipients|those|cases|treated|\x01"
)
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "hundred": 100, "thousand": 1000}
_WHOLE = r"(?:\d[\d,]*(?: \d{3})*(?!\d)|(?:a |one )?(?:ten|hundred|thousand)\b)"
_FIGURE = screened(
    rf"(?P<cmp>{_BELOW}|{_ABOVE})?\s*(?<![\d.,/])(?P<n>\d+|one|two|three|four|five)(?: (?:to|-) (?P<n1>\d+))?(?: (?:{_PEOPLE}))?(?:\s?/\s?|\s(?:in|out of|of|per)(?: every)? )(?P<d>{_WHOLE})(?! ?(?:mg|ml|g|kg|hours?|days?|weeks?|months?|years?)\b)"
    rf"(?:\s*(?:{_PEOPLE})?,?\s*(?:but|and|to|-|,)?\s*(?:(?:less|fewer|up to|not more) ?(?:than)?|<|≤) ?(?P<n2>\d+)(?:\s?/\s?|\s(?:in|out of|of)(?: every)? )(?P<d2>{_WHOLE}))?"
    rf"|(?P<cmp2>{_BELOW}|{_ABOVE})?\s*(?<![\d.,])(?P<p>{_NUMBER})\s?%?(?:\s?(?:to|-|and|or)\s?(?:{_BELOW})?\s?(?P<q>{_NUMBER}))?\s?%"
    r"(?:\s(?:or|and) (?P<more>greater|more|higher|above|over|less|fewer|lower)\b)?"
)
#: a figure that compares, or is a share of something else: "2% greater than placebo"
_COMPARES = re.compile(
    r"\s?(?:(?:greater|more|higher|lower|less|fewer|increase|reduction|decrease|difference)\b|of (?:the )?(?:total )?(?:dose|drug|baseline|reactions|events|weight)|"
    r"(?:men|women|males?|females?|white|black|asian|solution|cream|gel|confidence|ci)\b)"
)
#: those who left a trial are no share of those who had an effect
_LEFT = re.compile(
    r"\bdiscontinu\w+|\bwithdr(?:ew|awn|awals?)\b|\bstopped (?:treatment|therapy|taking)|\bdropped out\b"
)
#: what a figure without a band's name stands beside where it tells how often
_OF_PEOPLE_BEFORE = re.compile(
    rf"\b(?:in|by|affects?|affected|affecting|among|incidences?(?: \w+)?(?: of)?|frequency(?: of)?|rates? of|occurs? in|{_PEOPLE})\s?(?:about |approximately |around |nearly |almost |roughly |only |an estimated |[=:])*\s?$"
)
_OF_PEOPLE_AFTER = re.compile(rf"\s?(?:of )?(?:all |the |treated |adult |those )*(?:{_PEOPLE})\b")
#: brackets, of which those behind a name hold that name's own figures
_BRACKET = re.compile(r"\([^()]*\d[^()]*\)")
_OF_ALL = re.compile(
    r"\b(?:common(?:ly)?|rare(?:ly)?|uncommon(?:ly)?|infrequent(?:ly)?|frequent(?:ly)?|known|often|effects?|reactions?|events?|experiences?|symptoms|"
    r"complaints|frequency|incidence|reported|observed|seen)\s*:?\s*$"
)
_TELLS = re.compile(
    r"\((?:(?:very |un)?(?:common|rare)|may|can|these|this|affect\w*|occur\w*|incidence|frequency|reported|seen|observed)\b"
)
#: characters between a band's name and the figures that explain it
_NEAR = 60


@cache
def _bands() -> Choice[tuple[str, Screened]]:
    rows = [(row["band"].replace("-", " "), screened(expanded(row["pattern"]))) for row in table("frequencies")]
    return Choice(rows, lambda row: row[1])


def frequency_place(low: str) -> int | None:
    """Where in a lower-case text the words stand that :func:`frequency_in` reads, or None."""
    return None if (found := _read(low)) is None else found[0]


def frequency_in(low: str) -> Frequency | None:
    """The frequency that a lower-case text gives to all it names: a band, with its bounds as shares where it has figures.

    Figures in a bracket behind a name ("nausea (3 to 18%)") are that name's own and are left out.
    """
    return None if (found := _read(low)) is None else found[1]


def figures(low: str) -> Frequency | None:
    """The bounds that the figures of a short text give, as those of a bracket."""
    m = next(iter(_told(low)), None)
    return None if m is None else Frequency(None, *_bounds(m))


@lru_cache(maxsize=2048)
def _read(low: str) -> tuple[int, Frequency] | None:
    places = ((m.start(), m.end(), name) for name, pattern in _bands().of(low) if (m := pattern.regex.search(low)))
    band = min(places, key=itemgetter(0), default=None)
    if not _FIGURE.may_match(low):
        return None if band is None else (band[0], Frequency(band[2]))
    shown = _BRACKET.sub(lambda m: m.group() if _general(low, m) else " " * len(m.group()), low)
    told = [] if _LEFT.search(low) else list(_told(shown))
    if band is None:
        told = [m for m in told if _of_people(low, m)]
        return (told[0].start(), Frequency(None, *_bounds(told[0]))) if len(told) == 1 else None
    if _LEFT.search(low) and _FIGURE.search(low):
        return None  # "the most common reasons to stop were nausea (2%) and …"
    beside = told[:1] if told and (len(told) == 1 or 0 <= told[0].start() - band[1] <= _NEAR) else []
    return band[0], Frequency(band[2], *(_bounds(beside[0]) if beside else ()))


def _told(low: str) -> list[re.Match[str]]:
    """The figures of a text that may say how often."""
    return [m for m in _FIGURE.finditer(low) if _is_share(low, m)]


def _is_share(low: str, m: re.Match[str]) -> bool:
    if m.group("d"):
        whole = _whole(m.group("d"))
        return _count(m.group("n")) <= whole and (whole >= 10 or _OF_PEOPLE_AFTER.match(low, m.end()) is not None)
    return float(m.group("q") or m.group("p")) <= 100 and not _COMPARES.match(low, m.end())


def _general(low: str, bracket: re.Match[str]) -> bool:
    """Whether a bracket tells of all that follows it, not of the name before it."""
    return _OF_ALL.search(low, max(0, bracket.start() - 30), bracket.start()) is not None or (
        _TELLS.match(bracket.group()) is not None
    )


def _of_people(low: str, m: re.Match[str]) -> bool:
    return (
        _OF_PEOPLE_BEFORE.search(low, max(0, m.start() - 50), m.start()) is not None
        or _OF_PEOPLE_AFTER.match(low, m.end()) is not None
    )


def _bounds(m: re.Match[str]) -> tuple[float | None, float | None]:
    """The lowest and the highest share that a figure allows."""
    if m.group("d"):
        first, compare = _count(m.group("n")) / max(1, _whole(m.group("d"))), m.group("cmp") or ""
        second = int(m.group("n2")) / max(1, _whole(m.group("d2"))) if m.group("d2") else None
        second = int(m.group("n1")) / max(1, _whole(m.group("d"))) if m.group("n1") else second
    else:
        first, compare = float(m.group("p")) / 100, m.group("cmp2") or m.group("more") or ""
        second = float(m.group("q")) / 100 if m.group("q") else None
    if second is not None:
        return round(min(first, second), 8), round(max(first, second), 8)
    share = round(first, 8)
    if re.fullmatch(rf"{_BELOW}|less|fewer|lower", compare):
        return None, share
    return share, None if compare else share


def _count(text: str) -> int:
    return _COUNTS.get(text) or int(text)


def _whole(text: str) -> int:
    """``1,000`` or ``1 000`` as a number."""
    digits = text.replace(",", "").replace(" ", "")
    return int(digits) if digits.isdecimal() else _COUNTS[text.split()[-1]]
