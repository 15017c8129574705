"""From a draft to the article that is stored of it: clean, date, chunk."""

import hashlib
import json
from datetime import date
from typing import get_args

from ingest.chunk import chunk
from ingest.clean import clean, clean_line
from ingest.dates.find import Found, date_article, doubt
from ingest.dates.moments import parse_moment, to_iso
from ingest.drafts import Draft
from ingest.errors import ReadError
from vectorstore.models import Article, Revision

TEXT_WORK_VERSION = 3
"""Raised when cleaning, dating or chunking changes, so that stored articles are made anew."""


def revision_of(
    draft: Draft, *, today: date, audience: frozenset[str]
) -> tuple[Revision, tuple[str, ...]]:
    """The article of a draft, ready to be stored, with notes; raises ReadError without text."""
    cleaned = clean(draft.text, draft.title)
    dated = date_article(
        cleaned.text,
        today=today,
        title=cleaned.title or "",
        metadata=draft.published_at,
        url=draft.url,
        modified_at=draft.modified_at,
    )
    if not dated.text:
        raise ReadError("no text is left after cleaning")
    article = Article(
        article_id=id_of(draft),
        title=cleaned.title or "",
        text=dated.text,
        origin=draft.origin,
        source=clean_line(draft.source),
        url=draft.url,
        published_at=dated.published_at,
        audience=audience,
        dated_by=_dated_by(draft, dated.found),
        author=clean_line(draft.author or "") or None,
        updated_at=_updated(draft, today),
        language=clean_line(draft.language or "") or None,
    )
    notes = list(draft.notes) + list(dated.notes)
    if cleaned.removed:
        notes.append(f"left out: {'; '.join(removed.reason for removed in cleaned.removed)}")
    if cleaned.stripped:
        notes.append(f"{cleaned.stripped} invisible characters taken out")
    return Revision(article, chunk(article.text), draft.container, digest_of(draft)), tuple(notes)


def id_of(draft: Draft) -> str:
    return draft.article_id or hashlib.sha256(draft.origin.encode()).hexdigest()[:12]


def digest_of(draft: Draft) -> str:
    """Tells whether anything of a draft changed that shows in the article."""
    told = [TEXT_WORK_VERSION, draft.text, draft.title, draft.source, draft.url, draft.published_at]
    more = [draft.updated_at, draft.author, draft.language]
    if any(more):
        told.append(more)
    if draft.dated_by:
        told.append(draft.dated_by)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _dated_by(draft: Draft, found: Found | None) -> str | None:
    """How the date was found; what an export says of it is taken with the date that it gives."""
    told = draft.dated_by if draft.dated_by in get_args(Found) else None
    return told if told and found == "metadata" else found


def _updated(draft: Draft, today: date) -> str | None:
    moment = parse_moment(draft.updated_at) if draft.updated_at else None
    return to_iso(moment) if moment and not doubt("metadata", moment, today) else None
