"""Reads what a Word document shows, in order: paragraphs, rows of tables, text in boxes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from ingest.readers.word_styles import Look, Styles
from ingest.readers.word_xml import attribute, child_of, is_on, name_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_NOT_SHOWN = frozenset(
    # What was deleted or moved away, the readings above signs, and what is said of others.
    "del moveFrom rt pPr rPr tblPr trPr tcPr sectPr sdtPr sdtEndPr".split()
)
_CHARACTERS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PROSE_CHARS = 100
"""A cell that holds more, in several paragraphs, is there for the layout of the page."""

_MOST_DIGITS = 3
"""Of the columns that a cell spans."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a row of a table, on one line."""

    text: str
    style: str | None
    """The name of a paragraph's style in lower case, may be empty; None for a row."""


def read_blocks(holder: "_Element", styles: Styles, look: Look) -> Iterator[Block]:
    """Yield the blocks in an element that looks like this, none of them empty."""
    for element in _nearest(holder, "p", "tbl"):
        read = _paragraphs if name_of(element) == "p" else _rows
        yield from read(element, styles, look)


def _shown(element: "_Element") -> "Iterator[_Element]":
    """Yield the children that are shown, changes taken as accepted."""
    for child in element:
        if name_of(child) == "AlternateContent":
            # The same thing several times, the best first, for older programs too.
            yield from next((_shown(way) for way in child if len(way)), iter(()))
        elif name_of(child) not in _NOT_SHOWN:
            yield child


def _nearest(element: "_Element", *names: str) -> "Iterator[_Element]":
    """Yield the elements of these names, also out of what only wraps them."""
    for child in _shown(element):
        if name_of(child) in names:
            yield child
        else:
            yield from _nearest(child, *names)


def _paragraphs(element: "_Element", styles: Styles, look: Look) -> Iterator[Block]:
    """Yield the paragraphs of one, which two line breaks divide, and then its boxes."""
    boxes: list[_Element] = []
    text = "".join(_pieces(element, styles, styles.of_paragraph(element, look), boxes))
    style = styles.name_of_style(element)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    for is_filled, group in groupby(lines, bool):
        if is_filled:
            yield Block(" ".join(group), style)
    for box in boxes:
        yield from read_blocks(box, styles, replace(look, behind=None))


def _pieces(
    element: "_Element", styles: Styles, look: Look, boxes: "list[_Element]"
) -> Iterator[str]:
    """Yield the text of a paragraph that a reader sees, and put what stands in boxes aside."""
    for child in _shown(element):
        name = name_of(child)
        if name == "t":
            if look.is_readable:
                yield (child.text or "").replace("\n", " ")
        elif name in _CHARACTERS:
            yield "\n\n" if attribute(child, "type") == "page" else _CHARACTERS[name]
        elif name == "txbxContent":
            if not look.is_hidden:
                boxes.append(child)
        else:
            inner = styles.of_run(child, look) if name == "r" else look
            yield from _pieces(child, styles, inner, boxes)


def _rows(table: "_Element", styles: Styles, look: Look) -> Iterator[Block]:
    look = styles.of_table(table, look)
    above: dict[int, list[Block]] = {}
    for row in _nearest(table, "tr"):
        told = child_of(row, "trPr")
        if child_of(told, "del") is not None or is_on(child_of(told, "hidden")):
            continue
        cells = [cell for cell in _cells(row, styles, look, above) if cell]
        if len(cells) == 1 or any(map(_is_layout, cells)):
            yield from (block for cell in cells for block in cell)
        elif cells:
            yield Block(" | ".join(" ".join(block.text for block in cell) for cell in cells), None)


def _cells(
    row: "_Element", styles: Styles, look: Look, above: dict[int, list[Block]]
) -> Iterator[list[Block]]:
    """Yield what each cell of a row holds; `above` is kept as what lower rows share, by column."""
    column = 0
    for cell in _nearest(row, "tc"):
        told = child_of(cell, "tcPr")
        merged = child_of(told, "vMerge")
        if merged is not None and attribute(merged) != "restart":
            yield above.get(column, [])
        else:
            blocks = list(read_blocks(cell, styles, styles.of_cell(cell, look)))
            is_shared = merged is not None and _length(blocks) <= _PROSE_CHARS
            above[column] = blocks if is_shared else []
            yield blocks
        span = attribute(child_of(told, "gridSpan")) or ""
        column += int(span[:_MOST_DIGITS]) if span.isdecimal() else 1


def _is_layout(cell: Sequence[Block]) -> bool:
    return len(cell) > 1 and _length(cell) > _PROSE_CHARS


def _length(cell: Sequence[Block]) -> int:
    return sum(len(block.text) for block in cell)
