"""The text of official labels under "Adverse reactions": heads of systems apart, and which names are reactions.

The words stand in ``rules/label_words.tsv``; here is how they combine.
"""

from __future__ import annotations

import re
from functools import cache

from monograph.extraction.rules import table
from monograph.extraction.wording import clinical

__all__ = ["is_finding", "is_watched", "names_a_reaction", "names_nothing", "plain_name", "quietened"]

#: what joins two words of a heading ("skin and subcutaneous tissue", "neoplasms (incl. cysts)")
_JOINT = r"(?:,? and |, |/| & | as an? | of the | \(incl[^)]*\) | )"
#: what a cross reference leaves, and codes of dictionaries
_NOISE = re.compile(
    r"\bnos\b|\baccounts? for\b|\d+-week\b|\bopen-label\b|\b(?:preferred|meddra|costart) terms?\b|\bsystem organ class(?:es)?\b|\bn ?= ?\d+"
)
#: where a cross reference was, which parts what stands around it
_GAP = re.compile(r"(?<=\w) {3,}(?=\w)")
#: before a head of capitals that a colon ends ("headache and cough Heart Failure: hypotension")
_BEFORE_HEAD = re.compile(r"(?<=[a-z)\d]) (?=[A-Z][\w’'/-]+(?: [A-Z][\w’'/-]+){0,4}:)")
#: what stands in brackets is named there as what stands outside
_BRACKETS = str.maketrans("()[]", ";;;;")
#: "bone fracture (not spontaneous), bone necrosis": what the bracket denies is of the name before it
_ASIDE = re.compile(r";\s?not [a-z -]{3,30};")
#: "fatal and non-fatal liver failure" is one reaction
_FATAL = re.compile(r"\b(?:fatal (?:and|or) non-?fatal|non-?fatal (?:and|or) fatal)\b")
#: rows of a flattened table that begin with small letters ("nausea 1.5 2.2"), and those that begin with capitals
_SMALL_ROW = re.compile(r"(?<=[\d%)] )[a-z]{4,} [a-z ,/-]*(?=[\d<])")
_CAPITAL_ROW = re.compile(r"(?<=[\d%)] )[A-Z][a-z]{3,}")
#: names that only say who or what: "patients receiving …", "reflect …", "serum sodium concentrations"
_NO_NAME = re.compile(
    r"^(?:(?:.* )?(?:sections?|exceeding|receiving|summari[sz]es|agents?|inhibitors?|tablets?|capsules?|group|arm|doses?)(?: .*)?|"
    r"reflect .*|reactions? [a-z]|serum [a-z]+|(?:serum|plasma|therapeutic) .*concentrations?|acute conditions?|"
    r"(?!.*(?:crease|elevat|reduc|abnormal|high|low|chang|raised|fluctuat)).* levels?)$"
)
_FEELING = r"\bfeeling (?:abnormal|cold|hot|drunk|jittery|of [a-z]+|unwell)\b"


@cache
def _any_of(*types: str) -> str:
    """A pattern for any term of these types, the longest first."""
    rows = [row["terms"] for row in table("label_words") if row["type"] in types]
    terms = {term.strip() for row in rows for term in row.split(",")}
    return "|".join(re.escape(term) for term in sorted(terms, key=lambda term: (-len(term), term)))


@cache
def _heads() -> tuple[re.Pattern[str], ...]:
    """Headings of groups in lower-case text: "nervous system disorders", and before a colon ("Respiratory: cough")."""
    systems = rf"(?:{_any_of('system')})"
    return (
        re.compile(
            rf"(?:\b{systems}{_JOINT})+(?:{_any_of('group')})\b(?: \([^)]*\))?|"
            r"\binfections and infestations\b|\bmetabolism and nutrition\b|\bbody as a whole\b|"
            r"\b(?:injury, )?poisoning and procedural\b|\bneoplasms[^.]{0,60}polyps\)?"
        ),
        re.compile(rf"\b(?:(?:{systems}|symptoms|reactions|infrequent|frequent|rare)(?:{_JOINT})?)+\s?:"),
    )


@cache
def _titles() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """The same headings in a text that has lost its colons and lines, known by their capitals.

    At a row of a table of capitals ("3% Digestive Nausea 2%"), with a noun before small letters or a number
    ("Hematologic Reactions 1. anemia"), and at a row of a table of small letters ("1.5 Skin rash 2.2").
    """
    word = rf"(?:{_any_of('system')}|systemic|hypersensitivity|allergic)"
    systems = rf"(?i:(?:{word}(?:,? and |, |/| & | |-))*{word})"
    return (
        re.compile(rf"(?<=[\d%)] )(?i:{_any_of('table-head')})(?= [A-Z])"),
        re.compile(
            rf"(?:^|(?<=[a-z0-9%),;:.] ))(?=[A-Z])(?:{systems} (?:Reactions?|System|Disorders?|Effects?|Disturbances)|"
            r"(?:Dermat|Neur|Hemat|Ur|Ophthalm)ologic(?:al)?|Genitourinary|Musculoskeletal|Ophthalmic|Psychiatric|Endocrine)"
            r"(?= (?:\d+\.|[a-z]))"
        ),
        re.compile(
            rf"(?<=[\d%)] )(?=[A-Z])(?:{systems}(?: (?:Reactions?|System|Disorders?))?|Heart Rate/Rhythm)(?= [a-z])"
        ),
    )


@cache
def _findings() -> re.Pattern[str]:
    measured, changed = f"(?:{_any_of('measured', 'faculty')})", f"(?:{_any_of('changed')})"
    return re.compile(
        rf"\b{measured}\b[a-z ]{{0,30}}\b{changed}\b|\b{changed}(?: in| of)? (?:[a-z]+ ){{0,2}}{measured}\b|{_FEELING}"
    )


@cache
def _counted() -> re.Pattern[str]:
    return re.compile(rf"^(?:(?:{_any_of('counting')}) )*(?:{_any_of('counted')}) (?:of|toward) (?:the |an? )?")


@cache
def _empty() -> re.Pattern[str]:
    return re.compile(rf"^(?:(?:{_any_of('before')}) )*(?:{_any_of('empty')})$")


@cache
def _watched() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any_of('watched')})\b")


def quietened(low: str, text: str) -> str:
    """``low`` with headings of groups, and what is no word of a statement, as separators of the same length.

    ``text`` is the same statement as it stands, with its capitals.
    """
    low = _GAP.sub(lambda m: ";" + " " * (len(m.group()) - 1), low)
    low = _FATAL.sub(lambda m: " " * len(m.group()), low)
    in_words, labelled = _heads()
    for pattern in (in_words, _NOISE, labelled):
        low = pattern.sub(lambda m: ";" + " " * (len(m.group()) - 1), low)
    for m in _BEFORE_HEAD.finditer(text):
        low = f"{low[: m.start()]};{low[m.end() :]}"
    of_row, with_noun, among_small = _titles()
    heads = [*of_row.finditer(text), *with_noun.finditer(text)]
    if len(_SMALL_ROW.findall(text)) > len(_CAPITAL_ROW.findall(text)):  # a capital there is that of a head
        heads += among_small.finditer(text)
    for m in heads:
        low = f"{low[: m.start()]};{' ' * (m.end() - m.start() - 1)}{low[m.end() :]}"
    return _ASIDE.sub(lambda m: " " * len(m.group()), low.translate(_BRACKETS))


def plain_name(name: str) -> str:
    """``name`` without what is counted before the reaction itself: "increased incidence of rash" is a rash."""
    return _counted().sub("", name)


def names_a_reaction(phrase: str) -> bool:
    """Whether a phrase is a symptom, sign or disease, or a finding of a laboratory."""
    return clinical(phrase) or is_finding(phrase)


def is_finding(phrase: str) -> bool:
    """Whether a phrase begins with, or holds, what is measured and how it changed ("decreased appetite")."""
    return _findings().search(phrase) is not None


def names_nothing(name: str) -> bool:
    """Whether a name is of no reaction though its words are clinical ("serious adverse events")."""
    return _empty().match(name) is not None or _NO_NAME.match(name) is not None


def is_watched(low: str) -> bool:
    """Whether a heading is about whom to watch, or with what, and not about a risk."""
    return _watched().search(low) is not None
