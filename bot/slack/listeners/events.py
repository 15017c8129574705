"""Everything Slack delivers as an event: written down, acknowledged, signed for, worked on."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.response import BoltResponse

from bot.slack.events import Delivered, Identity, delivered
from bot.slack.receiving import Receiver
from bot.slack.signs import Signs
from bot.slack.worker import Worker

log = logging.getLogger(__name__)


class Events:
    """Runs before Bolt's own authorization, which acknowledges events it then drops.

    It does so when auth.test fails; an event would be lost. Where writing down fails, this
    raises: Bolt answers 500, Slack delivers again.
    """

    def __init__(self, bot: Identity, receiver: Receiver, signs: Signs, worker: Worker) -> None:
        self._bot = bot
        self._receiver = receiver
        self._signs = signs
        self._worker = worker

    async def middleware(
        self,
        body: Mapping[str, Any],
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002
    ) -> BoltResponse:
        if body.get("type") != "event_callback":
            return await next()
        try:
            delivery = delivered(body, self._bot)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Delivered again, it would be no better.
            log.error("An event that can't be read: %r", error)
            delivery = None
        if delivery is not None:
            await self._take(delivery)
        return BoltResponse(status=200, body="")

    async def _take(self, delivery: Delivered) -> None:
        work_id = await self._receiver.receive(delivery)
        if work_id is None:
            return
        if delivery.kind in ("question", "given", "edited") and delivery.thread:
            self._signs.begin(
                work_id,
                delivery.conversation,
                delivery.thread,
                delivery.about,
                placeholder=delivery.kind != "edited",
            )
        self._worker.wake()
