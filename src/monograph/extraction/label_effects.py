"""Effects that the sections of official labels on adverse reactions and warnings name, in the idiom of labels.

There, every statement is about the drug under trial unless it says otherwise: what is named counts, and what must not
count is known by its words (``rules/label_blocks.tsv``): boilerplate of trials, exposure, comparison arms, antibodies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monograph.extraction.concepts import clinical
from monograph.extraction.context import Context
from monograph.extraction.effects import blocked
from monograph.extraction.making import Maker, frequency_in, frequency_place, severity_in
from monograph.extraction.occasions import occasion
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import OTHER, SUBJECT, candidates
from monograph.extraction.run_on import listed_capitals
from monograph.extraction.spotting import names_only_parts, rows_spotted
from monograph.facts import Fact

__all__ = ["label_effects", "warned_of"]

#: groups of effects, which heads of tables and lists name
_SYSTEM_WORDS = (
    r"(?:gastro-?intestinal|digestive|cardiac|cardio-?vascular|vascular|heart|blood|h(?:a?)emic|h(?:a?)ematologic(?:al)?|lymphatic|immune|"
    r"nervous|central|peripheral|autonomic|cns|neurologic(?:al)?|psychiatric|psychological|skin|dermatologic(?:al)?|subcutaneous|tissue|"
    r"tissues|appendages|respiratory|thoracic|mediastinal|pulmonary|musculo-?skeletal|musculoskeletal|connective|bone|joint|"
    r"renal|kidney|urinary|urologic(?:al)?|genitourinary|urogenital|genital|reproductive|breast|sexual|hepato-?biliary|hepatic|"
    r"liver|biliary|eye|ear|ocular|ophthalmic|labyrinth|vestibular|special|senses|sensory|endocrine|metabolism|metabolic|nutrition|nutritional|"
    r"general|body|whole|administration|site|application|system|systems|organ|organs|class|congenital|familial|genetic|"
    r"infections|investigations|laboratory|neoplasms|benign|malignant|unspecified|cysts|polyps|procedural|injury|"
    r"poisoning|pregnancy|puerperium|perinatal|social|surgical|medical|platelet|bleeding|clotting|miscellaneous|other|oral)"
)
_SYSTEM = re.compile(
    rf"(?:\b{_SYSTEM_WORDS}(?:,? and |, |/| & | as an? | of the | \(incl[^)]*\) | ))+"
    rf"(?:disorders?|conditions|infestations|investigations|complications|circumstances|procedures|system|abnormalities|whole|"
    rf"reactions|events|effects)\b(?: \([^)]*\))?|"
    r"\binfections and infestations\b|\bmetabolism and nutrition\b|\bbody as a whole\b|"
    r"\b(?:injury, )?poisoning and procedural\b|\bneoplasms[^.]{0,60}polyps\)?"
)
#: such a group before a colon ("Respiratory: cough"), and at the head of a row of a table ("3% Digestive Nausea 2%")
_LABELLED = re.compile(
    rf"\b(?:(?:{_SYSTEM_WORDS}|senses|symptoms|reactions|general|infrequent|frequent|rare)(?:,? and |, |/| & | as an? | )?)+\s?:"
)
_ROW_HEAD = re.compile(
    r"(?<=[\d%)] )(?i:body as a whole|digestive|gastrointestinal|cardiovascular|respiratory|(?:central )?nervous system|psychiatric|"
    r"h(?:a?)emic and lymphatic|metabolic and nutritional|urogenital|genitourinary|special senses|skin and appendages|"
    r"dermatologic(?:al)?|endocrine|general)(?= [A-Z])"
)
#: what a cross reference leaves, and codes of dictionaries
_NOISE = re.compile(
    r"\bnos\b|\baccounts? for\b|\d+-week\b|\bopen-label\b|\b(?:preferred|meddra|costart) terms?\b|\bsystem organ class(?:es)?\b|\bn ?= ?\d+"
)
#: "Heart failure: hypotension and chest pain" names two, in those with heart failure
_HEADS_OTHERS = re.compile(r"\s*(?:\([^()]*\)\s*)?:\s+\S")
#: where a cross reference was, which parts what stands around it
_GAP = re.compile(r"(?<=\w) {3,}(?=\w)")
#: the same head in a text that has lost its colons and lines, known by its capitals
_OF_SYSTEMS = rf"(?i:(?:(?:{_SYSTEM_WORDS}|systemic|hypersensitivity|allergic)(?:,? and |, |/| & | |-))*(?:{_SYSTEM_WORDS}|hypersensitivity|allergic))"
_TITLE_HEAD = re.compile(
    rf"(?:^|(?<=[a-z0-9%),;:.] ))(?=[A-Z])(?:{_OF_SYSTEMS} (?:Reactions?|System|Disorders?|Effects?|Disturbances)|"
    r"(?:Dermatologic|Neurologic|Hematologic|Urologic|Ophthalmologic)(?:al)?|Genitourinary|Musculoskeletal|Ophthalmic|Psychiatric|Endocrine)"
    r"(?= (?:\d+\.|[a-z]))"
)
#: characters between a mention and the word on its frequency behind it
_NEAR = 60
#: what stands in brackets is named there as what stands outside
_BRACKETS = str.maketrans("()[]", ";;;;")
#: "bone fracture (not spontaneous), bone necrosis": what the bracket denies is of the name before it
_ASIDE = re.compile(r";\s?not [a-z -]{3,30};")
#: "fatal and non-fatal liver failure" is one reaction
_FATAL = re.compile(r"\b(?:fatal (?:and|or) non-?fatal|non-?fatal (?:and|or) fatal)\b")
#: what is counted before the reaction itself is named
_COUNTED = re.compile(
    r"^(?:(?:the|an?|overall|increased?|higher|lower|greater|new|rare|isolated|serious|fatal|reported|spontaneous|onset|"
    r"potential|possible|worsening|postmarketing) )*"
    r"(?:incidences?|rates?|frequency|risks?|cases?|occurrences?|episodes?|reports?|symptoms?|signs?|development|worsening|"
    r"exacerbation|percentage|number|exception|severity|onset|instances|history|events?|reactions?|types?|degree|presence) of (?:the |an? )?"
)
#: findings of laboratories, which name what is measured and how it changed
_FINDING = re.compile(
    r"\b(?:blood|serum|plasma|urine|platelets?|leu[ck]ocytes?|neutrophils?|lymphocytes?|eosinophils?|h(?:a?)emoglobin|h(?:a?)ematocrit|"
    r"alanine|aspartate|aminotransferases?|transaminases?|phosphatase|bilirubin|creatinine|creatine|phosphokinase|lipase|amylase|triglycerides?|"
    r"cholesterol|glucose|urea|uric acid|alt|ast|ggt|cpk|ck|ldh|bun|tsh|inr|qt|qtc|enzymes?|electrocardiogram|ecg|ekg|heart rate|"
    r"respiratory rate|weight|appetite|sweating|salivation|libido|lacrimation|sperm|(?:[a-z]+ )?counts?|liver function tests?|white blood cells?|red blood cells?)\b"
    r"[a-z ]{0,30}\b(?:increased?|decreased?|elevated|elevations?|reduced|reductions?|abnormal|abnormality|abnormalities|prolonged|prolongation|"
    r"loss|gain|changes?|disorder|positive)\b|"
    r"\b(?:increased?|decreased?|elevated|elevations?|reduced|abnormal|prolonged|low|high)(?: in| of)? (?:[a-z]+ ){0,2}"
    r"(?:alt|ast|alkaline phosphatase|transaminases?|aminotransferases?|bilirubin|creatinine|lipase|amylase|triglycerides|cholesterol|platelets?|"
    r"h(?:a?)emoglobin|liver enzymes|heart rate|appetite|weight|sweating|salivation|libido|lacrimation|blood pressure|cough)\b|"
    r"\bfeeling (?:abnormal|cold|hot|drunk|jittery|of [a-z]+|unwell)\b"
)
#: what names no reaction though its words are clinical
_EMPTY = re.compile(
    r"^(?:(?:serious |severe |common |most |other |any |these |adverse |drug |clinical |treatment |emergent |related |first |"
    r"sub ?|overall |the |this |of |initial |acute |chronic |primary |underlying )*"
    r"(?:adverse|reactions?|events?|experiences?|effects?|disease|disorders?|conditions?|symptoms?|death|deaths|discontinuation|"
    r"population|baseline|treatment|abnormalities|laboratory abnormalities|infections? and infestations|change|changes|levels?|"
    r"condition|illness|cancer patients?|signs|attack|disease progression|progression|failure|injury|pain medication|"
    r"(?:.* )?(?:sections?|exceeding|receiving|summari[sz]es)(?: .*)?|reflect .*|respiratory|surgery|prosthetic|elevations?|"
    r"(?:significant |clinical |laboratory |other )*(?:changes|findings|values)|reactions? [a-z]|serum [a-z]+|(?:[a-z-]+ )*(?:agents?|inhibitors?|tablets?|capsules?|group|arm|dose|doses)|"
    r"(?!.*(?:crease|elevat|reduc|abnormal|high|low|chang|raised|fluctuat)).* levels?|(?:electrolyte|fluid) balance|(?:abnormal )?laboratory (?:findings|values)|"
    r"(?:adverse )?reactions represent|allergies|acute conditions?|"
    r"reactions? rates?|extension|trials?|stud(?:y|ies)|(?:serum|plasma|therapeutic) .*concentrations?|rates?|"
    r"increase|decrease|loss|withdrawal|withdrawals|syndromes?|problems?|complications?|mood|sex|heart|blood|skin|hair|eyes?))$"
)
_REACTIONS = frozenset({"section_codes:34084-4", "section_codes:90374-0", "section_codes:90375-7"})
#: what opens a list of the reactions that other sections are about
_TOLD_ELSEWHERE = re.compile(
    r"\b(?:described|discussed|presented|listed|addressed|appear|detailed)\b.{0,60}\b(?:elsewhere|other sections?|detail)\b"
)
_WARNINGS = frozenset({"section_codes:43685-7", "section_codes:34071-1"})
#: a risk that a heading of the warnings names is no effect where it is about whom to watch
_WATCHED = re.compile(
    r"\b(?:patients|impairment|impaired|surgery|monitoring|interactions?|pregnan|women|men|children|use in|concomitant|"
    r"co-?administration|withdrawal of|discontinu|tests?|vaccin\w+|dosing|history|with (?:other|pre-?existing)|due to lack|"
    r"unmasking|treatment of)\b"
)


#: what happens on stopping; "may be responsive to withdrawal" does not
_STOPPED = re.compile(
    r"\b(?:after|following|upon|on|with|from) (?:\w+ ){0,2}?(?:withdrawal|discontinuation|discontinuing|cessation|stopping)\b|"
    r"\bwithdrawal (?:symptoms?|syndrome|reactions?|effects?|emergent)\b"
)
#: a drug that is only taken along does not make a reaction its own
_PASSING = frozenset({"assertion:only-other-named"})


def tells_of_reactions(context: Context) -> bool:
    """Whether a section is a label's adverse reactions, known by its code."""
    section = context.section
    return section is not None and section.rule in _REACTIONS


def label_effects(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The effects that a statement under a label's adverse reactions names."""
    section = context.section
    assert section is not None
    low = _quiet(sentence.low, sentence.text)
    if _TOLD_ELSEWHERE.search(low):
        low = listed_capitals(sentence.text, low)
    blocks = blocked(low) + _passages(sentence.low)
    if any(start == 0 and end == len(low) for start, end, _ in blocks):
        return
    names: list[str] = []
    quiet = replace(sentence, low=low)  # a bracket's "not" ends with the bracket
    severity = section.options.get("severity") or severity_in(low)
    often, cue = frequency_in(low), frequency_place(low)
    for concept in rows_spotted(low, sentence.text, accepts=_names_a_reaction):
        name = _COUNTED.sub("", concept.name)
        if name in names or not name or _EMPTY.match(name) or names_only_parts(name):
            continue
        # "decreased appetite" holds a word that elsewhere says what a drug is for
        own = concept.start if _FINDING.match(concept.name) else -1
        if (why := next((why for a, b, why in blocks if a <= concept.start < b and a != own), None)) is not None:
            maker.passed(sentence, "label_effects", concept.name, why)
            continue
        if _HEADS_OTHERS.match(low, concept.end):
            maker.passed(
                sentence, "label_effects", concept.name, "stands before a colon, as what the words after are on"
            )
            continue
        if _of_another(low, concept.start):
            maker.passed(sentence, "label_effects", concept.name, "another drug is what the clause tells of")
            continue
        said = maker.assess(quiet, concept.start, concept.end, kind="adverse-effect", passing=_PASSING)
        if said.blocked:
            maker.passed(sentence, "label_effects", concept.name, f"nothing is stated of it here ({said.rule})")
            continue
        names.append(name)
        yield maker.fact(
            "withdrawal-symptom" if occasion(low) == "withdrawal-symptom" and _STOPPED.search(low) else "adverse-effect", name, sentence, "label_effects",
            span=maker.quote_span(sentence, max(0, concept.start - 120), concept.end),
            assertion=said, frequency=often if _told_how_often(low, concept.end, cue) else None, severity=concept.severity or severity,
            condition=concept.condition,
        )  # fmt: skip


def warned_of(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The risk that a heading under a label's warnings or adverse reactions names: "5.1 Lactic Acidosis"."""
    warned = context.section is not None and context.section.rule in _WARNINGS
    if not warned and not tells_of_reactions(context):
        return
    low = _quiet(re.sub(r"^\d[\d.]*\s", lambda m: " " * len(m.group()), sentence.low), sentence.text)
    if _WATCHED.search(low) or len(low.split()) > 9:
        return
    concepts = [c for c in rows_spotted(low, sentence.text, accepts=_names_a_reaction) if not _EMPTY.match(c.name)]
    left = "".join(" " if any(c.start <= k < c.end for c in concepts) else letter for k, letter in enumerate(low))
    if re.fullmatch(
        r"(?:\W|\d|\b(?:and|or|a|an|the|severe|serious|increased|risks?|of|other|including|in|events?|reactions?)\b)*",
        left,
    ):
        for concept in concepts:
            yield maker.fact(
                "adverse-effect", concept.name, sentence, "label_effects:warning", severity=concept.severity
            )


def _names_a_reaction(phrase: str) -> bool:
    return clinical(phrase) or _FINDING.search(phrase) is not None


def _quiet(low: str, text: str) -> str:
    """``low`` with the names of systems, and what is no word of a statement, as separators of the same length."""
    low = _GAP.sub(lambda m: ";" + " " * (len(m.group()) - 1), low)
    low = _FATAL.sub(lambda m: " " * len(m.group()), low)
    for pattern in (_SYSTEM, _NOISE, _LABELLED):
        low = pattern.sub(lambda m: ";" + " " * (len(m.group()) - 1), low)
    for m in (*_ROW_HEAD.finditer(text), *_TITLE_HEAD.finditer(text)):
        low = f"{low[: m.start()]};{' ' * (m.end() - m.start() - 1)}{low[m.end() :]}"
    return _ASIDE.sub(lambda m: " " * len(m.group()), low.translate(_BRACKETS))


def _told_how_often(low: str, end: int, cue: int | None) -> bool:
    """Whether what a statement says of a frequency, at ``cue``, is said of the mention that ends at ``end``.

    What stands before the mentions is of all that follow; what follows one is of its own clause: "…, rash. General: fever,
    pain, and seizures were rare".
    """
    return cue is not None and (cue < end or (cue - end <= _NEAR and ";" not in low[end:cue]))


def _of_another(low: str, start: int) -> bool:
    """Whether the words right before a mention name another drug ("with flutamide, hepatitis"), and no figure parts them."""
    other = low.rfind(OTHER, max(0, start - 40), start)
    return other >= 0 and not re.search(r"[\d;]", low[other:start]) and SUBJECT not in low[other:start]


def _passages(low: str) -> list[tuple[int, int, str]]:
    """The stretches that a label's idiom says nothing of the drug in, each with the reason."""
    out = []
    for rule in candidates("label_blocks", low):
        for match in rule.pattern.finditer(low):
            if rule.role == "sentence":
                return [(0, len(low), f"the sentence tells of no effect ({rule.identifier})")]
            stop = re.compile(r"[;,.)]|\b(?:and|but|while|whereas)\b").search(low, match.end())
            end = match.end() if rule.role == "words" else stop.start() if stop else len(low)
            out.append((match.start(), end, f"is no effect here ({rule.identifier})"))
    return out
