"""Reads values of CSS: tokens, lengths and colours, as in a desktop window."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from ingest.errors import ReadError

Token = Any
"""One of tinycss2's nodes."""

Tokens = tuple[Token, ...]
"""A value, without its spaces and comments."""

WIDTH_PX = 1280
HEIGHT_PX = 800
FONT_PX = 16

_WINDOW_UNITS = {"w": 12.8, "i": 12.8, "h": 8.0, "b": 8.0, "min": 8.0, "max": 12.8}
_PX_PER = {"px": 1, "cm": 37.8, "mm": 3.78, "in": 96, "pt": 4 / 3, "pc": 16, "rem": FONT_PX} | {
    prefix + unit: px
    for prefix in ("v", "sv", "lv", "dv", "cq")
    for unit, px in _WINDOW_UNITS.items()
}
_FONTS_PER = {"em": 1, "ex": 0.5, "ch": 0.5, "lh": 1.2}
_COLOUR_FUNCTIONS = frozenset(
    "color color-mix lab lch oklab oklch light-dark rgb rgba hsl hsla hwb".split()
)
CURRENT = "currentcolor"

_LEAST_CONTRAST = 1.2
"""#eee on white has 1.16; the palest grey that pages write in, #ccc, has 1.6."""

_FAR_APART = 0.25
"""In red, green or blue. Yellow on white has a contrast of 1.07, and can be read."""


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


BLACK = Colour(0, 0, 0)
WHITE = Colour(1, 1, 1)


def read_tokens(css: str) -> Tokens:
    """Return the tokens of a value or prelude."""
    from tinycss2 import parse_component_value_list

    try:
        return significant(parse_component_value_list(css, skip_comments=True))
    except ValueError as error:  # a number of more digits than Python turns into one
        raise ReadError(f"CSS that cannot be read: {error}") from error


def significant(tokens: Iterable[Token]) -> Tokens:
    """Return the tokens that are no spaces or comments."""
    return tuple(token for token in tokens if token.type not in ("whitespace", "comment"))


def word(token: Token) -> str:
    """Return an identifier in lower case; nothing for another token."""
    return token.lower_value if token.type == "ident" else ""


def words(tokens: Iterable[Token]) -> list[str]:
    """Return the identifiers in lower case, with nothing for each other token."""
    return [word(token) for token in tokens]


def function(token: Token) -> str:
    """Return a function's name; nothing for another token."""
    return token.lower_name if token.type == "function" else ""


def arguments(token: Token) -> Tokens:
    """Return the tokens in a function's or block's brackets."""
    return significant(getattr(token, "content", None) or getattr(token, "arguments", None) or ())


def is_mark(token: Token, marks: str) -> bool:
    """Return whether a token is one of these characters."""
    return token.type == "literal" and token.value in marks


def split(tokens: Iterable[Token], marks: str) -> list[Tokens]:
    """Cut tokens at marks such as commas, which are left out."""
    parts: list[Tokens] = [()]
    for token in tokens:
        if is_mark(token, marks):
            parts.append(())
        else:
            parts[-1] += (token,)
    return parts


def length_px(token: Token, font_px: float = FONT_PX, whole_px: float = WIDTH_PX) -> float | None:
    """Return a length, or a percentage of `whole_px`, in pixels; None for what is neither."""
    if token.type == "number" and token.value:
        return None
    return _amount(token, font_px, whole_px)


def number(token: Token) -> float | None:
    """Return a number, 1 for 100%; None for what is neither."""
    return None if token.type == "dimension" else _amount(token, FONT_PX, 1)


def _amount(token: Token, font_px: float, whole_px: float) -> float | None:
    match token.type:
        case "number":
            return float(token.value)
        case "percentage":
            return float(token.value) / 100 * whole_px
        case "dimension":
            unit = token.lower_unit
            per = _FONTS_PER[unit] * font_px if unit in _FONTS_PER else _PX_PER.get(unit)
            return None if per is None else float(token.value) * per
        case "() block":
            return _calculated(arguments(token), font_px, whole_px)
    name = function(token)
    if name not in ("calc", "-webkit-calc", "min", "max", "clamp"):
        return None
    known = [_calculated(part, font_px, whole_px) for part in split(arguments(token), ",")]
    amounts = [amount for amount in known if amount is not None]
    if len(amounts) < len(known) or (name == "clamp" and len(amounts) != 3):
        return None
    if name == "clamp":
        return max(amounts[0], min(amounts[1:]))
    return min(amounts) if name == "min" else max(amounts)


def _calculated(tokens: Tokens, font_px: float, whole_px: float) -> float | None:
    """Return the value of a sum of products."""
    terms: list[float] = []
    sign = "+"
    for token in tokens:
        if is_mark(token, "+-*/"):
            sign = token.value
            continue
        amount = _amount(token, font_px, whole_px)
        if amount is None or (sign in "*/" and not terms) or (sign == "/" and not amount):
            return None
        if sign in "*/":
            terms[-1] *= amount if sign == "*" else 1 / amount
        else:
            terms.append(amount if sign == "+" else -amount)
        sign = "+"
    return sum(terms) if terms else None


def is_colour(token: Token) -> bool:
    """Return whether a browser reads a token as a colour."""
    is_named = word(token) in ("canvas", "canvastext")
    return is_named or function(token) in _COLOUR_FUNCTIONS or read_colour(token) is not None


def read_colour(token: Token) -> Colour | str | None:
    """Return a colour, or CURRENT; None for no colour, or one that is not given in sRGB."""
    from tinycss2.color4 import parse_color

    try:
        colour = parse_color(token)
        if colour is None or isinstance(colour, str):
            return colour
        if colour.space in ("hsl", "hwb"):
            colour = colour.to("srgb")
        if colour.space != "srgb":
            return None
        red, green, blue = (max(0.0, min(1.0, part or 0.0)) for part in colour.coordinates)
        return Colour(red, green, blue, colour.alpha)
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        return None  # tinycss2 stumbles over some that no browser takes, e.g. `color()`
