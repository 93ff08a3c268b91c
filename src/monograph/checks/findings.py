"""A finding: one thing that is wrong, where it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Level"]

Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """``rule`` names the check that found it; ``where`` the document, fact or term; ``message`` is one line."""

    level: Level
    rule: str
    where: str
    message: str
