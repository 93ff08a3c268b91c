"""What an indication is called: the disease alone, without those who have it, and the role that its wording tells.

"Adults with a type of lung cancer" is lung cancer, "help diagnose gout" is gout in the role of diagnosis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from monograph.extraction.spotting import names_a_state, names_what_changes
from monograph.extraction.wording import clinical
from monograph.facts import Fact

__all__ = ["CAUSED_BY", "SOMEBODY", "plain_uses", "with_diagnoses", "without_further_causes", "without_verb"]

#: who is treated, where the name of a disease would stand
SOMEBODY = re.compile(
    r"(?i)(?:adults|adult(?= (?:patients|men|women))|children|adolescents|teenagers|people|patients|women|men|infants|babies|boys|girls)\b(?!')"
)
#: what joins a use to its cause
CAUSED_BY = re.compile(r" (?:associated with|secondary to|resulting from) ")
_FURTHER = re.compile(
    r"\s(?:associated with|secondary to|resulting from|(?P<weak>due to|caused by)) (?P<cause>[^,;.]+?)"
    r"(?=, (?:and |or )?[a-z]| and [a-z]| or [a-z])"
)

#: what a label wants to reach, which is no disease
_AIMED = re.compile(
    r"^(?:inhibiting|improving|reducing|inducing|increasing|decreasing|achieving|maintaining|delaying|slowing|raising|lowering|"
    r"increase|decrease|reduce|inhibit|improve|symptoms? in|signs in|risk (?:for|of)|hospitali[sz]ation|(?:years )?(?:of age and )?older|younger|lower)\b|^fatal$|^dl$|^(?:ldl|hdl|vldl|tg|apo)\b"
)
_IN_WHOM = re.compile(
    r" (?:in|for|among|of) (?:(?:these|those|certain|adult|pediatric|paediatric|elderly) )*(?:patients|adults|children|adolescents|women|men)\b.*$"
)
_CALLED_SO = re.compile(
    r"^(?:called|known as|in (?:adult |certain )?(?:patients|adults|children|people) (?:with|who have)) "
)
_KIND_CALLED = re.compile(r"^[a-z ]{3,30} called (?:an? |the )?(?=[a-z])")
_NO_USE = re.compile(
    r"(?:treatment|therapy|signs|symptoms|results? of .*|adults?|children|patients|people|older|active|diseases?|.* cannot|"
    r"(?:adolescents|adults|children|men|women) aged? .*|collect .*|site of .*|(?:high|low|normal) levels|"
    r"(?:from|in|at|during|after|before|until|applied|associated|related|slow|delay|extend|avoiding|staying|using|taking|keeping) .*)$"
)
_PREVENTING = re.compile(r"(?:preventing|prevention|prophylaxis)\b")
_CAUSED = re.compile(r" caused by [^,;]*\b(?:virus(?:es)?|bacteri(?:a|um)|fung(?:us|i)|parasites?|germs?)\b")
_OF_WHOM = re.compile(
    r"^(?:adult|pediatric|paediatric|adolescent|elderly)? ?(?:patients|adults|children|people|adolescents|women|men) (?:aged? [^,;]{3,40}? )?(?:with|who have) (?:an? )?(?:type of |form of )?(?:moderate(?:ly)? to severe(?:ly)? |severe(?:ly)? |mild(?:ly)? )?(.+)$"
)


#: a verb or its noun that a name of a disease follows
_TO_DO = re.compile(
    r"^(?:preventing|treating|prophylaxis|prevention|treatment|control|increase|provide|diagnosis|confirmed diagnosis|known|suspected)(?: of)? "
)


def plain_uses(facts: Iterable[Fact], *, coded: bool) -> list[Fact]:
    """``facts`` with each indication by its disease; those that name none, as an age group, are left out.

    ``coded``: of an official label, whose aims ("reducing the risk of …") name no disease either.
    """
    told = ((_plain_use(f) if coded else _disease_alone(f)) if f.kind == "indication" else f for f in facts)
    return [f for f in told if f is not None]


def with_diagnoses(facts: Iterable[Fact], text: str) -> list[Fact]:
    """``facts`` of a document with this ``text``, with the indications that are diagnoses in that role."""
    only = _for_diagnosis(text)
    told = (_diagnosed(f, only) if f.kind == "indication" else f for f in facts)
    return [f for f in told if f is not None]


def without_verb(name: str) -> str:
    """A name without the verb before it, or its noun: "treatment of gout" is gout."""
    return _TO_DO.sub("", name)


def without_further_causes(low: str, start: int, end: int, *, coded: bool) -> int:
    """Where a use ends that names several causes: "edema associated with heart failure", without "…, and cirrhosis".

    The further ones are no uses. Behind "caused by" articles name what the drug treats, official labels (``coded``) do
    not.
    """
    caused = _FURTHER.search(low, start, end)
    if caused is None or (caused.group("weak") and not coded):
        return end
    if low.count("(", start, caused.start()) > low.count(")", start, caused.start()):
        return end
    # what ends before the noun that it shares names no cause
    return caused.end() if clinical(caused.group("cause")) else caused.start()


def _plain_use(fact: Fact) -> Fact | None:
    """``fact``, of a label's indications, with the disease alone as its value; None where it names an aim."""
    plain = _disease_alone(fact)
    return None if plain is None or _AIMED.match(plain.value) else plain


def _disease_alone(fact: Fact) -> Fact | None:
    """An indication without those who have it: "adults with a type of lung cancer" is lung cancer.

    None where nothing is left that is treated: "treatment", "from birth", "blood sugar".
    """
    value = fact.value
    if m := _OF_WHOM.match(value):
        value = m.group(1)
    value = _IN_WHOM.sub("", _KIND_CALLED.sub("", _CALLED_SO.sub("", value)))
    role = "prevention" if fact.role == "treatment" and _PREVENTING.match(value) else fact.role
    value = without_verb(value)
    cause = _CAUSED.search(value)
    if cause is not None and names_a_state(value[: cause.start()]):
        value = value[: cause.start()]
    if _NO_USE.match(value) or names_what_changes(value):
        return None
    return fact if (value, role) == (fact.value, fact.role) else replace(fact, value=value, role=role)


def _for_diagnosis(text: str) -> bool:
    """Whether a document tells of a drug that shows diseases to a scanner, and treats none."""
    return _DIAGNOSTIC.search(text, 0, _OPENING) is not None


def _diagnosed(fact: Fact, only: bool) -> Fact | None:
    """An indication in the role of diagnosis where it has that one; None where a drug that ``only`` shows names no disease."""
    quote = fact.evidence[0].quote.lower()
    told = only or _TO_FIND.match(fact.value) or _FINDS.search(quote)
    if not told or fact.role not in {"treatment", "symptomatic"} or fact.polarity != "asserted":
        return fact
    value = _TO_FIND.sub("", fact.value)
    whose = _OF_WHOM.match(value)
    value = whose.group(1) if whose else value
    return replace(fact, value=value, role="diagnosis") if names_a_state(value) else None


_DIAGNOSTIC = re.compile(
    r"(?i)\b(?:for diagnostic use only|diagnostic radiopharmaceutical|is an? [^.]{0,60}(?:contrast (?:agent|medium)|imaging agent))\b"
)
#: the use of a drug stands so far into its document at the most
_OPENING = 3000
_FINDS = re.compile(r"\bto (?:help )?(?:diagnose|identify|detect|locate)\b|\b(?:scan called|(?:brain|bone|pet) scan)\b")
_TO_FIND = re.compile(
    r"^(?:to )?(?:help )?(?:identify(?:ing)?|diagnos(?:e|is of|ing)|detect|locate|find out whether|show|visuali[sz]e) "
)
