"""Reads a PDF: the lines of its pages, put back together to paragraphs."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes, too_large
from ingest.printed import join_pages

if TYPE_CHECKING:
    from pypdf import PdfReader

_PROGRAM_TITLE = re.compile(
    r"untitled|microsoft (?:word|powerpoint)\b.*|.*\.(?:docx?|indd|qxp|pdf|pages|odt|rtf)",
    re.IGNORECASE,
)
"""What programs write for a title."""


def read_pdf(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article; the day it was saved is taken for no more than a file's date."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(read_bytes(stream, file)))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("locked with a password")
        text = join_pages(list(_pages(reader, file.max_bytes)))
    except PyPdfError as error:
        raise ReadError(f"damaged, or made to do harm: {error}") from error
    if not text:
        raise ReadError("no text in it: pages that were scanned need text recognition first")
    title, author, saved_at = _told(reader)
    yield Draft(
        text=text,
        origin=file.origin,
        container=file.container,
        source=file.source,
        title=title,
        author=author,
        url=file.url,
        modified_at=saved_at or file.modified_at,
    )


def _pages(reader: "PdfReader", max_bytes: int) -> Iterator[list[str]]:
    """Yield the lines of each page."""
    size = 0
    for page in reader.pages:
        text = page.extract_text()
        size += len(text)
        if size > max_bytes:
            raise too_large(max_bytes)
        yield [" ".join(line.split()) for line in text.split("\n")]


def _told(
    reader: "PdfReader",
) -> tuple[str | None, str | None, datetime | None]:
    """Return title, author, and when it was last saved, as far as the file tells."""
    from pypdf.errors import PyPdfError

    try:
        told = reader.metadata
        if told is None:
            return None, None, None
        title, author = (str(value or "").strip() for value in (told.title, told.author))
        if _PROGRAM_TITLE.fullmatch(title):
            title = ""
        saved_at = _aware(told.modification_date or told.creation_date)
    except (PyPdfError, ValueError):
        return None, None, None
    return title or None, author or None, saved_at


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
