"""Watches sources: ingests them as files change, at an interval, and again after failures."""

import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from ingest.readers import READERS
from ingest.report import Report, SourceReport
from ingest.sources import FEEDS, absolute, fixed_part, has_magic, is_folder

FIRST_RETRY_SECONDS = 30.0
LATEST_RETRY_ROUNDS = 8
"""The longest wait after failures, as a multiple of the interval."""

LONGEST_RETRY_AFTER_SECONDS = 86_400.0
"""Kept to where a server asks to be left alone: longer times are taken for a mistake."""

POLL_SECONDS = 0.2
QUIET_SECONDS = 0.2
"""Changes without such a pause between them count as one."""

LONGEST_BURST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Round:
    """What one more ingest of a source brought."""

    source: str
    news: tuple[SourceReport, ...] = ()
    """What was added, updated or removed, and what fails that did not fail in the same way."""

    problem: Exception | None = None
    """What kept all of it from being ingested, beside the `news`."""

    retry_seconds: float | None = None
    """How long to wait, where the whole source fails."""


@dataclass(slots=True)
class _Watched:
    """One source: when it is due, and how it fails."""

    source: str
    due: float = 0.0
    failures: int = 0
    failing: frozenset[SourceReport] = frozenset()


class Watcher:
    """Keeps an archive up to date with its sources."""

    def __init__(
        self,
        ingest: Callable[[str, Report], object],
        on_round: Callable[[Round], None],
        *,
        every_seconds: float,
        first_retry_seconds: float = FIRST_RETRY_SECONDS,
    ) -> None:
        """`ingest` takes one source, and lists in the report what it stored, also if it fails.

        Each is ingested at least `every_seconds`, unless it fails.
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
        """Ingest every source now, and then whenever it is due, until `stop` is set."""
        watched = [_Watched(source) for source in dict.fromkeys(sources)]
        for changed in _Changes(sources).until(stop):
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

    def _seconds_until_next(self, failures: int, retry_after_seconds: float) -> float:
        if not failures:
            return self._every_seconds
        doubled = self._first_retry_seconds * float(1 << min(failures - 1, 20))
        ours = min(doubled, self._every_seconds * LATEST_RETRY_ROUNDS)
        return max(ours, min(retry_after_seconds, LONGEST_RETRY_AFTER_SECONDS))


_Stamp = tuple[int, ...] | None


class _Changes:
    """Yields each source at first, as it is new; and then when its files change."""

    def __init__(self, sources: Iterable[str]) -> None:
        """Takes those of the sources that are no links."""
        self._paths = {source: path for source in sources if (path := _watched_path(source))}

    def until(self, stop: Event) -> Iterator[set[str]]:
        """Yield the sources that have changed, a few times a second; mostly none."""
        while not stop.is_set():
            folders, stamps = self._folders(), self._stamps()
            changed = set(self._paths)
            for paths in _changing(folders, stop):
                now = self._stamps()
                changed |= self._touched(paths) | {s for s in now if now[s] != stamps[s]}
                # One that was removed and made anew may look the same, so its going counts too.
                if self._folders() != folders or not paths.isdisjoint(folders):
                    break
                yield changed
                changed, stamps = set(), now

    def _touched(self, paths: set[str]) -> set[str]:
        return {
            source
            for source, watched in self._paths.items()
            if any(_is_seen_in(watched, path) for path in paths)
        }

    def _folders(self) -> dict[str, _Stamp]:
        return {str(path): _stamp(path) for path in self._paths.values() if is_folder(path)}

    def _stamps(self) -> dict[str, _Stamp]:
        return {source: _stamp(path) for source, path in self._paths.items()}


def _changing(folders: Collection[str], stop: Event) -> Iterator[set[str]]:
    """Yield the paths that change in these folders; often none."""
    if not folders:
        while not stop.wait(POLL_SECONDS):
            yield set()
        return
    from watchfiles import watch

    for changes in watch(
        *folders,
        watch_filter=lambda _, path: _matters(path),
        debounce=round(LONGEST_BURST_SECONDS * 1000),
        step=round(QUIET_SECONDS * 1000),
        rust_timeout=round(POLL_SECONDS * 1000),
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    ):
        yield {path for _, path in changes}


def _watched_path(source: str) -> Path | None:
    """Return the folder or file to watch for a source; None for a link."""
    path = absolute(source) if "://" not in source else None
    return fixed_part(path) if path and has_magic(source) and not os.path.lexists(path) else path


def _stamp(path: Path) -> _Stamp:
    """Return what differs once another file or folder is here, or the file has changed."""
    try:
        status = path.stat()
    except OSError:
        return None
    identity = (status.st_dev, status.st_ino)
    if stat.S_ISDIR(status.st_mode):
        return identity
    return (*identity, status.st_size, status.st_mtime_ns)


def _is_seen_in(folder: Path, path: str) -> bool:
    """Whether a path is in a folder, by its name or its real name, and not hidden there."""
    for root in {folder, Path(os.path.realpath(folder))}:
        if Path(path).is_relative_to(root):
            return not any(part.startswith(".") for part in Path(path).relative_to(root).parts)
    return False


def _matters(path: str) -> bool:
    """Whether a path may be an article, or a folder of them.

    The archive itself may lie in a watched folder: what is written and deleted there must not
    count, or one ingest would lead to the next. So what is gone was a folder only if its name
    has no ending.
    """
    ending = Path(path).suffix.lower()
    if ending in READERS or ending in FEEDS or Path(path).is_dir():
        return True
    return not ending and not Path(path).is_file()
