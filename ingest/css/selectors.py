"""Makes tests of elements out of selectors.

cssselect2 reads them. Its own tests take time that grows without bound with `* * * * * .x` or
`:has()`; these look at each element once for each part of a selector.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.css.nodes import Effort, Node
from ingest.css.pseudo_classes import (
    NEVER,
    Test,
    attribute_test,
    has_name,
    position_test,
    pseudo_class_test,
)
from ingest.css.tokens import Token, is_mark, significant, split_at_commas, word

Specificity = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Selector:
    """Tells which elements a rule is for."""

    test: Test
    specificity: Specificity
    key: str
    """What a matching element has: `#id`, `.class`, a tag or `*`."""

    above: frozenset[str]
    """What keys the elements around a matching one have among them."""

    by_lineage: bool
    """Whether elements with the same names in elements with the same names all match, or none."""

    attributes: frozenset[str]
    """Those that are asked for."""


class SelectorReader:
    """Reads selectors for one page."""

    def __init__(self, nodes: Sequence[Node], effort: Effort) -> None:
        self._nodes = nodes
        self._effort = effort

    def read(self, prelude: Sequence[Token], around: Sequence[Selector] = ()) -> list[Selector]:
        """Return the selectors of a list; none if a browser would not take all of it.

        `around` is what `&` stands for.
        """
        selectors = []
        for part in split_at_commas(prelude):
            if _is_of_pseudo_element(part):
                continue
            try:
                selectors.append(self._read_one(part, around))
            except (ValueError, AttributeError, NotImplementedError, TypeError):
                # SelectorError is a ValueError. The others are for what cssselect2 trips over, as
                # `a|`, and what no browser takes.
                return []
        return selectors

    def _read_one(self, part: Sequence[Token], around: Sequence[Selector]) -> Selector:
        from cssselect2.parser import parse

        (parsed,) = parse(list(_named_nesting(part, bool(around))))
        compiler = _Compiler(self._nodes, self._effort, around)
        steps = _steps(parsed.parsed_tree)
        test = compiler.combined(steps)
        a, b, c = parsed.specificity
        outer = max((selector.specificity for selector in around), default=(0, 0, 0))
        times = compiler.nestings
        specificity = (a + times * outer[0], b + times * (outer[1] - 1), c + times * outer[2])
        return Selector(
            test if parsed.pseudo_element is None else NEVER,
            specificity,
            _keys(steps[-1][1])[0],
            frozenset(key for key in _keys_above(steps) if key != "*"),
            compiler.by_lineage,
            frozenset(compiler.attributes),
        )


_NESTING = "nesting"
"""The pseudo-class that stands for `&`, which cssselect2 does not know."""


def _named_nesting(part: Sequence[Token], is_nested: bool) -> Iterator[Token]:
    from tinycss2.ast import IdentToken, LiteralToken, WhitespaceToken

    colon, name = LiteralToken(1, 1, ":"), IdentToken(1, 1, _NESTING)
    if is_nested and not any(is_mark(token, "&") for token in part):
        yield from (colon, name, WhitespaceToken(1, 1, " "))
        part = part if not significant(part) else part[part.index(significant(part)[0]) :]
    for token in part:
        yield from (colon, name) if is_mark(token, "&") else (token,)


def _is_of_pseudo_element(part: Sequence[Token]) -> bool:
    """Tell whether a selector is of a part that a browser makes, with none of the page's text."""
    known = ("backdrop", "cue", "part", "slotted", "details-content", "view-transition")
    return any(
        is_mark(first, ":")
        and is_mark(second, ":")
        and (word(third).startswith("-webkit-") or word(third) in known or third.type == "function")
        for first, second, third in zip(part, part[1:], part[2:], strict=False)
    )


Step = tuple[str, Token]
"""The combinator before a compound selector, and that selector."""


def _steps(tree: Token) -> list[Step]:
    from cssselect2.parser import CombinedSelector

    steps: list[Step] = []
    while isinstance(tree, CombinedSelector):
        steps.append((tree.combinator, tree.right))
        tree = tree.left
    return [("", tree), *reversed(steps)]


def _keys(compound: Token) -> list[str]:
    """Return what a matching element has, the surest first."""
    from cssselect2.parser import ClassSelector, IDSelector, LocalNameSelector

    parts = compound.simple_selectors
    keys = [f"#{part.ident}" for part in parts if isinstance(part, IDSelector)]
    keys += [f".{part.class_name}" for part in parts if isinstance(part, ClassSelector)]
    keys += [part.lower_local_name for part in parts if isinstance(part, LocalNameSelector)]
    return keys or ["*"]


def _keys_above(steps: Sequence[Step]) -> Iterator[str]:
    for (_, compound), (combinator, _) in pairwise(steps):
        if combinator in (" ", ">"):
            yield from _keys(compound)


class _Compiler:
    """Turns what cssselect2 has read of one selector into a test."""

    def __init__(self, nodes: Sequence[Node], effort: Effort, around: Sequence[Selector]) -> None:
        self._nodes = nodes
        self._effort = effort
        self._around = around
        self.nestings = 0
        self.by_lineage = True
        self.attributes: set[str] = set()

    def combined(self, steps: Sequence[Step]) -> Test:
        """Return the test of compound selectors joined by combinators."""
        test: Test | None = None
        for combinator, compound in steps:
            own = self._compound(compound)
            test = own if test is None else _both(own, self._relation(combinator, test))
        assert test is not None  # noqa: S101 - a selector has a step
        return test

    def _relation(self, combinator: str, test: Test) -> Test:
        if combinator in "+~":
            self.by_lineage = False
        if combinator == ">":
            return lambda node: node.parent is not None and test(node.parent)
        if combinator == "+":
            return lambda node: node.previous is not None and test(node.previous)
        if combinator == " ":
            return self._any_before(test, lambda node: node.parent)
        return self._any_before(test, lambda node: node.previous)

    def _any_before(self, test: Test, before: Callable[[Node], Node | None]) -> Test:
        """Test whether one of those before passes, looking at each once for the whole page."""
        known: dict[Node, bool] = {}

        def reaches(node: Node) -> bool:
            asked = []
            at: Node | None = node
            found: bool | None = None
            while found is None and at is not None:
                found = known.get(at)
                if found is None:
                    asked.append(at)
                    at = before(at)
                    found = True if at is not None and test(at) else None
            self._effort.spend(len(asked))
            known.update(dict.fromkeys(asked, bool(found)))
            return bool(found)

        return reaches

    def _compound(self, compound: Token) -> Test:
        tests = [self._simple(part) for part in compound.simple_selectors]
        if len(tests) == 1:
            return tests[0]
        return lambda node: all(test(node) for test in tests)

    def _simple(self, part: Token) -> Test:
        from cssselect2 import parser

        match part:
            case parser.LocalNameSelector():
                return has_name(part.lower_local_name)
            case parser.ClassSelector():
                return lambda node: part.class_name in node.classes
            case parser.IDSelector():
                return lambda node: part.ident == node.id
            case parser.AttributeSelector():
                self.attributes.add(part.lower_name)
                return attribute_test(part)
            case parser.NamespaceSelector():
                return lambda node: not part.namespace or "xhtml" in part.namespace
            case parser.PseudoClassSelector():
                return self._pseudo_class(part.name)
            case parser.FunctionalPseudoClassSelector():
                self.by_lineage = False
                return position_test(part, self._of, self._effort)
        return self._logical(part)

    def _pseudo_class(self, name: str) -> Test:
        if name == _NESTING and self._around:
            self.nestings += 1
            for selector in self._around:
                self.by_lineage &= selector.by_lineage
                self.attributes |= selector.attributes
            return lambda node: any(selector.test(node) for selector in self._around)
        if name.endswith(("-child", "-of-type")) or name == "empty":
            self.by_lineage = False
        if name.endswith("link"):
            self.attributes.add("href")
        return pseudo_class_test(name, self._effort)

    def _of(self, tokens: Sequence[Token]) -> Test:
        """Return the test of the list in `:nth-child(1 of ...)`."""
        from cssselect2.parser import parse

        return self._any_of(list(parse(list(tokens))))

    def _any_of(self, selectors: Sequence[Token]) -> Test:
        tests = [self.combined(_steps(selector.parsed_tree)) for selector in selectors]
        return lambda node: any(test(node) for test in tests)

    def _logical(self, part: Token) -> Test:
        from cssselect2 import parser

        match part:
            case parser.NegationSelector():
                test = self._any_of(part.selector_list)
                return lambda node: not test(node)
            case parser.RelationalSelector():
                return self._has(part.selector_list)
        return self._forgiving(part.selector_list)

    def _forgiving(self, selectors: Sequence[Token]) -> Test:
        """Return the test of `:is()`, which passes over what it does not know."""
        from cssselect2.parser import SelectorError

        tests = []
        for selector in selectors:
            try:
                tests.append(self.combined(_steps(selector.parsed_tree)))
            except SelectorError:
                continue
        return lambda node: any(test(node) for test in tests)

    def _has(self, relatives: Sequence[Token]) -> Test:
        self.by_lineage = False
        tests = [
            (relative.combinator, self.combined(_steps(relative.selector.parsed_tree)))
            for relative in relatives
        ]
        having: set[Node] = set()
        is_known: list[bool] = []

        def has(node: Node) -> bool:
            if not is_known:
                is_known.append(True)
                for combinator, test in tests:
                    self._effort.spend(len(self._nodes))
                    having.update(self._anchors(combinator, test))
            return node in having

        return has

    def _anchors(self, combinator: str, test: Test) -> set[Node]:
        """Return the elements that stand so to one which passes."""
        anchors: set[Node] = set()
        for node in filter(test, self._nodes):
            before = node.parent if combinator in " >" else node.previous
            while before is not None and before not in anchors:
                anchors.add(before)
                if combinator in ">+":
                    break
                before = before.parent if combinator == " " else before.previous
        return anchors


def _both(own: Test, relation: Test) -> Test:
    return lambda node: own(node) and relation(node)
