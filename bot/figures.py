"""Writes the numbers of a text in figures: "two hundred thousand" as "200000", "third" as "3rd"."""

import re
from collections.abc import Callable, Sequence, Set
from fractions import Fraction

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NTHS = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth""".split()
_TENTHS = [f"{tens[:-1]}ieth" for tens in _TENS]
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_SCALES |= {"trillion": 10**12, "dozen": 12}
_VALUES = {
    **{word: value for words in (_ONES, _NTHS) for value, word in enumerate(words)},
    **{word: 20 + 10 * place for words in (_TENS, _TENTHS) for place, word in enumerate(words)},
    "a": 1,
    "an": 1,
}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_SIGNS = {"½": ".5", "¼": ".25", "¾": ".75"}


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_BELOW_100 = rf"(?:(?:{_any(_TENS)})(?:[ -](?:{_any(_ONES[1:10])}))?|{_any(_ONES)})\b"
_BELOW_1000 = (
    rf"(?:(?:(?:{_BELOW_100}|an?)[ -]hundred\b(?:[ -](?:and[ -])?{_BELOW_100})?|{_BELOW_100}))"
)
_BIG = r"(?:thousand|million|billion|trillion)\b"
_SPELLED = re.compile(
    rf"\b(?:(?:{_BELOW_1000}|an?)[ -]{_BIG}(?:,? (?:and )?(?:{_BELOW_1000}|an?)[ -]{_BIG})*"
    rf"(?:,? (?:and )?{_BELOW_1000})?|(?:{_BELOW_100}|an?) dozen\b|{_BELOW_1000})",
    re.IGNORECASE,
)
_SPELLED_NTH = re.compile(
    rf"\b(?:(?P<tens>{_any(_TENS)})-)?(?P<nth>{_any(_NTHS[1:] + _TENTHS)})\b", re.IGNORECASE
)
_PART = re.compile(
    rf"\b(?P<count>an?|{_any(_ONES[1:10])})[ -](?P<part>{_any([*_PARTS])})(?:(?=[ -]of\b)|s\b)",
    re.IGNORECASE,
)
_HALF_OF = re.compile(rf"\bhalf[ -]an?[ -](?=dozen\b|{_BIG})", re.IGNORECASE)
_AND_A_HALF = re.compile(rf"\b(\d+|{_any(_ONES[1:])})[ -]and[ -]a[ -]half\b", re.IGNORECASE)
_HALF = re.compile(r"\b(?:a )?half\b(?![ -](?:brother|sister|time))", re.IGNORECASE)
_TWICE = re.compile(r"\btwice\b", re.IGNORECASE)
_SIGN = re.compile(r"(\d*)[  ]?([½¼¾])")
_YEAR = re.compile(
    rf"\b((?:seven|eight|nine)teen|twenty)[ -]({_BELOW_100})(?![ -](?:hundred|thousand|percent))",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[a-z]+")


def in_figures(text: str) -> str:
    """Return the text with its numbers in figures; a lone "one" stays, which is mostly no number.

    >>> in_figures("One of a hundred and five, the third, lost half a million and two fifths.")
    'One of 105, the 3rd, lost 0.5 million and 40%.'
    """
    words = set(_LETTERS.findall(text.lower()))
    if words.isdisjoint(_NUMBER_WORDS):
        return _SIGN.sub(_signed, text)
    for telling, spelled, figures in _STEPS:
        if not words.isdisjoint(telling):
            text = spelled.sub(figures, text)
    return _SIGN.sub(_signed, text)


def _signed(match: re.Match[str]) -> str:
    return (match[1] or "0") + _SIGNS[match[2]]


def _and_a_half(match: re.Match[str]) -> str:
    return f"{_value_of(match[1])}.5"


def _spelled(match: re.Match[str]) -> str:
    return match[0] if match[0].lower() in ("one", "a", "an") else str(_value_of(match[0]))


def _value_of(words: str) -> int:
    """Add up a well-formed number; "a million and five" is 1,000,005."""
    if words.isdigit():
        return int(words)
    total = below_1000 = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        scale = _SCALES.get(word)
        if scale in (12, 100):
            below_1000 = max(below_1000, 1) * scale
        elif scale:
            total, below_1000 = total + max(below_1000, 1) * scale, 0
        else:
            below_1000 += _VALUES.get(word, 0)
    return total + below_1000


def _nth(match: re.Match[str]) -> str:
    value = _value_of(match["nth"]) + (_value_of(match["tens"]) if match["tens"] else 0)
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10)
    return f"{value}{ending or 'th'}"


def _part(match: re.Match[str]) -> str:
    share = Fraction(_value_of(match["count"]), _PARTS[match["part"].lower()])
    return f"{float(100 * share):.4g}%"


def _year(match: re.Match[str]) -> str:
    """Read "nineteen sixty-three" as a year, and leave "twenty one", which is 21."""
    century, rest = _value_of(match[1]), _value_of(match[2])
    return match[0] if rest < 10 else f"{century}{rest}"


_STEPS: tuple[tuple[Set[str], re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ({"half"}, _HALF_OF, lambda _: "0.5 "),
    ({"half"}, _AND_A_HALF, _and_a_half),
    ({*_PARTS, *(f"{part}s" for part in _PARTS)}, _PART, _part),
    ({"half"}, _HALF, lambda _: "50%"),
    ({"seventeen", "eighteen", "nineteen", "twenty"}, _YEAR, _year),
    ({*_NTHS, *_TENTHS}, _SPELLED_NTH, _nth),
    ({*_ONES, *_TENS, *_SCALES} - {"one"}, _SPELLED, _spelled),
    ({"twice"}, _TWICE, lambda _: "2 times"),
)
"""In this order, with the words of which a text must have one: most have none of most."""
_NUMBER_WORDS = frozenset(word for words, _, _ in _STEPS for word in words)
