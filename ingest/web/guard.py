"""Guards fetching against private networks (SSRF): connects to checked public addresses only."""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from ingest.errors import FetchError, UnknownHostError

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as text; raises OSError where there are none."""

Dial = Callable[[str, int, float], httpcore2.NetworkStream]
"""Opens a connection to an address and port within so many seconds."""

_PORTS = {"http": 80, "https": 443}
_LARGEST_PORT = 65_535

# Of IPv6 only this is allocated (iana.org/assignments/ipv6-unicast-address-assignments), and in
# it 6to4 and Teredo wrap an IPv4 address, which would be reached through a relay.
_UNICAST = IPv6Network("2000::/3")
_WRAPPING = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))
_NAT64 = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches it (RFC 6052): the last 32 bits are the address."""

_NO_HTTP = (
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    ValueError,
)


def resolve(host: str, port: int) -> list[str]:
    """Ask the system, which also reads `127.1`, `2130706433` and `0x7f000001` as addresses."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether an address is global unicast, and no other address in disguise."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip in _NAT64:
            return is_public(str(IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in _UNICAST or any(ip in network for network in _WRAPPING):
            return False
    return ip.is_global and not ip.is_multicast


class AddressGuard:
    """Lets through public addresses, and the internal hosts that the settings name.

    An internal host is a name or address, on the usual ports, or `name:port`.
    """

    def __init__(self, internal: Iterable[str] = (), *, resolve: Resolve = resolve) -> None:
        self._internal = {_parse_internal(host) for host in internal}
        self._resolve = resolve

    def check_url(self, url: str, *, linked_from: str | None = None) -> None:
        """Raise FetchError for a url that may not be fetched.

        A link on a page outside, or in a file, may not lead to an internal host: its author
        could make this machine read what he can't.
        """
        try:
            parts = httpx2.URL(url)
            host, port = _host_and_port(parts)
        except (httpx2.InvalidURL, ValueError):
            raise FetchError("not a web address that begins with http:// or https://") from None
        if not host or parts.userinfo:
            raise FetchError("a web address with a user name or without a host: not followed")
        if self.is_internal(host, port):
            if linked_from and not self._is_internal_url(linked_from):
                raise FetchError("leads from outside to an internal host: not followed")
        elif port not in _PORTS.values():
            raise FetchError(f"on port {port}, which is not opened: see INTERNAL_HOSTS")

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a host; raises FetchError where one of them is not public."""
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise UnknownHostError(f"there is no host {host}") from None
        if not self.is_internal(host, port) and not all(map(is_public, found)):
            raise FetchError("leads to an address inside a private network: not followed")
        return found

    def check_name(self, url: httpx2.URL) -> None:
        """Raise FetchError for a host that is known here to be private.

        Behind a proxy there are names that it alone can look up.
        """
        with suppress(UnknownHostError):
            self.addresses(*_host_and_port(url))

    def is_internal(self, host: str, port: int) -> bool:
        """Whether the settings name a host, which is written as it is looked up."""
        host = _normal(host)
        usual = port in _PORTS.values() and (host, None) in self._internal
        return usual or (host, port) in self._internal

    def _is_internal_url(self, url: str) -> bool:
        try:
            return self.is_internal(*_host_and_port(httpx2.URL(url)))
        except (httpx2.InvalidURL, ValueError):
            return False


def _host_and_port(url: httpx2.URL) -> tuple[str, int]:
    """Return the host and port that httpx2 connects to; raises ValueError for no web address.

    No other parser will do: here `a。example` is a.example, and a name beyond ASCII is encoded.
    """
    if url.scheme not in _PORTS or (url.port or 0) > _LARGEST_PORT:
        raise ValueError(url.scheme, url.port)
    return url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]


def _parse_internal(internal: str) -> tuple[str, int | None]:
    """Return the host and port of a setting; raises FetchError for what is none."""
    is_bare_ipv6 = internal.count(":") > 1 and "[" not in internal
    try:
        url = httpx2.URL(f"//[{internal}]" if is_bare_ipv6 else f"//{internal}")
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    host = url.raw_host.decode("ascii")
    if not host or "%" in host or url.path != "/":
        wanted = "name a host as wiki.example, 10.0.0.5 or wiki.example:8000"
        raise FetchError(f"INTERNAL_HOSTS: {internal!r} is no host: {wanted}")
    return _normal(host), url.port


def _normal(host: str) -> str:
    host = host.lower().rstrip(".")
    return ip_address(host).compressed if ":" in host else host


class GuardedTransport(httpx2.BaseTransport):
    """The transport of a client whose every connection goes through the guard.

    The name is looked up once, when connecting, and the address that was checked is the one
    connected to: it makes no difference what the name leads to at another time. The host of the
    url stays what the server is asked for, and what its certificate must name.
    """

    def __init__(
        self,
        guard: AddressGuard,
        *,
        deadline: float,
        ssl_context: Callable[[], ssl.SSLContext],
        use_proxy: bool = False,
        dial: Dial | None = None,
    ) -> None:
        self._guard = guard
        self._proxies = getproxies() if use_proxy else {}
        self._ssl_context = ssl_context
        self._connect = _DeadlineDialer(deadline, dial or _dial)
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
            self._guard.check_name(url)
        if (url.scheme, proxy) not in self._pools:
            trusted = self._ssl_context() if url.scheme == "https" else None
            made = self._proxied(proxy, trusted) if proxy else self._direct(trusted)
            self._pools[url.scheme, proxy] = made
        return self._pools[url.scheme, proxy]

    def _direct(self, trusted: ssl.SSLContext | None) -> httpcore2.ConnectionPool:
        backend = _Backend(self._connect, self._guard.addresses)
        return httpcore2.ConnectionPool(ssl_context=trusted, network_backend=backend)

    def _proxied(self, proxy: str, trusted: ssl.SSLContext | None) -> httpcore2.ConnectionPool:
        parts = urlsplit(proxy)
        login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return httpcore2.HTTPProxy(
            f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            proxy_auth=login,
            ssl_context=trusted,
            # The proxy is the one that was set; what lies behind it, it alone looks up.
            network_backend=_Backend(self._connect, lambda host, _port: [host]),
        )


@contextmanager
def errors_mapped(timeout_seconds: float) -> Iterator[None]:
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

    def __init__(
        self, connect: "_DeadlineDialer", addresses: Callable[[str, int], Iterable[str]]
    ) -> None:
        self._connect = connect
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
                return self._connect(address, port, timeout)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class _DeadlineDialer:
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
    def __init__(self, stream: httpcore2.NetworkStream, dialer: _DeadlineDialer) -> None:
        self._stream = stream
        self._dialer = dialer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._dialer.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._dialer.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._dialer.left(timeout))
        return _Stream(secured, self._dialer)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _dial(address: str, port: int, timeout_seconds: float) -> httpcore2.NetworkStream:
    return httpcore2.SyncBackend().connect_tcp(address, port, timeout_seconds)
