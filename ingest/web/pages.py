"""Fetches a page from the web, politely, and only what is meant for anybody to read."""

import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from http.cookiejar import CookieJar
from importlib.metadata import version

import httpcore2
import httpx2

from ingest.errors import FetchError, ServerFailedError, StoppedError, UnavailableError
from ingest.files import too_large
from ingest.web.addresses import Gate
from ingest.web.bodies import read_body
from ingest.web.connections import Dial, GuardedTransport, explained
from ingest.web.deadlines import done_by
from ingest.web.kinds import require_readable
from ingest.web.politeness import Turns, ask_again, retry_after
from vectorstore.pages import FetchedPage

USER_AGENT = f"Newsdesk/{version('newsdesk')}"

_REDIRECTS = 5
_TOO_MANY_REQUESTS = 429
_REDIRECTING = {301, 302, 303, 307, 308}
_CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Page:
    """What a server sent, decompressed."""

    url: str
    """As asked for."""

    final_url: str
    """Where the redirects led to."""

    data: bytes
    media_type: str = ""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of a url, and who asks."""

    url: str
    linked_from: str | None = None
    """The page or file that it was found in; None if a person named it."""

    known: FetchedPage | None = None
    """What is stored of it, which lets the server say that it is still the same."""

    max_bytes: int | None = None
    of_any_type: bool = False
    """Whether what is no article is taken too, such as a robots.txt."""


class Web:
    """Fetches pages; safe to use from several threads, which take turns at each host."""

    def __init__(
        self,
        *,
        gate: Gate | None = None,
        max_bytes: int = 20_000_000,
        timeout_seconds: float = 30.0,
        use_proxy: bool = False,
        pause_seconds: float = 0.5,
        backoff_seconds: float = 1.0,
        dial: Dial | None = None,
    ) -> None:
        self.gate = gate or Gate()
        self.max_bytes = max_bytes
        self.timeout_seconds = timeout_seconds
        self.backoff_seconds = backoff_seconds
        self.turns = Turns(pause_seconds)
        self._use_proxy = use_proxy
        self._dial = dial

    def fetch(
        self,
        asked: Asked,
        *,
        allowed: Callable[[str], None] = lambda _url: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Page | None:
        """Get what a url leads to; None if it was not modified.

        `allowed` is asked about the url and each one that it redirects to. Raises FetchError,
        whose message says why the page can't be had.
        """
        return _Fetch(self, asked, allowed, stop).run()

    def client(self, deadline: float, cookies: CookieJar) -> httpx2.Client:
        """Return a client for what is done until a deadline, by the monotonic clock."""
        transport = GuardedTransport(
            self.gate,
            deadline=deadline,
            ssl_context=lambda: self._ssl_context,
            use_proxy=self._use_proxy,
            dial=self._dial,
        )
        return httpx2.Client(
            transport=transport,
            cookies=cookies,
            trust_env=False,
            timeout=httpx2.Timeout(None, connect=_CONNECT_SECONDS),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"},
        )

    @cached_property
    def _ssl_context(self) -> ssl.SSLContext:
        """The certificates that are trusted: 60 ms to read, so once, and not for plain http."""
        return httpx2.create_ssl_context()


class _Fetch:
    """One fetch under way, with the redirects and tries that it takes."""

    def __init__(
        self,
        web: Web,
        asked: Asked,
        allowed: Callable[[str], None],
        stop: Callable[[], bool],
    ) -> None:
        self._web = web
        self._asked = asked
        self._allowed = allowed
        self._stop = stop
        self._cookies = CookieJar()
        self._seconds_left = web.timeout_seconds
        self._max_bytes = asked.max_bytes or web.max_bytes

    def run(self) -> Page | None:
        url, linked_from = self._asked.url, self._asked.linked_from
        for _ in range(_REDIRECTS + 1):
            self._web.gate.check_url(url, linked_from=linked_from)
            self._allowed(url)
            got = self._ask(url)
            if not isinstance(got, str):
                return got
            url, linked_from = got, url
        raise FetchError(f"redirects more than {_REDIRECTS} times: not followed")

    def _ask(self, url: str) -> Page | str | None:
        """Ask one url; returns the page, or where it redirects to.

        Only what is done counts against the time, not waiting for the host's turn.
        """
        with explained(self._web.timeout_seconds):
            host = httpx2.URL(url).raw_host.decode("ascii")
            with self._web.turns.at(host, self._stop):
                began = time.monotonic()
                deadline = began + self._seconds_left
                try:
                    return done_by(deadline, lambda: self._try(url, deadline), self._stop)
                finally:
                    self._seconds_left -= time.monotonic() - began

    def _try(self, url: str, deadline: float) -> Page | str | None:
        with self._web.client(deadline, self._cookies) as client:
            return ask_again(
                lambda: self._ask_once(client, url),
                backoff_seconds=self._web.backoff_seconds,
                deadline=deadline,
                stop=self._stop,
            )

    def _ask_once(self, client: httpx2.Client, url: str) -> Page | str | None:
        self._go_on()
        try:
            with client.stream("GET", url, headers=self._conditions(url)) as response:
                return self._take(response)
        except (httpcore2.ReadError, httpcore2.WriteError) as error:
            raise ServerFailedError("the connection broke off") from error

    def _take(self, response: httpx2.Response) -> Page | str | None:
        status, headers = response.status_code, response.headers
        if status == 304 and self._conditions(str(response.request.url)):
            return None
        if status in _REDIRECTING and "Location" in headers:
            return str(response.url.join(headers["Location"]))
        if status >= 500 or status == _TOO_MANY_REQUESTS:
            raise ServerFailedError(f"answered {status}", retry_after(headers.get("Retry-After")))
        if status != 200:
            raise UnavailableError(f"answered {status}")
        media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not self._asked.of_any_type:
            require_readable(media_type)
        if int(headers.get("Content-Length", 0)) > self._max_bytes:
            raise FetchError(str(too_large(self._max_bytes)))
        encoding = headers.get("Content-Encoding", "")
        return Page(
            url=self._asked.url,
            final_url=str(response.url),
            data=read_body(self._chunks(response), encoding, self._max_bytes),
            media_type=media_type,
            charset=response.charset_encoding,
            etag=headers.get("ETag"),
            last_modified=headers.get("Last-Modified"),
        )

    def _conditions(self, url: str) -> dict[str, str]:
        """Return the headers of a conditional request, for the very url that was known."""
        known = self._asked.known
        if known is None or known.final_url != url:
            return {}
        told = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        # Beyond ASCII nobody could say in which encoding it came.
        return {name: value for name, value in told.items() if value and value.isascii()}

    def _chunks(self, response: httpx2.Response) -> Iterator[bytes]:
        try:
            for chunk in response.iter_raw():
                self._go_on()
                yield chunk
        except httpcore2.RemoteProtocolError as error:
            # It ends before its end, or the next of its parts is none.
            raise ServerFailedError("the connection broke off") from error

    def _go_on(self) -> None:
        if self._stop():
            raise StoppedError("stopped")
