"""Makes the markup of a page say what it means, before it is judged by it."""

import re
from typing import TYPE_CHECKING

from ingest.text.paragraphs import has_full_stop

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LIVE = re.compile(r"live-?_?(?:blog|updates|feed)|liveblog", re.IGNORECASE)
_LAYOUT_CELL_CHARS = 500


def straighten(page: "HtmlElement") -> None:
    """Change a page in place: its elements, not its words."""
    _flatten_layout_tables(page)
    _join_live_posts(page)
    _keep_terms(page)


def text_of(element: "HtmlElement") -> str:
    """Return all the text of an element, on one line."""
    return " ".join("".join(element.itertext()).split())


def _flatten_layout_tables(page: "HtmlElement") -> None:
    """Turn tables that only place things into boxes, so that each cell is judged by itself."""
    for table in list(page.iter("table")):
        cells = list(table.iter("td"))
        if table.find(".//table") is not None or any(
            len(cell.text_content()) > _LAYOUT_CELL_CHARS for cell in cells
        ):
            for element in table.iter("table", "tbody", "tr", "td", "th"):
                element.tag = "div"
    for font in page.iter("font"):
        font.tag = "span"


def _keep_terms(page: "HtmlElement") -> None:
    """Turn the buttons that are words of a sentence, as terms that are explained, into text."""
    for button in list(page.iter("button")):
        around = button.getparent()
        if around.tag in ("p", "li") and has_full_stop(text_of(around)):
            button.tag = "span"


def _join_live_posts(page: "HtmlElement") -> None:
    """Turn the posts of a live blog, an `article` each, into parts of one."""
    for box in page.iter("div", "section", "main"):
        if _LIVE.search(f"{box.get('class')} {box.get('id')}"):
            for post in box.iter("article"):
                post.tag = "div"
