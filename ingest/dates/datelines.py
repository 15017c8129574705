"""Recognises a dateline by its shape: a date at the start of an article, set off from the story."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.dates.clocks import CLOCK, with_clock
from ingest.dates.dateline_words import LABEL, frames_a_date, names_something
from ingest.dates.written_dates import WrittenDate, find_dates

HEAD_PARAGRAPHS = 4
"""How far down a dateline is looked for: headline, deck and byline may stand above it."""

_LONGEST_LINE_CHARS = 120
_LONGEST_HEAD_CHARS = 160
_PROSE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_AGENCY = r"(?:\([^()\n\d]{2,40}\)|/[^/\n\d]{2,30}/|\[[^\[\]\n\d]{2,40}\])"
_SET_OFF = re.compile(
    rf"(?: ?(?:г|р|r)\.)?(?P<stop>\.)?(?:,? ?(?P<agency>{_AGENCY}))?"
    r"(?P<mark> ?\.?(?:[:：|—–·•/]|--|-(?=\s)|[电電]))?\s*"
)
"""What stands between the date that heads a story and the story."""

_RANGE_CHARS = 12
"""Behind a date: another one within so many makes the two a stretch of time."""

_PUBLISHED, _UNLABELLED, _UPDATED = range(3)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A date as it is written, and the paragraph `text[start:end]` it heads or fills."""

    written: str
    month_day: tuple[int, int] | None
    """What is said where the year is left out."""

    alone: bool
    """The paragraph holds nothing else but a byline or a label."""

    start: int
    end: int
    updated: bool = False
    """By its label it is the date of a change, not of the first publication."""

    @property
    def has_year(self) -> bool:
        return self.month_day is None


def find_dateline(text: str) -> Dateline | None:
    """Return the dateline among the first paragraphs of a cleaned text.

    Below the first paragraph of the story there is none.
    """
    return first_publication(find_datelines(text))


def first_publication(datelines: list[Dateline]) -> Dateline | None:
    """Return one with its year if there is one, and rather not the date of a change."""
    return min(datelines, key=lambda each: (not each.has_year, each.updated), default=None)


def find_datelines(text: str) -> list[Dateline]:
    """Return the first dateline, and those that follow it without anything between."""
    found: list[Dateline] = []
    for start, end in _head(text):
        paragraph = text[start:end]
        dateline = _alone(paragraph, start) or _heading(paragraph, start)
        if dateline:
            found.append(dateline)
            if not dateline.alone:
                break
        elif found or _is_prose(paragraph):
            break
    return found


def is_dateline(paragraph: str) -> bool:
    """Tell whether a paragraph is nothing but a dateline, perhaps with a byline."""
    return _alone(paragraph, 0) is not None


def _head(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for _ in range(HEAD_PARAGRAPHS):
        end = text.find("\n\n", start)
        yield start, end if end >= 0 else len(text)
        if end < 0:
            return
        start = end + 2


def _alone(line: str, at: int) -> Dateline | None:
    """Read a paragraph of dates, times, labels and names alone."""
    if len(line) > _LONGEST_LINE_CHARS:
        return None
    spans = [with_clock(line, day.start, day.end) for day in find_dates(line) if day.has_year]
    if not spans:
        return None
    starts, ends = zip(*spans, strict=True)
    gaps = [line[end:start] for end, start in zip([0, *ends], [*starts, len(line)], strict=True)]
    ranks = [_rank(gap) for gap in gaps[:-1]]
    of_a_range = len(spans) > 1 and set(ranks) == {_UNLABELLED}
    if of_a_range or not frames_a_date(CLOCK.sub("|", "|".join(gaps))):
        return None
    rank = min(ranks)
    start, end = spans[ranks.index(rank)]
    return Dateline(line[start:end], None, True, at, at + len(line), rank == _UPDATED)


def _rank(before: str) -> int:
    """Say how well a date tells of the publication, by the label next before it."""
    labels = [*LABEL.finditer(before)]
    if not labels:
        return _UNLABELLED
    return _UPDATED if labels[-1]["updated"] else _PUBLISHED


def _heading(paragraph: str, at: int) -> Dateline | None:
    """Read the date that a paragraph of the story begins with."""
    head = paragraph[:_LONGEST_HEAD_CHARS]
    found = next(find_dates(head), None)
    if found is None:
        return None
    start, end = with_clock(head, found.start, found.end)
    before = head[:start]
    set_off = _SET_OFF.match(head, end)
    if not set_off or not frames_a_date(before) or not _heads(found, before, set_off):
        return None
    updated = _rank(before) == _UPDATED
    return Dateline(head[start:end], found.month_day, False, at, at + len(paragraph), updated)


def _heads(found: WrittenDate, before: str, set_off: re.Match[str]) -> bool:
    """Tell whether what stands around a date parts it from the story."""
    story = set_off.string[set_off.end() :]
    placed = names_something(before)
    if not story or (not placed and story[0].islower()):
        return False
    following = next(find_dates(story[: 2 * _RANGE_CHARS]), None)
    if following and following.has_year and following.start <= _RANGE_CHARS:
        return False
    if set_off["mark"]:
        return found.has_year or placed or set_off["agency"] is not None
    if set_off["agency"]:
        return placed and not set_off["agency"].islower() and not story[0].islower()
    return found.has_year and set_off["stop"] is not None and not placed


def _is_prose(paragraph: str) -> bool:
    return len(paragraph) > _LONGEST_LINE_CHARS or _PROSE_END.search(paragraph) is not None
