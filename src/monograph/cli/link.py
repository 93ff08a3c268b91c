"""``link``: joins what the store names to terms of vocabularies, or tells what names may stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from monograph.cli.output import FORMATS, Table, emit, target
from monograph.cli.session import Session, counted, message, output_option, pass_session, store_option, verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monograph.mappings.model import Mapping

__all__ = ["link"]

_KINDS: Final = ("drug", "drug-class", "substance", "product", "disease", "phenotype")


@verb(
    "monograph link",
    "monograph link -o links.sssom.tsv --curated curated.sssom.tsv",
    "monograph link 'muscle spasms' baclofen",
    "monograph link seizures --kind phenotype --format json",
    "monograph link --endpoint https://query.wikidata.org/sparql --using wikidata --dry-run",
    notes=(
        "Only what is certain is an exact match: lay words are close ones, and where several terms fit alike, or "
        "mappings contradict each other, they stay candidates. A curator's table wins over what is found.",
        "Nothing goes to the network without --endpoint; what one gave is kept until it is asked again. A curator's "
        "table is given at every run.",
    ),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--kind", type=click.Choice(_KINDS), multiple=True, help="What NAME may stand for; may be given several times."
)
@click.option("--curated", metavar="FILE", multiple=True, help="SSSOM table of a curator, whose word wins.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint too.")
@click.option(
    "--using", metavar="QUERY", default="wikidata", show_default=True, help="wikidata, bio2rdf, skos or FILE.rq."
)
@click.option("--dry-run", is_flag=True, help="Print the queries for the endpoint; ask nothing, store nothing.")
@click.option("--batch", type=click.IntRange(1, 1000), default=100, help="Things a query. [100]")
@click.option(
    "--timeout", type=click.FloatRange(1, 600), default=60, show_default=True, help="Seconds an answer may take."
)
@click.option(
    "--rate", type=click.FloatRange(0.01, 100), default=2, show_default=True, help="Queries a second at most."
)
@click.option(
    "--retries", type=click.IntRange(0, 10), default=4, show_default=True, help="Times a busy server is asked again."
)
@click.option("--cache", metavar="FILE", help="Where answers are kept for a month. [beside the store]")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep answers.")
@click.option(
    "-f", "--format", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print NAMEs."
)
@output_option
@store_option
@pass_session
def link(
    session: Session,
    names: tuple[str, ...],
    kind: tuple[str, ...],
    curated: tuple[str, ...],
    endpoint: str | None,
    using: str,
    dry_run: bool,
    batch: int,
    timeout: float,
    rate: float,
    retries: int,
    cache: str | None,
    no_cache: bool,
    format: str,
    output: str | None,
    store: str | None,
) -> int:
    """Links drugs, conditions and symptoms with vocabularies.

    Looks up what the store names in the vocabularies that `monograph vocab add` put in, follows published mappings,
    and keeps the links in the store. With --output they are written as an SSSOM table too. With NAMEs, prints what
    each may stand for, and stores nothing.
    """
    if names:
        _print_candidates(session, names, kind, format, output, store)
        return 0
    if dry_run and endpoint is None:
        raise click.UsageError("--dry-run prints queries for an endpoint - name it with --endpoint")
    from monograph.linking.run import Remote, run

    remote = None
    if endpoint is not None:
        remote = Remote(endpoint, using, batch, timeout, retries, rate, cache, keep=not no_cache)
    done = run(store, curated=curated, remote=remote, dry_run=dry_run)
    if dry_run:
        with target(output) as stream:
            stream.write("\n".join(done.queries).encode())
        session.say(
            f"{len(done.queries):,} {'query' if len(done.queries) == 1 else 'queries'} for {endpoint}, none sent"
        )
        return 0
    if output is not None:
        with target(output) as stream:
            stream.write(done.table.encode())
    else:
        emit(_summary(done.mappings), "table")
    for conflict in done.conflicts:
        session.say(f"conflict: {conflict}")
    for note in done.notes:
        session.say(f"left out: {note}")
    for failure in done.failures:
        message(f"error: {failure}")
    exact = {m.subject for m in done.mappings if m.predicate == "skos:exactMatch" and not m.negated}
    session.say(
        f"{len(exact):,} of {counted(done.things, 'thing')} matched exactly, {counted(len(done.mappings), 'mapping')}, "
        f"{counted(len(done.unlinked), 'thing')} without any, {counted(len(done.conflicts), 'conflict')}"
    )
    return 1 if done.failures else 0


def _print_candidates(
    session: Session, names: Sequence[str], kind: Sequence[str], format: str, output: str | None, store: str | None
) -> None:
    from monograph.grounding import Name, ground_all
    from monograph.vocabularies.index import Index, index_path

    columns = ["name", "match", "identifier", "label", "score", "vocabulary", "reason"]
    rows: list[list[str | float | None]] = []
    kinds = frozenset(kind)
    with Index(index_path(store), read_only=True) as index:
        for grounding in ground_all(index, (Name(name, kinds) for name in names)):  # type: ignore[arg-type]
            for c in grounding.candidates:
                match = c.predicate.partition(":")[2].removesuffix("Match")
                rows.append([grounding.name.text, match, c.curie, c.label, c.score, c.vocabulary, c.reason])
            if not grounding.candidates:
                rows.append([grounding.name.text, "none", None, None, None, None, "no vocabulary has this name"])
    emit(Table(columns, rows, flexible=("label", "reason"), ditto=("name",)), format, output)
    session.say(f"{counted(len(rows), 'candidate')} for {counted(len(names), 'name')}")


def _summary(mappings: Sequence[Mapping]) -> Table:
    """How many mappings of each kind lead to each vocabulary."""
    kinds = {"exact": "skos:exactMatch", "close": "skos:closeMatch", "broad": "skos:broadMatch",
             "narrow": "skos:narrowMatch", "candidate": "mg:candidateMatch"}  # fmt: skip
    prefixes = sorted({m.object.partition(":")[0] for m in mappings}, key=str.casefold)
    rows: list[list[str | int]] = []
    for prefix in prefixes:
        own = [m for m in mappings if m.object.startswith(f"{prefix}:") and not m.negated]
        rows.append([prefix, *(sum(m.predicate == p for m in own) for p in kinds.values())])
    return Table(["vocabulary", *kinds], rows)
