"""Whether the bot can work, and why not."""

import asyncio
import logging

log = logging.getLogger(__name__)


class Health:
    """Set to ready when Slack is reached; refused for good when Slack says so.

    `stopping` is set by either end: a refusal, or a request to stop.
    """

    def __init__(self) -> None:
        self.connected = False
        self.refusal: str | None = None
        self.stopping = asyncio.Event()

    @property
    def ready(self) -> bool:
        return self.connected and self.refusal is None and not self.stopping.is_set()

    def refuse(self, reason: str) -> None:
        """Say once and loudly why nothing more will work, and stop."""
        if self.refusal is None:
            self.refusal = reason
            log.critical("Newsdesk stops: %s", reason)
        self.stopping.set()

    def stop(self) -> None:
        self.stopping.set()
