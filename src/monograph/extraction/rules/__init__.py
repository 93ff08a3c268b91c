"""The rules of extraction as data: tab-separated tables that a domain expert can read and edit, and their reader.

In a pattern (a regular expression over lower-case text) a space stands for any white space; ``{drug}`` is a mention of
the document's drug, ``{name}`` one by name, ``{other}`` of another drug, ``{cause}`` a verb of causing, ``{span}`` a stretch of time. ``fires_on`` is an example that the rule
must match, ``spares`` one that it must not; the test suite runs both. In examples the drug is written ``DRUG``, another
one ``OTHER``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from monograph.screening import Choice, Screened, screened

__all__ = ["OTHER", "SUBJECT", "Rule", "candidates", "compile_pattern", "expanded", "rule_place", "rules", "table"]

#: what stands for each character of a mention of the subject and of other drugs in the text that patterns see
SUBJECT: Final = "\x01"
OTHER: Final = "\x02"

_MACROS = {
    "{drug}": (
        r"(?<![a-z])(?:(?:the |your |all |some |other )?(?:(?:use|dose|doses|form|forms|effects?|treatment|therapy|product) (?:of|with) )?"
        r"(?:(?:oral|topical|injected|intrathecal|intravenous|regular) )?\x01[\x01 /+-]*(?:'s)?"
        r"(?: \([^)]{1,60}\)|,? \(?(?:also |formerly |previously |commonly |better |often )*(?:known|sold|marketed|called) (?:under |as |by )?[^,.;()]{2,40}[,)])?"
        r"(?: (?:tablets?|capsules?|liquid|cream|gel|ointment|injections?|solution|syrup|patch(?:es)?|treatment|therapy|use))?"
        r"(?: (?:and|or) (?:tablets?|capsules?|liquid|cream|gel|ointment|injections?))?"
        r"|\bit(?:'s)?|\bthey|\bwhich|\bthat|\bthis (?:medicine|medication|drug|product|treatment|tablet|class of medicines?)"
        r"|\bthe (?:medicine|medication|drug|product|tablets?|capsules?|treatment)"
        r"|\bthese (?:medicines|medications|drugs|tablets|products))"
    ),
    "{name}": r"(?:\x01[\x01 /+-]*(?:'s)?(?: (?:tablets?|capsules?|liquid|cream|injection))?(?:,? \(?(?:also |formerly |previously |commonly |better |often )*(?:known|sold|marketed|called) (?:under |as |by )?[^,.;()]{2,40}[,)])?)",
    "{other}": r"\x02[\x02 -]*",
    "{doctor}": (
        r"(?:(?:your|the|a|our|their) (?:child's )?(?:own )?(?:doctor|physician|pharmacist|gp|nurse|prescriber|provider|clinician|midwife|dentist|specialist|surgeon|"
        r"(?:health ?care|health|medical|prescribing|diabetes) (?:provider|professional|team|practitioner)|(?:care )?team)(?:,? (?:or|and) (?:your |the )?(?:pharmacist|nurse|doctor|midwife|dentist|(?:health ?care|care) (?:provider|team)))*)"
    ),
    "{span}": (
        r"(?P<bound>at least |a minimum of |up to |about |around |another |a further )?(?P<low>\d+|one|two|three|four|five|six|seven|ten|twelve)"
        r"(?: ?(?:to|-|or) ?(?P<high>\d+))?[ -]?(?P<unit>day|week|month)s?\b(?P<then> after [^.;,:()]{3,60})?"
    ),
    "{cause}": (
        r"(?:causes?|leads? to|results? in|triggers?|induces?|produces?|brings? (?:on|about)|brings?(?! (?:back|down|relief|out of))|sets? off|provokes?|"
        r"gives? you|gives? rise to|ends? in)"
    ),
}


#: a character class, or a space with its quantifier
_SPACE = re.compile(r"(?P<class>\[(?:\\.|[^\]\\])+\])| (?P<quantifier>[?*+]?)")


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern of the tables as a compiled regular expression."""
    return re.compile(expanded(pattern))


def expanded(pattern: str) -> str:
    """A pattern of the tables as a regular expression: macros expanded, a space matches any white space."""
    if pattern.startswith("(?P<object>"):
        # a phrase before its verb begins where its clause does: tried from every letter, it costs a hundred times more
        pattern = r"(?:^|(?<=[.;:]))\s*" + pattern
    for macro, meaning in _MACROS.items():
        pattern = pattern.replace(macro, meaning)
    return _SPACE.sub(
        lambda m: m.group("class") or (r"\s*" if m.group("quantifier") in {"?", "*"} else r"\s+"), pattern
    )


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``name.tsv`` by column, and their ``line``; lines that start with ``#`` are comments.

    Raises ValueError where a row has another number of columns than the head, naming file and line.
    """
    text = files(__name__).joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    head: list[str] | None = None
    out: list[Mapping[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if head is None:
            head = cells
            continue
        cells += [""] * (len(head) - len(cells))
        if len(cells) != len(head):
            raise ValueError(f"{name}.tsv:{number}: {len(cells)} columns, the head has {len(head)}")
        out.append(dict(zip(head, (c.strip() for c in cells), strict=True), line=str(number)))
    return tuple(out)


def _doing(pattern: str) -> str:
    """The same as :func:`expanded`, where ``{what}`` stands for one to three words that name parts of the body or faculties."""
    known = {w for row in table("heads") if row["type"] == "faculty" for w in row["words"].split()}
    known |= {w for row in table("modifiers") if row["type"] == "body" for w in row["words"].split()}
    word = "(?:" + "|".join(sorted(map(re.escape, known))) + ")"
    return expanded(pattern.replace("{what}", f"{word}(?: {word}){{0,2}}(?: rate)?\\b"))


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a rule table. ``options`` are its ``key=value`` pairs."""

    identifier: str
    role: str
    pattern: Screened
    options: Mapping[str, str] = field(default_factory=dict)
    fires_on: str = ""
    spares: str = ""
    line: int = 0


def rule_place(identifier: str) -> str | None:
    """Where the rule that an identifier names stands ("statements.tsv:12"), None for what is no line of a table."""
    name, _, rule = identifier.rpartition(":")
    name = name.rpartition(":")[2]
    try:
        found = next((row for row in table(name) if row.get("rule") == rule), None)
    except OSError:
        return None
    return f"{name}.tsv:{found['line']}" if found else None


@cache
def rules(name: str) -> tuple[Rule, ...]:
    """The rules of ``name.tsv``, in their order: the first that matches wins where only one can."""
    out = []
    for row in table(name):
        options = dict(pair.split("=", 1) for pair in row.get("options", "").split(";") if "=" in pair)
        out.append(
            Rule(
                f"{name}:{row['rule']}",
                row["role"],
                screened(
                    (_doing if "{what}" in row["pattern"] else expanded)(row["pattern"]), f"{name}.tsv:{row['line']}"
                ),
                options,
                row.get("fires_on", ""),
                row.get("spares", ""),
                int(row["line"]),
            )
        )
    return tuple(out)


@cache
def _choice(name: str) -> Choice[Rule]:
    return Choice(rules(name), lambda rule: rule.pattern)


def candidates(name: str, low: str) -> tuple[Rule, ...]:
    """The rules of ``name.tsv`` whose required words stand in ``low``, in their order."""
    return _choice(name).of(low)
