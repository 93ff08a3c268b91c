"""The ontology as package data: what the words of the graph mean, and how they stand to other models.

``README.md`` here says what each file is for.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

__all__ = ["VERSION", "path", "read"]

#: the date in the version IRIs of the files here
VERSION: Final = "2026-11-23"


def path(name: str) -> Traversable:
    """Where the file ``name`` of this folder is; raises FileNotFoundError if there is none."""
    found = files(__name__).joinpath(name)
    if not found.is_file():
        raise FileNotFoundError(f"ontology/{name}: no such file among the ontology's")
    return found


def read(name: str) -> str:
    """The text of the file ``name`` of this folder: ``read("monograph.ttl")``; raises as :func:`path` does."""
    return path(name).read_text(encoding="utf-8")
