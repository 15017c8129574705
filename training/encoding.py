"""Turns examples into token ids, and batches of like length."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from training.examples import Example

if TYPE_CHECKING:
    pass

MAX_TOKENS = 160
MAX_QUESTION_TOKENS = 40
MAX_TITLE_TOKENS = 24
CLS, SEP = 101, 102


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids: [CLS] question [SEP] title . text [SEP]; a span of 0, 0 is none."""

    ids: list[int]
    second: int
    """Where the second part (title and text) begins."""
    text: int
    """Where the text begins; spans stand from here on."""
    offsets: list[tuple[int, int]]
    """Characters of the text's tokens."""
    start: int
    end: int
    answerable: bool
    span_known: bool


class Encoder:
    """Encodes with the base model's tokenizer."""

    def __init__(self, tokenizer_file: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def encode(self, example: Example) -> Encoded | None:
        """Returns None where the answer lies past the last token that fits."""
        question = self._ids(example.question)[:MAX_QUESTION_TOKENS]
        title = self._ids(example.title)[:MAX_TITLE_TOKENS] if example.title else []
        if title:
            title += self._ids(".")
        text = self._tokenizer.encode(example.text, add_special_tokens=False)
        room = MAX_TOKENS - 3 - len(question) - len(title)
        first = 2 + len(question) + len(title)
        offsets = text.offsets[:room]
        start = end = 0
        if example.span:
            inside = [
                number
                for number, (low, high) in enumerate(offsets)
                if low < example.span[1] and high > example.span[0]
            ]
            if not inside or offsets[inside[-1]][1] < example.span[1] - 1:
                return None
            start, end = first + inside[0], first + inside[-1]
        return Encoded(
            ids=[CLS, *question, SEP, *title, *text.ids[:room], SEP],
            second=2 + len(question),
            text=first,
            offsets=offsets,
            start=start,
            end=end,
            answerable=example.answerable,
            span_known=example.span_known,
        )

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids


def batches(
    examples: Iterable[Encoded], size: int, rng: random.Random, *, pool: int = 32
) -> Iterator[list[Encoded]]:
    """Yields batches of like length, in random order, from pools of so many batches."""
    stream = iter(examples)
    while chunk := list(islice(stream, size * pool)):
        chunk.sort(key=lambda item: len(item.ids))
        cut = [chunk[start : start + size] for start in range(0, len(chunk), size)]
        rng.shuffle(cut)
        yield from cut
