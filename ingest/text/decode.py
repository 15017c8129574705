"""Turns bytes into text, and says so where the encoding had to be guessed."""

import codecs

from ingest.errors import DecodeError
from ingest.text.decoded import Decoded, decode_as
from ingest.text.encoding_guess import guess
from ingest.text.encoding_names import encodings_named
from ingest.text.utf import decode_damaged_utf8, decode_utf16, reads_well

_BOMS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"\x7fELF", "a program"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip, DOCX or other packed file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3\x00", "a database"),
)
_CONTROL = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1b"))
_MOST_CONTROL = 0.01
"""Share of the bytes: random ones hold 0.1 of control characters, texts none but stray NULs."""

_ESCAPES = {
    b"\x1b$B": "iso2022_jp_ext",
    b"\x1b$@": "iso2022_jp_ext",
    b"\x1b$)C": "iso2022_kr",
}
"""What turns ASCII into the letters of an encoding that is written in ASCII only."""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode a whole text by its mark, as UTF-8, as UTF-16, as declared, else by a guess.

    `declared` is what a page or its server calls the encoding, whatever that is worth.
    Raises DecodeError for what is no text; nothing else.
    """
    if data.startswith(codecs.BOM_UTF8):
        return _decode_unmarked(data.removeprefix(codecs.BOM_UTF8), ())
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_marked(data, encoding)
    return _decode_unmarked(data, encodings_named(declared))


def _decode_marked(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding))
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if not reads_well(text.rstrip("\ufffd")):
        raise DecodeError(f"not text: begins as {encoding}, but {lost} characters of it are none")
    return Decoded(text.rstrip("\ufffd"), f"damaged {encoding}: {lost} characters unreadable")


def _decode_unmarked(data: bytes, declared: tuple[str, ...]) -> Decoded:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise DecodeError(f"not text: {kind}, by its first bytes")
    if data.isascii() and (escaped := _decode_escaped(data, declared)):
        return escaped
    controls = len(data) - len(data.translate(None, _CONTROL))
    if controls > max(1, _MOST_CONTROL * len(data)):
        if wide := decode_utf16(data):
            return wide
        raise DecodeError(f"not text: {controls} of {len(data)} bytes are control characters")
    try:
        return Decoded(data.decode())
    except UnicodeDecodeError:
        return decode_damaged_utf8(data) or _decode_declared(data, declared) or guess(data)


def _decode_escaped(data: bytes, declared: tuple[str, ...]) -> Decoded | None:
    """Decode what is no ASCII, though all its bytes are."""
    if "hz" in declared:
        return decode_as(data, "hz")
    for escape, encoding in _ESCAPES.items():
        if escape in data:
            return decode_as(data, encoding)
    return None


def _decode_declared(data: bytes, declared: tuple[str, ...]) -> Decoded | None:
    """Decode as declared; of several encodings that may be meant by the one that loses least."""
    decoded = [decode_as(data, encoding) for encoding in declared]
    return min(filter(None, decoded), key=lambda one: one.text.count("\ufffd"), default=None)
