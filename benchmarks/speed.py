"""Time of each stage from article to graph, beside what a user would take instead, measured in one run.

python benchmarks/speed.py [FILE…]            (without FILE the bundled articles)
python benchmarks/speed.py --articles         articles of 10 kB a second, from file to facts, on one core and on two
python benchmarks/speed.py --growth [MB]      cost of a MB in documents of 10 kB, 100 kB, 1 MB … up to MB (10)
"""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import rdflib

from monograph.building import read_all
from monograph.exports import export
from monograph.extraction import extract
from monograph.graph import quads
from monograph.loading import examples, load
from monograph.store import open_store


def best(task: Callable[[], object], runs: int = 5) -> float:
    """Seconds of the fastest of several runs: noise only adds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return min(times)


def article(size: int, seed: int) -> str:
    """An article of about ``size`` bytes: the sections of a bundled one in a shuffled order, no sentence twice."""
    title, *sections = re.split(r"(?m)^(?=#)", re.sub(r"(?s)\A---.*?---\s*", "", examples()[0].read_text("utf-8")))
    rng, out, length, number = random.Random(seed), [title or "# Baclofen\n\n"], 0, 0
    if not title.strip():
        out = [sections.pop(0)]
    while length < size:
        rng.shuffle(sections)
        for section in sections:
            for line in section.splitlines(keepends=True):
                number += 1
                varied = line if line.startswith("#") else re.sub(r"(?<=[a-z])(?=[.:]\s)", f" ({seed}-{number})", line)
                out.append(varied)
                length += len(varied)
            if length >= size:
                break
    return "".join(out)


def cold(path: Path) -> tuple[float, float]:
    """Processor seconds to load and to extract a document that was not read before."""
    start = time.process_time()
    documents = list(load(path))
    loaded = time.process_time()
    for document in documents:
        extract(document)
    return loaded - start, time.process_time() - loaded


def articles(count: int = 200) -> None:
    """Articles of 10 kB a second; the processes have started when the clock does."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"baclofen-{seed}.md" for seed in range(count)]
        for seed, path in enumerate(paths):
            path.write_text(article(10_000, seed), encoding="utf-8")
        size = sum(path.stat().st_size for path in paths) / count / 1e3
        warm, timed = paths[:20], paths[20:]
        for path in warm:
            cold(path)
        times = [cold(path) for path in timed]
        loading, extracting = (1e3 * sum(column) / len(times) for column in zip(*times, strict=True))
        print(f"{size:.1f} kB an article: load {loading:.1f} ms, extract {extracting:.1f} ms of one core")
        for jobs in (1, 2):
            begun = 0.0
            for index, (_, outcomes) in enumerate(read_all(paths, jobs=jobs)):
                list(outcomes)
                if index == len(warm) - 1:
                    begun = time.perf_counter()
            print(
                f"{jobs} process{'es' if jobs > 1 else ''}: {len(timed) / (time.perf_counter() - begun):.0f} articles/s"
            )


def growth(largest: float = 10) -> None:
    """What a MB costs in documents of growing size: it should stay the same."""
    print("size      load s/MB   extract s/MB   facts")
    with tempfile.TemporaryDirectory() as folder:
        cold(_written(folder, 10_000, 0))
        size = 10_000
        while size <= largest * 1e6:
            runs = max(1, 200_000 // size)  # small documents are measured over several
            times, facts = [], 0
            for seed in range(1, runs + 1):
                path = _written(folder, size, seed)
                times.append(cold(path))
                if size <= 100_000 and seed == 1:
                    facts = sum(len(extract(document)) for document in load(path))
            total = runs * path.stat().st_size / 1e6
            loading, extracting = (sum(column) / total for column in zip(*times, strict=True))
            print(f"{size / 1e3:7.0f} kB {loading:9.2f} {extracting:14.2f} {facts or '':>7}")
            size *= 10


def _written(folder: str, size: int, seed: int) -> Path:
    path = Path(folder) / f"baclofen-{size}-{seed}.md"
    path.write_text(article(size, seed), encoding="utf-8")
    return path


def main() -> None:
    if sys.argv[1:2] == ["--articles"]:
        return articles()
    if sys.argv[1:2] == ["--growth"]:
        return growth(float(sys.argv[2]) if len(sys.argv) > 2 else 10)
    return stages()


def stages() -> None:
    paths = [Path(a) for a in sys.argv[1:]] or examples()
    documents = [d for p in paths for d in load(p)]
    extractions = [extract(d) for d in documents]
    size = sum(len(d.text.encode()) for d in documents)
    facts = sum(len(e) for e in extractions)
    made = [quads(d, e.facts, e.gaps) for d, e in zip(documents, extractions, strict=True)]
    count = sum(len(m) for m in made)
    print(
        f"{len(documents)} articles, {size / 1e3:.1f} kB, {facts} facts, {count} quads ({count / facts:.1f} a fact)\n"
    )

    def row(stage: str, seconds: float, what: str) -> None:
        print(f"{stage:34} {1e3 * seconds:9.1f} ms   {what}")

    loading = best(lambda: [list(load(p)) for p in paths])
    row("load", loading, f"{size / loading / 1e6:.2f} MB/s")
    extracting = best(lambda: [extract(d) for d in documents])
    row("extract", extracting, f"{len(documents) / extracting:.0f} articles/s, {size / extracting / 1e6:.2f} MB/s")
    building = best(lambda: [quads(d, e.facts, e.gaps) for d, e in zip(documents, extractions, strict=True)])
    row("facts to quads", building, f"{count / building / 1e3:.0f} k quads/s")

    with tempfile.TemporaryDirectory() as folder:
        with open_store(Path(folder) / "store") as store:

            def put() -> None:
                for d, e in zip(documents, extractions, strict=True):
                    store.put(d, e.facts, e.gaps)

            putting = best(put, 3)
            row("into the store on disk", putting, f"{count / putting / 1e3:.0f} k quads/s, one transaction a document")
            turtle = export(store, "turtle")
            exporting = best(lambda: export(store, "turtle"))
            row("export Turtle, whole", exporting, f"{len(turtle) / exporting / 1e6:.2f} MB/s")
        bare = pyoxigraph.Store(str(Path(folder) / "bare"))
        bulk = best(lambda: bare.bulk_extend(q for m in made for q in m), 3)
        row("  beside: bare pyoxigraph, bulk", bulk, f"ours takes {putting / bulk:.1f} x that")

    graph = rdflib.Graph()
    graph.parse(data=turtle, format="turtle")
    row("  beside: rdflib, parse Turtle", best(lambda: rdflib.Graph().parse(data=turtle, format="turtle"), 2), "")
    serialising = best(lambda: graph.serialize(format="turtle"), 2)
    row("  beside: rdflib, write Turtle", serialising, f"{serialising / exporting:.1f} x our whole export")
    triples = list(pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE))
    parsing = best(lambda: list(pyoxigraph.parse(io.BytesIO(turtle), format=pyoxigraph.RdfFormat.TURTLE)))
    row("  beside: pyoxigraph, parse Turtle", parsing, f"{len(triples) / parsing / 1e6:.2f} M triples/s")

    help_call = [sys.executable, "-m", "monograph", "--help"]
    row("monograph --help, as a process", best(lambda: subprocess.run(help_call, capture_output=True, check=True)), "")


if __name__ == "__main__":
    main()
