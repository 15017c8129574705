"""Finds the title of a page, without the name of its outlet, and one that its readers see."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from ingest.html.elements import line_of
from ingest.web.urls import host_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
"""Where words are not set apart, each character counts as one."""

_MARK = re.compile(r" ?(?:[|•·»«>]|::|//) ?| [–—/:~-]{1,2} |: ")
"""What stands between a headline and the name of its outlet."""

_MOST_SECTION_WORDS = 2
_SECTIONS_SHARE = 1 / 3
"""Of the headline's length, at most: else it may be half of a headline."""

_LONGEST_CHARS = 500
_MOST = 200

_SHORTEST_LABEL = 3
_ADDED = ("", "news", "online")


class Outlet:
    """The one that publishes a page, by what the page calls it and by its host."""

    def __init__(self, names: Iterable[str], url: str | None) -> None:
        host = host_of(url or "")
        *labels, _ = host.split(".")
        known = [*names, host, *(label for label in labels if len(label) >= _SHORTEST_LABEL)]
        self._names = {_plain(name) + added for name in known for added in _ADDED if _plain(name)}

    def is_name(self, text: str) -> bool:
        """Check whether a text is nothing but the outlet's name: "The Example" for example.com."""
        return _plain(text) in self._names


class Headings:
    """The headings that a page shows, but for the name of its outlet."""

    def __init__(self, page: "HtmlElement", outlet: Outlet) -> None:
        headings = islice(page.iter("h1", "h2", "h3"), _MOST)
        found = [(line_of(each)[:_LONGEST_CHARS], each) for each in headings]
        self._found = [(text, each) for text, each in found if text and not outlet.is_name(text)]

    @property
    def main(self) -> list[str]:
        return [text for text, element in self._found if element.tag == "h1"]

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self._found]

    def of(self, title: str | None) -> "HtmlElement | None":
        """Return the heading that a title is of, else the main one."""
        found = self._found
        same = [each for text, each in found if title and shares_most_words(text, title)]
        main = [each for _, each in found if each.tag == "h1"]
        return next(iter(same or main), None)


def find_title(
    metadata: Iterable[str], headings: Headings, tab: str | None, outlet: Outlet
) -> str | None:
    """Return the headline in the metadata if the page shows it, too, else the one it shows.

    `tab` is what a browser shows on the tab of the page. What no reader of a page sees may be
    written for machines, to be taken for what somebody published.
    """
    shown = [*headings.texts, *filter(None, [tab])]
    seen = (text for text in metadata if any(shares_most_words(text, each) for each in shown))
    title = next(seen, None) or (_heading_in(tab, headings) if tab else None)
    if not title and len(headings.main) == 1:
        title = headings.main[0]
    title = title or tab or next(iter(headings.main), None)
    return _without_outlet(title, headings, outlet) if title else None


def shares_most_words(text: str, other: str) -> bool:
    """Check whether more than half of the words of a text stand in the other."""
    words = set(words_of(text))
    return 2 * len(words.intersection(words_of(other))) > len(words)


def words_of(text: str) -> list[str]:
    """Return the words of a text, in lower case; each character where words are not set apart."""
    return _WORD.findall(text.casefold())


def _without_outlet(title: str, headings: Headings, outlet: Outlet) -> str:
    if title in headings.texts:
        return title
    title = _cut(title, outlet)
    return _heading_in(title, headings) or title


def _heading_in(title: str, headings: Headings) -> str | None:
    """Return the longest heading that is set off in a title: a shorter one may be the outlet's."""
    lower = [text for text in headings.texts if len(text) > len(title) / 2]
    found = (text for text in headings.main + lower if _ends_at_mark(title, text))
    return max(found, key=len, default=None)


def _cut(title: str, outlet: Outlet) -> str:
    """Cut off the outlet's name at either end, and a section before it."""
    while marks := [*_MARK.finditer(title)]:
        first, last = marks[0], marks[-1]
        if outlet.is_name(title[: first.start()]):
            title = title[first.end() :]
        elif outlet.is_name(title[last.end() :]):
            title = _without_section(title[: last.start()], last[0])
        else:
            break
    return title


def _without_section(title: str, mark: str) -> str:
    headline, found, section = title.rpartition(mark)
    is_short = len(section) <= _SECTIONS_SHARE * len(headline)
    if found and is_short and len(section.split()) <= _MOST_SECTION_WORDS:
        return headline
    return title


def _ends_at_mark(title: str, heading: str) -> bool:
    """Check whether a title is a heading with something set off from it, before or behind."""
    before, found, behind = title.partition(heading)
    if not found or (before and behind):
        return False
    if behind:
        return _MARK.match(behind) is not None
    return any(mark.end() == len(before) for mark in _MARK.finditer(before))


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold())).removeprefix("the")
