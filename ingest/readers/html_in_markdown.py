"""Makes plain text of the HTML in a Markdown text, and leaves the Markdown around it."""

import re
from collections.abc import Sequence

from ingest.errors import ReadError
from ingest.readers.markup import MOST_TAGS, seen_in

_BLOCK = re.compile(
    r" {0,3}<(address|article|aside|audio|blockquote|button|center|details|div|dl|figure|footer"
    r"|form|h[1-6]|header|iframe|main|nav|noscript|object|ol|p|picture|pre|script|section|style"
    r"|svg|table|template|ul|video)(?=[\s/>])",
    re.IGNORECASE,
)
_STYLED = re.compile(
    r"<([a-z][a-z0-9]{0,9})\s[^<>]{0,1000}?\b(?:style|class|hidden|color|size)\b", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,15})(?=[\s/>])", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(?:```|~~~)")


def without_html(body: str) -> str:
    """Return the text with its blocks of HTML, and what may be hidden in a line, as they are seen.

    Raises IngestError for what is made to be more than can be read.
    """
    if "<" not in body:
        return body
    if body.count("<") > MOST_TAGS:
        raise ReadError(f"holds more than {MOST_TAGS} tags")
    lines = body.splitlines()
    code = _in_code(lines)
    ends = _ends(lines, code)
    plain: list[str] = []
    at = 0
    while at < len(lines):
        block = None if code[at] else _BLOCK.match(lines[at])
        styled = None if code[at] or block else _STYLED.search(lines[at])
        end = at + 1
        if block:
            end = ends.get((at, block[1].lower()), 0) or _next_blank(lines, at)
            plain += ["", seen_in("\n".join(lines[at:end])), ""]
        elif styled:
            end = ends.get((at, styled[1].lower()), end)
            plain.append(seen_in("\n".join(lines[at:end])))
        else:
            plain.append(lines[at])
        at = end
    return "\n".join(plain)


def _in_code(lines: Sequence[str]) -> list[bool]:
    """Tell of each line whether it shows code, in which a tag is text."""
    told = []
    inside = False
    for line in lines:
        fence = _FENCE.match(line) is not None
        told.append(inside or fence)
        inside ^= fence
    return told


def _ends(lines: Sequence[str], code: Sequence[bool]) -> dict[tuple[int, str], int]:
    """Return behind which line an element ends, by the line that it begins in, and its name."""
    begun: dict[str, list[int]] = {}
    ends: dict[tuple[int, str], int] = {}
    for at, line in enumerate(lines):
        for slash, name in () if code[at] else _TAG.findall(line):
            places = begun.setdefault(name.lower(), [])
            if not slash:
                places.append(at)
            elif places:
                ends[places.pop(), name.lower()] = at + 1
    return ends


def _next_blank(lines: Sequence[str], at: int) -> int:
    return next((end for end in range(at, len(lines)) if not lines[end].strip()), len(lines))
