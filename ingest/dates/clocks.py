"""Finds and reads the time of day that is written beside a date, with its zone."""

import re
from datetime import time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from ingest.dates.calendar import is_weekday

_AM_PM = r"[AaPp]\.?[Mm]\b\.?"
_ZONE = (
    r"(?:GMT|UTC)(?: ?[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}"
    r"|(?!BY\b|AND\b|AM\b|PM\b)[A-Z]{2,4}|Z"
)
CLOCK = re.compile(
    r"(?<!\d)(?:(?P<half>上午|下午|午前|午後|오전|오후) ?)?(?P<hour>\d{1,2})"
    r"(?:(?: h |[:.h時时])(?P<minute>\d{2})(?!\d)(?::(?P<second>\d{2})(?:\.\d{1,9})?)?分?"
    rf"(?: ?(?P<am_pm>{_AM_PM}))?| ?(?P<sharp>{_AM_PM}))"
    rf"(?: ?(?:[Uu]hr|[Uu]ur|h)\b)?(?:,? ?\(?(?P<zone>{_ZONE})(?![\w:])\)?)?"
)

_ZONES = {
    0: "Z UTC GMT WET",
    1: "BST WEST WAT CET",
    2: "CEST EET SAST",
    3: "EEST EAT MSK",
    5: "PKT",
    5.5: "IST",
    7: "WIB",
    8: "SGT HKT AWST",
    9: "JST KST",
    10: "AEST",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
    -4: "EDT",
    -5: "EST CDT",
    -6: "CST MDT",
    -7: "MST PDT",
    -8: "PST",
}
"""Names by hours from UTC, each in its most read meaning: IST is India's."""

_PLACES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
"""What is said all year round, whatever the season makes of it."""

_OFFSET = re.compile(r"(?:GMT|UTC)? ?([+-])(\d{1,2}):?(\d{2})?")

_JOINING = frozenset(
    "t at on the à um om klo kl alle ore a las às o u в о lúc le den el am г года р r".split()
)
_WORD = re.compile(r"[^\s.,:;|()（）–—-]+(?:-feira)?")
_LONGEST_GAP = 24


def with_clock(line: str, start: int, end: int) -> tuple[int, int]:
    """Return the day at `line[start:end]` as a span together with the time beside it."""
    after = CLOCK.search(line, end, end + 2 * _LONGEST_GAP)
    if after and joins(line[end : after.start()]):
        return start, after.end()
    for before in CLOCK.finditer(line, max(0, start - 2 * _LONGEST_GAP), start):
        if joins(line[before.end() : start]):
            return before.start(), end
    return start, end


def joins(text: str) -> bool:
    """Tell whether a text has nothing but a weekday and what leads from a day to a time."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return len(text) <= _LONGEST_GAP and all(word in _JOINING or is_weekday(word) for word in words)


def read_clock(match: re.Match[str]) -> time | None:
    """Return the time that a match of CLOCK says, in its zone or in none.

    None if it is no time of day, or in a zone of an unknown name.
    """
    zone = match["zone"]
    tz = _zone(zone) if zone else None
    if zone and not tz:
        return None
    hour = int(match["hour"])
    half = (match["am_pm"] or match["sharp"] or match["half"] or "")[:2].lower()
    if half:
        afternoon = half[0] == "p" or half in ("下午", "午後", "오후")
        hour = hour % 12 + (12 if afternoon else 0)
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0), tzinfo=tz)
    except ValueError:
        return None


def _zone(name: str) -> tzinfo | None:
    if name in _PLACES:
        return ZoneInfo(_PLACES[name])
    for hours_from_utc, names in _ZONES.items():
        if name in names.split():
            return timezone(timedelta(hours=hours_from_utc))
    if match := _OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(offset if sign == "+" else -offset) if offset < timedelta(days=1) else None
    return None
