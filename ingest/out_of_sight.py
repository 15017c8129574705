"""Tells whether a style takes an element out of sight: off the page, to nothing, or cut away."""

from ingest.css.cascade import Style
from ingest.css.colours import Colour, read_colour
from ingest.css.lengths import HEIGHT_PX, WIDTH_PX, Scale, length_px, number
from ingest.css.tokens import (
    Token,
    Tokens,
    arguments,
    four_sides,
    function,
    split_at_commas,
    word,
    words,
)

_FAR_PX = 900
"""So far off its place a text is out of the window, or under something else."""

_THIN_PX = 2
"""No line of text is seen through less."""

_LEAST_SCALE = 0.1
_BLURRED_PX = 5
_NOT_DRAWN = frozenset(("none", "table-column", "table-column-group"))
_CUTTING = frozenset(("hidden", "clip", "auto", "scroll", "overlay"))


def is_out_of_sight(style: Style, font_px: float) -> bool:
    """Tell whether nothing of an element with this style is seen, nor of what is in it."""
    return (
        _is_not_drawn(style)
        or _is_moved_away(style, font_px)
        or _is_transformed_away(style, font_px)
        or _is_shut(style, font_px)
        or _is_clipped(style, font_px)
    )


def _is_not_drawn(style: Style) -> bool:
    return (
        not _NOT_DRAWN.isdisjoint(words(style.get("display", ())))
        or words(style.get("content-visibility", ())) == ["hidden"]
        or any(
            function(token) == "blur" and _px(arguments(token), 1) >= _BLURRED_PX
            for token in style.get("filter", ())
        )
        or _is_masked(style.get("mask-image", ()))
    )


def _is_masked(images: Tokens) -> bool:
    """Tell whether an element is seen through what is not there."""
    stops = [read_colour(token) for image in images for token in arguments(image)]
    colours = [stop for stop in stops if isinstance(stop, Colour)]
    return bool(colours) and all(colour.alpha < _LEAST_SCALE for colour in colours)


def _px(value: Tokens, font_px: float, whole_px: float = WIDTH_PX) -> float:
    px = length_px(value[0], Scale(font_px, whole_px)) if value else None
    return 0 if px is None else px


def _is_moved_away(style: Style, font_px: float) -> bool:
    def px(name: str, at: int = 0, whole_px: float = WIDTH_PX) -> float:
        return _px(style.get(name, ())[at:], font_px, whole_px)

    aside = [
        px("margin-left") + px("padding-left"),
        px("text-indent") + px("padding-left"),
        px("word-spacing"),
        px("translate"),
    ]
    up = [-px("margin-top") - px("padding-top"), -px("translate", 1, HEIGHT_PX)]
    if any(abs(distance) >= _FAR_PX for distance in aside) or max(up) >= _FAR_PX:
        return True
    left, right = px("left"), px("right")
    top, bottom = px("top", 0, HEIGHT_PX), px("bottom", 0, HEIGHT_PX)
    match words(style.get("position", ())):
        case ["fixed"]:  # stays in the window, which cannot be moved to it
            over = max(left, right) - WIDTH_PX, max(top, bottom) - HEIGHT_PX
            return max(over) >= 0 or min(left, right, top, bottom) <= -_FAR_PX
        case ["absolute"]:  # a page can be scrolled down to it
            return max(abs(left), abs(right), -top, abs(bottom)) >= _FAR_PX
        case ["relative" | "sticky" | "-webkit-sticky"]:
            return max(abs(left), abs(right), -top, bottom) >= _FAR_PX
    return False


def _is_transformed_away(style: Style, font_px: float) -> bool:
    scales = [number(token) for token in style.get("scale", ())]
    if any(scale is not None and abs(scale) < _LEAST_SCALE for scale in scales):
        return True
    turn = style.get("rotate", ())
    if {"x", "y"}.intersection(words(turn)) and any(map(_is_on_edge, turn)):
        return True
    return any(_is_one_away(token, font_px) for token in style.get("transform", ()))


def _is_one_away(transform: Token, font_px: float) -> bool:
    name = function(transform)
    given = [part[0] for part in split_at_commas(arguments(transform)) if part]
    if name.startswith("scale") or name == "matrix":
        numbers = [number(token) for token in given]
        kept = [numbers[at] for at in (0, 3) if at < len(numbers)] if name == "matrix" else numbers
        turned = name == "matrix" and any(numbers[1:3])
        return not turned and any(n is not None and abs(n) < _LEAST_SCALE for n in kept)
    if name in ("rotatex", "rotatey"):
        return any(map(_is_on_edge, given))
    if name in ("translate", "translatex", "translate3d"):
        if abs(_px(tuple(given[:1]), font_px)) >= _FAR_PX:
            return True
        given = given[1:]
    if name in ("translate", "translatey", "translate3d"):
        return _px(tuple(given[:1]), font_px, HEIGHT_PX) <= -_FAR_PX
    return False


def _is_on_edge(token: Token) -> bool:
    """Tell whether a turned plane is seen as a line."""
    turns = {"deg": 360.0, "grad": 400.0, "turn": 1.0, "rad": 6.28319}
    if token.type != "dimension" or token.lower_unit not in turns:
        return False
    turned = abs(float(token.value)) / turns[token.lower_unit]
    return abs(turned % 0.5 - 0.25) < 0.005


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
