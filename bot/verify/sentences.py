"""Cuts what a chat model writes into sentences as it comes, and reads their citation markers."""

import re

from ingest.text.clean import strip_unseen
from ingest.text.sentences import WIDE_STOPS, is_end

LONGEST_RANGE = 20
"""[1-20] is read as so many markers; a wider one is a run of years or a slip, and cites nothing."""

_NUMBER = r"\^?\d{1,3}"
_SEPARATOR = r"\s*(?:[,;]|and|&|[-–—])\s*"
MARKER = re.compile(rf"\[\s*{_NUMBER}(?:{_SEPARATOR}{_NUMBER})*\s*\]|【\s*\d{{1,3}}(?:†[^】]*)?】")
"""[1], [1, 3], [1-3], [^1] and 【1†source】: what chat models write, asked for [1][3]."""

LONGEST_CHARS = 2_000
"""A run without an end is cut there: no model writes such a sentence, and memory is finite."""

LONGEST_QUOTATION_CHARS = 600
"""A quotation ends no sentence inside; after so many characters its closing mark was forgotten."""

_TRAILING_MARKERS = rf"(?:\s*(?:{MARKER.pattern}))*"
_END = re.compile(
    rf"(?P<mark>[.!?…]+|[{WIDE_STOPS}]+)(?P<closers>[\"'”’»›)」』*]*)(?P<markers>{_TRAILING_MARKERS})"
)
_WORD = re.compile(r"\s*\S+")
_BRACKETED = re.compile(r"[\[【][^\]】]{0,40}[\]】]|.{42}")
_CONTINUING = ".,;:!?)…"
_NUMBERING = re.compile(r"[\W_]*\d{1,2}\.")
_OPENED = {"“": 1, "„": 1, "«": 1, "”": -1, "»": -1}


class SentenceStream:
    """Takes text as it comes, and gives back whole sentences, however it was cut."""

    def __init__(self) -> None:
        self._text = ""

    def add(self, piece: str) -> list[str]:
        """Return the sentences that are complete now: what follows them has begun."""
        self._text += piece
        return self._taken(at_end=False)

    def end(self) -> list[str]:
        """Return what is left, complete or not."""
        return self._taken(at_end=True)

    def _taken(self, *, at_end: bool) -> list[str]:
        sentences: list[str] = []
        while cut := _first_end(self._text, at_end=at_end):
            sentence, self._text = self._text[:cut].strip(), self._text[cut:].lstrip()
            if sentence:
                sentences.append(sentence)
        if at_end and self._text.strip():
            sentences.append(self._text.strip())
            self._text = ""
        return sentences


def _first_end(text: str, *, at_end: bool) -> int:
    """Return where the first sentence ends; 0 if that is not known yet.

    It looks no further than the next word, and decides nothing before that word is there, so
    that it does not matter in which pieces the text comes.
    """
    line_end = text.find("\n")
    line = text[:line_end] if line_end >= 0 else text
    closed = at_end or line_end >= 0
    for end in _END.finditer(line):
        if end.end() > LONGEST_CHARS:
            break
        known = _is_end(line, end, closed=closed)
        if known is None:
            return 0
        if known:
            return end.end()
    if line_end >= 0:
        return line_end + 1
    return LONGEST_CHARS if len(text) > LONGEST_CHARS else 0


def _is_end(line: str, end: re.Match[str], *, closed: bool) -> bool | None:
    """Whether the mark ends a sentence; None while what follows it is not there."""
    rest = line[end.end() :]
    following = rest.lstrip()
    if _NUMBERING.fullmatch(line, 0, end.end("mark")) or _is_quoting(line[: end.end("closers")]):
        return False
    if not following:
        return True if closed else None
    if following[0] in "[【" and not closed and not _BRACKETED.match(following):
        return None
    if end["mark"][0] in WIDE_STOPS:
        return is_end(line[: end.end() + 1], "mixed", *end.span("mark"), end.end())
    if end["markers"]:
        return not (following[0].islower() or following[0] in _CONTINUING)
    if not rest[0].isspace():
        return False
    word = _WORD.match(rest)
    if not word or (word.end() == len(rest) and not closed):
        return None
    if end["closers"] and not MARKER.search(line, 0, end.start()):
        # “Stay.” Blinken said. [1]
        return False
    return is_end(line[: end.end() + word.end()], "mixed", *end.span("mark"), end.end())


def _is_quoting(text: str) -> bool:
    if len(text) > LONGEST_QUOTATION_CHARS:
        return False
    return text.count('"') % 2 == 1 or sum(_OPENED.get(character, 0) for character in text) > 0


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

_MARKER_AND_SPACE = re.compile(rf"\s*(?:{MARKER.pattern})")


def read_markers(written: str) -> tuple[str, tuple[int, ...]]:
    """Return the sentence without its markers, and the numbers they name, each once, in order.

    >>> read_markers("Talks **ended** [1]. [3]")
    ('Talks ended.', (1, 3))
    """
    plain = without_links(written)
    numbers = dict.fromkeys(n for marker in MARKER.findall(plain) for n in _numbers(marker))
    text = _MARKER_AND_SPACE.sub("", plain)
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
    numbers: list[int] = []
    for match in _CITED.finditer(marker.partition("†")[0]):
        first, last = int(match[1]), int(match[2] or match[1])
        if last - first < LONGEST_RANGE:
            numbers.extend(range(first, last + 1))
    return numbers
