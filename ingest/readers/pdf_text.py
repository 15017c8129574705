"""Reads the words of a PDF page that are seen: what is drawn, and not what is hidden in it."""

import ctypes
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_INVISIBLE_MODES = frozenset({3, 7})
"""Text render modes that paint nothing (ISO 32000-1, table 106)."""

_FILL_MODES = frozenset({0, 4})
_LEAST_OPACITY = 13
"""Of 255."""

_SAME_COLOUR = 40
"""The sum of the differences in red, green and blue that no eye makes words out of."""

_SCALE = 0.5
"""Pixels a point of a page that is drawn to look at it: small letters leave a trace at that."""

_MOST_PIXELS = 1_000_000
"""Eight times those of an A4 page."""

_FAR = 10_000
"""Points: where the drawn page is measured, which is drawn in whole pixels."""

_Axes = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
_SCAN_AREA = 0.5
"""Share of a page that pictures cover where it is a scan."""

_MOST_SHOWN_OF_SCAN = 0.1
"""Share of the letters of a scan that are there beside the hidden ones: stamps, page numbers."""

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


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of a page, in the order in which they are drawn."""

    words: list[Word]
    hidden_words: int = 0
    is_recognised: bool = False
    """Whether it is the invisible text that belongs to a scan, as text recognition adds it."""


def read_page_words(page: "PdfPage") -> PageWords:
    """Return what is seen of the text of a page; raises PdfiumError for one that is damaged."""
    textpage = page.get_textpage()
    try:
        reader = WordReader(textpage.raw)
        words = _without_repeats(reader.words())
        shown, hidden = _divide(page, words, reader.objects)
    finally:
        textpage.close()
    is_scan = bool(hidden) and _is_scan(page, shown, hidden)
    kept = words if is_scan else shown
    hidden_words = 0 if is_scan else sum(any(map(str.isalnum, word.text)) for word in hidden)
    return PageWords(kept, hidden_words, is_scan)


def _without_repeats(words: Iterable[Word]) -> list[Word]:
    """Leave out what is printed again within a point, as some programs do for bold letters."""
    printed: set[tuple[str, int, int]] = set()
    kept = []
    for word in words:
        left, bottom = word.box[:2]
        columns = {int(left - 1) // 2, int(left + 1) // 2}
        rows = {int(bottom - 1) // 2, int(bottom + 1) // 2}
        cells = {(word.text, column, row) for column in columns for row in rows}
        if printed.isdisjoint(cells):
            kept.append(word)
        printed.add((word.text, int(left) // 2, int(bottom) // 2))
    return kept


def _divide(
    page: "PdfPage", words: Sequence[Word], objects: dict[int, object]
) -> tuple[list[Word], list[Word]]:
    """Divide words into those that are seen, and those that are not."""
    look = _Look(page, objects) if words else None
    shown: list[Word] = []
    hidden: list[Word] = []
    for word in words:
        is_seen = _is_painted(word) and look is not None and look.shows(word)
        (shown if is_seen else hidden).append(word)
    return shown, hidden


def _is_painted(word: Word) -> bool:
    return (
        word.style.size >= LEAST_SIZE
        and word.style.mode not in _INVISIBLE_MODES
        and word.style.opacity >= _LEAST_OPACITY
    )


class _Look:
    """A page as it is drawn with its text and without.

    That shows at once what is off the page, behind a picture, cut off, or on a hidden layer.
    """

    def __init__(self, page: "PdfPage", objects: dict[int, object]) -> None:
        import pypdfium2.raw as pdfium

        self._page = page.raw
        width, height = page.get_size()
        scale = min(_SCALE, math.sqrt(_MOST_PIXELS / max(1.0, width * height)))
        self._width = max(1, math.ceil(width * scale))
        self._height = max(1, math.ceil(height * scale))
        self._row_bytes = 4 * self._width
        self._axes = self._read_axes()
        self._with_text = self._draw()
        for handle in objects.values():
            pdfium.FPDFPageObj_SetIsActive(handle, False)
        self._ground = self._draw()

    def _draw(self) -> bytes:
        import pypdfium2.raw as pdfium

        bitmap = pdfium.FPDFBitmap_Create(self._width, self._height, 0)
        if not bitmap:
            raise MemoryError
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, self._width, self._height, 0xFFFFFFFF)
            pdfium.FPDF_RenderPageBitmap(
                bitmap,
                self._page,
                0,
                0,
                self._width,
                self._height,
                0,
                pdfium.FPDF_RENDER_NO_SMOOTHIMAGE,
            )
            size = self._row_bytes * self._height
            return ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), size)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)

    def shows(self, word: Word) -> bool:
        """Return whether there is anything of a word to see."""
        left, top, right, bottom = self._pixels(word)
        if left >= right or top >= bottom:
            return False
        if word.style.mode in _FILL_MODES and self._is_of_ground(
            word, left, right, (top + bottom) // 2
        ):
            return False
        if not word.is_drawable:
            return True
        rows = range(top * self._row_bytes, bottom * self._row_bytes, self._row_bytes)
        begin, end = 4 * left, 4 * right
        return any(
            self._with_text[row + begin : row + end] != self._ground[row + begin : row + end]
            for row in rows
        )

    def _is_of_ground(self, word: Word, left: int, right: int, row: int) -> bool:
        """Return whether a word has the colour of what is behind it."""
        start = row * self._row_bytes
        pixels = self._ground[start + 4 * left : start + 4 * right]
        if pixels.count(0xFF) == len(pixels):
            ground: Sequence[float] = (255, 255, 255)
        else:
            ground = [sum(pixels[channel::4]) / (right - left) for channel in (2, 1, 0)]
        ink = word.style.colour
        return sum(abs(one - two) for one, two in zip(ground, ink, strict=True)) < _SAME_COLOUR

    def _pixels(self, word: Word) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of a word on the drawn page, cut to it."""
        left, bottom, right, top = word.box
        if word.text.isalnum():
            # The middle of letters: what is above and below may be of the lines around.
            quarter = (top - bottom) / 4
            bottom, top = bottom + quarter, top - quarter
        (x1, y1), (x2, y2) = self._device(left, bottom), self._device(right, top)
        return (
            max(0, int(min(x1, x2))),
            max(0, int(min(y1, y2))),
            min(self._width, math.ceil(max(x1, x2))),
            min(self._height, math.ceil(max(y1, y2))),
        )

    def _device(self, x: float, y: float) -> tuple[float, float]:
        (left, top), (right_x, right_y), (up_x, up_y) = self._axes
        return left + x * right_x + y * up_x, top + x * right_y + y * up_y

    def _read_axes(self) -> _Axes:
        """Return where the origin is drawn, and how far a point leads to the right and upwards."""
        import pypdfium2.raw as pdfium

        drawn = []
        for at in ((0, 0), (_FAR, 0), (0, _FAR)):
            x, y = ctypes.c_int(), ctypes.c_int()
            pdfium.FPDF_PageToDevice(self._page, 0, 0, self._width, self._height, 0, *at, x, y)
            drawn.append((x.value, y.value))
        (left, top), *ends = drawn
        right, up = (((x - left) / _FAR, (y - top) / _FAR) for x, y in ends)
        return (left, top), right, up


def _is_scan(page: "PdfPage", shown: Sequence[Word], hidden: Sequence[Word]) -> bool:
    """Return whether the hidden text of a page is what its picture shows."""
    import pypdfium2.raw as pdfium

    letters, all_letters = (
        sum(len(word.text) for word in part) for part in (shown, [*shown, *hidden])
    )
    if letters > _MOST_SHOWN_OF_SCAN * all_letters:
        return False
    width, height = page.get_size()
    covered = 0.0
    for picture in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        left, bottom, right, top = picture.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return covered > _SCAN_AREA * float(width * height)


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
