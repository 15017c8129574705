"""Tells whether a box is so small, or so clipped, that no text in it is seen."""

from ingest.html.css.cascade import Style
from ingest.html.css.lengths import HEIGHT_PX, WIDTH_PX, Scale, length_px, number
from ingest.html.css.tokens import (
    Token,
    Tokens,
    arguments,
    four_sides,
    function,
    split_at_commas,
    word,
    words,
)

_THIN_PX = 2
"""No line of text is seen through less."""

_CUTTING = frozenset(("hidden", "clip", "auto", "scroll", "overlay"))


def is_cut_away(style: Style, font_px: float) -> bool:
    """Tell whether nothing is left of an element with this style, nor of what is in it."""
    return _is_shut(style, font_px) or _is_clipped(style, font_px)


def _is_shut(style: Style, font_px: float) -> bool:
    """Tell whether a box is too thin for text, and cuts what stands out of it."""
    contained = {"strict", "content", "paint"}.intersection(words(style.get("contain", ())))
    for side, across in (("width", "x"), ("height", "y")):
        cuts = words(style.get(f"overflow-{across}", ())) or [""]
        if contained or not _CUTTING.isdisjoint(cuts):
            size = _size(style, side, font_px)
            if size is not None and size <= _THIN_PX and not _grows(style):
                return True
    return False


def _size(style: Style, side: str, font_px: float) -> float | None:
    """Return what is left of a box across; None where it is as large as what is in it."""
    whole_px = WIDTH_PX if side == "width" else HEIGHT_PX

    def px(name: str) -> float | None:
        value = style.get(name)
        return length_px(value[0], Scale(font_px, whole_px)) if value else None

    given = [size for size in (px(side), px(f"max-{side}")) if size is not None]
    if not given:
        return None
    least = px(f"min-{side}") or 0
    before, after = ("left", "right") if side == "width" else ("top", "bottom")
    padding = (px(f"padding-{before}") or 0) + (px(f"padding-{after}") or 0)
    return max(min(given), least) + padding


def _grows(style: Style) -> bool:
    grow = style.get("flex-grow")
    return grow is not None and (word(grow[0]) == "auto" or bool(number(grow[0])))


def _is_clipped(style: Style, font_px: float) -> bool:
    position = words(style.get("position", ()))
    if position in (["absolute"], ["fixed"]):
        for token in style.get("clip", ()):
            if function(token) == "rect" and _is_rectangle_shut(token, font_px):
                return True
    return any(_is_shape_shut(token, font_px) for token in style.get("clip-path", ()))


def _lengths(tokens: Tokens, font_px: float) -> list[float]:
    """Return the lengths up to `at` or `round`; `auto` is far away."""
    lengths = []
    for token in tokens:
        if word(token) in ("at", "round"):
            break
        px = length_px(token, Scale(font_px, 100))
        if px is not None or word(token) == "auto":
            lengths.append(float("inf") if px is None else px)
    return lengths


def _is_rectangle_shut(token: Token, font_px: float) -> bool:
    edges = _lengths(arguments(token), font_px)
    if len(edges) != 4:
        return False
    top, right, bottom, left = edges
    top, left = (0 if edge == float("inf") else edge for edge in (top, left))
    return bottom - top <= _THIN_PX or right - left <= _THIN_PX


def _is_shape_shut(token: Token, font_px: float) -> bool:
    """Tell whether a shape, of a box taken to be 100 pixels each way, leaves nothing."""
    name = function(token)
    lengths = _lengths(arguments(token), font_px)
    if name == "inset" and lengths:
        top, right, bottom, left = four_sides(lengths)
        return top + bottom >= 98 or left + right >= 98
    if name in ("circle", "ellipse") and lengths:
        return min(lengths) <= _THIN_PX
    if name == "rect":
        return _is_rectangle_shut(token, font_px)
    if name == "xywh" and len(lengths) == 4:
        return min(lengths[2:]) <= _THIN_PX
    if name == "polygon":
        points = [_lengths(tuple(part), font_px) for part in split_at_commas(arguments(token))]
        places = {tuple(point) for point in points if len(point) == 2}
        return len(places) < 3
    return False
