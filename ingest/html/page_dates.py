"""Finds when the story of a page was published and changed, in its metadata or what it shows."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import dropwhile, islice
from typing import TYPE_CHECKING

from ingest.dates.find import doubt, find_dateline, is_dateline
from ingest.dates.parse import day_of, parse_moment, to_iso
from ingest.html.elements import is_elsewhere, names_of, text_runs

if TYPE_CHECKING:
    from lxml.html import HtmlElement

PUBLISHED_META = (
    "article:published_time og:article:published_time article:published og:published_time"
    " datepublished date pubdate bt:pubdate publish-date publishdate publication_date"
    " parsely-pub-date sailthru.date dc.date dc:date dc.date.issued dc.date.created dcterms.date"
    " dcterms.created dcterms.issued cxenseparse:recs:publishtime ptime pdate datecreated"
).split()
UPDATED_META = (
    "article:modified_time article:modified og:updated_time datemodified last-modified lastmod"
    " dcterms.modified dc.date.modified revised"
).split()
_DATE_NAMES = frozenset(
    "date datetime time timestamp published publish publication pubdate posted postdate dateline"
    " datum fecha issued".split()
)
_PUBLISHED_NAMES = frozenset("published pubdate posted".split())
_UPDATED_NAMES = frozenset("updated update modified lastmod edited revised".split())
_ATTRIBUTES = ("datetime", "content", "title", "value")
_MOST_TRIED = 100
_MOST_LOOKED_AT = 500
_LONGEST_LINE_CHARS = 120
_LONGEST_PLAIN_CHARS = 80
_MOST_BELOW_TITLE = 40
_FEWEST_PROSE_CHARS = 100
_YEAR = re.compile(r"\d{4}")
_DIGITS = re.compile(r"(\d{8})(\d{6})")
_ZONE_IN_WORDS = re.compile(r" \([^()]{1,60}\)$")


def find_published(
    page: "HtmlElement", metadata: Iterable[str], heading: "HtmlElement | None"
) -> str | None:
    """Return the first date that nothing speaks against, else the first of the metadata.

    Metadata comes before what is shown near the heading of the story. Of a time, the day is the
    page's own: the one of its zone, or the one that it shows.
    """
    dates = [*islice(map(_as_written, metadata), _MOST_TRIED)]
    shown = next(filter(_is_sure, _shown(page, heading)), None)
    sure = next(filter(_is_sure, dates), None)
    if sure:
        return _local_day(sure, shown)
    return shown or next(iter(dates), None)


def find_updated(
    page: "HtmlElement", metadata: Iterable[str], heading: "HtmlElement | None"
) -> str | None:
    """Return likewise when the story was last changed."""
    dates = [*islice(map(_as_written, metadata), _MOST_TRIED)]
    changes = (each for _, each in _dated(page, heading) if _is_of_change(each))
    shown = (written for each in changes for written in _attributes(each))
    sure = next(filter(_is_sure, (*dates, *shown)), None)
    return _local_day(sure, None) if sure else next(iter(dates), None)


def guess_published(page: "HtmlElement", url: str | None) -> str | None:
    """Return the date that htmldate's fast mode finds on a page of which nothing hidden is left."""
    from htmldate import find_date

    guess: str | None = find_date(page, extensive_search=False, original_date=True, url=url)
    return guess


def _local_day(written: str, shown: str | None) -> str:
    """Return the day alone where it is another in UTC, in which times are stored."""
    moment = parse_moment(written)
    if not isinstance(moment, datetime):
        return written
    with suppress(ValueError):
        local = datetime.fromisoformat(written)
        if local.date() != moment.date():
            return local.date().isoformat()
    beside = parse_moment(shown) if shown else None
    if beside and abs(day_of(beside) - moment.date()) == timedelta(days=1):
        return day_of(beside).isoformat()
    return written


def _as_written(written: str) -> str:
    """Return a date as people write it too: some machines leave its marks out, or add words."""
    return _ZONE_IN_WORDS.sub("", _DIGITS.sub(r"\1T\2", written, count=1))


def _is_sure(written: str) -> bool:
    return not doubt("metadata", parse_moment(written))


def _shown(page: "HtmlElement", heading: "HtmlElement | None") -> Iterator[str]:
    """Yield the dates that a page shows: first those it calls published.

    Then the earliest one between the title and the story: others there are of changes. Then
    those above the title, the nearest first, and those below the story's first paragraph.
    """
    dated = [(at, each) for at, each in _dated(page, heading) if not _is_of_change(each)]
    for _, each in dated:
        if names_of(each) & _PUBLISHED_NAMES or each.get("pubdate") is not None:
            yield from _dates_of(each)
    title, story = _begin(page, heading)
    beside = [date for at, each in dated if title <= at < story for date in _dates_of(each)]
    yield from sorted(filter(_is_sure, beside), key=_by_age)[:1]
    yield from _plain_dates(page, heading, story) if heading is not None else ()
    for at, each in reversed(dated):
        if at < title:
            yield from _dates_of(each)
    for at, each in dated:
        if at >= story:
            yield from _dates_of(each)


def _plain_dates(page: "HtmlElement", heading: "HtmlElement", story: int) -> Iterator[str]:
    """Yield the dates in lines between the title and the story that nothing names a date."""
    following = dropwhile(lambda at_each: at_each[1] is not heading, enumerate(page.iter()))
    for at, each in islice(following, 1, _MOST_BELOW_TITLE):
        if at >= story:
            return
        line = " ".join(text_runs(each))
        is_short = len(line) <= _LONGEST_PLAIN_CHARS
        if (
            is_short
            and is_dateline(line)
            and not _is_of_change(each)
            and not is_elsewhere(each, heading)
        ):
            yield from _dates_of(each)


def _dated(page: "HtmlElement", heading: "HtmlElement | None") -> list[tuple[int, "HtmlElement"]]:
    """Return what is called a date or time, not another story's, and where it stands."""
    called = (
        (at, each)
        for at, each in enumerate(page.iter())
        if each.tag == "time" or names_of(each) & _DATE_NAMES
    )
    looked_at = islice(called, _MOST_LOOKED_AT)
    return [(at, each) for at, each in looked_at if not is_elsewhere(each, heading)]


def _is_of_change(element: "HtmlElement") -> bool:
    names = names_of(element)
    return bool(names & _UPDATED_NAMES) and not names & _PUBLISHED_NAMES


def _begin(page: "HtmlElement", heading: "HtmlElement | None") -> tuple[int, int]:
    """Return where the heading stands, and the first paragraph of prose behind it."""
    title = 0
    for at, each in enumerate(page.iter()):
        if each is heading:
            title = at
        is_behind = heading is None or title
        if is_behind and each.tag == "p" and sum(map(len, text_runs(each))) >= _FEWEST_PROSE_CHARS:
            return title, at
    return title, at + 1


def _dates_of(element: "HtmlElement") -> Iterator[str]:
    yield from _attributes(element)
    line = " ".join(text_runs(element))
    dateline = find_dateline(line) if len(line) <= _LONGEST_LINE_CHARS else None
    if dateline and dateline.has_year and not dateline.updated:
        yield dateline.written


def _attributes(element: "HtmlElement") -> Iterator[str]:
    values = (element.get(name) or "" for name in _ATTRIBUTES)
    return (_as_written(value) for value in values if _YEAR.search(value))


def _by_age(written: str) -> tuple[str, bool, str]:
    """Return what earlier dates sort first by, and of one day those with their time."""
    moment = parse_moment(written) or date.max
    return day_of(moment).isoformat(), not isinstance(moment, datetime), to_iso(moment)
