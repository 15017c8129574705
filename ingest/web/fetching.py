"""What one run fetches: within robots.txt, and not again what is stored and unchanged."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from ingest.dates.moments import parse_moment
from ingest.drafts import Whole
from ingest.web.pages import Asked, Page, Web
from ingest.web.robots import Robots
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
        look_again_seconds: float = 0.0,
    ) -> None:
        """What feeds name is looked at again after so long, though they have not changed."""
        self.max_bytes = web.max_bytes
        self._look_again_seconds = look_again_seconds
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
        page = self._web.fetch(asked, allowed=self._robots.require, stop=self.stop)
        if page is None and remembered and remembered.body is not None:
            told = (remembered.etag, remembered.last_modified)
            return Page(url, remembered.final_url, remembered.body, "", None, *told)
        return page

    def is_stored(self, page: Page) -> bool:
        """Tell whether a page was sent though it is the one that is stored."""
        return self.known(page.url) == _digest(page)

    def was_followed(self, page: Page) -> bool:
        """Tell whether what a page names was looked at just now, and it names nothing new."""
        seconds = self._seconds_since(page.url) if self.is_stored(page) else None
        return seconds is not None and seconds < self._look_again_seconds

    def is_older(self, url: str, changed_at: str) -> bool:
        """Tell whether a page is stored as it was at a later time than it was last changed."""
        remembered = self._pages.get(url) if changed_at and self.known(url) else None
        changed = parse_moment(changed_at) if remembered else None
        if changed is None or remembered is None or remembered.fetched_at is None:
            return False
        fetched = datetime.fromisoformat(remembered.fetched_at)
        # A day tells nothing of what was changed later in it.
        return changed < fetched if isinstance(changed, datetime) else changed < fetched.date()

    def _seconds_since(self, url: str) -> float | None:
        remembered = self._pages.get(url)
        if remembered is None or remembered.fetched_at is None:
            return None
        return (datetime.now(UTC) - datetime.fromisoformat(remembered.fetched_at)).total_seconds()

    def _robots_txt(self, url: str) -> bytes:
        page = self._web.fetch(Asked(url, of_any_type=True), stop=self.stop)
        return page.data if page else b""


def whole(page: Page, *, leads_on: bool = False) -> Whole:
    """Say that all of a page was read, and what its server said of it.

    A page that leads on to others, as a feed does, is kept itself; an article that came from one
    that does not, and does not any more, is somewhere else now.
    """
    body = page.data if leads_on else None
    told = FetchedPage(page.url, page.final_url, page.etag, page.last_modified, body)
    return Whole(page.url, _digest(page), told, replaces=not leads_on)


def _digest(page: Page) -> str:
    return hashlib.sha256(page.data).hexdigest()
