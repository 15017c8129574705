"""Finds the story on a page of which nothing hidden is left."""

import re
from typing import TYPE_CHECKING

from ingest.html.asides import story_blocks
from ingest.html.blocks import read_blocks
from ingest.html.column import find_column
from ingest.html.endnotes import without_notes

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SHORT_CODE = re.compile(r"\[(\w{2,30})[^\]]{0,200}\].*\[/\1\]")
"""What a page shows of a plug-in that is gone, such as "[pullquote]...[/pullquote]"."""


def find_story(page: "HtmlElement", title: str | None = None) -> list[str]:
    """Return the paragraphs of the story; none if there is no story."""
    blocks = read_blocks(page)
    column = find_column(blocks)
    story = without_notes(story_blocks(blocks, column, title)) if column else []
    texts = [block.text for block in story if not _SHORT_CODE.fullmatch(block.text)]
    return texts or _find_flash(page)


def _find_flash(page: "HtmlElement") -> list[str]:
    """Return the lines of a story that is no more than a line or two: no column shows there."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    found = bare_extraction(page, include_comments=False)
    if not isinstance(found, Document):
        return []
    return [block.text for block in read_blocks(found.body)]
