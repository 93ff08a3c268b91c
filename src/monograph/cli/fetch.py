"""``fetch``: official labels from public interfaces, as files that ``build`` reads."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from monograph.cli.output import Table, emit
from monograph.cli.session import Session, counted, message, pass_session, verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monograph.fetching import Granted, Interface, Item, Kept, Wish

__all__ = ["fetch"]

_SOURCES: Final = ("openfda", "dailymed", "epi")
_RELEASES: Final = ("human_rx", "human_otc", "homeopathic", "animal", "remainder")


@verb(
    "monograph fetch dailymed baclofen --limit 3",
    "monograph fetch openfda baclofen 'botulinum toxin type a' -o labels",
    "monograph fetch dailymed 35df3ee3-1c65-404e-b8f0-5bcdb8a1b9ed --history",
    "monograph fetch epi all",
    "monograph fetch dailymed all --release human_rx --dry-run",
    notes=(
        "What is there in its newest state is not fetched again, and a download that broke goes on where it broke. "
        "Beside each FILE stands FILE.metadata.json with its address, time, digest and licence.",
        "Without 'all' a few requests are made; with it, openFDA is about 2 GB, DailyMed's prescription labels are 18. "
        "docs/fetching.md tells what each interface gives.",
    ),
)
@click.argument("source", type=click.Choice(_SOURCES))
@click.argument("wanted", nargs=-1, required=True, metavar="NAME|ID|all...")
@click.option("-o", "--output", metavar="FOLDER", help="Where to put the files. [labels/SOURCE]")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="So many labels of each name at most.")
@click.option("--history", is_flag=True, help="The older versions too (dailymed).")
@click.option("--language", metavar="CODE", help="Documents in this language (epi). [en]")
@click.option(
    "--release", type=click.Choice(_RELEASES), multiple=True,
    help="These parts of all (dailymed); may be given several times. [human_rx, human_otc]",
)  # fmt: skip
@click.option("--url", metavar="URL", help="The address of a mirror of the interface.")
@click.option("--dry-run", is_flag=True, help="Print the addresses of the files; fetch none of them.")
@click.option(
    "--rate", type=click.FloatRange(0.01, 20), default=2, show_default=True, help="Requests a second at most."
)
@click.option(
    "--retries", type=click.IntRange(0, 10), default=4, show_default=True, help="Times a busy server is asked again."
)
@click.option(
    "--timeout", type=click.FloatRange(1, 600), default=60, show_default=True, help="Seconds a server may be silent."
)
@pass_session
def fetch(
    session: Session,
    source: str,
    wanted: tuple[str, ...],
    output: str | None,
    limit: int | None,
    history: bool,
    language: str | None,
    release: tuple[str, ...],
    url: str | None,
    dry_run: bool,
    rate: float,
    retries: int,
    timeout: float,
) -> int:
    """Fetches official labels: SOURCE is openfda, dailymed or epi.

    By the name of a drug, by the identifier of a label (its set id), or all of them. The files are as the interface
    gives them; `monograph build FOLDER` reads them.
    """
    for flag, given, own in (("--history", history, "dailymed"), ("--release", release, "dailymed"),
                             ("--language", language, "epi")):  # fmt: skip
        if given and source != own:
            raise click.UsageError(f"{flag} is for {own}, not for {source}")
    from monograph.fetching import Web, Wish, interface

    of = interface(source, url)
    chosen: dict[str, Any] = {} if not release else {"releases": release}
    wishes = [
        Wish(text.strip(), limit=limit, history=history, language=(language or "en").lower(), **chosen)
        for text in dict.fromkeys(wanted)
        if text.strip()
    ]
    if not wishes:
        raise click.UsageError("no name given - name a drug, a set id, or 'all'")
    if limit and source != "epi" and any(wish.kind == "all" for wish in wishes):
        raise click.UsageError(f"--limit is for names, and 'all' of {source} comes in files of many labels")
    if dry_run:
        return _print_offers(session, of, wishes, Web(rate=rate, retries=retries, timeout=timeout))
    folder = Path(output or f"labels/{source}")
    with _Shown(session) as shown:
        web = Web(rate=rate, retries=retries, timeout=timeout, told=shown.bytes)
        granted = [_grant(session, of, wish, folder, web, shown) for wish in wishes]
    return _summary(session, granted, folder)


def _grant(session: Session, of: Interface, wish: Wish, folder: Path, web: Any, shown: _Shown) -> Granted:
    from monograph import fetching

    def done(kept: Kept) -> None:
        session.detail(f"{kept.path}: {'fetched' if kept.state == 'fetched' else 'there already'}")

    granted = fetching.fetch(of, wish, folder, web, begun=shown.begun, done=done)
    for failure in granted.failures:
        message(f"error: {failure}")
    return granted


def _summary(session: Session, granted: Sequence[Granted], folder: Path) -> int:
    rows: list[list[str | int]] = [
        [g.wish.text, g.fetched, len(g.kept) - g.fetched, g.bytes, len(g.failures)] for g in granted
    ]
    emit(Table(["wanted", "fetched", "there", "bytes", "failed"], rows), "table")
    there = sum(len(g.kept) - g.fetched for g in granted)
    failed = sum(len(g.failures) for g in granted)
    session.say(
        f"{counted(sum(g.fetched for g in granted), 'file')} fetched, {sum(g.bytes for g in granted):,} bytes, "
        f"{there:,} there already, {failed:,} failed; in {folder}"
    )
    if not any(g.kept for g in granted):
        return 2
    return 1 if failed else 0


def _print_offers(session: Session, of: Interface, wishes: Sequence[Wish], web: Any) -> int:
    from monograph.fetching import offered

    rows = [[wish.text, item.name, item.url] for wish in wishes for item in offered(of, wish, web)]
    emit(Table(["wanted", "file", "address"], rows, flexible=("address",), ditto=("wanted",)), "table")
    session.say(f"{counted(len(rows), 'file')} to fetch, none fetched; of a search only the first page is known")
    return 0


class _Shown:
    """A bar on stderr for the file that is on its way, once fetching takes longer than two seconds on a terminal."""

    def __init__(self, session: Session) -> None:
        self._wanted = not session.quiet and session.progress and sys.stderr.isatty()
        self._begun = time.monotonic()
        self._name = ""
        self._files = 0
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> _Shown:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begun(self, item: Item) -> None:
        """The next file."""
        self._files += 1
        self._name = f"{self._files:,}  {item.name}"

    def bytes(self, here: int, expected: int | None) -> None:
        """So many bytes of it are here, of so many."""
        if not self._wanted or time.monotonic() - self._begun < 2:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

            columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._name, total=None)
            self._bar.start()
        self._bar.update(self._task, description=self._name, completed=here, total=expected)
