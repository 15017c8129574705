"""Reduces a text to the story: visible characters, in paragraphs, without what a page adds."""

import re
from dataclasses import dataclass

from ingest.dates.datelines import is_dateline
from ingest.text.boilerplate import Removed, cut_boilerplate
from ingest.text.characters import strip_unseen
from ingest.text.paragraphs import has_full_stop, split_paragraphs

LONGEST_TITLE_CHARS = 200

_CLOSING_ACRONYM = re.compile(r"\b(?:[A-Z]\.){2,}$")
_BYLINE = re.compile(r"[Bb][Yy] [^\W\d_a-z]")
_LINE_OF_PAGE = re.compile(
    r".*(?:[>»›|@]| / |\b\d+ min(?:ute)?s? read\b|\b\d+ (?:min(?:ute)?|hour|hr|day)s? ago\b)"
    r"|.*\b(?:editor|reporter|correspondent|columnist|staff writer)$",
    re.IGNORECASE,
)
_MOST_LINES_ABOVE = 5
_MOST_LABEL_WORDS = 3
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The story, as it is stored: paragraphs of one line each, with a blank line between."""

    text: str
    title: str | None
    """The one given, else the headline found at the top, which is then no part of the text."""

    removed: tuple[Removed, ...] = ()
    stripped: int = 0
    """How many characters that nobody sees were taken out."""


def clean(text: str, title: str | None = None) -> Cleaned:
    """Clean a text; cleaning the result again, with its title, changes nothing."""
    seen, stripped = strip_unseen(text)
    paragraphs, removed = cut_boilerplate(split_paragraphs(seen))
    title = clean_line(title or "") or None
    if title is None and (position := _headline_position(paragraphs)) is not None:
        title = paragraphs.pop(position)
    while title and len(paragraphs) > 1 and _same(paragraphs[0], title):
        del paragraphs[0]
    return Cleaned("\n\n".join(paragraphs), title, tuple(removed), stripped)


def clean_line(text: str) -> str:
    """Clean what is shown on one line: a title, the name of a source."""
    return " ".join(strip_unseen(text)[0].split())


def _headline_position(paragraphs: list[str]) -> int | None:
    """Return where the headline stands: at the top, or below a byline or dateline there.

    A section, a name or a breadcrumb is passed over only for a better line below it.
    """
    passed = None
    for position, paragraph in enumerate(paragraphs[:-1]):
        if is_dateline(paragraph) or _BYLINE.match(paragraph):
            continue
        if position > _MOST_LINES_ABOVE or not _is_title(paragraph, paragraphs[position + 1 :]):
            break
        if not _is_label(paragraph):
            return position
        passed = position if passed is None else passed
    return passed


def _is_title(paragraph: str, story: list[str]) -> bool:
    """A headline is short, has no full stop, and stands above something longer."""
    closed = has_full_stop(paragraph) and not _CLOSING_ACRONYM.search(paragraph)
    return (
        not closed
        and len(paragraph) <= LONGEST_TITLE_CHARS
        and any(map(str.isalpha, paragraph))
        and any(len(following) > len(paragraph) for following in story)
    )


def _is_label(line: str) -> bool:
    words = line.replace("(", "").split()
    capitals = all(word[0].isupper() or word[0].isdigit() for word in words)
    return (len(words) <= _MOST_LABEL_WORDS and capitals) or _LINE_OF_PAGE.match(line) is not None


def _same(paragraph: str, title: str) -> bool:
    return _plain(paragraph) == _plain(title)


def _plain(line: str) -> str:
    return _NOT_WORD.sub(" ", line).strip().casefold()
