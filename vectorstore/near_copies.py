"""Tells whether two texts are one story, told in nearly the same words by two outlets.

A corrected story is not a copy: what tells facts, which are numbers, names, denials and words
that turn a sentence round, has to stand in both in the same order. Only at the edges, where
outlets put datelines, bylines and notes of their own, may the texts differ.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from vectorstore.fusion import STOP_WORDS
from vectorstore.signatures import shingles

FEWEST_WORDS = 12
"""Shorter texts are not compared: a caption that two articles share is no story."""

MOST_CHARACTERS = 100_000
"""Nor are longer ones: no wire story is as long, and comparing takes time."""

SAME = 0.6
"""Least share of shingles in common between the edges. Changing one word in fourteen comes to
that; facts being the same, what lies above are house styles."""

COMMON = 0.7
"""Least part of the longer text that lies between its edges: a story may be cut, not gutted."""

RUN = 5
"""Words in a row that both texts have, where what they share begins and ends."""

HEAD_WORDS = 40
"""Most words of a dateline, with a byline and a headline before it."""

_WORDS = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[$£€¥₹]")
_HEAD_END = re.compile(r"^[^.!?]*\n|[()–—|]|\s-|-\s")
_SENTENCE_END = re.compile(r"[.!?…]|\n")
_TITLES = frozenset("mr mrs ms dr st sen rep gov gen col prof no".split())

_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
}
_TURNING = frozenset(
    """thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million
    millions billion billions trillion dozen dozens half third quarter twice double triple
    not no never nor neither none nobody nothing without cannot can't won't don't doesn't didn't
    isn't aren't wasn't weren't hasn't haven't hadn't wouldn't couldn't shouldn't denied denies
    deny refused refuses refuse failed fails fail rejected rejects reject
    rose rise rises rising fell fall falls falling up down increase increased increases decrease
    decreased decreases gain gained gains loss lost lose loses won win wins more less fewer higher
    lower above below before after over under first last most least best worst
    convicted acquitted guilty innocent approved accepted passed legal illegal true false dead
    alive killed injured wounded died survived he she his her him north south east west left right
    buy sell bought sold open closed alleged allegedly""".split()
)
"""Where one of these is exchanged, added or dropped, something else is said."""

_CORRECTING = frozenset(
    """correction corrections corrects corrected correcting clarification clarifies clarified
    misstated misspelled erratum retraction retracted retracts""".split()
)

_HOUSE = frozenset(
    """copyright © rights reserved reporting editing writing edited written contributed subscribe
    newsletter sign follow click visit published originally appeared agency agencies wire feed
    syndicated distributed newsroom staff app website www http https email photo""".split()
)
"""One of these words stands in an outlet's note on itself."""


@dataclass(frozen=True)
class Wording:
    """A text as words: as written, folded, and where each stands; none if it is too long.

    Each is found when first asked for: of most texts nothing is like them, and only the folded
    words are.
    """

    text: str

    @cached_property
    def written(self) -> tuple[str, ...]:
        return tuple(
            word.replace(".", "") if "." in word and word[0].isalpha() else word
            for word in _WORDS.findall(self._compared)
        )

    @cached_property
    def folded(self) -> tuple[str, ...]:
        # Folded in one go: word by word takes as long as all the rest.
        folded = "\n".join(self.written).replace("’", "'").casefold()
        return tuple(_NUMBERS.get(word, word) for word in folded.split("\n"))

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        return tuple(match.span() for match in _WORDS.finditer(self._compared))

    @property
    def is_comparable(self) -> bool:
        return len(self.written) >= FEWEST_WORDS

    def before(self, index: int) -> str:
        """What stands between this word and the one before."""
        return self.text[self.spans[index - 1][1] : self.spans[index][0]]

    @property
    def _compared(self) -> str:
        return self.text if len(self.text) <= MOST_CHARACTERS else ""


def shared_ends(one: Wording, other: Wording) -> tuple[int, int] | None:
    """Return where in each text ends what both have, or None if they are not one story."""
    if not (one.is_comparable and other.is_comparable) or _corrections(one) != _corrections(other):
        return None
    begins, ends = _common(one.folded, other.folded), _common(one.folded[::-1], other.folded[::-1])
    if begins is None or ends is None:
        return None
    parts = [
        range(_head(words, begin), _tail(words, len(words.written) - end))
        for words, begin, end in zip((one, other), begins, ends, strict=True)
    ]
    if _is_told_on(one, other, parts):
        parts = [range(parts[0].start, len(one.written)), range(parts[1].start, len(other.written))]
    longer = max(len(one.written), len(other.written))
    if min(map(len, parts)) < COMMON * longer:
        return None
    if not _same_facts(one, other, parts) or not _same_words(one, other, parts):
        return None
    return _end(one, parts[0]), _end(other, parts[1])


def _corrections(words: Wording) -> list[str]:
    return [word for word in words.folded if word in _CORRECTING]


def _common(one: Sequence[str], other: Sequence[str]) -> tuple[int, int] | None:
    """Return where the first run of words that both have begins in each."""
    begins: dict[tuple[str, ...], int] = {}
    for i in range(len(other) - RUN + 1):
        begins.setdefault(tuple(other[i : i + RUN]), i)
    for i in range(len(one) - RUN + 1):
        found = begins.get(tuple(one[i : i + RUN]))
        if found is not None:
            return i, found
    return None


def _head(words: Wording, begin: int) -> int:
    """Return where the story begins: at `begin`, or before it, after what ends a dateline."""
    if begin <= HEAD_WORDS:
        for i in range(begin, 0, -1):
            mark = words.before(i)
            is_place = mark.startswith(":") and all(word.isupper() for word in words.written[:i])
            if is_place or _HEAD_END.search(mark):
                return i
    return 0


def _tail(words: Wording, end: int) -> int:
    """Return where what follows the story begins: at `end`, or after the sentence it cuts."""
    total = len(words.written)
    return next((i for i in range(end, total) if _ends_sentence(words, i)), total)


def _is_told_on(one: Wording, other: Wording, parts: Sequence[range]) -> bool:
    """Tell whether what follows in each is the same said otherwise, and not a note of its own."""
    told = [_told(words, part.stop) for words, part in zip((one, other), parts, strict=True)]
    fewest = min(map(len, told))
    return bool(fewest) and 2 * len(told[0] & told[1]) >= fewest


def _ends_sentence(words: Wording, index: int) -> bool:
    between = words.before(index)
    if words.folded[index - 1] in _TITLES and "\n" not in between:
        return False
    return _SENTENCE_END.search(between) is not None


def _told(words: Wording, start: int) -> set[str]:
    """Return the words from `start` on, but for sentences in which an outlet speaks of itself."""
    sentence: set[str] = set()
    told: set[str] = set()
    for i in range(start, len(words.folded)):
        if i > start and _ends_sentence(words, i):
            told |= set() if sentence & _HOUSE else sentence
            sentence = set()
        sentence.add(words.folded[i])
    return told | (set() if sentence & _HOUSE else sentence)


def _same_facts(one: Wording, other: Wording, parts: Sequence[range]) -> bool:
    common = {word for w in (one, other) for word in w.written if word.islower()} | STOP_WORDS
    return list(_facts(one, parts[0], common)) == list(_facts(other, parts[1], common))


def _facts(words: Wording, part: range, common: set[str]) -> Iterator[str]:
    """Yield the telling words: a capital tells a name unless the word occurs without one."""
    for i in part:
        written, folded = words.written[i], words.folded[i]
        is_initials = len(written) > 1 and written.isupper()
        is_name = is_initials or (written[0].isupper() and folded not in common)
        # Figures and scripts without capitals have no case.
        has_case = folded.lower() != folded.upper()
        if is_name or not has_case or folded in _TURNING:
            yield folded


def _same_words(one: Wording, other: Wording, parts: Sequence[range]) -> bool:
    first, second = (
        shingles(w.folded[part.start : part.stop])
        for w, part in zip((one, other), parts, strict=True)
    )
    return len(first & second) >= SAME * len(first | second)


def _end(words: Wording, part: range) -> int:
    """Return the offset after the last word of a part, with the stop behind it."""
    if part.stop == len(words.written):
        return len(words.text)
    return words.spans[part.stop][0]
