"""The embedded store as an rdflib Dataset: oxrdflib over the database, which closing the store gives free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import rdflib
from oxrdflib import OxigraphStore
from pyoxigraph import Store

from monograph.sparql import refuse
from monograph.vocabulary import prefixes

__all__ = ["dataset_view"]


class _View(OxigraphStore):
    """Asks for the database at each use, so that a view left over from a closed store holds no lock on it."""

    def __init__(self, database: Callable[[], Store]) -> None:
        super().__init__()
        self._database = database

    @property
    def _inner(self) -> Store:
        return self._database()

    def query(self, query: Any, *arguments: Any, **named: Any) -> Any:
        if isinstance(query, str):
            refuse(query)
        return super().query(query, *arguments, **named)


def dataset_view(database: Callable[[], Store]) -> rdflib.Dataset:
    """A Dataset, its default graph the union of all, over what ``database`` returns; our prefixes are bound."""
    view = rdflib.Dataset(store=_View(database), default_union=True)
    for prefix, namespace in prefixes().items():
        view.bind(prefix, namespace, override=True, replace=True)
    return view
