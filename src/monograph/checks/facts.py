"""Whether the store says what its documents say: quotes, places, digests, numbers, and the shortcuts drawn from facts.

A fact's IRI is the digest of what it says, and an evidence's IRI that of its place: whatever is changed in a store by
other means than loading a document no longer fits its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from monograph import naming
from monograph.checks.findings import Finding
from monograph.checks.numbers import numbers_in
from monograph.errors import StoreError
from monograph.graph import CONTEXT, quads
from monograph.naming import document_iri, evidence_iri, fact_iri, gap_iri
from monograph.pattern import CLOSED, NUMBERS
from monograph.reading import Nodes, index, read_fact, read_gap
from monograph.records import Record, read_record
from monograph.results import Solutions
from monograph.shortcuts import GRAPH, SELECT_ALL
from monograph.vocabulary import compact, expand, mg, name_of

if TYPE_CHECKING:
    from monograph.facts import Fact, Gap
    from monograph.store import DocumentInfo, Store

__all__ = ["check_facts"]

_AGAIN: Final = "build the document again"
_TYPE, _DERIVED, _LABEL = expand("rdf:type"), expand("prov:wasDerivedFrom"), expand("rdfs:label")
_COUNTS: Final = ("dose_value", "dose_max", "daily_dose", "daily_dose_max")
_PER_DAY: Final = ("times_per_day", "times_per_day_max")


def check_facts(store: Store) -> Iterator[Finding]:
    """Findings on each document in ``store``, sorted by document, then on what lies between documents."""
    for info in store.documents():
        yield from _Document(store, info).findings()
    yield from _strays(store)
    yield from _shortcuts(store)


class _Document:
    """One document's graph, held against its record and against itself."""

    def __init__(self, store: Store, info: DocumentInfo) -> None:
        self.store = store
        self.info = info
        self.iri = document_iri(info.identifier)
        self.rows = store.triples(self.iri)
        self.nodes: Nodes = index(self.rows)
        self.record: Record | None = None
        self.text: str | None = None
        self.withheld: Mapping[str, str] = {}
        self._visible: str | None = None

    def findings(self) -> Iterator[Finding]:
        found = [*self._record()]
        facts: list[Fact] = []
        gaps: list[Gap] = []
        used: set[str] = set()
        for iri in sorted(self.nodes):
            classes = self.nodes[iri].get(_TYPE, ())
            if any(cls in naming.KIND_OF_CLASS for cls in classes):
                used.update(self.nodes[iri].get(_DERIVED, ()))
                found += self._fact(iri, facts)
            elif mg("Gap") in classes:
                used.update(self.nodes[iri].get(_DERIVED, ()))
                found += self._gap(iri, gaps)
        for iri in sorted(used):
            found += self._evidence(iri)
        if not any(f.level == "error" for f in found):
            found += self._rest(facts, gaps)
        yield from found

    def finding(self, rule: str, where: str, message: str, *, level: Any = "error") -> Finding:
        place = f"{self.info.identifier}: {compact(where)}" if where else self.info.identifier
        return Finding(level, rule, place, message)

    def place(self, start: int, end: int) -> str:
        """``at 120-134, line 7``; the line only where the text is at hand."""
        line = "" if self.text is None else f", line {self.text.count(chr(10), 0, max(0, start)) + 1}"
        return f"at {start}-{end}{line}"

    def _record(self) -> Iterator[Finding]:
        kept = self.store.record_data(self.info.identifier)
        if kept is None:
            yield self.finding("text", "", "not checked against its text, which this store does not keep", level="info")
            return
        name, data = kept
        if data is None:
            yield self.finding("record", "", f"the record {name or 'of its text'} is missing - {_AGAIN}")
        elif (digest := hashlib.sha256(data).hexdigest()) != name:
            yield self.finding("record", "", f"the record was changed: its SHA-256 is {digest}, not {name} - {_AGAIN}")
        if data is None:
            return
        try:
            self.record = read_record(data, name)
        except StoreError as error:
            yield self.finding("record", "", str(error))
            return
        self.text, self.withheld = self.record.document.text, self.record.withheld
        if self.record.document.sha256 != self.info.sha256:
            yield self.finding(
                "record", "", f"mg:sha256 is {self.info.sha256}, the record's {self.record.document.sha256} - {_AGAIN}"
            )

    def _fact(self, iri: str, facts: list[Fact]) -> Iterator[Finding]:
        label = next(iter(self.nodes[iri].get(_LABEL, ())), "")
        if self.nodes[iri].get(mg("statedIn"), [self.iri]) != [self.iri]:
            yield self.finding(
                "stated-in", iri, f"{label}: mg:statedIn is another document than its graph's - {_AGAIN}"
            )
            return
        try:
            fact = read_fact(self.nodes, iri, text=self.text, withheld=self.withheld)
        except ValueError as error:
            yield self.finding("fact", iri, f"{label}: the fact is not whole ({_short(error)}) - {_AGAIN}")
            return
        where = self.place(fact.start, fact.end)
        if self._lacks_statement(iri, fact):
            yield self.finding("digest", iri, f"{label}: not checked, its statement is withheld", level="info")
        elif fact_iri(fact) != iri:
            yield self.finding(
                "digest",
                iri,
                f"{label}, {where}: says something else than its IRI{self._suspect(iri, fact)} - {_AGAIN}",
            )
        about = self.nodes.get(self.iri, {}).get(mg("about"), [])
        if naming.subject_iri(fact) not in about:
            drugs = ", ".join(name_of(a) for a in about)
            yield self.finding("drug", iri, f"{label}, {where}: is about '{fact.drug}', the document about {drugs}")
        for field, number in _unstated(fact):
            yield self.finding("number", iri, f"{label}, {where}: {field} {number:g} is in neither quote nor lead-in")
        facts.append(fact)

    def _gap(self, iri: str, gaps: list[Gap]) -> Iterator[Finding]:
        try:
            gap = read_gap(self.nodes, iri, text=self.text, withheld=self.withheld)
        except ValueError as error:
            yield self.finding("gap", iri, f"the gap is not whole ({_short(error)}) - {_AGAIN}")
            return
        if self.record is not None and gap_iri(gap) != iri:
            yield self.finding("digest", iri, f"the gap '{gap.label}' says something else than its IRI - {_AGAIN}")
        gaps.append(gap)

    def _evidence(self, iri: str) -> Iterator[Finding]:
        node, quote = self.nodes.get(iri), self.nodes.get(f"{iri}#quote", {})
        position = self.nodes.get(f"{iri}#position", {})
        backs = [n for n in sorted(self.nodes) if iri in self.nodes[n].get(_DERIVED, ())]
        whose = next(iter(self.nodes[backs[0]].get(_LABEL, ())), backs[0])
        starts, ends = position.get(expand("oa:start"), []), position.get(expand("oa:end"), [])
        if node is None or len(starts) != 1 or len(ends) != 1 or not (starts[0] + ends[0]).isdigit():
            yield self.finding("evidence", iri, f"{whose}: its evidence, or the place of it, is missing - {_AGAIN}")
            return
        start, end = int(starts[0]), int(ends[0])
        where = self.place(start, end)
        if node.get(expand("oa:hasSource")) != [self.iri]:
            yield self.finding("evidence", iri, f"{whose}, {where}: its evidence is in another document - {_AGAIN}")
        if evidence_iri(self.info.sha256, start, end) != iri:
            yield self.finding("offset", iri, f"{whose}, {where}: its evidence has the IRI of another place - {_AGAIN}")
        if self.text is None or self.record is None:
            return
        for predicate, known in (("mg:leadIn", self._shown), ("mg:section", self._headings)):
            for said in node.get(expand(predicate), []):
                if not known(said):
                    yield self.finding(
                        "context", iri, f"{whose}, {where}: {predicate} {said[:60]!r} is not in the document"
                    )
        for predicate, there in (
            ("oa:exact", self.text[start:end]),
            ("oa:prefix", self.text[max(0, start - CONTEXT) : start]),
            ("oa:suffix", self.text[end : end + CONTEXT]),
        ):
            stated = quote.get(expand(predicate), [])
            if stated not in ([there], []) or (not stated and self._quoted):
                shown = repr(stated[0][:60]) if stated else "missing"
                yield self.finding(
                    "quote", iri, f"{whose}, {where}: {predicate} is {shown}, the text has {there[:60]!r}"
                )

    def _shown(self, text: str) -> bool:
        """Whether a reader of the document sees ``text``."""
        if self._visible is None:
            views = self.record.document.views if self.record else ()
            self._visible = " ".join(view.text for view in views)
        return " ".join(text.split()) in self._visible

    def _headings(self, heading: str) -> bool:
        return self.record is not None and any(heading == section.heading for section in self.record.document.sections)

    @property
    def _quoted(self) -> bool:
        return any(row.predicate.value == expand("oa:exact") for row in self.rows)

    def _lacks_statement(self, iri: str, fact: Fact) -> bool:
        """Whether quotes were left out and no record is here to say what the statement was."""
        return self.record is None and not self._quoted and fact.statement is None

    def _suspect(self, iri: str, fact: Fact) -> str:
        """Which single change would make the fact fit its IRI again, where one does."""
        for predicate, meant, candidate in _variants(fact, self.nodes.get(self.iri, {}).get(mg("about"), [])):
            if fact_iri(candidate) == iri:
                return f", which fits if {predicate} were {meant}"
        return ""

    def _rest(self, facts: list[Fact], gaps: list[Gap]) -> Iterator[Finding]:
        """What stands in the graph beside what its facts make, or lacks: made again and compared."""
        if self.record is None:
            return
        made = quads(self.record.document, facts, gaps, quotes=self._quoted or not self.record.withheld)
        version = mg("extractionVersion")
        want = {(str(q.subject), q.predicate.value, str(q.object)) for q in made if q.predicate.value != version}
        have = {(str(r.subject), r.predicate.value, str(r.object)) for r in self.rows if r.predicate.value != version}
        for rule, rows in (("unexpected", have - want), ("missing", want - have)):
            for subject, predicate, target in sorted(rows):
                yield self.finding(
                    rule, subject[1:-1], f"{rule} in the graph: {compact(predicate)} {target[:80]} - {_AGAIN}"
                )


def _variants(fact: Fact, about: Iterable[str]) -> Iterator[tuple[str, str, Fact]]:
    """The fact with one thing changed: predicate, what it would be, and the changed fact."""
    for field, (predicate, scheme) in CLOSED.items():
        members = [naming.closed_name(scheme, iri) for iri in naming.value_members(scheme)]
        for name in [*members, *([None] if field in {"role", "severity", "trigger"} else [])]:
            yield f"mg:{predicate}", str(name), replace(fact, **{field: name})  # type: ignore[arg-type]
    for iri in about:
        kind: Any = "drug-class" if "/drug-class/" in iri else "drug"
        yield "mg:hasSubject", name_of(iri), replace(fact, drug=name_of(iri), subject_type=kind)
    stated = sorted({n for place in fact.evidence for n in numbers_in(f"{place.quote} {place.lead_in or ''}")})
    for field, predicate in NUMBERS.items():
        for number in [*stated, None]:
            yield f"mg:{predicate}", str(number), replace(fact, **{field: number})  # type: ignore[arg-type]
    for field in ("statement", "speaker", "condition", "route", "form", "part_of", "year", "frequency"):
        yield f"mg:{field}", "left out", replace(fact, **{field: None})  # type: ignore[arg-type]


def _unstated(fact: Fact) -> Iterator[tuple[str, float]]:
    """The numbers of a regimen that no evidence names, with the property of each."""
    if fact.kind != "regimen":
        return
    stated: set[float] = set()
    for place in fact.evidence:
        if not place.quote:
            return
        stated |= numbers_in(f"{place.quote} {place.lead_in or ''}")
    # "every 8 hours" is three times a day, "every other day" half a time; a day has 24 hours.
    per_day = stated | {24 / n for n in stated if n} | {1 / n for n in stated if n} | {1 / (7 / n) for n in stated if n}
    for field in _COUNTS:
        number = getattr(fact, field)
        if number is not None and not _among(number, stated):
            yield f"mg:{NUMBERS[field]}", number
    for field in _PER_DAY:
        number = getattr(fact, field)
        if number is not None and not _among(number, per_day):
            yield f"mg:{NUMBERS[field]}", number
    bounds = zip(("mg:intervalHoursMinimum", "mg:intervalHoursMaximum"), fact.interval_hours or (), strict=False)
    for predicate, number in bounds:
        if not _among(number, stated | {24 * n for n in stated} | {24 / n for n in stated if n} | {48.0, 168.0}):
            yield predicate, number


def _among(number: float, stated: Iterable[float]) -> bool:
    return any(abs(number - n) < 1e-6 * max(1.0, abs(n)) for n in stated)


def _strays(store: Store) -> Iterator[Finding]:
    """Facts that stand in the graph of another document than theirs, or of none."""
    for fact, graph in _rows(
        store,
        "SELECT DISTINCT ?f ?g WHERE { GRAPH ?g { ?f mg:statedIn ?d } "
        "FILTER(?g != ?d || NOT EXISTS { GRAPH ?g { ?g a mg:Document } }) } ORDER BY ?f ?g",
    ):
        yield Finding(
            "error", "stray", compact(fact), f"stands in graph <{graph}>, which is not its document's - {_AGAIN}"
        )


def _shortcuts(store: Store) -> Iterator[Finding]:
    stand = set(_rows(store, f"SELECT ?s ?p ?o WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"))
    borne = set(_rows(store, SELECT_ALL))
    for rows, wrong in (
        (stand - borne, "no asserted fact bears this shortcut"),
        (borne - stand, "an asserted fact bears this shortcut, and it is not there"),
    ):
        for subject, predicate, target in sorted(rows):
            edge = f"{compact(subject)} {compact(predicate)} {compact(target)}"
            yield Finding("error", "shortcut", edge, f"{wrong} - build a document that states it again")


def _rows(store: Store, text: str) -> list[tuple[str, ...]]:
    result = store.query(text)
    assert isinstance(result, Solutions)
    return [tuple(str(getattr(term, "value", term)) for term in row) for row in result]


def _short(error: Exception) -> str:
    return " ".join(str(error).split())
