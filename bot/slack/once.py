"""Sends what can't be found again in Slack at most once: it is noted before, not after."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_sdk.errors import SlackApiError

from bot.slack.errors import SlackError
from bot.slack.inbox import Inbox, Work
from bot.slack.rendering import Message, render_plain
from bot.slack.threads import Threads

BEGUN = "begun"
"""Stands for the message of such work, which has none that could be updated."""

INTERRUPTED = (
    "I was interrupted while I answered you. If you don't see my answer above, please ask again."
)


class Once:
    """An answer that only one person sees, or that is posted outside of any thread."""

    def __init__(self, inbox: Inbox, threads: Threads) -> None:
        self._inbox = inbox
        self._threads = threads

    def interrupted(self, work: Work) -> tuple[Message, ...]:
        """What to say where a worker died after it began to send; nothing if none did."""
        return (render_plain(INTERRUPTED),) if work.reply_ts == BEGUN else ()

    @asynccontextmanager
    async def sending(self, work: Work) -> AsyncIterator[None]:
        """Note that it is sent now, and take that back where Slack says that it was not."""
        noted = await self._threads.run(self._inbox.note_reply, work.id, BEGUN)
        try:
            yield
        except (SlackError, SlackApiError):
            if noted:
                await self._threads.run(self._inbox.forget_reply, work.id)
            raise
