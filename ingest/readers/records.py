"""The record of an export, in whichever format it comes, and the article it is."""

import hashlib
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile
from ingest.urls import canonical_url, host_of


class Record(BaseModel):
    """One article of many: what else it holds is ignored, and strings stay as they are."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    text: Annotated[str, Strict()]
    id: Annotated[str, Field(max_length=200)] | None = None
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published_at: str | None = None
    dated_by: str | None = None
    updated_at: str | None = None
    author: str | None = None
    language: str | None = None


def record_draft(record: Record, file: SourceFile, notes: Sequence[str] = ()) -> Draft:
    """Return the article of a record; raises ReadError where it is none."""
    if not record.text.strip():
        raise ReadError('"text" is empty')
    if record.id and not record.id.isprintable():
        raise ReadError('"id" holds characters that cannot be shown')
    url = canonical_url(record.url) if record.url else None
    if record.url and not url:
        notes = [*notes, "url left out: not a plain http or https one"]
    return Draft(
        text=record.text,
        origin=url or f"{file.origin}#{record.id or _digest(record)}",
        container=file.container,
        source=record.source or (host_of(url) if url else file.source),
        title=record.title or None,
        article_id=record.id or None,
        url=url,
        published_at=record.published_at or None,
        dated_by=record.dated_by or None,
        updated_at=record.updated_at or None,
        author=record.author or None,
        language=record.language or None,
        notes=tuple(notes),
    )


def _digest(record: Record) -> str:
    """Return what a record without id and url is known by: its title, else its text."""
    known_by = record.title or record.text
    return hashlib.sha256(known_by.encode(errors="replace")).hexdigest()[:12]
