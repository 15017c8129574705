"""Reads the names in a byline, in the languages that news is written in."""

import re
from collections.abc import Iterator, Sequence

from ingest.dates.datelines import BY, LABEL
from ingest.dates.parse import is_weekday, month_of

_LEAD = re.compile(
    r"(?:(?:written|words|text|story|report|reporting|reported|posted|published|interview"
    r"|analysis|opinion|publié|escrito|scritto|geschreven|ein bericht|eine analyse)\s)?"
    rf"(?:{BY}|przez)\b\s?:?"
    r"|(?:authors?|autore?|autora|auteure?|autorzy|tekst|text|автор|текст|بقلم)\s?:"
    r"|(?:文|作者|记者|記者)\s?[:：/]?|글\s?[:：/]?",
    re.IGNORECASE,
)
_TOLD_LEAD = re.compile(r"^(?:(?:written|posted|story)\s)?(?:by|par|por)\s", re.IGNORECASE)
_END = re.compile(r"(?P<day>\d)|(?P<label>[:：])|[|·•@()\[\];/…]|(?<=\s)[–—-]\s")
"""What no name has: by the first of these it is over."""

_JOINING = ("and", "&", "und", "et", "y", "e", "og", "och", "en", "i", "и", "و", "with")
_JOINT = re.compile(rf",? (?:{'|'.join(_JOINING)}) |, ?")
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
_MOST_TOLD_WORDS = 8
_LONGEST_CHARS = 200

Name = list[str]


def names_in(runs: Sequence[str], *, led: bool = False) -> str | None:
    """Return the names in a byline, joined as they are written; None if it is no byline.

    `runs` are its texts between tags: a name of two words ends with its run. Names that nothing
    such as "by" leads to must look like nothing else; with `led` they are none.
    """
    line = "\n".join(runs)[:_LONGEST_CHARS]
    lead = _LEAD.match(line)
    if led and not lead:
        return None
    words = _words_of_names(line[lead.end() if lead else 0 :])
    if not lead and not _look_like_name(words):
        return None
    return _joined([*_names(words)])


def split_names(names: str) -> list[str]:
    """Return each of the names that are joined as they are in a byline."""
    return [name for name in _JOINT.split(names) if name]


def is_told_name(text: str) -> bool:
    """Tell whether what a page tells machines can be a name: no link, and no sentence."""
    words = text.split()
    small = [word for word in words if word[0].islower() and word not in _WITHIN.union(_JOINING)]
    is_link = "://" in text or (len(words) == 1 and "/" in text)
    return (
        not is_link
        and 0 < len(words) <= _MOST_TOLD_WORDS
        and (len(words) <= 2 or len(small) <= len(words) / 3)
    )


def without_lead(name: str) -> str:
    """Return a name that is told, without "By" before it."""
    return _TOLD_LEAD.sub("", name)


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
