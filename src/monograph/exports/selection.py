"""What goes into an export: the data, or one drug's part of them, with the description of the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches

from pyoxigraph import Literal, Quad

from monograph.errors import UnknownName
from monograph.exports.description import DESCRIBED, describe
from monograph.exports.rows import Row, named, rows_of
from monograph.naming import closed_name
from monograph.vocabulary import ONTOLOGY, expand, graph_name, mg, mint, name_of, prefixes

__all__ = ["select"]

_ONTOLOGY = graph_name("ontology")
_MAPPINGS = graph_name("mappings")
_LINKS = graph_name("links")
_SHORTCUTS = graph_name("shortcuts")
_DATASET = graph_name("dataset")
_COMMON = frozenset({_ONTOLOGY, _MAPPINGS, _LINKS, _SHORTCUTS, _DATASET})

_TYPE = expand("rdf:type")
_LABEL = expand("rdfs:label")
_DERIVED = expand("prov:wasDerivedFrom")
_SUBJECT = mg("hasSubject")
_GAP_KIND = mg("gapKind")
_OF, _TO, _BROADER = expand("sssom:subject_id"), expand("sssom:object_id"), expand("skos:broader")

#: properties whose values are text of the source
_QUOTING = frozenset(expand(curie) for curie in ("oa:exact", "oa:prefix", "oa:suffix", "mg:leadIn", "mg:statement"))
_QUOTE_SELECTOR = f"<{expand('oa:TextQuoteSelector')}>"

#: what is kept of a member of a value set where the ontology stays out
_NAMING = frozenset(expand(curie) for curie in ("rdf:type", "rdfs:label", "skos:prefLabel", "skos:notation"))


def select(quads: Iterable[Quad], *, drug: str | None = None, quotes: bool = True, ontology: bool = False) -> list[Row]:
    """The rows to write, unsorted: see :func:`monograph.exports.export`. Raises UnknownName for an unknown drug."""
    data: list[Row] = []
    common: list[Row] = []
    for row in rows_of(quads):
        (common if row.graph in _COMMON else data).append(row)
    about: str | None = None
    if drug is not None:
        about = _resolve({row.object[1:-1] for row in data if row.path == _SUBJECT}, drug)
        data = _of_drug(data, about)
    if not quotes:
        data = _without_quotes(data)
    used = {row.subject for row in data} if about else set()
    used |= {row.object[1:-1] for row in data if row.object[0] == "<"}
    linked = _linked(common, used)
    for row in common:
        if row.graph == _ONTOLOGY:
            wanted = ontology or (row.path in _NAMING and row.subject in used and row.subject.startswith(ONTOLOGY))
        elif row.graph == _SHORTCUTS:
            wanted = about is None or row.subject == about
        elif row.graph in (_MAPPINGS, _LINKS):
            whole = about is None and (row.graph == _LINKS or row.subject.startswith(ONTOLOGY))
            wanted = whole or row.subject in used or (row.subject in linked and row.path != _BROADER)
        else:
            wanted = row.subject == _DATASET and row.path not in DESCRIBED
        if wanted:
            data.append(row)
    data.extend(describe(data, drug=drug))
    return data


def _linked(common: list[Row], used: set[str]) -> set[str]:
    """The records of the mappings of what is ``used``, and the outside terms that these lead to."""
    records = {row.subject for row in common if row.path == _OF and row.object[1:-1] in used}
    return records | {row.object[1:-1] for row in common if row.path == _TO and row.subject in records}


def _of_drug(data: list[Row], drug: str) -> list[Row]:
    """Every fact about the drug and every gap of its documents, with all nodes that these lead to."""
    node = f"<{drug}>"
    places: dict[tuple[str, str], None] = {
        (row.subject, row.graph): None for row in data if row.path == _SUBJECT and row.object == node
    }
    documents = {f"<{row.subject}>" for row in data if row.path == mg("about") and row.object == node}
    for row in data:
        if row.path == mg("inDocument") and row.object in documents:
            places[row.subject, row.graph] = None
    described: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in data:
        described[row.subject, row.graph].append(row)
    queue = list(places)
    while queue:
        for row in described[queue.pop()]:
            following = (row.object[1:-1], row.graph)
            if following in described and following not in places:
                places[following] = None
                queue.append(following)
    return [row for place in places for row in described[place]]


def _resolve(known: set[str], name: str) -> str:
    """The subject of facts that ``name``, a CURIE or an IRI, stands for; else UnknownName with the three nearest."""
    prefix, colon, local = name.partition(":")
    tries = [name.strip("<>")]
    if colon and prefix in prefixes():
        tries.append(prefixes()[prefix] + local)
    if name.strip():
        tries += [mint("drug", name), mint("drug-class", name)]
    for iri in tries:
        if iri in known:
            return iri
    nearest = get_close_matches(name.casefold(), sorted({name_of(iri) for iri in known}), 3, 0.0)
    hint = f"did you mean {', '.join(nearest)}?" if nearest else "the store holds no facts"
    raise UnknownName(f"no drug '{name}' in the store - {hint}")


def _without_quotes(data: list[Row]) -> list[Row]:
    """``data`` as a build without quotes stores them: no statement, no lead-in, a gap called by its kind."""
    selectors = {row.subject for row in data if row.path == _TYPE and row.object == _QUOTE_SELECTOR}
    placed = {row.subject for row in data if row.path == _DERIVED}
    kinds = {row.subject: row for row in data if row.path == _GAP_KIND and row.subject in placed}
    out = [named(row.subject, "rdfs:label", _kind_label(row), row.graph) for row in kinds.values()]
    for row in data:
        quoting = row.path in _QUOTING or (row.path == _LABEL and row.subject in kinds)
        if not (quoting or row.subject in selectors or row.object[1:-1] in selectors):
            out.append(row)
    return out


def _kind_label(row: Row) -> Literal:
    return Literal(closed_name("gap", row.object[1:-1]).replace("-", " "), language="en")
