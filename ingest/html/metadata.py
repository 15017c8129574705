"""Reads the metadata of a page: title, author, outlet, dates, address, language, description.

The head and scripts are read before hidden text is removed; what the page shows is read after
that, so that nothing hidden passes for a fact.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ingest.html.author import find_author, is_name
from ingest.html.json_ld import SchemaArticle, plain_line, read_articles
from ingest.html.page_dates import PUBLISHED_META, UPDATED_META, find_published, find_updated
from ingest.html.title import Headings, Outlet, find_title, shares_most_words
from ingest.web.urls import canonical_link, canonical_url, host_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLE_META = ["og:title", "twitter:title", "parsely-title", "dc.title", "sailthru.title"]
_AUTHOR_META = [
    ["author"],
    ["article:author"],
    ["parsely-author"],
    ["sailthru.author"],
    ["dc.creator", "dc:creator"],
    ["byl"],
]
_SOURCE_META = [
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
]
_LANGUAGE_META = ["content-language", "dc.language", "language", "og:locale"]
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_DESCRIPTION_META = ["og:description", "description", "twitter:description"]
_ARTICLE_TYPES = ("article", "video", "book")
"""Of og:type, those of pages with one subject: "article", "video.other"."""

_NAMED_BY = ("property", "name", "itemprop", "http-equiv")
_NO_BASE = "https:"
"""Of the links of a file: only one with a host leads anywhere."""


@dataclass(frozen=True, slots=True)
class HeadMetadata:
    """What the head and the scripts of a page have on it."""

    articles: Sequence[SchemaArticle]
    meta: "Meta"
    tab: str | None
    """Its title on the tab of a browser."""

    url: str | None
    languages: Sequence[str]


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """Facts of the page's story; nothing is checked but the form of url and language."""

    title: str | None
    author: str | None
    source: str | None
    url: str | None
    published_at: str | None
    updated_at: str | None
    language: str | None
    descriptions: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    """The text of the story as its JSON-LD has it."""

    is_article: bool = False
    """Whether the page declares itself an article."""


class Meta:
    """The values of the `meta` elements of a page, by their names."""

    def __init__(self, page: "HtmlElement") -> None:
        self._values: defaultdict[str, list[str]] = defaultdict(list)
        for element in page.iter("meta"):
            if content := plain_line(element.get("content")):
                names = " ".join(element.get(named) or "" for named in _NAMED_BY)
                for name in set(names.lower().split()):
                    self._values[name].append(content)

    def all(self, names: Iterable[str]) -> list[str]:
        """Return the values of these names, in lower case: of the first name first."""
        return [value for name in names for value in self._values.get(name, ())]


def read_head(page: "HtmlElement", fetched_from: str | None) -> HeadMetadata:
    """Read a page that still has its head and scripts."""
    meta = Meta(page)
    articles = read_articles(page)
    languages = (page.get("lang"), page.get("xml:lang"), *meta.all(_LANGUAGE_META))
    return HeadMetadata(
        articles,
        meta,
        tab=plain_line(page.findtext(".//head/title") or page.findtext(".//title")),
        url=find_address(page, meta, articles, fetched_from),
        languages=[language for language in languages if language],
    )


def read_metadata(page: "HtmlElement", head: HeadMetadata) -> PageMetadata:
    """Read what a page shows of which nothing hidden is left, and weigh its head by that."""
    meta = head.meta
    sources = _sources(head)
    outlet = Outlet(sources, head.url)
    headings = Headings(page, outlet)
    articles = _articles_of_page(head, headings)
    headlines = [article.headline for article in articles if article.headline]
    title = find_title([*headlines, *meta.all(_TITLE_META)], headings, head.tab, outlet)
    heading = headings.of(title)
    published = [date for article in articles for date in article.published]
    updated = [date for article in articles for date in article.updated]
    languages = [language for article in articles for language in article.languages]
    return PageMetadata(
        title=title,
        author=find_author(page, _authors(articles, meta), heading, outlet),
        source=next(iter(sources), None),
        url=head.url,
        published_at=find_published(page, published + meta.all(PUBLISHED_META), heading),
        updated_at=find_updated(page, updated + meta.all(UPDATED_META), heading),
        language=_language([*languages, *head.languages]),
        descriptions=tuple(meta.all(_DESCRIPTION_META)),
        bodies=tuple(article.body for article in articles if article.body),
        is_article=bool(articles) or any(map(_is_article_type, meta.all(["og:type"]))),
    )


def _is_article_type(kind: str) -> bool:
    return kind.lower().startswith(_ARTICLE_TYPES)


def _articles_of_page(head: HeadMetadata, headings: Headings) -> list[SchemaArticle]:
    """Return those that describe the page's own story, perhaps twice, and no other it links to."""
    shown = [*headings.main, *filter(None, [head.tab])]

    def is_at_page(article: SchemaArticle) -> bool:
        return head.url is not None and head.url in map(canonical_url, article.urls)

    def has_its_title(article: SchemaArticle) -> bool:
        return any(shares_most_words(article.headline or "", text) for text in shown)

    own = [article for article in head.articles if is_at_page(article) or has_its_title(article)]
    first = head.articles[0].headline if head.articles else None
    return sorted(own, key=is_at_page, reverse=True) or [
        article for article in head.articles if article.headline == first
    ]


def _authors(articles: Iterable[SchemaArticle], meta: Meta) -> list[Sequence[str]]:
    return [*(article.authors for article in articles), *map(meta.all, _AUTHOR_META)]


def _sources(head: HeadMetadata) -> list[str]:
    publishers = [article.publisher for article in head.articles if article.publisher]
    return [name for name in publishers + head.meta.all(_SOURCE_META) if is_name(name)]


def _language(languages: Iterable[str]) -> str | None:
    """Return the first that is a language tag, and not the name of a language."""
    tag = next(filter(_LANGUAGE.fullmatch, languages), None)
    return tag.replace("_", "-") if tag else None


def find_address(
    page: "HtmlElement", meta: Meta, articles: Sequence[SchemaArticle], fetched_from: str | None
) -> str | None:
    """Return the canonical url that a page names, else the one that it was fetched from.

    It is believed of a file; a page that was fetched may only name another address of its own
    host, or anybody's page could take the place of anybody's article. A front page is no article:
    some sites name theirs on every page, and so would all their articles be one.
    """
    base = _base_of(page, fetched_from)
    for link in _claims(page, meta, articles):
        url = canonical_link(link, base)
        if url and not _is_front_page(url) and _may_be_at(url, fetched_from):
            return url
    return fetched_from


def _base_of(page: "HtmlElement", fetched_from: str | None) -> str:
    """Return what the links of a page are relative to."""
    base = fetched_from or _NO_BASE
    named = next((str(each.get("href")) for each in page.iter("base") if each.get("href")), "")
    with suppress(ValueError):
        return urljoin(base, named.strip())
    return base


def _claims(page: "HtmlElement", meta: Meta, articles: Sequence[SchemaArticle]) -> Iterator[str]:
    """Yield the links by which a page names itself, the most trusted first; never empty ones."""
    for link in page.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            yield from filter(None, [(link.get("href") or "").strip()])
    yield from meta.all(["og:url"])
    # Of several articles any could be the page's.
    if len(articles) == 1:
        yield from articles[0].urls


def _may_be_at(url: str, fetched_from: str | None) -> bool:
    host = host_of(url)
    if fetched_from:
        return host == host_of(fetched_from)
    # That is where the site was built.
    return host != "localhost" and not host.startswith("127.")


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path == "/" and not parts.query
