"""A build on Apache Spark: the same function for each record, on the cores of a cluster, to the same shards.

Sources are read where the work is done, so that they and the folder of the shards are to be seen by all machines under
one path. What the tasks write is made to count here, batch by batch of sources: a build that was stopped goes on where
it was. Of two documents with one identifier the first has it, in the order of the sources, as in a build without Spark.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from monograph.building import BuildReport, Built, FirstCome, key_of, lost
from monograph.errors import MonographError, SourceError, StoreError
from monograph.finished import Finished, Key
from monograph.loading import STDIN, Failure, Part, parts
from monograph.processing import process
from monograph.shards import Shards, prune_shard, write_shard, write_whole
from monograph.spreading import spread

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

__all__ = ["build", "session"]

#: a task gets so many bytes of sources, which make about 16 MB of N-Quads
_TASK: Final = 1024 * 1024
#: how much larger the records are than an archive of them
_UNPACKED: Final = 8
#: and at least so many tasks come to each core, for some documents take longer than others
_TASKS_A_CORE: Final = 3
#: after so many bytes of sources what was made counts
_BATCH: Final = 1024**3

#: what a Python error says, in the lines of a stack of Java's
_SAID: Final = re.compile(
    r"^(?!org\.|java\.|py4j\.|pyspark\.)(?:monograph\.errors\.)?((?:\w+\.)*\w*Error: .+)$", re.MULTILINE
)

#: number of a source and of a record in it
_Order: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _There:
    """A record whose documents are in a shard already."""

    source: str
    sha256: str
    documents: tuple[str, ...]


_Record: TypeAlias = tuple[_Order, Part | Failure | _There]


@dataclass(frozen=True, slots=True)
class _Told:
    """What a task tells of a record; its documents, told without their bytes, are in ``shard``."""

    order: _Order
    shard: str
    key: Key | None
    outcomes: tuple[Finished | Failure | _There, ...]


def session(master: str | None = None) -> SparkSession:
    """The session of Spark that runs, or a new one at ``master`` (a URL, ``local[2]``; None: as Spark is configured).

    Raises MonographError where Spark or its Java is not installed.
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MonographError("Spark is not installed - pip install 'monograph[spark]'") from error
    builder = SparkSession.builder.appName("monograph").config("spark.log.level", "ERROR")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if master is not None:
        builder = builder.master(master)
        if master.startswith("local"):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    try:
        return builder.getOrCreate()
    except (PySparkException, Py4JError) as error:
        reason = f"Spark does not start ({_line(error)}) - is the master right, and Java 17 or newer installed?"
        raise MonographError(reason) from error


def build(
    spark: SparkSession,
    shards: str | Path,
    sources: Iterable[str | Path],
    *,
    loader: str | None = None,
    quotes: bool = True,
    again: bool = False,
) -> BuildReport:
    """Writes every document of ``sources`` to the folder ``shards``; the arguments are those of ``building.build``.

    The lines of all shards, sorted, are those that a build without Spark writes, and so is the report. Raises
    SourceError for standard input, which no other machine can read, UnknownName on an unknown loader, and StoreError
    where the shards cannot be written or Spark gives up.
    """
    paths = [str(source) for source in sources]
    if STDIN in paths:
        raise SourceError("standard input: cannot be read by a cluster - write it to a file")
    if loader is not None:
        next(iter(parts(os.devnull, loader=loader)), None)  # an unknown name is told before a cluster is busy
    run = _Run(Shards(shards))
    for batch in _batches(paths):
        run.take(_told(spark.sparkContext, run.shards, batch, loader=loader, quotes=quotes, again=again))
    return BuildReport(tuple(run.done), tuple(run.failures), run.unchanged)


def _batches(paths: Sequence[str]) -> Iterator[list[tuple[int, str, int]]]:
    """Number, path and size, unpacked, of each source, together as many as make up a batch."""
    batch: list[tuple[int, str, int]] = []
    for number, path in enumerate(paths):
        size = os.stat(path).st_size if os.path.isfile(path) else 0
        batch.append((number, path, size * _UNPACKED if path.endswith((".gz", ".zip")) else size))
        if sum(map(itemgetter(2), batch)) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _told(
    context: SparkContext,
    shards: Shards,
    batch: Sequence[tuple[int, str, int]],
    *,
    loader: str | None,
    quotes: bool,
    again: bool,
) -> list[_Told]:
    """What the tasks tell of the records of a batch of sources, in their order."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    cores = context.defaultParallelism
    tasks = max(cores * _TASKS_A_CORE, sum(map(itemgetter(2), batch)) // _TASK)
    known = context.broadcast({} if again else shards.known())
    try:
        records = context.parallelize([(number, path) for number, path, _ in batch], min(len(batch), 4 * cores))
        rows = (
            records.flatMap(partial(_records, known, loader, quotes))
            .partitionBy(tasks, _place)
            .mapPartitionsWithIndex(partial(_shard, str(shards.folder), shards.names(tasks), quotes))
            .collect()
        )
    except (PySparkException, Py4JError) as error:
        raise StoreError(f"{shards.folder}: Spark gave up ({_line(error)}) - see its log") from error
    finally:
        known.unpersist()
    return sorted(rows, key=attrgetter("order"))


def _place(order: _Order) -> int:
    """In turn, so that every task gets as many records, those of large archives too."""
    return sum(order)


def _records(known: Any, loader: str | None, quotes: bool, source: tuple[int, str]) -> Iterator[_Record]:
    """On some machine: the records of a source; ``known`` broadcasts those that are in shards already."""
    number, path = source
    for count, part in enumerate(parts(path, loader=loader)):
        key = key_of(part, quotes) if known.value and isinstance(part, Part) else None
        there = known.value.get(key)
        yield (number, count), part if key is None or there is None else _There(part.source, key.sha256, there)


def _shard(folder: str, names: Sequence[str], quotes: bool, task: int, records: Iterable[_Record]) -> Iterator[_Told]:
    """On some machine: processes the records of one task and writes their shard, with a list of what is in it."""
    if not os.path.isdir(folder):
        raise StoreError(f"{folder}: is not seen by all machines - name a folder that they share")
    written: list[Finished] = []
    told: list[_Told] = []
    ordered = sorted(records, key=itemgetter(0))
    # A record that has ended the process takes the task with it, so the next attempt reads in processes of its own.
    jobs = 1 if _first_attempt() else 2
    for (order, record), outcomes in spread(ordered, partial(_outcomes, quotes), _lost, jobs=jobs):
        written += [one for one in outcomes if isinstance(one, Finished)]
        key = key_of(record, quotes) if isinstance(record, Part) else None
        told.append(_Told(order, names[task], key, tuple(map(_light, outcomes))))
    if written:
        documents = write_shard(folder, names[task], written)
        write_whole(_list_of(folder, names[task]), [json.dumps(documents, ensure_ascii=False).encode()])
    yield from told


def _first_attempt() -> bool:
    from pyspark import TaskContext

    context = TaskContext.get()
    return context is None or context.attemptNumber() == 0


def _outcomes(quotes: bool, numbered: _Record) -> list[Finished | Failure | _There]:
    record = numbered[1]
    return [*process(record, quotes=quotes)] if isinstance(record, Part) else [record]


def _lost(numbered: _Record) -> list[Finished | Failure | _There]:
    record = numbered[1]
    return [record] if isinstance(record, _There) else [*lost(record)]


def _light(one: Finished | Failure | _There) -> Finished | Failure | _There:
    """A document without its bytes, which are in a shard."""
    return replace(one, nquads=b"", record=b"", edges=frozenset()) if isinstance(one, Finished) else one


def _list_of(folder: str | Path, shard: str) -> Path:
    return Path(folder) / f".new-{shard}.json"


class _Run:
    """A build while it goes on: the shards that count, and what was reported."""

    def __init__(self, shards: Shards) -> None:
        self.shards = shards
        self.done: list[Built] = []
        self.failures: list[Failure] = []
        self.unchanged = 0
        self._taken = FirstCome()

    def take(self, rows: Iterable[_Told]) -> None:
        """Makes what a batch of sources gave count, without the documents that an earlier record has given."""
        kept: dict[str, list[bool]] = defaultdict(list)
        records: dict[str, dict[Key, tuple[str, ...]]] = defaultdict(dict)
        for row in rows:
            here: list[Finished] = []
            failures: list[Failure] = []
            for one in row.outcomes:
                if isinstance(one, _There):
                    self._there(one)
                    continue
                first = one if isinstance(one, Failure) else self._taken.take(one.identifier, one.source, one.sha256)
                if isinstance(one, Finished):
                    kept[row.shard].append(first is True)
                    if first is True:
                        here.append(one)
                if isinstance(first, Failure):
                    failures.append(first)
                elif first is False:
                    self.unchanged += 1
            self.done += map(Built.of, here)
            self.failures += failures
            if here and row.key is not None and not failures:
                records[row.shard][row.key] = tuple(one.identifier for one in here)
        for name in sorted(kept):
            self._count(name, kept[name], records[name])

    def _there(self, record: _There) -> None:
        for name in record.documents:
            first = self._taken.take(name, record.source, record.sha256)
            if isinstance(first, Failure):
                self.failures.append(first)
            else:
                self.unchanged += 1

    def _count(self, name: str, kept: Sequence[bool], records: Mapping[Key, Sequence[str]]) -> None:
        """Makes a shard count."""
        listed = _list_of(self.shards.folder, name)
        try:
            documents = json.loads(listed.read_bytes())
            listed.unlink()
        except OSError as error:
            raise StoreError(f"{listed}: cannot be read ({error.strerror}) - is it a folder that all share?") from error
        if not all(kept):
            left = [one for one, stays in zip(documents, kept, strict=True) if stays]
            documents = prune_shard(self.shards.folder, name, left)
        if documents:
            self.shards.add(name, documents, records)


def _line(error: Exception) -> str:
    """The line of an error of Spark's that says what was wrong: those of Java and Python have hundreds."""
    told = str(error)
    found = _SAID.search(told)
    line = found.group(1) if found else next((line for line in told.splitlines() if line.strip()), type(error).__name__)
    return line.strip()[:300]
