"""Cuts a text into windows of whole sentences, and finds answers in it."""

import re
from collections.abc import Iterable
from itertools import pairwise

Range = tuple[int, int]
"""Start and end of a run of characters."""

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[A-Z0-9])|\n+")
_WORD = re.compile(r"\w+")


def sentences(text: str) -> list[Range]:
    """Splits the text at sentence ends and line breaks; the ranges cover all of it."""
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    return [(start, end) for start, end in pairwise(cuts) if text[start:end].strip()]


def windows(text: str, max_words: int) -> list[Range]:
    """Returns windows of whole sentences of at most `max_words`, overlapping by one sentence.

    A sentence longer than that is a window of its own.
    """
    parts = sentences(text)
    lengths = [len(text[start:end].split()) for start, end in parts]
    found: list[Range] = []
    first = 0
    while first < len(parts):
        last, words = first, lengths[first]
        while last + 1 < len(parts) and words + lengths[last + 1] <= max_words:
            last += 1
            words += lengths[last]
        found.append((parts[first][0], parts[last][1]))
        if last + 1 >= len(parts):
            break
        first = max(first + 1, last)
    return found


def occurrences(text: str, answer: str) -> list[Range]:
    """Returns where the answer stands as whole words, in any case if not in its own."""
    answer = answer.strip()
    if not answer:
        return []
    before = r"(?<!\w)" if answer[0].isalnum() else ""
    after = r"(?!\w)" if answer[-1].isalnum() else ""
    pattern = f"{before}{re.escape(answer)}{after}"
    for flags in (0, re.IGNORECASE):
        if found := [match.span() for match in re.finditer(pattern, text, flags)]:
            return found
    return []


def likely_place(text: str, answers: Iterable[str], question: str) -> Range | None:
    """Returns the occurrence of the first answer found, in the sentence nearest the question."""
    asked = content_words(question)
    for answer in answers:
        if places := occurrences(text, answer):
            if len(places) == 1:
                return places[0]
            parts = sentences(text)
            return max(places, key=lambda place: _overlap(text, parts, place, asked))
    return None


def holds_answer(text: str, answers: Iterable[str]) -> bool:
    lowered = text.lower()
    return any(answer.strip().lower() in lowered for answer in answers if answer.strip())


def content_words(text: str) -> set[str]:
    """Returns the words of three letters or more, cut to six so that endings count less."""
    return {word.lower()[:6] for word in _WORD.findall(text) if len(word) > 2}


def _overlap(text: str, parts: list[Range], place: Range, asked: set[str]) -> int:
    start, end = next(part for part in parts if part[0] <= place[0] < part[1])
    return len(asked & content_words(text[start:end]))
