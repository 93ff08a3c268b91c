"""OWL consistency and classification by HermiT, driven through owlready2; it needs Java.

The reasoner works on a copy without annotations, and without literals of datatypes that it refuses. What it infers goes
into a graph of its own. Its time grows faster than the data, so that a large graph is reasoned over in a sample.
"""

from __future__ import annotations

import io
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from monograph.checks.axioms import BUILT_IN, LABEL, SUBCLASS, TYPE, Ontology, reached
from monograph.checks.clashes import clashes
from monograph.checks.findings import Finding
from monograph.checks.java import find_java
from monograph.checks.literals import without_plain_literals
from monograph.checks.profile import is_malformed, unsupported
from monograph.checks.sampling import pick
from monograph.errors import MonographError
from monograph.vocabulary import compact, expand

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple

__all__ = ["SAMPLE", "ReasonerResult", "check_reasoning", "reason"]

#: how many facts are reasoned over where the caller names no number; a few seconds
SAMPLE: Final = 200
#: how often the reasoner may be asked again to find what clashes; about a second each
_TRIES: Final = 14
_NOTHING = expand("owl:Nothing")
# owlready2 takes the program from a global of its module, and its scratch file from tempfile's.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class ReasonerResult:
    """What HermiT found. ``explanation`` and ``notes`` are lines for a reader; IRIs are full and sorted.

    ``types`` and ``subclasses`` hold what was inferred and not stated. Of ``individuals`` individuals in the data,
    ``reasoned`` were reasoned over; ``dropped`` counts triples left out because of their datatype.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subclasses: tuple[tuple[str, str], ...] = ()
    explanation: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    individuals: int = 0
    reasoned: int = 0
    dropped: int = 0
    seconds: float = 0.0


def check_reasoning(triples: Iterable[Triple | Quad], *, sample: int | None = SAMPLE) -> list[Finding]:
    """Contradictions and classes that cannot have a member, as findings; raises as :func:`reason` does."""
    result = reason(triples, sample=sample)
    found = [Finding("error", "unsatisfiable_class", compact(c), "can have no member") for c in result.unsatisfiable]
    if not result.consistent:
        lines = result.explanation or ("the ontology and its data contradict each other",)
        found += [Finding("error", "inconsistent", "ontology", line) for line in lines]
    return [*found, *(Finding("info", "reasoning", "ontology", note) for note in result.notes)]


def reason(triples: Iterable[Triple | Quad], *, sample: int | None = None, explain: bool = True) -> ReasonerResult:
    """What HermiT makes of ``triples``: whether they are consistent, and what follows from them.

    ``sample`` limits the facts (or, in other data than ours, the individuals) that are reasoned over; which, depends
    on their IRIs only. With ``explain``, a contradiction is traced to the smallest part of the data that holds it.
    Raises ExternalToolMissing without Java, MonographError where the reasoner fails.
    """
    java = find_java()
    began = time.perf_counter()
    rows, dropped = _reasonable(triples)
    ontology = Ontology(rows)
    picked = pick(ontology, sample)
    individuals, chosen = picked.individuals, picked.chosen
    notes = []
    if picked.facts < picked.all_facts:
        what = "individuals" if picked.all_facts == len(individuals) else "facts, with all that they lead to,"
        notes.append(f"{picked.facts} of {picked.all_facts} {what} were reasoned over")
    if dropped:
        notes.append(f"{dropped} triples were left out, since their datatypes are none that the reasoner takes")
    if len(chosen) < len(individuals):
        rows = _without(rows, individuals - chosen)
    # owlready2 cannot read "abc"^^xsd:integer, which is a contradiction as it stands.
    malformed = any(is_malformed(row.object) for row in rows)
    consistent, inferred = (False, []) if malformed else _hermit(without_plain_literals(rows), java)
    explanation: tuple[str, ...] = ()
    if not consistent and explain:
        explanation = tuple(clashes(Ontology(rows))) or tuple(_bisected(rows, chosen, java))
    unsatisfiable, types, subclasses = _read(inferred, ontology)
    return ReasonerResult(
        consistent=consistent,
        unsatisfiable=unsatisfiable,
        types=types,
        subclasses=subclasses,
        explanation=explanation,
        notes=tuple(notes),
        individuals=len(individuals),
        reasoned=len(chosen),
        dropped=dropped,
        seconds=time.perf_counter() - began,
    )


def _name(term: object) -> str:
    return str(getattr(term, "value", term))


def _without(rows: list[Triple], left_out: Set[str]) -> list[Triple]:
    return [row for row in rows if _name(row.subject) not in left_out and _name(row.object) not in left_out]


def _reasonable(triples: Iterable[Triple | Quad]) -> tuple[list[Triple], int]:
    """``triples`` without annotations and without datatypes that HermiT refuses, and how many the latter were."""
    from pyoxigraph import Literal, NamedNode, Triple

    every = list(dict.fromkeys(Triple(row.subject, row.predicate, row.object) for row in triples))
    annotated = NamedNode(expand("owl:AnnotationProperty"))
    annotation = {_name(t.subject) for t in every if t.predicate.value == TYPE and t.object == annotated}
    annotation |= {LABEL, *(expand(f"rdfs:{name}") for name in ("comment", "seeAlso", "isDefinedBy"))}
    skipped = {expand(f"owl:{name}") for name in ("imports", "versionInfo", "deprecated", "versionIRI")}
    rows: list[Triple] = []
    dropped = 0
    for triple in every:
        target = triple.object
        if triple.predicate.value in annotation | skipped:
            continue
        if isinstance(target, Literal) and unsupported(target.datatype.value):
            dropped += 1
        elif isinstance(target, NamedNode) and target.value.startswith(BUILT_IN[3]) and unsupported(target.value):
            dropped += 1
            if triple.predicate.value != expand("rdfs:range"):
                rows.append(Triple(triple.subject, triple.predicate, NamedNode(expand("rdfs:Literal"))))
        else:
            rows.append(triple)
    return rows, dropped


def _hermit(rows: Iterable[Triple], java: str) -> tuple[bool, list[Triple]]:
    """Whether ``rows`` are consistent, and the triples inferred from them."""
    import owlready2
    from pyoxigraph import RdfFormat, Triple, parse, serialize

    data = io.BytesIO(serialize(rows, format=RdfFormat.N_TRIPLES) or b"")
    out = io.BytesIO()
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(prefix="monograph-") as scratch:
        before = owlready2.JAVA_EXE, tempfile.tempdir
        owlready2.JAVA_EXE, tempfile.tempdir = java, scratch
        world = owlready2.World()
        try:
            world.get_ontology("urn:monograph:reasoned#").load(fileobj=data, only_local=True)
            inferred = world.get_ontology("urn:monograph:inferred#")
            with inferred:
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
            inferred.save(out, format="ntriples")
        except owlready2.OwlReadyInconsistentOntologyError:
            return False, []
        except (owlready2.OwlReadyJavaError, owlready2.OwlReadyOntologyParsingError, OSError) as error:
            raise MonographError(f"the OWL reasoner failed: {_reason(str(error))}") from error
        finally:
            world.close()
            owlready2.JAVA_EXE, tempfile.tempdir = before
    quads = parse(out.getvalue(), format=RdfFormat.N_TRIPLES)
    return True, [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]


def _reason(text: str) -> str:
    """The line of a Java error that says what happened."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("\tat ")]
    told = [line for line in lines if "Exception" in line or "Error" in line] or lines
    return told[min(1, len(told) - 1)][:200] if told else "no message"


def _read(
    inferred: list[Triple], o: Ontology
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]], tuple[tuple[str, str], ...]]:
    """Unsatisfiable classes, types and subclass pairs among the inferred triples."""
    impossible: set[str] = set()
    types: dict[str, set[str]] = defaultdict(set)
    pairs: set[tuple[str, str]] = set()
    classes = set(o.classes)
    stated: dict[str, set[str]] = {cls: classes.intersection(o.nodes(cls, SUBCLASS)) for cls in classes}
    above = {cls: set(parents) for cls, parents in stated.items()}
    equivalent = expand("owl:equivalentClass")
    for triple in inferred:
        s, p, value = _name(triple.subject), triple.predicate.value, _name(triple.object)
        if p in (equivalent, SUBCLASS) and _NOTHING in (s, value):
            impossible |= {s, value} - {_NOTHING}
        elif p == SUBCLASS and value in classes and s in classes and value not in o.nodes(s, SUBCLASS):
            pairs.add((s, value))
            above[s].add(value)
        elif p == TYPE and value in classes and value not in o.types(s):
            types[s].add(value)
    # The reasoner's driver keeps the most specific class only; those above it follow too.
    wider = {s: reached(above, values) - reached(stated, o.types(s)) for s, values in types.items()}
    return (
        tuple(sorted(impossible)),
        {s: tuple(sorted(values)) for s, values in sorted(wider.items()) if values},
        tuple(sorted(pairs)),
    )


def _bisected(rows: list[Triple], individuals: Set[str], java: str) -> Iterator[str]:
    """Narrows a contradiction to few individuals by asking the reasoner about ever smaller parts of the data."""
    sound: list[set[str]] = []
    tries = 0

    def consistent(kept: list[str]) -> bool:
        # What is part of something consistent is consistent, and need not be asked for.
        nonlocal tries
        if any(known.issuperset(kept) for known in sound) or tries >= _TRIES:
            return True
        tries += 1
        holds = _hermit(without_plain_literals(_without(rows, individuals - set(kept))), java)[0]
        if holds:
            sound.append(set(kept))
        return holds

    if not consistent([]):
        yield "the ontology contradicts itself, without any data"
        return
    part, pieces = sorted(individuals), 2
    while len(part) > 1 and tries < _TRIES:
        size = -(-len(part) // pieces)
        cuts = [part[at : at + size] for at in range(0, len(part), size)]
        rests = [[one for one in part if one not in set(cut)] for cut in cuts]
        smaller = next((some for some in [*cuts, *rests] if not consistent(some)), None)
        if smaller is not None:
            part, pieces = smaller, 2
        elif size == 1:
            break
        else:
            pieces *= 2
    named = ", ".join(map(compact, part[:5])) + (f" and {len(part) - 5} more" if len(part) > 5 else "")
    yield f"the contradiction lies in what is said of {named}"
