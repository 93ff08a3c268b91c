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
