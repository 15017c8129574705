"""Tells what was fetched: which reader reads it, or that it is a feed or a sitemap."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ingest.errors import FetchError
from ingest.web.json_feed import is_json_feed

FEED = "feed"
SITEMAP = "sitemap"
GZIP = ".gz"

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ARTICLES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    _DOCX: ".docx",
}
"""Media types that are articles, with the ending that names the reader of each."""

_MIXED = re.compile(
    r"(?:application|text)/(?:.{0,80}(?:xml|json)|(?:x-)?(?:rss|atom|rdf|gzip)|octet-stream)"
    r"|binary/octet-stream"
)
"""Hold articles among other things: what they are shows in their first bytes."""

_START_BYTES = 65_536
_UTF_16 = re.compile(rb"\xff\xfe|\xfe\xff|<\0|\0<")
_TAG = re.compile(r"<(?:\w{1,20}:)?(\w{1,20})")
_DOCTYPE = re.compile(r"<!doctype\s{1,100}(\w{1,20})", re.IGNORECASE)
_NO_BLANK = re.compile(r"\S")
_BY_TAG = {
    "rss": FEED,
    "feed": FEED,
    "rdf": FEED,
    "urlset": SITEMAP,
    "sitemapindex": SITEMAP,
    "html": ".html",
}


def require_readable(media_type: str) -> None:
    """Raise FetchError for a media type that is no article; "" is none, and may be one."""
    if media_type and media_type not in ARTICLES and not _MIXED.fullmatch(media_type):
        raise FetchError(f"sends {media_type[:80]}, which is no article")


def kind_of(data: bytes, media_type: str = "", url: str = "") -> str:
    """Return the ending that names a reader, or FEED, SITEMAP or GZIP; raises FetchError."""
    start = _start(data)
    by_tag = FEED if is_json_feed(start) else _BY_TAG.get(_first_name(start))
    # Feeds are often sent as HTML or plain text, and HTML as plain text, never the other way round.
    if by_tag in (FEED, SITEMAP) or (by_tag and media_type == "text/plain"):
        return by_tag
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"\x1f\x8b"):
        return GZIP
    if data.startswith(b"PK\x03\x04") and _ending(url) == ".docx":
        return ".docx"
    if kind := ARTICLES.get(media_type) or by_tag:
        return kind
    raise FetchError(f"sends {media_type or 'something unnamed'}, which is no article")


def _ending(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).suffix.lower()


def _start(data: bytes) -> str:
    start = data[:_START_BYTES]
    if not _UTF_16.match(start):
        return start.decode("utf-8-sig", "replace")
    is_big_endian = start.startswith((b"\xfe\xff", b"\0"))
    return start.decode("utf-16-be" if is_big_endian else "utf-16-le", "replace").lstrip("\ufeff")


def _first_name(text: str) -> str:
    """Return the name of the first element, or of the document type if that is HTML; "" if none.

    What may stand before it is stepped over one by one: a single pattern for all of it would try
    each blank in every way that it can be divided.
    """
    place = _after_blanks(text, 0)
    while text.startswith(("<?", "<!"), place):
        if (doctype := _DOCTYPE.match(text, place)) and doctype[1].lower() == "html":
            return "html"
        place = _after_blanks(text, _after_markup(text, place))
    tag = _TAG.match(text, place)
    return tag[1].lower() if tag else ""


def _after_blanks(text: str, place: int) -> int:
    found = _NO_BLANK.search(text, place)
    return found.start() if found else len(text)


def _after_markup(text: str, place: int) -> int:
    """Return where the instruction, comment or document type ends that begins at a place."""
    end = "?>" if text[place + 1] == "?" else "-->" if text.startswith("<!--", place) else ">"
    if end == ">" and (definitions := text.find("[", place, text.find(">", place))) >= 0:
        place = text.find("]", definitions)
    found = text.find(end, place)
    return found + len(end) if found >= 0 else len(text)
