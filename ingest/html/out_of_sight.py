"""Tells whether a style takes an element out of sight: not drawn, off the page, or too small."""

from ingest.html.css.cascade import Style
from ingest.html.css.colours import Colour, read_colour
from ingest.html.css.lengths import HEIGHT_PX, WIDTH_PX, Scale, length_px, number
from ingest.html.css.tokens import (
    Token,
    Tokens,
    arguments,
    function,
    split_at_commas,
    words,
)
from ingest.html.cut_away import is_cut_away

_FAR_PX = 900
"""So far off its place a text is out of the window, or under something else."""

_LEAST_SCALE = 0.1
_BLURRED_PX = 5
_NOT_DRAWN = frozenset(("none", "table-column", "table-column-group"))


def is_out_of_sight(style: Style, font_px: float) -> bool:
    """Tell whether nothing of an element with this style is seen, nor of what is in it."""
    return (
        _is_not_drawn(style)
        or _is_moved_away(style, font_px)
        or _is_transformed_away(style, font_px)
        or is_cut_away(style, font_px)
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
    if any(map(_is_far_aside, aside)) or max(up) >= _FAR_PX:
        return True
    left, right = px("left"), px("right")
    top, bottom = px("top", 0, HEIGHT_PX), px("bottom", 0, HEIGHT_PX)
    match words(style.get("position", ())):
        case ["fixed"]:  # stays in the window, which cannot be moved to it
            over = max(left, right) - WIDTH_PX, max(top, bottom) - HEIGHT_PX
            return max(over) >= 0 or min(left, right, top, bottom) <= -_FAR_PX
        case ["absolute"]:  # a page can be scrolled down to it
            return any(map(_is_far_aside, (left, right))) or max(-top, abs(bottom)) >= _FAR_PX
        case ["relative" | "sticky" | "-webkit-sticky"]:
            return any(map(_is_far_aside, (left, right))) or max(-top, bottom) >= _FAR_PX
    return False


def _is_far_aside(distance: float) -> bool:
    """Tell whether a text so far to the right, or left if negative, is out of the window."""
    return distance <= -_FAR_PX or distance >= WIDTH_PX


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
        if _is_far_aside(_px(tuple(given[:1]), font_px)):
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
