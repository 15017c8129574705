"""Finds when an article was published, and where the date comes from.

Only what stands where a date is put is read: metadata, a dateline, the url, the file. A search of
the whole text makes dates up, and takes seconds over a long one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from ingest.dates.datelines import Dateline, find_dateline, find_datelines, first_publication
from ingest.dates.parse import Moment, day_of, day_of_calendar, month_of, parse_moment, to_iso

Found = Literal["metadata", "dateline", "url", "file"]

EARLIEST = date(1900, 1, 1)

_NAMES: dict[Found, str] = {
    "metadata": "published date",
    "dateline": "dateline",
    "url": "date in the url",
    "file": "date of the file",
}

_UNSET = {date(1970, 1, 1), date(1980, 1, 1)}
"""What machines write for "no date": the first day of Unix time and of the zip format."""

_URL_DATE = re.compile(
    r"(?:/|(?<=[^/])[_.-](?=\d{4}-?\d\d-?\d\d(?!\d)))"
    r"(?P<year>(?:19|20)\d\d)(?:[/-](?P<month>\d\d?|[a-z]{3,9})[/-](?P<day>\d\d?)"
    r"|/?(?P<two_digits>\d\d)(?P<and_two>\d\d)(?:\d{6}(?!/http))?)(?=[/_.-]|$)",
    re.IGNORECASE,
)
"""A slash leads to a date in any form, a mark inside a name only to one of eight digits."""


@dataclass(frozen=True, slots=True)
class Dated:
    """When an article was published: ISO 8601, a date, or date and time in UTC ending in Z.

    `found` is where the date stands. "file" is the day the file was last written: the latest
    day that the story can be of, and not a date that it gives.
    """

    published_at: str | None
    found: Found | None
    text: str
    """Without a dateline that was a paragraph of its own; one that begins the story stays."""

    notes: tuple[str, ...] = ()
    """Each date that is doubtful and not taken, with the reason."""


def date_article(
    text: str,
    *,
    today: date,
    title: str = "",
    metadata: str | None = None,
    url: str | None = None,
    modified_at: datetime | None = None,
) -> Dated:
    """Date a cleaned text by its metadata, else its dateline, else its url, else its file."""
    datelines = find_datelines(text)
    in_text = first_publication(datelines)
    dateline = in_text or find_dateline(title)
    written_on = modified_at.astimezone(UTC).date() if modified_at else None
    story = _without(datelines, text)
    notes: list[str] = []
    if in_text and _is_timeline(text, in_text):
        dateline = None
    for found, written, moment in _candidates(dateline, metadata, url, written_on):
        against = doubt(found, moment, today)
        if moment and not against:
            return Dated(to_iso(moment), found, story, tuple(notes))
        notes.append(f"{_NAMES[found]} {written[:60]!r} not taken: {against}")
    return Dated(None, None, story, tuple(notes))


def _candidates(
    dateline: Dateline | None, metadata: str | None, url: str | None, file_day: date | None
) -> Iterator[tuple[Found, str, Moment | None]]:
    """Yield each date that the article has, as written and as read, the most trusted first."""
    if metadata and metadata.strip():
        yield "metadata", metadata, parse_moment(metadata)
    if dateline:
        moment = parse_moment(dateline.written) if dateline.has_year else None
        yield "dateline", dateline.written, moment
    if in_url := _day_in_url(url or ""):
        yield "url", in_url.isoformat(), in_url
    if file_day and dateline and dateline.month_day:
        latest = _latest(dateline.month_day, file_day)
        yield "file", f"{dateline.written} {file_day.year}", latest
    if file_day:
        yield "file", file_day.isoformat(), file_day


def _without(datelines: list[Dateline], text: str) -> str:
    for dateline in reversed(datelines):
        if dateline.alone and parse_moment(dateline.written):
            text = (text[: dateline.start] + text[dateline.end :].lstrip("\n")).strip()
    return text


def _is_timeline(text: str, dateline: Dateline) -> bool:
    """Whether the next paragraph begins with a date too: then each dates only its paragraph."""
    following = find_dateline(text[dateline.end :].lstrip("\n"))
    return following is not None and not (dateline.alone or following.alone)


def _day_in_url(url: str) -> date | None:
    for match in _URL_DATE.finditer(re.split(r"[?#]", url, maxsplit=1)[0]):
        month = match["month"] or match["two_digits"]
        number = int(month) if month.isdigit() else month_of(month)
        day = int(match["day"] or match["and_two"])
        if found := day_of_calendar(int(match["year"]), number or 0, day):
            return found
    return None


def _latest(month_day: tuple[int, int], file_day: date) -> date | None:
    """Return the last such day up to the file's: a dateline without a year is a new story's."""
    for year in (file_day.year, file_day.year - 1):
        day = day_of_calendar(year, *month_day)
        if day and day <= file_day:
            return day
    return None


def doubt(found: Found, moment: Moment | None, today: date | None = None) -> str:
    """Return why a date is not taken, "" if it is; without `today` it may be in the future."""
    if moment is None:
        return "not one clear date with its year"
    day = day_of(moment)
    if today and day > today + timedelta(days=1):
        return "in the future"
    if day < EARLIEST:
        return f"before {EARLIEST.year}"
    if day in _UNSET and found in ("metadata", "file"):
        return "what a machine writes for no date"
    return ""
