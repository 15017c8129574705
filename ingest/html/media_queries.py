"""Decides which media queries and other conditions of CSS hold in a light desktop window."""

import operator
import re
from collections.abc import Callable
from itertools import pairwise

from ingest.html.css_values import (
    HEIGHT_PX,
    WIDTH_PX,
    Token,
    Tokens,
    arguments,
    function,
    is_mark,
    length_px,
    read_tokens,
    split,
    word,
    words,
)

_NUMBERS: dict[str, float] = {
    "width": WIDTH_PX,
    "height": HEIGHT_PX,
    "device-width": WIDTH_PX,
    "device-height": HEIGHT_PX,
    "aspect-ratio": WIDTH_PX / HEIGHT_PX,
    "resolution": 1,
    "device-pixel-ratio": 1,
    "color": 8,
    "monochrome": 0,
}
_KEYWORDS = {
    "orientation": "landscape",
    "hover": "hover",
    "any-hover": "hover",
    "pointer": "fine",
    "any-pointer": "fine",
    "scripting": "enabled",
    "prefers-color-scheme": "light",
    "prefers-contrast": "no-preference",
    "prefers-reduced-motion": "no-preference",
    "forced-colors": "none",
}
_DOTS_PER = {"dppx": 1.0, "x": 1.0, "dpi": 1 / 96, "dpcm": 2.54 / 96}
_COMPARE = {
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
}
_VENDOR = re.compile(r"-(?:webkit|moz)-")

_Judge = Callable[[Token], bool | None]
"""Returns whether a part of a condition holds; None where that is unknown."""


def media_holds(query: str) -> bool:
    """Return whether one of the media queries holds; none at all is no condition."""
    tokens = read_tokens(query)
    return not tokens or any(bool(_holds(part, _judge_media)) for part in split(tokens, ","))


def supports_holds(condition: str) -> bool:
    """Return whether a browser supports what a condition names: all but other browsers' own."""
    return bool(_holds(read_tokens(condition), _judge_support))


def _judge_support(token: Token) -> bool | None:
    content = arguments(token)
    if function(token) or (len(content) > 1 and is_mark(content[1], ":")):
        return not word(content[0]).startswith(("-ms-", "-moz-")) if content else None
    return _holds(content, _judge_support) if content else None


def _holds(tokens: Tokens, judge: _Judge) -> bool | None:
    """Judge parts joined by and, or, not. What is unknown stays so, also when negated."""
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
    content = arguments(token)
    if token.type != "() block" or not content:
        return None
    if content[0].type == "() block" or word(content[0]) == "not":
        return _holds(content, _judge_media)
    name = _VENDOR.sub("", word(content[0]))
    if len(content) == 1:
        if name in _KEYWORDS:
            return _KEYWORDS[name] not in ("none", "no-preference")
        return bool(_NUMBERS[name]) if name in _NUMBERS else None
    return _judge_pair(name, content[2:]) if is_mark(content[1], ":") else _judge_range(content)


def _judge_pair(name: str, value: Tokens) -> bool | None:
    if name in _KEYWORDS:
        return words(value) == [_KEYWORDS[name]]
    bound, _, feature = name.partition("-")
    sign = {"min": ">=", "max": "<="}.get(bound)
    known = _NUMBERS.get(feature if sign else name)
    amount = _amount(value)
    return None if known is None or amount is None else bool(_COMPARE[sign or "="](known, amount))


def _judge_range(content: Tokens) -> bool | None:
    """Judge e.g. `400px <= width < 70em`."""
    sides = [side for side in split(content, "<>=") if side]
    marks = "".join(token.value if is_mark(token, "<>=") else " " for token in content)
    signs = marks.split()
    amounts = [_NUMBERS.get(word(side[0])) if word(side[0]) else _amount(side) for side in sides]
    known = [amount for amount in amounts if amount is not None]
    if len(known) != len(signs) + 1 or not _COMPARE.keys() >= set(signs):
        return None
    pairs = zip(signs, pairwise(known), strict=True)
    return all(_COMPARE[sign](left, right) for sign, (left, right) in pairs)


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
