"""Shows answers in Slack: one answer in its place, however often it is tried.

Every message carries in its metadata which question it answers. So after a crash between
posting and noting it, the message is found in the thread and not posted again. A message that is
still streamed can carry none: in the thread it is the one without metadata.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.redaction import redacted
from bot.slack.client import OUTAGES, Client, Identity, Threads, error_code
from bot.slack.errors import QuestionGoneError, SlackError
from bot.slack.messages import Message, render_plain, text_alone
from bot.slack.queue import About, Inbox, Work

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


BEGUN = "begun"
"""Stands for the message of such work, which has none that could be updated."""


INTERRUPTED = (
    "I was interrupted while I answered you. If you don't see my answer above, please ask again."
)

EVENT_TYPE = "newsdesk_answer"

PENDING = "pending"
"""The kind of a message that only shows that a question is worked on."""


READING = "Reading the archive …"

SIGNS_AT_ONCE = 8

SIGN_SECONDS = 3.0
"""How long an answer waits for the sign that comes before it: Slack may be limiting the rate."""


class TypingStatus:
    """Gives typing_status in the background; they are best effort."""

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


class AtMostOnce:
    """An answer that only one person sees, or that is posted outside of any thread."""

    def __init__(self, inbox: Inbox, threads: Threads) -> None:
        self._inbox = inbox
        self._threads = threads

    def interrupted(self, work: Work) -> tuple[Message, ...]:
        """A message for where a worker died after it began to send; nothing if none did."""
        return (render_plain(INTERRUPTED),) if work.reply_ts == BEGUN else ()

    @asynccontextmanager
    async def sending(self, work: Work) -> AsyncIterator[None]:
        """Note that it is sent now, and take that back where Slack did not take it."""
        noted = await self._threads.run(self._inbox.note_reply, work.id, BEGUN)
        try:
            yield
        except (SlackError, SlackApiError):
            if noted:
                await self._threads.run(self._inbox.forget_reply, work.id)
            raise


class Replies:
    """Posts and updates the bot's messages in threads."""

    def __init__(
        self,
        client: Client,
        inbox: Inbox,
        typing_status: TypingStatus,
        bot: Identity,
        threads: Threads,
    ) -> None:
        self._client = client
        self._inbox = inbox
        self._typing_status = typing_status
        self._bot = bot
        self._threads = threads
        self._started = time.time()

    async def answer(self, work: Work, messages: Sequence[Message], *, unsure: bool = False) -> str:
        """Put an answer in place, in as many messages as it takes; returns the first one's ts.

        `unsure`: there may be a message of it that is not noted. Raises
        `QuestionGoneError` when the question was taken back in the meantime.
        """
        signed = await self._typing_status.settled(work.id)
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
        stopped: Collection[str] = (),
    ) -> None:
        """Delete the message of a question that was worked on, and the signs of that work.

        Streams that their reader stopped, each with its ts in `stopped`, stay as they are.
        """
        await self._typing_status.settled(work_id)
        if thread:
            await self._typing_status.clear_status(conversation, thread)
        known = await self._threads.run(self._inbox.reply_of, work_id)
        if known is None or known not in stopped:
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
        if (
            work.kind != "question"
            or self._begun_before(work)
            or self._typing_status.is_pending(work.id)
        ):
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
    """Whether the conversation or thread of a question can't be written to any more."""
    return isinstance(error, SlackApiError) and error_code(error) in UNREACHABLE


def shown(message: Message) -> dict[str, Any]:
    """The arguments of chat.postMessage; chat.update takes those that don't begin with unfurl."""
    return {
        "text": message.text,
        "blocks": list(message.blocks),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def metadata(about: str, part: int, kind: str) -> dict[str, Any]:
    """The note on a message: which question it answers, which part it is, of which kind of work."""
    payload = {"about": about, "part": part, "kind": kind}
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def payload_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """What `metadata` noted on a message of the bot; nothing on others."""
    return dict((message.get("metadata") or {}).get("event_payload") or {})
