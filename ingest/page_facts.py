"""What a page says of itself: title, author, outlet, dates, address and language."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.datelines import find_dateline
from ingest.urls import canonical_url, host_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_STORY_TYPE = re.compile(r"(?:Article|BlogPosting|Report)$")
_DEEPEST = 6
_PUBLISHED = (
    "article:published_time og:article:published_time datepublished date pubdate publish-date"
    " publishdate publication_date parsely-pub-date sailthru.date dc.date dc.date.issued"
    " dcterms.created dcterms.issued cxenseparse:recs:publishtime"
).split()
_UPDATED = (
    "article:modified_time og:updated_time datemodified last-modified lastmod dcterms.modified"
    " dc.date.modified revised"
).split()
_AUTHOR = "author article:author parsely-author sailthru.author dc.creator byl".split()
_SITE = re.compile(r"\s+[|–—·:-]\s+(?=[^|–—·]*$)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_BYLINE = re.compile(r"(?:By|Von|Par|Por|Di) ((?:[^\W\d_][\w.'’-]*(?: (?:and )?|$)){1,6})")
_BARE_NAME = re.compile(
    r"(?!About |All |By |Meet |More |Read |The )[A-ZÀ-Þ][\w.'’-]*(?: [A-ZÀ-Þ][\w.'’-]*){1,3}"
)
_DATE_NAME = re.compile(r"date|time|publish|posted", re.IGNORECASE)
_LONGEST_LINE_CHARS = 120
_BY = re.compile(r"^\s*(?:by|von|par|por|di)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What could be found; nothing of it is checked but the form of url and language."""

    title: str | None
    author: str | None
    source: str | None
    url: str | None
    published_at: str | None
    updated_at: str | None
    language: str | None


def read_facts(page: "HtmlElement", fetched_from: str | None) -> PageFacts:
    """Read the facts of a page that still has its head and scripts.

    The address it claims is believed of a file; a page that was fetched may only name another
    address of its own host, or anybody's page could take the place of anybody's article.
    """
    story = next(_stories(page), {})
    meta = _meta(page)
    site = _name(story.get("publisher")) or meta.get("og:site_name")
    language = _line(story.get("inLanguage")) or page.get("lang") or meta.get("og:locale") or ""
    return PageFacts(
        title=_title(page, story, meta, site),
        author=_author(page, story, meta),
        source=site or meta.get("application-name"),
        url=_address(page, meta, fetched_from),
        published_at=_line(story.get("datePublished")) or _first(meta, _PUBLISHED) or _time(page),
        updated_at=_line(story.get("dateModified")) or _first(meta, _UPDATED),
        language=language.replace("_", "-") if _LANGUAGE.fullmatch(language) else None,
    )


def _stories(page: "HtmlElement") -> Iterator[dict[str, Any]]:
    """Yield the articles that the page describes in JSON-LD (https://schema.org/Article)."""
    for script in page.iterfind(".//script[@type='application/ld+json']"):
        try:
            yield from _articles_in(json.loads(script.text or "", strict=False), 0)
        except (ValueError, RecursionError):
            continue


def _articles_in(node: object, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(node, list) and depth < _DEEPEST:
        for item in node:
            yield from _articles_in(item, depth + 1)
    elif isinstance(node, dict):
        kinds = node.get("@type")
        if any(_STORY_TYPE.search(str(kind)) for kind in _listed(kinds)):
            yield node
        for inside in ("@graph", "mainEntity", "mainEntityOfPage"):
            if depth < _DEEPEST:
                yield from _articles_in(node.get(inside), depth + 1)


def _meta(page: "HtmlElement") -> dict[str, str]:
    """Return the `meta` elements by name, in lower case; the first of each name counts."""
    found: dict[str, str] = {}
    for element in page.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if content := _line(element.get("content")):
            found.setdefault(name.lower(), content)
    return found


def _title(
    page: "HtmlElement", story: dict[str, Any], meta: dict[str, str], site: str | None
) -> str | None:
    headings = [text for h1 in page.iter("h1") if (text := _line(h1.text_content()))]
    title = _line(story.get("headline")) or meta.get("og:title") or meta.get("twitter:title")
    if not title and len(headings) == 1:
        title = headings[0]
    title = title or _line(page.findtext(".//title"))
    if title and title not in headings:
        lower = (_line(heading.text_content()) for heading in page.iter("h2", "h3"))
        headings += [text for text in lower if text and len(text) > len(title) / 2]
    if title and (match := _SITE.search(title)):
        head, tail = title[: match.start()], title[match.end() :]
        if head in headings or tail.casefold() == (site or "").casefold():
            return head
    return title


def _author(page: "HtmlElement", story: dict[str, Any], meta: dict[str, str]) -> str | None:
    names = [name for author in _listed(story.get("author")) if (name := _name(author))]
    if not names and (name := _first(meta, _AUTHOR)) and "://" not in name:
        names = [name]
    if not names:
        linked = page.xpath(".//*[@rel='author'] | .//*[@itemprop='author']")
        names = [text for link in linked if (text := _line(link.text_content()))]
    if not names:
        bylines = page.xpath(".//*[contains(@class, 'byline') or contains(@class, 'author')]")
        lines = (_line(" ".join(byline.itertext())) or "" for byline in bylines)
        names = [
            match[match.lastindex or 0]
            for line in lines
            if (match := _BYLINE.match(line) or _BARE_NAME.fullmatch(line))
        ][:1]
    unique = dict.fromkeys(_BY.sub("", name) for name in names)
    return ", ".join(unique)[:200] or None


def _address(page: "HtmlElement", meta: dict[str, str], fetched_from: str | None) -> str | None:
    links = page.xpath(".//link[@rel='canonical']/@href")
    claimed = canonical_url(str(links[0]) if links else meta.get("og:url", ""))
    if fetched_from and claimed and host_of(claimed) != host_of(fetched_from):
        claimed = None
    return claimed or fetched_from


def _time(page: "HtmlElement") -> str | None:
    """Return the date that the page shows: marked as the published one, or the first there is."""
    marked = page.xpath(".//time[@itemprop='datePublished' or @pubdate]/@datetime")
    written = next(map(str, [*marked, *page.xpath(".//time/@datetime")]), None)
    return written or next(_shown_dates(page), None)


def _shown_dates(page: "HtmlElement") -> Iterator[str]:
    """Yield the dates in what is called a date, by its class or id."""
    for element in page.xpath(".//*[@class or @id]"):
        if _DATE_NAME.search(f"{element.get('class')} {element.get('id')}"):
            text = _line(element.text_content()) or ""
            dateline = find_dateline(text) if len(text) <= _LONGEST_LINE_CHARS else None
            if dateline and dateline.has_year:
                yield dateline.written


def _first(meta: dict[str, str], names: list[str]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _name(node: object) -> str | None:
    """Return the name of a person or organisation of JSON-LD, however it is given."""
    node = node[0] if isinstance(node, list) and node else node
    return _line(node.get("name") if isinstance(node, dict) else node)


def _listed(node: object) -> list[Any]:
    return node if isinstance(node, list) else [node]


def _line(value: object) -> str | None:
    return (" ".join(value.split())[:500] or None) if isinstance(value, str) else None
