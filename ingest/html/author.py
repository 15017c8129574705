"""Finds who wrote the story of a page: told to machines, or in the byline that it shows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.html.bylines import is_told_name, names_in, without_lead
from ingest.html.elements import is_elsewhere, names_of, text_runs
from ingest.html.outlets import Outlet
from ingest.text.paragraphs import has_full_stop

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CALLED = frozenset("author authors byline bylines".split())
_LONGEST_CHARS = 200
_LONGEST_LINE_CHARS = 100
_LONGEST_BYLINE_CHARS = 400
"""With a word on the author; what is longer is a page named after its author."""

_MOST_LOOKED_AT = 500
_MOST_BELOW_TITLE = 12


def find_author(
    page: "HtmlElement",
    told: Iterable[Sequence[str]],
    heading: "HtmlElement | None",
    outlet: Outlet,
) -> str | None:
    """Return the names of the authors of the story below this heading, joined.

    `told` are those that each place for machines tells: the first with a name in it counts.
    """
    places = (
        [name for text in place if is_told_name(name := without_lead(text))] for place in told
    )
    names = next(filter(None, places), [])
    author = ", ".join(dict.fromkeys(names)) or _shown(page, heading, outlet)
    return author[:_LONGEST_CHARS] if author else None


def _shown(page: "HtmlElement", heading: "HtmlElement | None", outlet: Outlet) -> str | None:
    called = [element for element in page.iter() if names_of(element) & _CALLED]
    linked = [each for each in called if "author" in (each.get("rel") or "").lower().split()]
    marked = page.xpath(".//*[@itemprop='author']//*[@itemprop='name']")
    of_each = (", ".join(dict.fromkeys(_bylines(each, heading))) for each in (marked, linked))
    found = next(filter(None, of_each), None) or next(_bylines(called, heading), None)
    found = found or _below(heading)
    if not found:
        return None
    first, *others = found.split(", ")
    return ", ".join([first, *(name for name in others if not outlet.is_name(name))])


def _bylines(elements: Sequence["HtmlElement"], heading: "HtmlElement | None") -> Iterator[str]:
    """Yield the names in those elements that are bylines of the story."""
    for element in elements[:_MOST_LOOKED_AT]:
        runs = text_runs(element)
        is_short = sum(map(len, runs)) <= _LONGEST_BYLINE_CHARS
        if is_short and not is_elsewhere(element, heading) and (names := names_in(runs)):
            yield names


def _below(heading: "HtmlElement | None") -> str | None:
    """Return the names in a line right below the heading that begins as bylines do."""
    if heading is None:
        return None
    for element in heading.xpath(f"following::*[position() <= {_MOST_BELOW_TITLE}]"):
        runs = text_runs(element)
        line = " ".join(runs)
        names = names_in(runs, led=True) if len(line) <= _LONGEST_LINE_CHARS else None
        is_byline = names and " " in names and not has_full_stop(line)
        if is_byline and not is_elsewhere(element, heading):
            return names
    return None
