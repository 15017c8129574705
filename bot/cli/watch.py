"""`newsdesk watch`: keeps the archive up to date with folders, feeds and links."""

import re
import signal
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import Jobs
from bot.cli.terminal import (
    FAILED,
    STOPPED,
    complain,
    console,
    explained,
    note,
    open_newsdesk,
    printable_line,
    stopped_by,
)

if TYPE_CHECKING:
    from ingest.report import Report
    from ingest.watch import Round

EXAMPLES = """[bold]Examples[/bold]

newsdesk watch articles/

newsdesk watch wire/ https://example.com/feed.xml --every 5m

newsdesk watch https://example.com/feed.xml --once
"""

SHORTEST_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 3_600.0
"""How often to fetch again what an unchanged feed links to: stories are corrected in place."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def watch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...", help="Folders, files, globs, links, feeds and sitemaps."
        ),
    ],
    every: Annotated[
        str,
        typer.Option(metavar="TIME", help="How often to check links and feeds: 90s, 15m, 2h, 1d."),
    ] = "15m",
    once: Annotated[
        bool, typer.Option("--once", help="Check everything once and exit, for use in cron.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove articles whose file is gone from the folder.")
    ] = False,
    follow_links: Annotated[
        bool,
        typer.Option("--follow-links", help="Follow symbolic links that lead out of the folder."),
    ] = False,
    jobs: Jobs = None,
) -> None:
    """Keep the archive up to date with folders, feeds and links, until Ctrl-C or SIGTERM."""
    from ingest.watch import Watcher

    if "-" in sources:
        raise typer.BadParameter("standard input can be read only once: use newsdesk ingest -")
    seconds = seconds_in(every)
    failed = False

    def report_round(round_: "Round") -> None:
        nonlocal failed
        failed = (
            failed or round_.problem is not None or any(s.status == "failed" for s in round_.news)
        )
        _print_round(round_, again=not once)

    signals = (signal.SIGINT, signal.SIGTERM)
    with open_newsdesk(jobs=jobs) as newsdesk, stopped_by(*signals, message="Stopping.") as stop:
        pipeline = newsdesk.pipeline()

        def ingest(source: str, report: "Report") -> None:
            pipeline.run(
                [source],
                report=report,
                prune=prune,
                follow_links=follow_links,
                started_by="watch",
                stop=stop.is_set,
                look_again_seconds=LOOK_AGAIN_SECONDS,
            )

        watching = Watcher(ingest, report_round, every_seconds=seconds)
        if not once:
            note(f"Watching {', '.join(sources)}. Ctrl-C stops.")
            watching.run(sources, stop)
            return
        watching.once(sources)
    if stop.is_set():
        raise typer.Exit(STOPPED)
    if failed:
        raise typer.Exit(FAILED)


def seconds_in(every: str) -> float:
    """The seconds in "90s", "15m", "2h" or "1d"; raises typer.BadParameter."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", every.strip().lower())
    if not match:
        raise typer.BadParameter(f"{every!r} is not an interval: write it as 90s, 15m, 2h or 1d")
    seconds = float(match[1]) * _UNITS[match[2]]
    if seconds < SHORTEST_SECONDS:
        raise typer.BadParameter(f"{every!r} is too often: {SHORTEST_SECONDS:g}s is the shortest")
    return seconds


def _print_round(round_: "Round", *, again: bool) -> None:
    """Print a line for each change, with its time; problems of a whole source go to stderr."""
    out, now = console(), f"{datetime.now().astimezone():%H:%M:%S}"
    for source in round_.news:
        reason = f": {source.reason}" if source.reason else ""
        out.print(f"{now} {source.status:<8} {printable_line(source.source + reason)}")
    if round_.problem:
        complain(f"{now} {round_.source}: {explained(round_.problem)}")
    if round_.retry_seconds is not None and again:
        note(f"{now} {round_.source}: next try in {round_.retry_seconds:.0f} s")
