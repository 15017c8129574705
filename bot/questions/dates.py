"""Finds the date range a question asks about: "last week", "in December 2021", "latest"."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.answers import Dates
from bot.questions.words import MONTHS, SMALL_NUMBERS, WEEKDAYS, is_stop_word

LONGEST_CHARS = 2_000
"""How much of a question is read for dates."""

_COUNTS = {word: number for number, word in enumerate(SMALL_NUMBERS[:11]) if number} | {
    "a": 1,
    "couple of": 2,
    "a couple of": 2,
    "few": 5,
    "a few": 5,
}

_MONTH = rf"(?:{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)}|sept)\b\.?"
_YEAR = r"(?:1[89]|20)\d\d"
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})\b"
_ORDINAL = r"(?:st|nd|rd|th)?"
_DAY = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}"
    rf"|\d{{1,2}}{_ORDINAL} (?:of )?{_MONTH}(?:,? {_YEAR})?"
    rf"|{_MONTH} (?:the )?\d{{1,2}}{_ORDINAL}(?![\d:])(?:,? {_YEAR})?)"
)
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
_UNIT = r"(?:day|week|month|year)"

_DECADE = r"(?:the )?((?:1[89]|20)\d0)s"
_DAY_FIRST = rf"(\d{{1,2}}){_ORDINAL} (?:of )?({_MONTH})(?:,? ({_YEAR}))?"
_MONTH_FIRST = rf"({_MONTH}) (?:the )?(\d{{1,2}}){_ORDINAL}(?:,? ({_YEAR}))?"
_MONTH_ONLY = rf"({_MONTH})(?:,? (?:of )?({_YEAR}))?"
_AGO = rf"({_COUNT}) ({_UNIT})s? ago"
_ROLLING = rf"(?:the )?(?:last|past|previous) ({_COUNT}) ({_UNIT})s?"
_THE_LAST = r"(?:the (?:last|past)|past) (week|month|year)"
_WHOLE = r"(last|previous|this|the) (week|month|year)"
_LAST_NAMED = rf"(?:(last|this|past) )?(?:({_WEEKDAY})|({_MONTH}))"

_NEWEST = re.compile(
    r"(?<!at the )\b(?:latest|newest|most recent(?:ly)?|recently|lately"
    r"|recent (?:days|weeks|months))\b(?! possible)",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"\d{4}|\b(?:yesterday|today|this|last|past|previous|ago|weekend|start|beginning"
    rf"|{_WEEKDAY}|{_MONTH})\b",
    re.IGNORECASE,
)

_ONE_DAY = timedelta(days=1)

_PART = (
    r"(?:(?:the )?(?:end|start|beginning|middle|first half|second half|spring|summer|autumn|fall)"
    r" of |(?:the )?year |the month of |early |mid[- ]|late )?"
)
_RELATIVE = (
    rf"(?:(?:the day before )?yesterday|today|this morning|last night|last weekend"
    rf"|(?:(?<=over )|(?<=at ))the weekend|{_COUNT} {_UNIT}s? ago"
    r"|the (?:start|beginning) of the (?:week|month|year)"
    rf"|(?:the )?(?:last|past|previous) {_COUNT} {_UNIT}s?|the (?:last|past) (?:week|month|year)"
    r"|(?:so far )?this (?:week|month|year)|(?:last|past|previous) (?:week|month|year)"
    rf"|(?:last|this|past) (?:{_WEEKDAY}|{_MONTH}))"
)
_SHORT = rf"(?:{_MONTH},? (?:of )?{_YEAR}|(?:the )?(?:1[89]|20)\d0s|{_YEAR}|{_MONTH}|{_WEEKDAY})"
_WHEN = rf"(?P<when>{_DAY}|{_RELATIVE}|{_PART}{_SHORT})"
_FIRST = rf"(?P<first>{_DAY}|{_RELATIVE}|{_PART}{_SHORT}|\d{{1,2}})"
_EVENT = r"(?P<event>(?:the|its|his|her|their|our)(?: [^\W\d_][\w'’-]*){1,6} (?:on|in|of(?= \d)) )?"

_FORMS = (
    rf"\b(?:between {_FIRST} and|from {_FIRST.replace('first', 'start')}"
    rf" (?:to|until|till|through)) {_WHEN}",
    rf"\b(?P<bound>since|after|as of|before|until|till|up to|by|prior to) {_EVENT}{_WHEN}",
    rf"\b(?P<bound>from) {_WHEN} on(?:wards?\b|(?=\W*$))",
    rf"\b(?:in|from|during|throughout|within|on) (?P<week>the week of )?"
    rf"(?:(?P<first>{_YEAR}|{_MONTH}) (?:and|or) )?{_WHEN}",
    rf"\b(?P<when>{_RELATIVE}|{_DAY})",
)
"""The plainest first. Bare years, months and weekdays count only after a preposition: "the 2014
World Cup" is the name of an event, and "may" and "march" are verbs. They are compiled where they
are first used: it takes 50 ms, and most questions have no date."""

_UNAMBIGUOUS = rf"{_DAY}|{_RELATIVE}|{_PART}{_MONTH},? (?:of )?{_YEAR}"
_NEXT = re.compile(r"(?P<joined>['’]|[-–/%]\w|[.,:]\d)|\s+(?P<word>[^\W_]+)")
_TIMES_OF_DAY = frozenset(("morning", "afternoon", "evening", "night"))
_OWNS_DAYS = re.compile(r"yesterday|today|(?:last|this) week", re.IGNORECASE)
_FACT = re.compile(
    r"\b(?:born|founded|built|established|invented|discovered|written|painted|composed) in",
    re.IGNORECASE,
)
_IS_STILL = re.compile(r"\b(?:is|are)\b(?! happening)[^.,;?]*$", re.IGNORECASE)
_HAPPENED = re.compile(
    r"\b(?:did|was|were|has|have|had|happen\w*|news|said|says|announced|new)\b", re.IGNORECASE
)


def may_have_dates(question: str) -> bool:
    """Whether it is worth the time to look for dates in a question."""
    question = question[:LONGEST_CHARS]
    return bool(_HINT.search(question) or _NEWEST.search(question))


def dates_in(question: str, *, today: date, newest: str | None = None) -> Dates | None:
    """Return the dates that a question asks about; None if it names none.

    `newest` is the newest published date of the archive: a date without a year is the latest
    such date until then. A date in the future is no filter: nothing was published then.
    """
    question = question[:LONGEST_CHARS]
    latest = _NEWEST.search(question)
    ranges = (
        _date_ranges(question, today, _newest(newest, today))
        if _HINT.search(question)
        else iter(())
    )
    first = next(ranges, None)
    if first is None:
        return Dates(None, None, True, latest[0]) if latest else None
    since, until, phrase = first
    return Dates(_iso(since), _iso(until), latest is not None, phrase)


def _newest(newest: str | None, today: date) -> date:
    try:
        return min(today, date.fromisoformat((newest or "")[:10]))
    except ValueError:
        return today


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date_ranges(
    question: str, today: date, newest: date
) -> Iterator[tuple[date | None, date | None, str]]:
    """Yield first day, last day and phrase of the ranges that have begun, the plainest first.

    A day without a year is the latest that began by `newest`.
    """
    for form in _FORMS:
        for match in re.finditer(form, question, re.IGNORECASE):
            if not _is_date(match, question):
                continue
            try:
                since, until = _bounds(match, today, newest)
            except OverflowError:
                continue
            if (since and since <= today) or (since is None and until and until < today):
                yield since, until, match[0]


def _is_date(match: re.Match[str], question: str) -> bool:
    """Whether this is a date, not a number, a name or a part of one, by the words beside it."""
    when = match["when"]
    follows = _NEXT.match(question, match.end())
    if follows and follows["joined"]:
        return follows["joined"] in "'’" and _OWNS_DAYS.fullmatch(when) is not None
    word = follows["word"] if follows else ""
    goes_on = not word or (word.islower() and is_stop_word(word)) or word in _TIMES_OF_DAY
    alone = match.start() == match.start("when")
    if re.fullmatch(_RELATIVE, when, re.IGNORECASE):
        nowadays = when.lower() == "today" and not _is_news(question, match.start())
        return not nowadays and word not in ("of", "before") and not word[:1].isdigit()
    if re.fullmatch(_UNAMBIGUOUS, when, re.IGNORECASE):
        return goes_on or not (alone or match[0].lower().startswith("in "))
    if match[0].lower().startswith("by ") and not when[-1].isdigit():
        return False
    before = question[: match.end()].removesuffix(when)
    return goes_on and not _FACT.search(before.rstrip()[-20:])


def _is_news(question: str, end: int) -> bool:
    """Whether the question is about what happened today, not what is used today."""
    return bool(_HAPPENED.search(question)) and not _IS_STILL.search(question, 0, end)


def _bounds(match: re.Match[str], today: date, newest: date) -> tuple[date | None, date | None]:
    groups = match.groupdict()
    when = _plain(match["when"])
    days = _read_date_range(when, today=today, newest=newest)
    first = groups.get("first") or groups.get("start")
    if days and first:
        days = _range_from(_plain(first), when, days, today=today, newest=newest)
    if days is None:
        return None, None
    if groups.get("week"):
        days = days.week
    bound = (groups.get("bound") or "").lower()
    if bound == "after" and not groups["event"]:
        return days.last + _ONE_DAY, None
    if bound in ("since", "after", "from"):
        return days.first, None
    if bound in ("before", "prior to"):
        return None, days.first - _ONE_DAY
    return (None, days.last) if bound else (days.first, days.last)


def _plain(when: str) -> str:
    return re.sub(_PART, "", when.lower(), count=1).removeprefix("so far ")


@dataclass(frozen=True, slots=True)
class _DateRange:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def to(self, other: "_DateRange") -> "_DateRange":
        return _DateRange(min(self.first, other.first), max(self.last, other.last))

    @property
    def week(self) -> "_DateRange":
        """From the Monday of its first week to the Sunday of its last."""
        monday = self.first - timedelta(days=self.first.weekday())
        return _DateRange(monday, self.last + timedelta(days=6 - self.last.weekday()))


def _read_date_range(written: str, *, today: date, newest: date) -> _DateRange | None:
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


def _year(year: int) -> _DateRange:
    return _DateRange(date(year, 1, 1), date(year, 12, 31))


def _month_range(year: int, month: int) -> _DateRange:
    return _DateRange(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _range_from(
    first: str, last: str, days: _DateRange, *, today: date, newest: date
) -> _DateRange | None:
    """Return the days from a first date to a last one, `days`, from which it takes the rest.

    "March" has its year from "May 2021", and "3" its month too from "5 December 2021".
    """
    if first.isdigit() and len(first) < 3:
        first = re.sub(r"\d{1,2}", first, last, count=1)
    start = _read_date_range(first, today=today, newest=min(days.last, newest))
    return start.to(days) if start else None


def _written_out(written: str, newest: date) -> _DateRange | None:
    if _match(_YEAR, written):
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


def _in_year(month: int, day: int | None, year: str | None, newest: date) -> _DateRange | None:
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


def _day_or_month(year: int, month: int, day: int | None) -> _DateRange:
    if day is None:
        return _month_range(year, month)
    return _DateRange(date(year, month, day), date(year, month, day))


def _month(name: str) -> int:
    return [each[:3] for each in MONTHS].index(name[:3].lower()) + 1


def _match(pattern: str, written: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, written, re.IGNORECASE)


def _numeric(written: str) -> _DateRange | None:
    if not written[:1].isdigit() or not written[-1:].isdigit():
        return None
    from ingest.dates.parse import day_of, parse_moment

    moment = parse_moment(written)
    return _DateRange(day_of(moment), day_of(moment)) if moment else None


def _relative(written: str, today: date) -> _DateRange | None:
    ago = {"today": 0, "this morning": 0, "yesterday": 1, "the day before yesterday": 2}
    if written in ago:
        day = today - timedelta(days=ago[written])
        return _DateRange(day, day)
    if written == "last night":
        return _DateRange(today - timedelta(days=1), today)
    if written.endswith("weekend"):
        saturday = today - timedelta(days=(today.weekday() - 5) % 7)
        return _DateRange(saturday, min(saturday + timedelta(days=1), today))
    if match := _match(_AGO, written):
        return _whole(match[2], _count(match[1]), today)
    if match := _match(_ROLLING, written):
        return _DateRange(_back(match[2], _count(match[1]), today), today)
    if match := _match(_THE_LAST, written):
        return _DateRange(_back(match[1], 1, today), today)
    if match := _match(_WHOLE, written):
        days = _whole(match[2], 0 if match[1] in ("this", "the") else 1, today)
        return _DateRange(days.first, min(days.last, today))
    if (match := _match(_LAST_NAMED, written)) and (match[1] or match[2]):
        return _named(match[1] or "", match[2], match[3], today)
    return None


def _named(which: str, weekday: str | None, month: str | None, today: date) -> _DateRange | None:
    """The latest Monday, or December; "last" is not the one that today is in."""
    if weekday:
        back = (today.weekday() - WEEKDAYS.index(weekday)) % 7
        day = today - timedelta(days=back or (7 if which in ("last", "past") else 0))
        return _DateRange(day, day)
    if month is None:
        return None
    number = _month(month)
    if which == "this":
        return _month_range(today.year, number)
    return _month_range(today.year if number < today.month else today.year - 1, number)


def _count(written: str) -> int:
    return int(written) if written.isdigit() else _COUNTS[written]


def _whole(unit: str, ago: int, today: date) -> _DateRange:
    """The day, calendar week (from Monday), month or year so many ago."""
    day = _back(unit, ago, today)
    if unit == "week":
        return _DateRange(day, day).week
    if unit == "month":
        return _month_range(day.year, day.month)
    return _year(day.year) if unit == "year" else _DateRange(day, day)


def _back(unit: str, count: int, today: date) -> date:
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
