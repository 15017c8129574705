"""What reading a source yields: drafts of articles, failures with a reason, files passed over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vectorstore.pages import FetchedPage


@dataclass(frozen=True, slots=True)
class Draft:
    """One article as it was read, before cleaning and dating."""

    text: str
    origin: str
    """Its identity: the canonical url if it names one, else the absolute path, which for a
    record of a file of many is followed by `#` and its id or a digest of its title or text."""

    container: str
    """Absolute path of the file it comes from, `-` for standard input: what a prune looks for."""

    source: str
    """The outlet if the article names one, else the host of its url, else the file's name."""

    title: str | None = None
    own_origin: str | None = None
    """Its identity where `origin` is an address that it names, and another story has."""

    article_id: str | None = None
    """Only where a record brings its own; otherwise it is derived from `origin`."""

    url: str | None = None
    """http or https, canonical."""

    published_at: str | None = None
    """As written in the metadata: not parsed, not trusted."""

    dated_by: str | None = None
    """Where `published_at` comes from, if an export has it: see `ingest.dates.find`."""

    updated_at: str | None = None
    """As `published_at`: when the story was last changed, where the format has it."""

    author: str | None = None
    language: str | None = None
    """As a BCP 47 tag, such as "en" or "pt-BR"."""

    stated: Mapping[str, str] = field(default_factory=dict)
    """What its record states of its publication, as written: see `ingest.readers.fields.STATED`."""

    modified_at: datetime | None = None
    """When the file was last written, in UTC; None where that has no bearing on the article,
    as for the records of an export."""

    notes: tuple[str, ...] = ()
    """What a person should know of the reading, e.g. "encoding guessed: cp1252"."""


@dataclass(frozen=True, slots=True)
class SourceFailure:
    """A source, or a record in one, that gave no article, and why."""

    source: str
    reason: str
    container: str
    """As in `Draft`: what an earlier ingest read from there must not be pruned."""

    retry_seconds: float = 0.0
    """How long its server asks to be left alone."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Files of a folder or glob that are not read, counted."""

    source: str
    count: int
    reason: str


Reading = Draft | SourceFailure | Skipped


@dataclass(frozen=True, slots=True)
class Begun:
    """A part of a file of parts, such as a zip, is being read now: what comes next is of it."""

    part: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page has arrived."""

    url: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The content of a file or link is stored already."""

    container: str


@dataclass(frozen=True, slots=True)
class Whole:
    """All of a file, or all that a link leads to, was read: remembered once it is stored."""

    container: str
    digest: str
    page: "FetchedPage | None" = None
    replaces: bool = False
    """Whether what was read from here before, and was not now, has moved or is gone."""


Event = Draft | SourceFailure | Skipped | Fetched | Unchanged | Whole
