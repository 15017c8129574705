"""Finds the story on a page of which nothing hidden is left."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.frame import remove_tags
from ingest.paragraphs import has_full_stop

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = frozenset("p head item quote row code table list div fw".split())
_BREAK = "lb"
_INLINE = frozenset("a abbr b cite em i mark small span strong sub sup time u".split())


def find_story(page: "HtmlElement") -> list[str]:
    """Return the paragraphs of the story; none if there is no story."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    _name_paragraphs(page)
    found = bare_extraction(page, include_comments=False)
    if not isinstance(found, Document):
        return []
    _drop_last_headings(found.body)
    remove_tags(found.body)
    paragraphs = (" ".join(block.split()) for block in _blocks(found.body))
    return [text for text in paragraphs if any(map(str.isalnum, text))]


def _name_paragraphs(page: "HtmlElement") -> None:
    """Make paragraphs of the boxes that are such in all but name: else a bold lead is lost."""
    for box in page.iter("div"):
        inline = all(child.tag in _INLINE for child in box.iterdescendants())
        if len(box) and inline and has_full_stop(box.text_content().strip()):
            box.tag = "p"


def _drop_last_headings(body: "HtmlElement") -> None:
    """Drop the headings that nothing of the story stands under."""
    while len(body) and body[-1].tag == "head":
        body.remove(body[-1])


def _blocks(body: "HtmlElement") -> Iterator[str]:
    """Yield the runs of text that a page shows as blocks of their own."""
    run: list[str] = []
    for element, text in _walk(body):
        if element in _BLOCKS or element == _BREAK:
            yield "".join(run)
            run = []
        run.append(text)
    yield "".join(run)


def _walk(element: "HtmlElement") -> Iterator[tuple[str, str]]:
    """Yield each text with the tag that begins or ends before it."""
    yield element.tag, element.text or ""
    for child in element:
        yield from _walk(child)
        yield child.tag, child.tail or ""
