"""Reads a Word document: its headings, paragraphs and tables, in order."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

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
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_LIBRARY = "python-docx"
_TEMPLATE_SAVED_AT = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)
"""What this library, with which many documents are made, leaves in each that says nothing else."""

_RUNS = ".//w:r[not(ancestor::w:moveFrom or ancestor::w:txbxContent)]"
"""Also those that are tracked as inserted; those deleted have no text that counts."""

_BLOCKS = "*[self::w:p or self::w:tbl]"
_CONTENT = f"./{_BLOCKS} | ./w:sdt/w:sdtContent/{_BLOCKS}"


def read_docx(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article; the day it was saved is taken for no more than a file's date."""
    data = read_bytes(stream, file)
    if data.startswith(_OLD_OFFICE):
        raise ReadError("an old Word file, or locked with a password: save it anew without one")
    open_zip(data).close()
    from docx import Document

    try:
        document = Document(io.BytesIO(data))
    except (KeyError, ValueError) as error:
        raise ReadError("not a Word document, though it is called one") from error
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
        author=told.author.strip().replace(_LIBRARY, "") or None,
        url=file.url,
        language=told.language or None,
        modified_at=_saved_at(told.modified) or file.modified_at,
    )


def _blocks(document: "Document") -> Iterator[str]:
    from docx.oxml.table import CT_Tbl
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for block in document.element.body.xpath(_CONTENT):
        if isinstance(block, CT_Tbl):
            yield from _rows(Table(block, document))
        else:
            yield _text(Paragraph(block, document))


def _rows(table: "Table") -> Iterator[str]:
    for row in table.rows:
        # A cell that spans columns is met in each of them.
        cells = dict.fromkeys(" ".join(map(_text, cell.paragraphs)).strip() for cell in row.cells)
        yield " | ".join(cell for cell in cells if cell)


def _text(paragraph: "Paragraph") -> str:
    from docx.text.run import Run

    runs = (Run(run, paragraph) for run in paragraph._p.xpath(_RUNS))
    return " ".join("".join(run.text for run in runs if not _is_hidden(run)).split())


def _is_hidden(run: "Run") -> bool:
    return bool(run.font.hidden) or str(run.font.color.rgb or "") == _WHITE


def _styled_title(document: "Document") -> str | None:
    """Return the first paragraph, if it is set as a title."""
    first = next((p for p in document.paragraphs if p.text.strip()), None)
    if first is None or first.style is None or first.style.name not in ("Title", "Heading 1"):
        return None
    return " ".join(str(first.text).split())


def _saved_at(moment: datetime | None) -> datetime | None:
    aware = moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
    return None if aware == _TEMPLATE_SAVED_AT else aware
