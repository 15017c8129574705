"""Tells what an element of a page is called, what it says, and whether it is another story's."""

import re
from itertools import islice
from typing import TYPE_CHECKING

from ingest.html.visible import visible_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NAMED_BY = ("class", "id", "itemprop", "rel", "data-testid", "data-component")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_OTHER_TAGS = frozenset("aside nav header article".split())
_ITS_FACTS = frozenset("author datePublished dateModified".split())
_OTHER_NAMES = frozenset(
    "comment comments related recommended recommendations promo teaser teasers sidebar"
    " trending popular recirc recirculation carousel newsletter".split()
)
_LONGEST_NAMES_CHARS = 500
_LONGEST_LINE_CHARS = 2_000
_MOST_PIECES = 16
"""A byline has so few; a whole page may be named after its author, too."""


def names_of(element: "HtmlElement") -> set[str]:
    """Return the words that an element is called by, of compounds each."""
    names = " ".join(filter(None, map(element.get, _NAMED_BY)))
    return set(words_in(names[:_LONGEST_NAMES_CHARS]))


def words_in(name: str) -> list[str]:
    """Return the words that a name is made of: of "shareBar" as of "share-bar"."""
    return [word.lower() for word in _WORD.findall(name)]


def line_of(element: "HtmlElement") -> str:
    """Return what an element shows, on one line; "" for what is far longer than that."""
    if len(element.text_content()) > _LONGEST_LINE_CHARS:
        return ""
    return " ".join(visible_text(element).split())


def pieces_of(element: "HtmlElement") -> list[str]:
    """Return the first runs of text in an element: one begins where a tag ends another."""
    runs = (" ".join(text.split()) for text in element.itertext())
    return list(islice(filter(None, runs), _MOST_PIECES))


def is_elsewhere(element: "HtmlElement", heading: "HtmlElement | None") -> bool:
    """Tell whether an element stands with another story than the one of this heading.

    Some pages have the facts of their story in an `aside`, and mark them as such.
    """
    around = set(heading.iterancestors()) if heading is not None else set()
    other_tags = set(_OTHER_TAGS)
    if not around:
        other_tags -= {"header"}
    if not any(box.tag == "article" for box in around):
        other_tags -= {"article"}
    if element.get("itemprop") in _ITS_FACTS:
        other_tags -= {"aside"}
    for box in (element, *element.iterancestors()):
        if box in around:
            return False
        if box.tag in other_tags or names_of(box) & _OTHER_NAMES:
            return True
    return False
