"""Reads elements of a page: their text as it is seen, their names, the story they belong to."""

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td"
    " tfoot th thead tr ul".split()
)
"""What stands apart from the words before and behind it, whatever a page's styles make of it."""

_PARAGRAPH_ENDS = BLOCKS | {"caption", "html", "legend"}
_BREAK = "br"
_CELLS = frozenset("td th".split())
_MOST_BLOCKS_IN_FACT = 2
"""The cell itself, and the one paragraph that Word makes of it."""

_LONGEST_FACT_CHARS = 80
_SPACES = re.compile(r"[ \t\r\n\f]+")
_INDENT = re.compile(r"\n +")
_NAMED_BY = ("class", "id", "itemprop", "rel", "data-testid", "data-component")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LONGEST_NAMES_CHARS = 500
_LONGEST_LINE_CHARS = 2_000
_MOST_RUNS = 16
"""A byline has so few; a whole page may be named after its author, too."""

_OTHER_TAGS = frozenset("aside nav header article".split())
_FACTS_IN_ASIDES = frozenset("author datePublished dateModified".split())
_OTHER_NAMES = frozenset(
    "comment comments related recommended recommendations promo teaser teasers sidebar"
    " trending popular recirc recirculation carousel newsletter".split()
)


def visible_text(page: "HtmlElement") -> str:
    """Return all text of a page of which nothing hidden is left.

    There is a blank line between blocks, and a line break where the page has one.
    """
    pieces: list[str] = []
    _write(page, pieces, keep_spaces=False)
    return _INDENT.sub("\n", "".join(pieces))


def text_of(element: "HtmlElement") -> str:
    """Return all the text of an element, on one line."""
    return " ".join(element.text_content().split())


def line_of(element: "HtmlElement") -> str:
    """Return what an element shows, on one line; "" for what is far longer than that."""
    if len(element.text_content()) > _LONGEST_LINE_CHARS:
        return ""
    return " ".join(visible_text(element).split())


def text_runs(element: "HtmlElement") -> list[str]:
    """Return the first runs of text in an element: one begins where a tag ends another."""
    runs = (" ".join(text.split()) for text in element.itertext())
    return list(islice(filter(None, runs), _MOST_RUNS))


def names_of(element: "HtmlElement") -> set[str]:
    """Return the words in the classes, id and the like of an element: of "shareBar" both."""
    names = " ".join(filter(None, map(element.get, _NAMED_BY)))
    return {word.lower() for word in _WORD.findall(names[:_LONGEST_NAMES_CHARS])}


def is_elsewhere(element: "HtmlElement", heading: "HtmlElement | None") -> bool:
    """Check whether an element belongs to another story than the one of this heading.

    Some pages have the facts of their story in an `aside`, and mark them as such.
    """
    around = set(heading.iterancestors()) if heading is not None else set()
    other_tags = set(_OTHER_TAGS)
    if not around:
        other_tags -= {"header"}
    if not any(box.tag == "article" for box in around):
        other_tags -= {"article"}
    if element.get("itemprop") in _FACTS_IN_ASIDES:
        other_tags -= {"aside"}
    for box in (element, *element.iterancestors()):
        if box in around:
            return False
        if box.tag in other_tags or names_of(box) & _OTHER_NAMES:
            return True
    return False


def _write(element: "HtmlElement", pieces: list[str], *, keep_spaces: bool) -> None:
    # Added to a list: to yield each piece through all levels takes several times as long.
    if element.tag == _BREAK:
        pieces.append("\n")
        return
    if element.tag == "tr" and (facts := _facts(element)):
        pieces.append(f"\n\n{facts}\n\n")
        return
    edge = "\n\n" if element.tag in _PARAGRAPH_ENDS else ""
    keep_spaces = keep_spaces or element.tag == "pre"
    pieces += (edge, _text(element.text, keep_spaces))
    for child in element:
        _write(child, pieces, keep_spaces=keep_spaces)
        pieces.append(_text(child.tail, keep_spaces))
    pieces.append(edge)


def _text(text: str | None, keep_spaces: bool) -> str:
    return (text or "") if keep_spaces else _SPACES.sub(" ", text or "")


def _facts(row: "HtmlElement") -> str:
    """Return a row of short cells as one line; "" for a row that only lays out the page."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    if any(map(_holds_blocks, cells)):
        return ""
    facts = [fact for cell in cells if (fact := text_of(cell))]
    short = max(map(len, facts), default=0) <= _LONGEST_FACT_CHARS
    return " | ".join(facts) if short and len(facts) > 1 else ""


def _holds_blocks(cell: "HtmlElement") -> bool:
    blocks = islice(cell.iter(*_PARAGRAPH_ENDS, _BREAK), _MOST_BLOCKS_IN_FACT + 1)
    return sum(1 for _ in blocks) > _MOST_BLOCKS_IN_FACT
