"""Reads a web page, saved or fetched: the story on it, as a reader of the page would see it."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.dates.datelines import find_datelines
from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes
from ingest.text.decode import decode
from ingest.web.urls import host_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_ELEMENTS = 200_000
"""Some fifty times a long page: to extract its text takes a second for each 10,000."""

_DEEPEST = 250
"""Levels of elements: libxml2 leaves out, without a word, what is deeper than 255."""

_MOST_LINES_ABOVE = 4
"""Above a headline: a section, a date, a byline."""

_HEAD_BYTES = 4_096
_DECLARED = re.compile(
    rb"""<(?:meta[^>]{1,200}charset\s*=|\?xml[^>]{1,200}encoding\s*=)\s*["']?\s*([\w:.-]{2,40})""",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"<!ENTITY\s", re.IGNORECASE)
_FORMATTING = re.compile(
    r"</?(?:b|big|em|font|i|small|strong|tt|u)"
    r"(?:\s{1,9}(?:face|size)\s?=\s?(?:\"[^\"<>]{0,80}\"|'[^'<>]{0,80}'|[^\s\"'<>]{1,80})){0,3}\s?>",
    re.IGNORECASE,
)
"""Tags that change how letters look, and hide none: not those with a colour or style."""


def read_html(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article of a page."""
    yield read_page(read_bytes(stream, file), file)


def read_page(data: bytes, file: SourceFile) -> Draft:
    """Return the article of a page that was read from `file`.

    Raises IngestError where there is none, or where the page is made to be more than can be read.
    """
    from ingest.html.confidence import judge, read_surroundings, refuse_front_page
    from ingest.html.extract import extract_paragraphs
    from ingest.html.hidden import remove_hidden
    from ingest.html.interstitials import refuse_interstitial
    from ingest.html.metadata import read_head, read_metadata

    page, notes = parse_page(data, file.charset)
    head = read_head(page, file.url)
    refuse_front_page(page, file.url)
    remove_hidden(page)
    facts = read_metadata(page, head)
    surroundings = read_surroundings(page)
    story = _below_headline(extract_paragraphs(page), facts.title)
    if not story:
        raise ReadError("no story found on the page")
    refuse_interstitial(facts.title, story)
    doubts = judge(story, facts, surroundings)
    text = "\n\n".join(story)
    published_at = facts.published_at
    if not published_at and not find_datelines(text):
        published_at = _guess_date(page, data, file)
        doubts += (f"published date guessed from the page: {published_at}",) if published_at else ()
    return Draft(
        text=text,
        origin=facts.url or file.origin,
        own_origin=file.origin,
        container=file.container,
        source=facts.source or (host_of(facts.url) if facts.url else file.source),
        title=facts.title,
        url=facts.url,
        published_at=published_at,
        updated_at=facts.updated_at,
        author=facts.author,
        language=facts.language,
        modified_at=file.modified_at,
        notes=notes + doubts,
    )


def _guess_date(page: "HtmlElement", data: bytes, file: SourceFile) -> str | None:
    """Guess when an undated page was published; changes the page."""
    from ingest.html.page_dates import guess_published

    # Parsed again: hidden text is removed with the head, which holds much to guess from.
    whole, _ = parse_page(data, file.charset)
    if (head := whole.find("head")) is not None:
        page.insert(0, head)
    return guess_published(page, file.url)


def _below_headline(paragraphs: list[str], title: str | None) -> list[str]:
    """Return the paragraphs without the headline, if it is one of the first, and all above it."""
    lines = map(_letters, paragraphs[:_MOST_LINES_ABOVE])
    at = next((at for at, line in enumerate(lines) if title and line == _letters(title)), -1)
    return paragraphs[at + 1 :] or paragraphs


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line.casefold()))


def parse_page(data: bytes, charset: str | None) -> "tuple[HtmlElement, tuple[str, ...]]":
    """Return a page whole, scripts and all, and notes on its encoding.

    Raises IngestError where it is no page, or made to be more than can be read.
    """
    decoded = decode(data, charset or _declared(data))
    return _parse(decoded.text), decoded.notes


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:_HEAD_BYTES])
    return match[1].decode() if match else None


def _parse(text: str) -> "HtmlElement":
    from lxml.etree import LxmlError

    if _ENTITY.search(text, 0, _HEAD_BYTES):
        raise ReadError("declares entities of its own, which no page needs: made to do harm")
    try:
        page = _tree(text)
        if _depth(page) > _DEEPEST:
            # Where nobody closes them, each paragraph stands in the bold of all before it.
            page = _tree(_FORMATTING.sub("", text))
    except LxmlError as error:
        raise ReadError(f"not a page that can be read: {error}") from error
    if _depth(page) > _DEEPEST:
        raise ReadError(f"elements nested more than {_DEEPEST} deep")
    return page


def _tree(text: str) -> "HtmlElement":
    from lxml.html import HTMLParser, document_fromstring

    # Encoded again: of a str with an encoding declaration lxml refuses to read anything.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    return document_fromstring(text.replace("\0", "").encode(errors="replace"), parser=parser)


def _depth(page: "HtmlElement") -> int:
    """Return how deep elements are nested; raises ReadError where there are too many."""
    pending = [(page, 1)]
    elements = deepest = 0
    while pending:
        element, depth = pending.pop()
        elements += 1
        deepest = max(deepest, depth)
        if elements > MOST_ELEMENTS:
            raise ReadError(f"a page of more than {MOST_ELEMENTS} elements")
        pending.extend((child, depth + 1) for child in element)
    return deepest
