"""An answer is sentences that carry citations; what comes before it, and the events on its way."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, Protocol, Self, TypeAlias

from vectorstore.models import Hit

Mode = Literal["quoted", "generated"]


NOT_FOUND = "The archive does not answer this."


_MARKS = re.compile(r"[\[［〔【⁅⟦❲]\s*(\d[\d\s,;–-]*|[⁰¹²³⁴-⁹]+)[\]］〕】⁆⟧❳]")
"""What looks like the number of a citation: [2], [1, 2], [1-3], in brackets of any script."""


def without_marks(text: str) -> str:
    """The text of others as it is shown beside citations of ours: a [2] in it as (2).

    >>> without_marks("The bank failed. [2] Reuters, 3 May")
    'The bank failed. (2) Reuters, 3 May'
    """
    return _MARKS.sub(r"(\1)", text)


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: `start` and `end` are its offsets in the text of the article."""

    number: int
    quote: str
    title: str
    source: str
    url: str | None
    published_at: str | None
    article_id: str
    passage_id: str
    start: int
    end: int
    also_in: tuple[str, ...] = ()
    """Other sources that have the quote, too: near-copies of the article."""

    corrected_at: str | None = None
    """The day on which the article corrected an earlier one; None where it did not."""

    def __str__(self) -> str:
        day = (self.published_at or "")[:10]
        about = ", ".join(part for part in (self.title, self.source, day, self.url) if part)
        return f"[{self.number}] {without_marks(f'{about}: “{self.quote}”')}"

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{**stored, "also_in": tuple(stored.get("also_in", ()))})


@dataclass(frozen=True, slots=True)
class MarkedWords:
    """Words of a sentence, from `start` to `end` of its characters."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, with the numbers of the citations it stands on."""

    text: str
    citations: tuple[int, ...]
    answer: MarkedWords | None = None
    """The exact words that answer, where the reader found them."""

    context: bool = False
    """Whether it stands here only to make the next sentence understood."""

    def divided(self) -> tuple[str, str, str]:
        """The text before the words that answer, these words, and the text after them."""
        if self.answer is None:
            return self.text, "", ""
        start, end = self.answer.start, self.answer.end
        return self.text[:start], self.text[start:end], self.text[end:]

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        marked = stored.get("answer")
        return cls(
            stored["text"],
            tuple(stored["citations"]),
            MarkedWords(**marked) if marked else None,
            stored.get("context", False),
        )

    @property
    def marks(self) -> str:
        """The numbers of its citations, as [1][2]."""
        return "".join(f"[{number}]" for number in self.citations)


@dataclass(frozen=True, slots=True)
class Headline:
    """An article by its title, where no answer was found: what the archive has nearest."""

    article_id: str
    title: str
    source: str
    published_at: str | None


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates that a question names, as ISO 8601 days, and whether the search kept to them."""

    since: str | None
    until: str | None
    newest_first: bool
    phrase: str
    """As it stands in the question."""

    kept: bool = True
    """False where nothing of these dates answered, and the whole archive was asked."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a chat model read and wrote, in its tokens."""

    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: object) -> "Usage":
        if not isinstance(other, Usage):
            return NotImplemented
        return Usage(self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out)


@dataclass(frozen=True, slots=True)
class Answer:
    """Sentences with their citations, or `found = False` with the nearest headlines."""

    question: str
    standalone_question: str
    found: bool
    mode: Mode
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Headline, ...] = ()
    covered: tuple[str, str] | None = None
    """The first and the last published date of what was searched."""

    note: str | None = None
    """A sentence on how the answer came about, such as why it is quoted and not written."""

    sure: float | None = None
    """How sure the reader is that the first marked words answer, from 0 to 1."""

    dates: Dates | None = None
    usage: Usage = field(default_factory=Usage)
    retrieved: tuple[str, ...] = ()
    """The ids of the passages it was chosen from, best first."""

    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentences as one text, or that nothing was found."""
        if not self.found:
            return NOT_FOUND
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def as_of(self) -> str | None:
        """The newest published date among the citations."""
        return max((c.published_at for c in self.citations if c.published_at), default=None)

    def __str__(self) -> str:
        """The sentences with the numbers of their citations, and the citations below them."""
        if not self.found:
            return self.text
        lines = [
            " ".join(
                f"{without_marks(sentence.text)} {sentence.marks}" for sentence in self.sentences
            ),
            "",
            *map(str, self.citations),
        ]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The answer as `newsdesk ask --json` prints it."""
        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "found": self.found,
            "mode": self.mode,
            "text": self.text,
            "sentences": [asdict(sentence) for sentence in self.sentences],
            "citations": [asdict(citation) for citation in self.citations],
            "as_of": self.as_of,
            "nearest": [asdict(headline) for headline in self.nearest],
            "covered": self.covered,
            "note": self.note,
            "sure": None if self.sure is None else round(self.sure, 3),
            "dates": asdict(self.dates) if self.dates else None,
            "usage": asdict(self.usage),
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The answer that `as_json` gave, also if an earlier release did."""
        covered, dates = stored["covered"], stored.get("dates")
        return cls(
            question=stored["question"],
            standalone_question=stored["standalone_question"],
            found=stored["found"],
            mode=stored["mode"],
            sentences=tuple(map(Sentence.from_json, stored["sentences"])),
            citations=tuple(map(Citation.from_json, stored["citations"])),
            nearest=tuple(Headline(**headline) for headline in stored["nearest"]),
            covered=None if covered is None else (covered[0], covered[1]),
            note=stored.get("note"),
            sure=stored.get("sure"),
            dates=Dates(**dates) if dates else None,
            usage=Usage(**stored.get("usage", {})),
            seconds=stored["seconds"],
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a person and what Newsdesk answered; a thread is turns, the oldest first."""

    question: str
    standalone_question: str = ""
    """The question as it was understood; "" where nobody knows."""

    answer: str = ""
    """The text of the answer; "" where nobody knows, as in a list of questions."""

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The turn that an answer makes in its conversation."""
        return cls(answer.question, answer.standalone_question, answer.text if answer.found else "")

    @property
    def understood(self) -> str:
        """The question with its topic, as far as it is known."""
        return self.standalone_question or self.question


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


def events_of(answer: Answer) -> Iterator[Event]:
    """Yield the events of an answer that is finished already."""
    cited: set[int] = set()
    for sentence in answer.sentences:
        new = tuple(
            citation
            for citation in answer.citations
            if citation.number in sentence.citations and citation.number not in cited
        )
        cited.update(sentence.citations)
        yield SentenceReady(sentence, new)
    yield Done(answer)


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """A standalone question and the hits to answer it from, best first."""

    question: str
    hits: Sequence[Hit]
    max_sentences: int | None
    """None leaves it to the answerer."""

    newest_first: bool
    today: date
    deadline: float
    """When the answer must be there, as `time.monotonic()` counts."""


class Answerer(Protocol):
    """Makes an answer from hits: `QuotedAnswerer` or `GeneratedAnswerer`."""

    def events(self, request: AnswerRequest) -> Iterator[Event]:
        """Yield the sentences as they are ready, and at last the answer."""
        ...

    def warm(self) -> None:
        """Load in the background what a first answer would wait for."""
        ...
