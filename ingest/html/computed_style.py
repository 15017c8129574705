"""Works out from an element's CSS whether it is drawn, and whether its text can be read."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

_MOST_ROUNDS = 50
_LONGEST_VALUE = 5_000
_VARIABLE = re.compile(
    r"var\(\s*(?P<name>--[\w-]{1,200})\s*(?:,(?P<fallback>(?:[^()]|\([^()]*\))*))?\)",
    re.IGNORECASE,
)
"""Rounds and characters are bounded: a property made of another twice has no end."""

_SIDES = ("top", "right", "bottom", "left")
_WIDE = frozenset(("inherit", "initial", "unset", "revert"))
_INITIAL = {"visibility": "visible", "font-size": "medium", "color": "canvastext"}
_NOT_DRAWN = frozenset(("none", "table-column", "table-column-group"))
_CUTTING = frozenset(("hidden", "clip", "auto", "scroll", "overlay"))
_FONT_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0}
_FONT_SIZES |= {"x-large": 24.0, "xx-large": 32.0, "xxx-large": 48.0}
_FONT_STEPS = {"smaller": 1 / 1.2, "larger": 1.2}
_SIZES = "auto none min-content max-content fit-content stretch -webkit-fill-available"
_IN_BACKGROUND = frozenset(
    "none repeat repeat-x repeat-y no-repeat round space scroll fixed local top left right bottom"
    " center cover contain auto border-box padding-box content-box text".split()
)
_SHORTHANDS = {
    "margin": tuple(f"margin-{side}" for side in _SIDES),
    "padding": tuple(f"padding-{side}" for side in _SIDES),
    "inset": _SIDES,
    "overflow": ("overflow-x", "overflow-y"),
    "background": ("background-color", "background-image", "background-clip"),
    "font": ("font-size",),
    "flex": ("flex-grow",),
}
_LOGICAL = {
    "inline-start": "left",
    "inline-end": "right",
    "block-start": "top",
    "block-end": "bottom",
    "inline-size": "width",
    "block-size": "height",
}

_IsValid = Callable[[Tokens], bool]


def _of(known: str, read: Callable[[Token], object] | None = None, most: int = 3) -> _IsValid:
    """Return the check that a value consists of known words, or of what can be read."""
    allowed = frozenset(known.split())

    def is_known(token: Token) -> bool:
        value = read(token) if read and word(token) not in allowed else word(token) in allowed
        return value is not None and value is not False and value != ""

    return lambda value: len(value) <= most and all(map(is_known, value))


def _is_image(token: Token) -> bool:
    name = function(token)
    return token.type == "url" or name in ("url", "image-set", "element") or "gradient" in name


_OVERFLOW = _of("visible hidden clip scroll auto overlay", most=1)
_VALID: dict[str, _IsValid] = {
    "display": _of(
        "none contents block inline flow flow-root flex grid table list-item inline-block"
        " inline-flex inline-grid inline-table table-row table-cell table-row-group"
        " table-header-group table-footer-group table-column table-column-group table-caption"
        " ruby ruby-base ruby-text math run-in -webkit-box -webkit-inline-box -webkit-flex"
    ),
    "visibility": _of("visible hidden collapse", most=1),
    "content-visibility": _of("visible hidden auto", most=1),
    "position": _of("static relative absolute fixed sticky -webkit-sticky", most=1),
    "overflow-x": _OVERFLOW,
    "overflow-y": _OVERFLOW,
    "opacity": _of("", number, 1),
    "flex-grow": _of("", number, 1),
    "scale": _of("none", number),
    "translate": _of("none", length_px),
    "font-size": _of(" ".join((*_FONT_SIZES, *_FONT_STEPS)), length_px, 1),
    "color": _of("", is_colour, 1),
    "-webkit-text-fill-color": _of("", is_colour, 1),
    "background-color": _of("", is_colour, 1),
    "background-image": _of("none", lambda token: _is_image(token) or is_mark(token, ","), 50),
    "background-clip": _of("text border-box padding-box content-box border-area"),
    "text-indent": _of("hanging each-line", length_px),
    "letter-spacing": _of("normal", length_px, 1),
    "animation": bool,
    **dict.fromkeys(("transform", "filter", "clip", "clip-path"), _of("none auto", function, 9)),
    **dict.fromkeys((*_SIDES, *_SHORTHANDS["margin"]), _of("auto", length_px, 1)),
    **dict.fromkeys(_SHORTHANDS["padding"], _of("", length_px, 1)),
    **{
        f"{bound}{side}": _of(_SIZES, length_px, 1)
        for bound in ("", "min-", "max-")
        for side in ("width", "height")
    },
}
"""What a browser takes. It passes over another value, so that the one before stands: to take
more than it does would let a page undo what hides a text."""


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
    from tinycss2 import parse_blocks_contents

    try:
        nodes = parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    except ValueError as error:  # a number of more digits than Python turns into one
        raise ReadError(f"CSS that cannot be read: {error}") from error
    return [each for node in nodes if node.type == "declaration" for each in _declared(node)]


def _declared(node: Token) -> Iterator[Declaration]:
    from tinycss2 import serialize

    name = property_name(node.lower_name)
    if node.name.startswith("--"):
        yield Declaration(node.name, (), node.important, serialize(node.value))
    elif longhands := _longhands(name):
        text = serialize(node.value)
        if "var(" in text.lower():
            for longhand in longhands:
                yield Declaration(longhand, (), node.important, text, name)
        else:
            for longhand, part in _expand(name, significant(node.value)).items():
                yield Declaration(longhand, part, node.important)


def property_name(written: str) -> str:
    """Return the name of a property in a page that reads from left to right."""
    name = written
    for logical, physical in _LOGICAL.items():
        name = name.replace(logical, physical)
    name = name.removeprefix("inset-")
    return name if name in _VALID else name.removeprefix("-webkit-")


def _longhands(name: str) -> tuple[str, ...]:
    return _SHORTHANDS.get(name) or ((name,) if name in _VALID else ())


def _expand(name: str, value: Tokens) -> dict[str, Tokens]:
    """Return the properties that a declaration sets; nothing where a browser passes over it."""
    if len(value) == 1 and word(value[0]) in _WIDE:
        is_initial = word(value[0]) == "initial"
        return {
            longhand: read_tokens(_INITIAL[longhand])
            if is_initial and longhand in _INITIAL
            else value
            for longhand in _longhands(name)
        }
    spread = _spread(name, value) if value else {}
    return spread if all(_VALID[name](part) for name, part in spread.items()) else {}


def _spread(name: str, value: Tokens) -> dict[str, Tokens]:
    match name:
        case "margin" | "padding" | "inset":
            sides = _four_sides(value) if len(value) <= 4 else ()
            return {n: (part,) for n, part in zip(_SHORTHANDS[name], sides, strict=False)}
        case "overflow":
            return {"overflow-x": value[:1], "overflow-y": value[-1:]}
        case "flex":
            return {"flex-grow": value[:1]} if number(value[0]) is not None else {}
        case "background":
            return _background(value)
        case "font":
            at = next((at for at, part in enumerate(value) if _VALID["font-size"]((part,))), None)
            return {} if at is None or at + 1 == len(value) else {"font-size": (value[at],)}
    return {name: value}


def _background(value: Tokens) -> dict[str, Tokens]:
    colours = tuple(token for token in value if is_colour(token))
    images = tuple(token for token in value if _is_image(token))
    for token in value:
        is_placed = is_mark(token, ",/") or length_px(token) is not None
        if not (token in colours or token in images or is_placed or word(token) in _IN_BACKGROUND):
            return {}
    return {
        "background-color": colours[-1:] or read_tokens("transparent"),
        "background-image": images or read_tokens("none"),
        "background-clip": read_tokens("text" if "text" in words(value) else "border-box"),
    }


def styled(declarations: Iterable[Declaration], customs: Mapping[str, str]) -> Style:
    """Return the style that winning declarations come to, with the custom properties put in."""
    style: dict[str, Tokens] = {}
    for declaration in declarations:
        value = declaration.value
        if declaration.written:
            text = resolve(declaration.text, customs)
            expanded = _expand(declaration.written, read_tokens(text)) if text else {}
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
    """None where the page itself does not declare it, as of the ground."""

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
        """Whether nothing of an element is seen, nor of what is in it."""
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
        if name := word(size):
            return _FONT_SIZES.get(name) or self.font_px * _FONT_STEPS[name]
        return length_px(size, self.font_px, self.font_px) or 0

    def _coloured(self, style: Style) -> "Look":
        ink, ground = self.ink, self.ground
        for name in ("color", "-webkit-text-fill-color"):
            if name in style:
                colour = read_colour(style[name][0])
                ink = ink if isinstance(colour, str) else colour
        if "background-color" in style:
            colour = read_colour(style["background-color"][0])
            colour = ink if colour == CURRENT else colour
            if not isinstance(colour, Colour) or colour.alpha:
                is_plain = isinstance(colour, Colour) and colour.alpha == 1
                ground = colour if is_plain and not isinstance(colour, str) else None
        if any(map(_is_image, style.get("background-image", ()))):
            ground = None
        if "text" in words(style.get("background-clip", ())):
            ink = None  # the background shows through the letters
        return replace(self, ink=ink, ground=ground)


def _opacity(style: Style) -> float:
    if "animation" in style:
        return 1  # most fade in
    factors = [number(style["opacity"][0]) if "opacity" in style else None]
    for token in style.get("filter", ()):
        if function(token) == "opacity" and arguments(token):
            factors.append(number(arguments(token)[0]))
    return math.prod(max(0.0, min(1.0, factor)) for factor in factors if factor is not None)


def hiding_property(style: Style, font_px: float) -> str:
    """Return the property that keeps an element, with all in it, from being seen, if any."""
    box = _Box(style, font_px)
    shown = words(style.get("display", ()))
    if not _NOT_DRAWN.isdisjoint(shown) or "hidden" in words(style.get("content-visibility", ())):
        return "display"
    if box.is_moved_away() or box.is_positioned_away():
        return "position"
    if box.is_transformed_away():
        return "transform"
    return "overflow" if box.is_shut() or box.is_clipped() else ""


@dataclass(frozen=True, slots=True)
class _Box:
    """An element's box, as far as its own style determines it."""

    style: Style
    font_px: float

    def _px(self, name: str, whole_px: float = WIDTH_PX) -> float | None:
        value = self.style.get(name)
        return length_px(value[0], self.font_px, whole_px) if value else None

    def _sum(self, *names: str, whole_px: float = WIDTH_PX) -> float:
        return sum(self._px(name, whole_px) or 0 for name in names if name in self.style)

    def is_moved_away(self) -> bool:
        aside = self._sum("margin-left", "padding-left"), self._sum("text-indent", "padding-left")
        return any(map(_is_far_aside, aside)) or self._sum("margin-top", "padding-top") <= -_FAR_PX

    def is_positioned_away(self) -> bool:
        left, right = self._sum("left"), self._sum("right")
        top, bottom = (self._sum(side, whole_px=HEIGHT_PX) for side in ("top", "bottom"))
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
        transforms = [
            (function(token), [part[0] for part in split(arguments(token), ",") if part])
            for token in self.style.get("transform", ())
        ]
        for name in ("scale", "translate"):
            transforms.append((name, list(self.style.get(name, ()))))
        return any(self._is_one_away(name, parts) for name, parts in transforms)

    def _is_one_away(self, name: str, parts: Sequence[Token]) -> bool:
        if name.startswith(("scale", "matrix")):
            scales = [number(part) for part in parts]
            if name == "matrix":  # of one that turns, the middle two are not 0
                scales = [] if any(scales[1:3]) else scales[:1] + scales[3:4]
            return any(scale is not None and abs(scale) < _LEAST_SCALE for scale in scales)
        if name in ("rotatex", "rotatey"):
            return any(token.type == "dimension" and abs(token.value) == 90 for token in parts)
        aside, up = ([length_px(part, self.font_px) or 0 for part in parts] + [0, 0])[:2]
        if name == "translatey":
            aside, up = 0, aside
        return name.startswith("translate") and (_is_far_aside(aside) or up <= -_FAR_PX)

    def is_shut(self) -> bool:
        """Return whether the box is too thin for text, and cuts what stands out of it."""
        for axis, size, whole, edges in (
            ("x", "width", WIDTH_PX, ("left", "right")),
            ("y", "height", HEIGHT_PX, ("top", "bottom")),
        ):
            if _CUTTING.isdisjoint(words(self.style.get(f"overflow-{axis}", ()))):
                continue
            known = [self._px(size, whole), self._px(f"max-{size}", whole)]
            sizes = [px for px in known if px is not None]
            padding = self._sum(*(f"padding-{edge}" for edge in edges))
            least = self._sum(f"min-{size}", whole_px=whole)
            if sizes and max(min(sizes), least) + padding <= _THIN_PX:
                return not any(map(number, self.style.get("flex-grow", ())))
        return False

    def is_clipped(self) -> bool:
        is_apart = words(self.style.get("position", ())) in (["absolute"], ["fixed"])
        shapes = (
            *(self.style.get("clip", ()) if is_apart else ()),
            *self.style.get("clip-path", ()),
        )
        return any(map(self._is_shape_shut, shapes))

    def _is_shape_shut(self, token: Token) -> bool:
        """Return whether a shape, in a box of 100 pixels each way, leaves nothing."""
        lengths = self._lengths(arguments(token))
        match function(token):
            case "inset" if lengths:
                top, right, bottom, left = _four_sides(lengths)
                return top + bottom >= 98 or left + right >= 98
            case "rect" if len(lengths) == 4:
                top, right, bottom, left = lengths
                top, left = (0 if edge == math.inf else edge for edge in (top, left))
                return min(bottom - top, right - left) <= _THIN_PX
            case "circle" | "ellipse" if lengths:
                return min(lengths) <= _THIN_PX
            case "polygon":
                points = [self._lengths(part) for part in split(arguments(token), ",")]
                return len({tuple(point) for point in points}) < 3
        return False

    def _lengths(self, tokens: Tokens) -> list[float]:
        """Return the lengths up to `at` or `round`; `auto` is far away."""
        lengths = []
        for token in tokens:
            if word(token) in ("at", "round"):
                break
            px = math.inf if word(token) == "auto" else length_px(token, self.font_px, 100)
            lengths += [] if px is None else [px]
        return lengths


def _is_far_aside(distance: float) -> bool:
    """Return whether text so far to the right, or left if negative, is outside the window."""
    return distance <= -_FAR_PX or distance >= WIDTH_PX


_Part = TypeVar("_Part")


def _four_sides(parts: Sequence[_Part]) -> tuple[_Part, _Part, _Part, _Part]:
    """Return top, right, bottom and left, of which CSS leaves out what repeats."""
    top, right = parts[0], parts[min(1, len(parts) - 1)]
    return top, right, parts[2] if len(parts) > 2 else top, parts[3] if len(parts) > 3 else right
