"""``check``: whether the store is what its documents say and its shapes demand, and whether the ontology holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monograph.cli.output import Table, emit
from monograph.cli.session import Session, counted, output_option, pass_session, store_option, verb
from monograph.errors import ExternalToolMissing, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeAlias

    from monograph.checks import Finding
    from monograph.store import Store

    Check: TypeAlias = tuple[str, Callable[[], Iterable[Finding]]]

__all__ = ["check"]


@verb(
    "monograph check",
    "monograph check --format json -o findings.json",
    "monograph check --ontology",
    notes=("Exit code 1 says that something was found. Reasoning needs Java; without it, it is told as not checked.",),
)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--ontology", is_flag=True, help="Check the ontology, or the one in FILE, instead of the facts.")
@click.option("-f", "--format", type=click.Choice(["table", "json"]), default="table", show_default=True)
@output_option
@store_option
@pass_session
def check(
    session: Session, files: tuple[str, ...], ontology: bool, format: str, output: str | None, store: str | None
) -> int:
    """Checks facts, shapes, consistency and ontology.

    Holds each quote against its text, each hash against its content, the graph against its shapes, and has a reasoner
    look for contradictions. What is wrong is told with its fact, its document and its place.
    """
    if files and not ontology:
        raise click.UsageError("FILE goes with --ontology")
    from contextlib import ExitStack

    from monograph.store import open_store

    with ExitStack() as opened:
        checks: list[Check] = []
        if ontology:
            from monograph.checks.ontology import ontology_checks

            checks += ontology_checks(Path(file) for file in files)
        try:
            held = opened.enter_context(open_store(store, read_only=True)) if not files else None
        except StoreError:
            if not ontology or store:
                raise
            held = None  # the bundled ontology is checked without any store, too
        if held and not ontology:
            from monograph.checks import store_checks

            checks += store_checks(held)
        if held:
            checks.append(("consistency of the store", lambda: _consistency(held)))
        return _report(session, checks, format, output)


def _consistency(store: Store) -> Iterable[Finding]:
    from monograph.checks.reasoning import check_reasoning

    return check_reasoning(store.quads())


def _report(session: Session, checks: Sequence[Check], format: str, output: str | None) -> int:
    """Runs ``checks`` and writes what they found; the exit code says whether any of it is wrong."""
    findings: list[Finding] = []
    done: list[str] = []
    for name, run in session.track(checks, "checking"):
        try:
            found = list(run())
        except ExternalToolMissing as missing:
            session.say(f"not checked: {name} ({missing})")
            continue
        findings += found
        done.append(name)
        session.detail(f"{name}: {counted(len(found), 'finding')}")
    if findings or format == "json":
        rows = [[one.level, one.rule, one.where, one.message] for one in findings]
        emit(Table(["level", "rule", "where", "message"], rows, flexible=("where", "message")), format, output)
    session.say(f"{counted(len(findings), 'finding')}; checked: {', '.join(done) or 'nothing'}")
    return 1 if any(one.level != "info" for one in findings) else 0
