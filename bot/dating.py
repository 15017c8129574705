"""Reads what a question says about the time of its answer, as a first and a last day."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeAlias

from bot.stretches import COUNT, DAY, MONTH, UNIT, WEEKDAY, YEAR, beginning, read_stretch
from bot.wording import is_stop_word

Dated: TypeAlias = tuple[date | None, date | None, str]
"""The first day, the last day, and the words that say so; None where that side is open."""

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

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?:between {_FIRST} and|from {_FIRST.replace('first', 'start')}"
        rf" (?:to|until|till|through)) {_WHEN}",
        rf"\b(?P<bound>since|after|as of|before|until|till|up to|by|prior to) {_EVENT}{_WHEN}",
        rf"\b(?P<bound>from) {_WHEN} on(?:wards?\b|(?=\W*$))",
        rf"\b(?:in|from|during|throughout|within|on) (?P<week>the week of )?"
        rf"(?:(?P<first>{YEAR}|{MONTH}) (?:and|or) )?{_WHEN}",
        rf"\b(?P<when>{_RELATIVE}|{DAY})",
    )
)
"""The plainest first. Bare years, months and weekdays count only after a preposition: "the 2014
World Cup" is the name of an event, and "may" and "march" are verbs."""

_LEADING_PART = re.compile(_PART, re.IGNORECASE)
_IS_RELATIVE = re.compile(_RELATIVE, re.IGNORECASE)
_STRONG = re.compile(rf"{DAY}|{_RELATIVE}|{_PART}{MONTH},? (?:of )?{YEAR}", re.IGNORECASE)
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


def dated(question: str, *, today: date, newest: date) -> Iterator[Dated]:
    """Yield the times that are past or have begun, the plainest said first.

    A day without a year is the latest that began by `newest`.
    """
    for form in _FORMS:
        for match in form.finditer(question):
            if not _is_time(match, question):
                continue
            try:
                since, until = _bounds(match, today, newest)
            except OverflowError:
                continue
            if (since and since <= today) or (since is None and until and until < today):
                yield since, until, match[0]


def _is_time(match: re.Match[str], question: str) -> bool:
    """Tell a time from a number, a name, or a part of one, by what stands beside it."""
    when = match["when"]
    follows = _NEXT.match(question, match.end())
    if follows and follows["joined"]:
        return follows["joined"] in "'’" and _OWNS_DAYS.fullmatch(when) is not None
    word = follows["word"] if follows else ""
    goes_on = not word or (word.islower() and is_stop_word(word)) or word in _TIMES_OF_DAY
    alone = match.start() == match.start("when")
    if _IS_RELATIVE.fullmatch(when):
        nowadays = when.lower() == "today" and not _is_news(question, match.start())
        return not nowadays and word not in ("of", "before") and not word[:1].isdigit()
    if _STRONG.fullmatch(when):
        return goes_on or not (alone or match[0].lower().startswith("in "))
    if match[0].lower().startswith("by ") and not when[-1].isdigit():
        return False
    before = question[: match.end()].removesuffix(when)
    return goes_on and not _FACT.search(before.rstrip()[-20:])


def _is_news(question: str, end: int) -> bool:
    """Tell what happened today from what is used today."""
    return bool(_HAPPENED.search(question)) and not _IS_STILL.search(question, 0, end)


def _bounds(match: re.Match[str], today: date, newest: date) -> tuple[date | None, date | None]:
    groups = match.groupdict()
    when = _plain(match["when"])
    stretch = read_stretch(when, today=today, newest=newest)
    first = groups.get("first") or groups.get("start")
    if stretch and first:
        stretch = beginning(_plain(first), when, stretch, today=today, newest=newest)
    if stretch is None:
        return None, None
    if groups.get("week"):
        stretch = stretch.week
    bound = (groups.get("bound") or "").lower()
    if bound == "after" and not groups["event"]:
        return stretch.last + _ONE_DAY, None
    if bound in ("since", "after", "from"):
        return stretch.first, None
    if bound in ("before", "prior to"):
        return None, stretch.first - _ONE_DAY
    return (None, stretch.last) if bound else (stretch.first, stretch.last)


def _plain(when: str) -> str:
    return _LEADING_PART.sub("", when.lower(), count=1).removeprefix("so far ")
