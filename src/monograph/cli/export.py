"""``export``: the graph, or one drug's part of it, as a file."""

from __future__ import annotations

from pathlib import Path

import click

from monograph.cli.output import target
from monograph.cli.session import Session, output_option, pass_session, store_option, verb
from monograph.errors import MonographError
from monograph.exports import FORMATS
from monograph.exports import export as export_store

__all__ = ["export"]


@verb(
    "monograph export > drugs.ttl",
    "monograph export --drug baclofen -o baclofen.jsonld",
    "monograph export --format nquads --no-quotes -o drugs.nq",
    notes=(
        "The same content gives the same bytes. Each file names its sources and says that it is no medical advice.",
    ),
)
@click.option(
    "-f", "--format", type=click.Choice(list(FORMATS)), help="Default: by the suffix of the output file, else turtle."
)
@click.option("--drug", metavar="NAME", help="Only what is said of one drug, with all that this needs to stand alone.")
@click.option("--no-quotes", is_flag=True, help="Leave the sources' sentences out; offsets and hashes stay.")
@click.option("--with-ontology", is_flag=True, help="Put the ontology in as well.")
@output_option
@store_option
@pass_session
def export(
    session: Session,
    format: str | None,
    drug: str | None,
    no_quotes: bool,
    with_ontology: bool,
    output: str | None,
    store: str | None,
) -> None:
    """Writes the graph, or one drug's part of it, as RDF.

    N-Quads and TriG keep the named graphs, one a document; the other formats hold their union.
    """
    from monograph.store import open_store

    chosen = format or _by_suffix(output)
    with open_store(store, read_only=True) as opened:
        data = export_store(opened, chosen, drug=drug, quotes=not no_quotes, ontology=with_ontology)
    with target(output) as stream:
        stream.write(data)
    session.say(f"{len(data):,} bytes of {chosen}" + (f" in {output}" if output not in (None, "-") else ""))


def _by_suffix(output: str | None) -> str:
    suffix = Path(output).suffix.lower() if output and output != "-" else ""
    if not suffix:
        return "turtle"
    for name, ending in FORMATS.items():
        if ending == suffix:
            return name
    raise MonographError(f"no format is known by the suffix '{suffix}' - name one with --format")
