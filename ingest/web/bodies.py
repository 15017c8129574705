"""Takes in what a server sends, to a limit that holds after decompression too."""

import zlib
from collections.abc import Iterable, Iterator

from ingest.errors import FetchError
from ingest.files import too_large

_STEP_BYTES = 65_536
_GIVEN_BYTES = 16_384
"""Handed to zlib at once: it copies what it leaves of it, after each step and each gzip."""

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
        for start in range(0, len(chunk), _GIVEN_BYTES):
            yield chunk[start : start + _GIVEN_BYTES]


def _is_bare(start: bytes) -> bool:
    """Some servers send "deflate" without the two bytes of RFC 1950 before it."""
    if len(start) < 2 or start.startswith(b"\x1f\x8b"):
        return False
    return start[0] & 0x0F != 8 or int.from_bytes(start[:2]) % 31 != 0
