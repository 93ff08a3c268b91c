"""Coordination: the parts of a phrase between commas and conjunctions, and what they share.

"Swollen face, lips or tongue" has three parts that share their adjective, "nausea or vomiting" two that share nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from monograph.extraction.run_on import run_on
from monograph.extraction.wording import clinical, is_analyte, normal_forms, word_list

__all__ = ["BRACKET", "STATE_OF_AFFAIRS", "Part", "distribute", "parts"]

_SEPARATOR = re.compile(
    r"\s*[,;]\s*(?:and/or|and|or|as well as|plus)?\s+|\s+(?:but also|and/or|and|or|as well as|plus)\s+|\s*[,;]\s*(?=\S)|(?<=[a-z])\s?/\s?(?=[a-z])|\s+[-*•]\s+"
)
#: one of these words stands in each separator without a mark
_SEPARATES = frozenset(["and", "or", "and/or", "plus", "also", "well", "-", "*", "•"])
#: what an item says may be there or not
_ASIDE = re.compile(
    r"\bpins and needles\b|\blittle or no(?= )|\bwith or without [^,;.]+|\b\d+ (?:years )?(?:of age )?or (?:older|over|more|younger|under|less|above|below)\b|\bfeeling or being sick\b|\bfeel or be sick\b"
)
#: run-on items that tell when to stop, not what happens
STATE_OF_AFFAIRS = re.compile(
    r"\b(?:gets? worse|worsens?|lasts?|continues?|does not respond)\b"
    r"|\b(?:pain|fever|cough|symptoms?|redness|swelling|reactions?|conditions?|upset)\b[^,;]*\b(?:is present|are present|appears?|occurs?)\b"
)
BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]?")


#: what is had in doing something, and the doing
_TROUBLE = frozenset({"trouble", "difficulty", "discomfort", "problems"})
_AT = re.compile(r"(?:pain|difficulty|discomfort|trouble|problems) (?:in |with |when |while )?[a-z]{4,}ing\b")


@dataclass(frozen=True, slots=True)
class Part:
    start: int
    end: int
    before: str = ""  # words taken from a part before, or from the one after
    after: str = ""


def parts(low: str, start: int, end: int) -> list[Part]:
    if items := run_on(low, start, end):
        heard = [(low.rfind(": ", a, b) + 2 if ": " in low[a:b] else a, b) for a, b in items]
        return [part for a, b in heard if not STATE_OF_AFFAIRS.search(low[a:b]) for part in _separated(low, a, b)]
    return _separated(low, start, end)


def _separated(low: str, start: int, end: int) -> list[Part]:
    depth, cuts, at = 0, [], start
    text = low[start:end]
    if not any(mark in text for mark in ",;/") and _SEPARATES.isdisjoint(text.split()):
        return [Part(start, end)] if text.strip(" .,;:") else []
    aside = [m.span() for m in _ASIDE.finditer(low, start, end)] if " or " in text or "pins and" in text else []
    matches = {
        m.start(): m for m in _SEPARATOR.finditer(low, start, end) if not any(a < m.start() < b for a, b in aside)
    }
    begin = start
    while at < end:
        if low[at] in "([":
            depth += 1
        elif low[at] in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and at in matches:
            cuts.append((begin, at))
            begin = at = matches[at].end()
            continue
        at += 1
    cuts.append((begin, end))
    return [Part(a, b) for a, b in cuts if low[a:b].strip(" .,;:")]


_TOKENS = re.compile(r"[a-z0-9%'\x01\x02-]+")


@lru_cache(maxsize=1024)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKENS.findall(BRACKET.sub(" ", text) if "(" in text or "[" in text else text))


def _only_body(tokens: tuple[str, ...]) -> bool:
    rest = [
        t
        for t in tokens
        if t not in {"the", "your", "both", "or", "and", "other", "parts", "of", "lower", "upper", "whites"}
    ]
    return bool(rest) and all(t in word_list("modifiers", "body") for t in rest)


def distribute(low: str, parts: list[Part]) -> list[Part]:
    """Shared adjectives, nouns and prefixes given to each part that lacks them; body parts joined to what has them."""
    adjectives = word_list("modifiers", "adjective")
    body = word_list("modifiers", "body")
    out: list[Part] = []
    for number, part in enumerate(parts):
        like = number + 1 < len(parts) and "-like " in low[part.end : parts[number + 1].end]
        if like and _SIZE.fullmatch(low, part.start, part.end):
            continue  # "large, hive-like swelling"
        if (
            out
            and len(parts) == 2
            and _EXPLAINS.match(low, part.start, part.end)
            and low[out[-1].end : part.start].strip() == ","
        ):
            continue  # "meningioma, a tumour of the brain"
        if out and _only_body(_tokens(low[part.start : part.end])):
            previous = out[-1]
            before = _tokens((previous.before + " " if previous.before else "") + low[previous.start : previous.end])
            base = [t for t in before if t not in {"the", "your", "a"}]
            if any(t in {"of", "in", "on", "around", "to", "from"} for t in base):
                out[-1] = replace(previous, end=part.end)
                continue
            if (
                len(base) >= 2
                and base[-1] in body
                and base[-2] not in {"of", "in", "on", "around", "to", "from", "under"}
            ):
                shared = next((k for k, t in enumerate(base) if t in body), len(base))
                out.append(Part(part.start, part.end, before=" ".join(base[:shared])))
                continue
        elif out and (shared_before := _before_place(low, out[-1], part)):
            out.append(replace(part, before=shared_before))  # "bleeding from the nose or under the skin"
            continue
        out.append(part)
    for k, part in enumerate(out[:-1]):
        tokens = _tokens(low[part.start : part.end])
        following = _tokens(low[out[k + 1].start : out[k + 1].end])
        lead = [
            t for t in tokens if t not in {"a", "an", "the", "very", "have", "feel", "your", "unusually", "you", "get"}
        ]
        organs = body | word_list("heads", "faculty")
        if not lead or part.before or not all(t in adjectives or t in organs for t in lead):
            continue
        if len(lead) > 1 and lead[-1] in body:
            continue  # "yellow skin" is a sign by itself
        noun_part = next((p for p in out[k + 1 :] if len(_tokens(low[p.start : p.end])) >= 2), None)
        if noun_part is None:
            continue
        words = _tokens(low[noun_part.start : noun_part.end])
        skip = 0
        while skip < len(words) - 1 and words[skip] in adjectives:
            skip += 1
        if lead[-1] in organs:
            if len(lead) > 1:
                continue
            if words[-1] not in word_list("heads", "bare") and words[-2] not in organs:
                continue
            skip = len(words) - 1  # "eye or vision problems"
        if skip == 0 or (
            words[0] in word_list("heads", "head") and words[0] not in adjectives and skip < len(words) - 1
        ):
            continue
        if " ".join(lead) in normal_forms() and len(following) == 1:
            continue
        out[k] = replace(part, after=" ".join(words[skip:]))
    complaints = word_list("modifiers", "complaint")
    for k, part in enumerate(out[:-1]):
        first, following = _tokens(low[part.start : part.end]), _tokens(low[out[k + 1].start : out[k + 1].end])
        if not first or part.after or out[k + 1].before:
            continue
        gerunds = len(first) == 1 and len(following) > 1 and first[0].endswith("ing") and following[0].endswith("ing")
        joined = "," not in low[part.end : out[k + 1].start]
        if gerunds and joined and following[1] in {"in", "of", "on", "at", "things"}:
            out[k] = replace(part, after=" ".join(following[1:]))  # "ringing or buzzing in the ears"
        elif joined and len(first) == 1 and first[0] in _TROUBLE and _AT.match(" ".join(following)):
            out[k] = replace(part, after=" ".join(following[1:]))  # "trouble or pain swallowing food"
        elif (
            len(first) == 2
            and first[0] in adjectives
            and first[1] in word_list("heads", "faculty") | body
            and len(following) == 1
            and following[0] in word_list("heads", "faculty") | body
        ):
            out[k + 1] = replace(out[k + 1], before=first[0])  # "abnormal thoughts or movements"
        elif (
            joined
            and (
                (len(first) == 2 and first[0] in word_list("modifiers", "where"))
                or (len(first) == 3 and first[1] == "site")
            )
            and first[-1] in complaints
            and len(following) == 1
            and following[0] in complaints
        ):
            out[k + 1] = replace(out[k + 1], before=" ".join(first[:-1]))  # "joint pain or swelling"
        elif (
            len(first) == len(following) == 2
            and first[0] in adjectives
            and first[1] in body | adjectives
            and following[0] in body | adjectives
            and following[1] in _MEASURED
        ):  # "abnormal liver and kidney function"
            out[k] = replace(part, after=following[1])
            out[k + 1] = replace(out[k + 1], before=first[0])
    out = _at_one_place(low, out)
    prefix = _SHARED.match(low[out[0].start : out[0].end] + " ") if len(out) > 1 else None
    if prefix:
        for k in range(1, len(out)):
            tokens = _tokens(low[out[k].start : out[k].end])
            if out[k].before or not tokens:
                continue
            gerund = len(tokens) <= 3 and tokens[0].endswith("ing") and not clinical(" ".join(tokens))
            measured = prefix.group(1).startswith("change") and tokens[-1] in _MEASURED
            levels = prefix.group(1).endswith(("level of ", "levels of "))
            short = tokens[: tokens.index("in")] if "in" in tokens else tokens
            plain = len(short) <= 3 and (measured or is_analyte(short) or not _states(short))
            bare = plain and (prefix.group(1).startswith(_CHANGES) or levels)
            if gerund or bare:
                out[k] = replace(out[k], before=prefix.group(1).strip())
    return out


_ITS_PLACE = re.compile(r"\s(?:in|on|of|at|around|near) (?:the |your |an? )?(?:[a-z-]+ ){0,5}[a-z-]+$")


def _at_one_place(low: str, row: list[Part]) -> list[Part]:
    """The place at the end of a row for each of its parts: "pain, redness or swelling at the injection site"."""
    if len(row) < 2 or row[-1].after:
        return row
    last, complaints = row[-1], word_list("modifiers", "complaint")
    words = low[last.start : last.end].split(" ", 1)
    if words[0] not in complaints or len(words) < 2:
        return row
    if (place := _ITS_PLACE.fullmatch(" " + words[1])) is None or not re.search(
        r"\b(?:or|and)\b", low[row[-2].end : last.start]
    ):
        return row
    if not all(low[part.start : part.end].strip(" .,;") in complaints and not part.before for part in row[:-1]):
        return row
    return [*(replace(part, after=place.group().strip()) for part in row[:-1]), last]


_PLACES = frozenset({"under", "in", "on", "around", "behind", "from", "at", "inside"})


def _before_place(low: str, previous: Part, part: Part) -> str | None:
    """What ``previous`` says before its place, where ``part`` is nothing but another place."""
    place, tokens = _tokens(low[part.start : part.end]), _tokens(low[previous.start : previous.end])
    if len(place) < 2 or place[0] not in _PLACES or not _only_body(place[1:]):
        return None
    at = next((k for k, token in enumerate(tokens) if token in _PLACES | {"of"}), 0)
    return " ".join(tokens[:at]) if at and _only_body(tokens[at + 1 :]) else None


_CHANGES = (
    "change",
    "loss",
    "increase",
    "decrease",
    "elevation",
    "reduction",
    "level",
    "low",
    "high",
    "raised",
    "elevated",
    "abnormal",
)
_MEASURED = frozenset({"level", "levels", "count", "counts", "function", "values"})
#: what opens a row of parts and may hold for each
_SHARED = re.compile(
    r"(?:\W*(?:have |having |you have )?)((?:difficulty(?: in| with)?|trouble|problems?(?: with)?|pain (?:on|when|while)|thoughts of|changes? in(?: your)?|loss of|"
    r"(?:in|de)creases? (?:in|of)(?: some)?|elevations? (?:in|of)|reductions? (?:in|of)(?: the)?(?: (?:number|amount|level)s? of)?|"
    r"(?:(?:in|de)creased|low(?:er)?|high(?:er)?|raised|elevated|reduced|abnormal) (?:blood )?levels? of|increased|decreased|reduced|feeling|signs of)\s)"
)


_SIZE = re.compile(r"(?:large|small|big|raised|red)")
#: says of what kind the thing before it is
_EXPLAINS = re.compile(
    r"(?:an?|the) (?:[a-z-]+ ){0,4}(?:disease|disorder|condition|tumou?r|forms? of|types? of|kinds? of|enzyme|hormone|protein|"
    r"substance|complication|illness|syndrome)\b"
)


def _states(tokens: tuple[str, ...]) -> bool:
    """Whether the words name a state of their own, rather than a faculty that may change ("mood", "appetite")."""
    return clinical(" ".join(tokens)) and not word_list("heads", "faculty").issuperset(tokens)
