"""Reads an export of one record a row, whose first row names the columns."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import ValidationError

from ingest.drafts import Draft, Skipped, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile, read_whole, too_large
from ingest.readers.lines import UTF16_MARKS, read_lines
from ingest.readers.names import NAMES, find_fields
from ingest.readers.records import Record, Records
from ingest.readers.rows import BrokenRow, Row, read_rows, without_quoted
from ingest.text.decode import decode

_HEAD_BYTES = 8_192
_MOST_COLUMNS = 1_000
_LINE_END = re.compile(r"\r?\n|\r")
_STRAY_RETURN = re.compile(r"\r(?!\n)(?!\Z)")


def read_csv(
    stream: io.BufferedReader, file: SourceFile
) -> Iterator[Draft | SourceFailure | Skipped]:
    """Yield a draft a row, and for a bad row its line and what is wrong with it."""
    # Of the whole interpreter, alas: by default a long article is over it.
    csv.field_size_limit(max(file.max_bytes, csv.field_size_limit()))
    notes: list[str] = []
    rows = read_rows(_lines(stream, file, notes), file.max_bytes)
    first = next(rows, None)
    if first is None:
        raise ReadError("empty")
    table = _Table(first, file, notes)
    yield from table.unused()
    row = None
    for row in rows:
        yield table.read_row(row)
    if row is None:
        raise ReadError("no row below the first, which names the columns")


def _lines(stream: io.BufferedReader, file: SourceFile, notes: list[str]) -> Iterator[str]:
    """Yield the lines, as a stream if the file begins in UTF-8; note where that was guessed."""
    if not _is_streamable(stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]):
        decoded = read_whole(stream, file)
        notes.extend(decoded.notes)
        text = decoded.text
        if _ends_rows_with_returns(text[:_HEAD_BYTES]):
            text = text.replace("\r", "\n")
        yield from map(_without_stray_returns, io.StringIO(text, newline="\n"))
        return
    for line in read_lines(stream, file.max_bytes):
        if line is None:
            raise too_large(file.max_bytes)
        try:
            text = line.decode()
        except UnicodeDecodeError:
            decoded = decode(line)
            notes[:] = [decoded.note]
            text = decoded.text
        yield _without_stray_returns(text)


def _is_streamable(head: bytes) -> bool:
    """Tell whether lines can be decoded one by one, and not only the whole together."""
    if head.startswith(UTF16_MARKS):
        return True
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return "\0" not in text and not _ends_rows_with_returns(text)


def _ends_rows_with_returns(head: str) -> bool:
    r"""Tell whether rows end in "\r" alone, as Excel writes them for Macintosh."""
    end = _LINE_END.search(without_quoted(head))
    return end is not None and end[0] == "\r"


def _without_stray_returns(line: str) -> str:
    """Make line breaks in a cell of what else would end the row: no writer quotes them."""
    if "\r" not in line:
        return line
    return _STRAY_RETURN.sub("\u2028", line)


class _Table:
    """What its first row says of a table."""

    def __init__(self, header: Row | BrokenRow, file: SourceFile, notes: Sequence[str]) -> None:
        """Raises ReadError where there is no column for the text."""
        self._names = [name.strip() for name in header.cells] if isinstance(header, Row) else []
        self._columns = _columns(self._names)
        self._file = file
        self._notes = notes
        # Rows are numbered from 1 in every export there is: what is one here is not one elsewhere.
        self._records = Records(file, ids_are_given=False)

    def unused(self) -> Iterator[Skipped]:
        """Say what other columns there are, where one of them may be the title or the date."""
        used = {place for places in self._columns.values() for place in places}
        unused = [name for at, name in enumerate(self._names) if name and at not in used]
        wanted = {"title": "title", "published_at": "date"}
        missed = [what for field, what in wanted.items() if field not in self._columns]
        if unused and missed:
            names = ", ".join(unused)[:200]
            reason = f"of its columns not used ({names}): none is known as its "
            yield Skipped(self._file.origin, len(unused), reason + " or its ".join(missed))

    def read_row(self, row: Row | BrokenRow) -> Draft | SourceFailure:
        if isinstance(row, BrokenRow):
            lines = f"lines {row.line} to {row.last_line}"
            lines = lines if row.last_line > row.line else f"line {row.line}"
            return self._records.failure(row.line, f"{lines}: quotation marks that do not pair")
        told = {field: _first_value(row.cells, at) for field, at in self._columns.items()}
        try:
            record = Record.model_validate({**told, "text": told["text"] or ""})
            return self._records.draft(record, [*self._notes, *self._excess(row)])
        except ReadError as error:
            reason = str(error)
        except ValidationError:
            reason = '"id" is longer than 200 characters'
        return self._records.failure(row.line, f"line {row.line}: {reason}")

    def _excess(self, row: Row) -> Iterator[str]:
        if any(cell.strip() for cell in row.cells[len(self._names) :]):
            yield f"has {len(row.cells)} cells for {len(self._names)} columns: is a text cut off?"


def _columns(names: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """Return where each field stands."""
    if len(names) > _MOST_COLUMNS:
        raise ReadError(f"no table: more than {_MOST_COLUMNS} columns in its first row")
    places = find_fields(names)
    if "text" not in places:
        known = ", ".join(NAMES["text"].split()[:3])
        found = ", ".join(filter(None, names))[:100]
        raise ReadError(f"no column for the text ({known}) in its first row: {found}")
    return places


def _first_value(cells: Sequence[str], places: Sequence[int]) -> str | None:
    """Return what stands in the surest of the places that hold anything."""
    values = (cells[place].strip() for place in places if place < len(cells))
    return next(filter(None, values), None)
