"""Reads a PDF: the text of its pages as they are seen, put back together to paragraphs."""

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes, too_large
from ingest.readers.page_layout import join_pages, without_edges
from ingest.readers.records import written_author, written_title

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from ingest.readers.pdf_text import PageText

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
_WORD = re.compile(r"\w{4,}")


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


def _pages(document: "PdfDocument", max_bytes: int) -> "Iterator[PageText]":
    """Yield the text of each page."""
    from ingest.readers.pdf_text import read_page_text

    size = 0
    for number in range(len(document)):
        page = document[number]
        text = read_page_text(page)
        page.close()
        size += sum(len(line.text) for line in text.lines)
        if size > max_bytes:
            raise too_large(max_bytes)
        yield text


def _notes(text: str, pages: "Sequence[PageText]") -> Iterator[str]:
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
    mixed = sum(len(word) for word in _WORD.findall(text) if _is_mixed(word))
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
