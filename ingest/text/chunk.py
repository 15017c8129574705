"""Divides an article into chunks: what one passage holds, in whole sentences, with exact offsets.

LangChain's RecursiveCharacterTextSplitter was tried: it knows no sentences, finds its offsets
again by searching the text for each piece, and costs 1.5 s to import.
"""

from collections.abc import Iterator
from math import inf

from ingest.text.sentences import DENSE_LETTER, split_sentences
from vectorstore.models import Chunk, Span

MAX_CHARS = 1000
"""Measured on English news and encyclopedia text: 1,000 characters are 211 word pieces of the
embedding model in the middle and 246 at the 95th percentile; it reads 256, the title included."""

_DENSE_WEIGHT = 4
"""A letter outside the Latin script is a word piece of its own, as are four letters inside it."""

_BROKEN_PARAGRAPH = 0.15
"""What a border inside a paragraph costs, where a chunk half empty costs 0.25."""

_MOST_SENTENCES = 64
"""A chunk of more is a list of single words; looking no further back keeps the search linear."""


def chunk(text: str, *, max_chars: int = MAX_CHARS) -> tuple[Chunk, ...]:
    """Return the chunks in reading order; together they cover all but white space.

    Whole sentences are packed so that the chunks are as few and as even as can be, and end with
    a paragraph where that costs little: the division with the least sum of squared empty shares,
    as TeX breaks lines. Only a sentence that is longer than `max_chars` is a chunk above it.
    """
    sentences = split_sentences(text)
    if not sentences:
        return ()
    starts, ends = _weighted(text, sentences)
    best = [0.0]
    borders = [0]
    for end in range(1, len(sentences) + 1):
        cost, begin = _best_begin(best, starts, ends[end - 1], end, max_chars)
        gap = text[sentences[end - 1][1] : sentences[end][0]] if end < len(sentences) else "\n"
        best.append(cost if "\n" in gap else cost + _BROKEN_PARAGRAPH)
        borders.append(begin)
    return tuple(reversed([*_assemble(sentences, borders)]))


def _weighted(text: str, sentences: tuple[Span, ...]) -> tuple[list[int], list[int]]:
    """Return the sentences' starts and ends, counted with the weight of dense letters."""
    starts, ends = [], []
    extra = 0
    dense = not text.isascii() and DENSE_LETTER.search(text)
    for start, end in sentences:
        starts.append(start + extra)
        if dense:
            extra += (_DENSE_WEIGHT - 1) * len(DENSE_LETTER.findall(text, start, end))
        ends.append(end + extra)
    return starts, ends


def _best_begin(
    best: list[float], starts: list[int], stop: int, end: int, max_chars: int
) -> tuple[float, int]:
    """Return where the chunk before sentence `end` best begins, and the cost of all up to there."""
    found = (inf, end - 1)
    for begin in range(end - 1, max(-1, end - 1 - _MOST_SENTENCES), -1):
        size = stop - starts[begin]
        if size > max_chars and begin < end - 1:
            break
        cost = best[begin] + (1 - size / max_chars) ** 2 if size < max_chars else best[begin]
        if cost < found[0]:
            found = (cost, begin)
    return found


def _assemble(sentences: tuple[Span, ...], borders: list[int]) -> Iterator[Chunk]:
    """Yield the chunks of the best division, last one first."""
    end = len(sentences)
    while end:
        begin = borders[end]
        yield Chunk(sentences[begin][0], sentences[end - 1][1], sentences[begin:end])
        end = begin
