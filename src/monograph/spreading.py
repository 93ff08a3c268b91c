"""One task over many items by several processes: the results in the items' order, bounded memory, and no item lost.

An item whose task ends its process (memory, a crash in C) is tried by itself; the others are read all the same.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final, TypeVar

__all__ = ["processors", "spread"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
#: items that wait for each process, so that none is idle and few results are held
_WAITING: Final = 4


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    items: Iterable[_Item],
    task: Callable[[_Item], _Result],
    lost: Callable[[_Item], _Result],
    *,
    jobs: int = 1,
) -> Iterator[tuple[_Item, _Result]]:
    """Each item with ``task(item)``, by ``jobs`` processes; ``lost(item)`` where the task ends its process.

    ``items`` are taken as they are needed. Task, items and results go through pickle; scripts that ask for more than
    one job need the usual ``if __name__ == "__main__":``, for the processes import them.
    """
    if jobs <= 1:
        for item in items:
            yield item, task(item)
        return
    pool = _pool(jobs)
    waiting: deque[tuple[_Item, Future[_Result]]] = deque()
    left = iter(items)
    try:
        while True:
            while len(waiting) < jobs * _WAITING:
                try:
                    item = next(left)
                except StopIteration:
                    break
                waiting.append((item, pool.submit(task, item)))
            if not waiting:
                return
            item, future = waiting.popleft()
            try:
                yield item, future.result()
            except BrokenProcessPool:  # whichever item it was: this one is tried by itself, the others again
                pool.shutdown(wait=False)
                yield item, _alone(item, task, lost)
                pool = _pool(jobs)
                waiting = deque((other, pool.submit(task, other)) for other, _ in waiting)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(jobs: int) -> ProcessPoolExecutor:
    # a process that is forked from one with threads, such as the store's, may hang
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(jobs, multiprocessing.get_context(method), initializer=_begin)


def _begin() -> None:
    """Ctrl-C is for the process that hands out the work; the others end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _alone(item: _Item, task: Callable[[_Item], _Result], lost: Callable[[_Item], _Result]) -> _Result:
    with _pool(1) as pool:
        try:
            return pool.submit(task, item).result()
        except BrokenProcessPool:
            return lost(item)
