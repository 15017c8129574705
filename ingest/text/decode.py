"""Turns bytes into text, and says so where the encoding was guessed or the text is damaged."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import DecodeError

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
"""Escape sequences that begin letters of an encoding written in ASCII bytes only."""

_SAMPLE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what a person should know of its encoding ("" if nothing)."""

    text: str
    note: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """The note, if there is one."""
        return (self.note,) if self.note else ()


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
    return _decode_unmarked(data, _encodings_named(declared))


def _decode_marked(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding))
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if not _reads_well(text.rstrip("\ufffd")):
        raise DecodeError(f"not text: begins as {encoding}, but {lost} characters of it are none")
    return Decoded(text.rstrip("\ufffd"), f"damaged {encoding}: {lost} characters unreadable")


def _decode_unmarked(data: bytes, declared: tuple[str, ...]) -> Decoded:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise DecodeError(f"not text: {kind}, by its first bytes")
    if data.isascii() and (escaped := _decode_escaped(data)):
        return escaped
    controls = len(data) - len(data.translate(None, _CONTROL))
    if controls > max(1, _MOST_CONTROL * len(data)):
        if wide := _decode_utf16(data):
            return wide
        raise DecodeError(f"not text: {controls} of {len(data)} bytes are control characters")
    try:
        return Decoded(data.decode())
    except UnicodeDecodeError:
        return _decode_damaged_utf8(data) or _decode_declared(data, declared) or _guess(data)


def _decode_escaped(data: bytes) -> Decoded | None:
    """Decode an encoding whose bytes are all ASCII; charset-normalizer knows none of them."""
    for escape, encoding in _ESCAPES.items():
        if escape in data:
            return _decode_as(data, encoding)
    return None


def _decode_declared(data: bytes, declared: tuple[str, ...]) -> Decoded | None:
    """Decode as declared; of several encodings that may be meant by the one that loses least."""
    decoded = [_decode_as(data, encoding) for encoding in declared]
    return min(filter(None, decoded), key=lambda one: one.text.count("\ufffd"), default=None)


_MOST_DAMAGED = 0.05
_MOST_DAMAGED_DECLARED_BYTES = 0.01
"""Of the characters beyond ASCII: as another encoding than theirs, more are lost or unlikely.

Where each byte is a character, few are ever lost: for a declaration to be right, fewer are.
"""

_UNLIKELY = re.compile("[\x80-\x9f\ufffd\ue000-\uf8ff\uff61-\uff9f]")
"""Controls, lost, private or half-width: Shift-JIS makes such of whatever bytes, and loses few."""


def _decode_as(data: bytes, encoding: str, *, guessed: bool = False) -> Decoded | None:
    """Decode with one encoding; None where more is lost than a few bad bytes explain.

    A character that the text was cut in is left out, another that is broken becomes U+FFFD.
    """
    try:
        text, unreadable = data.decode(encoding), 0
    except UnicodeDecodeError:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        text = decoder.decode(data)
        unreadable = text.count("\ufffd") + bool(decoder.getstate()[0])
    if not (unreadable or guessed):
        return Decoded(text)
    bytewise = not guessed and len(text) == len(data)
    most_damaged = _MOST_DAMAGED_DECLARED_BYTES if bytewise else _MOST_DAMAGED
    if len(_UNLIKELY.findall(text)) > most_damaged * _count_beyond_ascii(text):
        return None
    notes = [f"encoding guessed: {encoding}" if guessed else f"damaged {encoding}"]
    if unreadable:
        notes.append(f"{unreadable} characters unreadable")
    return Decoded(text, ": ".join(notes))


def _count_beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


_EXTENDED = {
    "gbk": ("gb18030",),
    "big5hkscs": ("cp950", "big5hkscs"),
    "euc_jp": ("euc_jis_2004",),
}
"""What pages that name an encoding are written in: that one, and what its makers added to it."""

_NEVER_NAMED = frozenset(("utf-8", "utf-16-le", "utf-16-be", "replacement", "x-user-defined"))
"""UTF-8 is tried anyway, the wide ones are recognised, the rest encode no texts."""


def _encodings_named(name: str | None) -> tuple[str, ...]:
    """Return the encodings that a page may mean by a name, by their names in Python.

    None for Unicode, which needs no name to be recognised, nor for a name that is none.
    """
    import webencodings

    label = (name or "").encode("ascii", "ignore").decode().strip().lower()
    known = webencodings.lookup(label)
    encoding = known.codec_info.name if known else _code_page(label)
    if encoding is None or encoding in _NEVER_NAMED:
        return ()
    return _EXTENDED.get(encoding, (encoding,))


def _code_page(label: str) -> str | None:
    """Return a code page by its number, as mail programs name some that the web does not know."""
    if not re.fullmatch(r"cp\d{3,5}", label):
        return None
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None


_ASCII = bytes(range(0x80))
_BROKEN = re.compile("[\udc80-\udcff]+")
"""What the error handler "surrogateescape" makes of bytes that are not UTF-8."""

_MOSTLY_WESTERN = 0.9
_FEWEST_COMMON = 0.95


def _decode_damaged_utf8(data: bytes) -> Decoded | None:
    """Decode what is UTF-8 but for a few bytes; None for what is rather another encoding.

    Among Western letters those bytes are read as cp1252, from which they were pasted; elsewhere
    they become U+FFFD. A character that the text was cut in is left out.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    text = decoder.decode(data)
    cut = len(decoder.getstate()[0])
    beyond = _count_beyond_ascii(text)
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


def _decode_utf16(data: bytes) -> Decoded | None:
    """Decode UTF-16 without a mark, in the byte order that gives a text; None if neither does.

    Both may give letters only: Greek is turned into ideographs, but its spaces are not.
    """
    texts = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data[: len(data) // 2 * 2].decode(encoding)
        except UnicodeDecodeError:
            continue
        if _reads_well(text):
            texts[encoding] = text
    if not texts:
        return None
    likeliest = max(texts, key=lambda encoding: len(re.findall(r"[ \n]", texts[encoding])))
    return Decoded(texts[likeliest], f"encoding guessed: {likeliest}")


def _reads_well(text: str) -> bool:
    """Whether the characters are, but for a few, such as texts are full of."""
    sample = text[:_SAMPLE_BYTES]
    return sum(map(_is_common, sample)) > _FEWEST_COMMON * len(sample)


def _is_common(character: str) -> bool:
    """Whether texts in any living script are full of a character.

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


_WESTERN = re.compile(
    r"[\x00-\x7f\ufffd ‘’“”„‚–—…•€£¥¢§©®™°·×½¼¾«»¡¿"
    r"àâäáãåçéèêëíîïñóòôöõøúùûüßæœÀÂÄÁÃÅÇÉÈÊËÎÏÑÓÔÖÕØÚÙÛÜÆŒ]*+"
)
"""What cp1252 is used to write; other code pages read as it show letters that are not here."""

_PORTUGUESE = re.compile("ão|[çs]õe", re.IGNORECASE)
"""Where ã and õ stand in it; elsewhere they are the ă of Romanian and the ő of Hungarian."""

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_MOST_BEYOND_ASCII = 1 / 3
_OF_ONE_BYTE = (
    "cp1250 cp1252 cp1254 cp1257 cp1258 iso8859_2 iso8859_15 cp850 cp852"
    " cp1251 koi8_r koi8_u iso8859_5 cp866 cp855 mac_cyrillic"
    " cp1253 iso8859_7 cp1255 cp1256 iso8859_6 cp874"
).split()
_OF_TWO_BYTES = "cp932 euc_jis_2004 gb18030 cp950 cp949 johab".split()
"""What texts are found in; in a few words charset-normalizer sees seventy others."""

_SHORTEST_OF_TWO_BYTES = 1.5
"""Mean length of the runs of bytes beyond ASCII: between Latin letters they stand alone."""

_MOST_CHAOS = 0.3
"""By default 0.2, where ISO 8859-2 is passed over for its likeness to what was refused."""


def _guess(data: bytes) -> Decoded:
    """Decode by a guess; raises DecodeError where no encoding gives a text."""
    if western := _decode_western(data):
        return western
    for piece in _pieces(data):
        for encoding in _likeliest(piece):
            if decoded := _decode_as(data, encoding, guessed=True):
                return decoded
    raise DecodeError("not text: no encoding fits its bytes")


def _decode_western(data: bytes) -> Decoded | None:
    """Take mostly ASCII for cp1252 where that gives its usual letters and quotation marks.

    Of a few words charset-normalizer makes Polish or Japanese: "£40", "It’s over."
    """
    sample = data[:_SAMPLE_BYTES]
    if sum(map(len, _BEYOND_ASCII.findall(sample))) > _MOST_BEYOND_ASCII * len(sample):
        return None
    decoded = _decode_as(data, "cp1252", guessed=True)
    if not decoded or not _WESTERN.fullmatch(decoded.text):
        return None
    doubtful = any(letter in decoded.text for letter in "ãõÃÕ")
    return None if doubtful and not _PORTUGUESE.search(decoded.text) else decoded


def _pieces(data: bytes) -> Iterator[bytes]:
    """Yield what to guess from: the text, then parts of it that one bad byte is not in."""
    sample = data[:_SAMPLE_BYTES]
    if len(sample) < len(data):
        # Ended at a line, lest half a character spoil the right guess.
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    yield sample
    yield sample[:-1]
    middle = sample.find(b"\n", len(sample) // 2)
    if middle > 0:
        yield sample[:middle]
        yield sample[middle:]


def _likeliest(sample: bytes) -> Iterator[str]:
    """Yield the encodings that a sample may be in, the likeliest first."""
    from charset_normalizer import from_bytes

    runs = [len(run) for run in _BEYOND_ASCII.findall(sample)]
    if not runs:
        return
    candidates = list(_OF_ONE_BYTE)
    if sum(runs) >= _SHORTEST_OF_TWO_BYTES * len(runs):
        candidates += _OF_TWO_BYTES
    matches = from_bytes(sample, cp_isolation=candidates, threshold=_MOST_CHAOS)
    yield from (match.encoding for match in matches)
