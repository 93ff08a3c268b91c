"""The other forms in which a name may stand in a vocabulary; they are rows of ``forms.tsv``."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from monograph.grounding.candidates import Name, Way

__all__ = ["other_forms", "rules"]

_PREDICATE: Final = {"same": "skos:exactMatch", "close": "skos:closeMatch", "broad": "skos:broadMatch"}
_KINDS: Final = {"drug": frozenset(["drug", "product", "substance"]), "finding": frozenset(["disease", "phenotype"])}


@cache
def rules() -> tuple[dict[str, str], ...]:
    """The rows of ``forms.tsv`` by column."""
    text = files("monograph.grounding").joinpath("forms.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def other_forms(name: Name) -> Iterator[tuple[str, Way]]:
    """Each other form of ``name`` that a rule for its kinds makes, with what was done to it."""
    for rule, pattern, kinds in _rules():
        if (not name.kinds or not kinds or kinds & name.kinds) and (match := pattern.search(name.text.lower())):
            said = f"as '{match.expand(rule['becomes'])}' ({rule['name']}) "
            yield match.expand(rule["becomes"]), Way(float(rule["factor"]), said, _PREDICATE[rule["relation"]])


@cache
def _rules() -> list[tuple[dict[str, str], re.Pattern[str], frozenset[str]]]:
    return [(rule, re.compile(rule["pattern"]), _KINDS.get(rule["kind"], frozenset())) for rule in rules()]
