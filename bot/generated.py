"""Answers written by a chat model, of which only what the articles carry gets through."""

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import TYPE_CHECKING

from bot.answerers import Task, quote, told
from bot.answers import Answer, Citation, Done, Event, Replaced, Sentence, SentenceReady, Usage
from bot.chat_model import ChatModel, TokenBudget
from bot.errors import ModelAnswerError, ModelError, ModelQuotaError
from bot.phrasing import written_day
from bot.prompts import AGAIN, ANSWER, NOT_THERE, QUESTION
from bot.quoted import cite, nearest
from bot.verify.check import Quote, Rejected, Supported, check
from bot.verify.sentences import SentenceStream
from vectorstore.errors import VectorstoreError
from vectorstore.models import Hit

if TYPE_CHECKING:
    from langchain_core.prompts import ChatPromptTemplate

log = logging.getLogger(__name__)

GENERATED_SENTENCES = 5

MOST_REJECTED = 8
"""Of the sentences that a model is told about when it is asked once more."""


class Generating:
    """Answers with sentences of a chat model, held against the passages that they cite.

    Whatever goes wrong with the model, the answer is quoted instead, and its note says why.
    """

    def __init__(self, model: ChatModel, budget: TokenBudget) -> None:
        self._model = model
        self._budget = budget

    def events(self, task: Task) -> Iterator[Event]:
        writing = _Writing(task)
        try:
            yield from self._written(writing)
        except ModelError as error:
            log.info("Quoted instead of written: %s", error)
            because = f"{error}: this answer is quoted from the articles instead."
            if writing.sentences:
                yield Replaced(because)
            yield from told(replace(quote(task), note=because, usage=writing.usage))
        finally:
            self._note_spending(writing.usage)

    def warm(self) -> None:
        Thread(target=self._model.load, daemon=True).start()

    def _written(self, writing: "_Writing") -> Iterator[Event]:
        if self._budget.is_used_up():
            raise ModelQuotaError(
                "The tokens that a day may cost (OPENAI_TOKENS_PER_DAY) are used up"
            )
        yield from self._sentences(writing)
        if writing.nothing_stood:
            yield from self._sentences(writing)
        if writing.nothing_stood:
            raise ModelAnswerError("Nothing that the chat model wrote stood in the articles")
        yield Done(writing.answer())

    def _sentences(self, writing: "_Writing") -> Iterator[Event]:
        stream = SentenceStream()
        pieces = self._model.stream(writing.prompt(), writing.values(), until=writing.task.until)
        writing.rejected.clear()
        with closing(pieces):
            for piece in pieces:
                if isinstance(piece, Usage):
                    writing.usage += piece
                    continue
                for sentence in stream.add(piece):
                    yield from writing.take(sentence)
        for sentence in stream.end():
            yield from writing.take(sentence)

    def _note_spending(self, usage: Usage) -> None:
        log.info("Chat model: %d tokens read, %d written", usage.tokens_in, usage.tokens_out)
        try:
            self._budget.add(usage)
        except VectorstoreError as error:
            log.error("%d tokens were not counted: %s", usage.tokens_in + usage.tokens_out, error)


@dataclass(slots=True)
class _Writing:
    """One answer as it is being written."""

    task: Task
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    not_there: bool = False
    usage: Usage = field(default_factory=Usage)

    @property
    def passages(self) -> dict[int, Hit]:
        return dict(enumerate(self.task.hits, start=1))

    @property
    def nothing_stood(self) -> bool:
        return not self.sentences and not self.not_there

    def take(self, written: str) -> Iterator[SentenceReady]:
        """Let a sentence through if the passages that it cites carry it."""
        if NOT_THERE in written.upper():
            self.not_there = True
            return
        checked = check(written, self.passages)
        if isinstance(checked, Rejected):
            log.info("Dropped: %s (%s)", checked.text, checked.reason)
            self.rejected.append(checked)
        elif len(self.sentences) < self._most and not self._is_said(checked.text):
            yield self._cited(checked)

    def answer(self) -> Answer:
        """The answer of the sentences that got through."""
        question = self.task.question
        found = bool(self.sentences)
        return Answer(
            question,
            question,
            found=found,
            mode="generated",
            sentences=tuple(self.sentences),
            citations=tuple(self.citations),
            nearest=() if found else nearest(self.task.hits),
            usage=self.usage,
        )

    def prompt(self) -> "ChatPromptTemplate":
        from langchain_core.prompts import ChatPromptTemplate

        messages = [("system", ANSWER), ("human", QUESTION)]
        if self.rejected:
            messages.append(("human", AGAIN))
        return ChatPromptTemplate.from_messages(messages)

    def values(self) -> dict[str, object]:
        return {
            "today": f"{self.task.today:%A}, {written_day(self.task.today.isoformat())}",
            "sentences": self._most,
            "passages": "\n\n".join(numbered(n, hit) for n, hit in self.passages.items()),
            "question": self.task.question,
            "rejected": "\n".join(
                f"- {one.text}: {one.reason}" for one in self.rejected[:MOST_REJECTED]
            ),
        }

    @property
    def _most(self) -> int:
        return self.task.max_sentences or GENERATED_SENTENCES

    def _is_said(self, text: str) -> bool:
        return any(text.casefold() == sentence.text.casefold() for sentence in self.sentences)

    def _cited(self, carried: Supported) -> SentenceReady:
        known = len(self.citations)
        numbers = dict.fromkeys(self._number(quote) for quote in carried.quotes)
        sentence = Sentence(carried.text, tuple(numbers))
        self.sentences.append(sentence)
        return SentenceReady(sentence, tuple(self.citations[known:]))

    def _number(self, quote: Quote) -> int:
        """The number of the citation of a quote, which is new unless it was cited before."""
        hit = self.passages[quote.number]
        for citation in self.citations:
            place = (citation.passage_id, citation.start, citation.end)
            if place == (hit.passage.passage_id, quote.start, quote.end):
                return citation.number
        number, span = len(self.citations) + 1, (quote.start, quote.end)
        self.citations.append(cite(number, hit, span, quote.text))
        return number


def numbered(number: int, hit: Hit) -> str:
    """A passage as the model reads it: numbered, dated, and unable to end itself."""
    about = " · ".join(
        part for part in (hit.title, hit.source, written_day(hit.published_at)) if part
    )
    return f"<passage {number}> {_inert(about)}\n{_inert(hit.passage.text)}\n</passage {number}>"


def _inert(text: str) -> str:
    return text.replace("<passage", "‹passage").replace("</passage", "‹/passage")
