"""What following a link tells, besides drafts and failures."""

from dataclasses import dataclass

from ingest.drafts import Draft, Skipped, SourceFailure
from vectorstore.pages import FetchedPage


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page has come, of so many bytes."""

    url: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What a link leads to is what is stored already."""

    container: str


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a link or file leads to was read: to be remembered once it is stored."""

    container: str
    digest: str
    page: FetchedPage | None


LinkEvent = Draft | SourceFailure | Skipped | Fetched | Unchanged | Whole
