"""Labels a second, from file to store, beside what a user would take instead, all in one run on one machine.

python benchmarks/labels.py [--documents N] [--jobs J] [--plot FILE.svg] [--morph-kgc PYTHON] [SOURCE…]
python benchmarks/labels.py --growth [--most N] [--plot FILE.svg] [SOURCE…]

SOURCE are label files, folders or archives (without any, the bundled articles). Documents are made by varying these in
memory: each gets an identifier and a mark of its own. Where there are fewer sources than documents, texts recur and
what is remembered of a sentence serves again, so the first line tells how many are different.

The peers are rdflib, maplib where it is installed, Morph-KGC in an environment of its own (it wants another
pyoxigraph), lxml's parser alone (the floor), and pyoxigraph's bulk loader on the same shards (the limit). ``cpu`` is
the processor time of this process and of those that it waits for, ``nan`` where a build's workers are not among them;
``peak`` is the height of this process's memory in the stage.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from monograph.document import Document
from monograph.extraction import Extraction, extract
from monograph.facts import Fact
from monograph.finished import Finished, finish
from monograph.loading import Part, examples, parts, read_part
from monograph.loading import sources as files
from monograph.processing import process
from monograph.shards import read_shards
from monograph.spreading import processors
from monograph.store import open_store


@dataclass(frozen=True)
class Cost:
    """What a task took: seconds, seconds of processors, and the memory of this process at its height, in MB."""

    seconds: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Row:
    """A stage or a peer: what it took, and how many documents, megabytes of source and triples it dealt with."""

    what: str
    cost: Cost
    documents: int = 0
    megabytes: float = 0
    triples: int = 0

    @property
    def seconds(self) -> float:
        return self.cost.seconds

    def __str__(self) -> str:
        rates = [(self.documents, "10,.1f"), (self.megabytes, "8,.2f"), (self.triples, "12,.0f")]
        told = [format(n / self.seconds, form) if n else " " * int(form.split(",")[0]) for n, form in rates]
        return f"{self.what:38}{self.seconds:9.2f}{self.cost.cpu:9.2f}{self.cost.peak:7.0f}{''.join(told)}"


HEAD = f"{'':38}{'seconds':>9}{'cpu':>9}{'peak':>7}{'docs/s':>10}{'MB/s':>8}{'triples/s':>12}"


def varied(records: Iterable[Part], count: int) -> Iterator[Part]:
    """``count`` records: those given, again and again, each with an identifier of its own."""
    known = [part for part in records if isinstance(part, Part)]
    for number, part in enumerate(islice(cycle(known), count)):
        mark = f"{number:08x}".encode()
        data = part.data
        if part.loader == "spl":
            data = re.sub(rb'<setId root="[^"]*"', b'<setId root="%s-0000"' % mark, data)
        elif part.loader == "epi":
            data = re.sub(rb'("identifier"\s*:\s*\[?\s*\{[^{}]*?"value"\s*:\s*)"[^"]*"', b'\\1"bench/%s"' % mark, data)
        elif part.loader == "openfda":
            data = json.dumps({**json.loads(data), "set_id": f"bench-{number:08x}"}).encode()
        else:
            data += b"\n\nReference mark %s.\n" % mark
        name = f"{number:08x}-{part.name}"
        yield Part(name, name, data, part.loader)


def written(records: Iterable[Part], folder: Path) -> list[Path]:
    """The records as files: NDJSON for Bundles, one answer for openFDA's records, else a file each."""
    out: dict[Path, None] = {}
    answer = folder / "answer.json"
    for part in records:
        before, data, after = b"", part.data, b""
        if part.loader == "epi":
            path, data, after = folder / "many.ndjson", b" ".join(part.data.splitlines()), b"\n"
        elif part.loader == "openfda":
            path, before = answer, b"," if answer in out else b'{"results": ['
        else:
            path = folder / part.name.replace("#", "-").replace("/", "-")
        with path.open("ab") as stream:
            stream.write(before + data + after)
        out[path] = None
    if answer in out:
        with answer.open("ab") as stream:
            stream.write(b"]}")
    return list(out)


def timed(task: Callable[[], object]) -> Cost:
    """What a task takes of this process and of those that it waits for."""
    _forget_peak()
    before, start = os.times(), time.perf_counter()
    task()
    seconds, after = time.perf_counter() - start, os.times()
    return Cost(seconds, sum(after[:4]) - sum(before[:4]), _peak())


def _forget_peak() -> None:
    """Lets the kernel measure the height of memory anew, where it can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> float:
    try:
        told = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(told.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def stages(given: list[Part], jobs: int, morph: str | None) -> list[Row]:
    """Each stage by itself on one processor, then the whole on ``jobs``, then the peers on the same data."""
    count, size = len(given), sum(len(part.data) for part in given) / 1e6
    documents: list[Document] = []
    found: list[tuple[Document, Extraction]] = []
    done: list[Finished] = []
    process(next(p for p in parts(examples()[0]) if isinstance(p, Part)))  # reads the rules, once for all
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        rows = [
            Row("load", timed(lambda: documents.extend(d for part in given for d in read_part(part))), count, size),
            Row("extract", timed(lambda: found.extend((d, extract(d)) for d in documents)), count, size),
        ]
        cost = timed(lambda: done.extend(finish(d, one.facts, one.gaps) for d, one in found))
        facts = sum(one.facts for one in done)
        triples = sum(one.nquads.count(b"\n") for one in done)
        rows.append(Row("quads, as N-Quads", cost, count, size, triples))
        rows += wholes(folder, given, jobs, triples)
        shards = sorted((folder / "shards").glob("*.nq"))
        rows += floors(given, shards, count, size)
        if morph is not None:
            rows.append(mapped(morph, folder, [fact for _, one in found for fact in one.facts][:20_000]))
    print(f"{count:,} documents, {size:,.1f} MB, {facts:,} facts, {triples:,} triples: ", end="")
    print(f"{triples / max(1, facts):.1f} a fact, {facts / max(1, count):.0f} facts a document")
    return rows


def wholes(folder: Path, given: list[Part], jobs: int, triples: int) -> Iterator[Row]:
    """From files to shards, from these to a store, and from files to a store, each build a process of its own."""
    count, size = len(given), sum(len(part.data) for part in given) / 1e6
    (folder / "sources").mkdir()
    paths = written(given, folder / "sources")
    built, cost, _ = measured(folder / "shards", jobs, paths)
    if built < count:
        print(f"of {count} documents {built} went in")
    yield Row(f"file to shards, {jobs} processes", cost, built, size, triples)
    yield from loads(folder, sorted((folder / "shards").glob("*.nq")), built, size, triples)
    built, cost, _ = measured(folder / "whole.db", jobs, paths)
    yield Row(f"file to store on disk, {jobs} processes", cost, built, size, triples)


def loads(folder: Path, shards: list[Path], count: int, size: float, triples: int) -> list[Row]:
    """The store's load beside the bare engine's on the same shards, three times in turn; the faster of each."""
    bare, ours = [], []
    for turn in range(3):

        def load_bare(turn: int = turn) -> None:
            store = ox.Store(str(folder / f"bare-{turn}"))
            for shard in shards:
                store.bulk_load(path=shard, format=ox.RdfFormat.N_QUADS)

        def load_ours(turn: int = turn) -> None:
            with open_store(folder / f"ours-{turn}") as store:
                for batch in read_shards(folder / "shards"):
                    store.put_all(batch)

        bare.append(timed(load_bare))
        ours.append(timed(load_ours))
        shutil.rmtree(folder / f"bare-{turn}")
        shutil.rmtree(folder / f"ours-{turn}")
    return [
        Row("shards to store", min(ours, key=_seconds), count, size, triples),
        Row("  peer: bare pyoxigraph bulk_load", min(bare, key=_seconds), count, size, triples),
    ]


def _seconds(cost: Cost) -> float:
    return cost.seconds


#: what a user of a mapping engine would write for a table of facts
MAPPING = """
@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> . @prefix ex: <http://example.org/> .
ex:facts rml:logicalSource [ rml:source "%s" ; rml:referenceFormulation ql:CSV ] ;
  rr:subjectMap [ rr:template "http://example.org/fact/{number}" ; rr:class ex:Fact ] ;
"""
COLUMNS = ("document", "drug", "kind", "value", "rule", "start", "end", "quote")


def mapped(python: str, folder: Path, facts: list[Fact]) -> Row:
    """Morph-KGC makes a triple of each field of the facts as a table: no provenance, no terms, no checks."""
    table, config, out = folder / "facts.csv", folder / "morph.ini", folder / "morph.nq"
    with table.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["number", *COLUMNS])
        rows.writerows([n, *(getattr(fact, column) for column in COLUMNS)] for n, fact in enumerate(facts))
    fields = (
        f'  rr:predicateObjectMap [ rr:predicate ex:{name} ; rr:objectMap [ rml:reference "{name}" ] ]'
        for name in COLUMNS
    )
    (folder / "mapping.ttl").write_text(MAPPING % table + " ;\n".join(fields) + " .", encoding="utf-8")
    config.write_text(
        f"[CONFIGURATION]\noutput_file: {out}\noutput_format: N-QUADS\nnumber_of_processes: 1\n"
        f"[facts]\nmappings: {folder / 'mapping.ttl'}\n",
        encoding="utf-8",
    )
    cost = timed(lambda: subprocess.run([python, "-m", "morph_kgc", str(config)], check=True, capture_output=True))
    return Row("  peer: Morph-KGC, table of facts", cost, triples=out.read_bytes().count(b"\n"))


def floors(given: list[Part], shards: list[Path], count: int, size: float) -> Iterator[Row]:
    """What the same data costs with lxml alone, rdflib, and the mapping engines that are installed."""
    from lxml import etree, html

    def parse() -> None:
        for part in given:
            if part.loader == "spl":
                etree.fromstring(part.data)
            elif part.loader in {"epi", "openfda"}:
                for text in _markup(json.loads(part.data)):
                    html.fromstring(text)
            else:
                html.fromstring(part.data)

    yield Row("  peer: lxml parse alone (the floor)", timed(parse), count, size)
    sample = b"".join(shards[0].read_bytes().splitlines(keepends=True)[:50_000])
    lines = sample.count(b"\n")
    triples = b"".join(line.rsplit(b" <", 1)[0] + b" .\n" for line in sample.splitlines())
    import rdflib

    graph = rdflib.Graph()
    cost = timed(lambda: graph.parse(io.BytesIO(triples), format="nt"))
    yield Row("  peer: rdflib parse of N-Triples", cost, triples=lines)
    cost = timed(lambda: graph.serialize(format="nt"))
    yield Row("  peer: rdflib serialise to N-Triples", cost, triples=lines)
    try:
        from maplib import Model
    except ImportError:
        print("maplib is not installed, so not compared")
    else:
        with tempfile.NamedTemporaryFile(suffix=".nt") as file:
            file.write(triples)
            file.flush()
            yield Row("  peer: maplib read of N-Triples", timed(lambda: Model().read(file.name)), triples=lines)


def _markup(value: object) -> Iterator[str]:
    """The texts in a JSON record that are marked up."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _markup(one)
    elif isinstance(value, list):
        for one in value:
            yield from _markup(one)
    elif isinstance(value, str) and "<" in value:
        yield value


#: rules that were read and sentences that are remembered from a stage before would make a build look quicker
MEASURE = """
import os, resource, sys, time
from monograph.building import build
from monograph.loading import sources
from monograph.shards import Shards
from monograph.store import open_store
if __name__ == "__main__":
    target = (open_store if sys.argv[1].endswith(".db") else Shards)(sys.argv[1])
    start = time.perf_counter()
    report = build(target, sources(sys.argv[3:]), jobs=int(sys.argv[2]))
    target.close()
    print(len(report.built), time.perf_counter() - start, sum(os.times()[:4]))
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        print(resource.getrusage(who).ru_maxrss / 1024)
"""


def measured(target: Path, jobs: int, paths: list[Path]) -> tuple[int, Cost, float]:
    """A build in a new process: its documents, what it took, and the memory of its largest worker, in MB."""
    with tempfile.TemporaryDirectory() as place:
        program = Path(place) / "measure.py"
        program.write_text(MEASURE, encoding="utf-8")
        command = [sys.executable, str(program), str(target), str(jobs), *map(str, paths)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    seconds, cpu, peak, others = map(float, told[1:])
    return int(told[0]), Cost(seconds, cpu if jobs == 1 else float("nan"), peak), others


def growth(given: list[Part], jobs: int, most: int) -> list[tuple[int, float, float]]:
    """Documents, documents a second, and the memory in MB of the process that builds, for ten times as many each."""
    out = []
    count = 100
    while count <= most:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            (folder / "sources").mkdir()
            paths = written(varied(given, count), folder / "sources")
            built, cost, others = measured(folder / "shards", jobs, paths)
        out.append((built, built / cost.seconds, cost.peak))
        workers = f"each worker {others:.0f} MB" if others else "that of the workers is not known"
        rate = f"{built:8,} documents {built / cost.seconds:9.1f} a second"
        print(f"{rate}, {cost.peak:7.0f} MB at the most; {workers}", flush=True)
        count *= 10
    return out


def plot(rows: list[Row], target: Path) -> None:
    """Documents a second of each stage, and triples a second of all that makes or takes triples, as bars."""
    documents = [(row.what.strip(), row.documents / row.seconds) for row in rows if row.documents]
    triples = [(row.what.strip(), row.triples / row.seconds) for row in rows if row.triples]

    def draw(left: Any, right: Any) -> None:
        for axes, bars, unit in ((left, documents, "documents"), (right, triples, "triples")):
            drawn = axes.barh([name for name, _ in bars][::-1], [rate for _, rate in bars][::-1])
            axes.bar_label(drawn, fmt="{:,.0f}", padding=3)
            axes.set_xscale("log")
            axes.margins(x=0.15)
            axes.set_xlabel(f"{unit} a second")

    _drawn(target, draw)


def plot_growth(points: list[tuple[int, float, float]], target: Path) -> None:
    """Seconds and memory over the number of documents."""

    def draw(left: Any, right: Any) -> None:
        counts = [count for count, _, _ in points]
        left.loglog(counts, [count / rate for count, rate, _ in points], marker="o")
        left.set_ylabel("seconds")
        right.semilogx(counts, [memory for _, _, memory in points], marker="o")
        right.set_ylim(bottom=0)
        right.set_ylabel("memory of the process that builds, MB")
        for axes in (left, right):
            axes.set_xlabel("documents")

    _drawn(target, draw)


def _drawn(target: Path, draw: Callable[[Any, Any], None]) -> None:
    """An SVG of two charts side by side; needs matplotlib."""
    try:
        import matplotlib
    except ImportError:
        print(f"no plot: matplotlib is not installed, so {target} was not drawn")
        return
    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(13, 4.5))
    draw(left, right)
    figure.tight_layout()
    figure.savefig(target, format="svg")
    print(f"plot: {target}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=processors())
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--most", type=int, default=10_000)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--morph-kgc", metavar="PYTHON", help="the interpreter of an environment that has Morph-KGC")
    asked = parser.parse_args()
    paths = files(asked.sources) if asked.sources else list(examples())
    wanted = asked.most if asked.growth else asked.documents
    usable = (part for path in paths for part in parts(path) if isinstance(part, Part) and _is_used(part))
    given = list(islice(usable, wanted))
    print(
        f"{processors()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}, "
        f"jobs {asked.jobs}, {len(given):,} different records"
    )
    if asked.growth:
        points = growth(given, asked.jobs, asked.most)
        if asked.plot is not None:
            plot_growth(points, asked.plot)
        return
    rows = stages(list(varied(given, asked.documents)), asked.jobs, asked.morph_kgc)
    print(HEAD, *rows, sep="\n")
    by_name = {row.what.strip(): row for row in rows}
    ours, bare = by_name["shards to store"], by_name["peer: bare pyoxigraph bulk_load"]
    print(f"\nload into the store / bare bulk_load: {ours.seconds / bare.seconds:.2f}")
    whole = next(row for name, row in by_name.items() if name.startswith("file to shards"))
    floor = by_name["peer: lxml parse alone (the floor)"]
    print(f"file to shards / lxml parse alone: {whole.seconds / floor.seconds:.1f}")
    if asked.plot is not None:
        plot(rows, asked.plot)


def _is_used(part: Part) -> bool:
    """Whether a record gives one document, in English."""
    from monograph.errors import MonographError

    try:
        return [(document.language or "en")[:2] for document in read_part(part)] == ["en"]
    except MonographError:
        return False


if __name__ == "__main__":
    main()
