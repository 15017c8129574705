"""Extracts the main text of a page of which nothing hidden is left, with trafilatura."""

import re
from typing import TYPE_CHECKING, Any

from ingest.html.elements import text_of
from ingest.text.sentences import has_full_stop

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_PRECISE_SHARE = 5 / 6
"""Of the characters of the default mode: with less, precision mode has lost parts of the story."""
_BOILERPLATE_TAGS = ("nav", "footer", "aside")
"""Trafilatura never takes text from these."""
_KEPT_ATTRIBUTES = frozenset(
    "class colspan data-component data-lp-replacement-content id itemprop role rowspan".split()
)
"""Those trafilatura looks at; to copy the others takes a tenth of its time."""
_KEPT_EMPTY = frozenset("body br head hr html td th".split())
_DELETED = ("del", "s", "strike", "rp", "rt")
"""Crossed out, or the same in another script."""
_IN_SENTENCES = ("button", "label", "output", "time")
"""What trafilatura drops, and sentences have in them: terms that are explained, times of day."""
_LAYOUT_CELL_CHARS = 500
_FOOTNOTE = re.compile(r"\[\w{1,3}\]|[*†‡]{1,3}")
_SHORT_CODE = re.compile(r"\[(\w{2,30})[^\]]{0,200}\].*\[/\1\]")
"""What a page shows of a plug-in that is gone, such as "[pullquote]...[/pullquote]"."""
_INLINE = frozenset("hi ref span a b strong i em u sub sup code_inline abbr cite small".split())
_BLANK_LINES = re.compile(r"\n\s*\n")


def extract_paragraphs(page: "HtmlElement") -> list[str]:
    """Return the paragraphs of a page's main text; changes the page.

    Trafilatura's precision mode leaves out more of what stands around a story, and now and then
    the story: then its default mode is taken.
    """
    _tidy(page)
    precise = _extract(page, favor_precision=True)
    size = _size(precise)
    if size < _PRECISE_SHARE * _most_text(page):
        default = _extract(page, favor_precision=False)
        if size < _PRECISE_SHARE * _size(default):
            return default
    return precise


def _extract(page: "HtmlElement", *, favor_precision: bool) -> list[str]:
    from trafilatura import bare_extraction

    found: Any = bare_extraction(
        page,
        include_comments=False,
        favor_precision=favor_precision,
        # Its slow mode takes half as long again, and found 0.001 of F1 more on 120 real pages.
        fast=favor_precision,
        # In any other format but its own for Python it leaves out to write the text, too.
        output_format="xml",
    )
    return _paragraphs(found.body) if found else []


def _size(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))


def _most_text(page: "HtmlElement") -> int:
    """Return how long the text of a page is without the parts that never hold a story."""
    around = sum(
        len(text_of(part))
        for part in page.iter(*_BOILERPLATE_TAGS)
        if next(part.iterancestors(*_BOILERPLATE_TAGS), None) is None
    )
    return len(text_of(page)) - around


def _tidy(page: "HtmlElement") -> None:
    """Simplify the markup of a page, and drop what is of no use to trafilatura."""
    for quote in page.iter("q"):
        quote.tag = "span"
        quote.text = f"“{quote.text or ''}"
        quote.tail = f"”{quote.tail or ''}"
    for element in list(page.iter(*_DELETED, "sup")):
        if element.tag != "sup" or _is_footnote(element):
            element.drop_tree()
    for element in page.iter(*_IN_SENTENCES):
        around = element.getparent()
        if around is not None and around.tag in ("p", "li") and has_full_stop(text_of(around)):
            element.tag = "span"
    _flatten_layout_tables(page)
    for element in reversed(list(page.iter())):
        if not len(element) and not (element.text or "").strip():
            _drop_empty(element)
    for element in page.iter():
        for name in set(element.attrib) - _KEPT_ATTRIBUTES:
            del element.attrib[name]


def _is_footnote(element: "HtmlElement") -> bool:
    return bool(_FOOTNOTE.fullmatch(text_of(element))) or element.find(".//a") is not None


def _flatten_layout_tables(page: "HtmlElement") -> None:
    """Turn tables that only place things into boxes."""
    for table in list(page.iter("table")):
        cells = list(table.iter("td"))
        if table.find(".//table") is not None or any(
            len(cell.text_content()) > _LAYOUT_CELL_CHARS for cell in cells
        ):
            for element in table.iter("table", "tbody", "tr", "td", "th"):
                element.tag = "div"


def _drop_empty(element: "HtmlElement") -> None:
    if element.tag not in _KEPT_EMPTY and element.getparent() is not None:
        element.drop_tree()


def _paragraphs(body: "_Element") -> list[str]:
    """Return the paragraphs of what trafilatura extracted; the cells of a row are one."""
    pieces: list[str] = []
    _write(body, pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return [
        line for line in lines if any(map(str.isalnum, line)) and not _SHORT_CODE.fullmatch(line)
    ]


def _write(element: "_Element", pieces: list[str]) -> None:
    """Add the text of an element: a line break at each end of a block, and none within."""
    if element.tag == "lb":
        pieces.append("\n")
        return
    edge = "" if element.tag in _INLINE else "\n"
    if element.tag == "row":
        cells = (" ".join("".join(cell.itertext()).split()) for cell in element)
        pieces.append(f"\n{' | '.join(filter(None, cells))}\n")
        return
    pieces += (edge, _one_line(element.text, element.tag))
    for child in element:
        _write(child, pieces)
        pieces.append(_one_line(child.tail, element.tag))
    pieces.append(edge)


def _one_line(text: str | None, tag: str) -> str:
    if tag == "code":
        return "\n".join(" ".join(part.split()) for part in _BLANK_LINES.split(text or ""))
    return (text or "").replace("\n", " ")
