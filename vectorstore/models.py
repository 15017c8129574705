"""The values the archive is made of: articles, passages, hits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Span: TypeAlias = tuple[int, int]
"""A half-open run of characters, counted in the text of the article."""

Vectors: TypeAlias = NDArray[np.float32]
"""Embeddings as rows: shape (texts, dimensions), each row of length 1."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Where a passage will stand in the text of its article, and the sentences in it."""

    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article that is embedded and retrieved."""

    passage_id: str
    article_id: str
    position: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    """Spans in the article's text, in reading order, within `start` and `end`."""


Status = Literal["published", "embargoed", "held", "killed", "superseded"]

PUBLISHED: tuple[Status, ...] = ("published",)
STATUSES: tuple[Status, ...] = ("published", "embargoed", "held", "killed", "superseded")


@dataclass(frozen=True, slots=True)
class Publication:
    """Whether an article may be shown; moments are in UTC, as 2021-12-03T10:00:00Z."""

    status: Status = "published"
    reason: str | None = None
    until: str | None = None
    """When its embargo ends."""

    expires: str | None = None
    """When its publication ends."""

    superseded_by: str | None = None
    """The id of the article that is read instead."""


NoticeKind = Literal["kill", "correction"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What an agency sends about an earlier story: `concerns` is its slug or headline, or ""."""

    kind: NoticeKind
    concerns: str = ""


NO_STORY: Mapping[NoticeKind, str] = MappingProxyType(
    {
        "kill": "a notice that kills a story, which is not here",
        "correction": "a correction of a story that is not here",
    }
)
"""Why a notice is held until its story is found."""


@dataclass(frozen=True, slots=True)
class Article:
    """One news story, as it is stored.

    `origin` is its identity: the canonical url or the absolute path it came from.
    `published_at` is an ISO 8601 date, or date and time in UTC.
    `audience` holds the conversations that may see it; empty means everyone.
    """

    article_id: str
    title: str
    text: str
    origin: str
    source: str = ""
    url: str | None = None
    published_at: str | None = None
    audience: frozenset[str] = frozenset()
    dated_by: str | None = None
    """How `published_at` was found: metadata, dateline, url or file."""

    author: str | None = None
    updated_at: str | None = None
    """As `published_at`: when the article was last changed, by its own account."""

    language: str | None = None
    """As the article names its own, such as "en"."""

    slug: str | None = None
    """What its newsroom calls the story."""

    publication: Publication = Publication()
    """By its own account; `Listing.publication` is what is in force."""

    notice: Notice | None = None
    """Where the article is about an earlier one."""

    corrected_at: str | None = None
    """When it corrected an earlier one, which the ledger notes; None where it did not."""


@dataclass(frozen=True, slots=True)
class Revision:
    """An article as it shall be stored: its text cut into chunks.

    `container` is the file the article stands in (its own origin, where that is the file).
    `digest` distinguishes two revisions of one article: equal digests are one version.
    """

    article: Article
    chunks: tuple[Chunk, ...]
    container: str
    digest: str


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of one revision."""

    passages: Vectors
    """A row a chunk."""

    sentences: tuple[Vectors, ...]
    """For each chunk, a row a sentence."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A stored article as lists show it."""

    article_id: str
    title: str
    source: str
    url: str | None
    published_at: str | None
    passages: int
    version: int
    publication: Publication = Publication()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index keeps of a passage: `key` is the passage's row in the ledger."""

    key: int
    vector: Vectors
    metadata: dict[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score for one question; the higher, the better."""

    passage: Passage
    score: float
    cosine: float
    """Of the question's vector and the passage's, -1 to 1."""
    bm25: float
    """0 when no word of the question occurs in the passage."""
    title: str
    source: str
    url: str | None
    published_at: str | None
    corrected_at: str | None = None
    """When the article corrected an earlier one; None where it did not."""

    sentence_cosines: tuple[float, ...] = ()
    """For each of the passage's sentences, of the question's vector and the sentence's."""
    also_in: tuple[str, ...] = ()
    """The other sources that the asker may see and that have all sentences of the passage."""
    shared: tuple[tuple[Span, tuple[str, ...]], ...] = ()
    """For each sentence of the passage, those of the other sources that have it."""

    def others_with(self, span: Span) -> tuple[str, ...]:
        """The other sources that have all that stands in this span of the article."""
        start, end = span
        having = [others for (begin, stop), others in self.shared if begin < end and start < stop]
        first, *rest = having or [()]
        return tuple(source for source in first if all(source in others for others in rest))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question is asked of: dates are ISO 8601 and inclusive; empty means no limit."""

    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    conversations: frozenset[str] = field(default_factory=frozenset)
    """Whose private articles the asker may see, besides those for everyone."""


class Embedder(Protocol):
    """Turns texts into vectors; the local model and the OpenAI one."""

    @property
    def fingerprint(self) -> str:
        """Names model, weights and pooling: equal fingerprints give comparable vectors."""
        ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors: ...
