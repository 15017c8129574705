"""Makes drafts ready to be stored: passes over what is stored already, cleans, dates and cuts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from ingest.clean import clean_line
from ingest.drafts import Draft, Skipped, SourceFailure
from ingest.errors import ReadError
from ingest.events import Event, Fetched, Unchanged, Whole
from ingest.revisions import digest_of, id_of, revision_of
from ingest.web.urls import canonical_url
from vectorstore.audiences import covers
from vectorstore.ledger import Ledger, State
from vectorstore.models import Revision

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

    has_given_id: bool = False
    """Whether its id was given to it, as in an export, and may be that of another there."""


PreparedEvent = Prepared | SourceFailure | Skipped | Fetched | Unchanged | Whole


class Preparing:
    """Prepares drafts for one audience; safe to use from several threads."""

    def __init__(self, ledger: Ledger, *, today: date, audience: frozenset[str]) -> None:
        self._ledger = ledger
        self._today = today
        self._audience = audience
        self._lock = Lock()
        self._held: dict[str, tuple[str, str]] = {}
        """Whose an address is in this run: the file or page, and the headline there."""

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
        if (own := self._at_own_place(draft, states)) is not None:
            draft, states = own, self._ledger.states([id_of(own)])
        article_id = id_of(draft)
        size = len(draft.text.encode(errors="replace"))
        stored = states.get(article_id)
        try:
            if self._is_stored(draft, stored):
                return Prepared(draft.origin, draft.container, article_id, None, size)
            revision, notes = revision_of(draft, today=self._today, audience=self._audience)
            if stored and self._is_made(revision):
                return Prepared(draft.origin, draft.container, article_id, None, size)
        except ReadError as error:
            return SourceFailure(draft.origin, str(error), draft.container)
        given = draft.article_id is not None
        return Prepared(draft.origin, draft.container, article_id, revision, size, notes, given)

    def _at_own_place(self, draft: Draft, states: Mapping[str, State]) -> Draft | None:
        """Return the draft as known by its own place, if another story has the address it names.

        Some sites name one address on several pages: all their articles would be one.
        """
        if draft.own_origin in (None, draft.origin) or draft.article_id or not draft.title:
            return None
        article_id, headline = id_of(draft), clean_line(draft.title).casefold()
        stored = states.get(article_id)
        with self._lock:
            holder, held = self._held.setdefault(
                article_id,
                (stored.container, stored.title.casefold())
                if stored
                else (draft.container, headline),
            )
        if held in ("", headline) or holder == draft.container:
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
        # A page is the same for all who can fetch it; an id is whatever the giver calls it.
        if draft.article_id and not covers(self._audience, stored.audience):
            raise ReadError(
                f"others have an article with the id {draft.article_id!r} and another text: "
                "give this one an id of its own"
            )
        return False

    def _is_made(self, revision: Revision) -> bool:
        """Whether just this is stored, made of other words or from another place: of an export."""
        article = revision.article
        stored = self._ledger.article(article.article_id)
        if stored is None or not covers(stored.audience, self._audience):
            return False
        passages = self._ledger.passages(article.article_id)
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
