"""What a page says of itself: title, author, outlet, dates, address and language.

Some of it is told to machines alone, in the head and in scripts; the rest can be seen. The first
is read before what is hidden is removed, the other after that, when nothing unseen passes for it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.html.address import find_address
from ingest.html.author import find_author
from ingest.html.bylines import is_told_name
from ingest.html.dates import PUBLISHED_META, UPDATED_META, find_published, find_updated
from ingest.html.json_ld import read_json_ld
from ingest.html.meta import Meta
from ingest.html.outlets import Outlet
from ingest.html.schema_org import ToldStory, find_stories
from ingest.html.title import Headings, find_title, shares_most_words
from ingest.html.told_lines import told_line
from ingest.web.urls import canonical_url

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


@dataclass(frozen=True, slots=True)
class UnseenFacts:
    """What a page tells machines."""

    stories: Sequence[ToldStory]
    meta: Meta
    tab: str | None
    """Its title on the tab of a browser."""

    url: str | None
    languages: Sequence[str]


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


def read_unseen_facts(page: "HtmlElement", fetched_from: str | None) -> UnseenFacts:
    """Read what is told to machines on a page that still has its head and scripts."""
    meta = Meta(page)
    stories = find_stories(read_json_ld(page))
    said = (page.get("lang"), page.get("xml:lang"), *meta.all(_LANGUAGE_META))
    return UnseenFacts(
        stories,
        meta,
        tab=told_line(page.findtext(".//head/title") or page.findtext(".//title")),
        url=find_address(page, meta, stories, fetched_from),
        languages=[language for language in said if language],
    )


def read_facts(page: "HtmlElement", unseen: UnseenFacts) -> PageFacts:
    """Read what a page shows of which nothing hidden is left, and weigh what it tells by that."""
    meta = unseen.meta
    sources = _sources(unseen)
    outlet = Outlet(sources, unseen.url)
    headings = Headings(page, outlet)
    stories = _stories_of_page(unseen, headings)
    headlines = [story.headline for story in stories if story.headline]
    title = find_title([*headlines, *meta.all(_TITLE_META)], headings, unseen.tab, outlet)
    heading = headings.of(title)
    published = [date for story in stories for date in story.published]
    updated = [date for story in stories for date in story.updated]
    languages = [language for story in stories for language in story.languages]
    return PageFacts(
        title=title,
        author=find_author(page, _told_authors(stories, meta), heading, outlet),
        source=next(iter(sources), None),
        url=unseen.url,
        published_at=find_published(page, published + meta.all(PUBLISHED_META), heading),
        updated_at=find_updated(page, updated + meta.all(UPDATED_META), heading),
        language=_language([*languages, *unseen.languages]),
    )


def _stories_of_page(unseen: UnseenFacts, headings: Headings) -> list[ToldStory]:
    """Return what is told of the page's own story, perhaps twice, and not of others it links to."""
    shown = [*headings.main, *filter(None, [unseen.tab])]

    def is_at_page(story: ToldStory) -> bool:
        return unseen.url is not None and unseen.url in map(canonical_url, story.urls)

    def has_its_title(story: ToldStory) -> bool:
        return any(shares_most_words(story.headline or "", text) for text in shown)

    own = [story for story in unseen.stories if is_at_page(story) or has_its_title(story)]
    first = unseen.stories[0].headline if unseen.stories else None
    return sorted(own, key=is_at_page, reverse=True) or [
        story for story in unseen.stories if story.headline == first
    ]


def _told_authors(stories: Iterable[ToldStory], meta: Meta) -> list[Sequence[str]]:
    return [*(story.authors for story in stories), *map(meta.all, _AUTHOR_META)]


def _sources(unseen: UnseenFacts) -> list[str]:
    publishers = [story.publisher for story in unseen.stories if story.publisher]
    return [name for name in publishers + unseen.meta.all(_SOURCE_META) if is_told_name(name)]


def _language(said: Iterable[str]) -> str | None:
    """Return the first that is a language tag, and not the name of a language."""
    tag = next(filter(_LANGUAGE.fullmatch, said), None)
    return tag.replace("_", "-") if tag else None
