"""Works through the inbox: a bounded number of questions at once, each by one worker."""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.redaction import redacted
from bot.retention import Forgotten
from bot.slack.client import Health, Threads
from bot.slack.errors import QuestionGoneError
from bot.slack.queue import Inbox, Work
from vectorstore.errors import VectorstoreError

log = logging.getLogger(__name__)

Handler = Callable[[Work], Awaitable[None]]

MOST_TRIES = 100
"""About eight hours: an outage of Slack that is longer has made the question stale."""


LONGEST_PAUSE = 300.0

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a worker is, in seconds."""

    lease: float = 15.0
    """After a kill, work waits so long for another worker."""

    poll: float = 1.0
    """How often to look for work that another process left, or that was taken back."""

    retry: float = 15.0
    """How long to wait after the first failure; after the second twice as long, and so on."""

    watch: float = 10.0
    """How often to look whether an ingest may have answered an open question."""


class Worker:
    """Claims work and hands it to the handler of its kind, until it is stopped.

    What a handler raises is an outage (Slack, the ledger): the work is given back and tried
    again later, up to `MOST_TRIES` times. Any other message is a handler's own work.
    """

    def __init__(
        self,
        inbox: Inbox,
        handlers: Mapping[str, Handler],
        threads: Threads,
        health: Health,
        *,
        at_once: int,
        pace: Pace,
    ) -> None:
        self.name = secrets.token_hex(8)
        self._inbox = inbox
        self._handlers = handlers
        self._threads = threads
        self._health = health
        self._slots = asyncio.Semaphore(at_once)
        self._pace = pace
        self._awake = asyncio.Event()
        self._running: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """There may be work."""
        self._awake.set()

    async def run(self) -> None:
        """Work until `health` is stopped; what is running then goes on."""
        while not self._health.stopping.is_set():
            await self._slots.acquire()
            work = None if self._health.stopping.is_set() else await self._claim()
            if work is None:
                self._slots.release()
                await self._wait()
                continue
            task = asyncio.create_task(self._do(work))
            self._running[work.id] = task
            task.add_done_callback(partial(self._ended, work.id))

    async def finish(self, *, grace_seconds: float) -> int:
        """Let what is running end; gives back what does not end in time, and how much it was."""
        if not self._running:
            return 0
        _, late = await asyncio.wait(list(self._running.values()), timeout=grace_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def _claim(self) -> Work | None:
        self._awake.clear()
        try:
            return await self._threads.run(
                self._inbox.claim, self.name, now=time.time(), lease_seconds=self._pace.lease
            )
        except Exception as error:
            log.error("The inbox can't be read: %s", redacted(str(error)))
            return None

    async def _wait(self) -> None:
        """Until there may be work, or it is time to look, or to stop."""
        awake = asyncio.create_task(self._awake.wait())
        stopping = asyncio.create_task(self._health.stopping.wait())
        await asyncio.wait(
            (awake, stopping), timeout=self._pace.poll, return_when=asyncio.FIRST_COMPLETED
        )
        awake.cancel()
        stopping.cancel()

    def _ended(self, work_id: int, _: "asyncio.Task[None]") -> None:
        self._running.pop(work_id, None)
        self._slots.release()
        self.wake()

    async def _do(self, work: Work) -> None:
        """Run the handler, until it is done or nobody wants the work from this worker any more."""
        handling = asyncio.create_task(self._handle(work))
        keeping = asyncio.create_task(self._keep(work))
        try:
            await asyncio.wait((handling, keeping), return_when=asyncio.FIRST_COMPLETED)
            if handling.done():
                await handling
        except asyncio.CancelledError:
            await _cancelled(handling)
            await self._give_back(work, after_seconds=0.0)
        except QuestionGoneError:
            log.info("Taken back before it was answered: %s", work.event_id)
        except Exception as error:
            await self._failed(work, error)
        finally:
            await _cancelled(handling)
            await _cancelled(keeping)

    async def _handle(self, work: Work) -> None:
        await self._handlers[work.kind](work)
        await self._threads.run(self._inbox.finish, work)

    async def _keep(self, work: Work) -> None:
        """Renew the lease; ends when the work is cancelled, or another worker's."""
        renewed = time.monotonic()
        while await self._threads.run(self._inbox.wanted, work):
            if time.monotonic() - renewed > self._pace.lease / 3:
                renewed = time.monotonic()
                until = time.time() + self._pace.lease
                await self._threads.run(self._inbox.renew, work, until=until)
            await asyncio.sleep(min(self._pace.poll, self._pace.lease / 3))

    async def _failed(self, work: Work, error: Exception) -> None:
        log.error(
            "Try %d of %s failed: %s: %s",
            work.tries,
            work.event_id,
            type(error).__name__,
            redacted(str(error)),
        )
        if self._health.refusal is not None:
            await self._give_back(work, after_seconds=0.0)
        elif work.tries < MOST_TRIES:
            pause = min(self._pace.retry * work.tries, LONGEST_PAUSE)
            await self._give_back(work, after_seconds=pause)
        else:
            await self._threads.run(self._inbox.finish, work)

    async def _give_back(self, work: Work, *, after_seconds: float) -> None:
        try:
            until = time.time() + after_seconds
            await self._threads.run(self._inbox.release, work, until=until)
        except VectorstoreError as error:
            log.error("Work %s waits for its lease to end: %s", work.event_id, error)


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Cleanup:
    """Forgets what is older than it is kept, at the start and once a day."""

    def __init__(self, forget_old: Callable[[], Forgotten], threads: Threads) -> None:
        self._forget_old = forget_old
        self._threads = threads

    async def run(self) -> None:
        """Clean up until cancelled."""
        while True:
            try:
                if forgotten := await self._threads.run(self._forget_old):
                    log.info("Old, and forgotten: %s.", forgotten)
            except Exception as error:
                log.error("What is old can't be forgotten: %s", redacted(str(error)))
            await asyncio.sleep(DAY_SECONDS)
