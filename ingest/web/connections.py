"""Connects to checked addresses and no others, until a deadline: what httpx2 speaks through."""

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from ingest.errors import FetchError
from ingest.web.addresses import PORTS, Gate

_NO_HTTP = (
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    ValueError,
)

Dial = Callable[[str, int, float], httpcore2.NetworkStream]
"""Opens a connection to an address and port within so many seconds."""


class GuardedTransport(httpx2.BaseTransport):
    """Every connection that a client makes through it goes through the gate.

    The name is looked up once, when connecting, and the address that was checked is the one
    connected to: it makes no difference what the name leads to at another time. The host of the
    url stays what the server is asked for, and what its certificate must name.
    """

    def __init__(
        self,
        gate: Gate,
        *,
        deadline: float,
        ssl_context: Callable[[], ssl.SSLContext],
        use_proxy: bool = False,
        dial: Dial | None = None,
    ) -> None:
        self._gate = gate
        self._proxies = getproxies() if use_proxy else {}
        self._ssl_context = ssl_context
        self._open = _Clocked(deadline, dial or _dial)
        self._pools: dict[tuple[str, str | None], httpcore2.ConnectionPool] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        response = self._pool(url).handle_request(
            httpcore2.Request(
                request.method,
                httpcore2.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            response.status, headers=response.headers, stream=_Body(response.stream)
        )

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()

    def _pool(self, url: httpx2.URL) -> httpcore2.ConnectionPool:
        proxy = self._proxies.get(url.scheme)
        if proxy and proxy_bypass(url.host):
            proxy = None
        if proxy:
            self._gate.check_name(url.raw_host.decode("ascii"), url.port or PORTS[url.scheme])
        if (url.scheme, proxy) not in self._pools:
            trusted = self._ssl_context() if url.scheme == "https" else None
            made = self._through(proxy, trusted) if proxy else self._direct(trusted)
            self._pools[url.scheme, proxy] = made
        return self._pools[url.scheme, proxy]

    def _direct(self, trusted: ssl.SSLContext | None) -> httpcore2.ConnectionPool:
        backend = _Backend(self._open, self._gate.addresses)
        return httpcore2.ConnectionPool(ssl_context=trusted, network_backend=backend)

    def _through(self, proxy: str, trusted: ssl.SSLContext | None) -> httpcore2.ConnectionPool:
        parts = urlsplit(proxy)
        login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return httpcore2.HTTPProxy(
            f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            proxy_auth=login,
            ssl_context=trusted,
            # The proxy is the one that was set; what lies behind it, it alone looks up.
            network_backend=_Backend(self._open, lambda host, _port: [host]),
        )


@contextmanager
def explained(timeout_seconds: float) -> Iterator[None]:
    """Turn what httpx2 and httpcore2 raise into FetchError, in plain words."""
    try:
        yield
    except (TimeoutError, httpcore2.TimeoutException, httpx2.TimeoutException) as error:
        raise FetchError(f"not all there after {timeout_seconds:g} seconds") from error
    except (httpcore2.ConnectError, httpx2.ConnectError) as error:
        # The cause is its argument: the pool raises it again without one.
        reason = error.args[0] if error.args else None
        if isinstance(reason, ssl.SSLCertVerificationError):
            problem = f"its certificate can't be trusted: {reason.verify_message}"
            raise FetchError(problem) from error
        raise FetchError("cannot be reached: no connection") from error
    except (httpcore2.NetworkError, httpx2.NetworkError) as error:
        raise FetchError("the connection broke off") from error
    except _NO_HTTP as error:
        raise FetchError("its answer is not proper HTTP") from error


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


class _Backend(httpcore2.NetworkBackend):
    """Connects to the first of a host's addresses that answers."""

    def __init__(self, open_: "_Clocked", addresses: Callable[[str, int], Iterable[str]]) -> None:
        self._open = open_
        self._addresses = addresses

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            try:
                return self._open(address, port, timeout)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class _Clocked:
    """Opens connections on which everything together ends at the deadline.

    httpcore2's own limits are for a single read, and a server that sends a byte a second keeps
    within them for ever.
    """

    def __init__(self, deadline: float, dial: Dial) -> None:
        self._deadline = deadline
        self._dial = dial

    def __call__(self, address: str, port: int, timeout: float | None) -> "_Stream":
        return _Stream(self._dial(address, port, self.left(timeout)), self)

    def left(self, timeout: float | None) -> float:
        """Return how many seconds an operation may take; raises where none are left."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the deadline has passed")
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, clock: _Clocked) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._clock.left(timeout))
        return _Stream(secured, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _dial(address: str, port: int, timeout_seconds: float) -> httpcore2.NetworkStream:
    return httpcore2.SyncBackend().connect_tcp(address, port, timeout_seconds)
