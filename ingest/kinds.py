"""Tells what was fetched: which reader reads it, or that it is a feed or a sitemap."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ingest.errors import FetchError

FEED = "feed"
SITEMAP = "sitemap"
GZIP = ".gz"

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ARTICLES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    _DOCX: ".docx",
}
_MIXED = frozenset(
    "text/xml application/xml application/rss+xml application/atom+xml application/rdf+xml"
    " application/gzip application/x-gzip application/octet-stream binary/octet-stream".split()
)
"""Hold articles among other things: what they are shows in their first bytes."""

_FIRST_TAG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.{0,500}?\?>|<!--.{0,2000}?-->|<!(?:doctype)[^>\[]{0,500}>)*"
    rb"<(?:\w{1,20}:)?(\w{1,20})",
    re.IGNORECASE | re.DOTALL,
)
_BY_TAG = {
    b"rss": FEED,
    b"feed": FEED,
    b"rdf": FEED,
    b"urlset": SITEMAP,
    b"sitemapindex": SITEMAP,
    b"html": ".html",
}


def require_readable(media_type: str) -> None:
    """Raise FetchError for a media type that is no article; "" is none, and may be one."""
    if media_type and media_type not in _ARTICLES and media_type not in _MIXED:
        raise FetchError(f"sends {media_type[:80]}, which is no article")


def kind_of(data: bytes, media_type: str = "", url: str = "") -> str:
    """Return the ending that names a reader, or FEED, SITEMAP or GZIP; raises FetchError."""
    tag = _FIRST_TAG.match(data[:4096])
    by_tag = _BY_TAG.get(tag[1].lower()) if tag else None
    # Feeds are often sent as HTML or plain text, never the other way round.
    if by_tag in (FEED, SITEMAP):
        return by_tag
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"\x1f\x8b"):
        return GZIP
    if data.startswith(b"PK\x03\x04") and _ending(url) == ".docx":
        return ".docx"
    if kind := _ARTICLES.get(media_type) or by_tag:
        return kind
    raise FetchError(f"sends {media_type or 'something unnamed'}, which is no article")


def _ending(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).suffix.lower()
