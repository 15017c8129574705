"""Cuts what a chat model writes into sentences with their markers, while it is being written."""

import re

from bot.markers import MARKER
from ingest.text.stops import WIDE_STOPS, is_end

LONGEST_CHARS = 2_000
"""A run without an end is cut there: no model writes such a sentence, and memory is finite."""

LONGEST_QUOTATION_CHARS = 600
"""A quotation ends no sentence inside; after so many characters its closing mark was forgotten."""

_MARKERS = rf"(?:\s*(?:{MARKER.pattern}))*"
_END = re.compile(
    rf"(?P<mark>[.!?…]+|[{WIDE_STOPS}]+)(?P<closers>[\"'”’»›)」』*]*)(?P<markers>{_MARKERS})"
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
    """Return where the first sentence ends; 0 if that cannot be told yet.

    Nothing behind the next word is looked at, and nothing is told before that word is there, so
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
    """Tell whether the mark ends a sentence; None while what follows it is not there."""
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
