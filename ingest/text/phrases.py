"""Finds a phrase at the beginning or the end of a line, whatever its accents and capitals."""

import unicodedata
from collections.abc import Callable

from ingest.text.page_words import LANGUAGES, PageWords

LONGEST_PHRASE_CHARS = 70

_KEY_CHARS = 2
_ALIKE = str.maketrans("’‘ʼ`ı", "''''i")


def plain(text: str) -> str:
    """Return a text as phrases are compared: small, without accents and the marks around it."""
    if text.isascii():
        small = text.lower()
    else:
        apart = unicodedata.normalize("NFKD", text.casefold().translate(_ALIKE))
        small = "".join(c for c in apart if not unicodedata.combining(c))
    begin, end = 0, len(small)
    while begin < end and not small[begin].isalnum():
        begin += 1
    while end > begin and not small[end - 1].isalnum():
        end -= 1
    return small[begin:end]


class Phrases:
    """Some hundred phrases, of which only those that begin or end alike are compared."""

    def __init__(self, kind: Callable[[PageWords], str]) -> None:
        """Take what `kind` returns of each language."""
        self.of: dict[str, PageWords] = {}
        for words in LANGUAGES.values():
            self.of |= {plain(phrase): words for phrase in kind(words).split(",") if phrase}
        self._openings: dict[str, list[str]] = {}
        self._endings: dict[str, list[str]] = {}
        for phrase in sorted(self.of, key=len, reverse=True):
            self._openings.setdefault(phrase[:_KEY_CHARS], []).append(phrase)
            self._endings.setdefault(phrase[-_KEY_CHARS:], []).append(phrase)

    def opening(self, line: str) -> str:
        """Return the longest phrase that a plain line begins with, "" if with none."""
        for phrase in self._openings.get(line[:_KEY_CHARS], ()):
            if line.startswith(phrase) and not _goes_on(phrase[-1:], line[len(phrase) :][:1]):
                return phrase
        return ""

    def ending(self, line: str) -> str:
        """Return the longest phrase that a plain line ends with, "" if with none."""
        for phrase in self._endings.get(line[-_KEY_CHARS:], ()):
            if line.endswith(phrase) and not _goes_on(line[: -len(phrase)][-1:], phrase[:1]):
                return phrase
        return ""


def _goes_on(before: str, after: str) -> bool:
    """Tell whether a word goes on between two letters, in a script that divides words."""
    return before.isalnum() and after.isalnum() and before.lower() != before.upper()
