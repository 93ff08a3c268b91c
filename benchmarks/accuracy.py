"""How much of what articles state is found, and how much of what is found they state.

    python benchmarks/accuracy.py [FOLDER…]

Scores extraction against the hand-made gold lists of tests/gold. A gold entry counts as found when a fact of its kind
names the same thing, or stands at the same place and shares half its words; free-text kinds count by place, regimens by
place and dose. The folders differ in what their figures mean: the rules were mended on ``examples``, ``articles`` and
``open``; whoever writes rules does not read ``sealed``. All are in our own words, by one annotator, so read them as an
upper bound for other publishers.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monograph.extraction import extract
from monograph.facts import Fact
from monograph.loading import load

ROOT = Path(__file__).parent.parent
GOLD = ROOT / "tests" / "gold"
KINDS = {
    "indications": "indication",
    "adverse_effects": "adverse-effect",
    "overdose_symptoms": "overdose-symptom",
    "withdrawal_symptoms": "withdrawal-symptom",
    "allergic_symptoms": "allergic-symptom",
    "routes": "route",
    "regimens": "regimen",
    "populations": "population",
    "interactions": "interaction",
    "contraindications": "contraindication",
    "cautions": "precaution",
    "drug_class": "drug-class",
    "brand_names": "brand-name",
    "half_life_hours": "half-life",
    "onset": "onset",
    "mechanism": "mechanism",
    "history": "history",
}
BY_PLACE = {"population", "mechanism", "onset", "history", "half-life", "contraindication", "precaution", "regimen"}


def words(name: str) -> frozenset[str]:
    """The first four letters of each content word: "dizzy" and "dizziness" meet."""
    skipped = {"a", "an", "the", "of", "in", "on", "to", "or", "and", "with", "your", "feeling", "feel", "very"}
    return frozenset(w[:4] for w in re.findall(r"[a-z0-9]+", name.lower()) if w not in skipped)


def entries(gold: dict[str, Any]) -> Iterator[tuple[set[str], list[str], set[float], int, int]]:
    """Kinds, names, doses and span of each gold entry that is owed."""
    for key, kind in KINDS.items():
        listed = gold.get(key) or []
        for entry in [listed] if isinstance(listed, dict) else listed:
            if "offset" not in entry or str(entry.get("kind", "")).startswith(("implied", "food, not")):
                continue
            name = str(entry.get("name") or entry.get("text") or entry.get("event") or entry.get("value") or "")
            start = entry["offset"]
            names = [name, *entry.get("aliases", [])]
            doses = numbers(entry.get("dose_value"), entry.get("dose_max"), entry.get("daily_dose_value"))
            yield {kind, *entry.get("also", [])}, names, doses, start, start + len(entry.get("quote", " "))


def numbers(*values: object) -> set[float]:
    """The numbers among what a gold entry or a fact gives, lists opened."""
    flat = [x for value in values for x in (value if isinstance(value, list) else [value])]
    return {float(x) for x in flat if isinstance(x, int | float)}


def matches(fact: Fact, kinds: set[str], names: list[str], doses: set[float], start: int, end: int) -> bool:
    """Whether a fact is the gold entry with these kinds, names, doses and span."""
    if fact.kind not in kinds:
        return False
    if doses and not doses & numbers(fact.dose_value, fact.dose_max, fact.daily_dose):
        return False
    near = any(e.start < end and start < e.end for e in fact.evidence)
    mine = words(fact.value)
    share = max(2 * len(mine & (theirs := words(name))) / max(1, len(mine) + len(theirs)) for name in names)
    return near if fact.kind in BY_PLACE else share >= 0.8 or (near and share >= 0.5)


def score(gold_path: Path, article: Path) -> tuple[int, int, int, int, int]:
    """Owed, found, predicted, right, and asserted though denied."""
    gold = json.loads(gold_path.read_text(encoding="utf-8"))
    (document,) = load(article)
    scored = set(KINDS.values())
    facts = [f for f in extract(document) if f.kind in scored and (f.polarity == "asserted" or f.kind == "population")]
    owed = list(entries(gold))
    found = sum(any(matches(f, *entry) for f in facts) for entry in owed)
    right = sum(any(matches(f, *entry) for entry in owed) for f in facts)
    denied = 0
    for entry in gold.get("negated", []):
        claim, start = words(entry.get("claim", "")), entry["offset"]
        end = start + len(entry.get("quote", " "))
        risky = [f for f in facts if f.kind not in {"population", "mechanism", "history", "regimen"}]
        denied += any(
            f.start < end and start < f.end and words(f.value) & claim for f in risky if len(words(f.value)) > 1
        )
    return len(owed), found, len(facts), right, denied


def main() -> None:
    print(f"{'article':36} {'owed':>5} {'P':>6} {'R':>6} {'F1':>6}  denied")
    for folder in sys.argv[1:] or ["examples", "articles", "open", "sealed"]:
        totals = [0, 0, 0, 0, 0]
        for gold in sorted((GOLD / folder).glob("*.json")):
            home = ROOT / "loaders" / "examples" if folder == "examples" else gold.parent
            article = next(p for p in sorted(home.glob(f"{gold.stem}.*")) if p.suffix != ".json")
            row = score(gold, article)
            totals = [a + b for a, b in zip(totals, row, strict=True)]
            show(f"{folder}/{gold.stem}", row)
        show(f"{folder}: all", totals)


def show(name: str, row: tuple[int, ...] | list[int]) -> None:
    owed, found, predicted, right, denied = row
    precision, recall = right / max(1, predicted), found / max(1, owed)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    print(f"{name:36} {owed:5} {precision:6.3f} {recall:6.3f} {f1:6.3f}  {denied}")


if __name__ == "__main__":
    main()
