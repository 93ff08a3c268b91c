"""Names in lower case with the acronyms that their sentence writes in capitals."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["written"]

_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]{1,5}\b")


@lru_cache(maxsize=64)
def _acronyms(original: str) -> frozenset[str]:
    return frozenset(_ACRONYM.findall(original))


def written(name: str, original: str | None) -> str:
    """``name`` with the acronyms that the original writes in capitals."""
    if not original or original.isupper():
        return name
    for acronym in _acronyms(original):
        if acronym.lower() in name:
            name = re.sub(rf"\b{acronym.lower()}\b", acronym, name)
    return name
