"""Shows an answer in Slack while it is made: what is being read, then each sentence.

All of it is best effort: the whole answer is put in place afterwards. But the message of a
stream is noted at once, so that it is the one that becomes the answer.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_sdk.errors import SlackApiError

from bot.answers import Event, Replaced, SentenceReady, Status
from bot.redaction import redacted
from bot.slack.client import OUTAGES, Client
from bot.slack.errors import QuestionGoneError
from bot.slack.messages import PART_CHARACTERS, sentence_markdown
from bot.slack.queue import Work
from bot.slack.reply import Replies, TypingStatus
from vectorstore.errors import VectorstoreError

log = logging.getLogger(__name__)

STEP_SECONDS = 0.5
"""What the whole answer follows within this time is not shown by itself: so a quoted answer is
one message, and a stream keeps under the 100 appends that Slack takes a minute."""

LAST_STEP_SECONDS = 3.0
"""How long the whole answer waits for a step before it: Slack may be limiting the rate."""


class AnswerStreams:
    """Follows the making of answers."""

    def __init__(self, client: Client, replies: Replies, typing_status: TypingStatus) -> None:
        self._client = client
        self._replies = replies
        self._typing_status = typing_status

    @asynccontextmanager
    async def following(self, work: Work) -> AsyncIterator["AnswerStream"]:
        """A stream for the answer that is made within; afterwards its message may be updated."""
        stream = AnswerStream(self._client, self._replies, self._typing_status, work)
        following = asyncio.create_task(stream.follow())
        try:
            yield stream
        finally:
            stream.end()
            await asyncio.wait((following,), timeout=LAST_STEP_SECONDS)
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        await stream.close()


class AnswerStream:
    """One answer as it is being made; `send` is called where it is made, in another thread."""

    def __init__(
        self, client: Client, replies: Replies, typing_status: TypingStatus, work: Work
    ) -> None:
        self._client = client
        self._replies = replies
        self._typing_status = typing_status
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._ended = asyncio.Event()
        self._unwanted = threading.Event()
        self._status = ""
        self._sentences: list[str] = []
        self._characters = 0
        self._ts: str | None = None
        self._gives_up = False
        self.unsure = False
        """Whether there may be a message of this stream that is not noted."""

    def send(self, event: Event) -> None:
        """Something happened; raises `QuestionGoneError` when nobody waits for the answer."""
        if self._unwanted.is_set():
            raise QuestionGoneError("The question was deleted or stopped.")
        self._loop.call_soon_threadsafe(self._take, event)

    def end(self) -> None:
        """The answer is there, or nobody waits for it."""
        self._unwanted.set()
        self._ended.set()
        self._news.set()

    async def follow(self) -> None:
        """Show the events, step by step, until the end."""
        while not self._gives_up:
            await self._news.wait()
            if await self._ends_soon():
                return
            self._news.clear()
            try:
                await self._show()
            except (*OUTAGES, VectorstoreError) as error:
                log.info("%s is not streamed: %s", self._work.about, redacted(str(error)))
                self._gives_up = True

    async def close(self) -> None:
        """End the stream in Slack; a stream may be dead by then, which is as good."""
        if self._ts is None:
            return
        try:
            await self._replies.stop_stream(self._work, self._ts)
        except OUTAGES as error:
            log.info("The stream of %s: %s", self._work.about, redacted(str(error)))

    def _take(self, event: Event) -> None:
        match event:
            case Status():
                self._status = event.text
            case SentenceReady():
                self._sentences.append(sentence_markdown(event.sentence))
            case Replaced():
                self._gives_up = True
        self._news.set()

    async def _ends_soon(self) -> bool:
        try:
            await asyncio.wait_for(self._ended.wait(), STEP_SECONDS)
        except TimeoutError:
            return False
        return True

    async def _show(self) -> None:
        text, self._sentences = " ".join(self._sentences), []
        status, self._status = self._status, ""
        self._characters += len(text)
        if self._gives_up or self._characters > PART_CHARACTERS:
            self._gives_up = True
        elif text and self._ts is None:
            await self._open(text)
        elif text:
            await self._client.chat_appendStream(
                channel=self._work.conversation, ts=self._ts or "", markdown_text=f" {text}"
            )
        elif status and self._ts is None:
            await self._typing_status.set_status(
                self._work.conversation, self._work.thread or "", status
            )

    async def _open(self, text: str) -> None:
        work = self._work
        if not await self._replies.may_stream(work):
            self._gives_up = True
            return
        self.unsure = True
        try:
            opened = await self._client.chat_startStream(
                channel=work.conversation,
                thread_ts=work.thread or "",
                markdown_text=text,
                # Without these two, Slack streams in direct messages only.
                recipient_team_id=work.about.partition("/")[0],
                recipient_user_id=work.person,
            )
        except SlackApiError:
            self.unsure = False
            raise
        self._ts = str(opened["ts"])
        self._gives_up = not await self._replies.note_stream(work, self._ts)
        self.unsure = False
