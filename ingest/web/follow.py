"""Follows links to articles: a page, or a feed or sitemap and the pages that it names."""

from collections.abc import Callable, Generator, Iterable, Iterator

from ingest.drafts import Event, Fetched, Skipped, SourceFailure, Unchanged
from ingest.errors import FetchError, IngestError, ReadError, ServerFailedError
from ingest.files import SourceFile, reason_of
from ingest.readers.sandbox import shared_sandbox
from ingest.web.content import FEED, GZIP, SITEMAP, gunzip, kind_of
from ingest.web.feeds import MAX_SITEMAP_BYTES, Feed, Item, Sitemap, SitemapEntry, read_sitemap
from ingest.web.fetch import Page, Web
from ingest.web.linked_pages import Crawler, LinkedPages, read_page, whole
from ingest.web.urls import canonical_url, without_login
from vectorstore.pages import Pages

PAGES_OF_A_SITEMAP = 1_000
"""The newest: asking politely for more would take the better part of a day."""

_SITEMAPS_OF_AN_INDEX = 50


class Links:
    """Follows the links of one run.

    `known` returns the digest of what was read whole from a url or file and is stored still.
    Pages that a feed names are looked at again after `look_again_seconds`, though the feed has
    not changed: stories are corrected in place.
    """

    def __init__(
        self,
        web: Web,
        pages: Pages,
        *,
        known: Callable[[str], str | None],
        stop: Callable[[], bool],
        look_again_seconds: float = 0.0,
    ) -> None:
        self._crawler = Crawler(
            web, pages, known=known, stop=stop, look_again_seconds=look_again_seconds
        )
        self._linked = LinkedPages(self._crawler)

    def follow(self, link: str) -> Iterator[Event]:
        """Yield what a link that a person named leads to, fetching as it is iterated."""
        url = canonical_url(link)
        shown = url or without_login(link)
        try:
            if not url:
                raise FetchError("not a plain web address, such as https://example.com/story")
            page = self._crawler.fetch(url)
            if page is None:
                yield Unchanged(url)
            else:
                yield Fetched(url)
                yield from self._read(page)
        except IngestError as error:
            if not self._crawler.stop():
                pause = error.retry_seconds if isinstance(error, ServerFailedError) else None
                yield SourceFailure(shown, reason_of(error), shown, pause or 0.0)

    def read_file(self, file: SourceFile) -> Iterator[Event]:
        """Yield what the feed or sitemap in a file leads to."""
        try:
            with file.open() as stream:
                data = stream.read(MAX_SITEMAP_BYTES + 1)
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
        elif self._crawler.is_stored(page):
            yield Unchanged(page.url)
        else:
            yield from read_page(page, kind, self._crawler.max_bytes)
            yield whole(page)

    def _read_feed(self, data: bytes, page: Page) -> Iterator[Event]:
        """Read what a feed names even if the feed is unchanged: stories are corrected in place."""
        if self._crawler.was_followed(page):
            yield Unchanged(page.url)
            return
        feed = shared_sandbox().read_feed(data, page.final_url)
        if (yield from self._linked.read_all(feed.items, feed, page.final_url)):
            yield whole(page, leads_on=True)

    def _read_sitemap(self, data: bytes, page: Page) -> Iterator[Event]:
        sitemap = read_sitemap(data)
        is_index = bool(sitemap.sitemaps)
        if self._crawler.was_followed(page) or (not is_index and self._crawler.is_stored(page)):
            yield Unchanged(page.url)
            return
        entries, all_there = yield from self._entries(sitemap, page.final_url)
        items = [_bare_item(entry) for entry in entries]
        complete = yield from self._linked.read_all(items, Feed(), page.final_url)
        if complete and all_there:
            yield whole(page, leads_on=True)

    def _entries(
        self, sitemap: Sitemap, url: str
    ) -> Generator[Event, None, tuple[list[SitemapEntry], bool]]:
        """Return the newest pages of a sitemap, and whether all of it could be had."""
        pages = {entry.url: entry for entry in sitemap.pages}
        complete = True
        left = _newest_first(sitemap.sitemaps)
        read: set[str] = {url}
        while left and len(read) <= _SITEMAPS_OF_AN_INDEX and not self._crawler.stop():
            if len(pages) >= PAGES_OF_A_SITEMAP:
                break
            entry = left.pop(0)
            if entry.url in read:
                continue
            read.add(entry.url)
            try:
                inner = self._inner(entry, url)
            except IngestError as error:
                complete = False
                yield SourceFailure(entry.url, reason_of(error), entry.url)
            else:
                pages |= {found.url: found for found in inner.pages}
                left = _newest_first([*left, *inner.sitemaps])
        if left:
            yield Skipped(url, len(left), "older sitemaps in it")
        newest = _newest_first(pages.values())
        if len(newest) > PAGES_OF_A_SITEMAP:
            yield Skipped(url, len(newest) - PAGES_OF_A_SITEMAP, "older pages in it")
        return newest[:PAGES_OF_A_SITEMAP], complete

    def _inner(self, entry: SitemapEntry, index: str) -> Sitemap:
        page = self._crawler.fetch(entry.url, index, max_bytes=MAX_SITEMAP_BYTES)
        return read_sitemap(_unpacked(page)[0]) if page else Sitemap((), ())


def _unpacked(page: Page) -> tuple[bytes, str]:
    """Return the content of a page and its kind; of a sitemap, often sent as a gzip, unpacked."""
    kind = kind_of(page.data, page.media_type, page.final_url)
    if kind != GZIP:
        return page.data, kind
    data = gunzip(page.data, MAX_SITEMAP_BYTES)
    return data, kind_of(data)


def _newest_first(entries: Iterable[SitemapEntry]) -> list[SitemapEntry]:
    return sorted(entries, key=lambda entry: entry.changed_at, reverse=True)


def _bare_item(entry: SitemapEntry) -> Item:
    return Item(entry.url, entry.url, entry.url, changed_at=entry.changed_at)


def _kind_in_file(data: bytes) -> str:
    try:
        return kind_of(data)
    except FetchError:
        return ""
