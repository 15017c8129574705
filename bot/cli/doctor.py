"""`newsdesk doctor`: checks everything, and says how to fix what is wrong."""

from dataclasses import asdict
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
    from bot.retention import Stored

EXAMPLES = """[bold]Examples[/bold]

newsdesk doctor

newsdesk doctor --rebuild

newsdesk doctor --compact

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
    compact: Annotated[
        bool,
        typer.Option(
            "--compact",
            help="Forget what is older than the settings keep it, and give unused space back.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check settings, ledger, index, models and Slack, and say how to fix what is wrong."""
    with open_newsdesk() as newsdesk:
        if reembed:
            _reembed(newsdesk)
        elif rebuild:
            _rebuild(newsdesk)
        if compact:
            _compact(newsdesk)
        checks = [*newsdesk.examine(), *_slack()]
        stored = newsdesk.measure()
    if as_json:
        print_json(_as_json(checks) | {"stored": asdict(stored)})
    else:
        _print_checks(checks)
        console().print(f"      stored: {_written(stored)}")
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


def _compact(newsdesk: "Newsdesk") -> None:
    if forgotten := newsdesk.forget_old():
        note(f"Old, and forgotten: {forgotten}.")
    before = newsdesk.measure()
    with errors_console().status("Giving unused space back …"):
        newsdesk.library.compact()
    after = newsdesk.measure()
    given_back = before.ledger_bytes + before.index_bytes - after.ledger_bytes - after.index_bytes
    note(f"Given back to the disk: {_megabytes(max(given_back, 0))}.")


def _written(stored: "Stored") -> str:
    counts = (
        (stored.old_versions, "old version"),
        (stored.answers, "answer"),
        (stored.feedback, "piece of feedback", "pieces of feedback"),
        (stored.open_questions, "open question"),
        (stored.deliveries, "delivery of Slack", "deliveries of Slack"),
        (stored.runs, "ingest"),
        (stored.web_pages, "web page"),
        (stored.uploads, "uploaded file"),
    )
    ledger, index = _megabytes(stored.ledger_bytes), _megabytes(stored.index_bytes)
    uploads, free = _megabytes(stored.upload_bytes), _megabytes(stored.free_bytes)
    held = ", ".join(
        counted(count, noun) if not plural or count == 1 else f"{count} {plural[0]}"
        for count, noun, *plural in counts
    )
    sizes = f"ledger {ledger}, index {index}, uploads {uploads}"
    return f"{held}; {sizes}; unused {free} (newsdesk doctor --compact gives it back)"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _rebuild(newsdesk: "Newsdesk") -> None:
    with errors_console().status("Rebuilding the index …"):
        count = newsdesk.library.rebuild()
    note(f"The index was rebuilt with {counted(count, 'passage')}.")
