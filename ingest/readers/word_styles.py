"""Tells how a run of text in a Word document looks, and so whether a reader sees it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.readers.word_xml import attribute, child_of, is_on, name_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_PAPER = "FFFFFF"
_UNREADABLE_HALF_POINTS = 3
_SAME_COLOUR = 40
"""The sum of the differences in red, green and blue that no eye makes words out of."""


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks; what is within inherits it."""

    is_hidden: bool = False
    colour: str | None = None
    """As "RRGGBB"; None for the one that stands out from what is behind it."""

    behind: str | None = _PAPER
    """The colour behind the text; None where it cannot be told, as within a shape."""

    half_points: float = 22

    @property
    def is_readable(self) -> bool:
        """Whether a reader sees the text."""
        return (
            not self.is_hidden
            and self.half_points > _UNREADABLE_HALF_POINTS
            and not _is_same(self.colour, self.behind)
        )


class Styles:
    """The named styles of a document."""

    def __init__(self, root: "_Element | None") -> None:
        styles = [] if root is None else [item for item in root if name_of(item) == "style"]
        self._by_id = {attribute(style, "styleId"): style for style in styles}
        self._default_paragraph = next(
            (
                attribute(style, "styleId")
                for style in styles
                if attribute(style, "type") == "paragraph"
                and attribute(style, "default") in ("1", "true", "on")
            ),
            None,
        )
        self._defaults = child_of(root, "docDefaults", "rPrDefault", "rPr")

    def of_document(self, document: "_Element") -> Look:
        """Return the look of text that nothing more is said of."""
        background = attribute(child_of(document, "background"), "color")
        return _applied(Look(behind=_colour(background) or _PAPER), self._defaults)

    def of_table(self, table: "_Element", look: Look) -> Look:
        """Return the look within a table: of a shaded style it is not read which rows it shades."""
        properties = child_of(table, "tblPr")
        for style in self._with_bases(attribute(child_of(properties, "tblStyle"))):
            fills = (_colour(attribute(item, "fill")) for item in style.iter("{*}shd"))
            if any(fill and not _is_same(fill, _PAPER) for fill in fills):
                look = replace(look, behind=None)
        return _applied(look, properties)

    def of_cell(self, cell: "_Element", look: Look) -> Look:
        """Return the look within a cell of a table."""
        return _applied(look, child_of(cell, "tcPr"))

    def of_paragraph(self, paragraph: "_Element", look: Look) -> Look:
        """Return the look of a paragraph's text."""
        for style in self._with_bases(self._paragraph_style(paragraph)):
            look = _applied(look, child_of(style, "pPr"))
            look = _applied(look, child_of(style, "rPr"))
        return _applied(look, child_of(paragraph, "pPr"))

    def of_run(self, run: "_Element", look: Look) -> Look:
        """Return the look of a run in a paragraph of this look."""
        properties = child_of(run, "rPr")
        if properties is None:
            return look
        for style in self._with_bases(attribute(child_of(properties, "rStyle"))):
            look = _applied(look, child_of(style, "rPr"))
        return _applied(look, properties)

    def name_of_style(self, paragraph: "_Element") -> str:
        """Return the name of a paragraph's style in lower case, such as "heading 1"."""
        style = self._by_id.get(self._paragraph_style(paragraph))
        return (attribute(child_of(style, "name")) or "").lower()

    def _paragraph_style(self, paragraph: "_Element") -> str | None:
        return attribute(child_of(paragraph, "pPr", "pStyle")) or self._default_paragraph

    def _with_bases(self, style_id: str | None) -> "Iterator[_Element]":
        """Yield a style behind those it is based on."""
        chain: dict[str | None, _Element] = {}
        while style_id not in chain and (style := self._by_id.get(style_id)) is not None:
            chain[style_id] = style
            style_id = attribute(child_of(style, "basedOn"))
        yield from reversed(chain.values())


def _applied(look: Look, properties: "_Element | None") -> Look:
    """Return a look as these properties change it."""
    for item in [] if properties is None else properties:
        match name_of(item):
            case "vanish":
                look = replace(look, is_hidden=is_on(item))
            case "color":
                look = replace(look, colour=_colour(attribute(item)))
            case "highlight" if is_on(item):
                look = replace(look, behind=None)
            case "shd":
                look = replace(look, behind=_shade(item, look.behind))
            case "sz":
                look = replace(look, half_points=_number(attribute(item), look.half_points))
    return look


def _shade(item: "_Element", behind: str | None) -> str | None:
    """Return the colour behind a text that is shaded so."""
    pattern = attribute(item)
    if pattern == "nil":
        return behind
    if pattern not in (None, "clear"):
        return None
    return _colour(attribute(item, "fill")) or behind


def _colour(value: str | None) -> str | None:
    """Return what is written as RRGGBB, and nothing else, such as "auto"."""
    if value is None or len(value) != 6 or set(value) - set("0123456789abcdefABCDEF"):
        return None
    return value


def _number(value: str | None, unless: float) -> float:
    return float(value) if value and value.isascii() and value.isdigit() else unless


def _is_same(colour: str | None, other: str | None) -> bool:
    if colour is None or other is None:
        return False
    pairs = zip(bytes.fromhex(colour), bytes.fromhex(other), strict=True)
    return sum(abs(one - two) for one, two in pairs) < _SAME_COLOUR
