"""`newsdesk doctor`: checks everything, says what to do."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.terminal import FAILED, console, errors_console, open_newsdesk, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.doctor import Check
    from bot.newsdesk import Newsdesk

EXAMPLES = """[bold]Examples[/bold]

newsdesk doctor

newsdesk doctor --rebuild
"""


def doctor(
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Make the vector index again from the ledger."),
    ] = False,
    reembed: Annotated[
        bool,
        typer.Option("--reembed", help="Embed everything anew with the model of the settings."),
    ] = False,
) -> None:
    """Check settings, ledger, index, models and Slack, and say what to do about what is wrong."""
    with open_newsdesk() as newsdesk:
        if reembed:
            _reembed(newsdesk)
        elif rebuild:
            _rebuild(newsdesk)
        checks = [*newsdesk.examine(), *_slack()]
    for check in checks:
        state = "ok " if check.fine else "BAD"
        console().print(f"{state}  {check.name}: {printable(check.result)}")
        if not check.fine:
            console().print(f"     {printable(check.advice)}")
    if not all(check.fine for check in checks):
        raise typer.Exit(FAILED)


def _slack() -> "Iterator[Check]":
    """Look at Slack if a token for it is set; its library is loaded for nobody else."""
    from bot.settings import read_settings

    settings = read_settings()
    if settings.slack_bot_token.get_secret_value() or settings.slack_app_token.get_secret_value():
        from bot.slack.doctor import examine_slack

        yield from examine_slack(settings)


def _reembed(newsdesk: "Newsdesk") -> None:
    with errors_console().status("Embedding …") as status:
        for done in newsdesk.library.reembed():
            status.update(f"Embedding … {done} passages")
    console().print("Every passage is embedded anew.")


def _rebuild(newsdesk: "Newsdesk") -> None:
    with errors_console().status("Rebuilding the index …"):
        count = newsdesk.library.rebuild()
    console().print(f"The index is made again: {count} passages.")
