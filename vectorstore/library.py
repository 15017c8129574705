"""The library: ledger and index behind one door, which keeps them in step."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from vectorstore.database import Database
from vectorstore.errors import DiskFullError, IndexBusyError, IndexDamagedError
from vectorstore.index import Index, Scan
from vectorstore.ledger import Ledger
from vectorstore.models import Embedded, Embedder, Filters, Hit, Revision, Status, Vectors
from vectorstore.pages import Pages
from vectorstore.runs import Runs
from vectorstore.search import HybridSearch

WRITER_TIMEOUT_SECONDS = 300.0


class Library:
    """Stores articles and finds passages.

    A write goes through three states, each of them safe to be stopped in: the new versions are
    pending in the ledger; the index has their vectors; they are current, and the vectors of
    what they replaced are dropped. `settle` takes whatever state it finds to the end, so the
    ordinary write and the recovery after a crash are one piece of code.

    Processes write one batch at a time, under a lock held from the first of these states to
    the last. So whoever holds the lock knows that anything pending was left by a crash.
    """

    def __init__(self, ledger: Ledger, index: Index, embedder: Embedder, *, home: Path) -> None:
        self.ledger = ledger
        self.embedder = embedder
        self.index = index
        self._home = home
        self._search = HybridSearch(ledger, index, embedder)

    @property
    def database(self) -> Database:
        """The SQL database, for the tables that other packages keep in it."""
        return self.ledger.database

    @property
    def runs(self) -> Runs:
        """The log of ingests."""
        return Runs(self.ledger.database)

    @property
    def pages(self) -> Pages:
        """What is remembered of fetched pages."""
        return Pages(self.ledger.database)

    def write(self, revisions: Sequence[Revision]) -> list[bool]:
        """Embed and store new versions; True for each that was not stored already.

        Raises `EmbeddingModelChangedError` before anything is embedded.
        """
        self.require_same_model()
        return self.store(revisions, self.embed(revisions))

    def embed(self, revisions: Sequence[Revision]) -> list[Embedded]:
        """The vectors of each revision's passages and sentences."""
        texts = [text for revision in revisions for text in _texts(revision)]
        vectors = iter(self.embedder.embed(texts) if texts else ())
        return [
            Embedded(
                _take(vectors, len(revision.chunks)),
                tuple(_take(vectors, len(chunk.sentences)) for chunk in revision.chunks),
            )
            for revision in revisions
        ]

    def store(self, revisions: Sequence[Revision], embedded: Sequence[Embedded]) -> list[bool]:
        """Store new versions with their vectors; True for each that was not stored already.

        Raises `EmbeddingModelChangedError` before anything is stored.
        """
        with self._writing():
            self.require_same_model()
            self._remember_model()
            written = self.ledger.add_pending(
                revisions, embedded, fingerprint=self.embedder.fingerprint
            )
            self._settle()
        return written

    def remove(self, article_ids: Sequence[str]) -> int:
        """Remove articles with all their versions; returns how many there were."""
        if not article_ids:
            return 0
        with self._writing():
            removed = self.ledger.remove(article_ids)
            self._settle()
        return removed

    def set_status(
        self,
        article_id: str,
        status: Status | None,
        *,
        reason: str | None = None,
        superseded_by: str | None = None,
    ) -> None:
        """Set the status of an article over that of its copy; None lets the copy's be in force.

        The ledger decides what is found; the index only passes over what is withheld.
        """
        with self._writing():
            self.ledger.set_status(article_id, status, reason=reason, superseded_by=superseded_by)
            self.index.add(self.ledger.entries_of(article_id))

    def match_notices(self, article_ids: Sequence[str]) -> None:
        """Look again for the stories of notices among these articles, now that all are stored."""
        changed = self.ledger.match_notices(article_ids)
        if changed:
            with self._writing():
                for article_id in changed:
                    self.index.add(self.ledger.entries_of(article_id))

    def release(self, article_id: str, *, reason: str | None = None) -> None:
        """Lift what hides an article: a status that was set, or else that of its copy."""
        is_marked = self.ledger.is_marked(article_id)
        self.set_status(article_id, None if is_marked else "published", reason=reason)

    def search(
        self, question: str, *, limit: int, per_article: int, filters: Filters | None = None
    ) -> list[Hit]:
        """The best hits for a question, best first; at most `per_article` of one article."""
        find = partial(
            self._search,
            question,
            limit=limit,
            per_article=per_article,
            filters=filters or Filters(),
        )
        try:
            try:
                return find()
            except IndexDamagedError:
                self.rebuild()
                return find()
        except DiskFullError:
            # Even an index that is whole is written to when it is opened: without, reading goes on.
            return find(index=Scan(self.ledger))

    def recover(self) -> None:
        """Finish what a stopped writer left, and make the index again if it is damaged."""
        if self.index.check() is not None:
            self.rebuild()
        elif not self.ledger.is_settled():
            with self._writing():
                self._settle()

    def rebuild(self) -> int:
        """Make the index again from the ledger, without an embedder; returns how many entries."""
        with self._writing():
            count = self.index.rebuild()
            self._settle()
            return count

    def compact(self) -> None:
        """Give the space of what was deleted back to the disk, and make the index again."""
        with self._writing():
            self._settle()
            self.ledger.database.compact()
            self.index.rebuild()

    def reembed(self) -> Iterator[int]:
        """Embed every passage with the model of the settings; yields how many are done so far.

        Stopped half-way, the archive is of neither model: asking is refused, and running it
        again goes on where it stopped.
        """
        with self._writing():
            self._settle()
            self.ledger.set_index_state(fingerprint=f"changing to {self.embedder.fingerprint}")
            done = 0
            while batch := self.ledger.embedded_otherwise(self.embedder.fingerprint):
                keys, revisions = zip(*batch, strict=True)
                self.ledger.set_vectors(
                    keys, self.embed(revisions), fingerprint=self.embedder.fingerprint
                )
                done += len(batch)
                yield done
            self.index.rebuild()
            self._remember_model(force=True)

    def problems(self) -> list[str]:
        """What is wrong with the archive, a line each; looks at every entry."""
        found = [f"The ledger: {line}" for line in self.ledger.database.check()]
        if not self.ledger.is_settled():
            found.append("An ingest was stopped in the middle of a batch.")
        if wrong := self.index.check():
            return [*found, f"The index: {wrong}."]
        if self.ledger.index_state().fingerprint is not None:
            missing, extra = self._differences()
            if missing or extra:
                found.append(f"The index: {missing} passages are missing, {extra} too many.")
        return found

    def require_same_model(self) -> None:
        """Raise `EmbeddingModelChangedError` when the archive was embedded with another model."""
        with self.ledger.database.reading() as connection:
            self.ledger.require_model(self.embedder.fingerprint, connection)

    def close(self) -> None:
        self._search.close()
        self.index.close()
        self.ledger.database.close()

    def _settle(self) -> None:
        try:
            self._finish()
        except IndexDamagedError:
            self.index.rebuild()
            self._finish()

    def _finish(self) -> None:
        for entries in self.ledger.entries("pending"):
            self.index.add(entries)
        for article_id in self.ledger.make_current():
            self.index.add(self.ledger.entries_of(article_id))
        if keys := self.ledger.discarded():
            self.index.drop(keys)
            self.ledger.forget_discarded(keys)

    def _remember_model(self, *, force: bool = False) -> None:
        state = self.ledger.index_state()
        if state.fingerprint is None or force:
            self.ledger.set_index_state(
                fingerprint=self.embedder.fingerprint, dimensions=self.embedder.dimensions
            )

    def _differences(self) -> tuple[int, int]:
        stored = set(self.ledger.keys())
        indexed = self.index.keys()
        return len(stored - indexed), len(indexed - stored)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock = FileLock(self._home / "writer.lock", timeout=WRITER_TIMEOUT_SECONDS)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexBusyError(
                f"Another Newsdesk process has been writing to {self._home} for more than "
                f"{WRITER_TIMEOUT_SECONDS:.0f} seconds. Try again when it is done."
            ) from error
        try:
            yield
        finally:
            lock.release()


def _texts(revision: Revision) -> Iterator[str]:
    """What is embedded of a revision: its passages, then the sentences of each.

    The article's title goes with a passage: it names what the passage only alludes to.
    """
    title, text = revision.article.title, revision.article.text
    for chunk in revision.chunks:
        passage = text[chunk.start : chunk.end]
        yield f"{title}\n{passage}" if title else passage
    for chunk in revision.chunks:
        for start, end in chunk.sentences:
            yield text[start:end]


def _take(vectors: Iterator[Vectors], count: int) -> Vectors:
    return np.array(list(islice(vectors, count)), dtype=np.float32)
