"""Finds when an article was published, and where the date comes from.

Only what stands where a date is put is read: metadata, a dateline, the url, the file. A search of
the whole text makes dates up, and takes seconds over a long one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from ingest.dates.parse import (
    CLOCK,
    Moment,
    WrittenDate,
    day_of,
    day_of_calendar,
    find_dates,
    is_weekday,
    month_of,
    parse_moment,
    to_iso,
    with_clock,
)

Found = Literal["metadata", "dateline", "url", "file"]
EARLIEST = date(1900, 1, 1)
_NAMES: dict[Found, str] = {
    "metadata": "published date",
    "dateline": "dateline",
    "url": "date in the url",
    "file": "date of the file",
}
_UNSET = {date(1970, 1, 1), date(1980, 1, 1)}
"""What machines write for "no date": the first day of Unix time and of the zip format."""

_URL_DATE = re.compile(
    r"(?:/|(?<=[^/])[_.-](?=\d{4}-?\d\d-?\d\d(?!\d)))"
    r"(?P<year>(?:19|20)\d\d)(?:[/-](?P<month>\d\d?|[a-z]{3,9})[/-](?P<day>\d\d?)"
    r"|/?(?P<two_digits>\d\d)(?P<and_two>\d\d)(?:\d{6}(?!/http))?)(?=[/_.-]|$)",
    re.IGNORECASE,
)
"""A slash leads to a date in any form, a mark inside a name only to one of eight digits."""

HEAD_PARAGRAPHS = 4
"""How far down a dateline is looked for: headline, deck and byline may stand above it."""

_LONGEST_LINE_CHARS = 120
_LONGEST_HEAD_CHARS = 160
_PROSE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_AGENCY = r"(?:\([^()\n\d]{2,40}\)|/[^/\n\d]{2,30}/|\[[^\[\]\n\d]{2,40}\])"
_SET_OFF = re.compile(
    rf"(?P<stop>\.)?(?:,? ?(?P<agency>{_AGENCY}))?(?P<mark> ?\.?(?:[:：|—–·•/]|--|-(?=\s)))?\s*"
)
"""What stands between the date that heads a story and the story."""

_RANGE_CHARS = 12
"""Behind a date: another one within so many makes the two a date range."""


_PUBLISHED, _UNLABELLED, _UPDATED = range(3)
_PUBLISHED_LABEL = (
    r"(?:first |originally )?(?:published|posted|issued|created|released|filed|dated?)"
    r"(?: date| time)?(?: on| at)?|(?:issue|publication|release|publish) date"
    r"|publié[es]*(?: le)?|(?:veröffentlicht|erstellt)(?: am)?|stand|publicad[oa]s?(?: el| em| a)?"
    r"|pubblicat[oa](?: il)?|(?:gepubliceerd|geplaatst)(?: op| om)?|publicera[dt]s?|publisert"
    r"|offentliggjort|udgivet|yayınlanma(?: tarihi)?|yayın tarihi|giriş"
)
_UPDATED_LABEL = (
    r"(?:last )?(?:updated|modified|edited|revised)(?: date| time)?(?: on| at)?"
    r"|mis[es]? à jour(?: le)?|modifié[es]*(?: le)?|aktualisiert(?: am| um)?|bijgewerkt(?: op| om)?"
    r"|actualizad[oa]s?(?: el| a las)?|atualizad[oa]s?(?: em| às)?|aggiornat[oa](?: il| alle)?"
    r"|uppdatera[dt]|oppdatert|opdateret|güncell?eme(?: tarihi)?"
)
LABEL = re.compile(
    rf"(?<!\w)(?:(?P<updated>{_UPDATED_LABEL})|(?P<published>{_PUBLISHED_LABEL}))(?!\w)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:\d{1,2}|one|two|three|four|five)[ -]min(?:ute)?s?(?: read)?|(?:for )?immediate release"
    r"|press release|communiqué de presse|pressemitteilung|\([^\W\d]{2,12}\)"
    r"|(?:by|author|autor|source|reporter)\s*[:：]",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[|•·;,，、/()\[\]（）=]|[–—]|--+|\.-|(?<!\w)-|-(?!\w)")
_LABEL_OF_ANOTHER_KIND = re.compile(r"\w ?[:：]")
"""What a colon follows is a label; if it is none of ours, it may be a headline."""

BY = "by|von|par|por|di|door|av|af"
_BY = re.compile(rf"(?:{BY})(?: |$)", re.IGNORECASE)
_ARTICLES = frozenset("le den el il r h uhr".split())
_WITHIN_NAMES = frozenset(
    "of the and de da do dos das del della di du la le el van von der den bin al und et en y i e"
    " og och".split()
)
_WORK = re.compile(
    r"(?:[^\W\d_]{1,20} ){0,3}(?:editor|correspondent|reporter|writer|columnist|staff)",
    re.IGNORECASE,
)
_LEADS_TO_DATE = frozenset(
    "the on in at to since from until till after before born died am im ab seit bis zum vom dès"
    " depuis du desde hasta dal fino".split()
)
"""Where one of these stands before a date, a sentence begins."""

_MOST_WORDS = 4
_MOST_WORDS_IN_ALL = 10
_WIDEST_CASELESS = 16
"""In a script without capitals only its length sets a name apart from a headline."""


@dataclass(frozen=True, slots=True)
class Dateline:
    """A date as it is written, and the paragraph `text[start:end]` it heads or fills."""

    written: str
    month_day: tuple[int, int] | None
    """Month and day where the year is left out."""

    alone: bool
    """The paragraph holds nothing else but a byline or a label."""

    start: int
    end: int
    updated: bool = False
    """By its label it is the date of a change, not of the first publication."""

    @property
    def has_year(self) -> bool:
        return self.month_day is None


@dataclass(frozen=True, slots=True)
class Dated:
    """When an article was published: ISO 8601, a date, or date and time in UTC ending in Z.

    `found` is where the date stands. "file" is the day the file was last written: the latest
    day that the story can be of, and not a date that it gives.
    """

    published_at: str | None
    found: Found | None
    text: str
    """Without a dateline that was a paragraph of its own; one that begins the story stays."""

    notes: tuple[str, ...] = ()
    """Each date that is doubtful and not taken, with the reason."""


def date_article(
    text: str,
    *,
    today: date,
    title: str = "",
    metadata: str | None = None,
    url: str | None = None,
    modified_at: datetime | None = None,
) -> Dated:
    """Date a cleaned text by its metadata, else its dateline, else its url, else its file."""
    datelines = find_datelines(text)
    in_text = first_publication(datelines)
    dateline = in_text or find_dateline(title)
    written_on = modified_at.astimezone(UTC).date() if modified_at else None
    story = _without(datelines, text)
    notes: list[str] = []
    if in_text and _is_timeline(text, in_text):
        dateline = None
    for found, written, moment in _candidates(dateline, metadata, url, written_on):
        against = doubt(found, moment, today)
        if moment and not against:
            return Dated(to_iso(moment), found, story, tuple(notes))
        notes.append(f"{_NAMES[found]} {written[:60]!r} not taken: {against}")
    return Dated(None, None, story, tuple(notes))


def _candidates(
    dateline: Dateline | None, metadata: str | None, url: str | None, file_day: date | None
) -> Iterator[tuple[Found, str, Moment | None]]:
    """Yield each date that the article has, as written and as read, the most trusted first."""
    if metadata and metadata.strip():
        yield "metadata", metadata, parse_moment(metadata)
    if dateline:
        moment = parse_moment(dateline.written) if dateline.has_year else None
        yield "dateline", dateline.written, moment
    if in_url := _day_in_url(url or ""):
        yield "url", in_url.isoformat(), in_url
    if file_day and dateline and dateline.month_day:
        latest = _latest(dateline.month_day, file_day)
        yield "file", f"{dateline.written} {file_day.year}", latest
    if file_day:
        yield "file", file_day.isoformat(), file_day


def _without(datelines: list[Dateline], text: str) -> str:
    for dateline in reversed(datelines):
        if dateline.alone and parse_moment(dateline.written):
            text = (text[: dateline.start] + text[dateline.end :].lstrip("\n")).strip()
    return text


def _is_timeline(text: str, dateline: Dateline) -> bool:
    """Whether the next paragraph begins with a date too: then each dates only its paragraph."""
    following = find_dateline(text[dateline.end :].lstrip("\n"))
    return following is not None and not (dateline.alone or following.alone)


def _day_in_url(url: str) -> date | None:
    for match in _URL_DATE.finditer(re.split(r"[?#]", url, maxsplit=1)[0]):
        month = match["month"] or match["two_digits"]
        number = int(month) if month.isdigit() else month_of(month)
        day = int(match["day"] or match["and_two"])
        if found := day_of_calendar(int(match["year"]), number or 0, day):
            return found
    return None


def _latest(month_day: tuple[int, int], file_day: date) -> date | None:
    """Return the last such day up to the file's: a dateline without a year is a new story's."""
    for year in (file_day.year, file_day.year - 1):
        day = day_of_calendar(year, *month_day)
        if day and day <= file_day:
            return day
    return None


def doubt(found: Found, moment: Moment | None, today: date | None = None) -> str:
    """Return why a date is not taken, "" if it is; without `today` it may be in the future."""
    if moment is None:
        return "not one clear date with its year"
    day = day_of(moment)
    if today and day > today + timedelta(days=1):
        return "in the future"
    if day < EARLIEST:
        return f"before {EARLIEST.year}"
    if day in _UNSET and found in ("metadata", "file"):
        return "what a machine writes for no date"
    return ""


def find_dateline(text: str) -> Dateline | None:
    """Return the dateline among the first paragraphs of a cleaned text.

    Below the first paragraph of the story there is none.
    """
    return first_publication(find_datelines(text))


def first_publication(datelines: list[Dateline]) -> Dateline | None:
    """Return one with its year if there is one, and rather not the date of a change."""
    return min(datelines, key=lambda each: (not each.has_year, each.updated), default=None)


def find_datelines(text: str) -> list[Dateline]:
    """Return the first dateline, and those that follow it without anything between."""
    datelines: list[Dateline] = []
    for start, end in _head(text):
        paragraph = text[start:end]
        dateline = _alone(paragraph, start) or _heading(paragraph, start)
        if dateline:
            datelines.append(dateline)
            if not dateline.alone:
                break
        elif datelines or _is_prose(paragraph):
            break
    return datelines


def is_dateline(paragraph: str) -> bool:
    """Whether a paragraph is nothing but a dateline, perhaps with a byline."""
    return _alone(paragraph, 0) is not None


def _head(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for _ in range(HEAD_PARAGRAPHS):
        end = text.find("\n\n", start)
        yield start, end if end >= 0 else len(text)
        if end < 0:
            return
        start = end + 2


def _alone(line: str, at: int) -> Dateline | None:
    """Read a paragraph of dates, times, labels and names alone."""
    if len(line) > _LONGEST_LINE_CHARS:
        return None
    spans = [with_clock(line, day.start, day.end) for day in find_dates(line) if day.has_year]
    if not spans:
        return None
    starts, ends = zip(*spans, strict=True)
    gaps = [line[end:start] for end, start in zip([0, *ends], [*starts, len(line)], strict=True)]
    ranks = [_rank(gap) for gap in gaps[:-1]]
    of_a_range = len(spans) > 1 and set(ranks) == {_UNLABELLED}
    if of_a_range or not _goes_with_a_date(CLOCK.sub("|", "|".join(gaps))):
        return None
    rank = min(ranks)
    start, end = spans[ranks.index(rank)]
    return Dateline(line[start:end], None, True, at, at + len(line), rank == _UPDATED)


def _rank(before: str) -> int:
    """Rank a date by the label next before it: published, none, updated."""
    labels = [*LABEL.finditer(before)]
    if not labels:
        return _UNLABELLED
    return _UPDATED if labels[-1]["updated"] else _PUBLISHED


def _heading(paragraph: str, at: int) -> Dateline | None:
    """Read the date that a paragraph of the story begins with."""
    head = paragraph[:_LONGEST_HEAD_CHARS]
    found = next(find_dates(head), None)
    if found is None:
        return None
    start, end = with_clock(head, found.start, found.end)
    before = head[:start]
    set_off = _SET_OFF.match(head, end)
    if not set_off or not _goes_with_a_date(before) or not _heads(found, before, set_off):
        return None
    updated = _rank(before) == _UPDATED
    return Dateline(head[start:end], found.month_day, False, at, at + len(paragraph), updated)


def _heads(found: WrittenDate, before: str, set_off: re.Match[str]) -> bool:
    """Whether what stands around a date parts it from the story."""
    story = set_off.string[set_off.end() :]
    has_name = any(map(_name_in, _BETWEEN.split(LABEL.sub("|", before))))
    if not story or (not has_name and story[0].islower()):
        return False
    following = next(find_dates(story[: 2 * _RANGE_CHARS]), None)
    if following and following.has_year and following.start <= _RANGE_CHARS:
        return False
    if set_off["mark"]:
        return found.has_year or has_name or set_off["agency"] is not None
    if set_off["agency"]:
        return has_name and not set_off["agency"].islower() and not story[0].islower()
    return found.has_year and set_off["stop"] is not None and not has_name


def _is_prose(paragraph: str) -> bool:
    return len(paragraph) > _LONGEST_LINE_CHARS or _PROSE_END.search(paragraph) is not None


def _goes_with_a_date(text: str) -> bool:
    """Whether a text, its dates cut out, is what a dateline has beside them.

    That is labels, bylines, and the names of locations, agencies and sections: no sentence.
    """
    plain = LABEL.sub("|", _NOTICE.sub("|", text))
    if _LABEL_OF_ANOTHER_KIND.search(plain):
        return False
    pieces = [piece for piece in map(_name_in, _BETWEEN.split(plain)) if piece]
    words = sum(len(piece.split()) for piece in pieces)
    return words <= _MOST_WORDS_IN_ALL and all(map(_is_credit, pieces))


def _name_in(piece: str) -> str:
    """Return a piece without the weekday or article that it ends or begins with."""
    words = piece.strip(" .:：\"'*").split()
    while words and _is_small(words[-1]):
        words.pop()
    while words and _is_small(words[0]):
        del words[0]
    return " ".join(words)


def _is_small(word: str) -> bool:
    return word.strip(".").casefold() in _ARTICLES or is_weekday(word)


def _is_credit(piece: str) -> bool:
    if by := _BY.match(piece):
        names = piece[by.end() :].split()
        return len(names) < 2 or all(map(_may_be_in_name, names))
    return _is_name(piece) or _WORK.fullmatch(piece) is not None


def _is_name(piece: str) -> bool:
    words = piece.split()
    in_sentence = piece.casefold() in _LEADS_TO_DATE or words[-1] in _WITHIN_NAMES
    if in_sentence or len(words) > _MOST_WORDS or not all(map(_may_be_in_name, words)):
        return False
    cased = any(char.isupper() for char in piece)
    return cased or sum(2 if char > "⺀" else 1 for char in piece) <= _WIDEST_CASELESS


def _may_be_in_name(word: str) -> bool:
    if word in _WITHIN_NAMES:
        return True
    return word[0].isalpha() and not word[0].islower() and not any(map(str.isdigit, word))
