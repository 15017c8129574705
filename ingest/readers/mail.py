"""Parses what is built as an e-mail, and reads its headers, whatever is wrong with them."""

import codecs
import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from typing import cast

from ingest.errors import DecodeError, ReadError
from ingest.readers.unpack import MOST_FILES
from ingest.text.decode import decode

_BOUNDARY = b"\n--"
_LONGEST_HEADER_CHARS = 2_000
"""Of one that is read: to decode 50,000 encoded words takes more memory than there is."""

_LONGEST_DATE_CHARS = 100
_ADDRESS = re.compile(r"[^\s@,;]{1,100}@[^\s@,;]{1,200}")
_ESCAPED = re.compile(r"\\(.)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


class _AsWritten(Compat32):
    """Takes headers for the text they are: to parse them is what fails on those of real mail."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value[:_LONGEST_HEADER_CHARS]

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\n".encode("utf-8", "surrogateescape")


# Not mangled: a line that begins with "From " is none of a mailbox when written out again.
_POLICY = _AsWritten(mangle_from_=False)


def parse_mail(data: bytes) -> Message:
    """Return what the bytes hold; raises ReadError for what is made of too many parts."""
    # Counted in the bytes: to find them as parts takes a second for each 2,000.
    if data.count(_BOUNDARY) > MOST_FILES:
        raise ReadError(f"holds more than {MOST_FILES} files")
    return message_from_bytes(data.removeprefix(codecs.BOM_UTF8), policy=_POLICY)


def header(mail: Message, name: str) -> str:
    """Return a header on one line, as a person is shown it; "" if there is none."""
    return _decoded(_as_text(mail, name))


def sender(mail: Message) -> tuple[str, str]:
    """Return the name and the address of who wrote a mail, "" for what is not told."""
    value = _as_text(mail, "from")
    name, bracket, rest = value.partition("<")
    if bracket:
        address = rest.partition(">")[0]
    else:
        address, _, comment = value.partition("(")
        name = comment.partition(")")[0] or ("" if "@" in value else value)
    found = _ADDRESS.match(address.strip())
    unquoted = name.strip(" ',").removeprefix('"').removesuffix('"')
    name = _ESCAPED.sub(r"\1", _decoded(unquoted)).strip(" ',")
    return name if any(map(str.isalnum, name)) else "", found[0] if found else ""


def sent_at(mail: Message) -> datetime | None:
    """Return when a mail was sent, in UTC; None if its date is none."""
    try:
        sent = parsedate_to_datetime(header(mail, "date")[:_LONGEST_DATE_CHARS])
        return sent.replace(tzinfo=sent.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def language(mail: Message) -> str | None:
    """Return the one language that a mail says it is in."""
    told = header(mail, "content-language")
    return told if _LANGUAGE.fullmatch(told) else None


def file_name(part: Message) -> str:
    """Return what a part is called as a file; "" if it has no name."""
    try:
        return " ".join(_decoded(_readable(part.get_filename() or "", None)).split())
    except (ValueError, TypeError, LookupError):
        # What the standard library makes of a name told in pieces that do not fit together.
        return ""


def payload(part: Message) -> bytes:
    """Return the bytes of a part that is not made of others."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def parts_of(mail: Message) -> list[Message]:
    """Return the parts that a mail is made of; none if it is one text, or one file."""
    parts = mail.get_payload() if mail.get_content_maintype() == "multipart" else None
    return cast(list[Message], parts) if isinstance(parts, list) else []


def root_of(related: Message) -> Message:
    """Return the part that the others belong to (RFC 2387): the first, unless one is named."""
    parts = parts_of(related)
    named = str(related.get_param("start") or "").strip()
    roots = (part for part in parts if named and (part["content-id"] or "").strip() == named)
    return next(roots, parts[0] if parts else related)


def _as_text(mail: Message, name: str) -> str:
    value = " ".join((mail[name] or "").split())
    return _readable(value, mail.get_content_charset())


def _readable(value: str, charset: str | None) -> str:
    """Return a header whose bytes beyond ASCII are letters again."""
    return _letters(value.encode("utf-8", "surrogateescape"), charset)


def _letters(data: bytes, charset: str | None) -> str:
    try:
        return decode(data, charset).text
    except DecodeError:
        return data.decode(errors="replace")


def _decoded(value: str) -> str:
    """Decode the encoded words in a header (RFC 2047)."""
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except HeaderParseError:
        return value
    return "".join(_word(piece, charset) for piece, charset in pieces).strip()


def _word(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    # What stands between encoded words comes as bytes too.
    return _letters(piece, charset) if charset else piece.decode("raw-unicode-escape", "replace")
