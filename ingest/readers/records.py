"""Reads an export of one JSON record a line, and the records of exports of any format."""

import codecs
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, model_validator

from ingest.drafts import Draft, SourceFailure
from ingest.errors import DecodeError, ReadError
from ingest.files import STDIN, SourceFile, too_large
from ingest.readers.embedded_html import plain_body
from ingest.readers.fields import as_string
from ingest.text.decode import decode
from ingest.web.urls import canonical_url, host_of

_OPTIONAL = tuple(
    "format title url source published_at dated_by updated_at author language".split()
)
_HOPELESS = 100
"""Bad lines, with no good one, after which a file is something else under this name."""

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Record(BaseModel):
    """One article of many: what else it holds is ignored, and strings stay as they are.

    The text and the id are what they must be, or there is no record. Of the rest, a string is
    made of what it is, and left out where it can't be: no reason to lose an article.
    """

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    text: Annotated[str, Strict()]
    format: str | None = None
    """"text" declares it plain, whatever looks like HTML in it."""

    id: Annotated[str, Field(max_length=200)] | None = None
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published_at: str | None = None
    dated_by: str | None = None
    updated_at: str | None = None
    author: str | None = None
    language: str | None = None

    left_out: tuple[str, ...] = ()
    """Fields that could not be read."""

    @model_validator(mode="before")
    @classmethod
    def _as_strings(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        kept = {field: fields[field] for field in ("text", "id") if field in fields}
        match kept.get("id"):
            case str(number) if not number.strip():
                kept["id"] = None
            case dict(number):
                kept["id"] = as_string("id", number) or number
        given = {
            field: fields[field] for field in _OPTIONAL if fields.get(field) not in (None, [], {})
        }
        strings = {field: as_string(field, value) for field, value in given.items()}
        left_out = tuple(field for field, string in strings.items() if string is None)
        return {**kept, **strings, "left_out": left_out}


class Records:
    """The records of one file, which are kept apart."""

    def __init__(self, file: SourceFile, *, ids_are_given: bool) -> None:
        """With `ids_are_given`, the id of a record is its article's, whichever file it is in."""
        self._file = file
        self._ids_are_given = ids_are_given
        self._contents: dict[int, int] = {}
        """What was read so far, by key: as hashes, for a file may be larger than memory."""

    def draft(self, record: Record, notes: Sequence[str] = ()) -> Draft:
        """Return the article of a record; raises ReadError where it is none."""
        if not record.text.strip():
            raise ReadError('"text" is empty')
        text = self._plain(record.text, record)
        if not text.strip():
            raise ReadError('"text" has no words in its HTML')
        if record.id and not record.id.isprintable():
            raise ReadError('"id" holds characters that cannot be shown')
        notes = [*notes, *(f"{field} left out: not a string" for field in record.left_out)]
        url = canonical_url(record.url) if record.url else None
        if record.url and not url:
            notes.append("url left out: not a plain http or https one")
        given_id = record.id if self._ids_are_given else None
        shared = given_id or url
        if shared and not self._take(shared, record):
            kind = "id" if given_id else "url"
            notes.append(f"replaces another record of this file that has the same {kind}")
        return Draft(
            text=text,
            origin=url or f"{self._file.origin}#{given_id or self._free_key(record)}",
            container=self._file.container,
            source=record.source or (host_of(url) if url else self._file.source),
            title=self._plain(record.title or "", record) or None,
            article_id=given_id,
            url=url,
            published_at=record.published_at or None,
            dated_by=record.dated_by or None,
            updated_at=record.updated_at or None,
            author=record.author or None,
            language=record.language or None,
            notes=tuple(notes),
        )

    @staticmethod
    def _plain(text: str, record: Record) -> str:
        return text if record.format == "text" else plain_body(text)

    def failure(self, line: int, reason: str) -> SourceFailure:
        """Report why there is no article in a line."""
        return SourceFailure(f"{self._file.origin}:{line}", reason, self._file.container)

    def _free_key(self, record: Record) -> str:
        """Return what a record with no url and no given id is known by: its title, else its text.

        The title is that of many stories, such as "Weather": those after the first have more.
        """
        # What is numbered from 1 on standard input is not what was numbered so the last time.
        number = record.id if self._file.path != STDIN else None
        known_by = number or record.title or record.text
        date = record.published_at or ""
        keys = (
            number or _digest(known_by),
            *([_digest(known_by, date)] if date else []),
            _digest(known_by, date, record.text),
        )
        return next(key for key in keys if self._take(key, record))

    def _take(self, key: str, record: Record) -> bool:
        """Take a key for a record; returns whether no other of this file has it."""
        content = hash((record.text, record.published_at))
        return self._contents.setdefault(hash(key), content) == content


def _digest(*known_by: str) -> str:
    return hashlib.sha256("\0".join(known_by).encode(errors="replace")).hexdigest()[:12]


def read_records(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft | SourceFailure]:
    """Yield a draft a line, and for a bad line its number and what is wrong with it."""
    records = Records(file, ids_are_given=True)
    good = bad = 0
    for number, line in enumerate(read_lines(stream, file.max_bytes), start=1):
        if line is not None and not line.strip():
            continue
        try:
            record, notes = _record(line, file)
            draft = records.draft(record, notes)
        except (ReadError, DecodeError) as error:
            bad += 1
            yield records.failure(number, f"line {number}: {error}")
        else:
            good += 1
            yield draft
        if bad == _HOPELESS and not good:
            raise ReadError(f"gave up: none of the first {bad} lines is a JSON record")
    if not good + bad:
        raise ReadError("empty")


def is_record(line: bytes) -> bool:
    """Return whether a line is a JSON object, and so the text around it a stream of records."""
    try:
        return line.lstrip(codecs.BOM_UTF8 + b" \t").startswith(b"{") and isinstance(
            json.loads(line.decode("utf-8-sig")), dict
        )
    except (ValueError, RecursionError):
        return False


def _record(line: bytes | None, file: SourceFile) -> tuple[Record, list[str]]:
    if line is None:
        raise too_large(file.max_bytes)
    notes = []
    try:
        line.decode()
    except UnicodeDecodeError:
        decoded = decode(line)
        line = decoded.text.encode()
        notes.append(decoded.note)
    return _parse(line.strip()), notes


def _parse(line: bytes) -> Record:
    try:
        return Record.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        # pydantic refuses what Python reads: half a surrogate pair, which cleaning takes out.
        try:
            return Record.model_validate(json.loads(line))
        except (ValueError, RecursionError):
            pass
    raise ReadError(_reason(first["type"], ".".join(map(str, first["loc"])), first["msg"]))


def _reason(kind: str, field: str, message: str) -> str:
    """Return in plain words what pydantic found wrong."""
    if kind == "json_invalid":
        return f"not JSON: {message.removeprefix('Invalid JSON: ').replace(' at line 1', ' at')}"
    if kind == "missing":
        return f'no "{field}"'
    if not field:
        return "not a JSON object"
    if kind == "string_too_long":
        return f'"{field}" is longer than 200 characters'
    return f'"{field}" is not a string'


def read_lines(stream: io.BufferedReader, max_bytes: int) -> Iterator[bytes | None]:
    """Yield the lines in UTF-8, as far as they are; None for one that is over the limit."""
    if stream.peek(2)[:2] in UTF16_MARKS:
        # What PowerShell writes; a text wrapper would split at other line ends, too.
        text = io.TextIOWrapper(stream, "utf-16", errors="replace", newline="\n")
        while line := text.readline(max_bytes):
            yield line.encode()
        text.detach()
        return
    if stream.peek(3)[:3] == codecs.BOM_UTF8:
        stream.read(3)
    while raw := stream.readline(max_bytes + 1):
        if len(raw) <= max_bytes:
            yield raw
            continue
        while raw and not raw.endswith(b"\n"):
            raw = stream.readline(max_bytes)
        yield None
