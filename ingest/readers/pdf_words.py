"""Reads the words of a PDF page, each with where and how it is drawn."""

import ctypes
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_UNNAMED = dict.fromkeys({*range(0x20)} - set(b"\t\n\v\f\r\x1c\x1d\x1e\x1f"), "\ufffd")
_CHARACTERS: Mapping[int, str] = MappingProxyType(_UNNAMED | {0x02: "-", 0xFFFE: "-"})
"""PDFium marks a hyphen at the end of a line, whose line break it then leaves out; what is a
control character is the number of a letter that is not named."""

_WORD = re.compile(r"\S+")

_STROKE_MODES = frozenset({1, 5})
LEAST_SIZE = 1.0
"""In points."""

_ALWAYS_DRAWN = 0x250
"""PDFium brings letters below this for fonts that are not embedded, and can't draw others."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is drawn."""

    size: float
    angle: float
    """In radians, anticlockwise."""

    baseline: float
    """Its distance from the origin, upwards as the text stands, in points."""

    mode: int
    colour: tuple[int, int, int]
    opacity: int
    is_embedded: bool
    """Whether its font is in the file."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a part of one, that is drawn at one go."""

    text: str
    style: Style
    start: float
    """Where it begins along its baseline, in points."""

    box: tuple[float, float, float, float]
    """Left, bottom, right and top, in points on the page."""

    is_drawable: bool
    """Whether a font is there to draw it, here as for a reader."""

    spaced: bool
    """Whether there is a space before it."""


class WordReader:
    """Reads the words of a page, in the order in which they are drawn."""

    def __init__(self, textpage: object) -> None:
        self.objects: dict[int, object] = {}
        """The text objects of the page, by their address."""

        self._textpage = textpage
        self._styles: dict[int, Style] = {}

    def words(self) -> Iterator[Word]:

        text = _text(self._textpage)
        for match in _WORD.finditer(text):
            spaced = True
            begin, end = match.span()
            while begin < end:
                address = self._object_at(begin)
                stop = end
                if end - begin > 1 and self._object_at(end - 1) != address:
                    stop = begin + 1
                    while stop < end and self._object_at(stop) == address:
                        stop += 1
                if address:
                    word = text[begin:stop]
                    yield self._word(word, begin, stop - 1, address, spaced=spaced)
                    spaced = False
                begin = stop

    def _object_at(self, at: int) -> int:
        """Return the address of the text object that a letter is of; 0 for none."""
        import pypdfium2.raw as pdfium

        handle = pdfium.FPDFText_GetTextObject(self._textpage, at)
        if not handle:
            return 0
        address = ctypes.addressof(handle.contents)
        self.objects.setdefault(address, handle)
        return address

    def _word(self, text: str, first: int, last: int, address: int, *, spaced: bool) -> Word:
        if (style := self._styles.get(address)) is None:
            style = self._styles[address] = _style(self._textpage, first, self.objects[address])
        left, bottom, right, top = _box(self._textpage, first)
        if last > first:
            end = _box(self._textpage, last)
            left, bottom = min(left, end[0]), min(bottom, end[1])
            right, top = max(right, end[2]), max(top, end[3])
        start = left
        if style.angle:
            cos, sin = math.cos(style.angle), math.sin(style.angle)
            start = min(x * cos + y * sin for x in (left, right) for y in (bottom, top))
        is_drawable = style.is_embedded or all(ord(char) < _ALWAYS_DRAWN for char in text)
        return Word(_whole(text), style, start, (left, bottom, right, top), is_drawable, spaced)


def _text(textpage: object) -> str:
    """Return the characters of a page, one for each that PDFium counts: a pair for rare ones."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFText_CountChars(textpage)
    buffer = (ctypes.c_ushort * (count + 1))()
    codes: Iterable[int] = buffer
    if pdfium.FPDFText_GetText(textpage, 0, count, buffer) != count + 1 or 0 in buffer[:-1]:
        # Letters that are not named are left out there: one by one none is missed.
        codes = [pdfium.FPDFText_GetUnicode(textpage, at) for at in range(count)]
    return "".join(map(chr, codes)).rstrip("\0").translate(_CHARACTERS)


def _whole(text: str) -> str:
    """Return a text whose pairs are one character each."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _style(textpage: object, at: int, drawn: object) -> Style:
    """Return how the text object is drawn that a letter is of."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(textpage, at, x, y)
    # PDFium counts clockwise.
    angle = -pdfium.FPDFText_GetCharAngle(textpage, at)
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, at, matrix)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn)
    is_outlined = mode in _STROKE_MODES
    get_colour = pdfium.FPDFText_GetStrokeColor if is_outlined else pdfium.FPDFText_GetFillColor
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    get_colour(textpage, at, red, green, blue, opacity)
    size = pdfium.FPDFText_GetFontSize(textpage, at) * math.hypot(matrix.c, matrix.d)
    if size < LEAST_SIZE:
        # A font that draws its letters by operators may have any size that it likes.
        size = max(size, _height(textpage, at))
    return Style(
        size=size,
        angle=angle,
        baseline=y.value * math.cos(angle) - x.value * math.sin(angle),
        mode=mode,
        colour=(red.value, green.value, blue.value),
        opacity=opacity.value,
        is_embedded=pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(drawn)) == 1,
    )


def _height(textpage: object, at: int) -> float:
    """Return how high a letter is as it is drawn."""
    import pypdfium2.raw as pdfium

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(textpage, at, left, right, bottom, top)
    return top.value - bottom.value


def _box(textpage: object, at: int) -> tuple[float, float, float, float]:
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(textpage, at, box)
    return box.left, box.bottom, box.right, box.top
