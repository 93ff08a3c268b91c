"""Routes of administration and dose forms that a sentence names, by ``rules/routes.tsv`` and ``rules/forms.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from monograph.extraction.context import Context
from monograph.extraction.making import Maker
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import OTHER, expanded, table
from monograph.facts import Fact
from monograph.screening import Choice, Screened, screened

__all__ = ["forms_in", "routes_and_forms", "routes_in"]

#: what makes a sentence say how this drug is taken, rather than mention a word
_GIVEN = screened(
    r"\b(?:taken|given|used|administered|injected|applied|swallow\w*|comes? (?:as|in)|available (?:as|in)|inserted|inhaled|"
    r"for (?:oral|nasal|rectal|vaginal|intravenous|cutaneous|subcutaneous|intramuscular|topical|ophthalmic) use|by mouth|orally|route|take|put)\b"
)
_AVAILABLE = screened(
    r"\b(?:comes? (?:as|in)|available (?:as|in|on)|supplied (?:as|in)|(?:in the )?form of|made as|sold as|given as|taken as)\b"
)
_FOR_USE = screened(r"^(?:it is |they are )?for [a-z]+ use\b")
#: "must not be crushed and inhaled": so it is not to be taken
_WARNED_OF = re.compile(r"\b(?:not|never|n't|avoid|without) (?:be |being )?(?:[a-z]+(?:,| and| or|, and|, or) ){1,4}$")
#: how a dose is headed by its route: "By mouth, adults: 5 mg once a day"
_BY_ROUTE = re.compile(
    r"by (?:mouth|[a-z]+ (?:injection|infusion|inhalation|use)|(?:injection|infusion|inhalation))\b[^.;]{0,40}[,:]"
)
#: a route right before the name of another drug is that one's: "together with intravenous X"
_OF_ANOTHER = f" {OTHER}"
_ROUTE_LINE = re.compile(r"^(?:route|dosage form|form)s?(?: of administration)?\s*:")


@cache
def _table(name: str, column: str) -> Choice[tuple[str, Screened]]:
    rows = [(row[column], screened(expanded(row["pattern"]))) for row in table(name)]
    return Choice(rows, lambda row: row[1])


def routes_in(low: str) -> list[tuple[str, int, int]]:
    """Routes that a text names, each once, with the place of the first mention."""
    return sorted(
        (
            (name, m.start(), m.end())
            for name, pattern in _table("routes", "route").of(low)
            if (m := next((m for m in pattern.regex.finditer(low) if not low.startswith(_OF_ANOTHER, m.end())), None))
        ),
        key=lambda found: found[1],
    )


def forms_in(low: str) -> list[tuple[str, int, int]]:
    """Dose forms that a text names, each once, with the place of the first mention."""
    return sorted(
        (
            (name, m.start(), m.end())
            for name, pattern in _table("forms", "form").of(low)
            if (m := pattern.regex.search(low))
        ),
        key=lambda found: found[1],
    )


def routes_and_forms(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """How the drug is given and in which forms it comes."""
    low = sentence.low
    silent = context.section is not None and context.section.name in {
        "other-drugs",
        "interaction",
        "disease",
        "lifestyle",
    }
    if silent or sentence.has_other:
        return
    line = _ROUTE_LINE.match(low)
    routes = routes_in(low)
    if not (line or routes or _AVAILABLE.may_match(low)):
        return
    own = sentence.has_subject or re.search(
        r"\b(?:it|this (?:medicine|medication|drug)|the tablets?|tablets?|capsules?)\b", low
    )
    dosed = context.section is not None and context.section.name == "regimen" and _BY_ROUTE.match(low)
    if line or (routes and (own or dosed or _FOR_USE.search(low)) and (dosed or _GIVEN.search(low))):
        specific = [r for r in routes if r[0] != "injection"] or routes
        for name, start, end in specific:
            if name == "injection" or _WARNED_OF.search(low[:start]):
                continue
            said = maker.assess(sentence, start, end)
            if said.polarity == "negated":
                continue  # "do not put the cream in your eyes" is advice on one form, and denies no route
            yield maker.fact("route", name, sentence, "routes", assertion=said, population=())
    if line or (own and _AVAILABLE.search(low)):
        for name, start, end in forms_in(low):
            if re.search(r"\b(?:dissolve|crush|chew|forget|missed)\b", low):
                continue
            said = maker.assess(sentence, start, end)
            yield maker.fact("dose-form", name, sentence, "forms", assertion=said, population=())
