"""General advice in an article, by topic (``rules/advice.tsv``); reported as stated, never given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monograph.extraction.context import Context
from monograph.extraction.making import Maker
from monograph.extraction.reading import Sentence
from monograph.extraction.rules import candidates
from monograph.facts import Fact

__all__ = ["sentence_advice"]


def sentence_advice(maker: Maker, sentence: Sentence, context: Context) -> Iterator[Fact]:
    """The advice that a sentence gives, or nothing."""
    if context.section is not None and context.section.name in {"disease", "lifestyle", "other-drugs"}:
        return
    if sentence.text.endswith(("?", ":")) or len(sentence.text.split()) < 3:
        return
    if _opens_a_list(maker, sentence):
        return
    for rule in candidates("advice", sentence.low):
        if m := rule.pattern.search(sentence.low):
            if rule.role == "none":
                return
            yield maker.fact(
                "advice",
                rule.role,
                sentence,
                rule.identifier,
                statement=re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\d+\]", "", sentence.text)[:400],
                span=maker.quote_span(sentence, max(0, m.start() - 100), m.end() + 150),
                population=(),
            )
            return


def _opens_a_list(maker: Maker, sentence: Sentence) -> bool:
    """Whether a sentence goes on with the items below it, though it lost its colon: "Talk to your doctor before …"."""
    blocks = maker.reading.document.blocks
    following = blocks[sentence.block + 1] if sentence.block + 1 < len(blocks) else None
    return (
        following is not None
        and following.lead_in == sentence.block
        and sentence.text[-1:].isalnum()
        and sentence is maker.reading.sentences[sentence.block][-1]
    )
