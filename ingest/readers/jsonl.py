"""Reads an export of one JSON record a line, as a stream: the file may be larger than memory."""

import codecs
import io
import json
from collections.abc import Iterator

from pydantic import ValidationError

from ingest.drafts import Draft, SourceFailure
from ingest.errors import DecodeError, ReadError
from ingest.files import SourceFile, too_large
from ingest.readers.lines import read_lines
from ingest.readers.records import Record, Records
from ingest.text.decode import decode

_HOPELESS = 100
"""Bad lines, with no good one, after which a file is something else under this name."""


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
    """Tell whether a line is a JSON object, and so the text around it a stream of records."""
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
    raise ReadError(_said(first["type"], ".".join(map(str, first["loc"])), first["msg"]))


def _said(kind: str, field: str, message: str) -> str:
    """Say in plain words what pydantic found wrong."""
    if kind == "json_invalid":
        return f"not JSON: {message.removeprefix('Invalid JSON: ').replace(' at line 1', ' at')}"
    if kind == "missing":
        return f'no "{field}"'
    if not field:
        return "not a JSON object"
    if kind == "string_too_long":
        return f'"{field}" is longer than 200 characters'
    return f'"{field}" is not a string'
