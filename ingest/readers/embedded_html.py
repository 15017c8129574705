"""Makes plain text of the HTML in a text, such as an export of a site or a Markdown file holds."""

import html
import re
from collections.abc import Sequence

from ingest.errors import ReadError

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
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,7}|#x[\da-f]{1,6});", re.IGNORECASE)
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


def is_markup(text: str) -> bool:
    """Return whether a text is evidently HTML, and not one in which there happens to be a "<"."""
    return "<" in text and _MARKUP.search(text) is not None


def plain_body(text: str) -> str:
    """Return what a reader of a text sees if it is HTML; else the text, its entities resolved.

    Raises IngestError for what is made to be more than can be read.
    """
    if is_markup(text):
        return seen_in(text)
    return html.unescape(text) if "&" in text and _ENTITY.search(text) else text


def seen_in(text: str) -> str:
    """Return what a reader of HTML sees, a blank line between paragraphs; raises IngestError."""
    from ingest.html.elements import visible_text
    from ingest.html.hidden import remove_hidden
    from ingest.readers.html import parse_page
    from ingest.text.characters import strip_unseen

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
