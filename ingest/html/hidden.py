"""Takes out of a page what a reader does not see: where instructions to machines are hidden."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ingest.errors import ReadError
from ingest.html.computed_style import Look, Style, hiding_property
from ingest.html.elements import BLOCKS
from ingest.html.style_sheets import Customs, StyleSheets

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_APART = BLOCKS | {"br", "dialog", "dir", "menu"}
_NEVER_SHOWN = frozenset(
    "script style noscript template iframe object embed applet svg canvas audio video map"
    " datalist select option textarea dialog noframes noembed head title rp progress meter"
    " mphantom annotation annotation-xml".split()
)
"""Or shown as something other than text."""

_DRAWN = frozenset("iframe object embed svg canvas audio video select textarea".split())
_AROUND_LETTER = frozenset("span b strong big em font".split())
_LONGEST_DROP_CAP = 3
_SHARE_OF_PAGE = 0.9
_LEAST_PARAGRAPHS = 3
_LONG_TEXT = (
    "//text()[not(parent::script or parent::style) and string-length() >= 80]"
    "[string-length(normalize-space()) >= 80][not(ancestor::p)]"
)
"""What is a paragraph although it stands in no `p`."""

_MARKED = (
    "//*[@style or @hidden or @inert or @popover or @aria-hidden or @bgcolor or @color or @text]"
)
_TAG = "tag"
"""The reason for hiding what is never shown, beside the attributes and properties."""

_Reasons = list[tuple["HtmlElement", str]]
_STREAMED = re.compile(r"""\$R[A-Z]+\(\s*["']([BP]:\w{1,20})["'],\s*["'](S:\w{1,20})["']""")
"""React's call that moves a box with streamed content into its place."""


def remove_hidden(page: "HtmlElement") -> None:
    """Remove from a page, in place, all text that a browser would not show, and its scripts.

    Style sheets that the page links are not read. Raises ReadError where the page's own are
    made to be more than can be applied.
    """
    _place_streamed(page)
    try:
        hidden, unreadable = _Finder(page).find()
    except RecursionError as error:
        raise ReadError("its CSS is nested too deep to be applied") from error
    for element in unreadable:
        element.text = None
        for child in element:
            child.tail = None
    for element in hidden:
        remove(element)
    for comment in page.xpath("//comment() | //processing-instruction()"):
        remove(comment)
    # What is left is seen, whatever it says to screen readers and to an extractor.
    for element in page.xpath("//*[@aria-hidden or @hidden or @style]"):
        for name in ("aria-hidden", "hidden", "style"):
            element.attrib.pop(name, None)


def remove(element: "HtmlElement") -> None:
    """Remove an element, but not the text behind it; what it kept apart stays apart."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    left = (parent.text if before is None else before.tail) or ""
    tail = element.tail or ""
    if element.tag in _APART or (
        element.tag in _DRAWN and left[-1:].isalnum() and tail[:1].isalnum()
    ):
        tail = f" {tail}"
    if before is None:
        parent.text = left + tail
    else:
        before.tail = left + tail
    parent.remove(element)


def _place_streamed(page: "HtmlElement") -> None:
    """Move what React streamed, `<div hidden id="S:0">`, in place of `<template id="B:0">`."""
    boxes = {box.get("id"): box for box in page.xpath("//*[@hidden][starts-with(@id, 'S:')]")}
    if not boxes:
        return
    templates = {each.get("id"): each for each in page.iter("template") if each.get("id")}
    calls = (
        call for script in page.iter("script") for call in _STREAMED.findall(script.text or "")
    )
    places = {box: template for template, box in calls}
    for name, box in boxes.items():
        number = name.partition(":")[2]
        candidates = (places.get(name), f"B:{number}", f"P:{number}")
        template = next((templates[each] for each in candidates if each in templates), None)
        if template is None or box in template.iterancestors():
            continue
        placed = box.makeelement("div")
        placed.text = box.text
        placed.extend(list(box))
        template.addprevious(placed)
        remove(template)
        remove(box)


@dataclass(frozen=True, slots=True)
class _Size:
    """How much text there is."""

    paragraphs: int = 0
    characters: int = 0

    def __add__(self, other: "_Size") -> "_Size":
        return _Size(self.paragraphs + other.paragraphs, self.characters + other.characters)


class _Text:
    """Measures the paragraphs of a page, when first asked: many pages hide none."""

    def __init__(self, page: "HtmlElement") -> None:
        self._page = page

    @cached_property
    def own(self) -> dict["HtmlElement", _Size]:
        """The text that stands in each element itself; of a `p`, all of it."""
        sizes: dict[HtmlElement, _Size] = defaultdict(_Size)
        for text in self._page.xpath(_LONG_TEXT):
            holder = text.getparent().getparent() if text.is_tail else text.getparent()
            sizes[holder] += _Size(1, len(text))
        for paragraph in self._page.iter("p"):
            sizes[paragraph] = _Size(1, len(paragraph.text_content()))
        for element in list(sizes):
            is_inside = next(element.iterancestors(*_NEVER_SHOWN), None) is not None
            if is_inside or element.tag in _NEVER_SHOWN:
                del sizes[element]
        return sizes

    @cached_property
    def whole(self) -> _Size:
        return sum(self.own.values(), _Size())

    def within(self, element: "HtmlElement") -> _Size:
        """Return how much text stands in an element and all in it."""
        own = self.own
        return sum((own[each] for each in element.iter("*") if each in own), _Size())


class _Finder:
    """Finds what is hidden among the elements that a rule, an attribute or their tag is about.

    All others look like the nearest of these that they stand in.
    """

    def __init__(self, page: "HtmlElement") -> None:
        self._page = page
        self._sheets = StyleSheets(page)
        marked = set(page.xpath(_MARKED)).union(
            page.iter(*_NEVER_SHOWN), self._sheets.matched, [page]
        )
        self._marked = [element for element in page.iter("*") if element in marked]
        self._text = _Text(page)
        self._known: dict[tuple[Look, int], tuple[Look, str, Style]] = {}
        """The styles are held, too, as long as their ids are keys."""

    def find(self) -> tuple[list["HtmlElement"], list["HtmlElement"]]:
        """Return the elements that are hidden with all in them, and those whose own text is.

        Pages are drawn behind a curtain, or fade in as one scrolls, by a script that is not run
        here: a property or attribute that hides nearly all of a page is ignored.
        """
        ignored: set[str] = set()
        while True:
            hidden, unreadable = self._look(ignored)
            sizes = self._sizes(hidden, unreadable)
            passing = {reason for reason, size in sizes.items() if self._is_nearly_all(size)}
            if not passing:
                return [element for element, _ in hidden], [element for element, _ in unreadable]
            ignored |= passing

    def _sizes(self, hidden: _Reasons, unreadable: _Reasons) -> dict[str, _Size]:
        """Return how much of the page is hidden for each reason that may be a passing one."""
        sizes: dict[str, _Size] = defaultdict(_Size)
        for element, reason in hidden:
            if reason != _TAG:
                sizes[reason] += self._text.within(element)
        for element, reason in unreadable:
            sizes[reason] += self._text.own.get(element, _Size())
        return sizes

    def _look(self, ignored: set[str]) -> tuple[_Reasons, _Reasons]:
        hidden: _Reasons = []
        unreadable: _Reasons = []
        look = Look() if self._sheets.are_all else Look(ink=None, ground=None)
        looks: dict[HtmlElement, tuple[Look, Customs] | None] = {}
        for element in self._marked:
            around = next(
                (looks[each] for each in element.iterancestors() if each in looks), (look, {})
            )
            if around is None:
                continue
            if element.tag in _NEVER_SHOWN and element.get("shadowrootmode") is None:
                looks[element] = None
                hidden.append((element, _TAG))
                continue
            style, customs = self._sheets.style_of(element, around[1])
            own, hiding = self._styled(around[0], style)
            reason = _hiding_attribute(element) or hiding
            if reason and (reason in ignored or self._hides_page(element)):
                own = replace(own, visible=True, opacity=1)
                reason = ""
            looks[element] = None if reason else (own, customs)
            if reason:
                hidden.append((element, reason))
            elif own.unreadable and own.unreadable not in ignored:
                unreadable.append((element, own.unreadable))
        return hidden, self._within(unreadable, looks)

    def _styled(self, around: Look, style: Style) -> tuple[Look, str]:
        """Return the look of an element of a style, and the property that hides it, if any."""
        key = (around, id(style))
        if key not in self._known:
            look = around.within(style) if style else around
            hiding = "opacity" if look.is_faded else hiding_property(style, look.font_px)
            self._known[key] = look, hiding, style
        return self._known[key][:2]

    def _within(self, unreadable: _Reasons, looks: Mapping["HtmlElement", object]) -> _Reasons:
        """Return the elements that only inherit what keeps text from being read, too."""
        inheriting: _Reasons = []
        for element, reason in unreadable:
            pending = [element]
            while pending:
                element = pending.pop()
                inheriting.append((element, reason))
                pending.extend(child for child in element.iterchildren("*") if child not in looks)
        return inheriting

    def _hides_page(self, element: "HtmlElement") -> bool:
        return element.tag in ("html", "body") or self._is_nearly_all(self._text.within(element))

    def _is_nearly_all(self, size: _Size) -> bool:
        least = _SHARE_OF_PAGE * self._text.whole.characters
        return size.paragraphs >= _LEAST_PARAGRAPHS and size.characters >= least


def _hiding_attribute(element: "HtmlElement") -> str:
    """Return the attribute that hides an element with all that is in it, if any."""
    get = element.get
    for name in ("hidden", "inert", "popover"):
        if get(name) is not None:
            return name
    if (get("aria-hidden") or "").strip().lower() == "true" and not _is_drop_cap(element):
        return "aria-hidden"
    return ""


def _is_drop_cap(element: "HtmlElement") -> bool:
    """Return whether an element is the large first letter of a paragraph, or its first short word.

    It is hidden from screen readers, some of which read the word from a copy beside it.
    """
    parent = element.getparent()
    if element.tag not in _AROUND_LETTER or parent is None or parent.tag != "p":
        return False
    letters = element.text_content().strip()
    if not (letters.isalpha() and len(letters) <= _LONGEST_DROP_CAP and letters[0].isupper()):
        return False
    before = _text_before(element)
    after = f"{element.tail or ''}{''.join(each.text_content() for each in element.itersiblings())}"
    return not before.strip() and not after.strip().startswith(letters)


def _text_before(element: "HtmlElement") -> str:
    parts = [element.getparent().text or ""]
    parts += (
        each.text_content() + (each.tail or "") for each in element.itersiblings(preceding=True)
    )
    return "".join(parts)
