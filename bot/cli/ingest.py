"""`newsdesk ingest`: adds files, folders, globs, links and standard input to the archive."""

import signal
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson, Jobs
from bot.cli.terminal import (
    FAILED,
    STOPPED,
    console,
    note,
    open_newsdesk,
    print_json,
    printable_line,
    stopped_by,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.report import Report, SourceReport

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
        typer.Argument(
            metavar="SOURCE...",
            help="Files, folders, globs, links, feeds, or - for standard input.",
        ),
    ],
    prune: Annotated[
        bool,
        typer.Option("--prune", help="Remove articles whose file is gone from the folder."),
    ] = False,
    follow_links: Annotated[
        bool,
        typer.Option("--follow-links", help="Follow symbolic links that lead out of the folder."),
    ] = False,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """Add articles to the archive; unchanged ones are skipped, changed ones replaced."""
    from bot.cli.progress_bar import progress_line
    from ingest.report import Report

    report = Report()
    with open_newsdesk(jobs=jobs) as newsdesk:
        try:
            with (
                progress_line() as line,
                stopped_by(signal.SIGINT, message=STOPPING, note=line.note) as stop,
            ):
                newsdesk.pipeline().run(
                    sources,
                    prune=prune,
                    follow_links=follow_links,
                    on_progress=line.show,
                    stop=stop.is_set,
                    report=report,
                )
        except BaseException:
            # What is stored is listed, whatever ended it.
            _print_report(report, as_json, whole=False)
            raise
    _print_report(report, as_json, whole=not report.stopped)
    if report.stopped:
        raise typer.Exit(STOPPED)
    if report.counts["failed"]:
        raise typer.Exit(FAILED)


def _print_report(report: "Report", as_json: bool, *, whole: bool) -> None:
    if as_json:
        print_json(report.as_json())
        return
    failed = [source for source in report.sources if source.status == "failed"]
    changed = [source for source in report.sources if source.status not in ("failed", "unchanged")]
    _print_sources(changed)
    for line in report.skipped:
        note(printable_line(line))
    # Last, where they can be seen: the list of what is new may be long.
    _print_sources(failed)
    counts = ", ".join(f"{count} {status}" for status, count in report.counts.items() if count)
    if counts or whole:
        console().print(f"{counts or 'nothing to do'} in {report.seconds:.1f} s")
    if counts and not whole:
        note("Stopped. What is listed is stored; run the command again for the rest.")


def _print_sources(sources: "Sequence[SourceReport]") -> None:
    out = console()
    for source in sources:
        reason = f": {source.reason}" if source.reason else ""
        out.print(f"{source.status:<10} {printable_line(source.source + reason)}")
