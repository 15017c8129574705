"""Reads an export of one record a row, whose first row names the columns."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from ingest.drafts import Draft, Skipped, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile, read_whole, too_large
from ingest.readers.records import NAMES, UTF16_MARKS, Record, Records, find_fields, read_lines
from ingest.text.decode import decode

_HEAD_BYTES = 8_192
_MOST_COLUMNS = 1_000
_STRAY_RETURN = re.compile(r"\r(?!\n)(?!\Z)")
_DELIMITERS = ",;\t|"
_NAMED_DELIMITER = re.compile(r'\ufeff?"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"?')
_MOST_READ_AGAIN = 4
"""Times the size of the largest row: what is put back is read again, and could be so forever."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and the line that it begins in."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """Lines, from the first to the last, in which it is unclear where a cell ends."""

    line: int
    last_line: int


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
        yield from map(_without_stray_returns, io.StringIO(decoded.text, newline="\n"))
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
    """Return whether lines can be decoded one by one, and not only the whole together."""
    if head.startswith(UTF16_MARKS):
        return True
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def _without_stray_returns(line: str) -> str:
    """Make line breaks in a cell of what else would end the row: no writer quotes them."""
    if "\r" not in line:
        return line
    return _STRAY_RETURN.sub("\u2028", line)


class _Table:
    """A table by its first row."""

    def __init__(self, header: Row | BrokenRow, file: SourceFile, notes: Sequence[str]) -> None:
        """Raises ReadError where there is no column for the text."""
        self._names = [name.strip() for name in header.cells] if isinstance(header, Row) else []
        self._columns = _columns(self._names)
        self._file = file
        self._notes = notes
        # Rows are numbered from 1 in every export there is: what is one here is not one elsewhere.
        self._records = Records(file, ids_are_given=False)

    def unused(self) -> Iterator[Skipped]:
        """Report what other columns there are, where one of them may be the title or the date."""
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
        values = {field: _first_value(row.cells, at) for field, at in self._columns.items()}
        try:
            record = Record.model_validate({**values, "text": values["text"] or ""})
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


def read_rows(lines: Iterable[str], max_characters: int) -> Iterator[Row | BrokenRow]:
    """Yield the rows, the first of which names the columns and shows how many there are.

    A quotation mark that is never closed would make one cell of all that follows. So a row that
    is no row by RFC 4180 is read again, with the marks escaped or meaning nothing, and taken if
    it has as many cells as the first; else what follows is left out up to a row that has.
    """
    source = _Lines(lines, max_characters)
    delimiter = source.find_delimiter()
    width = broken_from = 0
    while source.begin_row():
        cells = _cells(source, delimiter, width)
        if cells is None or (broken_from and len(cells) != width):
            source.keep_one()
            broken_from = broken_from or source.line
            continue
        if broken_from:
            yield BrokenRow(broken_from, source.line - 1)
            broken_from = 0
        if any(cells):
            width = width or len(cells)
            yield Row(source.line, cells)
    if broken_from:
        yield BrokenRow(broken_from, source.line - 1)


def _cells(source: "_Lines", delimiter: str, width: int) -> list[str] | None:
    """Return the cells of the row that begins here; None if that is unclear."""
    cells = source.parse(csv.reader(source, delimiter=delimiter, strict=True))
    if cells is not None and (source.taken == 1 or len(cells) == (width or len(cells))):
        return cells
    escaped = csv.reader(source, delimiter=delimiter, escapechar="\\", doublequote=False)
    for reader in (
        *([escaped] if source.takes('\\"') else []),
        csv.reader(source.one(), delimiter=delimiter, quoting=csv.QUOTE_NONE),
        csv.reader(source.one(), delimiter=delimiter),
    ):
        source.put_back()
        other = source.parse(reader)
        if other is not None and len(other) == (width or len(other)):
            return other
    source.put_back()
    return source.parse(csv.reader(source, delimiter=delimiter, strict=True)) if cells else None


def without_quoted(text: str) -> str:
    """Return a text without what is quoted: there delimiters and line ends mean nothing."""
    return _QUOTED.sub("", text)


class _Lines:
    """Lines that can be put back, and know their numbers."""

    def __init__(self, lines: Iterable[str], max_characters: int) -> None:
        self.line = 0
        """The number of the line that the row begins in, from 1."""

        self._lines = iter(lines)
        self._waiting: list[str] = []
        self._taken: list[str] = []
        self._max_characters = max_characters
        self._characters = self._read_again = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if (line := self._pull()) is None:
            raise StopIteration
        self._taken.append(line)
        self._characters += len(line)
        if self._characters > self._max_characters:
            raise csv.Error("longer than an article may be")
        return line

    def _pull(self) -> str | None:
        return self._waiting.pop() if self._waiting else next(self._lines, None)

    @property
    def taken(self) -> int:
        """How many lines were taken for this row."""
        return len(self._taken)

    def takes(self, mark: str) -> bool:
        """Return whether a mark stands in what was taken for this row."""
        return any(mark in line for line in self._taken)

    def begin_row(self) -> bool:
        """Leave the row before behind, and blank lines; returns whether there is another row."""
        self.line += len(self._taken) or not self.line
        self._taken.clear()
        self._characters = 0
        while (line := self._pull()) is not None:
            if not line.isspace():
                self._waiting.append(line)
                return True
            self.line += 1
        return False

    def find_delimiter(self) -> str:
        """Return what stands between the cells, as the first line declares or shows."""
        first = self._waiting[-1] if self.begin_row() else ""
        if named := _NAMED_DELIMITER.fullmatch(first):
            next(self)
            return named[1]
        return max(_DELIMITERS, key=without_quoted(first).count)

    def one(self) -> Iterator[str]:
        """Yield one line, so that a row can have no more."""
        yield next(self)

    def parse(self, reader: Iterator[list[str]]) -> list[str] | None:
        """Return the row that a reader of these lines finds; None if it finds none."""
        try:
            return next(reader)
        except (csv.Error, StopIteration):
            return None

    def put_back(self, keep: int = 0) -> None:
        """Put back all lines of this row, or all but the first ones."""
        back = self._taken[keep:]
        self._read_again += sum(map(len, back))
        if self._read_again > _MOST_READ_AGAIN * self._max_characters:
            raise ReadError(f"gave up at line {self.line}: its quotation marks do not pair")
        self._waiting.extend(reversed(back))
        del self._taken[keep:]
        self._characters = sum(map(len, self._taken))

    def keep_one(self) -> None:
        """Take one line for this row, and no more."""
        if not self._taken:
            next(self)
        self.put_back(keep=1)
