"""Finds the rules that are for an element, without trying them all."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.html.css.nodes import Effort, Node
from ingest.html.css.selector_tests import Selector

Numbers = tuple[int, ...]
"""Of the rules, in the order in which they were read."""


class Matcher:
    """Holds elements against selectors, the outer elements first.

    Most elements stand among others like them: where the selectors ask for nothing but names,
    those with the same names in elements with the same names are looked up once.
    """

    def __init__(self, selectors: Sequence[Selector], effort: Effort) -> None:
        numbered = list(enumerate(selectors))
        self._alike = _Index([pair for pair in numbered if pair[1].by_lineage])
        self._apart = _Index([pair for pair in numbered if not pair[1].by_lineage])
        self._attributes = sorted({name for selector in selectors for name in selector.attributes})
        self._effort = effort
        self._lineages: dict[tuple[object, ...], int] = {}
        self._lineage_of: dict[Node | None, int] = {None: -1}
        self._around: dict[int, frozenset[str]] = {-1: frozenset()}
        self._matched: dict[int, Numbers] = {}

    def match(self, node: Node) -> Numbers:
        """Return the numbers of the selectors that match; asked of parents before children."""
        outer = self._lineage_of[node.parent]
        around = self._around[outer]
        lineage = self._lineage(node, outer)
        if lineage not in self._matched:
            self._around[lineage] = around.union(node.keys)
            self._matched[lineage] = self._found(self._alike, node, around)
        apart = self._found(self._apart, node, around)
        return self._matched[lineage] + apart

    def _lineage(self, node: Node, outer: int) -> int:
        asked = (node.element.get(name) for name in self._attributes)
        names = (node.tag, node.id, node.element.get("class"), outer, *asked)
        lineage = self._lineages.setdefault(names, len(self._lineages))
        self._lineage_of[node] = lineage
        return lineage

    def _found(self, index: "_Index", node: Node, around: frozenset[str]) -> Numbers:
        if index.is_empty:
            return ()
        candidates = list(index.candidates(node, around))
        self._effort.spend(len(candidates))
        return tuple(number for number, selector in candidates if selector.test(node))


class _Index:
    """Selectors by what the element has, and by the rarest of what must be around it."""

    def __init__(self, numbered: Sequence[tuple[int, Selector]]) -> None:
        often = Counter(key for _, selector in numbered for key in selector.above)
        self._by_key: dict[str, dict[str, list[tuple[int, Selector]]]] = {}
        for number, selector in numbered:
            rarest = min(selector.above, key=lambda key: (often[key], key), default="")
            by_rarest = self._by_key.setdefault(selector.key, {})
            by_rarest.setdefault(rarest, []).append((number, selector))

    @property
    def is_empty(self) -> bool:
        return not self._by_key

    def candidates(self, node: Node, around: frozenset[str]) -> Iterator[tuple[int, Selector]]:
        for key in (*node.keys, "*"):
            by_rarest = self._by_key.get(key)
            if not by_rarest:
                continue
            yield from by_rarest.get("", ())
            fewer, more = sorted((by_rarest.keys(), around), key=len)
            for rarest in fewer:
                if rarest and rarest in more:
                    yield from by_rarest[rarest]
