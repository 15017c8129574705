"""Reads a PDF: the text of its pages as they are seen, put back together to paragraphs."""

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes, too_large
from ingest.readers.pdf_text import Word, read_page_words
from ingest.readers.records import written_author, written_title

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PAGES = 5_000
_NO_TEXT = "no text in it: pages that were scanned need text recognition first"
_DATE = re.compile(
    r"(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:Z|([+-])(\d{2})'?(\d{2})?)?"
)
_MOST_UNREADABLE = 0.2
"""Share of the letters: a text with more is none."""

_NOTED_UNREADABLE = 0.01
_RARE = 0.5
"""Share of the letters up to which those of a script are held for wrongly mapped ones."""

_KNOWN_SCRIPTS = frozenset(
    "LATIN GREEK CYRILLIC ARABIC HEBREW CJK HIRAGANA KATAKANA HANGUL DEVANAGARI BENGALI TAMIL"
    " TELUGU THAI GEORGIAN ARMENIAN ETHIOPIC IDEOGRAPHIC FEMININE MASCULINE MICRO MODIFIER".split()
)
"""As the names of letters begin: news quotes words of these among others."""

_ALPHABETS = frozenset("LATIN GREEK CYRILLIC ARABIC HEBREW GEORGIAN ARMENIAN".split())
"""No word is written in two of them."""

_LONG_WORD = re.compile(r"\w{4,}")
_DEEPEST_EDGE = 5
"""Lines at an edge: where so many return on a page nearby, a text was printed twice."""

_NEARBY = 2
"""Pages: heads differ on left and right ones, and from chapter to chapter."""

_LONGEST_CHARS = 200
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_MOST_NUMBERS = 5
_MARKS = r"[-–—•·|~\[\]\s]*"
_OF = r"(?:\s?(?:/|of|von|de|sur|di)\s?(\d{1,4}))?"
_BARE = re.compile(rf"{_MARKS}(\d{{1,4}}){_OF}{_MARKS}", re.IGNORECASE)
"""With a full stop behind it, it is the end of a sentence."""

_NAMED = re.compile(rf"{_MARKS}(?:page|seite|página|pagina)\s?\d{{1,4}}{_OF}{_MARKS}", re.I)
_Key = tuple[int, str]
_END = re.compile(r"[.!?…:。！？।۔][\"'”’»)\]]*$")
_ITEM = re.compile(r"[-*•·‣▪–—]\s|\(?\d{1,3}[.)]\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SPACELESS = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""What Chinese and Japanese are written in."""

_HYPHENS = ("-", "\xad", "\u2010")
"""At the end of a line, fonts have any of these for one that shows."""

_AFTER_HALF_A_COMPOUND = frozenset("and or to und oder bis".split())
"""As in "long-" and then "and short-term": that hyphen breaks no word."""

_SHORT = 0.8
"""Of the usual reach of a line: a shorter one that ends a sentence ends the paragraph."""

_ALIKE = 1.08
"""Sizes of letters are held for the same up to this ratio: 12 points are not 11."""

_MIXED = 1.25
"""Up to this ratio sizes mix within a sentence, as where a typewriter's letters quote a path."""

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
class Line:
    """One line of a page, with single spaces; blank where the page has a gap."""

    text: str
    size: float
    """How high its letters are, above zero: in points, or whatever the page measures in."""

    @property
    def reach(self) -> float:
        """How far it goes across the page, to be held against other lines."""
        return len(self.text) * self.size


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page, blank ones where there is a gap between paragraphs."""

    lines: list[Line]
    hidden_words: int
    is_recognised: bool
    """Whether it is the invisible text that belongs to a scan, as text recognition adds it."""


def read_pdf(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article; the day it was saved is taken for no more than a file's date."""
    from pypdfium2 import PdfiumError

    try:
        document = _open(read_bytes(stream, file))
        pages = list(_pages(document, file.max_bytes))
    except PdfiumError as error:
        raise ReadError(f"damaged: {error}") from error
    text = join_pages(without_edges([page.lines for page in pages]))
    if not text:
        raise ReadError(_NO_TEXT)
    metadata = document.get_metadata_dict()
    yield Draft(
        text=text,
        origin=file.origin,
        container=file.container,
        source=file.source,
        title=written_title(metadata["Title"]),
        author=written_author(metadata["Author"]),
        url=file.url,
        language=_language(document),
        modified_at=_moment(metadata["ModDate"] or metadata["CreationDate"]) or file.modified_at,
        notes=tuple(_notes(text, pages)),
    )


def _open(data: bytes) -> "PdfDocument":
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
            raise ReadError("locked with a password") from None
        raise
    if len(document) > _MOST_PAGES:
        raise ReadError(f"holds {len(document)} pages, more than {_MOST_PAGES}")
    return document


def _pages(document: "PdfDocument", max_bytes: int) -> Iterator[_Page]:
    """Yield the text of each page; its words, which take much memory, are not kept."""
    size = 0
    for number in range(len(document)):
        page = document[number]
        read = read_page_words(page)
        page.close()
        lines = _lines(read.words)
        size += sum(len(line.text) for line in lines)
        if size > max_bytes:
            raise too_large(max_bytes)
        yield _Page(lines, read.hidden_words, read.is_recognised)


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


def _notes(text: str, pages: Sequence[_Page]) -> Iterator[str]:
    """Yield what a person should know of the text; raises ReadError where it is garbage."""
    letters = sum(map(str.isalnum, text))
    unreadable = _misread(text)
    share = unreadable / max(letters, unreadable, 1)
    if share > _MOST_UNREADABLE:
        raise ReadError(
            f"{share:.0%} of its letters are not named in it, only drawn:"
            " it needs text recognition first"
        )
    if share > _NOTED_UNREADABLE:
        yield f"{share:.0%} of its letters could not be read: not named in it, only drawn"
    if hidden := sum(page.hidden_words for page in pages):
        yield f"{hidden} hidden words left out"
    if any(page.is_recognised for page in pages):
        yield "pages are scans: their text is what text recognition made of them"


def _misread(text: str) -> int:
    """Return how many letters can't be what is drawn.

    They are of private use, of a script that next to nothing else in the text has, or in a word
    that mixes alphabets, as where a font's own numbers were taken for letters.
    """
    private = sum(unicodedata.category(char) in ("Co", "Cn") or char == "\ufffd" for char in text)
    scripts = Counter(_script(char) for char in text if char.isalpha())
    rare = sum(
        count
        for script, count in scripts.items()
        if script not in _KNOWN_SCRIPTS and count < _RARE * scripts.total()
    )
    if len(_ALPHABETS.intersection(scripts)) < 2:
        return private + rare
    mixed = sum(len(word) for word in _LONG_WORD.findall(text) if _is_mixed(word))
    return private + rare + mixed


def _is_mixed(word: str) -> bool:
    return not word.isascii() and len(_ALPHABETS.intersection(map(_script, word))) > 1


def _script(char: str) -> str:
    if char.isascii():
        return "LATIN"
    # Letters of formulas and of full width are those of an alphabet.
    plain = unicodedata.normalize("NFKC", char)[0] if char > "\u024f" else char
    return unicodedata.name(plain, "UNKNOWN").split(" ", 1)[0]


def _language(document: "PdfDocument") -> str | None:
    import ctypes

    import pypdfium2.raw as pdfium

    size = pdfium.FPDFCatalog_GetLanguage(document.raw, None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFCatalog_GetLanguage(document.raw, buffer, size)
    return bytes(buffer).decode("utf-16", "replace").strip("\0 ") or None


def _moment(written: str) -> datetime | None:
    """Read a date as PDF writes it (ISO 32000-1, 7.9.4), such as D:20211203100000+01'00'."""
    match = _DATE.match(written.strip())
    if not match:
        return None
    year, month, day, hour, minute, second = (
        int(part or unless)
        for part, unless in zip(match.groups()[:6], (0, 1, 1, 0, 0, 0), strict=True)
    )
    ahead = timedelta(hours=int(match[8] or 0), minutes=int(match[9] or 0))
    with suppress(ValueError):
        zone = timezone(-ahead if match[7] == "-" else ahead) if match[7] else UTC
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    return None


def without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the lines of each page that are its own."""
    filled = [[line for line in page if line.text] for page in pages]
    tops = _edges(filled, at_bottom=False)
    bottoms = _edges([lines[::-1] for lines in filled], at_bottom=True)
    kept = [_inner(page, *edges) for page, *edges in zip(pages, tops, bottoms, strict=True)]
    return kept if any(kept) else [list(page) for page in pages]


def _inner(page: Sequence[Line], top: set[int], bottom: set[int]) -> list[Line]:
    """Return a page without these of its filled lines, nor the blank ones around what is left."""
    filled = [at for at, line in enumerate(page) if line.text]
    dropped = {filled[at] for at in top} | {filled[-1 - at] for at in bottom}
    inner = [at for at in filled if at not in dropped]
    if not inner:
        return []
    return [page[at] for at in range(inner[0], inner[-1] + 1) if at not in dropped]


def _edges(pages: Sequence[Sequence[Line]], *, at_bottom: bool) -> Iterator[set[int]]:
    """Yield which lines of each page, counted from its edge inwards, are not its own."""
    keys = [
        [_keys(line, number) for line in page[:_DEEPEST_EDGE]]
        for number, page in enumerate(pages, start=1)
    ]
    known: list[set[_Key]] = [set().union(*page) for page in keys]
    for index, page in enumerate(pages):
        around = known[max(0, index - _NEARBY) : index] + known[index + 1 : index + 1 + _NEARBY]
        nearby = set[_Key]().union(*around)
        numbers = {
            at
            for at in range(len(keys[index]))
            if _is_page_number(page, at, index + 1, len(pages), at_bottom=at_bottom)
        }
        outer = 0
        while outer < len(keys[index]) and (outer in numbers or keys[index][outer] & nearby):
            outer += 1
        yield numbers | set(range(outer if outer < _DEEPEST_EDGE else 0))


def _keys(line: Line, page_number: int) -> set[_Key]:
    """Return what a line has in common with its like on other pages.

    That is its letters, their size, and its numbers, of which one may count up with the pages.
    """
    text = line.text.casefold()
    has_letters = any(map(str.isalpha, text))
    if len(text) > _LONGEST_CHARS or not (has_letters or _BARE.fullmatch(text)):
        return set()
    size = round(2 * line.size)
    keys = {(size, text)} if has_letters else set()
    for number in list(_NUMBER.finditer(text))[:_MOST_NUMBERS]:
        first_page = f"#{int(number[0]) - page_number}"
        keys.add((size, text[: number.start()] + first_page + text[number.end() :]))
    return keys


def _is_page_number(
    lines: Sequence[Line], at: int, number: int, count: int, *, at_bottom: bool
) -> bool:
    """Return whether a line can be nothing but the number of its page."""
    text = lines[at].text
    if _NAMED.fullmatch(text):
        return True
    bare = _BARE.fullmatch(text)
    if bare is None or int(bare[1]) != number:
        return False
    if bare[2] or at > 1:
        return bare[2] is not None and int(bare[2]) == count
    # The last word of a sentence may be a number on a line of its own.
    return at + 1 < len(lines) and (not at_bottom or ends_sentence(lines[at + 1].text))


def join_pages(pages: Iterable[Sequence[Line]]) -> str:
    """Return the paragraphs of pages, with a blank line between them."""
    lines = [line for page in pages for line in page]
    words = {word for line in lines for word in _WORD.findall(line.text.casefold())}
    usual = _usual_reach(lines)
    paragraphs: list[list[str]] = []
    before: Line | None = None
    for line in lines:
        if not line.text:
            before = None
            continue
        if before is None or _is_apart(before, line, usual, in_list=_is_item(paragraphs[-1][0])):
            paragraphs.append([line.text])
        else:
            paragraphs[-1][-1] = _leading_to(line.text, before.text, words)
            paragraphs[-1].append(line.text)
        before = line
    return "\n\n".join("".join(pieces) for pieces in paragraphs)


def ends_sentence(line: str) -> bool:
    """Return whether a line ends as a paragraph can."""
    return _END.search(line) is not None


def _usual_reach(lines: Sequence[Line]) -> float:
    reaches = sorted(line.reach for line in lines if line.text)
    return reaches[len(reaches) * 3 // 4] if reaches else 0.0


def _is_apart(before: Line, line: Line, usual: float, *, in_list: bool) -> bool:
    """Return whether a paragraph ends between two lines."""
    is_short, has_end = before.reach < _SHORT * usual, ends_sentence(before.text)
    goes_on = _first_letter(line.text).islower() and not has_end
    ratio = max(before.size, line.size) / min(before.size, line.size)
    if ratio > (_MIXED if goes_on else _ALIKE) or _is_heading(before, usual):
        return True
    if _is_item(line.text) and (in_list or is_short or has_end):
        # Elsewhere a sentence goes on, with a number or a dash.
        return True
    return is_short and has_end


def _is_heading(line: Line, usual: float) -> bool:
    """A line of less than half the width that goes neither on from prose nor on in it."""
    is_open = line.text.endswith((",", *_HYPHENS))
    return line.reach < usual / 2 and not is_open and not _first_letter(line.text).islower()


def _first_letter(text: str) -> str:
    return next((char for char in text if char.isalnum()), "")


def _is_item(text: str) -> bool:
    return _ITEM.match(text) is not None


def _leading_to(line: str, before: str, words: Set[str]) -> str:
    """Return the line before with what stands between the two: nothing where a word goes on."""
    half, first = before[:-1], line[0]
    if _SPACELESS.match(before[-1]) and _SPACELESS.match(first):
        return before
    if not before.endswith(_HYPHENS) or not half[-1:].isalnum() or not first.isalnum():
        return f"{before} "
    begun, ended = _WORD.findall(half.casefold())[-1:], _WORD.findall(line.casefold())[:1]
    if ended and ended[0] in _AFTER_HALF_A_COMPOUND:
        return f"{half}- "
    whole, hyphened = "".join(begun + ended), "-".join(begun + ended)
    is_likely = first.islower() and half[-1].isalpha()
    is_broken = hyphened not in words if is_likely else whole in words
    return half if is_broken else f"{half}-"


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
