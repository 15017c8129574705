"""`newsdesk ingest`: files, folders, globs, links and standard input into the archive."""

import signal
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.stopping import stopped_by
from bot.cli.terminal import (
    FAILED,
    STOPPED,
    AsJson,
    Jobs,
    console,
    note,
    open_newsdesk,
    print_json,
    printable_line,
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
    from bot.cli.progress import progress_line
    from ingest.report import Report

    report = Report()
    with open_newsdesk(jobs=jobs) as newsdesk:
        try:
            with (
                progress_line() as line,
                stopped_by(signal.SIGINT, saying=STOPPING, note=line.note) as stop,
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
            # What is stored is told, whatever ended it.
            _tell(report, as_json, whole=False)
            raise
    _tell(report, as_json, whole=not report.stopped)
    if report.stopped:
        raise typer.Exit(STOPPED)
    if report.counts["failed"]:
        raise typer.Exit(FAILED)


def _tell(report: "Report", as_json: bool, *, whole: bool) -> None:
    if as_json:
        print_json(report.as_json())
        return
    failed = [source for source in report.sources if source.status == "failed"]
    changed = [source for source in report.sources if source.status not in ("failed", "unchanged")]
    _list(changed)
    for line in report.skipped:
        note(printable_line(line))
    # Last, where they can be seen: the list of what is new may be long.
    _list(failed)
    counted = ", ".join(f"{count} {status}" for status, count in report.counts.items() if count)
    if counted or whole:
        console().print(f"{counted or 'nothing to do'} in {report.seconds:.1f} s")
    if counted and not whole:
        note("Stopped. What is listed is stored; run the command again for the rest.")


def _list(sources: "Sequence[SourceReport]") -> None:
    out = console()
    for source in sources:
        said = f": {source.reason}" if source.reason else ""
        out.print(f"{source.status:<10} {printable_line(source.source + said)}")
