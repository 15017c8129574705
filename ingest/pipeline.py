"""Ingests sources: read, clean, date, chunk, embed, store, report."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.report import Meter, Report, ShowProgress, show_nothing, total_bytes
from ingest.run import Run
from ingest.sources import find_sources
from ingest.web.urls import without_login
from vectorstore.errors import LedgerBusyError, VectorstoreError
from vectorstore.library import Library
from vectorstore.runs import OpenRun

if TYPE_CHECKING:
    from ingest.web.fetch import Web


class Pipeline:
    """Ingests sources into a library, a batch at a time.

    What the report calls added, updated, unchanged or removed is stored for good, whatever
    fails later.
    """

    def __init__(
        self,
        library: Library,
        *,
        max_bytes: int,
        open_web: "Callable[[], Web] | None" = None,
        jobs: int = 1,
        zone: tzinfo | None = None,
    ) -> None:
        """`open_web` is called for the first link, if there is one; `jobs` sources are read at
        once, while others are embedded and stored; `zone` is that of embargoes that name none."""
        self._zone = zone
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
        on_progress: ShowProgress = show_nothing,
        stop: Callable[[], bool] = lambda: False,
        look_again_seconds: float = 0.0,
        report: Report | None = None,
    ) -> Report:
        """Ingest files, folders, globs, links and `-`; one bad source never stops the others.

        With `prune`, articles whose file is gone from a given folder, or whose record is gone
        from a given file, are removed. `audience` may see what is ingested; everyone, if it is
        empty; who could see an article before can see it still. `stop` is asked between
        articles, and while pages are fetched. What an unchanged feed names is looked at again
        if that was last done `look_again_seconds` ago. A `report` that is passed in
        lists what was stored also where an error ends the run.
        """
        report = report if report is not None else Report()
        self._library.require_same_model()
        self._library.recover()
        to_read = list(find_sources(sources, follow_links=follow_links, max_bytes=self._max_bytes))
        with self._logged(report, started_by, sources) as log:
            run = Run(
                self._library,
                report,
                meter=Meter(total_bytes(to_read), on_progress),
                today=datetime.now(UTC).date(),
                audience=audience,
                open_web=self._open_web,
                on_stored=lambda: log.note(report.counts),
                stop=stop,
                look_again_seconds=look_again_seconds,
                zone=self._zone,
            )
            try:
                run.ingest(to_read, jobs=self._jobs)
                if prune and not report.stopped:
                    run.prune([str(Path(source).absolute()) for source in sources if source != "-"])
            finally:
                self._note_publications(report)
        return report

    def _note_publications(self, report: Report) -> None:
        """Note in the report which articles are not published, and why."""
        ids = [source.article_id for source in report.sources if source.article_id]
        with suppress(VectorstoreError):
            self._library.match_notices(ids)
            report.note_publications(self._library.ledger.publications(ids))

    @contextmanager
    def _logged(self, report: Report, started_by: str, sources: Sequence[str]) -> Iterator[OpenRun]:
        """Keep the log of a run, from its beginning to its end, however it ends."""
        log = self._library.runs.begin(
            started_by=started_by, sources=[without_login(source) for source in sources]
        )
        try:
            yield log
        except LedgerBusyError:
            log.leave()  # what was waited for in vain is not waited for again
            raise
        except BaseException as error:
            # What stopped the run, a full disk say, may keep it out of the log too.
            with suppress(VectorstoreError):
                log.end(report.counts, _problem(error))
            raise
        else:
            log.end(report.counts, "stopped" if report.stopped else None)
        finally:
            report.seconds = log.seconds


def _problem(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "stopped at once"
    return str(error) or type(error).__name__


def _open_web(max_bytes: int) -> "Web":
    from ingest.web.fetch import Web

    return Web(max_bytes=max_bytes)
