"""Measures the parts of a page, and takes parts out so that the words around them stay right."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ingest.html.css.nodes import Node
from ingest.html.elements import BLOCKS
from ingest.html.hiding_classes import is_for_screen_readers

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_APART = BLOCKS | {"br", "dialog", "dir", "menu"}
NEVER_SHOWN = frozenset(
    "script style noscript template iframe object embed applet svg canvas audio video map"
    " datalist select option textarea dialog noframes noembed head title rp progress meter"
    " mphantom annotation annotation-xml".split()
)
"""Or shown as something other than text."""

_DRAWN = frozenset("iframe object embed svg canvas audio video select textarea".split())
_AROUND_LETTER = frozenset("span b strong big em font".split())
_LONGEST_DROP_CAP = 3

_SHARE_OF_PAGE = 0.9
_LEAST_PARAGRAPHS = 3


def remove(element: "HtmlElement") -> None:
    """Remove an element, but not the text behind it; what it kept apart stays apart."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    left = (parent.text if before is None else before.tail) or ""
    tail = element.tail or ""
    if element.tag in _APART or (
        element.tag in _DRAWN and left[-1:].isalnum() and tail[:1].isalnum()
    ):
        tail = f" {tail}"
    if before is None:
        parent.text = left + tail
    else:
        before.tail = left + tail
    parent.remove(element)


def is_drop_cap(node: Node) -> bool:
    """Tell whether an element is the large first letter of a paragraph, or its first short word.

    It is hidden from screen readers, which read the word from a copy that is not shown.
    """
    if node.tag not in _AROUND_LETTER or node.parent is None or node.parent.tag != "p":
        return False
    text = node.element.text_content().strip()
    if not (text.isalpha() and len(text) <= _LONGEST_DROP_CAP and text[0].isupper()):
        return False
    before = node.siblings[: node.index]
    return not (node.parent.element.text or "").strip() and all(
        is_for_screen_readers(sibling.element.get("class") or "")
        and not (sibling.element.tail or "").strip()
        for sibling in before
    )


class Measures:
    """How much of a page's paragraphs stands in each of its parts."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        ordered = list(nodes)
        self._root = ordered[0]
        self._paragraphs: dict[Node, int] = {}
        self._characters: dict[Node, int] = {}
        for node in reversed(ordered):
            shown = [child for child in node.children if child.tag not in NEVER_SHOWN]
            self._paragraphs[node] = sum(self._paragraphs[child] for child in shown)
            self._characters[node] = sum(self._characters[child] for child in shown)
            if node.tag == "p":
                self._paragraphs[node] += 1
                self._characters[node] = len(node.element.text_content())

    def is_nearly_all(self, nodes: Iterable[Node]) -> bool:
        """Tell whether these elements, none within another, hold nearly all paragraphs."""
        shown = [node for node in nodes if node.tag not in NEVER_SHOWN]
        if any(node.tag in ("html", "body") for node in shown):
            return True
        characters = sum(self._characters[node] for node in shown)
        return (
            sum(self._paragraphs[node] for node in shown) >= _LEAST_PARAGRAPHS
            and characters >= _SHARE_OF_PAGE * self._characters[self._root]
        )
