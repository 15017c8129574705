"""Reads the body of a response, to a limit, and recognises articles, feeds and sitemaps in it."""

import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ingest.errors import FetchError
from ingest.files import too_large
from ingest.web.feeds import is_json_feed

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
_STEP_BYTES = 65_536
_INPUT_BYTES = 16_384
"""What zlib gets at once: it copies what it leaves of it, after each step and each gzip."""

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_UNCOMPRESSED = frozenset("identity none binary 8bit utf-8 utf8".split())
"""What servers name where they did nothing; only the first of them is meant for it."""


def read_body(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """Return the whole body; raises FetchError for one that is larger, or badly compressed.

    httpx2 would decompress each chunk whole, a thousandfold, before anybody could count.
    """
    encoding = encoding.strip().lower()
    if encoding in ("gzip", "x-gzip", "deflate"):
        chunks = _decompressed(chunks)
    elif encoding and encoding not in _UNCOMPRESSED:
        raise FetchError(f"is compressed in a way that was not asked for: {encoding[:60]}")
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise FetchError(str(too_large(max_bytes)))
    return bytes(body)


def gunzip(data: bytes, max_bytes: int) -> bytes:
    """Decompress a file that is itself a gzip; raises FetchError like `read_body`."""
    return read_body([data], "gzip", max_bytes)


def _decompressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress what may be several gzips one after another, as RFC 1952 (2.2) allows."""
    inflater = None
    for piece in _pieces(chunks):
        if inflater is None:
            inflater = zlib.decompressobj(-zlib.MAX_WBITS if _is_bare(piece) else _GZIP_OR_ZLIB)
        while piece:
            if inflater.eof and not piece.startswith(b"\x1f"):
                return  # bytes that only fill up what was written
            if inflater.eof:
                inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
            try:
                yield inflater.decompress(piece, _STEP_BYTES)
            except zlib.error:
                raise FetchError("is compressed, and damaged") from None
            piece = inflater.unconsumed_tail or inflater.unused_data
    if inflater and not inflater.eof:
        yield inflater.flush()  # what its last bits stand for, where a step ended before them
    if inflater and not inflater.eof:
        raise FetchError("is compressed, and ends before its end")


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), _INPUT_BYTES):
            yield chunk[start : start + _INPUT_BYTES]


def _is_bare(start: bytes) -> bool:
    """Some servers send "deflate" without the two bytes of RFC 1950 before it."""
    if len(start) < 2 or start.startswith(b"\x1f\x8b"):
        return False
    return start[0] & 0x0F != 8 or int.from_bytes(start[:2]) % 31 != 0


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
    at = _after_blanks(text, 0)
    while text.startswith(("<?", "<!"), at):
        if (doctype := _DOCTYPE.match(text, at)) and doctype[1].lower() == "html":
            return "html"
        at = _after_blanks(text, _after_markup(text, at))
    tag = _TAG.match(text, at)
    return tag[1].lower() if tag else ""


def _after_blanks(text: str, at: int) -> int:
    found = _NO_BLANK.search(text, at)
    return found.start() if found else len(text)


def _after_markup(text: str, at: int) -> int:
    """Return where the instruction, comment or document type ends that begins at an offset."""
    end = "?>" if text[at + 1] == "?" else "-->" if text.startswith("<!--", at) else ">"
    if end == ">" and (definitions := text.find("[", at, text.find(">", at))) >= 0:
        at = text.find("]", definitions)
    found = text.find(end, at)
    return found + len(end) if found >= 0 else len(text)
