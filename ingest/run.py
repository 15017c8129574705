"""One ingest under way: what is read of each source into batches, with a report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from ingest.ahead import read_ahead
from ingest.batch import Batch
from ingest.containers import Containers
from ingest.drafts import Skipped, SourceFailure
from ingest.events import Event, Fetched, Unchanged, Whole
from ingest.files import STDIN, SourceFile
from ingest.preparing import Prepared, PreparedEvent, Preparing
from ingest.progress import Meter
from ingest.readers import OF_ONE_ARTICLE
from ingest.readers.formats import read_source
from ingest.report import Report, SourceReport
from ingest.sources import FEEDS, Found, Link
from vectorstore.audiences import covers
from vectorstore.library import Library
from vectorstore.pages import FetchedPage, Pages

if TYPE_CHECKING:
    from ingest.web.following import Links
    from ingest.web.pages import Web


class Run:
    """Reads sources and stores what they give; `stop` is asked between articles."""

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
    ) -> None:
        """What is stored is told in `report`; `on_stored` is called after each batch."""
        self._look_again_seconds = look_again_seconds
        self.report = report
        self._library = library
        self._pages = Pages(library.ledger.database)
        self._containers = Containers(library.ledger, audience)
        self._preparing = Preparing(library.ledger, today=today, audience=audience)
        self._meter = meter
        self._batch = Batch(library, report.sources, on_embedded=meter.embedded)
        self._fetched: list[FetchedPage] = []
        self._moved: list[tuple[str, str]] = []
        self._audience = audience
        self._open_web = open_web
        self._opening = Lock()
        self._on_stored = on_stored
        self._stop = stop

    def ingest(self, found: Sequence[Found], *, jobs: int) -> None:
        """Read the sources, `jobs` at once, and store what they give, in their order."""
        files = [source.container for source in found if isinstance(source, SourceFile)]
        self._containers.expect(files)
        with closing(read_ahead(found, self._read_ahead, jobs=jobs)) as coming:
            for source, events in coming:
                if not self._stop():
                    self._take_all(source, self._read(source) if _is_stdin(source) else events)
                if self._stop():
                    self.report.stopped = True
                    break
        self._store()

    def prune(self, scopes: Sequence[str]) -> None:
        """Remove what was once read from these folders and files, and is not there any more."""
        gone = list(self._containers.gone(scopes))
        self._library.remove([article_id for _, article_id in gone])
        self.report.sources += [SourceReport(where, "removed", a) for where, a in gone]

    def _read_ahead(self, source: Found) -> Iterable[PreparedEvent]:
        """Read a source in a thread; not standard input, which may be waited for without end."""
        return () if _is_stdin(source) else self._read(source)

    def _read(self, source: Found) -> Iterator[PreparedEvent]:
        match source:
            case SourceFile() if source.suffix not in FEEDS:
                return self._preparing.prepare(self._read_file(source))
            case SourceFile():
                return self._preparing.prepare(self._links.read_file(source), at_once=1)
            case Link():
                return self._preparing.prepare(self._links.follow(source.url), at_once=1)
            case SourceFailure() | Skipped():
                return iter((source,))

    def _read_file(self, file: SourceFile) -> Iterator[Event]:
        """Read a file's articles, unless it was ingested whole and has not changed."""
        digest = file.digest()
        if digest is not None and self._containers.known(file.container) == digest:
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
        from ingest.web.fetching import Fetching
        from ingest.web.following import Links

        fetching = Fetching(
            self._open_web(),
            self._pages,
            known=self._containers.known,
            stop=self._stop,
            look_again_seconds=self._look_again_seconds,
        )
        return Links(fetching)

    def _take_all(self, source: Found, events: Iterator[PreparedEvent]) -> None:
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
                self._containers.doubt(event.container)
                failed = SourceReport(event.source, "failed", reason=event.reason)
                self.report.sources.append(failed)
                self.report.retry_seconds = max(self.report.retry_seconds, event.retry_seconds)
            case Skipped():
                self.report.skipped.append(f"{event.source}: {event.count} {event.reason}")
            case Fetched():
                self._meter.tell(event.url)
            case Unchanged():
                self._keep(event.container)
            case Whole() if self._containers.finish(
                event.container, event.digest, replaces=event.replaces
            ):
                self._fetched += [event.page] if event.page else []
                if event.replaces:
                    self._moved += [
                        (event.container, a) for a in self._containers.left(event.container)
                    ]

    def _take_article(self, article: Prepared) -> None:
        """Take an article; of files that share an id the newest has it."""
        newer = None
        if article.has_given_id:
            newer = self._containers.newer_file(article.article_id, article.container)
        if newer:
            note = f"{newer} is newer, and has an article with this id"
            article = replace(article, revision=None, notes=(note,))
        self._containers.see(article.container, article.article_id, is_elsewhere=bool(newer))
        self._meter.take(1, article.bytes, is_new=article.revision is not None)
        self._batch.add(article)
        if self._batch.full:
            self._store()

    def _store(self) -> None:
        """Store the batch, and only then remember what it was read from."""
        self._batch.store()
        self._remove_moved()
        self._containers.remember()
        for page in self._fetched:
            self._pages.remember(page)
        self._fetched.clear()
        self._on_stored()

    def _remove_moved(self) -> None:
        """Remove what stands at another address now, if all who could see it can see that."""
        states = self._library.ledger.states([article_id for _, article_id in self._moved])
        for container, article_id in self._moved:
            if article_id in states and covers(self._audience, states[article_id].audience):
                self._library.remove([article_id])
                moved = SourceReport(container, "removed", article_id, "stands elsewhere now")
                self.report.sources.append(moved)
        self._moved.clear()

    def _keep(self, container: str) -> None:
        kept = self._containers.keep(container)
        self._meter.take(len(kept), 0)
        for article_id in kept or (None,):
            self.report.sources.append(SourceReport(container, "unchanged", article_id))


def _is_stdin(source: Found) -> bool:
    return isinstance(source, SourceFile) and source.path == STDIN
