"""Reads standard input: records, if the first line that is not blank is one, else one text."""

import io
from collections.abc import Iterator

from ingest.drafts import Draft, SourceFailure
from ingest.files import SourceFile
from ingest.readers.jsonl import is_record, read_records
from ingest.readers.text import read_text


def read_stdin(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft | SourceFailure]:
    """Yield the articles of a stream that can be read only once."""
    head = b""
    line = b"\n"
    while line and not line.strip() and len(head) <= file.max_bytes:
        line = stream.readline(file.max_bytes + 1)
        head += line
    read = read_records if is_record(line) else read_text
    yield from read(io.BufferedReader(_Replayed(head, stream)), file)


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
