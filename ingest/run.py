"""One ingest under way: source by source into batches, with a report."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from ingest.batch import Batch
from ingest.containers import Containers
from ingest.drafts import Draft, Reading, Skipped, SourceFailure
from ingest.errors import ReadError
from ingest.files import SourceFile
from ingest.link_events import Fetched, LinkEvent, Unchanged, Whole
from ingest.report import Report, SourceReport
from ingest.revisions import id_of
from ingest.sources import Link, read_source
from vectorstore.library import Library
from vectorstore.pages import FetchedPage, Pages

if TYPE_CHECKING:
    from ingest.links import Links
    from ingest.web import Web


class ShowProgress(Protocol):
    """Is told now and then how far an ingest has come."""

    def __call__(
        self, *, done_bytes: int, total_bytes: int, articles: int, reading: str
    ) -> None: ...


class Run:
    """Reads sources and stores what they give; `stop` is asked between articles."""

    def __init__(
        self,
        library: Library,
        *,
        today: date,
        audience: frozenset[str],
        total_bytes: int,
        on_progress: ShowProgress,
        stop: Callable[[], bool],
    ) -> None:
        self.report = Report()
        self._library = library
        self._pages = Pages(library.ledger.database)
        self._containers = Containers(library.ledger, audience)
        self._batch = Batch(library, self.report.sources, today=today, audience=audience)
        self._fetched: list[FetchedPage] = []
        self._links: Links | None = None
        self._total_bytes = total_bytes
        self._done_bytes = 0
        self._on_progress = on_progress
        self._stop = stop

    def ingest_file(self, file: SourceFile) -> None:
        """Read a file's articles, unless it was ingested whole and has not changed."""
        container = file.container
        digest = file.digest()
        if digest is not None and self._containers.known(container) == digest:
            self._keep(container)
            self._advance(file.bytes)
            return
        self._containers.begin(container)
        begun = self._done_bytes
        for reading in read_source(file):
            if self._stop():
                self._containers.doubt(container)
                self.report.stopped = True
                return
            self.take(reading)
            if isinstance(reading, Draft):
                self._advance(len(reading.text))
        if digest is not None:
            self._containers.finish(container, digest)
        self._advance(begun + file.bytes - self._done_bytes)

    def ingest_links(self, source: Link | SourceFile, open_web: "Callable[[], Web]") -> None:
        """Read what a link, or a file of links, leads to."""
        from ingest.fetching import Fetching
        from ingest.links import Links

        if self._links is None:
            known = self._containers.known
            fetching = Fetching(open_web(), self._pages, known=known, stop=self._stop)
            self._links = Links(fetching)
        match source:
            case Link():
                self._follow(self._links.follow(source.url))
            case SourceFile():
                self._follow(self._links.read_file(source))
                self._advance(source.bytes)

    def take(self, reading: Reading) -> None:
        """Take what was read: into the batch, or into the report."""
        match reading:
            case Draft():
                self._containers.see(reading.container, id_of(reading))
                try:
                    self._batch.add(reading)
                except ReadError as error:
                    self.take(SourceFailure(reading.origin, str(error), reading.container))
                if self._batch.full:
                    self.store()
            case SourceFailure():
                self._containers.doubt(reading.container)
                failed = SourceReport(reading.source, "failed", reason=reading.reason)
                self.report.sources.append(failed)
            case Skipped():
                self.report.skipped.append(f"{reading.source}: {reading.count} {reading.reason}")

    def store(self) -> None:
        """Store the batch, and only then remember what it was read from."""
        self._batch.store()
        self._containers.remember()
        for page in self._fetched:
            self._pages.remember(page)
        self._fetched.clear()

    def prune(self, scopes: Sequence[str]) -> None:
        """Remove what was once read from these folders and files, and is not there any more."""
        gone = list(self._containers.gone(scopes))
        self._library.remove([article_id for _, article_id in gone])
        self.report.sources += [SourceReport(where, "removed", a) for where, a in gone]

    def _follow(self, events: Iterator[LinkEvent]) -> None:
        for event in events:
            if self._stop():
                break
            match event:
                case Draft() | SourceFailure() | Skipped():
                    self.take(event)
                case Fetched():
                    self._total_bytes += event.bytes
                    self._advance(event.bytes, event.url)
                case Unchanged():
                    self._keep(event.container)
                case Whole() if self._containers.finish(event.container, event.digest):
                    self._fetched += [event.page] if event.page else []
        self.report.stopped = self.report.stopped or self._stop()

    def _keep(self, container: str) -> None:
        for article_id in self._containers.keep(container) or (None,):
            self.report.sources.append(SourceReport(container, "unchanged", article_id))

    def _advance(self, done_bytes: int, reading: str = "") -> None:
        self._done_bytes += done_bytes
        self._on_progress(
            done_bytes=self._done_bytes,
            total_bytes=self._total_bytes,
            articles=len(self.report.sources),
            reading=reading,
        )
