"""Time of each stage from article to graph, beside what a user would take instead, measured in one run.

python benchmarks/speed.py [FILE…]        (without FILE the bundled articles)
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import rdflib

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


def main() -> None:
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
