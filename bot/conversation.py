"""A conversation: questions that refer to earlier ones, kept in the answer log."""

import secrets
from collections.abc import Generator, Sequence
from dataclasses import replace

from bot.answers import Answer, Citation, Done, Event, Turn
from bot.history import CHAT
from bot.newsdesk import Newsdesk
from vectorstore.models import Filters, Passage


class Conversation:
    """Asks one question after the other; `continued` is the id of an earlier conversation."""

    def __init__(
        self, newsdesk: Newsdesk, *, filters: Filters, use_dates: bool, continued: str | None = None
    ) -> None:
        self.filters = filters
        self.use_dates = use_dates
        self.answers: list[Answer] = []
        """Given since the conversation was begun or continued, the oldest first."""
        self._newsdesk = newsdesk
        self._turns: list[Turn] = newsdesk.answer_log.turns(continued) if continued else []
        self._id = continued or _new_id()

    @property
    def turns(self) -> Sequence[Turn]:
        return self._turns

    def ask(self, question: str) -> Generator[Event, None, None]:
        """Answer as `Newsdesk.stream`; an answer that is stopped half-way is not kept."""
        for event in self._newsdesk.stream(
            question, history=self._turns, filters=self.filters, use_dates=self.use_dates
        ):
            if isinstance(event, Done):
                self._turns.append(Turn.of(event.answer))
                self.answers.append(event.answer)
                self._newsdesk.remember(event.answer, conversation=self._id)
            yield event

    def passage(self, citation: Citation) -> Passage | None:
        """The passage that a citation stands in; None when its article has changed since."""
        passages = self._newsdesk.library.ledger.passages(citation.article_id)
        return next((p for p in passages if p.passage_id == citation.passage_id), None)

    def begin_anew(self) -> None:
        """Start a new conversation; the old one stays in the answer log."""
        self._turns.clear()
        self.answers.clear()
        self._id = _new_id()

    def narrow(self, *, since: str | None) -> None:
        self.filters = replace(self.filters, since=since)


def _new_id() -> str:
    return CHAT + secrets.token_hex(6)
