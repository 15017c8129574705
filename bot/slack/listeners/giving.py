"""Links and files that are given, in a message or by a reaction to one: a receipt in its thread."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import error_code
from bot.slack.inbox import Work
from bot.slack.intake import Gift, Intake
from bot.slack.offers import read_offer
from bot.slack.rendering import Message, render_plain
from bot.slack.replies import Replies, is_unreachable

log = logging.getLogger(__name__)

NOTHING = "There is neither a link nor a file in that message, so there is nothing I could read."
UNSEEN = frozenset(("bad_timestamp", "message_not_found", "missing_scope"))
"""Why Slack does not show the message that somebody reacted to."""


class Giving:
    def __init__(self, client: AsyncWebClient, intake: Intake, replies: Replies) -> None:
        self._client = client
        self._intake = intake
        self._replies = replies

    async def __call__(self, work: Work) -> None:
        try:
            if reacted_to := work.body.get("reacted_to"):
                await self._take_message(work, reacted_to)
            else:
                await self._take(work)
        except SlackApiError as error:
            if not (is_unreachable(error) or error_code(error) in UNSEEN):
                raise
            log.warning("No receipt for %s: %s", work.event_id, error_code(error))

    async def _take(self, work: Work) -> None:
        links, files = work.body.get("links", ()), work.body.get("files", ())
        for_everyone = bool(work.body.get("for_everyone"))
        gift = Gift(work.person, work.conversation, tuple(links), tuple(files), for_everyone)
        refused = await self._intake.refusal(work.person)
        await self._replies.answer(work, (refused or await self._intake.receipt(gift),))

    async def _take_message(self, work: Work, ts: str) -> None:
        told = await self._client.reactions_get(channel=work.conversation, timestamp=ts, full=True)
        message = told["message"]
        thread = message.get("thread_ts")
        refused = await self._intake.refusal(work.person)
        gift = Gift(
            work.person,
            work.conversation,
            tuple(dict.fromkeys(_links_in(message))),
            tuple(file["id"] for file in message.get("files", ())),
        )
        if refused is not None:
            await self._whisper(work, thread, refused)
        elif gift.links or gift.files:
            receipt = await self._intake.receipt(gift)
            await self._replies.answer(replace(work, thread=thread or ts), (receipt,))
        else:
            await self._whisper(work, thread, render_plain(NOTHING))

    async def _whisper(self, work: Work, thread: str | None, message: Message) -> None:
        """Tell the one who reacted, and nobody else: they may have meant nothing by it."""
        with suppress(SlackApiError):
            await self._client.chat_postEphemeral(
                channel=work.conversation,
                user=work.person,
                thread_ts=thread,
                text=message.text,
                blocks=list(message.blocks),
            )


def _links_in(message: Mapping[str, Any]) -> Iterator[str]:
    """The links of a message; of one without text, as feeds post them, those of its cards."""
    links = read_offer(message.get("text") or "").links
    yield from links
    if not links:
        for card in message.get("attachments", ()):
            link = card.get("title_link") or card.get("from_url") or ""
            yield from read_offer(link).links
