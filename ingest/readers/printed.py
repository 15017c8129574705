"""Turns the lines of printed pages into paragraphs."""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

_END = re.compile(r"[.!?…:。！？।۔][\"'”’»)\]]*$")
_ITEM = re.compile(r"[-*•·‣▪–—]\s|\(?\d{1,3}[.)]\s")
_MARK = re.compile(r"\d{1,3}")
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

_RAISED = 0.75
"""So much smaller than the lines around it is the mark of a footnote, at most."""


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


def join_pages(pages: Iterable[Sequence[Line]]) -> str:
    """Return the paragraphs of pages, with a blank line between them."""
    lines = _without_marks([line for page in pages for line in page])
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
    """Tell whether a line ends as a paragraph can."""
    return _END.search(line) is not None


def _without_marks(lines: Sequence[Line]) -> list[Line]:
    """Leave out the marks of footnotes, which are raised, and so stand as lines in a line."""
    return [
        line
        for before, line, after in zip([None, *lines], lines, [*lines[1:], None], strict=False)
        if not (
            _MARK.fullmatch(line.text)
            and before
            and after
            and line.size <= _RAISED * min(before.size, after.size)
        )
    ]


def _usual_reach(lines: Sequence[Line]) -> float:
    reaches = sorted(line.reach for line in lines if line.text)
    return reaches[len(reaches) * 3 // 4] if reaches else 0.0


def _is_apart(before: Line, line: Line, usual: float, *, in_list: bool) -> bool:
    """Tell whether a paragraph ends between two lines."""
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
