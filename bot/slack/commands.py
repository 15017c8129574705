"""`/ask question`: answered to the asker alone."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.redaction import redacted
from bot.slack.answer import AnswerService
from bot.slack.client import Threads
from bot.slack.errors import SlackError
from bot.slack.events import command, read_submission
from bot.slack.home import Archive
from bot.slack.ingest import Submission, Submissions
from bot.slack.messages import GIVING, Message, render_articles, render_help
from bot.slack.queue import Delivered, Receiver, Work
from bot.slack.reply import AtMostOnce
from bot.slack.worker import Worker

log = logging.getLogger(__name__)

LOOKING = "Reading the archive …"

READING = "Reading …"

KEEP_SECONDS = 2.0
"""Slack shows an error to the person where a command is not acknowledged within 3 seconds."""

BUSY = (
    "The archive is busy. I keep trying to take this in; if nothing comes within a minute, "
    "please send it again."
)
NOT_KEPT = "The archive can't be written just now, so I could not take this in. Please try again."

HOW = "Type `/ingest https://...`, with one link or more."

EXPIRED = (404, 410)
"""A response_url takes five messages within half an hour."""


class AskCommand:
    """Takes the command in, and later answers to the address that came with it."""

    def __init__(
        self, answering: AnswerService, at_most_once: AtMostOnce, receiver: Receiver, worker: Worker
    ) -> None:
        self._answering = answering
        self._at_most_once = at_most_once
        self._receiver = receiver
        self._worker = worker

    def register(self, app: AsyncApp) -> None:
        app.command("/ask")(self.taken)

    async def taken(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        if not str(body.get("text", "")).strip():
            shown = render_help()
            await ack(text=shown.text, blocks=list(shown.blocks))
            return
        await ack(text=await kept(self._receiver, command(body)) or LOOKING)
        self._worker.wake()

    async def __call__(self, work: Work) -> None:
        messages = self._at_most_once.interrupted(work) or await self._answering.ephemeral(work)
        async with self._at_most_once.sending(work):
            await respond(work.body["response_url"], messages)


async def kept(receiver: Receiver, work: Delivered) -> str | None:
    """Write a command down in the time that Slack gives; what to answer where that failed."""
    writing = asyncio.ensure_future(receiver.receive(work))
    done, _ = await asyncio.wait((writing,), timeout=KEEP_SECONDS)
    if not done:
        writing.add_done_callback(_log_failure)
        return BUSY
    _log_failure(writing)
    return NOT_KEPT if writing.exception() else None


def _log_failure(writing: "asyncio.Future[int | None]") -> None:
    if not writing.cancelled() and (error := writing.exception()):
        log.error("A command was not kept: %s", redacted(str(error)))


class ArticlesCommand:
    def __init__(self, archive: Archive, threads: Threads) -> None:
        self._archive = archive
        self._threads = threads

    def register(self, app: AsyncApp) -> None:
        app.command("/articles")(self.listed)

    async def listed(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        view = await self._threads.run(self._archive.view, body["channel_id"])
        shown = render_articles(view.listings, total=view.total)
        await ack(text=shown.text, blocks=list(shown.blocks))


class IngestCommand:
    """Takes the command in, and later sends the receipt to the address that came with it."""

    def __init__(self, submissions: Submissions, receiver: Receiver, worker: Worker) -> None:
        self._submissions = submissions
        self._receiver = receiver
        self._worker = worker

    def register(self, app: AsyncApp) -> None:
        app.command("/ingest")(self.taken)

    async def taken(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        offer = read_submission(body.get("text") or "")
        if not offer.links:
            await ack(text=f"{HOW} {GIVING}")
            return
        given = {"links": list(offer.links), "for_everyone": offer.for_everyone}
        await ack(text=await kept(self._receiver, command(body, "ingest", **given)) or READING)
        self._worker.wake()

    async def __call__(self, work: Work) -> None:
        links, for_everyone = tuple(work.body["links"]), work.body["for_everyone"]
        submission = Submission(work.person, work.conversation, links, for_everyone=for_everyone)
        refused = await self._submissions.refusal(work.person)
        receipt = refused or await self._submissions.receipt(submission)
        await respond(work.body["response_url"], [receipt])


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
