"""Takes deliveries in: they are written down before Slack is told that they arrived."""

import asyncio
import time
from contextlib import suppress

from bot.slack.events import Delivered
from bot.slack.inbox import Inbox
from bot.slack.threads import Threads


class Receiver:
    """Writes down what arrives at the same time in one transaction.

    A transaction waits for the disk; a hundred questions at once would wait for it in turn.
    """

    def __init__(self, inbox: Inbox, threads: Threads) -> None:
        self._inbox = inbox
        self._threads = threads
        self._waiting: list[tuple[Delivered, asyncio.Future[int | None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def receive(self, delivery: Delivered) -> int | None:
        """The id of the new work, None if there is none; raises what the ledger raises."""
        written: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await written

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._write_batch(batch)
        finally:
            self._writing = None

    async def _write_batch(self, batch: list[tuple[Delivered, asyncio.Future[int | None]]]) -> None:
        deliveries = [delivery for delivery, _ in batch]
        try:
            ids = await self._threads.run(self._inbox.receive, deliveries, now=time.time())
        except Exception as error:
            for _, written in batch:
                with suppress(asyncio.InvalidStateError):
                    written.set_exception(error)
            return
        for (_, written), work_id in zip(batch, ids, strict=True):
            with suppress(asyncio.InvalidStateError):
                written.set_result(work_id)
