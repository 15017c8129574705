"""Turns the lines of printed pages into paragraphs: without page numbers and running heads."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ingest.paragraphs import has_full_stop

_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:page|p\.|seite)?\s*\d{1,4}(?:\s*(?:/|of|von|de)\s*\d{1,4})?[\W_]*", re.IGNORECASE
)
_EDGE_LINES = 2
_FEWEST_REPEATS = 3
_ITEM = re.compile(r"[-*•·‣▪–—]\s|\(?\d{1,3}[.)]\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SHORT = 0.8
"""Of the usual width of a line: a shorter one that ends a sentence ends the paragraph."""


def join_pages(pages: Sequence[Sequence[str]]) -> str:
    """Return the paragraphs of pages, given as lines, with a blank line between them."""
    lines = [line for page in _without_edges(pages) for line in page]
    words = Counter(word for line in lines for word in _WORD.findall(line.casefold()))
    width = _usual_width(lines)
    paragraphs: list[str] = []
    ended = True
    for line in lines:
        if not line:
            ended = True
            continue
        if ended or _ITEM.match(line):
            paragraphs.append(line)
        else:
            paragraphs[-1] = _join(paragraphs[-1], line, words)
        ended = (has_end(line) and len(line) < _SHORT * width) or _is_heading(line, width)
    return "\n\n".join(paragraphs)


def has_end(line: str) -> bool:
    """Tell whether a line ends as a paragraph can."""
    return has_full_stop(line) or line.rstrip("\"'”’»)]").endswith(("!", "?"))


def _is_heading(line: str, width: float) -> bool:
    """A line of less than half the width that does not end as prose does, in capitals or not."""
    return len(line) < width / 2 and not line.endswith((",", "-")) and line[:1].isupper()


def _without_edges(pages: Sequence[Sequence[str]]) -> Iterable[list[str]]:
    """Yield the pages without their numbers, and the lines that stand on most pages' edges."""
    edges = Counter(form for page in pages for form in {_form(page[at]) for at in _edge(page)})
    enough = max(_FEWEST_REPEATS, len(pages) / 2)
    for page in pages:
        dropped = {
            at
            for at in _edge(page)
            if _PAGE_NUMBER.fullmatch(page[at]) or edges[_form(page[at])] >= enough
        }
        yield [line for at, line in enumerate(page) if at not in dropped]


def _edge(page: Sequence[str]) -> list[int]:
    """Return where the first and the last lines of a page stand."""
    filled = [at for at, line in enumerate(page) if line]
    return sorted({*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]})


def _form(line: str) -> str:
    return _NUMBER.sub("0", line).casefold()


def _usual_width(lines: Sequence[str]) -> float:
    widths = sorted(len(line) for line in lines if line)
    return float(widths[len(widths) * 3 // 4]) if widths else 0.0


def _join(before: str, line: str, words: Counter[str]) -> str:
    """Join two lines, and the halves of a word that was broken between them."""
    if not (before.endswith("-") and line[:1].islower()):
        return f"{before} {line}"
    first, second = _WORD.findall(before[:-1].casefold())[-1:], _WORD.findall(line.casefold())[:1]
    hyphened = "-".join(first + second)
    return before + line if words[hyphened] else before[:-1] + line
