"""Reads an export of one JSON record a line, and the records of exports of any format."""

import codecs
import hashlib
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import islice
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, model_validator

from ingest.drafts import Draft, SourceFailure
from ingest.errors import DecodeError, ReadError
from ingest.files import STDIN, SourceFile, too_large
from ingest.readers.html import plain_body
from ingest.text.decode import decode
from ingest.web.urls import canonical_url, host_of

_OPTIONAL = tuple(
    "format title url source published_at dated_by updated_at author language".split()
)
_HOPELESS = 100
"""Bad lines, with no good one, after which a file is something else under this name."""

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "text": "text body content full_text article_text article_body articlebody story article"
        " body_text content_text plain_text clean_text body_html content_html html",
        "title": "title headline heading",
        "url": "url link canonical_url article_url canonical permalink",
        "published_at": "published_at published date pubdate publish_date published_date"
        " publication_date datetime published_on pub_date publishdate date_time",
        "updated_at": "updated_at updated modified_at modified last_modified last_modified_at"
        " lastmod updated_date modified_date",
        "source": "source outlet publisher publication site source_name site_name",
        "author": "author byline authors author_name author_names",
        "language": "language lang",
        "id": "article_id id guid",
        "slug": "slug slugline post_name",
        "status": "status publication_status post_status pub_status pubstatus article_status"
        " content_status editorial_status workflow_status",
        "embargo": "embargo embargo_until embargoed_until embargo_date embargoed embargo_end"
        " embargo_ends embargo_time embargo_lifts",
        "expires": "expires expires_at expires_on expiry expiry_date expiration expiration_date"
        " expirydate valid_until unpublish_at",
        "status_reason": "status_reason",
        "superseded_by": "superseded_by replaced_by",
        "corrected_at": "corrected_at",
        "draft": "draft is_draft",
        "is_published": "is_published",
        "visibility": "visibility",
        "post_type": "post_type",
        "password": "post_password",
    }
)
"""By field, the surest name first; in which order the words of a name stand means nothing."""

STATED = frozenset(
    "slug status embargo expires status_reason superseded_by corrected_at draft is_published"
    " visibility post_type password".split()
)
"""The fields that bear on whether an article may be shown, and to which story it belongs."""

_WORD = re.compile(r"[^\W_]+")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_IN_BRACKETS = re.compile(r"\([^()]{0,100}\)|\[[^\[\]]{0,100}\]")
_SAYS_NOTHING = frozenset(
    "article articles post posts page web news main full item entry utc gmt local s".split()
)
_LONGEST_NAME_CHARS = 100
_INSIDE = "name $date $numberLong $oid @value value rendered url href".split()
"""Where an object keeps what it is called or stands for: JSON-LD, MongoDB, WordPress."""

_MOST_VALUES = 20
_DEEPEST = 3
_PROGRAM_TITLE = re.compile(
    r"\(?(?:untitled|unnamed|unspecified|anonymous|no title)\)?"
    r"|(?:document|dokument|presentation|slide) ?\d{0,4}|powerpoint presentation"
    r"|microsoft (?:word|powerpoint|excel|publisher)\b.*"
    r"|.*\.(?:docx?|docm|indd|qxp|pdf|pages|odt|rtf|txt|pptx?)"
    r"|(?:press|news|media) release|pressemitteilung",
    re.IGNORECASE,
)
"""Also what templates are called."""

_PROGRAM_AUTHOR = re.compile(
    r"\(?(?:anonymous|unknown|unspecified|author|none)\)?"
    r"|(?:microsoft|windows|office|home|default)?[ -]*(?:office )?user|microsoft(?: corporation)?"
    r"|admin|administrator|root|owner|python-docx|apache poi|un-named",
    re.IGNORECASE,
)


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

    stated: dict[str, str] = Field(default_factory=dict)
    """What it states of its publication."""

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
        return {**kept, **strings, "stated": stated_of(fields), "left_out": left_out}


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
            stated=record.stated,
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


def find_fields(names: Iterable[str]) -> dict[str, list[int]]:
    """Return where each field stands among the names of an export, the surest place first."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    known = _fields()
    for place, name in enumerate(names):
        for doubt, words in enumerate((_name_words(name), _essence(name))):
            if words in known:
                field, rank = known[words]
                found.setdefault(field, []).append((doubt, rank, place))
                break
    return {field: [place for *_, place in sorted(ranked)] for field, ranked in found.items()}


def stated_of(values: Mapping[str, object]) -> dict[str, str]:
    """Return what the names and values of a record state of its publication."""
    listed = list(values.values())
    stated: dict[str, str] = {}
    for field, places in find_fields(values).items():
        strings = (as_string(field, listed[place]) for place in places)
        string = next((" ".join(s.split()) for s in strings if s and s.strip()), None)
        if field in STATED and string:
            stated[field] = string
        # Jekyll's way to keep a post back.
        if field == "published_at" and any(_is_false(listed[place]) for place in places):
            stated["is_published"] = "false"
    return stated


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def _name_words(name: str) -> frozenset[str]:
    spaced = _CAPITAL_INSIDE.sub(" ", name[:_LONGEST_NAME_CHARS])
    return frozenset(word.lower() for word in _WORD.findall(spaced))


def _essence(name: str) -> frozenset[str]:
    """Return the words without those that mean nothing here, as in "post_date (UTC)"."""
    return _name_words(_IN_BRACKETS.sub(" ", name[:_LONGEST_NAME_CHARS])) - _SAYS_NOTHING


@cache
def _fields() -> Mapping[frozenset[str], tuple[str, int]]:
    """Return each field by the words of its names, with how sure a name is."""
    return {
        _name_words(name): (field, rank)
        for field, names in NAMES.items()
        for rank, name in enumerate(names.split())
    }


def as_string(field: str, value: object, *, depth: int = 1) -> str | None:
    """Return the value of a field; None where it is none that can be written down.

    Of many, the authors are all named, else the first is taken.
    """
    match value:
        case str():
            return value
        case bool():
            return str(value).lower() if field in STATED else None
        case int() | float():
            return _number(field, value)
        case datetime() | date():
            return value.isoformat()
    if depth == _DEEPEST:
        return None
    if isinstance(value, Mapping):
        inside: Iterable[object] = [value[name] for name in _INSIDE if name in value]
    elif isinstance(value, list):
        inside = value
    else:
        return None
    strings = (as_string(field, item, depth=depth + 1) for item in islice(inside, _MOST_VALUES))
    found = [string for string in strings if string and string.strip()]
    if field == "author" and isinstance(value, list):
        return ", ".join(found) or None
    return found[0] if found else None


def _number(field: str, value: int | float) -> str | None:
    if not math.isfinite(value):
        return None
    # A time in seconds may have a fraction, which no date needs.
    return str(int(value) if field.endswith("_at") else value)


def written_title(title: object) -> str | None:
    """Return a title, unless it is empty or the work of a program."""
    return _written(title, _PROGRAM_TITLE)


def written_author(author: object) -> str | None:
    """Return an author, unless that is nobody, or a program."""
    return _written(author, _PROGRAM_AUTHOR)


def _written(value: object, by_programs: re.Pattern[str]) -> str | None:
    text = " ".join(str(value or "").split())
    return text if text and not by_programs.fullmatch(text) else None
