"""Works out from an element's CSS whether it is drawn, and whether its text can be read.

Values are read as far as they hide text on real pages, as in a desktop window.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from ingest.errors import ReadError

Value = tuple[str, ...]
"""The parts of a value in lower case: words, lengths, functions, commas and slashes."""

Style = Mapping[str, Value]
"""An element's own values of the properties that matter, by property."""

WIDTH_PX = 1280
HEIGHT_PX = 800
FONT_PX = 16
_FAR_PX = 900
"""Text so far off its place is outside the window, or under something else."""

_THIN_PX = 2
"""No line of text is seen through less."""

_UNREADABLE_PX = 3
_LEAST_SCALE = 0.1
_LEAST_OPACITY = 0.1
_LEAST_CONTRAST = 1.2
"""#eee on white has 1.16; the palest grey that pages write in, #ccc, has 1.6."""

_FAR_APART = 0.25
"""In red, green or blue. Yellow on white has a contrast of 1.07, and can be read."""

_MOST_ROUNDS = 50
_LONGEST_VALUE = 5_000
_VARIABLE = re.compile(
    r"var\(\s*(?P<name>--[\w-]{1,200})\s*(?:,(?P<fallback>(?:[^()]|\([^()]*\))*))?\)",
    re.IGNORECASE,
)
"""Rounds and characters are bounded: a property made of another twice has no end."""

_NUMBER = re.compile(r"(?:calc\(\s*)?([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)(%|[a-z]*)\s*\)?")
_SEPARATOR = re.compile(r"[\s,]+")
_WINDOW_UNITS = {"w": 12.8, "h": 8.0, "min": 8.0, "max": 12.8}
_PX_PER = {"px": 1, "cm": 37.8, "mm": 3.78, "in": 96, "pt": 4 / 3, "pc": 16, "rem": FONT_PX} | {
    prefix + unit: px for prefix in ("v", "sv", "lv", "dv") for unit, px in _WINDOW_UNITS.items()
}
_FONTS_PER = {"em": 1, "ex": 0.5, "ch": 0.5, "lh": 1.2}
_FONT_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0}
_FONT_SIZES |= {"x-large": 24.0, "xx-large": 32.0, "xxx-large": 48.0}
_CURRENT = "currentcolor"
_SIDES = ("top", "right", "bottom", "left")
_SHORTHANDS = {
    "margin": tuple(f"margin-{side}" for side in _SIDES),
    "padding": tuple(f"padding-{side}" for side in _SIDES),
    "inset": _SIDES,
    "overflow": ("overflow-x", "overflow-y"),
    "background": ("background-color", "background-image", "background-clip"),
    "font": ("font-size",),
}
_LENGTHS = frozenset(
    (*_SIDES, *_SHORTHANDS["margin"], *_SHORTHANDS["padding"], "font-size", "text-indent")
) | {f"{bound}{side}" for bound in ("", "min-", "max-") for side in ("width", "height")}
_LENGTH_WORDS = frozenset(
    "auto none hanging each-line min-content max-content fit-content smaller larger".split()
)
_MATH = ("calc(", "clamp(", "max(", "min(")
_COLOURS = ("color", "background-color")
_UNREAD_COLOURS = ("color-mix(", "light-dark(")
_OVERFLOW = re.compile(r"visible|hidden|clip|scroll|auto|overlay")
_KEYWORDS = {
    "display": re.compile(
        r"none|contents|block|inline(?:-(?:block|flex|grid|table))?|flow(?:-root)?|flex|grid|table(?:-\w+)*|list-item"
        r"|ruby|math|-webkit-(?:inline-)?(?:box|flex)"
    ),
    "visibility": re.compile(r"visible|hidden|collapse"),
    "position": re.compile(r"static|relative|absolute|fixed|sticky"),
    "overflow-x": _OVERFLOW,
    "overflow-y": _OVERFLOW,
}
_ANY_VALUE = frozenset(
    "animation background-clip background-image clip clip-path flex flex-grow scale transform"
    " translate".split()
)
_PROPERTIES = _LENGTHS | _KEYWORDS.keys() | _ANY_VALUE | {*_COLOURS, "opacity"}
_WIDE = frozenset(("inherit", "initial", "unset", "revert"))
_NOT_DRAWN = frozenset(("none", "table-column", "table-column-group"))
_CUTTING = frozenset(("hidden", "clip", "auto", "scroll", "overlay"))
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Declaration:
    """One property that matters, or a custom property, with its value."""

    name: str
    value: Value
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


def _declared(node: Any) -> Iterator[Declaration]:
    from tinycss2 import serialize

    name = node.lower_name.removeprefix("-webkit-")
    if node.name.startswith("--"):
        yield Declaration(node.name, (), node.important, serialize(node.value))
    elif longhands := _longhands(name):
        text = serialize(node.value)
        if "var(" in text.lower():
            for longhand in longhands:
                yield Declaration(longhand, (), node.important, text, name)
        else:
            for longhand, part in _expand(name, _parts(node.value)).items():
                yield Declaration(longhand, part, node.important)


def styled(declarations: Iterable[Declaration], customs: Mapping[str, str]) -> Style:
    """Return the style that winning declarations come to, with the custom properties put in."""
    style: dict[str, Value] = {}
    for declaration in declarations:
        value = declaration.value
        if declaration.written:
            text = resolve(declaration.text, customs)
            expanded = _expand(declaration.written, _read_parts(text)) if text else {}
            value = expanded.get(declaration.name, ())
        if value and value[0] not in _WIDE:
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


def _read_parts(text: str) -> Value:
    from tinycss2 import parse_component_value_list

    try:
        return _parts(parse_component_value_list(text))
    except ValueError as error:
        raise ReadError(f"CSS that cannot be read: {error}") from error


def _parts(tokens: Iterable[Any]) -> Value:
    kept = (token for token in tokens if token.type not in ("whitespace", "comment"))
    return tuple(token.serialize().lower() for token in kept)


def _longhands(name: str) -> tuple[str, ...]:
    return _SHORTHANDS.get(name) or ((name,) if name in _PROPERTIES else ())


def _expand(name: str, value: Value) -> dict[str, Value]:
    """Return the properties that a declaration sets; nothing where a browser passes over it."""
    if len(value) == 1 and value[0] in _WIDE:
        return dict.fromkeys(_longhands(name), value)
    spread = _spread(name, value) if value else {}
    return spread if all(_is_taken(name, part) for name, part in spread.items()) else {}


def _spread(name: str, value: Value) -> dict[str, Value]:
    match name:
        case "margin" | "padding" | "inset":
            sides = _four_sides(value) if len(value) <= 4 else ()
            return {n: (part,) for n, part in zip(_SHORTHANDS[name], sides, strict=False)}
        case "overflow":
            return {"overflow-x": value[:1], "overflow-y": value[-1:]}
        case "background":
            colours = tuple(filter(_is_colour, value))
            images = tuple(filter(_is_image, value))
            colour = colours[-1:] or ("transparent",)
            return dict(zip(_SHORTHANDS[name], (colour, images, value), strict=True))
        case "font":
            at = next((at for at, part in enumerate(value) if _is_font_size(part)), len(value))
            return {"font-size": (value[at],)} if at + 1 < len(value) else {}
    return {name: value}


def _is_taken(name: str, value: Value) -> bool:
    """Return whether a browser takes a value.

    It passes over another one, so that the one before stands: to take more than it does would
    let a page undo what hides a text.
    """
    if name in _KEYWORDS:
        return all(map(_KEYWORDS[name].fullmatch, value))
    if name == "font-size":
        return len(value) == 1 and _is_font_size(value[0])
    if name in _LENGTHS:
        return all(part in _LENGTH_WORDS or _is_length(part) for part in value)
    if name in _COLOURS:
        return len(value) == 1 and _is_colour(value[0])
    return name != "opacity" or (len(value) == 1 and _number(value[0]) is not None)


def _is_length(part: str) -> bool:
    return length_px(part) is not None or part.startswith(_MATH)


def _is_font_size(part: str) -> bool:
    return part in _FONT_SIZES or part in ("smaller", "larger") or _is_length(part)


def _is_image(part: str) -> bool:
    return part.startswith(("url(", "image-set(")) or "gradient(" in part


def _is_colour(part: str) -> bool:
    return part.startswith(_UNREAD_COLOURS) or _read_colour(part) is not None


def length_px(part: str, font_px: float = FONT_PX, whole_px: float = WIDTH_PX) -> float | None:
    """Return a length, or a percentage of `whole_px`, in pixels; None for what is neither."""
    match = _NUMBER.fullmatch(part)
    if match is None:
        return None
    amount, unit = float(match[1]), match[2]
    if not unit:
        return None if amount else 0
    per = {"%": whole_px / 100}.get(unit) or _PX_PER.get(unit)
    if unit in _FONTS_PER:
        per = _FONTS_PER[unit] * font_px
    return None if per is None else amount * per


def _number(part: str) -> float | None:
    """Return a number, 1 for 100%; None for what is neither."""
    match = _NUMBER.fullmatch(part)
    if match is None or match[2] not in ("", "%"):
        return None
    return float(match[1]) / (100 if match[2] else 1)


def _function(part: str) -> tuple[str, list[str]]:
    """Return the name of a function and its arguments; of what is none, no arguments."""
    name, _, inside = part.removesuffix(")").partition("(")
    return name, [each for each in _SEPARATOR.split(inside) if each]


class Colour(NamedTuple):
    """A colour in sRGB, each part from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1

    def is_lost_on(self, ground: "Colour") -> bool:
        """Return whether text of this colour cannot be read on an opaque ground."""
        pairs = list(zip(self[:3], ground[:3], strict=True))
        seen = Colour(*(self.alpha * mine + (1 - self.alpha) * below for mine, below in pairs))
        darker, lighter = sorted((seen._luminance, ground._luminance))
        apart = max(self.alpha * abs(mine - below) for mine, below in pairs)
        return (lighter + 0.05) / (darker + 0.05) < _LEAST_CONTRAST and apart < _FAR_APART

    @property
    def _luminance(self) -> float:
        """The relative luminance of WCAG 2.2."""
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in self[:3]
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_BLACK = Colour(0, 0, 0)
_WHITE = Colour(1, 1, 1)


def _read_colour(part: str) -> Colour | str | None:
    """Return a colour in sRGB, or the name of one that is known elsewhere; None for no colour."""
    from tinycss2.color4 import parse_color

    try:
        colour = parse_color(part)
        if colour is None or isinstance(colour, str):
            return colour
        if colour.space in ("hsl", "hwb"):
            colour = colour.to("srgb")
        if colour.space != "srgb":
            return str(colour.space)
        red, green, blue = (max(0.0, min(1.0, part or 0.0)) for part in colour.coordinates)
        return Colour(red, green, blue, colour.alpha)
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        return None  # tinycss2 stumbles over some that no browser takes, e.g. `color()`


@dataclass(frozen=True, slots=True)
class Look:
    """How an element's text looks, and what the elements in it inherit."""

    ink: Colour | None = _BLACK
    """None where the page itself does not declare it, as of the ground."""

    ground: Colour | None = _WHITE
    visible: bool = True
    opacity: float = 1
    font_px: float = FONT_PX

    @property
    def unreadable(self) -> str:
        """The property that keeps the text from being read, if any."""
        if not self.visible:
            return "visibility"
        if self.font_px <= _UNREADABLE_PX:
            return "font-size"
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
        look = replace(self, font_px=self._font_px(style), opacity=self.opacity * _opacity(style))
        if "visibility" in style:
            look = replace(look, visible=style["visibility"] == ("visible",))
        return look._coloured(style)

    def _font_px(self, style: Style) -> float:
        size = style.get("font-size", ("",))[0]
        size_px = _FONT_SIZES.get(size, length_px(size, self.font_px, self.font_px))
        return self.font_px if size_px is None else size_px

    def _coloured(self, style: Style) -> "Look":
        ink, ground = self.ink, self.ground
        if "color" in style:
            colour = _read_colour(style["color"][0])
            if colour != _CURRENT:
                ink = colour if isinstance(colour, Colour) else None
        if "background-color" in style:
            colour = _read_colour(style["background-color"][0])
            colour = ink if colour == _CURRENT else colour
            if not isinstance(colour, Colour):
                ground = None
            elif colour.alpha:
                ground = colour if colour.alpha == 1 else None
        if any(map(_is_image, style.get("background-image", ()))):
            ground = None
        if "text" in style.get("background-clip", ()):
            ink = None  # the background shows through the letters
        return replace(self, ink=ink, ground=ground)


def _opacity(style: Style) -> float:
    if "opacity" not in style or "animation" in style:
        return 1  # what is animated most often fades in
    return max(0.0, min(1.0, _number(style["opacity"][0]) or 0))


def hiding_property(style: Style, font_px: float) -> str:
    """Return the property that keeps an element, with all in it, from being seen, if any."""
    box = _Box(style, font_px)
    if not _NOT_DRAWN.isdisjoint(style.get("display", ())):
        return "display"
    if box.is_moved_away() or box.is_positioned_away():
        return "position"
    transforms = [f"{name}({','.join(style.get(name, ()))})" for name in ("scale", "translate")]
    if any(map(box.is_transformed_away, (*transforms, *style.get("transform", ())))):
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
        top, bottom = (self._sum(side, whole_px=HEIGHT_PX) for side in ("top", "bottom"))
        is_aside = _is_far_aside(self._sum("left")) or _is_far_aside(self._sum("right"))
        is_away = is_aside or top <= -_FAR_PX or bottom >= _FAR_PX
        match self.style.get("position"):
            case ("fixed",):  # stays in the window, which cannot be scrolled to it
                return is_away or max(top, bottom) >= HEIGHT_PX
            case ("absolute" | "relative" | "sticky",):  # a page can be scrolled down to it
                return is_away
        return False

    def is_transformed_away(self, transform: str) -> bool:
        name, values = _function(transform)
        if name.startswith("scale"):
            scales = map(_number, values)
            return any(scale is not None and abs(scale) < _LEAST_SCALE for scale in scales)
        aside, up = ([length_px(each, self.font_px) or 0 for each in values] + [0, 0])[:2]
        if name == "translatey":
            aside, up = 0, aside
        return name.startswith("translate") and (_is_far_aside(aside) or up <= -_FAR_PX)

    def is_shut(self) -> bool:
        """Return whether the box is too thin for text, and cuts what stands out of it."""
        for axis, size, whole, edges in (
            ("x", "width", WIDTH_PX, ("left", "right")),
            ("y", "height", HEIGHT_PX, ("top", "bottom")),
        ):
            if _CUTTING.isdisjoint(self.style.get(f"overflow-{axis}", ())):
                continue
            known = [self._px(size, whole), self._px(f"max-{size}", whole)]
            sizes = [px for px in known if px is not None]
            padding = self._sum(*(f"padding-{edge}" for edge in edges))
            least = self._sum(f"min-{size}", whole_px=whole)
            if sizes and max(min(sizes), least) + padding <= _THIN_PX:
                return self.style.keys().isdisjoint(("flex", "flex-grow"))
        return False

    def is_clipped(self) -> bool:
        is_apart = self.style.get("position") in (("absolute",), ("fixed",))
        shapes = (*(self.style.get("clip", ()) if is_apart else ()),)
        return any(map(self._is_shape_shut, (*shapes, *self.style.get("clip-path", ()))))

    def _is_shape_shut(self, shape: str) -> bool:
        """Return whether a shape, in a box of 100 pixels each way, leaves nothing."""
        name, values = _function(shape)
        known = [length_px(each, self.font_px, 100) for each in values]
        lengths = [px for px in known if px is not None]
        match name:
            case "inset" if lengths and None not in known:
                top, right, bottom, left = _four_sides(lengths)
                return top + bottom >= 98 or left + right >= 98
            case "rect" if len(lengths) == 4:
                top, right, bottom, left = lengths
                return min(bottom - top, right - left) <= _THIN_PX
            case "circle" if lengths:
                return lengths[0] <= _THIN_PX
        return False


def _is_far_aside(distance: float) -> bool:
    """Return whether text so far to the right, or left if negative, is outside the window."""
    return distance <= -_FAR_PX or distance >= WIDTH_PX


def _four_sides(parts: Sequence[_Part]) -> tuple[_Part, _Part, _Part, _Part]:
    """Return top, right, bottom and left, of which CSS leaves out what repeats."""
    top, right = parts[0], parts[min(1, len(parts) - 1)]
    return top, right, parts[2] if len(parts) > 2 else top, parts[3] if len(parts) > 3 else right
