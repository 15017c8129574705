"""A page's elements as selectors ask for them, and how much work asking may be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.errors import ReadError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_STEPS = 5_000_000
"""Ten times what 3,000 elements with 250 KB of CSS take; some ten seconds."""


class Effort:
    """Counts the steps that CSS makes us take: characters read, elements looked at."""

    def __init__(self) -> None:
        self._left = _MOST_STEPS

    def spend(self, steps: int) -> None:
        """Raise ReadError where the page takes more than can be spent on it."""
        self._left -= steps
        if self._left < 0:
            raise ReadError("more CSS than can be applied: made to do harm")


@dataclass(slots=True, eq=False)
class Node:
    """An element with its place in the page."""

    element: "HtmlElement"
    parent: "Node | None"
    previous: "Node | None"
    index: int
    """Among its parent's elements, from 0."""

    tag: str
    id: str | None
    classes: frozenset[str]
    children: list["Node"] = field(default_factory=list)

    @property
    def siblings(self) -> list["Node"]:
        """All elements of the parent, itself among them."""
        return [self] if self.parent is None else self.parent.children

    @property
    def keys(self) -> list[str]:
        """What rules that may match it are found by."""
        keys = [self.tag, *(f".{name}" for name in self.classes)]
        return keys if self.id is None else [*keys, f"#{self.id}"]


def read_nodes(page: "HtmlElement") -> list[Node]:
    """Return the page's elements in reading order; comments are none."""
    nodes: list[Node] = []
    pending = [_node(page, None, None, 0)]
    while pending:
        node = pending.pop()
        nodes.append(node)
        node.children = list(_children(node))
        pending.extend(reversed(node.children))
    return nodes


def _children(parent: Node) -> Iterator[Node]:
    previous = None
    elements = (child for child in parent.element if isinstance(child.tag, str))
    for index, element in enumerate(elements):
        previous = _node(element, parent, previous, index)
        yield previous


def _node(element: "HtmlElement", parent: Node | None, previous: Node | None, index: int) -> Node:
    classes = frozenset((element.get("class") or "").split())
    return Node(element, parent, previous, index, element.tag, element.get("id"), classes)
