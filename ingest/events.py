"""What reading a source tells, besides what it read."""

from dataclasses import dataclass

from ingest.drafts import Draft, Skipped, SourceFailure
from vectorstore.pages import FetchedPage


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page has come."""

    url: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What stands in a file, or what a link leads to, is what is stored already."""

    container: str


@dataclass(frozen=True, slots=True)
class Whole:
    """All of a file, or all that a link leads to, was read: to be remembered once it is stored."""

    container: str
    digest: str
    page: FetchedPage | None = None
    replaces: bool = False
    """Whether what was read from here before, and was not now, is somewhere else now, or gone."""


Event = Draft | SourceFailure | Skipped | Fetched | Unchanged | Whole
