"""Takes off a page what stands around the story, where the page itself calls it so.

Pages are built of named pieces: the names of a share bar or a comment section are much the same
everywhere. What is named so and yet holds most of the page's text is left: it is a wrapper.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.html.blocks import is_prose, read_blocks
from ingest.html.column import find_column
from ingest.html.markup import straighten, text_of
from ingest.html.places import words_in
from ingest.html.tags import HEADINGS
from ingest.text.boilerplate import why_not_story
from ingest.text.paragraphs import has_full_stop

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAGS = frozenset("nav aside footer button figcaption menu".split())
_ROLES = frozenset(
    "navigation banner complementary contentinfo dialog alertdialog search alert menu".split()
)
_NAMED_BY = "class id data-testid data-component data-area data-name data-module".split()
_HIDING_NAMES = frozenset(
    # other stories
    "related recirc recirculation promo promos promoted recommended recommendations teaser teasers"
    " readnext readmore upnext mostread mostviewed trending popular taboola outbrain carousel"
    # calls to action
    " newsletter newsletters signup subscribe subscription paywall barrier donate donation"
    " membership cta share sharing sharebar sharedaddy social toolbar tools".split()
)
"""Names that the story, or the rest of it, bears too: where it is shown after a click."""

_NAMES = frozenset(
    # of the page
    "keyevents ad ads advert advertisement advertising sponsor sponsored cookie cookies"
    " consent gdpr onetrust"
    " affiliate audio audioplayer videoplayer toc tableofcontents crumbs"
    " breadcrumb breadcrumbs sidebar comments comment disqus respond tags taglist"
    # about the story
    " infobox factbox boxout authorbox authorinfo authorpage aboutauthor aboutauthors"
    " caption captions imagecaption credit pullquote authorbio authorcard bio placeholder".split()
)
_CAPTIONS = frozenset("caption captions imagecaption credit".split())
"""Names of paragraphs, too; of the others a paragraph may bear one, as all do behind a paywall."""

_SHORT_NAMES = frozenset(
    "byline by author authors date datetime time timestamp published updated meta label kicker"
    " category dateline actions source sign signoff off trust contact copyright storymeta".split()
)
"""Names of lines that are furniture when they are short: a section may be called so, too."""

_ALL_NAMES = _HIDING_NAMES | _NAMES | _SHORT_NAMES

_LONGEST_LINE_CHARS = 120
_LONGEST_CALL_CHARS = 300
_LONGEST_CARD_CHARS = 1_000
_LINKED_HEADLINE = ".//*[self::h2 or self::h3 or self::h4 or self::h5][.//a or ancestor::a]"
_MOST_OF_PAGE = 0.5
_MOST_UNDER_A_NAME = 0.3
_WRAPPERS = frozenset("html body main article".split())
_OTHER_SECTION = re.compile(
    r"(?:(?:\d+|no|all|reader|readers’)\s)?comments?(?:\s\(?\d+\)?)?"
    r"|(?:about|meet) the (?:authors?|writers?|reporters?)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:sign[ -]?(?:up|in)|log[ -]?in|subscribe|join(?: us)?|donate|register|support us)(?: now)?",
    re.IGNORECASE,
)


def remove_furniture(page: "HtmlElement") -> None:
    """Remove from a page, in place, what is named as something else than its story."""
    straighten(page)
    whole = len(page.text_content())
    # Some servers put the whole page in a form; what looks for the story drops forms.
    for form in page.iter("form"):
        if _holds_story(form, whole):
            form.tag = "div"
    for find in (_calls, _cards, _sections_elsewhere, _furniture):
        for element in list(find(page)):
            if element.getparent() is not None and not _holds_story(element, whole):
                element.drop_tree()


def _calls(page: "HtmlElement") -> Iterator["HtmlElement"]:
    """Yield the boxes of few words with a button: there is something to be done there."""
    for button in page.iter("button", "input", "a"):
        box = button.getparent()
        if button.tag == "a" and not _LABEL.fullmatch(text_of(button)):
            continue
        if box.tag in ("div", "section", "form") and len(text_of(box)) <= _LONGEST_CALL_CHARS:
            yield box


def _furniture(page: "HtmlElement") -> Iterator["HtmlElement"]:
    """Yield what has a tag, a role or a name of furniture."""
    telling = _telling_names(page)
    told_on = _boxes_of_column(page)
    for element in page.iter():
        if element.tag in _WRAPPERS:
            continue
        names = _names(element) & telling
        if (
            element.tag in _TAGS
            or element.get("placeholder") is not None
            or element.get("role") in _ROLES
            or (names & _NAMES and (element.tag != "p" or names & _CAPTIONS))
            or (names & _HIDING_NAMES and element.tag != "p" and element not in told_on)
            or (names & _SHORT_NAMES and _is_line(element))
        ):
            yield element


def _boxes_of_column(page: "HtmlElement") -> "set[HtmlElement]":
    """Return the boxes that hold several paragraphs of the column."""
    blocks = read_blocks(page)
    column = find_column(blocks)
    places = column.places if column else ()
    held = Counter(
        box for at in places if is_prose(blocks[at]) for box in blocks[at].element.iterancestors()
    )
    return {box for box, count in held.items() if count > 1}


def _telling_names(page: "HtmlElement") -> set[str]:
    """Return the names of furniture but those that much of this page's text stands under."""
    text_under: Counter[str] = Counter()
    for element in page.iter("p", "h1", "h2", "h3", "li", "div"):
        if element.tag != "div" or len(element) == 0:
            for name in _names(element) & _ALL_NAMES:
                text_under[name] += len(text_of(element))
    most = _MOST_UNDER_A_NAME * len(text_of(page))
    return {name for name in _ALL_NAMES if text_under[name] <= most}


def _cards(page: "HtmlElement") -> Iterator["HtmlElement"]:
    """Yield the boxes that are alike, and each a linked headline with a line or two of text."""
    for parent in page.iter("div", "section", "ul", "ol", "main"):
        alike: dict[tuple[str, str | None], list[HtmlElement]] = {}
        for child in parent.iterchildren("article", "div", "section", "li"):
            if len(text_of(child)) <= _LONGEST_CARD_CHARS and child.xpath(_LINKED_HEADLINE):
                alike.setdefault((child.tag, child.get("class")), []).append(child)
        for cards in alike.values():
            if len(cards) > 1:
                yield from cards


def _sections_elsewhere(page: "HtmlElement") -> Iterator["HtmlElement"]:
    """Yield the sections that begin with words such as "Read next" or "3 comments"."""
    for heading in page.iter(*HEADINGS, "div", "p", "span", "strong", "b"):
        text = text_of(heading) if len(heading) < 3 else ""
        if not text or len(text) > _LONGEST_LINE_CHARS:
            continue
        if _OTHER_SECTION.fullmatch(text) or why_not_story(text) == "pointer to other stories":
            yield from _section_of(heading)


def _section_of(heading: "HtmlElement") -> Iterator["HtmlElement"]:
    """Yield the box that a heading is the first thing in, else the heading and its list."""
    box = heading
    while (parent := box.getparent()) is not None and not (parent.text or "").strip():
        if parent.index(box) != 0 or parent.tag in ("body", "main", "article", "td"):
            break
        box = parent
    following = box.getnext() if not (box.tail or "").strip() else None
    yield box
    if box is heading and following is not None and _is_links(following):
        yield following


def _is_links(element: "HtmlElement") -> bool:
    linked = sum(len(text_of(link)) for link in element.iter("a"))
    return linked > _MOST_OF_PAGE * len(text_of(element)) > 0


def _names(element: "HtmlElement") -> set[str]:
    """Return the words an element is called by, those of a compound apart and together."""
    names: set[str] = set()
    for name in " ".join(element.get(named) or "" for named in _NAMED_BY).split():
        words = words_in(name)
        names.update(words)
        names.update(a + b for a, b in pairwise(words))
    return names


def _is_line(element: "HtmlElement") -> bool:
    text = text_of(element)
    return len(text) <= _LONGEST_LINE_CHARS and not has_full_stop(text)


def _holds_story(element: "HtmlElement", whole: int) -> bool:
    return (
        len(element.text_content()) > _MOST_OF_PAGE * whole
        or element.find(".//*[@itemprop='articleBody']") is not None
    )
