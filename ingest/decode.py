"""Turns bytes into text, and says so where the encoding had to be guessed."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from ingest.errors import DecodeError

_BOMS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
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

_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""What pages that name an encoding are written in (https://encoding.spec.whatwg.org/#names)."""

_NEVER_DECLARED = frozenset(
    "utf-8 utf-8-sig utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be"
    " idna punycode undefined unicode-escape raw-unicode-escape".split()
)
"""UTF-8 is tried anyway, the wide ones are recognised, the rest encode no texts."""

_GUESSED_FROM_BYTES = 65_536
_MOST_DAMAGED = 0.05
"""Broken characters for each whole one beyond ASCII in UTF-8, for each of all in UTF-16."""

_WESTERN = re.compile(
    r"[\x00-\x7f ‘’“”„‚–—…•€£¥§©®™°·×½¼¾«»¡¿àâäáãåçéèêëíîïñóòôöøúùûüßæœÀÂÄÁÅÇÉÈÊËÎÏÑÓÔÖØÚÙÛÜÆŒ]*"
)
"""What cp1252 is used to write; other code pages read as it show letters that are not here."""

_MOST_BEYOND_ASCII = 1 / 3
_NOT_GUESSED = ["utf_7", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be"]
"""Fit any few bytes; those that are meant have a mark, or are recognised before."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what a person should know of its encoding ("" if nothing)."""

    text: str
    note: str = ""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode a whole text by its mark, as UTF-8, as UTF-16, as declared, else by a guess.

    `declared` is what a page or its server calls the encoding, whatever that is worth.
    Raises DecodeError for what is no text; nothing else.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_marked(data, encoding)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise DecodeError(f"not text: {kind}, by its first bytes")
    controls = len(data) - len(data.translate(None, _CONTROL))
    if controls > max(1, _MOST_CONTROL * len(data)):
        if wide := _decode_utf16(data):
            return wide
        raise DecodeError(f"not text: {controls} of {len(data)} bytes are control characters")
    return (
        _decode_declared(data, declared)
        or _decode_utf8(data)
        or _decode_western(data)
        or _guess(data)
    )


def _decode_marked(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding))
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if not _reads_well(text.rstrip("\ufffd")):
        raise DecodeError(f"not text: begins as {encoding}, but {lost} characters of it are none")
    return Decoded(text.rstrip("\ufffd"), f"damaged {encoding}: {lost} characters unreadable")


def _decode_utf16(data: bytes) -> Decoded | None:
    """Decode UTF-16 without a mark: of the two byte orders, the one that gives common letters."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data[: len(data) // 2 * 2].decode(encoding)
        except UnicodeDecodeError:
            continue
        if _reads_well(text):
            return Decoded(text, f"encoding guessed: {encoding}")
    return None


def _reads_well(text: str) -> bool:
    sample = text[:_GUESSED_FROM_BYTES]
    return sum(map(_is_common, sample)) > (1 - _MOST_DAMAGED) * len(sample)


def _is_common(character: str) -> bool:
    """Tell whether a character is one that texts are full of, in any living script.

    Of the code points of UTF-16 the other half are rare ideographs, old scripts, private or none:
    what text turns into when its bytes are swapped.
    """
    code = ord(character)
    if code < 0x80:
        return code >= 0x20 or character in "\t\n\r"
    living = code < 0x1200 or 0x1E00 <= code < 0x2070 or 0x3000 <= code < 0x3100
    return (
        living or 0x4E00 <= code < 0xA000 or 0xAC00 <= code < 0xD7B0 or code >= 0xFF00
    ) and unicodedata.category(character)[0] in "LMNPSZ"


def _decode_declared(data: bytes, declared: str | None) -> Decoded | None:
    """Decode as declared, unless it is UTF-8 or the declaration is wrong."""
    try:
        name = codecs.lookup((declared or "").strip()).name
        if name in _NEVER_DECLARED or _is_utf8(data):
            return None
        return Decoded(data.decode(_MEANT.get(name, name)))
    except (LookupError, ValueError):
        return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decode_utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode())
    except UnicodeDecodeError as error:
        cut_off = error.reason == "unexpected end of data" and len(data) - error.start > 1
        text = data.decode(errors="replace")
    lost = text.count("\ufffd")
    whole = len(text) - lost - len(text.encode("ascii", "ignore"))
    if lost > _MOST_DAMAGED * whole and not (cut_off and lost == 1):
        return None
    return Decoded(text.rstrip("\ufffd"), f"damaged UTF-8: {lost} characters unreadable")


def _decode_western(data: bytes) -> Decoded | None:
    """Take mostly ASCII for cp1252 where that gives its usual letters and quotation marks.

    Of a few words charset-normalizer makes Polish or Japanese: "£40", "It’s over."
    """
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    beyond = sum(byte > 0x7F for byte in data[:_GUESSED_FROM_BYTES])
    if beyond > _MOST_BEYOND_ASCII * len(data[:_GUESSED_FROM_BYTES]) or not _WESTERN.fullmatch(
        text
    ):
        return None
    return Decoded(text, "encoding guessed: cp1252")


def _guess(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    sample = data[:_GUESSED_FROM_BYTES]
    if len(sample) < len(data):
        # Ended at a line, lest half a character spoil the right guess.
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    best = from_bytes(sample, cp_exclusion=_NOT_GUESSED).best()
    if best is None:
        raise DecodeError("not text: no encoding fits its bytes")
    text = data.decode(best.encoding, "replace")
    return Decoded(text, f"encoding guessed: {best.encoding}")
