"""Says what an element's style is: what of all that the page declares wins for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.html.css.colours import read_attribute_colour
from ingest.html.css.conditions import media_hold
from ingest.html.css.matching import Matcher, Numbers
from ingest.html.css.nodes import Effort, Node
from ingest.html.css.properties import INHERITED, is_wide
from ingest.html.css.rules import Declaration, RuleReader, read_declarations, sheet_in
from ingest.html.css.selectors import SelectorReader
from ingest.html.css.shorthands import expand
from ingest.html.css.tokens import (
    Token,
    Tokens,
    is_mark,
    significant,
    style_declarations,
    values,
    word,
    words,
)
from ingest.html.css.variables import Customs

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CSS = "text/css"
_NOT_APPLIED_IN = ("noscript", "template")

_WITH_GROUND = frozenset("body table thead tbody tfoot tr td th marquee".split())

_STEPS_PER_COPY = 10
"""For each custom property that an element hands on with its own: they take room too."""

_OF_ANIMATIONS = frozenset(
    "both forwards ease ease-in ease-out ease-in-out linear normal running step-start"
    " step-end".split()
)
_LONGEST_SECONDS = 10
"""Of an animation that is waited for."""

Style = Mapping[str, Tokens]
"""What an element's own properties are set to, by property."""

_Weight = tuple[int, ...]
_ATTRIBUTE, _RULE, _STYLE_ATTRIBUTE, _ANIMATION = range(4)
"""Where a declaration stands; a later place wins unless an earlier one is important."""


@dataclass(frozen=True, slots=True, eq=False)
class _Declared:
    """What has won for an element, as far as it can be told without its parents."""

    style: Style
    with_variables: tuple[Declaration, ...]
    customs: Mapping[str, Tokens]


class Styles:
    """The style sheets of a page, applied to its elements from the outside in."""

    def __init__(self, nodes: list[Node]) -> None:
        effort = self._effort = Effort()
        reader = RuleReader(SelectorReader(nodes, effort))
        for css in _sheets(nodes[0].element):
            effort.spend(len(css))
            reader.read(css)
        self._rules = reader.rules
        self._last_frames = reader.last_frames
        self._matcher = Matcher([rule.selector for rule in reader.rules], effort)
        self._inline: dict[str, list[Declaration]] = {}
        self._declared: dict[tuple[Numbers, str, str], _Declared] = {}
        self._completed: dict[tuple[_Declared, Customs], tuple[Style, Customs]] = {}

    def of(self, node: Node, around: Customs) -> tuple[Style, Customs]:
        """Return an element's style and custom properties; `around` are those of its parent."""
        hints = ";".join(_hints(node))
        key = (self._matcher.match(node), hints, node.element.get("style") or "")
        declared = self._declared.get(key)
        if declared is None:
            declared = self._declared[key] = self._declare(*key)
        if not declared.customs and not declared.with_variables:
            return declared.style, around
        known = self._completed.get((declared, around))
        if known is None:
            known = self._completed[declared, around] = self._complete(declared, around)
        return known

    def _complete(self, declared: _Declared, around: Customs) -> tuple[Style, Customs]:
        """Put in the variables, which an element has from its parents too."""
        customs = around.with_own(declared.customs) if declared.customs else around
        if customs is not around:
            self._effort.spend(_STEPS_PER_COPY * len(customs.values))
        resolved = dict(_resolved(declared.with_variables, customs))
        return {**declared.style, **resolved}, customs

    def _declare(self, matched: Numbers, hints: str, inline: str) -> _Declared:
        weighed = [
            *self._weigh(_ATTRIBUTE, self._read_inline(hints)),
            *(pair for number in matched for pair in self._weigh_rule(number)),
            *self._weigh(_STYLE_ATTRIBUTE, self._read_inline(inline)),
        ]
        winners = _winners(weighed)
        if "animation" in winners:
            last_frame = self._last_frames.get(_filling_animation(winners["animation"].value), ())
            winners = _winners([*weighed, *self._weigh(_ANIMATION, last_frame)])
        customs = {name: d.value for name, d in winners.items() if name.startswith("--")}
        known = {name: d for name, d in winners.items() if name not in customs}
        return _Declared(
            dict(_values((name, d.value) for name, d in known.items() if not d.shorthand)),
            tuple(d for d in known.values() if d.shorthand),
            customs,
        )

    def _read_inline(self, css: str) -> list[Declaration]:
        if css not in self._inline:
            self._effort.spend(len(css))
            self._inline[css] = list(read_declarations(style_declarations(css))) if css else []
        return self._inline[css]

    def _weigh_rule(self, number: int) -> Iterator[tuple[_Weight, Declaration]]:
        rule = self._rules[number]
        for declaration in rule.declarations:
            important = declaration.is_important
            layer = -rule.layer if important else rule.layer
            weight = (important, _RULE, layer, *rule.selector.specificity, number)
            yield weight, declaration

    def _weigh(
        self, place: int, declarations: Iterable[Declaration]
    ) -> Iterator[tuple[_Weight, Declaration]]:
        for declaration in declarations:
            yield (declaration.is_important, place), declaration


def _winners(weighed: list[tuple[_Weight, Declaration]]) -> dict[str, Declaration]:
    ordered = sorted(weighed, key=lambda pair: pair[0])
    return {declaration.name: declaration for _, declaration in ordered}


def _resolved(pending: Iterable[Declaration], customs: Customs) -> Iterator[tuple[str, Tokens]]:
    for declaration in pending:
        value = customs.resolve(declaration.value)
        part = None if value is None else expand(declaration.shorthand, value)
        if part and declaration.name in part:
            yield from _values([(declaration.name, part[declaration.name])])


def _values(pairs: Iterable[tuple[str, Tokens]]) -> Iterator[tuple[str, Tokens]]:
    """Leave out what is as if it were not set."""
    for name, value in pairs:
        if not is_wide(value):
            yield name, value
        elif name in INHERITED and word(value[0]) == "initial":
            yield name, INHERITED[name]


def _sheets(page: "HtmlElement") -> Iterator[str]:
    """Yield the style sheets that a page holds and a browser applies."""
    for element in page.iter("style", "link"):
        if not media_hold(significant(values(element.get("media") or ""))):
            continue
        if next(element.iterancestors(*_NOT_APPLIED_IN), None) is not None:
            continue
        kind = (element.get("type") or _CSS).strip().lower()
        rel = (element.get("rel") or "").lower().split()
        if element.tag == "style" and kind == _CSS:
            yield element.text or ""
        elif "stylesheet" in rel and "alternate" not in rel:
            yield sheet_in(element.get("href") or "")


def _hints(node: Node) -> Iterator[str]:
    """Yield as CSS what HTML's old attributes say."""
    get = node.element.get
    if node.tag in _WITH_GROUND and get("bgcolor"):
        yield f"background-color:{read_attribute_colour(get('bgcolor'))}"
    colour = get("text") if node.tag == "body" else get("color") if node.tag == "font" else None
    if colour:
        yield f"color:{read_attribute_colour(colour)}"


def _filling_animation(value: Tokens) -> str:
    """Return the name of an animation that soon ends, and leaves things as it ends."""
    names = [token.value for token in value if word(token) not in {"", *_OF_ANIMATIONS}]
    fills = {"both", "forwards"}.intersection(words(value))
    one = len(names) == 1 and not any(is_mark(token, ",") for token in value)
    return str(names[0]) if one and fills and not any(map(_delays, value)) else ""


def _delays(token: Token) -> bool:
    """Tell whether an animation takes so long, or is played so often, that it does not end."""
    if token.type == "dimension":
        seconds = token.value / 1000 if token.lower_unit == "ms" else token.value
        return bool(seconds > _LONGEST_SECONDS)
    return token.type == "number" and float(token.value) < 1
