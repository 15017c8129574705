"""The report of an ingest: what became of each source, and the counts."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["added", "updated", "unchanged", "removed", "failed"]

STATUSES: tuple[Status, ...] = ("added", "updated", "unchanged", "removed", "failed")


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What became of one article or file; `reason` says why, or what a person should know."""

    source: str
    status: Status
    article_id: str | None = None
    reason: str | None = None


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

    @property
    def counts(self) -> dict[str, int]:
        """How many sources have each status, none left out."""
        counts = Counter(source.status for source in self.sources)
        return {status: counts[status] for status in STATUSES}

    def as_json(self) -> dict[str, Any]:
        """The report as `newsdesk ingest --json` prints it."""
        return {
            **self.counts,
            "sources": [asdict(source) for source in self.sources],
            "seconds": self.seconds,
        }
