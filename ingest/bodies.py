"""Takes in what a server sends, to a limit that holds after decompression too."""

import zlib
from collections.abc import Iterable, Iterator

from ingest.errors import FetchError
from ingest.files import too_large

_STEP_BYTES = 65_536
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


def read_body(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """Return the whole body; raises FetchError for one that is larger, or badly compressed.

    httpx would decompress each chunk whole, a thousandfold, before anybody could count.
    """
    match encoding.strip().lower():
        case "" | "identity":
            pass
        case "gzip" | "x-gzip" | "deflate":
            chunks = _decompressed(chunks)
        case other:
            raise FetchError(f"is compressed in a way that was not asked for: {other[:60]}")
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
    inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
    begun = False
    for chunk in chunks:
        if not begun and chunk and _is_bare_deflate(chunk):
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        begun = begun or bool(chunk)
        try:
            while chunk and not inflater.eof:
                yield inflater.decompress(chunk, _STEP_BYTES)
                chunk = inflater.unconsumed_tail
        except zlib.error:
            raise FetchError("is compressed, and damaged") from None
    if begun and not inflater.eof:
        raise FetchError("is compressed, and ends before its end")


def _is_bare_deflate(start: bytes) -> bool:
    """Some servers send "deflate" without the two bytes of RFC 1950 before it."""
    if len(start) < 2 or start.startswith(b"\x1f\x8b"):
        return False
    return start[0] & 0x0F != 8 or int.from_bytes(start[:2]) % 31 != 0
