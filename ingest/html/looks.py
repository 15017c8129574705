"""Works out how an element's own text looks: whether an eye can make words of it."""

from dataclasses import dataclass, replace
from functools import cached_property

from ingest.html.css.cascade import Style
from ingest.html.css.colours import BLACK, WHITE, Colour, read_colour
from ingest.html.css.lengths import FONT_PX, Scale, length_px, number
from ingest.html.css.tokens import Token, Tokens, address, arguments, function, word, words

_UNREADABLE_PX = 3
_UNREADABLE_SPACING = -0.5
"""Of the font's size: the letters lie on each other."""

_SEEN_THROUGH = 0.1

_FONT_SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
}
_FONT_STEPS = {"smaller": 1 / 1.2, "larger": 1.2}

_LEAST_PICTURE = 40
"""Characters: a picture written into the page in fewer, e.g. `data:,`, is none."""


@dataclass(frozen=True)
class Look:
    """What an element's text inherits, or has around it."""

    colour: Colour | None = BLACK
    fill: Colour | None = None
    """What the letters are filled with in place of the colour."""

    ground: Colour | None = WHITE
    """What the text stands on. Of this as of the colour: None where it can't be told."""

    visible: bool = True
    opacity: float = 1
    font_px: float = FONT_PX
    spacing: float = 0
    """Between letters, as a part of the font's size."""

    @cached_property
    def is_readable(self) -> bool:
        return (
            self.visible
            and self.font_px > _UNREADABLE_PX
            and self.spacing > _UNREADABLE_SPACING
            and not self._is_drowned
        )

    @property
    def is_faded(self) -> bool:
        return self.opacity < _SEEN_THROUGH

    @property
    def _is_drowned(self) -> bool:
        ink = self.fill or self.colour
        if ink is None:
            return False
        if ink.alpha < _SEEN_THROUGH:
            return True
        return self.ground is not None and ink.is_lost_on(self.ground)

    def within(self, style: Style) -> "Look":
        """Return the look of an element of this style in an element that looks like this."""
        if not style:
            return self
        look = self
        if visibility := style.get("visibility"):
            look = replace(look, visible=words(visibility) == ["visible"])
        look = replace(look, opacity=self.opacity * _opacity(style), font_px=self._font_px(style))
        if spacing := style.get("letter-spacing"):
            px = length_px(spacing[0], Scale(look.font_px, look.font_px)) or 0
            look = replace(look, spacing=px / look.font_px if look.font_px else 0)
        return look._coloured(style)

    def uncovered(self) -> "Look":
        """Return the look without what hides it for a while."""
        return replace(self, visible=True, opacity=1)

    def _font_px(self, style: Style) -> float:
        zoom = _number(style.get("zoom"), 1) or 1  # browsers take 0 for 1
        size = style.get("font-size")
        if not size:
            return self.font_px * zoom
        name = word(size[0])
        if name in _FONT_SIZES:
            return _FONT_SIZES[name] * zoom
        if name:
            return self.font_px * _FONT_STEPS.get(name, 1) * zoom
        px = length_px(size[0], Scale(self.font_px, self.font_px))
        return zoom * (self.font_px if px is None else px)

    def _coloured(self, style: Style) -> "Look":
        look = self
        if colour := style.get("color"):
            read = read_colour(colour[0])
            look = replace(look, colour=self.colour if isinstance(read, str) else read)
        if fill := style.get("-webkit-text-fill-color"):
            read = read_colour(fill[0])
            look = replace(look, fill=None if isinstance(read, str) else read)
        if "background-color" not in style and "background-image" not in style:
            return look
        ground = _ground(style, look)
        if "text" in words(style.get("background-clip", ())):
            # Letters through which the ground shows.
            return replace(look, colour=ground, fill=None)
        return replace(look, ground=ground)


def _number(value: Tokens | None, unless: float) -> float:
    read = number(value[0]) if value else None
    return unless if read is None else read


def _opacity(style: Style) -> float:
    opacity = max(0.0, min(1.0, _number(style.get("opacity"), 1)))
    for token in style.get("filter", ()):
        if function(token) == "opacity":
            opacity *= max(0.0, min(1.0, _number(arguments(token), 1)))
    return opacity


def _ground(style: Style, look: Look) -> Colour | None:
    """Return what an element's text stands on, its own background over what is there already."""
    ground = look.ground
    value = style.get("background-color")
    own = read_colour(value[0]) if value else None
    if isinstance(own, str):
        own = look.colour
    if own is not None and own.alpha > 0:
        ground = own if own.alpha == 1 else own.over(ground) if ground is not None else None
    for image in style.get("background-image", ()):
        if _is_picture(image) and (own is None or own.alpha < 1):
            return None
        if function(image).endswith("gradient"):
            ground = _gradient_ground(image, ground)
    return ground


def _is_picture(image: Token) -> bool:
    """Tell whether an image is one to fetch; its own colour is chosen to stand in for it."""
    if image.type != "url" and function(image) != "url":
        return bool(function(image)) and not function(image).endswith("gradient")
    given = address(image)
    return bool(given) and not (given.startswith("data:") and len(given) < _LEAST_PICTURE)


def _gradient_ground(image: Token, ground: Colour | None) -> Colour | None:
    """Return the colour of a gradient that is one all over; None for another."""
    colours = [colour for colour in map(read_colour, arguments(image)) if colour is not None]
    seen = [
        colour.over(ground) if ground is not None else colour
        for colour in colours
        if isinstance(colour, Colour)
    ]
    if not seen or len(seen) < len(colours):
        return None
    alike = all(colour.is_lost_on(seen[0]) for colour in seen)
    return seen[0] if alike and (ground is not None or seen[0].alpha == 1) else None
