"""What somebody is allergic to, as the name of a condition: "allergy to" the drug, and to what else is named."""

from __future__ import annotations

import re

from monograph.extraction.making import Maker
from monograph.extraction.reading import Sentence
from monograph.screening import screened

__all__ = ["ALLERGY", "allergies"]

#: the words that tell of an allergy as a condition
ALLERGY = screened(
    r"\b(?:allerg(?:y|ic(?! (?:disorders?|conditions?|diseases?|rhinitis|asthma|problems?))|ies)|hypersensitiv\w*|sensitivity(?= to(?! (?:\w+ ){0,2}(?:sun|light|sunlight|cold|heat|noise|touch)\b))|allergic reactions?|(?:bad|serious|unusual|severe) reaction|react(?:ed|s)? (?:badly|allergically|severely)|reaction(?= to))\b(?: reactions?)?(?: to| from)?"
)
#: "another quinolone once gave you an allergic reaction"
_GAVE_ALLERGY = re.compile(
    r"^(?:if )?(?P<what>[^,.;]{3,60}?) (?:has |have |once |ever |had )*(?:gave|given|caused|cause) (?:you )?"
)


def allergies(maker: Maker, sentence: Sentence, start: int, at: int, limit: int) -> list[str]:
    """ "allergy to …" with the drug's name, and with what else is named."""
    text = sentence.low[at:limit]
    m = re.search(r"\bto (?P<what>(?:(?!\bdo not\b)[^.;(])+)", text)
    own = f"allergy to {maker.subject.name}"
    if m is not None and re.search(r"\b(?:related|due|secondary|prior|leading)\s+$", text[: m.start()]):
        return [own]
    if m is None:
        if gave := _GAVE_ALLERGY.match(sentence.low[start:limit]):
            return [f"allergy to {gave.group('what')}"] if "\x01" not in gave.group("what") else [own]
        return [own]
    out: list[str] = []
    named = re.split(
        r"\s(?:right before|in the past|before|have|had|when|if|such as|e\.g|listed|which|with any|with other)\b",
        m.group("what"),
    )[0]
    for piece in re.finditer(r"[^,]+?(?=,|\s+(?:or|and)\s|$)", named):
        masked = re.sub(r"^\s*(?:(?:or|and|to|any of|an?|the)\s+)+", "", piece.group())
        first = at + m.start("what") + piece.start() + len(piece.group()) - len(masked)
        what = sentence.text[first : first + len(masked)]
        what = " ".join(w if len(w) > 1 and w.isupper() else w.lower() for w in what.split())
        what = what.strip()
        if re.match(
            r"(?:it\b|\x01|t?his (?:medicine|drug|medication|product)|the (?:medicine|drug|active)|active (?:substance|ingredient)|(?:medicine|drug|product)$)",
            masked,
        ):
            out.append(own)
        elif re.match(r"(?:with|in|during|if|for)\b", what):
            break
        elif len(what) > 3 and not re.search(r"\b(?:ingredients?|it|you|your|had|have|anything)\b", what):
            out.append(f"allergy to {what}"[:90])
    return list(dict.fromkeys(out)) or [own]
