"""Follows links to articles: a page, or a feed or sitemap and the pages that it names."""

from collections.abc import Generator, Iterable, Iterator

from ingest.drafts import Event, Fetched, Skipped, SourceFailure, Unchanged
from ingest.errors import FetchError, IngestError, ReadError, ServerFailedError
from ingest.files import SourceFile, reason_of
from ingest.readers.sandbox import shared_sandbox
from ingest.web.bodies import gunzip
from ingest.web.feeds import Feed, Item
from ingest.web.fetching import Fetching, whole
from ingest.web.kinds import FEED, GZIP, SITEMAP, kind_of
from ingest.web.named_pages import NamedPages
from ingest.web.page_drafts import drafts_of
from ingest.web.pages import Page
from ingest.web.sitemaps import MAX_BYTES as SITEMAP_BYTES
from ingest.web.sitemaps import Place, Sitemap, read_sitemap
from ingest.web.urls import canonical_url, without_login

PAGES_OF_A_SITEMAP = 1_000
"""The newest: asking politely for more would take the better part of a day."""

_SITEMAPS_OF_AN_INDEX = 50


class Links:
    """What the links of one run lead to."""

    def __init__(self, fetching: Fetching) -> None:
        self._fetching = fetching
        self._named = NamedPages(fetching)

    def follow(self, link: str) -> Iterator[Event]:
        """Yield what a link that a person named leads to, fetching as it is iterated."""
        url = canonical_url(link)
        shown = url or without_login(link)
        try:
            if not url:
                raise FetchError("not a plain web address, such as https://example.com/story")
            page = self._fetching.fetch(url)
            if page is None:
                yield Unchanged(url)
            else:
                yield Fetched(url)
                yield from self._read(page)
        except IngestError as error:
            if not self._fetching.stop():
                pause = error.retry_seconds if isinstance(error, ServerFailedError) else None
                yield SourceFailure(shown, reason_of(error), shown, pause or 0.0)

    def read_file(self, file: SourceFile) -> Iterator[Event]:
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

    def _read(self, page: Page) -> Iterator[Event]:
        """Read what a person asked for; raises IngestError."""
        data, kind = _unpacked(page)
        if kind == FEED:
            yield from self._read_feed(data, page)
        elif kind == SITEMAP:
            yield from self._read_sitemap(data, page)
        elif self._fetching.is_stored(page):
            yield Unchanged(page.url)
        else:
            yield from drafts_of(page, kind, self._fetching.max_bytes)
            yield whole(page)

    def _read_feed(self, data: bytes, page: Page) -> Iterator[Event]:
        """Look at what a feed names, though it be the same: a story is corrected in its place."""
        if self._fetching.was_followed(page):
            yield Unchanged(page.url)
            return
        feed = shared_sandbox().read_feed(data, page.final_url)
        if (yield from self._named.read_all(feed.items, feed, page.final_url)):
            yield whole(page, leads_on=True)

    def _read_sitemap(self, data: bytes, page: Page) -> Iterator[Event]:
        sitemap = read_sitemap(data)
        is_index = bool(sitemap.sitemaps)
        if self._fetching.was_followed(page) or (not is_index and self._fetching.is_stored(page)):
            yield Unchanged(page.url)
            return
        places, all_there = yield from self._places(sitemap, page.final_url)
        items = [_bare_item(place) for place in places]
        complete = yield from self._named.read_all(items, Feed(), page.final_url)
        if complete and all_there:
            yield whole(page, leads_on=True)

    def _places(
        self, sitemap: Sitemap, url: str
    ) -> Generator[Event, None, tuple[list[Place], bool]]:
        """Return the newest pages of a sitemap, and whether all of it could be had."""
        pages = {place.url: place for place in sitemap.pages}
        complete = True
        left = _newest_first(sitemap.sitemaps)
        read: set[str] = {url}
        while left and len(read) <= _SITEMAPS_OF_AN_INDEX and not self._fetching.stop():
            if len(pages) >= PAGES_OF_A_SITEMAP:
                break
            place = left.pop(0)
            if place.url in read:
                continue
            read.add(place.url)
            try:
                inner = self._inner(place, url)
            except IngestError as error:
                complete = False
                yield SourceFailure(place.url, reason_of(error), place.url)
            else:
                pages |= {found.url: found for found in inner.pages}
                left = _newest_first([*left, *inner.sitemaps])
        if left:
            yield Skipped(url, len(left), "older sitemaps in it")
        newest = _newest_first(pages.values())
        if len(newest) > PAGES_OF_A_SITEMAP:
            yield Skipped(url, len(newest) - PAGES_OF_A_SITEMAP, "older pages in it")
        return newest[:PAGES_OF_A_SITEMAP], complete

    def _inner(self, place: Place, index: str) -> Sitemap:
        page = self._fetching.fetch(place.url, index, max_bytes=SITEMAP_BYTES)
        return read_sitemap(_unpacked(page)[0]) if page else Sitemap((), ())


def _unpacked(page: Page) -> tuple[bytes, str]:
    """Return the content of a page and its kind; of a sitemap, often sent as a gzip, unpacked."""
    kind = kind_of(page.data, page.media_type, page.final_url)
    if kind != GZIP:
        return page.data, kind
    data = gunzip(page.data, SITEMAP_BYTES)
    return data, kind_of(data)


def _newest_first(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: place.changed_at, reverse=True)


def _bare_item(place: Place) -> Item:
    return Item(place.url, place.url, place.url, changed_at=place.changed_at)


def _kind_in_file(data: bytes) -> str:
    try:
        return kind_of(data)
    except FetchError:
        return ""
