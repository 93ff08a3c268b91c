"""Linking a store from end to end: its things, vocabularies, an endpoint, a curator's word, the graph of links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monograph.errors import SourceError, StoreError
from monograph.grounding.candidates import CANDIDATE, EXACT
from monograph.linking.graph import LINKS, link_quads, read_links, with_hierarchy
from monograph.linking.matching import Links, link
from monograph.linking.things import Thing, things
from monograph.mappings.composing import Conflict
from monograph.mappings.curation import curate
from monograph.mappings.model import Mapping
from monograph.mappings.sssom import read_sssom, write_sssom
from monograph.store import open_store
from monograph.vocabularies.index import Index, index_path
from monograph.vocabularies.prefixes import rows, standard
from monograph.vocabulary import prefixes

if TYPE_CHECKING:
    from monograph.store import Store

__all__ = ["Linked", "Remote", "bundled_mappings", "read_curated", "run", "sssom_table"]

_BUNDLED: Final = "mappings.sssom.tsv"
_CURATED: Final = "semapv:ManualMappingCuration"


@dataclass(frozen=True, slots=True)
class Remote:
    """An endpoint to be asked: its address, a query of queries/remote or a file, and how gently it is asked.

    Answers are kept in the file ``cache``, beside the store where none is named, unless ``keep`` is false.
    """

    endpoint: str
    using: str
    batch: int = 100
    timeout: float = 60
    retries: int = 4
    rate: float = 2
    cache: str | None = None
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Linked:
    """What was done: the mappings with their SSSOM table, the conflicts, what was not linked, what failed; ``notes`` of
    what an endpoint said and could not be used.

    ``queries`` are those that a dry run would have sent.
    """

    things: int
    mappings: tuple[Mapping, ...]
    table: str
    conflicts: tuple[Conflict, ...] = ()
    unlinked: tuple[Thing, ...] = ()
    failures: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def run(
    store: str | Path | None, *, curated: Sequence[str | Path] = (), remote: Remote | None = None, dry_run: bool = False
) -> Linked:
    """Links the store at ``store`` (as :func:`monograph.store.open_store` takes it) and keeps the links in it.

    Raises StoreError where the store is not there, or where there is neither a vocabulary index nor an endpoint to
    ask. What an endpoint did not answer stands in ``failures``, and what it did is kept, until it is asked again.
    """
    word = [m for path in curated for m in read_curated(path)]
    where = index_path(store)
    if remote is None and not where.exists():
        raise StoreError(f"no vocabulary index {where} - add vocabularies with: monograph vocab add FILE")
    with open_store(store, read_only=True) as opened:
        wanted = things(opened)
        earlier = [m for m in read_links(opened) if m.object_source.startswith(("http://", "https://"))]
    found, parents = Links((), (), tuple(wanted)), {}
    index = Index(where, read_only=True) if where.exists() else None
    try:
        if index is not None:
            found = link(index, wanted)
        known = {thing.curie for thing in wanted}
        shipped = [m for m in bundled_mappings() if m.subject in known]
        mappings = _with(found.mappings, [m for m in shipped if not m.negated])
        failures: tuple[str, ...] = ()
        notes: tuple[str, ...] = ()
        if remote is not None:
            from monograph.linking.remote import ask, queries

            if dry_run:
                return Linked(len(wanted), (), "", queries=tuple(queries(wanted, mappings, remote)))
            answered = ask(wanted, mappings, remote, cache=_cache(remote, where))
            mappings, failures, notes = _with(mappings, answered.mappings), answered.failures, answered.notes
            if not failures:
                earlier = [m for m in earlier if m.object_source != remote.endpoint]
        mappings = _with(mappings, earlier)
        mappings = curate(curate(mappings, (m for m in shipped if m.justification == _CURATED)), word)
        mappings = [m for m in mappings if m.subject in known]
        if index is not None:
            parents = with_hierarchy(index, {m.object for m in mappings if not m.negated})
    finally:
        if index is not None:
            index.close()
    _keep(store, mappings, parents)
    linked = {m.subject for m in mappings if not m.negated}
    return Linked(
        len(wanted),
        tuple(mappings),
        sssom_table(mappings),
        found.conflicts,
        tuple(thing for thing in wanted if thing.curie not in linked),
        failures,
        notes=notes,
    )


def _with(mappings: Sequence[Mapping], more: Sequence[Mapping]) -> list[Mapping]:
    """``mappings``, and those of ``more`` that are about other pairs.

    An exact match of ``more`` beside another of the same vocabulary is a candidate only: the two contradict each other.
    """
    pairs = {(m.subject, m.object) for m in mappings}
    settled = {(m.subject, _prefix(m.object)) for m in mappings if m.predicate == EXACT and not m.negated}
    out = list(mappings)
    for m in more:
        if (m.subject, m.object) in pairs:
            continue
        if m.predicate == EXACT and not m.negated and (m.subject, _prefix(m.object)) in settled:
            m = replace(m, predicate=CANDIDATE, comment=f"conflict: {m.comment or 'another exact match is known'}")
        out.append(m)
    return out


def _prefix(curie: str) -> str:
    return curie.partition(":")[0]


def read_curated(path: str | Path) -> list[Mapping]:
    """The rows of a curator's SSSOM table, with identifiers in our spelling.

    Raises SourceError where it cannot be read and, with its line, where a row has an identifier that is not known.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read ({error}) - check the path and its encoding") from error
    found = read_sssom(text, str(path), spell=_spell)
    if found.unused:
        place, _, curie = found.unused[0].rpartition(": ")
        more = f" (and {len(found.unused) - 1} more)" if len(found.unused) > 1 else ""
        raise SourceError(
            f"{place.rpartition(': ')[0]}: {curie} is no identifier that is known{more} - mend its prefix or number"
        )
    return list(found.mappings)


def bundled_mappings() -> list[Mapping]:
    """The identifiers that the project ships, of what its example articles name."""
    file = files("monograph.ontology").joinpath(_BUNDLED)
    return list(read_sssom(file.read_text(encoding="utf-8"), _BUNDLED, spell=_spell).mappings)


def sssom_table(mappings: Sequence[Mapping]) -> str:
    """``mappings`` as an SSSOM table that says what made it."""
    known = {**{row["prefix"]: row["namespace"] for row in rows()}, **prefixes()}
    return write_sssom(
        mappings,
        {
            "mapping_set_id": "https://w3id.org/monograph/mappings/links",
            "mapping_set_title": "Links of a monograph store",
            "license": "https://w3id.org/sssom/license/unspecified",
        },
        known,
    )


def _spell(text: str) -> str | None:
    """An identifier of the outside world in our spelling, and one of our own as it is."""
    if (known := standard(text)) is not None:
        return known
    prefix, _, local = text.partition(":")
    return text if prefix in prefixes() and local else None


def _keep(store: str | Path | None, mappings: Sequence[Mapping], parents: dict[str, tuple[str, ...]]) -> None:
    opened: Store
    with open_store(store) as opened:
        opened.put_links(link_quads(mappings, LINKS, parents))


def _cache(remote: Remote, index: Path) -> Path | None:
    if not remote.keep:
        return None
    return Path(remote.cache) if remote.cache else index.with_name(f"{index.name.partition('.')[0]}.remote.db")
