"""What a document reports of a drug's past: dated events (history) and trials (study)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.context import Context
from monograph.extraction.making import Maker
from monograph.extraction.reading import Sentence
from monograph.facts import Fact
from monograph.screening import screened

__all__ = ["sentence_history"]

_YEAR = screened(r"\b(?:1[89]\d\d|20[0-4]\d)(?!\d|\s?mg)")
_HISTORY = screened(
    r"\b(?:first (?:synthesi[sz]ed|made|developed|discovered|approved|introduced|marketed|used|sold|created|produced|licensed|launched)|synthesi[sz]ed|(?:made|found) (?=\x01)|(?:made|found) it|(?:on|been on) the market since|brought (?:it |\x01+ )?out|patents?|approval|dates? (?:from|back)|essential medicines|isolated|in use since|went on sale|first (?:marketed|reported|isolated)|reached the market|made (?:it|the (?:compound|drug|medicine|substance))|came on(?:to)? the [\w ]{0,20}market|(?:came|entered|went) (?:in)?to (?:commercial |clinical |medical |general )?use|most (?:commonly |widely |often )?prescribed|first described|allowed|developed|discovered|approved|reintroduced|"
    r"introduced|patented|invented|licensed|launched|withdrawn|came back|returned|proved|came (?:on|to) the market|became available|entered the market|put on the market|in (?:clinical |medical )?use since|authori[sz]ed|cleared|created|marketed)\b"
)
_STUDY = screened(
    r"\b(?:trial|study|studies|trials|meta-analysis|review of|researchers|randomi[sz]ed|double-blind|placebo-controlled|cohort|survey)\b"
)
_FOUND = screened(
    r"\b(?:found|showed|shown|compared|reported|concluded|demonstrated|suggested|improved|reduced|effective|more|less|better|worse|fewer|lower\w*|higher|cured|healed|died|survived|relieved)\b"
)
_PATIENTS = screened(
    r"\b[\d,]{2,} (?:\w+ ){0,2}(?:patients|people|adults|women|men|children|volunteers|participants)\b"
)
#: "Of 148 patients who were treated with …": a trial by its count
_TREATED = screened(
    r"\bof (?:the )?[\d,]{2,} (?:patients|people|adults|women|men|children)\b[^.;]{0,60}\b(?:treated|given|took|taking|received)\b"
)
_DESIGN = screened(
    r"\b(?:(?:double-blind|single-blind|open-label|randomi[sz]ed|placebo-controlled|multicent(?:er|re)|crossover|cross-over|controlled|retrospective|prospective|observational|(?:\w+|\d+)-(?:week|month|year|day|patient|centre|center)|phase (?:i+|[1-4])|pilot|small|large|clinical),? (?:and )?)+(?:trial|study|studies|trials|analysis)\b"
)
_COMPARATOR = screened(
    r"\b(?:compared (?:to|with)|versus|vs\.?|against|than|with) (?:an? |the )?(?P<c>placebo|dummy (?:pill|tablet|drug)|\x02+|no treatment|standard (?:care|treatment)|usual care|sugar pill)"
)


def sentence_history(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """Dated events (history) and trials (study) that a sentence reports."""
    low = sentence.low
    if not (_YEAR.may_match(low) or _STUDY.may_match(low) or _TREATED.may_match(low)):
        return
    if context.section is not None and context.section.name in {"other-drugs", "disease", "lifestyle"}:
        return
    year = _YEAR.search(low)
    about = sentence.has_subject or re.search(
        r"\b(?:it|the (?:drug|medicine|compound|substance|drops|tablets|capsules|cream|inhaler|patch)|this (?:drug|medicine|compound))\b",
        low,
    )
    told = context.section is not None and context.section.rule == "headings:history" and year is not None
    if not (about or told) or re.search(
        r"^(?:store|keep|use|take|do)\b|\b(?:revised|updated|reviewed|copyright|last)\b", low[:40]
    ):
        return
    if sentence.has_other and not sentence.has_subject:
        return  # another drug's history
    trial = _STUDY.search(low) or _TREATED.search(low)
    dated = int(year.group()) if year else None
    if trial is None and year is None:
        return
    statement = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\d+\]", "", sentence.text)[:400]
    span = maker.quote_span(sentence, 0, len(sentence.text))
    in_history = context.section is not None and context.section.name == "history"
    if (
        trial
        and (_FOUND.search(low) or (year and _PATIENTS.search(low)))
        and (year or _DESIGN.search(low) or _PATIENTS.search(low))
    ):
        design, against = _DESIGN.search(low), _COMPARATOR.search(low)
        comparator = None
        if against:
            comparator = sentence.text[against.start("c") : against.end("c")].lower()
        yield maker.fact(
            "study",
            _event(sentence, year),
            sentence,
            "history:study",
            span=span,
            statement=statement,
            year=dated,
            design=sentence.text[design.start() : design.end()].lower() if design else None,
            comparator=comparator,
            outcome=_outcome(sentence),
            population=(),
        )
    elif year and (in_history or _HISTORY.search(low)):
        yield maker.fact(
            "history",
            _event(sentence, year),
            sentence,
            "history:event",
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
