"""The chain that answers a question: understand it, retrieve passages, answer from them."""

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.answers import (
    Answer,
    Answerer,
    AnswerRequest,
    Dates,
    Done,
    Event,
    Retrieved,
    Status,
    Turn,
)
from bot.errors import EmptyArchiveError
from bot.phrasing import counted
from bot.questions.dates import dates_in, may_have_dates
from bot.quoted import is_answered
from vectorstore.library import Library
from vectorstore.models import Filters, Hit

if TYPE_CHECKING:
    from bot.newsdesk import Newsdesk
    from bot.rewriting import QuestionRewriter
    from bot.runnable import AnswerRunnable

PASSAGES_READ = 10
"""How many passages an answer is chosen from, at most this many of one article."""

ANSWER_SECONDS = 45.0

Retrieve = Callable[[str, Filters], list[Hit]]
"""The passages nearest to a question, best first."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question and what belongs to it."""

    question: str
    turns: tuple[Turn, ...] = ()
    """The conversation before it, the oldest turn first."""

    filters: Filters = field(default_factory=Filters)
    max_sentences: int | None = None
    use_dates: bool = True
    """Whether dates in the question narrow the search, unless the filters have dates."""


@dataclass(frozen=True, slots=True)
class _Results:
    hits: list[Hit]
    dates: Dates | None


class AnswerChain:
    """Answers questions from a library, without LangChain; safe to use from several threads.

    `seconds` is how long an answer may take before it is quoted, whatever a chat model does.
    """

    def __init__(
        self,
        library: Library,
        answerer: Answerer,
        *,
        rewriter: "QuestionRewriter | None" = None,
        retrieve: Retrieve | None = None,
        seconds: float = ANSWER_SECONDS,
        today: Callable[[], date] = lambda: datetime.now().astimezone().date(),
    ) -> None:
        self._library = library
        self._answerer = answerer
        self._rewriter = rewriter
        self._retrieve = retrieve or self._retrieve_from_library
        self._seconds = seconds
        self._today = today

    def with_retrieve(self, retrieve: Retrieve) -> "AnswerChain":
        """The same chain with another way to retrieve passages."""
        return AnswerChain(
            self._library,
            self._answerer,
            rewriter=self._rewriter,
            retrieve=retrieve,
            seconds=self._seconds,
            today=self._today,
        )

    def events(self, query: Query) -> Generator[Event, None, None]:
        """Yield what happens until the answer is there, which is the last event; close it to stop.

        Raises `EmptyArchiveError` when there is nothing to ask.
        """
        started = time.perf_counter()
        deadline = time.monotonic() + self._seconds
        if query.turns and self._rewriter:
            yield Status("Reading the conversation …")
        question = self.standalone(query.question, query.turns, deadline=deadline)
        results = self._results(question, query)
        retrieved = time.perf_counter()
        yield Retrieved(question, tuple(results.hits), results.dates)
        yield Status(_reading(results.hits))
        request = AnswerRequest(
            question,
            results.hits,
            query.max_sentences,
            newest_first=bool(results.dates and results.dates.newest_first),
            today=self._today(),
            deadline=deadline,
        )
        for event in self._answerer.events(request):
            if isinstance(event, Done):
                ended = time.perf_counter()
                seconds = {
                    "retrieve": round(retrieved - started, 6),
                    "answer": round(ended - retrieved, 6),
                    "total": round(ended - started, 6),
                }
                yield Done(self._completed(event.answer, query, results, seconds))
            else:
                yield event

    def standalone(
        self, question: str, turns: Sequence[Turn], *, deadline: float | None = None
    ) -> str:
        """The question as it is understood after these turns."""
        if not turns:
            return question
        if self._rewriter:
            deadline = time.monotonic() + self._seconds if deadline is None else deadline
            return self._rewriter.standalone(
                question, turns, today=self._today(), deadline=deadline
            )
        from bot.questions.followups import standalone

        return standalone(question, turns)

    def search(self, question: str, *, limit: int, per_article: int, filters: Filters) -> list[Hit]:
        """The passages nearest to a question; raises `EmptyArchiveError`."""
        hits = self._library.search(question, limit=limit, per_article=per_article, filters=filters)
        self._require_articles(hits, filters)
        return hits

    def warm(self) -> None:
        """Load in the background what a first answer would wait for."""
        self._answerer.warm()

    def _retrieve_from_library(self, question: str, filters: Filters) -> list[Hit]:
        return self._library.search(
            question, limit=PASSAGES_READ, per_article=PASSAGES_READ, filters=filters
        )

    def _require_articles(self, hits: Sequence[Hit], filters: Filters) -> None:
        if hits or self._library.ledger.counts(_visible_to_asker(filters))["articles"]:
            return
        raise EmptyArchiveError(
            "The archive is empty. Give it articles first, for example: newsdesk ingest samples/"
        )

    def _results(self, question: str, query: Query) -> _Results:
        """Search the dates that the question names; if nothing there answers, all dates."""
        dates = self._dates(question, query)
        if dates is None or not (dates.since or dates.until):
            return _Results(self._hits(question, query.filters), dates)
        narrowed = replace(query.filters, since=dates.since, until=dates.until)
        within = self._hits(question, narrowed)
        if is_answered(question, within):
            return _Results(within, dates)
        anywhere = self._hits(question, query.filters)
        if within and not is_answered(question, anywhere):
            return _Results(within, dates)
        return _Results(anywhere, replace(dates, kept=False))

    def _hits(self, question: str, filters: Filters) -> list[Hit]:
        hits = self._retrieve(question, filters)
        self._require_articles(hits, filters)
        return hits

    def _dates(self, question: str, query: Query) -> Dates | None:
        filters = query.filters
        if not query.use_dates or filters.since or filters.until or not may_have_dates(question):
            return None
        covered = self._library.ledger.dates_covered(_visible_to_asker(filters))
        return dates_in(question, today=self._today(), newest=covered[1] if covered else None)

    def _completed(
        self, answer: Answer, query: Query, results: _Results, seconds: dict[str, float]
    ) -> Answer:
        covered = None
        if not answer.found:
            covered = self._library.ledger.dates_covered(_visible_to_asker(query.filters))
        return replace(
            answer,
            question=query.question,
            covered=covered,
            dates=results.dates,
            retrieved=tuple(hit.passage.passage_id for hit in results.hits),
            seconds=seconds,
        )


def build_chain(newsdesk: "Newsdesk") -> "AnswerRunnable":
    """The chain of a Newsdesk as a LangChain Runnable, to compose, trace or serve."""
    from bot.runnable import AnswerRunnable
    from vectorstore.retriever import HybridRetriever

    retriever = HybridRetriever(
        library=newsdesk.library, k=PASSAGES_READ, per_article=PASSAGES_READ
    )
    return AnswerRunnable(newsdesk.chain, retriever)


def _visible_to_asker(filters: Filters) -> Filters:
    """All that the asker may see, whatever dates and sources the question was narrowed to."""
    return Filters(conversations=filters.conversations)


def _reading(hits: Sequence[Hit]) -> str:
    articles = len({hit.passage.article_id for hit in hits})
    return f"Reading {counted(articles, 'article')} …"
