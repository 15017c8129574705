"""Reads a Word document: its headings, paragraphs and tables, in order."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes
from ingest.unpack import open_zip

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

_WHITE = "FFFFFF"


def read_docx(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article; the day it was saved is taken for no more than a file's date."""
    data = read_bytes(stream, file)
    open_zip(data).close()
    from docx import Document

    try:
        document = Document(io.BytesIO(data))
    except (KeyError, ValueError) as error:
        raise ReadError(f"not a Word document: {error}") from error
    paragraphs = [block for block in _blocks(document) if block]
    if not paragraphs:
        raise ReadError("holds no text")
    told = document.core_properties
    yield Draft(
        text="\n\n".join(paragraphs),
        origin=file.origin,
        container=file.container,
        source=file.source,
        title=told.title.strip() or _styled_title(document),
        author=told.author.strip() or None,
        url=file.url,
        language=told.language or None,
        modified_at=_aware(told.modified) or file.modified_at,
    )


def _blocks(document: "Document") -> Iterator[str]:
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            yield from _rows(cast("Table", block))
        else:
            yield _text(block)


def _rows(table: "Table") -> Iterator[str]:
    for row in table.rows:
        # A cell that spans columns is met in each of them.
        cells = dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells)
        yield " | ".join(cell for cell in cells if cell)


def _text(paragraph: "Paragraph") -> str:
    runs: list[Run] = []
    for piece in paragraph.iter_inner_content():
        runs.extend(piece.runs if hasattr(piece, "runs") else [piece])
    return " ".join("".join(run.text for run in runs if not _is_hidden(run)).split())


def _is_hidden(run: "Run") -> bool:
    return bool(run.font.hidden) or str(run.font.color.rgb or "") == _WHITE


def _styled_title(document: "Document") -> str | None:
    """Return the first paragraph, if it is set as a title."""
    first = next((p for p in document.paragraphs if p.text.strip()), None)
    if first is None or first.style is None or first.style.name not in ("Title", "Heading 1"):
        return None
    return " ".join(str(first.text).split())


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
