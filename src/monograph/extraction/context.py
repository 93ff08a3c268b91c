"""What a list or a section is about: the role of each block by its lead-in first, then by its headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from monograph.extraction.concepts import split
from monograph.extraction.identity import Subject
from monograph.extraction.occasions import occasion, occasion_before
from monograph.extraction.reading import Reading, Sentence, lower, mask
from monograph.extraction.rules import candidates, table
from monograph.extraction.spotting import holds_a_verb, names_a_state

__all__ = ["Context", "Contexts", "Role"]

#: roles under which nothing is said of the drug's effects
SILENT = frozenset({"disease", "other-drugs", "lifestyle", "none"})
#: a paragraph in the form of a heading: a capital first, no stop inside or at the end, but a colon where it is short
_SUBHEAD = re.compile(r"(?:\d+[.)]\s+)?[A-Z][^.;:!]{2,80}\??|[A-Z][a-z-]+(?:[ ,/]+[a-z-]+){0,3}:")
#: the standing sentence that opens the side effects, also where a converter lost their heading
_SIDE_EFFECTS = re.compile(
    r"(?:(?:4\.? )?Possible side effects )?Like all (?:medicines|vaccines|medicinal products), [^.]{1,60} can cause side effects",
    re.I,
)
#: the parts of a leaflet whose subhead a converter ran into the text, which go on up to the next
_HELD = frozenset(
    f"headings:{rule}"
    for rule in ("other-medicines", "contraindication", "precaution", "pregnancy", "driving", "excipients")
)
#: such a subhead at the end of what stands before it
_HEADS_INSIDE = re.compile(
    r"(?<=[.)\]:;a-z] )(Other medicines and [A-Z]\S+(?: [A-Z]\S+)?|Warnings and precautions|Pregnancy(?:,| and) breast-?feeding(?:,?(?: and)? fertility)?|"
    r"Driving and using machines)(?=\s*$| (?:Tell|Talk|Ask|If|Do not|The|You|Your|There|This|It|Before|When|Some|As|No)\b)"
)
_NUMBER = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})*[.)]?\s+")


@dataclass(frozen=True, slots=True)
class Role:
    """What is stated here (``adverse-effect``, ``overdose``, …), by which rule, with the rule's options."""

    name: str
    rule: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """The role of a block's section, and that of its list where it is an item. ``lead`` is the introducing text."""

    section: Role | None
    items: Role | None = None
    lead: tuple[Sentence, ...] = ()


#: a heading that names an effect has no more words
_EFFECT_WORDS = 9
#: section and role of lines that only look like subheads: a drug's name where drugs are listed, an allergy among those
#: who must not take it
_LINES = {
    ("interaction", "other-drugs"),
    ("interaction", "indication"),
    ("contraindication", "allergy"),
    ("precaution", "allergy"),
    ("precaution", "pregnancy"),
    ("adverse-effect", "allergy"),
    ("adverse-effect", "withdrawal"),
    ("overdose", "allergy"),
    ("withdrawal", "allergy"),
}


#: what needs help at once is serious; what is to be told to a doctor need not be
_AT_ONCE = re.compile(
    r"\b(?:immediately|right away|straight ?away|urgent\w*|emergency|999|911|112|111|hospital|at once|as soon as possible|"
    r"without delay|medical (?:help|attention)|(?<!gets )(?<!get )(?<!becomes )(?<!become )serious)\b"
)
_URGENT_MEANS_SERIOUS: Mapping[str, str] = {"severity": "serious"}


#: what may stand under any section of a label and is told apart by its subhead
_OWN_OCCASIONS = frozenset(["withdrawal", "overdose", "interaction"])


class Contexts:
    """The context of every block of a reading."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._by_heading = [
            _coded().get(s.code or "") or _heading_role(s.heading, reading.subject) for s in reading.document.sections
        ]
        self._keep_codes()
        self._effect_heads = self._heads_of_effects()
        if self._by_heading and (title := self._by_heading[0]) is not None:
            several = _topics(reading.document.sections[0].heading, reading.subject) > 1
            coded = any(section.code for section in reading.document.sections)
            # a title that lists what the article has is about none of it, nor is a label's ("for oral use") or a site's
            # ("Drugs and Supplements"), and another is about much that is not said
            none = several or coded or reading.titled_by_its_site()
            self._by_heading[0] = None if none else replace(title, options={**title.options, "weak": "1"})
        self._run_in = self._run_in_roles()
        self._of_block: dict[int, Context] = {}
        self._of_list: dict[int, tuple[Role | None, tuple[Sentence, ...]]] = {}
        self._announced = self._announcements()

    def _keep_codes(self) -> None:
        """What stands under a section with a code is about what the code says, whatever its subheads are called."""
        for index, section in enumerate(self._reading.document.sections):
            above = self._by_heading[section.parent] if section.parent is not None else None
            own = self._by_heading[index]
            if (
                above is None
                or not above.rule.startswith("section_codes:")
                or (own is not None and own.rule.startswith("section_codes:"))
            ):
                continue
            kept = _OWN_OCCASIONS if above.name == "adverse-effect" else {*_OWN_OCCASIONS, "adverse-effect"}
            if own is None or own.name not in kept:
                self._by_heading[index] = above

    def of(self, block: int) -> Context:
        """The context of the block with this index."""
        if (known := self._of_block.get(block)) is None:
            known = self._of_block[block] = self._read(block)
        return known

    def _read(self, block: int) -> Context:
        document = self._reading.document
        here = document.blocks[block]
        if here.kind == "heading":  # stands in the section around the one that it opens
            if here.section is not None and (effect := self._effect_heads.get(here.section)) is not None:
                return Context(effect)
            around = document.sections[here.section].parent if here.section is not None else None
            return Context(self._section(around))
        section = self._run_in[block] or self._section(here.section)
        if here.lead_in is None:
            return Context(section)
        role, lead = self._list(here.lead_in, section)
        parent = here.parent
        if parent is not None and here.kind == "item" and document.views[parent].text.rstrip().endswith(":"):
            own = _lead_role(self._reading.sentences[parent][-1:])
            if (
                own is not None
                and own.options.get("symptoms") == "1"
                and role is not None
                and role.name == "precaution"
            ):
                return Context(section, Role("adverse-effect", own.rule), lead)  # under a warning of an effect
            if own is not None and own.name not in {"neutral", "band"}:
                role, lead = self._resolve(own, section, self._reading.sentences[parent]), (*lead,)
        return Context(section, role, lead)

    def _heads_of_effects(self) -> dict[int, Role]:
        """Headings that name an effect each after the one on side effects, with its role; under them stands advice.

        "Common side effects", then "Feeling sick" and how to cope with it, then "Headaches": all of one level.
        """
        out: dict[int, Role] = {}
        told: Role | None = None
        sections = self._reading.document.sections
        for index, section in enumerate(sections):
            role = self._by_heading[index]
            if section.code or (role is not None and role.name != "adverse-effect"):
                told = None
            elif role is not None:
                told = role
            elif told is not None and section.parent is not None and self._section(section.parent) is told:
                continue
            elif (
                told is not None and len(section.heading.split()) <= _EFFECT_WORDS and not section.heading.endswith("?")
            ):
                if _names_effects(section.heading):
                    out[index] = told
                    self._by_heading[index] = (
                        Role("lifestyle", "headings:of-an-effect") if self._over_prose(index) else told
                    )
                else:
                    told = None
            else:
                told = None
        return out

    def _over_prose(self, section: int) -> bool:
        """Whether what stands right under the heading of a section is a sentence."""
        blocks = self._reading.document.blocks
        at = next((k for k, b in enumerate(blocks) if b.section == section and b.kind != "heading"), None)
        return at is not None and self._reading.document.views[at].text.rstrip().endswith((".", "!", "?"))

    def heading(self, text: str) -> Role | None:
        """What a section with this heading is about, by its words alone."""
        return _heading_role(text, self._reading.subject)

    def _run_in_roles(self) -> list[Role | None]:
        """The role that a subhead without a heading's mark gives to what follows it.

        One that is run into its paragraph holds for that paragraph and its list, one that stands alone up to the next,
        and so do those that part the leaflets of the European Union.
        """
        out: list[Role | None] = []
        current: Role | None = None
        holds = False
        for index, block in enumerate(self._reading.document.blocks):
            if block.kind == "heading":
                current, holds = None, False
            elif head := self._reading.run_in_heads.get(index):
                current = _heading_role(head, self._reading.subject)
                holds = current is not None and current.rule in _HELD
            elif block.kind == "paragraph" and block.parent is None:
                own = self._subhead(index, current if holds else None)
                if _SIDE_EFFECTS.match(self._reading.document.views[index].text):
                    own = Role("adverse-effect", "headings:adverse")
                if own is not None:
                    current, holds = own, True
                elif not holds:
                    current = None
            out.append(current)
            if block.kind != "heading" and (inside := _HEADS_INSIDE.findall(self._reading.document.views[index].text)):
                current, holds = _heading_role(inside[-1], self._reading.subject), True
        return out

    def _announcements(self) -> dict[int, int]:
        """For the subheads that part a list, the lead-in before them: "These include:", "Physical effects", "- fits"."""
        out: dict[int, int] = {}
        announced: int | None = None
        parted = False
        blocks = self._reading.document.blocks
        for index, block in enumerate(blocks):
            if block.kind == "item":
                announced = announced if parted else None
                continue
            text = self._reading.document.views[index].text
            if block.kind == "paragraph" and text.rstrip().endswith(":") and len(text.split()) > 2:
                announced, parted = index, False
            elif announced is not None and len(text.split()) <= 6 and not text.rstrip().endswith((".", "?", ":")):
                out[index] = announced
                parted = True
            else:
                announced = None
        return out

    def _subhead(self, index: int, current: Role | None) -> Role | None:
        """The role of a paragraph that is nothing but a few words in the form of a heading."""
        text = self._reading.document.views[index].text
        if not _SUBHEAD.fullmatch(text) or len(text.split()) > 9:
            return None
        role = _heading_role(text, self._reading.subject)
        above = current or self._section(self._reading.document.blocks[index].section)
        told_of = re.search(r"\b(?:signs?|symptoms?|what|when|how)\b", text, re.I)
        if role is not None and above is not None and (above.name, role.name) in _LINES and not told_of:
            return None
        return role

    def _section(self, section: int | None) -> Role | None:
        sections = self._reading.document.sections
        while section is not None:
            if (role := self._by_heading[section]) is not None:
                return role
            section = sections[section].parent
        return None

    def _list(self, lead_in: int, section: Role | None) -> tuple[Role | None, tuple[Sentence, ...]]:
        if lead_in not in self._of_list:
            role, lead = self._read_lead(lead_in, section)
            if role is not None and role.name in {"adverse-effect", "none"} and self._concluded_allergic(lead_in):
                role = Role("allergy", "occasions:these-are-allergic", role.options)
            self._of_list[lead_in] = role, lead
        return self._of_list[lead_in]

    def _concluded_allergic(self, lead_in: int) -> bool:
        """Whether the sentence right after a list says that what it holds are signs of an allergy."""
        blocks = self._reading.document.blocks
        end = lead_in + 1
        while end < len(blocks) and blocks[end].lead_in == lead_in:
            end += 1
        after = self._reading.sentences[end][:1] if end < len(blocks) and blocks[end].kind == "paragraph" else ()
        return any(occasion_before(sentence.low) == "allergic-symptom" for sentence in after)

    def _read_lead(self, lead_in: int, section: Role | None) -> tuple[Role | None, tuple[Sentence, ...]]:
        """The role of the list after block ``lead_in``: its last sentence, else those before it, else the heading."""
        document = self._reading.document
        sentences = list(self._reading.sentences[lead_in])
        if (announced := self._announced.get(lead_in)) is not None:
            subhead = _heading_role(document.views[lead_in].text, self._reading.subject)
            role, announcing = self._list(announced, self._section(document.blocks[announced].section))
            kinds = {"withdrawal", "overdose", "allergy", "adverse-effect"}
            if role is not None and role.name in kinds and (subhead is None or subhead.name == "adverse-effect"):
                return role, (*announcing, *sentences)
        if document.blocks[lead_in].kind == "heading":
            own = document.blocks[lead_in].section
            inherited = self._section(document.sections[own].parent) if own is not None else None
            heading = self._by_heading[own] if own is not None else None
            if heading is not None and heading.name == "other-drugs":
                return heading, tuple(sentences)  # "Side effects of OTHER"
            role = _lead_role(sentences[-1:])
            if role is None or role.name in {"neutral", "band"}:
                return heading or inherited, tuple(sentences)
            return self._resolve(role, section or inherited, tuple(sentences)), tuple(sentences)
        around = self._section(document.blocks[lead_in].section)
        banded = _lead_role(sentences[-1:])
        if banded is not None and banded.name == "band" and around is not None:
            # "Children" over a label of frequency parts the side effects, and is no section on them
            if around.name == "adverse-effect":
                section = around
            elif around.name == "allergy":
                section = Role("adverse-effect", around.rule)  # after "Allergic reactions" the other effects follow
        lead: list[Sentence] = []
        of_symptoms = False
        at = lead_in
        while True:
            for number in range(len(sentences) - 1, -1, -1):
                sentence = sentences[number]
                lead.insert(0, sentence)
                if (
                    sentence.text.endswith("?") and len(sentences) == 1
                ):  # it heads what follows, and goes on with nothing
                    return _heading_role(sentence.text, self._reading.subject), tuple(lead)
                role = _lead_role((sentence,))
                calls = role is not None and (role.name == "urgent" or "call-urgent" in role.rule)
                if role is not None and calls and number and "overdose" in sentences[number - 1].low:
                    return replace(role, name="overdose"), tuple(lead)
                if role is not None and role.name == "adverse-effect" and number:
                    role = _on_its_occasion(role, sentences[number - 1].low)
                if role is not None and role.name not in {"neutral", "band"}:
                    return self._resolve(role, section, tuple(lead)), tuple(lead)
                if role is None and of_symptoms:
                    return _told_of(sentence.low), tuple(lead)
                if role is not None and role.options.get("symptoms") == "1":
                    of_symptoms = True
                if role is None:
                    decided = sentence is sentences[-1] and at == lead_in and not sentence.text.endswith(":")
                    if decided and _short(sentence):
                        return section, tuple(lead)
                    if sentence is sentences[0] and at == lead_in and (label := self._label_above(lead_in)):
                        return section, (*label, *lead)
                    return _weakly(section), tuple(lead)
            # the sentence only opens the list: what was said right before it decides, then the heading
            at -= 1
            if at < 0 or document.blocks[at].kind != "paragraph" or document.blocks[at].boilerplate:
                return section, tuple(lead)
            if document.blocks[at].section != document.blocks[lead_in].section or len(lead) > 3:
                return section, tuple(lead)
            # a label of frequency goes on with the section, not with what ends above it
            if banded is not None and banded.name == "band" and not self._reading.ends_in_colon(at):
                return section, tuple(lead)
            sentences = list(self._reading.sentences[at])[-1:]
            if sentences and (role := _lead_role(tuple(sentences))) is not None and role.name == "urgent":
                return section, tuple(lead)

    def _label_above(self, lead_in: int) -> tuple[Sentence, ...]:
        """The label of frequency right above an effect that opens a list: "Not known (…)", then "Bleeding:"."""
        blocks = self._reading.document.blocks
        text = self._reading.document.views[lead_in].text.rstrip()
        above = blocks[lead_in - 1] if lead_in else None
        if above is None or above.kind not in {"paragraph", "heading"} or above.section != blocks[lead_in].section:
            return ()
        if not text.endswith(":") or not _names_effects(text.rstrip(":")):
            return ()
        label = self._reading.sentences[lead_in - 1]
        role = _lead_role(label)
        return label if len(label) == 1 and role is not None and role.name == "band" else ()

    @staticmethod
    def _resolve(role: Role, section: Role | None, lead: tuple[Sentence, ...]) -> Role | None:
        """``urgent`` lists hold what their section is about."""
        text = " ".join(s.low for s in lead)
        if role.name == "urgent":
            name = section.name if section else None
            if name in {"overdose", "allergy", "withdrawal"}:
                assert section is not None
                return Role(section.name, role.rule, section.options)
            if name in {"adverse-effect"}:
                return Role("adverse-effect", role.rule, _URGENT_MEANS_SERIOUS if _AT_ONCE.search(text) else {})
            if name == "precaution" and re.search(r"before|if you (?:have|are|'re|'ve)", text):
                return Role("precaution", role.rule)
            return Role("none", role.rule)
        if role.rule == "leadins:signs-show" and (weak := _weakly(section)) is not None:
            return weak
        if role.rule == "leadins:disease-symptoms" and section is not None and section.name == "adverse-effect":
            return Role("adverse-effect", role.rule, {"signs": "1"})
        if role.name == "precaution" and section is not None and section.name == "adverse-effect":
            if re.search(r"\bbefore\b|ever had", text):
                return role
            return Role("adverse-effect", role.rule, _URGENT_MEANS_SERIOUS if _AT_ONCE.search(text) else {})
        elsewhere = section is not None and section.name in {"overdose", "withdrawal"}
        if role.name == "adverse-effect" and elsewhere and section and not re.search(r"side|adverse", text):
            return Role(section.name, role.rule, section.options)
        return role


def _weakly(section: Role | None) -> Role | None:
    """The section's role for a list that an unknown sentence introduces: only names that are known count there."""
    if section is None or section.name not in {"adverse-effect", "overdose", "withdrawal", "allergy", "interaction"}:
        return None
    return Role(section.name, section.rule, {**section.options, "weak": "1"})


def _told_of(low: str) -> Role | None:
    """Whose symptoms follow a sentence: those of an allergy, an overdose, a withdrawal; else nobody's, or a disease's."""
    for word, name in (
        ("allerg", "allergy"),
        ("anaphyla", "allergy"),
        ("overdos", "overdose"),
        ("withdraw", "withdrawal"),
    ):
        if word in low:
            return Role(name, "leadins:its-symptoms")
    return None


def _short(sentence: Sentence) -> bool:
    return len(sentence.text) <= 160


def _names_effects(heading: str) -> bool:
    """Whether a heading says nothing but what is wrong: "Feeling sick or vomiting", "A fast heartbeat"."""
    low = lower(heading)
    concepts = split(low, 0, len(low), heading)
    return bool(concepts) and all(names_a_state(c.name) for c in concepts) and not holds_a_verb(low)


@cache
def _coded() -> Mapping[str, Role]:
    """LOINC code of a label's section -> what it is about (``rules/section_codes.tsv``)."""
    return {row["code"]: Role(row["role"], f"section_codes:{row['code']}") for row in table("section_codes")}


def _heading_role(heading: str, subject: Subject) -> Role | None:
    low = _NUMBER.sub("", mask(heading, subject))
    for rule in candidates("headings", low):
        if rule.pattern.search(low):
            return Role(rule.role, rule.identifier, rule.options)
    return None


def _topics(heading: str, subject: Subject) -> int:
    """How many different roles the parts of a heading would have ("Uses, dosage & side effects": three)."""
    parts = [part for part in re.split(r"[,:;&/|(]|\band\b", heading) if part.strip()]
    return len({role.name for part in parts if (role := _heading_role(part, subject)) is not None})


_OCCASIONS = {"overdose-symptom": "overdose", "withdrawal-symptom": "withdrawal"}


def _on_its_occasion(role: Role, before: str) -> Role:
    """A list of effects after a sentence on too much of the drug, or on stopping: "If you use more … You may have:"."""
    told = _OCCASIONS.get(occasion(before) or "") if before.startswith(("if ", "when ", "after ")) else None
    return role if told is None else replace(role, name=told)


def _lead_role(sentences: tuple[Sentence, ...] | list[Sentence]) -> Role | None:
    for sentence in sentences:
        low = sentence.low.strip()
        for rule in candidates("leadins", low):
            if rule.pattern.search(low):
                return Role(rule.role, rule.identifier, rule.options)
    return None
