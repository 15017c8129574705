"""Finds the address of a page: the one it names for itself, where that can be believed."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ingest.html.meta import Meta
from ingest.html.schema_org import ToldStory
from ingest.web.urls import canonical_link, host_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NO_PLACE = "https:"
"""Where a file was found: from there only a link with a host leads anywhere."""


def find_address(
    page: "HtmlElement", meta: Meta, stories: Sequence[ToldStory], fetched_from: str | None
) -> str | None:
    """Return the canonical url that a page names, else the one that it was fetched from.

    It is believed of a file; a page that was fetched may only name another address of its own
    host, or anybody's page could take the place of anybody's article. A front page is no article:
    some sites name theirs on every page, and so would all their articles be one.
    """
    base = _base_of(page, fetched_from)
    for link in _claims(page, meta, stories):
        url = canonical_link(link, base)
        if url and not _is_front_page(url) and _may_be_at(url, fetched_from):
            return url
    return fetched_from


def _base_of(page: "HtmlElement", fetched_from: str | None) -> str:
    """Return what the links of a page are relative to."""
    base = fetched_from or _NO_PLACE
    named = next((str(each.get("href")) for each in page.iter("base") if each.get("href")), "")
    with suppress(ValueError):
        return urljoin(base, named.strip())
    return base


def _claims(page: "HtmlElement", meta: Meta, stories: Sequence[ToldStory]) -> Iterator[str]:
    """Yield the links by which a page names itself, the most trusted first; never empty ones."""
    for link in page.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            yield from filter(None, [(link.get("href") or "").strip()])
    yield from meta.all(["og:url"])
    # Of several stories any could be the page's.
    if len(stories) == 1:
        yield from stories[0].urls


def _may_be_at(url: str, fetched_from: str | None) -> bool:
    host = host_of(url)
    if fetched_from:
        return host == host_of(fetched_from)
    # That is where the site was built.
    return host != "localhost" and not host.startswith("127.")


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path == "/" and not parts.query
