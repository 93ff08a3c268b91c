"""What a rule over an ontology is: a name, how grave it is, and a function that says where it is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from monograph.checks.axioms import Ontology
from monograph.checks.findings import Finding, Level
from monograph.vocabulary import compact

__all__ = ["Found", "Rule", "apply", "ruleset"]

#: IRI of the term, and what is wrong with it, in one line
Found: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """``run`` yields what it found; ``level`` is how grave each finding is."""

    name: str
    level: Level
    run: Callable[[Ontology], Iterator[Found]]


def ruleset(rules: list[Rule], level: Level) -> Callable[[Callable[[Ontology], Iterator[Found]]], Rule]:
    """Adds the function under it to ``rules``, by its name."""

    def add(run: Callable[[Ontology], Iterator[Found]]) -> Rule:
        rules.append(Rule(run.__name__, level, run))
        return rules[-1]

    return add


def apply(rules: Iterable[Rule], ontology: Ontology) -> list[Finding]:
    """The findings of ``rules`` on ``ontology``: gravest first, then by rule and place; no one twice."""
    found = {
        Finding(rule.level, rule.name, compact(where) if where else "ontology", " ".join(message.split()))
        for rule in rules
        for where, message in rule.run(ontology)
    }
    return sorted(found, key=lambda one: (_ORDER.index(one.level), one.rule, one.where, one.message))


_ORDER: tuple[Level, ...] = ("error", "warning", "info")
