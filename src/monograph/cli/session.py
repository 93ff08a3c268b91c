"""What the verbs share: the flags that mean the same everywhere, messages, progress, and help that ends in examples."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

import click

__all__ = [
    "ReaderGone",
    "Session",
    "Verb",
    "Verbs",
    "counted",
    "jobs_option",
    "loader_option",
    "message",
    "output_option",
    "pass_session",
    "store_option",
    "verb",
]

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class Session:
    """One call of the command line: what its flags said, given before or after the verb."""

    store: str | None = None
    verbosity: int = 0
    quiet: bool = False
    progress: bool = True

    def say(self, text: str) -> None:
        """A message on stderr, unless ``--quiet``."""
        if not self.quiet:
            message(text)

    def detail(self, text: str) -> None:
        """A message on stderr for ``--verbose``."""
        if self.verbosity and not self.quiet:
            message(text)

    def track(self, items: Iterable[Any], what: str) -> Iterator[Any]:
        """``items``, with a bar on stderr once they take longer than two seconds on a terminal."""
        rows = list(items)
        if self.quiet or not self.progress or len(rows) < 2 or not sys.stderr.isatty():
            yield from rows
            return
        begun, bar, task = time.monotonic(), None, None
        try:
            for done, row in enumerate(rows):
                if bar is None and time.monotonic() - begun > 2:
                    from rich.console import Console
                    from rich.progress import Progress

                    bar = Progress(console=Console(stderr=True), transient=True)
                    task = bar.add_task(what, total=len(rows))
                    bar.start()
                if bar is not None and task is not None:
                    bar.update(task, completed=done)
                yield row
        finally:
            if bar is not None:
                bar.stop()


def message(text: str) -> None:
    """A line on stderr. Text of documents may stand in it, so control characters are made visible."""
    click.echo("".join(c if c >= " " and c != "\x7f" else "\N{REPLACEMENT CHARACTER}" for c in text), err=True)


def counted(number: int, noun: str) -> str:
    """``1 fact``, ``1,204 facts``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


pass_session = click.make_pass_decorator(Session, ensure=True)


class _WithExamples(click.Command):
    """A command whose help ends with notes and with calls that can be pasted; the tests run them."""

    def __init__(self, *args: Any, examples: Iterable[str] = (), notes: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)
        self.notes = tuple(notes)
        self.params.extend(_common())

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for note in self.notes:
            formatter.write_paragraph()
            formatter.write_text(note)
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"  {example}\n")


class ReaderGone(Exception):
    """Whoever reads our output has closed it. (click would make an exit code of 1 of the BrokenPipeError.)"""


class Verb(_WithExamples):
    """A verb of the command line."""


class Verbs(_WithExamples, click.Group):
    """The verbs in the order in which they are used; a mistyped one names the nearest."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGone from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            nearest = get_close_matches(args[0], self.commands, 1, 0.0)[0]
            raise click.UsageError(f"no verb '{args[0]}' - did you mean '{nearest}'?", ctx)
        return super().resolve_command(ctx, args)


def _common() -> list[click.Option]:
    """The flags of every verb, fresh for each command; given before the verb they hold as well."""

    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        session = context.ensure_object(Session)
        if parameter.name == "verbose":
            session.verbosity += value
        elif parameter.name == "quiet":
            session.quiet |= value
        elif value:
            session.progress = False

    def option(*names: str, **kwargs: Any) -> click.Option:
        return click.Option(names, expose_value=False, is_eager=True, callback=keep, **kwargs)

    return [
        option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
        option("-v", "--verbose", count=True, help="Say more; -vv shows the traceback of an error."),
        option("--no-progress", is_flag=True, help="Show no progress bar."),
    ]


def verb(*examples: str, notes: Iterable[str] = ()) -> Callable[[Callable[..., Any]], click.Command]:
    """Makes a verb of a function, its name the function's; ``examples`` end its help page."""

    def make(function: Callable[..., Any]) -> click.Command:
        return click.command(cls=Verb, examples=examples, notes=notes)(function)

    return make


def store_option(function: Command) -> Command:
    """``--store``: handed on as None where it is not given, for the library knows the default."""
    return click.option(
        "--store", metavar="PATH", help="The store: a folder, or the URL of a SPARQL endpoint. [./monograph.db]"
    )(function)


def output_option(function: Command) -> Command:
    return click.option("-o", "--output", metavar="PATH", help="Write to a file; '-' is standard output.")(function)


def jobs_option(function: Command) -> Command:
    return click.option(
        "-j", "--jobs", type=click.IntRange(1), metavar="N",
        help="Read with so many processes. [one a processor, one for little]",
    )(function)  # fmt: skip


def loader_option(function: Command) -> Command:
    return click.option("--loader", metavar="NAME", help="Read the sources as this format instead of detecting it.")(
        function
    )
