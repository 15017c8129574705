"""Reads the dates in a text, whole or in part, and those that "last year" refers to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.questions.words import MONTHS, WEEKDAYS

_SHORT = "|".join(rf"{name[:3]}(?:{name[3:]})?|{name.upper()}" for name in map(str.title, MONTHS))
_MONTH = rf"(?:{_SHORT}|Sept|(?:JAN|FEB|AUG|SEPT?|OCT|NOV|DEC)\b)"
_DAY = r"(?<![\d.,])(?P<{}>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\w%]|[.,]\d)"
_YEAR = r"(?P<{}>1\d{{3}}|20\d\d)(?!\d)"
_DATE = re.compile(
    rf"(?<!\d)(?P<y0>\d{{4}})-(?P<m0>\d\d)-(?P<d0>\d\d)(?!\d)"
    rf"|{_DAY.format('d1')}(?: of)? (?P<m1>{_MONTH})\b\.?(?:,? {_YEAR.format('y1')})?"
    rf"|\b(?P<m2>{_MONTH}) ?\.? ?{_DAY.format('d2')}(?:(?:,? | of ){_YEAR.format('y2')})?"
    rf"|\b(?P<m3>{_MONTH})\.?(?:,? | of ){_YEAR.format('y3')}"
    rf"|(?<![\d/.])(?P<d4>\d{{1,2}})[/.](?P<m4>\d{{1,2}})[/.](?P<y4>\d{{4}})(?!\d)"
    # "May" and "March" are months only after a word that goes before dates.
    rf"|\b(?P<m5>(?!(?i:May|March)\b){_MONTH})\b"
    r"|\b(?i:in|of|since|until|by|last|next|early|late|mid|from|during)"
    r" (?P<m6>May|March|MAY|MARCH)\b"
)
_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})s?\b", re.IGNORECASE)
_NEAR_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_NEAR = re.compile(
    rf"\b(?:(?P<day>{'|'.join(_NEAR_DAYS)})|(?P<which>last|this|next) (?P<span>month|year))\b",
    re.IGNORECASE,
)
_STEPS = {"last": -1, "this": 0, "next": 1}
_FAR_MONTHS = 6
_YEAR_ALONE = re.compile(r"(?<![\d.,])(?:1\d{3}|20\d\d)(?![\d%])")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is given: "in December" has neither year nor day."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def is_part_of(self, other: "PartialDate") -> bool:
        """Whether the other date has every part that this one has."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine is None or mine == theirs for mine, theirs in pairs)


def split_dates(text: str) -> tuple[list[tuple[str, PartialDate]], str]:
    """Return the dates as written and as read, and the text without them."""
    dates = [(match[0], date) for match in _DATE.finditer(text) for date in _read(match)[:1]]
    return dates, _DATE.sub(lambda match: " … " if _read(match) else match[0], text)


def resolved_dates(text: str, published_at: str | None) -> frozenset[PartialDate]:
    """Return the dates in an article, and those that "Thursday" or "last year" refer to.

    A date without its year is one of the year it was published in, or of a year named in the text.
    """
    published = _day(published_at)
    written = {each for match in _DATE.finditer(text) for each in _read(match)}
    years = {int(year) for year in _YEAR_ALONE.findall(text)}
    completed = {
        PartialDate(year, each.month, each.day)
        for each in written
        if each.year is None
        for year in years | set(_years_around(published, each.month))
    }
    return frozenset(written | completed | set(_relative(text, published)))


def weekdays_in(text: str) -> frozenset[str]:
    return frozenset(weekday.lower() for weekday in _WEEKDAY.findall(text))


def resolved_weekdays(text: str, dates: frozenset[PartialDate]) -> frozenset[str]:
    """Return the weekdays that an article names, and those of its dates."""
    days = (_calendar(each.year, each.month, each.day) for each in dates)
    return weekdays_in(text) | {WEEKDAYS[day.weekday()] for day in days if day}


def _read(match: re.Match[str]) -> list[PartialDate]:
    """Return each way to read a date; none for a date that no calendar has."""
    parts = {name[0]: part for name, part in match.groupdict().items() if part}
    year = int(parts["y"]) if "y" in parts else None
    day = int(parts["d"]) if "d" in parts else None
    written = parts["m"]
    month = int(written) if written.isdigit() else _month(written)
    ways = [PartialDate(year, month, day)]
    if match["d4"]:
        ways.append(PartialDate(year, day, month))
    return [way for way in ways if _calendar(way.year or 2000, way.month, way.day or 1)]


def _month(written: str) -> int:
    return next(n for n, name in enumerate(MONTHS, 1) if name[:3] == written[:3].lower())


def _calendar(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year, month, day) if year and month and day else None
    except ValueError:
        return None


def _day(published_at: str | None) -> date | None:
    try:
        return date.fromisoformat(published_at[:10]) if published_at else None
    except ValueError:
        return None


def _years_around(published: date | None, month: int | None) -> list[int]:
    """Return the year of publication, and the next or last one for a month far from it."""
    if not published or not month:
        return []
    far = month - published.month
    other = published.year + (1 if far < 0 else -1)
    return [published.year, other] if abs(far) >= _FAR_MONTHS else [published.year]


def _relative(text: str, published: date | None) -> Iterator[PartialDate]:
    if not published:
        return
    yield _date_of(published)
    for weekday in weekdays_in(text):
        ago = (published.weekday() - WEEKDAYS.index(weekday)) % 7
        for days in (-ago, 7 - ago):
            yield _date_of(published + timedelta(days=days))
    for match in _NEAR.finditer(text):
        if match["day"]:
            yield _date_of(published + timedelta(days=_NEAR_DAYS[match["day"].lower()]))
        else:
            yield _near(published, _STEPS[match["which"].lower()], match["span"].lower())


def _near(published: date, step: int, span: str) -> PartialDate:
    if span == "year":
        return PartialDate(published.year + step)
    months = published.year * 12 + published.month - 1 + step
    return PartialDate(months // 12, months % 12 + 1)


def _date_of(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)
