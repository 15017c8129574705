"""`newsdesk doctor`: checks everything, and says how to fix what is wrong."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson
from bot.cli.terminal import (
    FAILED,
    console,
    counted,
    errors_console,
    note,
    open_newsdesk,
    print_json,
    printable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.doctor import Check
    from bot.newsdesk import Newsdesk

EXAMPLES = """[bold]Examples[/bold]

newsdesk doctor

newsdesk doctor --rebuild

newsdesk doctor --json
"""


def doctor(
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Rebuild the vector index from the ledger."),
    ] = False,
    reembed: Annotated[
        bool,
        typer.Option("--reembed", help="Embed everything again, with the model of the settings."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check settings, ledger, index, models and Slack, and say how to fix what is wrong."""
    with open_newsdesk() as newsdesk:
        if reembed:
            _reembed(newsdesk)
        elif rebuild:
            _rebuild(newsdesk)
        checks = [*newsdesk.examine(), *_slack()]
    if as_json:
        print_json(_as_json(checks))
    else:
        _print_checks(checks)
    if not all(check.fine for check in checks):
        raise typer.Exit(FAILED)


def _print_checks(checks: "Sequence[Check]") -> None:
    out = console()
    for check in checks:
        state = "ok" if check.fine else "FAIL"
        out.print(f"{state:<4}  {check.name}: {printable(check.result)}")
        if not check.fine:
            out.print(f"      {printable(check.advice)}")


def _as_json(checks: "Sequence[Check]") -> dict[str, Any]:
    return {
        "ok": all(check.fine for check in checks),
        "checks": [
            {"name": c.name, "ok": c.fine, "result": c.result, "advice": c.advice} for c in checks
        ],
    }


def _slack() -> "Iterator[Check]":
    """Check Slack if a token is set; otherwise its library is not loaded."""
    from bot.settings import read_settings

    settings = read_settings()
    if settings.slack_bot_token.get_secret_value() or settings.slack_app_token.get_secret_value():
        from bot.slack.doctor import examine_slack

        yield from examine_slack(settings)


def _reembed(newsdesk: "Newsdesk") -> None:
    with errors_console().status("Embedding …") as status:
        for done in newsdesk.library.reembed():
            status.update(f"Embedding … {counted(done, 'passage')}")
    note("All passages were embedded again.")


def _rebuild(newsdesk: "Newsdesk") -> None:
    with errors_console().status("Rebuilding the index …"):
        count = newsdesk.library.rebuild()
    note(f"The index was rebuilt with {counted(count, 'passage')}.")
