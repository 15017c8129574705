"""Applies a page's own `<style>` sheets to its elements, as far as they can hide text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.errors import ReadError
from ingest.html.computed_style import (
    Declaration,
    Style,
    is_supported,
    read_declarations,
    resolve,
    styled,
)
from ingest.html.css_values import Tokens, words
from ingest.html.media_queries import container_may_hold, media_holds, supports_holds

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_STEPS = 5_000_000
"""Characters read and elements tried: ten times what 3,000 elements with 250 KB of CSS take."""

_STEPS_PER_RULE = 300
_STEPS_PER_CALL = 5
"""What reading a rule, and asking one XPath about one element, cost."""

_DEEPEST = 16
_UNLAYERED = 1_000_000
"""The layer of what is in none: later than all that there can be."""

_MATTERS = re.compile(
    r"display|visib|opacity|position|overflow|clip|transform|translate|scale|text-indent|font|color"
    r"|background|spacing|margin|padding|inset|left|right|top|bottom|width|height|size|filter"
    r"|animation|all\s*:|--|\\",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"""("(?:[^"\\\n]|\\[^\0])*"|'(?:[^'\\\n]|\\[^\0])*'|url\([^"')]*\))|/\*[^\0]*?(?:\*/|\Z)|<!--|-->"""
)
_PLAIN_RULE = re.compile(r"\s*([^{}@;\"'\\]+)\{([^{}\"'\\]*)\}")
_MARK = re.compile(
    r"""\\[^\0]|"(?:[^"\\\n]|\\[^\0])*"?|'(?:[^'\\\n]|\\[^\0])*'?|url\(\s*[^"'\s)][^)]*\)?|[{}()\[\];,]"""
)
_CLOSERS = {"{": "}", "(": ")", "[": "]"}
_NAME = re.compile(r"([.#])((?:[\w-]|\\.|[^\x00-\x7f])+)")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\"[^\"]*\"|'[^']*'")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))")
_AT_REST = re.compile(
    r":(?:hover|active|focus|visited|target|checked|disabled|indeterminate|(?:in)?valid"
    r"|placeholder-shown|autofill|fullscreen|modal|popover-open|open|default|host|-webkit|-moz)"
)
"""States in which nothing is on a page that nobody touches, and parts that a browser makes."""

_PATH = re.compile(r"descendant[\w-]{0,10}::|/[a-z]+-sibling::")
_COUNT = re.compile(r"[^/][a-z]+-sibling::")
_TIMING = frozenset(
    "none both forwards ease ease-in ease-out ease-in-out linear normal running infinite".split()
)
_LONGEST_SECONDS = 10
"""Of an animation that is waited for."""

_Tree = Any
"""A parsed selector of cssselect."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What the rules being read stand in."""

    around: tuple[str, ...] = ()
    """Selectors of the rule that they are nested in."""

    layer: int = _UNLAYERED
    is_sure: bool = True
    """Not so in a condition of which it is unknown whether it holds."""

    depth: int = 0


_Weighed = tuple[tuple[Any, ...], Declaration]
"""A declaration with its place in the cascade; the greatest place wins."""


class StyleSheets:
    """The style sheets that a page holds itself; those that it links are not read.

    Raises ReadError where there is more than can be applied.
    """

    def __init__(self, page: "HtmlElement") -> None:
        self._left = _MOST_STEPS
        self._page = page
        self._rules: list[tuple[list[Declaration], int]] = []
        self.matched: dict[HtmlElement, list[tuple[tuple[int, int, int], int]]] = defaultdict(list)
        self._layers: dict[str, int] = {}
        self._last_frames: dict[str, list[Declaration]] = {}
        self._winners: dict[Any, list[Declaration]] = {}
        self._read_bodies: dict[str, list[Declaration]] = {}
        self.are_all = True
        """Whether the page links no further ones."""

        sheets = list(self._sheets())
        if sheets:
            self._selectors = _Selectors(list(page.iter("*")), self._spend)
        for sheet in sheets:
            self._spend(len(sheet))
            self._read(_COMMENT.sub(r"\1", sheet), _Context())

    def style_of(
        self, element: "HtmlElement", around: Mapping[str, str]
    ) -> tuple[Style, Mapping[str, str]]:
        """Return an element's style, and its custom properties; `around` are its parent's."""
        matched = self.matched.get(element, ())
        inline = element.get("style") or ""
        hints = _hints(element)
        if not matched and not inline and not hints:
            return {}, around
        key = (*matched, inline, hints)
        if key not in self._winners:
            self._winners[key] = self._cascade(matched, inline, hints)
        winners = self._winners[key]
        own = {won.name: won.text for won in winners if won.name.startswith("--")}
        if own:
            self._spend(10 * len(around))
            customs = {**around, **own}
            for name, text in own.items():
                customs[name] = resolve(text, customs) or ""
            around = customs
        return styled((won for won in winners if won.name not in own), around), around

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise ReadError("more CSS than can be applied: made to do harm")

    def _sheets(self) -> Iterator[str]:
        for element in self._page.iter("style", "link"):
            rel = (element.get("rel") or "").lower().split()
            kind = (element.get("type") or "text/css").strip().lower()
            is_linked = element.tag == "link"
            if ("stylesheet" not in rel or "alternate" in rel) if is_linked else kind != "text/css":
                continue
            if next(element.iterancestors("noscript", "template"), None) is not None:
                continue
            if not media_holds(element.get("media") or ""):
                continue
            if is_linked:
                self.are_all = False
            else:
                yield element.text or ""

    def _cascade(
        self, matched: Iterable[tuple[tuple[int, int, int], int]], inline: str, hints: str
    ) -> list[Declaration]:
        """Return the declarations that win for an element, one a property."""
        weighed: list[_Weighed] = [((False, -1), each) for each in self._declarations(hints)]
        for specificity, number in matched:
            declarations, layer = self._rules[number]
            weighed += (
                ((d.is_important, 0, -layer if d.is_important else layer, specificity, number), d)
                for d in declarations
            )
        weighed += (((d.is_important, 1), d) for d in self._declarations(inline))
        weighed.sort(key=lambda pair: pair[0])
        winners = {declaration.name: declaration for _, declaration in weighed}
        if "animation" in winners:
            name = _filling_animation(winners["animation"].value)
            winners |= {each.name: each for each in self._last_frames.get(name, ())}
        return list(winners.values())

    def _declarations(self, css: str) -> list[Declaration]:
        if css not in self._read_bodies:
            self._spend(len(css) + _STEPS_PER_RULE)
            self._read_bodies[css] = read_declarations(css) if css else []
        return self._read_bodies[css]

    def _read(self, css: str, context: _Context) -> None:
        if context.depth > _DEEPEST:
            raise ReadError("CSS nested too deep: made to do harm")
        own: list[str] = []
        for prelude, body in _blocks(css, is_nested=bool(context.around)):
            if body is None:
                if not prelude.startswith("@"):
                    own.append(prelude)
                elif prelude.lower().startswith("@layer"):
                    for name in prelude[6:].split(","):
                        self._layer(name)
                elif prelude.lower().startswith("@import"):
                    self.are_all = False
            elif prelude.startswith("@"):
                self._read_group(prelude, body, replace(context, depth=context.depth + 1))
            elif _MATTERS.search(body):
                self._read_rule(prelude, body, context)
        if own and context.around:
            self._add(context.around, ";".join(own), context)

    def _read_group(self, prelude: str, body: str, context: _Context) -> None:
        name, _, condition = prelude[1:].partition(" ")
        name, opened, rest = name.partition("(")
        condition = f"{opened}{rest} {condition}"
        match name.lower():
            case "media" if media_holds(condition):
                self._read(body, context)
            case "supports" if supports_holds(condition, is_supported):
                self._read(body, context)
            case "container" if container_may_hold(condition):
                self._read(body, replace(context, is_sure=False))
            case "layer":
                self._read(body, replace(context, layer=self._layer(condition)))
            case "scope":
                self._read(body, replace(context, around=(condition.strip(" ()"),)))
            case "keyframes" | "-webkit-keyframes":
                for frame, declarations in _blocks(body, is_nested=False):
                    if {"to", "100%"}.intersection(frame.replace(",", " ").lower().split()):
                        self._last_frames[condition.strip()] = read_declarations(declarations or "")

    def _read_rule(self, prelude: str, body: str, context: _Context) -> None:
        parts = [part for part in _split_commas(prelude) if self._selectors.may_match(part)]
        if not parts:
            return
        self._spend(_STEPS_PER_RULE + len(context.around) * len(parts) * _STEPS_PER_CALL)
        if context.around:
            parts = [
                part.replace("&", outer) if "&" in part else f"{outer} {part}"
                for outer in context.around
                for part in _split_commas(prelude)
            ]
        else:
            parts = _split_commas(prelude)
        if "{" in body:
            self._read(body, replace(context, around=tuple(parts), depth=context.depth + 1))
        else:
            self._add(parts, body, context)

    def _add(self, selectors: Sequence[str], body: str, context: _Context) -> None:
        declarations = self._declarations(body)
        if not context.is_sure:
            declarations = [each for each in declarations if _hides(each)]
        if not declarations:
            return
        self._rules.append((declarations, context.layer))
        for specificity, elements in self._selectors.select(selectors):
            for element in elements:
                self.matched[element].append((specificity, len(self._rules) - 1))

    def _layer(self, name: str) -> int:
        name = name.strip() or f" {len(self._layers)}"
        return self._layers.setdefault(name, len(self._layers))


def _blocks(css: str, *, is_nested: bool) -> Iterator[tuple[str, str | None]]:
    """Yield what stands before each block, with what is in it; None for what has no block."""
    at = 0
    while at < len(css):
        plain = _PLAIN_RULE.match(css, at)
        if plain and all(part.count("(") == part.count(")") for part in plain.groups()):
            yield plain[1].strip(), plain[2]
            at = plain.end()
            continue
        is_rule = not is_nested and not css[at:].lstrip().startswith("@")
        end, mark = _find_mark(css, at, "{" if is_rule else "{;")
        close = end
        if mark == "{":
            close, _ = _find_mark(css, end + 1, "}")
        prelude = css[at:end].strip()
        if prelude:
            yield prelude, css[end + 1 : close] if mark == "{" else None
        at = close + 1


def _find_mark(css: str, start: int, marks: str) -> tuple[int, str]:
    """Return where the next of the marks is that stands in no brackets or quotes."""
    closers: list[str] = []
    for match in _MARK.finditer(css, start):
        mark = match[0]
        if not closers and mark in marks:
            return match.start(), mark
        if mark in _CLOSERS:
            closers.append(_CLOSERS[mark])
        elif closers and mark == closers[-1]:
            closers.pop()
    return len(css), ""


def _split_commas(prelude: str) -> list[str]:
    if not re.search(r"[(\[\"'\\]", prelude):
        return [part.strip() for part in prelude.split(",")]
    parts = []
    at = 0
    while at <= len(prelude):
        end, _ = _find_mark(prelude, at, ",")
        parts.append(prelude[at:end].strip())
        at = end + 1
    return parts


def _hints(element: "HtmlElement") -> str:
    """Return as CSS what HTML's old attributes set."""
    get = element.get
    hints = ""
    if (ground := get("bgcolor")) and element.tag in ("body", "table", "tr", "td", "th"):
        hints = f"background-color:{_old_colour(ground)};"
    colour = get("text") if element.tag == "body" else get("color")
    if colour and element.tag in ("body", "font"):
        hints += f"color:{_old_colour(colour)}"
    return hints


def _old_colour(text: str) -> str:
    """Return the CSS for a colour as HTML's old attributes name it, e.g. `FFFFFF`."""
    digits = re.fullmatch(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", text.strip())
    return f"#{digits[1]}" if digits else re.sub(r"\W", "", text)


def _hides(declaration: Declaration) -> bool:
    return (declaration.name, words(declaration.value)) in (
        ("display", ["none"]),
        ("visibility", ["hidden"]),
    )


def _filling_animation(value: Tokens) -> str:
    """Return the name of an animation that soon ends, and leaves things as it ends."""
    seconds = (
        token.value / 1000 if token.lower_unit == "ms" else token.value
        for token in value
        if token.type == "dimension"
    )
    given = words(value)
    names = [name for name in given if name and name not in _TIMING]
    fills = "both" in given or "forwards" in given
    return names[0] if fills and len(names) == 1 and max(seconds, default=0) < 10 else ""


class _Selectors:
    """Finds the elements that selectors are for: names in an index, the rest by XPath."""

    def __init__(self, elements: Sequence["HtmlElement"], spend: Any) -> None:
        self._elements = set(elements)
        self._spend = spend
        self._by_name: dict[str, set[HtmlElement]] = defaultdict(set)
        self._previous: dict[HtmlElement, HtmlElement | None] = {}
        self._parents: dict[HtmlElement, HtmlElement | None] = {}
        last: dict[HtmlElement | None, HtmlElement] = {}
        for element in elements:
            parent = element.getparent()
            self._parents[element] = parent
            self._previous[element] = last.get(parent)
            last[parent] = element
            for name in _names_of(element):
                self._by_name[name].add(element)
        self._by_name[":root"].add(elements[0])

    def may_match(self, selector: str) -> bool:
        """Return, without parsing it, whether all names that it asks for are on the page."""
        if "(" in selector or "[" in selector:
            while (shorter := _BRACKETS.sub("", selector)) != selector:
                selector = shorter
        return all(
            mark + _unescaped(name) in self._by_name for mark, name in _NAME.findall(selector)
        )

    def select(
        self, selectors: Iterable[str]
    ) -> list[tuple[tuple[int, int, int], Iterable["HtmlElement"]]]:
        """Return the elements of each selector of a list, with the selector's specificity.

        A browser takes no selector of a list of which it knows one not.
        """
        from cssselect import SelectorError, parse

        selected: list[tuple[tuple[int, int, int], Iterable[HtmlElement]]] = []
        for text in selectors:
            if "::" in text or _AT_REST.search(text):
                continue
            try:
                (selector,) = parse(text)
                if selector.pseudo_element is None:
                    selected.append((selector.specificity(), self._select(selector.parsed_tree)))
            except (SelectorError, ValueError):
                return []
        return selected

    def _select(self, tree: _Tree) -> set["HtmlElement"]:
        from cssselect.parser import CombinedSelector

        steps = []
        while isinstance(tree, CombinedSelector):
            steps.append((tree.combinator, tree.subselector))
            tree = tree.selector
        matched = self._compound(tree)
        for combinator, compound in reversed(steps):
            before = self._parents if combinator in " >" else self._previous
            candidates = self._compound(compound) if matched else set()
            if combinator in ">+":
                matched = {each for each in candidates if before[each] in matched}
            else:
                matched = self._with_any_before(candidates, before, matched)
        return matched

    def _with_any_before(
        self,
        candidates: set["HtmlElement"],
        before: Mapping["HtmlElement", "HtmlElement | None"],
        outer: set["HtmlElement"],
    ) -> set["HtmlElement"]:
        """Return the candidates that one of the outer ones stands before, asking each once."""
        known: dict[HtmlElement | None, bool] = {None: False}
        for candidate in candidates:
            path = [candidate]
            while path[-1] not in known:
                ahead = before[path[-1]]
                if ahead in outer:
                    known[path[-1]] = True
                elif ahead is None or ahead in known:
                    known[path[-1]] = known[ahead]
                else:
                    path.append(ahead)
            self._spend(len(path))
            known.update(dict.fromkeys(path, known[path[-1]]))
        return {candidate for candidate in candidates if known[candidate]}

    def _compound(self, tree: _Tree) -> set["HtmlElement"]:
        """Return the elements that a selector without combinators is for."""
        from cssselect.parser import Attrib, Class, Element, Hash, Pseudo

        names = []
        part = tree
        is_plain = True
        while not isinstance(part, Element):
            match part:
                case Class():
                    names.append(f".{part.class_name}")
                case Hash():
                    names.append(f"#{part.id}")
                case Pseudo(ident="root"):
                    names.append(":root")
                case Attrib():
                    names.append(f"[{part.attrib.lower()}")
                    is_plain = False
                case _:
                    is_plain = False
            part = part.selector
        if part.element:
            names.append(part.element.lower())
        named = sorted((self._by_name.get(name, set()) for name in names), key=len)
        self._spend(len(named[0]) if named else len(self._elements))
        candidates = set.intersection(*named) if named else self._elements
        return candidates if is_plain else self._by_xpath(tree, candidates)

    def _by_xpath(self, tree: _Tree, candidates: set["HtmlElement"]) -> set["HtmlElement"]:
        from cssselect import HTMLTranslator
        from lxml.etree import XPath

        expression = str(HTMLTranslator().xpath(tree))
        # Steps along one path multiply; the siblings that positions count only add up.
        paths, counts = (len(axis.findall(expression)) for axis in (_PATH, _COUNT))
        size = len(self._elements) // 50
        steps = size ** min(paths, 9) * (1 + size * counts) if paths or counts else 0
        self._spend(len(candidates) * (_STEPS_PER_CALL + steps))
        matches = XPath(f"self::{expression}")
        return {candidate for candidate in candidates if matches(candidate)}


def _names_of(element: "HtmlElement") -> Iterator[str]:
    yield element.tag
    for name, value in element.items():
        yield f"[{name}"
        if name == "id":
            yield f"#{value}"
        elif name == "class":
            yield from (f".{each}" for each in value.split())


def _unescaped(name: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], name)
