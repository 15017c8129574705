"""Spreads a declaration over the properties that it sets, e.g. `margin` over its four sides."""

from ingest.html.css.colours import read_colour
from ingest.html.css.lengths import length_px
from ingest.html.css.properties import (
    IMAGES,
    READ,
    SIDES,
    is_valid,
    is_wide,
    property_name,
)
from ingest.html.css.tokens import (
    Token,
    Tokens,
    four_sides,
    function,
    is_mark,
    keyword,
    split,
    split_at_commas,
    word,
    words,
)

_FOUR_SIDES = {
    "margin": tuple(f"margin-{side}" for side in SIDES),
    "padding": tuple(f"padding-{side}" for side in SIDES),
    "inset": SIDES,
}
_PAIRS = {
    "overflow": ("overflow-x", "overflow-y"),
    "inset-block": ("top", "bottom"),
    "inset-inline": ("left", "right"),
    "margin-block": ("margin-top", "margin-bottom"),
    "margin-inline": ("margin-left", "margin-right"),
    "padding-block": ("padding-top", "padding-bottom"),
    "padding-inline": ("padding-left", "padding-right"),
}
_MIXED = {
    "background": ("background-color", "background-image", "background-clip"),
    "font": ("font-size",),
    "flex": ("flex-grow",),
    "mask": ("mask-image",),
    "-webkit-mask": ("mask-image",),
    "all": tuple(READ),
}
_SET_BY = _FOUR_SIDES | _PAIRS | _MIXED

_IN_BACKGROUND = frozenset(
    "none repeat repeat-x repeat-y no-repeat round space scroll fixed local top left right bottom"
    " center cover contain auto border-box padding-box content-box text".split()
)
_BEFORE_FONT_SIZE = frozenset(
    "normal italic oblique small-caps bold bolder lighter ultra-condensed extra-condensed"
    " condensed semi-condensed semi-expanded expanded extra-expanded ultra-expanded".split()
)
_SYSTEM_FONTS = frozenset("caption icon menu message-box small-caption status-bar".split())


def longhands(written: str) -> tuple[str, ...]:
    """Return the properties that matter which a declaration sets; none if it does not matter."""
    name = property_name(written)
    if name.startswith("animation-"):
        return ("animation",)
    return _SET_BY.get(name, (name,) if name in READ else ())


def expand(written: str, value: Tokens) -> dict[str, Tokens]:
    """Return what a declaration sets the properties that matter to; nothing if it is invalid."""
    name = property_name(written)
    names = longhands(written)
    if is_wide(value):
        return dict.fromkeys(names, value)
    spread = _spread(name, names, value)
    return spread if all(is_valid(name, value) for name, value in spread.items()) else {}


def _spread(name: str, names: tuple[str, ...], value: Tokens) -> dict[str, Tokens]:
    if not value or name == "all":
        return {}
    if name in _FOUR_SIDES:
        sides = four_sides(value) if len(value) <= 4 else ()
        return {side: (part,) for side, part in zip(names, sides, strict=False)}
    if name in _PAIRS:
        return {} if len(value) > 2 else dict(zip(names, ((value[0],), (value[-1],)), strict=True))
    if name == "background":
        return _background(value)
    if name == "font":
        return _font(value)
    if name == "flex":
        return {"flex-grow": (value[0],)} if word(value[0]) != "none" else {}
    if name in ("mask", "-webkit-mask"):
        images = tuple(token for token in value if _is_image(token))
        return {"mask-image": images} if images else {}
    return dict.fromkeys(names, value)


def _background(value: Tokens) -> dict[str, Tokens]:
    layers = split_at_commas(value)
    colours = [[token for token in layer if read_colour(token) is not None] for layer in layers]
    if any(colours[:-1]) or len(colours[-1]) > 1 or not all(map(_may_be_in_background, value)):
        return {}
    images = tuple(token for token in value if _is_image(token))
    spread: dict[str, Tokens] = {
        "background-color": tuple(colours[-1]) or keyword("transparent"),
        "background-image": images or keyword("none"),
    }
    clips = words(value)
    return spread | {"background-clip": keyword("text" if "text" in clips else "border-box")}


def _may_be_in_background(token: Token) -> bool:
    return (
        is_mark(token, ",/")
        or _is_image(token)
        or word(token) in _IN_BACKGROUND
        or length_px(token) is not None
        or read_colour(token) is not None
    )


def _is_image(token: Token) -> bool:
    return token.type == "url" or function(token) in IMAGES


def _font(value: Tokens) -> dict[str, Tokens]:
    if len(value) == 1 and word(value[0]) in _SYSTEM_FONTS:
        return {"font-size": keyword("medium")}
    before, *after = split(value, lambda token: is_mark(token, "/"))
    at = next((at for at, token in enumerate(before) if _is_font_size(token)), None)
    if at is None or not all(_may_precede_font_size(token) for token in before[:at]):
        return {}
    family = after[0][1:] if after else before[at + 1 :]
    return {"font-size": (before[at],)} if family else {}


def _is_font_size(token: Token) -> bool:
    return is_valid("font-size", (token,)) and not is_wide((token,))


def _may_precede_font_size(token: Token) -> bool:
    return word(token) in _BEFORE_FONT_SIZE or token.type in ("number", "dimension")
