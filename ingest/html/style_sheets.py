"""Applies a page's own `<style>` sheets to its elements, as far as they can hide text."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.errors import ReadError
from ingest.html.computed_style import (
    HEIGHT_PX,
    WIDTH_PX,
    Declaration,
    Style,
    length_px,
    read_declarations,
    resolve,
    styled,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_STEPS = 5_000_000
"""Characters read and elements tried: ten times what 3,000 elements with 250 KB of CSS take."""

_STEPS_PER_RULE = 300
_STEPS_PER_CALL = 15
"""What reading a rule, and trying an element with an XPath, takes."""

_DEEPEST = 16
_MATTERS = re.compile(
    r"display|visib|opacity|position|overflow|clip|transform|translate|scale|indent|font|color"
    r"|background|spacing|margin|padding|inset|left|right|top|bottom|width|height|size|flex|filter"
    r"|animation|--|\\",
    re.IGNORECASE,
)
_STRINGS = r"""\\[^\0]|"(?:[^"\\\n]|\\[^\0])*"?|'(?:[^'\\\n]|\\[^\0])*'?|url\(\s*[^"'\s)][^)]*\)?"""
_COMMENT = re.compile(rf"({_STRINGS})|/\*[^\0]*?(?:\*/|\Z)|<!--|-->", re.IGNORECASE)
_MARK = re.compile(rf"{_STRINGS}|[{{}}()\[\];,]", re.IGNORECASE)
_CLOSERS = {"{": "}", "(": ")", "[": "]"}
_PLAIN_RULE = re.compile(r"\s*([^{}@;\"'\\]+)\{([^{}\"'\\]*)\}")
_NAME = re.compile(r"([.#])((?:[\w-]|\\.|[^\x00-\x7f])+)")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\"[^\"]*\"|'[^']*'")
_AT_REST = re.compile(
    r"::|:(?:hover|active|focus|visited|target|checked|disabled|indeterminate|(?:in)?valid|open"
    r"|placeholder-shown|autofill|fullscreen|modal|popover-open|default|host|-webkit|-moz)"
)
"""Parts that a browser makes, and states in which nothing is on a page that nobody touches."""

_PATH = re.compile(r"descendant[\w-]{0,10}::|/[a-z]+-sibling::")
_COUNT = re.compile(r"[^/][a-z]+-sibling::")
_AND = re.compile(r"\band\b")
_WINDOW_SIZE = re.compile(
    r"\(\s*(?:(?P<bound>min|max)-)?(?:device-)?(?P<side>width|height)\s*(?::|(?P<comparison>[<>]=?))"
    r"\s*(?P<amount>[^\s()]+)\s*\)"
)
_FEATURE = re.compile(r"\(\s*(?P<name>[a-z-]+)\s*:\s*(?P<value>[a-z-]+)\s*\)")
_FEATURES = {
    "orientation": "landscape",
    "hover": "hover",
    "pointer": "fine",
    "prefers-color-scheme": "light",
    "prefers-reduced-motion": "no-preference",
}
Customs = Mapping[str, str]
"""The custom properties of an element, by name."""

_Specificity = tuple[int, int, int]
_Tree = Any
"""A parsed selector of cssselect."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What the rules being read stand in."""

    around: tuple[str, ...] = ()
    """Selectors of the rule that they are nested in."""

    depth: int = 0


class StyleSheets:
    """The style sheets that a page holds itself; those that it links are not read.

    Raises ReadError where there is more than can be applied.
    """

    def __init__(self, page: "HtmlElement") -> None:
        self.matched: dict[HtmlElement, list[tuple[_Specificity, int]]] = defaultdict(list)
        """The numbers of the rules for each element."""

        self.are_all = True
        """Whether the page links no further ones."""

        self._page = page
        self._left = _MOST_STEPS
        self._rules: list[list[Declaration]] = []
        self._declared: dict[str, list[Declaration]] = {}
        self._winners: dict[object, list[Declaration]] = {}
        self._styles: dict[object, Style] = {}
        sheets = list(self._sheets())
        if sheets:
            self._selectors = _Selectors(page, self._spend)
        for sheet in sheets:
            self._spend(len(sheet))
            self._read(_COMMENT.sub(r"\1", sheet), _Context())

    def style_of(self, element: "HtmlElement", around: Customs) -> tuple[Style, Customs]:
        """Return an element's style, and its custom properties; `around` are its parent's."""
        key = (*self.matched.get(element, ()), element.get("style") or "", _hints(element))
        if key not in self._winners:
            winners = self._winners[key] = self._cascade(*key)
            if not any(each.text for each in winners):
                self._styles[key] = styled(winners, {})
        if key in self._styles:
            return self._styles[key], around
        own = {each.name: each.text for each in self._winners[key] if each.name.startswith("--")}
        if own:
            self._spend(10 * len(around))
            customs = {**around, **own}
            around = {**customs, **{name: resolve(own[name], customs) or "" for name in own}}
        return styled((each for each in self._winners[key] if each.name not in own), around), around

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise ReadError("it has more CSS than can be applied")

    def _sheets(self) -> Iterator[str]:
        for element in self._page.iter("style", "link"):
            rel = (element.get("rel") or "").lower().split()
            kind = (element.get("type") or "text/css").strip().lower()
            if not media_holds(element.get("media") or ""):
                continue
            if next(element.iterancestors("noscript", "template"), None) is not None:
                continue
            if element.tag == "link":
                self.are_all &= "stylesheet" not in rel or "alternate" in rel
            elif kind == "text/css":
                yield element.text or ""

    def _cascade(self, *key: Any) -> list[Declaration]:
        """Return the declarations that win for an element, one a property."""
        *matched, inline, hints = key
        weighed: list[tuple[tuple[Any, ...], Declaration]]
        weighed = [((False, -1), each) for each in self._declarations(hints)]
        for specificity, number in matched:
            weighed += (
                ((each.is_important, 0, specificity, number), each) for each in self._rules[number]
            )
        weighed += (((d.is_important, 1), d) for d in self._declarations(inline))
        weighed.sort(key=lambda pair: pair[0])
        return list({declaration.name: declaration for _, declaration in weighed}.values())

    def _declarations(self, css: str) -> list[Declaration]:
        declarations = []
        for written in _split(css, ";"):
            if written not in self._declared:
                self._spend(_STEPS_PER_RULE)
                matters = _MATTERS.search(written)
                self._declared[written] = read_declarations(written) if matters else []
            declarations += self._declared[written]
        return declarations

    def _read(self, css: str, context: _Context) -> None:
        if context.depth > _DEEPEST:
            raise ReadError("its CSS is nested too deep to be applied")
        own = []
        for prelude, body in _blocks(css, is_nested=bool(context.around)):
            if prelude.startswith("@"):
                self._read_at_rule(prelude, body, replace(context, depth=context.depth + 1))
            elif body is None:
                own.append(prelude)
            elif _MATTERS.search(body):
                self._read_rule(prelude, body, context)
        if own and context.around:
            self._add(context.around, ";".join(own), context)

    def _read_at_rule(self, prelude: str, body: str | None, context: _Context) -> None:
        name = re.match(r"@[\w-]*", prelude)[0].lower()  # type: ignore[index]
        condition = prelude[len(name) :]
        if name == "@import":
            self.are_all = False
        elif body is None:
            return
        elif (
            name == "@layer"
            or (name == "@media" and media_holds(condition))
            or (name == "@supports" and _is_supported(condition))
        ):
            self._read(body, context)

    def _read_rule(self, prelude: str, body: str, context: _Context) -> None:
        parts = _split(prelude, ",")
        if not any(map(self._selectors.may_match, parts)):
            return
        if context.around:
            self._spend(len(context.around) * len(parts) * _STEPS_PER_RULE)
            parts = [
                part.replace("&", outer) if "&" in part else f"{outer} {part}"
                for outer in context.around
                for part in parts
            ]
        if "{" in body:
            self._read(body, replace(context, around=tuple(parts), depth=context.depth + 1))
        else:
            self._add(parts, body, context)

    def _add(self, selectors: Sequence[str], body: str, context: _Context) -> None:
        if declarations := self._declarations(body):
            self._spend(_STEPS_PER_RULE)
            self._rules.append(declarations)
            for specificity, elements in self._selectors.select(selectors):
                for element in elements:
                    self.matched[element].append((specificity, len(self._rules) - 1))


def media_holds(query: str) -> bool:
    """Return whether one of the media queries holds in a light desktop window."""
    return not query.strip() or any(map(_query_holds, query.lower().split(",")))


def _query_holds(query: str) -> bool:
    negation = re.match(r"\s*not\b", query)
    held = [
        _condition_holds(part.strip())
        for part in _AND.split(query[negation.end() if negation else 0 :])
    ]
    # What is unknown does not hold, also when negated.
    return None not in held and all(held) != bool(negation)


def _condition_holds(part: str) -> bool | None:
    if part in ("all", "screen", "only screen"):
        return True
    if size := _WINDOW_SIZE.fullmatch(part):
        bound, comparison, side, amount = (
            size["bound"],
            size["comparison"],
            size["side"],
            length_px(size["amount"]),
        )
        if amount is None:
            return None
        window = WIDTH_PX if side == "width" else HEIGHT_PX
        if bound == "min" or comparison in (">", ">="):
            return window >= amount
        return window <= amount
    feature = _FEATURE.fullmatch(part)
    if feature and feature["name"] in _FEATURES:
        return feature["value"] == _FEATURES[feature["name"]]
    return False if part.isalpha() else None


def _is_supported(condition: str) -> bool:
    """Return whether a browser supports what a condition names: all but other browsers' own."""
    return re.match(r"\s*not\b|.*\W-(?:ms|moz)-", condition, re.IGNORECASE | re.DOTALL) is None


def _blocks(css: str, *, is_nested: bool) -> Iterator[tuple[str, str | None]]:
    """Yield what stands before each block, with what is in it; None for what has no block."""
    at = 0
    while at < len(css):
        plain = _PLAIN_RULE.match(css, at)
        if plain and all(part.count("(") == part.count(")") for part in plain.groups()):
            yield plain[1].strip(), plain[2]
            at = plain.end()
            continue
        is_rule = not is_nested and not re.compile(r"\s*@").match(css, at)
        end, mark = _find_mark(css, at, "{" if is_rule else "{;")
        close = _find_mark(css, end + 1, "}")[0] if mark == "{" else end
        if prelude := css[at:end].strip():
            yield prelude, css[end + 1 : close] if mark == "{" else None
        at = close + 1


def _find_mark(css: str, start: int, marks: str) -> tuple[int, str]:
    """Return where the next of the marks is that stands in no brackets or quotes, and which."""
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


def _split(css: str, mark: str) -> list[str]:
    if not re.search(r"[({\[\"'\\]", css):
        return [part.strip() for part in css.split(mark)]
    parts = []
    at = 0
    while at <= len(css):
        end, _ = _find_mark(css, at, mark)
        parts.append(css[at:end].strip())
        at = end + 1
    return parts


def _hints(element: "HtmlElement") -> str:
    """Return as CSS what HTML's old attributes set."""
    get = element.get
    ground = get("bgcolor") if element.tag in ("body", "table", "tr", "td", "th") else None
    ink = {"body": get("text"), "font": get("color")}.get(element.tag)
    named = (("background-color", ground), ("color", ink))
    return ";".join(f"{name}:{_old_colour(colour)}" for name, colour in named if colour)


def _old_colour(text: str) -> str:
    """Return the CSS for a colour as HTML's old attributes name it, e.g. `FFFFFF`."""
    digits = re.fullmatch(r"#?([0-9a-f]{6}|[0-9a-f]{3})", text.strip(), re.IGNORECASE)
    return f"#{digits[1]}" if digits else re.sub(r"\W", "", text)


class _Selectors:
    """Finds the elements that selectors are for: names in an index, the rest by XPath."""

    def __init__(self, page: "HtmlElement", spend: Callable[[int], None]) -> None:
        self._page = page
        self._spend = spend
        self._elements = set(page.iter("*"))
        self._known: dict[str, set[HtmlElement]] = {}
        self._by_name: dict[str, set[HtmlElement]] = defaultdict(set)
        self._by_name[":root"].add(page)
        self._parents: dict[HtmlElement, HtmlElement | None] = {}
        self._previous: dict[HtmlElement, HtmlElement | None] = {}
        last: dict[HtmlElement | None, HtmlElement] = {}
        for element in page.iter("*"):
            parent = self._parents[element] = element.getparent()
            self._previous[element] = last.get(parent)
            last[parent] = element
            self._by_name[element.tag].add(element)
            self._by_name[f"#{element.get('id')}"].add(element)
            for name in (element.get("class") or "").split():
                self._by_name[f".{name}"].add(element)

    def may_match(self, selector: str) -> bool:
        """Return, without parsing it, whether all names that it asks for are on the page."""
        if "\\" in selector:
            return True
        while (shorter := _IN_BRACKETS.sub("", selector)) != selector:
            selector = shorter
        return all(mark + name in self._by_name for mark, name in _NAME.findall(selector))

    def select(self, selectors: Iterable[str]) -> list[tuple[_Specificity, set["HtmlElement"]]]:
        """Return the elements of each selector of a list, with the selector's specificity.

        A browser ignores a whole list that has one selector which it does not know.
        """
        from cssselect import SelectorError, parse

        selected = []
        for text in selectors:
            if _AT_REST.search(text):
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
        """Return the candidates that one of the outer elements stands before or around."""
        known: dict[HtmlElement | None, bool] = {None: False}
        for candidate in candidates:
            path = [candidate]
            while path[-1] not in known:
                ahead = before[path[-1]]
                if ahead in outer or ahead in known:
                    known[path[-1]] = ahead in outer or known[ahead]
                else:
                    path.append(ahead)
            self._spend(len(path))
            known.update(dict.fromkeys(path, known[path[-1]]))
        return {candidate for candidate in candidates if known[candidate]}

    def _compound(self, tree: _Tree) -> set["HtmlElement"]:
        """Return the elements that a selector without combinators is for."""
        from cssselect.parser import Class, Element, Hash, Pseudo

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
                case _:
                    is_plain = False
            part = part.selector
        if part.element:
            names.append(part.element.lower())
        named = sorted((self._by_name.get(name, set()) for name in names), key=len)
        candidates = set.intersection(*named) if named else self._elements
        self._spend(len(named[0] if named else candidates))
        return candidates if is_plain else self._by_xpath(tree, candidates)

    def _by_xpath(self, tree: _Tree, candidates: set["HtmlElement"]) -> set["HtmlElement"]:
        from cssselect import HTMLTranslator
        from lxml.etree import XPath

        expression = str(HTMLTranslator().xpath(tree))
        if expression in self._known:
            return self._known[expression]
        # Steps along one path multiply; the siblings that positions count only add up.
        paths, counts = (len(axis.findall(expression)) for axis in (_PATH, _COUNT))
        size = len(self._elements) // 50
        steps = size ** min(paths, 9) * (1 + size * counts) if paths or counts else 0
        is_for_all = candidates is self._elements
        self._spend(len(candidates) * (steps + (1 if is_for_all else _STEPS_PER_CALL)))
        if is_for_all:
            matched = set(self._page.xpath(f"descendant-or-self::{expression}"))
        else:
            matches = XPath(f"self::{expression}")
            matched = {candidate for candidate in candidates if matches(candidate)}
        self._known[expression] = matched
        return matched
