"""Takes out of a page what a reader does not see: where instructions to machines are hidden."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.styles import TRANSPARENT, Colour, Declarations, StyleSheet, read_colour

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEVER_SHOWN = frozenset(
    "script style noscript template iframe object embed applet svg canvas audio video map"
    " datalist select option textarea dialog noframes noembed head title".split()
)
"""Or shown as something other than text."""

_FOR_SCREEN_READERS = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only assistive-text"
    " screenreader-only element-invisible".split()
)
_HIDING_CLASSES = frozenset("hidden is-hidden d-none hide invisible".split())
_SHOWN_WIDE = re.compile(r"(?:^|\s)(?:(?:sm|md|lg|xl):|d-(?:sm|md|lg|xl)-)(?!none|hidden)")

_NUMBER = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))\s*(px|pt|r?em|ex|ch|%|v[wh]|cm|mm|in)?")
_PX_PER = {"pt": 1.33, "em": 16, "rem": 16, "ex": 8, "ch": 8, "cm": 38, "mm": 3.8, "in": 96}
_PX_PER_WINDOW_PERCENT = 10
_FAR_PX = 900
"""So far off its place a text is out of the window, or under something else."""

_UNREADABLE_PX = 2
_SAME_COLOUR = 40
"""The sum of the differences in red, green and blue that no eye makes words out of."""

_CLIPPED = re.compile(
    r"rect\(\s*(?:[01](?:px)?[\s,]+){3}[01](?:px)?\s*\)|inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0"
)
_SCALED_AWAY = re.compile(r"scale[xy]?\(\s*0?\.?0+\d?\s*[,)]")


@dataclass(frozen=True, slots=True)
class _Look:
    """How an element's own text looks: what its children inherit."""

    colour: Colour | str | None = (0, 0, 0)
    background: Colour | None = (255, 255, 255)
    """None where it cannot be told, as over a picture."""

    visible: bool = True
    font_px: float = 16

    @property
    def readable(self) -> bool:
        return self.visible and self.font_px > _UNREADABLE_PX and not self._drowned

    @property
    def _drowned(self) -> bool:
        if self.colour == TRANSPARENT:
            return True
        if self.background is None or self.colour is None or isinstance(self.colour, str):
            return False
        return (
            sum(abs(a - b) for a, b in zip(self.colour, self.background, strict=True))
            < _SAME_COLOUR
        )


def remove_hidden(page: "HtmlElement") -> None:
    """Remove from a page, in place, all text that a browser would not show, and its scripts."""
    styles = StyleSheet(sheet.text or "" for sheet in page.iter("style"))
    pending = [(page, _Look())]
    while pending:
        element, inherited = pending.pop()
        style = styles.declarations(element)
        if element.tag not in ("html", "body") and _is_hidden(element, style):
            _drop(element)
            continue
        look = _look(style, inherited)
        if not look.readable:
            element.text = None
            for child in element:
                child.tail = None
        pending.extend((child, look) for child in element)


def _drop(element: "HtmlElement") -> None:
    """Remove an element, but not the text behind it; words around it stay two words."""
    parent = element.getparent()
    if parent is None:
        return
    tail = " " + (element.tail or "")
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _is_hidden(element: "HtmlElement", style: Declarations) -> bool:
    """Tell whether an element is not shown with all that is in it."""
    if not isinstance(element.tag, str) or element.tag in _NEVER_SHOWN:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden", "").lower() == "true":
        return True
    names = element.get("class") or ""
    classes = set(names.lower().split())
    if classes & _FOR_SCREEN_READERS:
        return True
    if classes & _HIDING_CLASSES and not _SHOWN_WIDE.search(names) and "display" not in style:
        return True
    return bool(style) and (_is_not_drawn(style) or _is_out_of_sight(style))


def _is_not_drawn(style: Declarations) -> bool:
    opacity = _NUMBER.match(style.get("opacity", ""))
    return (
        style.get("display", "").startswith("none")
        or style.get("content-visibility") == "hidden"
        or (opacity is not None and float(opacity[1]) < (10 if opacity[2] == "%" else 0.1))
        or "opacity(0" in style.get("filter", "")
    )


def _is_out_of_sight(style: Declarations) -> bool:
    position = style.get("position", "")
    if position in ("absolute", "fixed", "relative") and any(
        _px(style.get(side, "")) <= -_FAR_PX for side in ("left", "top", "right", "bottom")
    ):
        return True
    if position in ("absolute", "fixed") and (
        _CLIPPED.search(style.get("clip", ""))
        or any(_px(style.get(side, "")) >= 8 * _FAR_PX for side in ("left", "top"))
    ):
        return True
    moved = ("margin", "margin-left", "margin-top", "text-indent")
    if any(_px(style.get(name, "")) <= -_FAR_PX for name in moved):
        return True
    transform = style.get("transform", "")
    if _SCALED_AWAY.search(transform) or any(
        _px(number[0]) <= -_FAR_PX for number in _NUMBER.finditer(transform)
    ):
        return True
    sizes = ("width", "height", "max-width", "max-height")
    shut = any(0 <= _px(style.get(size, "auto"), 99) <= 1 for size in sizes)
    cut = style.get("overflow", style.get("overflow-y", style.get("overflow-x", "")))
    return (shut and cut in ("hidden", "clip")) or bool(_CLIPPED.search(style.get("clip-path", "")))


def _look(style: Declarations, inherited: _Look) -> _Look:
    if not style:
        return inherited
    look = inherited
    if visibility := style.get("visibility"):
        look = replace(look, visible=visibility not in ("hidden", "collapse"))
    if "color" in style:
        look = replace(look, colour=read_colour(style["color"]))
    if background := style.get("background-color") or style.get("background"):
        colour = read_colour(background)
        if "url(" in background or "gradient" in background or colour is None:
            look = replace(look, background=None)
        elif not isinstance(colour, str):
            look = replace(look, background=colour)
    if "url(" in style.get("background-image", ""):
        look = replace(look, background=None)
    sizes = _NUMBER.finditer(style.get("font-size") or style.get("font", "").partition("/")[0])
    if px := [_font_px(size, inherited.font_px) for size in sizes]:
        look = replace(look, font_px=min(px))
    return look


def _font_px(size: re.Match[str], inherited_px: float) -> float:
    factor = {"%": inherited_px / 100, "em": inherited_px}.get(size[2])
    return float(size[1]) * factor if factor is not None else _px(size[0])


def _px(value: str, unless: float = 0) -> float:
    """Return a length in pixels, roughly; `unless` for what is none."""
    match = _NUMBER.match(value)
    if not match:
        return unless
    unit = match[2] or "px"
    return float(match[1]) * _PX_PER.get(unit, 1 if unit == "px" else _PX_PER_WINDOW_PERCENT)
