"""Signs that a question is being worked on: a status, or else a placeholder for the answer."""

import asyncio
import logging
from contextlib import suppress

from slack_sdk.errors import SlackApiError

from bot.slack.client import OUTAGES, Client
from bot.slack.inbox import Inbox
from bot.slack.posts import PENDING, metadata, shown
from bot.slack.redaction import redacted
from bot.slack.rendering import render_plain
from bot.slack.threads import Threads

log = logging.getLogger(__name__)

READING = "Reading the archive …"
SIGNS_AT_ONCE = 8
SIGN_SECONDS = 3.0
"""How long an answer waits for the sign that comes before it: Slack may be limiting the rate."""


class Signs:
    """Gives signs in the background; they are best effort."""

    def __init__(self, client: Client, inbox: Inbox, threads: Threads) -> None:
        self._client = client
        self._inbox = inbox
        self._threads = threads
        self._begun: dict[int, asyncio.Task[None]] = {}
        # A hundred calls at once would hold up the acknowledgements that Slack waits for.
        self._slots = asyncio.Semaphore(SIGNS_AT_ONCE)

    def begin(
        self, work_id: int, conversation: str, thread: str, about: str, *, placeholder: bool
    ) -> None:
        """Begin to show that a question is worked on: a status, else perhaps a placeholder."""
        task = asyncio.create_task(
            self._give(work_id, conversation, thread, about if placeholder else None)
        )
        self._begun[work_id] = task
        task.add_done_callback(lambda _: self._begun.pop(work_id, None))

    def is_pending(self, work_id: int) -> bool:
        """Whether a sign may yet come."""
        return work_id in self._begun

    async def settled(self, work_id: int) -> bool:
        """Wait until the sign is there, but not for long; False if it may be, unnoted."""
        begun = self._begun.get(work_id)
        if begun is None:
            return True
        done, _ = await asyncio.wait((begun,), timeout=SIGN_SECONDS)
        begun.cancel()
        return bool(done)

    async def set_status(self, conversation: str, thread: str, status: str) -> bool:
        """Show a status in a thread; False where Slack does not."""
        # Slack writes the bot's name before it.
        return await self._set_status(conversation, thread, f"is {status[:1].lower()}{status[1:]}")

    async def clear_status(self, conversation: str, thread: str) -> None:
        """Take the status away, which Slack otherwise does when a message follows it."""
        await self._set_status(conversation, thread, "")

    async def _set_status(self, conversation: str, thread: str, status: str) -> bool:
        try:
            await self._client.assistant_threads_setStatus(
                channel_id=conversation, thread_ts=thread, status=status
            )
        except OUTAGES as error:
            log.debug("No status: %s", error)
            return False
        return True

    async def _give(self, work_id: int, conversation: str, thread: str, about: str | None) -> None:
        async with self._slots:
            if await self.set_status(conversation, thread, READING) or about is None:
                return
            await self._post_placeholder(work_id, conversation, thread, about)

    async def _post_placeholder(
        self, work_id: int, conversation: str, thread: str, about: str
    ) -> None:
        try:
            posted = await self._client.chat_postMessage(
                channel=conversation,
                thread_ts=thread,
                metadata=metadata(about, 0, PENDING),
                **shown(render_plain(READING)),
            )
            ts = str(posted["ts"])
            if not await self._threads.run(self._inbox.note_reply, work_id, ts):
                with suppress(SlackApiError):
                    await self._client.chat_delete(channel=conversation, ts=ts)
        except OUTAGES as error:
            log.warning("No sign of work in %s: %s", conversation, redacted(str(error)))
