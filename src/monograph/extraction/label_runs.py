"""Items of label text that run on without separators, as uses or effects by what their section is about.

"… in selected cases of: Systemic lupus erythematosus Acute rheumatic carditis 4. Skin Diseases Pemphigus" names three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.assertion import Assertion
from monograph.extraction.concepts import phrase_end, split
from monograph.extraction.context import Context
from monograph.extraction.making import Maker
from monograph.extraction.populations import populations_of
from monograph.extraction.reading import Sentence
from monograph.extraction.run_on import capital_items
from monograph.extraction.wording import clinical
from monograph.facts import AgeGroup, Fact, Kind

__all__ = ["label_runs"]

_KINDS: dict[str, Kind] = {
    "indication": "indication",
    "adverse-effect": "adverse-effect",
    "contraindication": "contraindication",
}
#: what heads a group of items ("Collagen Diseases"), or opens the sentence around them
_HEADS = re.compile(
    r"(?:diseases|disorders|states|conditions|system|disturbances|effects|reactions|miscellaneous|other)$"
)
_PROSE = re.compile(
    r"[.:;]|\b(?:is|are|was|were|has|have|may|can|should|must|will|to|in order|used|given|indicated|during|as|for|with|if|when|"
    r"patients?|therapy|treatment|tablets?|dos(?:e|age)|works?|helps?|contains?|belongs?|preventing)\b|[\x01\x02]"
)
#: said as an allergy to what it is to
_ALLERGY = re.compile(r"allerg|hypersensitiv")
_NUMBER = re.compile(r"\s\d{1,2}\.?$")
#: items longer than this are clauses
_LONGEST = 9
#: with fewer items the capitals are those of names
_FEWEST = 2


def label_runs(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The facts of a sentence whose items only their capitals part, in a section on uses or effects."""
    kind = _KINDS.get(context.section.name) if context.section is not None else None
    if kind is None:
        return
    found: list[Fact] = []
    pieces = capital_items(sentence.text)
    named = 0
    over: tuple[AgeGroup, ...] | None = None
    for position, (start, end) in enumerate(pieces):
        end -= len(m.group()) if (m := _NUMBER.search(sentence.text[start:end].rstrip())) else 0
        low = sentence.low[start:end].strip()
        plain = re.sub(r"\([^()]*\)", "", low).rstrip(" .")
        # what opens the sentence is its head, unless the items go on from the sentence before
        head = _HEADS.search(plain) is not None if position == 0 else False
        said = _PROSE.search(plain.split(" in ")[0].split(" when ")[0].split(" with ")[0])
        if head or said or not plain or len(plain.split()) > _LONGEST or not clinical(plain):
            continue
        named += 1
        over = populations_of(sentence.low[:start]) if over is None else over  # what is told of all, before the first
        stop = phrase_end(sentence.low, start, end)
        found += [
            maker.fact(
                kind, concept.name, sentence, "run-on", span=(start, end), assertion=Assertion(),
                role="treatment" if kind == "indication" else None, condition=concept.condition,
                population=populations_of(sentence.low[start:end]) or over,  # "… in children" is of its own item
            )
            for concept in split(sentence.low, start, stop, sentence.text)
            if clinical(concept.name) and not (kind == "contraindication" and _ALLERGY.search(concept.name))
        ]  # fmt: skip
    if named >= _FEWEST and named * 2 >= len(pieces):  # else the capitals are those of brands
        yield from found
