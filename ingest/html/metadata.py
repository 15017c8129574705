"""Reads the metadata of a page: title, author, outlet, dates, address, language, description.

The head and scripts are read before hidden text is removed; what the page shows is read after
that, so that nothing hidden passes for a fact.
"""

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from ingest.html.headline import (
    Headings,
    Outlet,
    find_author,
    find_title,
    is_name,
    shares_most_words,
)
from ingest.html.page_dates import PUBLISHED_META, UPDATED_META, find_published, find_updated
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

_SCRIPT_TYPE = "application/ld+json"
_MOST_CHARS = 1_000_000
_DECODER = json.JSONDecoder(strict=False)
_BEGIN = re.compile(r"[\[{]")
_NOT_JSON = re.compile(
    r'"(?>[^"\\]|\\.?)*+"?'
    r"|(?:(?://|/\*)\s{0,9})?(?:<!\[CDATA\[|<!--)(?:\s{0,9}\*/)?"
    r"|(?:\]\]>|-->)"
    r"|//[^\n]*|/\*[^*]{0,500}\*/"
    r"|,(?=\s{0,99}[}\]])",
    re.DOTALL,
)
"""Strings, and outside of them what scripts may have and JSON may not."""

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report)$")
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")
_DEEPEST = 6
_MOST_ARTICLES = 100
_LONGEST_VALUE_CHARS = 2_000
_LONGEST_BODY_CHARS = 200_000
_ENTITY = re.compile(r"&#?\w{1,31};")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_LONGEST_LINE_CHARS = 500
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SchemaArticle:
    """What JSON-LD has of one article (https://schema.org/Article), as written."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    body: str = ""
    """Its text, of a live blog that of all its posts; may be cut or hold markup."""


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


def read_articles(page: "HtmlElement") -> list[SchemaArticle]:
    """Return the articles that the scripts of a page describe, in its order."""
    return find_articles(read_json_ld(page))


def read_json_ld(page: "HtmlElement") -> list[Any]:
    """Return what each script of JSON-LD holds; of a broken one, what stands before the break."""
    values: list[Any] = []
    left = _MOST_CHARS
    for script in page.iter("script"):
        if script.get("type", "").partition(";")[0].strip().lower() == _SCRIPT_TYPE:
            text = script.text or ""
            values += _values(text) if len(text) <= left else ()
            left -= len(text)
    return values


def find_articles(values: Iterable[Any]) -> list[SchemaArticle]:
    """Return the articles in values of JSON-LD, in their order."""
    values = list(values)
    named = {str(node.get("@id")): node for node in _nodes(values, 0) if "name" in node}
    articles = filter(_is_article, _nodes(values, 0))
    return [_article(node, named) for node in islice(articles, _MOST_ARTICLES)]


def plain_line(value: object) -> str | None:
    """Return a text without markup, entities and line breaks; None if it is none, or empty."""
    if not isinstance(value, str):
        return None
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), value)
    return " ".join(_TAG.sub("", text).split())[:_LONGEST_LINE_CHARS] or None


def _values(script: str) -> Iterator[Any]:
    try:
        yield _DECODER.decode(script)
    except ValueError:
        yield from _repaired_values(script)
    except RecursionError:
        return


def _repaired_values(script: str) -> Iterator[Any]:
    """Yield the values one behind the other, with nothing of worth between."""
    if '"' not in script:
        script = html.unescape(script)
    script = _NOT_JSON.sub(_repair, script)
    at = 0
    while begin := _BEGIN.search(script, at):
        try:
            value, at = _DECODER.raw_decode(script, begin.start())
        except (ValueError, RecursionError):
            return
        yield value


def _repair(match: re.Match[str]) -> str:
    return match[0].replace("\\'", "'") if match[0][0] == '"' else " "


def _nodes(value: Any, depth: int) -> Iterator[Node]:
    """Yield the objects that a page is described by, one inside the other."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for holder in _HOLDERS:
            yield from _nodes(value.get(holder), depth + 1)


def _is_article(node: Node) -> bool:
    return any(_ARTICLE_TYPE.search(str(kind)) for kind in _listed(node.get("@type")))


def _article(node: Node, named: dict[str, Node]) -> SchemaArticle:
    authors = _names(node.get("author"), named) or _names(node.get("creator"), named)
    links = (node.get("url"), node.get("mainEntityOfPage"), node.get("@id"))
    return SchemaArticle(
        headline=plain_line(next(iter(_listed(node.get("headline") or node.get("name"))), None)),
        authors=tuple(authors),
        publisher=next(iter(_names(node.get("publisher"), named)), None),
        published=_texts(node.get("datePublished")) + _texts(node.get("dateCreated")),
        updated=_texts(node.get("dateModified")),
        urls=tuple(url for link in links for url in _texts(link, "@id", "url") if "://" in url),
        languages=_texts(node.get("inLanguage"), "alternateName", "name"),
        body=_body(node),
    )


def _body(node: Node) -> str:
    posts = [post for post in _listed(node.get("liveBlogUpdate")) if isinstance(post, dict)]
    bodies = [part.get("articleBody") for part in (node, *posts)]
    text = " ".join(body for body in bodies if isinstance(body, str))[:_LONGEST_BODY_CHARS]
    return html.unescape(_TAG.sub(" ", text))


def _names(value: Any, named: dict[str, Node]) -> list[str]:
    """Return the names of persons or organisations, however they are given."""
    found: list[str | None] = []
    for item in _listed(value):
        if isinstance(item, dict) and "name" not in item:
            item = named.get(str(item.get("@id")), item)
        if isinstance(item, dict):
            parts = (item.get("givenName"), item.get("familyName"))
            name = item.get("name") or " ".join(part for part in parts if isinstance(part, str))
            found += map(plain_line, _listed(name))
        else:
            found.append(plain_line(item))
    return [name for name in found if name]


def _texts(value: Any, *inside: str) -> tuple[str, ...]:
    """Return a value, or each of a list, as text; of an object what it has by these names."""
    items = _listed(value)
    held = [
        item.get(name) for item in items if isinstance(item, dict) for name in (*inside, "@value")
    ]
    plain = (item for item in items + held if isinstance(item, (str, int, float)))
    texts = (str(item).strip() for item in plain if not isinstance(item, bool))
    return tuple(text for text in texts if 0 < len(text) <= _LONGEST_VALUE_CHARS)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
