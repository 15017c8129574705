"""Finds who wrote the story of a page: in its metadata, or in the byline that it shows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.dates.find import BY, LABEL
from ingest.dates.parse import is_weekday, month_of
from ingest.html.elements import is_elsewhere, names_of, text_runs
from ingest.html.title import Outlet
from ingest.text.sentences import has_full_stop

if TYPE_CHECKING:
    from lxml.html import HtmlElement

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
