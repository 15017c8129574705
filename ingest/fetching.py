"""What one run fetches: within robots.txt, and not again what is stored and unchanged."""

import hashlib
from collections.abc import Callable

from ingest.events import Whole
from ingest.robots import Robots
from ingest.web import Asked, Page, Web
from vectorstore.pages import FetchedPage, Pages


class Fetching:
    """The web as one run sees it; safe to use from several threads.

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
        self.max_bytes = web.max_bytes
        self.known = known
        self.stop = stop
        self._web = web
        self._pages = pages
        self._robots = Robots(self._robots_txt)

    def fetch(
        self, url: str, linked_from: str | None = None, *, max_bytes: int | None = None
    ) -> Page | None:
        """Get a page, None if it is the one that is stored; raises FetchError.

        What a server said of a page is told to it only while its article is stored: otherwise
        "not modified" would keep the article out for ever.
        """
        remembered = self._pages.get(url) if self.known(url) else None
        asked = Asked(url, linked_from, remembered, max_bytes)
        return self._web.fetch(asked, allowed=self._robots.require, stop=self.stop)

    def is_stored(self, page: Page) -> bool:
        """Tell whether a page was sent though it is the one that is stored."""
        return self.known(page.url) == _digest(page)

    def _robots_txt(self, url: str) -> bytes:
        page = self._web.fetch(Asked(url, of_any_type=True), stop=self.stop)
        return page.data if page else b""


def whole(page: Page) -> Whole:
    """Say that all of a page was read, and what its server said of it."""
    told = FetchedPage(page.url, page.final_url, page.etag, page.last_modified)
    return Whole(page.url, _digest(page), told if told.etag or told.last_modified else None)


def _digest(page: Page) -> str:
    return hashlib.sha256(page.data).hexdigest()
