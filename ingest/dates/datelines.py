"""Recognises a dateline by its shape: a date at the start of an article, set off from the story."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.dates.parse import CLOCK, WrittenDate, find_dates, is_weekday, with_clock

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
