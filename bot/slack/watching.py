"""Asks the open questions again after every ingest."""

import asyncio
import logging

from bot.slack.answering import Answering
from bot.slack.redaction import redacted
from bot.slack.threads import Threads
from bot.slack.watches import Watches
from bot.slack.worker import Worker

log = logging.getLogger(__name__)


class Watching:
    """Looks for ingests of any process; what they answer goes through the inbox."""

    def __init__(
        self,
        watches: Watches,
        answering: Answering,
        worker: Worker,
        threads: Threads,
        *,
        poll_seconds: float,
    ) -> None:
        self._watches = watches
        self._answering = answering
        self._worker = worker
        self._threads = threads
        self._poll_seconds = poll_seconds
        self._seen = -1

    def look_again(self) -> None:
        """An open question is new: an ingest may have come before it."""
        self._seen = -1

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                if await self._threads.run(self._look):
                    self._worker.wake()
            except Exception as error:
                log.error("Open questions can't be asked again: %s", redacted(str(error)))
            await asyncio.sleep(self._poll_seconds)

    def _look(self) -> bool:
        last = self._watches.last_ingest()
        if last == self._seen:
            return False
        self._seen = last
        answered = False
        for watch in self._watches.open():
            answer = self._answering.ask(watch.question, watch.conversation)
            if answer is not None and answer.found:
                self._watches.tell(watch)
                answered = True
        return answered
