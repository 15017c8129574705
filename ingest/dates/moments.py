"""Reads one written date, with or without a time, in any of many languages."""

import re
import unicodedata
from datetime import UTC, date, datetime, time

from ingest.dates.clocks import CLOCK, joins, read_clock
from ingest.dates.written_dates import WrittenDate, find_dates

Moment = date | datetime
"""A day, or a time in UTC."""

_LANGUAGES = [
    *("en", "fr", "de", "es", "it", "pt", "nl", "ru", "uk", "ar", "fa", "tr", "pl", "sv", "da"),
    *("nb", "fi", "cs", "el", "he", "hi", "id", "vi", "th", "zh", "ja", "ko"),
]
"""dateparser tries each of its 200 languages in turn where none is named: 1.5 s for a bad date."""

_LONGEST_CHARS = 60
_EPOCH = re.compile(r"\d{10}(?:\d{3}|\.\d{1,9})?")
_ZONE_NAME = re.compile(r" ?(?:UTC|GMT)$", re.IGNORECASE)


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
    moment = _parse_iso(written)
    if moment is None and dates:
        moment = _parse_beside(written, dates[0])
    moment = moment or _parse_any(written)
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


def _parse_iso(written: str) -> datetime | None:
    try:
        if _EPOCH.fullmatch(written):
            return datetime.fromtimestamp(int(written[:10]), UTC)
        return datetime.fromisoformat(_ZONE_NAME.sub("+00:00", written))
    except (ValueError, OverflowError):
        return None


def _parse_beside(written: str, found: WrittenDate) -> datetime | None:
    """Read the time beside a date; None if there is more than a time and a weekday.

    It takes a hundredth of the 3 ms that dateparser takes.
    """
    rest = f"{written[: found.start]} {written[found.end :].removeprefix('T')}"
    clock, match = time(), CLOCK.search(rest)
    if match:
        read = read_clock(match)
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
        if read is None:
            return None
        clock = read
    return datetime.combine(found.day, clock) if found.day and joins(rest) else None


def _parse_any(written: str) -> datetime | None:
    import dateparser

    settings = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "YMD" if written[:4].isdigit() else "DMY",
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
    }
    try:
        found: datetime | None = dateparser.parse(written, languages=_LANGUAGES, settings=settings)
    except (ValueError, OverflowError):
        return None
    return found
