"""Works out from an element's CSS whether it is drawn, and whether its text can be read."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ingest.errors import ReadError
from ingest.html.css_values import (
    BLACK,
    CURRENT,
    FONT_PX,
    HEIGHT_PX,
    WHITE,
    WIDTH_PX,
    Colour,
    Token,
    Tokens,
    arguments,
    function,
    is_colour,
    is_mark,
    length_px,
    number,
    read_colour,
    read_tokens,
    significant,
    split,
    word,
    words,
)

Style = Mapping[str, Tokens]
"""An element's own values of the properties that matter, by property."""

_FAR_PX = 900
"""Text so far off its place is outside the window, or under something else."""

_THIN_PX = 2
"""No line of text is seen through less."""

_UNREADABLE_PX = 3
_LEAST_SCALE = 0.1
_LEAST_OPACITY = 0.1
_LEAST_SPACING = -0.5
"""Of the font's size: the letters lie on each other."""

_SIDES = ("top", "right", "bottom", "left")
_WIDE = frozenset(("inherit", "initial", "unset", "revert"))
_INITIAL = {"visibility": "visible", "font-size": "medium", "color": "canvastext"}
_SIZES = "auto min-content max-content fit-content stretch -webkit-fill-available -moz-available"
_FONT_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0}
_FONT_SIZES |= {"x-large": 24.0, "xx-large": 32.0, "xxx-large": 48.0}
_FONT_STEPS = {"smaller": 1 / 1.2, "larger": 1.2}
_NONE = frozenset(("none", "auto", "border-box", "padding-box", "content-box"))
_NOT_DRAWN = frozenset(("none", "table-column", "table-column-group"))
_CUTTING = frozenset(("hidden", "clip", "auto", "scroll", "overlay"))

_MOST_ROUNDS = 50
_LONGEST_VALUE = 5_000
_VARIABLE = re.compile(
    r"var\(\s*(?P<name>--[\w-]{1,200})\s*(?:,(?P<fallback>(?:[^()]|\([^()]*\))*))?\)", re.IGNORECASE
)
"""Rounds and characters are bounded: a property made of another twice has no end."""

_IsValid = Callable[[Tokens], bool]


def _one_of(allowed: str) -> _IsValid:
    known = frozenset(allowed.split())
    return lambda value: known.issuperset(words(value))


def _amounts(read: Callable[[Token], float | None], allowed: str = "", most: int = 1) -> _IsValid:
    known = frozenset(allowed.split())
    return lambda value: (
        len(value) <= most
        and all(read(token) is not None or word(token) in known for token in value)
    )


def _are_functions(value: Tokens) -> bool:
    return all(function(token) or token.type == "url" or word(token) in _NONE for token in value)


def _is_image(token: Token) -> bool:
    name = function(token)
    return token.type == "url" or name in ("url", "image-set", "element") or "gradient" in name


_length = _amounts(length_px)
_colour: _IsValid = lambda value: len(value) == 1 and is_colour(value[0])  # noqa: E731
_images: _IsValid = lambda value: all(  # noqa: E731
    _is_image(token) or word(token) == "none" or is_mark(token, ",") for token in value
)

_VALID: dict[str, _IsValid] = {
    "display": _one_of(
        "none contents block inline flow flow-root flex grid table list-item inline-block"
        " inline-flex inline-grid inline-table table-row table-cell table-row-group"
        " table-header-group table-footer-group table-column table-column-group table-caption"
        " ruby ruby-base ruby-text math run-in -webkit-box -webkit-inline-box -webkit-flex"
    ),
    "visibility": _one_of("visible hidden collapse"),
    "content-visibility": _one_of("visible hidden auto"),
    "position": _one_of("static relative absolute fixed sticky -webkit-sticky"),
    "overflow-x": _one_of("visible hidden clip scroll auto overlay"),
    "overflow-y": _one_of("visible hidden clip scroll auto overlay"),
    "opacity": _amounts(number),
    "flex-grow": _amounts(number),
    "scale": _amounts(number, "none", 3),
    "translate": _amounts(length_px, "none", 3),
    "font-size": _amounts(length_px, " ".join((*_FONT_SIZES, *_FONT_STEPS))),
    "color": _colour,
    "-webkit-text-fill-color": _colour,
    "background-color": _colour,
    "background-image": _images,
    "background-clip": _one_of("text border-box padding-box content-box border-area"),
    "text-indent": _amounts(length_px, "hanging each-line", 3),
    "letter-spacing": _amounts(length_px, "normal"),
    "animation": bool,
}
_VALID |= dict.fromkeys(("transform", "filter", "clip", "clip-path"), _are_functions)
_VALID |= {side: _amounts(length_px, "auto") for side in _SIDES}
_VALID |= {f"margin-{side}": _amounts(length_px, "auto") for side in _SIDES}
_VALID |= {f"padding-{side}": _length for side in _SIDES}
_VALID |= {
    f"{bound}{size}": _amounts(length_px, f"none {_SIZES}" if bound == "max-" else _SIZES)
    for bound in ("", "min-", "max-")
    for size in ("width", "height")
}

_LOGICAL = tuple(
    zip(("block-start", "inline-end", "block-end", "inline-start"), _SIDES, strict=True)
)
_ALIASES = (
    {
        f"-webkit-{name}": name
        for name in ("clip-path", "transform", "filter", "opacity", "background-clip", "animation")
    }
    | {f"inset-{logical}": side for logical, side in _LOGICAL}
    | {
        f"{box}-{logical}": f"{box}-{side}"
        for box in ("margin", "padding")
        for logical, side in _LOGICAL
    }
    | {
        f"{bound}{logical}": f"{bound}{size}"
        for bound in ("", "min-", "max-")
        for logical, size in (("inline-size", "width"), ("block-size", "height"))
    }
)
_SHORTHANDS = {
    "margin": tuple(f"margin-{side}" for side in _SIDES),
    "padding": tuple(f"padding-{side}" for side in _SIDES),
    "inset": _SIDES,
    "overflow": ("overflow-x", "overflow-y"),
    "background": ("background-color", "background-image", "background-clip"),
    "font": ("font-size",),
    "flex": ("flex-grow",),
    "all": tuple(_VALID),
}
_IN_BACKGROUND = frozenset(
    "none repeat repeat-x repeat-y no-repeat round space scroll fixed local top left right bottom"
    " center cover contain auto border-box padding-box content-box text".split()
)


@dataclass(frozen=True, slots=True)
class Declaration:
    """One property that matters, or a custom property, with its value."""

    name: str
    value: Tokens
    is_important: bool = False
    text: str = ""
    """The value as written, of a custom property or of one that refers to some."""

    written: str = ""
    """The property that the text was written for, e.g. a shorthand."""


def read_declarations(css: str) -> list[Declaration]:
    """Return the declarations that matter and that a browser takes; nested rules are left out."""
    from tinycss2 import parse_blocks_contents, serialize

    declarations: list[Declaration] = []
    try:
        nodes = parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    except ValueError as error:  # a number of more digits than Python turns into one
        raise ReadError(f"CSS that cannot be read: {error}") from error
    for node in nodes:
        if node.type != "declaration":
            continue
        name = _ALIASES.get(node.lower_name, node.lower_name)
        if node.name.startswith("--"):
            text = serialize(node.value)
            declarations.append(Declaration(node.name, (), node.important, text))
        elif longhands := _longhands(name):
            text = serialize(node.value)
            if "var(" in text.lower():
                declarations += (
                    Declaration(longhand, (), node.important, text, name) for longhand in longhands
                )
            else:
                declarations += (
                    Declaration(longhand, part, node.important)
                    for longhand, part in expand(name, significant(node.value)).items()
                )
    return declarations


def _longhands(name: str) -> tuple[str, ...]:
    return _SHORTHANDS.get(name) or ((name,) if name in _VALID else ())


def expand(name: str, value: Tokens) -> dict[str, Tokens]:
    """Return the properties that a declaration sets; nothing where a browser passes over it.

    To read more values than a browser does would let a page undo what hides a text.
    """
    longhands = _longhands(name)
    if len(value) == 1 and word(value[0]) in _WIDE:
        return {
            longhand: read_tokens(_INITIAL[longhand])
            if word(value[0]) == "initial" and longhand in _INITIAL
            else value
            for longhand in longhands
        }
    spread = _spread(name, longhands, value) if value and longhands else {}
    return spread if all(_VALID[name](part) for name, part in spread.items()) else {}


def is_supported(name: str, value: Tokens) -> bool:
    """Return whether a browser takes a declaration; what does not matter here it mostly takes."""
    if _longhands(name):
        return bool(expand(name, value))
    return not name.startswith(("-ms-", "-moz-"))


def _spread(name: str, longhands: tuple[str, ...], value: Tokens) -> dict[str, Tokens]:
    match name:
        case "margin" | "padding" | "inset":
            sides = _four_sides(value) if len(value) <= 4 else ()
            return {side: (part,) for side, part in zip(longhands, sides, strict=False)}
        case "overflow":
            return dict(zip(longhands, ((value[0],), (value[-1],)), strict=True))
        case "flex":
            return {"flex-grow": (value[0],)} if number(value[0]) is not None else {}
        case "background":
            return _background(value)
        case "font":
            at = next((at for at, part in enumerate(value) if _VALID["font-size"]((part,))), None)
            return {} if at is None or at + 1 == len(value) else {"font-size": (value[at],)}
        case "all":
            return {}
    return {name: value}


def _background(value: Tokens) -> dict[str, Tokens]:
    colours = tuple(token for token in value if is_colour(token))
    images = tuple(token for token in value if _is_image(token))
    for token in value:
        is_placed = is_mark(token, ",/") or length_px(token) is not None
        if not (token in colours or token in images or is_placed or word(token) in _IN_BACKGROUND):
            return {}
    clip = "text" if "text" in words(value) else "border-box"
    return {
        "background-color": colours[-1:] or read_tokens("transparent"),
        "background-image": images or read_tokens("none"),
        "background-clip": read_tokens(clip),
    }


def styled(declarations: Iterable[Declaration], customs: Mapping[str, str]) -> Style:
    """Return the style that winning declarations come to, with the custom properties put in."""
    style: dict[str, Tokens] = {}
    for declaration in declarations:
        value = declaration.value
        if declaration.written:
            text = resolve(declaration.text, customs)
            expanded = {} if text is None else expand(declaration.written, read_tokens(text))
            value = expanded.get(declaration.name, ())
        if value and not (len(value) == 1 and word(value[0]) in _WIDE):
            style[declaration.name] = value
    return style


def resolve(text: str, customs: Mapping[str, str]) -> str | None:
    """Return a value with its `var(--name)` put in; None where one is missing or without end."""
    for _ in range(_MOST_ROUNDS):
        match = _VARIABLE.search(text)
        if match is None:
            return text
        value = customs.get(match["name"]) or match["fallback"]
        if not value or len(text) > _LONGEST_VALUE:
            return None
        text = f"{text[: match.start()]}{value}{text[match.end() :]}"
    return None


@dataclass(frozen=True, slots=True)
class Look:
    """How an element's text looks, and what the elements in it inherit."""

    ink: Colour | None = BLACK
    """None where it is not declared on the page itself, as of the ground."""

    ground: Colour | None = WHITE
    visible: bool = True
    opacity: float = 1
    font_px: float = FONT_PX
    spacing: float = 0
    """Between letters, as a part of the font's size."""

    @property
    def unreadable(self) -> str:
        """The property that keeps the text from being read, if any."""
        if not self.visible:
            return "visibility"
        if self.font_px <= _UNREADABLE_PX:
            return "font-size"
        if self.spacing <= _LEAST_SPACING:
            return "letter-spacing"
        if self.ink is not None and (
            self.ink.alpha < _LEAST_OPACITY
            or (self.ground is not None and self.ink.is_lost_on(self.ground))
        ):
            return "color"
        return ""

    @property
    def is_faded(self) -> bool:
        return self.opacity < _LEAST_OPACITY

    def within(self, style: Style) -> "Look":
        """Return the look of an element of this style in an element that looks like this."""
        font_px = self._font_px(style)
        look = replace(self, font_px=font_px, opacity=self.opacity * _opacity(style))
        if visibility := style.get("visibility"):
            look = replace(look, visible=words(visibility) == ["visible"])
        if spacing := style.get("letter-spacing"):
            look = replace(look, spacing=(length_px(spacing[0], font_px) or 0) / (font_px or 1))
        return look._coloured(style)

    def _font_px(self, style: Style) -> float:
        if "font-size" not in style:
            return self.font_px
        (size,) = style["font-size"]
        name = word(size)
        if name:
            return _FONT_SIZES.get(name) or self.font_px * _FONT_STEPS[name]
        return length_px(size, self.font_px, self.font_px) or 0

    def _coloured(self, style: Style) -> "Look":
        look = self
        for name in ("color", "-webkit-text-fill-color"):
            if name in style:
                colour = read_colour(style[name][0])
                look = replace(look, ink=look.ink if isinstance(colour, str) else colour)
        if "background-color" in style:
            colour = read_colour(style["background-color"][0])
            if colour == CURRENT:
                colour = look.ink
            if not isinstance(colour, Colour) or colour.alpha == 1:
                look = replace(look, ground=None if isinstance(colour, str) else colour)
            elif colour.alpha > 0:
                look = replace(look, ground=None)
        if any(map(_is_image, style.get("background-image", ()))):
            look = replace(look, ground=None)
        if "text" in words(style.get("background-clip", ())):
            look = replace(look, ink=None)  # the background shows through the letters
        return look


def _opacity(style: Style) -> float:
    opacity = number(style["opacity"][0]) if "opacity" in style else None
    factors = [1.0 if opacity is None else opacity]
    for token in style.get("filter", ()):
        if function(token) == "opacity" and arguments(token):
            factors.append(number(arguments(token)[0]) or 0)
    return math.prod(max(0.0, min(1.0, factor)) for factor in factors)


def hiding_property(style: Style, font_px: float) -> str:
    """Return the property that keeps an element, with all in it, from being seen, if any."""
    box = _Box(style, font_px)
    if not _NOT_DRAWN.isdisjoint(words(style.get("display", ()))) or "hidden" in words(
        style.get("content-visibility", ())
    ):
        return "display"
    if box.is_moved_away() or box.is_positioned_away():
        return "position"
    if box.is_transformed_away():
        return "transform"
    if box.is_shut() or box.is_clipped():
        return "overflow"
    return ""


@dataclass(frozen=True, slots=True)
class _Box:
    """An element's box, as far as its own style determines it."""

    style: Style
    font_px: float

    def _px(self, name: str, whole_px: float = WIDTH_PX, at: int = 0) -> float | None:
        value = self.style.get(name, ())[at:]
        return length_px(value[0], self.font_px, whole_px) if value else None

    def _offset(self, name: str, whole_px: float = WIDTH_PX, at: int = 0) -> float:
        return self._px(name, whole_px, at) or 0

    def is_moved_away(self) -> bool:
        aside = [
            self._offset("margin-left") + self._offset("padding-left"),
            self._offset("text-indent") + self._offset("padding-left"),
            self._offset("translate"),
        ]
        up = self._offset("margin-top") + self._offset("padding-top")
        up = min(up, self._offset("translate", HEIGHT_PX, 1))
        return any(map(_is_far_aside, aside)) or up <= -_FAR_PX

    def is_positioned_away(self) -> bool:
        left, right = self._offset("left"), self._offset("right")
        top, bottom = self._offset("top", HEIGHT_PX), self._offset("bottom", HEIGHT_PX)
        is_aside = _is_far_aside(left) or _is_far_aside(right)
        match words(self.style.get("position", ())):
            case ["fixed"]:  # stays in the window, which cannot be scrolled to it
                over = max(left, right) - WIDTH_PX, max(top, bottom) - HEIGHT_PX
                return max(over) >= 0 or min(left, right, top, bottom) <= -_FAR_PX
            case ["absolute"]:  # a page can be scrolled down to it
                return is_aside or max(-top, abs(bottom)) >= _FAR_PX
            case ["relative" | "sticky" | "-webkit-sticky"]:
                return is_aside or max(-top, bottom) >= _FAR_PX
        return False

    def is_transformed_away(self) -> bool:
        scales = (number(token) for token in self.style.get("scale", ()))
        return any(scale is not None and abs(scale) < _LEAST_SCALE for scale in scales) or any(
            self._is_one_away(token) for token in self.style.get("transform", ())
        )

    def _is_one_away(self, transform: Token) -> bool:
        name = function(transform)
        parts = [part[0] for part in split(arguments(transform), ",") if part]
        if name.startswith(("scale", "matrix")):
            numbers = [number(part) for part in parts]
            if name == "matrix":  # of one that turns, the middle two are not 0
                numbers = [] if any(numbers[1:3]) else numbers[:1] + numbers[3:4]
            return any(scale is not None and abs(scale) < _LEAST_SCALE for scale in numbers)
        if name in ("rotatex", "rotatey"):
            return any(token.type == "dimension" and token.value == 90 for token in parts)
        moved = [length_px(part, self.font_px) or 0 for part in parts] + [0, 0]
        if name in ("translate", "translatex", "translate3d") and _is_far_aside(moved[0]):
            return True
        up = {"translatey": moved[0], "translate": moved[1], "translate3d": moved[1]}.get(name, 0)
        return up <= -_FAR_PX

    def is_shut(self) -> bool:
        """Return whether the box is too thin for text, and cuts what stands out of it."""
        for size, axis, edges in (
            ("width", "x", ("left", "right")),
            ("height", "y", ("top", "bottom")),
        ):
            if _CUTTING.isdisjoint(words(self.style.get(f"overflow-{axis}", ()))):
                continue
            whole = WIDTH_PX if size == "width" else HEIGHT_PX
            sizes = [self._px(size, whole), self._px(f"max-{size}", whole)]
            known = [px for px in sizes if px is not None]
            padding = sum(self._offset(f"padding-{edge}") for edge in edges)
            if known and max(min(known), self._offset(f"min-{size}", whole)) + padding <= _THIN_PX:
                return not any(map(number, self.style.get("flex-grow", ())))
        return False

    def is_clipped(self) -> bool:
        if words(self.style.get("position", ())) in (["absolute"], ["fixed"]):
            for token in self.style.get("clip", ()):
                edges = [
                    part for part in self._lengths(arguments(token)) if function(token) == "rect"
                ]
                if len(edges) == 4 and _is_rectangle_shut(edges):
                    return True
        return any(map(self._is_shape_shut, self.style.get("clip-path", ())))

    def _lengths(self, tokens: Tokens) -> list[float]:
        """Return the lengths up to `at` or `round`, of a box of 100 pixels; `auto` is far away."""
        lengths = []
        for token in tokens:
            if word(token) in ("at", "round"):
                break
            px = length_px(token, self.font_px, 100)
            if px is not None or word(token) == "auto":
                lengths.append(float("inf") if px is None else px)
        return lengths

    def _is_shape_shut(self, token: Token) -> bool:
        lengths = self._lengths(arguments(token))
        match function(token):
            case "inset" if lengths:
                top, right, bottom, left = _four_sides(lengths)
                return top + bottom >= 98 or left + right >= 98
            case "circle" | "ellipse" if lengths:
                return min(lengths) <= _THIN_PX
            case "polygon":
                points = [self._lengths(part) for part in split(arguments(token), ",")]
                return len({tuple(point) for point in points}) < 3
        return False


def _is_rectangle_shut(edges: Sequence[float]) -> bool:
    top, right, bottom, left = (edges[0] % math.inf, edges[1], edges[2], edges[3] % math.inf)
    return bottom - top <= _THIN_PX or right - left <= _THIN_PX


def _is_far_aside(distance: float) -> bool:
    """Return whether text so far to the right, or left if negative, is outside the window."""
    return distance <= -_FAR_PX or distance >= WIDTH_PX


_Part = TypeVar("_Part")


def _four_sides(parts: Sequence[_Part]) -> tuple[_Part, _Part, _Part, _Part]:
    """Return top, right, bottom and left, of which CSS leaves out what repeats."""
    top = parts[0]
    right = parts[1] if len(parts) > 1 else top
    return top, right, parts[2] if len(parts) > 2 else top, parts[3] if len(parts) > 3 else right
