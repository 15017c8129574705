"""Drafts on their way into the archive, stored a batch at a time."""

from datetime import date
from pathlib import Path

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.report import SourceReport, Status
from ingest.revisions import digest_of, id_of, revision_of
from vectorstore.audiences import covers
from vectorstore.library import Library
from vectorstore.models import Article, Revision

PASSAGES_A_BATCH = 64
"""Embedded and stored at once: a few seconds of work here, and what a Ctrl-C waits for."""


class Batch:
    """The next articles to be stored; tells of each only when it is."""

    def __init__(
        self, library: Library, told: list[SourceReport], *, today: date, audience: frozenset[str]
    ) -> None:
        """What becomes of each draft is added to `told`."""
        self._library = library
        self._ledger = library.ledger
        self._told = told
        self._today = today
        self._audience = audience
        self._waiting: dict[str, tuple[Draft, Revision, tuple[str, ...]]] = {}
        self._passages = 0

    @property
    def full(self) -> bool:
        return self._passages >= PASSAGES_A_BATCH

    def add(self, draft: Draft) -> None:
        """Take a draft, unless it is stored as it is; raises ReadError for what can't be stored."""
        article_id = id_of(draft)
        if article_id in self._waiting:
            self.store()
        if self._is_stored(draft, article_id):
            self._tell(draft, "unchanged", article_id)
            return
        revision, notes = revision_of(draft, today=self._today, audience=self._audience)
        notes += self._same_elsewhere(revision.article)
        self._waiting[article_id] = (draft, revision, notes)
        self._passages += len(revision.chunks)

    def store(self) -> None:
        """Store what waits; only then is anything of it reported."""
        if not self._waiting:
            return
        before = self._ledger.states(list(self._waiting))
        waiting = self._waiting.items()
        written = self._library.write([revision for _, (_, revision, _) in waiting])
        for (article_id, (draft, _, notes)), new in zip(waiting, written, strict=True):
            status: Status = "unchanged"
            if new:
                status = "updated" if article_id in before else "added"
            self._tell(draft, status, article_id, "; ".join(notes) or None)
        self._waiting.clear()
        self._passages = 0

    def _is_stored(self, draft: Draft, article_id: str) -> bool:
        """Whether nothing would change; raises ReadError where others would see what is new."""
        stored = self._ledger.states([article_id]).get(article_id)
        if stored is None:
            return False
        if stored.digest == digest_of(draft):
            return covers(stored.audience, self._audience)
        # A page is the same for all who can fetch it; an id is whatever the giver calls it.
        if draft.article_id and not covers(self._audience, stored.audience):
            raise ReadError(
                f"others have an article with the id {article_id!r} and another text: "
                "give this one an id of its own"
            )
        return False

    def _same_elsewhere(self, article: Article) -> tuple[str, ...]:
        """What to say of another article with the same text; a move is said, not guessed."""
        others = self._ledger.same_text(article)
        gone = [o for o in others if Path(o).is_absolute() and not Path(o).exists()]
        if gone:
            return (f"same text as {gone[0]}, which is gone: if it was moved, remove the old one",)
        return (f"same text as {others[0]}",) if others else ()

    def _tell(
        self, draft: Draft, status: Status, article_id: str, reason: str | None = None
    ) -> None:
        self._told.append(SourceReport(draft.origin, status, article_id, reason))
