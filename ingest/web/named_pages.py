"""Reads the pages that a feed or sitemap names, fetching them ahead."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Lock

from ingest.drafts import Draft, Event, Fetched, Skipped, SourceFailure, Unchanged
from ingest.errors import FetchError, ForbiddenError, IngestError, ReadError, UnavailableError
from ingest.files import reason_of
from ingest.web.feeds import Feed, Item
from ingest.web.fetching import Fetching, whole
from ingest.web.kinds import FEED, GZIP, SITEMAP, kind_of
from ingest.web.page_drafts import drafts_of, from_feed, with_item, with_more
from ingest.web.pages import Page

_AT_ONCE = 4
_AHEAD = 8
"""Pages that are fetched at once, and that are held until those before them are stored."""


class NamedPages:
    """The pages that the feeds and sitemaps of one run name, each read once."""

    def __init__(self, fetching: Fetching) -> None:
        self._fetching = fetching
        self._followed: set[str] = set()
        self._lock = Lock()

    def read_all(
        self, items: Sequence[Item], feed: Feed, named_in: str
    ) -> Generator[Event, None, bool]:
        """Read the page of each item; returns whether nothing is left to be tried again."""
        complete = True
        with self._lock:
            new = [item for item in items if item.url not in self._followed]
            self._followed.update(item.url for item in new if item.url)
        if not items:
            yield Skipped(named_in, 0, "articles in it")
        for item, got in self._coming(new, named_in):
            if self._fetching.stop():
                return False
            done = yield from self._read_item(item, got, feed, named_in)
            complete = complete and done
        return complete

    def _read_item(
        self, item: Item, got: Page | IngestError | None, feed: Feed, named_in: str
    ) -> Generator[Event, None, bool]:
        """Read one item from its page, else from the feed."""
        if got is None:
            yield Unchanged(item.key)
            return True
        if isinstance(got, Page):
            try:
                yield from self._read_page(got, item, feed, named_in)
                return True
            except IngestError as error:
                got = error
        told = self._instead_of_page(item, feed, named_in, got)
        yield told
        return isinstance(told, Draft) and _is_final(got)

    def _read_page(self, page: Page, item: Item, feed: Feed, named_in: str) -> Iterator[Event]:
        yield Fetched(page.url)
        if self._fetching.is_stored(page):
            yield Unchanged(page.url)
        else:
            kind = kind_of(page.data, page.media_type, page.final_url)
            if kind in (FEED, SITEMAP, GZIP):
                raise ReadError("no article but a feed or sitemap: ingest it by its own link")
            for reading in drafts_of(page, kind, self._fetching.max_bytes):
                if isinstance(reading, Draft):
                    draft = with_item(reading, item, feed, named_in)
                    yield with_more(draft, item, feed, named_in, self._fetching.max_bytes)
                else:
                    yield reading
        yield whole(page)

    def _instead_of_page(
        self, item: Item, feed: Feed, named_in: str, problem: IngestError
    ) -> Draft | SourceFailure:
        """Return what the feed itself holds, unless the page is stored: that is never less."""
        shown = item.url or f"{named_in}#{item.key[:200]}"
        failure = SourceFailure(shown, reason_of(problem), shown)
        if self._fetching.known(shown):
            return failure
        try:
            draft = from_feed(item, feed, named_in, self._fetching.max_bytes)
        except IngestError:
            return failure
        note = f"text of the feed, for want of its page: {failure.reason}"
        return replace(draft, notes=(*draft.notes, note))

    def _coming(
        self, items: Iterable[Item], named_in: str
    ) -> Iterator[tuple[Item, Page | IngestError | None]]:
        """Yield each item with its page, fetched ahead while others are read and stored."""
        waiting: deque[tuple[Item, Future[Page | IngestError | None]]] = deque()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                for item in items:
                    waiting.append((item, pool.submit(self._try, item, named_in)))
                    if len(waiting) > _AHEAD:
                        first, page = waiting.popleft()
                        yield first, page.result()
                while waiting:
                    first, page = waiting.popleft()
                    yield first, page.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _try(self, item: Item, named_in: str) -> Page | IngestError | None:
        if item.url is None:
            return ReadError("the feed has no link for it")
        if self._fetching.is_older(item.url, item.changed_at):
            return None
        try:
            return self._fetching.fetch(item.url, named_in)
        except IngestError as error:
            return error


def _is_final(error: IngestError) -> bool:
    """Tell what a server refuses, and will refuse again, from what may be there next time."""
    return not isinstance(error, FetchError) or isinstance(error, UnavailableError | ForbiddenError)
