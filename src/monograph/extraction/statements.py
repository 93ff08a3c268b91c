"""What single sentences state of indications and effects, by ``rules/statements.tsv``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.assertion import Assertion
from monograph.extraction.concepts import Concept, phrase_end, says_something, split
from monograph.extraction.context import SILENT, Context
from monograph.extraction.coordination import STATE_OF_AFFAIRS
from monograph.extraction.making import Maker, frequency_in, severity_in
from monograph.extraction.occasions import forbidden_use, occasion_at
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import OTHER, SUBJECT, Rule, candidates
from monograph.extraction.run_on import run_on
from monograph.extraction.spotting import names_what_changes, turns
from monograph.extraction.unlikely import ON_PURPOSE, unlikely
from monograph.extraction.use_names import CAUSED_BY, SOMEBODY, without_further_causes
from monograph.extraction.wording import clinical, is_agent
from monograph.facts import Fact, Kind

__all__ = ["is_off_label", "refers_elsewhere", "sentence_statements", "without_company"]

#: kinds whose objects must look clinical wherever they stand
_EFFECTS = {"adverse-effect", "withdrawal-symptom", "overdose-symptom", "allergic-symptom"}


def sentence_statements(
    maker: Maker, sentence: Sentence, context: Context, previous: Sentence | None
) -> Iterator[Fact]:
    """The facts that ``sentence`` states; ``previous`` is the sentence before it in its block."""
    section = context.section.name if context.section else "none"
    silent = section in SILENT - {"none"} or (context.items is not None and context.items.name in SILENT)
    if silent:
        maker.passed(sentence, "statements", "", "the section or list is about something else than the drug's effects")
        return
    taken: list[tuple[str, int, int]] = []
    for rule in candidates("statements", sentence.low):
        options = rule.options
        if (why := _barred(rule, section, sentence, previous)) is not None:
            if maker.trace is not None and rule.pattern.search(sentence.low):
                maker.passed(sentence, rule.identifier, "", why)
            continue
        at = 0
        while (match := rule.pattern.search(sentence.low, at)) is not None:
            at = match.end()
            if options.get("classsubject") == "1" and not maker.in_class(match.group("class")):
                continue
            plural = sentence.low.startswith("they ", match.start()) and section in ON_PURPOSE
            if refers_elsewhere(sentence, match, previous) or (plural and not _of_several(maker, sentence, previous)):
                at = match.start() + 1  # the drug may still be named in the match: "know that DRUG may cause …"
                maker.passed(sentence, rule.identifier, match.group()[:40], "stands for another drug or a disease")
                continue
            if rule.role in _EFFECTS | {"effect"} and (
                _joint(sentence, match, section)
                or maker.of_another_class(sentence.low, match.start("object"))
                or _OF_OTHER.match(sentence.low)
                or _ANOTHER.search(sentence.low[: match.start("object")])
            ):
                maker.passed(sentence, rule.identifier, "", "the effect is that of a combination, or of another drug")
                continue
            if _GOES_ON.match(match.group()) and not _SPEAKS_OF_IT.search(sentence.low, 0, match.start() + 1):
                continue  # "asthma can scar the airways and lead to …"
            if rule.role in _EFFECTS | {"effect"} and _another_acts(sentence.low, match, section):
                maker.passed(sentence, rule.identifier, match.group()[:40], "something else than the drug does it")
                continue
            reach = 0
            for fact, start, end in _facts(maker, sentence, context, rule, match):
                reach = max(reach, end)
                # one mention has one role: the first rule that reads it decides
                if any(a < end and start < b and (_rival(kind, fact.kind)) for kind, a, b in taken):
                    maker.passed(sentence, rule.identifier, fact.value, "a rule further up has read these words")
                    continue
                taken.append((fact.kind, start, end))
                yield fact
            # a phrase ends before its sentence does: "does not cause A, but can cause B" states twice
            if reach > match.start("object") and not _object_first(rule):
                at = reach


def _barred(rule: Rule, section: str, sentence: Sentence, previous: Sentence | None) -> str | None:
    """Why a rule does not count in a section or after a sentence, or None where it does."""
    options = rule.options
    if (only := options.get("sections")) and section not in only.split(","):
        return f"counts in sections on {only} only, and this one is on {section}"
    if (barred := options.get("not")) and section in barred.split(","):
        return f"does not count in sections on {section}"
    if (after := options.get("after")) and not (previous and re.search(after, previous.low)):
        return f"counts only after a sentence with {after}"
    if (needs := options.get("needs")) and not re.search(needs, sentence.low):
        return f"needs {needs} in the sentence"
    return None


_ANOTHER = re.compile(r"\b(?:another|other|different) (?:drug|medicine|medication)\b[^.;]*$")
#: a sentence about another drug, which does not name this one
_OF_OTHER = re.compile(r"(?:the |both |however, )?\x02[^\x01]*$")
_JOINT = re.compile(
    r"^(?:when |if )?(?:combined|taken together|mixed|used together|paired|together|along) with [^,;]{3,60}, |\b(?:taking|using|combin\w+|drinking|together|mixing|use of|if you (?:take|drink|use))\b[^.;]{0,60}(?:\x02|alcohol)|\x02[^.;]{0,40}\b(?:with|and|together)\b"
)


#: medicines that are taken beside the drug: "if you take medicines that can cause …"
_TAKEN_TOO = re.compile(
    r"\b(?:tak(?:e|es|ing)|us(?:e|es|ing)|other|any|certain|on|with) (?:\w+ ){0,2}(?:medicines|drugs|medications|painkillers) $"
)


def _joint(sentence: Sentence, match: re.Match[str], section: str) -> bool:
    """Whether the effect is that of a combination with something else, which the interaction states."""
    if section == "interaction" and not re.search(r"side effects?", sentence.low):
        return True
    return _JOINT.search(sentence.low[: match.start("object")]) is not None


#: what the drug makes something else do, or keeps it from doing: "helps the pancreas produce", "the risk that it will cause"
_MADE_TO = re.compile(
    r"\b(?:(?<!medical )(?<!get )(?<!seek )(?<!emergency )help\w*|stimulat\w+|encourag\w+|allow\w*|enabl\w+|kill\w*|block\w*|bind\w*|inhibit\w*|"
    r"(?:reduc|lower|decreas)\w+ the (?:risk|chances?|likelihood))\b[^,;]*$"
)
_THAT_DOES = re.compile(r"([a-z'-]+),? (?:that|which)\b[^,;]*$")
_OF_ITS_OWN = re.compile(r"\b(?:and|but|yet|or|also|can|may|might|could)\b(?: [\w-]+){0,3} $")
#: where a document tells what the drug is for, these verbs tell of what it is meant to do
_MEANT = re.compile(
    r"\b(?:produc(?:es?|ing)|brings? (?:about|on)|induces?|in order to \w+|(?:used|given|intended) to \w+):? $"
)


def _another_acts(low: str, match: re.Match[str], section: str) -> bool:
    """Whether what the words up to the object say is done by a gland or a germ, or is what the drug is given for."""
    said = low[match.start() : match.start("object")]
    if _object_first_in(match):
        return False
    if (doer := _THAT_DOES.search(said)) is not None and is_agent(doer.group(1)):
        return True
    if _MADE_TO.search(said) and not _OF_ITS_OWN.search(said):
        return True
    return section in ON_PURPOSE and _MEANT.search(said) is not None


def _of_several(maker: Maker, sentence: Sentence, previous: Sentence | None) -> bool:
    """Whether "they" may be the medicines that a document is about, rather than what the sentence before names."""
    if maker.subject.type != "drug" or SUBJECT in sentence.low:
        return True
    return previous is None or re.search(r"\x01|\b(?:medicines|drugs|tablets|capsules)\b", previous.low) is not None


def _object_first_in(match: re.Match[str]) -> bool:
    return match.start() == match.start("object")


def _object_first(rule: Rule) -> bool:
    """Whether the phrase that names concepts stands before the verb."""
    return "(?P<object>" in rule.pattern.pattern[:40]


def _rival(kind: str, other: str) -> bool:
    """Whether one mention cannot state both kinds: two effects, or an indication read by two rules."""
    return (kind in _EFFECTS and other in _EFFECTS and kind != other) or kind == other == "indication"


def refers_elsewhere(sentence: Sentence, match: re.Match[str], previous: Sentence | None) -> bool:
    """Whether "it" or "they" at the start of the match stands for another drug, or for a disease."""
    opening = sentence.low[match.start() : match.start() + 12]
    if not re.match(r"(?:it|they|which|that|these|this)\b", opening):
        return False
    before = sentence.low[: match.start()]
    if re.match(r"(?:which|that)\b", opening) and (head := _ANTECEDENT.search(before)):
        if is_agent(head.group(1)):
            return True  # "the virus that causes AIDS"
        if (
            SUBJECT not in before
            and clinical(head.group(1))
            and re.match(r"(?:that|which) (?:nobody|is not|you do not)", opening)
        ):
            return True  # "asthma that nobody treats"
    if re.match(r"it\b", opening) and SUBJECT not in before and _DRUNK.search(before):
        return True  # "Cut down on coffee if it makes you jittery"
    if re.match(r"(?:it|they)\b", opening) and SUBJECT not in before and any(map(is_agent, before.split())):
        return True  # "When these proteins are high, they can cause growth"
    if OTHER in before and "\x01" not in before[before.rfind(OTHER) :]:
        return True
    if re.match(r"(?:which|that)\b", opening) and _TAKEN_TOO.search(before):
        return True
    if re.match(r"(?:which|that)\b", opening):
        clause = re.split(r"[,;:]", before.rstrip(" ,"))[-1]
        if before.count("(") > before.count(")") or (SUBJECT not in clause and clinical(clause)):
            return True  # "gout (…, which can cause pain)": what a disease does
        return "\x01" not in before and not re.search(
            r"\b(?:medicine|medication|drug|product|nsaid|tablet)s?\b", before
        )
    opened = " ".join(before.split()[:4])
    if (
        before.strip()
        and SUBJECT not in before
        and opening.startswith("it ")
        and clinical(opened)
        and not _OWN.search(before)
    ):
        return True  # "High cholesterol is not felt, but it may cause angina"
    if previous is None or before.strip():
        return False
    other, own = previous.low.rfind(OTHER), previous.low.rfind("\x01")
    return other >= 0 and own < 0


_DRUNK = re.compile(r"\b(?:coffee|tea|caffeine|alcohol|drinking|food|meals?|smoking|exercise)\b")
_GOES_ON = re.compile(r"(?:and|but) ")
_SPEAKS_OF_IT = re.compile(
    r"\x01|\b(?:it|they|this|these|the (?:medicine|drug|medication|tablets?|treatment)|side effects?|you|stopping|taking|overdose)\b"
)
#: behind one of these a label tells of something else than the signs it announced
_SIGNS_END = re.compile(rf"{STATE_OF_AFFAIRS.pattern}|\syou (?:have|get|develop|feel)\b")
#: the word that "which" or "that" stands for
_ANTECEDENT = re.compile(r"([a-z'-]+)(?: \([^()]*\))?,?\s*$")


def _facts(
    maker: Maker, sentence: Sentence, context: Context, rule: Rule, match: re.Match[str]
) -> Iterator[tuple[Fact, int, int]]:
    kind = _kind(rule, context, match, sentence)
    options = rule.options
    start, limit = match.span("object")
    if rule.role == "indication" and _BESIDE_OTHERS.search(without_company(sentence.low), 0, start):
        return  # "together with tablets used to treat …": what the others are for
    take = options.get("take", "list")
    backward = not sentence.low[limit : limit + 1] or limit < len(sentence.low.rstrip(". "))
    if backward and _object_first(rule):
        if aside := re.search(r", which [^,.;]+,?$", sentence.low[start:limit]):
            limit = start + aside.start()
        start = _phrase_start(sentence.low, start, limit)
        end = limit
    elif run_on(sentence.low, start, limit):
        end = limit
    elif sentence.low[:start].rstrip().endswith(":") and ";" in sentence.low[start:limit]:
        stop = re.search(r"\.(?:\s|$)", sentence.low[start:limit])  # "signs of it: hives; trouble breathing; swelling"
        end = start + stop.start() if stop else limit
    else:
        end = phrase_end(sentence.low, start, limit)
    if rule.role == "indication" and (named := _SYMPTOMS_OF.match(sentence.low, start, end)):
        end = named.end("of")  # "symptoms of depression such as sadness": what is treated is the depression
        start = named.start("of")
    if rule.role == "indication":
        coded = context.section is not None and context.section.rule.startswith("section_codes:")
        end = without_further_causes(sentence.low, start, end, coded=coded)
    concepts = split(sentence.low, start, end, sentence.text)
    if take == "all":
        end = limit
        concepts = [Concept(sentence.low[start:end].strip(), start, end)]
    if take == "brackets" and len(concepts) < 2:
        return  # one name in brackets is a gloss ("anaphylaxis"), not a symptom
    section = context.section.name if context.section else "none"
    told = rule.identifier == "statements:treats" and section in {"indication", "about"}
    weak = (options.get("weak") == "1" and not told) or (
        kind in _EFFECTS and not (section == "adverse-effect" and _is_plain(rule))
    )
    lead = match.groupdict().get("lead") or sentence.low[:start]
    severity = options.get("severity") or (severity_in(lead) if kind == "adverse-effect" else None)
    sure = options.get("sure") == "1"
    often = kind in {"adverse-effect", "allergic-symptom"} and not sure  # "a rare illness" is not rare in who takes it
    frequency = frequency_in(sentence.low) if often else None
    part_of = None
    if options.get("partof") == "1":
        parents = split(sentence.low, *match.span("of"), sentence.text)
        part_of = parents[0].name if len(parents) == 1 else " or ".join(p.name for p in parents) or None
    among_known = len(concepts) >= 3 and sum(clinical(c.name) for c in concepts) * 2 >= len(concepts)
    for concept in concepts:
        name = f"{options['prefix']} {concept.name}" if "prefix" in options else concept.name
        if kind in _EFFECTS and names_what_changes(name) and (turn := turns(sentence.low, concept.end)):
            name = f"{turn} {name.removeprefix('your ')}"  # "your blood sugar may go up"
        alike = among_known and kind == "indication" and _ONE_MORE.fullmatch(name) and not says_something(name)
        if (
            not clinical(name)
            and not (alike or sure)
            and "prefix" not in options
            and (weak or len(name.split()) > 4 or _NOT_A_STATE.search(name))
        ):
            maker.passed(sentence, rule.identifier, name, "no word of it is in heads.tsv, so it may name no symptom")
            continue
        if kind in _EFFECTS and names_what_changes(name):
            maker.passed(sentence, rule.identifier, name, "it names what may be affected, not how")
            continue
        if kind == "indication" and (SOMEBODY.match(name) or names_what_changes(name)):
            maker.passed(sentence, rule.identifier, name, "it names who is treated or what is measured, and no disease")
            continue
        if kind == "indication" and _SIGNS_TREATED.search(sentence.low, 0, concept.end):
            maker.passed(sentence, rule.identifier, name, "a sign of what is treated, given as an example")
            continue
        if weak and says_something(CAUSED_BY.split(name)[0]):
            maker.passed(sentence, rule.identifier, name, "it holds a verb, so it is a clause and no name")
            continue
        said = _assess(maker, sentence, kind, concept, rule)
        if said.blocked or (not sure and unlikely(kind, name, sentence, said, section)):
            why = f"nothing is stated of it here ({said.rule})" if said.blocked else "announces symptoms and names none"
            maker.passed(sentence, rule.identifier, name, why)
            continue
        yield (
            maker.fact(
                kind,
                name,
                sentence,
                rule.identifier,
                span=maker.quote_span(sentence, match.start(), end),
                assertion=said,
                role=_role(kind, options.get("role"), sentence, concept.end),
                severity=(concept.severity or severity) if kind in _EFFECTS else None,
                frequency=frequency,
                trigger=_trigger(
                    options.get("trigger") or ("stopping" if kind == "withdrawal-symptom" else None), sentence
                ),
                part_of=None if part_of and _SIGNS_END.search(sentence.low, start, concept.start) else part_of,
                condition=concept.condition,
            ),
            concept.start,
            concept.end,
        )


#: "relieves the symptoms of asthma, such as wheezing"
_SIGNS_TREATED = re.compile(r"\bsymptoms of [^.;:]{3,90},? (?:such as|like|including|for example) [^.;:]*$")
#: the drug itself is what is "used with or without other medicines to treat …"
_COMPANY = re.compile(
    r"(?P<drug>(?:\x01|\b(?:it|this (?:medicine|medication|drug))) (?:is|may be|can be) (?:also |often |sometimes |usually )*(?:used|given|taken|prescribed|added) (?:alone(?:,? or)? |either |along |together |in combination )*)"
    r"(?:with|to)(?: or without)? (?:an?other|other|certain(?: other)?|some(?: other)?|(?:one|two|three) other) (?:[a-z-]+ )?(?:medicines?|medications?|drugs?|treatments?|therapies)"
    r"(?: called [^,;.]{3,80}?(?= to ))?"
)


def without_company(low: str) -> str:
    """``low`` with the medicines that the drug is used with blanked, of the same length."""
    return _COMPANY.sub(lambda m: m.group("drug") + " " * (len(m.group()) - len(m.group("drug"))), low)


_BESIDE_OTHERS = re.compile(
    r"\b(?:with|and|or|other|taking|take|using|some|any) (?:[a-z-]+ ){0,2}(?:tablets|medicines?|medications?|drugs?|treatments?) (?:that are |which are )?"
    r"(?:used |given |taken |prescribed )?(?:to (?:help )?(?:treat|prevent|control|lower|relieve)|for)(?: the)?(?: \w+){0,2} $"
)
_OWN = re.compile(
    r"\b(?:medicines?|medication|drugs?|products?|tablets?|tak(?:e|ing)|doses?|treatment|side effects?)\b"
)
_SYMPTOMS_OF = re.compile(
    r"(?:(?:the )?(?:signs|symptoms)(?: and (?:signs|symptoms))? of )?(?P<of>(?!people|patients)[a-z' -]{4,60}?),? (?:such as|like|including) (?:feelings?|feeling|having|difficulty|changes|loss|thoughts|being)\b"
)
#: a name that no word list knows, and that stands among known ones
_ONE_MORE = re.compile(r"(?!(?:more|others?|so on|such|many|much|use|help|other [a-z]+)$)[a-z-]{4,}(?: [a-z-]{3,})?")
_SECTION_KINDS: dict[str, Kind] = {
    "overdose": "overdose-symptom",
    "withdrawal": "withdrawal-symptom",
    "allergy": "allergic-symptom",
}


def _kind(rule: Rule, context: Context, match: re.Match[str], sentence: Sentence) -> Kind:
    """The rule's kind; for effects the occasion, and for ``effect`` else the section, decides of what is told."""
    if rule.role not in {"effect", "adverse-effect"}:
        return rule.role  # type: ignore[return-value]
    by_occasion = occasion_at(sentence.low, match.start("object"))
    if by_occasion in {"withdrawal-symptom", "overdose-symptom"}:
        return by_occasion
    section = context.section.name if context.section else ""
    if section == "allergy" and re.search(r"allerg|anaphyla|hypersensitiv", match.group("object")):
        return "adverse-effect"  # the reaction itself; its symptoms are told of elsewhere
    return _SECTION_KINDS.get(section, "adverse-effect") if rule.role == "effect" else "adverse-effect"


_NOT_A_STATE = re.compile(
    r"\b(?:think|you|your|people|patients?|adults?|adolescents?|doctor|doses?|medicines?|drugs?|treatment|driv\w+|machines?|others?)\b"
)


def _is_plain(rule: Rule) -> bool:
    """Rules whose form alone says that what follows is an effect, known to the word lists or not."""
    return rule.identifier in {
        "statements:effects-include",
        "statements:can-cause",
        "statements:overdose-symptoms",
        "statements:common-ones",
    }


#: by a row's option, what does not count against what it states: a condition, or what looks like the disease treated
_PASSING = {
    "if": frozenset({"assertion:if-history", "assertion:if-event"}),
    "sure": frozenset({"assertion:the-disease"}),
}


def _assess(maker: Maker, sentence: Sentence, kind: Kind, concept: Concept, rule: Rule) -> Assertion:
    said = maker.assess(
        sentence,
        concept.start,
        concept.end,
        passing=_PASSING.get(next((o for o in ("if", "sure") if rule.options.get(o) == "1"), ""), frozenset()),
        kind=kind,
    )
    if kind == "indication" and forbidden_use(sentence.low, concept.start):
        return Assertion(blocked=True)
    if kind == "indication" and said.rule in {"assertion:in-people-with", "assertion:giving-up"}:
        return Assertion()
    if rule.options.get("whose") == "1" and said.rule in {"assertion:use-in-people-with", "assertion:if-history"}:
        return Assertion()  # the disease of those in whom it is used is what it is used for
    if kind == "indication" and re.search(
        r"\b(?:may|might|could|can) (?:help|also help)\b", sentence.low[: concept.start]
    ):
        return Assertion(said.polarity, "hedged", said.blocked, said.rule)
    return said


_OFF_LABEL = re.compile(r"\b(?:off[- ]label|unlicensed)\b")
_AND_ALSO = re.compile(r"\b(?:but|while|also|however|and (?:is|it|has|doctors)|it is|sometimes)\b")


def is_off_label(low: str, end: int) -> bool:
    """Whether a use that is named up to ``end`` is said to be off-label, rather than another one behind it."""
    if (said := _OFF_LABEL.search(low)) is None:
        return False
    return said.start() < end or not _AND_ALSO.search(low[end : said.start()])


def _role(kind: Kind, role: str | None, sentence: Sentence, end: int) -> str | None:
    if kind != "indication":
        return None
    if role == "treatment" and is_off_label(sentence.low, end):
        return "off-label"
    if role == "treatment" and re.search(
        r"\b(?:relieves?|relief|ease) (?:of |the )?(?:the )?symptoms\b|\bsymptomatic\b", sentence.low
    ):
        return "symptomatic"
    return role or "treatment"


def _trigger(trigger: str | None, sentence: Sentence) -> str | None:
    if trigger == "stopping" and re.search(r"\b(?:abrupt|sudden|rapid|too quick|all at once)", sentence.low):
        return "abrupt-stop"
    return trigger


def _phrase_start(low: str, start: int, end: int) -> int:
    """Where a phrase that stands before its verb begins: after the last clause boundary or introductory word."""
    stretch = low[start:end]
    cut = 0
    for m in re.finditer(
        r"(?:[.;:]\s|,? (?:but|although|because|which|that|if|when|while|since) |^(?:however|in (?:adults|adolescents|children|women|men|clinical \w+|trials|rare cases|some cases|studies|patients[^,]*)|rarely|sometimes|also|occasionally|very rarely|for example|most|some),? |\bcases of )",
        stretch,
    ):
        cut = m.end()
    return start + cut
