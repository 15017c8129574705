"""Guesses an encoding that nothing names, from what the bytes would read as."""

import re
from collections.abc import Iterator

from ingest.errors import DecodeError
from ingest.text.decoded import Decoded, decode_as

_JUDGED_BY = 65_536
_MOST_BEYOND_ASCII = 1 / 3

_WESTERN_CHARACTERS = (
    r"[\x00-\x7f\ufffd ‘’“”„‚–—…•€£¥¢§©®™°·×½¼¾«»¡¿"
    r"àâäáãåçéèêëíîïñóòôöøúùûüßæœÀÂÄÁÅÇÉÈÊËÎÏÑÓÔÖØÚÙÛÜÆŒ]*+"
)
_WESTERN = re.compile(rf"{_WESTERN_CHARACTERS}(?:[õÕ](?=[eE]){_WESTERN_CHARACTERS})*+")
"""What cp1252 is used to write; other code pages read as it show letters that are not here.

Of them õ is found in Portuguese, before e; elsewhere it stands for the ő of Hungarian.
"""

_OF_LATIN_LETTERS = (
    "cp1250 cp1252 cp1254 cp1257 cp1258 iso8859_2 iso8859_15 mac_roman cp850 cp852".split()
)
_OF_OTHER_LETTERS = (
    "cp1251 koi8_r koi8_u iso8859_5 cp866 cp1253 iso8859_7 cp1255 cp1256 iso8859_6 cp874".split()
)
_OF_TWO_BYTES = "cp932 euc_jis_2004 gb18030 cp950 cp949".split()
"""What texts are found in; in a few words charset-normalizer sees seventy others."""

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_LONGEST_LATIN = _SHORTEST_OTHER = 2.0
_SHORTEST_OF_TWO_BYTES = 1.5
"""Mean length of the runs of bytes beyond ASCII: between Latin letters they stand alone."""

_MOST_CHAOS = 0.3
"""By default 0.2, where ISO 8859-2 is passed over for its likeness to what was refused."""


def guess(data: bytes) -> Decoded:
    """Decode by a guess; raises DecodeError where no encoding gives a text."""
    if western := _decode_western(data):
        return western
    for piece in _pieces(data):
        for encoding in _likeliest(piece):
            if decoded := decode_as(data, encoding, guessed=True):
                return decoded
    raise DecodeError("not text: no encoding fits its bytes")


def _decode_western(data: bytes) -> Decoded | None:
    """Take mostly ASCII for cp1252 where that gives its usual letters and quotation marks.

    Of a few words charset-normalizer makes Polish or Japanese: "£40", "It’s over."
    """
    sample = data[:_JUDGED_BY]
    if sum(map(len, _BEYOND_ASCII.findall(sample))) > _MOST_BEYOND_ASCII * len(sample):
        return None
    decoded = decode_as(data, "cp1252", guessed=True)
    return decoded if decoded and _WESTERN.fullmatch(decoded.text) else None


def _pieces(data: bytes) -> Iterator[bytes]:
    """Yield what to guess from: the text, then parts of it that one bad byte is not in."""
    sample = data[:_JUDGED_BY]
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
    mean = sum(runs) / len(runs)
    candidates = [
        *(_OF_LATIN_LETTERS if mean <= _LONGEST_LATIN else ()),
        *(_OF_OTHER_LETTERS if mean >= _SHORTEST_OTHER else ()),
        *(_OF_TWO_BYTES if mean >= _SHORTEST_OF_TWO_BYTES else ()),
    ]
    found = from_bytes(sample, cp_isolation=candidates, threshold=_MOST_CHAOS)
    yield from (match.encoding for match in found)
