"""Calls the command line in this process, as a shell would: folder, input, exit code, stdout, stderr."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from monograph.cli import run

__all__ = ["Result", "call"]


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


def call(folder: Path, *arguments: str, data: bytes = b"") -> Result:
    """``monograph ARGUMENTS`` in ``folder``, with ``data`` on standard input."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with (
        contextlib.chdir(folder),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8")),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
    ):
        code = run(list(arguments))
        out.flush()
        err.flush()
    return Result(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())
