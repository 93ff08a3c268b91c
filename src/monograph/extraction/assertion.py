"""Does a sentence assert, deny, leave open or merely mention what it names: cues and their scopes.

The cues are ``rules/assertion.tsv``, whose head explains the columns; how far a cue reaches follows from the clauses
(:mod:`monograph.extraction.clauses`). A small grammar of our own rather than a ConText implementation: on the kinds of
sentences that matter here (negated actions, denial after the concept, failed aims, placebo arms) those leak two denials
in three and lose one statement in four (``benchmarks/assertion.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from monograph.errors import MonographError
from monograph.extraction.clauses import Clauses, clauses
from monograph.extraction.rules import OTHER, Rule, candidates, rules
from monograph.facts import Certainty, Polarity

__all__ = ["Assertion", "assess", "denies_what_it_does"]

#: what a rule's option ``for`` names, for each kind of fact
_GROUPS = {
    "adverse-effect": "effect",
    "withdrawal-symptom": "effect",
    "overdose-symptom": "effect",
    "allergic-symptom": "effect",
    "indication": "use",
    "interaction": "interaction",
    "contraindication": "condition",
    "precaution": "condition",
    "population": "population",
    None: "any",
}
#: the groups to which a rule without the option applies
_USUAL = frozenset(["effect", "use", "interaction", "any"])


@dataclass(frozen=True, slots=True)
class Assertion:
    """Polarity and certainty of a mention; ``blocked`` mentions state nothing.

    ``rule`` decided, by the words ``cue`` of the sentence, which reach over ``scope``; all None where nothing did.
    """

    polarity: Polarity = "asserted"
    certainty: Certainty = "stated"
    blocked: bool = False
    rule: str | None = None
    cue: tuple[int, int] | None = None
    scope: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Scope:
    start: int
    end: int
    effect: str
    rule: str
    cue: tuple[int, int]
    groups: frozenset[str]
    holes: tuple[tuple[int, int], ...] = ()
    voidable: bool = True

    def holds(self, start: int, end: int) -> bool:
        """Whether a mention stands in the scope: not in a hole, and the cue is no part of it."""
        if not (self.start <= start and end <= self.end + 1) or (start < self.cue[1] and self.cue[0] < end and
                                                                 self.start == self.cue[1]):  # fmt: skip
            return False
        return not any(a <= start < b for a, b in self.holes)


_PLAIN = Assertion()


def assess(
    low: str, start: int, end: int, *, passing: frozenset[str] = frozenset(), kind: str | None = None
) -> Assertion:
    """What the sentence ``low`` does with the mention ``low[start:end]``, as a fact of ``kind``.

    Rules named in ``passing`` do not count. Denial of an action is none of its effect; a hedge leaves the polarity.
    """
    if len(low) > _LONGEST:
        return _assess_around(low, start, end, passing, kind)
    group = _GROUPS.get(kind, "any")
    decided: _Scope | None = None
    hedge: _Scope | None = None
    for scope in _scopes(low):
        if group not in scope.groups or scope.rule in passing or not scope.holds(start, end):
            continue
        if scope.effect == "hedged":
            hedge = hedge or scope
        elif decided is None or _RANK[scope.effect] > _RANK[decided.effect]:
            decided = scope
    if decided is None and hedge is None:
        return _PLAIN
    certainty: Certainty = "hedged" if hedge else "stated"
    why = decided or hedge
    assert why is not None
    reach = (why.start, why.end)
    if decided is None:
        return Assertion("asserted", certainty, False, why.rule, why.cue, reach)
    if decided.effect == "blocked":
        return Assertion(blocked=True, rule=why.rule, cue=why.cue, scope=reach)
    polarity: Polarity = "negated" if decided.effect == "negated" else "not-established"
    return Assertion(polarity, certainty, False, why.rule, why.cue, reach)


#: of a longer sentence only what stands around the mention is read, so that the cost stays linear
_LONGEST = 1500


def _assess_around(low: str, start: int, end: int, passing: frozenset[str], kind: str | None) -> Assertion:
    begin = max(0, start - _LONGEST // 3)
    begin = low.rfind(" ", 0, begin) + 1 if begin else 0
    part = low[begin : min(len(low), start + _LONGEST // 3)]
    said = assess(part, start - begin, min(end - begin, len(part)), passing=passing, kind=kind)
    if said.cue is None or said.scope is None:
        return said
    cue, scope = ((a + begin, b + begin) for a, b in (said.cue, said.scope))
    return replace(said, cue=cue, scope=scope)


#: of several cues the one that decides
_RANK = {"negated": 1, "not-established": 2, "blocked": 3}


def denies_what_it_does(low: str, end: int) -> bool:
    """Whether the clause whose subject ends at ``end`` denies its verb: "alcohol does not change …"."""
    begin = max(0, end - _LONGEST // 3)
    low, end = low[begin : end + _LONGEST // 3], end - begin
    stop = clauses(low).reach(end, end)[1]
    return any(s.effect == "negated" and "any" in s.groups and end <= s.cue[0] < stop and s.start >= s.cue[0]
               for s in _scopes(low))  # fmt: skip


@cache
def _by_word() -> dict[str, frozenset[str]]:
    """The rules with the option ``needs``, by its words."""
    out: dict[str, set[str]] = {}
    for rule in rules("assertion"):
        for word in rule.options.get("needs", "").replace("\\x02", OTHER).split("|"):
            out.setdefault(word, set()).add(rule.identifier)
    return {word: frozenset(names) for word, names in out.items() if word}


@lru_cache(maxsize=16384)
def _rules_of(token: str) -> frozenset[str]:
    """The rules that need a word of the sentence; a short needed word must begin or end it."""
    bare = token.strip("()[]\"',;:.?!")
    return frozenset().union(
        *(
            names
            for word, names in _by_word().items()
            if word in token and (len(word) > _SHORT or bare.startswith(word) or bare.endswith(word))
        )
    )


#: needed words up to this length stand inside many others ("no" in "another")
_SHORT = 4


@lru_cache(maxsize=512)
def _scopes(low: str) -> tuple[_Scope, ...]:
    """The cues of a sentence with their reach; cues inside a denied action or a denied denial are passed over."""
    called = candidates("assertion", low)
    if any("needs" in rule.options for rule in called):
        needed = set().union(*map(_rules_of, low.split()))
        called = tuple(rule for rule in called if "needs" not in rule.options or rule.identifier in needed)
    hits = [(rule, cue) for rule in called for cue in _cues(low, rule)]
    if not hits:
        return ()
    parts = clauses(low)
    voids = [cue for rule, cue in hits if rule.role == "void"]
    exempt = [(cue[0], parts.phrase_end(cue[1])) for rule, cue in hits if rule.role == "except"]
    out = []
    for rule, cue in hits:
        if rule.role in {"void", "except"} or (scope := _scope(low, rule, cue, parts)) is None:
            continue
        if scope.voidable and any(a < cue[1] and cue[0] < b for a, b in voids):
            continue
        if exempt and scope.effect != "hedged":
            if any(a <= cue[0] < b for a, b in exempt):
                continue
            scope = replace(scope, holes=(*scope.holes, *exempt))
        out.append(scope)
    return tuple(out)


def _cues(low: str, rule: Rule) -> list[tuple[int, int]]:
    """Where the words of a rule stand; one that must begin a clause is looked for only at their beginnings."""
    if rule.options.get("at") != "clause":
        return [match.span() for match in rule.pattern.regex.finditer(low)]
    found = (rule.pattern.match(low, begin) for begin in clauses(low).begins)
    return [match.span() for match in found if match is not None]


def _scope(low: str, rule: Rule, cue: tuple[int, int], parts: Clauses) -> _Scope | None:
    options = rule.options
    direction = options.get("direction", "forward")
    if direction == "backward" and rule.role == "negated" and _DEFINES.search(low, max(0, cue[0] - 40), cue[0]):
        return None
    begin, stop, holes = parts.reach(cue[0], cue[1], level=_REACH[options.get("reach", "clause")])
    if options.get("near") and not parts.says(begin, stop):
        begin, stop = (
            max(begin, low.rfind(",", begin, cue[0]) + 1),
            min(stop, (low.find(",", cue[1], stop) + 1 or stop + 1) - 1),
        )
    if (unless := options.get("unless")) and _found_outside(unless, low, begin, stop, holes):
        return None
    if (barred := options.get("barred")) and _compiled(barred).search(low, *cue):
        return None
    if (never := options.get("never")) and _compiled(never).search(low):
        return None
    if (until := options.get("until")) and (cut := _compiled(until).search(low, cue[1], stop)):
        stop = cut.start()
    begin, stop = _between_figures(low, cue, begin, stop)
    groups = frozenset(options["for"].split(",")) if "for" in options else _GROUPS_OF.get(rule.role, _USUAL)
    if direction == "forward":
        begin = cue[1]
        stop = _forward_stop(low, cue, stop)
    elif direction == "backward":
        begin, stop = max(begin, _backward_start(low, cue)), cue[0]
    if rule.role == "blocked" and (begun := _COMPARES.search(low, 0, cue[0])) is not None:
        begin = max(begin, begun.start())  # "41 % felt drowsy (as did 22 % of those on placebo)"
    voidable = rule.role in {"negated", "not-established"} and options.get("void") != "never"
    return _Scope(begin, stop, rule.role, rule.identifier, cue, groups, holes, voidable)


def _between_figures(low: str, cue: tuple[int, int], begin: int, stop: int) -> tuple[int, int]:
    """The reach of a cue cut at figures side by side: behind them stand other rows of a table that lost its marks."""
    before = [m.end() for m in _FIGURES.finditer(low, begin, cue[0])]
    after = _FIGURES.search(low, cue[1], stop)
    return (before[-1] if before else begin), (after.start() if after else stop)


_FIGURES = re.compile(r"(?<![\d.])\d+(?:\.\d+)?%?\)? +\(?\d+(?:\.\d+)?%?(?=[ )])")


def _forward_stop(low: str, cue: tuple[int, int], stop: int) -> int:
    """Where a cue that reaches forward ends at the latest: with its bracket, or with the clause that describes a thing."""
    if low.rfind("(", 0, cue[0]) > low.rfind(")", 0, cue[0]) and (closing := low.find(")", cue[1], stop)) >= 0:
        stop = closing
    described = _DESCRIBES.search(low, max(0, cue[0] - 40), cue[0]) and not _ACTS.match(low, cue[1])
    if described and (end := _DESCRIBED.search(low, cue[1], stop)):
        stop = end.start()
    return stop


def _backward_start(low: str, cue: tuple[int, int]) -> int:
    """Where a cue that reaches back begins at the earliest: in its bracket, where that explains a thing in a clause."""
    opened = low.rfind("(", 0, cue[0])
    explains = opened > low.rfind(")", 0, cue[0]) and re.match(
        r"\((?:where|when|in which|which|that|who|unless|if) ", low[opened:]
    )
    return opened if explains else 0


#: an open bracket that only compares with what stands before it
_COMPARES = re.compile(r"\((?:as (?:did|was|were|had)|against|versus|vs\.?|compared|and|placebo|\d)[^()]*$")
#: "trembling that cannot be controlled, headache", "if you do not have enough sleep, dizziness"
_DESCRIBES = re.compile(
    r"[a-z]\)? (?:(?:that|which|who)(?: (?:do|does|did|can|could|may|might|will|is|are|was|were|have|has|had))?|where(?: [a-z]+){1,3}"
    r"|(?:if|when)(?: (?!it\b|they\b|this\b|these\b|the\b)[a-z]+){1,3}) ?$"
)
#: what a clause says of an effect, and of no thing: "medicines that do not cause drowsiness, headache"
_ACTS = re.compile(
    r"\s*(?:\w+ly )?(?:be |been |to )*(?:cause(?! (?:any )?symptoms)|lead|ma[dk]e|give|produce|affect|bring|result|trigger|increase|raise|harm|show|"
    r"associated|linked|known|expected|seen|reported|likely)"
)
_DESCRIBED = re.compile(r"[,(]")
#: a clause that says which thing is meant denies nothing: "sores that are not there", but "an effect that was not seen"
_DEFINES = re.compile(
    r"(?<!,)(?<!\beffect)(?<!\beffects)(?<!\bproblem)(?<!\bproblems)(?<!\bsomething)(?<!\bone)(?<!\bones)"
    r"(?<!\brisk)(?<!\breaction)(?<!\breactions)(?<!\btrouble)(?<!\bworry)(?<!\bfear)\s(?:that|which)\s(?:\w+ly\s)?$"
)
#: the option ``reach`` as the strength of the breaks that end it
_REACH = {"clause": 0, "subject": 1, "sentence": 2, "all": 3}
_GROUPS_OF = {"hedged": _USUAL | {"condition", "population"}}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern.replace("\\x01", "\x01").replace("\\x02", "\x02"))
    except re.error as problem:
        raise MonographError(
            f"assertion.tsv: option {pattern!r} is no regular expression ({problem}) - mend it; it may hold no semicolon"
        ) from problem


def _found_outside(pattern: str, low: str, begin: int, stop: int, holes: tuple[tuple[int, int], ...]) -> bool:
    return any(not any(a <= m.start() < b for a, b in holes) for m in _compiled(pattern).finditer(low, begin, stop))
