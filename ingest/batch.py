"""Articles on their way into the archive: embedded a few at a time, stored a batch at a time."""

from collections.abc import Callable
from pathlib import Path

from ingest.preparing import Prepared
from ingest.report import SourceReport, Status
from vectorstore.ledger import Twin
from vectorstore.library import Library
from vectorstore.models import Embedded, Revision

PASSAGES_AT_ONCE = 32
"""Embedded at once: what a Ctrl-C waits for, some seconds here."""

PASSAGES_A_BATCH = 256
"""Stored at once: what a crash costs. A write takes 50 ms, however little it writes."""


class Batch:
    """The next articles to be stored; tells of each only when it is."""

    def __init__(
        self, library: Library, told: list[SourceReport], *, on_embedded: Callable[[], None]
    ) -> None:
        """What becomes of each article is added to `told`."""
        self._on_embedded = on_embedded
        self._library = library
        self._ledger = library.ledger
        self._told = told
        self._waiting: dict[str, tuple[Prepared, Revision]] = {}
        self._embedded: list[Embedded] = []
        self._passages = 0
        self._embedded_passages = 0

    @property
    def full(self) -> bool:
        return self._passages >= PASSAGES_A_BATCH

    def add(self, prepared: Prepared) -> None:
        """Take an article, and embed it with those before it once they are enough."""
        if prepared.article_id in self._waiting:
            self.store()
        if prepared.revision is None:
            self._tell(prepared, "unchanged", "; ".join(prepared.notes) or None)
            return
        self._waiting[prepared.article_id] = (prepared, prepared.revision)
        self._passages += len(prepared.revision.chunks)
        if self._passages - self._embedded_passages >= PASSAGES_AT_ONCE:
            self._embed()

    def store(self) -> None:
        """Store what waits; only then is anything of it reported."""
        if not self._waiting:
            return
        self._embed()
        revisions = [revision for _, revision in self._waiting.values()]
        before = self._ledger.states(list(self._waiting))
        elsewhere = self._ledger.same_texts([revision.article for revision in revisions])
        written = self._library.store(revisions, self._embedded)
        for (prepared, _), new in zip(self._waiting.values(), written, strict=True):
            status: Status = "unchanged"
            if new:
                status = "updated" if prepared.article_id in before else "added"
            # What is written together with it is of another text now, or told of it as well.
            twins = elsewhere.get(prepared.article_id, [])
            others = [twin for twin in twins if twin.article_id not in self._waiting]
            notes = (*prepared.notes, *_same_text(others))
            self._tell(prepared, status, "; ".join(notes) or None)
        self._waiting.clear()
        self._embedded.clear()
        self._passages = self._embedded_passages = 0

    def _embed(self) -> None:
        revisions = [revision for _, revision in self._waiting.values()]
        self._embedded += self._library.embed(revisions[len(self._embedded) :])
        self._embedded_passages = self._passages
        self._on_embedded()

    def _tell(self, prepared: Prepared, status: Status, reason: str | None = None) -> None:
        self._told.append(SourceReport(prepared.origin, status, prepared.article_id, reason))


def _same_text(others: list[Twin]) -> tuple[str, ...]:
    """What to say of other articles with the same text; a move is said, not guessed."""
    gone = [twin for twin in others if _is_gone(Path(twin.container))]
    if gone:
        where = gone[0].origin
        return (f"same text as {where}, which is gone: if it was moved, remove the old one",)
    return (f"same text as {others[0].origin}",) if others else ()


def _is_gone(container: Path) -> bool:
    return container.is_absolute() and not container.exists()
