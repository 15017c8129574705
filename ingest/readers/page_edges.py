"""Leaves out what stands on the edges of printed pages: their numbers, running heads and feet."""

import re
from collections.abc import Iterator, Sequence

from ingest.readers.printed import Line, ends_sentence

_DEEPEST = 5
"""Lines at an edge: where so many return on a page nearby, a text was printed twice."""

_NEARBY = 2
"""Pages: heads differ on left and right ones, and from chapter to chapter."""

_LONGEST_CHARS = 200
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_MOST_NUMBERS = 5
_MARKS = r"[-–—•·|~\[\]\s]*"
_OF = r"(?:\s?(?:/|of|von|de|sur|di)\s?(\d{1,4}))?"
_BARE = re.compile(rf"{_MARKS}(\d{{1,4}}){_OF}{_MARKS}", re.IGNORECASE)
"""With a full stop behind it, it is the end of a sentence."""

_NAMED = re.compile(rf"{_MARKS}(?:page|seite|página|pagina)\s?\d{{1,4}}{_OF}{_MARKS}", re.I)

_Key = tuple[int, str]


def without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the lines of each page that are its own."""
    filled = [[line for line in page if line.text] for page in pages]
    tops = _edges(filled, at_bottom=False)
    bottoms = _edges([lines[::-1] for lines in filled], at_bottom=True)
    kept = [_inner(page, *edges) for page, *edges in zip(pages, tops, bottoms, strict=True)]
    return kept if any(kept) else [list(page) for page in pages]


def _inner(page: Sequence[Line], top: set[int], bottom: set[int]) -> list[Line]:
    """Return a page without these of its filled lines, nor the blank ones around what is left."""
    filled = [at for at, line in enumerate(page) if line.text]
    dropped = {filled[at] for at in top} | {filled[-1 - at] for at in bottom}
    inner = [at for at in filled if at not in dropped]
    if not inner:
        return []
    return [page[at] for at in range(inner[0], inner[-1] + 1) if at not in dropped]


def _edges(pages: Sequence[Sequence[Line]], *, at_bottom: bool) -> Iterator[set[int]]:
    """Yield which lines of each page, counted from its edge inwards, are not its own."""
    keys = [
        [_keys(line, number) for line in page[:_DEEPEST]]
        for number, page in enumerate(pages, start=1)
    ]
    known: list[set[_Key]] = [set().union(*page) for page in keys]
    for index, page in enumerate(pages):
        around = known[max(0, index - _NEARBY) : index] + known[index + 1 : index + 1 + _NEARBY]
        nearby = set[_Key]().union(*around)
        numbers = {
            at
            for at in range(len(keys[index]))
            if _is_page_number(page, at, index + 1, len(pages), at_bottom=at_bottom)
        }
        outer = 0
        while outer < len(keys[index]) and (outer in numbers or keys[index][outer] & nearby):
            outer += 1
        yield numbers | set(range(outer if outer < _DEEPEST else 0))


def _keys(line: Line, page_number: int) -> set[_Key]:
    """Return what a line has in common with its like on other pages.

    That is its letters, their size, and its numbers, of which one may count up with the pages.
    """
    text = line.text.casefold()
    has_letters = any(map(str.isalpha, text))
    if len(text) > _LONGEST_CHARS or not (has_letters or _BARE.fullmatch(text)):
        return set()
    size = round(2 * line.size)
    keys = {(size, text)} if has_letters else set()
    for number in list(_NUMBER.finditer(text))[:_MOST_NUMBERS]:
        first_page = f"#{int(number[0]) - page_number}"
        keys.add((size, text[: number.start()] + first_page + text[number.end() :]))
    return keys


def _is_page_number(
    lines: Sequence[Line], at: int, number: int, count: int, *, at_bottom: bool
) -> bool:
    """Tell whether a line can be nothing but the number of its page."""
    text = lines[at].text
    if _NAMED.fullmatch(text):
        return True
    bare = _BARE.fullmatch(text)
    if bare is None or int(bare[1]) != number:
        return False
    if bare[2] or at > 1:
        return bare[2] is not None and int(bare[2]) == count
    # The last word of a sentence may be a number on a line of its own.
    return at + 1 < len(lines) and (not at_bottom or ends_sentence(lines[at + 1].text))
