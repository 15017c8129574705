"""Finds the paragraphs of a text, whether its lines are paragraphs or were wrapped to a width."""

import re
from itertools import pairwise

from ingest.text.sentences import WIDE_STOPS

WIDEST_WRAP = 120
NARROWEST_WRAP = 40
"""Lines outside this are not the work of a program that wraps text."""

_WRAPPED_SHARE = 0.75
"""Of the line breaks: so many must stand where the next word had no room left."""

_BLANK_LINES = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"\s*(?:[-*•·‣–—]|\(?\d{1,3}[.)])\s")
_ASKED = frozenset("!?！？؟")
"""Headlines have them, too."""

_STOPS = frozenset("….:;,：；，、،؛" + WIDE_STOPS) - _ASKED
_NO_ENDS = frozenset(";,；，、،؛")
_SPOKEN = frozenset('"”“»«」』')
"""What closes a quotation in prose; headlines put single marks around one."""

_ASIDE = re.compile(r"(?:\s?[(\[（][^()\[\]（）]{1,30}[)\]）]){1,3}\W*$")
"""Behind the last sentence: an agency, the number of a note."""

_LONGEST_END_CHARS = 100
_WIDEST_INDENT = 8


def split_paragraphs(text: str) -> list[str]:
    """Return the paragraphs in order, each on one line with single spaces."""
    blocks = [block for lines in _BLANK_LINES.split(text) for block in _by_indent(lines)]
    width = _wrap_width(blocks)
    return [paragraph for block in blocks for paragraph in _join(block, width)]


def has_full_stop(paragraph: str) -> bool:
    """Tell whether a paragraph ends as prose does, and no headline."""
    end = paragraph[-_LONGEST_END_CHARS:]
    if _is_closed(end):
        return True
    aside = _ASIDE.search(end)
    return aside is not None and _is_closed(end[: aside.start()])


def _is_closed(end: str) -> bool:
    mark, behind = _last_mark(end)
    return mark in _STOPS or (mark in _ASKED and not _SPOKEN.isdisjoint(behind))


def _last_mark(text: str) -> tuple[str, str]:
    """Return the stop after the last word, "" if it has none, and all that stands behind it."""
    for at in range(len(text) - 1, -1, -1):
        if text[at] in _STOPS or text[at] in _ASKED:
            return text[at], text[at + 1 :]
        if text[at].isalnum():
            break
    return "", ""


def _is_ended(line: str) -> bool:
    mark, _ = _last_mark(line)
    return mark != "" and mark not in _NO_ENDS


def _by_indent(block: str) -> list[list[str]]:
    """Divide the lines of a block before each that is set in, as teleprinters began paragraphs.

    That line keeps its indent, which takes room in it. Below a first line that is not set in, it
    may be the further lines of an item or a speaker that are: there a sentence goes on into them.
    """
    lines = [line for line in map(_one_line, block.split("\n")) if line]
    begins = [at for at, line in enumerate(lines) if line[0] == " " and at]
    if (
        not begins
        or len(begins) > len(lines) / 2
        or not (lines[0][0] == " " or all(_is_ended(lines[at - 1]) for at in begins))
    ):
        return [[line.lstrip() for line in lines]]
    ends = [*begins, len(lines)]
    return [lines[begin:end] for begin, end in zip([0, *begins], ends, strict=True)]


def _one_line(line: str) -> str:
    """Return the words of a line with single spaces, behind as many as it is set in."""
    words = line.split()
    indent = len(line[: min(len(line) - len(line.lstrip()), _WIDEST_INDENT)].expandtabs())
    return " " * (indent if words and indent > 1 else 0) + " ".join(words)


def _wrap_width(blocks: list[list[str]]) -> int | None:
    """Return the width the text was wrapped to, None if it was not."""
    breaks = [pair for block in blocks for pair in pairwise(block)]
    width = max((len(line) for block in blocks for line in block), default=0)
    if not breaks or not NARROWEST_WRAP <= width <= WIDEST_WRAP:
        return None
    forced = [(line, after) for line, after in breaks if _is_forced(line, after, width)]
    # Short paragraphs of like length fill their lines too, but end where their sentences do.
    within = sum(1 for line, _ in forced if not _is_ended(line))
    if len(forced) >= _WRAPPED_SHARE * len(breaks) and within > len(forced) / 2:
        return width
    return None


def _is_forced(line: str, after: str, width: int) -> bool:
    """Tell whether the first word of the next line had no room in this one."""
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > width and not _ITEM.match(after)


def _join(lines: list[str], width: int | None) -> list[str]:
    paragraphs: list[list[str]] = []
    for before, line in zip(["", *lines], lines, strict=False):
        if before and _is_wrapped(before, line, width):
            hyphened = before.endswith("-") and line[0].islower()
            paragraphs[-1].append(line if hyphened else f" {line}")
        else:
            paragraphs.append([line.lstrip()])
    return ["".join(pieces) for pieces in paragraphs]


def _is_wrapped(before: str, line: str, width: int | None) -> bool:
    """Tell whether a line goes on with the sentence or paragraph of the line before."""
    if _ITEM.match(line):
        return False
    if line[0].islower() and not _is_ended(before):
        return True
    return width is not None and _is_forced(before, line, width)
