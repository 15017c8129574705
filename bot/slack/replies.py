"""Shows answers in Slack: a sign at once, then one answer in its place, however often it is tried.

Every message carries in its metadata which question it answers. So after a crash between
posting and noting it, the message is found in the thread and not posted again.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.client import Client, error_code
from bot.slack.errors import QuestionGoneError
from bot.slack.inbox import Inbox, Work
from bot.slack.redaction import redacted
from bot.slack.rendering import Message, render_plain, text_alone
from bot.slack.threads import Threads

log = logging.getLogger(__name__)

READING = "is reading the archive …"
PLACEHOLDER = "Reading the archive …"
EVENT_TYPE = "newsdesk_answer"
PENDING = "pending"
SIGNS_AT_ONCE = 8
SIGN_SECONDS = 3.0
"""How long an answer waits for the sign that comes before it: Slack may be limiting the rate."""

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

OUTAGES = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)


class Replies:
    """Posts and updates the bot's messages in threads."""

    def __init__(self, client: Client, inbox: Inbox, threads: Threads) -> None:
        self._client = client
        self._inbox = inbox
        self._threads = threads
        self._started = time.time()
        self._signing: dict[int, asyncio.Task[None]] = {}
        # A hundred calls at once would hold up the acknowledgements that Slack waits for.
        self._signs = asyncio.Semaphore(SIGNS_AT_ONCE)

    def sign(
        self, work_id: int, conversation: str, thread: str, about: str, *, placeholder: bool
    ) -> None:
        """Begin to show that a question is worked on: a status, else perhaps a placeholder."""
        task = asyncio.create_task(
            self._sign(work_id, conversation, thread, about if placeholder else None)
        )
        self._signing[work_id] = task
        task.add_done_callback(lambda _: self._signing.pop(work_id, None))

    async def answer(self, work: Work, messages: Sequence[Message]) -> str:
        """Put an answer in place, in as many messages as it takes; returns the first one's ts.

        Raises `QuestionGoneError` when the question was taken back in the meantime.
        """
        signed = await self._signed(work.id)
        known = await self._threads.run(self._inbox.reply_of, work.id)
        if not await self._threads.run(self._inbox.wanted, work):
            await self._delete(work.conversation, known)
            raise QuestionGoneError("The question was deleted or stopped.")
        parts = await self._parts(work, known, unsure=not signed)
        shown = [
            await self._put(work, message, number, parts.get(number))
            for number, message in enumerate(messages)
        ]
        for number, ts in parts.items():
            if number >= len(messages):
                await self._delete(work.conversation, ts)
        await self._note(work, shown[0], known)
        return shown[0]

    async def post(self, conversation: str, message: Message, *, thread: str | None = None) -> str:
        """Post a message that answers no event."""
        posted = await self._client.chat_postMessage(
            channel=conversation, thread_ts=thread, **_shown(message)
        )
        return str(posted["ts"])

    async def take_back(self, work_id: int, conversation: str) -> None:
        """Delete the message that says that a question is being worked on."""
        await self._signed(work_id)
        await self._delete(conversation, await self._threads.run(self._inbox.reply_of, work_id))

    async def _sign(self, work_id: int, conversation: str, thread: str, about: str | None) -> None:
        async with self._signs:
            if await self._set_status(conversation, thread) or about is None:
                return
            await self._post_placeholder(work_id, conversation, thread, about)

    async def _set_status(self, conversation: str, thread: str) -> bool:
        try:
            await self._client.assistant_threads_setStatus(
                channel_id=conversation, thread_ts=thread, status=READING
            )
        except OUTAGES as error:
            log.debug("No status: %s", error)
            return False
        return True

    async def _post_placeholder(
        self, work_id: int, conversation: str, thread: str, about: str
    ) -> None:
        try:
            posted = await self._client.chat_postMessage(
                channel=conversation,
                thread_ts=thread,
                metadata=_metadata(about, 0, PENDING),
                **_shown(render_plain(PLACEHOLDER)),
            )
            ts = str(posted["ts"])
            if not await self._threads.run(self._inbox.note_reply, work_id, ts):
                await self._delete(conversation, ts)
        except OUTAGES as error:
            log.warning("No sign of work in %s: %s", conversation, redacted(str(error)))

    async def _signed(self, work_id: int) -> bool:
        """Wait until the sign is there, but not for long; False if it may be, unnoted."""
        signing = self._signing.get(work_id)
        if signing is None:
            return True
        done, _ = await asyncio.wait((signing,), timeout=SIGN_SECONDS)
        signing.cancel()
        return bool(done)

    async def _parts(self, work: Work, known: str | None, *, unsure: bool) -> dict[int, str]:
        """The messages that there are of this answer, by their number."""
        parts = {0: known} if known else {}
        # Only what another process may have begun is looked up: it costs a call.
        begun_before = work.tries > 1 or work.received_at < self._started
        if unsure or begun_before or work.kind == "edited":
            parts |= await self._posted(work)
        return parts

    async def _posted(self, work: Work) -> dict[int, str]:
        found: dict[int, str] = {}
        try:
            async for message in self._client.thread_messages(work.conversation, work.thread or ""):
                payload = payload_of(message)
                if message.get("bot_id") and payload.get("about") == work.about:
                    found.setdefault(int(payload["part"]), str(message["ts"]))
        except SlackApiError as error:
            # An answer that may come twice is better than none.
            if error_code(error) != "missing_scope":
                raise
            log.error("Slack does not show me my own answers: %s", redacted(str(error)))
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
        metadata = _metadata(work.about, number, work.kind)
        shown: dict[str, Any] = {**_shown(message), "metadata": metadata}
        if ts is not None:
            try:
                updated = {k: v for k, v in shown.items() if not k.startswith("unfurl")}
                await self._client.chat_update(channel=work.conversation, ts=ts, **updated)
                return ts
            except SlackApiError as error:
                if error_code(error) not in FIXED:
                    raise
        posted = await self._client.chat_postMessage(
            channel=work.conversation, thread_ts=work.thread, **shown
        )
        return str(posted["ts"])

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


def _shown(message: Message) -> dict[str, Any]:
    return {
        "text": message.text,
        "blocks": list(message.blocks),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def payload_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """What the bot noted on a message of its own: what it is about, which part, of which kind."""
    return dict((message.get("metadata") or {}).get("event_payload") or {})


def _metadata(about: str, part: int, kind: str) -> dict[str, Any]:
    payload = {"about": about, "part": part, "kind": kind}
    return {"event_type": EVENT_TYPE, "event_payload": payload}
