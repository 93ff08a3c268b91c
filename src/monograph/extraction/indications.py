"""What the drug is used for, by cues of aim ("treats", "for the relief of"), where no sentence pattern has read it.

The cues are ``rules/indication_cues.tsv``; what a cue aims at is the first coordinated group of concepts after it, so
that "to prevent stroke in people with atrial fibrillation" names the stroke alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from monograph.extraction.assertion import Assertion
from monograph.extraction.concepts import Concept, phrase_end
from monograph.extraction.context import Context
from monograph.extraction.effects import named_already
from monograph.extraction.making import Maker
from monograph.extraction.occasions import forbidden_use
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import OTHER, SUBJECT, candidates
from monograph.extraction.spotting import holds_a_verb, names_a_state, spotted
from monograph.extraction.statements import is_off_label, without_company
from monograph.extraction.use_names import SOMEBODY, without_verb
from monograph.facts import Fact

__all__ = [
    "is_line_of_use",
    "label_uses",
    "names_a_use",
    "opens_uses",
    "section_indications",
    "section_purposes",
    "told_indications",
]

_SECTIONS = frozenset({None, "about", "indication", "mechanism"})
#: how far behind its cue an aim may begin: "for the treatment of moderate to severe"
_REACH = 48
_ABOUT_DRUG = re.compile(
    r"\x01|\b(?:it|its|they|this (?:medicine|medication|drug|product|treatment)|these (?:medicines|drugs|tablets)|"
    r"the (?:medicine|drug|medication|tablets?|capsules?|drops|treatment|patch|injection|cream|gel|ointment|spray|inhaler|(?:[a-z-]+ )?(?:forms?|versions?|tablets?|capsules?)))\b"
)
#: a label's fragment without a subject: "for the relief of …", "temporarily relieves …"
_FRAGMENT = re.compile(r"^(?:uses?(?:\(s\))?:? )?(?:for|to|temporarily|treats?|relieves?|helps?|reduces?|prevents?)\b")
_OTHERS = re.compile(
    r"\b(?:if you|when you|whether you|(?<!this )(?<!the )(?:medicines? (?:for|to|used|that)|drugs? (?:for|to|used|that))|other (?:medicines?|drugs?|treatments?)|information (?:on|about)|advice on|see (?:the )?(?:box|section|leaflet))\b"
)
#: "together with tablets used to treat …": what the others are for
_BESIDE = re.compile(
    r"\b(?:with|and|or) (?:[a-z-]+ ){0,2}(?:tablets|medicines?|medications?|drugs?|treatments?) (?:(?:that|which) are )?(?:used |given |taken )?"
    r"(?:to (?:help )?\w+|for)$"
)
#: "low risk for dependence"
_NO_AIM = re.compile(r"\b(?:risk|potential|chance|likelihood|possibility|signs?|symptoms?) (?:for|of) (?:\w+ ){0,2}$")
#: "a maintenance treatment for the symptoms of schizophrenia"
_EASED = re.compile(
    r"\b(?:treat\w*|relie\w+|eas\w+|manag\w+|control\w*|reduc\w+|improv\w+|alleviat\w+)(?: (?:of|for|with))?(?: the)?(?: [a-z]+)? "
    r"symptoms of (?:[a-z]+ ){0,2}$"
)
_EXAMPLE_OF = re.compile(r"\bsymptoms of [a-z' -]{3,60},? (?:such as|like|including)\b")
_MAY_HELP = re.compile(
    r"\b(?:may|might|could)\b(?: \w+){0,2} (?:help|work|be (?:used|given|prescribed|tried|useful|helpful|effective))\b"
)


def told_indications(maker: Maker, sentence: Sentence, context: Context, known: Iterable[Fact]) -> Iterator[Fact]:
    """The indications of ``sentence`` that are not among its ``known`` facts."""
    section = context.section.name if context.section else None
    low = sentence.low
    if section not in _SECTIONS or sentence.text.endswith(("?", ":")):
        return
    cues = [(rule, match) for rule in candidates("indication_cues", low) for match in rule.pattern.finditer(low)]
    if not cues:
        return
    fragment = section == "indication" and _FRAGMENT.match(low)
    stated = [f.value for f in known if f.kind == "indication"]
    concepts = list(spotted(low, sentence.text))
    for rule, match in sorted(cues, key=lambda cue: cue[1].start()):
        before = without_company(low[: match.end()])
        if not fragment and not _ABOUT_DRUG.search(before):
            continue
        if OTHER in before and SUBJECT not in before[before.rfind(OTHER) :]:
            continue
        if _OTHERS.search(before) or _BESIDE.search(before):
            continue
        for concept in _aim(concepts, low, match.end()):
            if named_already(concept, stated):
                continue
            if (_NO_AIM.search(low[: concept.start]) and not _EASED.search(low[: concept.start])) or _EXAMPLE_OF.search(
                low[: concept.start]
            ):
                maker.passed(sentence, rule.identifier, concept.name, "a risk or sign is named, no use")
                continue
            said = maker.assess(sentence, concept.start, concept.end, kind="indication")
            if said.blocked or (said.polarity == "asserted" and forbidden_use(low, concept.start)):
                maker.passed(
                    sentence, rule.identifier, concept.name, f"is no use that is stated ({said.rule or 'forbidden'})"
                )
                continue
            if _MAY_HELP.search(before) and said.certainty == "stated":
                said = Assertion(said.polarity, "hedged", rule=said.rule)
            stated.append(concept.name)
            yield maker.fact(
                "indication", concept.name, sentence, rule.identifier,
                span=maker.quote_span(sentence, max(0, match.start() - 150), concept.end),
                assertion=said, role="off-label" if is_off_label(low, concept.end) else rule.role, condition=concept.condition,
            )  # fmt: skip


def section_indications(maker: Maker, index: int, context: Context, open_list: bool) -> Iterator[Fact]:
    """What the block with this index says that the drug is for, read with less care.

    For a section on uses of a document in which no rule found one: the first condition behind a word of use counts with
    those in one row with it, and that of each line under a sentence that such a word opens (``open_list``).
    """
    for sentence in maker.reading.sentences[index]:
        low = sentence.low
        use = None if open_list else _USE.search(low)
        if (use is None and not open_list) or _WORKS.search(low) or sentence.text.endswith("?"):
            continue
        begin = use.end() if use is not None else 0
        people = _PATIENTS_WITH.search(low, max(0, begin - 1))  # "to raise the blood pressure of adults with shock"
        begin = people.end() if people is not None else begin
        prevents = re.search(r"\b(?:prevent\w*|prophyla\w+|protect\w*|vaccin\w+|immuni[sz]\w+)\b", low) is not None
        named = [c for c in spotted(low, sentence.text) if c.start >= begin and not _NO_DISEASE.search(c.name)]
        for concept in _first_row(named, low):
            name = without_verb(concept.name)
            said = maker.assess(sentence, concept.start, concept.end, passing=_WHOSE, kind="indication")
            if said.blocked or said.polarity != "asserted" or not names_a_state(name):
                continue
            yield maker.fact(
                "indication", name, sentence, "indications:section",
                span=maker.quote_span(sentence, begin, concept.end),
                assertion=said, role="prevention" if prevents else "treatment", condition=concept.condition,
            )  # fmt: skip
        if open_list:
            return  # what follows the name in an item explains it


def section_purposes(maker: Maker, index: int) -> Iterator[Fact]:
    """What the block with this index says that the drug is given for, in the words of ``rules/purposes.tsv``.

    For a section on uses in which nothing names a disease: a vaccine protects against a virus, a medicine prepares for
    a transplantation. The words count as they stand.
    """
    for sentence in maker.reading.sentences[index]:
        low = sentence.low
        for rule in candidates("purposes", low):
            if (match := rule.pattern.search(low)) is None or not _ABOUT_DRUG.search(low, 0, match.end()):
                continue
            start = match.start("object")
            end = phrase_end(low, start, match.end("object"))
            words = re.sub(r"\s*\([^)]*\)?|^(?:the|an?|your) ", "", sentence.text[start:end]).strip(" .,")
            said = maker.assess(sentence, start, end, kind="indication")
            if not words or SOMEBODY.match(words) or said.blocked or said.polarity != "asserted":
                maker.passed(sentence, rule.identifier, words, f"is no use that is stated ({said.rule})")
                continue
            name = f"{rule.options['prefix']} {words}" if "prefix" in rule.options else words
            yield maker.fact(
                "indication", name, sentence, rule.identifier,
                span=maker.quote_span(sentence, match.start(), end), assertion=said, role=rule.role,
            )  # fmt: skip
            break


def label_uses(maker: Maker, sentence: Sentence, known: Iterable[Fact]) -> Iterator[Fact]:
    """What a statement under a label's indications says of whom: "… in adult patients with active psoriasis"."""
    low = sentence.low
    names = [f.value for f in known if f.kind == "indication"]
    if (stated := re.search(r"\bindicated\b|\b(?:for|in) the treatment\b", low)) is None:
        return
    for people in _PATIENTS_WITH.finditer(low, stated.end()):
        for concept in _first_row([c for c in spotted(low, sentence.text) if c.start >= people.end()], low):
            said = maker.assess(sentence, concept.start, concept.end, kind="indication")
            if said.blocked or said.polarity != "asserted" or concept.start - people.end() > _NEAR:
                continue
            name = concept.name
            if name in names or _NO_DISEASE.search(name) or not names_a_state(concept.name):
                continue
            names.append(name)
            yield maker.fact(
                "indication", name, sentence, "indications:patients-with",
                span=maker.quote_span(sentence, max(0, people.start() - 120), concept.end),
                assertion=said, role="treatment", condition=concept.condition,
            )  # fmt: skip


#: whom a label's indication names, and how far behind it their disease stands at the most
_PATIENTS_WITH = re.compile(
    r"\b(?:patients|adults|children|adolescents|women|men|people|individuals|subjects)\b(?: [^.;,]{0,40})? (?:with|who have|suffering from) "
)
_NEAR = 60
#: whose disease is told of is no condition in a section that names uses
_WHOSE = frozenset({"assertion:if-history", "assertion:if-event"})


def names_a_use(sentence: Sentence) -> bool:
    """Whether a paragraph under a lead-in goes on with the list: it begins with what is treated."""
    first = next(iter(spotted(sentence.low, sentence.text)), None)
    return first is not None and first.start <= _SOON and not sentence.has_subject


def is_line_of_use(sentence: Sentence) -> bool:
    """Whether a line is nothing but the name of what is treated: "Chronic kidney disease"."""
    text = sentence.text
    plain = len(text.split()) <= _LINE_OF_USE and not text.endswith((".", "?", "!", ";")) and not sentence.has_subject
    return plain and names_a_state(sentence.low.strip()) and not holds_a_verb(sentence.low)


#: a line that names a use has so many words at the most
_LINE_OF_USE = 6
#: so far into a line its first name may begin
_SOON = 30


def opens_uses(text: str) -> bool:
    """Whether a lead-in opens a list of uses: "It is used to treat adults with:"."""
    return _OPENS.search(text) is not None and _USE.search(text.lower()) is not None


_OPENS = re.compile(r"(?::|\b(?:called|with|for|of|to|including|following))\s*$")


#: words of use, and words of how a drug works or what a disease is like, which are about none
_USE = re.compile(
    r"\b(?:(?:is|are|be|been|was) (?:also )?(?:used|given|indicated|intended|prescribed|for use)|used (?:to|for|in|with|together)|for use in|"
    r"(?:for|in) the (?:treatment|prevention|prophylaxis|diagnosis|management) of|treatment (?:of|for)|to (?:help )?(?:treat|prevent|protect)|"
    r"(?:control|raise|lower|increase|replace\w*|hormone)\b[^.;]{0,40} (?:in|for|of) (?:adult |child )?(?:patients|adults|children|people) with(?= )|"
    r"vaccine (?:against|to|intended|for)|prescribed [^.]{0,60}because you [^.;]{0,40}?(?:have|has|are|is)|treats|(?:routinely|either) prevent)\b"
)
_WORKS = re.compile(
    r"\b(?:works? by|working by|belongs? to|acts? by|by (?:blocking|stopping|slowing|stimulating|killing|binding)|"
    r"(?:if|when) (?:left )?untreated|symptoms of [a-z ]+ (?:are|include)|can cause|may cause|(?:can|may) be used (?:after|alone|with|if)|"
    r"^this is an?|your doctor will)\b"
)
_NO_DISEASE = re.compile(
    r"\b(?:cells?|supply|vessels?|growth|health|surface|receptors?$|urge|adolescents|adults|aged)\b|^(?:[a-z]+ )?levels?\b|^(?:eye|birth|condition)$"
)
#: what may stand between the names of one row, and between a kind of disease and its name
_ROW = re.compile(
    r"[\s,/]*(?:\([^()]*\)[\s,]*)?(?:(?:and|or|and/or|such as)\s+)?(?:(?:the|a|an|acute|chronic|severe|mild|certain)\s+)*"
)
_CALLED = re.compile(r"\s*(?:\([^()]*\)\s*)?,?\s*(?:called|known as|named|i\.e\.)\s+(?:an? |the )?[a-z-]*\s*")


def _first_row(concepts: list[Concept], low: str) -> list[Concept]:
    """The first of ``concepts`` and those in a row with it; of "a cancer called leukaemia" the leukaemia."""
    row: list[Concept] = []
    for concept in concepts:
        between = low[row[-1].end : concept.start] if row else ""
        if not row or _ROW.fullmatch(between):
            row.append(concept)
        elif _CALLED.fullmatch(between):
            row[-1] = concept
        else:
            break
    return row


def _aim(concepts: list[Concept], low: str, start: int) -> Iterator[Concept]:
    """The first group of concepts after ``start``, joined by commas and conjunctions only."""
    end = start + _REACH
    first = True
    for concept in concepts:
        if concept.start < start:
            continue
        between = low[start if first else end : concept.start]
        if concept.start > end and first:
            return
        if first and holds_a_verb(between):
            return
        if first and re.search(
            r"[.;:]|, |\b(?:which|that|but|if|when|because|caused by|due to|in (?:people|patients|adults))\b", between
        ):
            return
        if not first and not re.fullmatch(
            r"\W*(?:(?:and|or|the|a|an|your|severe|mild|certain|some|other|for|of|to treat)\W+)*(?:(?!due|caused|in|with|from|by|to)[a-z-]+ ){0,2}",
            between,
        ):
            return
        first = False
        end = concept.end
        yield concept
