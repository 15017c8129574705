"""The life of a question: made to stand alone, searched, answered, as events."""

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.answerers import Answerer, Task
from bot.answers import Answer, Dates, Done, Event, Retrieved, Status, Turn
from bot.errors import EmptyArchiveError
from bot.questions.dates import dates_in, may_have_dates
from bot.quoted import is_answered
from vectorstore.library import Library
from vectorstore.models import Filters, Hit

if TYPE_CHECKING:
    from bot.rewriting import Rewriting

HITS_READ = 10
"""How many passages an answer is chosen from, at most this many of one article."""


ANSWER_SECONDS = 45.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what belongs to it."""

    question: str
    turns: tuple[Turn, ...] = ()
    """What was said before, the oldest first."""

    filters: Filters = field(default_factory=Filters)
    max_sentences: int | None = None
    use_dates: bool = True
    """Whether dates in the question narrow the search, unless the filters name some."""


@dataclass(frozen=True, slots=True)
class _Found:
    hits: list[Hit]
    dates: Dates | None


class Asking:
    """Answers questions from a library; safe to use from several threads.

    `seconds` is how long an answer may take before it is quoted, whatever a chat model does.
    """

    def __init__(
        self,
        library: Library,
        answerer: Answerer,
        *,
        rewriting: "Rewriting | None" = None,
        seconds: float = ANSWER_SECONDS,
        today: Callable[[], date] = lambda: datetime.now().astimezone().date(),
    ) -> None:
        self._library = library
        self._answerer = answerer
        self._rewriting = rewriting
        self._seconds = seconds
        self._today = today

    def events(self, asked: Asked) -> Generator[Event, None, None]:
        """Yield what happens until the answer is there, which is the last event; close it to stop.

        Raises `EmptyArchiveError` when there is nothing to ask.
        """
        started = time.perf_counter()
        until = time.monotonic() + self._seconds
        if asked.turns and self._rewriting:
            yield Status("Reading the conversation …")
        question = self.standalone(asked.question, asked.turns, until=until)
        found = self._find(question, asked)
        retrieved = time.perf_counter()
        yield Retrieved(question, tuple(found.hits), found.dates)
        yield Status(_reading(found.hits))
        task = Task(
            question,
            found.hits,
            asked.max_sentences,
            newest_first=bool(found.dates and found.dates.newest_first),
            today=self._today(),
            until=until,
        )
        for event in self._answerer.events(task):
            if isinstance(event, Done):
                ended = time.perf_counter()
                seconds = {
                    "retrieve": round(retrieved - started, 6),
                    "answer": round(ended - retrieved, 6),
                    "total": round(ended - started, 6),
                }
                yield Done(self._whole(event.answer, asked, found, seconds))
            else:
                yield event

    def standalone(
        self, question: str, turns: Sequence[Turn], *, until: float | None = None
    ) -> str:
        """The question as it is understood after these turns."""
        if not turns:
            return question
        if self._rewriting:
            until = time.monotonic() + self._seconds if until is None else until
            return self._rewriting.standalone(question, turns, today=self._today(), until=until)
        from bot.questions.followups import standalone

        return standalone(question, turns)

    def warm(self) -> None:
        """Load in the background what a first answer would wait for."""
        self._answerer.warm()

    def hits(self, question: str, *, limit: int, per_article: int, filters: Filters) -> list[Hit]:
        """The passages nearest to a question; raises `EmptyArchiveError`."""
        hits = self._library.search(question, limit=limit, per_article=per_article, filters=filters)
        if not hits and not self._library.ledger.counts(_seen_by_asker(filters))["articles"]:
            raise EmptyArchiveError(
                "The archive is empty. Give it articles first, for example: "
                "newsdesk ingest samples/"
            )
        return hits

    def _find(self, question: str, asked: Asked) -> _Found:
        """Search as the question dates itself; where nothing of that time answers, all of it."""
        dates = self._dates(question, asked)
        if dates is None or not (dates.since or dates.until):
            return _Found(self._read(question, asked.filters), dates)
        narrowed = replace(asked.filters, since=dates.since, until=dates.until)
        within = self._read(question, narrowed)
        if is_answered(question, within):
            return _Found(within, dates)
        anywhere = self._read(question, asked.filters)
        if within and not is_answered(question, anywhere):
            return _Found(within, dates)
        return _Found(anywhere, replace(dates, kept=False))

    def _read(self, question: str, filters: Filters) -> list[Hit]:
        return self.hits(question, limit=HITS_READ, per_article=HITS_READ, filters=filters)

    def _dates(self, question: str, asked: Asked) -> Dates | None:
        filters = asked.filters
        if not asked.use_dates or filters.since or filters.until or not may_have_dates(question):
            return None
        covered = self._library.ledger.dates_covered(_seen_by_asker(filters))
        return dates_in(question, today=self._today(), newest=covered[1] if covered else None)

    def _whole(
        self, answer: Answer, asked: Asked, found: _Found, seconds: dict[str, float]
    ) -> Answer:
        covered = None
        if not answer.found:
            covered = self._library.ledger.dates_covered(_seen_by_asker(asked.filters))
        return replace(
            answer,
            question=asked.question,
            covered=covered,
            dates=found.dates,
            retrieved=tuple(hit.passage.passage_id for hit in found.hits),
            seconds=seconds,
        )


def _seen_by_asker(filters: Filters) -> Filters:
    """All that the asker may see, whatever dates and sources the question was narrowed to."""
    return Filters(conversations=filters.conversations)


def _reading(hits: Sequence[Hit]) -> str:
    articles = len({hit.passage.article_id for hit in hits})
    return f"Reading {articles} article{'s' if articles != 1 else ''} …"
