"""monograph: turns what drug documents say into a knowledge graph in which every fact knows its sentence.

>>> import monograph
>>> for document in monograph.load("article.md"):  # doctest: +SKIP
...     for fact in monograph.extract(document):
...         print(fact.kind, fact.value, fact.quote)

``monograph.open_store(path)`` opens the graph: ``store.query(sparql)``, ``store.graph()``; ``monograph.answer(store,
"withdrawal-symptoms", {"drug": ["baclofen"]})`` asks a bundled question, ``monograph.export(store, "turtle")`` writes
it out. Names are imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monograph.answering import answer as answer
    from monograph.document import Document as Document
    from monograph.exports import export as export
    from monograph.extraction import extract as extract
    from monograph.facts import Fact as Fact
    from monograph.loading import load as load
    from monograph.store import memory_store as memory_store
    from monograph.store import open_store as open_store

    __version__: str

__all__ = ["Document", "Fact", "__version__", "answer", "export", "extract", "load", "memory_store", "open_store"]

_HOME = {
    "Document": "monograph.document",
    "Fact": "monograph.facts",
    "answer": "monograph.answering",
    "export": "monograph.exports",
    "extract": "monograph.extraction",
    "load": "monograph.loading",
    "memory_store": "monograph.store",
    "open_store": "monograph.store",
}


def __getattr__(name: str) -> Any:
    """Imports a name of the interface when it is first used (PEP 562), so that ``import monograph`` costs nothing."""
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("monograph")
    elif name in _HOME:
        from importlib import import_module

        value = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'monograph' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
