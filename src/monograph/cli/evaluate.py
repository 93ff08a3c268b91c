"""``monograph evaluate``: precision and recall against gold lists, with what was missed and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monograph.cli.output import Table, emit, target
from monograph.cli.session import Session, counted, loader_option, message, output_option, pass_session, verb
from monograph.errors import MonographError, SourceError

if TYPE_CHECKING:
    from monograph.evaluation import Place, Score, Tally
    from monograph.facts import Fact

__all__ = ["evaluate"]

_LISTED = (
    ("missed", "missed"),
    ("wrong", "wrong"),
    ("bad_quotes", "bad quote"),
    ("denied", "denied"),
    ("invented", "invented"),
)


@dataclass(frozen=True)
class _Scored:
    """A document's score, with its path and text, which places are told in."""

    path: Path
    text: str
    score: Score


@verb(
    "monograph evaluate gold.json article.md",
    "monograph evaluate gold/ articles/ --list",
    "monograph evaluate gold.json article.md --facts other-tool.jsonl --format json",
    notes=(
        "Folders are paired by name: a.json (or a.gold.json) with a.md, a.txt or a.html; docs/gold.md tells how to "
        "write a gold list. Exit code 1 says that a quote is not in its text, that a denied claim was asserted, or "
        "that a fact was taken from where there is none.",
    ),
)
@click.argument("gold", type=click.Path(path_type=Path))
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--facts", type=click.Path(path_type=Path), help="Score these facts (JSON lines) in place of our own.")
@click.option("--list", "listed", is_flag=True, help="Also list each entry missed and each fact wrong, with its place.")
@click.option(
    "-f", "--format", type=click.Choice(["table", "csv", "tsv", "json", "markdown"]), default="table", show_default=True
)
@output_option
@loader_option
@pass_session
def evaluate(
    session: Session,
    gold: Path,
    source: Path,
    facts: Path | None,
    listed: bool,
    format: str,
    output: str | None,
    loader: str | None,
) -> int:
    """Scores extraction against gold lists made by hand.

    GOLD and SOURCE are two files or two folders. Three counts should be 0: quotes that are not in the text, facts
    asserted where the text denies them, facts taken from where there is none.
    """
    failed = 0
    scored: list[_Scored] = []
    for gold_path, article in session.track(_pairs(gold, source), "evaluating"):
        try:
            scored.append(_score(gold_path, article, facts, loader))
        except SourceError as error:
            failed += 1
            message(f"error: {error}")
    if not scored:
        return 2
    if format == "json":
        with target(output) as stream:
            stream.write(json.dumps(_as_json(scored), ensure_ascii=False, indent=1).encode() + b"\n")
    else:
        emit(_figures(scored), format, output)
        if listed and output is None:
            click.echo()
            emit(_places(scored), format)
    return _closing(session, scored, failed, told=listed or format == "json")


def _pairs(gold: Path, source: Path) -> list[tuple[Path, Path]]:
    """Each gold list with its document, by name where folders are given; both sides must exist."""
    for path in (gold, source):
        if not path.exists():
            raise SourceError(f"no such file or folder: {path} - check the path")
    if gold.is_dir() != source.is_dir():
        raise MonographError("name two files or two folders: a gold list and its document, or folders of both")
    if not gold.is_dir():
        return [(gold, source)]
    documents = {p.stem: p for p in sorted(source.iterdir()) if p.is_file() and p.suffix not in {".json", ".jsonl"}}
    pairs = []
    for path in sorted(gold.glob("*.json")):
        stem = path.name.removesuffix(".json").removesuffix(".gold")
        if stem in documents:
            pairs.append((path, documents[stem]))
        else:
            message(f"left out: {path} has no document '{stem}.*' in {source}")
    if not pairs:
        raise SourceError(f"no gold list in {gold} has a document of its name in {source} - check the names")
    return pairs


def _score(gold_path: Path, article: Path, facts: Path | None, loader: str | None) -> _Scored:
    from monograph import loading
    from monograph.evaluation import evaluate as scored
    from monograph.evaluation import read_gold
    from monograph.extraction import extract
    from monograph.facts import read_jsonl

    document = next(iter(loading.load(article, loader=loader)))
    gold = read_gold(gold_path, document.text)
    given: Iterable[Fact]
    if facts is None:
        given = extract(document)
    else:
        try:
            given = list(read_jsonl(facts.read_text(encoding="utf-8").splitlines()))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{facts}: holds no facts as JSON lines ({error}) - see docs/gold.md") from error
    return _Scored(article, document.text, scored(gold, given, document.text))


def _row(name: str, tally: Tally) -> list[str | int]:
    shares = [f"{share:.3f}" for share in (tally.precision, tally.recall, tally.f1)]
    return [name, tally.owed, tally.found, tally.predicted, tally.right, *shares]


def _totals(scored: Sequence[_Scored]) -> Iterator[tuple[str, Tally]]:
    """Each kind over all documents, then each document where there are several, then all."""
    from monograph.evaluation import GOLD_KEYS, Tally

    for kind in GOLD_KEYS.values():
        tally = sum((one.score.kinds[kind] for one in scored), Tally())
        if tally.owed or tally.predicted:
            yield kind, tally
    if len(scored) > 1:
        for one in scored:
            yield str(one.path.name), one.score.total
    yield "all", sum((one.score.total for one in scored), Tally())


def _figures(scored: Sequence[_Scored]) -> Table:
    columns = ["of", "gold", "found", "predicted", "right", "precision", "recall", "f1"]
    return Table(columns, [_row(name, tally) for name, tally in _totals(scored)])


def _places(scored: Sequence[_Scored]) -> Table:
    """What was missed and what is wrong, with the line and the words that stand there."""
    rows = [
        [verdict, place.kind, place.name, place.why or "", _at(one, place), _text(one, place)]
        for one in scored
        for name, verdict in _LISTED
        for place in getattr(one.score, name)
    ]
    return Table(["verdict", "kind", "name", "why", "at", "text"], rows, flexible=("name", "why", "text"))


def _at(one: _Scored, place: Place) -> str:
    return f"{one.path}:{one.text.count(chr(10), 0, place.start) + 1}"


def _text(one: _Scored, place: Place) -> str:
    return " ".join(one.text[place.start : min(place.end, place.start + 160)].split())


def _as_json(scored: Sequence[_Scored]) -> dict[str, object]:
    def tally(one: Tally) -> dict[str, float]:
        return {**asdict(one), "precision": one.precision, "recall": one.recall, "f1": one.f1}

    totals = dict(_totals(scored))
    names = {one.path.name for one in scored} if len(scored) > 1 else set()
    return {
        "all": tally(totals["all"]),
        "kinds": {name: tally(counts) for name, counts in totals.items() if name != "all" and name not in names},
        "documents": [
            {
                "document": str(one.path),
                **tally(one.score.total),
                **{
                    name: [
                        {
                            "kind": p.kind, "name": p.name, "start": p.start, "end": p.end, "at": _at(one, p),
                            "why": p.why, "text": _text(one, p),
                        }
                        for p in getattr(one.score, name)
                    ]
                    for name, _ in _LISTED
                },
            }
            for one in scored
        ],
    }  # fmt: skip


def _closing(session: Session, scored: Sequence[_Scored], failed: int, *, told: bool) -> int:
    counts = {name: sum(len(getattr(one.score, name)) for one in scored) for name, _ in _LISTED}
    session.say(
        f"{counted(len(scored), 'document')}; {counts['missed']} missed, {counts['wrong']} wrong; "
        f"{counted(counts['bad_quotes'], 'bad quote')}, {counts['denied']} denied, {counts['invented']} invented"
        + ("" if told else " - see them with --list")
    )
    return 1 if failed or counts["bad_quotes"] or counts["denied"] or counts["invented"] else 0
