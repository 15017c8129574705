"""Tells which of the folders, files and globs that are watched have changed on the disk."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from threading import Event

from ingest.paths import absolute, fixed_part, has_magic, is_folder
from ingest.readers import READERS
from ingest.sources import FEEDS

LOOK_SECONDS = 0.2
QUIET_SECONDS = 0.2
"""What is written without such a pause is told of together."""

LONGEST_SECONDS = 5.0

Look = tuple[int, ...] | None


class Changes:
    """Tells of each source at first, for that is new; and then when its files change."""

    def __init__(self, sources: Iterable[str]) -> None:
        """Takes those of the sources that are no links."""
        self._places = {source: place for source in sources if (place := _place(source))}

    def until(self, stop: Event) -> Iterator[set[str]]:
        """Yield the sources that have changed, a few times a second; mostly none."""
        while not stop.is_set():
            folders, looks = self._folders(), self._looks()
            changed = set(self._places)
            for paths in _changing(folders, stop):
                now = self._looks()
                changed |= self._touched(paths) | {s for s in now if now[s] != looks[s]}
                # One that was removed and made anew may look the same: its going is told too.
                if self._folders() != folders or not paths.isdisjoint(folders):
                    break
                yield changed
                changed, looks = set(), now

    def _touched(self, paths: set[str]) -> set[str]:
        return {
            source
            for source, place in self._places.items()
            if any(_is_seen_in(place, path) for path in paths)
        }

    def _folders(self) -> dict[str, Look]:
        return {str(place): _look(place) for place in self._places.values() if is_folder(place)}

    def _looks(self) -> dict[str, Look]:
        return {source: _look(place) for source, place in self._places.items()}


def _changing(folders: Collection[str], stop: Event) -> Iterator[set[str]]:
    """Yield the paths that change in these folders; often none."""
    if not folders:
        while not stop.wait(LOOK_SECONDS):
            yield set()
        return
    from watchfiles import watch

    for found in watch(
        *folders,
        watch_filter=lambda _, path: _matters(path),
        debounce=round(LONGEST_SECONDS * 1000),
        step=round(QUIET_SECONDS * 1000),
        rust_timeout=round(LOOK_SECONDS * 1000),
        yield_on_timeout=True,
        stop_event=stop,
        ignore_permission_denied=True,
    ):
        yield {path for _, path in found}


def _place(source: str) -> Path | None:
    """The folder that a source stands for, or its file; None for a link."""
    path = absolute(source) if "://" not in source else None
    return fixed_part(path) if path and has_magic(source) and not os.path.lexists(path) else path


def _look(place: Path) -> Look:
    """What tells that another file or folder stands here, or that the file has changed."""
    try:
        status = place.stat()
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
