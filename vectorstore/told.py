"""Splits a text into the sentences it tells, past headlines, bylines and datelines.

Coarser than the sentences that are quoted, and alike for every house style: "4 p.m. Nordlink" is
split no more than "4pm Nordlink".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import islice

from vectorstore.house_style import Said, said_by
from vectorstore.models import Span

MOST_CHARACTERS = 100_000
MOST_SENTENCES = 2_000
"""Longer texts tell nothing here: no wire story is as long, and comparing takes time."""

HEADING_WORDS = 12
"""Most words of a line without a stop that is a heading, and not a sentence."""

MOST_OF_DATELINE = 120
"""Characters, and a second line of defence against a headline that stands before a dash."""

KEPT = 256
"""Texts whose sentences are remembered: the copies of one story are compared again and again."""

_STOP = re.compile(r"""[.!?…]["'”’)\]]*(?=\s)|[。！？]["'”’」』）]*""")
_ENDS = re.compile(r"""[.!?…。！？]["'”’)\]」』）]*\s*$""")
_UNSTOPPED = re.compile(
    r"""\b(?:[A-Za-z]|[ap]\.?m|u\.?[ks]|u\.?n|e\.?u|mr|mrs|ms|dr|st|sen|rep|gov|gen|lt|col|capt|sgt
    |prof|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|no|vs|inc|co|corp|ltd)$""",
    re.IGNORECASE | re.VERBOSE,
)

_NAME = r"(?:[A-Z][\w.'’]*|\d{1,4}|of|the|and|de|la|el)"
_NAMES = rf"{_NAME}(?:[\s,/|()\[\]-]{{1,3}}{_NAME}){{0,9}}"
_BEFORE_DASH = re.compile(
    rf"""\s*(?P<names>[(\[]?{_NAMES}[)\]]?)\s?(?P<mark>--?(?=\s)|[–—|]|(?<=[)\]]):?(?=\s))
    \s*(?=["'“‘]*[^\Wa-z\d_])""",
    re.VERBOSE,
)
_BEFORE_COLON = re.compile(r"\s*([A-Z]\w+(?:\s[A-Z]\w+){0,2})(?:,\s[A-Z][a-z]{2,8}\.?\s\d\d?)?:\s+")
_TRUSTED = re.compile(r"[A-Z]{2}|[(\[\d]")
"""In a dateline of more than two words: capitals, an agency in brackets or a date."""
_DASH = re.compile(r"\s--?\s|[–—]")
_NO_PLACE = re.compile(
    r"\b(?:false|fake|hoax|untrue|not|never|no|denied|denial|myth|rumou?r|lie|satire|wrong|correct|"
    r"correction|corrected|clarification|claim|update)\b",
    re.IGNORECASE,
)

_NOTE = re.compile(
    r"""[\s(_—–-]*(?:©|copyright\b|all\ rights\ reserved
    |(?:additional\ )?(?:reporting|writing|editing)\ by
    |(?:originally\ )?published\ (?:by|in|on)|this\ (?:story|article|report)\ was
    |sign\ up\b|subscribe\b|follow\ us|click\ |read\ more|visit\ |more:|e-?mail\b)
    |.{1,200}\ contributed\ to\ this\ (?:report|story|article)\b""",
    re.IGNORECASE | re.VERBOSE,
)


class Kind(Enum):
    SENTENCE = "sentence"
    HEADLINE = "headline"
    """A line before the first sentence: a headline, a byline, a dateline."""
    HEADING = "heading"
    NOTE = "note"
    """An outlet's note on itself."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence or a heading: where it stands in the text, and what it says."""

    start: int
    end: int
    kind: Kind
    said: Said
    words: int

    @property
    def is_statement(self) -> bool:
        """Whether it tells something: a heading does where it holds figures, as results do."""
        has_figures = any(map(str.isdigit, self.said.key))
        return self.kind is Kind.SENTENCE or (self.kind is Kind.HEADING and has_figures)


@lru_cache(maxsize=KEPT)
def sentences_told(text: str) -> tuple[Told, ...]:
    """Return the sentences of a text in its order; none of a text that is too long."""
    told = tuple(islice(_told(text), MOST_SENTENCES + 1)) if len(text) <= MOST_CHARACTERS else ()
    return told if len(told) <= MOST_SENTENCES else ()


def _told(text: str) -> Iterator[Told]:
    is_begun = False
    for start, end in _lines(text):
        line = text[start:end]
        if not _ENDS.search(line[-9:]) and len(line.split(None, HEADING_WORDS)) <= HEADING_WORDS:
            yield _telling(text, start, end, Kind.HEADING if is_begun else Kind.HEADLINE)
            continue
        for begin, stop in _sentences(line):
            kind = Kind.NOTE if _NOTE.match(line, begin, stop) else Kind.SENTENCE
            yield _telling(text, start + begin, start + stop, kind, is_first=not is_begun)
            is_begun = True


def _telling(text: str, start: int, end: int, kind: Kind, *, is_first: bool = False) -> Told:
    sentence = text[start:end]
    place, begin = _dateline(sentence) if is_first else ("", 0)
    return Told(start, end, kind, said_by(sentence[begin:], place), len(sentence.split()))


def _lines(text: str) -> Iterator[Span]:
    for line in re.finditer(r"[^\n]+", text):
        if not line[0].isspace():
            yield line.span()


def _sentences(line: str) -> Iterator[Span]:
    start = 0
    for stop in _STOP.finditer(line):
        after = line[stop.end() : stop.end() + 4].lstrip("\"'“‘([ ")
        before = line[max(start, stop.start() - 8) : stop.start()]
        if after[:1].islower() or (stop[0][0] == "." and _UNSTOPPED.search(before)):
            continue
        yield start, stop.end()
        start = stop.end()
    if line[start:].strip():
        yield start, len(line)


def _dateline(sentence: str) -> tuple[str, int]:
    """Return where what follows a dateline begins: places, dates and agencies up to a mark.

    Before a colon a speaker may stand as well as a place: that name is returned, too.
    """
    begun = sentence[:MOST_OF_DATELINE]
    if (found := _BEFORE_COLON.match(begun)) and not _NO_PLACE.search(found[0]):
        return found[1], found.end()
    found = _BEFORE_DASH.match(begun)
    if not found or _NO_PLACE.search(found[0]):
        return "", 0
    is_short = len(found["names"].split()) <= 2
    # A second dash ends what the first began: "Biden — Obama's deputy once — said".
    is_aside = len(_DASH.findall(sentence, found.end())) % 2 == 1
    if is_aside or not (is_short or _TRUSTED.search(found[0])):
        return "", 0
    return found["names"] if found["mark"] == ":" else "", found.end()
