"""Finds the headline of a page, without the name of its outlet, and who wrote its story."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from ingest.dates.find import BY, LABEL
from ingest.dates.parse import is_weekday, month_of
from ingest.html.elements import is_elsewhere, line_of, names_of, text_runs
from ingest.text.sentences import has_full_stop
from ingest.web.urls import host_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
"""Where words are not set apart, each character counts as one."""

_MARK = re.compile(r" ?(?:[|•·»«>]|::|//) ?| [–—/:~-]{1,2} |: ")
"""What stands between a headline and the name of its outlet."""

_MOST_SECTION_WORDS = 2
_SECTIONS_SHARE = 1 / 3
"""Of the headline's length, at most: else it may be half of a headline."""

_LONGEST_CHARS = 500
_MOST = 200
_SHORTEST_LABEL = 3
_ADDED = ("", "news", "online")
_AUTHOR_NAMES = frozenset("author authors byline bylines".split())
_LONGEST_AUTHOR_CHARS = 200
_LONGEST_LINE_CHARS = 100
_LONGEST_BYLINE_CHARS = 400
"""With a word on the author; what is longer is a page named after its author."""

_MOST_LOOKED_AT = 500
_MOST_BELOW_HEADING = 12
_LEAD = re.compile(
    r"(?:(?:written|words|text|story|report|reporting|reported|posted|published|interview"
    r"|analysis|opinion|publié|escrito|scritto|geschreven|ein bericht|eine analyse)\s)?"
    rf"(?:{BY}|przez)\b\s?:?"
    r"|(?:authors?|autore?|autora|auteure?|autorzy|tekst|text|автор|текст|بقلم)\s?:"
    r"|(?:文|作者|记者|記者)\s?[:：/]?|글\s?[:：/]?",
    re.IGNORECASE,
)
_NAME_LEAD = re.compile(r"^(?:(?:written|posted|story)\s)?(?:by|par|por)\s", re.IGNORECASE)
_END = re.compile(r"(?P<day>\d)|(?P<label>[:：])|[|·•@()\[\];/…]|(?<=\s)[–—-]\s")
"""What no name has: by the first of these it is over."""

_JOINING = ("and", "&", "und", "et", "y", "e", "og", "och", "en", "i", "и", "و", "with")
_WITHIN = frozenset(
    "of the da de del della der den des di do dos du el al bin ibn la le van von ter ten zu".split()
)
_ELIDED = re.compile(r"[dl]['’]\w")
_NO_NAME = frozenset(
    "about all article articles author authors bio by chief columnist contact contributor"
    " correspondent editor follow from further here in join latest learn log meet more news on"
    " our page photo posts profile published read related see senior share show sign staff"
    " stories story subscribe team the this topics updated us view what who writer your".split()
)
"""What stands around bylines. Where nothing leads to a name, none of these is in it."""

_MOST_WORDS = 5
_MOST_BARE_WORDS = 4
_MOST_NAME_WORDS = 8
_LONGEST_NAMES_CHARS = 200
Name = list[str]


class Outlet:
    """The one that publishes a page, by what the page calls it and by its host."""

    def __init__(self, names: Iterable[str], url: str | None) -> None:
        host = host_of(url or "")
        *labels, _ = host.split(".")
        known = [*names, host, *(label for label in labels if len(label) >= _SHORTEST_LABEL)]
        self._names = {_plain(name) + added for name in known for added in _ADDED if _plain(name)}

    def is_name(self, text: str) -> bool:
        """Check whether a text is nothing but the outlet's name: "The Example" for example.com."""
        return _plain(text) in self._names


class Headings:
    """The headings that a page shows, but for the name of its outlet."""

    def __init__(self, page: "HtmlElement", outlet: Outlet) -> None:
        headings = islice(page.iter("h1", "h2", "h3"), _MOST)
        found = [(line_of(each)[:_LONGEST_CHARS], each) for each in headings]
        self._found = [(text, each) for text, each in found if text and not outlet.is_name(text)]

    @property
    def main(self) -> list[str]:
        return [text for text, element in self._found if element.tag == "h1"]

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self._found]

    def of(self, title: str | None) -> "HtmlElement | None":
        """Return the heading that a title is of, else the main one."""
        found = self._found
        same = [each for text, each in found if title and shares_most_words(text, title)]
        main = [each for _, each in found if each.tag == "h1"]
        return next(iter(same or main), None)


def find_title(
    metadata: Iterable[str], headings: Headings, tab: str | None, outlet: Outlet
) -> str | None:
    """Return the headline in the metadata if the page shows it, too, else the one it shows.

    `tab` is what a browser shows on the tab of the page. What no reader of a page sees may be
    written for machines, to be taken for what somebody published.
    """
    shown = [*headings.texts, *filter(None, [tab])]
    seen = (text for text in metadata if any(shares_most_words(text, each) for each in shown))
    title = next(seen, None) or (_heading_in(tab, headings) if tab else None)
    if not title and len(headings.main) == 1:
        title = headings.main[0]
    title = title or tab or next(iter(headings.main), None)
    return _without_outlet(title, headings, outlet) if title else None


def shares_most_words(text: str, other: str) -> bool:
    """Check whether more than half of the words of a text stand in the other."""
    words = set(words_of(text))
    return 2 * len(words.intersection(words_of(other))) > len(words)


def words_of(text: str) -> list[str]:
    """Return the words of a text, in lower case; each character where words are not set apart."""
    return _WORD.findall(text.casefold())


def _without_outlet(title: str, headings: Headings, outlet: Outlet) -> str:
    if title in headings.texts:
        return title
    title = _cut(title, outlet)
    return _heading_in(title, headings) or title


def _heading_in(title: str, headings: Headings) -> str | None:
    """Return the longest heading that is set off in a title: a shorter one may be the outlet's."""
    lower = [text for text in headings.texts if len(text) > len(title) / 2]
    found = (text for text in headings.main + lower if _ends_at_mark(title, text))
    return max(found, key=len, default=None)


def _cut(title: str, outlet: Outlet) -> str:
    """Cut off the outlet's name at either end, and a section before it."""
    while marks := [*_MARK.finditer(title)]:
        first, last = marks[0], marks[-1]
        if outlet.is_name(title[: first.start()]):
            title = title[first.end() :]
        elif outlet.is_name(title[last.end() :]):
            title = _without_section(title[: last.start()], last[0])
        else:
            break
    return title


def _without_section(title: str, mark: str) -> str:
    headline, found, section = title.rpartition(mark)
    is_short = len(section) <= _SECTIONS_SHARE * len(headline)
    if found and is_short and len(section.split()) <= _MOST_SECTION_WORDS:
        return headline
    return title


def _ends_at_mark(title: str, heading: str) -> bool:
    """Check whether a title is a heading with something set off from it, before or behind."""
    before, found, behind = title.partition(heading)
    if not found or (before and behind):
        return False
    if behind:
        return _MARK.match(behind) is not None
    return any(mark.end() == len(before) for mark in _MARK.finditer(before))


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold())).removeprefix("the")


def find_author(
    page: "HtmlElement",
    metadata: Iterable[Sequence[str]],
    heading: "HtmlElement | None",
    outlet: Outlet,
) -> str | None:
    """Return the names of the authors of the story below this heading, joined.

    `metadata` has the authors of each field: the first field with a name in it counts.
    """
    fields = (
        [name for text in field if is_name(name := _without_lead(text))] for field in metadata
    )
    names = next(filter(None, fields), [])
    author = ", ".join(dict.fromkeys(names)) or _shown(page, heading, outlet)
    return author[:_LONGEST_AUTHOR_CHARS] if author else None


def _shown(page: "HtmlElement", heading: "HtmlElement | None", outlet: Outlet) -> str | None:
    called = [element for element in page.iter() if names_of(element) & _AUTHOR_NAMES]
    linked = [each for each in called if "author" in (each.get("rel") or "").lower().split()]
    marked = page.xpath(".//*[@itemprop='author']//*[@itemprop='name']")
    of_each = (", ".join(dict.fromkeys(_bylines(each, heading))) for each in (marked, linked))
    found = next(filter(None, of_each), None) or next(_bylines(called, heading), None)
    found = found or _below(heading)
    if not found:
        return None
    first, *others = found.split(", ")
    return ", ".join([first, *(name for name in others if not outlet.is_name(name))])


def _bylines(elements: Sequence["HtmlElement"], heading: "HtmlElement | None") -> Iterator[str]:
    """Yield the names in those elements that are bylines of the story."""
    for element in elements[:_MOST_LOOKED_AT]:
        runs = text_runs(element)
        is_short = sum(map(len, runs)) <= _LONGEST_BYLINE_CHARS
        if is_short and not is_elsewhere(element, heading) and (names := names_in(runs)):
            yield names


def _below(heading: "HtmlElement | None") -> str | None:
    """Return the names in a line right below the heading that begins as bylines do."""
    if heading is None:
        return None
    for element in heading.xpath(f"following::*[position() <= {_MOST_BELOW_HEADING}]"):
        runs = text_runs(element)
        line = " ".join(runs)
        names = names_in(runs, led=True) if len(line) <= _LONGEST_LINE_CHARS else None
        is_byline = names and " " in names and not has_full_stop(line)
        if is_byline and not is_elsewhere(element, heading):
            return names
    return None


def names_in(runs: Sequence[str], *, led: bool = False) -> str | None:
    """Return the names in a byline, joined as they are written; None if it is no byline.

    `runs` are its texts between tags: a name of two words ends with its run. Names that nothing
    such as "by" leads to must look like nothing else; with `led` they are none.
    """
    line = "\n".join(runs)[:_LONGEST_NAMES_CHARS]
    lead = _LEAD.match(line)
    if led and not lead:
        return None
    words = _words_of_names(line[lead.end() if lead else 0 :])
    if not lead and not _look_like_name(words):
        return None
    return _joined([*_names(words)])


def is_name(text: str) -> bool:
    """Check that what metadata has for a name can be one: no link, and no sentence."""
    words = text.split()
    small = [word for word in words if word[0].islower() and word not in _WITHIN.union(_JOINING)]
    is_link = "://" in text or (len(words) == 1 and "/" in text)
    return (
        not is_link
        and 0 < len(words) <= _MOST_NAME_WORDS
        and (len(words) <= 2 or len(small) <= len(words) / 3)
    )


def _without_lead(name: str) -> str:
    """Return a name without "By" before it."""
    return _NAME_LEAD.sub("", name)


def _words_of_names(line: str) -> list[str]:
    r"""Return the words up to where names end; the first of a run with a \n before it."""
    line = line.strip()
    end = _END.search(line)
    label = LABEL.search(line)
    at = min(end.start() if end else len(line), label.start() if label else len(line))
    words = line[:at].replace("\n", " \n").split(" ")
    words = [word for word in words if word.strip()]
    if end and at == end.start() and end["label"]:
        del words[-1:]
    while words and end and end["day"] and _leads_to_day(words[-1].strip()):
        words.pop()
    return words


def _leads_to_day(word: str) -> bool:
    return word.casefold() in ("on", "am", "le", "at") or is_weekday(word) or bool(month_of(word))


def _look_like_name(words: Sequence[str]) -> bool:
    name: Name = []
    for word in words:
        is_next_run = len(name) > 1 and word.startswith("\n")
        if is_next_run or (name and word.strip().casefold() in _JOINING):
            break
        name.append(word.strip("\n,"))
        if word.endswith(","):
            break
    return (
        2 <= len(name) <= _MOST_BARE_WORDS
        and name[0][:1].isupper()
        and all(map(_may_be_in_name, name))
        and not _NO_NAME & {word.casefold() for word in name}
    )


def _names(words: Sequence[str]) -> Iterator[tuple[str, Name]]:
    """Yield each name with what joins it to the one before."""
    joint = ""
    name: Name = []
    for word in words:
        plain = word.strip("\n,")
        if word.strip().casefold() in (",", *_JOINING) and (name or joint):
            if name:
                yield joint, name
            joint, name = word.strip(), []
            continue
        is_over = len(name) > 1 and (word.startswith("\n") or plain.casefold() in _NO_NAME)
        if is_over or not _may_be_in_name(plain):
            break
        name.append(plain)
        if word.endswith(","):
            yield joint, name
            joint, name = ",", []
    if name:
        yield joint, name


def _may_be_in_name(word: str) -> bool:
    if word.casefold() in _WITHIN or _ELIDED.match(word):
        return True
    return word[:1].isalpha() and not word[0].islower()


def _joined(names: Sequence[tuple[str, Name]]) -> str | None:
    """Join names up to the first that is none, such as what the person does."""
    text = ""
    for joint, name in names:
        while name and name[-1] in _WITHIN:
            name.pop()
        behind_comma = joint == "," and (
            len(name) < 2 or bool(_NO_NAME & {word.casefold() for word in name})
        )
        if not name or len(name) > _MOST_WORDS or behind_comma:
            break
        text += (", " if joint == "," else f" {joint} " if joint else "") + " ".join(name)
    return text or None
