"""Reads an e-mail: its text as one article, and what is attached to it as others."""

import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.message import Message
from pathlib import PurePosixPath
from typing import cast

from ingest.drafts import Begun, Draft, Reading, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes
from ingest.readers.letters import Letter, open_letter
from ingest.readers.mail import file_name, header, language, parse_mail, payload, sender, sent_at
from ingest.readers.parts import Part, is_read, read_parts
from ingest.web.content import ARTICLES

_FORWARDED = "message/rfc822"
_ENDINGS = {**ARTICLES, _FORWARDED: ".eml", "application/zip": ".zip", "text/csv": ".csv"}


def read_eml(stream: io.BufferedReader, file: SourceFile) -> Iterator[Reading | Begun]:
    """Yield the letter, then the articles attached to it."""
    mail = parse_mail(read_bytes(stream, file))
    if not mail.keys():
        raise ReadError("not an e-mail: it has no headers")
    letter, date = open_letter(mail), sent_at(mail)
    parts = [part for attached in letter.attached if (part := _part(attached, date))]
    if not file.parts_done:
        if letter.paragraphs:
            yield _draft(mail, letter, date, file)
        elif letter.problems:
            yield SourceFailure(file.origin, letter.problems[0], file.container)
        elif not any(map(is_read, parts)):
            raise ReadError("holds no text")
    yield from read_parts(parts, file)


def _draft(mail: Message, letter: Letter, date: datetime | None, file: SourceFile) -> Draft:
    name, address = sender(mail)
    unread = tuple(f"part of it could not be read: {problem}" for problem in letter.problems)
    return Draft(
        text="\n\n".join(letter.paragraphs),
        origin=file.origin,
        container=file.container,
        source=name or address or file.source,
        title=header(mail, "subject") or None,
        author=name or None,
        published_at=date.isoformat() if date else header(mail, "date") or None,
        language=language(mail),
        modified_at=file.modified_at,
        notes=tuple(dict.fromkeys(letter.notes + unread)),
    )


def _part(attached: Message, date: datetime | None) -> Part | None:
    """Return what is attached: a file that was sent is as old as the letter, or older.

    None for what has neither a name nor the type of a file that can be read.
    """
    kind, named = attached.get_content_type(), file_name(attached)
    name = named or ("forwarded" if kind == _FORWARDED else "attached")
    part = Part(name, 0, lambda: _open(attached), date)
    # Text is also what programs and logs are sent as: the ending tells.
    if not is_read(part) and (kind != "text/plain" or not PurePosixPath(name).suffix):
        part = replace(part, name=name + _ENDINGS.get(kind, ""))
    return part if named or is_read(part) else None


def _open(attached: Message) -> io.BufferedReader:
    data = payload(attached)
    if attached.get_content_type() == _FORWARDED:
        (forwarded,) = cast(list[Message], attached.get_payload())
        encoded = (attached["content-transfer-encoding"] or "").lower() == "base64"
        # Against RFC 2046, but sent.
        data = base64.b64decode(payload(forwarded)) if encoded else forwarded.as_bytes()
    return io.BufferedReader(io.BytesIO(data))
