"""Names of symptoms and diseases in running text, without a sentence pattern: stretches between words that name none.

"Where there were any, they were nausea and high blood pressure." holds one stretch, "nausea and high blood pressure".
The words are ``rules/breaks.tsv``; what counts as a name is decided by the words of ``rules/heads.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from monograph.extraction.concepts import Concept, split
from monograph.extraction.predicates import said_of_parts
from monograph.extraction.wording import clinical, normal_forms, word_list

__all__ = [
    "holds_a_verb",
    "is_fragment",
    "names_a_state",
    "names_only_parts",
    "names_what_changes",
    "rows_spotted",
    "spotted",
    "turns",
]

_TOKEN = re.compile(r"[a-z][a-z'-]*(?:(?<=-)\d+)?|\d[\d.,%]*|\(|\)|[,/]|\S")
_ARTICLES = frozenset(["the", "a", "an", "your"])
#: what a measured quantity ends in
_MEASURED = frozenset(["count", "counts", "rate", "levels", "level", "pressure", "function", "test", "tests"])
_IN_BLOOD = frozenset(["in", "of", "blood", "liver", "levels", "level"])
#: what takes "with"; of "a rash with swelling of the lips" the rash stands by itself
_WITH = frozenset(["difficulty", "difficulties", "trouble", "problem", "problems", "issues", "interest", "discomfort"])
_JOINTS = frozenset([",", "/", "and", "or", "and/or"])
#: names longer than this are clauses
_LONGEST = 6
#: names that stand in a row of so many vouch for each other
_ROW = 3


#: examples in brackets: "signs of heart failure (such as swollen ankles, sudden weight gain)"
_EXAMPLES = re.compile(
    r"\((?:such as|for example,?|e\.g\.,?|including|like|for instance,?|symptoms (?:may |can )?include|signs (?:may |can )?include|(?:ask|get|call|see|tell|contact)[^()]{0,60}? if you (?:get|have|develop|notice|become|feel|are)):? (?P<in>[^()]+)\)"
)


@cache
def _breaks() -> frozenset[str]:
    return word_list("breaks", "function") | word_list("breaks", "verb") | word_list("breaks", "noun")


def spotted(low: str, original: str | None = None, *, made: bool = False) -> Iterator[Concept]:
    """The concepts that a lower-case sentence names, with their places, in order.

    ``made`` adds states that something brings about: "it makes your ankles swell".
    """
    predicated = said_of_parts(low, made=made)
    yield from (Concept(said.name, said.start, said.end) for said in predicated)
    for start, end in _stretches(low):
        if not clinical(low[start:end]) or any(start < said.end and said.start < end for said in predicated):
            continue
        for concept in split(low, start, end, original):
            if low.startswith(" vaccin", concept.end):
                continue  # a vaccine against it
            if len(concept.name.split()) <= _LONGEST and names_a_state(concept.name):
                yield _typed(low, concept)
    for bracket in _EXAMPLES.finditer(low):
        for concept in split(low, *bracket.span("in"), original):
            if len(concept.name.split()) <= _LONGEST and names_a_state(concept.name):
                yield concept


#: the number of a type, which ends the stretch before a disease: "type 2 diabetes"
_TYPE = re.compile(r"\btype (?:1|2|i|ii) $")


def _typed(low: str, concept: Concept) -> Concept:
    told = _TYPE.search(low, max(0, concept.start - 10), concept.start)
    return concept if told is None else replace(concept, name=f"{told.group()}{concept.name}", start=told.start())


def rows_spotted(
    low: str, original: str | None = None, *, accepts: Callable[[str], bool] = clinical
) -> Iterator[Concept]:
    """The concepts of a sentence that does little but name them; ``accepts`` tells what is clinical.

    In a row of three or more of which most are clinical, the others are so too ("rash, injection site coldness").
    """
    for start, end in _stretches(low):
        row = [c for c in split(low, start, end, original) if len(c.name.split()) <= _LONGEST]
        known = [c for c in row if accepts(c.name) and not _is_empty(c.name)]
        whole = len(row) >= _ROW and len(known) * 3 >= len(row) * 2
        for concept in row if whole else known:
            if not _is_empty(concept.name):
                yield concept


def holds_a_verb(low: str) -> bool:
    """Whether a stretch holds a verb, so that what stands after it is another clause's."""
    return not word_list("breaks", "verb").isdisjoint(re.findall(r"[a-z']+", low))


def names_a_state(name: str) -> bool:
    """Whether a name says what is wrong: not only what may be affected ("blood pressure"), or that something is."""
    return clinical(name) and not _is_empty(name)


def is_fragment(name: str) -> bool:
    """Whether a name is the end of another phrase, or a clause without its subject: "in men", "worsen this condition"."""
    return _FRAGMENT.match(name.lower()) is not None


_FRAGMENT = re.compile(
    r"(?:in (?!pain|distress|labou?r|need)|due to |from |by |with |of |as |worsen |increase the |decrease the |give you |"
    r"cause you |leads? to |leading to |adolescents |adults? |children )"
)


def names_what_changes(name: str) -> bool:
    """Whether a name says what may change and not how: "blood sugar", "pressure in your eye", "white blood cell count"."""
    if name.lower() in normal_forms():
        return False
    words = [word for word in name.lower().split() if word not in _ARTICLES and word not in _IN_BLOOD]
    if not words or (" in " in name and words[0] not in _MEASURED and not name.endswith(" blood")):
        return not words  # "blood in the urine" names a state
    known = (
        word_list("heads", "faculty")
        | word_list("heads", "analyte")
        | word_list("modifiers", "body")
        | word_list("heads", "bodily")
    )
    if all(word in known for word in words):
        return True
    return words[-1] in _MEASURED and word_list("heads", "direction").isdisjoint(words) and len(words) < _LONGEST


_GOES = re.compile(
    r"\s(?:levels? )?(?:could|may|might|can|will|to)(?: even| also)? (?:(?P<up>rise|increase|go (?:back )?up|become (?:too )?high)|"
    r"(?P<down>fall|drop|decrease|go down|become (?:too )?low)|(?P<worse>get worse|worsen))\b"
)


def turns(low: str, end: int) -> str | None:
    """How what is named up to ``end`` is said to change: "raised", "low", "worsening"; None where nothing is said."""
    said = _GOES.match(low, end)
    if said is None:
        return None
    return "raised" if said.group("up") else "low" if said.group("down") else "worsening"


def names_only_parts(name: str) -> bool:
    """Whether a name holds nothing but places, things and qualities ("large intestine"), which is no effect."""
    words = name.split()
    return all(word in word_list("heads", "part") or word in word_list("modifiers", "body") for word in words)


def _is_empty(name: str) -> bool:
    words = [word for word in name.split() if word not in _ARTICLES]
    bare = word_list("heads", "bare")
    return (
        all(word in word_list("heads", "faculty") for word in words)
        or all(word in word_list("heads", "analyte") or word in _IN_BLOOD for word in words)
        or (words[-1] in bare and all(word.endswith("ly") and word != "early" for word in words[:-1]))
        or words[-1] in word_list("heads", "empty")
    )


def _stretches(low: str) -> Iterator[tuple[int, int]]:
    tokens = [(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(low)]
    breaks, binding = _breaks(), word_list("breaks", "binding")
    begin: int | None = None
    end = 0
    skip_to = -1
    for index, (start, stop, word) in enumerate(tokens):
        if start < skip_to:
            continue
        if word == "(" and begin is not None:
            closing = low.find(")", stop)
            if closing > 0:
                end = skip_to = closing + 1
                continue
        if word in binding:
            if begin is not None and _binds(tokens, index):
                end = stop
                continue
        elif word in _JOINTS:
            continue
        elif word in _ARTICLES:
            if begin is None or tokens[index - 1][2] in binding or tokens[index - 1][2] in _JOINTS:
                continue  # else what stands before an article is a verb ("lower the pulse"), and ends here
        elif word[0].isalpha() and word not in breaks:
            if begin is None:
                begin = start
            end = stop
            continue
        if begin is not None:
            yield begin, end
        begin = None
    if begin is not None:
        yield begin, end


def _binds(tokens: list[tuple[int, int, str]], index: int) -> bool:
    """Whether the preposition at ``index`` stands inside a name: before a body part, or after a word that takes one."""
    body = word_list("modifiers", "body")
    before = tokens[index - 1][2]
    word = tokens[index][2]
    after = [t[2] for t in tokens[index + 1 : index + 4] if t[2] not in _ARTICLES]
    if not after or not after[0][0].isalpha():
        return False
    if word in {"when", "while"}:
        return before in word_list("breaks", "takes") and after[0].endswith("ing")
    if any(a in body for a in after[:2]) and word != "with":
        return True
    if word == "with":
        return before in _WITH and after[0] not in _breaks()
    if word == "to":
        return before in word_list("breaks", "takes_to") and after[0] not in _breaks()
    if word == "of":
        return after[0] not in _breaks() or after[0] in {"breath"}
    return before in word_list("breaks", "takes") and after[0] not in _breaks()
