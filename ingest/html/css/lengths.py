"""Turns CSS lengths into pixels, as in a desktop window."""

from dataclasses import dataclass

from ingest.html.css.tokens import Token, arguments, function, is_mark, split_at_commas

WIDTH_PX = 1280
HEIGHT_PX = 800
"""Of the window that the page is taken to be seen in."""

FONT_PX = 16

_PX_PER = {
    "px": 1,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "q": 2.4 / 2.54,
    "in": 96,
    "pt": 96 / 72,
    "pc": 16,
    "rem": FONT_PX,
    "rlh": 1.2 * FONT_PX,
}
_FONTS_PER = {"em": 1, "ex": 0.5, "ch": 0.5, "cap": 0.7, "ic": 1, "lh": 1.2}
_PX_PER_WINDOW_UNIT = {
    "w": WIDTH_PX / 100,
    "i": WIDTH_PX / 100,
    "h": HEIGHT_PX / 100,
    "b": HEIGHT_PX / 100,
    "min": min(WIDTH_PX, HEIGHT_PX) / 100,
    "max": max(WIDTH_PX, HEIGHT_PX) / 100,
}
_WINDOW_PREFIXES = ("sv", "lv", "dv", "cq", "v")


@dataclass(frozen=True, slots=True)
class Scale:
    """What lengths are relative to."""

    font_px: float = FONT_PX
    whole_px: float = WIDTH_PX
    """What 100% is."""


def length_px(token: Token, scale: Scale = Scale()) -> float | None:
    """Return a length or percentage in pixels; None for what is neither."""
    if token.type == "number":
        return 0 if token.value == 0 else None
    return _amount(token, scale)


def number(token: Token) -> float | None:
    """Return a number, 1 for 100%; None for what is neither."""
    return None if token.type == "dimension" else _amount(token, Scale(whole_px=1))


def _amount(token: Token, scale: Scale) -> float | None:
    if token.type == "number":
        return float(token.value)
    if token.type == "percentage":
        return float(token.value) / 100 * scale.whole_px
    if token.type == "dimension":
        per = _px_per(token.lower_unit, scale)
        return None if per is None else float(token.value) * per
    if token.type == "() block":
        return _calculated(arguments(token), scale)
    return _function(token, scale)


def _px_per(unit: str, scale: Scale) -> float | None:
    if unit in _FONTS_PER:
        return _FONTS_PER[unit] * scale.font_px
    for prefix in _WINDOW_PREFIXES:
        if unit.startswith(prefix) and unit[len(prefix) :] in _PX_PER_WINDOW_UNIT:
            return _PX_PER_WINDOW_UNIT[unit[len(prefix) :]]
    return _PX_PER.get(unit)


def _function(token: Token, scale: Scale) -> float | None:
    name = function(token)
    if name not in ("calc", "-webkit-calc", "min", "max", "clamp"):
        return None
    amounts = [_calculated(part, scale) for part in split_at_commas(arguments(token))]
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts):
        return None
    if name == "clamp":
        return max(known[0], min(known[1:])) if len(known) == 3 else None
    return min(known) if name == "min" else max(known)


def _calculated(tokens: "list[Token] | tuple[Token, ...]", scale: Scale) -> float | None:
    """Return what a sum of products comes to."""
    terms: list[float] = []
    sign = "+"
    for token in tokens:
        if is_mark(token, "+-*/"):
            sign = token.value
            continue
        amount = _amount(token, scale)
        if amount is None or (sign in "*/" and not terms) or (sign == "/" and not amount):
            return None
        if sign in "*/":
            terms[-1] *= amount if sign == "*" else 1 / amount
        else:
            terms.append(amount if sign == "+" else -amount)
        sign = "+"
    return sum(terms) if terms else None
