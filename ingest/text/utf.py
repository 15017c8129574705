"""Recognises UTF-8 that is damaged, and UTF-16 that has no mark."""

import codecs
import re
import unicodedata

from ingest.text.decoded import Decoded, count_beyond_ascii

_ASCII = bytes(range(0x80))
_BROKEN = re.compile("[\udc80-\udcff]+")
"""What the error handler "surrogateescape" makes of bytes that are not UTF-8."""

_MOSTLY_WESTERN = 0.9
_FEWEST_COMMON = 0.95
_JUDGED_BY = 65_536


def decode_damaged_utf8(data: bytes) -> Decoded | None:
    """Decode what is UTF-8 but for a few bytes; None for what is rather another encoding.

    Among Western letters those bytes are read as cp1252, from which they were pasted; elsewhere
    they become U+FFFD. A character that the text was cut in is left out.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    text = decoder.decode(data)
    cut = len(decoder.getstate()[0])
    beyond = count_beyond_ascii(text)
    broken = sum(map(len, _BROKEN.findall(text)))
    continuing = len(data.translate(None, _ASCII)) - beyond - bool(cut)
    # Of 17,000 texts in other encodings 42 hold as many, all of them of 25 characters or fewer.
    if not continuing or continuing < broken + (cut == 1):
        return None
    western = len(text.encode("cp1252", "ignore")) - len(text.encode("ascii", "ignore"))
    if broken and western > _MOSTLY_WESTERN * (beyond - broken):
        text = _BROKEN.sub(_as_western, text)
        return Decoded(text, f"damaged UTF-8: {broken} bytes read as cp1252")
    text, unreadable = _BROKEN.subn("\ufffd", text)
    return Decoded(text, f"damaged UTF-8: {unreadable + bool(cut)} characters unreadable")


def _as_western(broken: re.Match[str]) -> str:
    return broken[0].encode(errors="surrogateescape").decode("cp1252", "replace")


def decode_utf16(data: bytes) -> Decoded | None:
    """Decode UTF-16 without a mark, in the byte order that gives a text; None if neither does.

    Both may give letters only: Greek is turned into ideographs, but its spaces are not.
    """
    texts = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data[: len(data) // 2 * 2].decode(encoding)
        except UnicodeDecodeError:
            continue
        if reads_well(text):
            texts[encoding] = text
    if not texts:
        return None
    likeliest = max(texts, key=lambda encoding: _count_spaces(texts[encoding]))
    return Decoded(texts[likeliest], f"encoding guessed: {likeliest}")


def _count_spaces(text: str) -> int:
    return text.count(" ") + text.count("\n")


def reads_well(text: str) -> bool:
    """Tell whether the characters are, but for a few, such as texts are full of."""
    sample = text[:_JUDGED_BY]
    return sum(map(_is_common, sample)) > _FEWEST_COMMON * len(sample)


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
