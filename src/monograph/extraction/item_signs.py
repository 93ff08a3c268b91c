"""Of which effect the concepts of a list's item are signs, what it explains in brackets, and where its names end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.concepts import Concept, split
from monograph.extraction.wording import clinical
from monograph.screening import screened

__all__ = ["SIGNS", "glosses", "signs_of"]

SIGNS = screened(
    r"(?:[-–(,]\s*)?(?:(?:this|these|which|it|they|both)\s)?(?:can be|may be|could be|are|is|might be)?\s*(?:all )?(?:an? )?(?:early |possible |warning )*(?:signs?|symptoms?) of (?P<of>[^.;]+)"
)
_GLOSSED_SIGNS = screened(
    r"\s\((?:(?P<gloss>[a-z][a-z -]{2,40})[,;] )?(?:its |the |possible |with )?(?:symptoms|signs)(?: and (?:symptoms|signs))?(?: of [^():,]{3,60}?)?,? ?"
    r"(?:(?:may include|can include|include|includes|are|may be|such as|like|including):?|:) (?P<signs>[^()]{3,})(?:\)|$)"
)
_CLINICAL_GLOSS = screened(
    r"\((?P<name>(?:[a-z'-]+ ){0,3}(?:syndrome|multiforme|necrolysis|[a-z]{4,}(?:itis|osis|a?emia|penia|o?edema|phylaxis|algia)))\)"
)
#: "Signs of liver problems (dark urine, itching)"
_SIGNS_IN_BRACKET = re.compile(
    r"(?:possible )?(?:signs|symptoms) of (?P<of>(?:(?! (?:such as|like|including) )[^():;,]){3,60}?),? ?\((?:such as |like |including |e\.g\.,? )?(?P<signs>[^()]{6,})\)"
)
#: "an allergic reaction (difficulty breathing; hives)"
_REACTION_SIGNS = re.compile(
    r"(?:signs of |symptoms of )?(?:an? )?(?P<of>(?:severe |serious |life-threatening )?(?:allergic|anaphylactic|hypersensitivity) reactions?)"
    r"(?:,? ?\(|,? (?:such as|like|including|which include)|:| [-–]|\s?—) ?(?:for example |such as |like |including |e\.g\.,? |"
    r"(?:the )?signs of an? allergic reaction (?:may |can )?includes? )?(?P<signs>[^()]{6,})"
)
#: "Signs of serious infections, such as fever, chills"
_SIGNS_SUCH_AS = re.compile(
    r"(?:(?:possible|early|any|the) )*(?:signs?|symptoms?)(?: and (?:signs?|symptoms?))? of (?P<of>[^():;,.]{3,70}?),? "
    r"(?:such as|like|including|for example)\b:? ?(?P<signs>[^()]{6,})"
)
_BAND = re.compile(r"(?:very common|common|uncommon|rare|very rare|not known)[^:]{0,80}: ")
_DASHED = re.compile(r"(?!very common|common|uncommon|rare)([^:,.—]{3,60}?)(?:\s?(?:—|--)\s?| [-–] )(?=\S)")
#: what follows a dash and is a remark: "swelling - this can be a sign of …"
_DASH_TOLD = re.compile(
    r"(?:this|these|it|they|which|if|when|tell|call|see|get|stop|may|can|especially|usually|mainly|often)\b"
)
_COLON = re.compile(r"([^:,.]{3,60}): (?=\S)")

#: remarks after which an item names nothing more
_REMARK = re.compile(
    r"\.(?:\s|$)|\s-\s|,? (?:although|but|though|because|especially|particularly|even if|even in case|whether|for instance|"
    r"for example|if you|when you|if (?:it is |it's )?(?:taken|used|given)|when (?:it is )?(?:taken|used|given)|so you|followed by)\b|"
    r"\s(?:(?:may|can|might|could|uncommonly|rarely|commonly|sometimes|also|occasionally) )+(?:happens?|occurs?|appears?|develops?|be seen)\b|"
    r"\s(?:very common|common|uncommon|rare|very rare) side effects\b|\s(?:greater|more|less|higher|lower) than \d"
)
#: a relative clause, after which the item may go on
_RELATIVE = re.compile(r",? (?:which|that) (?:may|can|could|might|is|are|looks?)\b(?! cause:)")


def _item_end(low: str, start: int, end: int) -> int:
    """Where an item's concepts end: at a full stop or a remark; items are phrases, so few words stop them."""
    at = start
    while (cut := min((m.start() for p in (_REMARK, _RELATIVE) if (m := p.search(low, at, end))), default=end)) < end:
        opened = low.rfind("(", start, cut)
        closing = low.find(")", cut, end) if opened >= 0 and ")" not in low[opened:cut] else -1
        if closing < 0:
            return cut if cut > start + 2 else end
        at = closing + 1  # a remark in a bracket is the bracket's
    return end


def glosses(low: str, start: int, original: str) -> Iterator[Concept]:
    """Clinical names in brackets behind a long description: "a rash with blisters … (Stevens-Johnson syndrome)"."""
    at = start
    for bracket in _CLINICAL_GLOSS.finditer(low, start):
        if len(low[at : bracket.start()].split()) > 5:
            yield from split(low, *bracket.span("name"), original)
        at = bracket.end()


def signs_of(low: str, original: str) -> tuple[list[Concept], int, int]:
    """The effects of which an item's concepts are signs, where it says so; and the span of those concepts.

    "liver problems (symptoms may include dark urine)", "dark urine - this can be a sign of liver problems" and "liver
    problems: dark urine" all tell of liver problems, and of dark urine as their sign.
    """
    band = _BAND.match(low)
    start = band.end() if band else 0
    if glossed := _GLOSSED_SIGNS.search(low, start):
        names = split(low, start, glossed.start(), original)
        if glossed.group("gloss") and clinical(
            glossed.group("gloss")
        ):  # "loss of fluid (dehydration, signs include …)"
            names += split(low, *glossed.span("gloss"), original)
        return names, *glossed.span("signs")
    if told := _REACTION_SIGNS.match(low, start):
        return split(low, *told.span("of"), original), *told.span("signs")
    if told := _SIGNS_IN_BRACKET.match(low, start):
        return split(low, *told.span("of"), original), *told.span("signs")
    if (told := _SIGNS_SUCH_AS.match(low, start)) and (named := split(low, *told.span("of"), original)):
        for gloss in _CLINICAL_GLOSS.finditer(low, told.start("signs")):  # "… of a cold such as sore throat (rhinitis)"
            named += split(low, *gloss.span("name"), original)
        remark = _REMARK.search(low, told.start("signs"))  # a relative clause ends with its comma, not the row
        return named, told.start("signs"), remark.start() if remark else len(low)
    dashed = _DASHED.match(low, start) if SIGNS.search(low, start) is None else None
    if dashed is not None and _lists_signs(low, dashed.end(), original):
        return split(low, *dashed.span(1), original), dashed.end(), _item_end(low, dashed.end(), len(low))
    parents: list[Concept] = []
    end = len(low)
    signs = SIGNS.search(low, start)
    if signs:
        parents = split(low, *signs.span("of"), original)
        end = signs.start() if signs.start() > start + 3 else end
    elif (colon := _COLON.match(low, start)) and clinical(colon.group(1)):
        return split(low, *colon.span(1), original), colon.end(), _item_end(low, colon.end(), end)
    stop = _item_end(low, start, end)
    if signs and stop < end and (detail := re.match(r"\s-\s", low[stop:end])):
        # "stomach problems - severe pain, … - these can be signs of X": the detail says what the first words announce
        announced = re.search(r"\b(?:problems?|symptoms?|changes?|signs?)\s*$", low[start:stop])
        return parents, stop + detail.end() if announced else start, end
    return parents, start, stop


def _lists_signs(low: str, start: int, original: str) -> bool:
    """Whether what follows a dash is a row of symptoms: "liver problems - loss of appetite, dark urine, jaundice"."""
    tail = low[start:]
    if tail.count(",") + tail.count(" or ") + tail.count(" and ") == 0 or _DASH_TOLD.match(tail):
        return False
    row = split(low, start, len(low), original)
    return len(row) > 1 and sum(clinical(c.name) for c in row) * 3 >= len(row) * 2
