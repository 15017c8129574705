"""Extracts the story of a page with trafilatura; refuses what is none, and notes doubts."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from ingest.errors import ReadError
from ingest.html.elements import names_of, text_of
from ingest.html.headline import words_of
from ingest.html.metadata import PageMetadata
from ingest.text.boilerplate import why_not_story
from ingest.text.sentences import has_full_stop

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_PRECISE_SHARE = 5 / 6
"""Of the characters of the default mode: with less, precision mode has lost parts of the story."""

_BOILERPLATE_TAGS = ("nav", "footer", "aside")
"""Trafilatura never takes text from these."""

_KEPT_ATTRIBUTES = frozenset(
    "class colspan data-component data-lp-replacement-content id itemprop role rowspan".split()
)
"""Those trafilatura looks at; to copy the others takes a tenth of its time."""

_KEPT_EMPTY = frozenset("body br head hr html td th".split())
_DELETED = ("del", "s", "strike", "rp", "rt")
"""Crossed out, or the same in another script."""

_IN_SENTENCES = ("button", "label", "output", "time")
"""What trafilatura drops, and sentences have in them: terms that are explained, times of day."""

_LAYOUT_CELL_CHARS = 500
_FOOTNOTE = re.compile(r"\[\w{1,3}\]|[*†‡]{1,3}")
_SHORT_CODE = re.compile(r"\[(\w{2,30})[^\]]{0,200}\].*\[/\1\]")
"""What a page shows of a plug-in that is gone, such as "[pullquote]...[/pullquote]"."""

_INLINE = frozenset("hi ref span a b strong i em u sub sup code_inline abbr cite small".split())
_BLANK_LINES = re.compile(r"\n\s*\n")
DOUBT = "may not be the story"
"""How each note on a doubtful text begins."""

_STEM_CHARS = 5
"""Of a word: the forms of one word begin alike."""

_FEWEST_TITLE_STEMS = 2
_LEAST_SHARED = 1 / 4
"""Of the words of title or description; on 120 real pages, stories shared a third or more."""

_FEWEST_BODY_WORDS = 50
_LEAST_OF_BODY = 1 / 2
_SHORT_CHARS = 1_500
_SHORT_SHARE = 1 / 5
"""Of the text of the page."""

_FEWEST_CARDS = 3
_LONGEST_CARD_CHARS = 1_000
_FEWEST_LINK_WORDS = 4
_LIST_SHARE = 1 / 2
"""Of the text in such cards: at most 0.39 of the stories of 120 real pages."""

_FEWEST_HEADLINES = 8
_HEADLINES = ".//*[self::h1 or self::h2 or self::h3 or self::h4][.//a or ancestor::a]"
_FEEDS = (
    ".//link[@rel='alternate'][@type='application/rss+xml' or @type='application/atom+xml'"
    " or @type='application/feed+json']/@href"
)
_COMMENT_NAMES = frozenset("comment comments disqus replies".split())
_COMMENT_SHARE = 1 / 3
_MOST_OF_PAGE = 0.6
"""Of its text: a box of more is the page itself, also if its name has comments in it."""

_LONGEST_CHARS = 900
"""Of all its text: what is longer is a story, even if of such a page."""


def extract_paragraphs(page: "HtmlElement") -> list[str]:
    """Return the paragraphs of a page's main text; changes the page.

    Trafilatura's precision mode leaves out more of what stands around a story, and now and then
    the story: then its default mode is taken.
    """
    _tidy(page)
    precise = _extract(page, favor_precision=True)
    size = _size(precise)
    if size < _PRECISE_SHARE * _most_text(page):
        default = _extract(page, favor_precision=False)
        if size < _PRECISE_SHARE * _size(default):
            return default
    return precise


def _extract(page: "HtmlElement", *, favor_precision: bool) -> list[str]:
    from trafilatura import bare_extraction

    found: Any = bare_extraction(
        page,
        include_comments=False,
        favor_precision=favor_precision,
        # Its slow mode takes half as long again, and found 0.001 of F1 more on 120 real pages.
        fast=favor_precision,
        # In any other format but its own for Python it leaves out to write the text, too.
        output_format="xml",
    )
    return _paragraphs(found.body) if found else []


def _size(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))


def _most_text(page: "HtmlElement") -> int:
    """Return how long the text of a page is without the parts that never hold a story."""
    around = sum(
        len(text_of(part))
        for part in page.iter(*_BOILERPLATE_TAGS)
        if next(part.iterancestors(*_BOILERPLATE_TAGS), None) is None
    )
    return len(text_of(page)) - around


def _tidy(page: "HtmlElement") -> None:
    """Simplify the markup of a page, and drop what is of no use to trafilatura."""
    for quote in page.iter("q"):
        quote.tag = "span"
        quote.text = f"“{quote.text or ''}"
        quote.tail = f"”{quote.tail or ''}"
    for element in list(page.iter(*_DELETED, "sup")):
        if element.tag != "sup" or _is_footnote(element):
            element.drop_tree()
    for element in page.iter(*_IN_SENTENCES):
        around = element.getparent()
        if around is not None and around.tag in ("p", "li") and has_full_stop(text_of(around)):
            element.tag = "span"
    _flatten_layout_tables(page)
    for element in reversed(list(page.iter())):
        if not len(element) and not (element.text or "").strip():
            _drop_empty(element)
    for element in page.iter():
        for name in set(element.attrib) - _KEPT_ATTRIBUTES:
            del element.attrib[name]


def _is_footnote(element: "HtmlElement") -> bool:
    return bool(_FOOTNOTE.fullmatch(text_of(element))) or element.find(".//a") is not None


def _flatten_layout_tables(page: "HtmlElement") -> None:
    """Turn tables that only place things into boxes."""
    for table in list(page.iter("table")):
        cells = list(table.iter("td"))
        if table.find(".//table") is not None or any(
            len(cell.text_content()) > _LAYOUT_CELL_CHARS for cell in cells
        ):
            for element in table.iter("table", "tbody", "tr", "td", "th"):
                element.tag = "div"


def _drop_empty(element: "HtmlElement") -> None:
    if element.tag not in _KEPT_EMPTY and element.getparent() is not None:
        element.drop_tree()


def _paragraphs(body: "_Element") -> list[str]:
    """Return the paragraphs of what trafilatura extracted; the cells of a row are one."""
    pieces: list[str] = []
    _write(body, pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return [
        line for line in lines if any(map(str.isalnum, line)) and not _SHORT_CODE.fullmatch(line)
    ]


def _write(element: "_Element", pieces: list[str]) -> None:
    """Add the text of an element: a line break at each end of a block, and none within."""
    if element.tag == "lb":
        pieces.append("\n")
        return
    edge = "" if element.tag in _INLINE else "\n"
    if element.tag == "row":
        cells = (" ".join("".join(cell.itertext()).split()) for cell in element)
        pieces.append(f"\n{' | '.join(filter(None, cells))}\n")
        return
    pieces += (edge, _one_line(element.text, element.tag))
    for child in element:
        _write(child, pieces)
        pieces.append(_one_line(child.tail, element.tag))
    pieces.append(edge)


def _one_line(text: str | None, tag: str) -> str:
    if tag == "code":
        return "\n".join(" ".join(part.split()) for part in _BLANK_LINES.split(text or ""))
    return (text or "").replace("\n", " ")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The text of a page in which a story may stand, or be mistaken for another."""

    chars: int
    """Of all of it."""

    headlines: int
    """Linked to other pages."""

    cards: str
    """The text of boxes built alike, each with the linked headline of another story."""

    comments: str


def refuse_front_page(page: "HtmlElement", url: str | None) -> None:
    """Raise ReadError for the first page of a site, where that leads to many stories."""
    if url is None or urlsplit(url).path not in ("", "/"):
        return
    if len(page.xpath(_HEADLINES)) >= _FEWEST_HEADLINES:
        feeds = [urljoin(url, str(address)) for address in page.xpath(_FEEDS)]
        better = f"its feed, {feeds[0]}" if feeds else "its feed or the links of its stories"
        raise ReadError(f"a front page, and no story: ingest {better}")


def refuse_interstitial(title: str | None, story: Sequence[str]) -> None:
    """Raise ReadError where the title, or how a short paragraph begins, shows one."""
    if sum(map(len, story)) > _LONGEST_CHARS:
        return
    for what, pattern in _interstitials().items():
        if any(pattern.match(line) for line in (title or "", *story)):
            raise ReadError(f"no story found on the page, but {what}")


@cache
def _interstitials() -> dict[str, re.Pattern[str]]:
    """Return how what is shown in place of a story begins, by what that is."""
    listed = tomllib.loads(files("ingest.html").joinpath("interstitials.toml").read_text("utf-8"))
    return {
        what: re.compile(rf"\W*(?:{'|'.join(words)})", re.IGNORECASE)
        for what, words in listed.items()
    }


def read_surroundings(page: "HtmlElement") -> Surroundings:
    """Read a page of which nothing hidden is left."""
    chars = len(text_of(page))
    comments = (
        text
        for box in page.iter("div", "section", "ol", "ul")
        if names_of(box) & _COMMENT_NAMES
        and len(text := text_of(box)) <= _MOST_OF_PAGE * chars
        and box.find(".//h1") is None
    )
    return Surroundings(
        chars=chars,
        headlines=len(page.xpath(_HEADLINES)),
        cards="\n".join(_cards(page)),
        comments="\n".join(comments),
    )


def judge(
    paragraphs: Sequence[str], metadata: PageMetadata, surroundings: Surroundings
) -> tuple[str, ...]:
    """Return notes on what speaks against a text as the story of its page.

    Raises ReadError where the text is certainly none: boilerplate, a menu, a list of stories.
    """
    reasons = [why_not_story(paragraph) for paragraph in paragraphs]
    size = sum(map(len, paragraphs))
    if all(reasons):
        raise ReadError(f"no story found on the page, but a {reasons[0]}")
    is_short = size < _SHORT_CHARS and size < _SHORT_SHARE * surroundings.chars
    if is_short and not any(map(has_full_stop, paragraphs)):
        raise ReadError(f"no story found on the page, but {size} characters without a sentence")
    is_listed = _share_within(paragraphs, surroundings.cards) >= _LIST_SHARE
    if is_listed and not metadata.is_article and not metadata.published_at:
        raise ReadError(
            "a list of stories, and no story: ingest the links of its stories, or its feed"
        )
    if is_short:
        return (f"{DOUBT}: only {size} of the {surroundings.chars} characters of the page",)
    doubts = _doubts(" ".join(paragraphs), metadata)
    if is_listed or _looks_like_section(metadata, surroundings):
        doubts.append("it looks like a list of stories")
    if _share_within(paragraphs, surroundings.comments) >= _COMMENT_SHARE:
        doubts.append("it looks like readers' comments")
    return tuple(f"{DOUBT}: {doubt}" for doubt in doubts)


def _doubts(text: str, metadata: PageMetadata) -> list[str]:
    """Return how a text differs from what the page declares of its story."""
    doubts = []
    stems, titled = _stems(text), _stems(metadata.title or "")
    described = [_stems(description) for description in metadata.descriptions]
    if len(titled) >= _FEWEST_TITLE_STEMS and all(
        len(each & stems) < _LEAST_SHARED * len(each) for each in (titled, *described) if each
    ):
        doubts.append("it has hardly a word of the page's title or description")
    words = Counter(words_of(text))
    shares = [
        (words & body).total() / body.total()
        for body in map(Counter, map(words_of, metadata.bodies))
        if body.total() >= _FEWEST_BODY_WORDS
    ]
    if shares and max(shares) < _LEAST_OF_BODY:
        doubts.append(f"it has {max(shares):.0%} of the words that the page gives as its article")
    return doubts


def _stems(text: str) -> set[str]:
    """Return how the longer words of a text begin; where words are not divided, its characters."""
    return {
        word[:_STEM_CHARS]
        for word in words_of(text)
        if len(word) >= _STEM_CHARS - 1 or not word.isascii()
    }


def _looks_like_section(metadata: PageMetadata, surroundings: Surroundings) -> bool:
    """Check for a page that links to many stories, and has no author, date or type of its own."""
    is_of_a_story = metadata.is_article or metadata.published_at or metadata.author
    return not is_of_a_story and surroundings.headlines >= _FEWEST_HEADLINES


def _share_within(paragraphs: Iterable[str], text: str) -> float:
    """Return how much of the paragraphs stands in a text."""
    sizes = [(len(paragraph), paragraph in text) for paragraph in paragraphs]
    return sum(size for size, is_within in sizes if is_within) / sum(size for size, _ in sizes)


def _cards(page: "HtmlElement") -> Iterator[str]:
    """Yield the text of boxes that stand side by side, most of them with a linked headline."""
    for parent in page.iter("body", "div", "main", "ol", "section", "ul"):
        alike: defaultdict[tuple[str, tuple[str, ...]], list[HtmlElement]] = defaultdict(list)
        for box in parent.iterchildren("article", "div", "li", "section"):
            # Further classes number the boxes, or mark the first and the last.
            alike[str(box.tag), tuple((box.get("class") or "").split()[:2])].append(box)
        for boxes in alike.values():
            cards = [text for box in boxes if (text := _card(box))]
            if len(cards) >= max(_FEWEST_CARDS, _MOST_OF_PAGE * len(boxes)):
                yield from cards


def _card(box: "HtmlElement") -> str:
    """Return the text of a box with a linked headline in it; "" for any other."""
    if len(box.text_content()) > 2 * _LONGEST_CARD_CHARS:
        return ""
    text = text_of(box)
    linked = any(len(link.text_content().split()) >= _FEWEST_LINK_WORDS for link in box.iter("a"))
    return text if linked and len(text) <= _LONGEST_CARD_CHARS else ""
