"""Reads each site's robots.txt once, and refuses what it forbids (RFC 9309)."""

import re
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.errors import FetchError, ForbiddenError, ServerFailedError, UnavailableError

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES = 512_000
"""Read of one file: the 500 KiB that RFC 9309 (2.5) asks for at least."""

_US = "newsdesk"
_USER_AGENT = re.compile(r"\s*user[\s-]*agent\b\s*:?\s*(\*|[a-z_-]*)", re.IGNORECASE)


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

    lines = data[:MAX_BYTES].decode("utf-8-sig", "replace").splitlines()
    return Protego.parse("\n".join(map(_name_agent, lines)))


def _name_agent(line: str) -> str:
    if not (match := _USER_AGENT.match(line)):
        return line
    agent = match[1].lower()
    return f"User-agent: {agent if agent in (_US, '*') else 'other'}"
