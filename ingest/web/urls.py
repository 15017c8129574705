"""Gives one url to one page, however it was linked."""

import re
from urllib.parse import SplitResult, urljoin, urlsplit

_TRACKING = re.compile(
    # Campaigns: of Google, AT Internet, Matomo, Webtrekk, and of single newsrooms.
    r"utm_\w+|at_(?:medium|campaign|custom\d|format|link_\w+|ptr_name|bbc_team)|xtor|wt_z?mc"
    r"|(?:mtm|pk)_(?:campaign|kwd|keyword|source|medium|content)|cmp|cmpid|ocid|smid|ref_src"
    # Clicks: in advertisements, social networks and newsletters.
    r"|[dg]clid|gbraid|wbraid|_gl|_ga|fbclid|msclkid|yclid|twclid|ttclid|igshid|mc_[ce]id|mkt_tok",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"(?<=//)[^/?#]*@")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str | None:
    """Return the url without fragment and tracking; None if it is not a plain http or https one.

    Spaces in it are escaped as browsers do it; nothing else is written in another way, for a
    server may not take that for the same.
    """
    url = url.strip()
    if not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    # A user name before the host is how a link lies about where it leads.
    if parts.scheme not in _DEFAULT_PORTS or not host or "@" in parts.netloc or " " in host:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port and port != _DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    path, query = parts.path or "/", _without_tracking(parts.query)
    return SplitResult(parts.scheme, netloc, path, query, "").geturl().replace(" ", "%20")


def canonical_link(link: str, base: str) -> str | None:
    """Return the canonical url that a link on a page at `base` leads to; None if to no page."""
    try:
        return canonical_url(urljoin(base, link.strip()))
    except ValueError:
        return None


def host_of(url: str) -> str:
    """Return the host of a url, without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def same_site(url: str, other: str) -> bool:
    """Whether two urls are of one owner: of one registrable host, as news.example.co.uk has
    example.co.uk; of what has none, such as an address or localhost, of one host and port.
    """
    return _site_of(url) == _site_of(other)


def _site_of(url: str) -> str:
    # Where anybody may have a host of their own, as below github.io, each is a site (the public
    # suffix list's private part). 0.1 s to import, and only for feeds.
    from tld import get_fld

    site = get_fld(url, fail_silently=True, search_private=True)
    return site if isinstance(site, str) else urlsplit(url).netloc.removeprefix("www.")


def without_login(link: str) -> str:
    """Return a link, whatever it is worth, without the user name and password in it."""
    return _LOGIN.sub("", link)


def _without_tracking(query: str) -> str:
    kept = (part for part in query.split("&") if not _TRACKING.fullmatch(part.partition("=")[0]))
    return "&".join(kept)
