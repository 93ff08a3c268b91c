"""The lock of a store on disk: one writer alone, any number of readers, and none opens while the other is at work.

The database has a lock of its own against a second writer, but opening it for reading beside a writer is undefined
(and was seen to hang), so readers hold this lock, shared, while they open.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import IO, Final

from monograph.errors import StoreBusy, StoreError

try:
    import fcntl
except ImportError:  # Windows: the database's own lock still keeps a second writer out
    fcntl = None  # type: ignore[assignment]

__all__ = ["StoreLock"]

#: seconds that whoever comes second waits
_PATIENCE: Final = 1.0


class StoreLock:
    """Holds the lock in ``path`` until :meth:`release`. Raises StoreBusy, naming the process that holds it."""

    def __init__(self, path: Path, *, shared: bool) -> None:
        self._file: IO[str] | None = None
        try:
            self._file = (path / "lock").open("r" if shared else "a+")
        except OSError as error:
            if shared:
                return  # a store on a medium that cannot be written has no writer either
            raise StoreError(f"{path}: cannot be written ({error.strerror}) - check its rights") from error
        if fcntl is None:
            return
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() > until:
                    message = _message(path, self._holder())
                    self._file.close()
                    raise StoreBusy(message) from error
                time.sleep(0.02)
        if not shared:
            self._file.truncate(0)
            self._file.write(f"{os.getpid()}\n")
            self._file.flush()

    def release(self) -> None:
        """Gives the lock free; twice does no harm."""
        if self._file is not None:
            if self._file.writable():
                self._file.truncate(0)
            self._file.close()
            self._file = None

    def _holder(self) -> int | None:
        """The process that wrote itself into the file as the writer."""
        assert self._file is not None
        self._file.seek(0)
        text = self._file.read().strip()
        return int(text) if text.isdigit() else None


def _message(path: Path, holder: int | None) -> str:
    if holder == os.getpid():
        return f"{path}: this process has the store open for writing already - close it first"
    who = f"process {holder}" if holder is not None else "another process"
    return f"{path}: {who} is writing to the store - try again when it is done"
