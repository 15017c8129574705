"""Chooses the sentence that answers with the reader: its span, and how sure the choice is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.quoted import Candidate
from bot.reader import Reader, Reading, Window
from vectorstore.models import Hit, Span

WINDOW_WORDS = 90
"""Windows are whole sentences of at most so many words, each but the first beginning with the last
sentence of the one before it: as the reader was trained, on 50 to 100 words."""

# Fitted as the log-odds that a sentence holds the answer, on 598 answerable questions of the set
# reading/dev with its 1,081 passages as articles. The best sentence holds the answer for 0.824 of
# them (fitted on half of the passages, tested on the other, both ways), by its features alone for
# 0.716; of 417 questions on SQuAD paragraphs, which nothing was fitted to, for 0.811 and 0.770.
FEATURES = 0.19
"""The log-odds of `bot.quoted`, less those of the best sentence."""
SPAN = 0.27
"""The score of the best span that begins in the sentence."""
SPAN_BEHIND = 0.27
"""The same, less that of the question's best span."""
WINDOW_ANSWERS = -0.32
"""Whether the window answers in any words: what the span's score does not explain already."""
PASSAGE = 1.39
"""The passage's fused score."""
COSINE = -1.26
COVERAGE = 1.39

# Fitted on the same questions and on 202 of reading/dev that their passage does not answer: whether
# the first sentence holds the answer. The area under the curve is 0.87.
SURE_SPAN = 0.315
SURE_BIAS = 0.346

LOWEST, HIGHEST = -12.0, 20.0
"""Span scores outside of these tell nothing more."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates, the likeliest answer first, each with its span; `sure` is of the first."""

    candidates: list[Candidate]
    sure: float


@dataclass(frozen=True, slots=True)
class _Read:
    score: float
    answers: float
    span: Span | None
    """In the text of the article."""


def choose(
    reader: Reader, question: str, hits: Sequence[Hit], candidates: Sequence[Candidate]
) -> Choice:
    """Read the hits and rank their sentences anew; `candidates` are ranked by their features.

    Raises `ReaderDamagedError`.
    """
    reads = _read(reader, question, hits)
    unread = _Read(LOWEST, LOWEST, None)
    best_features = candidates[0].score
    best_span = max((read.score for read in reads.values()), default=LOWEST)
    ranked = []
    for candidate in candidates:
        read = reads.get((candidate.hit.passage.passage_id, candidate.span), unread)
        score = (
            FEATURES * (candidate.score - best_features)
            + SPAN * read.score
            + SPAN_BEHIND * (read.score - best_span)
            + WINDOW_ANSWERS * read.answers
            + PASSAGE * candidate.hit.score
            + COSINE * candidate.cosine
            + COVERAGE * candidate.covered
        )
        ranked.append((replace(candidate, score=score, answer=read.span), read))
    ranked.sort(key=lambda pair: -pair[0].score)
    sure = 1 / (1 + math.exp(-(SURE_SPAN * ranked[0][1].score + SURE_BIAS)))
    return Choice([candidate for candidate, _ in ranked], sure)


def _read(reader: Reader, question: str, hits: Sequence[Hit]) -> dict[tuple[str, Span], _Read]:
    """What the reader makes of each sentence, by passage and place: the best of its windows."""
    windows = [(hit, part) for hit in hits for part in _windows(hit)]
    readings = reader.read(question, [_window(hit, part) for hit, part in windows])
    reads: dict[tuple[str, Span], _Read] = {}
    for (hit, part), reading in zip(windows, readings, strict=True):
        for sentence in part:
            key = hit.passage.passage_id, sentence
            read = _read_sentence(reading, sentence, part[0][0])
            before = reads.get(key, read)
            better = read if read.score > before.score else before
            reads[key] = replace(better, answers=max(read.answers, before.answers))
    return reads


def _read_sentence(reading: Reading, sentence: Span, offset: int) -> _Read:
    start, end = sentence
    best = reading.best(start - offset, end - offset)
    if best is None:
        return _Read(LOWEST, reading.answers, None)
    span = best.start + offset, min(best.end + offset, end)
    return _Read(min(max(best.score, LOWEST), HIGHEST), reading.answers, span)


def _window(hit: Hit, part: Sequence[Span]) -> Window:
    start, end = part[0][0] - hit.passage.start, part[-1][1] - hit.passage.start
    return Window(hit.title, hit.passage.text[start:end])


def _windows(hit: Hit) -> list[Sequence[Span]]:
    passage = hit.passage
    sentences = passage.sentences
    words = [
        len(passage.text[start - passage.start : end - passage.start].split())
        for start, end in sentences
    ]
    windows: list[Sequence[Span]] = []
    first = 0
    while first < len(sentences):
        last, total = first, words[first]
        while last + 1 < len(sentences) and total + words[last + 1] <= WINDOW_WORDS:
            last += 1
            total += words[last]
        windows.append(sentences[first : last + 1])
        if last + 1 == len(sentences):
            break
        first = max(first + 1, last)
    return windows
