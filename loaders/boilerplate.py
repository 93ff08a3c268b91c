"""Which blocks of an article state nothing about the drug: adverts, disclaimers, navigation, contacts, references.

The rules are ``boilerplate.tsv`` beside this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from monograph.document import Block, Section, shown
from monograph.screening import Choice, Screened, screened

__all__ = ["BoilerplateRule", "mark_boilerplate", "rules"]


@dataclass(frozen=True, slots=True)
class BoilerplateRule:
    """``reason`` for a block whose text (or whose heading, by ``scope``) matches ``pattern``."""

    reason: str
    scope: str
    pattern: Screened
    matches: str
    spares: str


@cache
def rules() -> tuple[BoilerplateRule, ...]:
    """The rows of ``boilerplate.tsv``."""
    out = []
    text = files("monograph.loaders").joinpath("boilerplate.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith(("#", "reason\t")):
            continue
        reason, scope, pattern, matches, spares = line.split("\t")
        out.append(BoilerplateRule(reason, scope, screened(pattern), matches, spares))
    return tuple(out)


#: what a block is, its first words tell; and no rule runs over a megabyte without a space
_READ = 600


def plain(text: str) -> str:
    """Lower case with straight quotes, as the patterns expect."""
    return text.lower().replace("’", "'").replace("‘", "'")


def reason_for(text: str, scope: str) -> str | None:
    """Why a block (or a section by its heading) with this text is boilerplate, or None."""
    low = plain(text[:_READ])
    return next((rule.reason for rule in _of_scope(scope).of(low) if rule.pattern.regex.search(low)), None)


@cache
def _of_scope(scope: str) -> Choice[BoilerplateRule]:
    return Choice((rule for rule in rules() if rule.scope == scope), lambda rule: rule.pattern)


#: what a page's first line may be ("Skip to main content"): it holds for what stands right under it, not for the page
_OF_THE_SITE = "navigation"


def mark_boilerplate(text: str, sections: Sequence[Section], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """``blocks`` with their boilerplate named; a section's reason holds for all that stands under its heading.

    Where a converter put a leaflet's side effects under "How to store", the sentence that opens them ends the reason.
    """
    by_section: list[str | None] = []
    for section in sections:
        reason = reason_for(section.heading, "heading")
        if reason is None and section.parent is not None and by_section[section.parent] != _OF_THE_SITE:
            reason = by_section[section.parent]
        by_section.append(reason)
    out = []
    resumed: int | None = None
    for block in blocks:
        reason = block.boilerplate
        if reason is None and block.section is not None:
            reason = by_section[block.section]
        if reason is not None and block.kind == "paragraph" and reason_for(shown(text, block.pieces), "content"):
            resumed = block.section
        if reason is not None and resumed is not None and resumed == block.section:
            reason = None
        if reason is None:
            reason = reason_for(shown(text, block.pieces), "block")
        out.append(replace(block, boilerplate=reason) if reason != block.boilerplate else block)
    return tuple(out)
