"""Reads a Word document: its headings, paragraphs and tables, in order."""

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes
from ingest.readers.properties import written_author, written_title
from ingest.readers.word_blocks import Block, read_blocks
from ingest.readers.word_package import open_word
from ingest.readers.word_styles import Styles

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_TITLES = ("title", "heading 1")
_TEMPLATE_SAVED_AT = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)
"""What python-docx, with which many documents are made, leaves in each that says nothing else."""


def read_docx(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article; the day it was saved is taken for no more than a file's date."""
    data = read_bytes(stream, file)
    if data.startswith(_OLD_OFFICE):
        raise ReadError("an old Word file, or locked with a password: save it anew without one")
    package = open_word(data)
    styles = Styles(package.styles)
    blocks = list(read_blocks(package.body, styles, styles.of_document(package.document)))
    if not blocks:
        raise ReadError("holds no text")
    told = package.properties
    yield Draft(
        text="\n\n".join(block.text for block in blocks),
        origin=file.origin,
        container=file.container,
        source=file.source,
        title=written_title(told.get("title")) or _styled_title(blocks),
        author=written_author(told.get("creator")),
        url=file.url,
        language=told.get("language", "").strip() or None,
        modified_at=_saved_at(told.get("modified", "")) or file.modified_at,
    )


def _styled_title(blocks: Sequence[Block]) -> str | None:
    """Return the first paragraph, if it is set as a title."""
    first = next((block for block in blocks if block.style is not None), None)
    return first.text if first and first.style in _TITLES else None


def _saved_at(written: str) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(written.strip())
        aware = moment.replace(tzinfo=moment.tzinfo or UTC)
        return None if aware == _TEMPLATE_SAVED_AT else aware
    return None
