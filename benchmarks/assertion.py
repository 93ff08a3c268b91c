"""What sentences deny, attribute elsewhere or leave open: our scopes beside ConText and NegEx, entities given.

    python benchmarks/assertion.py [TABLE…] [--peers PYTHON] [--wrong]

Each sentence of tests/gold/assertion*.tsv names a value. Its span is given to each tool (the value itself, else the
stretch that shares most word stems; sentences without one are left out and counted). *Blocked* is the share of the
sentences that must not be asserted and are not, *kept* the share of true ones that are. ConText (medspaCy) and NegEx
(negspacy) run under the Python of ``--peers``, by default this one; one that is not installed there is skipped.
``pipeline`` is the whole extraction over "# Drug" and the sentence. ``--wrong`` lists our errors, except for tables
whose name says ``sealed``: of those only totals are shown.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

GOLD = Path(__file__).parent.parent / "tests" / "gold"
TABLES = ["assertion", "assertion_open", "assertion_real", "assertion_sealed"]
PEERS = {"negspacy (en_clinical)": "negspacy", "ConText, negated": "negated", "ConText, any modifier": "any"}
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?", re.I)
_EMPTY = frozenset(["a", "an", "the", "of", "in", "on", "to", "or", "and", "with", "your"])
_SAME = {
    "breastfeeding": ("nurs", "milk", "breas", "infan"),
    "pregnancy": ("pregn", "trime"),
    "older": ("old", "elder"),
}


def span_of(sentence: str, value: str) -> tuple[int, int] | None:
    """Where the sentence names ``value``: verbatim, else the shortest stretch that shares most word stems with it."""
    at = re.search(rf"(?<!\w){re.escape(value)}", sentence, re.I)
    if at is not None:
        return at.span()
    wanted = {w.lower()[:4] for w in _WORD.findall(value) if w.lower() not in _EMPTY and len(w) > 2}
    wanted |= {stem[:4] for stem in _SAME.get(value.lower(), ())}
    words = list(_WORD.finditer(sentence))
    best: tuple[int, int, tuple[int, int]] | None = None
    for i, first in enumerate(words):
        for last in words[i : i + 6]:
            stretch = [w.group().lower()[:4] for w in words[i : words.index(last) + 1]]
            shared = len(wanted & set(stretch))
            if shared and (best is None or (shared, -len(stretch)) > best[:2]):
                best = (shared, -len(stretch), (first.start(), last.end()))
    return best[2] if best else None


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The sentences of a table with the spans of their values (None where the wording shares no word)."""
    with path.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        row["span"] = span_of(row["sentence"], row["value"])
    return rows


def peer(name: str, rows: list[dict[str, Any]]) -> tuple[list[bool], float]:
    """Whether the peer takes each value as asserted, and sentences a second. Runs under the peers' Python."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    if name == "negspacy":
        import negspacy.negation  # noqa: F401
        from spacy.tokens import Span

        pipe = nlp.create_pipe("negex", config={"neg_termset": _termset()})
        asserted: Callable[[Any], bool] = lambda ent: not ent._.negex  # noqa: E731
    else:
        from medspacy.context import ConText
        from spacy.tokens import Span

        pipe = ConText(nlp)
        flags = ["is_negated"]
        flags += ["is_uncertain", "is_historical", "is_hypothetical", "is_family"] if name == "any" else []
        asserted = lambda ent: not any(getattr(ent._, flag) for flag in flags)  # noqa: E731
    begun, out = time.perf_counter(), []
    for row in rows:
        doc = nlp(row["sentence"])
        span = doc.char_span(*row["span"], label="CONDITION", alignment_mode="expand")
        doc.ents = [Span(doc, span.start, span.end, label="CONDITION")]
        doc = pipe(doc)
        out.append(bool(asserted(doc.ents[0])))
    return out, len(rows) / (time.perf_counter() - begun)


def _termset() -> Any:
    from negspacy.termsets import termset

    return termset("en_clinical").get_patterns()


def ours(rows: list[dict[str, Any]]) -> tuple[list[str], float]:
    """What ``assess`` makes of each value, and sentences a second (nothing cached from before)."""
    from monograph.extraction.assertion import assess
    from monograph.extraction.identity import identify
    from monograph.extraction.reading import mask

    subjects = [identify(_document(row)) for row in rows]
    lows = [mask(row["sentence"], subject) for row, subject in zip(rows, subjects, strict=True) if subject is not None]
    assess("it does not cause nausea.", 18, 24)
    out: list[str] = []
    begun = time.perf_counter()
    for row, low in zip(rows, lows, strict=True):
        said = assess(low, *row["span"], kind=row["kind"])
        out.append("none" if said.blocked else said.polarity)
        row["why"] = said.rule
    return out, len(rows) / (time.perf_counter() - begun)


def pipeline(rows: list[dict[str, Any]]) -> tuple[list[str], float]:
    """What the whole extraction makes of each sentence, and sentences a second."""
    from monograph.extraction import extract

    documents = [_document(row) for row in rows]
    begun, out = time.perf_counter(), []
    for row, document in zip(rows, documents, strict=True):
        stems = {w.lower()[:4] for w in _WORD.findall(row["value"])} - {w[:4] for w in _EMPTY}
        polarities = {
            f.polarity
            for f in extract(document)
            if f.kind == row["kind"] and stems & {w.lower()[:4] for w in _WORD.findall(f.value)}
        }
        out.append("asserted" if "asserted" in polarities else next(iter(sorted(polarities)), "none"))
    return out, len(rows) / (time.perf_counter() - begun)


def _document(row: dict[str, Any]) -> Any:
    from monograph.loaders.article import ArticleLoader

    drug = row["drug"]
    text = f"---\ndrug: {drug}\n---\n\n# {drug[0].upper()}{drug[1:]}\n\n{row['sentence']}\n"
    return next(ArticleLoader().read(text.encode(), f"{drug.replace(' ', '_')}.md"))


def shares(rows: list[dict[str, Any]], asserted: list[bool]) -> tuple[int, int, int, int]:
    """Blocked and to block, kept and to keep."""
    false = [a for row, a in zip(rows, asserted, strict=True) if row["expected"] != "asserted"]
    true = [a for row, a in zip(rows, asserted, strict=True) if row["expected"] == "asserted"]
    return false.count(False), len(false), true.count(True), len(true)


def show(tool: str, counts: tuple[int, int, int, int], rate: float) -> None:
    blocked, false, kept, true = counts
    print(
        f"  {tool:28} blocked {blocked:3} of {false:3} ({blocked / max(1, false):4.0%})   "
        f"kept {kept:3} of {true:3} ({kept / max(1, true):4.0%})   {rate:9,.0f} sentences/s"
    )


def run_peer(python: str, name: str, rows: list[dict[str, Any]]) -> tuple[list[bool], float] | None:
    """The peer's answers from a process of its own, None where it is not installed."""
    done = subprocess.run(
        [python, __file__, "--worker", name], input=json.dumps(rows), capture_output=True, text=True, check=False
    )
    if done.returncode:
        return None
    answers, rate = json.loads(done.stdout.splitlines()[-1])
    return answers, rate


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--worker"]:
        print(json.dumps(peer(arguments[1], json.load(sys.stdin))))
        return
    python = sys.executable
    if "--peers" in arguments:
        at = arguments.index("--peers")
        python = arguments[at + 1]
        del arguments[at : at + 2]
    wrong = "--wrong" in arguments
    paths = [Path(a) for a in arguments if not a.startswith("--")] or [GOLD / f"{name}.tsv" for name in TABLES]
    for path in paths:
        everything = rows_of(path)
        rows = [row for row in everything if row["span"]]
        print(f"{path.stem}: {len(rows)} sentences, {len(everything) - len(rows)} more without a span")
        for label, name in PEERS.items():
            answer = run_peer(python, name, rows)
            if answer is None:
                print(f"  {label:28} not installed under {python}, skipped")
            else:
                show(label, shares(rows, answer[0]), answer[1])
        said, rate = ours(rows)
        show("monograph, entity given", shares(rows, [s == "asserted" for s in said]), rate)
        right = sum(s == row["expected"] for s, row in zip(said, rows, strict=True))
        whole, slow = pipeline(everything)
        show("monograph, whole pipeline", shares(everything, [s == "asserted" for s in whole]), slow)
        print(f"  {'the very polarity expected':28} {right} of {len(rows)}")
        if wrong and "sealed" not in path.stem:
            for row, one in zip(rows, said, strict=True):
                if (one == "asserted") != (row["expected"] == "asserted"):
                    value = row["sentence"][slice(*row["span"])]
                    print(f"    {row['id']} {row['kind']} expected {row['expected']}, {one} by {row['why']}: "
                          f"[{value}] {row['sentence']}")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
