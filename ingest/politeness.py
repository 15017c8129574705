"""Takes turns at each host: one request at a time, with a pause after it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock

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
