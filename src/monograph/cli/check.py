"""``check``: whether the store is what its documents say and its shapes demand, and whether the ontology holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monograph.cli.output import Table, emit
from monograph.cli.session import Session, counted, output_option, pass_session, store_option, verb
from monograph.errors import ExternalToolMissing

if TYPE_CHECKING:
    from monograph.checks import Finding

__all__ = ["check"]


@verb(
    "monograph check",
    "monograph check --format json -o findings.json",
    "monograph check --ontology",
    notes=("Exit code 1 says that something was found. Reasoning needs Java; without it, it is told as not checked.",),
)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--ontology", is_flag=True, help="Check the ontology, or the ontology in FILE.")
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
    parts = _ontology_parts(files, store) if ontology else _store_parts(store)
    findings: list[Finding] = []
    skipped: list[str] = []
    for name, part in session.track(parts, "checking"):
        try:
            found = list(part())
        except ExternalToolMissing as missing:
            skipped.append(name)
            session.say(f"not checked: {name} ({missing})")
        else:
            findings += found
            session.detail(f"{name}: {counted(len(found), 'finding')}")
    columns = ["level", "rule", "where", "message"]
    rows = [[one.level, one.rule, one.where, one.message] for one in findings]
    if findings or format == "json":
        emit(Table(columns, rows, flexible=("where", "message")), format, output)
    checked = ", ".join(name for name, _ in parts if name not in skipped)
    session.say(f"{counted(len(findings), 'finding')}; checked: {checked}")
    return 1 if any(one.level != "info" for one in findings) else 0
