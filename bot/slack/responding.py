"""Answers a slash command later, at the address that came with it, to its sender alone."""

import logging
from collections.abc import Sequence

from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.errors import SlackError
from bot.slack.rendering import Message

log = logging.getLogger(__name__)

EXPIRED = (404, 410)
"""A response_url takes five messages within half an hour."""


async def respond(url: str, messages: Sequence[Message]) -> None:
    """Send messages to a response_url; raises `SlackError` when it may take them later."""
    client = AsyncWebhookClient(
        url,
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(max_retry_count=2),
            AsyncRateLimitErrorRetryHandler(max_retry_count=2),
            AsyncServerErrorRetryHandler(max_retry_count=2),
        ],
    )
    for message in messages:
        sent = await client.send(
            text=message.text,
            blocks=list(message.blocks),
            response_type="ephemeral",
            replace_original=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        if sent.status_code in EXPIRED:
            log.warning("An answer to a command came too late for Slack to take it.")
        elif sent.status_code != 200:
            raise SlackError(f"Slack did not take an answer to a command: {sent.status_code}.")
