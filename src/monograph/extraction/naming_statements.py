"""What a sentence calls the drug and how it acts, by ``rules/naming.tsv``: classes, brands, synonyms, mechanism."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache

from monograph.extraction.assertion import Assertion
from monograph.extraction.brands import is_no_brand
from monograph.extraction.concepts import named, phrase_end
from monograph.extraction.context import SILENT, Context
from monograph.extraction.making import Maker
from monograph.extraction.reading import Sentence, lower, other_drugs
from monograph.extraction.rules import Rule, candidates, table
from monograph.extraction.statements import refers_elsewhere
from monograph.facts import Fact
from monograph.screening import Screened

__all__ = ["class_names", "drug_classes", "labelled_classes", "sentence_names"]

#: what may stand where a brand stands ("This medicine contains …", "If you are not sure whether it contains …")
_NO_NAME = re.compile(r"(?:If|This|The|Each|It|What|Your|These|Some|Many|Other|Every|Any|When|All|Do|Check)\b")


#: where a list of names ends
_AFTER_NAMES = re.compile(
    r"\s(?:in (?:the|many|other|some|most)\b.*|and is|which|in the|among|to treat|is used|for|is a|are a)\b|[.;]"
)
#: a class in brackets after the first; what opens with an article only explains
_GLOSS = re.compile(r"\((?!an? |the |also |or |for |see )(?P<c>[a-z][a-z0-9 -]{2,50})\)")
_MARKS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\d+\]")


def plain(text: str) -> str:
    """A text without its citation marks."""
    return _MARKS.sub("", text)


@lru_cache(maxsize=4096)
def _read(pattern: Screened, low: str) -> re.Match[str] | None:
    """The first match of a rule, which is asked for twice: for what the drug belongs to, and with all else."""
    return pattern.search(low)


def sentence_names(maker: Maker, sentence: Sentence, context: Context, previous: Sentence | None) -> Iterator[Fact]:
    """The classes, names, mechanism and ways out of the body that ``sentence`` states of the drug."""
    section = context.section.name if context.section else "none"
    if (of_list := _of_mechanism_list(maker, sentence)) is not None:
        yield of_list
        return
    if _under_purpose(maker, sentence):
        yield from _purposes(maker, sentence)
        return
    silent = section in SILENT - {"none"} or (context.items is not None and context.items.name in SILENT)
    taken: list[tuple[int, int]] = []
    for rule in candidates("naming", sentence.low):
        options = rule.options
        if silent and rule.role in {"mechanism", "excretion"}:
            continue
        if (only := options.get("sections")) and section not in only.split(","):
            continue
        if (needs := options.get("needs")) and not re.search(needs, sentence.low):
            continue
        match = _read(rule.pattern, sentence.low)
        if match is None or refers_elsewhere(sentence, match, previous):
            continue
        if options.get("take") == "statement":
            start, end = match.span("object")
            if any(a < end and start < b for a, b in taken):
                continue  # one clause tells of one mechanism: the first rule that reads it decides
            if whole := list(_whole(maker, sentence, rule, match)):
                taken.append((start, end))
                yield from whole
        else:
            yield from _names(maker, sentence, rule, match)


_WAYS = re.compile(r"\b(?:works?|acts?|does this|helps?)\b[^.;]{0,60}?\b(?:by|ways?|steps|how)\b[^.;]{0,40}:$")


def _of_mechanism_list(maker: Maker, sentence: Sentence) -> Fact | None:
    """What an item says of the way the drug works, under "It works in several ways:"."""
    block = maker.reading.block(sentence)
    if block.kind != "item" or block.lead_in is None or sentence.start > 0:
        return None
    lead = maker.reading.sentences[block.lead_in]
    if not lead or not lead[-1].text.endswith(":") or _WAYS.search(lead[-1].low) is None:
        return None
    text = plain(sentence.text).strip(" .;")
    return maker.fact("mechanism", text[:200], sentence, "naming:ways", statement=text[:400], population=())


def labelled_classes(maker: Maker) -> Iterator[Fact]:
    """The classes of lines such as "Drug class: beta blocker" above an article, which are no sentences of it."""
    document = maker.reading.document
    for index, block in enumerate(document.blocks):
        text = document.views[index].text
        if (
            (block.boilerplate != "metadata" and block.kind != "heading")
            or len(text) > 120
            or not ("class" in text.lower() or "type of" in text.lower())
        ):
            continue
        sentence = Sentence(index, 0, len(text), text, lower(text))
        for rule in candidates("naming", sentence.low):
            if rule.identifier == "naming:class-label" and (match := rule.pattern.search(sentence.low)):
                yield from _names(maker, sentence, rule, match)


def _under_purpose(maker: Maker, sentence: Sentence) -> bool:
    """Whether a sentence is all that stands under a label's heading "Purpose"."""
    section = maker.reading.block(sentence).section
    return (
        section is not None
        and len(sentence.text) <= 120
        and "purpose" in (heading := maker.reading.document.sections[section].heading.lower())
        and re.fullmatch(r"\W*purposes?\W*", heading) is not None
    )


def _purposes(maker: Maker, sentence: Sentence) -> Iterator[Fact]:
    """The classes of a label's purposes, which run on: "Antihistamine Nasal decongestant"."""
    for part in re.split(r"(?<=[a-z]) (?=[A-Z])|[,;/]", sentence.text):
        if name := _class_name(part.strip(" .").lower()):
            yield maker.fact("drug-class", name, sentence, "naming:purpose-heading", population=())


def class_names(maker: Maker) -> Iterator[str]:
    """The classes that the document puts its drug in, wherever it does."""
    for sentences in maker.reading.sentences:
        for sentence in sentences:
            for rule in candidates("naming", sentence.low):
                if rule.role == "drug-class" and (match := _read(rule.pattern, sentence.low)):
                    start, limit = match.span("object")
                    low = _unglossed(sentence.low)
                    for name, _, _ in drug_classes(low, start, phrase_end(low, start, limit)):
                        yield name


def _whole(maker: Maker, sentence: Sentence, rule: Rule, match: re.Match[str]) -> Iterator[Fact]:
    start, end = match.span("object")
    said = maker.assess(sentence, start, end)
    if said.polarity != "asserted" or said.blocked or sentence.text.endswith("?"):
        return
    if re.search(
        r"\b(?:with|time|day|dose|better when|best when|long|weeks|hours|minutes)\b", sentence.low[start : start + 25]
    ):
        return
    text = plain(sentence.text[start:end]).strip(" .,;")
    if len(text.split()) < 2:
        return
    hedged = re.search(r"\b(?:thought|believed|probably|may)\b", sentence.low[:start]) is not None
    yield maker.fact(
        rule.role,  # type: ignore[arg-type]
        text[:200],
        sentence,
        rule.identifier,
        assertion=Assertion(certainty="hedged" if hedged else "stated"),
        statement=plain(sentence.text)[:400],
        span=maker.quote_span(sentence, match.start(), end),
        population=(),
    )


def _names(maker: Maker, sentence: Sentence, rule: Rule, match: re.Match[str]) -> Iterator[Fact]:
    start, end = match.span("object")
    if rule.options["take"] == "class":
        low = _unglossed(sentence.low)
        reach = phrase_end(low, start, end)
        found = list(drug_classes(low, start, reach))
        if bracket := _GLOSS.search(sentence.low, start, min(end, reach + 60)):
            found += drug_classes(sentence.low, *bracket.span("c"))
        for name, a, b in found:
            said = maker.assess(sentence, a, b)
            if said.polarity == "asserted" and not said.blocked:
                yield maker.fact("drug-class", name, sentence, rule.identifier, assertion=said, population=())
        return
    if cut := _AFTER_NAMES.search(sentence.low, start, end):
        end = cut.start()
    for concept in named(sentence.low, start, end):
        if rule.role == "brand-name" and (again := re.match(r"as (?=\S)", sentence.low[concept.start :])):
            concept = replace(concept, start=concept.start + again.end())
        written = sentence.text[concept.start : concept.end].strip(" \n\t®™")
        if not written or len(written) > 60:
            continue
        if rule.role == "brand-name" and (
            not written[0].isupper() or len(written.split()) > 5 or _NO_NAME.match(written)
        ):
            continue
        kind = rule.role
        if rule.options.get("capital") == "brand" and written[0].isupper() and written.lower() not in other_drugs():
            kind = "brand-name"
        if kind == "brand-name" and is_no_brand(maker, written):
            continue
        yield maker.fact(kind, written, sentence, rule.identifier, population=())  # type: ignore[arg-type]


def _unglossed(low: str) -> str:
    """A text without brackets inside the name of a class: "angiotensin converting enzyme (ACE) inhibitor"."""
    return _GLOSS_INSIDE.sub(lambda m: " " * len(m.group()), low) if "(" in low else low


_GLOSS_INSIDE = re.compile(
    r"\([a-z0-9/ -]{2,12}\)(?= (?:receptor |reuptake |channel )?(?:inhibitor|blocker|agonist|antagonist|analogue?|modulator|antibod))"
)


def _singular(name: str) -> str:
    if name.endswith("ies") and not name.endswith(("series", "species")):
        return name[:-3] + "y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


@cache
def _class_ends() -> tuple[str, ...]:
    """The names of classes as the last words of a phrase."""
    return tuple(mark + name for name in _class_tables()[0] for mark in (" ", "-"))


@cache
def _acronyms() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple(
        (low, re.compile(rf"\b{low}s?\b"), written) for low, written in _class_tables()[0].items() if written.isupper()
    )


@cache
def _class_tables() -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    names = {row["name"].lower(): row["name"] for row in table("drug_classes") if row["type"] == "class"}
    suffixes = tuple(row["name"] for row in table("drug_classes") if row["type"] == "suffix")
    prefixes = tuple(row["name"] for row in table("drug_classes") if row["type"] == "prefix")
    return names, suffixes, prefixes


_KIND_WORDS = r"(?:medicines?|medications?|drugs?|agents?|treatments?|tablets?|products?|compounds?|preparations?)"


#: what stands before a class's name
_LEADING = re.compile(
    r"^(?:(?:type|kind|class|group|form|member|series|number) of |short for |(?:an?|the|very|effective|strong|powerful|potent|new|common|commonly used|"
    r"prescription|so-called|called|known as|medicines? called|drugs? called|medications? called|medicines? known as|"
    r"group|of the|of a|one of the) )+"
)
_OF_GROUP = re.compile(
    r",? (?:also )?(?:known as|called) (?:an? )?| of (?:the )?(?=[a-z0-9-]+(?: [a-z-]+)? (?:group|class|family|kind|type)$)"
)
_CLASS_ENDS = re.compile(
    r"\s(?:of the|used|for|that|which|to|in|with|taken|of choice|available|called|prescribed|given|because|indicated|approved|intended|designed|short)\b"
)


_CUT_OFF = re.compile(r"(?:^|[,;(]\s?|\b(?:and|or|an?|the|is|of)\s)(?P<words>tumou?r(?: [a-z]+)?)\s$")


def drug_classes(low: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The drug classes that ``low[start:end]`` names, with their places: phrases whose last word is a class's."""
    for part in named(low, start, end):
        for piece in _OF_GROUP.split(part.name):
            if value := _class_name(piece):
                # "tumour necrosis factor blocker" was cut where its words name states
                cut = _CUT_OFF.search(low, max(0, start - 4), part.start) if piece == part.name else None
                yield (_class_name(f"{cut.group('words')} {piece}") or value) if cut else value, part.start, part.end


def _class_name(phrase: str) -> str | None:
    """The class that a phrase names, in the singular and without what surrounds it; None where it names none."""
    names, suffixes, prefixes = _class_tables()
    text = re.sub(r"[\s-](?:group|class|family|kind|type)$", "", _LEADING.sub("", " ".join(phrase.split())))
    text = _CLASS_ENDS.split(text)[0].strip(" '\"")
    core = re.sub(rf"[\s-](?:{_KIND_WORDS}|class|option|choice)$", "", text)
    if not core or len(core.split()) > 7:
        return None
    last = core.split()[-1]
    single, whole = _singular(last), _singular(core)
    known = (
        whole in names
        or whole.endswith(_class_ends())
        or single in names
        or single.endswith(suffixes)
        or (single.startswith(prefixes) and len(single) > 6)
        or (core != text and any(w.startswith(prefixes) or w.rstrip("s") in names for w in core.split()))
    )
    if not known:
        return None
    if (
        single.endswith(
            ("allergy", "nausea", "sickness", "anxiety", "diarrhoea", "seizure", "inflammatory", "rheumatic")
        )
        and core != text
    ):
        whole = _singular(text)  # an adjective names its class with its noun only
    value = names.get(whole, whole)
    for acronym, pattern, written in _acronyms():
        if acronym in value:
            value = pattern.sub(written, value)
    return value
