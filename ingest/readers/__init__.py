"""Readers of formats, one file each: bytes of a source in, drafts of articles out."""

import io
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from ingest.drafts import Begun, Reading
from ingest.files import SourceFile
from ingest.readers.csv import read_csv
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.mail import read_eml, read_mhtml
from ingest.readers.markdown import read_markdown, read_text
from ingest.readers.pdf import read_pdf
from ingest.readers.records import read_records
from ingest.readers.zip import read_zip

Reader = Callable[[io.BufferedReader, SourceFile], Iterator[Reading | Begun]]
"""May raise IngestError and OSError, which end this source and no other."""

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": read_text,
        ".text": read_text,
        ".md": read_markdown,
        ".markdown": read_markdown,
        ".html": read_html,
        ".htm": read_html,
        ".xhtml": read_html,
        ".mhtml": read_mhtml,
        ".mht": read_mhtml,
        ".pdf": read_pdf,
        ".docx": read_docx,
        ".eml": read_eml,
        ".jsonl": read_records,
        ".ndjson": read_records,
        ".csv": read_csv,
        ".tsv": read_csv,
        ".zip": read_zip,
    }
)
"""By the ending of the file's name, in lower case."""

STREAMED = frozenset({".jsonl", ".ndjson", ".csv", ".tsv"})
"""Read record by record: the limit is for a record, and the file may be larger."""

APART = frozenset({".html", ".htm", ".xhtml", ".mhtml", ".mht", ".pdf", ".docx", ".eml", ".zip"})
"""What can be made to take endless time or memory: read in a child process that has limits."""

OF_ONE_ARTICLE = frozenset(READERS) - STREAMED - {".eml", ".zip"}
"""What holds one article: another than it gave before takes that one's place."""
