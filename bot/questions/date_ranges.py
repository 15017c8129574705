"""Reads a written or a relative date as the range of days that it covers."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.questions.words import MONTHS, SMALL_NUMBERS, WEEKDAYS

_COUNTS = {word: number for number, word in enumerate(SMALL_NUMBERS[:11]) if number} | {
    "a": 1,
    "couple of": 2,
    "a couple of": 2,
    "few": 5,
    "a few": 5,
}

MONTH = rf"(?:{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)}|sept)\b\.?"
YEAR = r"(?:1[89]|20)\d\d"
WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})\b"
_ORDINAL = r"(?:st|nd|rd|th)?"
DAY = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}"
    rf"|\d{{1,2}}{_ORDINAL} (?:of )?{MONTH}(?:,? {YEAR})?"
    rf"|{MONTH} (?:the )?\d{{1,2}}{_ORDINAL}(?![\d:])(?:,? {YEAR})?)"
)
COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
UNIT = r"(?:day|week|month|year)"

_DECADE = r"(?:the )?((?:1[89]|20)\d0)s"
_DAY_FIRST = rf"(\d{{1,2}}){_ORDINAL} (?:of )?({MONTH})(?:,? ({YEAR}))?"
_MONTH_FIRST = rf"({MONTH}) (?:the )?(\d{{1,2}}){_ORDINAL}(?:,? ({YEAR}))?"
_MONTH_ONLY = rf"({MONTH})(?:,? (?:of )?({YEAR}))?"
_AGO = rf"({COUNT}) ({UNIT})s? ago"
_ROLLING = rf"(?:the )?(?:last|past|previous) ({COUNT}) ({UNIT})s?"
_THE_LAST = r"(?:the (?:last|past)|past) (week|month|year)"
_WHOLE = r"(last|previous|this|the) (week|month|year)"
_LAST_NAMED = rf"(?:(last|this|past) )?(?:({WEEKDAY})|({MONTH}))"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def to(self, other: "DateRange") -> "DateRange":
        return DateRange(min(self.first, other.first), max(self.last, other.last))

    @property
    def week(self) -> "DateRange":
        """From the Monday of its first week to the Sunday of its last."""
        monday = self.first - timedelta(days=self.first.weekday())
        return DateRange(monday, self.last + timedelta(days=6 - self.last.weekday()))


def read_date_range(written: str, *, today: date, newest: date) -> DateRange | None:
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


def _year(year: int) -> DateRange:
    return DateRange(date(year, 1, 1), date(year, 12, 31))


def _month_range(year: int, month: int) -> DateRange:
    return DateRange(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def range_from(
    first: str, last: str, days: DateRange, *, today: date, newest: date
) -> DateRange | None:
    """Return the days from a first date to a last one, `days`, from which it takes the rest.

    "March" has its year from "May 2021", and "3" its month too from "5 December 2021".
    """
    if first.isdigit() and len(first) < 3:
        first = re.sub(r"\d{1,2}", first, last, count=1)
    start = read_date_range(first, today=today, newest=min(days.last, newest))
    return start.to(days) if start else None


def _written_out(written: str, newest: date) -> DateRange | None:
    if _match(YEAR, written):
        return _year(int(written))
    if match := _match(_DECADE, written):
        return _year(int(match[1])).to(_year(int(match[1]) + 9))
    if match := _match(_DAY_FIRST, written):
        return _in_year(_month(match[2]), int(match[1]), match[3], newest)
    if match := _match(_MONTH_FIRST, written):
        return _in_year(_month(match[1]), int(match[2]), match[3], newest)
    if match := _match(_MONTH_ONLY, written):
        return _in_year(_month(match[1]), None, match[2], newest)
    return None


def _in_year(month: int, day: int | None, year: str | None, newest: date) -> DateRange | None:
    if year:
        return _day_or_month(int(year), month, day)
    # 29 February may be seven years back from a year without one, at a turn of the century.
    for candidate in range(newest.year, newest.year - 9, -1):
        try:
            days = _day_or_month(candidate, month, day)
        except ValueError:
            continue
        if days.first <= newest:
            return days
    return None


def _day_or_month(year: int, month: int, day: int | None) -> DateRange:
    if day is None:
        return _month_range(year, month)
    return DateRange(date(year, month, day), date(year, month, day))


def _month(name: str) -> int:
    return [each[:3] for each in MONTHS].index(name[:3].lower()) + 1


def _match(pattern: str, written: str) -> re.Match[str] | None:
    """Compiles the pattern when it is first needed: most questions have no date."""
    return re.fullmatch(pattern, written, re.IGNORECASE)


def _numeric(written: str) -> DateRange | None:
    if not written[:1].isdigit() or not written[-1:].isdigit():
        return None
    from ingest.dates.parse import day_of, parse_moment

    moment = parse_moment(written)
    return DateRange(day_of(moment), day_of(moment)) if moment else None


def _relative(written: str, today: date) -> DateRange | None:
    ago = {"today": 0, "this morning": 0, "yesterday": 1, "the day before yesterday": 2}
    if written in ago:
        day = today - timedelta(days=ago[written])
        return DateRange(day, day)
    if written == "last night":
        return DateRange(today - timedelta(days=1), today)
    if written.endswith("weekend"):
        saturday = today - timedelta(days=(today.weekday() - 5) % 7)
        return DateRange(saturday, min(saturday + timedelta(days=1), today))
    if match := _match(_AGO, written):
        return _whole(match[2], _count(match[1]), today)
    if match := _match(_ROLLING, written):
        return DateRange(_back(match[2], _count(match[1]), today), today)
    if match := _match(_THE_LAST, written):
        return DateRange(_back(match[1], 1, today), today)
    if match := _match(_WHOLE, written):
        days = _whole(match[2], 0 if match[1] in ("this", "the") else 1, today)
        return DateRange(days.first, min(days.last, today))
    if (match := _match(_LAST_NAMED, written)) and (match[1] or match[2]):
        return _named(match[1] or "", match[2], match[3], today)
    return None


def _named(which: str, weekday: str | None, month: str | None, today: date) -> DateRange | None:
    """The latest Monday, or December; "last" is not the one that today is in."""
    if weekday:
        back = (today.weekday() - WEEKDAYS.index(weekday)) % 7
        day = today - timedelta(days=back or (7 if which in ("last", "past") else 0))
        return DateRange(day, day)
    if month is None:
        return None
    number = _month(month)
    if which == "this":
        return _month_range(today.year, number)
    return _month_range(today.year if number < today.month else today.year - 1, number)


def _count(written: str) -> int:
    return int(written) if written.isdigit() else _COUNTS[written]


def _whole(unit: str, ago: int, today: date) -> DateRange:
    """The day, calendar week (from Monday), month or year so many ago."""
    day = _back(unit, ago, today)
    if unit == "week":
        return DateRange(day, day).week
    if unit == "month":
        return _month_range(day.year, day.month)
    return _year(day.year) if unit == "year" else DateRange(day, day)


def _back(unit: str, count: int, today: date) -> date:
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
