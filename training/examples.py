"""Makes rows into examples: a question, a window, and the answer's span in it or none."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.exchange import Exchanger
from training.mix import Row
from training.windows import Range, content_words, holds_answer, likely_place, windows


@dataclass(frozen=True, slots=True)
class Shares:
    """How often each kind of negative is made, of the rows that offer it."""

    exchanged: float = 0.35
    """Answerable rows that are also asked with a part of the question exchanged."""
    same_story: float = 0.25
    """Answerable rows read in a window of the same text without the answer."""
    hard: float = 0.3
    """Answerable rows also read in a passage that BM25 finds for them, without the answer."""
    written: int = 3
    """How many times in a pass a row written to be unanswerable is read."""
    near_miss: float = 0.6
    """Rows that come with a passage that misses their answer."""
    title: float = 0.6
    """Examples that keep their title."""


@dataclass(frozen=True, slots=True)
class Example:
    """What the reader learns from; `span` is in characters of `text`."""

    question: str
    title: str
    text: str
    span: Range | None
    answerable: bool
    span_known: bool = True
    """False for yes/no rows: the window answers, but no words of it are the answer."""
    kind: str = "answer"


class ExampleMaker:
    """Yields examples from rows, in random order, without end."""

    def __init__(
        self,
        rows: Sequence[Row],
        hard: Sequence[Sequence[str]],
        *,
        shares: Shares,
        rng: random.Random,
    ) -> None:
        self._items = [
            item
            for item in zip(rows, hard, strict=True)
            for _ in range(shares.written if item[0].set == "squad2cr_neg" else 1)
        ]
        self._shares = shares
        self._rng = rng
        self._exchanger = Exchanger([row.text for row in rows], rng)

    def __iter__(self) -> Iterator[Example]:
        while True:
            self._rng.shuffle(self._items)
            for row, hard in self._items:
                yield from self.examples(row, hard)

    def examples(self, row: Row, hard: Sequence[str]) -> Iterator[Example]:
        """Yields what one pass makes of the row: nothing, or up to four examples."""
        rng, shares = self._rng, self._shares
        parts = windows(row.text, rng.randint(50, 100))
        if not parts:
            return
        title = row.title if rng.random() < shares.title and len(row.title.split()) <= 20 else ""
        if row.impossible:
            written = row.set == "squad2cr_neg"
            if written or rng.random() < shares.near_miss:
                start, end = self._nearest(row, parts)
                kind = "written" if written else "near miss"
                yield Example(row.question, title, row.text[start:end], None, False, kind=kind)
            return
        if row.yes_no:
            if len(parts) == 1:
                start, end = parts[0]
                text = row.text[start:end]
                yield Example(row.question, title, text, None, True, False, kind="yes/no")
            return
        yield from self._answered(row, title, parts)
        if hard and rng.random() < shares.hard:
            text = rng.choice(hard)
            start, end = rng.choice(windows(text, rng.randint(50, 100)))
            other = title if rng.random() < 0.3 else ""
            yield Example(row.question, other, text[start:end], None, False, kind="hard")

    def _answered(self, row: Row, title: str, parts: Sequence[Range]) -> Iterator[Example]:
        rng, shares = self._rng, self._shares
        without = [part for part in parts if not holds_answer(row.text[slice(*part)], row.answers)]
        if without and rng.random() < shares.same_story:
            text = row.text[slice(*rng.choice(without))]
            yield Example(row.question, title, text, None, False, kind="same story")
        span = likely_place(row.text, row.answers, row.question)
        around = [part for part in parts if span and part[0] <= span[0] and span[1] <= part[1]]
        if not span or not around:
            return
        start, end = rng.choice(around)
        text = row.text[start:end]
        yield Example(row.question, title, text, (span[0] - start, span[1] - start), True)
        wanted = rng.random() < shares.exchanged
        if wanted and (changed := self._exchanger.exchange(row.question, text, row.answers)):
            yield Example(changed, title, text, None, False, kind="exchanged")

    def _nearest(self, row: Row, parts: Sequence[Range]) -> Range:
        """Returns the window that shares most words with the question: what misleads most."""
        if len(parts) == 1 or self._rng.random() < 0.2:
            return self._rng.choice(parts)
        asked = content_words(row.question)
        return max(parts, key=lambda part: len(asked & content_words(row.text[slice(*part)])))
