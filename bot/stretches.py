"""Reads a written or a relative date as the stretch of days that it covers."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_NUMBERS = dict(
    zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True)
) | {"a": 1, "couple of": 2, "a couple of": 2, "few": 5, "a few": 5}

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
YEAR = r"(?:1[89]|20)\d\d"
WEEKDAY = rf"(?:{'|'.join(_DAYS.split())})\b"
_ORDINAL = r"(?:st|nd|rd|th)?"
DAY = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}"
    rf"|\d{{1,2}}{_ORDINAL} (?:of )?{MONTH}(?:,? {YEAR})?"
    rf"|{MONTH} (?:the )?\d{{1,2}}{_ORDINAL}(?![\d:])(?:,? {YEAR})?)"
)
COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
UNIT = r"(?:day|week|month|year)"

_DECADE = re.compile(r"(?:the )?((?:1[89]|20)\d0)s", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_ORDINAL} (?:of )?({MONTH})(?:,? ({YEAR}))?", re.IGNORECASE)
_MONTH_FIRST = re.compile(
    rf"({MONTH}) (?:the )?(\d{{1,2}}){_ORDINAL}(?:,? ({YEAR}))?", re.IGNORECASE
)
_MONTH_ONLY = re.compile(rf"({MONTH})(?:,? (?:of )?({YEAR}))?", re.IGNORECASE)
_AGO = re.compile(rf"({COUNT}) ({UNIT})s? ago", re.IGNORECASE)
_ROLLING = re.compile(rf"(?:the )?(?:last|past|previous) ({COUNT}) ({UNIT})s?", re.IGNORECASE)
_THE_LAST = re.compile(r"(?:the (?:last|past)|past) (week|month|year)", re.IGNORECASE)
_WHOLE = re.compile(r"(last|previous|this|the) (week|month|year)", re.IGNORECASE)
_LAST_NAMED = re.compile(rf"(?:(last|this|past) )?(?:({WEEKDAY})|({MONTH}))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def to(self, other: "Stretch") -> "Stretch":
        return Stretch(min(self.first, other.first), max(self.last, other.last))

    @property
    def week(self) -> "Stretch":
        """From the Monday of its first week to the Sunday of its last."""
        monday = self.first - timedelta(days=self.first.weekday())
        return Stretch(monday, self.last + timedelta(days=6 - self.last.weekday()))


def read_stretch(written: str, *, today: date, newest: date) -> Stretch | None:
    """Return the days that are meant; None for what is no date, or none that there is.

    A date without a year is the latest that began by `newest`.
    """
    written = " ".join(written.split())
    try:
        return (
            _relative(written.lower(), today) or _written_out(written, newest) or _numeric(written)
        )
    except (ValueError, OverflowError):
        return None


def year_of(year: int) -> Stretch:
    return Stretch(date(year, 1, 1), date(year, 12, 31))


def month_of(year: int, month: int) -> Stretch:
    return Stretch(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def beginning(
    first: str, last: str, stretch: Stretch, *, today: date, newest: date
) -> Stretch | None:
    """Return the days from a first date to a last one, `stretch`, from which it takes the rest.

    "March" has its year from "May 2021", and "3" its month too from "5 December 2021".
    """
    if first.isdigit() and len(first) < 3:
        first = re.sub(r"\d{1,2}", first, last, count=1)
    start = read_stretch(first, today=today, newest=min(stretch.last, newest))
    return start.to(stretch) if start else None


def _written_out(written: str, newest: date) -> Stretch | None:
    if re.fullmatch(YEAR, written):
        return year_of(int(written))
    if match := _DECADE.fullmatch(written):
        return year_of(int(match[1])).to(year_of(int(match[1]) + 9))
    if match := _DAY_FIRST.fullmatch(written):
        return _in_year(_month(match[2]), int(match[1]), match[3], newest)
    if match := _MONTH_FIRST.fullmatch(written):
        return _in_year(_month(match[1]), int(match[2]), match[3], newest)
    if match := _MONTH_ONLY.fullmatch(written):
        return _in_year(_month(match[1]), None, match[2], newest)
    return None


def _in_year(month: int, day: int | None, year: str | None, newest: date) -> Stretch | None:
    if year:
        return _day_or_month(int(year), month, day)
    # 29 February may be seven years back from a year without one, at a turn of the century.
    for candidate in range(newest.year, newest.year - 9, -1):
        try:
            stretch = _day_or_month(candidate, month, day)
        except ValueError:
            continue
        if stretch.first <= newest:
            return stretch
    return None


def _day_or_month(year: int, month: int, day: int | None) -> Stretch:
    if day is None:
        return month_of(year, month)
    return Stretch(date(year, month, day), date(year, month, day))


def _month(name: str) -> int:
    return [each[:3] for each in _MONTHS.split()].index(name[:3].lower()) + 1


def _numeric(written: str) -> Stretch | None:
    if not written[:1].isdigit() or not written[-1:].isdigit():
        return None
    from ingest.dates.moments import day_of, parse_moment

    moment = parse_moment(written)
    return Stretch(day_of(moment), day_of(moment)) if moment else None


def _relative(written: str, today: date) -> Stretch | None:
    ago = {"today": 0, "this morning": 0, "yesterday": 1, "the day before yesterday": 2}
    if written in ago:
        day = today - timedelta(days=ago[written])
        return Stretch(day, day)
    if written == "last night":
        return Stretch(today - timedelta(days=1), today)
    if written.endswith("weekend"):
        saturday = today - timedelta(days=(today.weekday() - 5) % 7)
        return Stretch(saturday, min(saturday + timedelta(days=1), today))
    if match := _AGO.fullmatch(written):
        return _whole(match[2], _count(match[1]), today)
    if match := _ROLLING.fullmatch(written):
        return Stretch(_back(match[2], _count(match[1]), today), today)
    if match := _THE_LAST.fullmatch(written):
        return Stretch(_back(match[1], 1, today), today)
    if match := _WHOLE.fullmatch(written):
        stretch = _whole(match[2], 0 if match[1] in ("this", "the") else 1, today)
        return Stretch(stretch.first, min(stretch.last, today))
    if (match := _LAST_NAMED.fullmatch(written)) and (match[1] or match[2]):
        return _named(match[1] or "", match[2], match[3], today)
    return None


def _named(which: str, weekday: str | None, month: str | None, today: date) -> Stretch | None:
    """The latest Monday, or December; "last" is not the one that today is in."""
    if weekday:
        back = (today.weekday() - _DAYS.split().index(weekday)) % 7
        day = today - timedelta(days=back or (7 if which in ("last", "past") else 0))
        return Stretch(day, day)
    if month is None:
        return None
    number = _month(month)
    if which == "this":
        return month_of(today.year, number)
    return month_of(today.year if number < today.month else today.year - 1, number)


def _count(written: str) -> int:
    return int(written) if written.isdigit() else _NUMBERS[written]


def _whole(unit: str, ago: int, today: date) -> Stretch:
    """The day, calendar week (from Monday), month or year so many ago."""
    day = _back(unit, ago, today)
    if unit == "week":
        return Stretch(day, day).week
    if unit == "month":
        return month_of(day.year, day.month)
    return year_of(day.year) if unit == "year" else Stretch(day, day)


def _back(unit: str, count: int, today: date) -> date:
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
