"""Labels a second, from file to store, beside what a user would take instead, all in one run on one machine.

python benchmarks/labels.py [--documents N] [--jobs J] [--plot FILE.svg] [SOURCE…]
python benchmarks/labels.py --growth [--most N] [SOURCE…]

SOURCE are label files, folders or archives (without any, the bundled articles). Documents are made by varying these in
memory: each gets an identifier and a mark of its own. The peers are rdflib, maplib and Morph-KGC where they are
installed, lxml's parser alone (the floor), and pyoxigraph's bulk loader on the same shards (the limit).
"""

from __future__ import annotations

import argparse
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

import pyoxigraph as ox

from monograph.building import build
from monograph.extraction import extract
from monograph.finished import finish
from monograph.loading import Part, examples, parts, read_part
from monograph.loading import sources as files
from monograph.shards import Shards, read_shards
from monograph.spreading import processors
from monograph.store import open_store


@dataclass(frozen=True)
class Row:
    """A stage or a peer: what it did, and how many documents, megabytes of source and triples a second."""

    what: str
    seconds: float
    documents: int
    megabytes: float
    triples: int = 0

    def __str__(self) -> str:
        rate = f"{self.documents / self.seconds:10,.1f}" if self.documents else " " * 10
        size = f"{self.megabytes / self.seconds:8,.2f}" if self.megabytes else " " * 8
        triples = f"{self.triples / self.seconds:12,.0f}" if self.triples else " " * 12
        return f"{self.what:44}{self.seconds:9.2f}{rate}{size}{triples}"


HEAD = f"{'':44}{'seconds':>9}{'docs/s':>10}{'MB/s':>8}{'triples/s':>12}"


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
    """The records as files: NDJSON for what is JSON, else a file each."""
    out: dict[Path, None] = {}
    for part in records:
        path = folder / ("many.ndjson" if part.loader == "epi" else part.name.replace("#", "-").replace("/", "-"))
        with path.open("ab") as stream:
            stream.write(b" ".join(part.data.splitlines()) + b"\n" if part.loader == "epi" else part.data)
        out[path] = None
    return list(out)


def timed(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def stages(given: list[Part], jobs: int) -> list[Row]:
    """Each stage by itself on one processor, then the whole on ``jobs``, then the peers on the same data."""
    count, size = len(given), sum(len(part.data) for part in given) / 1e6
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        rows = []
        start = time.perf_counter()
        documents = [document for part in given for document in read_part(part)]
        rows.append(Row("load", time.perf_counter() - start, count, size))
        start = time.perf_counter()
        found = [(document, extract(document)) for document in documents]
        rows.append(Row("extract", time.perf_counter() - start, count, size))
        start = time.perf_counter()
        done = [finish(document, one.facts, one.gaps) for document, one in found]
        facts = sum(one.facts for one in done)
        triples = sum(one.nquads.count(b"\n") for one in done)
        rows.append(Row("quads, as N-Quads", time.perf_counter() - start, count, size, triples))
        (folder / "sources").mkdir()
        paths = files(written(given, folder / "sources"))
        build(Shards(folder / "warm"), examples()[:2], jobs=jobs)
        seconds = timed(lambda: build(Shards(folder / "shards"), paths, jobs=jobs))
        rows.append(Row(f"file to shards, {jobs} processes", seconds, count, size, triples))
        shards = sorted((folder / "shards").glob("*.nq"))
        rows += loads(folder, shards, count, size, triples)
        rows.append(Row(f"file to store on disk, {jobs} processes", stored(folder, paths, jobs), count, size, triples))
        rows += floors(given, shards, count, size)
        print(f"{count:,} documents, {size:,.1f} MB, {facts:,} facts, {triples:,} triples: ", end="")
        print(f"{triples / max(1, facts):.1f} a fact, {facts / max(1, count):.0f} facts a document")
        return rows


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
        Row("shards to store", min(ours), count, size, triples),
        Row("  peer: bare pyoxigraph bulk_load", min(bare), count, size, triples),
    ]


def stored(folder: Path, paths: list[Path | str], jobs: int) -> float:
    def run() -> None:
        with open_store(folder / "whole") as store:
            build(store, paths, jobs=jobs)

    return timed(run)


def floors(given: list[Part], shards: list[Path], count: int, size: float) -> Iterator[Row]:
    """What the same data costs with lxml alone, rdflib, and the mapping engines that are installed."""
    from lxml import etree, html

    def parse() -> None:
        for part in given:
            if part.loader == "spl":
                etree.fromstring(part.data)
            else:
                html.fromstring(part.data)

    yield Row("  peer: lxml parse alone", timed(parse), count, size)
    sample = b"".join(shards[0].read_bytes().splitlines(keepends=True)[:50_000])
    lines = sample.count(b"\n")
    triples = b"".join(line.rsplit(b" <", 1)[0] + b" .\n" for line in sample.splitlines())
    import rdflib

    graph = rdflib.Graph()
    yield Row(
        "  peer: rdflib parse of N-Triples", timed(lambda: graph.parse(io.BytesIO(triples), format="nt")), 0, 0, lines
    )
    yield Row("  peer: rdflib serialise to N-Triples", timed(lambda: graph.serialize(format="nt")), 0, 0, lines)
    try:
        from maplib import Model
    except ImportError:
        print("maplib is not installed, so not compared")
    else:
        with tempfile.NamedTemporaryFile(suffix=".nt") as file:
            file.write(triples)
            file.flush()
            yield Row("  peer: maplib read of N-Triples", timed(lambda: Model().read(file.name)), 0, 0, lines)


MEASURE = """
import resource, sys
from pathlib import Path
from monograph.building import build
from monograph.shards import Shards
if __name__ == "__main__":
    build(Shards(sys.argv[1]), [Path(p) for p in sys.argv[3:]], jobs=int(sys.argv[2]))
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        print(resource.getrusage(who).ru_maxrss)
"""


def growth(given: list[Part], jobs: int, most: int) -> list[tuple[int, float, float]]:
    """Documents, documents a second, and the memory in MB of the process that builds, for ten times as many each."""
    out = []
    count = 100
    while count <= most:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            (folder / "sources").mkdir()
            program = folder / "measure.py"
            program.write_text(MEASURE, encoding="utf-8")
            paths = written(varied(given, count), folder / "sources")
            start = time.perf_counter()
            told = subprocess.run(
                [sys.executable, str(program), str(folder / "shards"), str(jobs), *map(str, paths)],
                check=True, capture_output=True, text=True,
            ).stdout.split()  # fmt: skip
            seconds = time.perf_counter() - start
            out.append((count, count / seconds, int(told[0]) / 1024))
            print(f"{count:8,} documents {count / seconds:9.1f} a second, {int(told[0]) / 1024:7.0f} MB at the most; "
                  f"each of the others {int(told[1]) / 1024:5.0f} MB")  # fmt: skip
        count *= 10
    return out


def plot(rows: list[Row], target: Path) -> None:
    """Documents a second of each row as bars; needs matplotlib."""
    try:
        import matplotlib
    except ImportError:
        print(f"no plot: matplotlib is not installed, so {target} was not drawn")
        return
    matplotlib.use("svg")
    from matplotlib import pyplot

    shown = [row for row in rows if row.documents]
    figure, axes = pyplot.subplots(figsize=(8, 0.45 * len(shown) + 1))
    axes.barh([row.what.strip() for row in shown][::-1], [row.documents / row.seconds for row in shown][::-1])
    axes.set_xscale("log")
    axes.set_xlabel("documents a second")
    figure.tight_layout()
    figure.savefig(target)
    print(f"plot: {target}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=processors())
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--most", type=int, default=10_000)
    parser.add_argument("--plot", type=Path)
    asked = parser.parse_args()
    paths = files(asked.sources) if asked.sources else list(examples())
    given = [part for path in paths for part in parts(path) if isinstance(part, Part)]
    given = [part for part in given if _is_read(part)][: asked.documents]
    print(
        f"{processors()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}, jobs {asked.jobs}"
    )
    if asked.growth:
        growth(given, asked.jobs, asked.most)
        return
    rows = stages(list(varied(given, asked.documents)), asked.jobs)
    print(HEAD, *rows, sep="\n")
    by_name = {row.what.strip(): row for row in rows}
    ours, bare = by_name["shards to store"], by_name["peer: bare pyoxigraph bulk_load"]
    print(f"\nload into the store / bare bulk_load: {ours.seconds / bare.seconds:.2f}")
    whole = next(row for name, row in by_name.items() if name.startswith("file to shards"))
    print(f"file to shards / lxml parse alone: {whole.seconds / by_name['peer: lxml parse alone'].seconds:.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process, which holds all stages at once: {peak:.0f} MB")
    if asked.plot is not None:
        plot(rows, asked.plot)


def _is_read(part: Part) -> bool:
    """Whether a record is one that gives documents at all."""
    from monograph.errors import MonographError

    try:
        return bool(list(read_part(part)))
    except MonographError:
        return False


if __name__ == "__main__":
    main()
