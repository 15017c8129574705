"""Reads the lines of a PDF page as they are seen: what is drawn, and not what is hidden in it."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ingest.readers.page_layout import Line, ends_sentence
from ingest.readers.pdf_words import LEAST_SIZE, Word, WordReader

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

_MARK = re.compile(r"\d{1,3}")
_RAISED_SIZE = 0.75
"""So much smaller than its line is the mark of a footnote, at most."""

_RAISED_BY = 0.15
"""Of the size of the letters beside it."""

_GAP = 1.35
"""Times the usual distance of lines: more is a gap between paragraphs."""

_USUAL_DISTANCE = 1.2
"""Of lines, in sizes of their letters, where a page does not show it."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines of a page, blank ones where there is a gap between paragraphs."""

    lines: list[Line]
    hidden_words: int = 0
    is_recognised: bool = False
    """Whether it is the invisible text that belongs to a scan, as text recognition adds it."""


def read_page_text(page: "PdfPage") -> PageText:
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
    return PageText(_lines(kept), hidden_words, is_scan)


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


def _lines(words: Sequence[Word]) -> list[Line]:
    rows: list[list[Word]] = []
    for word in words:
        if rows and _is_beside(rows[-1], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    lines = [_line(row) for row in rows]
    usual = _usual_distance(rows)
    spaced: list[Line] = []
    for at, line in enumerate(lines):
        if at and _is_gap(rows[at - 1], rows[at], usual):
            goes_on = line.text[:1].islower() and not ends_sentence(lines[at - 1].text)
            spaced += [] if goes_on else [replace(line, text="")]
        spaced.append(line)
    return spaced


def _is_beside(row: Sequence[Word], word: Word) -> bool:
    """Return whether a word stands in a line behind the words of it."""
    largest = max(row[-8:], key=lambda one: one.style.size)
    last = row[-1]
    return (
        abs(word.style.angle - last.style.angle) < 0.1
        and abs(word.style.baseline - largest.style.baseline)
        < 0.5 * max(word.style.size, largest.style.size)
        and word.start > last.start
    )


def _line(row: Sequence[Word]) -> Line:
    """Return the line of these words, whose size is that of most of its letters."""
    sizes = Counter[float]()
    for word in row:
        sizes[round(word.style.size, 1)] += len(word.text)
    ((size, _),) = sizes.most_common(1)
    pieces = []
    for at, word in enumerate(row):
        if at and _is_mark(row[at - 1], word, size):
            continue
        pieces.append(f" {word.text}" if word.spaced or at == 0 else word.text)
    return Line(" ".join("".join(pieces).split()), size)


def _is_mark(before: Word, word: Word, size: float) -> bool:
    """Return whether a word is the mark of a footnote: small, raised, a number."""
    return (
        word.style.size <= _RAISED_SIZE * size
        and word.style.baseline - before.style.baseline > _RAISED_BY * size
        and _MARK.fullmatch(word.text) is not None
    )


def _distances(above: Sequence[Word], below: Sequence[Word]) -> float:
    """Return how far apart two lines are, in sizes of their letters; negative in a new column."""
    size = max(above[0].style.size, below[0].style.size)
    return (above[0].style.baseline - below[0].style.baseline) / size


def _usual_distance(rows: Sequence[Sequence[Word]]) -> float:
    distances = [_distances(*pair) for pair in pairwise(rows)]
    forward = [distance for distance in distances if 0.5 < distance < 4]
    return median(forward) if forward else _USUAL_DISTANCE


def _is_gap(above: Sequence[Word], below: Sequence[Word], usual: float) -> bool:
    return _distances(above, below) > _GAP * max(usual, 1.0)
