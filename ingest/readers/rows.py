"""Splits a table that is written as text into rows, and goes on behind one that is broken."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.errors import ReadError

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
    """Lines, from the first to the last, of which nobody can tell where a cell ends."""

    line: int
    last_line: int


def read_rows(lines: Iterable[str], max_characters: int) -> Iterator[Row | BrokenRow]:
    """Yield the rows, the first of which names the columns and says how many there are.

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
    """Return the cells of the row that begins here; None if it cannot be told what they are."""
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
        """Tell whether a mark stands in what was taken for this row."""
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
        """Return what stands between the cells, as the first line says or shows."""
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
