"""Reads how a Word document styles its text, which of it is hidden, and numbers its lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_OFF = frozenset({"0", "false", "off", "none"})
_PLACE = re.compile(r"%([1-9])")
_MOST_DIGITS = 4
_PAPER = "FFFFFF"
_UNREADABLE_HALF_POINTS = 3
_SAME_COLOUR = 40
"""The sum of the differences in red, green and blue that no eye makes words out of."""


def parse_xml(data: bytes) -> "_Element":
    """Return the root; raises lxml.etree.XMLSyntaxError for what is none, or too deep."""
    from lxml.etree import ErrorTypes, XMLParser, XMLSyntaxError, fromstring

    parser = XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return fromstring(data, parser)
    except XMLSyntaxError as error:
        if error.code == ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise


def name_of(element: "_Element") -> str:
    """Return its name without a namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child_of(element: "_Element | None", *path: str) -> "_Element | None":
    """Return the first child of this name, and so on down the path."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if name_of(child) == name), None)
    return element


def attribute(element: "_Element | None", name: str = "val") -> str | None:
    """Return an attribute, None for one that is missing."""
    if element is None:
        return None
    return next(
        (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None
    )


def is_on(element: "_Element | None") -> bool:
    """Return whether a property that needs no value is there, and not switched off."""
    return element is not None and attribute(element) not in _OFF


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks; what is within inherits it."""

    is_hidden: bool = False
    colour: str | None = None
    """As "RRGGBB"; None for the one that stands out from what is behind it."""

    behind: str | None = _PAPER
    """The colour behind the text; None where it is unknown, as within a shape."""

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
        """Return the look of text without properties of its own."""
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

    def list_of(self, paragraph: "_Element") -> tuple[str | None, str | None]:
        """Return the list that a paragraph is an item of, and its level there; None for none."""
        known, depth = None, None
        properties = [
            child_of(style, "pPr") for style in self._with_bases(self._paragraph_style(paragraph))
        ]
        for item in [*properties, child_of(paragraph, "pPr")]:
            numbered = child_of(item, "numPr")
            known = attribute(child_of(numbered, "numId")) or known
            depth = attribute(child_of(numbered, "ilvl")) or depth
        return known, depth

    def _paragraph_style(self, paragraph: "_Element") -> str | None:
        return attribute(child_of(paragraph, "pPr", "pStyle")) or self._default_paragraph

    def _with_bases(self, style_id: str | None) -> "Iterator[_Element]":
        """Yield a style behind those it is based on."""
        chain: dict[str | None, _Element] = {}
        while style_id not in chain and (style := self._by_id.get(style_id)) is not None:
            chain[style_id] = style
            style_id = attribute(child_of(style, "basedOn"))
        yield from reversed(chain.values())


class Numbering:
    """Counts the items of a document's lists, each in the order in which it is read."""

    def __init__(self, root: "_Element | None") -> None:
        parts = [] if root is None else list(root)
        abstract = {attribute(e, "abstractNumId"): e for e in parts if name_of(e) == "abstractNum"}
        self._lists: dict[str | None, _List] = {}
        shared: dict[str | None, dict[int, int]] = {}
        for num in parts:
            if name_of(num) == "num":
                known_by = attribute(child_of(num, "abstractNumId"))
                counts = shared.setdefault(known_by, {})
                self._lists[attribute(num, "numId")] = _List(abstract.get(known_by), num, counts)

    def label(self, list_id: str | None, level: str | None) -> str:
        """Count an item, and return what stands before it, such as "1." or "b)"; "" for bullets."""
        numbered = self._lists.get(list_id)
        depth = int(level) if level and level.isdecimal() and len(level) == 1 else 0
        return numbered.next_label(depth) if numbered else ""


class _List:
    """One numbered list; those of one definition count on from each other."""

    def __init__(
        self, abstract: "_Element | None", num: "_Element", counts: dict[int, int]
    ) -> None:
        self._levels = {attribute(e, "ilvl"): e for e in _children(abstract, "lvl")}
        self._starts: dict[int, int] = {}
        self._counts = counts
        for override in _children(num, "lvlOverride"):
            depth = attribute(override, "ilvl")
            if (level := child_of(override, "lvl")) is not None:
                self._levels[depth] = level
            start = attribute(child_of(override, "startOverride"))
            if depth and depth.isdecimal() and start and start.isdecimal():
                self._starts[int(depth)] = int(start[:_MOST_DIGITS])

    def next_label(self, depth: int) -> str:
        count = self._counts.get(depth)
        # A list that starts anew does so once, and counts on from there.
        start = self._starts.pop(depth, None)
        if start is not None or count is None:
            count = (self._start(depth) if start is None else start) - 1
        self._counts[depth] = count + 1
        for deeper in [other for other in self._counts if other > depth]:
            del self._counts[deeper]
        if self._format(depth) in ("bullet", "none"):
            return ""
        written = attribute(child_of(self._level(depth), "lvlText")) or ""
        return _PLACE.sub(lambda match: self._number(int(match[1]) - 1), written).strip()

    def _number(self, depth: int) -> str:
        return _formatted(self._counts.get(depth, self._start(depth)), self._format(depth))

    def _level(self, depth: int) -> "_Element | None":
        return self._levels.get(str(depth))

    def _start(self, depth: int) -> int:
        start = attribute(child_of(self._level(depth), "start")) or "1"
        return int(start[:_MOST_DIGITS]) if start.isdecimal() else 1

    def _format(self, depth: int) -> str:
        return attribute(child_of(self._level(depth), "numFmt")) or "decimal"


def _children(element: "_Element | None", name: str) -> "list[_Element]":
    return [] if element is None else [child for child in element if name_of(child) == name]


def _formatted(number: int, style: str) -> str:
    if style.endswith("Letter") and number > 0:
        # After z come aa, bb and so on.
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, _MOST_DIGITS)
    elif style.endswith("Roman") and number > 0:
        letter = "".join(_roman(number))
    else:
        return f"{number:02}" if style == "decimalZero" else str(number)
    return letter.upper() if style.startswith("upper") else letter


def _roman(number: int) -> Iterator[str]:
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    for value, letters in zip(values, "m cm d cd c xc l xl x ix v iv i".split(), strict=True):
        yield letters * (number // value)
        number %= value


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
