"""Makes tests of elements out of selectors, which look at each element once for each part.

A test remembers what it has found: it is good for one page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cssselect2 import parser
from cssselect2.parser import CombinedSelector, SelectorError, parse

from ingest.html.css.nodes import Effort, Node
from ingest.html.css.pseudo_classes import (
    Test,
    attribute_test,
    has_name,
    position_test,
    pseudo_class_test,
)
from ingest.html.css.tokens import Token

NESTING = "nesting"
"""The pseudo-class that stands for `&`, which cssselect2 does not know."""

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


Step = tuple[str, Token]
"""The combinator before a compound selector, and that selector."""


def steps_of(tree: Token) -> list[Step]:
    steps: list[Step] = []
    while isinstance(tree, CombinedSelector):
        steps.append((tree.combinator, tree.right))
        tree = tree.left
    return [("", tree), *reversed(steps)]


class Compiler:
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
        if name == NESTING and self._around:
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
        return self._any_of(list(parse(list(tokens))))

    def _any_of(self, selectors: Sequence[Token]) -> Test:
        tests = [self.combined(steps_of(selector.parsed_tree)) for selector in selectors]
        return lambda node: any(test(node) for test in tests)

    def _logical(self, part: Token) -> Test:
        match part:
            case parser.NegationSelector():
                test = self._any_of(part.selector_list)
                return lambda node: not test(node)
            case parser.RelationalSelector():
                return self._has(part.selector_list)
        return self._forgiving(part.selector_list)

    def _forgiving(self, selectors: Sequence[Token]) -> Test:
        """Return the test of `:is()`, which passes over what it does not know."""
        tests = []
        for selector in selectors:
            try:
                tests.append(self.combined(steps_of(selector.parsed_tree)))
            except SelectorError:
                continue
        return lambda node: any(test(node) for test in tests)

    def _has(self, relatives: Sequence[Token]) -> Test:
        self.by_lineage = False
        tests = [
            (relative.combinator, self.combined(steps_of(relative.selector.parsed_tree)))
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
