"""Who makes an answer from hits: by quoting, here; by writing, in `bot.generated`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.answers import Answer, Done, Event, SentenceReady
from bot.quoted import answer_from_hits
from vectorstore.models import Hit

QUOTED_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Task:
    """A standalone question and the hits to answer it from, best first."""

    question: str
    hits: Sequence[Hit]
    max_sentences: int | None
    """At most so many; None leaves it to who answers."""

    newest_first: bool
    today: date
    until: float
    """When the answer must be there, as `time.monotonic()` counts."""


class Answerer(Protocol):
    """Makes an answer from hits."""

    def events(self, task: Task) -> Iterator[Event]:
        """Yield the sentences as they are ready, and at last the answer."""
        ...

    def warm(self) -> None:
        """Load in the background what a first answer would wait for."""
        ...


class Quoting:
    """Answers with sentences of the hits."""

    def events(self, task: Task) -> Iterator[Event]:
        yield from told(quote(task))

    def warm(self) -> None:
        """There is nothing to load."""


def quote(task: Task) -> Answer:
    return answer_from_hits(
        task.question,
        task.hits,
        max_sentences=task.max_sentences or QUOTED_SENTENCES,
        newest_first=task.newest_first,
    )


def told(answer: Answer) -> Iterator[Event]:
    """Yield a finished answer as the events of its making."""
    known: set[int] = set()
    for sentence in answer.sentences:
        new = tuple(
            citation
            for citation in answer.citations
            if citation.number in sentence.citations and citation.number not in known
        )
        known.update(sentence.citations)
        yield SentenceReady(sentence, new)
    yield Done(answer)
