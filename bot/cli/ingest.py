"""`newsdesk ingest`: files, folders, globs, links and standard input into the archive."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.stopping import stopped_by
from bot.cli.terminal import (
    FAILED,
    STOPPED,
    AsJson,
    Jobs,
    console,
    errors_console,
    note,
    open_newsdesk,
    print_json,
    printable,
)

if TYPE_CHECKING:
    from ingest.report import Report
    from ingest.run import ShowProgress

EXAMPLES = """[bold]Examples[/bold]

newsdesk ingest story.txt

newsdesk ingest articles/ "wire/**/*.md" --prune

newsdesk ingest https://example.com/story https://example.com/feed.xml

newsdesk ingest export.jsonl --json

newsdesk ingest archive/ --jobs 1

pbpaste | newsdesk ingest -
"""

STOPPING = "Stopping after this batch. Press Ctrl-C again to stop at once."


def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(help="Files, folders, globs, links, feeds, or - for standard input."),
    ],
    prune: Annotated[
        bool,
        typer.Option("--prune", help="Remove articles whose file is gone from a given folder."),
    ] = False,
    follow_links: Annotated[
        bool, typer.Option("--follow-links", help="Follow symbolic links out of a given folder.")
    ] = False,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """Read articles into the archive; what is unchanged is skipped, what changed is replaced."""
    with (
        open_newsdesk(jobs=jobs) as newsdesk,
        stopped_by(signal.SIGINT, saying=STOPPING) as stop,
        _progress_bar() as show,
    ):
        report = newsdesk.pipeline().run(
            sources,
            prune=prune,
            follow_links=follow_links,
            on_progress=show,
            stop=stop.is_set,
        )
    if as_json:
        print_json(report.as_json())
    else:
        _print(report)
    if report.stopped:
        raise typer.Exit(STOPPED)
    if report.counts["failed"]:
        raise typer.Exit(FAILED)


def _print(report: "Report") -> None:
    out = console()
    for source in report.sources:
        if source.status == "failed":
            out.print(f"failed     {printable(source.source)}: {printable(source.reason or '')}")
        elif source.status != "unchanged":
            said = f": {source.reason}" if source.reason else ""
            out.print(f"{source.status:<10} {printable(source.source + said)}")
    for line in report.skipped:
        note(line)
    counted = ", ".join(f"{count} {status}" for status, count in report.counts.items() if count)
    out.print(f"{counted or 'nothing to do'} in {report.seconds:.1f} s")
    if report.stopped:
        note("Stopped. What is listed is stored; run the command again for the rest.")


@contextmanager
def _progress_bar() -> "Iterator[ShowProgress]":
    """A bar on a terminal; nothing elsewhere."""
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    terminal = errors_console()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=terminal, transient=True, disable=not terminal.is_terminal
    ) as bar:
        task = bar.add_task("Reading", total=None, rate="")

        def show(*, done_bytes: int, total_bytes: int, articles: int, reading: str) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = f"{articles / elapsed:.0f} articles/s" if elapsed > 0.5 else ""
            bar.update(
                task,
                completed=done_bytes,
                total=total_bytes,
                rate=rate,
                description=printable(f"{articles} articles  {reading[:60]}".rstrip()),
            )

        yield show
