"""Reads CSS colours, and tells how well one is seen on another."""

import re
from typing import NamedTuple

from tinycss2.color5 import D50, D65, parse_color

from ingest.html.css.lengths import number
from ingest.html.css.tokens import Token, arguments, function, split_at_commas, word


class Colour(NamedTuple):
    """In sRGB, each part from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1

    def over(self, ground: "Colour") -> "Colour":
        """Return the colour that is seen where this one lies on an opaque one."""
        seen = (
            self.alpha * mine + (1 - self.alpha) * below
            for mine, below in zip(self[:3], ground[:3], strict=True)
        )
        return Colour(*seen)

    def is_lost_on(self, ground: "Colour") -> bool:
        """Tell whether no eye makes words out of this colour on that one."""
        seen = self.over(ground)
        apart = max(abs(a - b) for a, b in zip(seen[:3], ground[:3], strict=True))
        return seen._contrast(ground) < _LEAST_CONTRAST and apart < _FAR_APART

    def _contrast(self, other: "Colour") -> float:
        """Return the ratio of their luminances, 1 to 21, after WCAG 2.2."""
        darker, lighter = sorted((self._luminance, other._luminance))
        return (lighter + 0.05) / (darker + 0.05)

    @property
    def _luminance(self) -> float:
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in self[:3]
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_LEAST_CONTRAST = 1.2
"""#eee on white has 1.16, the palest grey that pages write in, #ccc, has 1.6."""

_FAR_APART = 0.25
"""In red, green or blue. Yellow on white has a contrast of 1.07, and is seen."""

BLACK = Colour(0, 0, 0)
WHITE = Colour(1, 1, 1)
CURRENT = "currentcolor"

_OF_THE_SYSTEM = {
    "canvas": WHITE,
    "field": WHITE,
    "canvastext": BLACK,
    "fieldtext": BLACK,
    "buttontext": BLACK,
    "buttonface": Colour(0.94, 0.94, 0.94),
    "linktext": Colour(0, 0, 0.93),
    "window": WHITE,
    "windowtext": BLACK,
}
_IN_ATTRIBUTE = re.compile(r"#?(?P<digits>[0-9a-f]{6}|[0-9a-f]{3})|(?P<name>[a-z]{3,20})", re.I)

_TO_LINEAR_RGB = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.969266, 1.8760108, 0.041556),
    (0.0556434, -0.2040259, 1.0572252),
)
"""From CIE XYZ (D65); IEC 61966-2-1."""


def read_colour(token: Token) -> Colour | str | None:
    """Return a colour, or CURRENT; None for what is no colour."""
    if word(token) in _OF_THE_SYSTEM:
        return _OF_THE_SYSTEM[word(token)]
    if function(token) == "color-mix":
        return _mix(token)
    given = arguments(token)
    if function(token) and given and word(given[0]) == "from":
        # What it is made from is near enough.
        return read_colour(given[1]) if len(given) > 1 else None
    try:
        parsed = parse_color(token)
        return parsed if parsed is None or isinstance(parsed, str) else _srgb(parsed)
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        return None  # tinycss2 trips over some that no browser takes, e.g. `color()`


def read_attribute_colour(text: str) -> str:
    """Return the CSS for a colour as HTML's old attributes name it, e.g. `FFFFFF`; or nothing."""
    match = _IN_ATTRIBUTE.fullmatch(text.strip())
    if not match:
        return ""
    return f"#{match['digits']}" if match["digits"] else str(match["name"])


def _mix(token: Token) -> Colour | None:
    mixed = []
    for part in split_at_commas(arguments(token))[1:]:
        colours = [colour for colour in map(read_colour, part) if isinstance(colour, Colour)]
        shares = [share for share in map(number, part) if share is not None]
        if not colours:
            return None
        mixed.append((colours[0], shares[0] if shares else None))
    if len(mixed) != 2:
        return None
    (first, share), (second, other) = mixed
    if share is None:
        share = 0.5 if other is None else 1 - other
    share = max(0.0, min(1.0, share))
    return Colour(*(share * a + (1 - share) * b for a, b in zip(first, second, strict=True)))


def _srgb(colour: Token) -> Colour:
    """Turn tinycss2's colour into one of ours; the wide gamuts are taken for sRGB."""
    if colour.space in ("hsl", "hwb"):
        colour = colour.to("srgb")
    elif colour.space in ("lab", "lch"):
        colour = colour.to("xyz-d50")
    elif colour.space in ("oklab", "oklch"):
        colour = colour.to("xyz-d65")
    parts = [part or 0.0 for part in colour.coordinates]
    if colour.space == "xyz-d50":
        parts = [part / d50 * d65 for part, d50, d65 in zip(parts, D50, D65, strict=True)]
    if colour.space.startswith("xyz"):
        parts = [sum(a * b for a, b in zip(row, parts, strict=True)) for row in _TO_LINEAR_RGB]
    if colour.space.startswith("xyz") or colour.space == "srgb-linear":
        parts = [_gamma(part) for part in parts]
    red, green, blue = (max(0.0, min(1.0, part)) for part in parts[:3])
    return Colour(red, green, blue, colour.alpha)


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
