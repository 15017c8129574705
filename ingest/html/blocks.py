"""Reads a page as the blocks of text that it shows, one below the other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.html.markup import text_of
from ingest.html.tags import CELLS, HEADINGS
from ingest.text.paragraphs import has_full_stop

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i ins kbd label mark meter"
    " nobr output progress q rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
    " img input".split()
)
_DROPPED = frozenset("del s strike rp rt".split())
"""Crossed out, or said twice."""

_QUOTES = "“", "”"
_FOOTNOTE = re.compile(r"\[\w{1,3}\]|[*†‡]{1,3}")
_BLANK_LINES = re.compile(r"\n\s*\n")
_PARAGRAPHS = frozenset("p blockquote li dd pre".split())

_FEWEST_PROSE_CHARS = 60
_ALWAYS_PROSE_CHARS = 200
_MOST_LINKED = 0.5


@dataclass(slots=True)
class Block:
    """A run of text that stands by itself."""

    text: str
    element: "HtmlElement"
    """The innermost box that it stands in: often it is all of it, as in a paragraph."""

    linked: int
    """How many of its characters are links."""

    @property
    def is_heading(self) -> bool:
        return self.element.tag in HEADINGS

    @property
    def is_paragraph(self) -> bool:
        return self.element.tag in _PARAGRAPHS


def reads_as_sentence(block: Block) -> bool:
    """Tell whether a block ends as prose does, or is too long to be anything else."""
    has_end = has_full_stop(block.text) or block.text.rstrip("\"'”’»)]").endswith(("!", "?"))
    return has_end or (len(block.text) >= _ALWAYS_PROSE_CHARS and not block.is_heading)


def is_prose(block: Block) -> bool:
    """Tell whether a block reads as a paragraph of a story: no headline, and no link to one."""
    return (
        len(block.text) >= _FEWEST_PROSE_CHARS
        and reads_as_sentence(block)
        and not block.is_heading
        and block.linked <= _MOST_LINKED * len(block.text)
    )


def read_blocks(page: "HtmlElement") -> list[Block]:
    """Return the blocks in the order of the page; the cells of a row are one."""
    return [
        Block(text, run.element, run.linked)
        for run in _runs(page)
        for piece in run.texts()
        if (text := " ".join(piece.split())) and any(map(str.isalnum, text))
    ]


class _Run:
    """Text that is being put together."""

    def __init__(self, element: "HtmlElement") -> None:
        self.element = element
        self.linked = 0
        self._pieces: list[str] = []

    def add(self, text: str | None, *, linked: bool = False) -> None:
        if text:
            self._pieces.append(text)
            self.linked += len(" ".join(text.split())) if linked else 0

    def texts(self) -> list[str]:
        whole = "".join(self._pieces)
        return _BLANK_LINES.split(whole) if self.element.tag == "pre" else [whole]


def _runs(box: "HtmlElement", *, linked: bool = False) -> Iterator[_Run]:
    """Yield the runs of a box: they end where a box in it begins or ends, and at a line break.

    `linked` says that the box stands in a link.
    """
    linked = linked or box.tag == "a"
    run = _Run(box)
    run.add(box.text, linked=linked)
    for child in box:
        if child.tag != "br" and child.tag != "tr" and is_inline(child):
            _add_inline(child, run, linked=linked)
        else:
            yield run
            yield from (_row(child),) if child.tag == "tr" else _runs(child, linked=linked)
            run = _Run(box)
        run.add(child.tail, linked=linked)
    yield run


def is_inline(element: "HtmlElement") -> bool:
    """Tell whether an element is part of a line: one of those, with no box in it."""
    return element.tag in _INLINE and all(
        inside.tag in _INLINE for inside in element.iterdescendants()
    )


def _row(row: "HtmlElement") -> _Run:
    run = _Run(row)
    cells = (text_of(cell) for cell in row if cell.tag in CELLS)
    run.add(" | ".join(cell for cell in cells if cell))
    return run


def _add_inline(element: "HtmlElement", run: _Run, *, linked: bool = False) -> None:
    linked = linked or element.tag == "a"
    if element.tag in _DROPPED or (element.tag == "sup" and _is_footnote(element)):
        return
    if element.tag == "q":
        run.add(_QUOTES[0])
    run.add(element.text, linked=linked)
    for child in element:
        _add_inline(child, run, linked=linked)
        run.add(child.tail, linked=linked)
    if element.tag == "q":
        run.add(_QUOTES[1])


def _is_footnote(element: "HtmlElement") -> bool:
    marked = _FOOTNOTE.fullmatch(text_of(element))
    return bool(marked) or element.find(".//a") is not None
