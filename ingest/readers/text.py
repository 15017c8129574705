"""Reads a plain text file: one article."""

import hashlib
import io
from collections.abc import Iterator

from ingest.drafts import Draft
from ingest.files import STDIN, SourceFile, read_whole


def read_text(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article; a text on standard input is known by its content, having no path."""
    decoded = read_whole(stream, file)
    origin = file.origin
    if file.path == STDIN and not file.part:
        digest = hashlib.sha256(decoded.text.encode(errors="replace")).hexdigest()
        origin = f"{origin}#{digest[:12]}"
    yield Draft(
        text=decoded.text,
        origin=origin,
        container=file.container,
        source=file.source,
        url=file.url,
        modified_at=file.modified_at,
        notes=decoded.notes,
    )
