"""What can go wrong between a source and an article.

IngestError
├── DecodeError     the bytes are not text
├── ReadError       the source cannot be read, or holds nothing that is an article
└── FetchError      a page cannot be had from the web
    ├── UnknownHostError    there is no such host
    ├── UnavailableError    its server says that there is no such page for us
    ├── ServerFailedError   its server failed, is too busy, or broke off
    ├── ForbiddenError      robots.txt forbids it
    └── StoppedError        a person does not want to wait for it any more

Readers raise them; `ingest.readers.formats` turns each into a `SourceFailure`, so that one bad
source never stops the others.
"""


class IngestError(Exception):
    """Root of the errors of this package."""


class DecodeError(IngestError):
    """The bytes are not text in any encoding that could be recognised."""


class ReadError(IngestError):
    """A source cannot be read, or holds nothing that is an article."""


class FetchError(IngestError):
    """A page cannot be had from the web."""


class UnknownHostError(FetchError):
    """A host's name leads nowhere."""


class UnavailableError(FetchError):
    """A server answered with a status of 400 to 499."""


class ServerFailedError(FetchError):
    """A server answered with a status of 500 or more, was too busy, or broke its answer off."""

    def __init__(self, message: str, retry_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_seconds = retry_seconds
        """How long it asks to be left alone, where it names a time."""


class ForbiddenError(FetchError):
    """The host's robots.txt forbids that a page is fetched."""


class StoppedError(FetchError):
    """A fetch was stopped before it was done."""
