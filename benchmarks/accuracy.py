"""How much of what articles state is found, and how much of what is found they state.

    python benchmarks/accuracy.py [FOLDER…]

Scores extraction against the hand-made gold lists of tests/gold, as ``monograph evaluate`` does (docs/gold.md). The
folders differ in what their figures mean: the rules were mended on ``examples``, ``articles`` and ``open``; whoever
writes rules does not read ``sealed``. All are in our own words, by one annotator, so read them as an estimate for other
publishers, not as a promise.
"""

from __future__ import annotations

import sys
from pathlib import Path

from monograph.evaluation import Score, Tally, evaluate, read_gold
from monograph.extraction import extract
from monograph.loading import load

ROOT = Path(__file__).parent.parent
GOLD = ROOT / "tests" / "gold"


def score(gold: Path, article: Path) -> Score:
    """The score of one article."""
    (document,) = load(article)
    return evaluate(read_gold(gold, document.text), extract(document), document.text)


def show(name: str, total: Tally, denied: int, invented: int) -> None:
    print(
        f"{name:36} {total.owed:5} {total.precision:6.3f} {total.recall:6.3f} {total.f1:6.3f} {denied:7} {invented:9}"
    )


def main() -> None:
    print(f"{'article':36} {'owed':>5} {'P':>6} {'R':>6} {'F1':>6} {'denied':>7} {'invented':>9}")
    for folder in sys.argv[1:] or ["examples", "articles", "open", "sealed"]:
        scores = []
        for gold in sorted((GOLD / folder).glob("*.json")):
            home = ROOT / "loaders" / "examples" if folder == "examples" else gold.parent
            article = next(p for p in sorted(home.glob(f"{gold.stem}.*")) if p.suffix != ".json")
            one = score(gold, article)
            scores.append(one)
            show(f"{folder}/{gold.stem}", one.total, len(one.denied), len(one.invented))
        total = sum((one.total for one in scores), Tally())
        show(f"{folder}: all", total, sum(len(s.denied) for s in scores), sum(len(s.invented) for s in scores))


if __name__ == "__main__":
    main()
