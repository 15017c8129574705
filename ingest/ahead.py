"""Reads sources ahead, in threads, while what was read before is embedded and stored."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from queue import Full, Queue
from threading import Event
from typing import Generic, TypeVar

_Source = TypeVar("_Source")
_Item = TypeVar("_Item")

SOURCES_A_JOB = 4
"""Read or being read, for each that is read at once: small files do not keep a reader waiting."""

ITEMS_A_SOURCE = 16
"""Held of a source that is read faster than it is taken: memory is bounded by this."""

_NOTICE_SECONDS = 0.1
"""How soon a reader that waits for room notices that nobody takes any more."""


def read_ahead(
    sources: Iterable[_Source], read: Callable[[_Source], Iterable[_Item]], *, jobs: int
) -> Generator[tuple[_Source, Iterator[_Item]], None, None]:
    """Yield each source with what is read of it, in their order, `jobs` of them read at once.

    What a read raises is raised where its items are taken. Closed early, it lets each reader end
    the item that it is at.
    """
    pending = iter(sources)
    with ThreadPoolExecutor(jobs, thread_name_prefix="reading") as pool:
        started: deque[tuple[_Source, _Channel[_Item], Future[None]]] = deque()
        try:
            while True:
                for source in islice(pending, SOURCES_A_JOB * jobs - len(started)):
                    channel: _Channel[_Item] = _Channel()
                    started.append((source, channel, pool.submit(channel.fill, read, source)))
                if not started:
                    return
                source, channel, reading = started[0]
                yield source, channel.items(reading)
                channel.close()
                started.popleft()
        finally:
            for _, channel, reading in started:
                reading.cancel()
                channel.close()


class _Channel(Generic[_Item]):
    """What one thread reads on its way to another."""

    def __init__(self) -> None:
        self._queue: Queue[_Item | None] = Queue(ITEMS_A_SOURCE)
        self._closed = Event()

    def fill(self, read: Callable[[_Source], Iterable[_Item]], source: _Source) -> None:
        """Put in all that is read of a source, and then None, unless it is closed before."""
        try:
            for item in read(source):
                if not self._put(item):
                    return
        finally:
            self._put(None)

    def items(self, reading: "Future[None]") -> Iterator[_Item]:
        """Yield what is put in; raises what the reading raised."""
        while (item := self._queue.get()) is not None:
            yield item
        reading.result()

    def close(self) -> None:
        """Take nothing more: the one who fills it stops."""
        self._closed.set()

    def _put(self, item: _Item | None) -> bool:
        while not self._closed.is_set():
            try:
                self._queue.put(item, timeout=_NOTICE_SECONDS)
                return True
            except Full:
                continue
        return False
