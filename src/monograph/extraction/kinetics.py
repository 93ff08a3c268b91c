"""Half-life, onset and duration of action, as numbers with UCUM units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.assertion import Assertion
from monograph.extraction.context import Context
from monograph.extraction.making import Maker
from monograph.extraction.quantities import hours
from monograph.extraction.reading import Sentence
from monograph.facts import Fact, Kind
from monograph.screening import screened

__all__ = ["sentence_kinetics"]

_HALF_LIFE = screened(r"\bhalf-? ?li(?:fe|ves)\b")
_BETTER = r"(?:better|calmer|easier|relaxed|an? (?:improvement|effect|difference|benefit)\w*|(?:the |any |its )?(?:full )?(?:effects?|benefits?))"
#: "Half of it has left the blood after 4 hours."
_HALVED = screened(
    r"\bhalf (?:of )?(?:it|(?:the|a|each|your) (?:drug|dose|medicine)|\x01+)\b[^.;]{0,40}\b(?:left|gone|cleared|removed|eliminated|out of)\b"
)
#: "given the 24-hour elimination half-life of …"
_RIGHT_BEFORE = re.compile(r"\b\d[\w., –-]{0,14}-? ?(?:minute|hour|day|week|month)s?,? (?:[a-z-]+ ){0,3}$")
#: the half-life is a reason there and no time: "because of its long half-life, …"
_AS_REASON = re.compile(r"\b(?:because of|due to|owing to|given|with) (?:its|the|their|such an?|an?) (?:[a-z]+ ){0,3}$")
_SAID = re.compile(r",? (?:of|is|was|\()\s?(?:about |around |approximately |roughly |only |just )?\d")
#: the deviation of a mean, and the same time in another unit: "5.8 ± 1.2 hours", "one week (168 hours)"
_DEVIATION = re.compile(r"\s?(?:±|\+/-)\s?\d[\d.]*")
_SAME_TIME = re.compile(r"\s?\((?:about |approximately |or )?(?=\d[\d.]* ?(?:hours?|days?|minutes?)\))")
#: a time that is another thing's, though it stands in a sentence on half-lives
_OF_DOSING = re.compile(
    r"\b(?:effects?|response|seen|takes?|took|slow|so that|interval|dosing|dose|steady|accumulat\w+|reached|stopp\w+|discontinu\w+|wait)\b"
)
_ONSET = screened(
    r"\b(?:start(?:s|ed)? (?:to )?(?:work|help|act|reliev)(?:e|ing)?|begins? (?:to )?(?:work|help|act|reliev)(?:e|ing)?|takes? (?:full )?effect|onset of (?:action|effect)|works? within|"
    rf"(?:(?:start(?:s)?|begins?) to )?(?:feels?|notices?|experiences?|looks?|gets?) {_BETTER}|"
    r"(?:starts?|begins?) to (?:feel|notice|experience|lift|ease|improve|settle|fall|drop|go (?:down|away)|get better|fade)|"
    r"full (?:effect|benefit|protection)|kicks? in|effects? (?:[a-z]+ ){0,4}(?:begins?|starts?|appears?|sets? in|comes? on)|"
    r"(?:response|effects?|benefits?|improvements?) (?:(?:may|can|might|will|should|is|are|usually|often|first|be) )+(?:seen|noticed|felt|expected|evident|noticeable)|"
    r"(?:mood|effects?|benefits?|response|improvements?|it|relief|more often|\x01) (?:usually |often |may |can |normally )?takes? (?:up to |about |around )?(?=[\d½]|one|two|three|four|six|several|a few)(?!.{0,30}\bto (?:reach|leave|clear|be|get rid))|"
    r"picks? up|improves? over|effects? (?:[a-z]+ ){0,5}peaks?|give it (?=\d|one|two|three)|"
    r"relief (?:begins|starts|within)|(?:lifts?|eases?|improves?|settles?|clears?) (?:after|within|in)|"
    r"(?:may|can|might|will|could) (?:\w+ )?take (?:up to |about |around |at least |an? |one |two |several |some |\d)[^.;]{0,25} (?:before|for|until))\b"
)
_ONSET_TIME = screened(
    r"\b(?:within|after|in|about|around|takes?|up to|until|before|same day|on the day|straight away|immediately|a couple of|few|several|takes?|over|peaks?|first week)\b"
)
_DURATION = screened(
    r"\b(?:effects?|relief|action|benefit\w*|\x01|it) .{0,60}\b(?:lasts|(?:can|may|might|will|should|to|usually|effects) last|last for|wears? off|continues?|persists?)\b"
)


_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:these symptoms|worse|longer (?:than|to|if)|maintain|removed|eliminat|leave (?:your|the) body|(?:not|n't) (?:improve|get better|start|go away|begin)|side effects?|allerg|over ?dos|miss|forg|pregnan)\w*"
)
_ABOUT_DRUG = re.compile(
    r"\x01|\b(?:it|this (?:medicine|medication|drug)|the (?:medicine|drug|medication)|you|your child|most (?:people|patients|women|men|children|adults|users)|tablets?|capsules?|effects?|relief|"
    r"mood|pain|symptoms|readings|levels?|sleep|energy|control|response|benefits?)\b"
)
#: sections whose times are those of something else
_ELSEWHERE = frozenset({"other-drugs", "disease", "lifestyle", "adverse-effect", "allergy"})


def sentence_kinetics(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """Half-life, onset and duration facts of a sentence."""
    low = sentence.low
    section = context.section.name if context.section is not None else "none"
    if section in _ELSEWHERE or (section == "interaction" and sentence.has_other):
        return
    if m := _HALF_LIFE.search(low) or _HALVED.search(low):
        if (found := _half_life(low, m)) is not None:
            yield _timed(maker, "half-life", sentence, found, "kinetics:half-life")
            return
        if _AS_REASON.search(low, 0, m.start()) is None:
            return
    if section == "interaction":
        return
    if sentence.text.endswith("?") or not (_ONSET.may_match(low) or _DURATION.may_match(low)):
        return
    if _OF_SOMETHING_ELSE.search(low):
        return
    about = _ABOUT_DRUG.search(low)
    if about and _ONSET_TIME.search(low) and (told := list(_onsets(maker, sentence))):
        yield from told
        return
    if (
        about
        and _DURATION.search(low)
        and (found := hours(low)) is not None
        and not re.search(r"\b(?:for at least|course|treatment lasts?)\b", low)
    ):
        yield _timed(maker, "duration", sentence, found, "kinetics:duration")


def _half_life(low: str, m: re.Match[str]) -> tuple[float, float | None, str, int, int] | None:
    """The time that a half-life is said to last, or None."""
    low = _DEVIATION.sub(lambda d: " " * len(d.group()), low)
    named = m.re is _HALF_LIFE.regex
    if named and (found := _before(low, m.start())) is not None:
        return found
    if named and _AS_REASON.search(low, 0, m.start()) and _SAID.match(low, m.end()) is None:
        return None
    found = hours(low, m.end() if named else 0)
    if found is None or _OF_DOSING.search(low, m.end(), max(m.end(), found[3])):
        return None
    same = _SAME_TIME.match(low, found[4]) if found[2] in {"wk", "mo"} else None
    return hours(low, same.end()) if same is not None else found


def _onsets(maker: Maker, sentence: Sentence) -> Iterator[Fact]:
    """When a sentence says that the drug begins to work: "sleep picks up in a week, but mood takes 6 weeks" twice."""
    low, seen = sentence.low, set[int]()
    for m in _ONSET.finditer(low):
        found = _span_of(low, m)
        if found is None and not seen and _VAGUELY.search(low):
            yield maker.fact(
                "onset",
                _short(sentence, m.start()),
                sentence,
                "kinetics:onset",
                statement=sentence.text[:300],
                population=(),
            )
            return
        if found is not None and found[3] not in seen:
            seen.add(found[3])
            yield _timed(maker, "onset", sentence, found, "kinetics:onset")


_VAGUELY = re.compile(
    r"\b(?:day you start|straight away|immediately|same day|first dose|couple of|(?:few|several) (?:hours|days|weeks)|first week)\b"
)


def _before(low: str, half_life: int) -> tuple[float, float | None, str, int, int] | None:
    """The time that is written right before "half-life"."""
    near = _RIGHT_BEFORE.search(low, max(0, half_life - 60), half_life)
    return hours(low[:half_life], near.start()) if near is not None else None


#: characters between what happens and when it does
_NEAR = 60


def _span_of(low: str, match: re.Match[str]) -> tuple[float, float | None, str, int, int] | None:
    """The span of time that belongs to a match: the first after it, where it is near, else one right before it."""
    after = hours(low, match.start())
    if after is not None and after[3] - match.end() <= _NEAR:
        return after
    at, before = max(0, match.start() - _NEAR - 20), None
    while (found := hours(low, at)) is not None and found[3] < match.end():
        at, before = found[4], found
    return before or after


def _timed(
    maker: Maker, kind: Kind, sentence: Sentence, found: tuple[float, float | None, str, int, int], rule: str
) -> Fact:
    low_value, high_value, unit, start, end = found
    before = sentence.low[max(0, start - 22) : start]
    upper = (
        re.search(r"\b(?:within|up to|less than|under|before|at most)\s*(?:about |around |the first )?$", before)
        is not None
    )
    low_bound, high_bound = (None, high_value or low_value) if upper else (low_value, high_value)
    text = f"{low_value:g}{f' to {high_value:g}' if high_value else ''} {unit}"
    hedged = re.search(r"\b(?:may|might|can|usually|about|around|most)\b", sentence.low[:start]) is not None
    return maker.fact(
        kind,
        f"within {text}" if upper else text,
        sentence,
        rule,
        span=maker.quote_span(sentence, max(0, start - 150), end),
        assertion=Assertion(certainty="stated" if not hedged or kind == "half-life" else "hedged"),
        low=low_bound,
        high=high_bound,
        unit=unit,
        population=(),
    )


def _short(sentence: Sentence, start: int) -> str:
    return sentence.text[start : start + 60].strip(" .,;")
