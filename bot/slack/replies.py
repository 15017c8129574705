"""Shows answers in Slack: one answer in its place, however often it is tried.

Every message carries in its metadata which question it answers. So after a crash between
posting and noting it, the message is found in the thread and not posted again. A message that is
still streamed can carry none: in the thread it is the one that says nothing of itself.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.client import Client, error_code
from bot.slack.errors import QuestionGoneError
from bot.slack.events import Identity
from bot.slack.inbox import About, Inbox, Work
from bot.slack.posts import metadata, payload_of, shown
from bot.slack.redaction import redacted
from bot.slack.rendering import Message, render_plain, text_alone
from bot.slack.signs import Signs
from bot.slack.threads import Threads

log = logging.getLogger(__name__)

STOPPED = "Stopped: this answer is not whole, and what it stands on is not shown."

UNREACHABLE = frozenset(
    (
        "cannot_reply_to_message",
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "thread_locked",
        "thread_not_found",
    )
)
"""The place of the question is gone or closed: there is nowhere to answer."""

REJECTED = frozenset(
    ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long")
)

FIXED = frozenset(("cant_update_message", "edit_window_closed", "message_not_found"))
"""A message that can't be changed any more: another one takes its place."""


class Replies:
    """Posts and updates the bot's messages in threads."""

    def __init__(
        self, client: Client, inbox: Inbox, signs: Signs, bot: Identity, threads: Threads
    ) -> None:
        self._client = client
        self._inbox = inbox
        self._signs = signs
        self._bot = bot
        self._threads = threads
        self._started = time.time()

    async def answer(self, work: Work, messages: Sequence[Message], *, unsure: bool = False) -> str:
        """Put an answer in place, in as many messages as it takes; returns the first one's ts.

        `unsure` says that there may be a message of it that is not noted. Raises
        `QuestionGoneError` when the question was taken back in the meantime.
        """
        signed = await self._signs.settled(work.id)
        if not await self._threads.run(self._inbox.wanted, work):
            raise QuestionGoneError("The question was deleted or stopped.")
        known = await self._threads.run(self._inbox.reply_of, work.id)
        parts = await self._parts(work, known, unsure=unsure or not signed)
        answer = [
            await self._put(work, message, number, parts.get(number))
            for number, message in enumerate(messages)
        ]
        for number, ts in parts.items():
            if number >= len(messages):
                await self._delete(work.conversation, ts)
        await self._note(work, answer[0], known)
        return answer[0]

    async def post(self, conversation: str, message: Message, *, thread: str | None = None) -> str:
        """Post a message that answers no event."""
        posted = await self._client.chat_postMessage(
            channel=conversation, thread_ts=thread, **shown(message)
        )
        return str(posted["ts"])

    async def update(
        self, conversation: str, ts: str, message: Message, about: About | None
    ) -> None:
        """Show a message in place of another one, which is about the same."""
        noted = {"metadata": metadata(about.about, 0, about.kind)} if about else {}
        await self._update(conversation, ts, {**shown(message), **noted})

    async def take_back(
        self,
        work_id: int,
        conversation: str,
        thread: str | None,
        *,
        stopped: str | None = None,
    ) -> None:
        """Delete the message of a question that was worked on, and what says that it is.

        `stopped` is the ts of a stream that its reader stopped: that message stays as it is.
        """
        await self._signs.settled(work_id)
        if thread:
            await self._signs.clear_status(conversation, thread)
        known = await self._threads.run(self._inbox.reply_of, work_id)
        if known is None or known != stopped:
            await self._delete(conversation, known)
            return
        await self._threads.run(self._inbox.forget_reply, work_id)
        with suppress(SlackApiError):
            await self._client.chat_stopStream(
                channel=conversation,
                ts=known,
                blocks=list(render_plain(STOPPED).blocks),
                metadata=metadata("", 0, "stopped"),
            )

    async def may_stream(self, work: Work) -> bool:
        """Whether a question has no message yet, nor may be about to get one."""
        if work.kind != "question" or self._begun_before(work) or self._signs.is_pending(work.id):
            return False
        return await self._threads.run(self._inbox.reply_of, work.id) is None

    async def note_stream(self, work: Work, ts: str) -> bool:
        """Note the message that streams an answer; deletes it if there is no need for it."""
        noted = await self._threads.run(self._inbox.note_reply, work.id, ts)
        if not noted:
            await self._delete(work.conversation, ts)
        return noted

    async def stop_stream(self, work: Work, ts: str) -> None:
        """End the streaming of a message, which is to become the answer."""
        await self._client.chat_stopStream(
            channel=work.conversation, ts=ts, metadata=metadata(work.about, 0, work.kind)
        )

    async def _parts(self, work: Work, known: str | None, *, unsure: bool) -> dict[int, str]:
        """The messages that there are of this answer, by their number."""
        parts = {0: known} if known else {}
        # Only what another process may have begun is looked up: it costs a call.
        if unsure or self._begun_before(work) or work.kind == "edited":
            parts |= await self._posted(work)
        return parts

    def _begun_before(self, work: Work) -> bool:
        return work.tries > 1 or work.received_at < self._started

    async def _posted(self, work: Work) -> dict[int, str]:
        found: dict[int, str] = {}
        streamed: list[str] = []
        try:
            async for message in self._client.thread_messages(work.conversation, work.thread or ""):
                payload, ts = payload_of(message), str(message["ts"])
                if message.get("bot_id") != self._bot.bot_id:
                    continue
                if payload.get("about") == work.about:
                    found.setdefault(int(payload["part"]), ts)
                elif not payload and work.kind == "question" and float(ts) > float(work.ts):
                    streamed.append(ts)
        except SlackApiError as error:
            # An answer that may come twice is better than none.
            if error_code(error) != "missing_scope":
                raise
            log.error("Slack does not show me my own answers: %s", redacted(str(error)))
        for ts in streamed:
            shows = await self._threads.run(self._inbox.replied_with, work.conversation, ts)
            if shows is None:
                found.setdefault(0, ts)
        return found

    async def _put(self, work: Work, message: Message, number: int, ts: str | None) -> str:
        """Show a message, in place of the one with this ts if that is still there."""
        try:
            return await self._show(work, message, number, ts)
        except SlackApiError as error:
            if error_code(error) not in REJECTED:
                raise
            log.error("Slack rejected a message (%s); sending its text alone", error_code(error))
            return await self._show(work, text_alone(message), number, ts)

    async def _show(self, work: Work, message: Message, number: int, ts: str | None) -> str:
        content = {**shown(message), "metadata": metadata(work.about, number, work.kind)}
        if ts is not None:
            try:
                await self._update(work.conversation, ts, content)
                return ts
            except SlackApiError as error:
                if error_code(error) not in FIXED:
                    raise
        posted = await self._client.chat_postMessage(
            channel=work.conversation, thread_ts=work.thread, **content
        )
        return str(posted["ts"])

    async def _update(self, conversation: str, ts: str, content: Mapping[str, Any]) -> None:
        updated = {k: v for k, v in content.items() if not k.startswith("unfurl")}
        try:
            await self._client.chat_update(channel=conversation, ts=ts, **updated)
        except SlackApiError as error:
            if error_code(error) != "streaming_state_conflict":
                raise
            # A worker was stopped while it streamed.
            await self._client.chat_stopStream(channel=conversation, ts=ts)
            await self._client.chat_update(channel=conversation, ts=ts, **updated)

    async def _note(self, work: Work, ts: str, known: str | None) -> None:
        if ts == known:
            return
        noted = await self._threads.run(self._inbox.note_reply, work.id, ts, instead_of=known)
        # Another process has put a placeholder there in the meantime.
        if not noted and (other := await self._threads.run(self._inbox.reply_of, work.id)):
            await self._threads.run(self._inbox.note_reply, work.id, ts, instead_of=other)
            await self._delete(work.conversation, other)

    async def _delete(self, conversation: str, ts: str | None) -> None:
        if ts is not None:
            with suppress(SlackApiError):
                await self._client.chat_delete(channel=conversation, ts=ts)


def is_unreachable(error: BaseException) -> bool:
    """Whether Slack says that the place of a question can't be written to any more."""
    return isinstance(error, SlackApiError) and error_code(error) in UNREACHABLE
