"""Readers of formats, one file each: bytes of a source in, drafts of articles out."""

import io
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from ingest.drafts import Draft, SourceFailure
from ingest.files import SourceFile
from ingest.readers.jsonl import read_records
from ingest.readers.markdown import read_markdown
from ingest.readers.text import read_text

Reader = Callable[[io.BufferedReader, SourceFile], Iterator[Draft | SourceFailure]]
"""May raise IngestError and OSError, which end this source and no other."""

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": read_text,
        ".text": read_text,
        ".md": read_markdown,
        ".markdown": read_markdown,
        ".jsonl": read_records,
        ".ndjson": read_records,
    }
)
"""By the ending of the file's name, in lower case."""

STREAMED = frozenset({".jsonl", ".ndjson"})
"""Read record by record: the limit is for a record, and the file may be larger."""
