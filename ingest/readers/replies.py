"""Finds the paragraphs of a letter that quotes others and is signed."""

import re
from collections.abc import Iterator
from itertools import groupby, takewhile

from ingest.text.paragraphs import split_paragraphs

_QUOTED = re.compile(r"(?:> ?){1,50}")
_LINE_END = re.compile(r"\r\n?|\n")
_SIGNATURE = "-- "
_LIST_RULE = "_" * 40
"""Above what the program of a mailing list says of the list, under every letter."""

_LONGEST_SIGNATURE_CHARS = 600
_LONGEST_SERVICE_CHARS = 220
_SERVICE = re.compile(
    r"\W*(?:(?:view|read|open) (?:this|the) (?:e-?mail|message|newsletter) (?:in|on)\b"
    r"|you(?:['’]re| are)? receiv(?:e|ed|ing) this (?:e-?mail|message|newsletter|because)\b"
    r"|(?:to )?unsubscribe (?:here|from this)\b|unsubscribe\W*$"
    r"|(?:update|manage) your (?:e-?mail )?preferences\b)",
    re.IGNORECASE,
)
"""What the program that sends a newsletter says of the sending."""


def letter_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a letter without marks of quotation, signatures and rules.

    What is quoted stays: it is often the story. A signature ends at a blank line or where a
    quotation begins or ends, as stories stand below signatures too.
    """
    paragraphs: list[str] = []
    # Apart: what was quoted was wrapped to a width of its own.
    for _, lines in groupby(_LINE_END.split(text), _depth):
        unmarked = [_QUOTED.sub("", line, count=1) if _depth(line) else line for line in lines]
        paragraphs += split_paragraphs("\n".join(_without_signatures(unmarked)))
    return [paragraph for paragraph in paragraphs if not _is_service(paragraph)]


def _is_service(paragraph: str) -> bool:
    """Tell whether a paragraph is a rule, or serves the mail and tells nothing."""
    if not any(map(str.isalnum, paragraph)):
        return True
    return len(paragraph) <= _LONGEST_SERVICE_CHARS and bool(_SERVICE.match(paragraph))


def _depth(line: str) -> int:
    """Return how many times over a line is quoted."""
    marks = _QUOTED.match(line)
    return marks[0].count(">") if marks else 0


def _without_signatures(lines: list[str]) -> Iterator[str]:
    rest = iter(lines)
    for line in rest:
        if line != _SIGNATURE and not line.startswith(_LIST_RULE):
            yield line
            continue
        block = list(takewhile(str.strip, rest))
        yield ""
        if not _is_signature(line, block):
            yield from block
            yield ""


def _is_signature(mark: str, block: list[str]) -> bool:
    short = len("\n".join(block)) <= _LONGEST_SIGNATURE_CHARS
    return short and (mark == _SIGNATURE or "mailing list" in "".join(block[:1]))
