"""The `newsdesk` command and its subcommands."""

import gc
import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from bot.cli import answers, articles, ask, backup, chat, doctor, ingest, runs, search, slack, watch
from bot.cli.terminal import run_or_explain

EXAMPLES = """[bold]Examples[/bold]

newsdesk ingest articles/

newsdesk ask who met in Stockholm

newsdesk chat
"""

app = typer.Typer(
    name="newsdesk",
    help="Ask your news archive a question. Every answer is made of sentences that stand in an "
    "article, and shows which.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    # Subcommands inherit it.
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(name="ingest", epilog=ingest.EXAMPLES)(ingest.ingest)
app.command(name="watch", epilog=watch.EXAMPLES)(watch.watch)
app.command(name="runs", epilog=runs.EXAMPLES)(runs.runs)
app.command(name="ask", epilog=ask.EXAMPLES)(ask.ask)
app.command(name="chat", epilog=chat.EXAMPLES)(chat.chat)
app.command(name="search", epilog=search.EXAMPLES)(search.search)
app.add_typer(articles.app, name="articles")
app.add_typer(answers.app, name="answers")
app.add_typer(slack.app, name="slack")
app.command(name="backup", epilog=backup.BACKUP_EXAMPLES)(backup.backup)
app.command(name="restore", epilog=backup.RESTORE_EXAMPLES)(backup.restore)
app.command(name="doctor", epilog=doctor.EXAMPLES)(doctor.doctor)


def main() -> None:
    """Run a command; exits 0 when done, 1 when it failed, 2 when it was used wrongly."""
    # All that the archive writes is for its owner: articles may be private.
    os.umask(0o077)
    # Imports make a million objects that stay: looking through them for garbage every 700 new
    # ones took an eighth of the time of a cold question.
    gc.set_threshold(50_000)
    code = run_or_explain(app)
    # Everything that had to be closed is closed. To let Python take a thousand modules apart one
    # by one would take a ninth of the time of a cold question.
    with suppress(BrokenPipeError):
        sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"newsdesk {version('newsdesk')}")
        raise typer.Exit


@app.callback()
def newsdesk(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Options of the command itself."""
