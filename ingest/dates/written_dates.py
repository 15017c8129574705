"""Finds the dates that are written in a line, in many forms and languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingest.dates.calendar import day_of_calendar, month_of

_WORD = r"[^\W\d_][^\s\d,.:;|()]{1,24}"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?"
_YEAR = r"(?:\d{4}(?!\d)|(?:19|20)\d\d(?=\d{1,2}:\d\d))"
"""Some sites set the time directly behind the year: "December 3, 20212:05 PM"."""

_ASIAN = (r"\d{4}年 ?\d{1,2}月 ?\d{1,2}日", r"\d{4}년 ?\d{1,2}월 ?\d{1,2}일")
_DAY_FIRST = (
    r"\d{4}-\d{1,2}-\d{1,2}(?!\d)",
    r"\d{4}\. ?\d{1,2}\. ?\d{1,2}(?!\d)\.?",
    r"\d{4}/\d{1,2}/\d{1,2}(?!\d)",
    rf"\d{{1,2}}\. ?\d{{1,2}}\. ?(?:{_YEAR}|\d\d(?![\d.]))",
    rf"\d{{1,2}}(?P<mark>[/-])\d{{1,2}}(?P=mark)(?:{_YEAR}|\d\d(?![\d/-]))",
    rf"{_DAY} ?(?:of |de )?{_WORD}\.?,? (?:de |del )?{_YEAR}",
    r"\d{1,2}-[^\W\d_]{3,12}-\d{2,4}(?!\d)",
    rf"\d{{4}}\. {_WORD} \d{{1,2}}(?!\d)\.?",
    rf"\d{{1,2}} tháng \d{{1,2}},? (?:năm )?{_YEAR}",
)
_MONTH_FIRST = rf"{_WORD}\.? {_DAY},? {_YEAR}"
_YEARLESS_ASIAN = r"\d{1,2}月 ?\d{1,2}日|\d{1,2}월 ?\d{1,2}일"
_YEARLESS_DAY_FIRST = rf"{_DAY} ?(?:of |de )?{_WORD}\.?"
_YEARLESS_MONTH_FIRST = rf"{_WORD}\.? {_DAY}(?!\d)"

_APART = r"(?<![\w./])(?<!\w-)"
_DATE = re.compile(
    rf"(?<!\d)(?:{'|'.join(_ASIAN)})"
    rf"|{_APART}(?:{'|'.join(_DAY_FIRST)})|(?<!\w){_MONTH_FIRST}"
    rf"|(?P<yearless>(?<!\d)(?:{_YEARLESS_ASIAN})"
    rf"|{_APART}{_YEARLESS_DAY_FIRST}|(?<!\w){_YEARLESS_MONTH_FIRST})"
)
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\d+|[^\W\d]+")
_LETTERS = re.compile(r"[^\W\d_][^\s\d,.:;|()-]*")
_NUMBER = re.compile(r"\d+")
_SHORT_YEAR = re.compile(r"\d{1,2}\D{1,2}\d{1,2}\D{1,2}\d\d")
_FIRST_SHORT_YEAR = 70
"""Of two digits: these and later ones are of the last century, as everywhere since Unix."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date of the calendar, and the `line[start:end]` that it is written as."""

    start: int
    end: int
    day: date | None
    """None if it has no year, or reads two ways, as 03/04/2021 does."""

    month_day: tuple[int, int] | None = None
    """What is said where the year is left out."""

    @property
    def has_year(self) -> bool:
        return self.month_day is None


def find_dates(line: str, *, short_years: bool = False) -> Iterator[WrittenDate]:
    """Yield the dates in a line, in order; its length squared is what it may cost at worst.

    With `short_years` so are three numbers of two digits, which a score or a version may be too.
    """
    if not _DIGIT.search(line):
        return
    at = 0
    while match := _DATE.search(line, at):
        found = _yearless(match) if match["yearless"] else _full(match)
        if found and (short_years or not _SHORT_YEAR.fullmatch(match[0])):
            yield found
            at = match.end()
        else:
            token = _TOKEN.match(line, match.start())
            at = token.end() if token else match.end()


def _yearless(match: re.Match[str]) -> WrittenDate | None:
    numbers = [int(number) for number in _NUMBER.findall(match[0])]
    month = numbers[0] if len(numbers) > 1 else _month_in(match[0])
    if not month or not day_of_calendar(2000, month, numbers[-1]):
        return None
    return WrittenDate(match.start(), match.end(), None, (month, numbers[-1]))


def _full(match: re.Match[str]) -> WrittenDate | None:
    days = _readings(match[0])
    if not days:
        return None
    day = days.pop() if len(days) == 1 else None
    return WrittenDate(match.start(), match.end(), day)


def _readings(written: str) -> set[date]:
    """Return each day that a date with its year can mean."""
    numbers = _NUMBER.findall(written)
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 2:
        month = _month_in(written) or 0
        year, day = (first, last) if len(first) == 4 else (last, first)
        return _days((year, month, day))
    middle = numbers[1]
    if len(first) == 4:
        return _days((first, middle, last))
    day_first, month_first = (last, middle, first), (last, first, middle)
    year_first = [(first, middle, last)] if len(first) == len(last) == 2 else []
    if "/" in written or "-" in written:
        return _days(day_first, month_first, *year_first)
    return _days(day_first, *year_first) or _days(month_first)


def _days(*readings: tuple[str, str | int, str]) -> set[date]:
    days = (day_of_calendar(_year(year), int(month), int(day)) for year, month, day in readings)
    return {day for day in days if day}


def _year(written: str) -> int:
    year = int(written)
    if len(written) > 2:
        return year
    return year + (1900 if year >= _FIRST_SHORT_YEAR else 2000)


def _month_in(written: str) -> int | None:
    return next(filter(None, map(month_of, _LETTERS.findall(written))), None)
