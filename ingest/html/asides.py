"""Tells what else is the story's beside its column, and what stands there as an aside.

Bare prose and headings are the story's; what has a title, links, pictures or buttons of its own is
not. Every figure here was set on pages built after real ones (see `benchmarks.pages`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from ingest.html.blocks import Block, is_prose, reads_as_sentence
from ingest.html.column import Column
from ingest.html.markup import text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_LINKED = 0.5
_FEWEST_BEHIND_CHARS = 160
_LONGEST_CAPTION_CHARS = 300
_LONGEST_TAG_WORDS = 3
_GOOD_PART = 0.25
"""Of the column's prose: a box with more of it may be another part of the story."""

_MAIN_PART = 0.6
"""Likewise: with so much of it, it is one, whatever it looks like."""

_PARAGRAPHS = frozenset("p blockquote ul ol dl pre table".split())
_LISTS = frozenset("ul ol dl table".split())
_PICTURES = frozenset("img picture figure".split())
_THINGS = ".//*[self::img or self::picture or self::button or self::input or self::form]"

_Place = Literal["outside", "before", "within", "behind"]


def story_blocks(blocks: Sequence[Block], column: Column, title: str | None) -> list[Block]:
    """Return the blocks of the story, those of its column included, in the order of the page."""
    page = _Page(blocks, column, title)
    return [block for part in page.parts() for block in page.story_of(part)]


@dataclass(frozen=True)
class _Part:
    """Blocks in a row, of one box that holds nothing of the column."""

    blocks: tuple[Block, ...]
    box: "HtmlElement | None"
    """None for text that stands straight in a box of the column."""

    place: _Place
    """Where it stands, seen from the column."""

    @cached_property
    def prose(self) -> int:
        return sum(len(block.text) for block in self.blocks if is_prose(block))

    @property
    def is_loose(self) -> bool:
        """Whether it is a paragraph, list or heading by itself, in no box of its own."""
        first = self.blocks[0]
        is_heading = first.is_heading and first.element is self.box
        return self.box is None or self.box.tag in _PARAGRAPHS or is_heading

    @property
    def is_list(self) -> bool:
        return self.box is not None and self.box.tag in _LISTS

    @property
    def is_linked(self) -> bool:
        linked = sum(block.linked for block in self.blocks)
        return linked > _MOST_LINKED * sum(len(block.text) for block in self.blocks)

    @property
    def is_titled(self) -> bool:
        return self.blocks[0].is_heading or not reads_as_sentence(self.blocks[0])

    @property
    def shows_things(self) -> bool:
        return self.box is not None and bool(self.box.xpath(_THINGS))


class _Page:
    """The blocks of a page, divided by its column."""

    def __init__(self, blocks: Sequence[Block], column: Column, title: str | None) -> None:
        self._blocks = blocks
        self._column = column
        self._begin = self._behind_title(title)

    def parts(self) -> Iterator[_Part | Block]:
        """Yield the blocks of the column, and between them the parts of the page."""
        for key, places in groupby(range(len(self._blocks)), key=self._key):
            blocks = [self._blocks[at] for at in places]
            if key is None:
                yield from blocks
            else:
                yield _Part(tuple(blocks), *key)

    def story_of(self, part: _Part | Block) -> Iterator[Block]:
        """Yield what of a part is the story's."""
        if isinstance(part, Block):
            if part.linked <= _MOST_LINKED * len(part.text) or reads_as_sentence(part):
                yield part
        elif part.place == "outside" or part.is_linked:
            return
        elif part.is_loose:
            yield from (block for block in part.blocks if self._belongs(block, part))
        elif self._goes_on(part):
            yield from (b for b in part.blocks if b.is_heading or reads_as_sentence(b))
        elif part.place == "within" and all(block.is_heading for block in part.blocks):
            yield from part.blocks

    def _belongs(self, block: Block, part: _Part) -> bool:
        """Tell whether a loose paragraph, list item or heading is the story's."""
        if block.is_heading:
            return part.place == "within"
        if part.is_list:
            return part.place == "within" or (part.place == "behind" and self._is_led_to(part))
        if not reads_as_sentence(block):
            return False
        if part.box is None or self._column.is_like(block):
            return True
        is_enough = part.place != "behind" or len(block.text) >= _FEWEST_BEHIND_CHARS
        return is_enough and not _is_caption(block)

    def _is_led_to(self, part: _Part) -> bool:
        """Tell whether the last list belongs to the story above it, and is no list of tags."""
        return self._blocks[self._column.last].text.endswith(":") or any(
            len(block.text.split()) > _LONGEST_TAG_WORDS for block in part.blocks
        )

    def _goes_on(self, part: _Part) -> bool:
        """Tell whether a box that is built otherwise than the column goes on with its story."""
        share = part.prose / self._column.prose
        if share >= _MAIN_PART:
            return True
        if part.place == "behind":
            return share >= _GOOD_PART and self._is_bare(part)
        is_section = sum(map(is_prose, part.blocks)) > 1 and not part.shows_things
        return self._is_bare(part) or (
            part.place == "within" and share >= _GOOD_PART and is_section
        )

    def _is_bare(self, part: _Part) -> bool:
        """Tell whether a box holds paragraphs, like those of the column, and nothing else."""
        return (
            any(map(is_prose, part.blocks))
            and (part.place == "before" or any(map(self._column.is_like, part.blocks)))
            and not part.is_titled
            and not part.shows_things
            and all(map(reads_as_sentence, part.blocks))
        )

    def _key(self, at: int) -> "tuple[HtmlElement | None, _Place] | None":
        if at in self._column.places:
            return None
        return self._outermost(self._blocks[at].element), self._place(at)

    def _place(self, at: int) -> _Place:
        if at < self._begin:
            return "outside"
        if at < self._column.first:
            return "before"
        if at < self._column.last:
            return "within"
        return "behind" if self._column.holds(self._blocks[at]) else "outside"

    def _outermost(self, element: "HtmlElement") -> "HtmlElement | None":
        """Return the largest box around an element that holds nothing of the column."""
        if element in self._column.around:
            return None
        box = element
        while (parent := box.getparent()) is not None and parent not in self._column.around:
            box = parent
        return box

    def _behind_title(self, title: str | None) -> int:
        """Return where the blocks behind the title begin, else those beside the story's box."""
        above = self._blocks[: self._column.first]
        headings = [at for at, block in enumerate(above) if block.is_heading]
        told = [at for at in headings if title and _begin_alike(above[at].text, title)]
        main = [at for at in headings if above[at].element.tag == "h1"]
        if told or main:
            return (told or main)[-1] + 1
        beside = (at for at, block in enumerate(above) if self._column.stands_near(block))
        return next(beside, self._column.first)


def _begin_alike(heading: str, title: str) -> bool:
    one, other = heading.casefold(), title.casefold()
    return one.startswith(other) or other.startswith(one)


def _is_caption(block: Block) -> bool:
    """Tell whether a short text stands right below a picture."""
    above = block.element.getprevious()
    if above is None or (above.tail or "").strip() or len(block.text) > _LONGEST_CAPTION_CHARS:
        return False
    return above.tag in _PICTURES or (above.find(".//img") is not None and not text_of(above))
