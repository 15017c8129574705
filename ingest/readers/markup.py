"""Makes plain text of a body in HTML, such as an export of a site holds."""

import html
import re

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


def is_markup(text: str) -> bool:
    """Tell whether a text is evidently HTML, and not one in which there happens to be a "<"."""
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
