"""What a sentence says of the drug in pregnancy, breastfeeding, children and other groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monograph.extraction.assertion import Assertion, assess
from monograph.extraction.context import Context
from monograph.extraction.making import Maker
from monograph.extraction.population_heads import carried_groups, group_above
from monograph.extraction.populations import Mention, mentions
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import OTHER, SUBJECT, Rule, candidates
from monograph.facts import AgeGroup, Fact

__all__ = ["sentence_populations", "untold_populations"]

_ABOUT_DRUG = re.compile(
    r"\x01|\b(?:it|its|they|this (?:medicine|medication|drug|product)|the (?:medicine|drug|drops|tablets|capsules|cream|medication|product)|taking|taken|taken|using|used|given|exposed|treated|treatment|doses?|dosage|use|safety|effect(?:iveness)?|side effects?|to take|may take|can take|take|taking|amounts?|levels?|starting|stud(?:y|ies)|data|caution|recommended|advised|suitable|approved|licensed|avoided|adjust\w*|no changes? (?:is|are))\b"
)
_SUBJECT = re.compile(
    r"\x01|\b(?:it|they|this (?:medicine|drug|medication)|the (?:drug|medicine)|side effects|taken|use)\b"
)
_SPLIT = re.compile(
    r",? (?:and|but) (?=(?:has|have|is|are|it|you|ask|talk|they|may|can|should) )|;\s|, (?:but|however|so)\s"
)
_HEDGE = re.compile(
    r"\b(?:(?:may|might) be(?! (?:pregnant|breast|planning|trying))|suggests?|thought|believed|possibly|probably|likely|appears?|seems?)\b"
)
#: sections that tell of something else than the drug
_ELSEWHERE = frozenset({"other-drugs", "disease", "lifestyle"})
#: populations that are seldom named for anything else than what holds for them
_STRONG = frozenset(
    ["pregnancy", "breastfeeding", "first trimester", "second trimester", "third trimester", "newborns", "older adults"]
)
#: what befalls readers of every article: only what names the drug tells of it
_OF_READER = ("pregnancy", "breastfeeding", "first", "second", "third")
#: conditions that are no less often effects or warnings: a population only where people have them
_ORGANS = frozenset(["renal impairment", "hepatic impairment"])
#: an organ's harm that opens a sentence is an effect
_HARMED = ("damage", "failure", "trouble", "problems", "problem", "disorders", "disorder")
_WITH = re.compile(
    r"(?:\b(?:people|patients|those|anyone|adults|children|persons?|women|men|individuals|somebody|someone|who|you|you're|they)\b[^.;:]{0,40}\b(?:with|have|has|having|had|are on|on|whose)\b|^(?:in|with|for)\b|\b(?:in|with an?|for) (?:\w+ )?|^)(?: ?(?:severe|moderate|mild|serious|significant|an?|your|the|or|and|to|even|either|poor|weak|kidneys?|renal|liver|hepatic|impairment|[\x01 ])+)?[ ,]*$"
)
_TOPIC = re.compile(
    r"(?:^|^[a-z -]{3,30}: )(?:(?:in|for|among|with|some|most|many|frail|very|only|use in|if|during|the|and|of|by|if you are|you|are|when) )*$"
)
#: the other organ of "kidney or liver disease", and the comparison after a measure
_NOT_ITS_OWN = re.compile(
    r"(?<=\w) (?:or|and|and/or) (?:your )?(?:liver|hepatic|kidneys?|renal)\b| (?:below|of|under|less|from|is|between)$"
)
_OF_BIRTH = re.compile(r"pregnan|breast-?feed|fertil|nursing")
#: kinds whose fact says all of such a sentence
_SAID = frozenset(
    [
        "indication",
        "interaction",
        "history",
        "study",
        "overdose-symptom",
        "half-life",
        "contraindication",
        "precaution",
    ]
)
#: how a sentence opens that says of the drug what its heading's population is told
_OPENS = re.compile(
    r"(?:however, |although |but |also,? |in \w+ studies,? )?(?:taking |using |use of |the |small amounts of |studies (?:of|on|with) )?(?:\x01|it\b|this (?:medicine|drug|medication)|medicine\b|drug\b|use\b|treatment|no\b|there\b|studies|small|safety|dos)"
)
#: a heading that ran into the sentence under it, which names its own group: "Children and adolescents DRUG is for …"
_GLUED = re.compile(
    r"(?:(?:children|adolescents|teenagers|adults|infants|elderly|older people|and|or|the)[ ,]{1,2})+(?=\x01)"
)
_CONDITIONS = frozenset(["contraindication", "precaution"])
_ALLOWS = re.compile(r"\b(?:can|could|safe\w*|ok|okay|fine|compatible|suitable|recommended|all right|allowed)\b")
_MARKS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\d+\]")


@dataclass(frozen=True, slots=True)
class _Named:
    """A group of which a sentence may tell: where it is named (-1 by the heading), and whether the sentence is on it."""

    group: AgeGroup
    wording: str
    start: int
    strong: bool


def sentence_populations(maker: Maker, sentence: Sentence, context: Context, known: list[Fact]) -> Iterator[Fact]:
    """The population facts of a sentence; ``known`` are its other facts."""
    low = sentence.low
    section = context.section.name if context.section else "none"
    if section in _ELSEWHERE or sentence.text.endswith(("?", ":")):
        return
    headed = section == "population"
    found = [n for mention in mentions(low) if (n := _named(mention, low, known, headed=headed)) is not None]
    if (glued := _GLUED.match(low)) and any(n.start >= glued.end() for n in found):
        found = [n for n in found if n.start >= glued.end()]
    if not found and len(sentence.text) <= 160 and (above := group_above(maker.reading, sentence)):
        headed = True
        found = [_Named(group, "", -1, strong=True) for group in above]
    elif headed and not found:
        found = [_Named(group, "", -1, strong=True) for group in carried_groups(maker.reading, sentence)]
    if not found or not (_ABOUT_DRUG.search(low) or headed or any(n.strong and n.start < 3 for n in found)):
        return
    for rule in candidates("population_statements", low):
        m = rule.pattern.search(low)
        if m is None:
            continue
        if rule.role == "none":
            return
        groups = [n for n in found if _applies(rule, n, low)]
        if not rule.identifier.endswith(":dose-differs") and any(f.kind in _CONDITIONS for f in known):
            groups = [n for n in groups if n.group.name not in _ORGANS]  # who must not take it, or with care
        if rule.identifier.endswith(":told") and any(f.kind == "regimen" for f in known):
            groups = [n for n in groups if n.group.name not in _ORGANS]
        if rule.identifier.endswith(":told") and _ABOUT_DRUG.search(low) is None:
            groups = [n for n in groups if not n.group.name.startswith(_OF_READER)]
        # "children with asthma should not take it" bars those with asthma, not children
        barred = {group for f in known if f.kind in _CONDITIONS for group in f.population}
        groups = [n for n in groups if n.group not in barred]
        if rule.options.get("own") == "1":
            groups = [n for n in groups if m.start() <= n.start < m.end()]
        if not groups or not _holds(rule, m, low, known, section):
            continue
        denied = any(f.polarity == "negated" and f.kind != "population" for f in known)
        yield from _facts(maker, sentence, rule, m, groups, denied=denied)
        return


def untold_populations(
    maker: Maker, sentences: tuple[Sentence, ...], context: Context, told: list[Fact]
) -> Iterator[Fact]:
    """The population facts of a block's sentences that no fact in ``told`` quotes.

    A block that opens with a condition or an interaction may go on with what holds in pregnancy or in children.
    """
    if len(sentences) < 2 or not told:
        return
    view = maker.reading.document.views[sentences[0].block]
    quoted = [(e.start, e.end) for f in told for e in f.evidence]
    for sentence in sentences:
        if not mentions(sentence.low):
            continue
        start, end = view.span(sentence.start, sentence.start + len(sentence.text))
        if not any(a < end and start < b for a, b in quoted):
            yield from sentence_populations(maker, sentence, context, [])


def _named(mention: Mention, low: str, known: list[Fact], *, headed: bool) -> _Named | None:
    """The mention as a population of which the sentence may tell, or None where it is named for something else."""
    name = mention.group.name
    before = low[: mention.start]
    topic = _TOPIC.match(before) is not None
    dosed = any(mention.group in f.population for f in known if f.kind == "regimen")
    if dosed and name.startswith(("children", "adults", "adolescents", "people", "infants")):
        return None
    if dosed and name == "older adults" and re.search(r"adults (?:and|or) (?:the )?$", before):
        return None
    if name in _ORGANS:
        wording = low[mention.start : mention.end]
        label = low[mention.end : mention.end + 1] == ":" or not wording.endswith(_HARMED)
        failing = "work" in wording  # "your kidneys are not working well"
        if not failing and (_WITH.search(before) is None or (not before and not label)):
            return None
        topic = True
    if name == "children" and before.endswith(("your ", "you or a ")):
        return None  # the reader's child, who takes it
    if name == "infants" and re.search(r"pregnan|breast|placenta|womb|unborn|milk", low):
        # "the baby" of a pregnant or nursing reader is told of under pregnancy and breastfeeding
        return None
    if name in {"men", "women"} and (
        _OF_BIRTH.search(low) is not None or not (topic or re.search(r"sperm|only|not (?:be )?(?:used|take)", low))
    ):
        return None
    if name == "pregnancy" and re.search(r"(?<!not )(?<!avoid )\b(?:becom\w+|get|fall) $", before):
        return None  # what may come of it, or who is told of: not those who are pregnant
    return _Named(
        mention.group, low[mention.start : mention.end], mention.start, strong=topic or headed or name in _STRONG
    )


def _applies(rule: Rule, named: _Named, low: str) -> bool:
    name = named.group.name
    if (only := rule.options.get("only")) and not name.startswith(tuple(only.split(","))):
        return False
    if (barred := rule.options.get("not")) and name.startswith(tuple(barred.split(","))):
        return False
    if named.start < 0 and rule.identifier.endswith(":can-be-used") and _ALLOWS.search(low) is None:
        return False  # "it is taken once a day" allows nothing
    if rule.options.get("strong") != "1":
        return True
    return named.strong and (named.start >= 0 or _OPENS.match(low) is not None)


def _holds(rule: Rule, match: re.Match[str], low: str, known: list[Fact], section: str) -> bool:
    """Whether the rule's words say something of the drug that no other fact of the sentence says."""
    if OTHER in low[match.start() : match.end() + 20] and SUBJECT not in low[match.start() : match.end() + 20]:
        return False  # what else is not to be taken
    if _told_of_other(low[: match.end()]):
        return False
    if rule.options.get("needs") == "subject" and _SUBJECT.search(low) is None and section != "population":
        return False
    if rule.identifier.endswith(":can-be-used") and any(f.kind == "indication" for f in known):
        return False  # "used for X in adults" limits the indication
    if rule.identifier.endswith(":told") and any(
        f.kind in _SAID or (f.kind == "adverse-effect" and section == "adverse-effect") for f in known
    ):
        return False
    said = assess(low, match.start(), match.end())
    return not (said.blocked and said.rule in {"assertion:placebo-subject", "assertion:disease-subject"})


def _told_of_other(before: str) -> bool:
    """Whether the drug that was named last is another one, and what is taken rather than what is taken with it."""
    other = before.rfind(OTHER)
    if other < 0 or before.rfind(SUBJECT) > other:
        return False
    start = len(before[: other + 1].rstrip(OTHER))
    return re.search(r"\b(?:with|and|or|like|to|than|from|by|unlike|as|plus|of)(?: \w+)? $", before[:start]) is None


def _facts(
    maker: Maker, sentence: Sentence, rule: Rule, m: re.Match[str], groups: list[_Named], *, denied: bool
) -> Iterator[Fact]:
    low = sentence.low
    polarity = rule.options.get("polarity", "asserted")
    if denied and polarity == "asserted" and rule.options.get("beside") != "denial":
        polarity = "negated"  # "it is not known to cause birth defects"
    hedged = _HEDGE.search(low)
    span = _clause(low, m.start(), m.end(), [g.start for g in groups])
    if span is not None and hedged is not None and not span[0] <= hedged.start() < span[1]:
        span = None  # the hedge stands in the other clause: both are quoted
    begin, end = span or (0, min(len(sentence.text), 500))
    if hedged and polarity == "not-established":
        polarity = "asserted"  # "little research, but it may be safe": something is said, with a hedge
    for named in _each_once(groups):
        yield maker.fact(
            "population",
            _value(named),
            sentence,
            rule.identifier,
            span=(begin, end),
            assertion=Assertion(polarity, "hedged" if hedged else "stated"),  # type: ignore[arg-type]
            population=(named.group,),
            statement=_MARKS.sub("", sentence.text[begin:end]).strip(" ,;")[:400],
        )


def _each_once(groups: list[_Named]) -> list[_Named]:
    """Each group once; "children" are not told of apart where the sentence bounds their age, nor pregnancy its months."""
    kept = {n.group: n for n in reversed(groups)}
    if any(group.name.endswith("trimester") for group in kept):
        # "in the last 3 months … because it may harm the unborn baby" tells of that time
        kept = {g: n for g, n in kept.items() if g.name != "pregnancy" or n.wording.startswith("pregnan")}
    bounded = {n.group.name.split(" ")[0] for n in kept.values() if n.group.min_age or n.group.max_age}
    return [n for n in kept.values() if n.group.name not in bounded]


def _value(named: _Named) -> str:
    """The group's name; in brackets how the text calls it, where that is another word."""
    name, wording = named.group.name, _NOT_ITS_OWN.sub("", named.wording.strip())
    if name.endswith("trimester"):
        return f"{name} of pregnancy"
    plain = name in {"pregnancy", "breastfeeding"} and not wording.startswith("nursing")
    if (
        plain
        or not wording
        or re.search(r"\d", name + wording)
        or {w[:4] for w in wording.split()} & {w[:4] for w in name.split()}
    ):
        return name
    return f"{name} ({wording})"


def _clause(low: str, start: int, end: int, groups: list[int]) -> tuple[int, int] | None:
    """The clause around a statement, where it names the population itself; None for the whole sentence."""
    cuts = [m.start() for m in _SPLIT.finditer(low)]
    before = max((c for c in cuts if c <= start), default=0)
    after = min((c for c in cuts if c >= end), default=len(low))
    if before == 0 and after < len(low) and any(before <= g < after for g in groups):
        return before, after
    return None
