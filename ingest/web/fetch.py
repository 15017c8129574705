"""Fetches a page: one request at a time per host, retried where that helps, within a deadline."""

import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http.cookiejar import CookieJar
from importlib.metadata import version
from threading import Lock, Thread
from typing import TypeVar

import httpcore2
import httpx2

from ingest.errors import FetchError, ServerFailedError, StoppedError, UnavailableError
from ingest.files import too_large
from ingest.web.content import read_body, require_readable
from ingest.web.guard import AddressGuard, Dial, GuardedTransport, errors_mapped
from vectorstore.pages import FetchedPage

USER_AGENT = f"Newsdesk/{version('newsdesk')}"
_Result = TypeVar("_Result")
_REDIRECTS = 5
_TOO_MANY_REQUESTS = 429
_REDIRECTING = {301, 302, 303, 307, 308}
_CONNECT_SECONDS = 10.0
_TRIES = 3
_STEP_SECONDS = 0.1
"""How soon a wait notices that it is to be stopped."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a server sent, decompressed."""

    url: str
    """As requested."""

    final_url: str
    """Where the redirects led to."""

    data: bytes
    media_type: str = ""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """The url to fetch, and what is known of it."""

    url: str
    linked_from: str | None = None
    """The page or file that links to it; None if a person named it."""

    known: FetchedPage | None = None
    """What is stored of it, for a conditional request."""

    max_bytes: int | None = None
    of_any_type: bool = False
    """Whether to take what is no article too, such as a robots.txt."""


class Web:
    """Fetches pages; safe to use from several threads, which take turns at each host."""

    def __init__(
        self,
        *,
        guard: AddressGuard | None = None,
        max_bytes: int = 20_000_000,
        timeout_seconds: float = 30.0,
        use_proxy: bool = False,
        pause_seconds: float = 0.5,
        backoff_seconds: float = 1.0,
        dial: Dial | None = None,
    ) -> None:
        self.guard = guard or AddressGuard()
        self.max_bytes = max_bytes
        self.timeout_seconds = timeout_seconds
        self.backoff_seconds = backoff_seconds
        self.turns = _Turns(pause_seconds)
        self._use_proxy = use_proxy
        self._dial = dial

    def fetch(
        self,
        request: FetchRequest,
        *,
        allowed: Callable[[str], None] = lambda _url: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Page | None:
        """Fetch a page; None if it was not modified.

        `allowed` gets the url and each one that it redirects to, and raises FetchError for one
        that may not be fetched, as this does with the reason.
        """
        return _Fetch(self, request, allowed, stop).run()

    def client(self, deadline: float, cookies: CookieJar) -> httpx2.Client:
        """Return a client for what is done until a deadline, by the monotonic clock."""
        transport = GuardedTransport(
            self.guard,
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
        request: FetchRequest,
        allowed: Callable[[str], None],
        stop: Callable[[], bool],
    ) -> None:
        self._web = web
        self._request = request
        self._allowed = allowed
        self._stop = stop
        self._cookies = CookieJar()
        self._seconds_left = web.timeout_seconds
        self._max_bytes = request.max_bytes or web.max_bytes

    def run(self) -> Page | None:
        url, linked_from = self._request.url, self._request.linked_from
        for _ in range(_REDIRECTS + 1):
            self._web.guard.check_url(url, linked_from=linked_from)
            self._allowed(url)
            got = self._request_url(url)
            if not isinstance(got, str):
                return got
            url, linked_from = got, url
        raise FetchError(f"redirects more than {_REDIRECTS} times: not followed")

    def _request_url(self, url: str) -> Page | str | None:
        """Request one url; returns the page, or the url that it redirects to.

        Only the work counts against the time, not waiting for the host's turn.
        """
        with errors_mapped(self._web.timeout_seconds):
            host = httpx2.URL(url).raw_host.decode("ascii")
            with self._web.turns.wait_for(host, self._stop):
                began = time.monotonic()
                deadline = began + self._seconds_left
                try:
                    return _done_by(deadline, lambda: self._try(url, deadline), self._stop)
                finally:
                    self._seconds_left -= time.monotonic() - began

    def _try(self, url: str, deadline: float) -> Page | str | None:
        with self._web.client(deadline, self._cookies) as client:
            return _retried(
                lambda: self._request_once(client, url),
                backoff_seconds=self._web.backoff_seconds,
                deadline=deadline,
                stop=self._stop,
            )

    def _request_once(self, client: httpx2.Client, url: str) -> Page | str | None:
        self._check_stop()
        try:
            with client.stream("GET", url, headers=self._conditions(url)) as response:
                return self._read(response)
        except (httpcore2.ReadError, httpcore2.WriteError) as error:
            raise ServerFailedError("the connection broke off") from error

    def _read(self, response: httpx2.Response) -> Page | str | None:
        status, headers = response.status_code, response.headers
        if status == 304 and self._conditions(str(response.request.url)):
            return None
        if status in _REDIRECTING and "Location" in headers:
            return str(response.url.join(headers["Location"]))
        if status >= 500 or status == _TOO_MANY_REQUESTS:
            raise ServerFailedError(
                f"answered {status}", parse_retry_after(headers.get("Retry-After"))
            )
        if status != 200:
            raise UnavailableError(f"answered {status}")
        media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not self._request.of_any_type:
            require_readable(media_type)
        if int(headers.get("Content-Length", 0)) > self._max_bytes:
            raise FetchError(str(too_large(self._max_bytes)))
        encoding = headers.get("Content-Encoding", "")
        return Page(
            url=self._request.url,
            final_url=str(response.url),
            data=read_body(self._chunks(response), encoding, self._max_bytes),
            media_type=media_type,
            charset=response.charset_encoding,
            etag=headers.get("ETag"),
            last_modified=headers.get("Last-Modified"),
        )

    def _conditions(self, url: str) -> dict[str, str]:
        """Return the headers of a conditional request, for the very url that is known."""
        known = self._request.known
        if known is None or known.final_url != url:
            return {}
        validators = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        # Beyond ASCII nobody knows in which encoding it came.
        return {name: value for name, value in validators.items() if value and value.isascii()}

    def _chunks(self, response: httpx2.Response) -> Iterator[bytes]:
        try:
            for chunk in response.iter_raw():
                self._check_stop()
                yield chunk
        except httpcore2.RemoteProtocolError as error:
            # It ends before its end, or the next of its parts is none.
            raise ServerFailedError("the connection broke off") from error

    def _check_stop(self) -> None:
        if self._stop():
            raise StoppedError("stopped")


def _done_by(deadline: float, work: Callable[[], _Result], stop: Callable[[], bool]) -> _Result:
    """Return what `work` returns, done in a thread: looking up a name can't be interrupted.

    Raises TimeoutError at the deadline, by the monotonic clock, and StoppedError when stopped:
    the thread ends by itself, and keeps no program from ending.
    """
    result: Future[_Result] = Future()

    def do() -> None:
        try:
            result.set_result(work())
        except BaseException as error:
            result.set_exception(error)

    if not stop():
        Thread(target=do, daemon=True).start()
    while not stop():
        left = deadline - time.monotonic()
        wait([result], min(left, _STEP_SECONDS))
        if result.done():
            return result.result()
        if left <= 0:
            raise TimeoutError
    raise StoppedError("stopped")


@dataclass(slots=True)
class _Host:
    lock: Lock = field(default_factory=Lock)
    free_at: float = 0.0


class _Turns:
    """Safe to use from several threads: different hosts do not wait for each other."""

    def __init__(self, pause_seconds: float) -> None:
        self._pause_seconds = pause_seconds
        self._lock = Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def wait_for(self, host: str, stop: Callable[[], bool]) -> Iterator[None]:
        """Wait for the host's turn, or to be stopped."""
        with self._lock:
            turn = self._hosts.setdefault(host, _Host())
        with turn.lock:
            _sleep(turn.free_at - time.monotonic(), stop)
            try:
                yield
            finally:
                turn.free_at = time.monotonic() + self._pause_seconds


def _retried(
    request: Callable[[], _Result],
    *,
    backoff_seconds: float,
    deadline: float,
    stop: Callable[[], bool],
) -> _Result:
    """Request again, as often as is worth it, where a server fails or is busy.

    Raises the last ServerFailedError; `deadline` is by the monotonic clock.
    """
    tried = 0
    while True:
        try:
            return request()
        except ServerFailedError as error:
            tried += 1
            wished = error.retry_seconds
            pause = backoff_seconds * 2 ** (tried - 1) if wished is None else wished
            if time.monotonic() + pause > deadline:
                wish = "" if wished is None else f", and asks to wait {wished:.0f} seconds"
                raise ServerFailedError(f"{error}{wish}", wished) from error
            if tried == _TRIES:
                raise ServerFailedError(f"{error}, {_TRIES} times", wished) from error
        _sleep(pause, stop)


def _sleep(seconds: float, stop: Callable[[], bool]) -> None:
    """Sleep, unless stopped."""
    ends_at = time.monotonic() + seconds
    while (left := ends_at - time.monotonic()) > 0 and not stop():
        time.sleep(min(left, _STEP_SECONDS))


def parse_retry_after(header: str | None) -> float | None:
    """Return the seconds that a Retry-After asks for, as a number or a date; None if unreadable."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
