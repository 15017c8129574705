"""What can go wrong between a source and an article.

IngestError
├── DecodeError     the bytes are not text
└── ReadError       the source cannot be read, or holds nothing that is an article

Readers raise them; `ingest.sources` turns each into a `SourceFailure`, so that one bad
source never stops the others.
"""


class IngestError(Exception):
    """Root of the errors of this package."""


class DecodeError(IngestError):
    """The bytes are not text in any encoding that could be recognised."""


class ReadError(IngestError):
    """A source cannot be read, or holds nothing that is an article."""
