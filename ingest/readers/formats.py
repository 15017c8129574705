"""Reads a file with the reader of its format, in a child process where that needs one."""

import io
from collections.abc import Iterator

from ingest.drafts import Begun, Reading, SourceFailure
from ingest.files import STDIN, SourceFile, reason_of
from ingest.readers import APART, READERS
from ingest.readers.sandbox import shared_sandbox
from ingest.readers.stdin import read_stdin
from ingest.sources import shown


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
