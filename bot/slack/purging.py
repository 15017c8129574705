"""Forgets what the inbox finished long ago, questions and names with it."""

import asyncio
import logging
import time

from bot.slack.inbox import Inbox
from bot.slack.redaction import redacted
from bot.slack.threads import Threads

log = logging.getLogger(__name__)

DAY_SECONDS = 86_400.0
KEPT_SECONDS = 30 * DAY_SECONDS
"""Far longer than Slack delivers anything again, or edits are answered."""


class Purging:
    """Purges at the start, and once a day."""

    def __init__(self, inbox: Inbox, threads: Threads) -> None:
        self._inbox = inbox
        self._threads = threads

    async def run(self) -> None:
        """Purge until cancelled."""
        while True:
            try:
                before = time.time() - KEPT_SECONDS
                count = await self._threads.run(self._inbox.purge, before=before)
                if count:
                    log.info("%d finished deliveries were old, and are forgotten.", count)
            except Exception as error:
                log.error("The inbox can't be purged: %s", redacted(str(error)))
            await asyncio.sleep(DAY_SECONDS)
