"""Reads a page that a browser saved as one file: its root page, without the rest."""

import io
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from typing import cast

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes
from ingest.readers.html import read_page
from ingest.urls import canonical_url

_PAGES = ("text/html", "application/xhtml+xml")


def read_mhtml(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article of the first page in the file, which is the one that was looked at."""
    saved = message_from_bytes(read_bytes(stream, file), policy=policy.default)
    page = next((part for part in saved.walk() if part.get_content_type() in _PAGES), None)
    if page is None:
        raise ReadError("no page in it")
    draft = read_page(
        cast(bytes, page.get_payload(decode=True)),
        replace(file, charset=page.get_content_charset()),
    )
    location = saved["snapshot-content-location"] or page["content-location"] or ""
    if not draft.url and (url := canonical_url(str(location))):
        draft = replace(draft, url=url, origin=url)
    yield draft
