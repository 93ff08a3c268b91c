"""How long a course of treatment lasts, where a sentence says that and no dose: "Use the cream for at least 4 days"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.assertion import Assertion
from monograph.extraction.context import Context
from monograph.extraction.making import Maker
from monograph.extraction.populations import populations_of
from monograph.extraction.quantities import number
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import candidates
from monograph.facts import Fact

__all__ = ["courses"]

#: sections that tell how long it is taken
_DOSING = frozenset(["regimen", "kinetics", "about", "withdrawal"])
_HOURS = {"day": 24.0, "week": 168.0, "month": 730.0}
_DENIED = re.compile(r"(?:\bnot|\bnever|n't|\bavoid|\bstop|\bwithout|\bunless|\bif you)\b[^,;.]{0,30}$")
#: for whom or when: "If you have had a hip operation you will usually take it for 32 to 38 days"
_IF = re.compile(
    r"^(?:if|when) [^,;.]{3,90}?(?=,| (?:you|the|your) (?:will|can|should|may|must|doctor|would|usually)\b)"
)


def courses(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The course of treatment whose length a sentence on dosing states."""
    if context.section is None or context.section.name not in _DOSING or sentence.has_other:
        return
    low = sentence.low
    for rule in candidates("courses", low):
        if (m := rule.pattern.search(low)) is None or _DENIED.search(low, 0, m.start()):
            continue
        told = m.groupdict()
        least, most = told["low"], told.get("high") or told["low"]
        unit = told["unit"]
        what = f"{least} to {most}" if most != least else least
        every = number(told["every"]) if told.get("every") else None
        gap = _HOURS[told["gap"]] * every if every is not None and told.get("gap") else None
        when = _IF.match(low, 0, m.start())
        condition = when.group().strip() if when else (told.get("then") or "").strip() or None
        bound = (told.get("bound") or "").strip()
        said = " ".join(word for word in (bound, what, f"{unit}s" if most not in {"1", "one"} else unit) if word)
        yield maker.fact(
            "regimen",
            f"for {said}{f', every {gap:g} hours' if gap else ''}",
            sentence,
            rule.identifier,
            assertion=Assertion(),
            population=populations_of(low),
            role="maintenance",
            duration=f"P{number(most):g}{unit[0].upper()}",
            interval_hours=(gap, gap) if gap else None,
            condition=condition,
        )
        return
