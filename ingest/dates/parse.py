"""Finds written dates in a line, and reads one with its time: ours cuts out, dateparser reads.

dateparser alone makes two days of "03/04/2021" one, and takes 3 ms for a string in English and
0.5 s for the first; so dates without a time, and those that machines write, are read here.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import resources

Moment = date | datetime
"""A day, or a time in UTC."""

_LANGUAGES = [
    *("en", "fr", "de", "es", "it", "pt", "nl", "ru", "uk", "ar", "fa", "tr", "pl", "sv", "da"),
    *("nb", "fi", "cs", "hu", "ro", "el", "he", "hi", "bn", "id", "vi", "th", "zh", "ja", "ko"),
]
"""dateparser tries each of its 200 languages in turn where none is named: 1.5 s for a bad date."""

_ZONES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "IST": "Asia/Kolkata",
}
"""Zones that dateparser reads as winter time in summer too, and IST as Israel's time."""

_LONGEST_CHARS = 60
_EPOCH = re.compile(r"\d{10}(?:\d{3}|\.\d{1,9})?")
_RFC_2822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)?"
    r" (?:[+-]\d{4}|GMT|UTC?|[ECMP][SD]T)"
)
_ZONE_NAME = re.compile(r" ?(?:UTC|GMT)$", re.IGNORECASE)
_WORD = r"[^\W\d_][^\s\d,.:;|()]{1,24}"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?"
_YEAR = r"(?:\d{4}(?!\d)|(?:19|20)\d\d(?=\d{1,2}:\d\d))"
"""Some sites set the time directly behind the year: "December 3, 20212:05 PM"."""

_ASIAN = r"\d{4}[年년] ?\d{1,2}[月월] ?\d{1,2}[日일]"
_DAY_FIRST = (
    r"\d{4}-\d{1,2}-\d{1,2}(?!\d)",
    r"\d{4}\. ?\d{1,2}\. ?\d{1,2}(?!\d)\.?",
    r"\d{4}/\d{1,2}/\d{1,2}(?!\d)",
    rf"\d{{1,2}}\. ?\d{{1,2}}\. ?(?:{_YEAR}|\d\d(?![\d.]))",
    rf"\d{{1,2}}(?P<mark>[/-])\d{{1,2}}(?P=mark)(?:{_YEAR}|\d\d(?![\d/-]))",
    rf"{_DAY} ?(?:of |de )?{_WORD}\.?,? (?:de |del )?{_YEAR}",
    r"\d{1,2}-[^\W\d_]{3,12}-\d{2,4}(?!\d)",
)
_MONTH_FIRST = rf"{_WORD}\.? {_DAY},? {_YEAR}"
_YEARLESS_DAY_FIRST = rf"{_DAY} ?(?:of |de )?{_WORD}\.?"
_YEARLESS_MONTH_FIRST = rf"{_WORD}\.? {_DAY}(?!\d)"
_APART = r"(?<![\w./])(?<!\w-)"
_DATE = re.compile(
    rf"(?<!\d){_ASIAN}|{_APART}(?:{'|'.join(_DAY_FIRST)})|(?<!\w){_MONTH_FIRST}"
    rf"|(?P<yearless>{_APART}{_YEARLESS_DAY_FIRST}|(?<!\w){_YEARLESS_MONTH_FIRST})"
)
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\d+|[^\W\d]+")
_LETTERS = re.compile(r"[^\W\d_][^\s\d,.:;|()-]*")
_NUMBER = re.compile(r"\d+")
_SHORT_YEAR = re.compile(r"\d{1,2}\D{1,2}\d{1,2}\D{1,2}\d\d")
_FIRST_SHORT_YEAR = 70
"""Of two digits: these and later ones are of the last century, as everywhere since Unix."""

_AM_PM = r"[AaPp]\.?[Mm]\b\.?"
_ZONE = (
    r"(?:GMT|UTC)(?: ?[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}"
    r"|(?!BY\b|AND\b|AM\b|PM\b)[A-Z]{2,4}|Z"
)
CLOCK = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})"
    r"(?:(?: h |[:.h时時])(?P<minute>\d{2})(?!\d)(?P<second>:\d{2})?(?:\.\d{1,9})?分?"
    rf"(?: ?(?P<am_pm>{_AM_PM}))?| ?(?P<sharp>{_AM_PM}))"
    rf"(?: ?(?:[Uu]hr|[Uu]ur|h)\b)?(?:,? ?\(?(?P<zone>{_ZONE})(?![\w:])\)?)?"
)
_JOINING = frozenset("t at on the à um om klo kl alle ore a las às o u le den el am r".split())
_WORD_IN_GAP = re.compile(r"[^\s.,:;|()（）–—-]+(?:-feira)?")
_LONGEST_GAP = 24
_SHORTEST_ABBREVIATION = 3


def parse_moment(written: str) -> Moment | None:
    """Return the date, with the time in UTC if there is one; None if it is not one clear date.

    A time without a zone counts as UTC. Midnight, wherever, is what machines write for no time.
    "03/04/2021" is two dates, so none.
    """
    written = " ".join(unicodedata.normalize("NFKC", written).split())
    if not written or len(written) > _LONGEST_CHARS:
        return None
    dates = [found for found in find_dates(written, short_years=True) if found.has_year]
    if len(dates) > 1 or any(found.day is None for found in dates):
        return None
    moment = _parse_standard(written)
    if moment is None and dates:
        moment = _parse_beside(written, dates[0])
    moment = moment or _dateparser(written, _LANGUAGES)
    if moment is None:
        return None
    if moment.time() == time():
        return moment.date()
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return None


def to_iso(moment: Moment) -> str:
    """Write a day as YYYY-MM-DD, a time as YYYY-MM-DDTHH:MM:SSZ."""
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return moment.isoformat()


def day_of(moment: Moment) -> date:
    """Return the day, without the time."""
    return moment.date() if isinstance(moment, datetime) else moment


def _parse_standard(written: str) -> datetime | None:
    """Read what machines write: ISO 8601, RFC 2822, seconds of Unix time."""
    try:
        if _EPOCH.fullmatch(written):
            return datetime.fromtimestamp(int(written[:10]), UTC)
        if _RFC_2822.fullmatch(written):
            return parsedate_to_datetime(written)
        return datetime.fromisoformat(_ZONE_NAME.sub("+00:00", written))
    except (ValueError, OverflowError):
        return None


def _parse_beside(written: str, found: "WrittenDate") -> datetime | None:
    """Read the time beside a date; None if there is more than a time and a weekday."""
    rest = f"{written[: found.start]} {written[found.end :].removeprefix('T')}"
    match = CLOCK.search(rest)
    if match:
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    if found.day is None or not _joins(rest):
        return None
    if match is None:
        return datetime.combine(found.day, time())
    zone = match["zone"] or ""
    clock = f"{match['hour']}:{match['minute'] or '00'}{match['second'] or ''}"
    half = "" if int(match["hour"]) > 12 else match["am_pm"] or match["sharp"] or ""
    plain = f"{found.day} {clock} {half} {'' if zone in _ZONES else zone}"
    return _dateparser(plain, ["en"], zone=_ZONES.get(zone, "UTC"))


def _dateparser(written: str, languages: list[str], *, zone: str = "UTC") -> datetime | None:
    import dateparser

    settings = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "YMD" if written[:4].isdigit() else "DMY",
        "TIMEZONE": zone,
        "RETURN_AS_TIMEZONE_AWARE": True,
    }
    try:
        moment: datetime | None = dateparser.parse(written, languages=languages, settings=settings)
    except (ValueError, OverflowError):
        return None
    return moment


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date of the calendar, and the `line[start:end]` that it is written as."""

    start: int
    end: int
    day: date | None
    """None if it has no year, or reads two ways, as 03/04/2021 does."""

    month_day: tuple[int, int] | None = None
    """Month and day where the year is left out."""

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


def with_clock(line: str, start: int, end: int) -> tuple[int, int]:
    """Return the date at `line[start:end]` as a span together with the time beside it."""
    after = CLOCK.search(line, end, end + 2 * _LONGEST_GAP)
    if after and _joins(line[end : after.start()]):
        return start, after.end()
    for before in CLOCK.finditer(line, max(0, start - 2 * _LONGEST_GAP), start):
        if _joins(line[before.end() : start]):
            return before.start(), end
    return start, end


def _joins(text: str) -> bool:
    """Whether a text has nothing but a weekday and what leads from a date to a time."""
    words = [word.casefold() for word in _WORD_IN_GAP.findall(text)]
    return len(text) <= _LONGEST_GAP and all(word in _JOINING or is_weekday(word) for word in words)


def _yearless(match: re.Match[str]) -> WrittenDate | None:
    day, month = int(_NUMBER.findall(match[0])[0]), _month_in(match[0])
    if not month or not day_of_calendar(2000, month, day):
        return None
    return WrittenDate(match.start(), match.end(), None, (month, day))


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


def day_of_calendar(year: int, month: int, day: int) -> date | None:
    """Return the day, None for what is none, such as the thirtieth of February."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_of(word: str) -> int | None:
    """Return the number of the month that a word names in full, or by its first letters."""
    return _months().get(_plain(word))


def is_weekday(word: str) -> bool:
    """Whether a word names a day of the week, in full or by its first letters."""
    return _plain(word) in _weekdays()


@cache
def _months() -> dict[str, int]:
    rows = _names("months")
    months: dict[str, int] = {}
    for row in rows:
        for month, name in enumerate(row, 1):
            months.setdefault(name, month)
    for row in rows:
        shared = Counter(start for name in row for start in _starts(name))
        for month, name in enumerate(row, 1):
            for start in _starts(name):
                if shared[start] == 1:
                    months.setdefault(start, month)
    return months


@cache
def _weekdays() -> frozenset[str]:
    names = [name for row in _names("weekdays") for name in row]
    return frozenset([*names, *(start for name in names for start in _starts(name))])


def _names(kind: str) -> list[list[str]]:
    """Return the names of months or weekdays, a list a language."""
    file = resources.files("ingest.dates").joinpath("months.toml")
    languages: dict[str, str] = tomllib.loads(file.read_text("utf-8"))[kind]
    return [[_plain(name) for name in names.split()] for names in languages.values()]


def _starts(name: str) -> list[str]:
    return [name[:length] for length in range(_SHORTEST_ABBREVIATION, len(name))]


def _plain(word: str) -> str:
    """Return a word without accents, capitals and a closing point: they come and go."""
    split = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in split if not unicodedata.combining(char)).rstrip(".")
