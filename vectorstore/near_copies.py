"""Tells whether two texts are one story, told in nearly the same words by two outlets.

Outlets cut a wire story, add sentences and put it into their house style; what each sentence says
stays. A corrected story is no copy: in it a sentence says something else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from vectorstore.spelling import UNITS
from vectorstore.told import MOST_CHARACTERS, Kind, Told, sentences_told

FEWEST_WORDS = 12
"""Shorter texts are not compared: a caption that two articles share is no story. Nor are texts
copies that share fewer."""

SHARED = 0.5
"""Least share of its words that one of two copies has in common with the other: a copy may be cut
and have sentences of its own, but a reply that quotes a story is none."""

ALIKE = 0.5
"""Share of the telling words of the shorter of two sentences, at which one is the other changed."""

MOST_PAIRS = 10_000
"""Pairs of sentences that are held against each other; texts that differ in more are no copies."""

_WORDS = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[$£€¥₹]")

_NUMBERS = {word: str(number) for number, word in enumerate([*UNITS, "twenty"])}
"""No more of them: the bands of what is stored are made of words put down so."""

_CORRECTING = frozenset(
    """correction corrections corrects corrected correcting clarification clarifies clarified
    misstated misspelled erratum retraction retracted retracts""".split()
)


class Likeness(Enum):
    COPY = "copy"
    CHANGED = "changed"
    """Something that both tell is told otherwise: one may be the other corrected."""
    OTHER = "other"


@dataclass(frozen=True)
class Wording:
    """A text as words and as sentences; none if it is too long.

    Each is found when first asked for: of most texts nothing is like them, and only the folded
    words are.
    """

    text: str

    @cached_property
    def folded(self) -> tuple[str, ...]:
        written = _WORDS.findall(self.text) if len(self.text) <= MOST_CHARACTERS else []
        plain = [w.replace(".", "") if "." in w and w[0].isalpha() else w for w in written]
        # Folded in one go: word by word takes as long as all the rest.
        folded = "\n".join(plain).replace("’", "'").casefold()
        return tuple(_NUMBERS.get(word, word) for word in folded.split("\n")) if plain else ()

    @property
    def sentences(self) -> tuple[Told, ...]:
        return sentences_told(self.text)

    @cached_property
    def by_key(self) -> dict[str, list[Told]]:
        found: dict[str, list[Told]] = {}
        for sentence in self.sentences:
            found.setdefault(sentence.said.key, []).append(sentence)
        return found

    @property
    def is_comparable(self) -> bool:
        return len(self.folded) >= FEWEST_WORDS

    def within(self, start: int, end: int) -> list[Told]:
        """Return the sentences and headings of which some stands in this span."""
        return [told for told in self.sentences if told.start < end and start < told.end]

    def tells(self, sentence: Told) -> bool:
        """Tell whether the text has a sentence, up to house style."""
        found = self.by_key.get(sentence.said.key, ())
        return any(told.said.is_same(sentence.said) for told in found)


def compare(one: Wording, other: Wording) -> Likeness:
    """Return what one text is of the other; the same whichever is given first."""
    own, others = _own_parts(one, other), _own_parts(other, one)
    if not own.shared or not others.shared:
        return Likeness.OTHER
    if _are_changed(own, others):
        return Likeness.CHANGED
    shared, of = max(
        ((part.shared, part.shared + part.added) for part in (own, others)),
        key=lambda words: words[0] / words[1],
    )
    is_copy = shared >= FEWEST_WORDS and shared >= SHARED * of
    return Likeness.COPY if is_copy else Likeness.OTHER


@dataclass(frozen=True, slots=True)
class _OwnPart:
    """What the other text does not have, by the shared sentence before it: "" at the beginning."""

    after: dict[str, list[Told]]
    last: str
    """The last sentence that both have."""
    shared: int
    added: int
    """Words that both have, and words it has alone: headings and notes aside."""


def _own_parts(one: Wording, other: Wording) -> _OwnPart:
    after: dict[str, list[Told]] = {}
    last, shared, added = "", 0, 0
    for sentence in one.sentences:
        is_counted = sentence.kind is Kind.SENTENCE
        if other.tells(sentence):
            shared += sentence.words * is_counted
            last = sentence.said.key if is_counted else last
        elif sentence.kind is not Kind.HEADLINE or _is_correcting(sentence):
            added += sentence.words * is_counted
            after.setdefault(last, []).append(sentence)
    return _OwnPart(after, last, shared, added)


def _are_changed(one: _OwnPart, other: _OwnPart) -> bool:
    for key in one.after.keys() & other.after.keys():
        # At the end each outlet may add what it likes.
        if (key, key) != (one.last, other.last):
            return True
    own, others = list(_flat(one)), list(_flat(other))
    if any(map(_is_correcting, (*own, *others))) or len(own) * len(others) > MOST_PAIRS:
        return True
    return any(_is_changed(a, b) for a in own for b in others)


def _flat(part: _OwnPart) -> Iterator[Told]:
    for sentences in part.after.values():
        yield from sentences


def _is_correcting(sentence: Told) -> bool:
    return not _CORRECTING.isdisjoint(sentence.said.telling)


def _is_changed(one: Told, other: Told) -> bool:
    if Kind.NOTE in (one.kind, other.kind):
        return False
    fewest = min(len(one.said.telling), len(other.said.telling))
    both = one.said.telling & other.said.telling
    if len(both) < max(1, ALIKE * fewest):
        return False
    # Of two short sentences that have one word in common, figures tell that it is one.
    return len(both) > 1 or any(word[0].isdigit() for word in one.said.telling | other.said.telling)
