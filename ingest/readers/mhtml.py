"""Reads a page that a browser saved as one file: its root page, without the rest."""

import io
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes
from ingest.readers.html import read_page
from ingest.readers.mail import header, parse_mail, payload, root_of
from ingest.web.urls import canonical_url, host_of

_PAGES = ("text/html", "application/xhtml+xml")


def read_mhtml(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article of the page that was looked at, not of those in frames of it."""
    saved = parse_mail(read_bytes(stream, file))
    page = _page(saved)
    draft = read_page(payload(page), replace(file, charset=page.get_content_charset()))
    location = header(saved, "snapshot-content-location") or header(page, "content-location")
    if not draft.url and (url := canonical_url(location)):
        draft = replace(draft, url=url, origin=url)
    if draft.url and draft.source == file.source:
        draft = replace(draft, source=host_of(draft.url))
    yield draft


def _page(saved: Message) -> Message:
    """Return the root, if it is a page, else the first page there is."""
    for part in (root_of(saved), *saved.walk()):
        if part.get_content_type() in _PAGES:
            return part
    raise ReadError("no page in it")
