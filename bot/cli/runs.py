"""`newsdesk runs`: the log of ingests."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.terminal import AsJson, console, open_newsdesk, print_json, printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from vectorstore.runs import IngestRun

EXAMPLES = """[bold]Examples[/bold]

newsdesk runs

newsdesk runs --json | jq '.[] | select(.failed > 0)'
"""


def runs(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the last ingests, newest first: when, by whom, and what came of them."""
    from dataclasses import asdict

    from vectorstore.runs import Runs

    with open_newsdesk() as newsdesk:
        latest = Runs(newsdesk.library.ledger.database).latest(limit)
    if as_json:
        print_json([asdict(run) for run in latest])
    else:
        console().print(_rendered(latest))


def _rendered(latest: "Sequence[IngestRun]") -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    if not latest:
        return Text("Nothing was ingested yet. Begin with: newsdesk ingest FILE")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Started (UTC)", "By"):
        table.add_column(column, no_wrap=True)
    for column in ("Added", "Updated", "Unchanged", "Removed", "Failed", "Seconds"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("Problem", style="yellow")
    for run in latest:
        counts = (run.added, run.updated, run.unchanged, run.removed, run.failed)
        table.add_row(
            run.started_at[:19].replace("T", " "),
            printable_line(run.started_by),
            *(str(count) for count in counts),
            "" if run.seconds is None else f"{run.seconds:.1f}",
            Text(printable_line(run.problem or ("under way" if run.seconds is None else ""))),
        )
    return table
