"""Reads a web page, saved or fetched: the story on it, as a reader of the page would see it."""

import html
import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.dates.find import find_datelines
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
_ENTITY_DEFINITION = re.compile(r"<!ENTITY\s", re.IGNORECASE)
_FORMATTING = re.compile(
    r"</?(?:b|big|em|font|i|small|strong|tt|u)"
    r"(?:\s{1,9}(?:face|size)\s?=\s?(?:\"[^\"<>]{0,80}\"|'[^'<>]{0,80}'|[^\s\"'<>]{1,80})){0,3}\s?>",
    re.IGNORECASE,
)
"""Tags that change how letters look, and hide none: not those with a colour or style."""

MOST_TAGS = 20_000
"""Ten times those of a long article: this runs in the parent, which has no limits of its own."""

_SHOWN_AS = (
    "a abbr article b blockquote body caption center cite code dd del div dl dt em figcaption"
    " figure font footer h1 h2 h3 h4 h5 h6 header html i iframe ins li main mark ol p pre q s"
    " script section small span strong style sub sup table tbody td th thead tr u ul video"
)
_MARKUP = re.compile(
    rf"</(?:{'|'.join(_SHOWN_AS.split())})\s{{0,5}}>"
    r"|<(?:br|hr)\s{0,5}/?>|<(?:p|img)(?:\s[^<>]{0,2000})?>",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"<(?:p|div|br|h[1-6]|li|tr|section|article)[\s/>]", re.IGNORECASE)
_STYLE = re.compile(r"<style[\s>]", re.IGNORECASE)
_GAP = re.compile(r"\r?\n\s*\n")
_REFERENCE = re.compile(r"&(?:[a-z]{2,8}|#\d{1,7}|#x[\da-f]{1,6});", re.IGNORECASE)
_NO_TAG = re.compile(
    r"<(?![a-z/!?][^<>]{0,3000}>)|<(?=[a-z]{2,8}://|[^\s<>@]{1,60}@)", re.IGNORECASE
)
_BLOCK_LINE = re.compile(
    r" {0,3}<(address|article|aside|audio|blockquote|button|center|details|div|dl|figure|footer"
    r"|form|h[1-6]|header|iframe|main|nav|noscript|object|ol|p|picture|pre|script|section|style"
    r"|svg|table|template|ul|video)(?=[\s/>])",
    re.IGNORECASE,
)
_STYLED = re.compile(
    r"<([a-z][a-z0-9]{0,9})\s[^<>]{0,1000}?\b(?:style|class|hidden|color|size)\b", re.IGNORECASE
)
_ANY_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,15})(?=[\s/>])", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(?:```|~~~)")


def read_html(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article of a page."""
    yield read_page(read_bytes(stream, file), file)


def read_page(data: bytes, file: SourceFile) -> Draft:
    """Return the article of a page that was read from `file`.

    Raises IngestError where there is none, or where the page is made to be more than can be read.
    """
    from ingest.html.extract import (
        extract_paragraphs,
        judge,
        read_surroundings,
        refuse_front_page,
        refuse_interstitial,
    )
    from ingest.html.hidden import remove_hidden
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

    if _ENTITY_DEFINITION.search(text, 0, _HEAD_BYTES):
        raise ReadError("declares entities of its own, which no page needs")
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


def is_markup(text: str) -> bool:
    """Return whether a text is evidently HTML, and not one in which there happens to be a "<"."""
    return "<" in text and _MARKUP.search(text) is not None


def plain_body(text: str) -> str:
    """Return what a reader of a text sees if it is HTML; else the text, its entities resolved.

    Raises IngestError for what is made to be more than can be read.
    """
    if is_markup(text):
        return seen_in(text)
    return html.unescape(text) if "&" in text and _REFERENCE.search(text) else text


def seen_in(text: str) -> str:
    """Return what a reader of HTML sees, a blank line between paragraphs; raises IngestError."""
    from ingest.html.elements import visible_text
    from ingest.html.hidden import remove_hidden
    from ingest.readers.html import parse_page
    from ingest.text.clean import strip_unseen

    text = _with_breaks(_NO_TAG.sub("&lt;", strip_unseen(text)[0]))
    if text.count("<") > MOST_TAGS:
        raise ReadError(f"holds more than {MOST_TAGS} tags")
    page, _ = parse_page(text.encode(), "utf-8")
    remove_hidden(page)
    return visible_text(page).strip()


def _with_breaks(text: str) -> str:
    """Make tags of blank lines: sites that have them in their texts make paragraphs of them."""
    if _STYLE.search(text):
        return text
    if not _BLOCK.search(text):
        text = _GAP.sub("<br><br>", text).replace("\n", "<br>")
    return _GAP.sub("<br><br>", text)


def without_html(body: str) -> str:
    """Return the text with its blocks of HTML, and what may be hidden in a line, as they are seen.

    Raises IngestError for what is made to be more than can be read.
    """
    if "<" not in body:
        return body
    if body.count("<") > MOST_TAGS:
        raise ReadError(f"holds more than {MOST_TAGS} tags")
    lines = body.splitlines()
    code = _in_code(lines)
    ends = _ends(lines, code)
    plain: list[str] = []
    at = 0
    while at < len(lines):
        block = None if code[at] else _BLOCK_LINE.match(lines[at])
        styled = None if code[at] or block else _STYLED.search(lines[at])
        end = at + 1
        if block:
            end = ends.get((at, block[1].lower()), 0) or _next_blank(lines, at)
            plain += ["", seen_in("\n".join(lines[at:end])), ""]
        elif styled:
            end = ends.get((at, styled[1].lower()), end)
            plain.append(seen_in("\n".join(lines[at:end])))
        else:
            plain.append(lines[at])
        at = end
    return "\n".join(plain)


def _in_code(lines: Sequence[str]) -> list[bool]:
    """Return of each line whether it shows code, in which a tag is text."""
    in_code = []
    inside = False
    for line in lines:
        fence = _FENCE.match(line) is not None
        in_code.append(inside or fence)
        inside ^= fence
    return in_code


def _ends(lines: Sequence[str], code: Sequence[bool]) -> dict[tuple[int, str], int]:
    """Return behind which line an element ends, by the line that it begins in, and its name."""
    begun: dict[str, list[int]] = {}
    ends: dict[tuple[int, str], int] = {}
    for at, line in enumerate(lines):
        for slash, name in () if code[at] else _ANY_TAG.findall(line):
            places = begun.setdefault(name.lower(), [])
            if not slash:
                places.append(at)
            elif places:
                ends[places.pop(), name.lower()] = at + 1
    return ends


def _next_blank(lines: Sequence[str], at: int) -> int:
    return next((end for end in range(at, len(lines)) if not lines[end].strip()), len(lines))
