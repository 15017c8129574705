"""Turns the lines of printed pages into paragraphs, without page numbers and running heads."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

_DEEPEST_EDGE = 5
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

_END = re.compile(r"[.!?…:。！？।۔][\"'”’»)\]]*$")
_ITEM = re.compile(r"[-*•·‣▪–—]\s|\(?\d{1,3}[.)]\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SPACELESS = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""What Chinese and Japanese are written in."""

_HYPHENS = ("-", "\xad", "\u2010")
"""At the end of a line, fonts have any of these for one that shows."""

_AFTER_HALF_A_COMPOUND = frozenset("and or to und oder bis".split())
"""As in "long-" and then "and short-term": that hyphen breaks no word."""

_SHORT = 0.8
"""Of the usual reach of a line: a shorter one that ends a sentence ends the paragraph."""

_ALIKE = 1.08
"""Sizes of letters are held for the same up to this ratio: 12 points are not 11."""

_MIXED = 1.25
"""Up to this ratio sizes mix within a sentence, as where a typewriter's letters quote a path."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, with single spaces; blank where the page has a gap."""

    text: str
    size: float
    """How high its letters are, above zero: in points, or whatever the page measures in."""

    @property
    def reach(self) -> float:
        """How far it goes across the page, to be held against other lines."""
        return len(self.text) * self.size


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
        [_keys(line, number) for line in page[:_DEEPEST_EDGE]]
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
        yield numbers | set(range(outer if outer < _DEEPEST_EDGE else 0))


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
    """Return whether a line can be nothing but the number of its page."""
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


def join_pages(pages: Iterable[Sequence[Line]]) -> str:
    """Return the paragraphs of pages, with a blank line between them."""
    lines = [line for page in pages for line in page]
    words = {word for line in lines for word in _WORD.findall(line.text.casefold())}
    usual = _usual_reach(lines)
    paragraphs: list[list[str]] = []
    before: Line | None = None
    for line in lines:
        if not line.text:
            before = None
            continue
        if before is None or _is_apart(before, line, usual, in_list=_is_item(paragraphs[-1][0])):
            paragraphs.append([line.text])
        else:
            paragraphs[-1][-1] = _leading_to(line.text, before.text, words)
            paragraphs[-1].append(line.text)
        before = line
    return "\n\n".join("".join(pieces) for pieces in paragraphs)


def ends_sentence(line: str) -> bool:
    """Return whether a line ends as a paragraph can."""
    return _END.search(line) is not None


def _usual_reach(lines: Sequence[Line]) -> float:
    reaches = sorted(line.reach for line in lines if line.text)
    return reaches[len(reaches) * 3 // 4] if reaches else 0.0


def _is_apart(before: Line, line: Line, usual: float, *, in_list: bool) -> bool:
    """Return whether a paragraph ends between two lines."""
    is_short, has_end = before.reach < _SHORT * usual, ends_sentence(before.text)
    goes_on = _first_letter(line.text).islower() and not has_end
    ratio = max(before.size, line.size) / min(before.size, line.size)
    if ratio > (_MIXED if goes_on else _ALIKE) or _is_heading(before, usual):
        return True
    if _is_item(line.text) and (in_list or is_short or has_end):
        # Elsewhere a sentence goes on, with a number or a dash.
        return True
    return is_short and has_end


def _is_heading(line: Line, usual: float) -> bool:
    """A line of less than half the width that goes neither on from prose nor on in it."""
    is_open = line.text.endswith((",", *_HYPHENS))
    return line.reach < usual / 2 and not is_open and not _first_letter(line.text).islower()


def _first_letter(text: str) -> str:
    return next((char for char in text if char.isalnum()), "")


def _is_item(text: str) -> bool:
    return _ITEM.match(text) is not None


def _leading_to(line: str, before: str, words: Set[str]) -> str:
    """Return the line before with what stands between the two: nothing where a word goes on."""
    half, first = before[:-1], line[0]
    if _SPACELESS.match(before[-1]) and _SPACELESS.match(first):
        return before
    if not before.endswith(_HYPHENS) or not half[-1:].isalnum() or not first.isalnum():
        return f"{before} "
    begun, ended = _WORD.findall(half.casefold())[-1:], _WORD.findall(line.casefold())[:1]
    if ended and ended[0] in _AFTER_HALF_A_COMPOUND:
        return f"{half}- "
    whole, hyphened = "".join(begun + ended), "-".join(begun + ended)
    is_likely = first.islower() and half[-1].isalpha()
    is_broken = hyphened not in words if is_likely else whole in words
    return half if is_broken else f"{half}-"
