"""Takes off what frames a story: what is above its title, byline, note on the author, tags."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.dates.datelines import find_dateline
from ingest.html.bylines import names_in, split_names
from ingest.html.facts import PageFacts
from ingest.html.places import line_of
from ingest.text.paragraphs import has_full_stop

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_ABOVE = 0.4
"""Of the text of a page: where there is more before what looks like the title, it is none."""

_FEWEST_TITLE_CHARS = 10
_BYLINES = 5
_NOTES = 3
_LONGEST_NOTE_CHARS = 300
_MOST_BESIDE_NAMES_CHARS = 40
_ABOUT = re.compile(
    r"['’,\s]+(?:who\s+)?(?:covers|reports|writes|reported|contributed|edited|produced|works|joined|lives|teaches"
    r"|has (?:covered|reported|written|been)|can be reached|is (?:an?|the|our|based))\b",
    re.IGNORECASE,
)


def remove_above_title(page: "HtmlElement", title: str | None) -> None:
    """Remove from a page, in place, what stands before the heading that is its title."""
    heading = _heading(page, title or "")
    if heading is None:
        return
    above = [
        element
        for node in (heading, *heading.iterancestors())
        for element in node.itersiblings(preceding=True)
    ]
    if sum(map(_size, above)) <= _MOST_ABOVE * _size(page):
        for element in above:
            element.drop_tree()


def _heading(page: "HtmlElement", title: str) -> "HtmlElement | None":
    if len(title) >= _FEWEST_TITLE_CHARS:
        for heading in (*page.iter("h1"), *page.iter("h2")):
            text = line_of(heading)
            if len(text) >= _FEWEST_TITLE_CHARS and title.casefold().startswith(text.casefold()):
                return heading
    return None


def _size(element: "HtmlElement") -> int:
    return len("".join(element.text_content().split()))


def without_frame(paragraphs: Sequence[str], facts: PageFacts) -> list[str]:
    """Return the paragraphs without the lines that say what is known: who wrote it, and when."""
    names = split_names(facts.author or "")
    framing = {at for at in _first_lines(paragraphs) if _is_known(paragraphs[at], names, facts)}
    for at in range(max(1, len(paragraphs) - _NOTES), len(paragraphs)):
        if any(_is_note(paragraphs[at], name) for name in names):
            framing.add(at)
    return [text for at, text in enumerate(paragraphs) if at not in framing]


def _first_lines(paragraphs: Sequence[str]) -> Iterator[int]:
    """Yield where the lines before the first sentence stand."""
    for at, text in enumerate(paragraphs[:_BYLINES]):
        if has_full_stop(text) and len(text) > _LONGEST_NOTE_CHARS / 3:
            return
        yield at


def _is_known(line: str, names: Sequence[str], facts: PageFacts) -> bool:
    if names and _is_byline(line, {name.casefold() for name in names}):
        return True
    dateline = find_dateline(line) if facts.published_at else None
    return dateline is not None and dateline.written.strip(" .,|") == line.strip(" .,|")


def _is_byline(line: str, names: set[str]) -> bool:
    if line.casefold() in names:
        return True
    written = names_in([line]) or ""
    if has_full_stop(line) or len(line) > len(written) + _MOST_BESIDE_NAMES_CHARS:
        return False
    return bool(written) and names.issuperset(split_names(written.casefold()))


def _is_note(line: str, name: str) -> bool:
    return (
        len(line) <= _LONGEST_NOTE_CHARS
        and line.startswith(name)
        and bool(_ABOUT.match(line[len(name) :]))
    )
