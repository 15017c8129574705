"""Takes out of a page what a reader does not see: where instructions to machines are hidden."""

from typing import TYPE_CHECKING

from ingest.errors import ReadError
from ingest.html.css.cascade import Style, Styles
from ingest.html.css.nodes import Node, read_nodes
from ingest.html.css.variables import Customs
from ingest.html.hiding_classes import is_for_screen_readers, is_hidden_by_class
from ingest.html.looks import Look
from ingest.html.out_of_sight import is_out_of_sight
from ingest.html.parts import NEVER_SHOWN, Measures, is_drop_cap, remove

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def remove_hidden(page: "HtmlElement") -> None:
    """Remove from a page, in place, all text that a browser would not show, and its scripts.

    Style sheets that the page fetches are not seen. Raises ReadError where the page's own are
    made to be more than can be read.
    """
    nodes = read_nodes(page)
    try:
        hidden, unreadable = _Finder(nodes).find()
    except RecursionError as error:
        raise ReadError("CSS nested too deep: made to do harm") from error
    for node in unreadable:
        node.element.text = None
        for child in node.element:
            child.tail = None
    for node in hidden:
        remove(node.element)
    for part in list(page.iter()):
        if not isinstance(part.tag, str):
            remove(part)
    # What is left is seen, whatever it says to screen readers and to who looks for the story.
    for element in page.iter():
        element.attrib.pop("aria-hidden", None)


class _Finder:
    """Walks a page from the outside in."""

    def __init__(self, nodes: list[Node]) -> None:
        self._root = nodes[0]
        self._styles = Styles(nodes)
        self._measures = Measures(nodes)

    def find(self, *, fading: bool = True) -> tuple[list[Node], list[Node]]:
        """Return the elements that are hidden with all in them, and those whose own text is.

        Pages are drawn with a curtain before them, or fade in as one scrolls, by a script that
        is not run here: what hides nearly all of a page is taken for that.
        """
        hidden: list[Node] = []
        faded: list[Node] = []
        unreadable: list[Node] = []
        pending = [(self._root, Look(), Customs())]
        while pending:
            node, around, outer_customs = pending.pop()
            style, customs = self._styles.of(node, outer_customs)
            look = around.within(style)
            is_page = self._measures.is_nearly_all([node])
            if is_page:
                look = look.uncovered()
            if fading and look.is_faded:
                faded.append(node)
            elif not is_page and _is_hidden(node, style, look):
                hidden.append(node)
            else:
                if not look.is_readable:
                    unreadable.append(node)
                pending.extend((child, look, customs) for child in reversed(node.children))
        if self._measures.is_nearly_all(faded):
            return self.find(fading=False)
        return hidden + faded, unreadable


def _is_hidden(node: Node, style: Style, look: Look) -> bool:
    """Tell whether an element is not shown with all that is in it."""
    get = node.element.get
    if node.tag in NEVER_SHOWN or get("hidden") is not None or get("inert") is not None:
        return True
    if get("popover") is not None:
        return True
    if (get("aria-hidden") or "").strip().lower() == "true" and not is_drop_cap(node):
        return True
    classes = get("class") or ""
    if classes and (
        is_for_screen_readers(classes) or ("display" not in style and is_hidden_by_class(classes))
    ):
        return True
    return bool(style) and is_out_of_sight(style, look.font_px)
