"""An ontology's triples, indexed once, so that every rule over it is a look-up and the whole is linear in its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from monograph.errors import SourceError
from monograph.vocabulary import expand

if TYPE_CHECKING:
    from pyoxigraph import Literal, Quad, Triple

__all__ = [
    "BUILT_IN",
    "CLASS_TYPES",
    "DC",
    "DEFINITIONS",
    "LABEL",
    "OBOINOWL",
    "PROPERTY_TYPES",
    "SUBCLASS",
    "SUBPROPERTY",
    "TYPE",
    "Ontology",
    "Term",
    "components",
    "is_blank",
    "reached",
    "read_ontology",
]

#: an IRI, a blank node (``_:…``), or a literal
Term: TypeAlias = "str | Literal"

# Of other people's ontologies only: our own graphs use neither, so the prefix map does not carry them.
OBOINOWL: Final = "http://www.geneontology.org/formats/oboInOwl#"
DC: Final = "http://purl.org/dc/elements/1.1/"

TYPE: Final = expand("rdf:type")
LABEL: Final = expand("rdfs:label")
SUBCLASS: Final = expand("rdfs:subClassOf")
SUBPROPERTY: Final = expand("rdfs:subPropertyOf")
DEFINITIONS: Final = (expand("obo:IAO_0000115"), expand("obo:IAO_0000600"), expand("skos:definition"))
BUILT_IN: Final = tuple(expand(f"{name}:") for name in ("rdf", "rdfs", "owl", "xsd"))
CLASS_TYPES: Final = frozenset({expand("owl:Class"), expand("rdfs:Class")})
PROPERTY_TYPES: Final = frozenset(
    expand(f"owl:{name}") for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
_ALL_PROPERTY_TYPES: Final = PROPERTY_TYPES | {
    expand("rdf:Property"),
    expand("owl:OntologyProperty"),
    *(
        expand(f"owl:{name}Property")
        for name in (
            "Functional",
            "InverseFunctional",
            "Transitive",
            "Symmetric",
            "Asymmetric",
            "Reflexive",
            "Irreflexive",
            "Deprecated",
        )
    ),
}
_SHACL: Final = expand("sh:")
_FORMATS: Final = {
    ".ttl": "TURTLE",
    ".turtle": "TURTLE",
    ".owl": "RDF_XML",
    ".rdf": "RDF_XML",
    ".xml": "RDF_XML",
    ".nt": "N_TRIPLES",
}


def is_blank(term: Term) -> bool:
    return isinstance(term, str) and term.startswith("_:")


def read_ontology(path: Path) -> list[Triple]:
    """The triples of the file at ``path``: Turtle, RDF/XML or N-Triples by its ending.

    Raises SourceError if it is missing, of another format, malformed, or XML with a DOCTYPE.
    """
    from pyoxigraph import RdfFormat, Triple, parse

    ending = path.suffix.lower()
    if ending not in _FORMATS:
        raise SourceError(f"{path}: not an ontology format read here - give Turtle, RDF/XML or N-Triples")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error} - check the path") from error
    if ending in {".owl", ".rdf", ".xml"}:
        if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            ending = ".ttl"
        elif b"<!DOCTYPE" in data:
            raise SourceError(f"{path}: XML with a DOCTYPE is refused - save it without one, or as Turtle")
    try:
        quads = parse(data, format=getattr(RdfFormat, _FORMATS[ending]), base_iri=path.absolute().as_uri())
        return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]
    except (SyntaxError, ValueError) as error:
        raise SourceError(f"{path}: not well-formed: {' '.join(str(error).split())[:200]}") from error


class Ontology:
    """Triples indexed by subject, by predicate and by object.

    Takes triples or quads of pyoxigraph. SHACL shapes and prefix declarations are another language, and are left out.
    """

    def __init__(self, triples: Iterable[Triple | Quad]) -> None:
        self.by_subject: dict[str, dict[str, list[Term]]] = {}
        self.by_predicate: dict[str, list[tuple[str, Term]]] = defaultdict(list)
        self.by_object: dict[str, list[tuple[str, str]]] = defaultdict(list)
        seen: dict[tuple[str, str, Term], None] = {}
        for row in triples:
            seen[_plain(row.subject), row.predicate.value, _term(row.object)] = None
        for s, p, o in _without_shapes(seen):
            self.by_subject.setdefault(s, {}).setdefault(p, []).append(o)
            self.by_predicate[p].append((s, o))
            if isinstance(o, str):
                self.by_object[o].append((p, s))

    def objects(self, subject: str, predicate: str) -> list[Term]:
        return self.by_subject.get(subject, {}).get(predicate, [])

    def nodes(self, subject: str, predicate: str) -> list[str]:
        """The objects that are IRIs or blank nodes."""
        return [o for o in self.objects(subject, predicate) if isinstance(o, str)]

    def texts(self, subject: str, *predicates: str) -> list[Literal]:
        """The objects that are literals, sorted."""
        found = [o for p in predicates for o in self.objects(subject, p) if not isinstance(o, str)]
        return sorted(found, key=lambda o: (o.value, o.language or ""))

    def pairs(self, predicate: str) -> list[tuple[str, Term]]:
        """Subject and object of every triple with ``predicate``."""
        return self.by_predicate.get(predicate, [])

    def types(self, subject: str) -> set[str]:
        return set(self.nodes(subject, TYPE))

    @cached_property
    def instances(self) -> Mapping[str, list[str]]:
        """Class -> its asserted instances, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for s, o in self.pairs(TYPE):
            if isinstance(o, str):
                found[o].append(s)
        return {cls: sorted(members) for cls, members in found.items()}

    def of_type(self, *classes: str) -> list[str]:
        """The IRIs that are asserted to be of one of ``classes``, sorted."""
        return sorted({s for cls in classes for s in self.instances.get(cls, ()) if not is_blank(s)})

    @cached_property
    def headers(self) -> list[str]:
        return self.of_type(expand("owl:Ontology"))

    @cached_property
    def classes(self) -> list[str]:
        return self.of_type(*CLASS_TYPES)

    @cached_property
    def properties(self) -> list[str]:
        return self.of_type(*_ALL_PROPERTY_TYPES)

    @cached_property
    def individuals(self) -> list[str]:
        """IRIs with a type that is no word of RDF, RDFS or OWL, or declared as individuals; sorted."""
        named = expand("owl:NamedIndividual")
        found = {s for cls, members in self.instances.items() if not cls.startswith(BUILT_IN) for s in members}
        return sorted(s for s in found | set(self.instances.get(named, ())) if not is_blank(s))

    @cached_property
    def entities(self) -> list[str]:
        """The IRIs of which the ontology says more than a type, but for its headers; sorted."""
        headers = set(self.headers)
        return sorted(
            s for s, said in self.by_subject.items() if not is_blank(s) and s not in headers and said.keys() != {TYPE}
        )

    @cached_property
    def deprecated(self) -> frozenset[str]:
        marked = {
            s
            for s, o in self.pairs(expand("owl:deprecated"))
            if not isinstance(o, str) and o.value.lower() in {"true", "1"}
        }
        return frozenset(marked.union(self.of_type(expand("owl:DeprecatedClass"), expand("owl:DeprecatedProperty"))))

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces whose terms are the ontology's own: those its headers name, else that of most terms."""
        own: set[str] = set()
        for header in self.headers:
            own |= {o.value for o in self.texts(header, expand("vann:preferredNamespaceUri"))}
            own |= {header.rstrip("#/") + "#", header.rstrip("/") + "/"}
            folder, _, file = header.rpartition("/")
            if folder == expand("obo:").rstrip("/"):
                own.add(f"{folder}/{file.split('.')[0].upper()}_")
        terms = [*self.classes, *self.properties]
        if any(term.startswith(tuple(own)) for term in terms):
            return tuple(sorted(own))
        counts: dict[str, int] = defaultdict(int)
        for term in terms:
            if self.by_subject[term].keys() != {TYPE}:
                counts[_namespace(term)] += 1
        if counts:
            own.add(max(sorted(counts), key=lambda namespace: counts[namespace]))
        return tuple(sorted(own))

    def own(self, iri: str) -> bool:
        return iri.startswith(self.namespaces)

    @cached_property
    def own_classes(self) -> list[str]:
        return [c for c in self.classes if self.own(c) and c not in self.deprecated]

    @cached_property
    def own_properties(self) -> list[str]:
        return [p for p in self.properties if self.own(p) and p not in self.deprecated]

    @cached_property
    def own_terms(self) -> list[str]:
        """Classes, properties and individuals of the ontology itself that are not deprecated; sorted."""
        individuals = (i for i in self.individuals if self.own(i) and i not in self.deprecated)
        return sorted({*self.own_classes, *self.own_properties, *individuals})

    def members(self, head: str) -> list[Term] | None:
        """The members of the RDF list at ``head``; None if it is no well-formed list."""
        first, rest, nil = expand("rdf:first"), expand("rdf:rest"), expand("rdf:nil")
        found: list[Term] = []
        passed: set[str] = set()
        while head != nil:
            heads, tails = self.objects(head, first), self.nodes(head, rest)
            if head in passed or len(heads) != 1 or len(tails) != 1:
                return None
            passed.add(head)
            found.append(heads[0])
            head = tails[0]
        return found

    def mentions(self, node: Term) -> set[str]:
        """The IRIs in the anonymous expression at ``node``, or the IRI itself."""
        found: set[str] = set()
        passed: set[str] = set()
        waiting = [node]
        while waiting:
            term = waiting.pop()
            if not isinstance(term, str) or term in passed:
                continue
            passed.add(term)
            if is_blank(term):
                waiting += [o for p, values in self.by_subject.get(term, {}).items() if p != TYPE for o in values]
            else:
                found.add(term)
        return found

    def owner(self, node: str) -> str:
        """The named thing in whose axioms a blank node stands, or ``""``; an IRI is its own owner."""
        return self._owners.get(node, "") if is_blank(node) else node

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        """Blank node -> its nearest owner, the first by IRI of several: found for all at once, since lists are long."""
        below: dict[str, list[str]] = defaultdict(list)
        for node, users in self.by_object.items():
            if is_blank(node):
                for _, user in users:
                    below[user].append(node)
        for node, target in self.pairs(expand("owl:annotatedSource")):
            below[str(target)].append(node)
        blank = {s for s in {*self.by_subject, *self.by_object} if is_blank(s)}
        owners = _handed_down(below, {s: s for s in below if not is_blank(s)})
        # An axiom on its own, such as a disjointness of many, and a circle: named by the first of their terms.
        targets = {target for targets in below.values() for target in targets}
        roots = {s: self._first_mention(s) for s in blank - targets}
        owners = _handed_down(below, roots) | owners
        circles = components({s: below[s] for s in blank - owners.keys()})
        return _handed_down(below, {s: self._first_mention(c[0]) for c in circles for s in c}) | owners

    def _first_mention(self, node: str) -> str:
        return min(self.mentions(node) - {expand("rdf:nil")}, default="")

    @cached_property
    def has_imports(self) -> bool:
        return bool(self.pairs(expand("owl:imports")))


def reached(edges: Mapping[str, Iterable[str]], starts: Iterable[str]) -> set[str]:
    """All that can be reached along ``edges`` from ``starts``, and those themselves."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        if (node := waiting.pop()) not in found:
            found.add(node)
            waiting += edges.get(node, ())
    return found


def _handed_down(edges: Mapping[str, Iterable[str]], owners: Mapping[str, str]) -> dict[str, str]:
    """``owners`` with the blank nodes below them, each with its nearest owner, and the least of several."""
    found = dict(owners)
    level = found
    while level:
        following: dict[str, str] = {}
        for node, owner in level.items():
            for target in edges.get(node, ()):
                if is_blank(target) and target not in found:
                    following[target] = min(owner, following.get(target, owner))
        found.update(following)
        level = following
    return found


def components(edges: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """The cycles of a graph: its strongly connected components of two or more nodes, and self-loops; each sorted."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in sorted(edges):
        if root in number:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        node: str | None = root
        while node is not None or work:
            if node is not None:
                number[node] = low[node] = len(number)
                stack.append(node)
                on_stack.add(node)
                work.append((node, iter(sorted(edges.get(node, ())))))
                node = None
            at, following = work[-1]
            for target in following:
                if target not in number:
                    node = target
                    break
                if target in on_stack:
                    low[at] = min(low[at], number[target])
            if node is not None:
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[at])
            if low[at] == number[at]:
                members = []
                while True:
                    members.append(stack.pop())
                    on_stack.discard(members[-1])
                    if members[-1] == at:
                        break
                if len(members) > 1 or at in edges.get(at, ()):
                    yield sorted(members)


def _plain(term: object) -> str:
    from pyoxigraph import BlankNode

    return f"_:{term.value}" if isinstance(term, BlankNode) else str(getattr(term, "value", term))


def _term(term: object) -> Term:
    from pyoxigraph import Literal

    return term if isinstance(term, Literal) else _plain(term)


def _namespace(iri: str) -> str:
    cut = max(iri.rfind("#"), iri.rfind("/"))
    tail = iri[cut + 1 :]
    return iri[: cut + 1] + (tail.split("_")[0] + "_" if "_" in tail and tail.split("_")[-1].isdigit() else "")


def _without_shapes(rows: Iterable[tuple[str, str, Term]]) -> Iterator[tuple[str, str, Term]]:
    """``rows`` but for SHACL: its words, and the nodes that are shapes or declarations of prefixes and nothing else."""
    rows = list(rows)
    shacl = {
        s for s, p, o in rows if p.startswith(_SHACL) or (p == TYPE and isinstance(o, str) and o.startswith(_SHACL))
    }
    if not shacl:
        yield from rows
        return
    owl = {s for s, p, o in rows if p == TYPE and isinstance(o, str) and not o.startswith(_SHACL)}
    inside: dict[str, list[str]] = defaultdict(list)
    for s, p, o in rows:
        if isinstance(o, str) and is_blank(o) and (p.startswith(_SHACL) or s not in owl):
            inside[s].append(o)
    dropped: set[str] = set()
    waiting = [*(shacl - owl), *(o for s in shacl for o in inside[s])]
    while waiting:
        node = waiting.pop()
        if node not in dropped and node not in owl:
            dropped.add(node)
            waiting += inside[node]
    for s, p, o in rows:
        if s not in dropped and not p.startswith(_SHACL) and not (isinstance(o, str) and o.startswith(_SHACL)):
            yield s, p, o
