"""Finds the column of a page: the blocks that are built as the paragraphs of its story are.

The paragraphs of a story are built alike: of one tag and class, in boxes of one tag and class.
Most of a page's prose stands in one such pattern, and most of that in one box.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.html.blocks import Block, is_prose

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEVELS = 3
"""How many boxes make a pattern, the block's own included."""

_MOST_OF_PROSE = 0.8
"""Of the column's: the smallest box that holds so much is the story's, without a stray footer."""

_GOOD_PART = 0.25
_NUMBERED = re.compile(r"\d")

Pattern = tuple[tuple[str, frozenset[str]], ...]
"""Tag and classes of a block and of the boxes around it, the innermost first."""


@dataclass(frozen=True)
class Column:
    """Which blocks of a page are built as its story is, and where they stand."""

    places: frozenset[int]
    """Which of the blocks."""

    first: int
    last: int
    prose: int
    """Characters of it."""

    box: "HtmlElement"
    """Holds the story."""

    around: "frozenset[HtmlElement]"
    """The elements that hold a block of it."""

    own: frozenset[Pattern]
    """What its blocks are themselves: patterns of one level."""

    def holds(self, block: Block) -> bool:
        """Tell whether a block stands in the story's box."""
        return _holds(self.box, block.element)

    def stands_near(self, block: Block) -> bool:
        """Tell whether a block stands in the story's box, or in the one around that."""
        parent = self.box.getparent()
        return _holds(self.box if parent is None else parent, block.element)

    def is_like(self, block: Block) -> bool:
        """Tell whether a block is itself as those of the column are, wherever it stands."""
        own = _pattern(block, 1)
        return any(_are_alike(own, usual) for usual in self.own)


def find_column(blocks: Sequence[Block]) -> Column | None:
    """Return the column of a page; None where there is no prose."""
    patterns = [_pattern(block, _LEVELS) for block in blocks]
    usual = _usual(blocks, patterns)
    if usual is None:
        return None
    places = [at for at, pattern in enumerate(patterns) if _are_alike(pattern, usual)]
    box = _with_siblings(_box_of(blocks, places), [blocks[at] for at in places])
    inside = [at for at in places if _holds(box, blocks[at].element)]
    places = list(_without_strays(blocks, inside))
    chosen = [blocks[at] for at in places]
    prose = sum(len(block.text) for block in chosen if is_prose(block))
    return Column(
        places=frozenset(places),
        first=places[0],
        last=places[-1],
        prose=prose,
        box=_with_loose_prose(_box_of(blocks, places), blocks, prose),
        around=frozenset(box for block in chosen for box in _outwards(block.element)),
        own=frozenset(_pattern(block, 1) for block in chosen if is_prose(block)),
    )


def _usual(blocks: Sequence[Block], patterns: Sequence[Pattern]) -> Pattern | None:
    """Return the pattern that most prose stands in."""
    prose: Counter[Pattern] = Counter()
    for block, pattern in zip(blocks, patterns, strict=True):
        if is_prose(block):
            prose[pattern] += len(block.text)
    return max(prose, key=prose.__getitem__, default=None)


def _pattern(block: Block, levels: int) -> Pattern:
    """Return how a block is built; names with a number in them tell one from the other."""
    built: list[tuple[str, frozenset[str]]] = []
    for element in _outwards(block.element):
        names = (element.get("class") or "").split()
        kept = frozenset(name for name in names if not _NUMBERED.search(name))
        built.append((str(element.tag), kept))
        if len(built) == levels:
            break
    return tuple(built)


def _are_alike(one: Pattern, other: Pattern) -> bool:
    """Tell whether two patterns are of the same tags, and share half of their classes."""
    return len(one) == len(other) and all(
        tag == other_tag and 2 * len(names & other_names) >= len(names | other_names)
        for (tag, names), (other_tag, other_names) in zip(one, other, strict=True)
    )


def _box_of(blocks: Sequence[Block], places: Sequence[int]) -> "HtmlElement":
    """Return the smallest box that holds most of the prose of these blocks."""
    sizes: Counter[HtmlElement] = Counter()
    whole = 0
    for block in (blocks[at] for at in places):
        if is_prose(block):
            whole += len(block.text)
            for box in _outwards(block.element):
                sizes[box] += len(block.text)
    large = (box for box, size in sizes.items() if size >= _MOST_OF_PROSE * whole)
    return max(large, key=lambda box: sum(1 for _ in box.iterancestors()))


def _with_siblings(box: "HtmlElement", blocks: Sequence[Block]) -> "HtmlElement":
    """Return the box, or the one around it where another part built like it stands beside it."""
    parent = box.getparent()
    for block in blocks:
        beside = next((e for e in _outwards(block.element) if e.getparent() is parent), box)
        if beside is not box and (beside.tag, beside.get("class")) == (box.tag, box.get("class")):
            return parent
    return box


def _without_strays(blocks: Sequence[Block], places: Sequence[int]) -> Iterator[int]:
    """Yield the places without short lines at the ends that other blocks part from the prose."""
    prose = [at for at in places if is_prose(blocks[at])]
    first, last = prose[0], prose[-1]
    known = set(places)
    while first - 1 in known:
        first -= 1
    while last + 1 in known:
        last += 1
    yield from (at for at in places if first <= at <= last)


def _with_loose_prose(box: "HtmlElement", blocks: Sequence[Block], prose: int) -> "HtmlElement":
    """Return the box, or the one around it where much prose stands straight in that.

    So it is where a box in a paragraph has ended it before its end.
    """
    parent = box.getparent()
    loose = sum(
        len(block.text)
        for block in blocks
        if is_prose(block)
        and (
            block.element is parent or (block.is_paragraph and block.element.getparent() is parent)
        )
        and not _holds(box, block.element)
    )
    return parent if parent is not None and loose >= _GOOD_PART * prose else box


def _outwards(element: "HtmlElement") -> "Iterator[HtmlElement]":
    """Yield an element and the boxes around it."""
    yield element
    yield from element.iterancestors()


def _holds(box: "HtmlElement", element: "HtmlElement") -> bool:
    return any(above is box for above in _outwards(element))
