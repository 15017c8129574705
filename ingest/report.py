"""The report of an ingest: what became of each source, and the counts."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from ingest.files import STDIN, SourceFile
from ingest.sources import FEEDS, Link, Source
from vectorstore.models import Publication
from vectorstore.models import Status as PublicationStatus

Status = Literal["added", "updated", "unchanged", "removed", "failed"]
STATUSES: tuple[Status, ...] = ("added", "updated", "unchanged", "removed", "failed")
PACKED = frozenset({".zip"})
"""Files that hold more text than they have bytes: they count when all of them is done."""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What became of one article or file; `reason` says why, or what a person should know."""

    source: str
    status: Status
    article_id: str | None = None
    reason: str | None = None
    publication: PublicationStatus | None = None
    """What keeps the article from being shown; None where nothing does."""

    publication_reason: str | None = None


@dataclass(slots=True)
class Report:
    """A whole ingest."""

    sources: list[SourceReport] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """Sentences on files that were not read, such as those of unknown kinds."""
    retry_seconds: float = 0.0
    """The longest that a server asks to be left alone."""

    seconds: float = 0.0
    stopped: bool = False

    def note_publications(self, publications: Mapping[str, Publication]) -> None:
        """Note of articles that are not published what is in force for them, by their ids."""
        for at, source in enumerate(self.sources):
            publication = publications.get(source.article_id or "")
            if publication is None or publication.status == "published" or source.publication:
                continue
            why = _reason(publication)
            words = ": ".join(filter(None, (f"not published, {publication.status}", why)))
            self.sources[at] = replace(
                source,
                reason="; ".join(filter(None, (source.reason, words))),
                publication=publication.status,
                publication_reason=why,
            )

    @property
    def counts(self) -> dict[str, int]:
        """How many sources have each status, none left out."""
        counts = Counter(source.status for source in self.sources)
        return {status: counts[status] for status in STATUSES}

    def as_json(self) -> dict[str, Any]:
        """The report as `newsdesk ingest --json` prints it."""
        return {
            **self.counts,
            "sources": [_as_json(source) for source in self.sources],
            "seconds": self.seconds,
        }


def _as_json(source: SourceReport) -> dict[str, Any]:
    """What became of a source; of an article that is published nothing about publication."""
    document = asdict(source)
    if source.publication is None:
        del document["publication"], document["publication_reason"]
    return document


def _reason(publication: Publication) -> str | None:
    if publication.status == "embargoed":
        return f"embargo until {publication.until}"
    if publication.superseded_by and not publication.reason:
        return f"superseded by {publication.superseded_by}"
    return publication.reason


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is."""

    articles: int
    """Unchanged, or embedded."""

    done_bytes: int
    total_bytes: int | None
    """None where nobody knows it, as of links."""

    per_second: float | None = None
    """Articles embedded a second; None before the first ones."""

    seconds_left: float | None = None
    reading: str = ""


ShowProgress = Callable[[Progress], None]


def show_nothing(_: Progress) -> None:
    """Show no progress."""


class Meter:
    """Counts what is taken from sources as done when nothing of it waits to be embedded.

    The pace is that of the articles that are embedded: those that did not change take no time.
    """

    def __init__(
        self,
        total_bytes: int | None,
        show: ShowProgress,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._total_bytes = total_bytes
        self._on_progress = show
        self._clock = clock
        self._taken = self._done = _Amount()
        self._new = self._new_done = _Amount()
        self._waiting = False
        self._began: float | None = None
        self._seconds = 0.0
        self._source_end = 0
        self._is_packed = self._is_new = False

    def begin(self, source: Source) -> None:
        """Take what follows as being of this source."""
        size = source.bytes if isinstance(source, SourceFile) else 0
        self._source_end = self._taken.bytes + size
        self._is_packed = isinstance(source, SourceFile) and source.suffix in PACKED
        self._is_new = False

    def take(self, count: int, size: int, *, is_new: bool = False) -> None:
        """Count articles of so many bytes; they wait to be embedded if they are new."""
        if is_new and self._began is None:
            self._began = self._clock()
        self._waiting = self._waiting or is_new
        self._is_new = self._is_new or is_new
        left = self._source_end - self._taken.bytes
        self._add(_Amount(count, 0 if self._is_packed else min(size, left)), is_new=is_new)

    def end(self) -> None:
        """Count what else the source has, such as markup."""
        left = self._source_end - self._taken.bytes
        self._add(_Amount(0, left), is_new=self._is_new)

    def embedded(self) -> None:
        """Count all that waited as done."""
        self._waiting = False
        self._seconds = self._clock() - (self._began or 0.0)
        self._settle()
        self.show()

    def show(self, reading: str = "") -> None:
        """Show how far it is, and what is being read."""
        known = self._seconds > 0 and self._new_done.articles > 0
        left = None
        if known and self._total_bytes is not None and self._new_done.bytes:
            bytes_left = self._total_bytes - self._done.bytes
            left = bytes_left * self._seconds / self._new_done.bytes
        self._on_progress(
            Progress(
                self._done.articles,
                self._done.bytes,
                self._total_bytes,
                per_second=self._new_done.articles / self._seconds if known else None,
                seconds_left=left,
                reading=reading,
            )
        )

    def _add(self, amount: "_Amount", *, is_new: bool) -> None:
        self._taken += amount
        if is_new:
            self._new += amount
        if not self._waiting:
            self._settle()
        self.show()

    def _settle(self) -> None:
        self._done, self._new_done = self._taken, self._new


@dataclass(frozen=True, slots=True)
class _Amount:
    articles: int = 0
    bytes: int = 0

    def __add__(self, more: "_Amount") -> "_Amount":
        return _Amount(self.articles + more.articles, self.bytes + more.bytes)


def total_bytes(sources: Sequence[Source]) -> int | None:
    """The bytes of all sources; None where one's are not known before it is read."""
    if any(_is_open_ended(source) for source in sources):
        return None
    return sum(source.bytes for source in sources if isinstance(source, SourceFile))


def _is_open_ended(source: Source) -> bool:
    if isinstance(source, SourceFile):
        return source.path == STDIN or source.suffix in FEEDS
    return isinstance(source, Link)
