"""Tells whether a full stop, or another mark, ends a sentence."""

import re
from typing import Literal

Case = Literal["lower", "upper", "mixed"]

WIDE_STOPS = "。！？｡؟۔।॥։።។။"
"""End a sentence wherever they stand, also without a space behind."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_TITLES = _words(
    """mr mrs ms mme mlle mm dr drs prof gen gens col lt sgt capt cmdr cpl pvt maj adm supt insp det
    sen sens rep reps gov govs pres rev hon messrs st ste mt ft sra dra vs v cf e.g i.e viz ph nr
    approx ca bzw"""
)
"""Never the end of a sentence: a name or a figure follows."""

_NUMBERED = _words(
    """no nos fig figs vol vols p pp c r b d fl ch sec art par op ed eds
    jan feb mar apr jun jul aug sep sept oct nov dec"""
)
"""Not an end before a figure: "No. 5", "Dec. 28"."""

_ABBREVIATIONS = _words(
    """inc ltd co corp bros llc plc dept univ assn jr sr esq etc al ave blvd rd sq mi lbs oz
    jan feb mar apr jun jul aug sep sept oct nov dec tue tues wed thu thurs fri"""
)
"""An end only where the next word is one that starts sentences."""

_ACRONYM = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")

_STARTERS = _words(
    """a an the he she it they we i you his her its their our my this that these those there here
    but and or so yet nor then thus however meanwhile moreover instead nobody nothing everyone
    what why how who"""
)
_PREPOSITIONS = _words(
    """in on at by for from with as if when while where after before since although though because
    until under over during despite among between within about against into upon to of once not
    some many most several other another such both each every all one two three now today only
    also even still according last next no"""
)
"""Start a sentence too, but tell nothing in a text that is all capitals."""

_OPENERS = r"""\s*(?:["'“‘„«(\[{`¿¡•*–—-]+\s*)*"""
_FOLLOWING = re.compile(rf"{_OPENERS}(\w+)")
_CONTINUED = re.compile(rf"{_OPENERS}[,;:.!?…)\]}}%]")
_WORD_BREAK = re.compile(r"[\s–—/(\[\"'“”‘’„«`-]")
_ATTRIBUTION = re.compile(
    r"\s+(?:[A-Z][\w.’'-]*\s+){1,4}"
    r"(?:said|says|asked|asks|told|wrote|writes|added|tweeted|shouted|replied|responded|warned)\b"
)
_GERMAN_MONTH = re.compile(
    r"Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
)


def case_of(line: str) -> Case:
    """Return how a line is written, once for all its marks."""
    return "lower" if line.islower() else "upper" if line.isupper() else "mixed"


def is_end(line: str, case: Case, mark_start: int, mark_end: int, end: int) -> bool:
    """Tell whether the mark ends a sentence, which with its closing quotes would stop at `end`."""
    mark = line[mark_start:mark_end]
    following = _FOLLOWING.match(line, end)
    word = following[1] if following else ""
    if mark[0] in WIDE_STOPS:
        return not (line[end - 1] in "」』" and word and "ぁ" <= word[0] <= "ん")
    if not word:
        return not _CONTINUED.match(line, end)
    if word.islower() and case != "lower":
        return False
    if line[end].isalpha():
        return _starts_sentence(word, case)
    if mark == ".":
        return _ends_with_period(line, case, mark_start, word)
    if "." in mark or "…" in mark:
        return _starts_sentence(word, case)
    return mark_end == end or not _ATTRIBUTION.match(line, end)


def _ends_with_period(line: str, case: Case, at: int, following: str) -> bool:
    """Tell a full stop from the period of an abbreviation, an initial or a figure."""
    before = line[max(0, at - 30) : at]
    word = _WORD_BREAK.split(before.rstrip())[-1]
    lowered = word.lower()
    if before.endswith(" ") and word.endswith("."):
        return not word.startswith(".") or _starts_sentence(following, case)
    if lowered in _TITLES:
        return False
    if following[0].isdigit():
        spaced_decimal = before.endswith(" ") and word.isdigit()
        return lowered not in _NUMBERED and not spaced_decimal
    if lowered in _ABBREVIATIONS or _ACRONYM.fullmatch(word):
        return _starts_sentence(following, case)
    return not (word.isdigit() and len(word) < 3 and _GERMAN_MONTH.fullmatch(following))


def _starts_sentence(word: str, case: Case) -> bool:
    lowered = word.lower()
    return lowered in _STARTERS or (lowered in _PREPOSITIONS and case != "upper")
