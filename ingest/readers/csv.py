"""Reads an export of one record a row, whose first row names the columns."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import ValidationError

from ingest.decode import decode
from ingest.drafts import Draft, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile, read_whole, too_large
from ingest.readers.lines import UTF16_MARKS, read_lines
from ingest.readers.records import Record, record_draft

COLUMNS = {
    "text": "text body content full_text article_text article_body articlebody story article",
    "title": "title headline heading",
    "url": "url link canonical_url article_url",
    "published_at": "published_at published date pubdate publish_date published_date"
    " publication_date datetime",
    "updated_at": "updated_at updated modified_at modified last_modified",
    "source": "source outlet publisher publication site",
    "author": "author byline authors",
    "language": "language lang",
    "id": "article_id id guid",
}
"""What the columns of an export are called, the surest name first."""

_DELIMITERS = ",;\t|"
_HEAD_BYTES = 8_192


def read_csv(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft | SourceFailure]:
    """Yield a draft a row, and for a bad row its line and what is wrong with it."""
    # Of the whole interpreter, alas: by default a long article is over it.
    csv.field_size_limit(max(file.max_bytes, csv.field_size_limit()))
    notes: list[str] = []
    lines = _lines(stream, file, notes)
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise ReadError("empty")
    delimiter = max(_DELIMITERS, key=first.count)
    columns = _columns(next(csv.reader([first], delimiter=delimiter)))
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        for row in rows:
            if any(row):
                yield _read_row(row, columns, file, notes, rows.line_num + 1)
    except csv.Error as error:
        raise ReadError(f"line {rows.line_num + 1}: {error}") from error


def _lines(stream: io.BufferedReader, file: SourceFile, notes: list[str]) -> Iterator[str]:
    """Yield the lines, as a stream if the file begins in UTF-8; note where that was guessed."""
    if not _is_streamable(stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]):
        decoded = read_whole(stream, file)
        notes.extend([decoded.note] if decoded.note else [])
        yield from io.StringIO(decoded.text, newline="")
        return
    for line in read_lines(stream, file.max_bytes):
        if line is None:
            raise too_large(file.max_bytes)
        try:
            yield line.decode()
        except UnicodeDecodeError:
            decoded = decode(line)
            notes[:] = [decoded.note]
            yield decoded.text


def _is_streamable(head: bytes) -> bool:
    """Tell whether lines can be decoded one by one, and not only the whole together."""
    if head.startswith(UTF16_MARKS):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head


def _columns(header: Iterable[str]) -> dict[str, int]:
    """Return where each field stands; raises ReadError where there is no text."""
    names = [re.sub(r"\W+", "_", name.strip().lower()) for name in header]
    places = {
        field: names.index(name)
        for field, usual in COLUMNS.items()
        if (name := next((name for name in usual.split() if name in names), ""))
    }
    if "text" not in places:
        known = ", ".join(COLUMNS["text"].split()[:3])
        found = ", ".join(name for name in names if name)[:100]
        raise ReadError(f"no column for the text ({known}) in its first row: {found}")
    return places


def _read_row(
    row: list[str], columns: dict[str, int], file: SourceFile, notes: list[str], line: int
) -> Draft | SourceFailure:
    values = {field: row[at].strip() or None for field, at in columns.items() if at < len(row)}
    try:
        record = Record.model_validate({**values, "text": values.get("text") or ""})
        draft = record_draft(record, file, notes)
    except (ReadError, ValidationError) as error:
        reason = (
            str(error) if isinstance(error, ReadError) else '"id" is longer than 200 characters'
        )
        return SourceFailure(f"{file.origin}:{line}", f"line {line}: {reason}", file.container)
    # Rows are numbered from 1 in every export there is: what is one here is not one elsewhere.
    return replace(draft, article_id=None)
