"""Reads a file with the reader of its format, and standard input by how it begins."""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from ingest.drafts import Begun, Draft, Reading, SourceFailure
from ingest.errors import FetchError, ReadError
from ingest.files import STDIN, SourceFile, read_bytes, reason_of
from ingest.readers import APART, READERS
from ingest.readers.csv import Row, read_rows
from ingest.readers.html import is_markup
from ingest.readers.markdown import split_front_matter
from ingest.readers.records import UTF16_MARKS, find_fields, is_record
from ingest.readers.sandbox import shared_sandbox
from ingest.sources import shown
from ingest.web.content import FEED, SITEMAP, kind_of

_HEAD_BYTES = 8_192
_FEWEST_COLUMNS = 2
_HEADER = re.compile(r"[A-Za-z][\w-]{0,60}:|[ \t]|From ")
_FROM = re.compile(r"From:.*@", re.IGNORECASE)
_ARRAY = re.compile(r"\s*\[\s*\{\s*\"")


def read_source(file: SourceFile) -> Iterator[Reading]:
    """Yield the articles of a file; whatever goes wrong with it becomes a failure."""
    try:
        if file.path == STDIN:
            yield from read_stdin(file.open(), file)
            return
        with file.open() as stream:
            yield from read_stream(stream, file)
    except Exception as error:
        # Readers use parsers that raise more kinds of errors than can be listed.
        yield SourceFailure(shown(file.path), reason_of(error), shown(file.path))


def read_stream(stream: io.BufferedReader, file: SourceFile) -> Iterator[Reading]:
    """Yield the articles in bytes that are at hand; raises IngestError and OSError.

    The reader is that of the ending of the file's name.
    """
    if file.suffix in APART:
        yield from shared_sandbox().read(stream, file)
        return
    for reading in READERS[file.suffix](stream, file):
        if not isinstance(reading, Begun):
            yield reading


def read_stdin(stream: io.BufferedReader, file: SourceFile) -> Iterator[Reading]:
    """Yield the articles of a stream that can be read only once.

    Raises ReadError for a format that is not read from here.
    """
    head, stream = _begin(stream, file.max_bytes)
    kind = _kind(head)
    if kind in APART:
        yield from _read_apart(read_bytes(stream, file), kind, file)
    else:
        for reading in READERS[kind](stream, file):
            if not isinstance(reading, Begun):
                yield reading


def _begin(stream: io.BufferedReader, max_bytes: int) -> tuple[bytes, io.BufferedReader]:
    """Return how a stream begins, and the stream with that in it; waits for one line only."""
    head = b""
    line = b"\n"
    while line and not line.strip() and len(head) <= max_bytes:
        line = stream.readline(max_bytes + 1)
        head += line
    more = stream.peek(_HEAD_BYTES)[:_HEAD_BYTES] if line.endswith(b"\n") else b""
    return head + more, io.BufferedReader(_Replayed(head, stream))


def _kind(head: bytes) -> str:
    """Return the ending that names the format."""
    text = head.decode("utf-16" if head.startswith(UTF16_MARKS) else "utf-8-sig", "replace")
    text = text.replace("\r\n", "\n").lstrip()
    lines = [line for line in text.splitlines(keepends=True) if line.strip()]
    if _is_records(lines):
        return ".jsonl"
    if _ARRAY.match(text):
        raise ReadError("a JSON array: give a record a line, as jq -c '.[]' writes them")
    with suppress(FetchError):
        kind = kind_of(head)
        if kind in (FEED, SITEMAP):
            raise ReadError("a feed or sitemap: give its link, or the name of its file")
        if kind in (".html", ".pdf"):
            return kind
    if text.startswith("<") and is_markup(text):
        return ".html"
    if _is_letter(text):
        return ".eml"
    if split_front_matter(text)[0]:
        return ".md"
    return ".csv" if _is_table(lines) else ".txt"


def _is_records(lines: list[str]) -> bool:
    """Return whether most lines are records: the first may be the bad one."""
    whole = lines[:-1] if len(lines) > 1 and not lines[-1].endswith("\n") else lines
    return sum(is_record(line.encode(errors="replace")) for line in whole) > len(whole) / 2


def _is_letter(text: str) -> bool:
    headers = text.partition("\n\n")[0].splitlines()
    return all(map(_HEADER.match, headers)) and any(map(_FROM.match, headers))


def _is_table(lines: list[str]) -> bool:
    header = next(read_rows(lines, _HEAD_BYTES), None)
    columns = find_fields(header.cells) if isinstance(header, Row) else {}
    return "text" in columns and len(columns) >= _FEWEST_COLUMNS


def _read_apart(data: bytes, kind: str, file: SourceFile) -> Iterator[Reading]:
    """Read what is known by its content, having no path."""
    name = hashlib.sha256(data).hexdigest()[:12] + kind
    inside = replace(file, bytes=len(data), part=name)
    for reading in shared_sandbox().read(io.BufferedReader(io.BytesIO(data)), inside):
        if isinstance(reading, Draft) and reading.source == inside.source:
            reading = replace(reading, source=file.source)
        yield reading


class _Replayed(io.RawIOBase):
    """A stream with the bytes that were read from it put back."""

    def __init__(self, head: bytes, rest: io.BufferedReader) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._head[: len(buffer)] or self._rest.read1(len(buffer))
        self._head = self._head[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)
