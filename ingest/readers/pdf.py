"""Reads a PDF: the lines of its pages, put back together to paragraphs."""

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import hypot
from typing import TYPE_CHECKING

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes, too_large
from ingest.readers.page_edges import without_edges
from ingest.readers.printed import Line, join_pages
from ingest.readers.properties import written_author, written_title

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_USUAL_SIZE = 10.0
_LARGEST_SIZE = 10_000.0
_Piece = tuple[str, float]
"""A text as it was drawn, and the size of its letters."""


def read_pdf(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article; the day it was saved is taken for no more than a file's date."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(read_bytes(stream, file)))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("locked with a password")
        text = join_pages(without_edges(list(_pages(reader, file.max_bytes))))
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
        language=_language(reader),
        modified_at=saved_at or file.modified_at,
    )


def _pages(reader: "PdfReader", max_bytes: int) -> Iterator[list[Line]]:
    """Yield the lines of each page."""
    size = 0
    for page in reader.pages:
        lines = _lines(page)
        size += sum(len(line.text) for line in lines)
        if size > max_bytes:
            raise too_large(max_bytes)
        yield lines


def _lines(page: "PageObject") -> list[Line]:
    drawn: list[list[_Piece]] = [[]]

    def take(text: str, cm: list[float], tm: list[float], _font: object, points: float) -> None:
        # The upward stroke of a letter, turned and stretched as the text and the page are.
        across, up = tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3]
        size = abs(points) * hypot(across, up)
        first, *others = text.split("\n")
        drawn[-1].append((first, size))
        drawn.extend([(other, size)] for other in others)

    page.extract_text(visitor_text=take)
    return [_line(pieces) for pieces in drawn]


def _line(pieces: Sequence[_Piece]) -> Line:
    """Return a line, whose size is that of most of its letters."""
    sizes = Counter[float]()
    for text, size in pieces:
        sizes[round(size, 1)] += len(text.strip())
    ((size, _),) = sizes.most_common(1) or [(_USUAL_SIZE, 0)]
    text = " ".join("".join(text for text, _ in pieces).split())
    return Line(text, size if 0 < size < _LARGEST_SIZE else _USUAL_SIZE)


def _told(
    reader: "PdfReader",
) -> tuple[str | None, str | None, datetime | None]:
    """Return title, author, and when it was last saved, as far as the file tells."""
    from pypdf.errors import PyPdfError

    try:
        told = reader.metadata
        if told is None:
            return None, None, None
        title, author = written_title(told.title), written_author(told.author)
        saved_at = _aware(told.modification_date or told.creation_date)
    except (PyPdfError, ValueError):
        return None, None, None
    return title, author, saved_at


def _language(reader: "PdfReader") -> str | None:
    language = reader.root_object.get("/Lang")
    return language.strip() or None if isinstance(language, str) else None


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
