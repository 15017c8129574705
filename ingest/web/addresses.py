"""Says which addresses on the internet may be fetched from: those that anybody may reach."""

import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx2

from ingest.errors import FetchError, UnknownHostError

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as text; raises OSError where there are none."""

PORTS = {"http": 80, "https": 443}
_LARGEST_PORT = 65_535

# Of IPv6 only this is given out (iana.org/assignments/ipv6-unicast-address-assignments), and in
# it 6to4 and Teredo wrap an IPv4 address, which would be reached through a relay.
_UNICAST = IPv6Network("2000::/3")
_WRAPPING = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))
_NAT64 = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches it (RFC 6052): the last 32 bits say where."""


def resolve(host: str, port: int) -> list[str]:
    """Ask the system, which also reads `127.1`, `2130706433` and `0x7f000001` as addresses."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def is_public(address: str) -> bool:
    """Tell whether an address is global unicast, and no other address in disguise."""
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


class Gate:
    """Lets through what is public, and the internal hosts that were named.

    An internal host is a name or address, on the usual ports, or `name:port`.
    """

    def __init__(self, internal: Iterable[str] = (), *, resolve: Resolve = resolve) -> None:
        self._internal = {_named(host) for host in internal}
        self._resolve = resolve

    def check_url(self, url: str, *, linked_from: str | None = None) -> None:
        """Raise FetchError unless a url may be asked for.

        What was found on a page outside, or in a file, may not lead to an internal host: its
        author could make this machine read what he can't.
        """
        try:
            parts = httpx2.URL(url)
            host, port = _place(parts)
        except (httpx2.InvalidURL, ValueError):
            raise FetchError("not a web address that begins with http:// or https://") from None
        if not host or parts.userinfo:
            raise FetchError("a web address with a user name or without a host: not followed")
        if self.is_internal(host, port):
            if linked_from and not self._leads_inside(linked_from):
                raise FetchError("leads from outside to an internal host: not followed")
        elif port not in PORTS.values():
            raise FetchError(f"on port {port}, which is not opened: see INTERNAL_HOSTS")

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return what a host may be reached at; raises FetchError for what is not public."""
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise UnknownHostError(f"there is no host {host}") from None
        if not self.is_internal(host, port) and not all(map(is_public, found)):
            raise FetchError("leads to an address inside a private network: not followed")
        return found

    def check_name(self, host: str, port: int) -> None:
        """Raise FetchError for a host that is seen from here to be inside.

        Behind a proxy there are names that it alone can look up.
        """
        with suppress(UnknownHostError):
            self.addresses(host, port)

    def is_internal(self, host: str, port: int) -> bool:
        """Tell whether a host is one of those named; it is given as it is looked up."""
        host = _normal(host)
        usual = port in PORTS.values() and (host, None) in self._internal
        return usual or (host, port) in self._internal

    def _leads_inside(self, url: str) -> bool:
        try:
            return self.is_internal(*_place(httpx2.URL(url)))
        except (httpx2.InvalidURL, ValueError):
            return False


def _place(url: httpx2.URL) -> tuple[str, int]:
    """Return the host and port that httpx2 connects to; raises ValueError for no web address.

    No other parser will do: here `a。example` is a.example, and a name beyond ASCII is encoded.
    """
    if url.scheme not in PORTS or (url.port or 0) > _LARGEST_PORT:
        raise ValueError(url.scheme, url.port)
    return url.raw_host.decode("ascii"), url.port or PORTS[url.scheme]


def _named(internal: str) -> tuple[str, int | None]:
    """Return a host that a person named, and its port; raises FetchError for what is none."""
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
