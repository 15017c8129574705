"""`newsdesk watch`: keeps the archive up to date with folders, feeds and links."""

import re
import signal
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.stopping import stopped_by
from bot.cli.terminal import (
    FAILED,
    STOPPED,
    Jobs,
    complain,
    console,
    explained,
    note,
    open_newsdesk,
    printable_line,
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
"""Of what an unchanged feed names: a story is corrected in its place, but not all day long."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def watch(
    sources: Annotated[
        list[str], typer.Argument(help="Folders, files, globs, links, feeds and sitemaps.")
    ],
    every: Annotated[
        str, typer.Option(help="How often to look at links and feeds again: 90s, 15m, 2h, 1d.")
    ] = "15m",
    once: Annotated[
        bool, typer.Option("--once", help="Look at everything once and end, as cron wants it.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove articles whose file is gone from a folder.")
    ] = False,
    follow_links: Annotated[
        bool, typer.Option("--follow-links", help="Follow symbolic links out of a given folder.")
    ] = False,
    jobs: Jobs = None,
) -> None:
    """Take in new and changed articles by itself, until Ctrl-C or SIGTERM stops it."""
    from ingest.watch import Watcher

    if "-" in sources:
        raise typer.BadParameter("standard input can be read once only: use newsdesk ingest -")
    seconds = seconds_in(every)
    failed = False

    def tell(said: "Round") -> None:
        nonlocal failed
        failed = failed or said.problem is not None or any(s.status == "failed" for s in said.news)
        _show(said, again=not once)

    signals = (signal.SIGINT, signal.SIGTERM)
    with open_newsdesk(jobs=jobs) as newsdesk, stopped_by(*signals, saying="Stopping.") as stop:
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

        watching = Watcher(ingest, tell, every_seconds=seconds)
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
    """How long "90s", "15m", "2h" or "1d" is; raises typer.BadParameter."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", every.strip().lower())
    if not match:
        raise typer.BadParameter(f"{every!r} is no interval: write it as 90s, 15m, 2h or 1d")
    seconds = float(match[1]) * _UNITS[match[2]]
    if seconds < SHORTEST_SECONDS:
        raise typer.BadParameter(f"{every!r} is too often: {SHORTEST_SECONDS:g}s is the shortest")
    return seconds


def _show(said: "Round", *, again: bool) -> None:
    """A line for each change, with its time; what hinders a whole source on stderr."""
    out, now = console(), f"{datetime.now().astimezone():%H:%M:%S}"
    for source in said.news:
        reason = f": {source.reason}" if source.reason else ""
        out.print(f"{now} {source.status:<8} {printable_line(source.source + reason)}")
    if said.problem:
        complain(f"{now} {said.source}: {explained(said.problem)}")
    if said.retry_seconds is not None and again:
        note(f"{now} {said.source}: next try in {said.retry_seconds:.0f} s")
