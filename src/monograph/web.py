"""What all that asks the web has in common: what it calls itself, which answers pass, and how long to wait."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

__all__ = ["TRANSIENT", "agent", "retry_after"]

#: answers after which a server may be asked again
TRANSIENT: Final = frozenset({429, 500, 502, 503, 504})


def agent() -> str:
    """The User-Agent of every request."""
    return f"monograph/{version('monograph')} (+https://w3id.org/monograph/)"


def retry_after(header: str | None) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as a date; None where it says nothing."""
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None
