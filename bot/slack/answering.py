"""Turns a question from Slack into messages: asked, stored, rendered; never an exception."""

import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias

from bot.answers import Answer
from bot.errors import EmptyArchiveError
from bot.events import Done, Event
from bot.memory import Memory
from bot.newsdesk import Newsdesk
from bot.slack.errors import QuestionGoneError
from bot.slack.inbox import Inbox, Work
from bot.slack.rendering import Message, render_answer, render_ephemeral, render_help, render_plain
from bot.slack.threads import Threads
from bot.slack.turns import ThreadTurns
from bot.turns import Turn
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


Tell: TypeAlias = Callable[[Event], None]


def _nobody(_: Event) -> None:
    """Nobody follows how the answer is made."""


@dataclass(frozen=True, slots=True)
class _Asked:
    work: Work
    history: Sequence[Turn] = ()
    tell: Tell = _nobody
    ephemeral: bool = False

    def rendered(self, answer: Answer, answer_id: str) -> tuple[Message, ...]:
        if self.ephemeral:
            return (render_ephemeral(answer, answer_id=answer_id),)
        later = self.work.kind == "watch"
        return render_answer(answer, answer_id=answer_id, with_question=later)


class Answering:
    """Asks the archive on behalf of a conversation: it sees what everyone, and it, may see."""

    def __init__(
        self,
        newsdesk: Newsdesk,
        memory: Memory,
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
        self, work: Work, tell: Tell | None = None
    ) -> tuple[tuple[Message, ...], str | None]:
        """What to say to a question in its thread, and the id of the answer if it is one.

        `tell` is told, in another thread, what happens until then; what it raises ends the work.
        """
        history = await self._turns.before(work)
        asked = _Asked(work, history, tell or _nobody)
        return await self._threads.run(self._guarded, asked)

    async def ephemeral(self, work: Work) -> tuple[Message, ...]:
        """What to say to a question that only the asker sees."""
        shown, _ = await self._threads.run(self._guarded, _Asked(work, ephemeral=True))
        return shown

    async def shown_message(self, answer_id: str, ts: str) -> None:
        """Note which message shows an answer."""
        await self._threads.run(self._memory.note_message, answer_id, ts)

    def ask(
        self,
        question: str,
        conversation: str,
        history: Sequence[Turn] = (),
        tell: Tell = _nobody,
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
                    tell(event)
        except EmptyArchiveError:
            return None
        raise AssertionError("an answer is the last event")

    def _guarded(self, asked: "_Asked") -> tuple[tuple[Message, ...], str | None]:
        try:
            return self._answered(asked)
        except QuestionGoneError:
            raise
        except Exception:
            log.exception("No answer to %s", asked.work.event_id)
            return (render_plain(SORRY),), None

    def _answered(self, asked: "_Asked") -> tuple[tuple[Message, ...], str | None]:
        work = asked.work
        question = work.body["text"]
        if not question:
            return (render_help(),), None
        if work.kind != "watch" and (refusal := self._too_many(work)):
            return (render_plain(refusal),), None
        answer = self.ask(
            question[:QUESTION_CHARACTERS], work.conversation, asked.history, asked.tell
        )
        if answer is None:
            return (render_plain(EMPTY),), None
        answer_id = self._memory.keep(
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
