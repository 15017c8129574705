"""Ingests sources again and again: as their files change, at an interval, later where they fail."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

from ingest.changes import Changes
from ingest.report import Report, SourceReport

FIRST_RETRY_SECONDS = 30.0
LATEST_RETRY_ROUNDS = 8
"""The longest wait after failures, as a multiple of the interval."""

LONGEST_WISH_SECONDS = 86_400.0
"""Kept to where a server asks to be left alone: what it says of longer times is a mistake."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one more ingest of a source brought."""

    source: str
    news: tuple[SourceReport, ...] = ()
    """What was added, updated or removed, and what fails that did not fail in the same way."""

    problem: Exception | None = None
    """What kept all of it from being ingested, beside what `news` says."""

    retry_seconds: float | None = None
    """How long to wait, where the whole source fails."""


@dataclass(slots=True)
class _Watched:
    """One source: when it is due, and how it fails."""

    source: str
    due: float = 0.0
    failures: int = 0
    failing: frozenset[SourceReport] = frozenset()


class Watching:
    """Keeps an archive up to date with its sources."""

    def __init__(
        self,
        ingest: Callable[[str, Report], object],
        on_round: Callable[[Round], None],
        *,
        every_seconds: float,
        first_retry_seconds: float = FIRST_RETRY_SECONDS,
    ) -> None:
        """`ingest` takes one source, and tells in the report what it stored, also where it fails.

        Each is taken at least `every_seconds`, unless it fails.
        """
        self._ingest = ingest
        self._on_round = on_round
        self._every_seconds = every_seconds
        self._first_retry_seconds = first_retry_seconds

    def once(self, sources: Sequence[str]) -> None:
        """Ingest every source once."""
        for source in sources:
            self._next_round(_Watched(source))

    def run(self, sources: Sequence[str], stop: Event) -> None:
        """Ingest every source now, and then whenever it is time, until told to stop."""
        watched = [_Watched(source) for source in dict.fromkeys(sources)]
        for changed in Changes(sources).until(stop):
            for one in watched:
                if not stop.is_set() and (one.source in changed or one.due <= time.monotonic()):
                    self._next_round(one)

    def _next_round(self, one: _Watched) -> None:
        report, problem = Report(), None
        try:
            self._ingest(one.source, report)
        except Exception as error:
            # Even one that nobody foresaw: the other sources are still to be kept up with.
            problem = error
        failed = {source for source in report.sources if source.status == "failed"}
        is_failing = problem is not None or (failed and len(failed) == len(report.sources))
        one.failures = one.failures + 1 if is_failing else 0
        seconds = self._seconds_until_next(one.failures, report.retry_seconds)
        one.due = time.monotonic() + seconds
        news = (
            source
            for source in report.sources
            if source.status != "unchanged" and source not in one.failing
        )
        self._on_round(Round(one.source, tuple(news), problem, seconds if is_failing else None))
        one.failing = frozenset(failed)

    def _seconds_until_next(self, failures: int, wished_seconds: float) -> float:
        if not failures:
            return self._every_seconds
        doubled = self._first_retry_seconds * float(1 << min(failures - 1, 20))
        ours = min(doubled, self._every_seconds * LATEST_RETRY_ROUNDS)
        return max(ours, min(wished_seconds, LONGEST_WISH_SECONDS))
