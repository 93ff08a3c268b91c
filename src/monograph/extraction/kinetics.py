"""Half-life, onset and duration of action, as numbers with UCUM units; and what research and history report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.assertion import Assertion
from monograph.extraction.context import Context
from monograph.extraction.making import Maker
from monograph.extraction.quantities import hours
from monograph.extraction.reading import Sentence
from monograph.facts import Fact, Kind

__all__ = ["sentence_history", "sentence_kinetics"]

_HALF_LIFE = re.compile(r"\bhalf-? ?li(?:fe|ves)\b")
_ONSET = re.compile(
    r"\b(?:start(?:s|ed)? (?:to )?work(?:ing)?|begins? (?:to )?work(?:ing)?|takes? (?:full )?effect|begin to (?:experience|feel|notice)|"
    r"start(?:s)? to (?:feel|notice|experience)|feel (?:the )?(?:effects?|better|benefits?)|onset of (?:action|effect)|works? within|"
    r"notice (?:an? )?(?:improvement|effect|difference|benefit)\w*|full effect|kicks? in|effects? (?:begin|start|appear)|relief (?:begins|starts|within)|(?:may|can) take .{0,30} (?:before|for))\b"
)
_ONSET_TIME = re.compile(
    r"\b(?:within|after|in|about|around|takes?|up to|until|before|same day|on the day|straight away|immediately|a couple of|few)\b"
)
_DURATION = re.compile(
    r"\b(?:effects?|relief|action|benefit\w*|\x01|it) .{0,60}\b(?:lasts?|wears? off|continues?|persists?)\b"
)
_YEAR = re.compile(r"\b(?:1[89]\d\d|20[0-4]\d)(?!\d|\s?mg)")
_HISTORY = re.compile(
    r"\b(?:first (?:synthesi[sz]ed|made|developed|discovered|approved|introduced|marketed|used|sold|created|produced|licensed|launched)|synthesi[sz]ed|(?:made|discovered|found|created|invented) \x01|reached the market|made (?:it|the (?:compound|drug|medicine|substance))|came on the [\\w ]{0,20}market|developed|discovered|approved|reintroduced|"
    r"introduced|patented|invented|licensed|launched|withdrawn|came back|returned|proved|came (?:on|to) the market|became available|authori[sz]ed|cleared|created|marketed)\b"
)
_STUDY = re.compile(
    r"\b(?:trial|study|studies|trials|meta-analysis|review of|researchers|randomi[sz]ed|double-blind|placebo-controlled|cohort|survey)\b"
)
_FOUND = re.compile(
    r"\b(?:found|showed|shown|compared|reported|concluded|demonstrated|suggested|improved|reduced|effective|more|less)\b"
)
_DESIGN = re.compile(
    r"\b(?:(?:double-blind|single-blind|open-label|randomi[sz]ed|placebo-controlled|multicent(?:er|re)|crossover|cross-over|controlled|retrospective|prospective|observational|(?:\w+|\d+)-(?:week|month|year|day|patient|centre|center)|phase (?:i+|[1-4])|pilot|small|large|clinical),? (?:and )?)+(?:trial|study|studies|trials|analysis)\b"
)
_COMPARATOR = re.compile(
    r"\b(?:compared (?:to|with)|versus|vs\.?|against|than|with) (?:an? |the )?(?P<c>placebo|dummy (?:pill|tablet|drug)|\x02+|no treatment|standard (?:care|treatment)|usual care|sugar pill)"
)


def sentence_kinetics(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """Half-life, onset and duration facts of a sentence."""
    low = sentence.low
    if context.section is not None and context.section.name in {"other-drugs", "disease", "lifestyle", "interaction"}:
        return
    if m := _HALF_LIFE.search(low):
        if (found := hours(low, m.end())) is not None:
            yield _timed(maker, "half-life", sentence, found, "kinetics:half-life")
        return
    if sentence.text.endswith("?") or re.search(r"\b(?:side effects?|allerg|over ?dos|miss|forg|pregnan)\w*", low):
        return
    about = re.search(
        r"\x01|\b(?:it|this (?:medicine|medication|drug)|the (?:medicine|drug|medication)|you|most people|effects?|relief)\b",
        low,
    )
    if about and (m := _ONSET.search(low)) and _ONSET_TIME.search(low):
        found = hours(low)
        if found is not None or re.search(
            r"\b(?:day you start|straight away|immediately|same day|first dose|couple of|few (?:hours|days|weeks))\b",
            low,
        ):
            if found is None:
                yield maker.fact(
                    "onset",
                    _short(sentence, m.start()),
                    sentence,
                    "kinetics:onset",
                    statement=sentence.text[:300],
                    population=(),
                )
            else:
                yield _timed(maker, "onset", sentence, found, "kinetics:onset")
            return
    if (
        about
        and _DURATION.search(low)
        and (found := hours(low)) is not None
        and not re.search(r"\b(?:for at least|course|treatment lasts?)\b", low)
    ):
        yield _timed(maker, "duration", sentence, found, "kinetics:duration")


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


def sentence_history(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """Dated events (history) and trials (study) that a sentence reports."""
    low = sentence.low
    if context.section is not None and context.section.name in {"other-drugs", "disease", "lifestyle"}:
        return
    year = _YEAR.search(low)
    about = sentence.has_subject or re.search(
        r"\b(?:it|the (?:drug|medicine|compound|substance)|this (?:drug|medicine|compound))\b", low
    )
    if not about or re.search(r"\b(?:revised|updated|reviewed|copyright|last)\b", low[:40]):
        return
    if sentence.has_other and not sentence.has_subject:
        return  # another drug's history
    trial = _STUDY.search(low)
    dated = int(year.group()) if year else None
    statement = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\d+\]", "", sentence.text)[:400]
    span = maker.quote_span(sentence, 0, len(sentence.text))
    if trial and _FOUND.search(low) and (year or _DESIGN.search(low)):
        design, against = _DESIGN.search(low), _COMPARATOR.search(low)
        comparator = None
        if against:
            comparator = sentence.text[against.start("c") : against.end("c")].lower()
        yield maker.fact(
            "study",
            _event(sentence, year),
            sentence,
            "kinetics:study",
            span=span,
            statement=statement,
            year=dated,
            design=sentence.text[design.start() : design.end()].lower() if design else None,
            comparator=comparator,
            outcome=_outcome(sentence),
            population=(),
        )
    elif year and _HISTORY.search(low):
        yield maker.fact(
            "history",
            _event(sentence, year),
            sentence,
            "kinetics:history",
            span=span,
            statement=statement,
            year=dated,
            population=(),
        )


def _event(sentence: Sentence, year: re.Match[str] | None) -> str:
    """The event in a few words: what the sentence says around its verb."""
    if m := _HISTORY.search(sentence.low):
        return sentence.text[m.start() : m.end()].lower() + (f" {year.group()}" if year else "")
    return ("trial" if _STUDY.search(sentence.low) else "event") + (f" {year.group()}" if year else "")


def _outcome(sentence: Sentence) -> str | None:
    m = re.search(
        r"\b(?:found|showed|shown|concluded|demonstrated|reported|suggested) (?:to be |that |to )?(?P<o>[^.;]+)",
        sentence.low,
    )
    if m is None:
        return None
    return re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", "", sentence.text[m.start("o") : m.end("o")]).strip()[:200]
