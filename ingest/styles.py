"""Reads as much of a page's CSS as it takes to tell what a browser would not show."""

import re
from collections.abc import Iterable, Iterator, Mapping
from colorsys import hls_to_rgb
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

WIDTH_PX = 1280
"""Of the window that the page is taken to be seen in."""

_MOST_RULES = 5_000
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_TOKEN = re.compile(r"([^{};]*)([{};])")
_DECLARATION = re.compile(
    r"\s*([\w-]+)\s*:\s*([^;]*?)\s*(!\s*important\s*)?(?:;|\Z)", re.IGNORECASE
)
_COMPOUND = re.compile(r"([a-z][\w-]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_PART = re.compile(r"([.#])([\w-]+)")
_WIDTH = re.compile(r"(min|max)-width\s*:\s*([\d.]+)\s*(px|r?em)", re.IGNORECASE)
_PX_PER = {"px": 1, "em": 16, "rem": 16}

Declarations = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Compound:
    """One step of a selector, e.g. `p.note`."""

    tag: str
    ids: frozenset[str]
    classes: frozenset[str]

    def matches(self, element: "HtmlElement") -> bool:
        return (
            self.tag in ("", "*", element.tag)
            and self.ids <= {element.get("id")}
            and self.classes <= set((element.get("class") or "").split())
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    steps: tuple[_Compound, ...]
    """Outermost first; each may stand anywhere below the one before."""

    declarations: tuple[tuple[str, str, bool], ...]
    """Property, value, and whether it is marked important."""

    @property
    def weight(self) -> tuple[int, int, int]:
        return (
            sum(len(step.ids) for step in self.steps),
            sum(len(step.classes) for step in self.steps),
            sum(step.tag not in ("", "*") for step in self.steps),
        )

    def matches(self, element: "HtmlElement") -> bool:
        *above, last = self.steps
        if not last.matches(element):
            return False
        for ancestor in element.iterancestors():
            if above and above[-1].matches(ancestor):
                above.pop()
        return not above


class StyleSheet:
    """The rules of a page's own `style` elements: of tags, classes, ids and what stands in them.

    Selectors with attributes, siblings or states are left out: they style what is hovered over
    or opened, which is no part of telling whether a text is shown.
    """

    def __init__(self, sheets: Iterable[str]) -> None:
        self._by_key: dict[str, list[tuple[tuple[int, ...], _Rule]]] = {}
        for order, rule in enumerate(_read_rules(sheets)):
            if order == _MOST_RULES:
                break
            for key in _keys(rule.steps[-1]):
                self._by_key.setdefault(key, []).append(((*rule.weight, order), rule))

    def declarations(self, element: "HtmlElement") -> Declarations:
        """Return the element's own style, by the rules that match it and its `style` attribute."""
        keys = [element.tag, "*", f"#{element.get('id')}"]
        keys += [f".{name}" for name in (element.get("class") or "").split()]
        rules = sorted(
            (
                pair
                for key in keys
                for pair in self._by_key.get(key, ())
                if pair[1].matches(element)
            ),
            key=lambda pair: pair[0],
        )
        written = [declaration for _, rule in rules for declaration in rule.declarations]
        written += _read_declarations(element.get("style") or "")
        written.sort(key=lambda declaration: declaration[2])
        return {name: value for name, value, _ in written}


def _keys(compound: _Compound) -> list[str]:
    """What the rules of an element are looked up by; the surest is enough."""
    if compound.ids:
        return [f"#{min(compound.ids)}"]
    return [f".{min(compound.classes)}"] if compound.classes else [compound.tag or "*"]


def _read_rules(sheets: Iterable[str]) -> Iterator[_Rule]:
    for sheet in sheets:
        shown = [True]
        selector = ""
        for before, mark in _TOKEN.findall(_COMMENT.sub(" ", sheet)):
            if mark == "{":
                selector = before.strip()
                shown.append(shown[-1] and _is_for_screens(selector))
                body = ""
            elif mark == ";" and selector:
                body += before + ";"
            elif mark == "}":
                if selector and shown[-1] and not selector.startswith("@"):
                    yield from _rules(selector, body + before)
                selector = ""
                if len(shown) > 1:
                    shown.pop()


def _is_for_screens(rule: str) -> bool:
    """Tell whether what an at-rule holds is for a wide screen; other rules hold what they say."""
    if not rule.startswith("@"):
        return True
    name, _, query = rule.lower().partition(" ")
    if name == "@media":
        bounds = [(kind, float(n) * _PX_PER[unit]) for kind, n, unit in _WIDTH.findall(query)]
        return ("print" not in query or "not print" in query) and all(
            px <= WIDTH_PX if kind == "min" else px >= WIDTH_PX for kind, px in bounds
        )
    return name in ("@supports", "@layer", "@container")


def _rules(selectors: str, body: str) -> Iterator[_Rule]:
    declarations = tuple(_read_declarations(body))
    if not declarations:
        return
    for selector in selectors.split(","):
        steps = [_COMPOUND.fullmatch(step) for step in selector.replace(">", " ").split()]
        if steps and all(steps):
            yield _Rule(tuple(_compound(step) for step in steps if step), declarations)


def _compound(match: re.Match[str]) -> _Compound:
    parts = _PART.findall(match[2])
    return _Compound(
        (match[1] or "").lower(),
        frozenset(name for mark, name in parts if mark == "#"),
        frozenset(name for mark, name in parts if mark == "."),
    )


def _read_declarations(body: str) -> Iterator[tuple[str, str, bool]]:
    for name, value, important in _DECLARATION.findall(body):
        yield name.lower(), value.lower(), bool(important)


_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b")
_RGB = re.compile(r"rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:[\s,/]+([\d.]+)(%)?)?\s*\)")
_HSL = re.compile(r"hsla?\(\s*([\d.]+)(?:deg)?[\s,]+([\d.]+)%[\s,]+([\d.]+)%")
_NAMED: Mapping[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "floralwhite": (255, 250, 240),
    "ghostwhite": (248, 248, 255),
    "mintcream": (245, 255, 250),
    "azure": (240, 255, 255),
    "seashell": (255, 245, 238),
    "whitesmoke": (245, 245, 245),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "yellow": (255, 255, 0),
    "blue": (0, 0, 255),
    "green": (0, 128, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
}

Colour = tuple[int, int, int]
TRANSPARENT = "transparent"


def read_colour(value: str) -> Colour | str | None:
    """Return the colour in a value of `color` or `background`; None if it cannot be told."""
    if match := _HEX.search(value):
        digits = match[1] if len(match[1]) > 4 else "".join(2 * digit for digit in match[1])
        red, green, blue, *alpha = bytes.fromhex(digits)
        return TRANSPARENT if alpha and alpha[0] < 26 else (red, green, blue)
    if match := _RGB.search(value):
        if match[4] and float(match[4]) / (100 if match[5] else 1) < 0.1:
            return TRANSPARENT
        red, green, blue = (min(255, round(float(match[at]))) for at in (1, 2, 3))
        return red, green, blue
    if match := _HSL.search(value):
        hue, saturation, lightness = (float(match[at]) for at in (1, 2, 3))
        shares = hls_to_rgb(hue / 360, min(1, lightness / 100), min(1, saturation / 100))
        red, green, blue = (round(255 * share) for share in shares)
        return red, green, blue
    words = value.split()
    if TRANSPARENT in words:
        return TRANSPARENT
    return next((_NAMED[word] for word in words if word in _NAMED), None)
