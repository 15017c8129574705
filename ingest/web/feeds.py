"""Reads RSS, Atom and JSON feeds, and sitemaps: the pages they name, with what they say of them."""

import html
import io
import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat

from ingest.errors import ReadError
from ingest.web.urls import canonical_link, canonical_url

MAX_FEED_BYTES = 5_000_000
_MOST_FEED_TAGS = 100_000
"""What feedparser reads in at most some 10 s, however it is nested; some 10,000 items."""

_WORDPRESS = {
    "wp_status": "status",
    "wp_post_type": "post_type",
    "wp_post_password": "password",
    "wp_post_name": "slug",
}
"""Elements of a WordPress export (WXR), as feedparser names them."""

_JSON_FEED = "jsonfeed.org/version/"
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
MAX_SITEMAP_BYTES = 50_000_000
MOST_ENTRIES = 50_000
"""Both as the protocol has them."""

_MOST_SITEMAP_TAGS = 3_000_000
"""What is read in a few seconds; a full sitemap with pictures and languages has half of that."""

_STEP_BYTES = 65_536
_LONGEST = 2_048
"""Characters of a url or date."""


_PAGE, _SITEMAP = "url", "sitemap"
_OF_PAGE = {"loc", "lastmod"}
_PUBLISHED = "publication_date"


@dataclass(frozen=True, slots=True)
class Item:
    """An article as a feed describes it."""

    key: str
    """What identifies it: its url, or its own key; never empty."""

    own_key: str
    """What the feed identifies it by, whatever page it is on."""

    url: str | None
    """Canonical."""

    title: str | None = None
    html: str = ""
    """The longest text that the feed has of it, maybe only a summary; "" if none."""

    source: str | None = None
    """The outlet, where the feed is a collection of others."""

    author: str | None = None
    published_at: str | None = None
    updated_at: str | None = None
    changed_at: str = ""
    """When its page was last changed, if a sitemap has it."""

    stated: Mapping[str, str] = field(default_factory=dict)
    """What an export of WordPress states of its publication, as in `Draft`."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, its items in its own order."""

    title: str | None = None
    language: str | None = None
    items: tuple[Item, ...] = ()


def read_feed(data: bytes, url: str | None = None) -> Feed:
    """Read a feed that came from `url`; raises ReadError for what is none, or too much of one.

    Broken XML is read as far as it makes sense: many feeds are broken. Entities are never
    expanded: feedparser drops the definitions of all that stand for more than a character.
    """
    if len(data) > MAX_FEED_BYTES or data.count(b"<") > _MOST_FEED_TAGS:
        limits = f"{MAX_FEED_BYTES / 1e6:g} MB or {_MOST_FEED_TAGS:,} tags"
        raise ReadError(f"a feed of more than {limits}")
    is_json = data.lstrip().startswith(b"{")
    about, entries = _parse_json(data) if is_json else _parse_xml(data)
    items = [item for entry in entries if (item := _item(entry, url))]
    counts = Counter(item.url for item in {(item.url, item.title): item for item in items}.values())
    # Several on one page, as in a list of notices, are articles by what the feed itself holds.
    apart = (replace(i, url=None, key=i.own_key) if counts[i.url] > 1 else i for i in items)
    unique = {item.key: item for item in reversed([*apart])}
    language = _line(about.get("language"))
    return Feed(_plain(about.get("title")), language, tuple(reversed(unique.values())))


def is_json_feed(start: str) -> bool:
    """Whether a text begins as a JSON feed does."""
    return start.lstrip().startswith("{") and _JSON_FEED in start


def _parse_xml(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the properties of an RSS or Atom feed, and its entries."""
    import feedparser

    try:
        # Given bytes or a text, it would open what looks like a file name or a link.
        found = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        # Of 17,000 feeds that were damaged at random it fell over 200, in six different ways.
        raise ReadError(f"a feed so broken that it can't be read: {error}") from error
    if not found.get("version") and not found.entries:
        raise ReadError("not an RSS or Atom feed")
    return found.feed, found.entries


def _parse_json(data: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Parse a JSON feed (https://www.jsonfeed.org/version/1.1/) into what feedparser returns."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"a feed so broken that it can't be read: {error}") from error
    if not isinstance(feed, dict) or _JSON_FEED not in str(feed.get("version")):
        raise ReadError("not a JSON feed")
    items = feed.get("items")
    entries = [_json_entry(item) for item in items or () if isinstance(item, dict)]
    return {"title": feed.get("title"), "language": feed.get("language")}, entries


def _json_entry(item: dict[str, Any]) -> dict[str, Any]:
    text = item.get("content_text")
    content = item.get("content_html") or (html.escape(text) if isinstance(text, str) else "")
    names = (author.get("name") for author in _json_authors(item) if isinstance(author, dict))
    return {
        "id": str(item.get("id") or ""),
        "link": item.get("url") or item.get("external_url"),
        "title": item.get("title"),
        "content": [{"value": content}],
        "summary": item.get("summary"),
        "author": ", ".join(name for name in names if isinstance(name, str)),
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
    }


def _json_authors(item: dict[str, Any]) -> list[Any]:
    """Return the authors: one in version 1, a list of them in 1.1."""
    authors = item.get("authors")
    return authors if isinstance(authors, list) else [item.get("author")]


def _item(entry: dict[str, Any], feed_url: str | None) -> Item | None:
    """Return the item; None for one without a link, a title and text."""
    link = _line(entry.get("link"))
    url = canonical_link(link, feed_url or "") if link else None
    texts = [str(content.get("value") or "") for content in entry.get("content", ())]
    text = max([*texts, str(entry.get("summary") or "")], key=len).strip()
    title = _plain(entry.get("title"))
    own_key = _line(entry.get("id")) or title or text
    if not url and not own_key:
        return None
    return Item(
        key=url or own_key,
        own_key=f"{own_key} {title or ''}".strip(),
        url=url,
        title=title,
        html=text,
        source=_line((entry.get("source") or {}).get("title")),
        author=_line(entry.get("author")),
        published_at=_moment(entry, "published"),
        updated_at=_moment(entry, "updated"),
        stated={name: line for key, name in _WORDPRESS.items() if (line := _line(entry.get(key)))},
    )


def _moment(entry: dict[str, Any], name: str) -> str | None:
    """Return a date as feedparser understood it, in UTC, else as it is written."""
    # Not get(): feedparser's own answers "updated" with the published date, and warns of it.
    parsed = dict.get(entry, f"{name}_parsed")
    if isinstance(parsed, time.struct_time):
        return datetime(*parsed[:6], tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _line(dict.get(entry, name))


def _plain(value: object) -> str | None:
    """Return a title as text: in many feeds it is marked up, or escaped twice."""
    line = _line(value)
    return _line(_TAG.sub("", html.unescape(line))) if line else None


def _line(value: object) -> str | None:
    return (" ".join(value.split())[:2_000] or None) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """A page, or a further sitemap."""

    url: str
    changed_at: str
    """As written, which in ISO 8601 sorts by time; "" if unknown."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages of a sitemap, or as an index its sitemaps."""

    pages: tuple[SitemapEntry, ...]
    sitemaps: tuple[SitemapEntry, ...]


def read_sitemap(data: bytes) -> Sitemap:
    """Read a sitemap or an index of them; raises ReadError for what is none.

    Of one that is cut off or broken, what stands before the break is read.
    """
    if data.count(b"<") > _MOST_SITEMAP_TAGS:
        raise ReadError(f"a sitemap of more than {_MOST_SITEMAP_TAGS:,} tags")
    entries = _Entries()
    # Before an XML declaration nothing may stand, and often a blank line does.
    data = data.lstrip()
    try:
        for start in range(0, len(data), _STEP_BYTES):
            entries.feed(data[start : start + _STEP_BYTES])
            if entries.count >= MOST_ENTRIES:
                break
    except expat.ExpatError as error:
        if not entries.count:
            raise ReadError(f"not a sitemap that can be read: {error}") from error
    return Sitemap(tuple(entries.found[_PAGE].values()), tuple(entries.found[_SITEMAP].values()))


@dataclass(slots=True)
class _Entries:
    """Collects entries while parsing: lxml would hold all elements, 1.3 GB of a file of 40 MB."""

    found: dict[str, dict[str, SitemapEntry]] = field(
        default_factory=lambda: {_PAGE: {}, _SITEMAP: {}}
    )
    _values: dict[str, str] = field(default_factory=dict)
    _path: list[str] = field(default_factory=list)
    """The names of the elements that are open, as written."""

    _parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def __post_init__(self) -> None:
        self._parser.buffer_text = True
        self._parser.EntityDeclHandler = _refuse_definitions
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    @property
    def count(self) -> int:
        return sum(map(len, self.found.values()))

    def feed(self, data: bytes) -> None:
        self._parser.Parse(data, False)

    def _begin(self, name: str, _attributes: object) -> None:
        self._path.append(name)
        if _bare(name) in self.found:
            self._values = {}

    def _text(self, text: str) -> None:
        if name := self._property():
            self._values[name] = (self._values.get(name, "") + text)[:_LONGEST]

    def _property(self) -> str | None:
        """Return which property of a page the open element holds: not, say, a picture's."""
        if len(self._path) < 2:
            return None
        *_, above, name = self._path
        if _bare(above) in self.found and _bare(name) in _OF_PAGE:
            return _bare(name)
        return _PUBLISHED if name.endswith(f":{_PUBLISHED}") else None

    def _end(self, name: str) -> None:
        self._path.pop()
        kind = _bare(name)
        if kind not in self.found:
            return
        # A news sitemap has when a story was published, which is as good.
        changed_at = self._values.get("lastmod") or self._values.get(_PUBLISHED, "")
        if url := canonical_url(self._values.get("loc", "")):
            self.found[kind][url] = SitemapEntry(url, changed_at.strip())
        self._values = {}


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_definitions(*_: object) -> None:
    raise ReadError("a sitemap that defines entities of its own: not read")
