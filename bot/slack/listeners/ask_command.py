"""`/ask question`: answered to the asker alone."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.answering import Answering
from bot.slack.events import command
from bot.slack.inbox import Work
from bot.slack.once import Once
from bot.slack.receiving import Receiver
from bot.slack.rendering import render_help
from bot.slack.responding import respond
from bot.slack.worker import Worker

LOOKING = "Reading the archive …"


class AskCommand:
    """Takes the command in, and later answers to the address that came with it."""

    def __init__(
        self, answering: Answering, once: Once, receiver: Receiver, worker: Worker
    ) -> None:
        self._answering = answering
        self._once = once
        self._receiver = receiver
        self._worker = worker

    def register(self, app: AsyncApp) -> None:
        app.command("/ask")(self.taken)

    async def taken(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        if not str(body.get("text", "")).strip():
            shown = render_help()
            await ack(text=shown.text, blocks=list(shown.blocks))
            return
        await self._receiver.receive(command(body))
        await ack(text=LOOKING)
        self._worker.wake()

    async def __call__(self, work: Work) -> None:
        messages = self._once.interrupted(work) or await self._answering.ephemeral(work)
        async with self._once.sending(work):
            await respond(work.body["response_url"], messages)
