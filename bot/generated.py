"""Answers written by a chat model: `prompt | model | parser`, then a check of each sentence."""

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import TYPE_CHECKING

from bot.answers import (
    Answer,
    AnswerRequest,
    Citation,
    Done,
    Event,
    Replaced,
    Sentence,
    SentenceReady,
    Usage,
    events_of,
)
from bot.chat_model import ChatModel, TokenBudget
from bot.errors import ModelAnswerError, ModelError, ModelQuotaError
from bot.phrasing import written_day
from bot.prompts import AGAIN, ANSWER, NOT_THERE, QUESTION
from bot.quoted import cite, nearest, quote
from bot.verify.check import Quote, Rejected, Supported, check
from bot.verify.sentences import SentenceStream
from vectorstore.errors import VectorstoreError
from vectorstore.models import Hit

if TYPE_CHECKING:
    from langchain_core.prompts import ChatPromptTemplate

    from bot.reader import Reader

log = logging.getLogger(__name__)

GENERATED_SENTENCES = 5

MOST_REJECTED = 8
"""How many rejected sentences a model is shown when it is asked once more."""


def sentences(pieces: Iterator[str | Usage]) -> Iterator[str | Usage]:
    """Parse the text of a chat model into whole sentences, as they are completed."""
    stream = SentenceStream()
    for piece in pieces:
        if isinstance(piece, Usage):
            yield piece
        else:
            yield from stream.add(piece)
    yield from stream.end()


class GeneratedAnswerer:
    """Answers with sentences of a chat model, checked against the passages that they cite.

    Whatever goes wrong with the model, the answer is quoted instead, and its note gives the reason.
    """

    def __init__(
        self, model: ChatModel, budget: TokenBudget, *, reader: "Reader | None" = None
    ) -> None:
        self._model = model
        self._budget = budget
        self._reader = reader

    def events(self, request: AnswerRequest) -> Iterator[Event]:
        draft = _Draft(request)
        try:
            yield from self._events(draft)
        except ModelError as error:
            log.info("Quoted instead of written: %s", error)
            because = f"{error}: this answer is quoted from the articles instead."
            if draft.sentences:
                yield Replaced(because)
            quoted = quote(request, self._reader)
            yield from events_of(replace(quoted, note=because, usage=draft.usage))
        finally:
            self._count_tokens(draft.usage)

    def warm(self) -> None:
        Thread(target=self._model.load, daemon=True).start()

    def _events(self, draft: "_Draft") -> Iterator[Event]:
        if self._budget.is_used_up():
            raise ModelQuotaError(
                "The tokens that a day may cost (OPENAI_TOKENS_PER_DAY) are used up"
            )
        yield from self._sentences(draft)
        if draft.nothing_accepted:
            yield from self._sentences(draft)
        if draft.nothing_accepted:
            raise ModelAnswerError("Nothing that the chat model wrote stood in the articles")
        yield Done(draft.answer())

    def _sentences(self, draft: "_Draft") -> Iterator[Event]:
        pieces = self._model.stream(
            draft.prompt(), draft.values(), deadline=draft.request.deadline, parser=sentences
        )
        draft.rejected.clear()
        with closing(pieces):
            for piece in pieces:
                if isinstance(piece, Usage):
                    draft.usage += piece
                else:
                    yield from draft.take(piece)

    def _count_tokens(self, usage: Usage) -> None:
        log.info("Chat model: %d tokens read, %d written", usage.tokens_in, usage.tokens_out)
        try:
            self._budget.add(usage)
        except VectorstoreError as error:
            log.error("%d tokens were not counted: %s", usage.tokens_in + usage.tokens_out, error)


@dataclass(slots=True)
class _Draft:
    """One answer as it is being written."""

    request: AnswerRequest
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    not_in_archive: bool = False
    usage: Usage = field(default_factory=Usage)

    @property
    def passages(self) -> dict[int, Hit]:
        return dict(enumerate(self.request.hits, start=1))

    @property
    def nothing_accepted(self) -> bool:
        return not self.sentences and not self.not_in_archive

    def take(self, written: str) -> Iterator[SentenceReady]:
        """Accept a sentence if the passages that it cites support it."""
        if NOT_THERE in written.upper():
            self.not_in_archive = True
            return
        checked = check(written, self.passages)
        if isinstance(checked, Rejected):
            log.info("Dropped: %s (%s)", checked.text, checked.reason)
            self.rejected.append(checked)
        elif len(self.sentences) < self._most and not self._is_repeated(checked.text):
            yield self._cited(checked)

    def answer(self) -> Answer:
        """The answer of the accepted sentences."""
        question = self.request.question
        found = bool(self.sentences)
        return Answer(
            question,
            question,
            found=found,
            mode="generated",
            sentences=tuple(self.sentences),
            citations=tuple(self.citations),
            nearest=() if found else nearest(self.request.hits),
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
            "today": f"{self.request.today:%A}, {written_day(self.request.today.isoformat())}",
            "sentences": self._most,
            "passages": "\n\n".join(numbered(n, hit) for n, hit in self.passages.items()),
            "question": self.request.question,
            "rejected": "\n".join(
                f"- {one.text}: {one.reason}" for one in self.rejected[:MOST_REJECTED]
            ),
        }

    @property
    def _most(self) -> int:
        return self.request.max_sentences or GENERATED_SENTENCES

    def _is_repeated(self, text: str) -> bool:
        return any(text.casefold() == sentence.text.casefold() for sentence in self.sentences)

    def _cited(self, supported: Supported) -> SentenceReady:
        cited = len(self.citations)
        numbers = dict.fromkeys(self._number(quote) for quote in supported.quotes)
        sentence = Sentence(supported.text, tuple(numbers))
        self.sentences.append(sentence)
        return SentenceReady(sentence, tuple(self.citations[cited:]))

    def _number(self, quote: Quote) -> int:
        """The number of the citation of a quote, which is new unless it was cited before."""
        hit = self.passages[quote.number]
        for citation in self.citations:
            cited = (citation.passage_id, citation.start, citation.end)
            if cited == (hit.passage.passage_id, quote.start, quote.end):
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
