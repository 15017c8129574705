"""Reads the rules of a page's style sheets that matter to whether a text is seen."""

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from tinycss2 import parse_blocks_contents, parse_rule_list

from ingest.html.css.conditions import container_can_hold, media_hold, supports_hold
from ingest.html.css.selector_tests import Selector
from ingest.html.css.selectors import SelectorReader
from ingest.html.css.shorthands import expand, longhands
from ingest.html.css.support import is_supported
from ingest.html.css.tokens import (
    Token,
    Tokens,
    address,
    arguments,
    sheet_rules,
    significant,
    word,
)
from ingest.html.css.variables import has_variable

_DEEPEST_IMPORT = 3
_DATA = "data:text/css"
_UNLAYERED = 1_000_000
"""The layer of what is in none: later than all that there can be."""

_HIDING = (("display", "none"), ("visibility", "hidden"))


@dataclass(frozen=True, slots=True)
class Declaration:
    """One property and its value, or what is still to be made of a value with variables."""

    name: str
    value: Tokens
    is_important: bool = False
    shorthand: str = ""
    """What the value was written for, if it has variables."""


@dataclass(frozen=True, slots=True)
class Rule:
    selector: Selector
    declarations: tuple[Declaration, ...]
    layer: int
    """Later layers win, and what is in none wins over all."""


def read_declarations(nodes: Iterable[Token]) -> Iterator[Declaration]:
    """Yield the valid declarations of properties that matter."""
    for node in nodes:
        if node.type != "declaration":
            continue
        value = significant(node.value)
        if node.name.startswith("--"):
            yield Declaration(node.name, value, node.important)
        elif names := longhands(node.lower_name):
            if has_variable(value):
                for name in names:
                    yield Declaration(name, value, node.important, node.lower_name)
            else:
                for name, part in expand(node.lower_name, value).items():
                    yield Declaration(name, part, node.important)


class RuleReader:
    """Gathers rules and keyframes out of style sheets."""

    def __init__(self, selectors: SelectorReader) -> None:
        self.rules: list[Rule] = []
        self.last_frames: dict[str, tuple[Declaration, ...]] = {}
        """How an animation leaves what it moves, by the animation's name."""

        self._selectors = selectors
        self._layers: dict[str, int] = {}

    def read(self, css: str, imports: int = 0) -> None:
        """Read a style sheet, after those read before."""
        self._read(sheet_rules(css), _Place(imports=imports))

    def _read(self, nodes: Iterable[Token], place: "_Place") -> None:
        for node in nodes:
            if node.type == "qualified-rule":
                self._read_rule(node, place)
            elif node.type == "at-rule":
                self._read_at_rule(node, place)

    def _read_rule(self, node: Token, place: "_Place") -> None:
        if not self._selectors.can_match(node.prelude):
            return
        content = parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
        declarations = tuple(read_declarations(content))
        nested = [node for node in content if node.type in ("qualified-rule", "at-rule")]
        if not declarations and not nested:
            return
        selectors = self._selectors.read(node.prelude, place.around)
        self._add(selectors, declarations, place)
        if nested and selectors:
            self._read(nested, place.inside(selectors))

    def _add(
        self, selectors: Sequence[Selector], declarations: Iterable[Declaration], place: "_Place"
    ) -> None:
        if not place.is_sure:
            declarations = filter(_hides, declarations)
        kept = tuple(declarations)
        if kept:
            self.rules.extend(Rule(selector, kept, place.layer) for selector in selectors)

    def _read_at_rule(self, node: Token, place: "_Place") -> None:
        prelude = significant(node.prelude)
        match node.lower_at_keyword:
            case "import" if place.imports < _DEEPEST_IMPORT:
                self._import(prelude, place)
            case "keyframes" | "-webkit-keyframes" if prelude and node.content:
                name = str(getattr(prelude[0], "value", ""))
                self.last_frames[name] = tuple(_last_frame(node.content))
            case "layer" if node.content is None:
                for token in prelude:
                    self._layer(word(token))
            case "media" if media_hold(prelude):
                self._read_group(node, place)
            case "supports" if supports_hold(prelude, is_supported):
                self._read_group(node, place)
            case "container" if container_can_hold(prelude):
                self._read_group(node, place.unsure())
            case "layer":
                name = "".join(map(word, prelude)) or f" {len(self._layers)}"
                self._read_group(node, place.in_layer(self._layer(name)))
            case "scope":
                around = self._selectors.read(arguments(prelude[0])) if prelude else []
                self._read_group(node, place.inside(around))

    def _read_group(self, node: Token, place: "_Place") -> None:
        if node.content is None:
            return
        if not place.around:
            self._read(parse_rule_list(node.content, skip_whitespace=True), place)
            return
        content = parse_blocks_contents(node.content, skip_whitespace=True)
        self._add(place.around, read_declarations(content), place)
        self._read(content, place)

    def _layer(self, name: str) -> int:
        return self._layers.setdefault(name, len(self._layers))

    def _import(self, prelude: Tokens, place: "_Place") -> None:
        if not prelude:
            return
        css = sheet_in(address(prelude[0]))
        if css and media_hold(prelude[1:]):
            self.read(css, place.imports + 1)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a rule stands in."""

    around: tuple[Selector, ...] = ()
    layer: int = _UNLAYERED
    is_sure: bool = True
    """Not so in a condition of which it can't be told whether it holds."""

    imports: int = 0

    def inside(self, around: Sequence[Selector]) -> "_Place":
        return replace(self, around=tuple(around))

    def in_layer(self, layer: int) -> "_Place":
        return replace(self, layer=layer)

    def unsure(self) -> "_Place":
        return replace(self, is_sure=False)


def sheet_in(url: str) -> str:
    """Return the style sheet that a URL itself holds; nothing for one to fetch."""
    kind, _, data = url.strip().partition(",")
    if not kind.lower().startswith(_DATA):
        return ""
    if not kind.lower().endswith(";base64"):
        return unquote(data)
    try:
        return base64.b64decode(unquote(data)).decode(errors="replace")
    except binascii.Error:
        return ""


def _hides(declaration: Declaration) -> bool:
    value = " ".join(map(word, declaration.value))
    return (declaration.name, value) in _HIDING


def _last_frame(content: Sequence[Token]) -> Iterator[Declaration]:
    for frame in parse_rule_list(content, skip_comments=True, skip_whitespace=True):
        if frame.type == "qualified-rule" and any(
            word(token) == "to" or (token.type == "percentage" and token.value == 100)
            for token in frame.prelude
        ):
            yield from read_declarations(parse_blocks_contents(frame.content))
