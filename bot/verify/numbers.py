"""Reads the numbers of a text, spelled or in digits: their values, and what they count."""

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from bot.questions.words import SCALES, SMALL_NUMBERS, TENS

_NTHS = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth""".split()
_TENTHS = [f"{tens[:-1]}ieth" for tens in TENS]
_VALUES = {
    **{word: value for words in (SMALL_NUMBERS, _NTHS) for value, word in enumerate(words)},
    **{word: 20 + 10 * index for words in (TENS, _TENTHS) for index, word in enumerate(words)},
    "a": 1,
    "an": 1,
}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_FRACTION_SIGNS = {"½": ".5", "¼": ".25", "¾": ".75"}


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_BELOW_100 = (
    rf"(?:(?:{_any(TENS)})(?:[ -](?:{_any(SMALL_NUMBERS[1:10])}))?|{_any(SMALL_NUMBERS)})\b"
)
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
    rf"\b(?:(?P<tens>{_any(TENS)})-)?(?P<nth>{_any(_NTHS[1:] + _TENTHS)})\b", re.IGNORECASE
)
_FRACTION = re.compile(
    rf"\b(?P<count>an?|{_any(SMALL_NUMBERS[1:10])})[ -](?P<part>{_any([*_FRACTIONS])})"
    r"(?:(?=[ -]of\b)|s\b)",
    re.IGNORECASE,
)
_HALF_OF = re.compile(rf"\bhalf[ -]an?[ -](?=dozen\b|{_BIG})", re.IGNORECASE)
_AND_A_HALF = re.compile(rf"\b(\d+|{_any(SMALL_NUMBERS[1:])})[ -]and[ -]a[ -]half\b", re.IGNORECASE)
_HALF = re.compile(r"\b(?:a )?half\b(?![ -](?:brother|sister|time))", re.IGNORECASE)
_TWICE = re.compile(r"\btwice\b", re.IGNORECASE)
_FRACTION_SIGN = re.compile(r"(\d*)[  ]?([½¼¾])")
_YEAR = re.compile(
    rf"\b((?:seven|eight|nine)teen|twenty)[ -]({_BELOW_100})(?![ -](?:hundred|thousand|percent))",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[a-z]+")


def digits_for_words(text: str) -> str:
    """Return the text with its numbers in digits; a lone "one" stays, which is mostly no number.

    >>> digits_for_words("A hundred and five, the third, lost half a million and two fifths.")
    '105, the 3rd, lost 0.5 million and 40%.'
    """
    words = set(_LETTERS.findall(text.lower()))
    if words.isdisjoint(_NUMBER_WORDS):
        return _FRACTION_SIGN.sub(_signed, text)
    for needed, spelled, figures in _STEPS:
        if not words.isdisjoint(needed):
            text = spelled.sub(figures, text)
    return _FRACTION_SIGN.sub(_signed, text)


def _signed(match: re.Match[str]) -> str:
    return (match[1] or "0") + _FRACTION_SIGNS[match[2]]


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
        scale = SCALES.get(word)
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
    share = Fraction(_value_of(match["count"]), _FRACTIONS[match["part"].lower()])
    return f"{float(100 * share):.4g}%"


def _year(match: re.Match[str]) -> str:
    """Read "nineteen sixty-three" as a year, and leave "twenty one", which is 21."""
    century, rest = _value_of(match[1]), _value_of(match[2])
    return match[0] if rest < 10 else f"{century}{rest}"


_STEPS: tuple[tuple[Set[str], re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    ({"half"}, _HALF_OF, lambda _: "0.5 "),
    ({"half"}, _AND_A_HALF, _and_a_half),
    ({*_FRACTIONS, *(f"{part}s" for part in _FRACTIONS)}, _FRACTION, _part),
    ({"half"}, _HALF, lambda _: "50%"),
    ({"seventeen", "eighteen", "nineteen", "twenty"}, _YEAR, _year),
    ({*_NTHS, *_TENTHS}, _SPELLED_NTH, _nth),
    ({*SMALL_NUMBERS, *TENS, *SCALES} - {"one"}, _SPELLED, _spelled),
    ({"twice"}, _TWICE, lambda _: "2 times"),
)
"""In this order, with the words of which a text must have one: most have none of most."""
_NUMBER_WORDS = frozenset(word for words, _, _ in _STEPS for word in words)


ORDINAL, DECADE, VAGUE = "th", "s", "+"
"""Units of "3rd", of "the 1990s", and of "thousands", whose value is the least it can mean."""

Reading = tuple[Fraction, str]
"""A value with its unit; "" where the number is bare."""

_NOT_BARE = (ORDINAL, DECADE, VAGUE)

_SCALES = {
    form: scale
    for scale, forms in {
        10: "ten",
        12: "dozen",
        100: "hundred",
        10**3: "thousand k",
        10**6: "million m mn mln",
        10**9: "billion b bn",
        10**12: "trillion tn",
    }.items()
    for form in forms.split()
}
_UNITS = {
    form: unit
    for unit, forms in {
        "%": "% percent percentage pct",
        "$": "$ dollar usd",
        "€": "€ euro eur",
        "£": "£ pound gbp sterling",
        "¥": "¥ yen yuan renminbi",
        "₹": "₹ rupee",
        "ruble": "ruble rouble",
        "second": "second sec",
        "minute": "minute min",
        "hour": "hour hr",
        "day": "day",
        "week": "week",
        "month": "month",
        "year": "year yr",
        "decade": "decade",
        "century": "century centurie",
        "km": "km kilometre kilometer",
        "mile": "mile",
        "metre": "metre meter",
        "foot": "foot feet ft",
        "inch": "inch inche",
        "kg": "kg kilogram kilo",
        "tonne": "tonne ton",
        "acre": "acre",
        "hectare": "hectare",
        "litre": "litre liter",
        "barrel": "barrel",
        "degree": "degree °",
        "megawatt": "megawatt mw",
        "gigawatt": "gigawatt gw",
    }.items()
    for form in forms.split()
} | {"per cent": "%"}
_UNIT_REACH = 3
"""In an article, "40 long, cold minutes" are 40 minutes too: a unit may stand so many words on."""

_MONEY = r"(?:(?<!\w)(?:US|AU?|CA?|HK|NZ)?\$|[£€¥₹])"
_FIGURE = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?:[ ]\d{3})+(?![\d,.]*\d)|\d+(?:[.,]\d+)?"
_SCALE = r"hundred|thousand|million|billion|trillion|dozen"
_VAGUE = r"(?:ten|dozen|hundred|thousand|million|billion|trillion)s"
_NUMBER = re.compile(
    rf"(?P<money>{_MONEY}[ ]?)?(?<![\d])(?<!\d[.,])(?P<figure>{_FIGURE})"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|(?<=0)['’]?(?P<decade>s)\b"
    rf"|(?:[ -](?P<scale>{_SCALE})|[ ]?(?P<short>k|mn?|mln|bn?|tn))s?\b)?"
    rf"|\b(?P<vague>{_VAGUE}(?: of {_VAGUE})?|{_SCALE})\b",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(r"[ -]*(per cent\b|[^\W\d_]+|[%°$€£¥₹])", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+")
_OLD = re.compile(r"[ -]years?[ -](?:old|of age)", re.IGNORECASE)
_LINK = re.compile(r"[ ]?(?:to|and|or|-|–|—|,|, and|, or)[ ]?[$£€¥₹]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is written, with each way to read it: "2" of "2 to 3 million" has two."""

    written: str
    readings: tuple[Reading, ...]


def quantities_in(figures: str) -> list[Quantity]:
    """Return the numbers of a sentence, each with the unit that directly follows."""
    return _quantities(figures, reach=1)


def readings_in(figures: str) -> frozenset[Reading]:
    """Return each way to read each number of an article; each is there as a bare number too."""
    quantities = _quantities(figures, reach=_UNIT_REACH)
    readings = {reading for quantity in quantities for reading in quantity.readings}
    return frozenset(readings | {(value, "") for value, unit in readings if unit not in _NOT_BARE})


def has_reading(known: frozenset[Reading], reading: Reading) -> bool:
    """Whether an article with these readings has the number.

    "Thousands" matches 5,400 too, and "the 1990s" 1994.
    """
    if reading in known:
        return True
    value, unit = reading
    if unit == VAGUE:
        return any(value <= other < 100 * value for other, of in known if of != ORDINAL)
    if unit == DECADE:
        return any(value <= other < value + 10 for other, of in known if of in ("", DECADE))
    return False


def _quantities(text: str, *, reach: int) -> list[Quantity]:
    """Read from the last to the first: "2, 3 or 4 million" are millions all, perhaps."""
    quantities: list[Quantity] = []
    after: tuple[int, int, tuple[str, ...]] | None = None
    for match in reversed([*_NUMBER.finditer(text)]):
        values, scale, units = _read(match, text, reach)
        readings = [(value, unit) for value in values for unit in units or ("",)]
        if after and _LINK.fullmatch(text, match.end(), after[0]):
            scales, more = {1, after[1]}, (*units, *after[2])
            readings += [(value * each, u) for value in values for each in scales for u in more]
            scale, units = scale if scale > 1 else after[1], more
        after = match.start(), scale, units
        quantities.append(Quantity(match[0].strip(), tuple(dict.fromkeys(readings))))
    return quantities[::-1]


def _read(
    match: re.Match[str], text: str, reach: int
) -> tuple[tuple[Fraction, ...], int, tuple[str, ...]]:
    """Return the values that a number may have, its scale, and its units."""
    if match["vague"]:
        scales = [_SCALES[word.lower().rstrip("s")] for word in match["vague"].split(" of ")]
        return (Fraction(prod(scales)),), 1, (VAGUE,)
    value = _value(match["figure"])
    if match["ordinal"]:
        return (value,), 1, (ORDINAL,)
    if match["decade"]:
        return (value + 1900 if value < 100 else value,), 1, (DECADE,)
    money = [_UNITS[match["money"].strip()[-1]]] if match["money"] else []
    units = (*money, *_units_after(text, match.end(), reach))
    scale = _SCALES.get((match["scale"] or match["short"] or "").lower(), 1)
    # "5m" may be metres.
    return (value * scale, value) if match["short"] else (value * scale,), scale, units


def _value(figure: str) -> Fraction:
    if _GROUPED.fullmatch(figure):
        figure = figure.replace(",", "").replace(" ", "")
    return Fraction(figure.replace(",", "."))


def _units_after(text: str, end: int, reach: int) -> Iterator[str]:
    if _OLD.match(text, end):
        return
    for _ in range(reach):
        word = _WORD_AFTER.match(text, end)
        if not word:
            return
        unit = _UNITS.get(word[1].lower()) or _UNITS.get(word[1].lower().removesuffix("s"))
        if unit:
            yield unit
        end = word.end()
