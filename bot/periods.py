"""Finds in a question from when its answer shall be: "last week", "in December 2021", "latest"."""

import re
from dataclasses import dataclass
from datetime import date

from bot.days import written_period

LONGEST_CHARS = 2_000
"""How much of a question is read for dates."""


@dataclass(frozen=True, slots=True)
class Period:
    """When the articles that are asked for were published; days are ISO 8601 and inclusive."""

    since: str | None
    until: str | None
    newest_first: bool
    phrase: str
    """The words of the question that say so."""


_NEWEST = re.compile(
    r"(?<!at the )\b(?:latest|newest|most recent(?:ly)?|recently|lately"
    r"|recent (?:days|weeks|months))\b(?! possible)",
    re.IGNORECASE,
)
# Most questions have no date; the patterns that read one take 50 ms to compile.
_HINT = re.compile(
    r"\d{4}|\b(?:yesterday|today|this|last|past|previous|ago|weekend|start|beginning|(?:mon|tues|wednes|thurs|fri|satur|sun)"
    r"day|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.IGNORECASE,
)


def may_say_when(question: str) -> bool:
    """Tell at little cost whether a question can say from when its answer shall be."""
    question = question[:LONGEST_CHARS]
    return bool(_HINT.search(question) or _NEWEST.search(question))


def period_in(question: str, *, today: date, newest: str | None = None) -> Period | None:
    """Return from when the answer shall be; None if the question does not say.

    `newest` is the newest published date of the archive: a date without a year is the latest
    such date until then. A time to come is no filter: nothing was published in it.
    """
    question = question[:LONGEST_CHARS]
    first = _NEWEST.search(question)
    found = None
    if _HINT.search(question):
        from bot.dating import dated

        found = next(dated(question, today=today, newest=_newest(newest, today)), None)
    if found is None:
        return Period(None, None, True, first[0]) if first else None
    since, until, phrase = found
    return Period(_iso(since), _iso(until), first is not None, phrase)


def describe(period: Period) -> str:
    """The period in words: "1 to 31 December 2021", "since 16 June 2021", "newest first"."""
    days = written_period(period.since, period.until)
    return ", ".join(filter(None, (days, "newest first" if period.newest_first else "")))


def _newest(newest: str | None, today: date) -> date:
    try:
        return min(today, date.fromisoformat((newest or "")[:10]))
    except ValueError:
        return today


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
