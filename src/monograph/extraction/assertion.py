"""Does a sentence assert, deny, leave open or merely mention what it names: cues and their scopes.

The cues are ``rules/assertion.tsv``. A small grammar of our own rather than a ConText implementation: on the kinds of
sentences that matter here (negated actions, denial after the concept, failed aims, placebo arms) those were measured to
leak one in three denials and to lose one in four statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from monograph.extraction.rules import rules
from monograph.facts import Certainty, Polarity

__all__ = ["Assertion", "assess", "denies_what_it_does"]

#: where the reach of a cue ends
_BOUNDARY = re.compile(
    r"[;:]|\.\s|,? (?:but|however|although|though|yet|except|whereas|because|nevertheless|still,)\b|\s-\s"
    r"|, (?:it|you|they|this|these|the|there|your|some|which|so|and it|and you|and may|and can|\x01)\b|, \x01"
    r"|,? and (?:it|they|this|you|can|may|might|could|\x01)| (?:as|since) (?:it|this|they|you|\x01)"
)


@dataclass(frozen=True, slots=True)
class Assertion:
    """Polarity and certainty of a mention, and the rule that decided; ``blocked`` mentions state nothing."""

    polarity: Polarity = "asserted"
    certainty: Certainty = "stated"
    blocked: bool = False
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class _Scope:
    start: int
    end: int
    effect: str
    rule: str
    cue: int = 0


def assess(low: str, start: int, end: int, *, passing: frozenset[str] = frozenset()) -> Assertion:
    """What the sentence ``low`` does with the mention ``low[start:end]``; rules named in ``passing`` do not count."""
    polarity: Polarity = "asserted"
    certainty: Certainty = "stated"
    rule = None
    for scope in _scopes(low):
        if not (scope.start <= start and end <= scope.end + 1) or scope.rule in passing:
            continue
        if scope.effect == "blocked":
            return Assertion(blocked=True, rule=scope.rule)
        if scope.effect == "negated" and polarity != "not-established":
            polarity, rule = "negated", scope.rule
        elif scope.effect == "not-established":
            polarity, rule = "not-established", scope.rule
        elif scope.effect == "hedged":
            certainty = "hedged"
            rule = rule or scope.rule
    return Assertion(polarity, certainty, False, rule)


def denies_what_it_does(low: str, end: int) -> bool:
    """Whether the clause whose subject ends at ``end`` denies its verb: "alcohol does not change …"."""
    stop = next((m.start() for m in _BOUNDARY.finditer(low, end)), len(low))
    return any(scope.effect == "negated" and end <= scope.cue < stop for scope in _scopes(low))


@lru_cache(maxsize=512)
def _scopes(low: str) -> tuple[_Scope, ...]:
    """The cues of a sentence with their reach; cues inside a negated action are passed over."""
    bounds = [m.start() for m in _BOUNDARY.finditer(low)]
    actions: list[tuple[int, int]] = []
    out: list[_Scope] = []
    for rule in rules("assertion"):
        direction = rule.options.get("direction", "forward")
        for match in rule.pattern.finditer(low):
            cue = match.span()
            if rule.role == "action":
                actions.append(cue)
                continue
            if any(a < cue[1] and cue[0] < b for a, b in actions):
                continue
            if direction == "forward":
                stop = next((b for b in bounds if b >= cue[1]), len(low))
                if rule.options.get("until") and (cut := re.search(rule.options["until"], low[cue[1] : stop])):
                    stop = cue[1] + cut.start()
                out.append(_Scope(cue[1] - 1, stop, rule.role, rule.identifier, cue[0]))
            elif direction == "backward":
                begin = max((b for b in bounds if b < cue[0]), default=-1) + 1
                out.append(_Scope(begin, cue[0], rule.role, rule.identifier))
            else:
                out.append(_Scope(0, len(low), rule.role, rule.identifier))
    return tuple(out)
