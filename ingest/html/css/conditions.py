"""Tells which media queries and other conditions hold in a light desktop window."""

import operator
from collections.abc import Callable
from itertools import pairwise

from ingest.html.css.lengths import HEIGHT_PX, WIDTH_PX, length_px
from ingest.html.css.tokens import (
    Token,
    Tokens,
    arguments,
    function,
    is_mark,
    significant,
    split,
    split_at_commas,
    word,
    words,
)

Judge = Callable[[Token], bool | None]
"""Tells whether a part of a condition holds; None where it can't be told."""

_NUMBERS: dict[str, float] = {
    "width": WIDTH_PX,
    "height": HEIGHT_PX,
    "device-width": WIDTH_PX,
    "device-height": HEIGHT_PX,
    "inline-size": WIDTH_PX,
    "block-size": HEIGHT_PX,
    "aspect-ratio": WIDTH_PX / HEIGHT_PX,
    "device-aspect-ratio": WIDTH_PX / HEIGHT_PX,
    "resolution": 1,
    "device-pixel-ratio": 1,
    "color": 8,
    "color-index": 0,
    "monochrome": 0,
    "grid": 0,
    "transform-3d": 1,
}
_KEYWORDS = {
    "orientation": "landscape",
    "hover": "hover",
    "any-hover": "hover",
    "pointer": "fine",
    "any-pointer": "fine",
    "update": "fast",
    "scripting": "enabled",
    "color-gamut": "srgb",
    "dynamic-range": "standard",
    "display-mode": "browser",
    "overflow-block": "scroll",
    "overflow-inline": "scroll",
    "prefers-color-scheme": "light",
    "prefers-contrast": "no-preference",
    "prefers-reduced-data": "no-preference",
    "prefers-reduced-motion": "no-preference",
    "prefers-reduced-transparency": "no-preference",
    "forced-colors": "none",
    "inverted-colors": "none",
}
_OFF = frozenset(("none", "no-preference"))
_DOTS_PER = {"dppx": 1.0, "x": 1.0, "dpi": 1 / 96, "dpcm": 2.54 / 96}
_SIGNS = {
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
}


def media_hold(query: Tokens) -> bool:
    """Tell whether one of the media queries holds; none at all is no condition."""
    return not query or any(
        bool(_holds(significant(part), _judge_media)) for part in split_at_commas(query)
    )


def container_can_hold(query: Tokens) -> bool:
    """Tell whether a container query holds where the window itself is the container."""
    if query and word(query[0]) not in ("", "not"):
        query = query[1:]
    return bool(_holds(query, _judge_media))


def supports_hold(condition: Tokens, is_supported: Callable[[str, Tokens], bool]) -> bool:
    """Tell whether a browser can do what a condition names."""

    def judge(token: Token) -> bool | None:
        if function(token) == "selector":
            return True
        if token.type != "() block":
            return None
        content = arguments(token)
        if len(content) > 1 and is_mark(content[1], ":"):
            return is_supported(word(content[0]), content[2:])
        return _holds(content, judge)

    return bool(_holds(condition, judge))


def _holds(tokens: Tokens, judge: Judge) -> bool | None:
    """Judge parts joined by and, or, not. What is unknown stays unknown, also when negated."""
    if tokens and word(tokens[0]) == "not":
        held = _holds(tokens[1:], judge)
        return None if held is None else not held
    parts = [judge(token) for token in tokens if word(token) not in ("and", "or", "only")]
    decisive = "or" in words(tokens)
    if decisive in parts:
        return decisive
    return None if not parts or None in parts else not decisive


def _judge_media(token: Token) -> bool | None:
    if word(token):
        return word(token) in ("all", "screen")
    if token.type != "() block":
        return None
    content = arguments(token)
    if content and (content[0].type == "() block" or word(content[0]) == "not"):
        return _holds(content, _judge_media)
    return _judge_feature(content)


def _judge_feature(content: Tokens) -> bool | None:
    if not content:
        return None
    if len(content) == 1:
        return _is_on(_name(word(content[0])))
    if is_mark(content[1], ":"):
        return _judge_pair(_name(word(content[0])), content[2:])
    return _judge_range(content)


def _name(feature: str) -> str:
    return feature.removeprefix("-webkit-").removeprefix("-moz-")


def _is_on(name: str) -> bool | None:
    if name in _KEYWORDS:
        return _KEYWORDS[name] not in _OFF
    return bool(_NUMBERS[name]) if name in _NUMBERS else None


def _judge_pair(name: str, value: Tokens) -> bool | None:
    if name in _KEYWORDS:
        return words(value) == [_KEYWORDS[name]]
    bound, _, rest = name.partition("-")
    compare = {"min": operator.ge, "max": operator.le}.get(bound)
    feature = _name(rest) if compare else name.replace("min--moz-", "")
    amount = _amount(value)
    if feature not in _NUMBERS or amount is None:
        return None
    return bool((compare or operator.eq)(_NUMBERS[feature], amount))


def _judge_range(content: Tokens) -> bool | None:
    """Judge e.g. `400px <= width < 70em`."""
    sides = split(content, lambda token: is_mark(token, "<>="))
    amounts = [
        _NUMBERS.get(word(side[0])) if len(side) == 1 and word(side[0]) else _amount(tuple(side))
        for side in sides
        if side
    ]
    signs = _signs(content)
    known = [amount for amount in amounts if amount is not None]
    if len(known) != len(signs) + 1 or not set(signs) <= set(_SIGNS):
        return None
    return all(
        _SIGNS[sign](left, right)
        for sign, (left, right) in zip(signs, pairwise(known), strict=True)
    )


def _signs(content: Tokens) -> list[str]:
    marks = "".join(token.value if is_mark(token, "<>=") else " " for token in content)
    return marks.split()


def _amount(value: Tokens) -> float | None:
    if len(value) == 3 and is_mark(value[1], "/"):
        top, bottom = _amount(value[:1]), _amount(value[2:])
        return None if top is None or not bottom else top / bottom
    if len(value) != 1:
        return None
    (token,) = value
    if token.type == "number":
        return float(token.value)
    if token.type == "dimension" and token.lower_unit in _DOTS_PER:
        return float(token.value) * _DOTS_PER[token.lower_unit]
    return length_px(token)
