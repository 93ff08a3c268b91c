"""What ``monograph check`` runs: each check yields findings, and none changes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from monograph.checks.findings import Finding

if TYPE_CHECKING:
    from monograph.store import Store

__all__ = ["Finding", "check_store", "store_checks"]


def store_checks(store: Store) -> list[tuple[str, Callable[[], Iterable[Finding]]]]:
    """The checks of a store by name, in the order in which to run them; a check that cannot run raises.

    ``facts`` holds quotes, places, digests, numbers and shortcuts against the documents, ``shapes`` the graph against
    its SHACL shapes.
    """

    def facts() -> Iterable[Finding]:
        from monograph.checks.facts import check_facts

        return check_facts(store)

    def shapes() -> Iterable[Finding]:
        from monograph.checks.shapes import check_shapes

        return check_shapes(store)

    return [("facts", facts), ("shapes", shapes)]


def check_store(store: Store) -> list[Finding]:
    """All findings of :func:`store_checks`, in their order."""
    return [finding for _, check in store_checks(store) for finding in check()]
