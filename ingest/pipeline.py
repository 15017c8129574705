"""The way from a source to the archive: read, clean, date, chunk, embed, store, report."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.report import Report
from ingest.run import Run, ShowProgress
from ingest.sources import find_sources
from ingest.urls import without_login
from vectorstore.errors import VectorstoreError
from vectorstore.library import Library
from vectorstore.runs import Runs

if TYPE_CHECKING:
    from ingest.web import Web


def _show_nothing(*, done_bytes: int, total_bytes: int, articles: int, reading: str) -> None:
    return


class Pipeline:
    """Ingests sources into a library, a batch at a time.

    What the report calls added, updated, unchanged or removed is stored: a crash later on
    takes nothing of it back.
    """

    def __init__(
        self,
        library: Library,
        *,
        max_bytes: int,
        open_web: "Callable[[], Web] | None" = None,
        jobs: int = 1,
    ) -> None:
        """`open_web` is called for the first link, if there is one; `jobs` sources are read at
        once, while others are embedded and stored."""
        self._library = library
        self._max_bytes = max_bytes
        self._open_web = open_web or partial(_open_web, max_bytes)
        self._jobs = jobs

    def run(
        self,
        sources: Sequence[str],
        *,
        prune: bool = False,
        follow_links: bool = False,
        audience: frozenset[str] = frozenset(),
        started_by: str = "ingest",
        on_progress: ShowProgress = _show_nothing,
        stop: Callable[[], bool] = lambda: False,
        look_again_seconds: float = 0.0,
    ) -> Report:
        """Ingest files, folders, globs, links and `-`; one bad source never stops the others.

        With `prune`, articles whose file is gone from a given folder, or whose record is gone
        from a given file, are removed. `audience` may see what is ingested; everyone, if it is
        empty; who could see an article before can see it still. `stop` is asked between
        articles, and while pages are fetched. What an unchanged feed names is looked at again
        when that was last done `look_again_seconds` ago.
        """
        self._library.require_same_model()
        self._library.recover()
        found = list(find_sources(sources, follow_links=follow_links, max_bytes=self._max_bytes))
        run = Run(
            self._library,
            today=datetime.now(UTC).date(),
            audience=audience,
            open_web=self._open_web,
            on_progress=on_progress,
            stop=stop,
            look_again_seconds=look_again_seconds,
        )
        with self._noted(run.report, started_by, sources):
            run.ingest(found, jobs=self._jobs)
            if prune and not run.report.stopped:
                run.prune([str(Path(source).absolute()) for source in sources if source != "-"])
        return run.report

    @contextmanager
    def _noted(self, report: Report, started_by: str, sources: Sequence[str]) -> Iterator[None]:
        """Write a run into the log when it is over, however it ended."""
        started_at, started = datetime.now(UTC), time.perf_counter()

        def note(problem: str | None) -> None:
            report.seconds = round(time.perf_counter() - started, 3)
            Runs(self._library.ledger.database).add(
                started_at,
                report.seconds,
                report.counts,
                started_by=started_by,
                sources=[without_login(source) for source in sources],
                problem=problem,
            )

        try:
            yield
        except Exception as error:
            # What stopped the run, a full disk say, may keep it out of the log too.
            with suppress(VectorstoreError):
                note(str(error) or type(error).__name__)
            raise
        note("stopped" if report.stopped else None)


def _open_web(max_bytes: int) -> "Web":
    from ingest.web import Web

    return Web(max_bytes=max_bytes)
