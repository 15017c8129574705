"""Holds what bytes were decoded to, and decodes with one encoding what may be damaged."""

import codecs
import re
from dataclasses import dataclass

_MOST_DAMAGED = 0.05
_MOST_DAMAGED_DECLARED_BYTES = 0.01
"""Of the characters beyond ASCII: as another encoding than theirs, more are lost or unlikely.

Where each byte is a character, few are ever lost: for a declaration to be right, fewer are.
"""

_UNLIKELY = re.compile("[\x80-\x9f\ufffd\ue000-\uf8ff\uff61-\uff9f]")
"""Controls, lost, private or half-width: Shift-JIS makes such of whatever bytes, and loses few."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what a person should know of its encoding ("" if nothing)."""

    text: str
    note: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """The note, if there is one."""
        return (self.note,) if self.note else ()


def decode_as(data: bytes, encoding: str, *, guessed: bool = False) -> Decoded | None:
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
    if len(_UNLIKELY.findall(text)) > most_damaged * count_beyond_ascii(text):
        return None
    notes = [f"encoding guessed: {encoding}" if guessed else f"damaged {encoding}"]
    if unreadable:
        notes.append(f"{unreadable} characters unreadable")
    return Decoded(text, ": ".join(notes))


def count_beyond_ascii(text: str) -> int:
    """Count the characters that are not ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))
