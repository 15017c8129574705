"""Questions that nothing answered yet, kept open until a later ingest answers them."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.history import AnswerLog, LoggedAnswer
from bot.redaction import redacted
from bot.slack.answer import AnswerService, QuestionHandler
from bot.slack.client import Threads
from bot.slack.messages import render_plain
from bot.slack.queue import Delivered, Work, add
from bot.slack.reply import AtMostOnce, Replies
from bot.slack.tables import watches
from bot.slack.worker import Worker
from vectorstore.database import Database
from vectorstore.schema import ingest_runs

log = logging.getLogger(__name__)

PROMISED = "I will tell you {where} when an article answers this."


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """An open question; without a `thread` its asker gets a direct message."""

    watch_id: int
    question: str
    conversation: str
    thread: str
    person: str


class OpenQuestions:
    """Stores open questions in the ledger's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, question: str, *, conversation: str, thread: str, person: str) -> None:
        """Keep a question open; once for a thread, however often it is asked."""
        values = {
            "question": question,
            "conversation": conversation,
            "thread": thread,
            "person": person,
            "asked_at": _now(),
        }
        with self._database.writing() as connection:
            connection.execute(insert(watches).values(values).on_conflict_do_nothing())

    def open(self) -> list[OpenQuestion]:
        with self._database.reading() as connection:
            rows = connection.execute(select(watches).where(watches.c.told_at.is_(None)))
            return [
                OpenQuestion(row.watch_id, row.question, row.conversation, row.thread, row.person)
                for row in rows
            ]

    def close(self, question: OpenQuestion) -> None:
        """Close a question and put it into the inbox, to be answered once."""
        about = f"watch/{question.watch_id}"
        work = Delivered(
            about,
            "watch",
            about=about,
            conversation=question.conversation,
            person=question.person,
            thread=question.thread or None,
            body={"text": question.question},
        )
        with self._database.writing() as connection:
            connection.execute(
                update(watches)
                .where(watches.c.watch_id == question.watch_id)
                .values(told_at=_now())
            )
            add(connection, work, time.time())

    def last_ingest(self) -> int:
        """A number that grows with all that is ingested, by whatever process."""
        news = func.sum(ingest_runs.c.added + ingest_runs.c.updated)
        with self._database.reading() as connection:
            return connection.scalar(select(news)) or 0


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class OpenQuestionPoller:
    """Looks for ingests of any process; what they answer goes through the inbox."""

    def __init__(
        self,
        store: OpenQuestions,
        answering: AnswerService,
        worker: Worker,
        threads: Threads,
        *,
        poll_seconds: float,
    ) -> None:
        self._store = store
        self._answering = answering
        self._worker = worker
        self._threads = threads
        self._poll_seconds = poll_seconds
        self._seen = -1

    def look_again(self) -> None:
        """An open question is new: an ingest may have come before it."""
        self._seen = -1

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                if await self._threads.run(self._look):
                    self._worker.wake()
            except Exception as error:
                log.error("Open questions can't be asked again: %s", redacted(str(error)))
            await asyncio.sleep(self._poll_seconds)

    def _look(self) -> bool:
        last = self._store.last_ingest()
        if last == self._seen:
            return False
        self._seen = last
        answered = False
        for question in self._store.open():
            answer = self._answering.ask(question.question, question.conversation)
            if answer is not None and answer.found:
                self._store.close(question)
                answered = True
        return answered


class OpenQuestionHandler:
    """The button "Tell me when it is", and the answer that a later ingest brings."""

    def __init__(
        self,
        store: OpenQuestions,
        poller: OpenQuestionPoller,
        memory: AnswerLog,
        answering: AnswerService,
        replies: Replies,
        in_thread: QuestionHandler,
        at_most_once: AtMostOnce,
        threads: Threads,
    ) -> None:
        self._store = store
        self._poller = poller
        self._memory = memory
        self._answering = answering
        self._replies = replies
        self._in_thread = in_thread
        self._at_most_once = at_most_once
        self._threads = threads

    def register(self, app: AsyncApp) -> None:
        app.action("tell_me")(self.asked)

    async def asked(self, ack: AsyncAck, respond: AsyncRespond, body: Mapping[str, Any]) -> None:
        answer_id, person = body["actions"][0]["value"], body["user"]["id"]
        given = await self._threads.run(self._memory.get, answer_id)
        if given is not None and given.conversation == body["channel"]["id"]:
            await self._threads.run(self._keep_open, given, person)
            self._poller.look_again()
        await ack()
        if given is not None:
            where = "in this thread" if given.thread else "in a direct message"
            shown = render_plain(PROMISED.format(where=where))
            await respond(
                text=shown.text,
                blocks=list(shown.blocks),
                response_type="ephemeral",
                replace_original=False,
            )

    async def __call__(self, work: Work) -> None:
        if work.thread:
            await self._in_thread(work)
            return
        messages = self._at_most_once.interrupted(work)
        if not messages:
            messages, _ = await self._answering.messages(work)
        async with self._at_most_once.sending(work):
            for message in messages:
                await self._replies.post(work.person, message)

    def _keep_open(self, given: LoggedAnswer, person: str) -> None:
        self._store.add(
            # By itself the question may make no sense outside of its thread.
            given.answer.standalone_question or given.answer.question,
            conversation=given.conversation,
            thread=given.thread or "",
            person=person,
        )
