"""`/ask question`: answered to the asker alone."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.answering import Answering
from bot.slack.errors import SlackError
from bot.slack.events import command
from bot.slack.inbox import Work
from bot.slack.receiving import Receiver
from bot.slack.rendering import render_help
from bot.slack.worker import Worker

LOOKING = "Reading the archive …"
EXPIRED = (404, 410)
"""A response_url takes five messages within half an hour."""


class AskCommand:
    """Takes the command in, and later answers to the address that came with it."""

    def __init__(self, answering: Answering, receiver: Receiver, worker: Worker) -> None:
        self._answering = answering
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
        url = AsyncWebhookClient(
            work.body["response_url"],
            retry_handlers=[
                AsyncConnectionErrorRetryHandler(max_retry_count=2),
                AsyncRateLimitErrorRetryHandler(max_retry_count=2),
                AsyncServerErrorRetryHandler(max_retry_count=2),
            ],
        )
        for message in await self._answering.ephemeral(work):
            sent = await url.send(
                text=message.text,
                blocks=list(message.blocks),
                response_type="ephemeral",
                replace_original=False,
                unfurl_links=False,
                unfurl_media=False,
            )
            if sent.status_code != 200 and sent.status_code not in EXPIRED:
                raise SlackError(f"Slack did not take an answer to /ask: {sent.status_code}.")
