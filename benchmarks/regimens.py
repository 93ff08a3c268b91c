"""How many dose statements are read whole and right, and each of their fields.

    python benchmarks/regimens.py [TABLE…] [--wrong] [--speed]

Each row of tests/gold/regimens*.tsv is one regimen of a sentence (role ``none``: the sentence states none). A row is
*whole* where one fact has its value, maximum, unit, per, times a day, interval, daily dose and role. Tables whose rows
list all regimens of their sentences also count the facts that no row holds. ``--wrong`` shows the errors, except for
tables whose name says ``sealed``: of those only totals are printed. ``--speed`` times the reading of the sentences.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from monograph.facts import Fact

GOLD = Path(__file__).parent.parent / "tests" / "gold"
TABLES = [
    "regimens",
    "regimens_open",
    "regimens_idioms",
    "regimens_real",
    "regimens_sealed",
    "regimens_idioms_sealed",
]
WHOLE = ("value", "maximum", "unit", "per", "times", "interval", "daily dose", "role")
BESIDE = ("duration", "route", "ages")


def rows_of(path: Path) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The rows of a table by drug and sentence."""
    out: dict[tuple[str, str], list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            out.setdefault((row["drug"], row["sentence"]), []).append(row)
    return out


def stated(drug: str, sentence: str) -> list[Fact]:
    """The regimens that extraction finds in a document of one sentence."""
    from monograph.extraction import extract
    from monograph.loaders.article import ArticleLoader

    text = f"---\ndrug: {drug}\n---\n\n# {drug[0].upper()}{drug[1:]}\n\n{sentence}\n"
    document = next(ArticleLoader().read(text.encode(), f"{drug.replace(' ', '_')}.md"))
    return [fact for fact in extract(document) if fact.kind == "regimen"]


def _pair(cell: str | None) -> tuple[float | None, float | None]:
    if not cell:
        return None, None
    low, _, high = cell.partition("-")
    return float(low), float(high) if high else None


def _unit(unit: str, per: str) -> tuple[str, str]:
    """The unit and what it is per: "ug/h" per kg is ug, kg.h."""
    unit, *rates = unit.split("/")
    every = [*rates, *([per] if per else [])]
    return unit.strip("{}"), ".".join(sorted(part for e in every for part in e.split(".")))


def right(row: dict[str, str], fact: Fact) -> dict[str, bool]:
    """Which fields of ``fact`` are as ``row`` has them."""
    unit, per = _unit(row["dose_unit"] or "", row.get("per") or "")
    got_unit, got_per = _unit(fact.dose_unit or "", fact.per or "")
    low, high = _pair(row["interval_min"])[0], _pair(row["interval_max"])[0]
    out = {
        "value": _pair(row["dose_value"])[0] == fact.dose_value,
        "maximum": _pair(row["dose_max"])[0] == fact.dose_max,
        "unit": unit == got_unit,
        "per": per == got_per,
        "times": _pair(row["times_per_day"]) == (fact.times_per_day, fact.times_per_day_max),
        "interval": (low, high if high is not None else low) == (fact.interval_hours or (None, None)),
        "daily dose": _pair(row["daily_dose"]) == (fact.daily_dose, fact.daily_dose_max),
        "role": row["role"] == fact.role,
    }
    if row.get("duration"):
        out["duration"] = row["duration"].split("/")[-1] == fact.duration
    if row.get("route"):
        out["route"] = row["route"] == fact.route
    if row.get("min_age") or row.get("max_age"):
        bounds = {(g.min_age, g.max_age) for g in fact.population}
        want = (_pair(row["min_age"])[0], _pair(row["max_age"])[0])
        out["ages"] = any(
            all(
                (a is None) == (b is None) and abs((a or 0) - (b or 0)) < 0.02 for a, b in zip(want, bound, strict=True)
            )
            for bound in bounds
        )
    return out


def measure(path: Path, *, wrong: bool = False) -> dict[str, Any]:
    """The counts of one table: rows, whole ones, and right fields; extra facts where all regimens are listed."""
    fields: Counter[str] = Counter()
    owed: Counter[str] = Counter()
    whole = count = extra = 0
    for (drug, sentence), rows in rows_of(path).items():
        facts = stated(drug, sentence)
        used: set[int] = set()
        for row in rows:
            count += 1
            if row["role"] == "none":
                good = not facts
                if not good and wrong:
                    print(f"  {row['id']} states none, but {[f.value for f in facts]}: {sentence}")
                whole += good
                continue
            marks = [right(row, fact) for fact in facts]
            best = max(range(len(facts)), key=lambda k: sum(marks[k].get(f, False) for f in WHOLE), default=None)
            found = marks[best] if best is not None else dict.fromkeys(right(row, _NO_FACT), False)
            if best is not None:
                used.add(best)
            fields.update(name for name, ok in found.items() if ok)
            owed.update(found.keys())
            good = all(found[name] for name in WHOLE)
            whole += good
            if wrong and not all(found.values()):
                bad = [name for name, ok in found.items() if not ok]
                want = {k: v for k, v in row.items() if v and k not in {"id", "drug", "sentence"}}
                got = [(f.role, f.value, f.dose_unit, f.per, f.duration, f.route) for f in facts]
                print(f"  {row['id']} {'' if good else 'WRONG '}{bad}: {sentence}\n      {want}\n      {got}")
        spurious = len(facts) - len(used) if all(row["role"] != "none" for row in rows) else 0
        if wrong and spurious and ("idioms" in path.stem or "real" in path.stem):
            more = [(f.role, f.value) for k, f in enumerate(facts) if k not in used]
            print(f"  {rows[0]['id']} EXTRA {more}: {sentence}")
        extra += spurious
    return {"rows": count, "whole": whole, "fields": fields, "owed": owed, "extra": extra}


def _no_fact() -> Fact:
    return Fact(kind="regimen", drug="", value="", evidence=(), document="", rule="")


_NO_FACT = _no_fact()


def main(arguments: list[str]) -> None:
    wrong = "--wrong" in arguments
    for name in [a for a in arguments if not a.startswith("--")] or TABLES:
        path = Path(name) if name.endswith(".tsv") else GOLD / f"{name}.tsv"
        if not path.exists():
            continue
        result = measure(path, wrong=wrong and "sealed" not in path.stem)
        whole, rows = result["whole"], result["rows"]
        print(f"{path.stem}: {whole} of {rows} right ({whole / max(1, rows):.0%}), {result['extra']} more facts")
        print(
            "  "
            + ", ".join(
                f"{f} {result['fields'][f]}/{result['owed'][f]}" for f in (*WHOLE, *BESIDE) if result["owed"][f]
            )
        )
        if "--speed" in arguments:
            from monograph.extraction.dose_clauses import dose_clauses

            sentences = [sentence.lower() for _, sentence in rows_of(path)]
            dose_clauses.cache_clear()
            begun = time.perf_counter()
            for sentence in sentences:
                dose_clauses(sentence)
            took = time.perf_counter() - begun
            size = sum(map(len, sentences))
            print(f"  {size / took / 1000:,.0f} kB/s of dose statements, {took / size * 1e7:.1f} ms for 10 kB")


if __name__ == "__main__":
    main(sys.argv[1:])
