"""Reads an e-mail: its text as one article, and what is attached to it as others."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime
from typing import cast

from ingest.decode import decode
from ingest.drafts import Begun, Draft, Reading
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes
from ingest.readers.html import read_page
from ingest.readers.parts import Part, read_parts
from ingest.unpack import MOST_FILES

_BOUNDARY = b"\n--"
_SIGNATURE = "\n-- \n"


def read_eml(stream: io.BufferedReader, file: SourceFile) -> Iterator[Reading | Begun]:
    """Yield the letter, then the articles attached to it."""
    data = read_bytes(stream, file)
    # Counted in the bytes: to find them as parts takes a second for each 2,000.
    if data.count(_BOUNDARY) > MOST_FILES:
        raise ReadError(f"holds more than {MOST_FILES} files")
    letter = message_from_bytes(data, policy=policy.default)
    if not letter.keys():
        raise ReadError("not an e-mail: it has no headers")
    sent_at = _sent_at(letter)
    attached = (_part(part, sent_at) for part in letter.iter_attachments())
    parts = [part for part in attached if part]
    if not file.parts_done:
        body = letter.get_body(("plain", "html"))
        if body is not None and body.get_payload(decode=True):
            yield _letter(letter, body, file, sent_at)
        elif not parts:
            raise ReadError("holds no text")
    yield from read_parts(parts, file)


def _letter(
    letter: EmailMessage, body: MIMEPart, file: SourceFile, sent_at: datetime | None
) -> Draft:
    data = cast(bytes, body.get_payload(decode=True))
    charset = body.get_content_charset()
    if body.get_content_subtype() == "html":
        page = read_page(data, replace(file, charset=charset))
        text, notes = page.text, page.notes
    else:
        decoded = decode(data, charset)
        text, notes = decoded.text.replace("\r\n", "\n"), (decoded.note,) if decoded.note else ()
    name, address = parseaddr(str(letter["from"] or ""))
    return Draft(
        text=text.partition(_SIGNATURE)[0] or text,
        origin=file.origin,
        container=file.container,
        source=name or address or file.source,
        title=str(letter["subject"] or "").strip() or None,
        author=name or None,
        published_at=sent_at.isoformat() if sent_at else None,
        language=letter["content-language"],
        modified_at=file.modified_at,
        notes=notes,
    )


def _sent_at(letter: EmailMessage) -> datetime | None:
    try:
        sent_at = parsedate_to_datetime(str(letter["date"]))
        return sent_at.replace(tzinfo=sent_at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _part(attached: EmailMessage, sent_at: datetime | None) -> Part | None:
    """Return what is attached: a file that was sent is as old as the letter, or older."""
    forwarded = attached.get_content_type() == "message/rfc822"
    name = attached.get_filename() or ("forwarded.eml" if forwarded else "")
    if not name:
        return None
    if forwarded:
        data = cast(EmailMessage, attached.get_content()).as_bytes()
    else:
        data = cast(bytes, attached.get_payload(decode=True) or b"")
    return Part(name, len(data), lambda: io.BufferedReader(_bytes(data)), sent_at)


def _bytes(data: bytes) -> io.RawIOBase:
    return cast(io.RawIOBase, io.BytesIO(data))
