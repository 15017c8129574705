"""Takes off a story on a page the notes above and below it: on its makers, its outlet, its reader.

They are built like its paragraphs, so only their words, their slant and their place tell them.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.html.blocks import Block, is_inline
from ingest.html.markup import text_of
from ingest.text.boilerplate import why_not_story
from ingest.text.paragraphs import has_full_stop

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_ABOVE = 2
_MOST_BELOW = 6
_LONGEST_CHARS = 450
_FEWEST_LEFT = 3
"""Paragraphs of the story that have to be left for a slanted one to be no part of it."""

_PIECE = r"(?:story|article|report|post|piece|column|release|essay|interview)"
_MADE = r"(?:reporting|editing|writing|research|production|compiled|edited|translated|fact-checked)"
_TOLD = r"(?!.*\b(?:said|says|told|asked|added)\b)"
_WAYS = {
    "who made it": (
        r"(?:with|from) (?:(?:additional|further) )?(?:files|inputs?|reporting|reports|assistance"
        r"|contributions?|agencies|wires?)\b",
        rf"(?:(?:additional|further|original) )?{_MADE} (?:and \w{{4,12}} )?(?:by|from) ",
        r".{0,160}\bcontribut(?:ed|ing) (?:reporting )?to this (?:report|story|article)\b",
        r"(?:(?:featured|main|top|lead|cover) )?(?:image|photo|photograph|picture|graphic)s?"
        r"(?: credits?)?(?::| (?:by|from|via|courtesy)\b)",
    ),
    "what it is": (
        rf"this {_PIECE} (?:was|is|has been|had been|appeared|appears|may)\b",
        rf"(?:this|the) {_PIECE} (?:was )?(?:first|originally|previously)\b",
        rf"(?:a|an earlier) version of this {_PIECE} (?:first |originally )?(?:appeared|was|ran)\b",
        r"(?:first|originally|previously) (?:published|appeared|posted)\b",
        r"(?:disclaimer|disclosure|ftc|(?:editor|publisher)['’]?s note|note to readers?) ?:",
        r"the (?:views?|opinions?) (?:expressed|and opinions)\b",
        r"(?:odds|prices|figures|data) (?:are )?(?:correct|accurate) (?:at|as of)\b",
    ),
    "what its reader shall do": (
        r"(?:do you have|have you|got|know|seen|is there)\b[^.!?]{0,120}"
        r"\b(?:tips?|story|news|affected|question|opinion|view|information|experience)\b[^.!?]{0,90}\?",
        r"if you (?:liked?|enjoyed)\b|thanks? (?:you )?for reading\b|like what you\b",
        r"if you (?:want|would like|wish) .{0,120}\b(?:submit|contribute|subscribe|response)\b",
        rf"(?:share|send|tell|e?-?mail|write|contact|reach|follow|call|text|message|support)\b{_TOLD}"
        r".{0,200}(?:\b(?:us|our)\b|@)",
        r"(?:corrections?|questions?|comments?|tips?|feedback)(?: or \w+)? ?\?",
        r"welcome (?:to|back)\b.{0,200}\b(?:newsletter|sign up|subscribe|forwarded|joined)\b",
    ),
}
_NOTE = re.compile(
    r"[^\w“\"‘'«]*(?:" + "|".join(way for ways in _WAYS.values() for way in ways) + ")",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"\b(?:corrects|corrected|correction:|clarifi\w+|updated to|amended|misstated)", re.IGNORECASE
)
"""A correction is a part of the story."""

_TO_SUBSCRIBERS = re.compile(
    r"\b(?:forwarded (?:this|to) you|sign up (?:here|below|for)|(?:paid|free) subscribers?"
    r"|unsubscribe|view (?:it |this )?(?:online|in (?:your )?browser))\b",
    re.IGNORECASE,
)
_WHERE_TO_WRITE = re.compile(
    r"(?=.{0,400}[\w.+-]@[\w-]{1,60}\.\w)(?=.{0,400}\b(?:contact|reach(?:ed)?|e-?mail|write|send"
    r"|follow|tips?|reporter|editor|correspondent|newsroom|press|media)\b)",
    re.IGNORECASE,
)

_SURE_LABEL = (
    r"notes? (?:to|for) editors?|(?:media|press|investor)(?: relations)? (?:contacts?|enquiries"
    r"|inquiries|office)|(?:cautionary|forward[- ]looking|safe harbou?r)\b.{0,60}|#{2,5}"
)
_LABEL = re.compile(
    r"\W*(?:(?:[Aa]bout|ABOUT) (?:[Tt]he )?[A-Z].{0,80}"
    rf"|(?i:{_SURE_LABEL}|contacts?|(?:for )?(?:more|further) information|disclaimer|ends|sources?"
    r"|links?|related (?:links|content)))\W*"
)
_SURE = re.compile(rf"\W*(?:{_SURE_LABEL})\W*", re.IGNORECASE)
_LONGEST_LABEL_CHARS = 90
_LEAST_BEFORE = 0.3
"""Of the text: a press release has its say before what it says of its sender."""


def without_notes(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks of a story without the notes above and below it."""
    story = list(blocks[: _end_of_release(blocks)])
    for _ in range(_MOST_BELOW):
        if len(story) > 1 and (story[-1].is_heading or _is_below(story)):
            del story[-1]
    for _ in range(_MOST_ABOVE):
        if len(story) > 1 and (_is_note(story[0]) or _TO_SUBSCRIBERS.search(story[0].text)):
            del story[0]
    return story


def _is_below(story: Sequence[Block]) -> bool:
    """Tell whether the last paragraph is a note; at the head an interview is introduced slanted."""
    if _is_note(story[-1]):
        return True
    upright = sum(1 for block in story if not _is_slanted(block))
    return upright >= _FEWEST_LEFT and _may_be_note(story[-1]) and _is_slanted(story[-1])


def _is_note(block: Block) -> bool:
    said = _NOTE.match(block.text) or _WHERE_TO_WRITE.match(block.text)
    return bool(why_not_story(block.text)) or (said is not None and _may_be_note(block))


def _may_be_note(block: Block) -> bool:
    return len(block.text) <= _LONGEST_CHARS and not _CORRECTION.search(block.text)


def _is_slanted(block: Block) -> bool:
    """Tell whether all of a paragraph is set in italics."""
    element = block.element
    return element.tag != "blockquote" and _is_all_in(element, ("em", "i"))


def _is_all_in(element: "HtmlElement", tags: tuple[str, ...]) -> bool:
    """Tell whether all the text of an element stands in elements of these tags."""
    if element.tag in tags:
        return True
    if (element.text or "").strip() or not len(element):
        return False
    return all(
        is_inline(child)
        and not (child.tail or "").strip()
        and (_is_all_in(child, tags) or not text_of(child))
        for child in element
    )


def _end_of_release(blocks: Sequence[Block]) -> int:
    """Return where a press release goes over to its sender: at the first of several labels.

    One label alone may be a heading of the story, unless it is one that only releases have.
    """
    total = sum(len(block.text) for block in blocks)
    before = 0
    labels: list[int] = []
    for at, block in enumerate(blocks):
        if before >= _LEAST_BEFORE * total and _is_label(block):
            labels.append(at)
        before += len(block.text)
    sure = any(_SURE.fullmatch(blocks[at].text) for at in labels)
    return labels[0] if labels and (sure or len(labels) > 1) else len(blocks)


def _is_label(block: Block) -> bool:
    text = block.text
    return (
        len(text) <= _LONGEST_LABEL_CHARS
        and not has_full_stop(text.rstrip(":"))
        and _LABEL.fullmatch(text) is not None
    )
