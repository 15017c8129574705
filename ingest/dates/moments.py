"""Reads the moment that an embargo ends or a publication expires: exactly, or not at all."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.dates.parse import find_dates, is_weekday

_OFFSETS = {
    **dict.fromkeys(("gmt", "utc", "z", "wet"), 0.0),
    **dict.fromkeys(("bst", "west", "cet", "wat"), 1.0),
    **dict.fromkeys(("cest", "eet", "sast", "cat"), 2.0),
    **dict.fromkeys(("eest", "msk", "eat"), 3.0),
    "est": -5.0,
    "edt": -4.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
    "hst": -10.0,
    "jst": 9.0,
    "kst": 9.0,
    "aest": 10.0,
    "aedt": 11.0,
    "nzst": 12.0,
    "nzdt": 13.0,
}
"""Hours east of Greenwich. IST and CST are three zones each, and so none."""

_CITIES = {"et": "America/New_York", "ct": "America/Chicago"}
_CITIES |= {"mt": "America/Denver", "pt": "America/Los_Angeles"}

_LONGEST_CHARS = 120
_AREA = re.compile(r"\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?\b")
_CLOCK = re.compile(
    r"(?<![\d:.+-])(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?"
    r"(?:[.,]\d{1,9})?(?!\d)|(?=\s?[ap]\.?m\b))(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"|(?<![\d:.+-])(?P<military>(?:[01]\d|2[0-4])[0-5]\d)(?=\s?(?:hrs|hours|gmt|utc|z\b|bst|e[sd]t))"
    r"|\b(?P<word>noon|midday|midnight)\b",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:\b(?:gmt|utc)\s?)?(?P<sign>[+−-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?(?!\d)", re.I
)
_POINTS = re.compile(r"\b(?:[A-Za-z]\.){2,3}(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")
_IN_BETWEEN = frozenset(
    "t at on the of hrs hours hr h o clock time from a m p am pm and uhr heures ore".split()
)
_MIDNIGHT_NEXT_DAY = 24


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why there is no moment, in words that follow "which"."""

    reason: str


def read_moment(written: str, zone: tzinfo | None) -> str | Unclear:
    """Return the moment in UTC, as 2021-12-03T10:00:00Z; without a time it is midnight.

    `zone` is that of moments that name none; without it they are unclear, as is everything with
    a word in it that is not understood.
    """
    line = " ".join(unicodedata.normalize("NFKC", written).split()).strip(" .,:;()[]*–—-")
    line = _POINTS.sub(lambda letters: letters[0].replace(".", ""), line)
    if not line or len(line) > _LONGEST_CHARS:
        return Unclear("can't be read")
    try:
        return _standard(line, zone) or _in_words(line, zone)
    except (ValueError, OverflowError):
        return Unclear("can't be read")


def _standard(line: str, zone: tzinfo | None) -> str | Unclear | None:
    """Read ISO 8601; None for what is none."""
    try:
        moment = datetime.fromisoformat(re.sub(r" ?(?:UTC|GMT)$", "+00:00", line, flags=re.I))
    except ValueError:
        return None
    return _in_utc(moment, moment.tzinfo or zone)


def _in_words(line: str, zone: tzinfo | None) -> str | Unclear:
    """Read a date and a time as people write them, all of it."""
    dates = list(find_dates(line, short_years=False))
    if len(dates) != 1 or dates[0].day is None:
        return Unclear("can't be read")
    found = dates[0]
    rest = f"{line[: found.start]} {line[found.end :]}"
    rest, clock = _take_clock(rest)
    rest, named = _take_zone(rest)
    if clock is None or not all(_means_nothing(word) for word in _WORD.findall(rest)):
        return Unclear("can't be read")
    if re.search(r"\d", rest):
        return Unclear("can't be read")
    days, at = clock
    day: date = found.day + timedelta(days=days) if found.day else date.max
    return _in_utc(datetime.combine(day, at), named or zone)


def _take_clock(line: str) -> tuple[str, tuple[int, time] | None]:
    """Return the line without its time, and that as days to add and a time of day."""
    match = _CLOCK.search(line)
    if not match:
        return line, (0, time())
    rest = f"{line[: match.start()]} {line[match.end() :]}"
    if match["word"]:
        word = match["word"].lower()
        # Midnight of a day is its beginning or its end: nobody knows which.
        return rest, None if word == "midnight" else (0, time(12))
    if match["military"]:
        hour, minute, second = int(match["military"][:2]), int(match["military"][2:]), 0
    else:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        second = int(match["second"] or 0)
    if half := (match["half"] or "").lower():
        if not 1 <= hour <= 12:
            return rest, None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == _MIDNIGHT_NEXT_DAY:
        return rest, (1, time()) if minute == second == 0 else None
    return rest, (0, time(hour, minute, second))


def _take_zone(line: str) -> tuple[str, tzinfo | None]:
    """Return the line without the name of a zone, and the zone."""
    if match := _OFFSET.search(line):
        minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
        east = timedelta(minutes=-minutes if match["sign"] in "-−" else minutes)
        return f"{line[: match.start()]} {line[match.end() :]}", timezone(east)
    if (match := _AREA.search(line)) and (area := area_zone(match[0])):
        return f"{line[: match.start()]} {line[match.end() :]}", area
    for match in _WORD.finditer(line):
        word = match[0].lower()
        named: tzinfo | None = None
        if word in _OFFSETS:
            named = timezone(timedelta(hours=_OFFSETS[word]))
        elif match[0] in ("ET", "CT", "MT", "PT"):
            named = area_zone(_CITIES[word])
        if named:
            return f"{line[: match.start()]} {line[match.end() :]}", named
    return line, None


@cache
def area_zone(name: str) -> tzinfo | None:
    """Return a zone by its name in the tz database, such as Europe/Berlin; None for no such one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _means_nothing(word: str) -> bool:
    return word.lower() in _IN_BETWEEN or is_weekday(word)


def _in_utc(moment: datetime, zone: tzinfo | None) -> str | Unclear:
    if zone is None:
        return Unclear("has no time zone, and the settings name none (NEWSDESK_ZONE)")
    return moment.replace(tzinfo=zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
