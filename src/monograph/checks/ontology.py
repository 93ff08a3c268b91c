"""Whether an ontology is well kept: the report's rules, further hygiene, and OWL 2 DL, all offline and without Java."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monograph.checks.axioms import Ontology, read_ontology
from monograph.checks.findings import Finding
from monograph.checks.hygiene import HYGIENE
from monograph.checks.profile import PROFILE
from monograph.checks.report import REPORT
from monograph.checks.rules import apply

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple

__all__ = ["check_ontology", "check_profile", "ontology_checks", "ontology_triples", "read_ontology"]

#: the files of ``ontology/`` that are ontologies; the shapes and the prefix map are SHACL
_BUNDLED: Final = ("alignments.ttl", "monograph.ttl", "values.ttl")


def ontology_triples(paths: Iterable[Path] = ()) -> list[Triple]:
    """The triples of the files at ``paths``, or of the bundled ontology; raises as :func:`read_ontology` does."""
    if given := list(paths):
        return [triple for path in given for triple in read_ontology(path)]
    triples: list[Triple] = []
    for name in _BUNDLED:
        with as_file(files("monograph.ontology").joinpath(name)) as path:
            triples += read_ontology(path)
    return triples


def check_ontology(triples: Iterable[Triple | Quad]) -> list[Finding]:
    """What is wrong with an ontology by the report's rules and by hygiene; gravest first."""
    return apply([*REPORT, *HYGIENE], Ontology(triples))


def check_profile(triples: Iterable[Triple | Quad]) -> list[Finding]:
    """In what an ontology is not OWL 2 DL; gravest first."""
    return apply(PROFILE, Ontology(triples))


def ontology_checks(paths: Iterable[Path] = ()) -> list[tuple[str, Callable[[], Iterable[Finding]]]]:
    """The checks by name of the ontology in the files at ``paths``, or of the bundled one.

    The last, ``reasoning``, raises ExternalToolMissing where there is no Java. Raises as :func:`read_ontology` does.
    """
    triples = ontology_triples(paths)

    def reasoning() -> Iterable[Finding]:
        from monograph.checks.reasoning import check_reasoning

        return check_reasoning(triples)

    return [
        ("ontology", lambda: check_ontology(triples)),
        ("OWL 2 DL", lambda: check_profile(triples)),
        ("reasoning", reasoning),
    ]
