"""Takes a model's sentence apart: its plain text, and the numbers of the passages it cites."""

import re

from ingest.text.characters import strip_unseen

LONGEST_RANGE = 20
"""[1-20] is read as so many markers; a wider one is a run of years or a slip, and cites nothing."""

_NUMBER = r"\^?\d{1,3}"
_SEPARATOR = r"\s*(?:[,;]|and|&|[-–—])\s*"
MARKER = re.compile(rf"\[\s*{_NUMBER}(?:{_SEPARATOR}{_NUMBER})*\s*\]|【\s*\d{{1,3}}(?:†[^】]*)?】")
"""[1], [1, 3], [1-3], [^1] and 【1†source】: what chat models write, asked for [1][3]."""

_CITED = re.compile(r"(\d{1,3})(?:\s*[-–—]\s*\^?(\d{1,3}))?")
_TARGET = r"\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
_PLAIN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"!\[[^\]]*\](?:{_TARGET}|\[[^\]]*\])"), ""),
    (re.compile(rf"\[(\s*{_NUMBER}\s*)\]{_TARGET}"), r"[\1]"),
    (re.compile(rf"\[([^\[\]]*)\]{_TARGET}"), r"\1"),
    # [text][reference], but [1][3] are two markers.
    (re.compile(rf"\[(?!\s*{_NUMBER}\s*\])([^\[\]]+)\]\[[^\[\]]*\]"), r"\1"),
    (re.compile(r"^\s*\[[^\[\]]+\]:\s+\S+.*$", re.M), ""),
    (re.compile(r"<[!@#][^<>]*>"), ""),
    (re.compile(r"<[a-z][a-z0-9+.-]*:[^<>|]*\|([^<>]*)>", re.I), r"\1"),
    (re.compile(r"<[a-z][a-z0-9+.-]*:[^<>]*>", re.I), ""),
    (re.compile(r"<!--.*?-->|</?[a-z][^<>]*>", re.I | re.S), ""),
    (
        re.compile(
            r"\b[a-z][a-z0-9+.-]*://\S*[\w/]|\b(?:javascript|mailto|tel):\S+|\bdata:\w+/\S*", re.I
        ),
        "",
    ),
    (re.compile(r"\bwww\.\S*[\w/]|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}(?::\d+)?/\S*[\w/]", re.I), ""),
    (re.compile(r"\*\*|^\s*(?:[-*+•]|#+|>)\s+|^\s*\d{1,2}[.)]\s+(?=\D)", re.M), ""),
)
_SUSPECT = re.compile(r"[<>*#•:/]|\](?=[(\[:])|!\[|\bwww\.|^\s*(?:[-+]|\d+[.)])\s", re.M)
"""Most sentences have nothing of the kind."""
_MOST_ROUNDS = 5
"""Taking one thing away may leave another, as <<!here>!channel> does."""

_MARKERS = re.compile(rf"\s*(?:{MARKER.pattern})")


def read_markers(written: str) -> tuple[str, tuple[int, ...]]:
    """Return the sentence without its markers, and the numbers they name, each once, in order.

    >>> read_markers("Talks **ended** [1]. [3]")
    ('Talks ended.', (1, 3))
    """
    plain = without_links(written)
    numbers = dict.fromkeys(n for marker in MARKER.findall(plain) for n in _numbers(marker))
    text = _MARKERS.sub("", plain)
    return " ".join(text.split()), tuple(numbers)


def without_links(written: str) -> str:
    """Return the text without anything that could become a link, a picture, a tag or a ping.

    A link leaves the text it was shown with. No address survives, also not one of a cited
    article: its citation links there already, and to a place that no model has typed.
    """
    text = strip_unseen(written)[0]
    if not _SUSPECT.search(text):
        return text
    for _ in range(_MOST_ROUNDS):
        before = text
        for live, left in _PLAIN:
            text = live.sub(left, text)
        if text == before:
            return text
    return text.replace("<", "").replace(">", "")


def _numbers(marker: str) -> list[int]:
    found: list[int] = []
    for match in _CITED.finditer(marker.partition("†")[0]):
        first, last = int(match[1]), int(match[2] or match[1])
        if last - first < LONGEST_RANGE:
            found.extend(range(first, last + 1))
    return found
