"""Fetches the pages that one run's links, feeds and sitemaps name, as robots.txt allows."""

import hashlib
import io
import re
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.dates.parse import parse_moment
from ingest.drafts import Draft, Event, Fetched, Skipped, SourceFailure, Unchanged, Whole
from ingest.errors import (
    FetchError,
    ForbiddenError,
    IngestError,
    ReadError,
    ServerFailedError,
    UnavailableError,
)
from ingest.files import SourceFile, reason_of
from ingest.publication import is_withheld
from ingest.readers.formats import read_stream
from ingest.web.content import FEED, GZIP, SITEMAP, kind_of
from ingest.web.feeds import Feed, Item
from ingest.web.fetch import FetchRequest, Page, Web
from ingest.web.urls import canonical_url, host_of, same_site
from vectorstore.pages import FetchedPage, Pages

if TYPE_CHECKING:
    from protego import Protego

_WORKERS = 4
_PREFETCHED = 8
"""Pages that are fetched at once, and that are held until those before them are stored."""

MAX_ROBOTS_BYTES = 512_000
"""Read of one file: the 500 KiB that RFC 9309 (2.5) asks for at least."""

_US = "newsdesk"
_USER_AGENT = re.compile(r"\s*user[\s-]*agent\b\s*:?\s*(\*|[a-z_-]*)", re.IGNORECASE)


class Crawler:
    """Fetches for one run, within robots.txt; safe to use from several threads.

    `known` returns the digest of what was read whole from a url or file and is stored still.
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
        self.max_bytes = web.max_bytes
        self.known = known
        self.stop = stop
        self._look_again_seconds = look_again_seconds
        self._web = web
        self._pages = pages
        self._robots = Robots(self._robots_txt)

    def fetch(
        self, url: str, linked_from: str | None = None, *, max_bytes: int | None = None
    ) -> Page | None:
        """Fetch a page, None if it is the one that is stored; raises FetchError.

        The request is conditional only while the page's article is stored: otherwise "not
        modified" would keep the article out for ever.
        """
        remembered = self._pages.get(url) if self.known(url) else None
        request = FetchRequest(url, linked_from, remembered, max_bytes)
        page = self._web.fetch(request, allowed=self._robots.require, stop=self.stop)
        if page is None and remembered and remembered.body is not None:
            validators = (remembered.etag, remembered.last_modified)
            return Page(url, remembered.final_url, remembered.body, "", None, *validators)
        return page

    def is_stored(self, page: Page) -> bool:
        """Whether a page was sent though it is the one that is stored."""
        return self.known(page.url) == _digest(page)

    def was_followed(self, page: Page) -> bool:
        """Whether what a page names was looked at just now, and it names nothing new."""
        seconds = self._seconds_since(page.url) if self.is_stored(page) else None
        return seconds is not None and seconds < self._look_again_seconds

    def is_older(self, url: str, changed_at: str) -> bool:
        """Whether a page was fetched and stored after it was last changed."""
        remembered = self._pages.get(url) if changed_at and self.known(url) else None
        changed = parse_moment(changed_at) if remembered else None
        if changed is None or remembered is None or remembered.fetched_at is None:
            return False
        fetched = datetime.fromisoformat(remembered.fetched_at)
        # A change dated by the day alone may have come later on that day.
        return changed < fetched if isinstance(changed, datetime) else changed < fetched.date()

    def _seconds_since(self, url: str) -> float | None:
        remembered = self._pages.get(url)
        if remembered is None or remembered.fetched_at is None:
            return None
        return (datetime.now(UTC) - datetime.fromisoformat(remembered.fetched_at)).total_seconds()

    def _robots_txt(self, url: str) -> bytes:
        page = self._web.fetch(FetchRequest(url, of_any_type=True), stop=self.stop)
        return page.data if page else b""


class LinkedPages:
    """The pages that the feeds and sitemaps of one run link to, each read once."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._followed: set[str] = set()
        self._lock = Lock()

    def read_all(
        self, items: Sequence[Item], feed: Feed, feed_url: str
    ) -> Generator[Event, None, bool]:
        """Read the page of each item; returns whether nothing is left to be tried again."""
        complete = True
        with self._lock:
            new = [item for item in items if item.url not in self._followed]
            self._followed.update(item.url for item in new if item.url)
        if not items:
            yield Skipped(feed_url, 0, "articles in it")
        for item, fetched in self._prefetched(new, feed_url):
            if self._crawler.stop():
                return False
            done = yield from self._read_item(item, fetched, feed, feed_url)
            complete = complete and done
        return complete

    def _read_item(
        self, item: Item, fetched: Page | IngestError | None, feed: Feed, feed_url: str
    ) -> Generator[Event, None, bool]:
        """Read one item from its page, else from the feed."""
        if _is_withheld(item, feed_url):
            yield _withheld(item, feed, feed_url, self._crawler.max_bytes)
            return True
        if fetched is None:
            yield Unchanged(item.key)
            return True
        if isinstance(fetched, Page):
            try:
                yield from self._read_page(fetched, item, feed, feed_url)
                return True
            except IngestError as error:
                fetched = error
        fallback = self._instead_of_page(item, feed, feed_url, fetched)
        yield fallback
        return isinstance(fallback, Draft) and _is_final(fetched)

    def _read_page(self, page: Page, item: Item, feed: Feed, feed_url: str) -> Iterator[Event]:
        yield Fetched(page.url)
        if self._crawler.is_stored(page):
            yield Unchanged(page.url)
        else:
            kind = kind_of(page.data, page.media_type, page.final_url)
            if kind in (FEED, SITEMAP, GZIP):
                raise ReadError("no article but a feed or sitemap: ingest it by its own link")
            for reading in read_page(page, kind, self._crawler.max_bytes):
                if isinstance(reading, Draft):
                    draft = _with_item(reading, item, feed, feed_url)
                    yield _with_longer_text(draft, item, feed, feed_url, self._crawler.max_bytes)
                else:
                    yield reading
        yield whole(page)

    def _instead_of_page(
        self, item: Item, feed: Feed, feed_url: str, problem: IngestError
    ) -> Draft | SourceFailure:
        """Return what the feed itself holds, unless the page is stored: that is never less."""
        shown = item.url or f"{feed_url}#{item.key[:200]}"
        failure = SourceFailure(shown, reason_of(problem), shown)
        if self._crawler.known(shown):
            return failure
        if item.html and not _may_speak_for(feed_url, shown):
            reason = f"{failure.reason}; the feed of {host_of(feed_url)} has no say about it"
            return replace(failure, reason=reason)
        try:
            draft = _from_feed(item, feed, feed_url, self._crawler.max_bytes)
        except IngestError:
            return failure
        note = f"text of the feed, for want of its page: {failure.reason}"
        return replace(draft, notes=(*draft.notes, note))

    def _prefetched(
        self, items: Iterable[Item], feed_url: str
    ) -> Iterator[tuple[Item, Page | IngestError | None]]:
        """Yield each item with its page, fetched while others are read and stored."""
        waiting: deque[tuple[Item, Future[Page | IngestError | None]]] = deque()
        with ThreadPoolExecutor(_WORKERS) as pool:
            try:
                for item in items:
                    waiting.append((item, pool.submit(self._try, item, feed_url)))
                    if len(waiting) > _PREFETCHED:
                        first, page = waiting.popleft()
                        yield first, page.result()
                while waiting:
                    first, page = waiting.popleft()
                    yield first, page.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _try(self, item: Item, feed_url: str) -> Page | IngestError | None:
        if item.url is None:
            return ReadError("the feed has no link for it")
        if _is_withheld(item, feed_url):
            return None
        if self._crawler.is_older(item.url, item.changed_at):
            return None
        try:
            return self._crawler.fetch(item.url, feed_url)
        except IngestError as error:
            return error


def read_page(page: Page, kind: str, max_bytes: int) -> Iterator[Draft | SourceFailure | Skipped]:
    """Read a page with the reader of its kind; raises IngestError."""
    if _path_of(page.final_url) == "/" != _path_of(page.url):
        raise ReadError("it leads to the front page of its site: it is gone from there")
    file = SourceFile(
        Path(f"page{kind}"),
        len(page.data),
        max_bytes,
        url=canonical_url(page.final_url) or page.url,
        charset=page.charset,
    )
    for reading in read_stream(io.BufferedReader(io.BytesIO(page.data)), file):
        if isinstance(reading, Draft):
            yield replace(reading, container=page.url, own_origin=file.origin)
        else:
            yield reading


def whole(page: Page, *, leads_on: bool = False) -> Whole:
    """Return the event that all of a page was read, with its validators.

    A page that leads on to others, as a feed does, is kept itself; an article that came from one
    that does not, and does not any more, is somewhere else now.
    """
    body = page.data if leads_on else None
    fetched = FetchedPage(page.url, page.final_url, page.etag, page.last_modified, body)
    return Whole(page.url, _digest(page), fetched, replaces=not leads_on)


def _digest(page: Page) -> str:
    return hashlib.sha256(page.data).hexdigest()


def _with_item(draft: Draft, item: Item, feed: Feed, feed_url: str) -> Draft:
    """Add the facts of the feed that the page itself lacks."""
    host = host_of(draft.url or draft.origin)
    source = draft.source
    if source == host:
        source = item.source or (feed.title if host == host_of(feed_url) else None) or host
    return replace(
        draft,
        source=source or feed_url,
        title=draft.title or item.title,
        author=draft.author or item.author,
        published_at=draft.published_at or item.published_at or item.updated_at,
        updated_at=draft.updated_at or item.updated_at,
        language=draft.language or feed.language,
        stated=item.stated if _may_speak_for(feed_url, draft.origin) else {},
    )


def _from_feed(item: Item, feed: Feed, feed_url: str, max_bytes: int) -> Draft:
    """Return the article that a feed itself holds; raises IngestError where that is none."""
    if not item.html:
        raise ReadError("the feed has no text of it either")
    address = item.url or feed_url
    page = Page(address, address, item.html.encode(errors="replace"), charset="utf-8")
    for reading in read_page(page, ".html", max_bytes):
        if isinstance(reading, Draft):
            draft = _with_item(reading, item, feed, feed_url)
            origin = item.url or f"{feed_url}#{item.key}"
            title = item.title or draft.title
            return replace(draft, origin=origin, own_origin=origin, url=item.url, title=title)
    raise ReadError("the feed has no text of it either")


def _with_longer_text(draft: Draft, item: Item, feed: Feed, feed_url: str, max_bytes: int) -> Draft:
    """Take the text of the feed where that is longer: then the page shows only the beginning."""
    if len(item.html) <= len(draft.text) or not _may_speak_for(feed_url, draft.origin):
        return draft
    with suppress(IngestError):
        longer = _from_feed(item, feed, feed_url, max_bytes)
        if len(longer.text) > len(draft.text):
            note = "text of the feed, which has more of it than its page"
            return replace(draft, text=longer.text, notes=(*draft.notes, note))
    return draft


def _is_withheld(item: Item, feed_url: str) -> bool:
    """Whether an export says that an item is a draft, say, so that there is no page to read."""
    return is_withheld(item.stated) and _may_speak_for(feed_url, item.url or feed_url)


def _withheld(item: Item, feed: Feed, feed_url: str, max_bytes: int) -> Draft | Skipped:
    """Return an article that is not published, as the export has it."""
    try:
        return _from_feed(item, feed, feed_url, max_bytes)
    except IngestError:
        return Skipped(item.key[:200], 1, "without text, and not published")


def _may_speak_for(feed_url: str, url: str) -> bool:
    """Whether the text that a feed has of a page is the page's own: it is of the same site.

    What a file holds is what the person who gave it holds to be the page's.
    """
    return not host_of(feed_url) or same_site(feed_url, url)


def _path_of(url: str) -> str:
    return urlsplit(url).path or "/"


def _is_final(error: IngestError) -> bool:
    """Whether a server will refuse again, rather than have the page next time."""
    return not isinstance(error, FetchError) or isinstance(error, UnavailableError | ForbiddenError)


class Robots:
    """The robots rules of one run's hosts, each fetched once; safe to use from several threads.

    `fetch` gets the bytes of a robots.txt, and raises FetchError: UnavailableError where the
    server answers that there is none.
    """

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._lock = Lock()
        self._locks: dict[str, Lock] = {}
        self._rules: dict[str, Protego | FetchError] = {}

    def require(self, url: str) -> None:
        """Raise ForbiddenError for a url that may not be fetched, FetchError if nobody knows."""
        parts = urlsplit(url)
        rules = self._of_site(f"{parts.scheme}://{parts.netloc}")
        if isinstance(rules, ServerFailedError):
            raise FetchError(f"its robots.txt can't be had, which forbids all: {rules}")
        if isinstance(rules, FetchError):
            raise type(rules)(str(rules))
        if not rules.can_fetch(url, _US):
            raise ForbiddenError("robots.txt forbids it")

    def _of_site(self, site: str) -> "Protego | FetchError":
        with self._lock:
            lock = self._locks.setdefault(site, Lock())
        with lock:
            if site not in self._rules:
                self._rules[site] = self._read(site)
            return self._rules[site]

    def _read(self, site: str) -> "Protego | FetchError":
        try:
            return parse_robots(self._fetch(f"{site}/robots.txt"))
        except UnavailableError:
            return parse_robots(b"")  # 2.3.1.3: a status of 400 to 499 forbids nothing
        except FetchError as error:
            return error  # 2.3.1.4: a server that fails forbids everything


def parse_robots(data: bytes) -> "Protego":
    """Parse a robots.txt, with one group for us, one for everybody and one for all others.

    Protego takes a group for "news" as ours and one for "Newsdesk/1.0" as another's, and keeps
    every rule once for each agent of its group: 500 kB can be built to fill all memory.
    """
    from protego import Protego

    lines = data[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace").splitlines()
    return Protego.parse("\n".join(map(_name_agent, lines)))


def _name_agent(line: str) -> str:
    if not (match := _USER_AGENT.match(line)):
        return line
    agent = match[1].lower()
    return f"User-agent: {agent if agent in (_US, '*') else 'other'}"
