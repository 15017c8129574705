"""Recognises a dateline by its shape: a date at the start of an article, set off from the story."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

HEAD_PARAGRAPHS = 4
"""How far down a dateline is looked for: headline, deck and byline may stand above it."""

_WORD = r"[^\W\d_][^\s\d,.:;|()]*"
_MONTH = rf"{_WORD}\.?"
_ENGLISH_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ORDINAL = r"(?:st|nd|rd|th|er|\.|º|ª)?"
_FULL_DATE = (
    r"\d{4}-\d{2}-\d{2}"
    r"|\d{4}[./]\d{1,2}[./]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4}"
    r"|\d{4}年 ?\d{1,2}月 ?\d{1,2}日|\d{4}년 ?\d{1,2}월 ?\d{1,2}일"
    rf"|{_MONTH} \d{{1,2}}{_ORDINAL},? \d{{4}}"
    rf"|\d{{1,2}}{_ORDINAL} (?:of |de )?{_MONTH},? (?:de |del )?\d{{4}}"
)
_YEARLESS_DATE = rf"{_ENGLISH_MONTH} \d{{1,2}}|\d{{1,2}} {_ENGLISH_MONTH}"
_CLOCK = (
    r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\.\d+)?(?: ?[AaPp]\.?[Mm]\.?)?"
    r"(?: ?(?:Z|[A-Z]{2,4}|[+-]\d{2}:?\d{2})\b)?"
)
_TIME = rf"(?:T|,? (?:at |à |um |- )?){_CLOCK}"
_LABEL = (
    r"(?:(?:first |last |originally )?(?:published|posted|updated|issued|created|dated?)"
    r"(?: date| time)?(?: on| at)?|publié le|veröffentlicht am|erstellt am|stand"
    r"|publicado (?:el|em)|pubblicato il|gepubliceerd op|опубликовано|نشر في"
    r"|发布时间|公開日)\s*[:：]?\s*"
)
_PLACE = r"(?:[^\W\d_a-z][\w.'’-]*(?:, ?| / | )){1,6}(?:\([^()\n]{2,40}\) ?)?(?:[—–-]+ )?"
_WEEKDAY = rf"(?:{_WORD}\.?,? )?"
_AGENCY = r"(?:,? ?\([^()\n]{2,40}\))?"
_SEPARATOR = r"\s*(?:[:：|—–·•/]|--|-(?=\s))"

_CREDIT = rf"(?i:by|von|par|por|di|door|от|\d+ min|{_LABEL})\b"

_DATELINE = re.compile(
    rf"(?:[^|\n]{{1,60}} ?\| ?)??(?:(?i:{_LABEL})(?:{_CLOCK},? )?)?"
    rf"(?:(?P<place>{_PLACE}))?{_WEEKDAY}"
    rf"(?P<date>{_FULL_DATE}|(?P<yearless>(?i:{_YEARLESS_DATE})))(?P<time>{_TIME})?"
    rf"{_AGENCY}(?:(?P<alone>\.?$|(?P<set_off>{_SEPARATOR})?\s*(?:$|{_CREDIT}))"
    rf"|(?P<separator>{_SEPARATOR})|(?P<stop>\.)(?=\s))"
)
_LONGEST_LINE_CHARS = 120
_LONGEST_HEAD_CHARS = 240
_PROSE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Dateline:
    """A date as it is written, and the paragraph `text[start:end]` it heads or fills."""

    written: str
    has_year: bool
    alone: bool
    """The paragraph holds nothing else but a byline or a label."""

    start: int
    end: int


def find_dateline(text: str) -> Dateline | None:
    """Return the dateline among the first paragraphs of a cleaned text.

    Below the first paragraph of the story there is none.
    """
    for start, end in _head(text):
        dateline = _match(text, start, end)
        if dateline or _is_prose(text[start:end]):
            return dateline
    return None


def is_dateline(paragraph: str) -> bool:
    """Tell whether a paragraph is nothing but a dateline, perhaps with a byline."""
    dateline = _match(paragraph, 0, len(paragraph))
    return dateline is not None and dateline.alone


def _head(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for _ in range(HEAD_PARAGRAPHS):
        end = text.find("\n\n", start)
        yield start, end if end >= 0 else len(text)
        if end < 0:
            return
        start = end + 2


def _match(text: str, start: int, end: int) -> Dateline | None:
    paragraph = text[start:end]
    match = _DATELINE.match(paragraph[:_LONGEST_HEAD_CHARS])
    if not match or (match["stop"] and match["place"]):
        return None
    if match["yearless"] and not (match["place"] and match["separator"]):
        return None
    alone = match["alone"] is not None and not _is_prose(paragraph)
    if match["alone"] and not alone and not match["set_off"]:
        return None
    written = match["date"] + (match["time"] or "")
    return Dateline(written, match["yearless"] is None, alone, start, end)


def _is_prose(paragraph: str) -> bool:
    return len(paragraph) > _LONGEST_LINE_CHARS or _PROSE_END.search(paragraph) is not None
