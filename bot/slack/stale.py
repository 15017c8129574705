"""Marks the message of an answer whose cited articles have changed since, or are gone."""

import asyncio
import logging
from collections.abc import Sequence

from slack_sdk.errors import SlackApiError

from bot.history import AnswerLog, LoggedAnswer, StaleCitation
from bot.redaction import redacted
from bot.slack.client import TOKEN_ERRORS, Threads, error_code
from bot.slack.messages import marked, render_answer
from bot.slack.queue import Inbox
from bot.slack.reply import Replies

log = logging.getLogger(__name__)


PASSING = TOKEN_ERRORS | {
    "",
    "fatal_error",
    "internal_error",
    "missing_scope",
    "ratelimited",
    "request_timeout",
    "service_unavailable",
}
"""After these a mark is tried again. Whatever else Slack answers for a message, such as that it is
deleted, asking again does not change."""


class StaleAnswerMarks:
    """Looks for changes by any process, and marks each once."""

    def __init__(
        self,
        marking: AnswerLog,
        inbox: Inbox,
        replies: Replies,
        threads: Threads,
        *,
        poll_seconds: float,
    ) -> None:
        self._marking = marking
        self._inbox = inbox
        self._replies = replies
        self._threads = threads
        self._poll_seconds = poll_seconds

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                for given, outdated in await self._threads.run(self._marking.unmarked_stale):
                    await self._tell(given, outdated)
            except Exception as error:
                log.error("Outdated answers can't be marked now: %s", redacted(str(error)))
            await asyncio.sleep(self._poll_seconds)

    async def _tell(self, given: LoggedAnswer, outdated: Sequence[StaleCitation]) -> None:
        try:
            await self._show(given, outdated)
        except SlackApiError as error:
            if error_code(error) in PASSING:
                raise
            log.info("The answer %s is not marked: %s", given.answer_id, error_code(error))
        await self._threads.run(self._marking.mark_stale, given.answer_id)

    async def _show(self, given: LoggedAnswer, outdated: Sequence[StaleCitation]) -> None:
        ts = given.message_ts or ""
        work = await self._threads.run(self._inbox.replied_with, given.conversation, ts)
        # An answer that was shared, or came later, stands where the question was not asked.
        elsewhere = given.thread is None or (work is not None and work.kind == "watch")
        first, *_ = render_answer(given.answer, answer_id=given.answer_id, with_question=elsewhere)
        await self._replies.update(given.conversation, ts, marked(first, outdated), work)
