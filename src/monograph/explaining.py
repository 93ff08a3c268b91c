"""Why a fact was made, or a sentence passed over: the rules, lead-ins, cues and scopes, with the lines to mend.

Everything is told in terms of the tables in ``extraction/rules``, so that a domain expert can change a line of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monograph.document import Document
from monograph.errors import UnknownName
from monograph.extraction import Trace, extract
from monograph.extraction.context import Role
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import rule_place
from monograph.facts import Fact

__all__ = ["Explained", "explain", "select"]


@dataclass(frozen=True, slots=True)
class Explained:
    """One sentence or list item of a document, and what extraction did with it.

    ``start`` and ``end`` are offsets in the document's text, ``line`` counts from 1. ``section`` and ``items`` are what
    the section and the list are about, each with the rule that says so; ``lead_in`` is the list's introduction.
    ``made`` are the facts; ``assessed`` and ``passed`` are lines that tell what was found beside them, and why nothing
    came of the rest.
    """

    line: int
    start: int
    end: int
    text: str
    heading: str | None
    section: str | None
    items: str | None
    lead_in: str | None
    made: tuple[Fact, ...]
    assessed: tuple[str, ...]
    passed: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The same as plain values; of facts, what they say and the rule with its place."""
        return {
            "line": self.line,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "heading": self.heading,
            "section": self.section,
            "list": self.items,
            "lead_in": self.lead_in,
            "made": [
                {
                    "kind": f.kind,
                    "value": f.value,
                    "polarity": f.polarity,
                    "certainty": f.certainty,
                    "rule": ruled(f.rule),
                }
                for f in self.made
            ],
            "assessed": list(self.assessed),
            "passed_over": list(self.passed),
        }


def explain(document: Document) -> list[Explained]:
    """Every sentence and list item of ``document`` that extraction read, in the order of the text.

    Raises UnknownName where the document yields no facts at all, with the reason (no drug, a language without rules).
    """
    trace = Trace()
    extraction = extract(document, trace=trace)
    if extraction.problem is not None:
        raise UnknownName(f"{document.identifier}: {extraction.problem}")
    kept: set[tuple[str, str, str]] = {(f.kind, f.value, f.polarity) for f in extraction.facts}
    return [_explained(document, trace, sentence, kept) for sentence in trace.sentences]


def select(explained: list[Explained], wanted: str) -> list[Explained]:
    """Those that ``wanted`` names: a line number, else words of the sentence or of a fact (``kind:value`` too).

    Raises UnknownName where it names none.
    """
    if wanted.isdigit():
        found = [e for e in explained if e.line == int(wanted)]
        found = found or [e for e in explained if e.line <= int(wanted)][-1:]
    else:
        low = wanted.casefold()
        kind, _, value = low.partition(":")
        found = [
            e
            for e in explained
            if any(low in f.value.casefold() or (f.kind == kind and value in f.value.casefold()) for f in e.made)
        ] or [e for e in explained if low in e.text.casefold()]
    if not found:
        raise UnknownName(
            f"no sentence and no fact is named by '{wanted}' - name a line, words of a sentence, or a value"
        )
    return found


def ruled(rule: str) -> str:
    """A rule's identifier with the place of its line, where it is a line of a table."""
    place = rule_place(rule)
    return f"{rule} ({place})" if place else rule


def _explained(document: Document, trace: Trace, sentence: Sentence, kept: set[tuple[str, str, str]]) -> Explained:
    place = trace.place(sentence)
    view, block = document.views[sentence.block], document.blocks[sentence.block]
    start, end = view.span(sentence.start, sentence.end)
    context = trace.contexts[sentence.block]
    # two rules may read the same; the first is what the fact names
    facts = {(f.kind, f.value, f.polarity): f for f in reversed(trace.made.get(place, []))}
    made = tuple(f for key, f in reversed(facts.items()) if key in kept)
    dropped = (f for key, f in reversed(facts.items()) if key not in kept)
    passed = [
        f"{step.what + ': ' if step.what else ''}{step.why} [{ruled(step.rule)}]"
        for step in trace.passed.get(place, ())
    ]
    passed += [
        f"{f.value}: read as {f.kind}, left out for what else the sentence, or its section, states [{ruled(f.rule)}]"
        for f in dropped
    ]
    if not made and not passed and block.kind != "heading":
        passed.append("no rule of any table matches: a new line in statements.tsv or effect_cues.tsv could read it")
    return Explained(
        line=document.text.count("\n", 0, start) + 1,
        start=start,
        end=end,
        text=sentence.text,
        heading=document.sections[block.section].heading if block.section is not None else None,
        section=_role(context.section),
        items=_role(context.items),
        lead_in=context.lead[-1].text if context.lead else None,
        made=made,
        assessed=tuple(_assessed(trace, sentence)),
        passed=tuple(passed),
    )


def _role(role: Role | None) -> str | None:
    return f"{role.name} [{ruled(role.rule)}]" if role is not None else None


def _assessed(trace: Trace, sentence: Sentence) -> Iterator[str]:
    for step in trace.assessed.get(trace.place(sentence), ()):
        said = step.assertion
        verdict: str = "nothing is stated of it" if said.blocked else said.polarity
        verdict += ", hedged" if said.certainty == "hedged" and not said.blocked else ""
        cue = f" by '{sentence.text[slice(*said.cue)]}'" if said.cue else ""
        reach = f", which reaches over '{sentence.text[slice(*said.scope)].strip()}'" if said.scope else ""
        yield f"{step.mention}: {verdict}{cue}{reach} [{ruled(said.rule or '')}]"
