"""Effects that running text tells of by a cue or by its section, where no sentence pattern has read them.

Under "Overdosage", "Most had nausea and a slow pulse." names overdose symptoms though no pattern knows its verb; and
anywhere, "Newborns may have floppy muscles." tells of an effect by its cue (``rules/effect_cues.tsv``). What a sentence
treats, sets as a condition or says of something else is passed over (``rules/effect_blocks.tsv``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from monograph.extraction.concepts import Concept, split
from monograph.extraction.context import Context
from monograph.extraction.making import Maker, frequency_in, severity_in
from monograph.extraction.occasions import company_of, occasion
from monograph.extraction.predicates import said_of_parts
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import OTHER, SUBJECT, candidates
from monograph.extraction.spotting import names_a_state, names_what_changes, spotted, turns
from monograph.extraction.wording import clinical, is_agent
from monograph.facts import Fact, Kind
from monograph.screening import screened

__all__ = [
    "EFFECTS",
    "KINDS_OF_SECTION",
    "Course",
    "blocked",
    "labelled_effect",
    "named_already",
    "of_another",
    "told_effects",
]

KINDS_OF_SECTION: dict[str, Kind] = {
    "adverse-effect": "adverse-effect",
    "overdose": "overdose-symptom",
    "withdrawal": "withdrawal-symptom",
    "allergy": "allergic-symptom",
}
#: sections in which a cue may tell of an effect; elsewhere symptoms are what is treated, or another drug's doing
_OPEN_SECTIONS = frozenset({None, "about", "population", "precaution", "regimen", "advice", "kinetics", "discuss"})
EFFECTS = frozenset(KINDS_OF_SECTION.values())
_BESIDE = EFFECTS | {"population", "advice", "route", "dose-form", "interaction", "precaution", "drug-class"}
_WHILE_TAKEN = re.compile(
    r"\b(?:during|while (?:being )?(?:on|taking|using|treated)|when (?:taking|using))\b[^.;]{0,20}(?:\x01|\btreatment with)"
)
_STOP_FOR = re.compile(r"^stop (?:the )?(?:treatment|taking|using|use)\b[^.;]{0,60} (?:if|when)\b")
#: where a clause ends, for what blocks up to the end of its clause
_CLAUSE = re.compile(
    r"[;.](?:\s|$)|,\s(?!(?:such as|including|for example|for instance)\b)|\s-\s|\b(?:because|since) (?=\x01|it |this |these )|\b(?:but|although|though|however|whereas|while)\b"
)
#: who is told to act at once is told of an effect: "get help fast if you have wheezing", and of no illness of before
_CALLS = re.compile(
    r"^(?!.*\bbefore\b)(?=.*\b(?:promptly|immediately|right away|straight ?away|at once|urgently|fast|now|without delay|as soon as possible|the same day|"
    r"emergency|medical (?:help|attention|care|advice)|999|911|112|111|hospital|a&e|ambulance|speak to|see|call|ring|phone|contact)\b)"
    r".*\b(?:call|ring|phone|dial|tell|contact|see|speak|talk|get|seek|stop|go|take (?:them|him|her|your child)|ask for)\b"
)
#: under a question such as "When should I call?": what follows "if" is all that is said
_ELLIPTIC = re.compile(
    r"^(?:or )?if (?:you|your child) (?:have|has|get|gets|notice|develop|feel|become)s?\b(?!.*, (?:you|tell|talk|ask|call|do|your|it|this|see|make|speak|take|the)\b)"
    r"(?!.*\b(?:must|should|tell|ask|consult)\b)"
)
#: what people with a disease may have of the drug: "people with asthma who take DRUG may wheeze"
#: "the most common reactions in patients with gout are …": what follows the verb is no disease of theirs
_MOST_COMMON = screened(
    r"^(?:the )?(?:most |more )?(?:common|frequent)(?:ly)? (?:\w+ ){0,3}?(?:effects|reactions|events)\b"
)
_COPULA = re.compile(r"\s(?:are|were|include[sd]?)\b")
_MODAL = re.compile(r"\s(?:may|can|might|could|often|sometimes)\s")
#: scopes of assertion that a section on effects overrules: "tell your doctor if you have chest pain"
_PASSING = frozenset({"assertion:if-history", "assertion:if-event"})
#: another drug that this one is only compared with
_COMPARED = re.compile(
    r"\b(?:than|unlike|compared (?:with|to)|instead of) (?:(?:with|on|after|from|in|of|those on) )?\x02[\x02 -]*(?:does|do|did)?(?!,? (?:which|that|who)\b)"
)
#: a heading that is about something else than the effect it names
_TALKS_OF = re.compile(
    r"\b(?:how|what|when|who|why|cope|relief|prevent\w*|manag\w*|treat\w*|help|tips|signs?|symptoms?)\b"
)
_REACTION = re.compile(r"allerg|anaphyla|hypersensitiv")
#: cues by which a reaction has befallen somebody, and its plain names
_OUTRIGHT = frozenset({"effect_cues:been-reported", "effect_cues:reports-of", "effect_cues:occurs-after"})
_WHOLE_REACTION = re.compile(
    r"(?:anaphyla\w+(?: shock| reactions?)?|(?:serious |severe )?(?:allergic|hypersensitivity) reactions?|hypersensitivity)"
)
#: what brings effects about, or measures them, and is none
_OCCASION = re.compile(
    r"overdos|^(?:enough|fighting|severity of|frequency of|incidence of) |^(?:gradual|abrupt|sudden|rapid|slow) (?:withdrawal|discontinuation)$|\b(?:withdrawal|discontinuation) of\b|\bdiscontinuation syndrome\b"
)
#: what a sentence is about, before its colon
_HEAD = re.compile(r"[^:.;]{3,60}:(?=\s\w)")
#: a sentence of its own before the colon: "Nausea is the most frequent complaint: 44% of people had it"
_TELLS = screened(
    r"\b(?:is|are|was|were) (?:by far |probably |perhaps )*(?:the |a |an )?(?:most |more )?(?:common\w*|frequent|usual|main|chief)\b"
)
#: what heads a group of effects and names none: "General disorders", "Eye reactions"
_SYSTEM = re.compile(r"\b(?:disorders|reactions|conditions|investigations|complications)$")
#: a row of examples, and what follows one
_EXAMPLES = screened(r"\b(?:such as|including|for example)\b")
_ROW_ENDS = re.compile(
    r"[;.](?:\s|$)|,\s(?=(?:you|tell|talk|call|ask|speak|your|do|see|stop|contact|this|it|because|the)\b)"
)
#: a sentence as long as this is a row of effects that lost its marks
_ENUMERATION = 600
#: why a sentence that names symptoms tells of none
_NOTHING_TOLD = "no section, cue or occasion makes it an effect (headings.tsv, effect_cues.tsv, occasions.tsv)"
#: without one of these words a sentence tells of no effect, whatever it names
_TOLD = re.compile(
    r"\b(?:can|may|might|could|will|includ\w+|caus\w+|gets?|have|had|has|experienc\w+|notic\w+|feel\w*|felt|lost|gained|sp(?:eak|oke)|describ\w+|next|on the list|known as|turned|develop\w*|report\w*|"
    r"occur\w*|happen\w*|follow\w*|are|is|were|was|possible|common\w*|symptoms?|signs?|seen|led|leads?|result\w*|"
    r"effects?|reactions?|observed|rare\w*|frequent\w*|such as|suffer\w*|become\w*|show\w*|expect\w*|tends?|leaves?|left|risks?|"
    r"ends? in|makes?|troubl\w+|bother\w*|complain\w*|affects?|struck|does|turns?|harms?|brings?|wears? off|goes? away|settles?|fades?|passes|eases?|disappears?|(?:with|on|from|after|under) \x01)(?![a-z])"
)
_CAUSE = screened(
    r"\b(?:(?:can|may|might|could|will|does)(?: also| even| in itself| itself| sometimes| often)* (?:cause|produce|provoke|induce|lead to|result in|bring on|trigger|make you)"
    r"|causes|produces|leads to|results in|brings on|triggers|(?:increases?|raises?|doubles?) (?:the|your) (?:risks?|chances?) of"
    r"|(?:can |may |might |could )?(?:increases?|raises?|lowers?|doubles?) (?:that|this|the|your) (?:risk|chance))\b"
)
#: "other illnesses that may raise your risk of a stroke"
_RELATIVE = re.compile(r"\b([a-z]+),? (?:that|which)(?: \w+)?\s*$")
#: a noun before "can cause", which may be neither the drug nor a disease: "Histamine can …"
_NAMED = re.compile(
    r"\s*(?:(?:the |an? )?[a-z-]{4,}(?: [a-z-]{4,})?|(?:smoking|drinking|obesity|stress|being|having|lack of|not)\b.*)\s*"
)
#: what is done with the drug causes as the drug does
_DOING = re.compile(
    r"\b(?:abuse|misuse|therapy|medicines?|drugs?|tablets?|capsules?|injections?|patch(?:es)?|cream|gel|drops|form|formulation|"
    r"ingredients?|this|that|these|those|which|it|they|them|also|over ?dos\w*|too (?:much|many)|stop\w*|withdraw\w*|discontinu\w+|tak(?:e|ing)|us(?:e|ing)|dos(?:e|es|ing)|effects?|reactions?|treatment|missing)\b"
)
#: "depression is common in people with …" tells of an illness unless the drug is named
_OF_THE_ILL = screened(
    r"\b(?:in|among|for|of) (?:people|patients|those|adults|children|women|men|anyone) (?:with|who (?:have|had|suffer))\b"
)
_ABOUT_DRUG = screened(
    r"\x01|\bside effects?\b|\b(?:it|they|this (?:medicine|medication|drug|product|treatment)|these (?:medicines|drugs|tablets)|"
    r"the (?:medicine|drug|medication|tablets?|drops|treatment|patch|injection|cream)|patients|(?:you|users|people) (?:may|might|can|could))\b"
)


@dataclass(frozen=True, slots=True)
class Course:
    """What the sentences before one in its block told: whether they named the drug, and of which kind of effect."""

    of_drug: bool = False
    kind: Kind | None = None
    #: whether a sentence may go on with that kind without saying so; statements of official labels stand by themselves
    goes_on: bool = True


def told_effects(
    maker: Maker, sentence: Sentence, context: Context, known: Iterable[Fact], course: Course
) -> Iterator[Fact]:
    """The effects of ``sentence`` that are not among its ``known`` facts."""
    section = _plain_section(context)
    low = sentence.low
    stated = list(known)
    kind, rule = _kind_told(maker, sentence, section, stated, course)
    names = [f.value for f in stated]
    if kind is None:
        if maker.trace is not None:
            for concept in spotted(low, sentence.text):
                if not named_already(concept, names):
                    maker.passed(sentence, "effects", concept.name, _NOTHING_TOLD)
        return
    blocks = blocked(low) + _of_symptoms(low)
    options = context.section.options if context.section else {}
    severity = options.get("severity")
    frequency = frequency_in(low)
    told = section in KINDS_OF_SECTION or kind != "adverse-effect"
    states = said_of_parts(low, made=True)
    done = [c for c in _doings(low, told=told) if not any(c.start < s.end and s.start < c.end for s in states)]
    for concept in (*done, *_outside(done, spotted(low, sentence.text, made=True))):
        if named_already(concept, names):
            continue
        if (why := next((why for a, b, why in blocks if a <= concept.start < b), None)) is not None:
            maker.passed(sentence, rule, concept.name, why)
            continue
        if of_another(low, concept.start, concept.end) or maker.of_another_class(low, concept.start):
            maker.passed(sentence, rule, concept.name, "another drug, or alcohol, is what the clause tells of")
            continue
        if names_what_changes(concept.name):
            if (turn := turns(low, concept.end)) is None:
                maker.passed(sentence, rule, concept.name, "it names what may change, not how")
                continue
            concept = replace(concept, name=f"{turn} {concept.name}")
        if _SYSTEM.search(concept.name) and low.startswith(":", concept.end):
            continue  # "Cardiac disorders: palpitations"
        outright = rule in _OUTRIGHT and _WHOLE_REACTION.fullmatch(concept.name)
        if (_REACTION.search(concept.name) and not outright) or _OCCASION.search(concept.name):
            continue  # a reaction is told of in many ways that state none; the sentence patterns read those that do
        said = maker.assess(sentence, concept.start, concept.end, passing=_PASSING, kind=kind)
        if said.blocked:
            maker.passed(sentence, rule, concept.name, f"nothing is stated of it here ({said.rule})")
            continue
        names.append(concept.name)
        yield maker.fact(
            kind, concept.name, sentence, rule,
            span=maker.quote_span(sentence, max(0, concept.start - 200), concept.end),
            assertion=said, frequency=frequency, severity=concept.severity or severity or severity_in(low, concept.start),
            condition=concept.condition or company_of(low, sentence.text, concept.end),
            trigger="stopping" if kind == "withdrawal-symptom" else None,
        )  # fmt: skip


def _plain_section(context: Context) -> str | None:
    """What the section is about; a title alone does not make each symptom below it an effect."""
    section = context.section
    return None if section is None or section.options.get("weak") == "1" else section.name


def of_another(low: str, start: int, end: int) -> bool:
    """Whether another drug, or alcohol, is what the clause of a mention tells of."""
    if OTHER in low:
        low = _COMPARED.sub(lambda m: " " * len(m.group()), low)
    before = low[:start]
    another = max((before.rfind(word) for word in (OTHER, "alcohol", "grapefruit", "caffeine", "coffee")), default=-1)
    if another >= 0 and SUBJECT not in before[another:]:
        return True
    cuts = [m.end() for m in _CLAUSE.finditer(before)]
    stop = _CLAUSE.search(low, end)
    clause = low[cuts[-1] if cuts else 0 : stop.start() if stop else len(low)]
    return OTHER in clause or re.search(r"\b(?:alcohol|drinking|grapefruit)\b", clause) is not None


def _of_symptoms(low: str) -> list[tuple[int, int, str]]:
    """Clauses in which a symptom or disease is what causes another: "depression in itself can cause tiredness"."""
    out = []
    for cause in _CAUSE.finditer(low):
        begin = max((m.end() for m in _CLAUSE.finditer(low, 0, cause.start())), default=0)
        agent = _RELATIVE.sub(
            lambda m: m.group(1) if _acts_itself(m.group(1)) else m.group(), low[begin : cause.start()]
        )
        if (
            not _ABOUT_DRUG.search(agent)
            and (_acts_itself(agent) or _NAMED.fullmatch(agent))
            and not _DOING.search(agent)
        ):
            stop = _CLAUSE.search(low, cause.end())
            out.append((begin, stop.start() if stop else len(low), f"'{agent.strip()}' causes it, not the drug"))
    return out


def _acts_itself(agent: str) -> bool:
    """Whether what causes something is a symptom, a disease, a germ or a gland."""
    return clinical(agent) or any(map(is_agent, agent.split()))


def _enumerates(low: str) -> bool:
    """Whether a sentence is nothing but a row of symptoms: "Drowsiness, dry mouth, blurred vision."."""
    stopped = low.endswith(".")
    low = re.sub(r"\s*\([^()]*\)", "", _HEAD.sub("", low.rstrip(". "), count=1))
    parts = [part for part in re.split(r",|;|\band\b|\bor\b", low) if part.strip()]
    if len(parts) == 1:  # "Serotonin syndrome.", which what follows explains
        return stopped and len(parts[0].split()) <= 4 and names_a_state(parts[0].strip())
    return all(len(part.split()) <= 5 for part in parts) and sum(map(clinical, parts)) * 3 >= len(parts) * 2


def _kind_told(
    maker: Maker, sentence: Sentence, section: str | None, stated: list[Fact], course: Course
) -> tuple[Kind | None, str]:
    """The kind of effect that a sentence tells of and the rule that says so; None where it tells of none."""
    low = sentence.low
    if sentence.text.endswith((":", "?")) or (sentence.has_other and not sentence.has_subject):
        return None, ""
    if not (sentence.has_subject or sentence.band or _TOLD.search(low) or _enumerates(low)):
        return None, ""
    block = maker.reading.block(sentence)
    if block.kind == "item" and block.parent is not None and not maker.reading.ends_in_colon(block.parent):
        return None, ""  # advice on the effect that the item around it names
    if any(f.kind not in _BESIDE for f in stated):
        return None, ""
    by_words = occasion(low)
    if (kind := KINDS_OF_SECTION.get(section or "")) is not None:
        if kind == "withdrawal-symptom" and (_WHILE_TAKEN.search(low) or _STOP_FOR.search(low)):
            kind = "adverse-effect"  # what a section on stopping goes on with, where a heading was lost
        if kind == "adverse-effect" and len(low) <= _ENUMERATION:
            kind = by_words or kind  # in a long row of effects "overdose" is one of them
        return kind, f"effects:{section}"
    if section not in _OPEN_SECTIONS or (section == "precaution" and any(f.kind in EFFECTS for f in stated)):
        return None, ""
    if by_words in {"overdose-symptom", "withdrawal-symptom"}:
        return by_words, f"effects:{by_words}"
    about = course.of_drug or course.kind or section == "population" or _ABOUT_DRUG.search(low)
    ill = _OF_THE_ILL.search(low)
    if ill is not None and (
        not about
        or (
            SUBJECT not in low[: ill.start()] and _ABOUT_DRUG.search(low, 0, ill.start()) is None and not course.of_drug
        )
    ):
        return None, ""
    for rule in candidates("effect_cues", low):
        wanted = course.kind if rule.options.get("follows") else about or rule.options.get("strong")
        if wanted and rule.pattern.search(low):
            break
    else:
        done = _doing_of_drug(low) if about else None
        return ("adverse-effect", done) if done else (None, "")
    carried = course.kind if not _ABOUT_DRUG.search(low) and course.goes_on else None
    return by_words or carried or "adverse-effect", rule.identifier


def headed_effect(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The effect that a heading, or a line that ends in a colon, names in a section on side effects."""
    section = context.section
    kind = KINDS_OF_SECTION.get(section.name) if section is not None else None
    if section is None or kind is None or sentence.text.endswith("?"):
        return
    low = re.sub(r"\([^()]*\)", lambda m: " " * len(m.group()), sentence.low).rstrip(" :")
    if len(low.split()) > 9 or _TALKS_OF.search(low):
        return
    if _SYSTEM.search(low.rstrip()):
        return
    concepts = list(spotted(low, sentence.text))
    if not concepts and maker.reading.block(sentence).kind == "heading":
        concepts = [c for c in split(low, 0, len(low), sentence.text) if names_a_state(c.name)]
    left = "".join(" " if any(c.start <= k < c.end for c in concepts) else letter for k, letter in enumerate(low))
    if re.fullmatch(
        r"(?:\W|\d|\b(?:and|or|a|an|the|severe|serious|mild|other|common|rare|for a (?:short while|while|short time)|at first)\b)*",
        left,
    ):
        for concept in concepts:
            if not _REACTION.search(concept.name):
                yield maker.fact(
                    kind,
                    concept.name,
                    sentence,
                    "effects:heading",
                    severity=section.options.get("severity"),
                )


#: a warning by its name, and that the drug is what it warns of: "High blood pressure: This drug may raise …"
_WARNED = re.compile(
    r"(?P<name>[^:.;]{3,60}):\s+(?:(?:this (?:drug|medicine|medication)|it|taking \x01+|\x01[\x01 ]*) (?:can|may|might|could|has|have|raises?|increases?|lowers?|causes?))\b"
)


def labelled_effect(maker: Maker, sentence: Sentence) -> Iterator[Fact]:
    """The effect that a warning names before its colon, where it goes on to say that the drug may bring it about."""
    told = _WARNED.match(sentence.low)
    if told is None:
        return
    for concept in split(sentence.low, *told.span("name"), sentence.text):
        if names_a_state(concept.name) and not _REACTION.search(concept.name):
            yield maker.fact(
                "adverse-effect", concept.name, sentence, "effects:warning",
                span=maker.quote_span(sentence, 0, told.end()), severity=concept.severity,
            )  # fmt: skip


def _doings(low: str, *, told: bool) -> Iterator[Concept]:
    """Symptoms that a verb with its object tells of ("may upset your stomach"), by ``rules/doings.tsv``."""
    for rule in candidates("doings", low):
        if rule.options.get("told") and not told:
            continue
        for match in rule.pattern.finditer(low):
            yield Concept(rule.role.replace("{what}", match.group("what") or ""), match.start(), match.end())


def _outside(done: list[Concept], names: Iterable[Concept]) -> Iterator[Concept]:
    """The concepts whose words a verb with its object has not read: "heart race" in "makes your heart race"."""
    for concept in names:
        if not any(concept.start < told.end and told.start < concept.end for told in done):
            yield concept


def _verb_of(low: str) -> re.Pattern[str]:
    """Behind which verb a sentence on people with a disease tells of the drug."""
    return _COPULA if _MOST_COMMON.match(low) else _MODAL


def _doing_of_drug(low: str) -> str | None:
    """The rule on what a verb does to the body, of which the drug is the subject: "it stiffens the muscles"."""
    for rule in candidates("doings", low):
        if "told" not in rule.options:
            for match in rule.pattern.finditer(low):
                begin = max((m.end() for m in _CLAUSE.finditer(low, 0, match.start())), default=0)
                if _SUBJECT_OF.search(low, begin, match.start()):
                    return rule.identifier
    return None


#: the drug, as the subject of what follows it
_SUBJECT_OF = re.compile(
    r"(?<!\bif )(?<!\bfind )(?<!\bfinding )(?:\x01[\x01 ]*|\b(?:it|they|this (?:medicine|drug|medication))) (?:\w+ly |often |also |sometimes |even |can |may |might |could |will |does |do )*$"
)


def named_already(concept: Concept, names: list[str]) -> bool:
    """Whether a fact of the sentence already names the concept, or a part or the whole of it."""
    mine = set(concept.name.split())
    return any(mine <= (theirs := set(name.split())) or theirs <= mine for name in names)


def blocked(low: str) -> list[tuple[int, int, str]]:
    """The stretches in which a symptom is no effect, each with the reason."""
    head = _HEAD.match(low)
    head = None if head is not None and _TELLS.search(low, 0, head.end()) else head
    out = [(0, head.end(), "stands before a colon, as what the sentence is about")] if head else []
    for rule in candidates("effect_blocks", low):
        if rule.options.get("unless") == "urgent" and (_CALLS.search(low) or _ELLIPTIC.search(low)):
            continue
        for match in rule.pattern.finditer(low):
            if rule.role == "sentence":
                return [(0, len(low), f"the sentence tells of no effect ({rule.identifier})")]
            if rule.role == "clause":
                begin = max((m.end() for m in _CLAUSE.finditer(low, 0, match.start())), default=0)
                stop = _CLAUSE.search(low, match.end())
                out.append((begin, stop.start() if stop else len(low), f"is no effect here ({rule.identifier})"))
                continue
            until = rule.options.get("until")
            stop = _CLAUSE.search(low, match.end()) if until else None
            if stop and rule.options.get("examples") and (row := _EXAMPLES.search(low, match.end(), stop.start())):
                stop = _ROW_ENDS.search(low, row.end())  # "… if you have a condition such as vomiting, fever"
            if (
                until == "verb"
                and (SUBJECT in low or _MOST_COMMON.match(low))
                and (verb := _verb_of(low).search(low, match.end(), stop.start() if stop else len(low)))
            ):
                stop = verb
            out.append((match.start(), stop.start() if stop else len(low), f"is no effect here ({rule.identifier})"))
    return out
