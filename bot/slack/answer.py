"""Turns a question from Slack into messages: asked, stored, rendered; never an exception."""

import html
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from bot.answers import NOT_FOUND, Answer, Done, Event, Turn
from bot.errors import EmptyArchiveError
from bot.history import AnswerLog
from bot.newsdesk import Newsdesk
from bot.redaction import redacted
from bot.slack.client import OUTAGES, Client, Identity, Threads
from bot.slack.errors import QuestionGoneError
from bot.slack.events import SPOKEN, by_person, plain_text
from bot.slack.messages import Message, render_answer, render_ephemeral, render_help, render_plain
from bot.slack.queue import Inbox, Work
from bot.slack.reply import PENDING, Replies, is_unreachable, payload_of
from bot.slack.stream import AnswerStreams
from vectorstore.models import Filters

log = logging.getLogger(__name__)

QUESTION_CHARACTERS = 2_000

SORRY = "Something went wrong while I looked for an answer. Please ask me again in a while."

EMPTY = "The archive is empty so far, so there is nothing that I could answer from."

CUT = (
    f"Your question is very long: I read its first {QUESTION_CHARACTERS:,} characters, "
    "and left out the rest."
)

TOO_MANY = (
    "That is more questions in an hour than I may answer here ({limit} for {whom}). "
    "Please ask me again later."
)

OnEvent: TypeAlias = Callable[[Event], None]

TURNS = 20

ANSWERS = frozenset(("question", "edited", "watch"))
"""Kinds of work whose messages are answers; a receipt or a placeholder is none."""


_NAMED = re.compile(r"<@[^>]*>")

_MARKER = re.compile(r" ?\[\d+\]")


def _ignore(_: Event) -> None:
    """Nobody follows how the answer is made."""


class ThreadTurns:
    """Finds the turns of a thread; where they can't be had, the question stands alone."""

    def __init__(self, client: Client, memory: AnswerLog, bot: Identity, threads: Threads) -> None:
        self._client = client
        self._memory = memory
        self._bot = bot
        self._threads = threads

    async def before(self, work: Work) -> tuple[Turn, ...]:
        """The last turns before a question, the oldest first."""
        if work.kind not in ("question", "edited") or work.thread in (None, work.ts):
            return ()
        return await self._threads.run(self._kept, work) or await self._said(work)

    def _kept(self, work: Work) -> tuple[Turn, ...]:
        given = self._memory.newest(limit=TURNS, conversation=work.conversation, thread=work.thread)
        earlier = next((g.given_at for g in given if g.answer_id == work.answer_id), None)
        before = [
            g
            for g in given
            if g.answer_id != work.answer_id and (earlier is None or g.given_at <= earlier)
        ]
        return tuple(Turn.of(g.answer) for g in reversed(before))

    async def _said(self, work: Work) -> tuple[Turn, ...]:
        found = self._client.thread_messages(work.conversation, work.thread or "", latest=work.ts)
        try:
            messages = [m async for m in found if float(m["ts"]) < float(work.ts)]
        except OUTAGES as error:
            log.warning("%s is answered without its thread: %s", work.about, redacted(str(error)))
            return ()
        return turns_from(messages, self._bot)[-TURNS:]


@dataclass(frozen=True, slots=True)
class _AnswerRequest:
    work: Work
    history: Sequence[Turn] = ()
    on_event: OnEvent = _ignore
    ephemeral: bool = False

    def rendered(self, answer: Answer, answer_id: str) -> tuple[Message, ...]:
        if self.ephemeral:
            return (render_ephemeral(answer, answer_id=answer_id),)
        later = self.work.kind == "watch"
        return render_answer(answer, answer_id=answer_id, with_question=later)


class AnswerService:
    """Asks the archive on behalf of a conversation: it sees what everyone, and it, may see."""

    def __init__(
        self,
        newsdesk: Newsdesk,
        memory: AnswerLog,
        inbox: Inbox,
        turns: ThreadTurns,
        threads: Threads,
        *,
        per_person: int,
        per_channel: int,
    ) -> None:
        self._newsdesk = newsdesk
        self._memory = memory
        self._inbox = inbox
        self._turns = turns
        self._threads = threads
        self._per_person = per_person
        self._per_channel = per_channel

    async def messages(
        self, work: Work, on_event: OnEvent | None = None
    ) -> tuple[tuple[Message, ...], str | None]:
        """The messages that answer a question in its thread, and the id of the answer if it is one.

        `on_event` gets each event until then, in another thread; what it raises ends the work.
        """
        history = await self._turns.before(work)
        asked = _AnswerRequest(work, history, on_event or _ignore)
        return await self._threads.run(self._guarded, asked)

    async def ephemeral(self, work: Work) -> tuple[Message, ...]:
        """The messages that answer a question for its asker alone."""
        shown, _ = await self._threads.run(self._guarded, _AnswerRequest(work, ephemeral=True))
        return shown

    async def shown_message(self, answer_id: str, ts: str) -> None:
        """Note which message shows an answer."""
        await self._threads.run(self._memory.note_message, answer_id, ts)

    def ask(
        self,
        question: str,
        conversation: str,
        history: Sequence[Turn] = (),
        on_event: OnEvent = _ignore,
    ) -> Answer | None:
        """The archive's answer for those in a conversation; None where there is nothing to ask."""
        events = self._newsdesk.stream(
            question,
            history=history,
            filters=Filters(conversations=frozenset({conversation})),
        )
        try:
            with closing(events) as happening:
                for event in happening:
                    if isinstance(event, Done):
                        return event.answer
                    on_event(event)
        except EmptyArchiveError:
            return None
        raise AssertionError("an answer is the last event")

    def _guarded(self, asked: "_AnswerRequest") -> tuple[tuple[Message, ...], str | None]:
        try:
            return self._answered(asked)
        except QuestionGoneError:
            raise
        except Exception:
            log.exception("No answer to %s", asked.work.event_id)
            return (render_plain(SORRY),), None

    def _answered(self, asked: "_AnswerRequest") -> tuple[tuple[Message, ...], str | None]:
        work = asked.work
        question = work.body["text"]
        if not question:
            return (render_help(),), None
        if work.kind != "watch" and (refusal := self._too_many(work)):
            return (render_plain(refusal),), None
        answer = self.ask(
            question[:QUESTION_CHARACTERS], work.conversation, asked.history, asked.on_event
        )
        if answer is None:
            return (render_plain(EMPTY),), None
        answer_id = self._memory.add(
            answer,
            conversation=work.conversation,
            thread=work.thread,
            person=work.person,
            answer_id=work.answer_id,
        )
        shown = asked.rendered(answer, answer_id)
        if len(question) > QUESTION_CHARACTERS:
            shown = (*shown, render_plain(CUT))
        return shown, answer_id

    def _too_many(self, work: Work) -> str | None:
        by_person, in_channel = self._inbox.asked_before(work)
        if by_person >= self._per_person:
            return TOO_MANY.format(limit=self._per_person, whom="one person")
        if in_channel >= self._per_channel:
            return TOO_MANY.format(limit=self._per_channel, whom="one channel")
        return None


class QuestionHandler:
    """Answers a question, or answers it again in place when it was edited."""

    def __init__(
        self, answering: AnswerService, replies: Replies, streaming: AnswerStreams
    ) -> None:
        self._answering = answering
        self._replies = replies
        self._streaming = streaming

    async def __call__(self, work: Work) -> None:
        async with self._streaming.following(work) as stream:
            messages, answer_id = await self._answering.messages(work, stream.send)
        try:
            ts = await self._replies.answer(work, messages, unsure=stream.unsure)
        except Exception as error:
            if not is_unreachable(error):
                raise
            log.warning("Nowhere to answer %s: %s", work.event_id, error)
            return
        if answer_id is not None:
            await self._answering.shown_message(answer_id, ts)


def turns_from(messages: Iterable[Mapping[str, Any]], bot: Identity) -> tuple[Turn, ...]:
    """The turns in the messages of a thread, which come the oldest first.

    What people write is a question, without the names in it; what the bot writes is the answer to
    the message that it is about, all parts of it; other bots are left out.
    """
    turns: dict[str, Turn] = {}
    for message in messages:
        if bot.bot_id == message.get("bot_id") or bot.user_id == message.get("user"):
            asked = str(payload_of(message).get("about", "")).rpartition("/")[2]
            asked = asked if asked in turns else next(reversed(turns), "")
            if asked and (answer := _answer_in(message)):
                joined = f"{turns[asked].answer} {answer}".lstrip()
                turns[asked] = replace(turns[asked], answer=joined)
        elif by_person(message, bot) and message.get("subtype") in SPOKEN:
            turns[message["ts"]] = Turn(plain_text(_NAMED.sub(" ", message.get("text") or "")))
    return tuple(turn for turn in turns.values() if turn.question)


def _answer_in(message: Mapping[str, Any]) -> str:
    """The sentences of an answer without its markers; none of what is no answer."""
    kind = payload_of(message).get("kind", "question")
    text = " ".join(_MARKER.sub("", html.unescape(message.get("text") or "")).split())
    return "" if kind == PENDING or kind not in ANSWERS or text == NOT_FOUND else text
