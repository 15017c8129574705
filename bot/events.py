"""What happens while a question is answered, in the order it happens."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from bot.answers import Answer, Citation, Dates, Sentence
from vectorstore.models import Hit


@dataclass(frozen=True, slots=True)
class Status:
    """What is being done, for whoever waits."""

    text: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The hits an answer is made from, best first."""

    standalone_question: str
    hits: tuple[Hit, ...]
    dates: Dates | None


@dataclass(frozen=True, slots=True)
class SentenceReady:
    """The next sentence of the answer, with those of its citations that are new."""

    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """The sentences so far are taken back; others follow. `because` is a whole sentence."""

    because: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer, always the last event."""

    answer: Answer


Event: TypeAlias = Status | Retrieved | SentenceReady | Replaced | Done


def answer_of(events: Iterable[Event]) -> Answer:
    """The answer that events end with, for whoever need not follow how it is made."""
    for event in events:
        if isinstance(event, Done):
            return event.answer
    raise AssertionError("an answer is the last event")
