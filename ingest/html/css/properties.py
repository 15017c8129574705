"""Says which properties matter to whether a text is seen, and which values they take.

A browser passes over a value that it cannot read, so that the one before stands. To read more
values than it does would let a page undo, for us alone, what hides a text.
"""

from collections.abc import Callable

from ingest.html.css.colours import read_colour
from ingest.html.css.lengths import length_px, number
from ingest.html.css.tokens import Tokens, function, is_mark, keyword, word, words

_IsValid = Callable[[Tokens], bool]

WIDE = frozenset(("inherit", "initial", "unset", "revert"))
"""What every property can be set to."""

SIDES = ("top", "right", "bottom", "left")

_ALIASES = {
    "inset-inline-start": "left",
    "inset-inline-end": "right",
    "inset-block-start": "top",
    "inset-block-end": "bottom",
    "inline-size": "width",
    "block-size": "height",
    "min-inline-size": "min-width",
    "min-block-size": "min-height",
    "max-inline-size": "max-width",
    "max-block-size": "max-height",
    "overflow-inline": "overflow-x",
    "overflow-block": "overflow-y",
    "-webkit-clip-path": "clip-path",
    "-webkit-transform": "transform",
    "-webkit-filter": "filter",
    "-webkit-opacity": "opacity",
    "-webkit-mask-image": "mask-image",
    "-webkit-background-clip": "background-clip",
    "-webkit-animation": "animation",
    "-webkit-flex": "flex",
    "-webkit-flex-grow": "flex-grow",
    "font-stretch": "font-width",
} | {
    f"{box}-{logical}": f"{box}-{side}"
    for box in ("margin", "padding")
    for logical, side in zip(
        ("block-start", "inline-end", "block-end", "inline-start"), SIDES, strict=True
    )
}


def _words(allowed: str) -> _IsValid:
    known = frozenset(allowed.split())
    return lambda value: bool(value) and known.issuperset(words(value))


def _length(allowed: str = "", most: int = 1, functions: str = "") -> _IsValid:
    known, known_functions = frozenset(allowed.split()), frozenset(functions.split())
    return lambda value: (
        0 < len(value) <= most
        and all(
            length_px(token) is not None
            or word(token) in known
            or function(token) in known_functions
            for token in value
        )
    )


def _numbers(allowed: str = "", most: int = 1) -> _IsValid:
    known = frozenset(allowed.split())
    return lambda value: (
        0 < len(value) <= most
        and all(number(token) is not None or word(token) in known for token in value)
    )


def _functions(names: str, *, also: str = "none") -> _IsValid:
    known, known_words = frozenset(names.split()), frozenset(also.split())
    return lambda value: (
        bool(value)
        and all(
            function(token) in known or word(token) in known_words or token.type == "url"
            for token in value
        )
    )


def is_colour(value: Tokens) -> bool:
    return len(value) == 1 and read_colour(value[0]) is not None


IMAGES = frozenset(
    "url src image image-set -webkit-image-set cross-fade element paint linear-gradient"
    " radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient"
    " repeating-conic-gradient -webkit-linear-gradient -webkit-radial-gradient"
    " -webkit-gradient".split()
)


def _is_images(value: Tokens) -> bool:
    return bool(value) and all(
        token.type == "url"
        or function(token) in IMAGES
        or word(token) == "none"
        or is_mark(token, ",")
        for token in value
    )


def _anything(value: Tokens) -> bool:
    return bool(value)


_SIZES = "auto min-content max-content fit-content stretch -webkit-fill-available -moz-available"
_SIZE = _length(_SIZES, functions="fit-content calc-size anchor-size")
_BOXES = "margin-box border-box padding-box content-box fill-box stroke-box view-box"

READ: dict[str, _IsValid] = {
    "display": _words(
        "none contents block inline flow flow-root flex grid table list-item inline-block"
        " inline-flex inline-grid inline-table table-row table-cell table-row-group"
        " table-header-group table-footer-group table-column table-column-group table-caption"
        " ruby ruby-base ruby-text ruby-base-container ruby-text-container math run-in"
        " -webkit-box -webkit-inline-box -webkit-flex -webkit-inline-flex"
    ),
    "visibility": _words("visible hidden collapse"),
    "content-visibility": _words("visible hidden auto"),
    "position": _words("static relative absolute fixed sticky -webkit-sticky"),
    "overflow-x": _words("visible hidden clip scroll auto overlay"),
    "overflow-y": _words("visible hidden clip scroll auto overlay"),
    "contain": _words("none strict content size inline-size layout style paint"),
    "opacity": _numbers(),
    "zoom": _numbers("normal reset"),
    "flex-grow": _numbers("auto"),
    "scale": _numbers("none", most=3),
    "rotate": _anything,
    "translate": _length("none", most=3),
    "font-size": _length(
        "xx-small x-small small medium large x-large xx-large xxx-large smaller larger math"
    ),
    "color": is_colour,
    "-webkit-text-fill-color": is_colour,
    "background-color": is_colour,
    "background-image": _is_images,
    "background-clip": lambda value: (
        bool(value)
        and {"text", "border-box", "padding-box", "content-box", "border-area", ""}.issuperset(
            words(value)
        )
    ),
    "mask-image": _is_images,
    "text-indent": _length("hanging each-line", most=3),
    "letter-spacing": _length("normal"),
    "word-spacing": _length("normal"),
    "width": _SIZE,
    "height": _SIZE,
    "min-width": _SIZE,
    "min-height": _SIZE,
    "max-width": _length("none " + _SIZES, functions="fit-content"),
    "max-height": _length("none " + _SIZES, functions="fit-content"),
    "transform": _functions(
        "matrix matrix3d perspective rotate rotatex rotatey rotatez rotate3d scale scalex scaley"
        " scalez scale3d skew skewx skewy translate translatex translatey translatez translate3d"
    ),
    "filter": _functions(
        "blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia"
        " url"
    ),
    "clip": _functions("rect", also="auto"),
    "clip-path": _functions(
        "inset circle ellipse polygon path rect xywh shape url", also="none " + _BOXES
    ),
    "animation": _anything,
}
READ |= {side: _length("auto", functions="anchor") for side in SIDES}
READ |= {f"margin-{side}": _length("auto") for side in SIDES}
READ |= {f"padding-{side}": _length() for side in SIDES}

INHERITED: dict[str, Tokens] = {
    "visibility": keyword("visible"),
    "font-size": keyword("medium"),
    "color": keyword("canvastext"),
    "-webkit-text-fill-color": keyword("currentcolor"),
    "text-indent": keyword("normal"),
    "letter-spacing": keyword("normal"),
    "word-spacing": keyword("normal"),
}
"""What an element has from its parent, with what it is where nothing sets it."""


def property_name(written: str) -> str:
    return _ALIASES.get(written, written)


def is_wide(value: Tokens) -> bool:
    """Tell whether a value is e.g. `inherit`."""
    return len(value) == 1 and word(value[0]) in WIDE


def is_valid(name: str, value: Tokens) -> bool:
    """Tell whether one of the properties that matter takes a value."""
    return is_wide(value) or READ[name](value)
