"""How far a build is: a bar on stderr with rate and time left, once it takes longer than two seconds on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from monograph.cli.session import Session
    from monograph.loading import Failure, Part

__all__ = ["Progress"]

_AFTER: Final = 2.0


class Progress:
    """A bar over the bytes of ``sources``, advanced record by record; silent where the session wants no progress."""

    def __init__(self, session: Session, what: str, sources: Sequence[str | Path]) -> None:
        self._shown = not session.quiet and session.progress and sys.stderr.isatty()
        self._what = what
        self._begun = time.monotonic()
        self._bar: Any = None
        self._task: Any = None
        self._records = 0
        sizes = [Path(s).stat().st_size if Path(s).is_file() else 0 for s in sources] if self._shown else []
        self._total = sum(sizes)
        self._before: dict[str, int] = {}
        at = 0
        for source, size in zip(sources, sizes, strict=False):
            self._before[str(source)] = at
            at += size

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, part: Part | Failure) -> None:
        """A record is dealt with."""
        self._records += 1
        if not self._shown or time.monotonic() - self._begun < _AFTER:
            return
        if self._bar is None:
            self._open()
        rate = self._records / (time.monotonic() - self._begun)
        self._bar.update(
            self._task, completed=self._place(part), description=f"{self._what} {self._records:,} ({rate:,.0f}/s)"
        )

    def _place(self, part: Part | Failure) -> float:
        """How many of the sources' bytes are behind ``part``."""
        done = getattr(part, "reached", 0)
        origin = getattr(part, "origin", part.source)
        return float(self._before.get(origin, 0) + done)

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(self._what, total=self._total or None)
        self._bar.start()
