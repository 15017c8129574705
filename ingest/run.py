"""One ingest under way: sources are read ahead in threads, embedded and stored in batches."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, tzinfo
from functools import cached_property
from itertools import islice
from pathlib import Path
from queue import Full, Queue
from threading import Event as Flag
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from ingest.articles import ArticlePreparer, Prepared, PreparedEvent
from ingest.drafts import Event, Fetched, Skipped, SourceFailure, Unchanged, Whole
from ingest.files import STDIN, SourceFile
from ingest.readers import OF_ONE_ARTICLE
from ingest.readers.formats import read_source
from ingest.report import Meter, Report, SourceReport, Status
from ingest.seen import SeenSources
from ingest.sources import FEEDS, Link, Source
from vectorstore.ledger import Twin
from vectorstore.library import Library
from vectorstore.models import Embedded, Revision
from vectorstore.pages import FetchedPage
from vectorstore.visibility import covers

if TYPE_CHECKING:
    from ingest.web.fetch import Web
    from ingest.web.follow import Links

_Source = TypeVar("_Source")
_Item = TypeVar("_Item")
SOURCES_A_JOB = 4
"""Prefetched for each that is read at once: small files do not keep a reader waiting."""
ITEMS_A_SOURCE = 16
"""Held of a source that is read faster than it is used: memory is bounded by this."""
PASSAGES_AT_ONCE = 32
"""Embedded at once: what a Ctrl-C waits for, some seconds here."""
PASSAGES_A_BATCH = 256
"""Stored at once: what a crash costs. A write takes 50 ms, however little it writes."""
_POLL_SECONDS = 0.1
"""How soon a reader that waits for room notices that nobody reads on."""


class Run:
    """Reads sources and stores their articles; `stop` is asked between articles."""

    def __init__(
        self,
        library: Library,
        report: Report,
        *,
        meter: Meter,
        today: date,
        audience: frozenset[str],
        open_web: "Callable[[], Web]",
        on_stored: Callable[[], None],
        stop: Callable[[], bool],
        look_again_seconds: float = 0.0,
        zone: tzinfo | None = None,
    ) -> None:
        """The `report` lists what is stored; `on_stored` is called after each batch."""
        self._look_again_seconds = look_again_seconds
        self.report = report
        self._library = library
        self._pages = library.pages
        self._seen = SeenSources(library.ledger, audience)
        self._preparer = ArticlePreparer(library.ledger, today=today, audience=audience, zone=zone)
        self._meter = meter
        self._batch = _Batch(library, report.sources, on_embedded=meter.embedded)
        self._fetched: list[FetchedPage] = []
        self._moved: list[tuple[str, str]] = []
        self._audience = audience
        self._open_web = open_web
        self._opening = Lock()
        self._on_stored = on_stored
        self._stop = stop

    def ingest(self, sources: Sequence[Source], *, jobs: int) -> None:
        """Read the sources, `jobs` at once, and store their articles in order."""
        self._seen.expect(source.container for source in sources if isinstance(source, SourceFile))
        with closing(prefetch(sources, self._prefetch, jobs=jobs)) as prefetched:
            for source, events in prefetched:
                if not self._stop():
                    self._take_all(source, self._read(source) if _is_stdin(source) else events)
                if self._stop():
                    self.report.stopped = True
                    break
        self._store()

    def prune(self, scopes: Sequence[str]) -> None:
        """Remove what was once read from these folders and files, and is not there any more."""
        gone = list(self._seen.gone(scopes))
        self._library.remove([article_id for _, article_id in gone])
        self.report.sources += [SourceReport(where, "removed", a) for where, a in gone]

    def _prefetch(self, source: Source) -> Iterable[PreparedEvent]:
        """Read a source in a thread; not standard input, which may never end."""
        return () if _is_stdin(source) else self._read(source)

    def _read(self, source: Source) -> Iterator[PreparedEvent]:
        match source:
            case SourceFile() if source.suffix not in FEEDS:
                return self._preparer.prepare(self._read_file(source))
            case SourceFile():
                return self._preparer.prepare(self._links.read_file(source), at_once=1)
            case Link():
                return self._preparer.prepare(self._links.follow(source.url), at_once=1)
            case SourceFailure() | Skipped():
                return iter((source,))

    def _read_file(self, file: SourceFile) -> Iterator[Event]:
        """Read a file's articles, unless it was ingested whole and has not changed."""
        digest = file.digest()
        if digest is not None and self._seen.digest(file.container) == digest:
            yield Unchanged(file.container)
            return
        yield from read_source(file)
        if digest is not None:
            yield Whole(file.container, digest, replaces=file.suffix in OF_ONE_ARTICLE)

    @property
    def _links(self) -> "Links":
        with self._opening:
            return self._opened_links

    @cached_property
    def _opened_links(self) -> "Links":
        from ingest.web.follow import Links

        return Links(
            self._open_web(),
            self._pages,
            known=self._seen.digest,
            stop=self._stop,
            look_again_seconds=self._look_again_seconds,
        )

    def _take_all(self, source: Source, events: Iterator[PreparedEvent]) -> None:
        self._meter.begin(source)
        for event in events:
            if self._stop():
                return
            self._take(event)
        self._meter.end()

    def _take(self, event: PreparedEvent) -> None:
        """Take what was read: into the batch, or into the report."""
        match event:
            case Prepared():
                self._take_article(event)
            case SourceFailure():
                self._seen.mark_unreadable(event.container)
                failed = SourceReport(event.source, "failed", reason=event.reason)
                self.report.sources.append(failed)
                self.report.retry_seconds = max(self.report.retry_seconds, event.retry_seconds)
            case Skipped():
                self.report.skipped.append(f"{event.source}: {event.count} {event.reason}")
            case Fetched():
                self._meter.show(event.url)
            case Unchanged():
                self._keep(event.container)
            case Whole():
                self._take_whole(event)

    def _take_article(self, article: Prepared) -> None:
        """Take an article; of files that share an id the newest has it."""
        newer = None
        if article.has_own_id:
            newer = self._seen.newer_file(article.article_id, article.container)
        if newer:
            note = f"{newer} is newer, and has an article with this id"
            article = replace(article, revision=None, notes=(note,))
        self._seen.add(article.container, article.article_id, is_elsewhere=bool(newer))
        self._meter.take(1, article.bytes, is_new=article.revision is not None)
        self._batch.add(article)
        if self._batch.full:
            self._store()

    def _take_whole(self, event: Whole) -> None:
        if not self._seen.finish(event.container, event.digest, replaces=event.replaces):
            return
        if event.page:
            self._fetched.append(event.page)
        if event.replaces:
            self._moved += [(event.container, a) for a in self._seen.missing(event.container)]

    def _keep(self, container: str) -> None:
        kept = self._seen.keep(container)
        self._meter.take(len(kept), 0)
        for article_id in kept or (None,):
            self.report.sources.append(SourceReport(container, "unchanged", article_id))

    def _store(self) -> None:
        """Store the batch, and only then remember what it was read from."""
        self._batch.store()
        self._remove_moved()
        self._seen.save()
        for page in self._fetched:
            self._pages.remember(page)
        self._fetched.clear()
        self._on_stored()

    def _remove_moved(self) -> None:
        """Remove what is at another address now, if all who could see it can see that."""
        states = self._library.ledger.states([article_id for _, article_id in self._moved])
        for container, article_id in self._moved:
            if article_id in states and covers(self._audience, states[article_id].audience):
                self._library.remove([article_id])
                moved = SourceReport(container, "removed", article_id, "moved to another address")
                self.report.sources.append(moved)
        self._moved.clear()


def _is_stdin(source: Source) -> bool:
    return isinstance(source, SourceFile) and source.path == STDIN


class _Batch:
    """The next articles to be stored; reports each only when it is."""

    def __init__(
        self, library: Library, report: list[SourceReport], *, on_embedded: Callable[[], None]
    ) -> None:
        """What becomes of each article is added to `report`."""
        self._on_embedded = on_embedded
        self._library = library
        self._ledger = library.ledger
        self._report = report
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
            self._add_to_report(prepared, "unchanged", prepared.notes)
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
            # What is written together with it has another text now, or has this note too.
            twins = elsewhere.get(prepared.article_id, [])
            others = [twin for twin in twins if twin.article_id not in self._waiting]
            self._add_to_report(prepared, status, (*prepared.notes, *_same_text(others)))
        self._waiting.clear()
        self._embedded.clear()
        self._passages = self._embedded_passages = 0

    def _embed(self) -> None:
        revisions = [revision for _, revision in self._waiting.values()]
        self._embedded += self._library.embed(revisions[len(self._embedded) :])
        self._embedded_passages = self._passages
        self._on_embedded()

    def _add_to_report(self, prepared: Prepared, status: Status, notes: Sequence[str]) -> None:
        reason = "; ".join(notes) or None
        self._report.append(SourceReport(prepared.origin, status, prepared.article_id, reason))


def _same_text(others: list[Twin]) -> tuple[str, ...]:
    """Note the other articles with the same text; a move is named, not guessed."""
    gone = [twin for twin in others if _is_gone(Path(twin.container))]
    if gone:
        where = gone[0].origin
        return (f"same text as {where}, which is gone: if it was moved, remove the old one",)
    return (f"same text as {others[0].origin}",) if others else ()


def _is_gone(container: Path) -> bool:
    return container.is_absolute() and not container.exists()


def prefetch(
    sources: Iterable[_Source], read: Callable[[_Source], Iterable[_Item]], *, jobs: int
) -> Generator[tuple[_Source, Iterator[_Item]], None, None]:
    """Yield each source with what is read of it, in their order, `jobs` of them read at once.

    What a read raises is raised where its items are used. Closed early, it lets each reader end
    the item that it is at.
    """
    pending = iter(sources)
    with ThreadPoolExecutor(jobs, thread_name_prefix="reading") as pool:
        started: deque[tuple[_Source, _Channel[_Item], Future[None]]] = deque()
        try:
            while True:
                for source in islice(pending, SOURCES_A_JOB * jobs - len(started)):
                    channel: _Channel[_Item] = _Channel()
                    started.append((source, channel, pool.submit(channel.fill, read, source)))
                if not started:
                    return
                source, channel, reading = started[0]
                yield source, channel.items(reading)
                channel.close()
                started.popleft()
        finally:
            for _, channel, reading in started:
                reading.cancel()
                channel.close()


class _Channel(Generic[_Item]):
    """What one thread reads on its way to another."""

    def __init__(self) -> None:
        self._queue: Queue[_Item | None] = Queue(ITEMS_A_SOURCE)
        self._closed = Flag()

    def fill(self, read: Callable[[_Source], Iterable[_Item]], source: _Source) -> None:
        """Put in all that is read of a source, and then None, unless it is closed before."""
        try:
            for item in read(source):
                if not self._put(item):
                    return
        finally:
            self._put(None)

    def items(self, reading: "Future[None]") -> Iterator[_Item]:
        """Yield what is put in; raises what the reading raised."""
        while (item := self._queue.get()) is not None:
            yield item
        reading.result()

    def close(self) -> None:
        """Take nothing more: the thread that fills it stops."""
        self._closed.set()

    def _put(self, item: _Item | None) -> bool:
        while not self._closed.is_set():
            try:
                self._queue.put(item, timeout=_POLL_SECONDS)
                return True
            except Full:
                continue
        return False
