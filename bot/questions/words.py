"""The words of questions and sentences: what they are compared by, and what kind is asked for."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache

from vectorstore.keywords import STOP_WORDS

STEM_LETTERS = 5
"""Words are alike if so many first letters are, a plural s apart: "annexed" and "annexation" meet,
and many a typo is passed over. On SQuAD, 4 to 6 do equally well and 7 costs half a point."""

SLIP_LETTERS = 5
"""Shorter words have too many neighbours to recognise a typo."""

MONTHS = """january february march april may june july august september october november
    december""".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SMALL_NUMBERS = """zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen""".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
SCALES |= {"trillion": 10**12}

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*(?:[.,]\d+)*(?:['’][^\W_]+)*")
_AFTER_APOSTROPHE = re.compile(r"['’].*")


class Kind(Enum):
    """What the answer must contain, by the words of the question."""

    YEAR = "year"
    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    NAME = "name"
    ANYTHING = "anything"


_ASKS_FOR: Mapping[Kind, re.Pattern[str]] = {
    Kind.YEAR: re.compile(r"\b(?:what|which) years?\b|\byear (?:was|did|is|were|has|had)\b"),
    Kind.DATE: re.compile(
        r"\b(?:when|how (?:long|old)|(?:what|which) (?:dates?|months?|days?|decades?|century))\b"
        r"|\b(?:date|month|day|decade|century) (?:was|did|is|were|has|had)\b"
    ),
    Kind.NUMBER: re.compile(
        r"\bhow (?:many|much|far|large|big|tall|high|often|fast|deep|wide|heavy)\b|\bnumber of\b"
        r"|\b(?:what|which) (?:percent|percentage|number|amount|population|age|share)\b"
    ),
    Kind.PERSON: re.compile(r"\b(?:who|whom|whose)\b"),
    Kind.PLACE: re.compile(
        r"\bwhere\b|\b(?:what|which) (?:city|country|state|place|location|town|borough|county"
        r"|nation|island|building|school|university|street|area|region|province)\b"
    ),
    Kind.NAME: re.compile(r"\b(?:which|name|named|called|title|titled)\b"),
}

_NUMBER_WORDS = frozenset(
    (*SMALL_NUMBERS[1:], *TENS, *SCALES, *(f"{scale}s" for scale in SCALES))
) | frozenset("half third quarter percent first second once twice".split())
_DATE_WORDS = frozenset((*MONTHS, *WEEKDAYS)) | frozenset(
    """century year years month months week weeks day days decade decades today yesterday
    tomorrow""".split()
)
_YEAR = re.compile(r"\d{4}s?")
_YEAR_OR_DAY = re.compile(r"\d{4}s?|\d{1,2}(?:st|nd|rd|th)?")


def kind_of(question: str) -> Kind:
    """Return what the question asks for; the first of the kinds whose words it has."""
    lowered = question.lower()
    return next((kind for kind, asks in _ASKS_FOR.items() if asks.search(lowered)), Kind.ANYTHING)


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def content_words(question: str) -> list[str]:
    """Return the content words of a question; all words if it has none."""
    words = words_of(question)
    return [word for word in words if not is_stop_word(word)] or words


@lru_cache(maxsize=100_000)
def is_stop_word(word: str) -> bool:
    return _AFTER_APOSTROPHE.sub("", word.lower()) in STOP_WORDS


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return what a word is compared by: "Résumés" and "resume's" both give "resum"."""
    word = _AFTER_APOSTROPHE.sub("", word.lower())
    if not word.isascii():
        letters = unicodedata.normalize("NFKD", word)
        word = "".join(letter for letter in letters if not unicodedata.combining(letter))
    if word[:1].isdigit():
        return word
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:STEM_LETTERS]


def is_slip(word: str, other: str) -> bool:
    """Whether one letter added, dropped or changed, or two swapped, turn one into the other.

    The first letter stays: people seldom miss it, and "right" is not "fight".
    """
    if len(word) < SLIP_LETTERS or word[0] != other[0] or abs(len(word) - len(other)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
    if same is None:
        return True
    rest, others = word[same:], other[same:]
    swapped = rest[1::-1] + rest[2:]
    return others in (rest[1:], swapped) or rest == others[1:] or rest[1:] == others[1:]


def has_kind(kind: Kind, words: list[str], asked: frozenset[str]) -> bool:
    """Whether a sentence has a word of the kind asked for, apart from the question's own stems.

    A text in capitals does not show its names: each of its sentences may hold one.
    """
    if kind is Kind.ANYTHING:
        return False
    fits = _FITS.get(kind)
    if fits:
        return any(fits(word) and stem(word) not in asked for word in words)
    if words and all(word.isupper() for word in words[:4]):
        return True
    return any(
        _is_name(words, position) and stem(word) not in asked for position, word in enumerate(words)
    )


def _is_date(word: str) -> bool:
    return word.lower() in _DATE_WORDS or _YEAR_OR_DAY.fullmatch(word) is not None


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word.lower() in _NUMBER_WORDS


_FITS: Mapping[Kind, Callable[[str], bool]] = {
    Kind.YEAR: lambda word: _YEAR.fullmatch(word) is not None,
    Kind.DATE: _is_date,
    Kind.NUMBER: _is_number,
}


def _is_name(words: list[str], position: int) -> bool:
    """Whether a word is a name by its capital; the first word only if the second has one too."""
    word = words[position]
    if not word[0].isupper() or len(word) == 1 or is_stop_word(word):
        return False
    return position > 0 or (len(words) > 1 and words[1][0].isupper())
