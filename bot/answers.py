"""What an answer is: sentences, each carrying citations."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Mode = Literal["quoted", "generated"]


NOT_FOUND = "The archive does not answer this."


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


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, with the numbers of the citations it stands on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """An article by its title, where no answer was found: what the archive has nearest."""

    article_id: str
    title: str
    source: str
    published_at: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Sentences in reading order, or `found = False` with the nearest headlines."""

    question: str
    standalone_question: str
    found: bool
    mode: Mode
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Headline, ...] = ()
    covered: tuple[str, str] | None = None
    """The first and the last published date of what was searched."""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentences as one text; where there are none, plain words that say so."""
        if not self.found:
            return NOT_FOUND
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def as_of(self) -> str | None:
        """The newest published date among the citations."""
        return max((c.published_at for c in self.citations if c.published_at), default=None)

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
            "seconds": self.seconds,
        }
