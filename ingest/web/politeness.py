"""Takes turns at each host, one request at a time, and gives it time where it is too busy."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import TypeVar

from ingest.errors import ServerFailedError

_Answer = TypeVar("_Answer")

_TRIES = 3
_STEP_SECONDS = 0.1
"""How soon a wait notices that it is to be stopped."""


@dataclass(slots=True)
class _Host:
    lock: Lock = field(default_factory=Lock)
    free_at: float = 0.0


class Turns:
    """Safe to use from several threads: different hosts do not wait for each other."""

    def __init__(self, pause_seconds: float) -> None:
        self._pause_seconds = pause_seconds
        self._lock = Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def at(self, host: str, stop: Callable[[], bool]) -> Iterator[None]:
        """Wait for the host's turn, or until told to stop."""
        with self._lock:
            place = self._hosts.setdefault(host, _Host())
        with place.lock:
            wait(place.free_at - time.monotonic(), stop)
            try:
                yield
            finally:
                place.free_at = time.monotonic() + self._pause_seconds


def ask_again(
    ask: Callable[[], _Answer],
    *,
    backoff_seconds: float,
    deadline: float,
    stop: Callable[[], bool],
) -> _Answer:
    """Ask as often as is worth it where a server fails, or is only busy.

    Raises the last ServerFailedError; `deadline` is by the monotonic clock.
    """
    tried = 0
    while True:
        try:
            return ask()
        except ServerFailedError as error:
            tried += 1
            wished = error.retry_seconds
            pause = backoff_seconds * 2 ** (tried - 1) if wished is None else wished
            if time.monotonic() + pause > deadline:
                wish = "" if wished is None else f", and asks to wait {wished:.0f} seconds"
                raise ServerFailedError(f"{error}{wish}", wished) from error
            if tried == _TRIES:
                raise ServerFailedError(f"{error}, {_TRIES} times", wished) from error
        wait(pause, stop)


def wait(seconds: float, stop: Callable[[], bool]) -> None:
    """Sleep, unless told to stop."""
    ends_at = time.monotonic() + seconds
    while (left := ends_at - time.monotonic()) > 0 and not stop():
        time.sleep(min(left, _STEP_SECONDS))


def retry_after(header: str | None) -> float | None:
    """Return how many seconds a Retry-After asks for, given in seconds or as a date."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
