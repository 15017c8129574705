"""Follows links to articles: a page, or a feed or sitemap and the pages that it names."""

import hashlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from ingest.bodies import gunzip
from ingest.drafts import Draft, Skipped, SourceFailure
from ingest.errors import FetchError, IngestError, ReadError
from ingest.feeds import Feed, Item, read_feed
from ingest.files import SourceFile, reason_of
from ingest.kinds import FEED, GZIP, SITEMAP, kind_of
from ingest.link_events import Fetched, LinkEvent, Unchanged, Whole
from ingest.page_drafts import drafts_of, from_feed, with_item, with_more
from ingest.robots import Robots
from ingest.sitemaps import MAX_BYTES as SITEMAP_BYTES
from ingest.sitemaps import Place, read_sitemap
from ingest.urls import canonical_url, without_login
from ingest.web import Asked, Page, Web
from vectorstore.pages import FetchedPage, Pages

PAGES_OF_A_SITEMAP = 1_000
"""The newest: asking politely for more would take the better part of a day."""

_SITEMAPS_OF_AN_INDEX = 50
_AT_ONCE = 4
_AHEAD = 8
"""Pages that are fetched at once, and that are held until those before them are stored."""


class Links:
    """What the links of one run lead to.

    `known` gives the digest of what was read whole from a url or file and is stored still.
    """

    def __init__(
        self,
        web: Web,
        pages: Pages,
        *,
        known: Callable[[str], str | None],
        stop: Callable[[], bool],
    ) -> None:
        self._web = web
        self._pages = pages
        self._known = known
        self._stop = stop
        self._robots = Robots(self._robots_txt)
        self._followed: set[str] = set()

    def follow(self, link: str) -> Iterator[LinkEvent]:
        """Yield what a link that a person named leads to, fetching as it is iterated."""
        url = canonical_url(link)
        shown = url or without_login(link)
        try:
            if not url:
                raise FetchError("not a plain web address, such as https://example.com/story")
            page = self._fetch(self._asked(url))
            if page is None:
                yield Unchanged(url)
            else:
                yield Fetched(url, len(page.data))
                yield from self._read(page)
        except IngestError as error:
            if not self._stop():
                yield SourceFailure(shown, reason_of(error), shown)

    def read_file(self, file: SourceFile) -> Iterator[LinkEvent]:
        """Yield what the feed or sitemap in a file leads to."""
        try:
            with file.open() as stream:
                data = stream.read(SITEMAP_BYTES + 1)
            if not data:
                raise ReadError("empty")
            if _kind_in_file(data) not in (FEED, SITEMAP):
                raise ReadError("neither a feed nor a sitemap")
            yield from self._read(Page(file.container, file.container, data))
        except (IngestError, OSError) as error:
            yield SourceFailure(file.container, reason_of(error), file.container)

    def _read(self, page: Page) -> Iterator[LinkEvent]:
        """Read what a person asked for; raises IngestError."""
        if self._known(page.url) == _digest(page.data):
            yield Unchanged(page.url)
            return
        data, kind = page.data, kind_of(page.data, page.media_type, page.final_url)
        if kind == GZIP:
            data = gunzip(data, SITEMAP_BYTES)
            kind = kind_of(data)
        if kind == FEED:
            feed = read_feed(data, page.final_url)
            whole = yield from self._read_all(feed.items, feed, page.final_url)
        elif kind == SITEMAP:
            places, complete = yield from self._places(data, page.final_url)
            items = [_bare_item(place) for place in places]
            done = yield from self._read_all(items, Feed(None, None, ()), page.final_url)
            whole = done and complete
        else:
            yield from drafts_of(page, kind, self._web.max_bytes)
            whole = True
        if whole:
            yield _whole(page)

    def _read_all(
        self, items: Sequence[Item], feed: Feed, named_in: str
    ) -> Generator[LinkEvent, None, bool]:
        """Read the page of each item; returns whether nothing is left to be tried again."""
        whole = True
        new = [item for item in items if item.url not in self._followed]
        self._followed.update(item.url for item in new if item.url)
        if not items:
            yield Skipped(named_in, 0, "articles in it")
        for item, got in self._coming(new, named_in):
            if self._stop():
                return False
            done = yield from self._read_item(item, got, feed, named_in)
            whole = whole and done
        return whole

    def _read_item(
        self, item: Item, got: Page | IngestError | None, feed: Feed, named_in: str
    ) -> Generator[LinkEvent, None, bool]:
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
        # What a server refuses it will refuse again; what failed may be there next time.
        return isinstance(told, Draft) and type(got) is not FetchError

    def _read_page(self, page: Page, item: Item, feed: Feed, named_in: str) -> Iterator[LinkEvent]:
        yield Fetched(page.url, len(page.data))
        if self._known(page.url) == _digest(page.data):
            yield Unchanged(page.url)
        else:
            kind = kind_of(page.data, page.media_type, page.final_url)
            if kind in (FEED, SITEMAP, GZIP):
                raise ReadError("no article but a feed or sitemap: ingest it by its own link")
            for reading in drafts_of(page, kind, self._web.max_bytes):
                if isinstance(reading, Draft):
                    draft = with_item(reading, item, feed, named_in)
                    yield with_more(draft, item, feed, named_in, self._web.max_bytes)
                else:
                    yield reading
        yield _whole(page)

    def _instead_of_page(
        self, item: Item, feed: Feed, named_in: str, problem: IngestError
    ) -> Draft | SourceFailure:
        """Return what the feed itself holds, unless the page is stored: that is never less."""
        shown = item.url or f"{named_in}#{item.key[:200]}"
        failure = SourceFailure(shown, reason_of(problem), shown)
        if self._known(shown):
            return failure
        try:
            draft = from_feed(item, feed, named_in, self._web.max_bytes)
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
                    asked = self._asked(item.url, named_in) if item.url else None
                    waiting.append((item, pool.submit(self._try, asked)))
                    if len(waiting) > _AHEAD:
                        first, page = waiting.popleft()
                        yield first, page.result()
                while waiting:
                    first, page = waiting.popleft()
                    yield first, page.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _try(self, asked: Asked | None) -> Page | IngestError | None:
        if asked is None:
            return ReadError("the feed has no link for it")
        try:
            return self._fetch(asked)
        except IngestError as error:
            return error

    def _places(
        self, data: bytes, url: str
    ) -> Generator[LinkEvent, None, tuple[list[Place], bool]]:
        """Return the newest pages of a sitemap, and whether all of it could be had."""
        sitemap = read_sitemap(data)
        pages = {place.url: place for place in sitemap.pages}
        whole = True
        left = _newest_first(sitemap.sitemaps)
        for place in left[:_SITEMAPS_OF_AN_INDEX]:
            if len(pages) >= PAGES_OF_A_SITEMAP or self._stop():
                break
            left = left[1:]
            try:
                pages |= {found.url: found for found in self._pages_in(place, url)}
            except IngestError as error:
                whole = False
                yield SourceFailure(place.url, reason_of(error), place.url)
        if left:
            yield Skipped(url, len(left), "older sitemaps in it")
        newest = _newest_first(pages.values())
        if len(newest) > PAGES_OF_A_SITEMAP:
            yield Skipped(url, len(newest) - PAGES_OF_A_SITEMAP, "older pages in it")
        return newest[:PAGES_OF_A_SITEMAP], whole

    def _pages_in(self, place: Place, index: str) -> tuple[Place, ...]:
        page = self._fetch(Asked(place.url, index, max_bytes=SITEMAP_BYTES))
        data = page.data if page else b""
        if kind_of(data, page.media_type if page else "") == GZIP:
            data = gunzip(data, SITEMAP_BYTES)
        return read_sitemap(data).pages

    def _asked(self, url: str, linked_from: str | None = None) -> Asked:
        return Asked(url, linked_from, self._pages.get(url) if self._known(url) else None)

    def _fetch(self, asked: Asked) -> Page | None:
        return self._web.fetch(asked, allowed=self._robots.require, stop=self._stop)

    def _robots_txt(self, url: str) -> bytes:
        page = self._web.fetch(Asked(url, of_any_type=True), stop=self._stop)
        return page.data if page else b""


def _newest_first(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: place.changed_at, reverse=True)


def _bare_item(place: Place) -> Item:
    return Item(
        key=place.url,
        url=place.url,
        title=None,
        html="",
        source=None,
        author=None,
        published_at=None,
        updated_at=None,
    )


def _kind_in_file(data: bytes) -> str:
    try:
        return kind_of(data)
    except FetchError:
        return ""


def _whole(page: Page) -> Whole:
    told = FetchedPage(page.url, page.final_url, page.etag, page.last_modified)
    remembered = told if told.etag or told.last_modified else None
    return Whole(page.url, _digest(page.data), remembered)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
