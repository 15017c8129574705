"""`newsdesk runs`: the log of ingests."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson
from bot.cli.terminal import console, open_newsdesk, print_json, printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from vectorstore.runs import IngestRun

EXAMPLES = """[bold]Examples[/bold]

newsdesk runs

newsdesk runs --json | jq '.[] | select(.failed > 0)'
"""

NUMBERS = ("Added", "Updated", "Unchanged", "Removed", "Failed", "Seconds")


def runs(
    limit: Annotated[
        int, typer.Option(min=1, max=10_000, metavar="N", help="Runs to list, at most.")
    ] = 20,
    as_json: AsJson = False,
) -> None:
    """List the latest ingests, newest first: when, by what, and what they changed."""
    from dataclasses import asdict

    with open_newsdesk() as newsdesk:
        latest = newsdesk.library.runs.latest(limit)
    if as_json:
        print_json([asdict(run) for run in latest])
    else:
        console().print(_rendered(latest))


def _rendered(latest: "Sequence[IngestRun]") -> "Text":
    """A line for each run, of at most 80 columns, with its problem below."""
    from rich.text import Text

    if not latest:
        return Text("No ingests yet. Start with: newsdesk ingest FILE")
    head = _line("Started (UTC)", "By", *NUMBERS)
    lines = [Text(head, style="bold")]
    for run in latest:
        started = run.started_at[:16].replace("T", " ")
        counts = (run.added, run.updated, run.unchanged, run.removed, run.failed)
        seconds = "" if run.seconds is None else f"{run.seconds:.1f}"
        lines.append(Text(_line(started, run.started_by, *map(str, counts), seconds)))
        if problem := run.problem or ("under way" if run.seconds is None else None):
            lines.append(Text(f"    {printable_line(problem)}", style="yellow"))
    return Text("\n").join(lines)


def _line(started: str, started_by: str, *numbers: str) -> str:
    right = "".join(
        number.rjust(len(name) + 2) for name, number in zip(NUMBERS, numbers, strict=True)
    )
    return f"{started:<16}  {printable_line(started_by):<6}{right}"
