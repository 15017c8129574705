"""The way from a source to the archive: read, clean, date, chunk, embed, store, report."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ingest.chunk import chunk
from ingest.clean import clean, clean_line
from ingest.dates import date_article
from ingest.drafts import Draft, Skipped, SourceFailure
from ingest.link_events import Fetched, LinkEvent, Unchanged, Whole
from ingest.report import Report, SourceReport, Status
from ingest.sources import FEEDS, Link, SourceFile, find_sources, read_source
from vectorstore.library import Library
from vectorstore.models import Article, Revision
from vectorstore.pages import FetchedPage, Pages

if TYPE_CHECKING:
    from ingest.links import Links
    from ingest.web import Web

PASSAGES_A_BATCH = 64
"""Embedded and stored at once: a few seconds of work here, and what a Ctrl-C waits for."""

TEXT_WORK_VERSION = 1
"""Raised when cleaning, dating or chunking changes, so that stored articles are made anew."""


class ShowProgress(Protocol):
    """Is told now and then how far an ingest has come."""

    def __call__(
        self, *, done_bytes: int, total_bytes: int, articles: int, reading: str
    ) -> None: ...


def _show_nothing(*, done_bytes: int, total_bytes: int, articles: int, reading: str) -> None:
    return


class Pipeline:
    """Ingests sources into a library, a batch at a time.

    What the report calls added, updated, unchanged or removed is stored: a crash later on
    takes nothing of it back.
    """

    def __init__(
        self, library: Library, *, max_bytes: int, open_web: "Callable[[], Web] | None" = None
    ) -> None:
        """`open_web` is called for the first link, if there is one."""
        self._library = library
        self._max_bytes = max_bytes
        self._open_web = open_web or partial(_open_web, max_bytes)

    def run(
        self,
        sources: Sequence[str],
        *,
        prune: bool = False,
        follow_links: bool = False,
        audience: frozenset[str] = frozenset(),
        on_progress: ShowProgress = _show_nothing,
        stop: Callable[[], bool] = lambda: False,
    ) -> Report:
        """Ingest files, folders, globs, links and `-`; one bad source never stops the others.

        With `prune`, articles whose file is gone from a given folder, or whose record is gone
        from a given file, are removed. `audience` may see what is ingested; everyone, if it is
        empty. `stop` is asked between batches, and while pages are fetched.
        """
        started = time.perf_counter()
        started_at = datetime.now(UTC)
        self._library.require_same_model()
        self._library.recover()
        found = list(find_sources(sources, follow_links=follow_links, max_bytes=self._max_bytes))
        run = _Run(
            self._library, today=started_at.date(), audience=audience, on_progress=on_progress
        )
        run.total_bytes = sum(source.bytes for source in found if isinstance(source, SourceFile))
        for source in found:
            if stop():
                run.report.stopped = True
                break
            match source:
                case SourceFile() if source.suffix not in FEEDS:
                    run.ingest_file(source, stop)
                case SourceFile() | Link():
                    run.ingest_links(source, self._open_web, stop)
                case SourceFailure():
                    run.fail(source)
                case Skipped():
                    run.report.skipped.append(f"{source.source}: {source.count} {source.reason}")
        run.flush()
        if prune and not run.report.stopped:
            run.prune([str(Path(source).absolute()) for source in sources if source != "-"])
        run.report.seconds = round(time.perf_counter() - started, 3)
        self._library.ledger.add_run(started_at, run.report.seconds, run.report.counts)
        return run.report


class _Run:
    """One ingest under way."""

    def __init__(
        self,
        library: Library,
        *,
        today: date,
        audience: frozenset[str],
        on_progress: ShowProgress,
    ) -> None:
        self.report = Report()
        self.total_bytes = 0
        self._library = library
        self._ledger = library.ledger
        self._today = today
        self._audience = audience
        self._on_progress = on_progress
        self._read_as = ":".join([str(TEXT_WORK_VERSION), *sorted(audience), ""])
        self._whole_files = self._ledger.container_digests()
        self._stored = self._ledger.in_containers()
        self._seen: dict[str, set[str]] = {}
        self._unsure: set[str] = set()
        self._batch: list[tuple[Draft, Revision, tuple[str, ...]]] = []
        self._in_batch: set[str] = set()
        self._passages = 0
        self._finished: dict[str, str] = {}
        self._fetched: list[FetchedPage] = []
        self._links: Links | None = None
        self._done_bytes = 0

    def ingest_file(self, file: SourceFile, stop: Callable[[], bool]) -> None:
        """Read a file's articles, unless it was ingested whole and has not changed."""
        container = file.container
        digest = file.digest()
        if digest is not None and self._known(container) == digest:
            self._leave(container)
            self._advance(file.bytes)
            return
        self._seen.setdefault(container, set())
        begun = self._done_bytes
        for reading in read_source(file):
            if stop():
                self._unsure.add(container)
                self.report.stopped = True
                return
            match reading:
                case Draft():
                    self._take(reading)
                    self._advance(len(reading.text))
                case SourceFailure():
                    self.fail(reading)
        if digest is not None and container not in self._unsure:
            self._finished[container] = digest
        self._advance(begun + file.bytes - self._done_bytes)

    def ingest_links(
        self, source: Link | SourceFile, open_web: "Callable[[], Web]", stop: Callable[[], bool]
    ) -> None:
        """Read what a link, or a file of links, leads to."""
        from ingest.fetching import Fetching
        from ingest.links import Links

        if self._links is None:
            pages = Pages(self._ledger.database)
            self._links = Links(Fetching(open_web(), pages, known=self._known, stop=stop))
        match source:
            case Link():
                self._follow(self._links.follow(source.url), stop)
            case SourceFile():
                self._follow(self._links.read_file(source), stop)
                self._advance(source.bytes)

    def _follow(self, events: Iterator[LinkEvent], stop: Callable[[], bool]) -> None:
        for event in events:
            if stop():
                break
            match event:
                case Draft():
                    self._take(event)
                case SourceFailure():
                    self.fail(event)
                case Skipped():
                    self.report.skipped.append(f"{event.source}: {event.count} {event.reason}")
                case Fetched():
                    self.total_bytes += event.bytes
                    self._advance(event.bytes, event.url)
                case Unchanged():
                    self._leave(event.container)
                case Whole() if event.container not in self._unsure:
                    self._finished[event.container] = event.digest
                    self._fetched += [event.page] if event.page else []
        self.report.stopped = self.report.stopped or stop()

    def fail(self, failure: SourceFailure) -> None:
        self._unsure.add(failure.container)
        self._tell(failure.source, "failed", None, failure.reason)

    def flush(self) -> None:
        """Store the batch; only then is anything of it reported."""
        revisions = [revision for _, revision, _ in self._batch]
        before = self._ledger.digests([r.article.article_id for r in revisions])
        written = self._library.write(revisions) if revisions else []
        for (draft, revision, notes), new in zip(self._batch, written, strict=True):
            article_id = revision.article.article_id
            status: Status = "unchanged"
            if new:
                status = "updated" if article_id in before else "added"
            self._tell(draft.origin, status, article_id, "; ".join(notes) or None)
        self._batch.clear()
        self._in_batch.clear()
        self._passages = 0
        for container, digest in self._finished.items():
            self._ledger.set_container(container, self._read_as + digest)
        self._finished.clear()
        for page in self._fetched:
            Pages(self._ledger.database).remember(page)
        self._fetched.clear()

    def prune(self, scopes: Sequence[str]) -> None:
        """Remove what was once read from these folders and files, and is not there any more.

        Where anything could not be read, all that came from there stays.
        """
        gone = [
            (container, article_id)
            for container, article_ids in self._stored.items()
            if _within(container, scopes) and not _within(container, self._unsure)
            for article_id in article_ids
            if article_id not in self._seen.get(container, ())
        ]
        self._library.remove([article_id for _, article_id in gone])
        for container, article_id in gone:
            self._tell(container, "removed", article_id)

    def _known(self, container: str) -> str | None:
        """The digest of what was read whole from here, and is stored as it would be now."""
        stored = self._whole_files.get(container, "")
        return stored.removeprefix(self._read_as) if stored.startswith(self._read_as) else None

    def _leave(self, container: str) -> None:
        """Keep what is stored of what has not changed."""
        article_ids = self._stored.get(container, [])
        self._seen.setdefault(container, set()).update(article_ids)
        for article_id in article_ids or (None,):
            self._tell(container, "unchanged", article_id)

    def _take(self, draft: Draft) -> None:
        article_id = draft.article_id or _id_from(draft.origin)
        digest = _draft_digest(draft, self._audience)
        self._seen.setdefault(draft.container, set()).add(article_id)
        if article_id in self._in_batch:
            self.flush()
        if self._ledger.digests([article_id]).get(article_id) == digest:
            self._tell(draft.origin, "unchanged", article_id)
            return
        made = _revision(draft, article_id, digest, self._today, self._audience)
        if made is None:
            reason = "no text is left after cleaning"
            self.fail(SourceFailure(draft.origin, reason, draft.container))
            return
        revision, notes = made
        self._batch.append((draft, revision, notes + self._same_elsewhere(revision.article)))
        self._in_batch.add(article_id)
        self._passages += len(revision.chunks)
        if self._passages >= PASSAGES_A_BATCH:
            self.flush()

    def _same_elsewhere(self, article: Article) -> tuple[str, ...]:
        """What to say of another article with the same text; a move is said, not guessed."""
        others = self._ledger.same_text(article)
        gone = [o for o in others if Path(o).is_absolute() and not Path(o).exists()]
        if gone:
            return (f"same text as {gone[0]}, which is gone: if it was moved, remove the old one",)
        return (f"same text as {others[0]}",) if others else ()

    def _tell(
        self, source: str, status: Status, article_id: str | None, reason: str | None = None
    ) -> None:
        self.report.sources.append(SourceReport(source, status, article_id, reason))

    def _advance(self, done_bytes: int, reading: str = "") -> None:
        self._done_bytes += done_bytes
        self._on_progress(
            done_bytes=self._done_bytes,
            total_bytes=self.total_bytes,
            articles=len(self.report.sources),
            reading=reading,
        )


def _revision(
    draft: Draft, article_id: str, digest: str, today: date, audience: frozenset[str]
) -> tuple[Revision, tuple[str, ...]] | None:
    """The article of a draft, ready to be stored, with notes; None where no text is left."""
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
        return None
    article = Article(
        article_id=article_id,
        title=cleaned.title or "",
        text=dated.text,
        origin=draft.origin,
        source=clean_line(draft.source),
        url=draft.url,
        published_at=dated.published_at,
        audience=audience,
        dated_by=dated.found,
    )
    notes = list(draft.notes) + list(dated.notes)
    if cleaned.removed:
        notes.append(f"left out: {'; '.join(removed.reason for removed in cleaned.removed)}")
    if cleaned.stripped:
        notes.append(f"{cleaned.stripped} invisible characters taken out")
    return Revision(article, chunk(article.text), draft.container, digest), tuple(notes)


def _id_from(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()[:12]


def _draft_digest(draft: Draft, audience: frozenset[str]) -> str:
    """Tells whether anything of a draft changed that shows in the article."""
    told = [TEXT_WORK_VERSION, draft.text, draft.title, draft.source, draft.url, draft.published_at]
    if audience:
        told.append(sorted(audience))
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _open_web(max_bytes: int) -> "Web":
    from ingest.web import Web

    return Web(max_bytes=max_bytes)


def _within(container: str, scopes: Iterable[str]) -> bool:
    """Whether a file is one of these files, or in one of these folders."""
    path = Path(container)
    return any(path == Path(scope) or Path(scope) in path.parents for scope in scopes)
