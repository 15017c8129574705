"""Turns a page that was fetched into drafts, with what the feed that named it says of it."""

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from ingest.drafts import Draft, Skipped, SourceFailure
from ingest.errors import IngestError, ReadError
from ingest.files import SourceFile
from ingest.readers.formats import read_stream
from ingest.web.feeds import Feed, Item
from ingest.web.pages import Page
from ingest.web.urls import canonical_url, host_of


def drafts_of(page: Page, kind: str, max_bytes: int) -> Iterator[Draft | SourceFailure | Skipped]:
    """Read a page with the reader of its kind; raises IngestError."""
    if _path_of(page.final_url) == "/" != _path_of(page.url):
        raise ReadError("it leads to the front page of its site: it is gone from there")
    file = SourceFile(
        Path(f"page{kind}"),
        len(page.data),
        max_bytes,
        url=canonical_url(page.final_url) or page.url,
        charset=page.charset,
    )
    for reading in read_stream(io.BufferedReader(io.BytesIO(page.data)), file):
        if isinstance(reading, Draft):
            yield replace(reading, container=page.url, own_origin=file.origin)
        else:
            yield reading


def with_item(draft: Draft, item: Item, feed: Feed, feed_url: str) -> Draft:
    """Add what the page itself does not say."""
    host = host_of(draft.url or draft.origin)
    source = draft.source
    if source == host:
        source = item.source or (feed.title if host == host_of(feed_url) else None) or host
    return replace(
        draft,
        source=source or feed_url,
        title=draft.title or item.title,
        author=draft.author or item.author,
        published_at=draft.published_at or item.published_at or item.updated_at,
        updated_at=draft.updated_at or item.updated_at,
        language=draft.language or feed.language,
    )


def from_feed(item: Item, feed: Feed, feed_url: str, max_bytes: int) -> Draft:
    """Return the article that a feed itself holds; raises IngestError where that is none."""
    if not item.html:
        raise ReadError("the feed has no text of it either")
    address = item.url or feed_url
    data = item.html.encode(errors="replace")
    page = Page(address, address, data, charset="utf-8")
    for reading in drafts_of(page, ".html", max_bytes):
        if isinstance(reading, Draft):
            draft = with_item(reading, item, feed, feed_url)
            origin = item.url or f"{feed_url}#{item.key}"
            title = item.title or draft.title
            return replace(draft, origin=origin, own_origin=origin, url=item.url, title=title)
    raise ReadError("the feed has no text of it either")


def with_more(draft: Draft, item: Item, feed: Feed, feed_url: str, max_bytes: int) -> Draft:
    """Take the text of the feed where that is longer: then the page shows only the beginning."""
    if len(item.html) <= len(draft.text):
        return draft
    with suppress(IngestError):
        told = from_feed(item, feed, feed_url, max_bytes)
        if len(told.text) > len(draft.text):
            note = "text of the feed, which has more of it than its page"
            return replace(draft, text=told.text, notes=(*draft.notes, note))
    return draft


def _path_of(url: str) -> str:
    return urlsplit(url).path or "/"
