"""``monograph explain``: why facts were made, and why sentences were passed over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monograph.cli.output import target
from monograph.cli.session import Session, counted, loader_option, output_option, pass_session, verb

if TYPE_CHECKING:
    from monograph.explaining import Explained

__all__ = ["explain"]


@verb(
    "monograph explain article.md",
    "monograph explain article.md:12",
    "monograph explain 'article.md:dry mouth' --format json",
    "monograph explain article.md --passed-over",
)
@click.argument("source", metavar="SOURCE[:FACT]")
@click.option("--passed-over", is_flag=True, help="Only sentences of which no fact was made.")
@click.option(
    "-f", "--format", type=click.Choice(["text", "json"]), default="text", help="For people, or one JSON list."
)
@output_option
@loader_option
@pass_session
def explain(
    session: Session, source: str, passed_over: bool, format: str, output: str | None, loader: str | None
) -> int:
    """Tells why a fact was made, or why a sentence was passed over.

    For each sentence: what its section and its list are about, the facts with their rules, the cues that deny or
    hedge, and what was read and left. Each rule stands with its file and line, to be mended there. FACT is a line of
    the file, words of a sentence, or a fact's value; without it every sentence is explained.
    """
    from monograph import loading
    from monograph.explaining import explain as explained_document
    from monograph.explaining import select

    path, wanted = _parted(source)
    found: list[Explained] = []
    read = 0
    for document in loading.load(path, loader=loader):
        all_of_it = explained_document(document)
        read += len(all_of_it)
        found += select(all_of_it, wanted) if wanted else all_of_it
    if passed_over:
        found = [one for one in found if not one.made]
    with target(output) as stream:
        if format == "json":
            stream.write(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=1).encode() + b"\n")
        else:
            for one in found:
                stream.write("\n".join(_lines(path, one)).encode() + b"\n\n")
    made = sum(len(one.made) for one in found)
    session.say(f"{counted(len(found), 'sentence')} of {read} explained, {counted(made, 'fact')} made of them")
    return 0


def _parted(source: str) -> tuple[str, str]:
    """The file and what is asked of it: a path that exists is a file, colons and all."""
    if source == "-" or Path(source).exists():
        return source, ""
    for at in (k for k, letter in enumerate(source) if letter == ":"):
        if Path(source[:at]).is_file() or source[:at] == "-":
            return source[:at], source[at + 1 :].strip()
    return source, ""


def _lines(path: str, one: Explained) -> Iterator[str]:
    from monograph.cli.describing import qualifiers
    from monograph.explaining import ruled

    yield f"{path}:{one.line}  {' '.join(one.text.split())}"
    if one.heading:
        yield f"  heading      {one.heading}"
    if one.section:
        yield f"  section on   {one.section}"
    if one.items:
        yield f"  list on      {one.items}"
    if one.lead_in:
        yield f"  led in by    {' '.join(one.lead_in.split())}"
    for fact in one.made:
        how = qualifiers(fact)
        yield f"  made         {fact.kind}: {fact.value}{f' ({how})' if how else ''} [{ruled(fact.rule)}]"
    for line in one.assessed:
        yield f"  assessed     {line}"
    for line in one.passed:
        yield f"  passed over  {line}"
