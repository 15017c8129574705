"""Finds the date range a question asks about: "last week", "in December 2021", "latest"."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.answers import Dates
from bot.questions.date_ranges import (
    COUNT,
    DAY,
    MONTH,
    UNIT,
    WEEKDAY,
    YEAR,
    range_from,
    read_date_range,
)
from bot.questions.words import is_stop_word

LONGEST_CHARS = 2_000
"""How much of a question is read for dates."""

_NEWEST = re.compile(
    r"(?<!at the )\b(?:latest|newest|most recent(?:ly)?|recently|lately"
    r"|recent (?:days|weeks|months))\b(?! possible)",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"\d{4}|\b(?:yesterday|today|this|last|past|previous|ago|weekend|start|beginning"
    rf"|{WEEKDAY}|{MONTH})\b",
    re.IGNORECASE,
)

_ONE_DAY = timedelta(days=1)

_PART = (
    r"(?:(?:the )?(?:end|start|beginning|middle|first half|second half|spring|summer|autumn|fall)"
    r" of |(?:the )?year |the month of |early |mid[- ]|late )?"
)
_RELATIVE = (
    rf"(?:(?:the day before )?yesterday|today|this morning|last night|last weekend"
    rf"|(?:(?<=over )|(?<=at ))the weekend|{COUNT} {UNIT}s? ago"
    r"|the (?:start|beginning) of the (?:week|month|year)"
    rf"|(?:the )?(?:last|past|previous) {COUNT} {UNIT}s?|the (?:last|past) (?:week|month|year)"
    r"|(?:so far )?this (?:week|month|year)|(?:last|past|previous) (?:week|month|year)"
    rf"|(?:last|this|past) (?:{WEEKDAY}|{MONTH}))"
)
_SHORT = rf"(?:{MONTH},? (?:of )?{YEAR}|(?:the )?(?:1[89]|20)\d0s|{YEAR}|{MONTH}|{WEEKDAY})"
_WHEN = rf"(?P<when>{DAY}|{_RELATIVE}|{_PART}{_SHORT})"
_FIRST = rf"(?P<first>{DAY}|{_RELATIVE}|{_PART}{_SHORT}|\d{{1,2}})"
_EVENT = r"(?P<event>(?:the|its|his|her|their|our)(?: [^\W\d_][\w'’-]*){1,6} (?:on|in|of(?= \d)) )?"

_FORMS = (
    rf"\b(?:between {_FIRST} and|from {_FIRST.replace('first', 'start')}"
    rf" (?:to|until|till|through)) {_WHEN}",
    rf"\b(?P<bound>since|after|as of|before|until|till|up to|by|prior to) {_EVENT}{_WHEN}",
    rf"\b(?P<bound>from) {_WHEN} on(?:wards?\b|(?=\W*$))",
    rf"\b(?:in|from|during|throughout|within|on) (?P<week>the week of )?"
    rf"(?:(?P<first>{YEAR}|{MONTH}) (?:and|or) )?{_WHEN}",
    rf"\b(?P<when>{_RELATIVE}|{DAY})",
)
"""The plainest first. Bare years, months and weekdays count only after a preposition: "the 2014
World Cup" is the name of an event, and "may" and "march" are verbs. They are compiled where they
are first used: it takes 50 ms, and most questions have no date."""

_UNAMBIGUOUS = rf"{DAY}|{_RELATIVE}|{_PART}{MONTH},? (?:of )?{YEAR}"
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
    days = read_date_range(when, today=today, newest=newest)
    first = groups.get("first") or groups.get("start")
    if days and first:
        days = range_from(_plain(first), when, days, today=today, newest=newest)
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
