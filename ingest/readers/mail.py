"""Reads an e-mail and what is attached to it, and a web page that was saved as one."""

import base64
import codecs
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from itertools import chain, groupby, takewhile
from pathlib import PurePosixPath
from typing import cast

from ingest.drafts import Begun, Draft, Reading, SourceFailure
from ingest.errors import DecodeError, IngestError, ReadError
from ingest.files import SourceFile, read_bytes
from ingest.readers.html import parse_page, read_page
from ingest.readers.zip import MOST_FILES, Part, is_read, read_parts
from ingest.text.decode import decode
from ingest.text.sentences import split_paragraphs
from ingest.web.content import ARTICLES
from ingest.web.urls import canonical_url, host_of

_FORWARDED = "message/rfc822"
_ENDINGS = {**ARTICLES, _FORWARDED: ".eml", "application/zip": ".zip", "text/csv": ".csv"}
_HTML = "text/html"
_TEXTS = ("text/plain", _HTML)
_FAR_SHORTER = 2
"""So many times over, and a text holds in full what its shorter twin only announces."""

_QUOTED = re.compile(r"(?:> ?){1,50}")
_LINE_END = re.compile(r"\r\n?|\n")
_SIGNATURE = "-- "
_LIST_RULE = "_" * 40
"""Above the words of a mailing list on itself, at the foot of every mail."""

_LONGEST_SIGNATURE_CHARS = 600
_LONGEST_SERVICE_CHARS = 220
_SERVICE = re.compile(
    r"\W*(?:(?:view|read|open) (?:this|the) (?:e-?mail|message|newsletter) (?:in|on)\b"
    r"|you(?:['’]re| are)? receiv(?:e|ed|ing) this (?:e-?mail|message|newsletter|because)\b"
    r"|(?:to )?unsubscribe (?:here|from this)\b|unsubscribe\W*$"
    r"|(?:update|manage) your (?:e-?mail )?preferences\b)",
    re.IGNORECASE,
)
"""Words of the program that sends a newsletter on the sending."""

_PAGES = ("text/html", "application/xhtml+xml")
_BOUNDARY = b"\n--"
_LONGEST_HEADER_CHARS = 2_000
"""Of one that is read: to decode 50,000 encoded words takes more memory than there is."""

_LONGEST_DATE_CHARS = 100
_ADDRESS = re.compile(r"[^\s@,;]{1,100}@[^\s@,;]{1,200}")
_ESCAPED = re.compile(r"\\(.)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class EmailBody:
    """What an e-mail, or a part of one, is made of."""

    paragraphs: tuple[str, ...] = ()
    attached: tuple[Message, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    """Why parts of its text could not be read."""


def read_eml(stream: io.BufferedReader, file: SourceFile) -> Iterator[Reading | Begun]:
    """Yield the body, then the articles attached to it."""
    mail = parse_mail(read_bytes(stream, file))
    if not mail.keys():
        raise ReadError("not an e-mail: it has no headers")
    body, date = read_body(mail), sent_at(mail)
    parts = [part for attached in body.attached if (part := _part(attached, date))]
    if not file.parts_done:
        if body.paragraphs:
            yield _draft(mail, body, date, file)
        elif body.problems:
            yield SourceFailure(file.origin, body.problems[0], file.container)
        elif not any(map(is_read, parts)):
            raise ReadError("holds no text")
    yield from read_parts(parts, file)


def _draft(mail: Message, body: EmailBody, date: datetime | None, file: SourceFile) -> Draft:
    name, address = sender(mail)
    unread = tuple(f"part of it could not be read: {problem}" for problem in body.problems)
    return Draft(
        text="\n\n".join(body.paragraphs),
        origin=file.origin,
        container=file.container,
        source=name or address or file.source,
        title=header(mail, "subject") or None,
        author=name or None,
        published_at=date.isoformat() if date else header(mail, "date") or None,
        language=language(mail),
        modified_at=file.modified_at,
        notes=tuple(dict.fromkeys(body.notes + unread)),
    )


def _part(attached: Message, date: datetime | None) -> Part | None:
    """Return what is attached: a file that was sent is as old as the mail, or older.

    None for what has neither a name nor the type of a file that can be read.
    """
    kind, named = attached.get_content_type(), file_name(attached)
    name = named or ("forwarded" if kind == _FORWARDED else "attached")
    part = Part(name, 0, lambda: _open(attached), date)
    # Text is also what programs and logs are sent as: the ending decides.
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


def read_body(part: Message) -> EmailBody:
    """Return all that stands in a mail for a person to read, in order, and its attachments.

    Of a text and the same as a page, the text is taken, unless the page holds far more.
    """
    if parts := parts_of(part):
        if part.get_content_subtype() == "alternative":
            return _fullest([read_body(child) for child in parts])
        if part.get_content_subtype() == "related":
            return _of_page(part)
        return _together(_beside(child) for child in parts)
    # One that is called multipart and has no parts is a text, and its headers are wrong.
    if part.get_content_type() in _TEXTS or part.get_content_maintype() == "multipart":
        return _text(part)
    return EmailBody(attached=(part,))


def _beside(part: Message) -> EmailBody:
    """Open a part that stands beside others: a file among them is none of the mail's text."""
    is_text = part.get_content_type() in _TEXTS
    if is_text and (part.get_content_disposition() == "attachment" or file_name(part)):
        return EmailBody(attached=(part,))
    return read_body(part)


def _text(part: Message) -> EmailBody:
    try:
        text, notes = _shown(part)
    except IngestError as error:
        return EmailBody(problems=(str(error),))
    return EmailBody(tuple(email_paragraphs(text)), notes=notes)


def _shown(part: Message) -> tuple[str, tuple[str, ...]]:
    """Return the text of a part as a person is shown it, and notes on its encoding."""
    data, charset = payload(part), part.get_content_charset()
    if part.get_content_type() != _HTML or not data.strip():
        decoded = decode(data, charset)
        return decoded.text, decoded.notes
    from ingest.html.elements import visible_text
    from ingest.html.hidden import remove_hidden

    page, notes = parse_page(data, charset)
    remove_hidden(page)
    return visible_text(page), notes


def _fullest(alternatives: list[EmailBody]) -> EmailBody:
    chosen = EmailBody()
    for body in alternatives:
        if not chosen.paragraphs or _length(body) > _FAR_SHORTER * _length(chosen):
            chosen = body
    attached = chain.from_iterable(body.attached for body in alternatives)
    return EmailBody(chosen.paragraphs, tuple(attached), chosen.notes, chosen.problems)


def _length(body: EmailBody) -> int:
    """Return how many characters a body has in words; addresses count for nothing."""
    words = (word for paragraph in body.paragraphs for word in paragraph.split())
    return sum(len(word) for word in words if "://" not in word)


def _of_page(related: Message) -> EmailBody:
    """Open a page with what belongs to it: its pictures are no attachments, files are."""
    root = root_of(related)
    others = (p for p in parts_of(related) if p is not root and p.get_content_maintype() != "image")
    attached = tuple(part for part in others if file_name(part))
    return _together([read_body(root), EmailBody(attached=attached)])


def _together(bodies: Iterable[EmailBody]) -> EmailBody:
    kept = list(bodies)
    return EmailBody(
        tuple(chain.from_iterable(body.paragraphs for body in kept)),
        tuple(chain.from_iterable(body.attached for body in kept)),
        tuple(chain.from_iterable(body.notes for body in kept)),
        tuple(chain.from_iterable(body.problems for body in kept)),
    )


def email_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a mail without marks of quotation, signatures and rules.

    What is quoted stays: it is often the story. A signature ends at a blank line or where a
    quotation begins or ends, as stories stand below signatures too.
    """
    paragraphs: list[str] = []
    # Apart: what was quoted was wrapped to a width of its own.
    for _, lines in groupby(_LINE_END.split(text), _depth):
        unmarked = [_QUOTED.sub("", line, count=1) if _depth(line) else line for line in lines]
        paragraphs += split_paragraphs("\n".join(_without_signatures(unmarked)))
    return [paragraph for paragraph in paragraphs if not _is_service(paragraph)]


def _is_service(paragraph: str) -> bool:
    """Return whether a paragraph is a rule, or serves only the mail."""
    if not any(map(str.isalnum, paragraph)):
        return True
    return len(paragraph) <= _LONGEST_SERVICE_CHARS and bool(_SERVICE.match(paragraph))


def _depth(line: str) -> int:
    """Return how many times over a line is quoted."""
    marks = _QUOTED.match(line)
    return marks[0].count(">") if marks else 0


def _without_signatures(lines: list[str]) -> Iterator[str]:
    rest = iter(lines)
    for line in rest:
        if line != _SIGNATURE and not line.startswith(_LIST_RULE):
            yield line
            continue
        block = list(takewhile(str.strip, rest))
        yield ""
        if not _is_signature(line, block):
            yield from block
            yield ""


def _is_signature(mark: str, block: list[str]) -> bool:
    short = len("\n".join(block)) <= _LONGEST_SIGNATURE_CHARS
    return short and (mark == _SIGNATURE or "mailing list" in "".join(block[:1]))


def read_mhtml(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article of the page that was looked at, not of those in frames of it."""
    saved = parse_mail(read_bytes(stream, file))
    page = _page(saved)
    draft = read_page(payload(page), replace(file, charset=page.get_content_charset()))
    location = header(saved, "snapshot-content-location") or header(page, "content-location")
    if not draft.url and (url := canonical_url(location)):
        draft = replace(draft, url=url, origin=url)
    if draft.url and draft.source == file.source:
        draft = replace(draft, source=host_of(draft.url))
    yield draft


def _page(saved: Message) -> Message:
    """Return the root, if it is a page, else the first page there is."""
    for part in (root_of(saved), *saved.walk()):
        if part.get_content_type() in _PAGES:
            return part
    raise ReadError("no page in it")


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
    """Return the name and the address of who wrote a mail, "" for what is missing."""
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
    """Return the one language that a mail is declared to be in."""
    declared = header(mail, "content-language")
    return declared if _LANGUAGE.fullmatch(declared) else None


def file_name(part: Message) -> str:
    """Return what a part is called as a file; "" if it has no name."""
    try:
        return " ".join(_decoded(_readable(part.get_filename() or "", None)).split())
    except (ValueError, TypeError, LookupError):
        # What the standard library makes of a name given in pieces that do not fit together.
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
    """Return a header whose bytes beyond ASCII are bodies again."""
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
