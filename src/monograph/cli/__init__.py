"""The command line: ``monograph VERB …``. Each verb is a thin twin of a library function.

Results go to stdout; progress, messages and a closing line of counts go to stderr. Exit codes: 0 done and nothing
wrong, 1 done and the data has findings, 2 could not do as asked, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from monograph.cli.build import build, extract, load
from monograph.cli.check import check
from monograph.cli.evaluate import evaluate
from monograph.cli.explain import explain
from monograph.cli.export import export
from monograph.cli.fetch import fetch
from monograph.cli.link import link
from monograph.cli.query import query
from monograph.cli.session import ReaderGone, Session, Verbs, message
from monograph.cli.store import info, remove
from monograph.cli.vocab import vocab
from monograph.errors import MonographError

__all__ = ["main", "monograph"]


def _print_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from monograph import __version__

        click.echo(f"monograph {__version__}")
        context.exit()


@click.group(
    cls=Verbs,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    examples=(
        "monograph build",
        "monograph query withdrawal-symptoms -p drug=baclofen",
        "monograph export -o drugs.ttl",
    ),
    notes=(
        "Exit codes: 0 done, nothing wrong; 1 done, and the data has findings; 2 could not do as asked; "
        "130 interrupted. The store is ./monograph.db, or $MONOGRAPH_STORE, or --store.",
    ),
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Version.")
def monograph() -> None:
    """Turns what drug documents say into a knowledge graph in which every fact knows the sentence that states it.

    What it prints is what documents state, extracted by a program that misses statements and may misread them. It is
    no medical advice.
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs the command line and ends the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """The exit code of a call; what was wrong stands on stderr in one line, with a traceback for ``-vv``."""
    session = Session()
    try:
        code = monograph.main(arguments, prog_name="monograph", standalone_mode=False, obj=session)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message())
        return 0
    except click.UsageError as error:
        return _fail(_usage(error), session)
    except click.ClickException as error:
        return _fail(error.format_message(), session)
    except MonographError as error:
        return _fail(str(error), session, error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        message("interrupted")
        return 130
    except (ReaderGone, BrokenPipeError):
        # Whoever reads has read enough; nothing may be written at the end of the process either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        import traceback

        traceback.print_exc()
        message("error: this is a fault in monograph, not in your data - please report it with the lines above")
        return 2


def _usage(error: click.UsageError) -> str:
    text = error.format_message().rstrip(".").replace("\n", " ")
    call = error.ctx.command_path if error.ctx else "monograph"
    if text[1:2].islower():
        text = text[:1].lower() + text[1:]
    return f"{text} - see: {call} --help"


def _fail(text: str, session: Session, code: int = 2) -> int:
    if session.verbosity >= 2:
        import traceback

        traceback.print_exc()
    message(f"error: {' '.join(text.split())}" if code else f"not checked: {' '.join(text.split())}")
    return code


for _command in (fetch, build, load, extract, explain, query, export, vocab, link, check, evaluate, remove, info):
    monograph.add_command(_command)
