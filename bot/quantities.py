"""Reads the numbers of a text that `in_figures` wrote: their values, and what they count."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import prod

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


def quantities_of(figures: str) -> list[Quantity]:
    """Return the numbers of a sentence, each with the unit that directly follows."""
    return _quantities(figures, reach=1)


def readings_of(figures: str) -> frozenset[Reading]:
    """Return each way to read each number of an article; each is there as a bare number too."""
    quantities = _quantities(figures, reach=_UNIT_REACH)
    found = {reading for quantity in quantities for reading in quantity.readings}
    return frozenset(found | {(value, "") for value, unit in found if unit not in _NOT_BARE})


def holds_reading(known: frozenset[Reading], reading: Reading) -> bool:
    """Tell whether an article with these readings says the number.

    "Thousands" is said by 5,400 too, and "the 1990s" by 1994.
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
    found: list[Quantity] = []
    after: tuple[int, int, tuple[str, ...]] | None = None
    for match in reversed([*_NUMBER.finditer(text)]):
        values, scale, units = _read(match, text, reach)
        readings = [(value, unit) for value in values for unit in units or ("",)]
        if after and _LINK.fullmatch(text, match.end(), after[0]):
            scales, more = {1, after[1]}, (*units, *after[2])
            readings += [(value * each, u) for value in values for each in scales for u in more]
            scale, units = scale if scale > 1 else after[1], more
        after = match.start(), scale, units
        found.append(Quantity(match[0].strip(), tuple(dict.fromkeys(readings))))
    return found[::-1]


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
