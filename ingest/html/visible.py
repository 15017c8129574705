"""Writes a page down as a text with line breaks, as one who looks at it would."""

import re
from itertools import islice
from typing import TYPE_CHECKING

from ingest.html.tags import BLOCKS, CELLS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = BLOCKS | {"caption", "html", "legend"}
_BREAK = "br"
_MOST_BLOCKS_IN_FACT = 2
"""The cell itself, and the one paragraph that Word makes of it."""

_LONGEST_FACT_CHARS = 80

_SPACES = re.compile(r"[ \t\r\n\f]+")
_INDENT = re.compile(r"\n +")


def visible_text(page: "HtmlElement") -> str:
    """Return all text of a page of which nothing hidden is left.

    There is a blank line between blocks, and a line break where the page has one.
    """
    pieces: list[str] = []
    _write(page, pieces, keep_spaces=False)
    return _INDENT.sub("\n", "".join(pieces))


def _write(element: "HtmlElement", pieces: list[str], *, keep_spaces: bool) -> None:
    # Added to a list: to yield each piece through all levels takes several times as long.
    if element.tag == _BREAK:
        pieces.append("\n")
        return
    if element.tag == "tr" and (facts := _facts(element)):
        pieces.append(f"\n\n{facts}\n\n")
        return
    edge = "\n\n" if element.tag in _BLOCKS else ""
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
    cells = [cell for cell in row if cell.tag in CELLS]
    if any(map(_holds_blocks, cells)):
        return ""
    facts = [fact for cell in cells if (fact := " ".join(cell.text_content().split()))]
    short = max(map(len, facts), default=0) <= _LONGEST_FACT_CHARS
    return " | ".join(facts) if short and len(facts) > 1 else ""


def _holds_blocks(cell: "HtmlElement") -> bool:
    blocks = islice(cell.iter(*_BLOCKS, _BREAK), _MOST_BLOCKS_IN_FACT + 1)
    return sum(1 for _ in blocks) > _MOST_BLOCKS_IN_FACT
