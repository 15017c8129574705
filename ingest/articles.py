"""Prepares articles from drafts: skips those stored already, cleans, dates and chunks the rest."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from threading import Lock
from typing import get_args

from ingest.dates.find import Found, date_article, doubt
from ingest.dates.parse import parse_moment, to_iso
from ingest.drafts import Draft, Event, Fetched, Skipped, SourceFailure, Unchanged, Whole
from ingest.errors import ReadError
from ingest.publication import read_publication
from ingest.text.chunk import chunk
from ingest.text.clean import clean, clean_line
from ingest.web.urls import canonical_url
from vectorstore.ledger import Ledger, State
from vectorstore.models import Article, Revision
from vectorstore.visibility import covers

TEXT_WORK_VERSION = 5
"""Raised when cleaning, dating or chunking changes, so that stored articles are made anew."""

_LONGEST_SLUG_CHARS = 200

MOST_AT_ONCE = 32
MOST_CHARACTERS_AT_ONCE = 1_000_000
"""Drafts are looked up together, which costs less than one by one, as long as they are small."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article of a draft, ready to be stored."""

    origin: str
    container: str
    article_id: str
    revision: Revision | None
    """None where it is stored as it is."""

    bytes: int
    """Of its text as it was read."""

    notes: tuple[str, ...] = ()
    """What a person should know of it."""

    has_own_id: bool = False
    """Whether its record brought the id, as in an export: another file may have it too."""


PreparedEvent = Prepared | SourceFailure | Skipped | Fetched | Unchanged | Whole


class ArticlePreparer:
    """Prepares drafts for one audience; safe to use from several threads."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        today: date,
        audience: frozenset[str],
        zone: tzinfo | None = None,
    ) -> None:
        """Moments that name no zone are those of `zone`."""
        self._zone = zone
        self._ledger = ledger
        self._today = today
        self._audience = audience
        self._lock = Lock()
        self._owners: dict[str, tuple[str, str]] = {}
        """Which file or page has an address in this run, and the headline there."""

    def prepare(
        self, events: Iterable[Event], *, at_once: int = MOST_AT_ONCE
    ) -> Iterator[PreparedEvent]:
        """Yield the events with each draft as it is to be stored, or why it can't be."""
        for group in _groups(events, at_once):
            ids = [id_of(event) for event in group if isinstance(event, Draft)]
            states = self._ledger.states(ids) if ids else {}
            for event in group:
                yield self._prepared(event, states) if isinstance(event, Draft) else event

    def _prepared(self, draft: Draft, states: Mapping[str, State]) -> Prepared | SourceFailure:
        if (own := self._at_own_address(draft, states)) is not None:
            draft, states = own, self._ledger.states([id_of(own)])
        article_id = id_of(draft)
        size = len(draft.text.encode(errors="replace"))
        stored = states.get(article_id)
        try:
            if self._is_stored(draft, stored):
                return Prepared(draft.origin, draft.container, article_id, None, size)
            revision, notes = revision_of(
                draft, today=self._today, audience=self._audience, zone=self._zone
            )
            if stored and self._is_equal(revision):
                return Prepared(draft.origin, draft.container, article_id, None, size)
        except ReadError as error:
            return SourceFailure(draft.origin, str(error), draft.container)
        has_own_id = draft.article_id is not None
        return Prepared(
            draft.origin, draft.container, article_id, revision, size, notes, has_own_id
        )

    def _at_own_address(self, draft: Draft, states: Mapping[str, State]) -> Draft | None:
        """Return the draft under its own address, if another story has the address it names.

        Some sites name one address on several pages: all their articles would be one.
        """
        if draft.own_origin in (None, draft.origin) or draft.article_id or not draft.title:
            return None
        article_id, headline = id_of(draft), clean_line(draft.title).casefold()
        stored = states.get(article_id)
        with self._lock:
            owner, owner_headline = self._owners.setdefault(
                article_id,
                (stored.container, stored.title.casefold())
                if stored
                else (draft.container, headline),
            )
        if owner_headline in ("", headline) or owner == draft.container:
            return None
        note = f"another story has its address {draft.origin}"
        return replace(
            draft,
            origin=draft.own_origin,
            url=canonical_url(draft.own_origin),
            notes=(*draft.notes, note),
        )

    def _is_stored(self, draft: Draft, stored: State | None) -> bool:
        """Whether nothing would change; raises ReadError where others would see what is new."""
        if stored is None:
            return False
        if stored.digest == digest_of(draft):
            return covers(stored.audience, self._audience)
        # A page is the same for all who can fetch it; an id is whatever its record calls it.
        if draft.article_id and not covers(self._audience, stored.audience):
            raise ReadError(
                f"others have an article with the id {draft.article_id!r} and another text: "
                "give this one an id of its own"
            )
        return False

    def _is_equal(self, revision: Revision) -> bool:
        """Whether the same article is stored, made from another form of it, such as an export."""
        article = revision.article
        stored = self._ledger.article(article.article_id, unpublished=True)
        if stored is None or not covers(stored.audience, self._audience):
            return False
        passages = self._ledger.passages(article.article_id, unpublished=True)
        return article == replace(stored, origin=article.origin, audience=article.audience) and (
            [(chunk.start, chunk.end, chunk.sentences) for chunk in revision.chunks]
            == [(passage.start, passage.end, passage.sentences) for passage in passages]
        )


def _groups(events: Iterable[Event], at_once: int) -> Iterator[list[Event]]:
    """Yield the events in groups of so many, or of a text that is long together."""
    group: list[Event] = []
    characters = 0
    for event in events:
        group.append(event)
        characters += len(event.text) if isinstance(event, Draft) else 0
        if len(group) >= at_once or characters >= MOST_CHARACTERS_AT_ONCE:
            yield group
            group, characters = [], 0
    if group:
        yield group


def revision_of(
    draft: Draft, *, today: date, audience: frozenset[str], zone: tzinfo | None = None
) -> tuple[Revision, tuple[str, ...]]:
    """Return the article of a draft, ready to be stored, and notes.

    Raises ReadError where no text is left.
    """
    read = read_publication(draft, zone=zone)
    cleaned = clean(read.text, draft.title)
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
        slug=clean_line(draft.stated.get("slug", ""))[:_LONGEST_SLUG_CHARS] or None,
        publication=read.publication,
        notice=read.notice,
        corrected_at=draft.stated.get("corrected_at"),
    )
    notes = list(draft.notes) + list(dated.notes)
    if cleaned.removed:
        notes.append(f"left out: {'; '.join(removed.reason for removed in cleaned.removed)}")
    if cleaned.stripped:
        notes.append(f"{cleaned.stripped} invisible characters taken out")
    return Revision(article, chunk(article.text), draft.container, digest_of(draft)), tuple(notes)


def id_of(draft: Draft) -> str:
    """Return the article id: the draft's own, else a digest of its origin."""
    return draft.article_id or hashlib.sha256(draft.origin.encode()).hexdigest()[:12]


def digest_of(draft: Draft) -> str:
    """Return a digest of all of a draft that shows in the article, and of how it is made."""
    parts = [TEXT_WORK_VERSION, draft.text, draft.title, draft.source, draft.url]
    parts.append(draft.published_at)
    more = [draft.updated_at, draft.author, draft.language]
    if any(more):
        parts.append(more)
    if draft.dated_by:
        parts.append(draft.dated_by)
    if draft.stated:
        parts.append(sorted(draft.stated.items()))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _dated_by(draft: Draft, found: Found | None) -> str | None:
    """Where the date comes from; an export's own word on that goes with the date it brings."""
    exported = draft.dated_by if draft.dated_by in get_args(Found) else None
    return exported if exported and found == "metadata" else found


def _updated(draft: Draft, today: date) -> str | None:
    moment = parse_moment(draft.updated_at) if draft.updated_at else None
    return to_iso(moment) if moment and not doubt("metadata", moment, today) else None
