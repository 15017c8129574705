"""Gives one url to one page, however it was linked."""

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|cmpid|ocid|ref_src")
_LOGIN = re.compile(r"(?<=//)[^/?#]*@")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str | None:
    """Return the url without fragment and tracking; None if it is not a plain http or https one."""
    url = url.strip()
    if not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    # A user name before the host is how a link lies about where it leads.
    if parts.scheme not in _DEFAULT_PORTS or not host or "@" in parts.netloc:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port and port != _DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    return SplitResult(parts.scheme, netloc, parts.path or "/", _query(parts.query), "").geturl()


def host_of(url: str) -> str:
    """Return the host of a url, without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def without_login(link: str) -> str:
    """Return a link, whatever it is worth, without the user name and password in it."""
    return _LOGIN.sub("", link)


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name.lower())]
    return query if len(kept) == len(pairs) else urlencode(kept)
